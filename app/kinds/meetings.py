"""Network meetings (nätverksträffar): what is to be talked of, who came, what was said and what was decided."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date as day
from typing import Annotated, cast

from flask import Blueprint, Response
from pydantic import Field

from app import reading
from app.accounts.access import may_edit, may_see
from app.accounts.rules import asks, open_to_anyone
from app.accounts.signing_in import ask
from app.editing import add_editing, events, status
from app.editing.events import Fields, Happening, Refusal, Values, add_event
from app.editing.status import Onward
from app.library.ahead import Ahead, details
from app.library.document import Document, FrontMatter, Group, Heading, Kind, Step
from app.library.fields import Facet, Long, NamesOrganisation, PartialDate, Quantity, RefersTo
from app.library.pace import Due, Pace, is_late, latest_day
from app.library.shelf import version_of
from app.library.vocabulary import MeetingStatus
from app.publishing import Refused

CLOCK = r"^(\d{1,2}[.:]\d{2}([–-]\d{1,2}[.:]\d{2})?)?$"
TALKED_OF = "Nätverksträffar där det togs upp"


class AgendaPoint(Group):
    time: str = Field("", title="Klockslag", pattern=CLOCK)
    what: Annotated[str, Long(2)] = Field(title="Vad")
    who: str = Field("", title="Vem leder", description="En roll, inget namn.")


class Participant(Group):
    """An organisation that was there. Roles and numbers, never names."""

    organisation: Annotated[
        str, NamesOrganisation("Deltog i nätverksträffen"), Facet("kommun", "Kommun eller organisation")
    ] = Field(title="Organisation")
    roles: str = Field("", title="Roller", description="Till exempel ”avdelningschef och två coacher”.")
    people: Quantity | None = Field(None, title="Antal personer")


class MeetingDecision(Group):
    what: Annotated[str, Long(2)] = Field(title="Beslut")
    role: str = Field("", title="Vem ansvarar", description="En roll, inget namn.")
    organisation: Annotated[str, NamesOrganisation("Ansvarar för beslut från nätverksträffen")] = Field(
        "", title="Organisation"
    )
    by: PartialDate | None = Field(None, title="Senast")
    done: bool = Field(False, title="Klart")

    def late(self, today: day) -> bool:
        """Whether it should have been done before today."""
        return not self.done and is_late(latest_day(self.by), today)


class NextMeeting(Group):
    """When one meets again, as far as it is known."""

    date: PartialDate | None = Field(None, title="När")
    place: str = Field("", title="Var")
    meeting: Annotated[str, RefersTo("meetings", "Förra träffen")] = Field(
        "", title="Sidan om den", description="Om det finns en sida om nästa träff."
    )


class Meeting(FrontMatter):
    status: Annotated[MeetingStatus, Facet("status", "Status")] = Field(MeetingStatus.PLANNED, title="Status")
    date: PartialDate | None = Field(None, title="Datum", description="Till exempel 2027-01-21 eller ”början av mars”.")
    time: str = Field("", title="Klockslag", description="Till exempel 10.00–15.00.", pattern=CLOCK)
    place: str = Field("", title="Plats", description="Adress eller ort, eller ”digitalt”.")
    invited: list[Annotated[str, NamesOrganisation("Inbjuden till nätverksträffen")]] = Field(
        default_factory=list, title="Inbjudna"
    )
    agenda: list[AgendaPoint] = Field(default_factory=list, title="Dagordning", json_schema_extra={"one": "en punkt"})
    practices: list[Annotated[str, RefersTo("practices", TALKED_OF)]] = Field(default_factory=list, title="Arbetssätt")
    projects: list[Annotated[str, RefersTo("projects", TALKED_OF)]] = Field(
        default_factory=list, title="Utvecklingsarbeten"
    )
    cycles: list[Annotated[str, RefersTo("cycles", TALKED_OF)]] = Field(default_factory=list, title="PGSA-cykler")
    studyvisits: list[Annotated[str, RefersTo("studyvisits", TALKED_OF)]] = Field(
        default_factory=list, title="Studiebesök"
    )
    learnings: list[Annotated[str, RefersTo("learnings", TALKED_OF)]] = Field(default_factory=list, title="Lärdomar")
    came: list[Participant] = Field(default_factory=list, title="Vilka kom", json_schema_extra={"one": "en deltagare"})
    decisions: list[MeetingDecision] = Field(
        default_factory=list, title="Beslut", json_schema_extra={"one": "ett beslut"}
    )
    next: NextMeeting = Field(default_factory=NextMeeting, title="Nästa träff")
    contact: str = Field("", title="Vem kan svara på frågor", description="Skriv en roll och en enhet, inget namn.")

    @property
    def people(self) -> Quantity | None:
        """How many came in all, where it is stated for each organisation."""
        stated = [one.people for one in self.came if one.people and one.people.number is not None]
        if not stated or len(stated) < len(self.came):
            return None
        about = next((one.qualifier for one in stated if one.qualifier), "")
        return Quantity("", sum(one.number or 0 for one in stated), about)

    def ahead(self) -> Iterator[Ahead]:
        """The meeting itself, for those invited, and what was decided and is not done, for those who answer for it."""
        if self.status is MeetingStatus.CANCELLED:
            return
        if self.status is MeetingStatus.PLANNED and self.date:
            yield Ahead(self.date, "", details(self.time, self.place), frozenset((self.owner, *self.invited)))
        for decision in self.decisions:
            if decision.by and not decision.done:
                answers = frozenset((decision.organisation or self.owner,))
                yield Ahead(decision.by, decision.what, details(decision.role), answers, to_do=True)

    def pace(self) -> Pace:
        """A meeting that is to come should have been when its day is over; what it decided should be done in time."""
        if self.status is MeetingStatus.CANCELLED:
            return Pace()
        planned = self.status is MeetingStatus.PLANNED and self.date
        decided = [
            Due(f"Beslut {number}: {decision.what}", decision.by)
            for number, decision in enumerate(self.decisions, start=1)
            if decision.by and not decision.done
        ]
        return Pace(due=[*([Due("Träffen genomförd", self.date)] if planned and self.date else []), *decided])

    @property
    def missing(self) -> list[str]:
        """The organisations that were invited to a meeting that has been, and are not among those that came."""
        there = {one.organisation for one in self.came}
        over = self.status is MeetingStatus.HELD and there
        return [organisation for organisation in self.invited if organisation not in there] if over else []


NOTES = "Anteckningar"

HEADINGS = (
    Heading("Varför vi träffas", "Vad ska träffen leda till?"),
    Heading("Att förbereda", "Vad ska deltagarna läsa eller ta med sig?"),
    Heading(NOTES, "Vad sade ni? Skriv det som andra har nytta av, utan namn."),
)

# What may be talked of, in the order of the page.
SUBJECTS = ("learnings", "practices", "projects", "cycles", "studyvisits")

KIND = Kind(
    name="meetings",
    one="nätverksträff",
    the="nätverksträffen",
    many="nätverksträffar",
    url="natverkstraffar",
    front_matter=Meeting,
    path="content/meetings/{slug}.md",
    headings=HEADINGS,
    steps=(
        Step(
            "Det viktigaste",
            ("title", "summary", "owner", "networks", "date", "time", "place", "# Varför vi träffas"),
        ),
        Step("Inför träffen", ("invited", "agenda", "# Att förbereda")),
        Step("Vad vi tar upp", SUBJECTS, "Välj sidor, så hittar deltagarna dem, och sidorna leder tillbaka hit."),
        Step("Efteråt", ("status", "came", f"# {NOTES}", "decisions", "next")),
        Step("Sammanhang", ("areas", "target_groups", "contact", "sources", "invented")),
        Step("Vem får läsa", ("publication", "visibility")),
    ),
)

blueprint = Blueprint(KIND.name, __name__, url_prefix=f"/{KIND.url}")


@blueprint.get("")
@open_to_anyone("it lists what the viewer may see")
def index() -> Response:
    """All network meetings that the viewer may see, the latest first."""
    return reading.index(KIND, orders=reading.BY_DATE)


@blueprint.get("/<path:slug>")
@asks(may_see)
def show(slug: str) -> Response:
    """One meeting: when and where, what is talked of, who came, and what was decided."""
    return page_of(reading.open_document(KIND, slug))


def page_of(document: Document, refusal: Refusal | None = None) -> Response:
    """The page of a meeting, with the reason why something that was asked for on it was not done."""
    meeting = cast(Meeting, document.front_matter)
    following = [card for card in reading.cards_of(document, KIND.name) if card.slug == meeting.next.meeting]
    subjects = [(_title_of(kind), cards) for kind in SUBJECTS if (cards := reading.cards_of(document, kind))]
    networks = reading.cards_of(document, "networks")
    parts = reading.parts_of(document)
    return reading.show(
        document,
        shown=[*following, *networks, *(card for _, cards in subjects for card in cards)],
        parts=[part for part in parts if part.title != NOTES],
        notes=[part for part in parts if part.title == NOTES],
        subjects=subjects,
        networks=networks,
        following=following,
        decisions=decisions_of(meeting, events.today()),
        standing=status.standing(document, ONWARD.get(document.status)),
        **events.shown(refusal),
    )


def _title_of(field: str) -> str:
    return str(Meeting.model_fields[field].title)


# ---- What happens to a meeting ----


ONWARD = {MeetingStatus.PLANNED: Onward(MeetingStatus.HELD, "Träffen har varit")}


def moved(meeting: Meeting, to: MeetingStatus, note: str, today: day) -> Values:
    """The meeting has been, or is called off; its date is its own."""
    return {"status": to}


@dataclass(frozen=True)
class Decided:
    """A decision on the page: its place in the list, a mark of what it says, and the label of how it stands."""

    number: int
    mark: str
    decision: MeetingDecision
    look: str
    words: str


def decisions_of(meeting: Meeting, today: day) -> Sequence[Decided]:
    """The decisions with how they stand today."""
    found = []
    for number, decision in enumerate(meeting.decisions):
        late = decision.late(today)
        look, words = ("warn", "Skulle ha varit klart") if late else ("", "Kvar att göra")
        look, words = ("ok", "Klart") if decision.done else (look, words)
        found.append(Decided(number, mark_of(decision), decision, look, words))
    return found


def mark_of(decision: MeetingDecision) -> str:
    """What shows that it is still the same decision."""
    return version_of(decision.what)[:16]


def carried_out(meeting: Meeting, number: int, mark: str, done: bool) -> Values:
    """A decision is done, or is not after all. Raises Refused where the list has changed since the page was opened."""
    there = meeting.decisions[number] if 0 <= number < len(meeting.decisions) else None
    if there is None or mark_of(there) != mark:
        raise Refused("Besluten har ändrats sedan du öppnade sidan. Se efter hur det står nu, och försök igen.")
    if there.done is done:
        raise Refused(f"Någon har redan sagt att beslutet är {'klart' if done else 'kvar att göra'}.")
    changed = there.model_copy(update={"done": done})
    return {"decisions": [*meeting.decisions[:number], changed, *meeting.decisions[number + 1 :]]}


@asks(may_edit)
def tick_decision(document: Document, fields: Fields) -> Happening:
    """A member of the owner says that what was decided is done, or is not."""
    ask(may_edit, document.front_matter)
    typed, mark, done = fields.get("number", ""), fields.get("mark", ""), fields.get("done") == "ja"
    number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 4 else -1
    return Happening(
        change=lambda meeting: carried_out(meeting, number, mark, done),
        summary=f"Beslut {number + 1} är {'klart' if done else 'kvar att göra'}",
        organisation=document.front_matter.owner,
    )


add_event(blueprint, KIND, "laget", status.moves(moved), page_of)
add_event(blueprint, KIND, "beslut", tick_decision, page_of)
add_editing(blueprint, KIND)
