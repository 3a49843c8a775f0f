"""What overviews show of a project beside its card: how far it has come, its main measure, and when it measured.

Worked out when the project or one of its tables is saved, so that a list of hundreds reads no file and draws nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, cast

from app.kinds.projects import table
from app.kinds.projects.measure import Measure, with_slugs
from app.kinds.projects.measured import chart_of
from app.library.document import Document
from app.library.vocabulary import MeasureType
from app.measuring.charts import Chart
from app.measuring.drawing import spark
from app.measuring.points import NotPossible
from app.measuring.sentence import conclude

if TYPE_CHECKING:
    from app.kinds.projects.project import Project


def glance(document: Document, tables: Mapping[str, bytes]) -> dict[str, Any]:
    """``progress`` with its day as it is written, ``days`` of values, and ``measure``: its name, shape and finding."""
    project = cast("Project", document.front_matter)
    measures = with_slugs(project.measures)
    charts = {slug: _chart(one, tables.get(slug)) for slug, one in measures.items()}
    last = project.progress_history[-1] if project.progress_history else None
    told = {
        "progress": project.progress.value if project.progress else "",
        # The form can set the step without its day.
        "progress_on": last.date.raw if last and last.progress is project.progress else "",
        "days": days_of(charts.values()),
        "measure": _main(measures, charts),
    }
    return {name: value for name, value in told.items() if value}


def days_of(charts: Iterable[Chart | None]) -> dict[str, list[int]]:
    """The days with a value that everybody may know of, as numbers, by the cycle that the value belongs to, or ""."""
    found: dict[str, list[int]] = {}
    for chart in charts:
        for mark in chart.marks if chart else ():
            if mark.judged is not None:
                found.setdefault(mark.cycle, []).append(mark.on.toordinal())
    return found


def _main(measures: Mapping[str, Measure], charts: Mapping[str, Chart | None]) -> dict[str, str]:
    """The first measure of an outcome that there is a chart of; nothing where there is none."""
    for slug, measure in measures.items():
        chart = charts[slug]
        if measure.type is MeasureType.OUTCOME and chart:
            return {"name": measure.name, "slug": slug, "shape": str(spark(chart)), "finding": conclude(chart).finding}
    return {}


def _chart(measure: Measure, content: bytes | None) -> Chart | None:
    points = table.read(content).points
    try:
        return chart_of(measure, points) if points else None
    except NotPossible:
        return None
