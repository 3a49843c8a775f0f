"""What is used of each point before anything is computed: missing, too small and impossible are told apart here."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from fractions import Fraction

from app.measuring import limits
from app.measuring.limits import Observed
from app.measuring.points import ChartType, NotPossible, Number, Options, Point, exact


class State(StrEnum):
    """What becomes of a point."""

    SHOWN = "shown"
    MISSING = "missing"
    EXCLUDED = "excluded"
    # The group is so small that somebody could be recognised.
    SUPPRESSED = "suppressed"
    # There was nobody in the group.
    EMPTY = "empty"

    @property
    def swedish(self) -> str:
        """What the table says of it; nothing for what is shown."""
        return _STATES[self]


_STATES = {
    State.SHOWN: "",
    State.MISSING: "värde saknas",
    State.EXCLUDED: "undantagen",
    State.SUPPRESSED: "visas inte: för liten grupp",
    State.EMPTY: "ingen att mäta",
}


def check(point: Point, kind: ChartType) -> None:
    """Raises NotPossible, in Swedish, for a point that such a chart cannot have."""
    read(point, kind, 0)


def smallest_group(points: Sequence[Point], kind: ChartType, options: Options) -> int:
    """The smallest group that is shown. What a rate is divided by counts people only where it is whole numbers:
    decimals are time.
    """
    if kind is not ChartType.U:
        return options.smallest
    below = [exact(point.denominator) for point in points if point.denominator is not None]
    return 0 if any(one.denominator != 1 for one in below) else options.smallest


def read(point: Point, kind: ChartType, smallest: int) -> tuple[State, Observed]:
    """What a point is, and what may be used of it. Raises NotPossible if the chart cannot have it."""
    if kind.from_fractions and point.value is not None:
        raise NotPossible(f"{kind.swedish} behöver täljare och nämnare för varje mätpunkt, inte ett färdigt värde.")
    numerator, denominator = _exact(point.numerator), _exact(point.denominator)
    if (numerator is None) != (denominator is None) and point.value is None and kind is not ChartType.C:
        raise NotPossible(f"{point.on}: både täljare och nämnare behövs.")
    value = _exact(point.value)
    if value is None and kind is ChartType.C and denominator is None:
        value = numerator
    elif value is None and denominator is not None and numerator is not None:
        if kind in (ChartType.C, ChartType.G, ChartType.T):
            raise NotPossible(f"{kind.swedish} görs av färdiga värden, inte av täljare och nämnare.")
        _check_fraction(point, kind, numerator, denominator)
        if not denominator:
            return State.EMPTY, Observed(None)
        if denominator < smallest:
            return State.SUPPRESSED, Observed(None)
        value = numerator / denominator
    if value is None:
        return State.MISSING, Observed(None)
    _check_value(point, kind, value)
    state = State.EXCLUDED if point.excluded else State.SHOWN
    return state, Observed(value, numerator, denominator)


def _exact(number: Number | None) -> Fraction | None:
    return None if number is None else exact(number)


def _check_fraction(point: Point, kind: ChartType, numerator: Fraction, denominator: Fraction) -> None:
    # Of a fraction in its lowest terms the sign is that of its numerator: that takes less time to look at.
    if denominator.numerator < 0 or (numerator.numerator < 0 and kind.from_fractions):
        raise NotPossible(f"{point.on}: täljare och nämnare kan inte vara mindre än noll.")
    if not denominator and numerator:
        raise NotPossible(f"{point.on}: nämnaren är noll men täljaren är det inte.")
    if kind is ChartType.P and (numerator.denominator != 1 or denominator.denominator != 1):
        raise NotPossible(f"{point.on}: en andel görs av hela antal.")
    if kind is ChartType.P and numerator.numerator > denominator.numerator:
        raise NotPossible(f"{point.on}: täljaren är större än nämnaren, så det är ingen andel.")
    if kind is ChartType.U and numerator.denominator != 1:
        raise NotPossible(f"{point.on}: antalet händelser är inget helt tal.")


def _check_value(point: Point, kind: ChartType, value: Fraction) -> None:
    if kind in (ChartType.C, ChartType.G) and (value < 0 or value.denominator != 1):
        raise NotPossible(f"{point.on}: ett antal är ett helt tal som inte är mindre än noll.")
    if kind is ChartType.T and value <= 0:
        raise NotPossible(f"{point.on}: en tid mellan två händelser är större än noll.")


def judged(points: Sequence[tuple[State, Observed]], kind: ChartType) -> list[Observed]:
    """The points as they are judged: excluded ones are not, and mr and t judge something else than the values."""
    values = [one.value if state is State.SHOWN else None for state, one in points]
    if kind is ChartType.MR:
        values = limits.ranges(values)
    elif kind is ChartType.T:
        values = [None if value is None else limits.transformed(value) for value in values]
    return [Observed(value, one.numerator, one.denominator) for value, (_, one) in zip(values, points, strict=True)]


def drawn(points: Sequence[tuple[State, Observed]], kind: ChartType) -> list[Fraction | None]:
    """The value that each point is drawn at, excluded ones as well; for mr how far it is from the one before."""
    values = [one.value for _, one in points]
    return limits.ranges(values) if kind is ChartType.MR else values


def frozen(
    observed: Sequence[Observed], heights: Sequence[Fraction | None], freeze: int | None
) -> tuple[list[Observed], tuple[int, ...]]:
    """The same, with only what is among the first ``freeze`` that are drawn in the baseline; and the places of that.

    An excluded point keeps its place among them: otherwise the next one, from after the baseline, would slip in. Where
    fewer than two are left, and there is something to compare with, there is no baseline.
    """
    counted = [place for place, one in enumerate(observed) if one.value is not None]
    if freeze is None:
        return list(observed), tuple(counted)
    there = [place for place, height in enumerate(heights) if height is not None][:freeze]
    inside = set(there).intersection(counted)
    if len(inside) < 2 and len(inside) < len(counted):
        inside = set()
    marked = [
        Observed(one.value, one.numerator, one.denominator, baseline=place in inside)
        for place, one in enumerate(observed)
    ]
    return marked, tuple(sorted(inside))
