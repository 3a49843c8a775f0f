"""PGSA cycles (PGSA-cykler): planera, genomföra, studera, agera – one small test of a change."""

from __future__ import annotations

from collections.abc import Collection, Container, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import cast

from flask import Blueprint, Response, url_for
from markupsafe import Markup

from app import reading
from app.accounts.access import may_edit, may_see
from app.accounts.rules import asks, open_to_anyone
from app.accounts.signing_in import ask, viewer
from app.editing import add_editing, events, status
from app.editing.events import Fields, Happening, Refusal, Unfinished, Values, add_event
from app.editing.status import Onward
from app.kinds.cycles.cycle import (
    KIND,
    NO_DECISION,
    NO_REASON,
    PHASE_HEADINGS,
    PHASES,
    Cycle,
)
from app.kinds.cycles.looking_back import looked_back_on
from app.kinds.cycles.prediction import NO_NUMBER, Prediction
from app.kinds.cycles.told import told_phases
from app.kinds.projects.project import Project
from app.library.document import Document
from app.library.fields import NOT_STATED, PartialDate
from app.library.vocabulary import CycleStatus, Decision
from app.publishing import Refused, current, locks
from app.reading.attached import files_of
from app.reading.prose import titles_for, to_html

__all__ = ["KIND", "Cycle", "Prediction", "blueprint"]


blueprint = Blueprint(KIND.name, __name__, url_prefix=f"/{KIND.url}")


@blueprint.get("")
@open_to_anyone("it lists what the viewer may see")
def index() -> Response:
    """All PGSA cycles that the viewer may see."""
    return reading.index(KIND)


@blueprint.get("/<path:slug>")
@asks(may_see)
def show(slug: str) -> Response:
    """One cycle: what was believed, done, seen and decided, and the cycles before and after it."""
    return page_of(reading.open_document(KIND, slug))


def page_of(document: Document, refusal: Refusal | None = None) -> Response:
    """The page of a cycle, with the reason why something that was asked for on it was not done."""
    filled = {part.title: part for part in reading.parts_of(document, above=3)}
    expected = [title for titles in PHASE_HEADINGS.values() for title in titles]
    referred = reading.cards_of(document, "practices", KIND.name)
    project = reading.parent(document)
    siblings = reading.children(project) if project else [document]
    place = next((number for number, cycle in enumerate(siblings) if cycle.slug == document.slug), 0)
    told = _with_measure(foreseen(document), project)
    return reading.show(
        document,
        beside=("practices", "follows"),
        family=True,
        project=project,
        number=number_of(document.slug),
        before=siblings[place - 1] if place > 0 else None,
        after=siblings[place + 1] if place + 1 < len(siblings) else None,
        next_step=cast(Cycle, document.front_matter).next_step_after(document.body),
        filled=filled,
        parts=[part for part in reading.parts_of(document) if part.title not in expected],
        phase_headings=PHASE_HEADINGS,
        phase_words=phase_words(document, filled),
        waiting=waiting(document, filled),
        practices=[card for card in referred if card.kind == "practices"],
        foreseen=told,
        going_on=going_on(document, project, siblings),
        back=looked_back_on(document, project, siblings),
        follows=[card for card in referred if card.kind == KIND.name],
        standing=status.standing(document, onward(cast(Cycle, document.front_matter), bool(told.since))),
        **events.shown(refusal),
    )


@dataclass(frozen=True)
class Foreseen:
    """What was predicted, as the page shows it: as it is locked, whatever the file says now.

    ``since`` is None where nothing is locked, ``said`` where what was locked is not known; ``late`` says that it was
    locked after the test had begun, ``unmeasured`` that it names a measure that the project does not have.
    """

    said: Prediction | None
    html: Markup
    since: PartialDate | None = None
    late: bool = False
    differs: bool = False
    unmeasured: bool = False


def foreseen(document: Document, prefix: str = "f-") -> Foreseen:
    """The prediction of a cycle for a page; ``prefix`` begins the ids of its text."""
    return foreseen_by(document, locks.kept_of(current.library, current.databases, document), prefix)


def foreseen_by(document: Document, kept: locks.Kept | None, prefix: str) -> Foreseen:
    """The same where it is known what is locked."""
    front = cast(Cycle, document.front_matter)
    said = cast(Prediction | None, kept.said) if kept else front.prediction
    html = to_html(said.text if said else "", prefix, titles_for(viewer()), file_of=files_of(document))
    if kept is None:
        return Foreseen(said, html)
    since, started = kept.lock.day, front.started.exact if front.started else None
    late = bool(since.exact and started and since.exact > started)
    return Foreseen(said, html, since, late, kept.differs)


def _with_measure(told: Foreseen, project: Document | None) -> Foreseen:
    """The same, with whether the project has the measure that the prediction is about."""
    named = told.said.measure.strip().casefold() if told.said else ""
    measures = cast(Project, project.front_matter).measures if project else []
    known = {one.name.strip().casefold() for one in measures}
    return replace(told, unmeasured=bool(named and known and named not in known))


def going_on(document: Document, project: Document | None, siblings: Sequence[Document]) -> tuple[str, str] | None:
    """The way to plan the cycle after a decided one, in words; None where there is one already."""
    cycle = cast(Cycle, document.front_matter)
    followed = any(cast(Cycle, one.front_matter).follows == document.slug for one in siblings)
    if cycle.status is not CycleStatus.DECIDED or project is None or followed:
        return None
    words = NEXT_CYCLES.get(cycle.decision) if cycle.decision else None
    if words:
        return words, url_for("cycles.new", project=project.slug, fran=f"{KIND.url}/{document.slug}")
    if document.slug == siblings[-1].slug:
        return "Planera nästa cykel", url_for("cycles.new", project=project.slug, follows=document.slug)
    return None


NEXT_CYCLES = {
    Decision.ADAPT: "Planera den anpassade cykeln",
    Decision.EXPAND: "Planera den utökade cykeln",
}


def waiting(document: Document, filled: Collection[str]) -> list[tuple[str, str]]:
    """The headings to invite to, with where they are written: those of the phases that have begun, for a member."""
    front = document.front_matter
    if not isinstance(front, Cycle) or not may_edit(viewer(), front):
        return []
    begun = {name for name, state in zip(PHASES, front.phases, strict=True) if state != "todo"}
    titles = {title for name in begun for title in PHASE_HEADINGS[name]}
    return [one for one in events.waiting(document, filled) if one[0] in titles]


def phase_words(document: Document, filled: Container[str]) -> list[str]:
    """How far each phase has come, a word each; one that is over but of which nothing is told is "framgår inte"."""
    front = document.front_matter
    if not isinstance(front, Cycle):
        return []
    words = {"done": "klar", "now": "pågår", "todo": "inte påbörjad"}
    return [
        NOT_STATED if state == "done" and not told else words[state]
        for state, told in zip(front.phases, told_phases(document, filled), strict=True)
    ]


def number_of(slug: str) -> int:
    """The cycle's number in its project: 1 for "project/01-title"."""
    return int(slug.rpartition("/")[2][:2])


# ---- What happens to a cycle ----


PREDICT = "Skriv vad ni tror ska hända"
COUNT = "Skriv värdet med siffror"
WILL_BE_LOCKED = "Då låses förutsägelsen med dagens datum, så att ni kan lita på den. Det går inte att ångra."
AS_LOCKED = "Filen säger redan det som låstes."
NOT_KNOWN = "Det som låstes finns inte kvar här, så det går inte att lägga tillbaka."
DECIDE = "Bestäm i Agera"
WHY = "Skriv varför i Agera"


def onward(cycle: Cycle, locked: bool = False) -> Onward | None:
    """What naturally comes next: a status, or what has to be written before it. ``locked`` says that it was begun."""
    match cycle.status:
        case CycleStatus.PLANNED if not cycle.prediction.text:
            return Onward(CycleStatus.DOING, PREDICT, "prediction-text")
        case CycleStatus.PLANNED if cycle.prediction.unreadable and not locked:
            return Onward(CycleStatus.DOING, COUNT, "prediction-value")
        case CycleStatus.PLANNED:
            return Onward(CycleStatus.DOING, "Börja genomföra", hint="" if locked else WILL_BE_LOCKED)
        case CycleStatus.DOING:
            return Onward(CycleStatus.STUDYING, "Börja studera")
        case CycleStatus.STUDYING if cycle.decision is None:
            return Onward(CycleStatus.DECIDED, DECIDE, "decision")
        case CycleStatus.STUDYING if not cycle.decision_reason:
            return Onward(CycleStatus.DECIDED, WHY, "decision_reason")
        case CycleStatus.STUDYING:
            return Onward(CycleStatus.DECIDED, "Markera som beslutad")
        case CycleStatus.PAUSED:
            return Onward(CycleStatus.DOING if cycle.started else CycleStatus.PLANNED, "Ta upp cykeln igen")
    return None


def moved(cycle: Cycle, to: CycleStatus, note: str, today: date) -> Values:
    """The cycle comes to another phase, and its date is today's unless it has one.

    Raises Unfinished: nothing is tried before it is written what the team believes, and a decision is written down.
    """
    tries = to is CycleStatus.DOING or (to is CycleStatus.STUDYING and cycle.phases[0] == "now")
    if tries and not cycle.prediction.text:
        message = "Innan ni börjar genomföra behöver ni skriva vad ni tror ska hända. Efteråt vet ni ju hur det gick."
        raise Unfinished(message, "prediction-text", PREDICT)
    locks_it = to not in (CycleStatus.PLANNED, CycleStatus.PAUSED) and not (cycle.locked or cycle.under_way)
    if locks_it and cycle.prediction.unreadable:
        raise Unfinished(f"{NO_NUMBER} Sedan låses förutsägelsen.", "prediction-value", COUNT)
    if to is CycleStatus.DECIDED and cycle.decision is None:
        raise Unfinished(NO_DECISION, "decision", DECIDE)
    if to is CycleStatus.DECIDED and not cycle.decision_reason:
        raise Unfinished(NO_REASON, "decision_reason", WHY)
    dated = {CycleStatus.DOING: "started", CycleStatus.STUDYING: "ended", CycleStatus.DECIDED: "decided"}.get(to)
    dates = {dated: PartialDate.of(today)} if dated and getattr(cycle, dated) is None else {}
    return {"status": to, **dates}


@asks(may_edit)
def put_back(document: Document, _fields: Fields) -> Happening:
    """What is locked stands in the file again, after somebody has changed it outside."""
    ask(may_edit, document.front_matter)
    return Happening(
        change=lambda _front: _as_locked(document),
        summary="La tillbaka förutsägelsen som den låstes",
        organisation=document.front_matter.owner,
    )


def _as_locked(document: Document) -> Values:
    kept = locks.kept_of(current.library, current.databases, document)
    if kept is None or not kept.differs:
        raise Refused(AS_LOCKED)
    if kept.said is None:
        raise Refused(NOT_KNOWN)
    return {KIND.locks: kept.said.model_dump(mode="json", exclude_none=True)}


add_event(blueprint, KIND, "forutsagelsen", put_back, page_of)
add_event(blueprint, KIND, "laget", status.moves(moved), page_of)
add_editing(blueprint, KIND)
