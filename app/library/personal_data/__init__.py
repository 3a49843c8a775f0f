"""Personal numbers in any text: personnummer and samordningsnummer, however they are written.

``find`` says where they stand and what is done about them. A number that is parted as one, or begins with the century,
stops a save; ten digits in a row, and a number of which the last digits are hidden, warn. What it gives back never
holds the number itself, so that it can be shown, counted and logged.

The modules name each other from where they stand, for the program that reads files out (``reading_out``) looks for
numbers in them without the application around it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from .as_read import Reading, readings
from .judging import Level
from .notations import masked_numbers, numbers_in, taxed_numbers
from .numbers import Kind

__all__ = ["Finding", "Kind", "Level", "covered", "find", "mark_of", "stops"]

HIDDEN = "•"
# Trying every number there is takes months with so many rounds, and marking one some milliseconds.
_ROUNDS = 20_000
_MARK_BYTES = 12


@dataclass(frozen=True)
class Finding:
    """A number in a text: where it begins and ends, on which line (the first is 1), and what it looks like, hidden."""

    kind: Kind
    level: Level
    start: int
    end: int
    line: int
    masked: str

    @property
    def stops(self) -> bool:
        return self.level is Level.STOP


class _Place(NamedTuple):
    start: int
    end: int
    kind: Kind
    level: Level
    shown: str


def find(text: str, today: date | None = None) -> list[Finding]:
    """Every number in a text, in order. ``today`` is for those who ask about another day."""
    stretches = list(readings(text))
    if not stretches:
        return []
    today = today or _tomorrow()
    places = [
        *(place for stretch in stretches for place in _in_stretch(stretch, text, today)),
        *(_Place(start, end, kind, Level.WARN, text[start:end]) for start, end, kind in taxed_numbers(text, today)),
    ]
    return list(_findings(text, _one_each(places))) if places else []


def stops(text: str) -> list[Finding]:
    """The numbers in a text that stop it from being saved."""
    return [one for one in find(text) if one.stops]


def covered(text: str, findings: Iterable[Finding]) -> str:
    """The text with what was found in it hidden. ``findings`` are in order."""
    pieces, place = [], 0
    for one in findings:
        pieces += [text[place : one.start], one.masked]
        place = one.end
    return "".join([*pieces, text[place:]])


def mark_of(text: str, finding: Finding, salt: str) -> str:
    """A mark by which somebody can say of what was found that it is no number, without the number standing there.

    The same digits have the same mark with the same salt, however they are written; nobody reads them out of it.
    """
    shown = next(readings(text[finding.start : finding.end]))[0].shown
    return _mark(re.sub(r"\D", "", shown)[-10:], salt)


@lru_cache(maxsize=1024)
def _mark(digits: str, salt: str) -> str:
    return hashlib.pbkdf2_hmac("sha256", digits.encode(), salt.encode(), _ROUNDS, _MARK_BYTES).hex()


def _tomorrow() -> date:
    """The day up to which somebody can have been born, in whatever zone the clock of the machine stands."""
    return datetime.now(UTC).date() + timedelta(days=1)


def _in_stretch(stretch: Sequence[Reading], text: str, today: date) -> Iterator[_Place]:
    for reading in stretch:
        for one in numbers_in(reading, text, today):
            yield _Place(*reading.span(one.start, one.end), one.kind, one.level, reading.shown[one.start : one.end])
    for start, end in masked_numbers(stretch[0], text, today):
        yield _Place(start, end, Kind.MASKED, Level.WARN, text[start:end])


def _one_each(places: Sequence[_Place]) -> list[_Place]:
    """The places in order. Where several readings found something in the same one, what is most certain stays."""
    kept: list[_Place] = []
    for place in sorted(places, key=lambda one: (one.start, one.level is Level.WARN, -one.end)):
        if not kept or place.start >= kept[-1].end:
            kept.append(place)
        elif place.level is Level.STOP and kept[-1].level is Level.WARN:
            kept[-1] = place
    return kept


def _findings(text: str, places: Sequence[_Place]) -> Iterator[Finding]:
    line, counted = 1, 0
    for start, end, kind, level, shown in places:
        line += text.count("\n", counted, start)
        counted = start
        yield Finding(kind, level, start, end, line, re.sub(r"\d", HIDDEN, " ".join(shown.split())))
