"""How good a list of hits is: nDCG, recall and reciprocal rank at ten, with bootstrap intervals over the queries."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

TOP = 10
RESAMPLES = 10_000
SEED = 1

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Interval:
    """A mean over the queries, with the bounds of its 95 % percentile bootstrap interval."""

    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.mean:+.3f} [{self.low:+.3f}, {self.high:+.3f}]"


def ndcg(hits: Sequence[str], relevant: Collection[str]) -> float:
    """Normalised discounted cumulative gain of the first ten (Järvelin & Kekäläinen 2002)."""
    gain = sum(1 / math.log2(place + 2) for place, hit in enumerate(hits[:TOP]) if hit in relevant)
    return gain / sum(1 / math.log2(place + 2) for place in range(min(TOP, len(relevant))))


def recall(hits: Sequence[str], relevant: Collection[str]) -> float:
    """How much of what is relevant is among the first ten."""
    return len(set(hits[:TOP]) & set(relevant)) / len(relevant)


def reciprocal_rank(hits: Sequence[str], relevant: Collection[str]) -> float:
    """One through the place of the first relevant hit; 0 if it is not among the first ten."""
    return next((1 / (place + 1) for place, hit in enumerate(hits[:TOP]) if hit in relevant), 0.0)


def interval(values: Values) -> Interval:
    """The mean of some values, one for each query. Of differences between two engines, it is the paired interval."""
    drawn = np.random.default_rng(SEED).integers(0, len(values), (RESAMPLES, len(values)))
    low, high = np.percentile(values[drawn].mean(axis=1), (2.5, 97.5))
    return Interval(float(values.mean()), float(low), float(high))
