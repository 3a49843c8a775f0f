"""What differs between two tables of values, day by day. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from app.kinds.projects.table import in_order
from app.measuring.points import Point


@dataclass(frozen=True)
class DayChange:
    """A day on which two tables say different things; no points: the day is not in the table."""

    on: date
    before: tuple[Point, ...]
    after: tuple[Point, ...]

    @property
    def sort(self) -> str:
        """What became of the day, as a word."""
        if not self.before:
            return "ny"
        return "ändrad" if self.after else "borttagen"


def changes(before: Sequence[Point], after: Sequence[Point]) -> list[DayChange]:
    """The days that differ, in their order."""
    was, now = _by_day(before), _by_day(after)
    days = sorted(was.keys() | now.keys())
    return [DayChange(on, was.get(on, ()), now.get(on, ())) for on in days if was.get(on) != now.get(on)]


def _by_day(points: Sequence[Point]) -> dict[date, tuple[Point, ...]]:
    return {on: tuple(of_day) for on, of_day in groupby(in_order(points), lambda point: point.on)}


def in_words(before: Sequence[Point], after: Sequence[Point]) -> Iterator[str]:
    """How many days are new, have got other figures and are gone."""
    found = changes(before, after)
    figures = sum(one.sort == "ändrad" and _figures(one.before) != _figures(one.after) for one in found)
    if new := sum(one.sort == "ny" for one in found):
        yield f"{new} {'nytt datum' if new == 1 else 'nya datum'}"
    if figures:
        yield f"{figures} {'ändrat värde' if figures == 1 else 'ändrade värden'}"
    if gone := sum(one.sort == "borttagen" for one in found):
        yield f"{gone} {'borttaget datum' if gone == 1 else 'borttagna datum'}"


def _figures(points: Sequence[Point]) -> list[tuple[object, ...]]:
    return [(point.value, point.numerator, point.denominator) for point in points]
