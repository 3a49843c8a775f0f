"""The box "Läget" on a document's page: where it stands, the natural next step as a button, and everything else.

A kind says what follows on what, and with a pure function what else changes when its documents move.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from flask import url_for

from app.accounts.access import may_edit
from app.accounts.rules import asks
from app.accounts.signing_in import ask
from app.editing import events
from app.editing.events import Fields, Happening, Next, Values
from app.library.document import Document
from app.library.vocabulary import Words
from app.publishing import Refused

W = TypeVar("W", bound=Words)

CHOOSE = "Välj i listan först."


@dataclass(frozen=True)
class Onward:
    """The natural next step: the status it leads to, in the words of a button.

    Where something has to be written before that, ``field`` is the place in the form that the words lead to.
    """

    to: Words
    words: str
    field: str = ""
    # What to know before the button is pressed.
    hint: str = ""


@dataclass(frozen=True)
class Standing:
    """What the box shows: the status now, the next one, the others that can be chosen, and where the form goes."""

    now: Words
    onward: Onward | None
    others: tuple[Words, ...]
    url: str
    # Where the next step is prepared, instead of taken.
    prepare_url: str = ""


# From a front matter, a new status, a note and today to the new values. Pure; may raise Refused.
Moved = Callable[[Any, Any, str, date], Values]


def standing(document: Document, onward: Onward | None) -> Standing:
    """Where the document stands."""
    now: Words = document.status
    named = (now, onward.to if onward and not onward.field else now)
    return Standing(
        now=now,
        onward=onward,
        others=tuple(status for status in type(now) if status not in named),
        url=url_for(f"{document.kind.name}.move_status", slug=document.slug),
        prepare_url=events.form_address(document, onward.field) if onward and onward.field else "",
    )


def moves(moved: Moved) -> Callable[[Document, Fields], Happening]:
    """What the box's form asks for, for a kind whose documents move as ``moved`` says; for ``events.add_event``."""

    @asks(may_edit)
    def move_status(document: Document, fields: Fields) -> Happening:
        ask(may_edit, document.front_matter)
        words: type[Words] = type(document.status)
        to = chosen(words, fields.get("to") or fields.get("other", ""))
        before = chosen(words, fields.get("before", ""))
        note = events.line(fields, "note")
        return Happening(
            change=_from(before, to, document.kind.status_field, lambda front: moved(front, to, note, events.today())),
            summary=f"Läget gick från ”{before.swedish}” till ”{to.swedish}”"
            + (f": {note.rstrip('.')}" if note else ""),
            organisation=document.front_matter.owner,
        )

    return move_status


def chosen(words: type[W], value: str) -> W:
    """The member of a closed list that a form names. Raises Refused."""
    found = next((word for word in words if word.value == value), None)
    if found is None:
        raise Refused(CHOOSE)
    return found


def after_colon(note: str) -> str:
    """A note as the end of history's sentence; "" where there is none."""
    return f": {note.rstrip('.')}" if note else ""


def _from(before: Words, to: Words, field: str, change: Next) -> Next:
    """The change, unless the document has moved since the page was opened: one button must not undo another's."""

    def from_what_was_seen(front: Any) -> Values:
        now: Words = getattr(front, field)
        if now is not before:
            raise Refused(
                f"Läget har ändrats till ”{now.swedish}” sedan du öppnade sidan. Vill du fortfarande ändra det?"
            )
        if now is to:
            raise Refused(f"Läget är redan ”{now.swedish}”.")
        return change(front)

    return from_what_was_seen
