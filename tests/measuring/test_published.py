"""Worked examples that others have published, with where they are. Numbers are theirs, to as many digits as they
print.
"""

from __future__ import annotations

import pytest

from app.measuring.charts import analyse
from app.measuring.points import ChartType
from app.measuring.runs import crossings_min, longest_run_max
from tests.measuring.series import fractions, values

# NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.2, flow rate of ten batches of parts.
FLOW = (49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1)
# The same, 6.3.3.1: defects on 25 wafers.
WAFERS = (16, 14, 28, 16, 12, 20, 10, 12, 10, 17, 19, 17, 14, 16, 15, 13, 14, 16, 11, 20, 11, 19, 16, 31, 13)
# The same, 6.3.3.2, and Montgomery DC, Introduction to Statistical Quality Control, chapter 7: 30 samples of 50 each.
CANS = (12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6)
# Montgomery, chapter 7: 25 samples of purchase orders, of different size.
ORDERS = (12, 8, 6, 9, 10, 12, 11, 16, 10, 6, 20, 15, 9, 8, 6, 8, 10, 7, 5, 8, 5, 8, 10, 6, 9)
ORDER_SIZES = (
    *(100, 80, 80, 100, 110, 110, 100, 100, 90, 90, 110, 120, 120),
    *(120, 110, 80, 80, 80, 90, 100, 100, 100, 100, 90, 90),
)
# Montgomery, chapter 7: nonconformities in 26 samples of 100 printed circuit boards.
BOARDS = (21, 24, 16, 12, 15, 5, 28, 20, 31, 25, 20, 24, 16, 19, 10, 17, 13, 22, 18, 39, 30, 24, 16, 19, 17, 15)
# Montgomery, chapter 7: nonconformities in ten rolls of dyed cloth, and the rolls in units of 50 square metres.
CLOTH = (14, 12, 20, 11, 7, 10, 21, 16, 19, 23)
ROLLS = (10.0, 8.0, 13.0, 10.0, 9.5, 10.0, 12.0, 10.5, 12.0, 12.5)


def test_single_values_have_the_limits_of_the_handbook() -> None:
    chart = analyse(values(*FLOW), ChartType.I)
    assert chart.marks[0].centre == pytest.approx(50.81, abs=1e-9)
    assert chart.marks[0].upper == pytest.approx(55.8041, abs=5e-5)
    assert chart.marks[0].lower == pytest.approx(45.8159, abs=5e-5)
    assert not any(mark.outside for mark in chart.marks)


def test_moving_ranges_have_the_mean_and_the_limit_of_the_handbook() -> None:
    chart = analyse(values(*FLOW), ChartType.MR)
    assert chart.marks[1].centre == pytest.approx(1.8778, abs=5e-5)
    assert chart.marks[1].lower == 0
    assert chart.marks[1].upper == pytest.approx(3.267 * 1.8778, abs=5e-4)
    assert [mark.value for mark in chart.marks][:4] == [None, 2.0, pytest.approx(2.3), pytest.approx(1.4)]


def test_the_factor_for_single_values_is_wheelers() -> None:
    """Wheeler, Understanding Variation: the limits lie 2.66 mean moving ranges from the mean, and 3.27 for the
    ranges.
    """
    chart = analyse(values(*FLOW), ChartType.I)
    spread = analyse(values(*FLOW), ChartType.MR)
    assert chart.marks[0].upper is not None
    assert chart.marks[0].centre is not None
    assert spread.marks[0].centre is not None
    assert (chart.marks[0].upper - chart.marks[0].centre) / spread.marks[0].centre == pytest.approx(2.66, abs=0.005)
    assert (spread.marks[0].upper or 0) / spread.marks[0].centre == pytest.approx(3.27, abs=0.005)


def test_counts_have_the_limits_of_the_handbook() -> None:
    chart = analyse(values(*WAFERS), ChartType.C)
    first = chart.marks[0]
    assert (first.lower, first.centre, first.upper) == (4, 16, 28)
    assert [place for place, mark in enumerate(chart.marks, 1) if mark.outside] == [24]


def test_counts_have_the_limits_of_montgomery() -> None:
    chart = analyse(values(*BOARDS), ChartType.C)
    first = chart.marks[0]
    assert first.centre == pytest.approx(19.85, abs=0.005)
    assert first.upper == pytest.approx(33.22, abs=0.01)
    assert first.lower == pytest.approx(6.48, abs=0.01)
    assert [place for place, mark in enumerate(chart.marks, 1) if mark.outside] == [6, 20]


def test_shares_have_the_limits_of_the_handbook() -> None:
    chart = analyse(fractions(CANS, [50] * 30), ChartType.P)
    first = chart.marks[0]
    assert first.centre == pytest.approx(0.2313, abs=5e-5)
    assert first.upper == pytest.approx(0.4102, abs=1e-4)
    assert first.lower == pytest.approx(0.0524, abs=1e-4)
    assert [place for place, mark in enumerate(chart.marks, 1) if mark.outside] == [15, 23]


def test_shares_of_groups_that_differ_have_limits_of_their_own() -> None:
    """Montgomery: p = 234/2450 = 0.096; sample 11 is outside."""
    chart = analyse(fractions(ORDERS, ORDER_SIZES), ChartType.P)
    assert chart.marks[0].centre == pytest.approx(0.096, abs=0.001)
    limits = {size: mark.upper for size, mark in zip(ORDER_SIZES, chart.marks, strict=True)}
    assert limits[100] == pytest.approx(0.184, abs=0.001)
    assert limits[80] == pytest.approx(0.194, abs=0.001)
    assert limits[120] == pytest.approx(0.176, abs=0.001)
    assert [place for place, mark in enumerate(chart.marks, 1) if mark.outside] == [11]


def test_rates_have_the_limits_of_montgomery() -> None:
    chart = analyse(fractions(CLOTH, ROLLS), ChartType.U)
    assert chart.marks[0].centre == pytest.approx(153 / 107.5)
    assert chart.marks[0].centre == pytest.approx(1.42, abs=0.005)
    for place, upper, lower in ((0, 2.55, 0.29), (1, 2.68, 0.16), (2, 2.41, 0.43), (4, 2.58, 0.26), (9, 2.43, 0.41)):
        assert chart.marks[place].upper == pytest.approx(upper, abs=0.01)
        assert chart.marks[place].lower == pytest.approx(lower, abs=0.01)
    assert not any(mark.outside for mark in chart.marks)


# The table of limits in the vignette of Anhøj's package qicharts2, which computes them as Anhøj and Olesen (2014) do.
ANHOEJ = dict(
    enumerate(
        [
            *((6, 2), (6, 2), (7, 3), (7, 3), (7, 4), (7, 4), (7, 4), (7, 5), (7, 5), (7, 6), (7, 6), (7, 6)),
            *((7, 7), (8, 7), (8, 8), (8, 8), (8, 8), (8, 9), (8, 9), (8, 10), (8, 10)),
        ],
        start=10,
    )
)


@pytest.mark.parametrize("n", ANHOEJ)
def test_the_limits_of_runs_and_crossings_are_anhoejs(n: int) -> None:
    assert (longest_run_max(n), crossings_min(n)) == ANHOEJ[n]
