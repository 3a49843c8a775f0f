"""Another address for a document. The old one leads to the new for ever, and is given to no other document."""

from __future__ import annotations

from flask import Response, flash, request, url_for

from app.accounts.access import may_edit, may_see
from app.accounts.rules import asks
from app.accounts.signing_in import viewer
from app.audit import Deed, note_refused
from app.editing import drafts
from app.editing.addresses import before_words, slugs_to_move_to, words_of
from app.editing.family import family_of
from app.editing.saving import author_of
from app.library import front_matter
from app.library.document import BrokenDocument, Document, Kind
from app.library.personal_data import stops
from app.library.slugs import slugify
from app.publishing import Change, FileChange, NoSpace, Refused, SlugTaken, StaleVersion, current
from app.web.htmx import page, see_other

TAKEN = "Det gick inte att ge sidan den adressen. Välj en annan."
NO_LETTER = "Skriv en adress med minst en bokstav eller siffra."
LOOKS_LIKE_A_NUMBER = "Adressen ser ut att innehålla ett personnummer. Välj en annan."
CHANGED = "Någon har ändrat sidan medan du bytte adress. Se efter vad som är nytt, och försök igen."


@asks(may_edit)
def ask_how(kind: Kind, slug: str) -> Response:
    """The page on which a new address is written."""
    document = drafts.ask_to_edit(kind, slug)
    return _move_page(document, words_of(document.slug))


@asks(may_edit)
def move(kind: Kind, slug: str) -> Response:
    """Give the document, and what lies in its folder, the new address in one change set."""
    document = drafts.ask_to_edit(kind, slug)
    typed = " ".join(request.form.get("address", "").split())
    if error := _wrong_with(document, slugify(typed)):
        return _move_page(document, typed, error, 422)
    try:
        new_slug = _moved(document, typed)
    except StaleVersion:
        return _move_page(document, typed, CHANGED, 409)
    except SlugTaken:
        return _move_page(document, typed, TAKEN, 422)
    except BrokenDocument:
        return _move_page(document, typed, "En av filerna går inte att läsa, så adressen kan inte ändras just nu.", 409)
    except (NoSpace, Refused) as refused:
        return _move_page(document, typed, str(refused) or "Disken är full, så det gick inte att spara.", 507)
    if new_slug != document.slug:
        flash("Sidan har fått en ny adress. Den gamla leder hit.", "ok")
    return see_other(url_for(f"{kind.name}.show", slug=new_slug))


def _wrong_with(document: Document, words: str) -> str:
    """Why the words cannot stand in the new address; empty if they can. That a number was stopped is told of."""
    if not words:
        return NO_LETTER
    if not stops(before_words(document.slug) + words):
        return ""
    note_refused(Deed.NUMBER_IN_FORM, document=document.id)
    return LOOKS_LIKE_A_NUMBER


def _moved(document: Document, typed: str) -> str:
    """Move the document to the first address that holds, if it is not there, and return its slug.

    Raises what publishing raises; SlugTaken if none held.
    """
    for slug in slugs_to_move_to(document, typed):
        if slug == document.slug:
            return slug
        try:
            current.archive.publish(_change(document, slug))
        except SlugTaken:
            # Somebody else was given the same address a moment ago; the next one is tried.
            continue
        return slug
    raise SlugTaken(typed)


def _move_page(document: Document, typed: str, error: str = "", status: int = 200) -> Response:
    return page(
        "editing/move.html",
        status=status,
        kind=document.kind,
        document=document,
        typed=typed,
        error=error,
        before=before_words(document.slug),
        # Everything in the folder gets the new address; it is counted as far as the viewer may know of it.
        others=[one for one in family_of(document)[1:] if may_see(viewer(), one.front_matter)],
        token=drafts.new_token(),
    )


def _change(document: Document, new_slug: str) -> Change:
    """Every file of the document and its family out of the old place and into the new one."""
    files: list[FileChange] = []
    for one in family_of(document):
        slug = new_slug + one.slug.removeprefix(document.slug)
        version = request.form.get("_version", "") if one is document else one.version
        former = [*one.front_matter.former_slugs, one.slug]
        # Back at an address it once had, a document no longer has that one behind it.
        values = {"former_slugs": [old for old in dict.fromkeys(former) if old != slug]}
        # Without an id in the file it would get another one from its new path.
        text = front_matter.rewrite(one.text, {"id": one.id, **values}, model=one.kind.front_matter)
        files.append(FileChange(one.path, None, version))
        files.append(FileChange(one.kind.path_of(slug), text, None))
    author = author_of(viewer(), document.front_matter.owner)
    token = f"{request.form.get('_token', '')}:{new_slug}"
    return Change(files, author, f"Ny adress: {new_slug}", token)
