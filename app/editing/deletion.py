"""Deleting a document, and taking that back: at once, or within 30 days from the bin."""

from __future__ import annotations

from flask import Blueprint, Response, flash, render_template, request, url_for
from markupsafe import Markup

from app import history
from app.accounts.access import may_delete, may_see, may_undo, may_write_somewhere
from app.accounts.rules import asks
from app.accounts.signing_in import allowed, ask, viewer
from app.editing import drafts
from app.editing.family import family_of
from app.editing.saving import author_of
from app.history import Entry
from app.history.revisions import UNDOABLE
from app.index import Card
from app.library.document import BrokenDocument, Document, Kind, NotFound
from app.library.visibility import Viewer
from app.publishing import Change, FileChange, NoSpace, Refused, Saved, SlugTaken, StaleVersion, current
from app.publishing.archive import TOO_LATE
from app.publishing.changes import OUTSIDE
from app.web.htmx import page, see_other

blueprint = Blueprint("editing", __name__)

CHANGED = "Någon har ändrat sidan sedan du bestämde dig. Vill du fortfarande ta bort den?"
UNREADABLE = "En av filerna går inte att läsa, så sidan kan inte tas bort just nu. Säg till den som sköter filerna."


@asks(may_delete)
def ask_first(kind: Kind, slug: str) -> Response:
    """The page that asks whether to delete, and shows what leads here."""
    return _confirm_page(_document(kind, slug))


@asks(may_delete)
def delete(kind: Kind, slug: str) -> Response:
    """Delete the document and what lies in its folder, in one change set."""
    document = _document(kind, slug)
    try:
        files = [
            FileChange(one.path, None, request.form.get("_version", "") if one is document else one.version)
            for one in _goes(document)
        ]
        author = author_of(viewer(), document.front_matter.owner)
        token = f"{request.form.get('_token', '')}:delete"
        saved = current.archive.publish(Change(files, author, "Tog bort sidan", token, sort="delete"))
    except StaleVersion:
        return _confirm_page(document, CHANGED, 409)
    except BrokenDocument:
        return _confirm_page(document, UNREADABLE, 409)
    except (NoSpace, Refused) as refused:
        return _confirm_page(document, str(refused) or "Disken är full, så det gick inte. Sidan är kvar.", 507)
    words = render_template("editing/deleted.html", title=document.title, number=saved.number)
    flash(Markup(words), "ok")  # noqa: S704 -- the template has escaped the title
    return see_other(url_for(f"{kind.name}.index"))


def _goes(document: Document) -> list[Document]:
    """The document, and what lies in its folder and is the viewer's to delete. What another organisation has written
    there stays: it is theirs, and the viewer may not even know of it.
    """
    looking = viewer()
    return [one for one in family_of(document) if one is document or may_delete(looking, one.front_matter)]


def _document(kind: Kind, slug: str) -> Document:
    document = drafts.ask_to_edit(kind, slug)
    ask(may_delete, document.front_matter)
    return document


def _confirm_page(document: Document, trouble: str = "", status: int = 200) -> Response:
    try:
        others = _goes(document)[1:]
        stays = [
            one for one in family_of(document) if one not in (document, *others) and may_see(viewer(), one.front_matter)
        ]
    except BrokenDocument:
        others, stays, trouble, status = [], [], UNREADABLE, 409
    return page(
        "editing/delete.html",
        status=status,
        kind=document.kind,
        document=document,
        others=others,
        stays=stays,
        leads_here=_leading_to(document),
        trouble=trouble,
        token=drafts.new_token(),
        days=UNDOABLE.days,
    )


def _leading_to(document: Document) -> list[Card]:
    """The pages that refer or link to the document, as far as the viewer may see them."""
    looking = viewer()
    referring = [
        seen
        for card in current.index.referring_to(document.kind.name, document.slug)
        if (seen := current.index.card(card.kind, card.slug, looking))
    ]
    mentioning = current.index.mentioned_by(document, looking)
    return list({card.id: card for card in (*referring, *mentioning)}.values())


# ---- Coming to a page that is deleted ----


@blueprint.after_app_request
def tell_that_it_is_deleted(response: Response) -> Response:
    """Let those who may bring a page back read that it was deleted. To everybody else it does not exist."""
    if response.status_code == 404 and request.method == "GET":
        entry = _deleted_here()
        if entry:
            kind = current.library.kind_of(entry.path)
            response.set_data(render_template("editing/removed.html", entry=entry, kind=kind, outside=OUTSIDE.name))
    return response


def _deleted_here() -> Entry | None:
    """The deletion of the page that the address names, where the viewer may undo it."""
    name, _, view = (request.endpoint or "").partition(".")
    kind = current.library.kinds.get(name)
    # A stranger can bring nothing back, and most addresses that lead nowhere are asked for by strangers.
    if kind is None or view != "show" or not viewer().signed_in:
        return None
    try:
        path = kind.path_of((request.view_args or {}).get("slug", ""))
    except ValueError:
        return None
    return next((entry for entry in _deleted(viewer()) if entry.path == path), None)


# ---- The bin ----


@blueprint.get("/papperskorg")
@asks(may_write_somewhere)
def bin() -> Response:  # noqa: A001 -- named for what the page is
    """What one's own organisations have deleted and can bring back."""
    looking = viewer()
    ask(may_write_somewhere)
    entries = [(entry, current.library.kind_of(entry.path)) for entry in _deleted(looking)]
    return page("editing/bin.html", entries=entries, days=UNDOABLE.days, outside=OUTSIDE.name)


@blueprint.post("/papperskorg/<int:number>/angra")
@asks(may_write_somewhere)
def undo(number: int) -> Response:
    """Bring back everything that a deletion took away."""
    ask(may_write_somewhere)
    try:
        saved = _brought_back(number)
    except (Refused, SlugTaken, NoSpace) as refused:
        flash(_why_not(refused), "warn")
        return see_other(url_for("editing.bin"))
    flash("Sidan är tillbaka.", "ok")
    return see_other(_address_of(min(saved.versions, key=len)))


def _brought_back(number: int) -> Saved:
    """Undo a deletion, for who may undo that of the page itself: what lay in its folder comes along.

    Raises what ``undo_deletion`` raises; what somebody else has deleted is answered as what was never there.
    """
    with current.databases.kept_for_reading() as session:
        entries = [entry for entry in history.deletions(session) if entry.number == number]
    page_itself = min(entries, key=lambda entry: len(entry.path), default=None)
    if page_itself and not allowed(may_undo, page_itself.owner):
        raise Refused(TOO_LATE)
    saved = current.archive.undo_deletion(number, author_of(viewer(), page_itself.owner if page_itself else ""))
    if page_itself is None and not _is_seen(min(saved.versions, key=len)):
        # It was brought back before, and whoever asks again did not do it.
        raise Refused(TOO_LATE)
    return saved


def _is_seen(path: str) -> bool:
    """Whether the viewer may know of the document at a path."""
    kind = current.library.kind_of(path)
    document = drafts.find(kind, kind.slug_of(path) or "") if kind else None
    return document is not None and allowed(may_see, document.front_matter)


def _why_not(refused: Exception) -> str:
    match refused:
        case SlugTaken():
            return "Det finns en ny sida på samma adress. Byt adress på den, och ångra sedan."
        case NoSpace():
            return "Disken är full, så det gick inte att ångra. Försök igen när det finns plats."
    return str(refused)


def _deleted(looking: Viewer) -> list[Entry]:
    with current.databases.kept_for_reading() as session:
        return history.deletions(session, None if looking.admin else looking.organisations)


def _address_of(path: str) -> str:
    kind = current.library.kind_of(path)
    if kind is None:
        raise NotFound(path)
    return url_for(f"{kind.name}.show", slug=kind.slug_of(path))
