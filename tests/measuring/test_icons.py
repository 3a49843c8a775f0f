"""The two icons: each rule by hand, and what they say for each direction."""

from __future__ import annotations

import pytest

from app.measuring.charts import Chart, analyse
from app.measuring.icons import Assurance, Variation, icons
from app.measuring.points import Better, ChartType, Number, Options
from tests.measuring.series import fractions, values

# Mean 10, mean moving range 2: limits 10 ± 5.3, two thirds of that 3.5.
BASE = (9, 11) * 6


def chart(*after: Number, better: Better = Better.UP, target: Number | None = None) -> Chart:
    options = Options(better=better, target=target, freeze=len(BASE))
    return analyse(values(*BASE, *after), ChartType.I, options)


@pytest.mark.parametrize(
    ("after", "said"),
    [
        ((), Variation.COMMON),
        ((16,), Variation.BETTER_HIGH),
        ((4,), Variation.WORSE_LOW),
        ((16, 10), Variation.COMMON),
        # Seven on one side; the last 11 of the base is one of them.
        ((11,) * 6, Variation.BETTER_HIGH),
        ((11,) * 5, Variation.COMMON),
        ((11, 11, 10, 11, 11, 11, 11), Variation.COMMON),
        # Seven in a trend, from the last 11 of the base on; below the middle last.
        ((10.9, 10.8, 10.7, 10.6, 10.5, 9.9), Variation.WORSE_LOW),
        ((10.9, 10.8, 10.7, 10.6, 9.9), Variation.COMMON),
        ((10.9, 10.8, 10.8, 10.6, 10.5, 9.9), Variation.COMMON),
        # Two of three beyond two thirds of the limit.
        ((14, 9, 14), Variation.BETTER_HIGH),
        ((14, 9, 13), Variation.COMMON),
        ((14, 9, 6), Variation.COMMON),
        ((6, 11, 6), Variation.WORSE_LOW),
    ],
)
def test_the_last_point_decides_what_the_variation_is(after: tuple[float, ...], said: Variation) -> None:
    assert icons(chart(*after)).variation is said


def test_which_way_is_better_decides_whether_it_is_an_improvement() -> None:
    assert icons(chart(16, better=Better.DOWN)).variation is Variation.WORSE_HIGH
    assert icons(chart(4, better=Better.DOWN)).variation is Variation.BETTER_LOW
    assert icons(chart(16, better=Better.NEUTRAL)).variation is Variation.HIGH
    assert icons(chart(4, better=Better.NEUTRAL)).variation is Variation.LOW


@pytest.mark.parametrize(
    ("target", "better", "said"),
    [
        (4, Better.UP, Assurance.PASSES),
        (16, Better.UP, Assurance.FAILS),
        (10, Better.UP, Assurance.BY_CHANCE),
        (4, Better.DOWN, Assurance.FAILS),
        (16, Better.DOWN, Assurance.PASSES),
        (10, Better.DOWN, Assurance.BY_CHANCE),
        (10, Better.NEUTRAL, None),
        (None, Better.UP, None),
    ],
)
def test_the_target_and_the_limits_decide_whether_it_can_be_counted_on(
    target: Number | None, better: Better, said: Assurance | None
) -> None:
    assert icons(chart(better=better, target=target)).assurance is said


def test_a_target_on_the_limit_is_reached_every_time() -> None:
    """Counts with mean 16 have the limits 4 and 28."""
    counts = analyse(values(*[16] * 12), ChartType.C, Options(better=Better.UP, target=4))
    assert icons(counts).assurance is Assurance.PASSES


def test_a_share_is_held_against_the_limits_of_its_own_group() -> None:
    options = Options(better=Better.UP, target=0.3)
    small, large = (analyse(fractions([50] * 12 + [n // 2], [100] * 12 + [n]), ChartType.P, options) for n in (10, 400))
    assert icons(small).assurance is Assurance.BY_CHANCE
    assert icons(large).assurance is Assurance.PASSES


@pytest.mark.parametrize("kind", [ChartType.RUN, ChartType.MR])
def test_charts_without_limits_of_their_own_have_no_icons(kind: ChartType) -> None:
    found = icons(analyse(values(*BASE), kind, Options(better=Better.UP, target=4)))
    assert (found.variation, found.assurance) == (None, None)


def test_nothing_to_judge_has_no_icons() -> None:
    assert icons(analyse([], ChartType.I)).variation is None
    assert icons(analyse(values(3), ChartType.I)).variation is None


def test_limits_of_fewer_than_twelve_points_are_told_to_be_preliminary() -> None:
    assert icons(analyse(values(*range(11)), ChartType.I)).preliminary
    assert not icons(analyse(values(*range(12)), ChartType.I)).preliminary


def test_the_icons_are_in_swedish() -> None:
    assert all(one.swedish for one in Variation)
    assert all(one.swedish for one in Assurance)
