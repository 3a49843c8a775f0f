"""What the cycles of a project tell of themselves, and the scores that follow when they are put together. Pure.

A cycle's points depend on the cycles that it builds on and on what was measured meanwhile. What each tells by itself is
worked out once, when it is saved (``as_plain``), and put together for whoever looks: only cycles that they may see.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import cached_property
from typing import Any

from app.measuring.fidelity import Link, Score, Told, score


@dataclass(frozen=True)
class Tried:
    """What one cycle tells by itself. ``slug`` is its address, ``follows`` that of the one it builds on.

    ``begun`` says that something is locked: before that there is nothing to score. ``sourced`` says that it is retold
    from a source: what that does not say the team may well have done. The rest is as in ``Told``.
    """

    slug: str
    follows: str = ""
    begun: bool = False
    sourced: bool = False
    phases: tuple[bool, bool, bool, bool] = (False, False, False, False)
    started: date | None = None
    ended: date | None = None
    decided: date | None = None
    predicted: bool = False
    locked: date | None = None
    countable: bool = False
    judged: bool = False
    data_plan: bool = False
    chosen: bool = False
    abandoned: bool = False
    adapted: bool = False
    reason: bool = False
    scale: int | None = None

    @property
    def name(self) -> str:
        """What it is called in tables of values."""
        return self.slug.rpartition("/")[2]


_FIELDS = {field.name: field.default for field in fields(Tried)}
_DAYS = ("started", "ended", "decided", "locked")


def as_plain(tried: Tried) -> dict[str, Any]:
    """What a cycle tells as JSON can hold it, without what is not told."""
    told = {name: getattr(tried, name) for name, default in _FIELDS.items() if getattr(tried, name) != default}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in told.items()}


def from_plain(plain: Mapping[str, Any]) -> Tried:
    """What ``as_plain`` has written."""
    told = dict(plain)
    for name in _DAYS:
        if name in told:
            told[name] = date.fromisoformat(told[name])
    if "phases" in told:
        told["phases"] = tuple(told["phases"])
    return Tried(**told)


@dataclass(frozen=True)
class Days:
    """The days with a value of a project's measures, by the name of the cycle that the value belongs to, or "".

    Days are numbers (``date.toordinal``); one on which two measures have a value is there twice.
    """

    named: Mapping[str, Sequence[int]]

    @cached_property
    def every(self) -> list[int]:
        return sorted(day for days in self.named.values() for day in days)

    @cached_property
    def distinct(self) -> list[int]:
        return sorted(set(self.every))

    def own(self, tried: Tried) -> int:
        """How many values belong to a cycle: those that name it, and those of the days on which it was done."""
        during = _range(self.every, tried)
        named = self.named.get(tried.name, ())
        return len(during) + sum(not _is_during(day, tried) for day in named)

    def while_going_on(self, ramp: Sequence[Tried]) -> int:
        """How many days with a value there are while some cycles were done."""
        places: set[int] = set()
        for one in ramp:
            places.update(_range(self.distinct, one))
        return len(places)


def _range(days: Sequence[int], tried: Tried) -> range:
    """The places of the days on which a cycle was done; one that goes on has no last day yet."""
    if tried.started is None:
        return range(0)
    first = bisect_left(days, tried.started.toordinal())
    last = len(days) if tried.ended is None else bisect_right(days, tried.ended.toordinal())
    return range(first, max(first, last))


def _is_during(day: int, tried: Tried) -> bool:
    if tried.started is None or day < tried.started.toordinal():
        return False
    return tried.ended is None or day <= tried.ended.toordinal()


@dataclass(frozen=True)
class Cycles:
    """The cycles of a project that somebody may see, in the order of their addresses, and the days with values."""

    tried: Sequence[Tried]
    days: Days

    def score(self, one: Tried) -> Score:
        """The ten points of one of them."""
        ramp = self.ramp(one)
        return score(
            Told(
                phases=one.phases,
                started=one.started,
                ended=one.ended,
                decided=one.decided,
                predicted=one.predicted,
                locked=one.locked,
                countable=one.countable,
                judged=one.judged,
                data_plan=one.data_plan,
                own_values=self.days.own(one),
                chosen=one.chosen,
                abandoned=one.abandoned,
                reason=one.reason,
                ramp=[Link(other.scale, other.adapted) for other in ramp],
                ramp_days=self.days.while_going_on(ramp),
            )
        )

    def scores(self) -> list[Score]:
        """The points of all that have begun and that the team itself tells of."""
        return [self.score(one) for one in self.tried if one.begun and not one.sourced]

    def ramp(self, one: Tried) -> list[Tried]:
        """The cycles that build on each other, this one among them: those before it and those after, in their order."""
        found = [one]
        seen = {one.slug}
        while (before := self._by_slug.get(found[0].follows)) and before.slug not in seen:
            found.insert(0, before)
            seen.add(before.slug)
        layer = found
        while layer:
            after = {later.slug for here in layer for later in self._after.get(here.slug, ())} - seen
            layer = [later for later in self.tried if later.slug in after] if after else []
            seen |= after
            found = [*found, *layer]
        return found

    def ramps(self) -> list[list[Tried]]:
        """All of them, those that build on each other together, in the order in which each ramp began.

        One that stands in a ramp already is left out of the later ones.
        """
        left, found = {one.slug for one in self.tried}, []
        for one in self.tried:
            if ramp := [each for each in self.ramp(one) if each.slug in left]:
                left.difference_update(each.slug for each in ramp)
                found.append(ramp)
        return found

    @cached_property
    def _by_slug(self) -> Mapping[str, Tried]:
        return {one.slug: one for one in self.tried}

    @cached_property
    def _after(self) -> Mapping[str, list[Tried]]:
        found: dict[str, list[Tried]] = {}
        for one in self.tried:
            if one.follows:
                found.setdefault(one.follows, []).append(one)
        return found
