"""What an improvement project says of itself: a problem, an aim, a team, and how far it has come."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import UTC, datetime
from itertools import groupby, pairwise
from typing import Annotated

from pydantic import Field, field_validator

from app.kinds.projects import table
from app.kinds.projects.at_a_glance import glance
from app.kinds.projects.drivers import MOST_NODES, Idea, Primary, Snapshot, nodes_in, unknown_links
from app.kinds.projects.measure import Measure, with_slugs
from app.library.ahead import Ahead
from app.library.document import FrontMatter, Group, Heading, Kind, Step
from app.library.fields import Facet, NamesOrganisation, OrAsWritten, PartialDate, Quantity, RefersTo
from app.library.pace import BACKWARDS, Due, Pace, Stay, ends_before_it_starts
from app.library.vocabulary import MeasureType, Progress, ProjectStatus

REACHED, ENDED = "Målet nått", "Arbetet avslutat"
# What is said of them while the day is still to come.
TO_COME = {REACHED: "Målet ska vara nått", ENDED: "Arbetet ska vara klart"}


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
    status: Annotated[ProjectStatus, OrAsWritten()] = Field(title="Status")
    note: str = Field("", title="Varför")


class ProgressChange(Group):
    date: PartialDate = Field(title="När")
    progress: Annotated[Progress, OrAsWritten()] = Field(title="Framsteg")
    note: str = Field("", title="Varför")


class Project(FrontMatter):
    status: Annotated[ProjectStatus, Facet("status", "Status"), OrAsWritten()] = Field(
        ProjectStatus.IDEA, title="Status"
    )
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
    drivers: list[Primary] = Field(
        default_factory=list,
        title="Påverkansdiagram",
        description="Vad beror målet på, vad beror det i sin tur på, och vad skulle ni kunna prova? Börja med två eller"
        " tre saker. Ni kan ändra diagrammet när ni vet mer.",
        json_schema_extra={"one": "en påverkansfaktor", "folds": True},
    )
    # Kept by a button on the page, so no form shows them.
    driver_snapshots: list[Snapshot] = Field(default_factory=list, title="Sparade påverkansdiagram")
    progress: Annotated[Progress | None, OrAsWritten()] = Field(None, title="Framsteg")
    progress_history: list[ProgressChange] = Field(
        default_factory=list, title="Så har det gått framåt", json_schema_extra={"one": "ett steg"}
    )
    measures: list[Measure] = Field(
        default_factory=list,
        title="Mått",
        description="Helst minst ett av varje sort: resultat (blev det bättre?), process (görs det?) och balanserande"
        " (blev något annat sämre?). Ett mått som någon i ert nätverk redan har kan ni ta över på arbetets sida,"
        " när ni har valt nätverk under Sammanhang.",
        json_schema_extra={"one": "ett mått"},
    )

    @field_validator("drivers")
    @classmethod
    def _can_be_taken_in(cls, drivers: list[Primary]) -> list[Primary]:
        _check_size(drivers)
        if unknown := unknown_links(drivers):
            names = " och ".join(f"”{one}”" for one in unknown)
            raise ValueError(f"det finns ingen faktor i kolumnen före som heter {names}. Skriv den som den heter där")
        return drivers

    @field_validator("driver_snapshots")
    @classmethod
    def _could_be_taken_in(cls, snapshots: list[Snapshot]) -> list[Snapshot]:
        for snapshot in snapshots:
            _check_size(snapshot.drivers)
        return snapshots

    @property
    def begun(self) -> bool:
        """Whether the work has begun: by its date, or by its status where the year is not known."""
        if self.starts and self.starts.year:
            return self.starts.sort_key <= _today()
        return self.status not in (ProjectStatus.IDEA, ProjectStatus.PLANNING)

    @property
    def ideas(self) -> list[Idea]:
        """What could be tried, from all over the driver diagram."""
        return [idea for one in self.drivers for two in one.secondary for idea in two.ideas]

    @property
    def unmeasured(self) -> list[MeasureType]:
        """The sorts of measures that there are none of yet."""
        there = {measure.type for measure in self.measures}
        return [sort for sort in MeasureType if sort not in there]

    def shown_of(self, slug: str, content: bytes, named: Container[str]) -> bytes:
        """Nothing of groups that are smaller than the measure shows, and of cycles only the names of those that may be
        named; nothing at all of what no measure tells of.
        """
        measure = with_slugs(self.measures).get(slug)
        found = table.read(content)
        if measure is None or found.faults:
            return b""
        points = table.naming(table.without_small_groups(found.points, measure), named)
        return table.written(points, table.has_pairs(found.points)) or b""

    def untold_of(self, tables: Mapping[str, bytes]) -> Iterator[tuple[str | int, ...]]:
        """The days that are not counted, and why, where the group is too small for anything of the day to be told."""
        for place, (slug, measure) in enumerate(with_slugs(self.measures).items()):
            if not measure.excluded or slug not in tables:
                continue
            points = table.read(tables[slug]).points
            shown = table.without_small_groups(points, measure)
            hidden = {point.on for point, as_shown in zip(points, shown, strict=True) if as_shown != point}
            for number, one in enumerate(measure.excluded):
                if one.day in hidden:
                    yield "measures", place, "excluded", number

    def faults_of(self, slug: str, content: bytes) -> Iterator[tuple[int, str]]:
        """Rows that cannot be read, or that the measure's chart cannot have; and a table that no measure tells of."""
        measure = with_slugs(self.measures).get(slug)
        if measure is None:
            yield 0, f"inget mått i project.md heter så. Skriv ”slug: {slug}” i måttet som filen hör till"
        for fault in table.read(content, measure.kind if measure else None).faults:
            yield fault.line, str(replace(fault, line=0)).removeprefix("Rad 0").lstrip(", :")

    def forgotten(self, changed: AbstractSet[str]) -> Iterator[tuple[str, str]]:
        """Whoever writes when it goes on writes days that can be."""
        if not changed.isdisjoint(("starts", "ends")):
            yield from self.doubtful()

    def doubtful(self) -> Iterator[tuple[str, str]]:
        """Work that ends before it begins."""
        if ends_before_it_starts(self.starts, self.ends):
            yield "ends", BACKWARDS

    @property
    def over(self) -> bool:
        """Whether the work has ended."""
        return self.status in (ProjectStatus.COMPLETED, ProjectStatus.STOPPED)

    def ahead(self) -> Iterator[Ahead]:
        """When the aim is to be reached, and when the work is to end."""
        for due in self._due():
            yield Ahead(due.by, TO_COME[due.what], concerns=frozenset((self.owner,)), to_do=True)

    def pace(self) -> Pace:
        """Its phases as the history of its status tells them; a step on the progress scale shows that it moves."""
        return Pace(
            _stays(self.status, self.status_history),
            steps=[change.date for change in self.progress_history],
            due=list(self._due()),
        )

    def _due(self) -> Iterator[Due]:
        if self.aim.by and not self.over and self.progress is not Progress.P50:
            yield Due(REACHED, self.aim.by)
        if self.ends and not self.over:
            yield Due(ENDED, self.ends)


def _check_size(drivers: Sequence[Primary]) -> None:
    """Raises ValueError for a diagram of too many boxes."""
    if (found := nodes_in(drivers)) > MOST_NODES:
        raise ValueError(f"har {found} rutor. Ta med högst {MOST_NODES}, så att det går att överblicka")


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
    glance=glance,
    headings=HEADINGS,
    steps=(
        Step("Det viktigaste", ("title", "summary", "owner", "unit", "# Problemet")),
        Step(
            "Mål",
            ("aim", "# Vad vill vi uppnå?", "# Hur vet vi att en förändring är en förbättring?", "measures"),
        ),
        Step(
            "Idéer",
            ("drivers", "# Vilka förändringar kan leda till en förbättring?", "practices", "# Brukarnas inflytande"),
        ),
        Step("Team", ("team", "sponsor", "coach", "steering_group", "supported_by", "grant")),
        Step("Läget", ("status", "status_history", "progress", "progress_history", "starts", "ends")),
        Step("Sammanhang", ("areas", "target_groups", "networks", "sources", "invented")),
        Step("Vem får läsa", ("publication", "visibility")),
    ),
)
