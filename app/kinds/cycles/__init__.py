"""PGSA cycles (PGSA-cykler): planera, genomföra, studera, agera – one small test of a change."""

from __future__ import annotations

from collections.abc import Collection, Container
from dataclasses import dataclass
from datetime import date
from itertools import pairwise, takewhile
from typing import Annotated, cast

from flask import Blueprint, Response
from markupsafe import Markup
from pydantic import BeforeValidator, Field

from app import reading
from app.accounts.access import may_edit, may_see
from app.accounts.rules import asks, open_to_anyone
from app.accounts.signing_in import ask, viewer
from app.editing import add_editing, events, status
from app.editing.events import Fields, Happening, Refusal, Unfinished, Values, add_event
from app.editing.status import Onward
from app.library.document import Document, FrontMatter, Group, Heading, Kind, Step
from app.library.fields import NOT_STATED, SLUG, Facet, Long, PartialDate, RefersTo, values
from app.library.locking import Addition, Locked
from app.library.pace import Due, Pace, Stay
from app.library.vocabulary import AsPlanned, CycleStatus, Decision, Direction, Outcome, Scale
from app.publishing import Refused, current, locks
from app.reading.attached import files_of
from app.reading.prose import titles_for, to_html


def _direction(written: object) -> object:
    """The direction that a file writes in Swedish, as files did before there was a list."""
    words = {"minst": "at_least", "högst": "at_most", "ungefär": "about", "cirka": "about", "omkring": "about"}
    return words.get(written.strip().lower(), written) if isinstance(written, str) else written


class Prediction(Group):
    """What the team believes will happen, written before it is tried."""

    text: Annotated[str, Long()] = Field(
        "", title="Vad tror ni ska hända, och varför?", description="Börja gärna med ”Vi tror att … därför att …”."
    )
    measure: str = Field("", title="Mått", description="Om det kan räknas.")
    direction: Annotated[Direction | None, BeforeValidator(_direction)] = Field(None, title="Blir")
    value: str = Field("", title="Värde", description="Ett tal, som 60 eller 7,5.")
    by: PartialDate | None = Field(None, title="Senast")


class Cycle(FrontMatter):
    status: Annotated[CycleStatus, Facet("status", "Status")] = Field(CycleStatus.PLANNED, title="Status")
    question: str = Field("", title="Vad vill ni få veta?", description="En fråga som cykeln kan svara på.")
    prediction: Prediction = Field(default_factory=Prediction, title="Förutsägelse")
    additions: list[Addition] = Field(
        default_factory=list,
        title="Tillägg till förutsägelsen",
        description="Det ni vill säga om den nu. Varje tillägg visas för sig, med datum.",
        json_schema_extra={"one": "ett tillägg"},
    )
    locked: Locked | None = Field(None, title="Låst")
    scale: Scale | None = Field(None, title="Hur stort provar ni?", description="Börja litet.")
    planned: PartialDate | None = Field(None, title="Planerad")
    started: PartialDate | None = Field(None, title="Började genomföras")
    ended: PartialDate | None = Field(None, title="Slutade genomföras")
    decided: PartialDate | None = Field(None, title="Beslutad")
    as_planned: AsPlanned | None = Field(None, title="Gick det som planerat?")
    outcome: Outcome | None = Field(None, title="Hur blev det mot förutsägelsen?")
    decision: Annotated[Decision | None, Facet("beslut", "Beslut")] = Field(None, title="Beslut")
    decision_reason: Annotated[str, Long(2)] = Field("", title="Varför?")
    practices: list[Annotated[str, RefersTo("practices", "Cykler som provade det")]] = Field(
        default_factory=list, title="Arbetssätt som provas"
    )
    follows: Annotated[str, RefersTo("cycles", "Nästa cykel")] = Field(
        "", title="Bygger på cykeln", description="Den cykel som den här anpassar eller utökar."
    )

    @property
    def under_way(self) -> bool:
        """Whether it is, or has been, done: what was predicted is then locked."""
        dates = (self.started, self.ended, self.decided)
        return any(dates) or self.status not in (CycleStatus.PLANNED, CycleStatus.PAUSED)

    @property
    def phases(self) -> tuple[str, str, str, str]:
        """How far each of P, G, S and A has come: "done", "now" or "todo"."""
        match self.status:
            case CycleStatus.PLANNED:
                return ("now", "todo", "todo", "todo")
            case CycleStatus.DOING:
                return ("done", "now", "todo", "todo")
            case CycleStatus.STUDYING:
                return ("done", "done", "now", "todo")
            case CycleStatus.DECIDED:
                return ("done", "done", "done", "done")
            case CycleStatus.PAUSED:
                return ("done", "now", "todo", "todo") if self.started else ("now", "todo", "todo", "todo")

    @property
    def phase_words(self) -> str:
        """The phases for those who do not see the wheel: "Planera är klar, Genomföra pågår"."""
        done = [name for name, state in zip(PHASES, self.phases, strict=True) if state == "done"]
        now = [f"{name} pågår" for name, state in zip(PHASES, self.phases, strict=True) if state == "now"]
        if len(done) == len(PHASES):
            return "Alla fyra steg är klara"
        *first, last = done or [""]
        names = f"{', '.join(first)} och {last}" if first else last
        return ", ".join([*([f"{names} är {'klara' if first else 'klar'}"] if done else []), *now])

    def pace(self) -> Pace:
        """Its phases as its dates tell them. What it predicted is due until it is decided; a paused one waits."""
        came = {
            CycleStatus.PLANNED: self.planned,
            CycleStatus.DOING: self.started,
            CycleStatus.STUDYING: self.ended,
            CycleStatus.DECIDED: self.decided,
        }
        over = takewhile(lambda pair: pair[0] is not self.status, pairwise(came))
        stays = [Stay(phase, came[phase], came[then]) for phase, then in over if came[then]]
        waits = self.status in (CycleStatus.DECIDED, CycleStatus.PAUSED)
        due = [Due("Förutsägelsen prövad", self.prediction.by)] if self.prediction.by and not waits else []
        return Pace([*stays, Stay(self.status, came.get(self.status))], due=due)

    @property
    def next_step(self) -> NextStep | None:
        """What the team does next, or None when the cycle is decided."""
        return NEXT_STEPS.get(self.phases.index("now") + 1) if "now" in self.phases else None


PHASES = ("Planera", "Genomföra", "Studera", "Agera")


@dataclass(frozen=True)
class NextStep:
    """The next thing to do in a cycle: the step of its form that it belongs to, from 1, and two ways of saying it."""

    number: int
    words: str
    button: str


NEXT_STEPS = {
    1: NextStep(1, "skriv klart planen och vad ni tror ska hända", "Fortsätt att planera"),
    2: NextStep(2, "prova, och skriv vad ni gjorde", "Fortsätt till Genomföra"),
    3: NextStep(3, "skriv vad ni såg och lärde er", "Fortsätt till Studera"),
    4: NextStep(4, "bestäm om ni ska behålla, anpassa, utöka eller avsluta", "Bestäm i Agera"),
}

HEADINGS = (
    Heading("Förändringen", "Vad ska ni göra annorlunda?"),
    Heading("Vem gör vad, när och var", "Roller räcker. Skriv inga namn eller personnummer."),
    Heading("Dataplan", "Vad räknar ni, vem samlar in och när?"),
    Heading("Klienternas syn", "Hur frågar ni dem det berör?"),
    Heading("Vad vi gjorde", "Vad hände, och vad blev annorlunda än planen?"),
    Heading("Oväntat", "Vad hade ni inte räknat med?"),
    Heading("Vad vi såg", "Vad visar era uppgifter?"),
    Heading("Vad vi lärde oss", "Vad vet ni nu som ni inte visste förut?"),
    Heading("Nästa steg", "Vad gör ni nu?"),
)

# A cycle is a small test: the Model for Improvement counts its parts in days and weeks. Planning gets three weeks,
# because a team has clients in between, and doing four, so that something has happened that can be counted.
USUAL_DAYS = {CycleStatus.PLANNED: 21, CycleStatus.DOING: 28, CycleStatus.STUDYING: 14, CycleStatus.PAUSED: 0}

KIND = Kind(
    name="cycles",
    one="PGSA-cykel",
    the="PGSA-cykeln",
    many="PGSA-cykler",
    url="cykler",
    front_matter=Cycle,
    path="improvement_cycles/{slug}.md",
    slug_pattern=rf"{SLUG}/\d\d-{SLUG}",
    parent="projects",
    usual_days=USUAL_DAYS,
    locks="prediction",
    headings=HEADINGS,
    steps=(
        Step(
            "Planera",
            (
                "title",
                "question",
                "prediction",
                "additions",
                "scale",
                "# Förändringen",
                "# Vem gör vad, när och var",
                "# Dataplan",
                "# Klienternas syn",
                "planned",
            ),
        ),
        Step("Genomföra", ("started", "ended", "as_planned", "# Vad vi gjorde", "# Oväntat")),
        Step("Studera", ("# Vad vi såg", "outcome", "# Vad vi lärde oss")),
        Step("Agera", ("decision", "decision_reason", "decided", "# Nästa steg", "status")),
        Step(
            "Sammanhang",
            ("owner", "summary", "practices", "follows", "areas", "target_groups", "networks", "sources", "invented"),
        ),
        Step("Vem får läsa", ("publication", "visibility")),
    ),
)

# Which headings of the body belong to which phase, as the form's steps have them.
PHASE_HEADINGS = {
    step.title: [field.removeprefix("# ") for field in step.fields if field.startswith("# ")] for step in KIND.steps[:4]
}

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
    return reading.show(
        document,
        beside=("practices", "follows"),
        family=True,
        project=project,
        number=number_of(document.slug),
        before=siblings[place - 1] if place > 0 else None,
        after=siblings[place + 1] if place + 1 < len(siblings) else None,
        filled=filled,
        parts=[part for part in reading.parts_of(document) if part.title not in expected],
        phase_headings=PHASE_HEADINGS,
        phase_words=phase_words(document, filled),
        waiting=waiting(document, filled),
        practices=[card for card in referred if card.kind == "practices"],
        foreseen=foreseen(document),
        follows=[card for card in referred if card.kind == KIND.name],
        standing=status.standing(document, onward(cast(Cycle, document.front_matter))),
        **events.shown(refusal),
    )


@dataclass(frozen=True)
class Foreseen:
    """What was predicted, as the page shows it: as it is locked, whatever the file says now.

    ``since`` is None where nothing is locked, ``said`` where what was locked is not known; ``late`` says that it was
    locked after the test had begun.
    """

    said: Prediction | None
    html: Markup
    since: PartialDate | None = None
    late: bool = False
    differs: bool = False


def foreseen(document: Document) -> Foreseen:
    """The prediction of a cycle for its page."""
    front = cast(Cycle, document.front_matter)
    kept = locks.kept_of(current.library, current.databases, document)
    said = cast(Prediction | None, kept.said) if kept else front.prediction
    html = to_html(said.text if said else "", "f-", titles_for(viewer()), file_of=files_of(document))
    if kept is None:
        return Foreseen(said, html)
    since, started = kept.lock.day, front.started.exact if front.started else None
    late = bool(since.exact and started and since.exact > started)
    return Foreseen(said, html, since, late, kept.differs)


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
        NOT_STATED if state == "done" and not _tells(front, step, filled) else words[state]
        for state, step in zip(front.phases, KIND.steps[:4], strict=True)
    ]


def _tells(front: Cycle, step: Step, filled: Container[str]) -> bool:
    """Whether anything is written in one of a phase's fields or below one of its headings."""
    for name in step.fields:
        if name.startswith("# "):
            if name.removeprefix("# ") in filled:
                return True
        elif name not in ("title", "status"):
            value = getattr(front, name)
            if any(values(value)) if isinstance(value, Prediction) else value and getattr(value, "known", True):
                return True
    return False


def number_of(slug: str) -> int:
    """The cycle's number in its project: 1 for "project/01-title"."""
    return int(slug.rpartition("/")[2][:2])


# ---- What happens to a cycle ----


PREDICT = "Skriv vad ni tror ska hända"
WILL_BE_LOCKED = "Då låses förutsägelsen med dagens datum, så att ni kan lita på den. Det går inte att ångra."
AS_LOCKED = "Filen säger redan det som låstes."
NOT_KNOWN = "Det som låstes finns inte kvar här, så det går inte att lägga tillbaka."
DECIDE = "Bestäm i Agera"


def onward(cycle: Cycle) -> Onward | None:
    """What naturally comes next: a status, or what has to be written before it."""
    match cycle.status:
        case CycleStatus.PLANNED if not cycle.prediction.text:
            return Onward(CycleStatus.DOING, PREDICT, "prediction-text")
        case CycleStatus.PLANNED:
            return Onward(CycleStatus.DOING, "Börja genomföra", hint=WILL_BE_LOCKED)
        case CycleStatus.DOING:
            return Onward(CycleStatus.STUDYING, "Börja studera")
        case CycleStatus.STUDYING if cycle.decision is None:
            return Onward(CycleStatus.DECIDED, DECIDE, "decision")
        case CycleStatus.STUDYING:
            return Onward(CycleStatus.DECIDED, "Cykeln är beslutad")
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
    if to is CycleStatus.DECIDED and cycle.decision is None:
        message = "Cykeln är beslutad när ni har valt: behålla, anpassa, utöka eller avsluta."
        raise Unfinished(message, "decision", DECIDE)
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
