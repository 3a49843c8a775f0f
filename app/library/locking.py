"""What is locked of a document once it is under way: a prediction, which nobody changes afterwards. Pure.

A kind names the field (``Kind.locks``) and says when it is under way (``FrontMatter.under_way``). The file then says on
which day it was locked, and has a mark of what: the mark gives away an edit of the file alone. What history remembers
(``app.history.locks``) gives away the rest.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, Field

from app.library.document import Document, Group, Problem
from app.library.fields import NOT_STATED, Long, PartialDate

LOCKED = "locked"
ADDITIONS = "additions"
CHANGED = (
    "förutsägelsen ({name}) är {since}, men filen säger något annat än det som låstes. Lägg tillbaka det på sidan eller"
    " i filen, och skriv det nya som ett tillägg (additions)"
)
# Letters instead of hexadecimal digits: no mark is taken for a personal number.
_LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")
_LENGTH = 24


class Locked(Group):
    """What a file says of its lock. Nobody fills it in: the program writes it."""

    since: PartialDate | None = Field(None, title="Låst")
    mark: str = Field("", title="Märke")


class Addition(Group):
    """What was written of a prediction after it was locked. The day is the program's."""

    date: PartialDate | None = Field(None, title="Skrivet", json_schema_extra={"in_form": False})
    text: Annotated[str, Long()] = Field("", title="Tillägg")


@dataclass(frozen=True)
class Lock:
    """A lock: the mark of what is locked, and since when, as a partial date is written."""

    mark: str
    since: str = NOT_STATED

    @property
    def day(self) -> PartialDate:
        return PartialDate.parse(self.since)


def mark_of(group: BaseModel) -> str:
    """The mark of what a group says: the same for the same words, however the file writes them.

    Empty fields do not count, so that a field that a group gets later does not change any mark.
    """
    said = group.model_dump(mode="json", include=set(type(group).model_fields))
    words = {name: _plain(value) for name, value in said.items() if value not in (None, "")}
    digest = hashlib.sha256(json.dumps(words, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    return digest.translate(_LETTERS)[:_LENGTH]


def _plain(value: Any) -> str:
    return "\n".join(line.rstrip() for line in str(value).replace("\r\n", "\n").strip().split("\n"))


def locked_part(document: Document) -> BaseModel | None:
    """What is, or would be, locked of a document; None where its kind locks nothing."""
    return getattr(document.front_matter, document.kind.locks) if document.kind.locks else None


def lock_in(document: Document) -> Lock | None:
    """The lock that a document's own text tells of, or gives at first sight because it is under way; None without."""
    part = locked_part(document)
    if part is None:
        return None
    told: Locked | None = getattr(document.front_matter, LOCKED)
    if told is None and not document.front_matter.under_way:
        return None
    told = told or Locked()
    return Lock(told.mark or mark_of(part), told.since.raw if told.since else NOT_STATED)


def says(document: Document, lock: Lock) -> bool:
    """Whether a document says what is locked, and has no other mark of it."""
    part, told = locked_part(document), getattr(document.front_matter, LOCKED, None)
    return part is not None and mark_of(part) == lock.mark and (told is None or told.mark in ("", lock.mark))


def problem_in(document: Document, lock: Lock | None = None) -> Problem | None:
    """What is wrong with a document that says something else than what is locked: by its own mark, or by ``lock``,
    which is what history remembers.
    """
    part, lock = locked_part(document), lock or lock_in(document)
    if part is None or lock is None or says(document, lock):
        return None
    name = document.kind.locks
    line = document.lines.get((name,), document.lines.get((LOCKED,), 0))
    return Problem(document.path, CHANGED.format(name=name, since=in_words(lock.day)), line, (name,))


def in_words(day: PartialDate) -> str:
    """Since when something is locked: "låst 3 mars 2026", "låst, datum framgår inte"."""
    return f"låst {day}" if day.known else f"låst, datum {NOT_STATED}"


def keeps_to(lock: Lock, before: Document | None, after: Document) -> bool:
    """Whether a text may take the place of another: it says what is locked, or leaves alone what an edit outside did.

    ``before`` is what stands in the file now; None where nothing does.
    """
    said = [mark_of(part) for document in (before, after) if document and (part := locked_part(document))]
    return said[-1] == lock.mark or (before is not None and len(set(said)) == 1)


def sealed(lock: Lock | None, before: Document | None, after: Document, today: date) -> dict[str, Any]:
    """The values that a document is saved with besides its own: its lock, and the day of what is new in additions.

    Whoever comes under way with this save is locked by it, today.
    """
    part = locked_part(after)
    if part is None:
        return {}
    values: dict[str, Any] = {}
    if lock is None and after.front_matter.under_way:
        lock = Lock(mark_of(part), today.isoformat())
    told: Locked | None = getattr(after.front_matter, LOCKED)
    if lock and (told is None or (told.mark, told.since.raw if told.since else NOT_STATED) != (lock.mark, lock.since)):
        values[LOCKED] = {**_extra(told), "since": lock.since, "mark": lock.mark}
    rows: list[Addition] = getattr(after.front_matter, ADDITIONS)
    known = {_said(row) for row in getattr(before.front_matter, ADDITIONS)} if before else set()
    if any(_said(row) not in known for row in rows):
        values[ADDITIONS] = list(_dated(rows, known, today))
    return values


def _said(row: Addition) -> tuple[str, str]:
    return (row.date.raw if row.date else "", _plain(row.text))


def _dated(rows: Iterable[Addition], known: set[tuple[str, str]], today: date) -> Iterable[dict[str, Any]]:
    """The additions, with today's date on what is new or says something else than before."""
    for row in rows:
        plain = row.model_dump(mode="json")
        yield plain if _said(row) in known else {**plain, "date": today.isoformat()}


def _extra(told: Locked | None) -> dict[str, Any]:
    return dict(told.model_extra or {}) if told else {}
