"""How things move, as rows and as arrays: what is derived of it from one document, and what follows for all at a day.

Days are numbers (``date.toordinal``), 0 where they are not known. No row knows a today: whoever asks gives the day. The
arrays answer as ``app.library.pace`` does for one document; the tests hold them to it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.library.document import Document
from app.library.pace import TIMES_THE_USUAL, Usual, latest_day

Days = NDArray[np.int32]
_NO_DAYS: Days = np.zeros(0, np.int32)
# What a phase takes that is over, or that its kind does not name. One that may last takes 0.
OVER = -1


class DueBy(NamedTuple):
    """Something that is due: the last day it may mean, its date in words, what it is, and what readers are told."""

    by: date
    words: str
    what: str
    mark: str


# ---- From one document ----


def day_number(day: date | None) -> int:
    """A day as rows have it."""
    return day.toordinal() if day else 0


def day_of(number: int) -> date | None:
    """The day that a row has."""
    return date.fromordinal(number) if number else None


def phase_of(kind: str, status: str) -> str:
    """How rows name a phase: "cycles doing"."""
    return f"{kind} {status}"


def pace_columns(document: Document) -> dict[str, Any]:
    """What a document's row says of its pace, but for when it was changed."""
    pace = document.front_matter.pace()
    due = [(day.toordinal(), one.by.words, one.what, one.mark) for one in pace.due if (day := latest_day(one.by))]
    since = pace.since
    written = {
        "since": since.words if since else "",
        "exact": since is not None and since.exact is not None,
        "due": sorted(due),
    }
    return {
        "since": day_number(latest_day(since)),
        "stepped": max((day_number(latest_day(step)) for step in pace.steps), default=0),
        "due": min((day for day, *_ in due), default=0),
        "pace": json.dumps({name: value for name, value in written.items() if value}, ensure_ascii=False),
    }


def finished_stays(document: Document) -> tuple[tuple[str, int], ...]:
    """The phases that the document has left, with how many days each took, where the file tells both exactly."""
    stays = document.front_matter.pace().stays
    return tuple((phase_of(document.kind.name, stay.phase), stay.days) for stay in stays if stay.days is not None)


class Told(NamedTuple):
    """What cards say: since when in words and whether that is a day, and what is due, the first first."""

    since: str
    exact: bool
    due: list[DueBy]


def read_pace(written: str) -> Told:
    """What ``pace_columns`` has written."""
    found = json.loads(written)
    due = [DueBy(date.fromordinal(day), *rest) for day, *rest in found.get("due", ())]
    return Told(found.get("since", ""), found.get("exact", False), due)


# ---- All documents ----


class Moves(NamedTuple):
    """What a row says of a document's pace."""

    kind: str
    status: str
    since: int
    stepped: int
    due: int
    changed_on: int


@dataclass(frozen=True)
class Paces:
    """The same of all documents by their positions in the catalogue; ``phase`` is a number of one of the ``phases``."""

    phase: Days = field(default_factory=lambda: _NO_DAYS)
    since: Days = field(default_factory=lambda: _NO_DAYS)
    stepped: Days = field(default_factory=lambda: _NO_DAYS)
    due: Days = field(default_factory=lambda: _NO_DAYS)
    changed_on: Days = field(default_factory=lambda: _NO_DAYS)
    phases: tuple[str, ...] = ()

    def with_newer(self, added: Sequence[Moves]) -> Paces:
        """These, and those of documents that were added after them."""
        phases = tuple(dict.fromkeys((*self.phases, *(phase_of(one.kind, one.status) for one in added))))
        number_of = {phase: number for number, phase in enumerate(phases)}
        return Paces(
            phase=_longer(self.phase, [number_of[phase_of(one.kind, one.status)] for one in added]),
            since=_longer(self.since, [one.since for one in added]),
            stepped=_longer(self.stepped, [one.stepped for one in added]),
            due=_longer(self.due, [one.due for one in added]),
            changed_on=_longer(self.changed_on, [one.changed_on for one in added]),
            phases=phases,
        )

    def usual(self, times: Mapping[str, Usual]) -> Days:
        """How many days the phase of each usually takes."""
        days = [times[phase].days if phase in times else OVER for phase in self.phases]
        return np.array([*days, OVER], np.int32)[self.phase]

    def moved(self, steps_below: Days) -> Days:
        """The last day on which each is known to have moved. What has moved below it (a project's cycles) moves it."""
        stepped = np.maximum(self.stepped, steps_below)
        return np.where(self.since > 0, np.maximum(self.since, stepped), np.maximum(stepped, self.changed_on))


def _longer(days: Days, added: list[int]) -> Days:
    return np.concatenate([days, np.array(added, np.int32)])


def still(moved: Days, usual: Days, today: date) -> NDArray[np.bool_]:
    """Which stand still at a day."""
    return (moved > 0) & (usual > 0) & (today.toordinal() - moved > TIMES_THE_USUAL * usual)


def late(due: Days, today: date) -> NDArray[np.bool_]:
    """Of which something should have been done before a day."""
    return (due > 0) & (due < today.toordinal())
