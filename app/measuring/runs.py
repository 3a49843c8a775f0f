"""Anhøj's rules: is a series longer on one side of its centre line, or does it cross it more seldom, than chance
makes it?

Source: Anhøj J, Olesen AV (2014), Run charts revisited, PLoS ONE 9(11): e113825, doi 10.1371/journal.pone.0113825.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log2

# Fewer useful points than this say nothing; fewer than WEAK show large changes only.
ENOUGH = 10
WEAK = 20


@dataclass(frozen=True)
class Runs:
    """What the rules found. Points on the centre line are not useful: they neither lengthen a run nor end it."""

    n_useful: int
    longest_run: int
    longest_run_max: int | None
    crossings: int
    crossings_min: int | None

    @property
    def enough(self) -> bool:
        """Whether there are points enough to say anything."""
        return self.n_useful >= ENOUGH

    @property
    def weak(self) -> bool:
        """Whether there are so few points that only a large change would be seen."""
        return self.n_useful < WEAK

    @property
    def long_run(self) -> bool:
        """Whether the longest run is longer than chance makes it."""
        return self.enough and self.longest_run_max is not None and self.longest_run > self.longest_run_max

    @property
    def few_crossings(self) -> bool:
        """Whether the centre line is crossed more seldom than chance makes it."""
        return self.enough and self.crossings_min is not None and self.crossings < self.crossings_min

    @property
    def signal(self) -> bool:
        """Whether something has changed, as far as the rules can tell."""
        return self.long_run or self.few_crossings


def runs(sides: Sequence[int]) -> Runs:
    """The rules applied to the sides that the points are on: 1 above the centre line, -1 below, 0 on it."""
    useful = [side for side in sides if side]
    lengths = [len(run) for run in _split(useful)]
    n = len(useful)
    return Runs(
        n_useful=n,
        longest_run=max(lengths, default=0),
        longest_run_max=longest_run_max(n),
        crossings=max(len(lengths) - 1, 0),
        crossings_min=crossings_min(n),
    )


def too_long(sides: Sequence[int]) -> set[int]:
    """The places of the points in runs that are too long, those on the centre line left out; empty if there are too
    few.
    """
    useful = [place for place, side in enumerate(sides) if side]
    most = longest_run_max(len(useful))
    if most is None or len(useful) < ENOUGH:
        return set()
    found: set[int] = set()
    run: list[int] = []
    for place in useful:
        run = [*run, place] if run and sides[run[-1]] == sides[place] else [place]
        if len(run) > most:
            found.update(run)
    return found


@lru_cache(maxsize=1024)
def longest_run_max(n: int) -> int | None:
    """The longest run that chance makes of n useful points: log₂ n, rounded, plus 3. None for no points."""
    return round(log2(n)) + 3 if n else None


@lru_cache(maxsize=1024)
def crossings_min(n: int) -> int | None:
    """The fewest crossings that chance makes of n useful points: the 5th percentile of the binomial distribution with
    n − 1 tries and probability 0.5, in integers: the smallest k with 20 · Σ(j ≤ k) C(n − 1, j) ≥ 2^(n − 1). None
    for no points.
    """
    if not n:
        return None
    tries, term, total, k = n - 1, 1, 1, 0
    while 20 * total < 2**tries:
        term = term * (tries - k) // (k + 1)
        total += term
        k += 1
    return k


def _split(useful: Sequence[int]) -> list[list[int]]:
    """The sides, parted where they change."""
    parts: list[list[int]] = []
    for side in useful:
        if parts and parts[-1][0] == side:
            parts[-1].append(side)
        else:
            parts.append([side])
    return parts
