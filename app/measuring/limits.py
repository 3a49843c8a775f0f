"""Centre lines and control limits, a function for each chart. Everything is exact until it is drawn.

Sources: Montgomery DC, Introduction to Statistical Quality Control, chapters 6 and 7 (i, mr, p, u, c); NIST/SEMATECH
e-Handbook of Statistical Methods, 6.3.2.2 and 6.3.3; Benneyan JC (2001), Number-between g-type statistical quality
control charts, Health Care Management Science 4(4): 305-318 (g); Nelson LS (1994), A control chart for
parts-per-million nonconforming items, Journal of Quality Technology 26(3): 239-240 (t); Nelson LS (1982), Control
charts for individual measurements, Journal of Quality Technology 14(3): 172-173 (screening).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from math import sqrt
from statistics import median

from app.measuring.points import ChartType

# The expected range of two values, in standard deviations, and the upper limit of ranges in mean ranges.
D2 = Fraction("1.128")
D4 = Fraction("3.267")
# Limits are drawn this many standard deviations from the middle.
SIGMAS = 3
# Times between rare events to the power of 1/3.6 vary as single values do.
POWER = 3.6
# Floats that differ less than this part of themselves may be the same number.
_NEAR = 1e-9


@dataclass(frozen=True)
class Observed:
    """A point as it is judged. ``value`` None: missing, suppressed or excluded. ``baseline``: the limits are made
    of it.
    """

    value: Fraction | None
    numerator: Fraction | None = None
    denominator: Fraction | None = None
    baseline: bool = True


@dataclass(frozen=True)
class Lines:
    """The lines of a stretch of points.

    ``centre``: the line that the rules of runs count from. ``middle``: what the limits lie around (differs for g).
    ``variances``: the variance at each point, None where there are no limits. ``floor``, ``ceiling``: cut the limits.
    ``shown``: what turns what is judged into what is drawn (t alone is judged in another scale). ``of_ranges``: for mr.
    """

    centre: Fraction | None
    middle: Fraction | None
    variances: tuple[Fraction | None, ...]
    floor: float | None = None
    ceiling: float | None = None
    shown: Callable[[float], float] = float
    of_ranges: bool = False

    @cached_property
    def drawn(self) -> float | None:
        """The centre line as it is drawn."""
        return None if self.centre is None else self.shown(float(self.centre))

    @cached_property
    def _floats(self) -> tuple[float, tuple[float | None, ...]]:
        """The middle and the variances as floats, which are asked for often: to make them of fractions takes time."""
        middle = 0.0 if self.middle is None else float(self.middle)
        return middle, tuple(None if one is None else float(one) for one in self.variances)

    def limits(self, place: int) -> tuple[float | None, float | None]:
        """The lower and the upper limit at a point, as they are drawn."""
        middle, variances = self._floats
        variance = variances[place]
        if variance is None or self.middle is None:
            return None, None
        away = SIGMAS * sqrt(variance)
        return self._cut(middle - away), self._cut(middle + away)

    def beyond(self, place: int, value: Fraction, sigmas: int = SIGMAS) -> int:
        """1 where the value is above the line so many standard deviations up, -1 below the one down, else 0. Exact."""
        variance = self.variances[place]
        if variance is None or self.middle is None:
            return 0
        distance = value - self.middle
        # Floats decide what is clear, and fractions, which take time, what is near the line.
        squared, far = float(distance) ** 2, sigmas**2 * (self._floats[1][place] or 0.0)
        if abs(squared - far) < _NEAR * max(squared, far):
            within = distance * distance <= sigmas * sigmas * variance
        else:
            within = squared <= far
        if within:
            return 0
        return 1 if distance > 0 else -1

    def _cut(self, limit: float) -> float:
        if self.floor is not None:
            limit = max(limit, self.floor)
        if self.ceiling is not None:
            limit = min(limit, self.ceiling)
        return self.shown(limit)


def lines(kind: ChartType, observed: Sequence[Observed], *, screened: bool = False) -> Lines:
    """The lines of a stretch. For t the values have to be ``transformed`` first, for mr they are the ``ranges``."""
    if kind in (ChartType.I, ChartType.T):
        return _individuals(observed, screened=screened, transformed=kind is ChartType.T)
    return _MADE[kind](observed)


def ranges(values: Sequence[Fraction | None]) -> list[Fraction | None]:
    """How far each value is from the one before; None for the first and where either is missing: nothing is joined
    across.
    """
    pairs = pairwise(values)
    found = [None if one is None or other is None else abs(other - one) for one, other in pairs]
    return [None, *found][: len(values)]


def transformed(value: Fraction) -> Fraction:
    """A time between events in the scale in which it is judged."""
    return Fraction(float(value) ** (1 / POWER))


def _time(judged: float) -> float:
    """The time that a value in that scale is, without the last digits, which only the two powers have made."""
    return float(f"{judged**POWER:.12g}")


def screened_mean(moving: Sequence[Fraction]) -> Fraction:
    """The mean of the moving ranges that are less than 3.267 times the mean of all. Where that would leave none,
    the mean of all.
    """
    ordinary = mean(moving)
    kept = [one for one in moving if one < D4 * ordinary]
    return mean(kept) if kept else ordinary


def mean(numbers: Sequence[Fraction]) -> Fraction:
    """The mean of at least one number."""
    return sum(numbers, Fraction()) / len(numbers)


def _base(observed: Sequence[Observed]) -> list[Fraction]:
    return [one.value for one in observed if one.baseline and one.value is not None]


def _none(observed: Sequence[Observed]) -> tuple[None, ...]:
    return (None,) * len(observed)


def _run(observed: Sequence[Observed]) -> Lines:
    """Run chart: the median, and no limits."""
    base = _base(observed)
    centre = median(base) if base else None
    return Lines(centre, centre, _none(observed))


def _individuals(observed: Sequence[Observed], *, screened: bool, transformed: bool) -> Lines:
    """Single values: mean ± 3 · (mean moving range / 1.128). No limits without a moving range."""
    base = _base(observed)
    centre = mean(base) if base else None
    moving = [one for one in ranges([one.value if one.baseline else None for one in observed]) if one is not None]
    variances: tuple[Fraction | None, ...] = _none(observed)
    if moving:
        sigma = (screened_mean(moving) if screened else mean(moving)) / D2
        variances = (sigma * sigma,) * len(observed)
    if transformed:
        return Lines(centre, centre, variances, floor=0.0, shown=_time)
    return Lines(centre, centre, variances)


def _moving(observed: Sequence[Observed]) -> Lines:
    """Moving ranges: their mean, 0 and 3.267 times the mean."""
    base = _base(observed)
    if not base:
        return Lines(None, None, _none(observed))
    centre = mean(base)
    sigma = (D4 - 1) * centre / SIGMAS
    return Lines(centre, centre, (sigma * sigma,) * len(observed), floor=0.0, of_ranges=True)


def _shares(observed: Sequence[Observed]) -> Lines:
    """Shares: all numerators by all denominators, ± 3 · √(p(1 − p)/n) with each point's own n, within 0 and 1."""
    p = _pooled(observed)
    if p is None:
        return Lines(None, None, _none(observed))
    one_of_them = p * (1 - p)
    variances = tuple(one_of_them / one.denominator if one.denominator else None for one in observed)
    return Lines(p, p, variances, floor=0.0, ceiling=1.0)


def _rates(observed: Sequence[Observed]) -> Lines:
    """Rates: all numerators by all denominators, ± 3 · √(u/n) with each point's own n, not below 0."""
    u = _pooled(observed)
    if u is None:
        return Lines(None, None, _none(observed))
    return Lines(u, u, tuple(u / one.denominator if one.denominator else None for one in observed), floor=0.0)


def _pooled(observed: Sequence[Observed]) -> Fraction | None:
    base = [one for one in observed if one.baseline and one.value is not None]
    below = sum((one.denominator for one in base if one.denominator), Fraction())
    return sum((one.numerator for one in base if one.numerator), Fraction()) / below if below else None


def _counts(observed: Sequence[Observed]) -> Lines:
    """Counts: the mean ± 3 · √mean, not below 0."""
    base = _base(observed)
    if not base:
        return Lines(None, None, _none(observed))
    centre = mean(base)
    return Lines(centre, centre, (centre,) * len(observed), floor=0.0)


def _cases_between(observed: Sequence[Observed]) -> Lines:
    """Cases between rare events: the median is drawn; the limits are m ± 3 · √(m(m + 1)) of the mean m, not below 0."""
    base = _base(observed)
    if not base:
        return Lines(None, None, _none(observed))
    middle = mean(base)
    return Lines(median(base), middle, (middle * (middle + 1),) * len(observed), floor=0.0)


_MADE: dict[ChartType, Callable[[Sequence[Observed]], Lines]] = {
    ChartType.RUN: _run,
    ChartType.MR: _moving,
    ChartType.P: _shares,
    ChartType.U: _rates,
    ChartType.C: _counts,
    ChartType.G: _cases_between,
}
