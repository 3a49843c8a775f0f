"""How faithfully the cycles of several projects follow the method, together: medians with n, for learning from. Pure.

Never by project or organisation, and never in an order. Below a smallest number nothing is said at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from app.measuring.fidelity import Rule, Score

# With fewer cycles the median is hardly more than one cycle's points, and with one project only it is one team's. Five
# is also the smallest group that is shown anywhere else.
FEWEST_CYCLES, FEWEST_PROJECTS = 5, 2


@dataclass(frozen=True)
class Part:
    """One line of the score: how many cycles have it, and how many all of it, where it has more than one point."""

    words: str
    having: int
    fully: int
    most: int


@dataclass(frozen=True)
class Together:
    """The scores of several projects' cycles. ``parts`` are the lines of a score, what is most often missing first."""

    median: float
    cycles: int
    projects: int
    parts: tuple[Part, ...]


def together(by_project: Iterable[Sequence[Score]]) -> Together | None:
    """What several projects' cycles have in common; None where they are too few for it to be about nobody."""
    of_each = [scores for scores in by_project if scores]
    every = [score for scores in of_each for score in scores]
    if len(every) < FEWEST_CYCLES or len(of_each) < FEWEST_PROJECTS:
        return None
    parts = [_part(rules) for rules in zip(*[score.rules for score in every], strict=True)]
    ordered = tuple(sorted(parts, key=lambda part: part.having + part.fully))
    return Together(median(score.points for score in every), len(every), len(of_each), ordered)


def _part(rules: Sequence[Rule]) -> Part:
    having, fully = sum([rule.points > 0 for rule in rules]), sum([rule.points == rule.most for rule in rules])
    return Part(rules[0].words, having, fully, rules[0].most)
