"""How sure one can be that digits are meant as a personal number, by their signs and by what stands around them.

Ten or twelve digits are sure to be meant so when they are parted as a number is, or begin with the century. Ten digits
in a row may be a telephone number, and digits in two cells of a table two columns: they only warn.
"""

from __future__ import annotations

import re
from enum import StrEnum

from .as_read import Reading


class Level(StrEnum):
    """What is done about a finding: saving stops, or the author is asked to look."""

    STOP = "stop"
    WARN = "warn"


# What says that the digits after it are something else.
_OTHER_NUMBER = re.compile(
    r"(?:\b(?:ocr|isbn|ean|gtin|iban|bankgiro|plusgiro|faktura)(?:-?nr|-?nummer|-?numret)?[ :.-]{0,3}|\+|\d[.])\Z",
    re.IGNORECASE,
)
_TELEPHONE = re.compile(r"0\d[ ]")
_DECIMALS = re.compile(r"[.,]\d{1,2}(?!\d)")
_YEAR_OR_TIME = re.compile(r"(?:19|20)\d\d|(?:[01]\d|2[0-3])[0-5]\d")
_UNIT = re.compile(r"\s?(?:kr|kronor|tkr|mnkr|st|personer|hushåll|ärenden|invånare|timmar)\b", re.IGNORECASE)
# More columns, unless they are the next number in a row of them.
_NO_NUMBER = r"(?!(?:18|19|20)?\d{6}[ +-]\d{4}(?!\d))"
_MORE_AFTER = re.compile(rf" {_NO_NUMBER}\d+ \d")
_DIGITS_AFTER = re.compile(rf" {_NO_NUMBER}\d{{3}}")
_DIGITS_BEFORE = re.compile(r"\d \Z")
_CELL_BEFORE = re.compile(r"(?:[;|\t] *|,)\Z")
_CELL_AFTER = re.compile(r" *[;|\t]|,\S")
_CELL_SIGNS = ",;|\t="


class Written:
    """One way in which a valid number is written. ``match`` is one of the patterns of ``notations``."""

    def __init__(self, match: re.Match[str], reading: Reading, text: str) -> None:
        self.match = match
        self.reading = reading
        self.text = text
        self.century = match["cc"]
        self.border = match["border"]
        self.sign = self.border.strip(" \n")
        self.in_twos = bool(match["third"])
        self.start, self.end = reading.span(*match.span("all"))
        begin, stop = match.span("all")
        self.before = reading.shown[max(0, begin - 2) : begin]
        self.after = reading.shown[stop : stop + 24]

    def level(self) -> Level | None:
        """STOP, WARN, or None where it is something else."""
        first, second = self.match["first"], self.match["second"]
        mixed = self.in_twos and bool(first or self.match["fourth"])
        if mixed or is_in_an_identity(self.text, self.start, self.end):
            return None
        if not first and not second:
            return self._in_one_piece() if self.border else self._without_a_sign()
        if first == second:
            return self._in_pieces(first)
        if self.century and first in " -" and not second and self.border == first and not self.match["gap"]:
            return self._in_fours(first)
        return None

    def _in_one_piece(self) -> Level | None:
        """``19880320-1234``, ``880320+1234``, ``880320 1234``."""
        is_cell = bool(self.sign) and self.sign in _CELL_SIGNS
        if is_cell and not self.century:
            return None  # two columns of a table as likely as not
        is_decimal = not self.century and self.sign in (".", ":")
        is_time = self.in_twos and not self.sign
        if is_cell or is_decimal or is_time:
            return Level.WARN
        if self.sign:
            return Level.STOP
        is_row = "\n" in self.border and not self._is_running_text()
        return Level.WARN if is_row or self._is_among_columns() else Level.STOP

    def _without_a_sign(self) -> Level | None:
        """``198803201234``, ``8803201234``; a soft hyphen that nobody sees is a sign as well."""
        if self._has_hidden_sign() and not self.in_twos:
            return Level.STOP
        is_other = _OTHER_NUMBER.search(self.text, max(0, self.start - 40), self.start) is not None
        if self.century:
            return Level.WARN if is_other or self.match["gap"] or self.in_twos else Level.STOP
        is_part = _DECIMALS.match(self.after) or re.search(r"\d-\Z", self.before) or re.match(r"-\d", self.after)
        return None if is_other or self.in_twos or is_part else Level.WARN

    def _has_hidden_sign(self) -> bool:
        return self.reading.has_left_out(self.match.start("a"))

    def _in_pieces(self, sign: str) -> Level | None:
        """``1988-03-20-1234``; dates with times, ranges of dates and telephone numbers have the same signs."""
        if not self.border:
            return Level.STOP if self._has_hidden_sign() else Level.WARN
        if self.sign not in ("", "-", "+", "/") or self.border.strip(" ") == "\n" or re.match(r"-\d", self.after):
            return None
        if sign == " ":
            among = _DIGITS_BEFORE.search(self.before) or _DIGITS_AFTER.match(self.after)
            is_telephone = not self.century and _TELEPHONE.match(self.match["all"])
            return Level.WARN if among or is_telephone else Level.STOP
        if re.search(rf"\d{re.escape(sign)}\Z", self.before):
            return None
        return Level.WARN if self._is_a_date_and_more() else Level.STOP

    def _is_a_date_and_more(self) -> bool:
        """Whether the last four digits are rather a year, a time, an amount or the first of several columns."""
        if self._has_one_dash():
            return False
        serial = self.match["a"] + self.match["b"] + self.match["c"]
        is_amount = _UNIT.match(self.text, self.end) or _DIGITS_AFTER.match(self.after)
        return bool(_YEAR_OR_TIME.fullmatch(serial) or is_amount)

    def _has_one_dash(self) -> bool:
        """Whether the dash before the last four is the one in the date: ``2024-03-20–2025`` is a range."""
        if self.border != "-" or self.match["first"] != "-":
            return self.border == "+"
        inner, last = (self.reading.span(*self.match.span(group)) for group in ("first", "border"))
        return self.text[slice(*inner)] == self.text[slice(*last)]

    def _in_fours(self, sign: str) -> Level | None:
        """``1988 0320 1234``; cards and accounts are written so as well, but they go on."""
        goes_on = re.search(rf"\d{sign}\Z", self.before) or re.match(rf"{sign}\d", self.after)
        return None if goes_on else Level.STOP

    def _is_among_columns(self) -> bool:
        """Whether more digits stand beside these, as in a table that has lost its lines."""
        both_sides = _DIGITS_BEFORE.search(self.before) and _DIGITS_AFTER.match(self.after)
        return bool(_MORE_AFTER.match(self.after) or both_sides)

    def _is_running_text(self) -> bool:
        """Whether a line was broken inside the number, and not a row of a table after its last cell."""
        before = self.text[self.text.rfind("\n", 0, self.start) + 1 : self.start]
        is_cell = _CELL_BEFORE.search(before) or _CELL_AFTER.match(self.text, self.end)
        return any(one.isalpha() for one in before) and not is_cell


# ---- Identities that programs make ----

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_UUID_LENGTH = 36
_HEXADECIMAL = re.compile(r"[0-9a-f]+", re.IGNORECASE)
_SHORTEST_HASH = 20


def is_in_an_identity(text: str, start: int, end: int) -> bool:
    """Whether a place lies in a UUID or a hash."""
    first = max(0, start - _UUID_LENGTH)
    if any(one.start() <= start and one.end() >= end for one in _UUID.finditer(text, first, end + _UUID_LENGTH)):
        return True
    for word in _HEXADECIMAL.finditer(text, max(0, start - 128), end + 128):
        if word.start() <= start and word.end() >= end:
            return len(word[0]) >= _SHORTEST_HASH and not word[0].isdecimal()
    return False
