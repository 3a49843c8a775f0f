"""The rules of runs: by hand, by counting every possible series, and on series without a change."""

from __future__ import annotations

import random
from collections import Counter
from itertools import product
from math import comb
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.measuring.runs import crossings_min, longest_run_max, runs, too_long


def test_runs_and_crossings_are_counted_by_hand() -> None:
    #          3 above      2 below   1   4 below
    found = runs([1, 1, 1, -1, -1, 1, -1, -1, -1, -1])
    assert (found.n_useful, found.longest_run, found.crossings) == (10, 4, 3)
    assert (found.longest_run_max, found.crossings_min) == (6, 2)
    assert not found.signal


def test_a_run_that_is_one_longer_than_the_limit_is_a_signal() -> None:
    """24 points: 8 in a row are allowed, 9 are not; 9 crossings suffice."""
    allowed = runs([1, -1] * 5 + [1] * 8 + [-1] * 6)
    assert (allowed.n_useful, allowed.longest_run, allowed.longest_run_max) == (24, 8, 8)
    assert not allowed.long_run
    found = runs([1, -1] * 4 + [1] * 9 + [-1] * 7)
    assert (found.n_useful, found.longest_run, found.crossings) == (24, 9, 9)
    assert (found.long_run, found.few_crossings) == (True, False)


def test_one_crossing_less_than_the_limit_is_a_signal() -> None:
    """20 points: at least 6 crossings."""
    six, five = (
        runs([1] * 3 + [-1, -1, -1, 1, 1, 1] * 2 + [-1, -1, -1, 1, 1]),
        runs([1, 1, 1, -1, -1, -1] * 2 + [1] * 4 + [-1] * 4),
    )
    assert (six.n_useful, six.crossings, six.few_crossings) == (20, 6, False)
    assert (five.n_useful, five.crossings, five.few_crossings, five.long_run) == (20, 5, True, False)


def test_points_on_the_centre_line_neither_lengthen_nor_end_a_run() -> None:
    found = runs([1, 1, 0, 1, 0, 0, -1, 0, -1])
    assert (found.n_useful, found.longest_run, found.crossings) == (5, 3, 1)


def test_nine_useful_points_say_nothing_whatever_they_do() -> None:
    found = runs([1] * 9)
    assert found.longest_run > (found.longest_run_max or 0)
    assert not found.signal
    assert runs([1] * 10).signal


def test_no_points_have_no_limits() -> None:
    found = runs([0, 0])
    assert (found.n_useful, found.longest_run, found.crossings) == (0, 0, 0)
    assert (found.longest_run_max, found.crossings_min) == (None, None)
    assert not found.signal


def test_every_run_that_is_too_long_is_marked_without_the_points_between() -> None:
    sides = [-1] * 9 + [1] * 3 + [0] + [1] * 6 + [-1]
    assert longest_run_max(19) == 7
    assert too_long(sides) == {*range(12), *range(13, 19)}
    assert 12 not in too_long(sides)
    assert 19 not in too_long(sides)


@pytest.mark.parametrize("n", [1, 2, 5, 10, 11, 24, 25, 60, 100, 365, 1000])
def test_the_fewest_crossings_are_the_fifth_percentile_in_integers(n: int) -> None:
    """The definition, computed another way: nothing below it reaches a twentieth, and it does."""
    least = crossings_min(n)
    assert least is not None
    below = sum(comb(n - 1, j) for j in range(least))
    assert 20 * below < 2 ** (n - 1) <= 20 * (below + comb(n - 1, least))


def test_the_fewest_crossings_agree_with_every_series_that_there_is() -> None:
    """All 4,096 ways that 12 + 1 points may lie: crossings are binomial, and the limit is where five percent are
    reached.
    """
    counted = Counter(runs(sides).crossings for sides in product((-1, 1), repeat=13))
    assert counted == {k: 2 * comb(12, k) for k in range(13)}
    least = crossings_min(13)
    assert least is not None
    assert sum(counted[k] for k in range(least)) < 0.05 * 2**13 <= sum(counted[k] for k in range(least + 1))


@given(st.lists(st.sampled_from([-1, 1]), max_size=40), st.data())
def test_where_ties_lie_changes_nothing(sides: list[int], data: st.DataObject) -> None:
    with_ties = list(sides)
    for _ in range(data.draw(st.integers(0, 6))):
        with_ties.insert(data.draw(st.integers(0, len(with_ties))), 0)
    assert runs(with_ties) == runs(sides)


@given(st.lists(st.sampled_from([-1, 0, 1]), max_size=60))
def test_a_series_and_its_mirror_say_the_same_forwards_and_backwards(sides: list[int]) -> None:
    assert runs(sides) == runs([-side for side in sides]) == runs(sides[::-1])
    assert bool(too_long(sides)) == runs(sides).long_run


@pytest.mark.parametrize("n", [12, 24, 36])
def test_at_most_five_of_a_hundred_series_without_a_change_are_signals(n: int) -> None:
    """10,000 series of random numbers around their own median."""
    chance = random.Random(n)
    alarms = 0
    for _ in range(10_000):
        numbers = [chance.random() for _ in range(n)]
        centre = median(numbers)
        alarms += runs([1 if number > centre else -1 for number in numbers]).signal
    assert 0.01 < alarms / 10_000 <= 0.05
