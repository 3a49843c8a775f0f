"""What the two icons say: how the last point varies, and whether the target can be counted on.

The rules are those of NHS England's Making Data Count, used for nothing else: they cry wolf too often to decide whether
something has changed. Seven points on one side alone are found in 6 of 100 series of 24 points without a change, and in
14 of 36 points; Anhøj's rules find 3 and 4 (``make bench``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from app.measuring.charts import Chart, Mark, Stretch
from app.measuring.points import Better, ChartType, exact

ON_ONE_SIDE = 7
IN_A_TREND = 7
# Two of three points this many standard deviations from the middle, on the same side.
NEAR_THE_LIMIT = 2


class Variation(StrEnum):
    """The last point. The value names the icon."""

    COMMON = "common"
    BETTER_HIGH = "better_high"
    BETTER_LOW = "better_low"
    WORSE_HIGH = "worse_high"
    WORSE_LOW = "worse_low"
    HIGH = "high"
    LOW = "low"

    @property
    def swedish(self) -> str:
        """What the icon says in words."""
        return _VARIATION[self]


class Assurance(StrEnum):
    """The target and the limits. The value names the icon."""

    PASSES = "passes"
    FAILS = "fails"
    BY_CHANCE = "by_chance"

    @property
    def swedish(self) -> str:
        """What the icon says in words."""
        return _ASSURANCE[self]


_VARIATION = {
    Variation.COMMON: "Vanlig variation: det senaste värdet avviker inte",
    Variation.BETTER_HIGH: "Förbättring: de senaste värdena är ovanligt höga",
    Variation.BETTER_LOW: "Förbättring: de senaste värdena är ovanligt låga",
    Variation.WORSE_HIGH: "Försämring: de senaste värdena är ovanligt höga",
    Variation.WORSE_LOW: "Försämring: de senaste värdena är ovanligt låga",
    Variation.HIGH: "De senaste värdena är ovanligt höga",
    Variation.LOW: "De senaste värdena är ovanligt låga",
}
_ASSURANCE = {
    Assurance.PASSES: "Målet nås varje gång, om inget ändras",
    Assurance.FAILS: "Målet nås inte utan att något ändras",
    Assurance.BY_CHANCE: "Målet nås ibland, av en slump",
}


@dataclass(frozen=True)
class Icons:
    """What the icons say. ``preliminary``: there are fewer than twelve points, so the limits still move."""

    variation: Variation | None
    assurance: Assurance | None
    preliminary: bool


def icons(chart: Chart) -> Icons:
    """The icons of a chart; None for those that the chart has not enough for. Run charts and moving ranges have
    none.
    """
    stretch = chart.now
    if chart.kind in (ChartType.RUN, ChartType.MR) or not stretch.counted or stretch.counted[-1].upper is None:
        return Icons(None, None, stretch.preliminary)
    return Icons(_variation(chart, stretch), _assurance(chart, stretch.counted[-1]), stretch.preliminary)


def _variation(chart: Chart, stretch: Stretch) -> Variation | None:
    way = direction(stretch)
    if not way:
        # Of a few points nobody can say that nothing has happened.
        return Variation.COMMON if stretch.runs.enough else None
    better = {Better.UP: 1, Better.DOWN: -1, Better.NEUTRAL: 0}[chart.options.better]
    if not better:
        return Variation.HIGH if way > 0 else Variation.LOW
    if way == better:
        return Variation.BETTER_HIGH if way > 0 else Variation.BETTER_LOW
    return Variation.WORSE_HIGH if way > 0 else Variation.WORSE_LOW


def direction(stretch: Stretch) -> int:
    """Which way the last point of a stretch is unusual: 1 up, -1 down, 0 not at all. The strongest rule decides."""
    marks = stretch.counted
    places = {id(mark): place for place, mark in enumerate(stretch.marks)}

    def beyond(mark: Mark, sigmas: int) -> int:
        return stretch.lines.beyond(places[id(mark)], mark.judged, sigmas) if mark.judged is not None else 0

    last = marks[-1]
    return (
        beyond(last, 3)
        or _same([mark.side for mark in marks[-ON_ONE_SIDE:]], ON_ONE_SIDE)
        or _two_of_three([beyond(mark, NEAR_THE_LIMIT) for mark in marks[-3:]])
        or _trend(marks[-IN_A_TREND:])
    )


def _same(sides: Sequence[int], wanted: int) -> int:
    """The side that all of so many points are on."""
    return sides[0] if len(sides) == wanted and len(set(sides)) == 1 else 0


def _two_of_three(sides: Sequence[int]) -> int:
    """The side that the last of three points and another of them are near the limit on."""
    return sides[-1] if len(sides) == 3 and sides[-1] and sides.count(sides[-1]) >= 2 else 0


def _trend(marks: Sequence[Mark]) -> int:
    """The way that so many points all go."""
    values = [mark.judged for mark in marks if mark.judged is not None]
    pairs = list(pairwise(values))
    return _same([(after > before) - (after < before) for before, after in pairs], IN_A_TREND - 1)


def _assurance(chart: Chart, last: Mark) -> Assurance | None:
    if (
        chart.options.target is None
        or chart.options.better is Better.NEUTRAL
        or last.lower is None
        or last.upper is None
    ):
        return None
    target = float(exact(chart.options.target))
    if last.lower < target < last.upper:
        return Assurance.BY_CHANCE
    passes = target <= last.lower if chart.options.better is Better.UP else target >= last.upper
    return Assurance.PASSES if passes else Assurance.FAILS
