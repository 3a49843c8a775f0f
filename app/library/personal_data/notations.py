"""The ways in which people write a number: what they look like, and where they stand in a stretch of text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from .as_read import Reading
from .judging import Level, Written
from .numbers import Kind, kind_of, kind_of_date


@dataclass(frozen=True)
class Candidate:
    """A number in a reading: where it stands there, what it is and what is done about it."""

    start: int
    end: int
    kind: Kind
    level: Level


_WHITE = r"[ ]{0,3}(?:\n[ ]{0,16})?"
_BORDER = rf"(?P<border>{_WHITE}(?:-{{1,3}}|[+/.:,;|\t=])?{_WHITE})"
_DATE = r"(?P<yy>\d\d)(?P<first>[ ./-]?)(?P<mm>0\d|1[0-2])(?P<second>[ ./-]?)(?P<dd>[0-36-9]\d)"
_SERIAL = r"(?P<a>\d\d)(?P<third>[ ]?)(?P<b>\d)(?P<fourth>[ -]?)(?P<c>\d)(?!\d)"
# Looked for at every place where digits begin: one that comes to nothing must not hide the next.
_TWELVE = re.compile(rf"(?<!\d)(?=(?P<all>(?P<cc>18|19|20)(?P<gap>[ ]?){_DATE}{_BORDER}{_SERIAL}))")
_TEN = re.compile(rf"(?<!\d)(?=(?P<all>(?P<cc>)(?P<gap>){_DATE}{_BORDER}{_SERIAL}))")
# Letter-spaced, as text comes out of a PDF: "1 9 8 8 0 3 2 0 - 1 2 3 4".
_SPREAD = re.compile(r"(?<!\d)(?<!\d )(?=(?P<all>(?:\d ){5,7}\d ?(?P<border>[-+]?) ?\d(?: \d){3})(?! ?\d))")
# The value added tax number of somebody who trades in their own name.
_TAXED = re.compile(r"(?<![A-Za-z])SE(?P<ten>\d{10})01(?!\d)")


_TEN_DIGITS = re.compile(r"(?:\D*+\d){10}")


def numbers_in(reading: Reading, text: str, today: date) -> list[Candidate]:
    """Every number in a stretch; of two that overlap the longer one."""
    if not _TEN_DIGITS.match(reading.shown):
        return []
    found: list[Candidate] = []
    for candidate in (*_parted(_TWELVE, reading, text, today), *_parted(_TEN, reading, text, today)):
        if all(candidate.start >= one.end or candidate.end <= one.start for one in found):
            found.append(candidate)
    return found or list(_spread(reading, today))


def _parted(pattern: re.Pattern[str], reading: Reading, text: str, today: date) -> Iterator[Candidate]:
    for match in pattern.finditer(reading.shown):
        ten = match["yy"] + match["mm"] + match["dd"] + match["a"] + match["b"] + match["c"]
        kind = kind_of(ten, match["cc"], today)
        level = Written(match, reading, text).level() if kind else None
        if kind and level:
            yield Candidate(*match.span("all"), kind, level)


def _spread(reading: Reading, today: date) -> Iterator[Candidate]:
    for match in _SPREAD.finditer(reading.shown):
        digits = re.sub(r"\D", "", match["all"])
        kind = kind_of(digits[-10:], digits[:-10], today) if len(digits) in (10, 12) else None
        if kind:
            yield Candidate(*match.span("all"), kind, Level.STOP if match["border"] else Level.WARN)


def taxed_numbers(text: str, today: date) -> Iterator[tuple[int, int, Kind]]:
    """The numbers inside value added tax numbers: where they stand, and what they are."""
    if "SE" in text:
        for match in _TAXED.finditer(text):
            if kind := kind_of(match["ten"], "", today):
                yield *match.span("ten"), kind


# ---- Numbers of which the last digits are hidden ----

_DASH = r"\\?[-‐‑‒–—−+＋]"
_HIDDEN = r"[Xx×•●▪■█…?#]"
_STAR = r"(?:\\?[*_])"
_ENDING = rf"\d{{0,2}}{_HIDDEN}{{2,4}}\d{{0,2}}|\d{{3}}{_HIDDEN}|{_HIDDEN}\d{{3}}|\d{{0,2}}{_STAR}{{2,4}}\d{{0,2}}"
_MASKED = re.compile(
    rf"(?<!\d)(?P<cc>1[89]|20)?(?P<yy>\d\d)(?P<sign>-?)(?P<mm>\d\d)(?P=sign)(?P<dd>\d\d)"
    rf"(?:[ ]?{_DASH}[ ]?(?:{_ENDING})|[Xx]{{4}})(?![\dXx*])"
)
# How far behind the last digit of a stretch the hidden ones may stand, and how they begin there.
_TAIL = 16
_BEGINS_HIDDEN = re.compile(rf"[ ]?{_DASH}|{_HIDDEN}")


def masked_numbers(reading: Reading, text: str, today: date) -> Iterator[tuple[int, int]]:
    """Where a stretch has a number of which the last digits are hidden: ``880320-XXXX``, ``19880320-****``."""
    if reading.is_plain and not _BEGINS_HIDDEN.match(text, reading.end):
        return
    for match in _MASKED.finditer(text, reading.start, reading.end + _TAIL):
        if int(match["mm"]) and kind_of_date(match["yy"] + match["mm"] + match["dd"], match["cc"] or "", today):
            yield match.span()
