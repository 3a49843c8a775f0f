"""What somebody has half written: working copies, listed for that person alone, to go on with or to throw away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import Blueprint, Flask, Response, abort, flash, request, url_for
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, select

from app.accounts.access import may_see, may_use_account
from app.accounts.rules import asks
from app.accounts.signing_in import ask, viewer
from app.database import is_disk_trouble
from app.editing import drafts, tabs, two_tabs
from app.editing.drafts import NEW, Draft, says_something, take_up, title_in
from app.editing.names import words_of
from app.editing.two_tabs import document_with, kind_of
from app.history import last_change, waiting_files, working_copies
from app.history.tables import Head
from app.history.waiting_files import Waiting
from app.history.working_copies import Begun, WorkingCopy
from app.library.document import BrokenDocument, Kind, NotFound
from app.publishing import current
from app.web import forms
from app.web.forms import form_for
from app.web.htmx import page, see_other
from app.web.security import own_address

blueprint = Blueprint("half_written", __name__, url_prefix="/mitt-konto/halvskrivet")

# In a key, between a document's id and what lies beside it and has a form of its own.
PART = "."
NO_TITLE = "Utan rubrik"
NOTHING_LEFT = "Det fanns inget kvar att kasta: det är redan kastat eller sparat."
DISK_IS_FULL = "Disken är full, så det gick inte att kasta. Försök igen om en stund."


@dataclass(frozen=True)
class HalfWritten:
    """Something that was typed and not saved. ``url`` is where one goes on or, if the page is ``gone``, reads why.

    A page that was deleted is gone, and one that the person may not read any longer.

    ``parked`` was typed in a second tab, beside another text of the same page: there one looks at both.
    """

    key: str
    kind: Kind
    title: str
    at: datetime
    url: str
    is_new: bool
    gone: bool = False
    parked: bool = False


def init_app(app: Flask) -> None:
    """Let templates list what the viewer has half written."""
    app.jinja_env.globals["half_written"] = mine
    app.register_blueprint(blueprint)


def mine() -> list[HalfWritten]:
    """What the viewer has half written, the latest first. Nobody else ever sees it."""
    person = viewer().person
    if person is None:
        return []
    with current.databases.kept_for_reading() as session:
        return list(_found(session, person))


def _found(session: Session, person: str) -> Iterator[HalfWritten]:
    for begun in working_copies.begun(session, person):
        kind, rest = kind_of(begun.key)
        token = rest.removeprefix(f"{NEW}:")
        if kind is None:
            continue
        if PART in rest:
            yield _part(session, kind, rest, begun, person)
        elif tabs.is_parked(begun.key):
            address = url_for("half_written.tabs", key=begun.key)
            yield HalfWritten(begun.key, kind, begun.title or NO_TITLE, begun.at, address, token != rest, parked=True)
        elif token == rest:
            yield _change(session, kind, rest, begun)
        elif (copy := working_copies.find(session, person, begun.key)) and says_something(kind, copy):
            address = url_for(f"{kind.name}.new", utkast=token)
            yield HalfWritten(begun.key, kind, begun.title or NO_TITLE, begun.at, address, True)


def _part(session: Session, kind: Kind, rest: str, begun: Begun, person: str) -> HalfWritten:
    """Something that lies beside a page and has a form of its own, such as the values of a measure."""
    found = _change(session, kind, rest.partition(PART)[0], begun)
    copy = working_copies.find(session, person, begun.key)
    parked = tabs.is_parked(begun.key)
    if copy is None or found.gone or not found.url:
        return replace(found, parked=parked)
    fields: Any = copy.fields
    path = session.exec(select(Head.path).where(Head.document_id == rest.partition(PART)[0])).one()
    arguments = {**fields["arguments"], **({"flik": begun.key.partition(tabs.MARK)[2]} if parked else {})}
    return replace(found, url=url_for(fields["endpoint"], slug=kind.slug_of(path), **arguments), parked=parked)


def _change(session: Session, kind: Kind, document_id: str, begun: Begun) -> HalfWritten:
    """A change of a page that was there when somebody began to write."""
    path = session.exec(select(Head.path).where(Head.document_id == document_id)).first()
    slug = kind.slug_of(path) if path else None
    # What one may not read any longer is told as what is no more.
    gone = slug is None or not _may_read(kind, slug)
    if gone and (last := last_change(session, document_id)):
        slug = kind.slug_of(last.path)
    address = url_for(f"{kind.name}.{'show' if gone else 'edit'}", slug=slug) if slug else ""
    return HalfWritten(begun.key, kind, begun.title or NO_TITLE, begun.at, address, False, gone)


def _may_read(kind: Kind, slug: str) -> bool:
    try:
        return may_see(viewer(), current.library.get(kind.name, slug).front_matter)
    except BrokenDocument:
        # Nobody can read the file now; the index knows who could.
        return current.index.card(kind.name, slug, viewer()) is not None
    except NotFound:
        return False


# ---- To read what was typed, and to throw it away ----


@blueprint.get("/<key>")
@asks(may_use_account)
def show(key: str) -> Response:
    """What was typed, field by field, and whether to throw it away: the same page for both."""
    copy = _copy(key)
    of_a_part = PART in kind_of(key)[1]
    return see_other(url_for("half_written.tabs", key=key)) if tabs.is_parked(key) and not of_a_part else _page(copy)


@blueprint.post("/<key>/kasta")
@asks(may_use_account)
def discard(key: str) -> Response:
    """Throw it away, with the files that waited with it. To do that twice does no harm."""
    ask(may_use_account)
    person = viewer().person or ""
    try:
        with current.databases.kept() as session:
            copy = working_copies.find(session, person, key)
            working_copies.drop(session, person, key)
            waiting_files.drop(session, person, key)
    except OperationalError as error:
        if not is_disk_trouble(error):
            raise
        return _page(_copy(key), 507, DISK_IS_FULL)
    flash(f"Det du hade skrivit om ”{title_in(copy) or NO_TITLE}” är kastat." if copy else NOTHING_LEFT)
    return see_other(own_address(request.form.get("next", "") or url_for("account.show")))


blueprint.add_url_rule("/<key>/flikar", "tabs", two_tabs.show)
blueprint.add_url_rule("/<key>/flikar", "choose_tab", two_tabs.choose, methods=["POST"])


def _copy(key: str) -> WorkingCopy:
    """The viewer's own working copy with a key; another's does not exist for them."""
    ask(may_use_account)
    copy = drafts.copy_of(viewer(), key)
    if copy is None:
        abort(404)
    return copy


def _page(copy: WorkingCopy, status: int = 200, trouble: str = "") -> Response:
    kind, rest = kind_of(copy.key)
    if kind is None:
        abort(404)
    with current.databases.kept_for_reading() as session:
        listed = next((one for one in _found(session, copy.person) if one.key == copy.key), None)
    told, files = _told(kind, rest, copy)
    return page(
        "editing/half_written.html",
        status=status,
        copy=copy,
        kind=kind,
        listed=listed,
        is_new=rest.startswith(f"{NEW}:"),
        title=title_in(copy) or NO_TITLE,
        told=[(label, words) for label, words in told if words],
        files=files,
        trouble=trouble,
        goes_to=own_address(request.values.get("next", "") or url_for("account.show")),
    )


def _told(kind: Kind, rest: str, copy: WorkingCopy) -> tuple[list[tuple[str, str]], list[Waiting]]:
    """What was typed, under the names of its boxes, and the files that wait with it."""
    if PART in rest:
        fields: Any = copy.fields
        return [(label, words) for label, words in fields["values"].items() if label != "title"], []
    draft = _draft(kind, rest, copy)
    told = [(shape.label, words_of(shape, draft.values[shape.name], draft.lookup)) for shape in draft.changed]
    return told, draft.files


def _draft(kind: Kind, rest: str, copy: WorkingCopy) -> Draft:
    """The form with what was typed, beside the page as it was when somebody began: then only what differs is shown."""
    token = rest.removeprefix(f"{NEW}:")
    document = None if token != rest else document_with(kind, rest)
    if document:
        return drafts.open_document(document)
    draft = Draft(kind, viewer(), forms.blanks(form_for(kind).shapes), token)
    take_up(draft, copy)
    return draft
