"""The page of a form: one step of it, with its errors, what may be chosen, and how far one has come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from flask import Response, request, url_for
from markupsafe import Markup

from app.editing import drafts, locked, numbers, readership, recalled, tabs, two_tabs
from app.editing.checks import Found
from app.editing.drafts import Draft
from app.editing.waiting_files_box import file_of, files_box, waiting_ones
from app.library.document import Document
from app.reading.prose import titles_for, to_html
from app.web import forms
from app.web.forms import Box, FormStep, Mistake, Sort
from app.web.htmx import page


def form_page(
    draft: Draft,
    step: FormStep,
    *,
    errors: Found | None = None,
    trouble: str = "",
    way_on: tuple[str, str] | None = None,
    refused: Sequence[str] = (),
    declarable: Mapping[str, str] | None = None,
    focus: str = "",
    verb: str = "",
    preview: str = "",
    question: str = "",
    status: int = 200,
) -> Response:
    """The form at a step, with what went wrong; ``way_on`` is where more can be read of that, and in which words.

    ``refused`` says why files were not taken, ``declarable`` what in them can be declared to be no personal number.
    ``question`` is the button ("publish", "save") of somebody who is asked whether anybody can be recognised.
    ``focus`` and ``preview`` name the field that a button was about.
    """
    errors = errors or {}
    came_back = locked.propose_and_keep(draft)
    step = _step_to_show(draft, step, errors)
    boxes = _boxes(draft, step, errors)
    if errors:
        numbers.offer(draft, boxes)
    for box in (inner for top in boxes for inner in top.within()):
        if focus and box.name == focus:
            focus_on(box, verb)
        if preview and box.name == preview:
            box.preview, box.preview_focused = html_of(draft, box), True
    has_text = any(_is_text(box) for top in boxes for box in top.within())
    return page(
        "editing/form.html",
        status=status,
        draft=draft,
        seen=tabs.seen(step.shapes, draft.values),
        parked=two_tabs.parked_beside(draft),
        kind=draft.kind,
        recalled=recalled.of(draft) if step.number == 1 else None,
        step=step,
        steps=_step_links(draft, step, errors),
        last=step.number == len(draft.form.steps),
        boxes=boxes,
        locked=locked.box_of(draft, boxes),
        came_back=came_back,
        mistakes=_mistakes(draft, step, boxes, errors) + (undescribed(draft) if status == 422 and not refused else []),
        trouble=trouble,
        question=question,
        way_on=way_on,
        url=form_address(draft),
        address=address_of(draft, step.number),
        keep_url=form_address(draft, keeping=True),
        elsewhere=_elsewhere(draft, step),
        begun=[] if draft.base or draft.kept_at else drafts.waiting(draft.kind, draft.viewer),
        met_again=draft.kept_at and not _goes_on(),
        readers=readership.of(draft, step),
        has_text=has_text,
        files=files_box(draft, refused, has_text, declarable),
        **_suggestions(draft, boxes),
    )


def _goes_on() -> bool:
    """Whether one was in the form already: on another of its steps, or in the list of what one has begun."""
    return request.method == "POST" or urlsplit(request.referrer or "").path == request.path


def _is_text(box: Box) -> bool:
    return box.sort in ("markdown", "long")


def undescribed(draft: Draft) -> list[Mistake]:
    """The pictures of which nobody has said what they show."""
    lacking = [file for file in waiting_ones(draft) if file.type.is_image and not file.alt]
    return [Mistake(f"Skriv vad bilden {file.name} visar.", f"#_alt-{file.name}") for file in lacking]


def _boxes(draft: Draft, step: FormStep, errors: Found) -> list[Box]:
    """The fields of a step: the one for other text only where there is, or was, any, and none that decides nothing."""
    boxes = forms.boxes_of(step, draft.values, draft.lookup, errors)
    readership.explain(draft, boxes)
    hidden = {forms.OTHER_TEXT} if not (draft.values[forms.OTHER_TEXT] or draft.before[forms.OTHER_TEXT]) else set()
    hidden |= readership.hidden(draft) | locked.hidden(draft)
    hidden |= _of_no_rows(draft)
    return [box for box in boxes if box.name not in hidden]


def _of_no_rows(draft: Draft) -> set[str]:
    """The fields that choose among rows of the document above where that has none."""
    choosing = [shape for shape in draft.form.shapes if shape.only_rows and not draft.values[shape.name]]
    return {shape.name for shape in choosing if not draft.lookup.rows_above(shape.names_row_of)}


def _step_to_show(draft: Draft, step: FormStep, errors: Found) -> FormStep:
    """The step one was on, unless all that is wrong stands on others: then the first of them."""
    wrong = [found for path in errors if path and (found := draft.form.step_of(str(path[0])))]
    if not wrong or step in wrong:
        return step
    return min(wrong, key=lambda one: one.number)


def _mistakes(draft: Draft, step: FormStep, boxes: list[Box], errors: Found) -> list[Mistake]:
    """The error summary, in the order of the form."""
    ids = {box.path: box for top in boxes for box in top.within()}
    found: list[tuple[int, Mistake]] = []
    for path, messages in errors.items():
        there = draft.form.step_of(str(path[0])) if path else None
        if there is None:
            target = ""
        elif there.number != step.number:
            target = f"{address_of(draft, there.number)}#f-{'-'.join(map(str, path))}"
        else:
            box = ids.get(path) or ids.get(path[:-1])
            target = f"#{box.id}" if box else ""
        found += [(there.number if there else 0, Mistake(message, target)) for message in messages]
    return [mistake for _, mistake in sorted(found, key=lambda one: one[0])]


def _step_links(draft: Draft, step: FormStep, errors: Found) -> list[dict[str, Any]]:
    """The steps with how much of each is filled in."""
    wrong = {draft.form.step_of(str(path[0])) for path in errors if path}
    found = []
    for one in draft.form.steps:
        answered = [shape for shape in one.shapes if shape.sort is Sort.CHOICE and shape.required]
        not_asked = {forms.OTHER_TEXT, *locked.hidden(draft), *_of_no_rows(draft)}
        asked = [shape for shape in one.shapes if shape not in answered and shape.name not in not_asked]
        filled = sum(not forms.is_empty(shape, draft.values[shape.name]) for shape in asked)
        found.append(
            {
                "step": one,
                "current": one.number == step.number,
                "done": bool(asked) and filled == len(asked),
                "words": "Behöver rättas" if one in wrong else _how_far(filled, len(asked), bool(answered)),
            }
        )
    return found


def _how_far(filled: int, asked: int, answered: bool) -> str:
    """How much of a step is filled in; choices that always have a word are not counted, as nobody had to make them.

    ``answered`` says whether the step has any of those: it is never quite empty then.
    """
    match asked:
        case 0:
            return "Förifyllt"
        case 1:
            return "Ifyllt" if filled else "Förifyllt" if answered else "Inte ifyllt"
    return f"{filled} av {asked} ifyllda"


def _elsewhere(draft: Draft, step: FormStep) -> list[tuple[str, str]]:
    """What a new form knows already and asks on other steps: it travels with the form until that is kept."""
    if draft.base or draft.kept_at:
        return []
    empty = forms.blanks(draft.form.shapes)
    known = [
        shape
        for shape in draft.form.shapes
        if shape not in step.shapes and not forms.same(shape, empty[shape.name], draft.values[shape.name])
    ]
    return list(forms.posted(known, draft.values))


def _suggestions(draft: Draft, boxes: list[Box]) -> dict[str, Any]:
    """What can be chosen where a name is typed, for the fields on this page, also in rows that are added on it."""
    shapes = {inner for box in boxes for inner in _all_shapes(box.shape)}
    ticked = {box.shape.each.refers_to for box in boxes if box.sort == "choices" and box.shape.row}
    kinds = {shape.refers_to for shape in shapes if shape.sort is Sort.REFERENCE} - ticked
    typed = any(shape.sort is Sort.ORGANISATION for shape in shapes if shape.name != "owner" or draft.viewer.admin)
    return {
        "organisations": draft.lookup.organisation_suggestions() if typed else [],
        "pages": {kind: draft.lookup.reference_suggestions(kind) for kind in sorted(kinds)},
    }


def _all_shapes(shape: forms.Shape) -> list[forms.Shape]:
    inner = [*shape.parts, *([shape.row] if shape.row else [])]
    return [shape, *(found for one in inner for found in _all_shapes(one))]


def address_of(draft: Draft, step: int) -> str:
    """Where the draft's form is shown at a step."""
    number = draft.form.step(step).number
    if draft.base:
        return url_for(f"{draft.kind.name}.edit", slug=draft.base.slug, steg=number)
    return url_for(f"{draft.kind.name}.new", utkast=draft.token, steg=number)


def edit_address(document: Document) -> str:
    return url_for(f"{document.kind.name}.edit", slug=document.slug, steg=request.args.get("steg"))


def form_address(draft: Draft, keeping: bool = False) -> str:
    """Where the form is posted, or where it is kept while one types."""
    if draft.base:
        return url_for(f"{draft.kind.name}.{'autosave' if keeping else 'save'}", slug=draft.base.slug)
    return url_for(f"{draft.kind.name}.{'autosave_new' if keeping else 'create'}")


def focus_on(box: Box, verb: str) -> None:
    """Where one goes on after a row was changed: in a new row's first box, otherwise at the button that adds rows."""
    if verb == "add" and box.boxes:
        inner = [one for one in box.boxes[-1].within() if not one.boxes and one.shape.sort is not Sort.GROUP]
        if inner:
            inner[0].focused = True
            return
    box.focused = True


def html_of(draft: Draft, box: Box) -> Markup:
    made = to_html(str(box.value), f"{box.id}-t-", titles_for(draft.viewer), file_of=file_of(draft))
    return made or Markup("<p>Inget skrivet än.</p>")
