"""How faithfully the cycles of many projects follow the method, of what one may see, without a file being read.

Each cycle's row says what it tells by itself; here it is put together with the cycles beside it and the days on which
the project measured, as the cycle's own page does. Since when a prediction is locked is what history remembers.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from app.history.locks import locks_of
from app.index import Family, Member
from app.library.document import BrokenDocument, NotFound
from app.library.fields import PartialDate
from app.measuring.fidelity import Score
from app.measuring.medians import Together, together
from app.measuring.ramps import Cycles, Days, Tried, from_plain
from app.publishing import current, locks

# What follows from the rows of a project is worked out once for each version of them, by each process.
MOST_REMEMBERED = 2_000

# Since when a cycle is locked by history, as it is written, and whether its file says otherwise; None for one that is
# not locked.
Locked = tuple[str, bool] | None
Scores = tuple[Score, ...]


def scores_of(families: Sequence[Family]) -> dict[int, Scores]:
    """The scores of the cycles that have begun and that teams tell of themselves, by the number of their project."""
    members = [member for family in families for member in family.below]
    with current.databases.kept_for_reading() as session:
        locked = locks_of(session, [member.id for member in members])
    found = {}
    for family in families:
        key = family.token, tuple([locked.get(member.id) for member in family.below])
        if key not in _remembered:
            _remembered[key] = _scores(family, key[1])
        found[family.above.number] = _remembered[key]
    while len(_remembered) > MOST_REMEMBERED:
        _remembered.pop(next(iter(_remembered)), None)
    return found


def together_in(families: Sequence[Family]) -> Together | None:
    """What the cycles of some projects have in common, worked out once for the same scores; None for too few."""
    scores = list(scores_of(families).values())
    # By the very scores: whoever sees others gets others. What is remembered holds them, so that no id comes again.
    key = tuple(map(id, scores))
    if key not in _together:
        _together[key] = scores, together(scores)
    found = _together[key][1]
    while len(_together) > MOST_TOGETHER:
        _together.pop(next(iter(_together)), None)
    return found


# The scores themselves are those that are remembered above, so that one of these costs some kilobytes.
MOST_TOGETHER = 100
_together: dict[tuple[int, ...], tuple[list[Scores], Together | None]] = {}


def told(member: Member) -> Mapping[str, Any]:
    """What a kind keeps of a document for overviews."""
    return _read(member.glance)


@lru_cache(maxsize=MOST_REMEMBERED)
def _read(glance: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(glance) if glance else {}
    return found


_remembered: dict[tuple[str, tuple[Locked, ...]], Scores] = {}


def _scores(family: Family, locked: tuple[Locked, ...]) -> Scores:
    tried = [_tried(member, lock) for member, lock in zip(family.below, locked, strict=True)]
    return tuple(Cycles(tried, Days(told(family.above).get("days", {}))).scores())


def _tried(member: Member, locked: Locked) -> Tried:
    """What a cycle tells, with what history knows of its lock."""
    tried = from_plain(json.loads(member.glance))
    if locked is None:
        return tried
    since, differs = locked
    if differs:
        tried = _as_locked(member) or tried
    return replace(tried, begun=True, locked=PartialDate.parse(since).exact)


def _as_locked(member: Member) -> Tried | None:
    """What a cycle tells whose file says something else than what is locked: its page shows what is locked."""
    kind = current.library.kinds[member.kind]
    try:
        document = locks.as_locked(current.library, current.databases, current.library.get(kind.name, member.slug))
    except (BrokenDocument, NotFound):
        return None
    return from_plain(kind.glance(document, {})) if kind.glance else None
