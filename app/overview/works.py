"""The rows of the overview: what is told of each project, from the rows of the index alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from statistics import median

from flask import get_template_attribute, url_for
from markupsafe import Markup

from app.index import Family, Standing
from app.library.fields import PartialDate
from app.library.visibility import Viewer
from app.library.vocabulary import Progress
from app.overview.works_asked import progress_of, stands_still
from app.publishing import current
from app.reading.scored import scores_of, told
from app.reading.told import last_activity
from app.state.telling import Line, days_since, line_of


@dataclass(frozen=True)
class Shape:
    """The main measure of a project in small: ``picture`` is its curve, ``finding`` what it says in words."""

    name: str
    url: str
    picture: Markup
    finding: str


@dataclass(frozen=True)
class Work:
    """A project in the overview. ``median`` is the middle of its cycles' points, ``scored`` how many have any.

    ``happened`` is the last day on which something is known to have happened, ``idle`` the days since then, ``planned``
    a day to come: that is no activity, whatever a file says of it.
    """

    line: Line
    happened: date | None
    idle: int | None
    planned: date | None
    still: bool
    progress: Progress | None
    progress_on: PartialDate | None
    cycle: Line | None
    cycle_number: int
    cycle_still: bool
    cycles: int
    median: float | None
    scored: int
    shape: Shape | None

    @property
    def progress_words(self) -> tuple[str, str]:
        """How far it has come, and what that means: "2,5", "vi provar och lär"."""
        number, _, means = self.progress.swedish.partition(" – ") if self.progress else ("", "", "")
        return number, means

    @property
    def points(self) -> str:
        """The median as Swedish prints it: "7", "6,5"; "" where no cycle has any points."""
        return "" if self.median is None else f"{self.median:g}".replace(".", ",")

    @cached_property
    def row(self) -> Markup:
        """Its row of the table: that of a page of hundreds costs too much to be written each time."""
        return Markup(get_template_attribute("overview/works_lines.html", "row")(self))  # noqa: S704 -- a template's


def works_of(families: Sequence[Family], viewer: Viewer, today: date) -> list[Work]:
    """What the overview says of some projects, in their order. One that went away meanwhile is left out."""
    scores = scores_of(families)
    points = {number: tuple([one.points for one in of_it]) for number, of_it in scores.items()}
    keys = [(family.token, points[family.above.number], today) for family in families]
    missing = [family for family, key in zip(families, keys, strict=True) if key not in _remembered]
    # What has happened before a day to come, the cycles themselves tell.
    shown = (family.below if _is_ahead(family, today) else (family.latest,) for family in missing)
    asked = [*(family.above for family in missing), *(one for of_it in shown for one in of_it if one)]
    stand = current.index.standings(viewer, asked) if missing else {}
    found = []
    for family, key in zip(families, keys, strict=True):
        work = _remembered.get(key)
        if work is None and family.above.number in stand:
            work = _remembered[key] = _work(family, key[1], today, stand)
        if work:
            found.append(work)
    while len(_remembered) > MOST_REMEMBERED:
        _remembered.pop(next(iter(_remembered)), None)
    return found


def happened_before(families: Sequence[Family], viewer: Viewer, today: date) -> dict[int, date | None]:
    """When something last happened in the projects of which a day to come is told, by their numbers."""
    ahead = [family for family in families if _is_ahead(family, today)]
    everything = [one for family in ahead for one in (family.above, *family.below)]
    stand = current.index.standings(viewer, everything) if ahead else {}
    return {family.above.number: _happened(family, today, stand) for family in ahead}


def _happened(family: Family, today: date, stand: Mapping[int, Standing]) -> date | None:
    members = (stand.get(one.number) for one in (family.above, *family.below))
    return last_activity([one.card for one in members if one], today)


# Rows are put together and written as HTML once for each version of a project and its cycles, by each process: some
# four kilobytes each.
MOST_REMEMBERED = 1_500
_remembered: dict[tuple[str, tuple[int, ...], date], Work] = {}


def _work(family: Family, points: tuple[int, ...], today: date, stand: Mapping[int, Standing]) -> Work:
    cycle = stand.get(family.latest.number) if family.latest else None
    still, cycle_still = stands_still(family, today)
    above = told(family.above)
    on = above.get("progress_on", "")
    line = line_of(stand[family.above.number], today)
    happened, planned = line.moved, None
    if _is_ahead(family, today):
        happened, planned = _happened(family, today, stand), line.moved
    return Work(
        line=line,
        happened=happened,
        idle=days_since(happened, today),
        planned=planned,
        still=still,
        progress=progress_of(family),
        progress_on=PartialDate.parse(on) if on else None,
        cycle=line_of(cycle, today) if cycle else None,
        cycle_number=int(cycle.card.slug.rpartition("/")[2][:2]) if cycle else 0,
        cycle_still=cycle_still,
        cycles=len(family.below),
        median=median(points) if points else None,
        scored=len(points),
        shape=_shape(family.above.slug, above.get("measure")),
    )


def _is_ahead(family: Family, today: date) -> bool:
    return family.above.moved is not None and family.above.moved > today


def _shape(slug: str, measure: Mapping[str, str] | None) -> Shape | None:
    if not measure:
        return None
    url = url_for("projects.measure", slug=slug, measure=measure["slug"])
    # Our own drawing, made when the table was saved.
    return Shape(measure["name"], url, Markup(measure["shape"]), measure["finding"])  # noqa: S704 -- as above
