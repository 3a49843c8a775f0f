"""Excluded points: they are drawn and told with their reason, and nothing is computed of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from math import sqrt
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.measuring.charts import Chart, Mark, analyse
from app.measuring.drawing import NARROW, WIDE, as_csv, figure, plot, standalone, table
from app.measuring.drawing.frame import PANEL
from app.measuring.judging import State
from app.measuring.points import ChartType, Number, Options, Phase, Point, exclude
from app.measuring.sentence import conclude, sentence
from app.measuring.telling import as_json, as_text
from tests.measuring.series import fractions, month, values

WHY = "Systemet låg nere"
SINGLE = (ChartType.RUN, ChartType.I, ChartType.MR, ChartType.C, ChartType.G, ChartType.T)
# Of these every point counts by itself, so that an excluded one is as one that was never there.
POOLED = (ChartType.RUN, ChartType.C, ChartType.G, ChartType.P, ChartType.U)
FEW = (State.SHOWN, State.EXCLUDED)


def without(points: Sequence[Point], *places: int, why: str = WHY) -> list[Point]:
    """The points, those at some places excluded."""
    return exclude(points, {points[place].on: why for place in places})


def chart(kind: ChartType, points: Sequence[Point], *places: int, **options: object) -> Chart:
    return analyse(without(points, *places), kind, Options(**options))  # type: ignore[arg-type]


def lines(mark: Mark) -> tuple[float | None, float | None, float | None]:
    return mark.lower, mark.centre, mark.upper


# Each chart by hand


def test_the_median_is_of_the_others() -> None:
    """2, 4, (100), 4, 2."""
    of = chart(ChartType.RUN, values(2, 4, 100, 4, 2), 2)
    assert {lines(mark) for mark in of.marks} == {(None, 3, None)}
    assert (of.marks[2].state, of.marks[2].value, of.marks[2].signals) == (State.EXCLUDED, 100, ())
    assert of.now.runs.n_useful == 4


def test_no_moving_range_is_taken_to_an_excluded_value_nor_across_it() -> None:
    """2, 4, (100), 4, 2: mean 3, ranges 2 and 2; limits 3 ± 3 · 2/1.128."""
    of = chart(ChartType.I, values(2, 4, 100, 4, 2), 2)
    assert lines(of.marks[2]) == pytest.approx((3 - 6 / 1.128, 3, 3 + 6 / 1.128))
    across = chart(ChartType.I, values(2, 4, 100, 8, 6), 2)
    assert lines(across.marks[0]) == pytest.approx((5 - 6 / 1.128, 5, 5 + 6 / 1.128)), "4 to 8 would make it larger"


def test_both_moving_ranges_of_an_excluded_value_are_drawn_and_do_not_count() -> None:
    """1, 3, (100), 4, 8: the ranges 2, (97), (96), 4 have the mean 3."""
    of = chart(ChartType.MR, values(1, 3, 100, 4, 8), 2)
    assert [mark.value for mark in of.marks] == [None, 2, 97, 96, 4]
    assert [mark.state for mark in of.marks] == [State.MISSING, FEW[0], FEW[1], FEW[1], FEW[0]]
    assert [mark.reason for mark in of.marks] == ["", "", WHY, WHY, ""]
    assert lines(of.marks[1]) == pytest.approx((0, 3, 3 * 3.267))


@pytest.mark.parametrize(
    ("kind", "spread"), [(ChartType.P, 0.3 * 0.7 / 10), (ChartType.U, 0.3 / 10)], ids=["shares", "rates"]
)
def test_shares_and_rates_are_of_the_other_groups(kind: ChartType, spread: float) -> None:
    """(2 + 4)/(10 + 10), without 9 of 10."""
    of = chart(kind, fractions([2, 9, 4], [10, 10, 10]), 1)
    assert of.marks[0].centre == pytest.approx(0.3)
    assert of.marks[0].upper == pytest.approx(0.3 + 3 * sqrt(spread))
    assert of.marks[1].value == pytest.approx(0.9)
    assert [of.marks[1].numerator, of.marks[1].denominator] == [9, 10]
    assert not of.marks[1].outside


def test_counts_are_of_the_others() -> None:
    """9, 7, 11, (50): mean 9, limits 0 and 18."""
    of = chart(ChartType.C, values(9, 7, 11, 50), 3)
    assert lines(of.marks[0]) == pytest.approx((0, 9, 18))
    assert not of.signal


def test_cases_between_rare_events_are_of_the_others() -> None:
    """1, 2, 9, (500): median 2, mean 4; 4 ± 3 · √20."""
    of = chart(ChartType.G, values(1, 2, 9, 500), 3)
    assert lines(of.marks[0]) == pytest.approx((0, 2, 4 + 3 * sqrt(20)))


def test_times_between_rare_events_are_of_the_others() -> None:
    """1, 10, (900), 5, 20: of the roots the ranges from 1 to 10 and from 5 to 20."""
    roots = [one ** (1 / 3.6) for one in (1, 10, 5, 20)]
    mean, moving = sum(roots) / 4, (roots[1] - roots[0] + roots[3] - roots[2]) / 2
    of = chart(ChartType.T, values(1, 10, 900, 5, 20), 2)
    assert of.marks[0].centre == pytest.approx(mean**3.6)
    assert of.marks[0].upper == pytest.approx((mean + 3 * moving / 1.128) ** 3.6)
    assert of.marks[2].value == 900


def test_an_excluded_point_neither_lengthens_a_run_nor_ends_it() -> None:
    """Five times 1, 3; then 3 five times, once of which at 1 and excluded: the last 3 and four more are a run of 5."""
    of = chart(ChartType.RUN, values(*[1, 3] * 5, 3, 3, 1, 3, 3), 12, freeze=10)
    assert of.marks[12].side == 0
    assert of.now.runs.longest_run == 5
    assert of.now.runs.crossings == 9
    assert of.now.runs.n_useful == 14


def test_an_excluded_point_is_no_longer_outside_the_limits() -> None:
    series = values(*[9, 11] * 10, 30)
    assert [mark.outside for mark in analyse(series, ChartType.I).marks].count(True) == 1
    assert not any(mark.outside for mark in chart(ChartType.I, series, 20).marks)


# Few or none are left


@pytest.mark.parametrize("kind", ChartType)
def test_where_all_are_excluded_there_are_no_lines_and_it_is_said_why(kind: ChartType) -> None:
    points = fractions([2, 4, 3], [10, 10, 10]) if kind.from_fractions else values(2, 4, 3)
    of = chart(kind, points, 0, 1, 2)
    assert {lines(mark) for mark in of.marks} == {(None, None, None)}
    assert not of.signal
    assert "Alla mätpunkter är undantagna" in sentence(of)
    assert "inga mätvärden" not in sentence(of)
    for size in (WIDE, NARROW, PANEL):
        ET.fromstring(str(plot(of, size)))
    ET.fromstring(standalone(of).encode())


def test_where_too_few_are_left_it_is_said_how_many_more_are_needed() -> None:
    of = chart(ChartType.RUN, values(*[1, 3] * 5), 0, 1)
    assert not of.signal
    assert "För få mätpunkter" in sentence(of)
    assert "minst 2 till" in sentence(of)
    assert sentence(analyse(values(*[1, 3] * 5), ChartType.RUN)).startswith("Inget tyder på")


def test_an_excluded_point_keeps_its_place_in_the_frozen_baseline() -> None:
    """Frozen at 4: 2, (90), 4, 6 without the second, and not 50, which came when something had been changed."""
    of = chart(ChartType.RUN, values(2, 90, 4, 6, 50, 60), 1, freeze=4)
    assert of.marks[5].centre == 4
    assert of.now.base == (0, 2, 3)
    assert "de första 4 mätpunkterna, utom 1 som är undantagen" in str(figure(of))


def test_a_missing_value_still_uses_up_nothing_of_the_baseline() -> None:
    assert chart(ChartType.RUN, values(2, None, 4, 90, 6, 50), 3, freeze=4).now.base == (0, 2, 4)


@pytest.mark.parametrize("kind", SINGLE)
@pytest.mark.parametrize("places", [(0, 1, 2), (0, 1), (1, 2)])
def test_a_baseline_of_which_one_value_at_most_is_left_makes_no_lines(kind: ChartType, places: tuple[int, ...]) -> None:
    of = chart(kind, values(2, 3, 4, *[9, 8] * 10), *places, freeze=3)
    assert of.marks[10].centre is None
    assert not of.signal
    assert "Så många mätpunkter i baslinjen är undantagna" in sentence(of)
    assert "Linjerna bygger på" not in str(figure(of))


def test_limits_of_what_is_left_of_a_baseline_are_preliminary() -> None:
    series = values(*[9, 11] * 6, *[9, 11] * 4, 40)
    assert not chart(ChartType.I, series, freeze=12).now.preliminary
    few = chart(ChartType.I, series, 3, freeze=12)
    assert few.now.preliminary
    assert "bygger på bara 11 mätpunkter" in sentence(few)


def test_each_phase_is_of_its_own_points_without_the_excluded() -> None:
    phases = (Phase(month(3), "Ny remiss"),)
    of = analyse(without(values(1, 2, 99, 11, 99, 13), 2, 4), ChartType.RUN, Options(phases=phases))
    assert [mark.centre for mark in of.marks] == [1.5] * 3 + [12] * 3


def test_a_missing_value_and_a_small_group_stay_what_they_are() -> None:
    assert chart(ChartType.RUN, values(1, None), 1).marks[1].state is State.MISSING
    hidden = chart(ChartType.P, fractions([5, 3], [10, 4]), 1).marks[1]
    assert (hidden.state, hidden.reason) == (State.SUPPRESSED, "")


# What is seen and told


def test_it_is_told_everywhere_with_its_reason() -> None:
    of = chart(ChartType.I, values(*[9, 11] * 10, 30), 20)
    said = f"Undantagen, och ritad som ett kryss: september 2021 ({WHY})."
    assert said in sentence(of)
    described = ET.fromstring(str(plot(of))).find("{http://www.w3.org/2000/svg}desc")
    assert described is not None
    assert said in (described.text or "")
    assert said in str(figure(of))
    assert WHY in " ".join("".join(row.itertext()) for row in ET.fromstring(standalone(of).encode()))
    assert f"<td>30</td><td>10</td><td>4,7</td><td>15,3</td><td>Undantagen: {WHY}</td>" in str(table(of))
    assert as_csv(of).decode("utf-8-sig").splitlines()[-1].split(";")[5] == f"undantagen: {WHY}"
    assert f"undantagen: {WHY}" in as_text(of)
    assert as_json(of)["points"][-1] | {"state": "excluded", "reason": WHY} == as_json(of)["points"][-1]


def test_without_a_reason_only_the_point_is_told() -> None:
    of = analyse(without(values(*[9, 11] * 6), 4, why=""), ChartType.RUN)
    assert "Undantagen, och ritad som ett kryss: maj 2020." in sentence(of)
    assert "<td>Undantagen</td>" in str(table(of))


def test_of_many_the_latest_are_told_and_the_table_has_all() -> None:
    of = chart(ChartType.RUN, values(*[9, 11] * 10), 0, 1, 2, 3, 4)
    assert conclude(of).excluded == (
        f"Undantagna, och ritade som kryss: 2 tidigare, mars 2020 ({WHY}), april 2020 ({WHY}) och maj 2020 ({WHY})."
    )
    assert str(table(of)).count(WHY) == 5
    two = conclude(chart(ChartType.RUN, values(*[9, 11] * 10), 0, 1)).excluded
    assert two == f"Undantagna, och ritade som kryss: januari 2020 ({WHY}) och februari 2020 ({WHY})."


@pytest.mark.parametrize("size", [WIDE, NARROW, PANEL])
def test_it_is_drawn_as_a_cross_outside_the_curve(size: object) -> None:
    picture = ET.fromstring(str(plot(chart(ChartType.RUN, values(*[9, 11] * 10), 5), size)))  # type: ignore[arg-type]
    groups = {one.get("class"): list(one) for one in picture.iter("{http://www.w3.org/2000/svg}g")}
    assert len(groups["excluded"]) == 1
    assert (groups["excluded"][0].get("d") or "").count("M") == 2
    assert len(groups["dots"]) == 19
    curve = next(one for one in picture.iter() if one.get("class") == "curve")
    assert (curve.get("d") or "").count("M") == 2, "the line has a hole there"


# What holds for every series

SERIES = st.lists(st.integers(1, 1000), min_size=2, max_size=30)


def of_kind(kind: ChartType, numbers: Sequence[Number | None]) -> list[Point]:
    """A series for such a chart; of a hundred each where it is of pairs."""
    if kind.from_fractions:
        return fractions([None if one is None else int(one) % 100 for one in numbers], [100] * len(numbers))
    return values(*numbers)


def drawn(of: Chart, left_out: Collection[int]) -> list[object]:
    """All but what the excluded points themselves are."""
    return [
        (mark.centre, mark.lower, mark.upper, mark.side, mark.signals)
        for place, mark in enumerate(of.marks)
        if place not in left_out
    ]


@given(SERIES, st.sets(st.integers(0, 29)), st.integers(1, 1000), st.sampled_from(ChartType))
def test_what_an_excluded_point_is_moves_nothing_else(
    series: list[int], places: set[int], other: int, kind: ChartType
) -> None:
    places = {place % len(series) for place in places}
    another = [other if place in places else one for place, one in enumerate(series)]
    one, two = (chart(kind, of_kind(kind, numbers), *places) for numbers in (series, another))
    assert [lines(mark) for mark in one.marks] == [lines(mark) for mark in two.marks]
    assert one.now.runs == two.now.runs
    assert drawn(one, ()) == drawn(two, ())


@given(SERIES, st.sets(st.integers(0, 29)), st.sampled_from(POOLED))
def test_it_is_as_if_it_had_never_been_there(series: list[int], places: set[int], kind: ChartType) -> None:
    points = of_kind(kind, series)
    left = [point for place, point in enumerate(points) if place not in places]
    one, two = chart(kind, points, *(place for place in places if place < len(series))), analyse(left, kind)
    assert drawn(one, places) == drawn(two, ())
    assert one.now.runs == two.now.runs


@given(SERIES, st.sets(st.integers(0, 29)), st.sampled_from((ChartType.I, ChartType.MR, ChartType.T)))
def test_for_moving_ranges_it_is_as_if_it_were_missing(series: list[int], places: set[int], kind: ChartType) -> None:
    left_out = [place for place in places if place < len(series)]
    missing = [None if place in left_out else one for place, one in enumerate(series)]
    one, two = chart(kind, of_kind(kind, series), *left_out), analyse(of_kind(kind, missing), kind)
    assert drawn(one, ()) == drawn(two, ())
    assert one.now.runs == two.now.runs


@given(SERIES, st.sampled_from(ChartType))
def test_none_excluded_is_the_chart_as_it_was(series: list[int], kind: ChartType) -> None:
    points = of_kind(kind, series)
    assert exclude(points, {}) == points
    assert chart(kind, [replace(point, reason="") for point in points]) == analyse(points, kind)
