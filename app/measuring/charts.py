"""From points to a chart: what is shown at each, the lines, and what the rules say. Everything that is drawn or
said is here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

from app.measuring import judging, limits
from app.measuring.judging import State
from app.measuring.limits import Observed
from app.measuring.points import ChartType, Options, Phase, Point
from app.measuring.runs import Runs, runs, too_long

# Limits of fewer points than this move a lot with every new one.
PRELIMINARY = 12


class Signal(StrEnum):
    """What a rule says of a single point."""

    OUTSIDE = "outside"
    LONG_RUN = "long_run"


@dataclass(frozen=True)
class Mark:
    """A point of the chart. ``judged`` and ``side`` are what the rules see of it; the lines are as they are drawn.

    ``reason``: why it is excluded. Of a group that is too small to be shown nothing is here but the day.
    """

    on: date
    state: State
    value: float | None
    centre: float | None
    lower: float | None
    upper: float | None
    signals: tuple[Signal, ...] = ()
    side: int = 0
    judged: Fraction | None = None
    numerator: Fraction | None = None
    denominator: Fraction | None = None
    note: str = ""
    cycle: str = ""
    reason: str = ""

    @property
    def counts(self) -> bool:
        """Whether the rules count with it."""
        return self.judged is not None

    @property
    def outside(self) -> bool:
        """Whether it is outside the limits."""
        return Signal.OUTSIDE in self.signals


@dataclass(frozen=True)
class Stretch:
    """A phase of the chart: its marks, its lines and what the rules say of it. The first has no ``phase`` of its
    own. ``base``: the places of the marks that the lines are made of.
    """

    phase: Phase | None
    marks: tuple[Mark, ...]
    lines: limits.Lines
    runs: Runs
    base: tuple[int, ...]
    freeze: int | None = None

    @property
    def signal(self) -> bool:
        """Whether the rules say that something has changed, or that a point is not like the others."""
        return self.runs.signal or any(mark.outside for mark in self.marks)

    @cached_property
    def counted(self) -> tuple[Mark, ...]:
        """The marks that the rules count with."""
        return tuple(mark for mark in self.marks if mark.counts)

    @property
    def left_out(self) -> int:
        """How many points of the frozen baseline are excluded from it."""
        there = [mark for mark in self.marks if mark.value is not None][: self.freeze]
        return sum(mark.state is State.EXCLUDED for mark in there) if self.freeze else 0

    @property
    def preliminary(self) -> bool:
        """Whether the limits are made of so few points that they still move."""
        return len(self.base) < PRELIMINARY


@dataclass(frozen=True)
class Chart:
    """Everything that can be drawn, told or downloaded. ``remarks``: what a reader should know of the points, in
    Swedish.
    """

    kind: ChartType
    options: Options
    stretches: tuple[Stretch, ...]
    remarks: tuple[str, ...] = field(default=())

    @cached_property
    def marks(self) -> tuple[Mark, ...]:
        """Every mark, in the order of the days."""
        return tuple(mark for stretch in self.stretches for mark in stretch.marks)

    @property
    def now(self) -> Stretch:
        """The stretch that goes on."""
        return self.stretches[-1]

    @property
    def signal(self) -> bool:
        """Whether there is a signal in the stretch that goes on."""
        return self.now.signal


def analyse(points: Sequence[Point], kind: ChartType, options: Options | None = None) -> Chart:
    """The chart of the points, which may come in any order; points of the same day stay in the order they have.

    Raises NotPossible, in Swedish, where the points are not what such a chart is made of.
    """
    options = options or Options()
    ordered = sorted(points, key=lambda point: point.on)
    stretches = tuple(
        _stretch(part, kind, options, phase, options.freeze if phase is None else phase.freeze)
        for phase, part in _parted(ordered, options.phases)
    )
    return Chart(kind, options, stretches, tuple(_remarks(points, ordered, stretches, options)))


def _parted(ordered: Sequence[Point], phases: Sequence[Phase]) -> list[tuple[Phase | None, list[Point]]]:
    """The points of each phase. A phase that has no points yet is left out, unless there are none at all."""
    parts: list[tuple[Phase | None, list[Point]]] = [(None, [])]
    coming = sorted(phases, key=lambda phase: phase.begins)
    for point in ordered:
        while coming and coming[0].begins <= point.on:
            parts.append((coming.pop(0), []))
        parts[-1][1].append(point)
    return [(phase, part) for phase, part in parts if part] or parts[:1]


def _stretch(
    points: Sequence[Point], kind: ChartType, options: Options, phase: Phase | None, freeze: int | None
) -> Stretch:
    smallest = judging.smallest_group(points, kind, options)
    read = [judging.read(point, kind, smallest) for point in points]
    heights = judging.drawn(read, kind)
    judged, base = judging.frozen(judging.judged(read, kind), heights, freeze)
    lines = limits.lines(kind, judged, screened=options.screened)
    sides = [_side(one.value, lines.centre) for one in judged]
    long = too_long(sides)
    marks = tuple(
        _mark(*each, lines, place, long=place in long)
        for place, each in enumerate(zip(points, read, heights, judged, sides, strict=True))
    )
    if lines.of_ranges:
        marks = _with_ranges_to_excluded(marks)
    return Stretch(phase, marks, lines, runs(sides), base, freeze)


def _with_ranges_to_excluded(marks: Sequence[Mark]) -> tuple[Mark, ...]:
    """A moving range is between two values, so the one after an excluded value is excluded for its reason as well."""
    found = list(marks)
    for place, (before, here) in enumerate(pairwise(marks), 1):
        if here.state is State.SHOWN and not here.counts:
            found[place] = replace(here, state=State.EXCLUDED, reason=before.reason)
    return tuple(found)


def _side(value: Fraction | None, centre: Fraction | None) -> int:
    if value is None or centre is None:
        return 0
    # Of two fractions with denominators above 0 the products are in the same order; to compare them twice takes longer.
    apart = value.numerator * centre.denominator - centre.numerator * value.denominator
    return (apart > 0) - (apart < 0)


def _mark(
    point: Point,
    read: tuple[State, Observed],
    drawn: Fraction | None,
    judged: Observed,
    side: int,
    lines: limits.Lines,
    place: int,
    *,
    long: bool,
) -> Mark:
    state, seen = read
    if drawn is None and state in (State.SHOWN, State.EXCLUDED):
        # There is no moving range to the first value, nor to one after a value that is missing.
        state = State.MISSING
    hidden = state is State.SUPPRESSED
    lower, upper = lines.limits(place)
    outside = judged.value is not None and lines.beyond(place, judged.value) != 0
    return Mark(
        on=point.on,
        state=state,
        value=None if drawn is None else float(drawn),
        centre=lines.drawn,
        lower=lower,
        upper=upper,
        signals=_SIGNALS[outside, long],
        side=side,
        judged=judged.value,
        numerator=seen.numerator,
        denominator=seen.denominator,
        # What somebody has written beside it may tell of whom it is.
        note="" if hidden else point.note,
        cycle="" if hidden else point.cycle,
        reason=point.reason if state is State.EXCLUDED else "",
    )


_SIGNALS: dict[tuple[bool, bool], tuple[Signal, ...]] = {
    (False, False): (),
    (True, False): (Signal.OUTSIDE,),
    (False, True): (Signal.LONG_RUN,),
    (True, True): (Signal.OUTSIDE, Signal.LONG_RUN),
}


def _remarks(
    points: Sequence[Point], ordered: Sequence[Point], stretches: Sequence[Stretch], options: Options
) -> list[str]:
    """What a reader should know of the points."""
    remarks = []
    if [point.on for point in points] != [point.on for point in ordered]:
        remarks.append("Mätpunkterna stod inte i tidsordning. De är sorterade efter datum.")
    twice = [day.isoformat() for day, number in Counter(point.on for point in points).items() if number > 1]
    if twice:
        shown = ", ".join(twice[:3]) + (" med flera" if len(twice) > 3 else "")
        remarks.append(f"Samma datum finns på flera rader ({shown}). Alla är med, i den ordning de står.")
    states = Counter(mark.state for stretch in stretches for mark in stretch.marks)
    if hidden := states[State.SUPPRESSED]:
        remarks.append(f"{_points(hidden)} visas inte, eftersom gruppen är mindre än {options.smallest}.")
    if empty := states[State.EMPTY]:
        remarks.append(f"{_points(empty)} saknar värde, eftersom nämnaren är noll.")
    return remarks


def _points(number: int) -> str:
    return "En mätpunkt" if number == 1 else f"{number} mätpunkter"
