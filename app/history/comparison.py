"""Comparing two texts: lines that went, came and stayed, and within a changed line the words that differ."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

CONTEXT = 3
# Above this many lines (or words in a line) a coarser comparison is good enough, and much quicker.
LONG = 2000
_WORDS = re.compile(r"\w+|\s+|[^\w\s]")

LineSort = Literal["same", "removed", "added", "skipped"]


@dataclass(frozen=True)
class Piece:
    """A part of a line; ``changed`` where it is not in the other text."""

    text: str
    changed: bool = False


@dataclass(frozen=True)
class Line:
    """One line to show. ``old`` and ``new`` are its numbers in the texts, from 1; ``skipped`` counts lines left out."""

    sort: LineSort
    pieces: tuple[Piece, ...] = ()
    old: int | None = None
    new: int | None = None
    skipped: int = 0

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True)
class Comparison:
    """Two texts beside each other, long stretches without a change left out. ``added``, ``removed`` count lines."""

    lines: tuple[Line, ...]
    added: int
    removed: int

    @property
    def same(self) -> bool:
        return not self.added and not self.removed


def compare(old: str, new: str, context: int = CONTEXT) -> Comparison:
    """What differs between two texts, with ``context`` lines round each change. The kind of line break is no change."""
    before, after = ([line.rstrip("\r\n") for line in lines_of(text)] for text in (old, new))
    lines = tuple(_shortened(list(_lines(before, after)), context))
    return Comparison(
        lines,
        added=sum(line.sort == "added" for line in lines),
        removed=sum(line.sort == "removed" for line in lines),
    )


def lines_of(text: str) -> list[str]:
    """The lines of a text, each with its line break. (``str.splitlines`` would also break at rarer characters.)"""
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def matching(before: Sequence[str], after: Sequence[str]) -> list[tuple[str, int, int, int, int]]:
    """How one sequence becomes the other, as ``SequenceMatcher.get_opcodes`` tells it."""
    start = 0
    shorter = min(len(before), len(after))
    while start < shorter and before[start] == after[start]:
        start += 1
    end = 0
    while end < shorter - start and before[-1 - end] == after[-1 - end]:
        end += 1
    # What is the same at both ends is by far the most, and need not be searched.
    middle_before, middle_after = before[start : len(before) - end], after[start : len(after) - end]
    quick = len(middle_before) + len(middle_after) > LONG
    inner = SequenceMatcher(None, middle_before, middle_after, autojunk=quick).get_opcodes()
    codes: list[tuple[str, int, int, int, int]] = [("equal", 0, start, 0, start)] if start else []
    codes += [(tag, a + start, b + start, c + start, d + start) for tag, a, b, c, d in inner]
    if end:
        codes.append(("equal", len(before) - end, len(before), len(after) - end, len(after)))
    return codes


def _lines(before: Sequence[str], after: Sequence[str]) -> Iterator[Line]:
    for tag, old, old_end, new, new_end in matching(before, after):
        if tag == "equal":
            for offset in range(old_end - old):
                text = before[old + offset]
                yield Line("same", (Piece(text),), old + offset + 1, new + offset + 1)
        else:
            yield from _changed(before[old:old_end], after[new:new_end], old + 1, new + 1)


def _changed(before: Sequence[str], after: Sequence[str], old: int, new: int) -> Iterator[Line]:
    pairs = [_words_compared(one, other) for one, other in zip(before, after, strict=False)]
    for number, text in enumerate(before):
        pieces = pairs[number][0] if number < len(pairs) else (Piece(text, changed=True),)
        yield Line("removed", pieces, old=old + number)
    for number, text in enumerate(after):
        pieces = pairs[number][1] if number < len(pairs) else (Piece(text, changed=True),)
        yield Line("added", pieces, new=new + number)


def _words_compared(old: str, new: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """The two versions of a line, in pieces. Lines that have little in common are changed altogether."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    codes = matching(before, after) if len(before) + len(after) <= LONG else []
    alike = sum(len("".join(before[a:b]).strip()) for tag, a, b, _, _ in codes if tag == "equal")
    if 3 * alike < max(len(old.strip()), len(new.strip())):
        return (Piece(old, changed=True),), (Piece(new, changed=True),)
    left = (Piece("".join(before[a:b]), tag != "equal") for tag, a, b, _, _ in codes if b > a)
    right = (Piece("".join(after[c:d]), tag != "equal") for tag, _, _, c, d in codes if d > c)
    return tuple(left), tuple(right)


def _shortened(lines: Sequence[Line], context: int) -> Iterator[Line]:
    near = {
        close
        for number, line in enumerate(lines)
        if line.sort != "same"
        for close in range(number - context, number + context + 1)
    }
    skipped = 0
    for number, line in enumerate(lines):
        if number in near:
            if skipped:
                yield Line("skipped", skipped=skipped)
            skipped = 0
            yield line
        else:
            skipped += 1
    if skipped:
        yield Line("skipped", skipped=skipped)
