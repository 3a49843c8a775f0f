"""Improvement projects (utvecklingsarbeten): a problem, an aim, a team, and the cycles that try to reach it."""

from __future__ import annotations

from typing import Annotated

from flask import Blueprint, Response
from pydantic import Field

from app import reading
from app.editing import add_editing
from app.library.document import FrontMatter, Group, Heading, Kind, Step
from app.library.fields import Facet, Long, NamesOrganisation, PartialDate, Quantity, RefersTo
from app.library.vocabulary import Better, CycleStatus, MeasureType, Progress, ProjectStatus


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
    status_history: list[StatusChange] = Field(default_factory=list, title="Så har statusen ändrats")
    unit: str = Field("", title="Enhet")
    starts: PartialDate | None = Field(None, title="Börjar")
    ends: PartialDate | None = Field(None, title="Pågår till")
    aim: Aim = Field(default_factory=Aim, title="Mål")
    team: list[Role] = Field(default_factory=list, title="Team")
    steering_group: list[Role] = Field(default_factory=list, title="Styrgrupp")
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
    progress_history: list[ProgressChange] = Field(default_factory=list, title="Så har det gått framåt")
    measures: list[Measure] = Field(default_factory=list, title="Mått")


# The problem, and the three questions of the Model for Improvement (Langley 2009).
HEADINGS = (
    Heading("Problemet", "Varför nu, och vem berörs?"),
    Heading("Vad vill vi uppnå?", "Beskriv med ord det som målet säger i siffror."),
    Heading("Hur vet vi att en förändring är en förbättring?", "Vad mäter ni, och vem frågar ni?"),
    Heading("Vilka förändringar kan leda till en förbättring?", "Vilka idéer har ni?"),
    Heading("Brukarnas inflytande", "Hur får de det berör vara med?"),
)

KIND = Kind(
    name="projects",
    one="utvecklingsarbete",
    the="utvecklingsarbetet",
    many="utvecklingsarbeten",
    url="utvecklingsarbeten",
    menu="Förbättra",
    front_matter=Project,
    path="improvement_cycles/{slug}/project.md",
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
def index() -> Response:
    """All improvement projects that the viewer may see."""
    return reading.index(KIND)


@blueprint.get("/<path:slug>")
def show(slug: str) -> Response:
    """One project: its aim, its team, how far it has come, and the ramp of cycles with their decisions."""
    document = reading.open_document(KIND, slug)
    cycles = reading.children(document)
    return reading.show(
        document,
        beside=("practices",),
        family=True,
        cycles=cycles,
        current=next((cycle for cycle in reversed(cycles) if cycle.status != CycleStatus.DECIDED), None),
        practices=reading.cards_of(document, "practices"),
    )


add_editing(blueprint, KIND)
