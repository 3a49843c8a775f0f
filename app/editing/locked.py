"""What is locked, in a form: shown as text instead of boxes, with a place for additions.

Somebody may have had the form open, or written half of it, before the lock. What they typed where it is locked now is
not lost: it comes back as an addition that they can keep, change or remove before they save.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import OperationalError

from app.library import front_matter
from app.library.document import Document
from app.library.locking import ADDITIONS, LOCKED
from app.publishing import NoSpace, current, locks
from app.publishing.locks import Kept
from app.web import forms
from app.web.forms import Box, Shape

if TYPE_CHECKING:
    from app.editing.drafts import Draft

# Said above the form in which what somebody typed has become an addition.
PROPOSED = (
    "Förutsägelsen är låst sedan ni började genomföra, och ändras inte. Det du skrev om den står nu som ett tillägg."
    " Läs igenom det, ta bort det om det inte behövs, och spara."
)
NOT_CHANGED = "Förutsägelsen är låst sedan ni började genomföra, och står kvar som den var. Se efter, och spara igen."


@dataclass(frozen=True)
class LockedBox:
    """What is locked, as the form shows it: its name, what each part says, and since when."""

    label: str
    said: tuple[tuple[str, str], ...]
    kept: Kept


def kept_of(document: Document | None) -> Kept | None:
    """What is locked of a document; None where nothing is, or it is new."""
    return locks.kept_of(current.library, current.databases, document) if document else None


def hidden(draft: Draft) -> set[str]:
    """The fields that a form does not ask for: what is locked or, where nothing is yet, additions to it."""
    if not draft.kind.locks:
        return set()
    return {draft.kind.locks if draft.kept_locked else ADDITIONS}


def box_of(draft: Draft, boxes: list[Box]) -> LockedBox | None:
    """What stands instead of the boxes that are locked, where the form has their place on this page."""
    kept, shape = draft.kept_locked, draft.form.shape(draft.kind.locks)
    if kept is None or shape is None or all(box.name != ADDITIONS for box in boxes):
        return None
    values = forms.written(shape.parts, kept.said) if kept.said else {}
    return LockedBox(shape.label, _in_words(draft, shape, values), kept)


def read_without(draft: Draft, fields: Mapping[str, str], names: set[str]) -> None:
    """A form that showed what is locked as text posts nothing there: what was typed before the lock is among the
    additions that it showed.
    """
    name = draft.kind.locks
    posted = any(field == name or field.startswith(f"{name}-") for field in fields)
    if name in names and not posted and draft.kept_locked:
        draft.values[name] = draft.before[name]


def propose(draft: Draft) -> str:
    """Let what was typed where it is locked become an addition. Returns what to say of it, "" where nothing was."""
    shape = draft.form.shape(draft.kind.locks) if draft.kind.locks else None
    if shape is None or draft.kept_locked is None:
        return ""
    typed, opened = draft.values[shape.name], draft.before[shape.name]
    if forms.same(shape, typed, opened):
        return ""
    draft.values[shape.name] = opened
    kept = draft.kept_locked
    locked = forms.written(shape.parts, kept.said) if kept.said else {}
    text = _typed_in_words(draft, shape, typed, (opened, locked))
    rows = draft.values[ADDITIONS]
    if not text or any(row.get("text") == text for row in rows):
        return NOT_CHANGED
    draft.values[ADDITIONS] = [*rows, {"text": text}]
    return PROPOSED


def propose_and_keep(draft: Draft) -> str:
    """The same for a form that is shown; its working copy, if there is one, then says so too."""
    said = propose(draft)
    if said and draft.kept_at:
        # Where the disk takes no more, the text is on the page, and in the copy as it was typed.
        with suppress(NoSpace, OperationalError):
            draft.keep()
    return said


def as_it_is(document: Document) -> dict[str, Any]:
    """What the file says of what is locked, for an earlier version that takes its place; nothing without a lock."""
    if kept_of(document) is None:
        return {}
    now = front_matter.read(document.path, document.text).values
    return {name: now.get(name) for name in (document.kind.locks, LOCKED, ADDITIONS)}


def _in_words(draft: Draft, shape: Shape, values: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    said = ((part, draft.words_of(part, values.get(part.name, ""))) for part in shape.parts)
    return tuple((part.label, words) for part, words in said if words)


def _typed_in_words(draft: Draft, shape: Shape, typed: Mapping[str, Any], others: tuple[Mapping[str, Any], ...]) -> str:
    """What was typed and stands neither in what the form was opened from nor in what is locked."""
    new = [
        part
        for part in shape.parts
        if typed.get(part.name) and typed.get(part.name) not in [other.get(part.name) for other in others]
    ]
    first, *_ = shape.parts
    words = [draft.words_of(part, typed[part.name]) for part in new if part is first]
    rest = [f"{part.label}: {draft.words_of(part, typed[part.name])}" for part in new if part is not first]
    return "\n\n".join([*words, *([". ".join(rest)] if rest else [])])
