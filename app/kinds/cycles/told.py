"""What a cycle tells of itself, as its score and the overviews ask for it: from its document alone."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from app.kinds.projects.measure import number_in
from app.library.document import Document, Group, Step
from app.library.fields import PartialDate, values
from app.library.locking import lock_in
from app.library.sections import split_sections
from app.library.vocabulary import Decision, Scale
from app.measuring.ramps import Tried, as_plain
from app.reading.pages import has_text

if TYPE_CHECKING:
    from app.kinds.cycles.cycle import Cycle
    from app.kinds.cycles.prediction import Prediction

# The heading of what is counted, by whom and when.
DATA_PLAN = "Dataplan"
# The steps of a cycle's form that are its phases.
PHASES = 4
_SCALES = list(Scale)


def told_phases(document: Document, filled: Container[str]) -> list[bool]:
    """Of each phase whether anything is told of it; ``filled`` are the headings below which something is written."""
    front = cast("Cycle", document.front_matter)
    return [_tells(front, step, filled) for step in document.kind.steps[:PHASES]]


def _tells(front: Cycle, step: Step, filled: Container[str]) -> bool:
    """Whether anything is written in one of a phase's fields or below one of its headings."""
    for name in step.fields:
        if name.startswith("# "):
            if name.removeprefix("# ") in filled:
                return True
        elif name not in ("title", "status", "idea"):
            value = getattr(front, name)
            if any(values(value)) if isinstance(value, Group) else value and getattr(value, "known", True):
                return True
    return False


def in_ramp(document: Document) -> Tried:
    """What the cycles beside it have to know of a cycle."""
    cycle = cast("Cycle", document.front_matter)
    return Tried(
        slug=document.slug,
        follows=cycle.follows,
        started=_day(cycle.started),
        ended=_day(cycle.ended),
        adapted=cycle.decision is Decision.ADAPT,
        scale=_SCALES.index(cycle.scale) if cycle.scale in _SCALES else None,
    )


def tried_of(document: Document) -> Tried:
    """All that a cycle tells by itself, as its file says it."""
    cycle = cast("Cycle", document.front_matter)
    filled = {section.title for section in split_sections(document.body) if has_text(section.text)}
    plan, do, study, act = told_phases(document, filled)
    lock = lock_in(document)
    told = replace(
        in_ramp(document),
        begun=lock is not None,
        sourced=bool(cycle.sources),
        phases=(plan, do, study, act),
        decided=_day(cycle.decided),
        judged=cycle.outcome is not None and cycle.outcome.is_listed,
        data_plan=DATA_PLAN in filled,
        chosen=cycle.decision is not None and cycle.decision.is_listed,
        abandoned=cycle.decision is Decision.ABANDON,
        reason=bool(cycle.decision_reason),
    )
    return foretold(told, cycle.prediction, lock.day if lock else None)


def foretold(tried: Tried, prediction: Prediction, locked: PartialDate | None) -> Tried:
    """The same, with what is locked of its prediction, and since when."""
    return replace(
        tried,
        predicted=bool(prediction.text or prediction.value),
        countable=bool(prediction.measure or number_in(prediction.value) is not None),
        locked=_day(locked),
    )


def glance(document: Document, _tables: Mapping[str, bytes]) -> dict[str, Any]:
    """What overviews show of a cycle, worked out when it is saved."""
    return as_plain(tried_of(document))


def _day(written: PartialDate | None) -> date | None:
    return written.exact if written else None
