"""What is measured: points in time, and how they are to be charted. Numbers are exact, so that a tie is a tie."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

Number = int | float | Decimal | Fraction

# Larger numbers than this are not shown exactly by any program that a measure goes through.
LARGEST = 10**15
# A group of fewer persons than this is not shown, unless the measure says otherwise.
SMALLEST_GROUP = 5


class NotPossible(ValueError):
    """The chart that was asked for cannot be made. The message is Swedish and says what to do."""


class ChartType(StrEnum):
    """The eight charts. The value is what files and the command line call them."""

    RUN = "run"
    I = "i"  # noqa: E741
    MR = "mr"
    P = "p"
    U = "u"
    C = "c"
    G = "g"
    T = "t"

    @property
    def swedish(self) -> str:
        """What it is called on the screen."""
        return _NAMES[self]

    @property
    def from_fractions(self) -> bool:
        """Whether it needs numerators and denominators."""
        return self in (ChartType.P, ChartType.U)

    @property
    def centre_is_median(self) -> bool:
        """Whether the line in the middle is the median; otherwise it is the mean."""
        return self in (ChartType.RUN, ChartType.G)

    @property
    def has_limits(self) -> bool:
        """Whether it has control limits."""
        return self is not ChartType.RUN


_NAMES = {
    ChartType.RUN: "Seriediagram",
    ChartType.I: "Styrdiagram för enskilda värden (I)",
    ChartType.MR: "Styrdiagram för skillnaden mellan två värden i följd (MR)",
    ChartType.P: "Styrdiagram för andelar (P)",
    ChartType.U: "Styrdiagram för händelser i förhållande till hur många det gäller (U)",
    ChartType.C: "Styrdiagram för antal (C)",
    ChartType.G: "Styrdiagram för antal fall mellan sällsynta händelser (G)",
    ChartType.T: "Styrdiagram för tid mellan sällsynta händelser (T)",
}


class Better(StrEnum):
    """Which way is an improvement."""

    UP = "up"
    DOWN = "down"
    NEUTRAL = "neutral"


@dataclass(frozen=True)
class Point:
    """A value, or a numerator and a denominator, on a day. None of them: it is missing, and keeps its place on the
    axis. ``excluded``: it is drawn, and nothing is computed of it; ``reason`` says why.
    """

    on: date
    value: Number | None = None
    numerator: Number | None = None
    denominator: Number | None = None
    note: str = ""
    cycle: str = ""
    excluded: bool = False
    reason: str = ""


@dataclass(frozen=True)
class Phase:
    """A new phase: its points have a centre line and limits of their own. ``note`` says why, and is required."""

    begins: date
    note: str
    freeze: int | None = None


@dataclass(frozen=True)
class Annotation:
    """Something that happened on a day and is marked in the picture; the start of a cycle is one."""

    on: date
    text: str


@dataclass(frozen=True)
class Options:
    """How a series is to be charted, and what it is called.

    ``freeze``: the first so many points alone give the centre line and the limits, ``freeze_note`` says why.
    ``screened``: leave out unusually large moving ranges once (Nelson 1982). ``smallest``: groups that are smaller
    are not shown.
    """

    name: str = "Mätvärden"
    unit: str = ""
    better: Better = Better.NEUTRAL
    target: Number | None = None
    freeze: int | None = None
    freeze_note: str = ""
    phases: tuple[Phase, ...] = ()
    annotations: tuple[Annotation, ...] = ()
    screened: bool = False
    smallest: int = SMALLEST_GROUP

    def __post_init__(self) -> None:
        for baseline in (self.freeze, *(phase.freeze for phase in self.phases)):
            if baseline is not None and baseline < 2:
                raise NotPossible("En baslinje behöver minst två mätpunkter.")
        if any(not phase.note.strip() for phase in self.phases):
            raise NotPossible("Skriv varför en ny fas börjar. Utan det går diagrammet inte att förstå efteråt.")
        if len({phase.begins for phase in self.phases}) < len(self.phases):
            raise NotPossible("Två faser kan inte börja samma dag.")
        if self.target is not None:
            exact(self.target)


def exclude(points: Iterable[Point], reasons: Mapping[date, str]) -> list[Point]:
    """The points, those of some days excluded, each for its reason."""
    return [
        replace(point, excluded=True, reason=reasons[point.on]) if point.on in reasons else point for point in points
    ]


def exact(number: Number) -> Fraction:
    """The number without rounding; a float is the decimal that it is written as, so that 0.1 is one tenth.

    Raises NotPossible for what is no number, and for what is larger than ``LARGEST``.
    """
    if type(number) is int and -LARGEST <= number <= LARGEST:
        return Fraction(number)  # most are counts, and fractions take time to compare
    try:
        fraction = Fraction(repr(number)) if isinstance(number, float) else Fraction(number)
    except (ValueError, OverflowError) as error:
        raise NotPossible(f"{number} är inget tal som går att räkna med.") from error
    if abs(fraction) > LARGEST:
        raise NotPossible("Talet är för stort: högst 1 000 000 000 000 000 går att visa rätt.")
    return fraction
