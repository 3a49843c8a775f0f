"""HTML comments in Markdown: notes to those who write, which nobody reads on the page."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

# What is indented is code as well, and what is escaped begins none.
_TOKEN = re.compile(
    r"^(?P<fence>~{3,}|`{3,})[^\n`]*$|^(?: {4}|\t)[^\n]*$|\\[\\`]|(?P<ticks>`+)|(?P<comment><!--)", re.MULTILINE
)
_FENCE_END = re.compile(r"^(?P<fence>~{3,}|`{3,})[ \t\r]*$", re.MULTILINE)
_TICKS = re.compile(r"`+")
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n")


def without_comments(text: str) -> str:
    """The text without its comments; lines stay where they are. What stands in code, or never ends, is no comment."""
    if "<!--" not in text:
        return text
    pieces, begin = [], 0
    for start, end in _comments(text):
        pieces += [text[begin:start], "\n" * text.count("\n", start, end)]
        begin = end
    return "".join([*pieces, text[begin:]])


def _comments(text: str) -> Iterator[tuple[int, int]]:
    """Where comments begin and end. Every end is looked up, so that the time does not grow with the square."""
    fences, ticks = _ends(_FENCE_END, text, "fence"), _ends(_TICKS, text, 0)
    blanks = [found.start() for found in _BLANK_LINE.finditer(text)]
    last = text.rfind("-->")
    place = 0
    while found := _TOKEN.search(text, place):
        place = found.end()
        if found["fence"]:
            place = _after(fences.get(found["fence"], []), place, len(text)) or place
        elif found["ticks"]:
            paragraph = bisect_left(blanks, place)
            until = blanks[paragraph] if paragraph < len(blanks) else len(text)
            place = _after(ticks.get(found["ticks"], []), place, until) or place
        elif found["comment"] and place <= last:
            place = text.find("-->", place) + len("-->")
            yield found.start(), place


def _ends(pattern: re.Pattern[str], text: str, group: str | int) -> dict[str, list[tuple[int, int]]]:
    ends: dict[str, list[tuple[int, int]]] = {}
    for found in pattern.finditer(text):
        ends.setdefault(found[group], []).append(found.span())
    return ends


def _after(ends: Sequence[tuple[int, int]], place: int, until: int) -> int | None:
    """Where the first of some ends that begins at a place or later is over; None if there is none before ``until``."""
    number = bisect_left(ends, (place, 0))
    return ends[number][1] if number < len(ends) and ends[number][0] < until else None
