"""Putting two people's changes of the same text together, line by line (a three-way merge, as diff3 does it).

Pure. Nothing that either wrote vanishes: it stands in the merged text or in a collision, which a person decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.history.comparison import lines_of, matching


@dataclass(frozen=True)
class Agreed:
    """A stretch that nobody changed, or only one, or both in the same way."""

    text: str


@dataclass(frozen=True)
class Collision:
    """A stretch that both changed, differently: what it was, what they made of it, and what I did."""

    base: str
    theirs: str
    mine: str


@dataclass(frozen=True)
class Merged:
    """The text in pieces, in order."""

    pieces: tuple[Agreed | Collision, ...]

    @property
    def clean(self) -> bool:
        return not any(isinstance(piece, Collision) for piece in self.pieces)

    @property
    def text(self) -> str:
        """The merged text; where two collide, theirs and then mine, so that nothing is lost."""
        return "".join(
            piece.text if isinstance(piece, Agreed) else _one_after_the_other(piece.theirs, piece.mine)
            for piece in self.pieces
        )


@dataclass(frozen=True)
class _Change:
    """Lines ``start`` to ``end`` of the base became ``lines``."""

    start: int
    end: int
    lines: tuple[str, ...]


def merge(base: str, theirs: str, mine: str) -> Merged:
    """Both people's changes of ``base`` in one text. Changes that do not touch the same lines never collide."""
    lines = lines_of(base)
    changes = _changes(lines, lines_of(theirs)), _changes(lines, lines_of(mine))
    pieces: list[Agreed | Collision] = []
    done = 0
    for their_changes, my_changes in _clusters(*changes):
        together = [*their_changes, *my_changes]
        start, end = min(change.start for change in together), max(change.end for change in together)
        _agree(pieces, lines[done:start])
        their_lines = _applied(lines, start, end, their_changes)
        my_lines = _applied(lines, start, end, my_changes)
        if not my_changes or their_lines == my_lines:
            _agree(pieces, their_lines)
        elif not their_changes:
            _agree(pieces, my_lines)
        else:
            pieces.append(Collision(*("".join(part) for part in (lines[start:end], their_lines, my_lines))))
        done = end
    _agree(pieces, lines[done:])
    return Merged(tuple(pieces))


def _changes(base: Sequence[str], text: Sequence[str]) -> list[_Change]:
    codes = matching(base, text)
    return [_Change(start, end, tuple(text[new:new_end])) for tag, start, end, new, new_end in codes if tag != "equal"]


def _clusters(theirs: list[_Change], mine: list[_Change]) -> Iterator[tuple[list[_Change], list[_Change]]]:
    """Changes in the order of the base, those of both that touch the same lines together."""
    waiting = sorted(
        [(change, 0) for change in theirs] + [(change, 1) for change in mine],
        key=lambda one: (one[0].start, one[0].end, one[1]),
    )
    while waiting:
        cluster: tuple[list[_Change], list[_Change]] = ([], [])
        change, side = waiting.pop(0)
        cluster[side].append(change)
        end = change.end
        while waiting and _touches(cluster, end, *waiting[0]):
            change, side = waiting.pop(0)
            cluster[side].append(change)
            end = max(end, change.end)
        yield cluster


def _touches(cluster: tuple[list[_Change], list[_Change]], end: int, change: _Change, side: int) -> bool:
    if change.start < end:
        return True
    # Lines put in where the other also changed something: which comes first, nobody but a person can say.
    others = [other for other in cluster[1 - side] if other.end == change.start]
    return change.start == end and any(other.start == other.end or change.start == change.end for other in others)


def _applied(base: Sequence[str], start: int, end: int, changes: Sequence[_Change]) -> list[str]:
    lines: list[str] = []
    for change in changes:
        lines += [*base[start : change.start], *change.lines]
        start = change.end
    return [*lines, *base[start:end]]


def _agree(pieces: list[Agreed | Collision], lines: Sequence[str]) -> None:
    text = "".join(lines)
    if not text:
        return
    last = pieces[-1] if pieces else None
    if isinstance(last, Agreed):
        pieces[-1] = Agreed(last.text + text)
    else:
        pieces.append(Agreed(text))


def _one_after_the_other(theirs: str, mine: str) -> str:
    between = "\n" if theirs and mine and not theirs.endswith("\n") else ""
    return theirs + between + mine
