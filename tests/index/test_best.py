"""The best of many documents are the same, whether all are put in order or only those that can be among them."""

from __future__ import annotations

import numpy as np
import pytest

from app.index.contract import DECIMALS
from app.index.finding import IN_A_PART, best


@pytest.mark.parametrize("decimals", [1, DECIMALS, 9], ids=["many equals", "some equals", "none"])
@pytest.mark.parametrize("share", [0.0, 0.004, 0.3, 1.0], ids=["nothing", "few", "some", "all"])
@pytest.mark.parametrize("most", [0, 1, 10, 400])
def test_the_best_are_those_of_all(decimals: int, share: float, most: int) -> None:
    chance = np.random.default_rng(round(share * 1000) + most + decimals)
    for size in (3, IN_A_PART * 50 + 7):
        numbers = chance.permutation(size).astype(np.int32)
        scores = np.round(chance.gamma(1.0, 3.0, size), decimals).astype(np.float32)
        scores[chance.random(size) < 0.2] = 0.0
        mask = chance.random(size) < share
        rounded = np.rint(scores.astype(np.float64) * 10**DECIMALS)
        expected = sorted(np.flatnonzero(mask).tolist(), key=lambda at: (-rounded[at], -numbers[at]))
        assert best(numbers, mask, scores, most) == expected[:most]
        for known in (size // 3, size):
            tops = np.argsort(-scores)[:known]
            assert best(numbers, mask, scores, most, tops) == expected[:most]


def test_scores_that_agree_to_four_decimals_are_equal_across_parts() -> None:
    numbers = np.arange(IN_A_PART * 50, dtype=np.int32)
    scores = np.ones(len(numbers), np.float32)
    scores[::IN_A_PART] += 0.4 * 10**-DECIMALS
    assert best(numbers, np.ones(len(numbers), np.bool_), scores, 10) == numbers[: -10 - 1 : -1].tolist()
