"""What an address asks of the overview of projects, and which of them that is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from werkzeug.datastructures import MultiDict

from app.index import Family
from app.kinds.projects.project import KIND as PROJECTS
from app.library.visibility import Viewer
from app.library.vocabulary import CycleStatus, Progress
from app.reading.listing import PAGE, SORT
from app.reading.scored import told
from app.state.asking import ALL, EXTENT, has_own

FACETS = ("natverk", "kommun", "status")
PHASE, STILL, FROM, TO, SHOWN = "fas", "stilla", "fran", "till", "visa"
NO_CYCLE = "ingen"
PAGE_SIZE = 50
# By title, by what has not moved for longest, and by how long a cycle has been in its phase: so that those who wait are
# found. Not by progress and not by how faithfully cycles are documented: that would be a league table of the teams, and
# who is afraid of its place in one writes down what looks good instead of what was learnt.
SORTS = {"rubrik": "rubrik", "aktivitet": "längst sedan något hände", "fas": "längst i fasen"}


@dataclass(frozen=True)
class Asked:
    """What somebody wants to see. Whatever of an address is not understood counts for nothing."""

    today: date
    chosen: Mapping[str, str]
    phase: str
    still: bool
    least: Progress | None
    most: Progress | None
    own: bool
    sort: str
    whole: bool
    page: int

    @cached_property
    def narrowed(self) -> bool:
        """Whether anything is chosen."""
        return bool(self.chosen or self.phase or self.still or self.least or self.most)

    def fits(self, family: Family) -> bool:
        """Whether a project is one of those asked for, as far as its networks and organisations do not say."""
        return self.fits_but_for_phase(family) and (not self.phase or phase_of(family) == self.phase)

    def fits_but_for_phase(self, family: Family) -> bool:
        """The same, whatever phase its latest cycle is in."""
        return (not self.still or any(stands_still(family, self.today))) and self._fits_progress(family)

    def _fits_progress(self, family: Family) -> bool:
        if not (self.least or self.most):
            return True
        progress = progress_of(family)
        if progress is None:
            return False
        return (not self.least or progress >= self.least) and (not self.most or progress <= self.most)


def asked(arguments: MultiDict[str, str], viewer: Viewer, today: date) -> Asked:
    """What the arguments of an address ask for."""
    phases = [*(one.value for one in CycleStatus), NO_CYCLE]
    phase, sort = arguments.get(PHASE, ""), arguments.get(SORT, "")
    return Asked(
        today=today,
        chosen={name: value for name in FACETS if (value := arguments.get(name, ""))},
        phase=phase if phase in phases else "",
        still=arguments.get(STILL) == "ja",
        least=_progress(arguments.get(FROM, "")),
        most=_progress(arguments.get(TO, "")),
        own=has_own(viewer) and arguments.get(EXTENT) != ALL,
        sort=sort if sort in SORTS else "rubrik",
        whole=arguments.get(SHOWN) == ALL,
        page=max(1, arguments.get(PAGE, 1, type=int) or 1),
    )


def _progress(written: str) -> Progress | None:
    return next((one for one in Progress if one.value == written), None)


# ---- What a family says ----


def progress_of(family: Family) -> Progress | None:
    """How far the project has come."""
    return _progress(told(family.above).get("progress", ""))


def phase_of(family: Family) -> str:
    """The phase of the latest cycle, as addresses say it."""
    return family.latest.status if family.latest else NO_CYCLE


def stands_still(family: Family, today: date) -> tuple[bool, bool]:
    """Whether the project stands still, and whether its latest cycle does."""
    cycle = family.latest
    return family.above.stands_still(today), cycle is not None and cycle.stands_still(today)


_NEVER = date.max
_Happened = Mapping[int, date | None]
ORDERS: Mapping[str, Callable[[Family, _Happened], date]] = {
    "aktivitet": lambda family, happened: happened.get(family.above.number, family.above.moved) or _NEVER,
    # What is decided is in no phase that it could come out of.
    "fas": lambda family, _: cycle.since if (cycle := family.latest) and cycle.usual and cycle.since else _NEVER,
}


def in_order(families: list[Family], sort: str, happened: _Happened) -> list[Family]:
    """The families in the order asked for; by title is how they come. What nobody knows of stands last.

    ``happened`` is when something last happened in those projects of which a day to come is told, by their numbers.
    """
    return sorted(families, key=lambda family: ORDERS[sort](family, happened)) if sort in ORDERS else families


KIND = PROJECTS.name
