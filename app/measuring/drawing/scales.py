"""Where things lie: round figures up the side, days along the bottom, and labels that do not lie on each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import pairwise
from math import ceil, floor, log10

from app.measuring.charts import Chart
from app.measuring.judging import State
from app.measuring.points import ChartType
from app.measuring.wording import SHORT_MONTHS, Cadence, Scale, cadence

_STEPS = (1, 2, 2.5, 5, 10)
# Floats that lie nearer to each other cannot be told apart by steps between them.
_NOTHING = 1e-300


@dataclass(frozen=True)
class Upwards:
    """The figures up the side, from the lowest to the highest."""

    ticks: tuple[float, ...]
    decimals: int

    @property
    def low(self) -> float:
        return self.ticks[0]

    @property
    def high(self) -> float:
        return self.ticks[-1]


def upwards(charts: Sequence[Chart], lines: int = 5) -> Upwards:
    """Round figures for everything in the charts, from 0 where that leaves the lower half of the picture to be used."""
    shown = [one for chart in charts for one in _drawn(chart)]
    factor = Scale(charts[0]).factor if charts else 1
    low, high = (min(shown) * factor, max(shown) * factor) if shown else (0.0, 1.0)
    if 0 <= low <= high * 0.5:
        low = 0.0
    if high - low < _NOTHING:
        away = abs(high) * 0.1
        low, high = (low - away, high + away) if away > _NOTHING else (-0.1, 0.1)
    rough = (high - low) / lines
    power = 10.0 ** floor(log10(rough))
    step = next(one * power for one in _STEPS if one * power >= rough * (1 - 1e-9))
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    decimals = max(0, -floor(log10(step) + 1e-9)) + (1 if round(step / power, 6) == 2.5 else 0)
    return Upwards(tuple(place * step / factor for place in range(first, last + 1)), decimals)


def _drawn(chart: Chart) -> list[float]:
    """Every height that is drawn in a chart."""
    lines = [
        one for mark in chart.marks for one in (mark.value, mark.centre, mark.lower, mark.upper) if one is not None
    ]
    return [*lines, float(chart.options.target)] if chart.options.target is not None else lines


@dataclass(frozen=True)
class Along:
    """Where each mark lies along the bottom, in steps from the first, and what is written there.

    ``ends``: the first and the last day of several charts that share the axis; ``most``: how many steps it has then.
    """

    every: Cadence
    places: tuple[float, ...]
    even: bool
    ends: tuple[date, date] | None = None
    most: float = 0

    @cached_property
    def last(self) -> float:
        return self.most or max(self.places, default=0) or 1

    @cached_property
    def usual(self) -> float:
        """How many steps are between most marks and the one before."""
        steps = sorted(after - before for before, after in pairwise(self.places))
        return steps[len(steps) // 2] if steps else 1


def along_together(charts: Sequence[Chart]) -> list[Along]:
    """The same days along the bottom of several charts, one beside the other; for rare events as many places."""
    days = [mark.on for chart in charts for mark in chart.marks]
    if not days:
        return [along(chart) for chart in charts]
    every, ends = cadence(sorted(days)), (min(days), max(days))
    if any(chart.kind in _BY_NUMBER for chart in charts):
        most = float(max(len(chart.marks) for chart in charts) - 1)
        return [replace(_even(chart, every), most=most) for chart in charts]
    first, last = (step_of(day, every) for day in ends)
    return [
        Along(every, tuple(float(step_of(mark.on, every) - first) for mark in chart.marks), False, ends, last - first)
        for chart in charts
    ]


# Of these each place is an event, whenever it was.
_BY_NUMBER = (ChartType.G, ChartType.T)


def _even(chart: Chart, every: Cadence) -> Along:
    return Along(every, tuple(float(place) for place in range(len(chart.marks))), even=True)


def along(chart: Chart) -> Along:
    """Days lie where they are in time, so that what is missing is seen, unless they would lie on each other."""
    days = [mark.on for mark in chart.marks]
    every = cadence(days)
    even = _even(chart, every)
    if chart.kind in _BY_NUMBER or len(days) < 2:
        return even
    places = [float(step_of(day, every) - step_of(days[0], every)) for day in days]
    nearest = min(after - before for before, after in pairwise(places))
    if nearest <= 0 or (places[-1] / nearest > 4 * len(days)):
        return even
    return Along(every, tuple(places), even=False)


def step_of(day: date, every: Cadence) -> int:
    """The number of the day or period, so that periods that follow each other are one apart."""
    if every is Cadence.YEAR:
        return day.year
    if every in (Cadence.MONTH, Cadence.QUARTER):
        months = day.year * 12 + day.month - 1
        return months // 3 if every is Cadence.QUARTER else months
    return day.toordinal() // 7 if every is Cadence.WEEK else day.toordinal()


def joined(chart: Chart, where: Along, place: int) -> bool:
    """Whether the line goes on from the mark before to this one: neither is missing, and no period between them is."""
    before, here = chart.marks[place - 1], chart.marks[place]
    if before.state is not State.SHOWN or here.state is not State.SHOWN:
        return False
    if where.even or where.every is Cadence.DAY:
        return True
    return where.places[place] - where.places[place - 1] <= where.usual


def tick_words(day: date, every: Cadence) -> tuple[str, str]:
    """What is written below a mark: the day or period, and the year on a line of its own."""
    if every is Cadence.YEAR:
        return str(day.year), ""
    if every is Cadence.QUARTER:
        return f"kv {(day.month + 2) // 3}", str(day.year)
    if every is Cadence.MONTH:
        return SHORT_MONTHS[day.month - 1], str(day.year)
    if every is Cadence.WEEK:
        week = day.isocalendar()
        return f"v. {week.week}", str(week.year)
    return f"{day.day} {SHORT_MONTHS[day.month - 1]}", str(day.year)


def spread(wanted: Sequence[float], apart: float, low: float, high: float) -> list[float]:
    """The places, in the same order, moved as little as makes them ``apart`` and keeps them between ``low`` and
    ``high``.
    """
    order = sorted(range(len(wanted)), key=lambda one: wanted[one])
    placed: list[float] = []
    for one in order:
        placed.append(max(min(max(wanted[one], low), high), placed[-1] + apart if placed else low))
    for place in range(len(placed) - 1, -1, -1):
        ceiling = high if place == len(placed) - 1 else placed[place + 1] - apart
        placed[place] = min(placed[place], ceiling)
    found = [0.0] * len(wanted)
    for one, at in zip(order, placed, strict=True):
        found[one] = at
    return found
