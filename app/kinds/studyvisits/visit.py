"""What a study visit is: its fields, its files, its form."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Annotated

from pydantic import Field

from app.editing.events import Values
from app.library.ahead import Ahead, details
from app.library.document import FrontMatter, Group, Heading, Kind, Step
from app.library.fields import Facet, Long, NamesOrganisation, PartialDate, Quantity, RefersTo
from app.library.pace import Due, Pace, latest_day
from app.library.vocabulary import Country, GuestStatus, VisitStatus

# What is not written down within a month is no longer remembered.
TIME_TO_WRITE = timedelta(weeks=4)


class Guest(Group):
    """An organisation that comes to see."""

    organisation: Annotated[
        str, NamesOrganisation("Gäst vid studiebesöket"), Facet("kommun", "Kommun eller organisation")
    ] = Field(title="Organisation")
    unit: str = Field("", title="Enhet hos gästen")
    status: GuestStatus = Field(GuestStatus.REQUESTED, title="Anmälan")
    people: Quantity | None = Field(None, title="Antal personer")
    took_home: Annotated[str, Long(2)] = Field("", title="Tog med sig hem")


class Session(Group):
    """One occasion of a visit."""

    date: PartialDate | None = Field(None, title="Datum", description="Till exempel 2026-02-03 eller ”3 februari”.")
    time: str = Field("", title="Klockslag", pattern=r"^(\d{1,2}[.:]\d{2}([–-]\d{1,2}[.:]\d{2})?)?$")
    seats: Quantity | None = Field(None, title="Platser")
    people: Quantity | None = Field(None, title="Antal som kommer")
    note: Annotated[str, Long(2)] = Field("", title="Att tänka på")
    guests: list[Guest] = Field(default_factory=list, title="Gäster", json_schema_extra={"one": "en gäst"})


class ProgrammeItem(Group):
    time: str = Field("", title="När")
    what: Annotated[str, Long(2)] = Field(title="Vad")


class Question(Group):
    question: Annotated[str, Long(2)] = Field(title="Fråga")
    asked_by: str = Field("", title="Vem frågar", description="En roll eller en kommun, inget namn.")
    answer: Annotated[str, Long(2)] = Field("", title="Svar")


class StudyVisit(FrontMatter):
    status: Annotated[VisitStatus, Facet("status", "Status")] = Field(VisitStatus.PROPOSED, title="Status")
    host: Annotated[str, NamesOrganisation("Värd för studiebesöket"), Facet("kommun", "Kommun eller organisation")] = (
        Field("", title="Värd", description="Lämna tomt om det inte framgår vem som tar emot.")
    )
    unit: str = Field("", title="Enhet hos värden")
    place: str = Field("", title="Plats", description="Adress eller ort.")
    country: Country = Field(Country.SWEDEN, title="Land")
    purpose: Annotated[str, Long()] = Field("", title="Varför vill gästerna komma?")
    model: str = Field("", title="Modell", description="Till exempel MUST, ömsesidiga studiebesök.")
    people: Quantity | None = Field(None, title="Antal besökare sammanlagt")
    practices: list[Annotated[str, RefersTo("practices", "Studiebesök som tittade på det")]] = Field(
        default_factory=list, title="Arbetssätt att titta på"
    )
    sessions: list[Session] = Field(
        default_factory=list, title="Tillfällen", json_schema_extra={"one": "ett tillfälle"}
    )
    programme: list[ProgrammeItem] = Field(
        default_factory=list, title="Program", json_schema_extra={"one": "en programpunkt"}
    )
    questions: list[Question] = Field(
        default_factory=list, title="Frågor före besöket", json_schema_extra={"one": "en fråga"}
    )
    contact: str = Field("", title="Vem kan svara på frågor", description="Skriv en roll och en enhet, inget namn.")

    @property
    def guests(self) -> list[Guest]:
        """The guests of every session, in order; one that comes twice stands twice."""
        return [guest for session in self.sessions for guest in session.guests]

    def ahead(self) -> Iterator[Ahead]:
        """The sessions of a visit that has not been held, for the host, who owns the page, and the guests of each."""
        if self.status not in (VisitStatus.PROPOSED, VisitStatus.OPEN, VisitStatus.CONFIRMED):
            return
        for session in self.sessions:
            if session.date:
                guests = (guest.organisation for guest in session.guests if guest.status is not GuestStatus.DECLINED)
                concerns = frozenset((self.owner, self.host, *guests))
                yield Ahead(session.date, details=details(session.time, self.place), concerns=concerns)

    def pace(self) -> Pace:
        """When its last session is over it should have been held, and four weeks later there should be notes."""
        last = self.last_day
        if last and self.status in (VisitStatus.PROPOSED, VisitStatus.OPEN, VisitStatus.CONFIRMED):
            return Pace(due=[Due("Besöket genomfört", PartialDate.of(last))])
        if last and self.status is VisitStatus.HELD:
            return Pace(due=[Due("Anteckningarna skrivna", PartialDate.of(last + TIME_TO_WRITE))])
        return Pace()

    @property
    def last_day(self) -> date | None:
        """The last day that the last session may be on; None where the date of a session is not known."""
        days = [latest_day(session.date) for session in self.sessions]
        known = [day for day in days if day]
        return max(known) if known and len(known) == len(days) else None

    @property
    def took_place(self) -> bool:
        """Whether the guests have been there, so that there may be something to tell."""
        return self.status in (VisitStatus.HELD, VisitStatus.WRITTEN_UP, VisitStatus.FOLLOWED_UP)


HEADINGS = (
    Heading("Vad ni får se", "Vad visar värden, och för vem är det nyttigt?"),
    Heading("Anteckningar", "Vad såg och hörde ni?"),
    Heading("Vad vi tog med oss hem", "Vad ska ni prova, och vad passar inte hos er?"),
)

KIND = Kind(
    name="studyvisits",
    one="studiebesök",
    the="studiebesöket",
    many="studiebesök",
    url="studiebesok",
    menu="Studiebesök",
    front_matter=StudyVisit,
    path="content/studyvisits/{slug}.md",
    headings=HEADINGS,
    steps=(
        Step(
            "Det viktigaste",
            ("title", "summary", "owner", "host", "unit", "place", "country", "purpose"),
            intro="Vill ni besöka någon annan blir det här ert förslag. Värden ser det på sin organisations sida när"
            " det är publicerat, men får inget meddelande: hör av er också.",
        ),
        Step("Tillfällen och gäster", ("status", "people", "sessions")),
        Step("Innehåll", ("practices", "model", "programme", "questions", "# Vad ni får se")),
        Step("Efteråt", ("# Anteckningar", "# Vad vi tog med oss hem")),
        Step("Sammanhang", ("areas", "target_groups", "networks", "contact", "sources", "invented")),
        Step("Vem får läsa", ("publication", "visibility")),
    ),
)


def moved(visit: StudyVisit, to: VisitStatus, note: str, today: date) -> Values:
    """A visit comes further, or is called off; its dates are its sessions'."""
    return {"status": to}
