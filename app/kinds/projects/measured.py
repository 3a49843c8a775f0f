"""A measure with its values, and the chart of them: drawn once for each state of the file, and remembered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

from flask import abort, url_for
from markupsafe import Markup

from app.history.attached import held_back
from app.kinds.projects import table
from app.kinds.projects.measure import LeftOut, Measure, with_slugs
from app.library.attachments import MEASURE_ENDING, measure_path
from app.library.document import BrokenDocument, Document
from app.library.shelf import version_of
from app.measuring.charts import Chart, analyse
from app.measuring.drawing import as_csv, figure, glance, standalone
from app.measuring.judging import State
from app.measuring.points import Annotation, ChartType, NotPossible, Point, exclude
from app.measuring.reading import Series
from app.measuring.wording import Scale
from app.publishing import current

# So many charts are remembered in a process: those of some hundred projects.
MOST_REMEMBERED = 256


@dataclass(frozen=True)
class Measured:
    """A measure of a project and what its table holds. ``content`` None: there is no table, or nobody is shown it."""

    document: Document
    slug: str
    measure: Measure
    content: bytes | None
    # When the cycles that the viewer may see began.
    began: tuple[Annotation, ...] = ()
    # Somebody outside has put a personal number into the table: it is shown to nobody until that is mended.
    held: bool = False
    # What the table calls the cycles that the viewer may see: no other one is named.
    named: frozenset[str] = frozenset()

    @property
    def path(self) -> str:
        return measure_path(self.document.path, self.slug)

    @property
    def version(self) -> str:
        """The version of the table; "" where there is none."""
        return version_of(self.content) if self.content is not None else ""

    @cached_property
    def series(self) -> Series:
        """The rows of the table as it is, small groups and all: for those who write it."""
        return table.read(self.content)

    @property
    def pairs(self) -> bool:
        """Whether it is filled in as numerators and denominators: as the table is, or else as the definition says."""
        points = self.series.points
        return table.has_pairs(points) if any(_counted(point) for point in points) else self.measure.of_pairs

    @cached_property
    def drawn(self) -> Drawn:
        """Its chart, or why there is none."""
        downloads = (("Bilden (SVG)", self.address("picture")), ("Tabellen (CSV)", self.address("figures")))
        said = self.measure.model_dump_json()
        return _drawn(self.content or b"", said, self.began, self.named, f"m-{self.slug}", downloads)

    @property
    def countable(self) -> dict[date, str]:
        """The days of the chart that count, by day, and what is measured on them in words: each may be excluded."""
        chart = self.drawn.chart
        if chart is None:
            return {}
        scale = Scale(chart)
        found: dict[date, list[str]] = {}
        for mark in chart.marks:
            if mark.state is State.SHOWN and mark.value is not None:
                found.setdefault(mark.on, []).append(scale.words(mark.value))
        return {on: " och ".join(words) for on, words in found.items()}

    @property
    def left_out(self) -> list[tuple[LeftOut, bool]]:
        """The days that do not count, and whether there is a value to be seen on each."""
        marks = self.drawn.chart.marks if self.drawn.chart else ()
        there = {mark.on for mark in marks if mark.state is State.EXCLUDED}
        return [(one, one.day in there) for one in self.measure.excluded]

    def address(self, view: str) -> str:
        """Where one of its pages is."""
        return url_for(f"projects.{view}", slug=self.document.slug, measure=self.slug)


@dataclass(frozen=True, eq=False)
class Drawn:
    """A chart, or why there is none; and how many rows of the table cannot be read.

    Whatever is asked for is drawn when it is first asked for, and remembered with the rest.
    """

    chart: Chart | None
    key: str
    downloads: Mapping[str, str]
    why: str = ""
    unread: int = 0

    @cached_property
    def figure(self) -> Markup:
        """The whole chart, for the measure's own page."""
        return figure(self.chart, self.key, self.downloads) if self.chart else Markup("")

    @cached_property
    def glance(self) -> Markup:
        """The chart in small, for the project's page."""
        return glance(self.chart, self.key, self.downloads) if self.chart else Markup("")

    @cached_property
    def picture(self) -> str:
        """The chart as a file that needs nothing else."""
        return standalone(self.chart) if self.chart else ""

    @cached_property
    def figures(self) -> bytes:
        """The chart as a table, without what is not shown of small groups."""
        return as_csv(self.chart) if self.chart else b""


@lru_cache(maxsize=MOST_REMEMBERED)
def _drawn(
    content: bytes,
    said: str,
    began: tuple[Annotation, ...],
    named: frozenset[str],
    key: str,
    downloads: tuple[tuple[str, str], ...],
) -> Drawn:
    measure = Measure.model_validate_json(said)
    series = table.read(content)
    chart, why = None, ""
    try:
        points = table.naming(series.points, named)
        chart = chart_of(measure, points, began) if points else None
    except NotPossible as error:
        why = str(error)
    return Drawn(chart, key, dict(downloads), why, len(series.faults))


def chart_of(measure: Measure, points: Sequence[Point], began: Sequence[Annotation] = ()) -> Chart:
    """The chart of some points. Raises NotPossible, in Swedish."""
    shares = table.has_pairs(points) and measure.kind in _SHARES
    first, last = min(point.on for point in points), max(point.on for point in points)
    within = [one for one in began if first <= one.on <= last]
    return analyse(exclude(points, measure.reasons), measure.kind, measure.options(shares, within))


# Of numerators and denominators these are parts of a whole; a rate is not.
_SHARES = (ChartType.RUN, ChartType.I, ChartType.MR, ChartType.P)


def _counted(point: Point) -> bool:
    return any(one is not None for one in (point.value, point.numerator, point.denominator))


def all_of(document: Document, cycles: Sequence[Document]) -> list[Measured]:
    """The measures of a project, in its order. ``cycles`` are those that the viewer may see."""
    measures = with_slugs(document.front_matter.measures)  # type: ignore[attr-defined]
    contents = _contents(document) if measures else {}
    began, named = starts_of(cycles), frozenset(number_of(cycle) for cycle in cycles)
    return [
        Measured(
            document,
            slug,
            one,
            contents.get(slug),
            began,
            held=slug in contents and contents[slug] is None,
            named=named,
        )
        for slug, one in measures.items()
    ]


def find(document: Document, slug: str, cycles: Sequence[Document]) -> Measured:
    """The measure with a slug; what the project does not have is answered 404."""
    found = next((one for one in all_of(document, cycles) if one.slug == slug), None)
    if found is None:
        abort(404)
    return found


def _contents(document: Document) -> dict[str, bytes | None]:
    """What the tables hold; None for those in which somebody outside has put a personal number."""
    slugs = [one.name.removesuffix(MEASURE_ENDING) for one in current.library.measured(document.path)]
    if not slugs:
        return {}
    paths = {measure_path(document.path, slug): slug for slug in slugs}
    with current.databases.kept_for_reading() as session:
        held = held_back(session, paths)
    found: dict[str, bytes | None] = {paths[path]: None for path in held}
    for path, slug in paths.items():
        try:
            content = current.library.load(path) if path not in held else None
        except BrokenDocument:
            continue  # a link, or too large: told by larnat check
        if content is not None:
            found[slug] = content
    return found


def starts_of(cycles: Sequence[Document]) -> tuple[Annotation, ...]:
    """When each cycle began, as far as the day is known, and what it is called."""
    found = []
    for cycle in cycles:
        began = getattr(cycle.front_matter, "started", None)
        if began is not None and began.exact is not None:
            found.append(Annotation(began.exact, f"Cykeln ”{cycle.title}” börjar"))
    return tuple(sorted(found, key=lambda one: one.on))


def number_of(cycle: Document) -> str:
    """What a cycle is called in the table: the last part of its address."""
    return cycle.slug.rpartition("/")[2]
