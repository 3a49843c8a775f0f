"""What a PGSA cycle says of itself: its fields, its phases, what comes next, and the steps of its form."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import pairwise, takewhile
from typing import Annotated, Any

from pydantic import Field

from app.kinds.cycles.deciding import settled
from app.kinds.cycles.prediction import NO_NUMBER, NO_PREDICTION, Prediction
from app.kinds.cycles.told import DATA_PLAN, glance
from app.library.document import Document, FrontMatter, Heading, Kind, Step
from app.library.fields import SLUG, Facet, Long, NamesRow, OrAsWritten, PartialDate, RefersTo
from app.library.locking import Addition, Locked
from app.library.pace import Due, Pace, Stay, ends_before_it_starts
from app.library.sections import split_sections
from app.library.vocabulary import AsPlanned, CycleStatus, Decision, Outcome, Scale
from app.reading.pages import has_text
from app.web.forms import heading_name

# A cycle comes under way by these, and what it predicts is then locked.
_LOCKING = ("status", "started", "ended", "decided")
NO_DECISION = "Cykeln är beslutad när ni har valt: behålla, anpassa, utöka eller avsluta."
NO_REASON = "Skriv varför ni bestämde så. Det är det som andra har nytta av."
BACKWARDS = "Ni kan inte ha slutat innan ni började. Ändra ett av datumen."


class Cycle(FrontMatter):
    status: Annotated[CycleStatus, Facet("status", "Status"), OrAsWritten()] = Field(
        CycleStatus.PLANNED, title="Status"
    )
    question: str = Field("", title="Vad vill ni få veta?", description="En fråga som cykeln kan svara på.")
    idea: Annotated[str, NamesRow("ideas", only=True)] = Field(
        "",
        title="Vilken idé provar ni?",
        description="Ur arbetets påverkansdiagram, så visar det vad det blev av idén.",
    )
    prediction: Prediction = Field(default_factory=Prediction, title="Förutsägelse")
    additions: list[Addition] = Field(
        default_factory=list,
        title="Tillägg till förutsägelsen",
        description="Det ni vill säga om den nu. Varje tillägg visas för sig, med datum.",
        json_schema_extra={"one": "ett tillägg"},
    )
    locked: Locked | None = Field(None, title="Låst")
    scale: Annotated[Scale | None, OrAsWritten()] = Field(
        None, title="Hur stort provar ni?", description="Börja litet."
    )
    planned: PartialDate | None = Field(None, title="Planerad")
    started: PartialDate | None = Field(None, title="Började genomföras")
    ended: PartialDate | None = Field(None, title="Slutade genomföras")
    decided: PartialDate | None = Field(None, title="Beslutad")
    as_planned: Annotated[AsPlanned | None, OrAsWritten()] = Field(None, title="Gick det som planerat?")
    outcome: Annotated[Outcome | None, OrAsWritten()] = Field(None, title="Hur blev det mot förutsägelsen?")
    decision: Annotated[Decision | None, Facet("beslut", "Beslut"), OrAsWritten()] = Field(
        None, title="Beslut", description="När ni har valt, skrivit varför och sparat är cykeln beslutad."
    )
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
        # A word that nobody knows tells nothing, and what is locked is locked for good.
        begun = self.status.is_listed and self.status not in (CycleStatus.PLANNED, CycleStatus.PAUSED)
        return any(dates) or begun

    @property
    def phases(self) -> tuple[str, str, str, str]:
        """How far each of P, G, S and A has come: "done", "now" or "todo"."""
        if not self.status.is_listed:
            return self._phases_by_dates
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
    def _phases_by_dates(self) -> tuple[str, str, str, str]:
        """How far each phase has come where the status is a word that nobody knows."""
        if self.decided:
            return ("done", "done", "done", "done")
        if self.ended:
            return ("done", "done", "now", "todo")
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

    def forgotten(self, changed: AbstractSet[str]) -> Iterator[tuple[str, str]]:
        """Whoever decides says what, and why: that is what others can use. What is to be locked can be compared."""
        if self.prediction.unreadable and not changed.isdisjoint(("prediction", *_LOCKING)):
            yield "prediction-value", NO_NUMBER
        if not changed.isdisjoint(("started", "ended")):
            yield from self.doubtful()
        if changed.isdisjoint(("status", "decision", "decision_reason")):
            return
        if self.decision is None and self.status is CycleStatus.DECIDED:
            yield "decision", NO_DECISION
        if self.decision is not None and not self.decision_reason:
            yield "decision_reason", NO_REASON

    def doubtful(self) -> Iterator[tuple[str, str]]:
        """A test that ends before it starts."""
        if ends_before_it_starts(self.started, self.ended):
            yield "ended", BACKWARDS

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
        """What the team does next as far as its fields tell, or None when the cycle is decided."""
        if self.status is CycleStatus.PLANNED and self.prediction.text and not self.prediction.unreadable:
            return BEGIN
        if self.status is CycleStatus.STUDYING and self.decision:
            return SETTLE if self.decision_reason else NEXT_STEPS[4]
        return NEXT_STEPS.get(self.phases.index("now") + 1) if "now" in self.phases else None

    def next_step_after(self, body: str) -> NextStep | None:
        """The same with its texts: who has studied all there is goes on to decide."""
        step = self.next_step
        if step is not NEXT_STEPS[3] or not self.outcome:
            return step
        written = {section.title for section in split_sections(body) if has_text(section.text)}
        return NEXT_STEPS[4] if written.issuperset(STUDIED) else step


PHASES = ("Planera", "Genomföra", "Studera", "Agera")


@dataclass(frozen=True)
class NextStep:
    """The next thing to do in a cycle: the step of its form that it belongs to, from 1, and two ways of saying it.

    What is one press of a button on the cycle's page has a ``place`` there instead.
    """

    number: int
    words: str
    button: str
    place: str = ""


NEXT_STEPS = {
    1: NextStep(1, "skriv klart planen och vad ni tror ska hända", "Fortsätt att planera"),
    2: NextStep(2, "prova, och skriv vad ni gjorde", "Fortsätt till Genomföra"),
    3: NextStep(3, "skriv vad ni såg och lärde er", "Fortsätt till Studera"),
    4: NextStep(4, "bestäm om ni ska behålla, anpassa, utöka eller avsluta", "Bestäm i Agera"),
}
BEGIN = NextStep(1, "börja genomföra", "Nästa steg: börja genomföra", "laget")
SETTLE = NextStep(4, "markera cykeln som beslutad", "Nästa steg: markera som beslutad", "laget")

# The headings of the plan, and of what was seen.
PLANNED = ("Förändringen", "Vem gör vad, när och var", DATA_PLAN, "Klienternas syn")
NEXT = "Nästa steg"
STUDIED = ("Vad vi såg", "Vad vi lärde oss")
HEADINGS = (
    Heading("Förändringen", "Vad ska ni göra annorlunda?"),
    Heading("Vem gör vad, när och var", "Roller räcker. Skriv inga namn eller personnummer."),
    Heading(DATA_PLAN, "Vad räknar ni, vem samlar in och när?"),
    Heading("Klienternas syn", "Hur frågar ni dem det berör?"),
    Heading("Vad vi gjorde", "Vad hände, och vad blev annorlunda än planen?"),
    Heading("Oväntat", "Vad hade ni inte räknat med?"),
    Heading("Vad vi såg", "Vad visar era uppgifter?"),
    Heading("Vad vi lärde oss", "Vad vet ni nu som ni inte visste förut?"),
    Heading(NEXT, "Vad gör ni nu?"),
)

# A cycle is a small test: the Model for Improvement counts its parts in days and weeks. Planning gets three weeks,
# because a team has clients in between, and doing four, so that something has happened that can be counted.
USUAL_DAYS = {CycleStatus.PLANNED: 21, CycleStatus.DOING: 28, CycleStatus.STUDYING: 14, CycleStatus.PAUSED: 0}


def taken_over(source: Document) -> dict[str, Any]:
    """What the next cycle begins with of the one that it builds on: its plan, a step larger where that was to be tried.

    What it predicts is its own, but mostly of the same measure.
    """
    before = source.front_matter
    if not isinstance(before, Cycle):
        return {}
    texts = {section.title: section.text.strip("\n") for section in split_sections(source.body)}
    plan = {heading_name(title): texts.get(title, "") for title in PLANNED}
    said = {"question": before.question, "idea": before.idea, "scale": str(_next_scale(before) or ""), **plan}
    measure = before.prediction.measure
    return {**said, "prediction": {**NO_PREDICTION, "measure": measure}} if measure else said


def recalled(before: Document) -> dict[str, str]:
    """What was decided of the cycle that the next one builds on, and what it was to try."""
    front = before.front_matter
    if not isinstance(front, Cycle):
        return {}
    texts = {section.title: section.text.strip() for section in split_sections(before.body)}
    decision = front.decision.swedish.capitalize() if front.decision else ""
    said = {"Beslut": decision, "Varför?": front.decision_reason, NEXT: texts.get(NEXT, "")}
    return {title: text for title, text in said.items() if has_text(text)}


def _next_scale(before: Cycle) -> Scale | None:
    scales = list(Scale)
    if before.scale not in scales or before.decision is not Decision.EXPAND:
        return before.scale
    return scales[min(scales.index(before.scale) + 1, len(scales) - 1)]


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
    takes_over=taken_over,
    recalls=recalled,
    settles=settled,
    glance=glance,
    headings=HEADINGS,
    steps=(
        Step(
            "Planera",
            (
                "title",
                "question",
                "idea",
                "prediction",
                "additions",
                "scale",
                "# Förändringen",
                "# Vem gör vad, när och var",
                f"# {DATA_PLAN}",
                "# Klienternas syn",
                "planned",
            ),
        ),
        Step("Genomföra", ("started", "ended", "as_planned", "# Vad vi gjorde", "# Oväntat")),
        Step("Studera", ("# Vad vi såg", "outcome", "# Vad vi lärde oss")),
        Step("Agera", ("decision", "decision_reason", "decided", f"# {NEXT}", "status")),
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
