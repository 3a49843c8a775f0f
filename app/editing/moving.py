"""Another address for a document. The old one leads to the new for ever, and is given to no other document."""

from __future__ import annotations

import re

from flask import Response, flash, request, url_for

from app.accounts.access import may_edit, may_see
from app.accounts.rules import asks
from app.accounts.signing_in import viewer
from app.editing import drafts
from app.editing.addresses import RESERVED, is_free
from app.editing.family import family_of
from app.editing.saving import author_of
from app.library import front_matter
from app.library.document import BrokenDocument, Document, Kind
from app.library.personal_data import stops
from app.library.slugs import slugify
from app.publishing import Change, FileChange, NoSpace, Refused, SlugTaken, StaleVersion, current
from app.web.htmx import page, see_other

TAKEN = "Den adressen används redan, eller har använts, av en annan sida. Välj en annan."
LOOKS_LIKE_A_NUMBER = "Adressen ser ut att innehålla ett personnummer. Välj en annan."
CHANGED = "Någon har ändrat sidan medan du bytte adress. Se efter vad som är nytt, och försök igen."


@asks(may_edit)
def ask_how(kind: Kind, slug: str) -> Response:
    """The page on which a new address is written."""
    document = drafts.ask_to_edit(kind, slug)
    return _move_page(document, _last_part(document.slug))


@asks(may_edit)
def move(kind: Kind, slug: str) -> Response:
    """Give the document, and what lies in its folder, the new address in one change set."""
    document = drafts.ask_to_edit(kind, slug)
    typed = " ".join(request.form.get("address", "").split())
    new_slug = _new_slug(document, typed)
    if new_slug == document.slug:
        return see_other(url_for(f"{kind.name}.show", slug=slug))
    if error := _wrong_with(document, new_slug):
        return _move_page(document, typed, error, 422)
    try:
        current.archive.publish(_change(document, new_slug))
    except StaleVersion:
        return _move_page(document, typed, CHANGED, 409)
    except SlugTaken:
        return _move_page(document, typed, TAKEN, 422)
    except BrokenDocument:
        return _move_page(document, typed, "En av filerna går inte att läsa, så adressen kan inte ändras just nu.", 409)
    except (NoSpace, Refused) as refused:
        return _move_page(document, typed, str(refused) or "Disken är full, så det gick inte att spara.", 507)
    flash("Sidan har fått en ny adress. Den gamla leder hit.", "ok")
    return see_other(url_for(f"{kind.name}.show", slug=new_slug))


def _move_page(document: Document, typed: str, error: str = "", status: int = 200) -> Response:
    return page(
        "editing/move.html",
        status=status,
        kind=document.kind,
        document=document,
        typed=typed,
        error=error,
        before=_before(document),
        # Everything in the folder gets the new address; it is counted as far as the viewer may know of it.
        others=[one for one in family_of(document)[1:] if may_see(viewer(), one.front_matter)],
        token=drafts.new_token(),
    )


def _before(document: Document) -> str:
    """The part of the slug that stays: a cycle keeps its project and its number."""
    found = re.match(r".*/(?:\d\d-)?", document.slug)
    return found[0] if found else ""


def _last_part(slug: str) -> str:
    return re.sub(r"^.*/(?:\d\d-)?", "", slug)


def _new_slug(document: Document, typed: str) -> str:
    return _before(document) + slugify(typed)


def _wrong_with(document: Document, slug: str) -> str:
    """Why the slug cannot be the new address; empty if it can."""
    if stops(slug):
        return LOOKS_LIKE_A_NUMBER
    try:
        free = is_free(document.kind, slug, but_for=document.slug)
    except ValueError:
        return "Skriv en adress med minst en bokstav eller siffra."
    return "" if free and slug not in RESERVED else TAKEN


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
