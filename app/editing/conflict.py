"""Two have written at the same time: what went together by itself, and what a person has to decide.

Nothing is asked of somebody whose text already stands there. Otherwise the page shows the result before it is saved,
and posts the whole form again with the version it now builds on, so that a second conflict is met the same way.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Response, flash, request, url_for

from app import history
from app.accounts.access import may_edit
from app.accounts.signing_in import ask, viewer
from app.editing import composing, drafts, locked, numbers, sent
from app.editing.drafts import Draft
from app.editing.form_page import form_page
from app.editing.marks import marked
from app.editing.merging import Agreed, Clash, Three, Together, put_together
from app.editing.names import Lookup, words_of
from app.history import waiting_files, working_copies
from app.library.document import Document, Kind, NotFound
from app.publishing import StaleVersion, current
from app.web import forms
from app.web.forms.values import one_kind_of_line_break
from app.web.htmx import page, see_other


def meet(draft: Draft, stale: StaleVersion) -> Response:
    """Somebody else has saved since the draft was opened. The draft is kept; show what became of both."""
    base = draft.base
    theirs = stale.conflicts[0].theirs
    if base is None or theirs is None:
        return gone(draft.kind, base.slug if base else "")
    document = current.library.parse(stale.conflicts[0].path, theirs)
    # It may have been locked in the moment since the form was read.
    draft = replace(draft)
    locked.propose(draft)
    return _show(draft, document, {})


def _show(draft: Draft, document: Document, typed: Mapping[str, str]) -> Response:
    """The page on which both texts become one; ``typed`` is what has already been written there."""
    together = _together(draft, document)
    mine_is_there = (
        all(agreed.by == "theirs" for agreed in together.agreed) and not together.clashes and not draft.files
    )
    if mine_is_there:
        draft.drop()
        flash("Sparat. Någon annan hade redan gjort samma ändring.", "ok")
        return see_other(url_for(f"{draft.kind.name}.show", slug=document.slug))
    with current.databases.kept_for_reading() as session:
        theirs_saved = history.last_change(session, document.id)
    clashing = frozenset(clash.field.name for clash in together.clashes)
    return page(
        "editing/conflict.html",
        status=409,
        draft=draft,
        kind=draft.kind,
        document=document,
        agreed=[_went_together(agreed) for agreed in together.agreed],
        clashes=[_shown(clash, typed) for clash in together.clashes],
        hidden=list(forms.posted(draft.form.shapes, together.values, clashing)),
        theirs_saved=theirs_saved,
        url=url_for(f"{draft.kind.name}.save", slug=document.slug),
    )


def _together(draft: Draft, document: Document) -> Together:
    # Where history does not have the text that the draft began from, everything that differs is for a person to decide.
    known = draft.base is not None and draft.base.version == draft.version
    base = draft.before if known else forms.blanks(draft.form.shapes)
    return put_together(draft.form.shapes, base, composing.values_of(document), draft.values)


def _went_together(agreed: Agreed) -> dict[str, Any]:
    """What went together by itself, with marks for what is new in it."""
    field = agreed.field
    return {
        "label": field.label,
        "by": agreed.by,
        "marks": marked(_words(field, field.base), _words(field, agreed.value)),
    }


def _shown(clash: Clash, typed: Mapping[str, str]) -> dict[str, Any]:
    """A clash as the page shows it."""
    field = clash.field
    base = _words(field, field.base)
    choices = {"mine": clash.mine, "theirs": clash.theirs, "both": clash.both}
    return {
        "name": field.name,
        "label": field.label,
        "shape": field.shape,
        "is_text": clash.is_text,
        "base": base,
        "mine": marked(base, _words(field, clash.mine)),
        "theirs": marked(base, _words(field, clash.theirs)),
        "both": None if clash.both is None else _words(field, clash.both),
        "text": typed.get(field.name, clash.suggestion) if clash.is_text else "",
        "picked": typed.get(f"pick-{field.name}", "mine" if clash.both is None else "both"),
        "hidden": [
            (f"={choice}={name}", value)
            for choice, answer in choices.items()
            if answer is not None and not clash.is_text
            for name, value in _posted_at(field, answer)
        ],
    }


def _posted_at(field: Three, answer: Any) -> list[tuple[str, str]]:
    """What the form would post for an answer to this field, wherever in a group it stands."""
    before = field.name.removesuffix(field.shape.name)
    return [(before + name, value) for name, value in forms.posted([field.shape], {field.shape.name: answer})]


def _words(field: Three, value: Any) -> str:
    """An answer as people read it: names instead of slugs, a line for each row."""
    return words_of(field.shape, value, Lookup(viewer()))


# ---- What was posted from the page ----


def go_on(document: Document, verb: str, name: str) -> Response | None:
    """The buttons of the page that do not save. None for the others: they post an ordinary form."""
    if verb not in ("from", "later"):
        return None
    mine = drafts.open_document(document)
    if mine.kept_at is None:
        # The draft was saved or thrown away in another window; what stands on this page becomes the draft.
        here = sent.posted(document.kind, document, request.form)
        if not here.keep():
            return _with_a_number(here)
        return see_other(url_for(f"{document.kind.name}.edit", slug=document.slug))
    if verb == "later":
        return _later(mine, document)
    side, _, field_name = name.partition(" ")
    together = _together(mine, document)
    typed = dict(request.form.items())
    for clash in together.clashes:
        if clash.field.name == field_name:
            typed[field_name] = str({"mine": clash.mine, "theirs": clash.theirs}.get(side, clash.both))
    return _show(mine, document, typed)


def _later(mine: Draft, document: Document) -> Response:
    """The draft stays as it is, with what was written on the page where that is more than the suggestion."""
    for clash in _together(mine, document).clashes:
        text = one_kind_of_line_break(request.form.get(clash.field.name, ""))
        if clash.is_text and text and text != clash.suggestion and len(clash.field.path) == 1:
            mine.values[clash.field.name] = text
    if not mine.keep():
        return _with_a_number(mine)
    flash("Det du skrev finns kvar, halvskrivet. Öppna formuläret igen när du vill avgöra hur texterna ska gå ihop.")
    return see_other(url_for(f"{document.kind.name}.show", slug=document.slug))


def _with_a_number(draft: Draft) -> Response:
    """What was typed is nowhere but in this answer: it cannot be kept."""
    return form_page(draft, draft.form.step(1), errors=numbers.errors(draft), status=422)


# ---- The page is gone ----


def gone(kind: Kind, slug: str) -> Response:
    """Somebody has deleted the page while one was writing: the text becomes a draft of a new one.

    Only somebody who could change the page gets an answer that says that it was there.
    """
    base = drafts.version_at(kind, slug, request.form.get("_version", ""))
    if base is None:
        raise NotFound(slug)
    ask(may_edit, base.front_matter)
    draft = sent.posted(kind, base, request.form)
    parent = slug.partition("/")[0] if kind.parent else ""
    fresh = Draft(kind, draft.viewer, draft.values, uuid.uuid4().hex, parent=parent)
    if not fresh.keep():
        return _with_a_number(fresh)
    with current.databases.kept() as session:
        working_copies.drop(session, draft.viewer.person or "", draft.key)
        waiting_files.hand_over(session, draft.viewer.person or "", draft.key, fresh.key)
    return page("editing/gone.html", status=409, kind=kind, title=base.title, draft=fresh)
