"""Each chart by hand, each option and each edge case."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.measuring.charts import Chart, Signal, analyse
from app.measuring.judging import State
from app.measuring.limits import screened_mean
from app.measuring.points import ChartType, NotPossible, Number, Options, Phase, Point
from tests.measuring.series import fractions, month, values

VALUE_CHARTS = (ChartType.RUN, ChartType.I, ChartType.MR, ChartType.C, ChartType.G, ChartType.T)


def lines(chart: Chart, place: int = 0) -> tuple[float | None, float | None, float | None]:
    mark = chart.marks[place]
    return mark.lower, mark.centre, mark.upper


def outside(chart: Chart) -> list[int]:
    return [place for place, mark in enumerate(chart.marks) if mark.outside]


# By hand


def test_a_run_chart_has_the_median_and_no_limits() -> None:
    assert lines(analyse(values(4, 1, 3, 10), ChartType.RUN)) == (None, 3.5, None)
    assert lines(analyse(values(4, 1, 3), ChartType.RUN)) == (None, 3, None)


def test_single_values_by_hand() -> None:
    """2, 4, 3, 7: mean 4; ranges 2, 1, 4, mean 7/3; limits 4 ± 3 · (7/3)/1.128."""
    chart = analyse(values(2, 4, 3, 7), ChartType.I)
    assert lines(chart) == pytest.approx((4 - 7 / 1.128, 4, 4 + 7 / 1.128))


def test_moving_ranges_by_hand() -> None:
    chart = analyse(values(2, 4, 3, 7), ChartType.MR)
    assert [mark.value for mark in chart.marks] == [None, 2, 1, 4]
    assert lines(chart) == pytest.approx((0, 7 / 3, 3.267 * 7 / 3))


def test_shares_by_hand() -> None:
    """(5 + 20 + 5)/(10 + 40 + 10) = 0.5; limits of 10: 0.5 ± 3 · √0.025, of 40: 0.5 ± 3 · √0.00625."""
    chart = analyse(fractions([5, 20, 5], [10, 40, 10]), ChartType.P)
    assert lines(chart) == pytest.approx((0.5 - 3 * sqrt(0.025), 0.5, 0.5 + 3 * sqrt(0.025)))
    assert lines(chart, 1) == pytest.approx((0.5 - 3 * sqrt(0.00625), 0.5, 0.5 + 3 * sqrt(0.00625)))


def test_limits_of_shares_are_cut_at_none_and_all() -> None:
    chart = analyse(fractions([9, 8, 10], [10, 10, 10]), ChartType.P)
    assert lines(chart)[2] == 1
    assert lines(analyse(fractions([1, 0, 2], [10, 10, 10]), ChartType.P))[0] == 0


def test_rates_by_hand() -> None:
    """(4 + 8)/(2.5 + 5) = 1.6; limits 1.6 ± 3 · √(1.6/2.5) = 1.6 ± 2.4, cut at 0."""
    chart = analyse(fractions([4, 8], [2.5, 5]), ChartType.U)
    assert lines(chart) == pytest.approx((0, 1.6, 4.0))
    assert lines(chart, 1) == pytest.approx((0, 1.6, 1.6 + 3 * sqrt(0.32)))


def test_counts_by_hand() -> None:
    assert lines(analyse(values(9, 7, 11), ChartType.C)) == pytest.approx((0, 9, 18))
    assert lines(analyse(values(16, 14, 18), ChartType.C)) == pytest.approx((4, 16, 28))


def test_a_count_on_the_limit_is_not_outside_it() -> None:
    """Mean 16, limits 4 and 28: both are exactly on them."""
    assert outside(analyse(values(4, 28, *[16] * 10), ChartType.C)) == []
    assert outside(analyse(values(3, 29, *[16] * 10), ChartType.C)) == [0, 1]


def test_cases_between_draw_the_median_and_have_limits_from_the_mean() -> None:
    """1, 2, 9: median 2, mean 4; 4 ± 3 · √20."""
    assert lines(analyse(values(1, 2, 9), ChartType.G)) == pytest.approx((0, 2, 4 + 3 * sqrt(20)))


def test_times_between_are_judged_as_their_root_and_drawn_as_they_are() -> None:
    power = 1 / 3.6
    roots = [one**power for one in (1, 10, 5, 20)]
    mean = sum(roots) / 4
    moving = sum(abs(after - before) for before, after in pairwise(roots)) / 3
    chart = analyse(values(1, 10, 5, 20), ChartType.T)
    assert [mark.value for mark in chart.marks] == [1, 10, 5, 20]
    assert lines(chart)[1:] == pytest.approx((mean**3.6, (mean + 3 * moving / 1.128) ** 3.6))
    assert lines(chart)[0] == pytest.approx(max(0, mean - 3 * moving / 1.128) ** 3.6)


def test_numbers_are_exact_so_that_a_tie_is_a_tie() -> None:
    """As floats, the mean of these is 0.19999999999999998, and no point would be on it."""
    chart = analyse(values(0.1, 0.2, 0.3, 0.2), ChartType.I)
    assert [mark.side for mark in chart.marks] == [-1, 0, 1, 0]
    assert analyse(values(Decimal("0.1"), Fraction(3, 10), 0.2), ChartType.I).marks[2].side == 0
    assert [mark.side for mark in analyse(fractions([1, 7, 49], [10, 70, 490]), ChartType.P).marks] == [0, 0, 0]


# Options


def test_the_baseline_can_be_frozen() -> None:
    chart = analyse(values(1, 3, 2, 9, 9, 9), ChartType.RUN, Options(freeze=3))
    assert lines(chart, 5) == (None, 2, None)
    chart = analyse(values(1, 3, 50, 60), ChartType.I, Options(freeze=2))
    assert lines(chart, 3) == pytest.approx((2 - 6 / 1.128, 2, 2 + 6 / 1.128))
    assert outside(chart) == [2, 3]
    shares = analyse(fractions([5, 5, 9], [10, 10, 10]), ChartType.P, Options(freeze=2))
    assert shares.marks[2].centre == 0.5


def test_a_frozen_baseline_may_be_longer_than_the_series_is_yet() -> None:
    assert analyse(values(1, 3, 2), ChartType.RUN, Options(freeze=12)).marks[0].centre == 2


@pytest.mark.parametrize("freeze", [1, 0, -3])
def test_a_baseline_of_one_point_is_refused(freeze: int) -> None:
    with pytest.raises(NotPossible, match="minst två mätpunkter"):
        Options(freeze=freeze)


def test_missing_values_do_not_use_up_the_baseline() -> None:
    assert analyse(values(1, None, 3, 50), ChartType.RUN, Options(freeze=2)).marks[3].centre == 2


def test_each_phase_has_lines_and_rules_of_its_own() -> None:
    options = Options(phases=(Phase(month(4), "Ny remiss"),))
    chart = analyse(values(1, 2, 3, 2, 11, 12, 13, 12), ChartType.RUN, options)
    assert [mark.centre for mark in chart.marks] == [2] * 4 + [12] * 4
    assert [len(stretch.marks) for stretch in chart.stretches] == [4, 4]
    assert chart.now.runs.n_useful == 2
    moving = analyse(values(1, 2, 3, 2, 11, 12, 13, 12), ChartType.MR, options)
    assert moving.marks[4].value is None, "from one phase to the next there is no moving range"


def test_a_phase_may_have_a_baseline_of_its_own() -> None:
    options = Options(freeze=2, phases=(Phase(month(3), "Ny remiss", freeze=2),))
    chart = analyse(values(1, 3, 9, 11, 13, 50), ChartType.RUN, options)
    assert [mark.centre for mark in chart.marks] == [2, 2, 2, 12, 12, 12]


def test_a_phase_without_a_reason_is_refused() -> None:
    with pytest.raises(NotPossible, match="varför"):
        Options(phases=(Phase(month(4), " "),))
    with pytest.raises(NotPossible, match="samma dag"):
        Options(phases=(Phase(month(4), "Ett"), Phase(month(4), "Två")))


def test_a_phase_that_nothing_is_measured_in_yet_changes_nothing() -> None:
    plain = analyse(values(1, 2, 3), ChartType.I)
    coming = analyse(values(1, 2, 3), ChartType.I, Options(phases=(Phase(month(30), "Sedan"),)))
    assert coming.marks == plain.marks
    assert len(coming.stretches) == 1
    before = analyse(values(1, 2, 3), ChartType.I, Options(phases=(Phase(date(2019, 1, 1), "Först"),)))
    assert before.marks == plain.marks


def test_large_moving_ranges_can_be_left_out_once() -> None:
    """Ranges 1, 1, 1, 1, 96, 96, 1 …: the mean of all is 16.6, and 96 is more than 3.267 times that."""
    numbers = [1, 2, 1, 2, 1, 97, 1, 2, 1, 2, 1, 2, 1]
    plain, screened = (analyse(values(*numbers), ChartType.I, Options(screened=one)) for one in (False, True))
    mean = sum(numbers) / 13
    assert lines(plain) == pytest.approx((mean - 3 * 202 / 12 / 1.128, mean, mean + 3 * 202 / 12 / 1.128))
    assert lines(screened) == pytest.approx((mean - 3 / 1.128, mean, mean + 3 / 1.128))


def test_a_target_must_be_a_number() -> None:
    with pytest.raises(NotPossible):
        Options(target=float("nan"))


# Edge cases


@pytest.mark.parametrize("kind", VALUE_CHARTS)
@pytest.mark.parametrize("screened", [False, True])
def test_a_constant_series_has_no_signal(kind: ChartType, screened: bool) -> None:
    chart = analyse(values(*[7] * 24), kind, Options(screened=screened))
    assert not chart.signal
    assert all(mark.signals == () for mark in chart.marks)
    if kind is ChartType.I:
        assert lines(chart) == (7, 7, 7)
    if kind is ChartType.T:
        assert lines(chart) == (7, 7, 7)


@pytest.mark.parametrize("kind", [ChartType.P, ChartType.U])
@pytest.mark.parametrize("above", [0, 3, 10])
def test_a_constant_share_has_no_signal(kind: ChartType, above: int) -> None:
    chart = analyse(fractions([above] * 24, [10] * 24), kind)
    assert not chart.signal
    assert chart.now.runs.n_useful == 0


def test_one_moving_range_that_would_be_screened_away_is_kept() -> None:
    assert screened_mean([Fraction(0)]) == 0
    assert screened_mean([Fraction(5)]) == 5
    chart = analyse(values(5, 5), ChartType.I, Options(screened=True))
    assert lines(chart) == (5, 5, 5)


@pytest.mark.parametrize("kind", [ChartType.RUN, ChartType.I, ChartType.P, ChartType.U])
def test_a_denominator_of_zero_keeps_its_place_and_does_not_count(kind: ChartType) -> None:
    chart = analyse(fractions([5, 0, 6], [10, 0, 10]), kind)
    assert [mark.state for mark in chart.marks] == [State.SHOWN, State.EMPTY, State.SHOWN]
    assert chart.marks[1].value is None
    assert any("nämnaren är noll" in remark for remark in chart.remarks)
    if kind is not ChartType.RUN:
        assert chart.marks[0].centre == pytest.approx(0.55)


def test_something_of_nothing_is_refused() -> None:
    with pytest.raises(NotPossible, match="nämnaren är noll"):
        analyse(fractions([1], [0]), ChartType.P)


def test_a_missing_month_keeps_its_place_and_nothing_is_joined_across() -> None:
    chart = analyse(values(1, 2, None, 9, 10), ChartType.I)
    assert [mark.on for mark in chart.marks] == [month(place) for place in range(5)]
    assert chart.marks[2].state is State.MISSING
    assert chart.marks[2].value is None
    assert lines(chart) == pytest.approx((5.5 - 3 / 1.128, 5.5, 5.5 + 3 / 1.128)), "ranges 1 and 1, not 7"
    moving = analyse(values(1, 2, None, 9, 10), ChartType.MR)
    assert [mark.value for mark in moving.marks] == [None, 1, None, None, 1]


def test_ties_with_the_centre_are_not_useful() -> None:
    chart = analyse(values(1, 2, 2, 3, 2), ChartType.RUN)
    assert chart.now.runs.n_useful == 2
    assert [mark.side for mark in chart.marks] == [-1, 0, 0, 1, 0]


@pytest.mark.parametrize("kind", list(ChartType))
def test_no_points_and_one_point_have_a_chart_without_limits(kind: ChartType) -> None:
    empty = analyse([], kind)
    assert empty.marks == ()
    assert not empty.signal
    one = analyse(fractions([5], [10]) if kind.from_fractions else values(5), kind)
    assert len(one.marks) == 1
    assert not one.signal
    if kind in (ChartType.I, ChartType.T, ChartType.RUN):
        assert (one.marks[0].lower, one.marks[0].upper) == (None, None)
    if kind is ChartType.I:
        assert one.marks[0].centre == 5


@pytest.mark.parametrize("kind", [ChartType.RUN, ChartType.I, ChartType.P, ChartType.U])
def test_a_group_under_five_is_suppressed_before_anything_is_computed(kind: ChartType) -> None:
    chart = analyse(fractions([5, 4, 6, 5], [10, 4, 12, 10]), kind)
    hidden = chart.marks[1]
    assert hidden.state is State.SUPPRESSED
    assert (hidden.value, hidden.judged, hidden.numerator, hidden.denominator) == (None, None, None, None)
    without = analyse(fractions([5, None, 6, 5], [10, None, 12, 10]), kind)
    assert [mark.centre for mark in chart.marks] == [mark.centre for mark in without.marks]
    assert (hidden.lower, hidden.upper) == (without.marks[1].lower, without.marks[1].upper)
    assert any("mindre än 5" in remark for remark in chart.remarks)


def test_how_small_a_group_may_be_is_the_measures_to_say() -> None:
    points = fractions([4, 4], [7, 8])
    assert [mark.state for mark in analyse(points, ChartType.P, Options(smallest=8)).marks] == [
        State.SUPPRESSED,
        State.SHOWN,
    ]
    assert all(mark.value for mark in analyse(fractions([1], [2]), ChartType.P, Options(smallest=0)).marks)


def test_what_is_no_group_of_people_is_not_suppressed() -> None:
    """1.5 thousand hours are not one and a half persons."""
    assert all(mark.value for mark in analyse(fractions([4, 5], [1.5, 2]), ChartType.U).marks)
    assert not any(mark.value for mark in analyse(fractions([4, 5], [1, 2]), ChartType.U).marks)


def test_days_out_of_order_are_sorted_and_told() -> None:
    points = values(1, 2, 3, 4)
    chart = analyse([points[2], points[0], points[3], points[1]], ChartType.I)
    assert chart.marks == analyse(points, ChartType.I).marks
    assert "sorterade" in chart.remarks[0]


def test_two_points_of_a_day_are_both_there_in_their_order_and_told() -> None:
    day = date(2024, 3, 1)
    chart = analyse([Point(day, 5), Point(day, 3), Point(date(2024, 2, 1), 4)], ChartType.RUN)
    assert [mark.value for mark in chart.marks] == [4, 5, 3]
    assert any("2024-03-01" in remark for remark in chart.remarks)


def test_very_large_and_negative_numbers_are_charted() -> None:
    chart = analyse(values(-1e15, 1e15, -5, 0.000001), ChartType.I)
    assert chart.marks[0].value == -1e15
    assert chart.marks[0].centre == pytest.approx((-5 + 0.000001) / 4)
    assert lines(analyse(values(-4, -2, -6), ChartType.I)) == pytest.approx((-4 - 9 / 1.128, -4, -4 + 9 / 1.128))
    for number in (1e16, float("inf"), float("nan"), 10**400):
        with pytest.raises(NotPossible):
            analyse(values(1, number), ChartType.I)


@pytest.mark.parametrize(
    ("kind", "points", "why"),
    [
        (ChartType.C, values(1.5), "helt tal"),
        (ChartType.C, values(-1), "mindre än noll"),
        (ChartType.C, fractions([1], [9]), "färdiga värden"),
        (ChartType.G, values(-1), "mindre än noll"),
        (ChartType.T, values(0), "större än noll"),
        (ChartType.T, values(-2), "större än noll"),
        (ChartType.P, values(0.5), "täljare och nämnare"),
        (ChartType.U, values(0.5), "täljare och nämnare"),
        (ChartType.P, fractions([11], [10]), "större än nämnaren"),
        (ChartType.P, fractions([1.5], [10]), "hela antal"),
        (ChartType.P, fractions([-1], [10]), "mindre än noll"),
        (ChartType.P, fractions([None], [10]), "både"),
        (ChartType.P, fractions([1], [-10]), "mindre än noll"),
        (ChartType.U, fractions([1.5], [10]), "helt tal"),
        (ChartType.I, fractions([1], [None]), "både"),
    ],
)
def test_points_that_such_a_chart_is_not_made_of_are_refused(kind: ChartType, points: list[Point], why: str) -> None:
    with pytest.raises(NotPossible, match=why):
        analyse(points, kind)


def test_a_long_run_is_marked_at_each_of_its_points() -> None:
    chart = analyse(values(*[1, 3] * 5, *[5] * 10), ChartType.RUN, Options(freeze=10))
    assert chart.now.runs.longest_run == 11, "the last 3 and ten 5"
    marked = [place for place, mark in enumerate(chart.marks) if Signal.LONG_RUN in mark.signals]
    assert marked == list(range(9, 20))
    assert chart.signal


def test_limits_are_preliminary_until_twelve_points() -> None:
    assert analyse(values(*range(11)), ChartType.I).now.preliminary
    assert not analyse(values(*range(12)), ChartType.I).now.preliminary
    assert analyse(values(*range(30)), ChartType.I, Options(freeze=8)).now.preliminary


# What holds for every series

numbers = st.lists(st.integers(-1000, 1000), min_size=2, max_size=40)


@given(numbers, st.integers(-500, 500), st.sampled_from([ChartType.RUN, ChartType.I]))
def test_shifting_every_value_shifts_the_lines_and_changes_no_signal(
    series: list[int], shift: int, kind: ChartType
) -> None:
    plain, moved = analyse(values(*series), kind), analyse(values(*[one + shift for one in series]), kind)
    for one, other in zip(plain.marks, moved.marks, strict=True):
        assert one.signals == other.signals
        for line in ("value", "centre", "lower", "upper"):
            before, after = getattr(one, line), getattr(other, line)
            assert after == (None if before is None else pytest.approx(before + shift, abs=1e-6))
    assert plain.now.runs == moved.now.runs


@given(numbers, st.integers(1, 50), st.sampled_from([ChartType.RUN, ChartType.I, ChartType.MR]))
def test_scaling_every_value_scales_the_lines_and_changes_no_signal(
    series: list[int], factor: int, kind: ChartType
) -> None:
    scale = Fraction(factor, 7)
    plain, scaled = analyse(values(*series), kind), analyse(values(*[one * scale for one in series]), kind)
    for one, other in zip(plain.marks, scaled.marks, strict=True):
        assert one.signals == other.signals
        for line in ("value", "centre", "lower", "upper"):
            before, after = getattr(one, line), getattr(other, line)
            assert after == (None if before is None else pytest.approx(before * float(scale), abs=1e-6))
    assert plain.now.runs == scaled.now.runs


@given(numbers, st.sampled_from([ChartType.RUN, ChartType.I]))
def test_a_mirrored_series_has_the_same_signals(series: list[int], kind: ChartType) -> None:
    plain, mirrored = analyse(values(*series), kind), analyse(values(*[-one for one in series]), kind)
    assert [mark.signals for mark in plain.marks] == [mark.signals for mark in mirrored.marks]
    assert [mark.side for mark in plain.marks] == [-mark.side for mark in mirrored.marks]


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(5, 60)), min_size=2, max_size=30), st.integers(2, 9))
def test_more_of_everybody_moves_no_share_and_narrows_the_limits(pairs: list[tuple[int, int]], times: int) -> None:
    above, below = [min(pair) for pair in pairs], [pair[1] for pair in pairs]
    plain = analyse(fractions(above, below), ChartType.P)
    more = analyse(fractions([one * times for one in above], [one * times for one in below]), ChartType.P)
    for one, other in zip(plain.marks, more.marks, strict=True):
        assert (one.value, one.side) == (other.value, other.side)
        assert one.centre == pytest.approx(other.centre)
        assert (other.upper or 0) <= (one.upper or 0) + 1e-12
        assert (other.lower or 0) >= (one.lower or 0) - 1e-12


@given(st.lists(st.integers(0, 50), min_size=1, max_size=30), st.randoms())
def test_the_order_in_which_days_are_given_changes_nothing(series: list[int], chance: object) -> None:
    points = [Point(date(2024, 1, 1) + timedelta(place), number) for place, number in enumerate(series)]
    shuffled = list(points)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert analyse(shuffled, ChartType.I).marks == analyse(points, ChartType.I).marks


@given(st.lists(st.one_of(st.none(), st.integers(0, 50)), max_size=30), st.sampled_from(VALUE_CHARTS))
def test_values_are_never_changed_by_what_is_made_of_them(series: list[Number | None], kind: ChartType) -> None:
    if kind is ChartType.T:
        series = [None if one is None else one + 1 for one in series]
    if kind is not ChartType.MR:
        assert [mark.value for mark in analyse(values(*series), kind).marks] == series
