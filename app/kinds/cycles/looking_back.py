"""Looking back on a cycle: whether what it predicted came true by the values, and how it followed the method."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import cast

from app.editing.events import today
from app.kinds.cycles.cycle import Cycle
from app.kinds.cycles.prediction import Prediction
from app.kinds.cycles.told import foretold, in_ramp, tried_of
from app.kinds.projects.at_a_glance import days_of
from app.kinds.projects.measure import number_in
from app.kinds.projects.measured import Measured, all_of
from app.library.document import Document
from app.library.fields import PartialDate
from app.library.vocabulary import Outcome
from app.measuring.charts import Mark
from app.measuring.fidelity import Score
from app.measuring.predictions import Held, Judgement, Predicted, Side, Value, judged
from app.measuring.ramps import Cycles, Days
from app.measuring.wording import is_share
from app.publishing import current, locks


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


def looked_back_on(document: Document, project: Document | None, siblings: Sequence[Document]) -> LookedBack | None:
    """None for a cycle that has not begun. ``siblings`` are the project's cycles that the viewer may see."""
    kept = locks.kept_of(current.library, current.databases, document)
    return looked_back(document, kept, all_of(project, siblings) if project else [], siblings) if kept else None


def looked_back(
    document: Document, kept: locks.Kept, measured: Sequence[Measured], siblings: Sequence[Document]
) -> LookedBack:
    """The same for what is known of it: what is locked of the cycle, and the measures of its project."""
    cycle = cast(Cycle, document.front_matter)
    prediction = cast(Prediction | None, kept.said) or Prediction.model_validate({})
    own = replace(foretold(tried_of(document), prediction, kept.lock.day), begun=True)
    beside = [own if one.slug == document.slug else in_ramp(one) for one in siblings]
    days = Days(days_of(one.drawn.chart for one in measured))
    return LookedBack(Cycles(beside, days).score(own), judgement_of(cycle, prediction, measured))


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


def _marks(measure: Measured) -> Sequence[Mark]:
    return measure.drawn.chart.marks if measure.drawn.chart else ()


def _day(written: PartialDate | None) -> date | None:
    return written.exact if written else None
