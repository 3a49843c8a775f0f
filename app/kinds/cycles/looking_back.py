"""Looking back on a cycle: whether what it predicted came true by the values, and how it followed the method."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from app.editing.events import today
from app.kinds.cycles.cycle import Cycle, Prediction
from app.kinds.projects.measure import number_in
from app.kinds.projects.measured import Measured, all_of, number_of
from app.library.document import Document
from app.library.fields import PartialDate
from app.library.vocabulary import Decision, Outcome, Scale
from app.measuring.charts import Mark
from app.measuring.fidelity import Link, Score, Told, score
from app.measuring.predictions import Held, Judgement, Predicted, Side, Value, judged
from app.measuring.wording import is_share
from app.publishing import current, locks

SCALES = list(Scale)


@dataclass(frozen=True)
class LookedBack:
    """What a cycle's page says of it: the score, and how the prediction held by the values, where they tell.

    ``judgement`` is None where the prediction is about nothing that the project measures.
    """

    score: Score
    judgement: Judgement | None = None

    @property
    def outcome(self) -> Outcome | None:
        """The judgement as the form has it; None where the values cannot tell."""
        if self.judgement is None or self.judgement.held is Held.CANNOT_BE_JUDGED:
            return None
        return next(one for one in Outcome if one.value == self.judgement.held.value)


def looked_back_on(
    document: Document, project: Document | None, siblings: Sequence[Document], phases: Sequence[bool], planned: bool
) -> LookedBack | None:
    """None for a cycle that has not begun. ``siblings`` are the project's cycles that the viewer may see; ``phases``
    and ``planned`` say whether anything is told of each phase, and of what is counted.
    """
    cycle = cast(Cycle, document.front_matter)
    kept = locks.kept_of(current.library, current.databases, document)
    if kept is None:
        return None
    prediction = cast(Prediction | None, kept.said) or Prediction.model_validate({})
    measured = all_of(project, siblings) if project else []
    return LookedBack(
        score(_told(document, ramp_of(document, siblings), measured, prediction, kept.lock.day, phases, planned)),
        judgement_of(cycle, prediction, measured),
    )


def judgement_of(cycle: Cycle, prediction: Prediction, measured: Sequence[Measured]) -> Judgement | None:
    """How a prediction held by the values of the measure that it names; None where the project has none of the name."""
    wanted = prediction.measure.strip().casefold()
    measure = next((one for one in measured if one.measure.name.strip().casefold() == wanted), None)
    if not wanted or measure is None or measure.drawn.chart is None:
        return None
    said = prediction.direction
    side = Side(str(said)) if said and said.is_listed else None
    predicted = Predicted(side, number_in(prediction.value), _day(cycle.started), _day(prediction.by))
    factor = 100 if is_share(measure.drawn.chart) else 1
    values = [Value(mark.on, mark.judged * factor) for mark in _marks(measure) if mark.judged is not None]
    return judged(predicted, values, today())


def ramp_of(document: Document, siblings: Sequence[Document]) -> list[Document]:
    """The cycles that build on each other, this one among them: those before it and those after, in their order."""
    by_slug = {one.slug: one for one in siblings}
    found = [document]
    while (before := by_slug.get(_follows(found[0]))) and before not in found:
        found.insert(0, before)
    while later := [one for one in siblings if one not in found and _follows(one) in {here.slug for here in found}]:
        found += later
    return found


def _follows(document: Document) -> str:
    return cast(Cycle, document.front_matter).follows


def _told(
    document: Document,
    ramp: Sequence[Document],
    measured: Sequence[Measured],
    prediction: Prediction,
    locked: PartialDate,
    phases: Sequence[bool],
    planned: bool,
) -> Told:
    cycle = cast(Cycle, document.front_matter)
    plan, do, study, act = phases
    days = [(on, name) for one in measured for on, name in _values(one)]
    return Told(
        phases=(plan, do, study, act),
        started=_day(cycle.started),
        ended=_day(cycle.ended),
        decided=_day(cycle.decided),
        predicted=bool(prediction.text or prediction.value),
        locked=_day(locked),
        countable=bool(prediction.measure or number_in(prediction.value) is not None),
        judged=cycle.outcome is not None and cycle.outcome.is_listed,
        data_plan=planned,
        own_values=sum(name == number_of(document) or _during(cycle, on) for on, name in days),
        chosen=cycle.decision is not None and cycle.decision.is_listed,
        abandoned=cycle.decision is Decision.ABANDON,
        reason=bool(cycle.decision_reason),
        ramp=[_link(one) for one in ramp],
        ramp_days=len({on for on, _ in days if any(_during(cast(Cycle, one.front_matter), on) for one in ramp)}),
    )


def _link(document: Document) -> Link:
    cycle = cast(Cycle, document.front_matter)
    scale = SCALES.index(cycle.scale) if cycle.scale in SCALES else None
    return Link(scale, adapted=cycle.decision is Decision.ADAPT)


def _values(measure: Measured) -> list[tuple[date, str]]:
    """The days with a value that everybody may know of, and the cycles they belong to."""
    return [(mark.on, mark.cycle) for mark in _marks(measure) if mark.judged is not None]


def _marks(measure: Measured) -> Sequence[Mark]:
    return measure.drawn.chart.marks if measure.drawn.chart else ()


def _during(cycle: Cycle, day: date) -> bool:
    """Whether a cycle was done on a day; one that goes on has no last day yet."""
    since, until = _day(cycle.started), _day(cycle.ended)
    return since is not None and since <= day and (until is None or day <= until)


def _day(written: PartialDate | None) -> date | None:
    return written.exact if written else None
