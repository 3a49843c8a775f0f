"""A form that was posted: what is in it, what it was opened from, and whether it has been sent before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid5

from flask import request
from werkzeug.datastructures import MultiDict

from app.accounts.signing_in import viewer
from app.editing import locked, numbers, tabs
from app.editing.drafts import TOKEN, Draft, copy_of, document_at, id_from, new_token, take_up
from app.editing.readership import is_draft
from app.history import revisions_of
from app.history.working_copies import WorkingCopy
from app.library.document import Document, Kind
from app.library.vocabulary import Publication
from app.publishing import current
from app.web import forms
from app.web.forms.values import only_text


def posted(kind: Kind, document: Document | None, fields: MultiDict[str, str], parent: str = "") -> Draft:
    """The form as posted. Fields of other steps come from the working copy or, without one, from the document.

    Raises TooMuch where more was posted than a form can hold.
    """
    now_looking = viewer()
    version = fields.get("_version") or None
    base = document_at(document, version) if document else None
    token = _token_from(fields)
    draft = Draft(kind, now_looking, {}, token, base or document, version, parent)
    draft.values = draft.before
    if tabs.TAB.fullmatch(fields.get("_tab", "")):
        draft.tab = fields["_tab"]
    copy = _taken_up(draft, version)
    if document and not base:
        # History has no text of that version: nothing can be told apart but by a person, who sees both.
        draft.version = version
    draft.declared = tuple(dict.fromkeys((*draft.declared, *numbers.posted_marks(fields))))
    draft.note = " ".join(only_text(fields.get("_note", draft.note)).split())[:200]
    draft.values = forms.read(draft.form.shapes, chosen(fields), draft.values, draft.lookup)
    step = draft.form.step(fields.get("_step", 1, type=int))
    locked.read_without(draft, fields, {shape.name for shape in step.shapes})
    if is_draft(draft) and not fields.get("_merging"):
        # Until a page is published, only the button decides whether it is.
        draft.values["publication"] = str(Publication.DRAFT)
    _meet_other_tabs(draft, copy, fields)
    return draft


def _taken_up(draft: Draft, version: str | None) -> WorkingCopy | None:
    """The working copy, with which the form goes on where it began from the same version: its own, if it is parked."""
    parked = copy_of(draft.viewer, tabs.parked_key(draft.key, draft.tab))
    copy = parked or copy_of(draft.viewer, draft.key)
    draft.parked, draft.read_at = parked is not None, copy.at if copy else None
    if copy and copy.base_version == version:
        take_up(draft, copy)
    return copy


def _meet_other_tabs(draft: Draft, copy: WorkingCopy | None, fields: MultiDict[str, str]) -> None:
    """Note what this tab writes, and park it where another tab has written the same fields since this one looked.

    A tab in which nothing was typed writes nothing: what was typed in the other goes on, unless it is to be saved.
    """
    if not tabs.TAB.fullmatch(fields.get("_tab", "")):
        return
    shapes = draft.form.step(fields.get("_step", 1, type=int)).shapes
    typed = tabs.seen(shapes, draft.values)
    if copy and not draft.parked:
        kept: Any = copy.fields
        wrote, shown = kept.get("wrote", {}).get(draft.tab), fields.get("_seen", "")
        differs = not tabs.say_the_same(shapes, draft.values, kept["values"])
        of_another = copy.base_version != draft.version and draft.tab not in kept.get("wrote", {})
        # What this tab wrote last may have been another step than the one that it was shown since.
        if differs and (of_another or tabs.seen(shapes, kept["values"]) not in (wrote, shown)):
            saves = fields.get("_do", "").partition(" ")[0] in ("save", "publish")
            if typed == (wrote or shown) and not saves and not of_another:
                draft.values.update({shape.name: kept["values"][shape.name] for shape in shapes})
                return
            draft.parked = True
    draft.writes = shapes


def chosen(fields: MultiDict[str, str]) -> MultiDict[str, str]:
    """The fields with those of whole answers that were chosen: ``pick-status: mine`` takes ``=mine=status``."""
    picks = {name.removeprefix("pick-"): choice for name, choice in fields.items() if name.startswith("pick-")}
    if not picks:
        return fields
    found = MultiDict(list(fields.items(multi=True)))
    for picked, choice in picks.items():
        before = f"={choice}={picked}"
        for name, values in fields.lists():
            if name == before or name.startswith(f"{before}-"):
                found.setlist(name.removeprefix(f"={choice}="), values)
    return found


def made_before(kind: Kind, fields: MultiDict[str, str]) -> tuple[Document | None, MultiDict[str, str]]:
    """What a new document's form has already made, if it is sent again: after a lost answer, or by somebody who went
    back in the browser. It is then an edit of that document as it was first saved.
    """
    fields = MultiDict(list(fields.items(multi=True)))
    made, fields["_token"] = made_by(kind, fields.get("_token", ""))
    if made:
        fields["_version"] = first_version(made)
    return made, fields


def made_by(kind: Kind, token: str) -> tuple[Document | None, str]:
    """What the form with a mark has made, if anything, and the mark that the form goes on with.

    The form of a document that has been deleted since gets another one, always the same: it makes another document.
    """
    if not TOKEN.fullmatch(token):
        return None, new_token()
    with current.databases.kept_for_reading() as session:
        made = revisions_of(session, id_from(token))
    if not made:
        return None, token
    card = current.index.card_by_id(id_from(token), viewer())
    if card is None or card.kind != kind.name:
        return made_by(kind, uuid5(UUID(token), viewer().person or "").hex)
    return current.library.get(kind.name, card.slug), token


def first_version(made: Document) -> str:
    """The version of a document that its form has made: what the form says was typed beside that."""
    with current.databases.kept_for_reading() as session:
        return revisions_of(session, made.id)[-1].version or ""


def marked_address() -> str:
    """The address that was asked for with the mark of a new form, where it has none; else "".

    With it a browser that goes back to the address comes to the same form.
    """
    if TOKEN.fullmatch(request.args.get("utkast", "")):
        return ""
    given = [(name, value) for name, value in request.args.items(multi=True) if name != "utkast"]
    return f"{request.path}?{urlencode([*given, ('utkast', new_token())], safe='/')}"


def _token_from(values: Mapping[str, str]) -> str:
    token = values.get("_token", "")
    return token if TOKEN.fullmatch(token) else new_token()
