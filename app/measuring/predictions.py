"""Whether a prediction that can be counted came true, by the values since: a suggestion, with its reason in Swedish.

Pure. What a team decides is theirs; this is what their form is prefilled with and what stands beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from statistics import median

from app.measuring.wording import Cadence, day_words, number

# "Ungefär": so far from the number it still came true, and so far it came true in part.
NEAR = Fraction(1, 10)
NEARLY = Fraction(1, 5)


class Side(StrEnum):
    """On which side of its number a prediction is."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    ABOUT = "about"

    @property
    def swedish(self) -> str:
        return {Side.AT_LEAST: "minst", Side.AT_MOST: "högst", Side.ABOUT: "ungefär"}[self]


class Held(StrEnum):
    """How a prediction held."""

    CONFIRMED = "confirmed"
    PARTLY = "partly"
    REFUTED = "refuted"
    CANNOT_BE_JUDGED = "cannot_be_judged"


@dataclass(frozen=True)
class Predicted:
    """A prediction as far as it can be counted. ``since`` is when do began, ``by`` until when it was about.

    ``side`` and ``value`` are None where nobody has said them, or they cannot be read as such.
    """

    side: Side | None
    value: Decimal | None
    since: date | None = None
    by: date | None = None


@dataclass(frozen=True)
class Value:
    """A value of the measure on a day, in the unit that the prediction is written in: 69 for 69 percent."""

    on: date
    value: Fraction | Decimal


@dataclass(frozen=True)
class Judgement:
    """How it held, and why that is said, in one or two sentences."""

    held: Held
    reason: str


def judged(predicted: Predicted, values: Sequence[Value], today: date) -> Judgement:
    """How a prediction held, by the values from when do began until the day it was about, both included.

    Both the median of them and the last one are asked: where both are on the predicted side it came true, where one
    is it came true in part. ``values`` may come in any order, and hold values from before.
    """
    side, wanted = predicted.side, predicted.value
    if wanted is None:
        return _cannot("Förutsägelsen har inget tal att jämföra med.")
    if side is None:
        return _cannot("Förutsägelsen säger inte om det ska bli minst, högst eller ungefär så mycket.")
    within = sorted((one for one in values if _is_within(one.on, predicted)), key=lambda one: one.on)
    if not within:
        return _cannot(f"Det finns inga värden{_period(predicted)}.")
    if predicted.by and today < predicted.by and within[-1].on < predicted.by:
        return _cannot(f"Förutsägelsen gäller till {_day(predicted.by)}, så det går inte att säga än.")
    middle, last = median(Fraction(one.value) for one in within), Fraction(within[-1].value)
    held = _held(side, Fraction(wanted), middle, last)
    believed = f"Ni trodde {side.swedish} {number(float(wanted))}."
    if len(within) == 1:
        return Judgement(held, f"{believed} Det enda värdet{_period(predicted)} är {number(float(last))}.")
    told = f"Medianen för de {len(within)} värdena{_period(predicted)} är {number(float(middle))}"
    return Judgement(held, f"{believed} {told}, och det sista är {number(float(last))}.")


def _held(side: Side, wanted: Fraction, middle: Fraction, last: Fraction) -> Held:
    if side is Side.ABOUT:
        away = abs(middle - wanted)
        near, nearly = (abs(wanted) * part for part in (NEAR, NEARLY))
        return Held.CONFIRMED if away <= near else Held.PARTLY if away <= nearly else Held.REFUTED
    right = [one >= wanted if side is Side.AT_LEAST else one <= wanted for one in (middle, last)]
    return Held.CONFIRMED if all(right) else Held.PARTLY if any(right) else Held.REFUTED


def _is_within(day: date, predicted: Predicted) -> bool:
    return (predicted.since is None or day >= predicted.since) and (predicted.by is None or day <= predicted.by)


def _period(predicted: Predicted) -> str:
    since = f" från {_day(predicted.since)}" if predicted.since else ""
    return since + (f" till {_day(predicted.by)}" if predicted.by else "")


def _day(day: date) -> str:
    return day_words(day, Cadence.DAY)


def _cannot(reason: str) -> Judgement:
    return Judgement(Held.CANNOT_BE_JUDGED, reason)
