"""Events: what happens to a document at the press of a button on its page.

An edit replaces the text that somebody had before them. An event goes from what the newest document says to what it
says next, under the lock: two people who press at the same time do not get in each other's way. It is never a
conflict, but it may be refused ("inga platser kvar"); the page then says why, and still has what was filled in.

A kind says what may happen to its documents with pure functions, and gives each an address with ``add_event``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, Response, flash, request, url_for
from werkzeug.datastructures import MultiDict

from app.accounts.access import may_see
from app.accounts.rules import asks, rule_of, with_rule
from app.accounts.signing_in import ask_to_see, viewer
from app.database import now
from app.editing import drafts
from app.editing.drafts import new_token
from app.editing.saving import author_of
from app.library import front_matter
from app.library.document import Document, Kind, NotFound
from app.publishing import Event, NoSpace, Refused, Saved, StaleVersion, current
from app.web.forms import form_for, heading_name
from app.web.forms.values import only_text
from app.web.htmx import see_other
from app.web.text import in_sweden

Fields = MultiDict[str, str]
# New values for some of the keys of a front matter. The others stay as they stand in the file, to the letter.
Values = Mapping[str, Any]
# From what the newest front matter says to what it says next. Pure; may raise Refused.
Next = Callable[[Any], Values]

LONGEST_LINE = 200
JUST_NOW = "Någon ändrade sidan i samma ögonblick. Se efter hur det står nu, och försök igen."
NO_SPACE = "Disken är full, så det gick inte att spara. Sidan är som den var. Säg till den som sköter Lärnät."


@dataclass(frozen=True)
class Happening:
    """What a form asks for. ``summary`` is history's words for it; ``organisation`` is whose member does it.

    ``done`` is what the person reads when it is saved, where "Sparat:" and the summary do not read well.
    """

    change: Next
    summary: str
    organisation: str
    done: str = ""


class Unfinished(Refused):
    """Something has to be written in the document's own form first: ``field`` is where, ``words`` lead there."""

    def __init__(self, message: str, field: str, words: str) -> None:
        super().__init__(message)
        self.field = field
        self.words = words


@dataclass(frozen=True)
class Refusal:
    """Why an event was not made, for the page it was asked for on: which event, and what was filled in."""

    event: str
    reason: str
    fields: Fields
    status: int
    cause: Exception
    # Where what is missing can be written, and the words that lead there.
    mend: tuple[str, str] | None = None

    def kept(self, event: str, name: str) -> str:
        """What was filled in under a name, on the page of that event."""
        return self.fields.get(name, "") if event == self.event else ""


Asked = Callable[[Document, Fields], Happening]
Page = Callable[[Document, Refusal | None], Response]


def add_event(blueprint: Blueprint, kind: Kind, address: str, asked: Asked, page: Page) -> None:
    """Let forms on a document's page make something happen, at ``/<slug>/<address>``.

    ``asked`` says what the posted fields ask for, once it has asked whether the viewer may: the question that stands
    above it as its rule. ``page`` shows the document, with the reason where the event was refused. The endpoint is the
    name of ``asked``.
    """
    event = asked.__name__

    def post(slug: str) -> Response:
        document = _find(kind, slug)
        try:
            happening = asked(document, request.form)
            saved = _happen(document, event, happening)
        except (Refused, StaleVersion, NoSpace) as cause:
            newest = _find(kind, slug)
            return page(newest, _refusal(newest, event, cause))
        flash(_told(saved, document.path, happening), "ok")
        return see_other(_address_of(document))

    @asks(may_see)
    def get(slug: str) -> Response:
        """For somebody who comes back to the address of a form that was refused."""
        return see_other(_address_of(_find(kind, slug)))

    with_rule(post, rule_of(asked))
    blueprint.add_url_rule(f"/<path:slug>/{address}", event, post, methods=["POST"])
    blueprint.add_url_rule(f"/<path:slug>/{address}", f"{event}_page", get, methods=["GET"])


def shown(refusal: Refusal | None) -> dict[str, Any]:
    """What a page with events tells its template and the browser: the reason, its status, a mark for the forms."""
    return {"refusal": refusal, "status": refusal.status if refusal else 200, "token": new_token()}


def today() -> date:
    """The day it is in Sweden."""
    return in_sweden(now()).date()


def line(fields: Fields, name: str) -> str:
    """A posted field as one line of text."""
    return " ".join(only_text(fields.get(name, "")).split())[:LONGEST_LINE]


def rewritten(document: Document, change: Next) -> str:
    """The next text of a document's file: only the lines whose values change are others."""
    values = change(document.front_matter)
    return front_matter.rewrite(document.text, values, model=document.kind.front_matter)


def _find(kind: Kind, slug: str) -> Document:
    """The document as it is now, also where it has got another address meanwhile."""
    document = drafts.find(kind, slug)
    if document is None:
        raise NotFound(slug)
    ask_to_see(document.front_matter)
    return document


def _happen(document: Document, event: str, happening: Happening) -> Saved:
    author = author_of(viewer(), happening.organisation)
    return current.archive.apply(
        Event(
            document.path,
            lambda newest: rewritten(newest, happening.change),
            author,
            happening.summary,
            _mark(event),
        )
    )


def _mark(event: str) -> str:
    """The form's own mark: the same for a double click, another as soon as something else is filled in."""
    token = request.form.get("_token", "")
    said = sorted((name, value) for name, value in request.form.items(multi=True) if name[:1] != "_")
    digest = hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]
    return f"{token if drafts.TOKEN.fullmatch(token) else new_token()}:{event}:{digest}"


def _told(saved: Saved, path: str, happening: Happening) -> str:
    if saved.repeated and current.library.read(path).version != saved.versions.get(path):
        return f"Det var redan sparat: {happening.summary}. Sidan har ändrats sedan dess, så se efter hur det står nu."
    return happening.done or f"Sparat: {happening.summary}."


def _refusal(document: Document, event: str, cause: Exception) -> Refusal:
    match cause:
        case NoSpace():
            reason, status = NO_SPACE, 507
        case StaleVersion():
            reason, status = JUST_NOW, 409
        case _:
            reason, status = str(cause), 422
    mend = (form_address(document, cause.field), cause.words) if isinstance(cause, Unfinished) else None
    return Refusal(event, reason, request.form, status, cause, mend)


def _address_of(document: Document) -> str:
    return url_for(f"{document.kind.name}.show", slug=document.slug)


def waiting(document: Document, filled: Iterable[str]) -> list[tuple[str, str]]:
    """The kind's headings that have no text yet, each with where in the form it is written."""
    written = set(filled)
    titles = (heading.title for heading in document.kind.headings)
    return [(title, form_address(document, heading_name(title))) for title in titles if title not in written]


def form_address(document: Document, field: str) -> str:
    """Where in the document's form a field is filled in."""
    step = form_for(document.kind).step_of(field.partition("-")[0])
    number = step.number if step else None
    return url_for(f"{document.kind.name}.edit", slug=document.slug, steg=number, _anchor=f"f-{field}")
