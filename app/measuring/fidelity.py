"""How faithfully a cycle followed the method: ten points, each with its reason and what would give it.

For the team to learn from, never to rank by. How long texts are never counts, and a change that was abandoned with a
reason can have ten. After McNicholas 2019 (doi 10.1136/bmjqs-2017-007605) and Taylor 2014 (doi
10.1136/bmjqs-2013-001862), who found what is most often missing: an explicit prediction, growing from small, data.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise

MOST = 10
# "Ett team", counted from 0 in the list of scales.
SMALL_ENOUGH = 3
ENOUGH_DAYS = 3


@dataclass(frozen=True)
class Link:
    """A cycle of a ramp: its place in the list of scales, None where it is not said, and whether it was adapted."""

    scale: int | None
    adapted: bool = False


@dataclass(frozen=True)
class Told:
    """What a cycle tells of itself, as far as the points ask for it.

    ``phases`` says of plan, do, study and act whether anything is told; ``ramp`` are the cycles that build on each
    other, this one among them, in their order. ``ramp_days`` are the days with a value of a measure while the
    ramp went on, ``own_values`` the values that belong to this cycle.
    """

    phases: tuple[bool, bool, bool, bool] = (False, False, False, False)
    started: date | None = None
    ended: date | None = None
    decided: date | None = None
    predicted: bool = False
    locked: date | None = None
    countable: bool = False
    judged: bool = False
    data_plan: bool = False
    own_values: int = 0
    chosen: bool = False
    abandoned: bool = False
    reason: bool = False
    ramp: Sequence[Link] = ()
    ramp_days: int = 0


@dataclass(frozen=True)
class Rule:
    """One line of the score: what was looked at, and why it has its points or what would give them."""

    words: str
    points: int
    why: str
    most: int = 1

    @property
    def gained(self) -> bool:
        return self.points == self.most


@dataclass(frozen=True)
class Score:
    """The lines of a score."""

    rules: tuple[Rule, ...]

    @cached_property
    def points(self) -> int:
        return sum(rule.points for rule in self.rules)

    @property
    def missing(self) -> tuple[Rule, ...]:
        """What would raise it."""
        return tuple(rule for rule in self.rules if not rule.gained)


PHASES = ("Planera", "Genomföra", "Studera", "Agera")


def score(told: Told) -> Score:
    """The ten points of a cycle."""
    return Score(
        (
            _phases(told),
            _order(told),
            _prediction(told),
            _rule(
                "Förutsägelsen är bedömd",
                told.judged,
                "I Studera står hur det blev mot förutsägelsen.",
                "Säg i Studera hur det blev mot förutsägelsen, också om det inte går att bedöma.",
            ),
            _data(told),
            _rule(
                "Beslut med skäl",
                told.chosen and told.reason,
                "Ni har bestämt hur ni går vidare, och sagt varför.",
                "Välj i Agera att behålla, anpassa, utöka eller avsluta, och skriv varför.",
            ),
            _linked(told),
            _scale(told),
            _rule(
                "Mätning över tid",
                told.ramp_days >= ENOUGH_DAYS,
                f"Det finns värden från {told.ramp_days} dagar medan cyklerna pågick.",
                "Fyll i ett av utvecklingsarbetets mått minst tre gånger medan cyklerna pågår.",
            ),
        )
    )


def _rule(words: str, gained: bool, why: str, how: str) -> Rule:
    return Rule(words, int(gained), why if gained else how)


def _phases(told: Told) -> Rule:
    missing = [name for name, filled in zip(PHASES, told.phases, strict=True) if not filled]
    how = f"Skriv något i {' och '.join(missing)}."
    return _rule("Alla fyra steg", not missing, "Något är skrivet i alla fyra steg.", how)


def _order(told: Told) -> Rule:
    days = (told.started, told.ended, told.decided)
    known = [day for day in days if day]
    words = "I rätt ordning"
    if len(known) < len(days):
        return Rule(words, 0, "Ange dagarna då ni började och slutade genomföra, och då ni bestämde er.")
    in_order = all(earlier <= later for earlier, later in pairwise(known))
    right = "Ni studerade och bestämde er efter att ni hade genomfört."
    return _rule(words, in_order, right, "Dagarna säger att ni bestämde er innan ni hade genomfört. Se efter dem.")


def _prediction(told: Told) -> Rule:
    words = "Förutsägelse före genomförandet"
    if not told.predicted:
        return Rule(words, 0, "Skriv i nästa cykel vad ni tror ska hända, innan ni börjar genomföra.", 2)
    if not (told.locked and told.started):
        return Rule(words, 0, "Det framgår inte när förutsägelsen låstes, eller när ni började genomföra.", 2)
    if told.locked > told.started:
        return Rule(words, 0, "Förutsägelsen låstes efter att ni hade börjat. Lås den före i nästa cykel.", 2)
    if not told.countable:
        how = "Den låstes i tid. Knyt den till ett mått eller ett tal i nästa cykel, så går den att räkna."
        return Rule(words, 1, how, 2)
    return Rule(words, 2, "Den låstes i tid, och går att räkna.", 2)


def _data(told: Told) -> Rule:
    words = "Dataplan och data"
    if not told.data_plan:
        return Rule(words, 0, "Skriv en dataplan: vad ni räknar, vem som samlar in och när.")
    how = "Dataplanen finns. Fyll i värden i ett av utvecklingsarbetets mått för dagarna då ni genomför."
    return _rule(words, told.own_values > 0, "Dataplanen finns, och värden är ifyllda.", how)


def _linked(told: Told) -> Rule:
    words = "Fler cykler i rad"
    if told.abandoned and told.reason:
        return Rule(words, 1, "Ni avslutade, och har sagt varför. Det räcker.")
    right = f"Cykeln hör ihop med {len(told.ramp) - 1} till."
    how = "Gör en cykel till som bygger på den här, eller avsluta den och skriv varför."
    return _rule(words, len(told.ramp) > 1, right, how)


def _scale(told: Told) -> Rule:
    words = "Från litet till stort"
    first = told.ramp[0].scale if told.ramp else None
    if first is None:
        return Rule(words, 0, "Säg hur stort ni provar i den första cykeln.")
    if first > SMALL_ENOUGH:
        return Rule(words, 0, "Börja med ett team eller mindre, nästa gång ni provar något nytt.")
    shrinks = any(
        before.scale is not None and after.scale is not None and after.scale < before.scale and not before.adapted
        for before, after in pairwise(told.ramp)
    )
    how = "En senare cykel provade mindre än den före, utan att den hade beslutats att anpassas."
    return _rule(words, not shrinks, "Ni började litet, och krympte inte i onödan.", how)
