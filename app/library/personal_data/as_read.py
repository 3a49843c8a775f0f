"""A text as somebody reads it who looks for numbers: every dash is a dash, and what does not show is not there.

Only stretches that hold six digits or more with nothing but signs between them are looked at. Most of them are plain
and read as they stand. In the others full-width digits, soft hyphens, Markdown, tags, entities and percent signs are
read as what a page shows of them, and every character remembers where it came from.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Container, Iterator
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote

_ENTITY = r"&\#?\w{1,31};"
_PERCENT = r"%(?:25)*[0-9A-Fa-f]{2}"
_ESCAPE = r"\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}"
_TAG = r"<[^<>]{0,300}>"
_LINK = r"\]\([^()\s]{0,300}\)|\[\^[^\]\s]{1,20}\]"
_BETWEEN = rf"(?:{_ENTITY}|{_PERCENT}|{_ESCAPE}|{_TAG}|{_LINK}|[\W_])"
FEWEST_DIGITS = 6
# A stretch is read in pieces of so many digits; so many characters of it are read again with the next piece.
MOST_DIGITS = 5_000
_OVERLAP = 80
_STRETCH = re.compile(
    rf"(?<!\d)\d(?:{_BETWEEN}{{0,16}}+\d){{{FEWEST_DIGITS - 1},{MOST_DIGITS}}}+", re.VERBOSE | re.DOTALL
)
_GOES_ON = re.compile(rf"{_BETWEEN}{{0,16}}+\d", re.VERBOSE | re.DOTALL)
# The beginning of an escape whose last digits look like the first of a number: "%20880320-…".
_CUT_ESCAPE = re.compile(r"(?:%[0-9A-Fa-f]?|\\u[0-9A-Fa-f]{0,3}|\\x[0-9A-Fa-f]?)\Z")
_PLAIN = re.compile(r"[0-9 \n\t.,:;/|+=()!-]*+")
_TOKEN = re.compile(
    rf"""(?P<entity>{_ENTITY})|(?P<percent>(?:{_PERCENT})+)|(?P<escape>{_ESCAPE})|(?P<tag>{_TAG})|(?P<link>{_LINK})
    |(?P<line>(?:\r\n?|[\n\v\f\x85\u2028\u2029])[ \t>]*)|(?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_SIGN = re.compile(r"[\W_]")
_CELL_TAG = re.compile(r"</?t[dh]\b", re.IGNORECASE)
_LINE_TAG = re.compile(r"</?(?:br|p|div|li|tr|table)\b", re.IGNORECASE)
_RAISED_TAG = re.compile(r"</?su[bp]\b", re.IGNORECASE)

_MARKUP = frozenset("*_~`\\^[]\"'“”’")
_HIDDEN = frozenset(("Cf", "Cc", "Mn", "Me", "Cn", "Co", "Cs"))
# Dashes, hyphens and minus signs; compatibility normalisation makes one of only some of them.
DASHES = frozenset("-‐‑‒–—―−⁃˗֊᠆⸺⸻﹘﹣－⁻₋➖")
PLUSES = frozenset("+＋⁺₊﹢➕")
# What is read one for one: the stretches of ordinary texts hold nothing else that is not plain.
_SPACES = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_ONE_FOR_ONE = str.maketrans(dict.fromkeys(DASHES, "-") | dict.fromkeys(PLUSES, "+") | dict.fromkeys(_SPACES, " "))
GONE = "\0"
_UNREADABLE = "\ufffd"


@dataclass(frozen=True)
class Reading:
    """A stretch of text as it is read. ``spans`` says where each character of it stands; None: one for one."""

    shown: str
    start: int
    end: int
    spans: tuple[tuple[int, int], ...] | None = None

    @property
    def is_plain(self) -> bool:
        """Whether it is read as it stands."""
        return self.spans is None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where a part of what is read stands in the text."""
        if self.spans is None:
            return self.start + start, self.start + end
        return self.spans[start][0], self.spans[end - 1][1]

    def has_left_out(self, place: int) -> bool:
        """Whether something that does not show stands before a character."""
        return self.spans is not None and self.spans[place - 1][1] != self.spans[place][0]


def readings(text: str) -> Iterator[tuple[Reading, ...]]:
    """Every stretch that may hold a number, in the ways in which it can be read.

    A star or an invisible sign may stand inside a number or part two of them, so that both ways are tried.
    """
    place = 0
    while found := _STRETCH.search(text, place):
        start, end = found.span()
        escape = _CUT_ESCAPE.search(text, max(place, start - 5), start)
        yield _read(text, escape.start() if escape else start, end)
        place = end
        if _GOES_ON.match(text, end):
            signs = _SIGN.search(text, max(start + 1, end - _OVERLAP), end)
            place = signs.end() if signs else end


def _read(text: str, start: int, end: int) -> tuple[Reading, ...]:
    piece = text[start:end]
    plain = piece.translate(_ONE_FOR_ONE)
    if _PLAIN.fullmatch(plain):
        return (Reading(plain, start, end),)
    tokens = [
        (shown, start + token.start(), start + token.end())
        for token in _TOKEN.finditer(piece)
        for shown in _shown(token)
    ]
    characters = [(_one(one), place, place + 1) for place, one in enumerate(piece, start)]
    return _reading(tokens, _MARKUP | {GONE}), _reading(tokens, {GONE}), _reading(characters, ())


def _reading(tokens: list[tuple[str, int, int]], left_out: Container[str]) -> Reading:
    kept = [token for token in tokens if token[0] not in left_out]
    spans = tuple((begin, end) for _, begin, end in kept)
    return Reading("".join(shown for shown, _, _ in kept), tokens[0][1], tokens[-1][2], spans)


def _shown(token: re.Match[str]) -> str:
    """What a reader sees of a token: one character or more; GONE where nothing is seen."""
    written = token[0]
    match token.lastgroup:
        case "line":
            return "\n"
        case "entity":
            return "".join(map(_one, html.unescape(written)))
        case "percent":
            return _percent(written)
        case "escape":
            return _one(chr(int(written[2:], 16)))
        case "tag":
            return _tag(written)
        case "link":
            return GONE
    return _one(written)


def _percent(written: str) -> str:
    """What an escape in an address stands for, where that is a digit or a sign; otherwise it is no part of a number."""
    while "%25" in written:
        written = written.replace("%25", "%")
    shown = "".join(map(_one, unquote(written, errors="replace")))
    return _UNREADABLE if any(one.isalpha() or one == _UNREADABLE for one in shown) else shown


def _tag(written: str) -> str:
    if _CELL_TAG.match(written):
        return "|"
    if _LINE_TAG.match(written):
        return "\n"
    return _UNREADABLE if _RAISED_TAG.match(written) else GONE


@lru_cache(maxsize=4096)
def _one(character: str) -> str:
    """One character as it is read."""
    if character in "\n\t":
        return character
    if character in DASHES:
        return "-"
    if character in PLUSES:
        return "+"
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    if character.isspace():
        return " "
    if unicodedata.category(character) in _HIDDEN:
        return GONE
    plain = unicodedata.normalize("NFKC", character)
    return plain if len(plain) == 1 and not plain.isdecimal() else character
