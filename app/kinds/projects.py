"""Improvement projects (utvecklingsarbeten): a problem, an aim, a team, and the cycles that try to reach it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import groupby, pairwise
from typing import Annotated

from flask import Blueprint, Response
from pydantic import Field

from app import reading
from app.accounts.access import may_edit, may_see
from app.accounts.rules import asks, open_to_anyone
from app.accounts.signing_in import ask
from app.editing import add_editing, events, status
from app.editing.events import Fields, Happening, Refusal, Values, add_event
from app.editing.status import Onward
from app.library.ahead import Ahead
from app.library.document import Document, FrontMatter, Group, Heading, Kind, Step
from app.library.fields import Facet, Long, NamesOrganisation, PartialDate, Quantity, RefersTo
from app.library.pace import Due, Pace, Stay
from app.library.vocabulary import Better, CycleStatus, MeasureType, Progress, ProjectStatus
from app.publishing import Refused


class Aim(Group):
    """The aim as small fields that read back as one sentence."""

    what: str = Field("", title="Vad ska bli bättre?")
    for_whom: str = Field("", title="För vem?")
    start: str = Field("", title="Från", description="Hur det är nu, till exempel 44.")
    goal: str = Field("", title="Till", description="Hur det ska bli, till exempel 80.")
    unit: str = Field("", title="Enhet", description="Till exempel procent eller dagar.")
    by: PartialDate | None = Field(None, title="Senast")

    @property
    def sentence(self) -> str:
        """The parts as one Swedish sentence without its full stop; "" where nothing is written."""
        whom = self.for_whom.rstrip(".")
        text = ", för ".join(part for part in (self.what.rstrip("."), whom[:1].lower() + whom[1:]) if part)
        numbers = [f"från {self.start}" if self.start else "", f"till {self.goal}" if self.goal else ""]
        change = " ".join(part for part in (*numbers, self.unit if any(numbers) else "") if part)
        deadline = f"senast {self.by}" if self.by and self.by.known else ""
        return ", ".join(part for part in (": ".join(part for part in (text, change) if part), deadline) if part)


class Role(Group):
    """A part somebody plays. Roles and units, never names."""

    role: str = Field(title="Roll")
    organisation: Annotated[str, NamesOrganisation("Med i utvecklingsarbetet")] = Field("", title="Organisation")
    unit: str = Field("", title="Enhet")
    people: Quantity | None = Field(None, title="Antal")


class StatusChange(Group):
    date: PartialDate = Field(title="När")
    status: ProjectStatus = Field(title="Status")
    note: str = Field("", title="Varför")


class ProgressChange(Group):
    date: PartialDate = Field(title="När")
    progress: Progress = Field(title="Framsteg")
    note: str = Field("", title="Varför")


class Measure(Group):
    name: str = Field(title="Mått")
    type: MeasureType = Field(MeasureType.OUTCOME, title="Sort")
    definition: Annotated[str, Long(2)] = Field("", title="Så räknar vi")
    unit: str = Field("", title="Enhet")
    better: Better = Field(Better.UP, title="Riktning")
    baseline: str = Field("", title="Utgångsläge")
    target: str = Field("", title="Mål")
    how_often: str = Field("", title="Hur ofta")


class Project(FrontMatter):
    status: Annotated[ProjectStatus, Facet("status", "Status")] = Field(ProjectStatus.IDEA, title="Status")
    status_history: list[StatusChange] = Field(
        default_factory=list, title="Så har statusen ändrats", json_schema_extra={"one": "en ändring"}
    )
    unit: str = Field("", title="Enhet")
    starts: PartialDate | None = Field(None, title="Börjar")
    ends: PartialDate | None = Field(None, title="Pågår till")
    aim: Aim = Field(default_factory=Aim, title="Mål")
    team: list[Role] = Field(default_factory=list, title="Team", json_schema_extra={"one": "en roll"})
    steering_group: list[Role] = Field(default_factory=list, title="Styrgrupp", json_schema_extra={"one": "en roll"})
    sponsor: str = Field("", title="Uppdragsgivare", description="En roll, inget namn.")
    coach: str = Field("", title="Handledare", description="En roll, inget namn.")
    supported_by: list[Annotated[str, NamesOrganisation("Stöttar utvecklingsarbetet")]] = Field(
        default_factory=list, title="Får stöd av"
    )
    practices: list[Annotated[str, RefersTo("practices", "Utvecklingsarbeten som bygger på det")]] = Field(
        default_factory=list, title="Bygger på arbetssätten"
    )
    grant: str = Field("", title="Bidrag", description="Vem ger pengar, och hur mycket?")
    progress: Progress | None = Field(None, title="Framsteg")
    progress_history: list[ProgressChange] = Field(
        default_factory=list, title="Så har det gått framåt", json_schema_extra={"one": "ett steg"}
    )
    measures: list[Measure] = Field(default_factory=list, title="Mått", json_schema_extra={"one": "ett mått"})

    @property
    def begun(self) -> bool:
        """Whether the work has begun: by its date, or by its status where the year is not known."""
        if self.starts and self.starts.year:
            return self.starts.sort_key <= _today()
        return self.status not in (ProjectStatus.IDEA, ProjectStatus.PLANNING)

    @property
    def over(self) -> bool:
        """Whether the work has ended."""
        return self.status in (ProjectStatus.COMPLETED, ProjectStatus.STOPPED)

    def ahead(self) -> Iterator[Ahead]:
        """When the aim is to be reached, and when the work is to end."""
        for due in self._due():
            yield Ahead(due.by, due.what, concerns=frozenset((self.owner,)), to_do=True)

    def pace(self) -> Pace:
        """Its phases as the history of its status tells them; a step on the progress scale shows that it moves."""
        return Pace(
            _stays(self.status, self.status_history),
            steps=[change.date for change in self.progress_history],
            due=list(self._due()),
        )

    def _due(self) -> Iterator[Due]:
        if self.aim.by and not self.over and self.progress is not Progress.P50:
            yield Due("Målet nått", self.aim.by)
        if self.ends and not self.over:
            yield Due("Arbetet avslutat", self.ends)


def _stays(now: ProjectStatus, history: Sequence[StatusChange]) -> list[Stay]:
    """The phases of a history, each from its first change; of the present one the last change may not tell."""
    firsts = [next(changes) for _, changes in groupby(history, lambda change: change.status)]
    stays = [Stay(one.status, one.date, then.date) for one, then in pairwise(firsts)]
    since = firsts[-1].date if firsts and firsts[-1].status is now else None
    return [*stays, Stay(now, since)]


def _today() -> str:
    return PartialDate.of(datetime.now(UTC).date()).sort_key


# The problem, and the three questions of the Model for Improvement (Langley 2009).
HEADINGS = (
    Heading("Problemet", "Varför nu, och vem berörs?"),
    Heading("Vad vill vi uppnå?", "Beskriv med ord det som målet säger i siffror."),
    Heading("Hur vet vi att en förändring är en förbättring?", "Vad mäter ni, och vem frågar ni?"),
    Heading("Vilka förändringar kan leda till en förbättring?", "Vilka idéer har ni?"),
    Heading("Brukarnas inflytande", "Hur får de det berör vara med?"),
)

# A network's project takes one to two years in all (KNUT's went on for 20 months, others for three years): a season
# for an idea or a plan, half a year each to test and to bring it in, and a year before one can say that it lasts.
USUAL_DAYS = {
    ProjectStatus.IDEA: 90,
    ProjectStatus.PLANNING: 90,
    ProjectStatus.TESTING: 180,
    ProjectStatus.IMPLEMENTING: 180,
    ProjectStatus.SUSTAINING: 365,
}

KIND = Kind(
    name="projects",
    one="utvecklingsarbete",
    the="utvecklingsarbetet",
    many="utvecklingsarbeten",
    url="utvecklingsarbeten",
    menu="Förbättra",
    front_matter=Project,
    path="improvement_cycles/{slug}/project.md",
    usual_days=USUAL_DAYS,
    headings=HEADINGS,
    steps=(
        Step("Det viktigaste", ("title", "summary", "owner", "unit", "# Problemet")),
        Step(
            "Mål",
            ("aim", "# Vad vill vi uppnå?", "# Hur vet vi att en förändring är en förbättring?", "measures"),
        ),
        Step("Idéer", ("# Vilka förändringar kan leda till en förbättring?", "practices", "# Brukarnas inflytande")),
        Step("Team", ("team", "sponsor", "coach", "steering_group", "supported_by", "grant")),
        Step("Läget", ("status", "status_history", "progress", "progress_history", "starts", "ends")),
        Step("Sammanhang", ("areas", "target_groups", "networks", "sources", "invented")),
        Step("Vem får läsa", ("publication", "visibility")),
    ),
)

blueprint = Blueprint(KIND.name, __name__, url_prefix=f"/{KIND.url}")


@blueprint.get("")
@open_to_anyone("it lists what the viewer may see")
def index() -> Response:
    """All improvement projects that the viewer may see."""
    return reading.index(KIND)


@blueprint.get("/<path:slug>")
@asks(may_see)
def show(slug: str) -> Response:
    """One project: its aim, its team, how far it has come, and the ramp of cycles with their decisions."""
    return page_of(reading.open_document(KIND, slug))


def page_of(document: Document, refusal: Refusal | None = None) -> Response:
    """The page of a project, with the reason why something that was asked for on it was not done."""
    cycles = reading.children(document)
    parts = reading.parts_of(document)
    return reading.show(
        document,
        beside=("practices",),
        family=True,
        parts=parts,
        waiting=events.waiting(document, (part.title for part in parts)),
        cycles=cycles,
        current=next((cycle for cycle in reversed(cycles) if cycle.status != CycleStatus.DECIDED), None),
        practices=reading.cards_of(document, "practices"),
        standing=status.standing(document, ONWARD.get(document.status)),
        scale=tuple(Progress),
        **events.shown(refusal),
    )


# ---- What happens to a project ----


ONWARD = {
    ProjectStatus.IDEA: Onward(ProjectStatus.PLANNING, "Börja planera"),
    ProjectStatus.PLANNING: Onward(ProjectStatus.TESTING, "Börja prova"),
    ProjectStatus.TESTING: Onward(ProjectStatus.IMPLEMENTING, "Börja införa"),
    ProjectStatus.IMPLEMENTING: Onward(ProjectStatus.SUSTAINING, "Börja vidmakthålla"),
    ProjectStatus.SUSTAINING: Onward(ProjectStatus.COMPLETED, "Avsluta arbetet"),
}


def moved(project: Project, to: ProjectStatus, note: str, today: date) -> Values:
    """The project comes to another status, from today."""
    change = StatusChange(date=PartialDate.of(today), status=to, note=note)
    return {"status": to, "status_history": [*project.status_history, change]}


def advanced(project: Project, before: Progress | None, to: Progress, note: str, today: date) -> Values:
    """The project has come to a step of the progress scale today. Raises Refused where it is not at ``before``."""
    if project.progress is not before:
        now = project.progress.swedish if project.progress else "borttaget"
        raise Refused(f"Framsteget har ändrats sedan du öppnade sidan. Nu är det {now}. Vill du ändå ändra det?")
    if to is before:
        raise Refused("Det är redan det framsteget. Välj ett annat.")
    change = ProgressChange(date=PartialDate.of(today), progress=to, note=note)
    return {"progress": to, "progress_history": [*project.progress_history, change]}


@asks(may_edit)
def move_progress(document: Document, fields: Fields) -> Happening:
    """A member of the owner says how far the project has come."""
    ask(may_edit, document.front_matter)
    before = status.chosen(Progress, fields["before"]) if fields.get("before") else None
    to = status.chosen(Progress, fields.get("progress", ""))
    note = events.line(fields, "note")
    return Happening(
        change=lambda project: advanced(project, before, to, note, events.today()),
        summary=f"Framsteg {to.swedish}{status.after_colon(note)}",
        organisation=document.front_matter.owner,
    )


add_event(blueprint, KIND, "laget", status.moves(moved), page_of)
add_event(blueprint, KIND, "framsteg", move_progress, page_of)
add_editing(blueprint, KIND)
