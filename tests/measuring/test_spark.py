"""The shape of a series in a list: as much of it as everybody may see, and nothing else."""

from __future__ import annotations

import re
from datetime import date, timedelta
from fractions import Fraction
from xml.etree import ElementTree

from app.measuring.charts import Chart, analyse
from app.measuring.drawing import spark
from app.measuring.drawing.spark import HEIGHT, MOST, WIDTH
from app.measuring.points import ChartType, Point

FIRST = date(2026, 1, 5)


def chart(values: list[int | None]) -> Chart:
    points = [Point(FIRST + timedelta(7 * week), value=value) for week, value in enumerate(values)]
    return analyse(points, ChartType.RUN)


def curve_of(drawn: str) -> str:
    found = re.search(r'class="curve" d="([^"]*)"', drawn)
    assert found
    return found[1]


def test_the_curve_goes_through_every_value_within_the_picture() -> None:
    drawn = spark(chart([4, 8, 6, 7]))
    assert ElementTree.fromstring(str(drawn)).get("aria-hidden") == "true"
    places = [(float(x), float(y)) for x, y in re.findall(r"([\d.]+) ([\d.]+)", curve_of(drawn))]
    assert len(places) == 4
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in places)
    assert min(y for _, y in places) == places[1][1], "the highest value is highest up"


def test_a_gap_is_a_gap() -> None:
    assert curve_of(spark(chart([4, 8, None, 7]))).count("M") == 2


def test_values_that_are_all_alike_are_a_level_line() -> None:
    heights = set(re.findall(r" ([\d.]+)", curve_of(spark(chart([5, 5, 5])))))
    assert heights == {f"{HEIGHT // 2}"}


def test_small_groups_leave_no_trace_in_it() -> None:
    pairs = [(30, 40), (1, 4), (20, 40)]
    points = [
        Point(FIRST + timedelta(7 * week), numerator=Fraction(some), denominator=Fraction(of))
        for week, (some, of) in enumerate(pairs)
    ]
    assert len(re.findall("[ML]", curve_of(spark(analyse(points, ChartType.RUN))))) == 2
    assert spark(analyse(points[1:2], ChartType.RUN)) == ""


def test_of_a_long_series_the_last_values_are_drawn() -> None:
    assert len(re.findall("[ML]", curve_of(spark(chart(list(range(MOST + 40))))))) == MOST


def test_no_values_are_no_picture() -> None:
    assert spark(chart([None])) == ""
