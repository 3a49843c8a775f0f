"""A project as JSON: format 1, which docs/project-json.md describes.

It is made to be given away: groups that are smaller than a measure shows are in it for nobody, also not for those who
write the project, and what the viewer may not see is not named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, cast

from flask import url_for

from app.accounts.signing_in import viewer
from app.keeping.export import references_in, without
from app.keeping.manifest import program_version
from app.kinds.projects import table
from app.kinds.projects.drivers import Diagram
from app.kinds.projects.measured import Measured, number_of
from app.library.document import Document
from app.library.links import without_links
from app.library.sections import split_sections
from app.measuring.points import Number, Point
from app.measuring.telling import as_json as chart_as_json
from app.publishing import current
from app.reading.attached import attached_to
from app.reading.prose import Titles, titles_for
from app.summing_up.whole import Tried, Whole

FORMAT = 1
# What concerns files and addresses, or is told apart.
LEFT_OUT = {"not_personal_numbers", "former_slugs", "attachments"}
TOLD_APART = {
    "projects": {"measures", "driver_snapshots"},
    "cycles": {"prediction", "additions", "locked"},
}


def as_json(whole: Whole) -> dict[str, Any]:
    """The project as plain structures."""
    return _Teller(whole, titles_for(viewer())).everything()


@dataclass(frozen=True)
class _Teller:
    whole: Whole
    titles: Titles

    def everything(self) -> dict[str, Any]:
        told = {
            "format": FORMAT,
            "program": "larnat",
            "version": program_version(),
            "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "project": self.project(),
            "measures": [self.measure(one) for one in self.whole.measured],
            "cycles": [self.cycle(one) for one in self.whole.cycles],
            "ramps": [[one.document.slug for one in ramp] for ramp in self.whole.ramps],
            "learnings": [
                {
                    "slug": one.slug,
                    "title": one.title,
                    "url": url_for("learnings.show", slug=one.slug, _external=True),
                }
                for one in self.whole.learnings
            ],
        }
        return cast(dict[str, Any], _in_texts(told, self.only_what_may_be_named))

    # ---- The project ----

    def project(self) -> dict[str, Any]:
        front = self.whole.front
        return {
            **self.page(self.whole.document),
            "aim_sentence": front.aim.sentence,
            "driver_diagram": self.diagram(),
            "driver_snapshots": self.snapshots(),
        }

    def diagram(self) -> dict[str, Any] | None:
        """The boxes and what acts on what, with what has become of each idea."""
        theory = self.whole.theory
        if theory is None:
            return None
        told = _drawn(theory.diagram)
        for box, node in zip(told["nodes"], theory.diagram.nodes, strict=True):
            if became := theory.of(node):
                box["became"] = str(became.last) if became.last else None
                box["cycles"] = [cycle.slug for cycle in became.cycles]
        return told

    def snapshots(self) -> list[dict[str, Any]]:
        """The diagrams that were kept, the oldest first, each with what became different until the next."""
        then = self.whole.theory.then if self.whole.theory else []
        return [
            {"date": one.date.raw, "note": one.note, **_drawn(one.diagram), "changed_since": one.changes}
            for one in reversed(then)
        ]

    # ---- Measures ----

    def measure(self, measured: Measured) -> dict[str, Any]:
        chart = measured.drawn.chart
        points = list(_with_what_is_shown(measured))
        return {
            "slug": measured.slug,
            "url": url_for("projects.measure", slug=measured.document.slug, measure=measured.slug, _external=True),
            "definition": self.definition(measured, points),
            "values": [self.value(*pair) for pair in points],
            "rows_not_readable": measured.drawn.unread,
            "held_back": measured.held,
            "chart": chart_as_json(chart) if chart else None,
            "no_chart_because": measured.drawn.why,
        }

    def definition(self, measured: Measured, points: Iterable[tuple[Point, Point]]) -> dict[str, Any]:
        """What the measure says of itself, but for why days are not counted on which the group is too small."""
        hidden = {point.on for point, shown in points if shown != point}
        kept = [one for one in measured.measure.excluded if one.day not in hidden]
        return measured.measure.model_copy(update={"excluded": kept}).model_dump(mode="json", exclude={"slug"})

    def value(self, point: Point, shown: Point) -> dict[str, Any]:
        return {
            "date": point.on.isoformat(),
            "value": _exact(shown.value),
            "numerator": _exact(shown.numerator),
            "denominator": _exact(shown.denominator),
            "suppressed": shown != point,
            "note": shown.note,
            "cycle": self.slugs.get(point.cycle, ""),
        }

    @cached_property
    def slugs(self) -> Mapping[str, str]:
        """The cycles that the viewer may see, by what they are called in tables."""
        return {number_of(one.document): one.document.slug for one in self.whole.cycles}

    # ---- Cycles ----

    def cycle(self, tried: Tried) -> dict[str, Any]:
        front, back = tried.front, tried.back
        return {
            **self.page(tried.document),
            "number": tried.number,
            "phases": list(front.phases),
            "prediction": self.prediction(tried),
            "by_the_values": {
                "held": str(back.judgement.held),
                "outcome": str(back.outcome) if back.outcome else None,
                "reason": back.judgement.reason,
            }
            if back and back.judgement
            else None,
            "fidelity": _fidelity(tried),
        }

    def prediction(self, tried: Tried) -> dict[str, Any]:
        """What was predicted, as it is locked, whatever the file says now."""
        told, additions = tried.foreseen, tried.front.additions
        return {
            "said": told.said.model_dump(mode="json") if told.said else None,
            "locked": told.since is not None,
            "locked_since": told.since.raw if told.since else None,
            "locked_after_start": told.late,
            "file_differs": told.differs,
            "additions": [one.model_dump(mode="json") for one in additions if one.text],
        }

    # ---- What is the same for both ----

    def page(self, document: Document) -> dict[str, Any]:
        """A page's fields, without references to what the viewer may not know of, and its text by headings."""
        kind = document.kind
        fields = set(kind.front_matter.model_fields) - LEFT_OUT - TOLD_APART[kind.name]
        plain = document.front_matter.model_dump(mode="json", include=fields)
        hidden = [
            value
            for value, name in references_in(document)
            if value.path[0] in fields and self.titles(current.library.kinds[name].url, str(value.value)) is None
        ]
        return {
            "slug": document.slug,
            "url": url_for(f"{kind.name}.show", slug=document.slug, _external=True),
            "file_version": document.version,
            **without(plain, hidden),
            "text": [{"heading": one.title, "markdown": one.text.strip()} for one in split_sections(document.body)],
            "attachments": [{"title": one.title, "alt": one.alt, "name": one.name} for one in attached_to(document)],
        }

    def only_what_may_be_named(self, text: str) -> str:
        return without_links(text, lambda kind_url, slug: self.titles(kind_url, slug) is not None)


def _drawn(diagram: Diagram) -> dict[str, Any]:
    nodes = [
        {"number": one.number, "column": one.column, "text": one.text, "under": one.under} for one in diagram.nodes
    ]
    edges = [
        {"cause": one.cause, "effect": one.effect, "strength": str(one.strength), "across": one.across}
        for one in diagram.edges
    ]
    return {"nodes": nodes, "edges": edges}


def _with_what_is_shown(measured: Measured) -> Iterator[tuple[Point, Point]]:
    points = measured.series.points
    yield from zip(points, table.without_small_groups(points, measured.measure), strict=True)


def _exact(number: Number | None) -> str | None:
    """A number to its last decimal: as text, for programs round the numbers of JSON."""
    return None if number is None else f"{Decimal(str(number)):f}"


def _fidelity(tried: Tried) -> dict[str, Any] | None:
    """The score with its reasons; None where it has not begun, or is told by a source, as on the cycle's page."""
    if tried.back is None or tried.front.sources:
        return None
    rules = tried.back.score.rules
    return {
        "points": tried.back.score.points,
        "most": sum(rule.most for rule in rules),
        "rules": [{"rule": one.words, "points": one.points, "most": one.most, "why": one.why} for one in rules],
    }


def _in_texts(plain: Any, change: Callable[[str], str]) -> Any:
    """Plain structures with every text changed."""
    if isinstance(plain, str):
        return change(plain)
    if isinstance(plain, Mapping):
        return {key: _in_texts(one, change) for key, one in plain.items()}
    return [_in_texts(one, change) for one in plain] if isinstance(plain, list) else plain
