"""Charts: what one costs, and how often rules see a change where there is none."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby

from app.measuring.charts import analyse
from app.measuring.drawing import WIDE, figure, glance, plot
from app.measuring.points import Annotation, Better, ChartType, Options, Point, exclude
from app.measuring.runs import runs

SERIES = 10_000


def sixty_points() -> list[Point]:
    """A share a day for sixty days, of groups that differ."""
    chance = random.Random(1)
    days = [date(2024, 3, 1) + timedelta(place) for place in range(60)]
    return [Point(day, numerator=chance.randrange(5, 20), denominator=chance.randrange(20, 90)) for day in days]


def sixty_weeks() -> list[Point]:
    """The same, a week apart, with a group that is too small and a point that is excluded."""
    first = date(2024, 1, 1)
    points = [replace(point, on=first + timedelta(weeks=place)) for place, point in enumerate(sixty_points())]
    points[30] = replace(points[30], numerator=2, denominator=4)
    return exclude(points, {points[40].on: "Systemet låg nere"})


def chart_ms() -> dict[str, float]:
    """CPU ms for sixty points: computed; and drawn; and drawn for a page, in two sizes and with words and table."""
    points, weeks = sixty_points(), sixty_weeks()
    cycles = tuple(Annotation(point.on, "Cykeln börjar") for point in weeks[10:50:8])
    everything = Options(target=0.4, better=Better.UP, freeze=20, freeze_note="Före", annotations=cycles)
    return {
        "chart of 60 points, computed": _ms(lambda: analyse(points, ChartType.P)),
        "  and drawn": _ms(lambda: plot(analyse(points, ChartType.P), WIDE)),
        "  for a page: two sizes, words and table": _ms(lambda: figure(analyse(points, ChartType.P))),
        "  with target, baseline, cycles and an excluded point": _ms(
            lambda: figure(analyse(weeks, ChartType.P, everything))
        ),
        "  for a project's page: one size": _ms(lambda: glance(analyse(points, ChartType.P))),
    }


def false_alarms(n: int) -> dict[str, float]:
    """Of a hundred series of n random numbers around their median, how many each rule calls changed."""
    chance = random.Random(n)
    anhoej = seven = 0
    for _ in range(SERIES):
        sides = _sides([chance.random() for _ in range(n)])
        anhoej += runs(sides).signal
        seven += max(len(list(run)) for _, run in groupby(side for side in sides if side)) >= 7
    return {"Anhøj's rules": 100 * anhoej / SERIES, "seven on one side": 100 * seven / SERIES}


def _sides(numbers: Sequence[float]) -> list[int]:
    centre = statistics.median(numbers)
    return [(number > centre) - (number < centre) for number in numbers]


def _ms(deed: Callable[[], object]) -> float:
    """CPU ms, the median of thirty times."""
    taken = []
    for _ in range(30):
        began = time.process_time()
        deed()
        taken.append((time.process_time() - began) * 1000)
    return statistics.median(taken)
