"""Worked examples that others have published, with where they are. Numbers are theirs, to as many digits as they
print.

What was looked at, and where. The handbook's own pages were not at hand in full when this was written, nor was
Montgomery's book:

* NIST/SEMATECH e-Handbook of Statistical Methods 6.3.2.2, 6.3.3.1 and 6.3.3.2 (www.itl.nist.gov/div898/handbook,
  pmc322, pmc331 and pmc332): data and limits as tests of other, independent programs quote them, which agree.
* Montgomery DC, Introduction to Statistical Quality Control: the data in the R package qcc (its datasets orangejuice
  and circuit, which name pages 152-155 and 173-175 of the second edition, and dyedcloth), and the limits of the orange
  juice as another program's test quotes the eighth edition. Limits of the boards and of the cloth are what the formulas
  make of those data; the book's own print of them was not seen.
* Maple's help, pages PControlLimits and UControlLimits of ProcessControl: data and limits, seen there.
* Solutions to Montgomery's exercise 6-1 (fifth edition) and to Montgomery and Runger, Applied Statistics and
  Probability for Engineers, exercise 15.6.3: seen as they are reprinted on the web.
* Anhøj J, the vignette of the R package qicharts2 (github.com/anhoej/qicharts2): seen, also its table of limits.
"""

from __future__ import annotations

from random import Random
from statistics import NormalDist

import pytest

from app.measuring.charts import analyse
from app.measuring.points import ChartType, exclude
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


# Montgomery and Runger, exercise 15.6.3: solder defects on 24 samples of five printed circuit boards.
SOLDER = (7, 6, 8, 10, 24, 6, 5, 4, 8, 11, 15, 8, 4, 16, 11, 12, 8, 6, 5, 9, 7, 14, 8, 21)


def test_rates_are_outside_where_montgomery_and_runger_say() -> None:
    """The solution: samples 5 and 24 are beyond the limits."""
    chart = analyse(fractions(SOLDER, [5] * 24), ChartType.U)
    assert [place for place, mark in enumerate(chart.marks, 1) if mark.outside] == [5, 24]


@pytest.mark.parametrize(
    ("kind", "of_100", "of_80"),
    [
        (ChartType.P, (0.00733469451799994, 0.183685713645266), (0, 0.194093420749116)),
        (ChartType.U, (0.00279602820627355, 0.188224379956992), (0, 0.199167803949220)),
    ],
)
def test_shares_and_rates_of_groups_that_differ_have_the_limits_that_maple_prints(
    kind: ChartType, of_100: tuple[float, float], of_80: tuple[float, float]
) -> None:
    """Maple takes 99.73 per cent for three standard deviations, which are 2.99998: so they agree to six digits."""
    marks = analyse(fractions(ORDERS, ORDER_SIZES), kind).marks
    for mark, (lower, upper) in ((marks[0], of_100), (marks[1], of_80)):
        assert (mark.lower, mark.upper) == pytest.approx((lower, upper), abs=5e-7)


def test_limits_without_an_excluded_sample_are_those_of_montgomery() -> None:
    """Exercise 6-1: 117 of 2,000, upper limit 0.1289, sample 12 is outside; without it 102 of 1,900, limit 0.1213.

    The solution prints the sums, so sample 12 has 15; how the others are spread does not matter to the limits.
    """
    samples = fractions([5, 6] * 5 + [5] + [15] + [6, 5] * 2 + [5] * 4, [100] * 20)
    assert sum(point.numerator or 0 for point in samples) == 117
    trial = analyse(samples, ChartType.P)
    assert trial.marks[0].centre == pytest.approx(0.0585, abs=5e-5)
    assert trial.marks[0].upper == pytest.approx(0.1289, abs=5e-5)
    assert trial.marks[0].lower == 0
    assert [place for place, mark in enumerate(trial.marks, 1) if mark.outside] == [12]
    revised = analyse(exclude(samples, {samples[11].on: "Sample 12"}), ChartType.P)
    assert revised.marks[0].centre == pytest.approx(0.0537, abs=5e-5)
    assert revised.marks[0].upper == pytest.approx(0.1213, abs=5e-5)
    assert not revised.signal


class FromR:
    """The random numbers of R (Mersenne Twister and inversion), of which the vignette makes its example."""

    def __init__(self, seed: int) -> None:
        scrambled = []
        for _ in range(50 + 625):
            seed = (69069 * seed + 1) % 2**32
            scrambled.append(seed)
        self.random = Random()
        self.random.setstate((3, (*scrambled[51:], 624), None))

    def uniform(self) -> float:
        return self.random.getrandbits(32) * 2.3283064365386963e-10

    def normal(self, mean: float = 0) -> float:
        digits = int(2**27 * self.uniform()) + self.uniform()
        return mean + NormalDist().inv_cdf(digits / 2**27)


def test_runs_crossings_and_limits_are_those_of_anhoejs_worked_example() -> None:
    """Seed 19; 24 normal values, the 22nd made 4, and then the last twelve drawn anew around 2. qicharts2 prints:
    24 useful, longest run 13 (8), crossings 4 (8), a signal of runs and none of limits, -2.114884, 1.057091, 4.229067.
    """
    drawn = FromR(19)
    numbers = [drawn.normal() for _ in range(24)][:12] + [drawn.normal(2) for _ in range(12)]
    chart = analyse(values(*numbers), ChartType.I)
    runs, first = chart.now.runs, chart.marks[0]
    assert (runs.n_useful, runs.longest_run, runs.longest_run_max) == (24, 13, 8)
    assert (runs.crossings, runs.crossings_min) == (4, 8)
    assert runs.signal
    assert not any(mark.outside for mark in chart.marks)
    assert (first.lower, first.centre, first.upper) == pytest.approx((-2.114884, 1.057091, 4.229067), abs=5e-7)


# Appendix 2 of the vignette, from 10 to 100 useful points: from where each longest run is, and the crossings.
LONGEST = {10: 6, 12: 7, 23: 8, 46: 9, 91: 10}
CROSSINGS = (
    *(2, 2, 3, 3, 4, 4, 4, 5, 5, 6, 6, 6, 7, 7, 8, 8, 8, 9, 9, 10, 10, 11, 11, 11, 12, 12, 13, 13, 14, 14, 14, 15, 15),
    *(16, 16, 17, 17, 17, 18, 18, 19, 19, 20, 20, 21, 21, 21, 22, 22, 23, 23, 24, 24, 25, 25, 25, 26, 26, 27, 27, 28),
    *(28, 29, 29, 29, 30, 30, 31, 31, 32, 32, 33, 33, 34, 34, 34, 35, 35, 36, 36, 37, 37, 38, 38, 39, 39, 39, 40, 40),
    *(41, 41),
)


def test_the_limits_of_runs_and_crossings_are_anhoejs() -> None:
    assert [crossings_min(n) for n in range(10, 101)] == list(CROSSINGS)
    for n in range(10, 101):
        assert longest_run_max(n) == max(most for since, most in LONGEST.items() if since <= n)
