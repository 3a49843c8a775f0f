"""/borja-prova: a project and its first cycle from one page, both as drafts that the team goes on with."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import Blueprint, Response, flash, request, url_for
from pydantic import ValidationError
from werkzeug.datastructures import MultiDict

from app.accounts.access import may_edit, may_write_somewhere
from app.accounts.rules import asks
from app.accounts.signing_in import ask, viewer
from app.editing import checks, composing, sent
from app.editing.addresses import free_slugs
from app.editing.checks import Found
from app.editing.drafts import id_from
from app.editing.events import today
from app.editing.names import Lookup
from app.editing.saving import MOST_TRIES, author_of
from app.editing.writing import DISK_IS_FULL, keep, source_of
from app.library.document import BrokenDocument, Document, Kind
from app.library.guard import HasNumbers
from app.library.personal_data import stops
from app.library.validation import problems_of
from app.publishing import Change, FileChange, NoSpace, SlugTaken, current
from app.starting import again, beginning
from app.starting.beginning import Beginning
from app.web import forms
from app.web.forms import Mistake, Values
from app.web.htmx import page, see_other

blueprint = Blueprint("starting", __name__, url_prefix="/borja-prova")

PROJECTS, CYCLES = "projects", "cycles"
A_NUMBER = "I {where} står något som ser ut som ett personnummer ({masked}). Ta bort det."


@dataclass
class Filled:
    """The page as somebody has filled it in. ``source`` is what it begins from, "arbetssatt/slug", or ""; ``made`` is
    the project that the form has made already.
    """

    values: Values
    token: str
    source: str = ""
    errors: Found = field(default_factory=dict)
    trouble: str = ""
    made: Document | None = None

    def document(self) -> Document | None:
        return source_of(self.source) if self.source else None


@blueprint.get("")
@asks(may_write_somewhere)
def begin() -> Response:
    """The page, empty but for what is known from where one comes; or, of a form that is saved, what it has made."""
    ask(may_write_somewhere)
    if marked := sent.marked_address():
        return see_other(marked)
    mark = request.args["utkast"]
    made, _ = sent.made_by(current.library.kinds[PROJECTS], mark)
    if made:
        ask(may_edit, made.front_matter)
        return page("starting/made.html", made=again.made_by(made))
    shapes = beginning.all_shapes()
    values = forms.read(shapes, request.args, forms.blanks(shapes), Lookup(viewer()))
    values["owner"] = next(iter(sorted(viewer().organisations)), "")
    return _page(Filled(values, mark, request.args.get("fran", "")))


@blueprint.post("")
@asks(may_write_somewhere)
def make() -> Response:
    """Make the project and its first cycle, and go to the cycle."""
    ask(may_write_somewhere)
    filled = _posted(request.form)
    if filled.made:
        ask(may_edit, filled.made.front_matter)
    told = _told(filled)
    if told is None:
        return _page(filled, 422)
    if filled.made:
        return _sent_again(filled.made, filled, told)
    try:
        slug = _made(filled, told)
    except HasNumbers as found:
        filled.trouble = A_NUMBER.format(where="det du skrev", masked=found.masked)
        return _page(filled, 422)
    except BrokenDocument as broken:
        filled.errors = {(): [one for found in checks.errors_of(broken.problems).values() for one in found]}
        return _page(filled, 422)
    except NoSpace:
        filled.trouble = DISK_IS_FULL
        return _page(filled, 507)
    flash("Sparat. Nu är det bara att prova: tryck på ”Börja genomföra” när ni sätter i gång.", "ok")
    return see_other(url_for(f"{CYCLES}.show", slug=slug))


def _sent_again(made: Document, filled: Filled, told: Beginning) -> Response:
    """The form has been saved before, and was found again in the browser: nothing is made, and what was changed in it
    is half written in what it has made.
    """
    changed = again.changed(made, told)
    if not all(keep(draft) for draft in changed):
        filled.trouble = DISK_IS_FULL
        return _page(filled, 507)
    if changed:
        return see_other(url_for("starting.begin", utkast=filled.token))
    return see_other(again.made_by(made)[-1].url)


def _posted(fields: MultiDict[str, str]) -> Filled:
    """The page as posted, with what it has made if it was saved before."""
    shapes = beginning.all_shapes()
    values = forms.read(shapes, fields, forms.blanks(shapes), Lookup(viewer()))
    values["owner"] = values["owner"] or next(iter(sorted(viewer().organisations)), "")
    made, token = sent.made_by(current.library.kinds[PROJECTS], fields.get("_token", ""))
    return Filled(values, token, fields.get("fran", ""), made=made)


def _told(filled: Filled) -> Beginning | None:
    """What was told; None, with the errors noted, where something lacks or is wrong."""
    shapes = beginning.all_shapes()
    said = {shape.name: forms.plain(shape, filled.values[shape.name]) for shape in shapes}
    filled.errors = dict(checks.errors_in(shapes, filled.values, Lookup(viewer())))
    for shape in shapes:
        if found := stops(filled.values[shape.name]):
            number = A_NUMBER.format(where=f"”{shape.label}”", masked=found[0].masked)
            filled.errors.setdefault((shape.name,), []).append(number)
    try:
        told = Beginning.model_validate({name: value for name, value in said.items() if value is not None})
    except ValidationError as wrong:
        for path, messages in checks.errors_of(problems_of("", Beginning, wrong, {})).items():
            filled.errors.setdefault(path, []).extend(messages)
        return None
    return None if filled.errors else told


def _made(filled: Filled, told: Beginning) -> str:
    """Save both files as one change. Returns the slug of the cycle."""
    projects, cycles = (current.library.kinds[name] for name in (PROJECTS, CYCLES))
    now_looking, source = viewer(), filled.document()
    project_id = id_from(filled.token)
    cycle_id = beginning.cycles_id(project_id)
    project_values = beginning.project_of(told, _blank(projects, source))
    if source and not composing.refers_to(projects, source.kind):
        project_values = beginning.built_on(project_values, f"{source.kind.url}/{source.slug}")
    texts = (
        composing.composed(projects, project_values, project_id),
        composing.composed(cycles, beginning.cycle_of(told, _blank(cycles, source), today()), cycle_id),
    )
    for _, project in zip(range(MOST_TRIES), free_slugs(projects, told.what, project_id, now_looking), strict=False):
        cycle = next(free_slugs(cycles, told.test, cycle_id, now_looking, project))
        paths = (projects.path_of(project), cycles.path_of(cycle))
        for path, text in zip(paths, texts, strict=True):
            current.library.parse(path, text)
        files = [FileChange(path, text, None) for path, text in zip(paths, texts, strict=True)]
        try:
            current.archive.publish(Change(files, author_of(now_looking, told.owner), "", f"{filled.token}:start"))
        except SlugTaken:
            # Somebody else was given the same address a moment ago; the next one is tried.
            continue
        return cycle
    raise SlugTaken(told.what)


def _blank(kind: Kind, source: Document | None) -> Values:
    """A kind's empty form, with the subject of what one begins from."""
    values = forms.blanks(forms.form_for(kind).shapes)
    if source:
        composing.prefill(kind, values, source)
    return values


def _page(filled: Filled, status: int = 200) -> Response:
    lookup = Lookup(viewer())
    owners = lookup.owners()
    steps = []
    for step in beginning.steps():
        boxes = forms.boxes_of(step, filled.values, lookup, filled.errors)
        steps.append((step, [box for box in boxes if box.name != "owner" or len(owners) != 1]))
    boxes = [box for _, boxes in steps for box in boxes]
    known = {box.path: f"#{box.id}" for box in boxes}
    mistakes = [Mistake(one, known.get(path, "")) for path, found in filled.errors.items() for one in found]
    order = [*known.values(), ""]
    return page(
        "starting/begin.html",
        status=status,
        steps=steps,
        mistakes=sorted(mistakes, key=lambda one: order.index(one.target)),
        filled=filled,
        source=filled.document(),
        organisations=[] if owners else lookup.organisation_suggestions(),
    )
