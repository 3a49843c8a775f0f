"""Series of points for the tests, a month apart."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from app.measuring.points import Number, Point


def month(place: int) -> date:
    """The first day of the month at that place, from January 2020."""
    return date(2020 + place // 12, place % 12 + 1, 1)


def values(*numbers: Number | None) -> list[Point]:
    """A point for each value; None is missing."""
    return [Point(month(place), number) for place, number in enumerate(numbers)]


def fractions(numerators: Sequence[Number | None], denominators: Sequence[Number | None]) -> list[Point]:
    """A point for each pair."""
    pairs = zip(numerators, denominators, strict=True)
    return [Point(month(place), numerator=above, denominator=below) for place, (above, below) in enumerate(pairs)]
