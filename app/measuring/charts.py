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

from app.measuring import limits
from app.measuring.limits import Observed
from app.measuring.points import ChartType, NotPossible, Options, Phase, Point, exact
from app.measuring.runs import Runs, runs, too_long

# Limits of fewer points than this move a lot with every new one.
PRELIMINARY = 12


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


class Signal(StrEnum):
    """What a rule says of a single point."""

    OUTSIDE = "outside"
    LONG_RUN = "long_run"


@dataclass(frozen=True)
class Mark:
    """A point of the chart. ``judged`` and ``side`` are what the rules see of it; the lines are as they are drawn."""

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
    own.
    """

    phase: Phase | None
    marks: tuple[Mark, ...]
    lines: limits.Lines
    runs: Runs
    freeze: int | None = None

    @property
    def signal(self) -> bool:
        """Whether the rules say that something has changed, or that a point is not like the others."""
        return self.runs.signal or any(mark.outside for mark in self.marks)

    @property
    def counted(self) -> tuple[Mark, ...]:
        """The marks that the rules count with."""
        return tuple(mark for mark in self.marks if mark.counts)

    @property
    def preliminary(self) -> bool:
        """Whether the limits are made of so few points that they still move."""
        made_of = min(len(self.counted), self.freeze or PRELIMINARY)
        return made_of < PRELIMINARY


@dataclass(frozen=True)
class Chart:
    """Everything that can be drawn, told or downloaded. ``remarks``: what a reader should know of the points, in
    Swedish.
    """

    kind: ChartType
    options: Options
    stretches: tuple[Stretch, ...]
    remarks: tuple[str, ...] = field(default=())

    @property
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


def check(point: Point, kind: ChartType) -> None:
    """Raises NotPossible, in Swedish, for a point that such a chart cannot have."""
    _read(point, kind, 0)


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
    smallest = _smallest(points, kind, options)
    read = [_read(point, kind, smallest) for point in points]
    judged = _frozen(_judged(read, kind), freeze)
    lines = limits.lines(kind, judged, screened=options.screened)
    sides = [_side(one.value, lines.centre) for one in judged]
    marks = [_mark(*each, lines, place) for place, each in enumerate(zip(points, read, judged, strict=True))]
    long = too_long(sides)
    told = tuple(
        replace(mark, side=side, signals=(*mark.signals, *((Signal.LONG_RUN,) if place in long else ())))
        for place, (mark, side) in enumerate(zip(marks, sides, strict=True))
    )
    return Stretch(phase, told, lines, runs(sides), freeze)


def _smallest(points: Sequence[Point], kind: ChartType, options: Options) -> int:
    """The smallest group that is shown. What a rate is divided by counts people only where it is whole numbers:
    decimals are time.
    """
    below = [exact(point.denominator) for point in points if point.denominator is not None]
    if kind is ChartType.U and any(one.denominator != 1 for one in below):
        return 0
    return options.smallest


def _read(point: Point, kind: ChartType, smallest: int) -> tuple[State, Observed]:
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


def _exact(number: object) -> Fraction | None:
    return None if number is None else exact(number)  # type: ignore[arg-type]


def _check_fraction(point: Point, kind: ChartType, numerator: Fraction, denominator: Fraction) -> None:
    if denominator < 0 or (numerator < 0 and kind.from_fractions):
        raise NotPossible(f"{point.on}: täljare och nämnare kan inte vara mindre än noll.")
    if not denominator and numerator:
        raise NotPossible(f"{point.on}: nämnaren är noll men täljaren är det inte.")
    if kind is ChartType.P and (numerator.denominator != 1 or denominator.denominator != 1):
        raise NotPossible(f"{point.on}: en andel görs av hela antal.")
    if kind is ChartType.P and numerator > denominator:
        raise NotPossible(f"{point.on}: täljaren är större än nämnaren, så det är ingen andel.")
    if kind is ChartType.U and numerator.denominator != 1:
        raise NotPossible(f"{point.on}: antalet händelser är inget helt tal.")


def _check_value(point: Point, kind: ChartType, value: Fraction) -> None:
    if kind in (ChartType.C, ChartType.G) and (value < 0 or value.denominator != 1):
        raise NotPossible(f"{point.on}: ett antal är ett helt tal som inte är mindre än noll.")
    if kind is ChartType.T and value <= 0:
        raise NotPossible(f"{point.on}: en tid mellan två händelser är större än noll.")


def _judged(read: Sequence[tuple[State, Observed]], kind: ChartType) -> list[Observed]:
    """The points as they are judged: excluded ones are not, and mr and t judge something else than the values."""
    values = [one.value if state is State.SHOWN else None for state, one in read]
    if kind is ChartType.MR:
        values = limits.ranges(values)
    elif kind is ChartType.T:
        values = [None if value is None else limits.transformed(value) for value in values]
    return [Observed(value, one.numerator, one.denominator) for value, (_, one) in zip(values, read, strict=True)]


def _frozen(observed: Sequence[Observed], freeze: int | None) -> list[Observed]:
    """The same, with only the first ``freeze`` values in the baseline."""
    if freeze is None:
        return list(observed)
    left = freeze
    frozen = []
    for one in observed:
        frozen.append(Observed(one.value, one.numerator, one.denominator, baseline=left > 0))
        left -= one.value is not None
    return frozen


def _side(value: Fraction | None, centre: Fraction | None) -> int:
    if value is None or centre is None:
        return 0
    return (value > centre) - (value < centre)


def _mark(point: Point, read: tuple[State, Observed], judged: Observed, lines: limits.Lines, place: int) -> Mark:
    state, seen = read
    if state is State.SHOWN and judged.value is None:
        # There is no moving range to the first value, nor to one after a value that is missing.
        state = State.MISSING
    drawn = judged.value if lines.of_ranges else seen.value
    outside = judged.value is not None and lines.beyond(place, judged.value) != 0
    return Mark(
        on=point.on,
        state=state,
        value=None if drawn is None else float(drawn),
        centre=None if lines.centre is None else lines.shown(float(lines.centre)),
        lower=lines.lower(place),
        upper=lines.upper(place),
        signals=(Signal.OUTSIDE,) if outside else (),
        judged=judged.value,
        numerator=seen.numerator,
        denominator=seen.denominator,
        note=point.note,
        cycle=point.cycle,
    )


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
    if excluded := states[State.EXCLUDED]:
        remarks.append(f"{_points(excluded)} är {'undantagen' if excluded == 1 else 'undantagna'} och räknas inte.")
    return remarks


def _points(number: int) -> str:
    return "En mätpunkt" if number == 1 else f"{number} mätpunkter"
