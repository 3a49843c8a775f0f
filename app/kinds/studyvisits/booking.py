"""Asking for seats and being answered, on the page of a visit: what its forms ask for, and what is offered to whom."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from app.accounts.access import may_ask_for_seats, may_speak_for, may_welcome
from app.accounts.rules import asks
from app.accounts.signing_in import ask, viewer
from app.editing import events
from app.editing.events import Fields, Happening, Refusal
from app.editing.status import chosen
from app.kinds.studyvisits import seats
from app.kinds.studyvisits.visit import Guest, Session, StudyVisit
from app.library.document import Document
from app.library.visibility import Viewer
from app.library.vocabulary import GuestStatus, VisitStatus
from app.publishing import Refused, current
from app.web.forms.values import only_text
from app.web.text import count

MOST_PEOPLE = 500

# The answers as buttons, and as history tells of them.
BUTTONS = {
    GuestStatus.CONFIRMED: "Bekräfta",
    GuestStatus.WAITING: "Ställ på väntelistan",
    GuestStatus.DECLINED: "Tacka nej",
    GuestStatus.ATTENDED: "Deltog",
}
NOT_THERE = "Ångra ”deltog”"
TOLD = {
    GuestStatus.CONFIRMED: "{guest} är bekräftad {when}",
    GuestStatus.WAITING: "{guest} står på väntelistan {when}",
    GuestStatus.DECLINED: "{guest} fick nej {when}",
    GuestStatus.ATTENDED: "{guest} deltog {when}",
}


# ---- What forms ask for ----


@asks(may_ask_for_seats, may_speak_for)
def ask_for_seats(document: Document, fields: Fields) -> Happening:
    """A member of any organisation asks for seats in a session, or to wait for them."""
    visit = _visit(document)
    organisation, place = fields.get("organisation", ""), fields.get("session", "")
    ask(may_ask_for_seats, visit)
    ask(may_speak_for, organisation)
    if not place:
        raise Refused("Välj vilket tillfälle ni vill komma till.")
    people, waiting, today = _number(fields.get("people", "")), bool(fields.get("wait")), events.today()
    wanted = count(people, "plats", "platser")
    return Happening(
        change=lambda visit: seats.asked(visit, place, organisation, people, today, waiting=waiting),
        summary=f"{name_of(organisation)} {'väntar på' if waiting else 'bad om'} {wanted} {_when(visit, place)}",
        organisation=organisation,
    )


@asks(may_welcome)
def answer_guest(document: Document, fields: Fields) -> Happening:
    """A member of the owner or the host answers a guest."""
    visit = _visit(document)
    ask(may_welcome, visit, visit.host)
    place, key = fields.get("session", ""), fields.get("guest", "")
    before, answer = chosen(GuestStatus, fields.get("before", "")), chosen(GuestStatus, fields.get("answer", ""))
    return Happening(
        change=lambda visit: seats.answered(visit, place, key, before, answer),
        summary=TOLD.get(answer, "{guest} svarades {when}").format(guest=_guest_name(key), when=_when(visit, place)),
        organisation=visit.host if visit.host in viewer().organisations else visit.owner,
    )


@asks(may_speak_for)
def withdraw(document: Document, fields: Fields) -> Happening:
    """A guest's own member says that they do not come."""
    place, key, organisation = _own(fields)
    return Happening(
        change=lambda visit: seats.withdrawn(visit, place, key),
        summary=f"{_guest_name(key)} avanmälde sig {_when(_visit(document), place)}",
        organisation=organisation,
    )


@asks(may_speak_for)
def tell(document: Document, fields: Fields) -> Happening:
    """A guest's own member writes what they took home."""
    place, key, organisation = _own(fields)
    text, before, today = only_text(fields.get("took_home", "")).strip(), fields.get("before", ""), events.today()
    return Happening(
        change=lambda visit: seats.told(visit, place, key, text, before, today),
        summary=f"{_guest_name(key)} skrev vad de tog med sig hem {_when(_visit(document), place)}",
        organisation=organisation,
    )


def _own(fields: Fields) -> tuple[str, str, str]:
    """The session, the guest and its organisation, if the viewer may speak for it."""
    key = fields.get("guest", "")
    organisation = key.partition(" ")[0]
    ask(may_speak_for, organisation)
    return fields.get("session", ""), key, organisation


def _number(typed: str) -> int:
    digits = "".join(typed.split())
    if not re.fullmatch(r"[0-9]{1,4}", digits) or not 1 <= int(digits) <= MOST_PEOPLE:
        raise Refused("Skriv hur många ni är med siffror, till exempel 3.")
    return int(digits)


def _visit(document: Document) -> StudyVisit:
    return cast(StudyVisit, document.front_matter)


def _when(visit: StudyVisit, place: str) -> str:
    index = seats.find_session(visit, place)
    return seats.on_day(visit.sessions[index], index + 1)


def _guest_name(key: str) -> str:
    organisation, _, unit = key.partition(" ")
    return f"{name_of(organisation)}, {unit}," if unit else name_of(organisation)


def name_of(organisation: str) -> str:
    """The organisation as sentences name it."""
    found = current.organisations.get(organisation)
    return found.short if found else organisation


# ---- What the page offers ----


@dataclass(frozen=True)
class GuestRow:
    """A guest, and what the viewer can do with it. ``answers`` are the host's: value, button."""

    guest: Guest
    key: str
    name: str
    before: str
    mark: str
    answers: Sequence[tuple[str, str]]
    may_withdraw: bool
    may_tell: bool


@dataclass(frozen=True)
class Occasion:
    """A session as the page's forms need it. ``left`` is None where the number of seats is not certain."""

    session: Session
    place: str
    when: str
    left: int | None
    may_be_asked: bool
    rows: Sequence[GuestRow]


@dataclass(frozen=True)
class Booking:
    """Everything that can be asked for and answered on the page: ``organisations`` maps slugs to names."""

    is_open: bool
    signed_in: bool
    organisations: Mapping[str, str]
    occasions: Sequence[Occasion]
    refused_for_room: bool = False

    @property
    def is_asked(self) -> bool:
        """Whether the page asks who wants to come: one who can, or who could after signing in."""
        return self.is_open and (bool(self.organisations) or not self.signed_in)

    @property
    def may_wait(self) -> bool:
        """Whether the waiting list is worth mentioning."""
        return self.refused_for_room or any(occasion.left == 0 for occasion in self.choices)

    @property
    def choices(self) -> list[Occasion]:
        """The sessions that one can ask for seats in."""
        return [occasion for occasion in self.occasions if occasion.may_be_asked]

    @property
    def stories(self) -> list[tuple[Occasion, GuestRow]]:
        """The viewer's own guests who can tell what they took home."""
        return [(occasion, row) for occasion in self.occasions for row in occasion.rows if row.may_tell]


def offered(document: Document, viewer: Viewer, refusal: Refusal | None) -> Booking:
    """What the page of a visit offers a viewer, after something that may have been refused."""
    visit = _visit(document)
    slugs = sorted(viewer.organisations - {visit.host}) if may_ask_for_seats(viewer, visit) else []
    return Booking(
        is_open=visit.status is VisitStatus.OPEN,
        signed_in=viewer.signed_in,
        organisations={slug: name_of(slug) for slug in slugs},
        occasions=[_occasion(visit, number, session, viewer) for number, session in enumerate(visit.sessions, 1)],
        refused_for_room=refusal is not None and isinstance(refusal.cause, seats.NoRoom),
    )


def _occasion(visit: StudyVisit, number: int, session: Session, viewer: Viewer) -> Occasion:
    return Occasion(
        session=session,
        place=seats.place_of(number, session),
        when=seats.on_day(session, number),
        left=seats.seats_left(session),
        may_be_asked=visit.status is VisitStatus.OPEN and not seats.is_over(session, events.today()),
        rows=[_row(visit, session, guest, viewer) for guest in session.guests],
    )


def _row(visit: StudyVisit, session: Session, guest: Guest, viewer: Viewer) -> GuestRow:
    own = guest.organisation in viewer.organisations
    cancelled = visit.status is VisitStatus.CANCELLED
    welcomes = may_welcome(viewer, visit, visit.host) and not cancelled
    return GuestRow(
        guest=guest,
        key=seats.key_of(guest),
        name=name_of(guest.organisation),
        before=guest.status.value,
        mark=seats.mark_of(guest),
        answers=_answers(guest.status) if welcomes else [],
        may_withdraw=own and guest.status in seats.WITHDRAWABLE and not seats.is_over(session, events.today()),
        may_tell=own and seats.may_tell(session, guest, events.today()),
    )


def _answers(status: GuestStatus) -> list[tuple[str, str]]:
    if status is GuestStatus.ATTENDED:
        return [(GuestStatus.CONFIRMED.value, NOT_THERE)]
    return [(answer.value, BUTTONS[answer]) for answer in seats.ANSWERS[status]]
