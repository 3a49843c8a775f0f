"""Two texts of one form, typed by one person in two tabs: both are shown, and one or both are gone on with."""

from __future__ import annotations

from copy import deepcopy

from flask import Response, abort, flash, request, url_for
from sqlmodel import select

from app.accounts.access import may_use_account
from app.accounts.rules import asks
from app.accounts.signing_in import ask, viewer
from app.editing import drafts, tabs
from app.editing.drafts import NEW, Draft, id_from, take_up, title_in
from app.editing.marks import marked
from app.editing.merging import put_together
from app.editing.names import words_of
from app.history import working_copies
from app.history.tables import Head
from app.history.working_copies import WorkingCopy
from app.library.document import BrokenDocument, Document, Kind
from app.publishing import current
from app.web import forms
from app.web.forms import form_for
from app.web.htmx import page, see_other

CHOSEN = "Det är redan valt: det finns bara en text kvar."


def kind_of(key: str) -> tuple[Kind | None, str]:
    """The kind in a key of a working copy, and the rest: a document's id, or the token of a new one."""
    name, _, rest = tabs.form_key(key).partition(":")
    return current.library.kinds.get(name), rest


def document_with(kind: Kind, document_id: str) -> Document | None:
    """The document as it is now; None where it is gone or cannot be read."""
    with current.databases.kept_for_reading() as session:
        path = session.exec(select(Head.path).where(Head.document_id == document_id)).first()
    slug = kind.slug_of(path) if path else None
    try:
        return drafts.find(kind, slug) if slug else None
    except (BrokenDocument, LookupError):
        return None


def parked_beside(draft: Draft) -> list[str]:
    """The keys of the texts that the person has parked beside the one in this form."""
    if draft.parked:
        return []
    with current.databases.kept_for_reading() as session:
        return working_copies.keys(session, draft.viewer.person or "", f"{draft.key}{tabs.MARK}")


@asks(may_use_account)
def show(key: str) -> Response:
    """Both texts, where they differ, and what to go on with."""
    ask(may_use_account)
    parked = _parked(key)
    if parked is None:
        return _already_chosen()
    mine, other = _both(parked)
    differing = [
        shape
        for shape in mine.form.shapes
        if not forms.same(shape, mine.values.get(shape.name), other.values.get(shape.name))
    ]
    fields = []
    for shape in differing:
        base, *both = (
            words_of(shape, values[shape.name], mine.lookup) for values in (mine.before, mine.values, other.values)
        )
        fields.append((shape.label, *(marked(base, words) for words in both)))
    return page(
        "editing/two_tabs.html",
        kind=mine.kind,
        key=key,
        title=title_in(parked) or (mine.base.title if mine.base else "Utan rubrik"),
        fields=fields,
        mine_at=parked.at,
        other_at=other.kept_at,
    )


@asks(may_use_account)
def choose(key: str) -> Response:
    """Go on with this tab's text, the other's or both, one after the other; what was not chosen is thrown away."""
    ask(may_use_account)
    parked = _parked(key)
    if parked is None:
        return _already_chosen()
    mine, other = _both(parked)
    match request.form.get("_do"):
        case "mine":
            going_on = mine
        case "both":
            going_on = other
            going_on.values = put_together(mine.form.shapes, mine.before, other.values, mine.values).values
        case "other":
            going_on = other
        case _:
            abort(400)
    if going_on is mine or request.form["_do"] == "both":
        going_on.wrote = {}
        if not going_on.keep():
            abort(409, "Det gick inte att lägga undan texten. Båda är kvar.")
    with current.databases.kept() as session:
        working_copies.drop(session, parked.person, parked.key)
    return see_other(_form_of(going_on))


def _form_of(draft: Draft) -> str:
    if draft.base:
        return url_for(f"{draft.kind.name}.edit", slug=draft.base.slug)
    return url_for(f"{draft.kind.name}.new", utkast=draft.token)


def _parked(key: str) -> WorkingCopy | None:
    """The viewer's own text under a key; another's does not exist for them."""
    return drafts.copy_of(viewer(), key) if tabs.is_parked(key) else None


def _both(parked: WorkingCopy) -> tuple[Draft, Draft]:
    """This tab's text and the other's: what is kept of that or, where it is saved or thrown away, what is saved."""
    kind, rest = kind_of(parked.key)
    if kind is None:
        abort(404)
    token = rest.removeprefix(f"{NEW}:")
    document = document_with(kind, rest if token == rest else id_from(token))
    mine = _draft(kind, document, token, parked)
    copy = drafts.copy_of(viewer(), tabs.form_key(parked.key))
    other = _draft(kind, document, token, copy)
    return mine, other


def _draft(kind: Kind, document: Document | None, token: str, copy: WorkingCopy | None) -> Draft:
    base = (drafts.document_at(document, copy.base_version) if document and copy else document) or document
    token = token if drafts.TOKEN.fullmatch(token) else drafts.new_token()
    draft = Draft(kind, viewer(), forms.blanks(form_for(kind).shapes), token, base, base.version if base else None)
    draft.values = deepcopy(draft.before)
    if copy:
        take_up(draft, copy)
    if base:
        draft.version = base.version
    return draft


def _already_chosen() -> Response:
    flash(CHOSEN)
    return see_other(url_for("account.show"))
