"""Seats of a study visit: who may still come, and what happens when somebody asks, is answered or withdraws.

Pure functions from what a visit says to what it says next. Each may raise Refused; its message is for the screen.

A session's seats are taken by those who are coming *and* by those who have asked: a seat that was asked for is kept
until the host has answered. ``Session.people`` is how many are coming; it may count people whom no guest's row tells
of, so it is moved along with every answer instead of being added up anew.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

from app.editing.events import Values
from app.kinds.studyvisits.visit import Guest, Session, StudyVisit
from app.library.fields import MONTHS, Quantity
from app.library.shelf import version_of
from app.library.vocabulary import GuestStatus, VisitStatus
from app.publishing import Refused

T = TypeVar("T")

COMING = (GuestStatus.CONFIRMED, GuestStatus.ATTENDED)
LONGEST_STORY = 5_000

# What the host can answer a guest, by where the guest stands. Who does not come can only ask again.
ANSWERS: dict[GuestStatus, tuple[GuestStatus, ...]] = {
    GuestStatus.REQUESTED: (GuestStatus.CONFIRMED, GuestStatus.WAITING, GuestStatus.DECLINED),
    GuestStatus.WAITING: (GuestStatus.CONFIRMED, GuestStatus.DECLINED),
    GuestStatus.CONFIRMED: (GuestStatus.ATTENDED, GuestStatus.WAITING, GuestStatus.DECLINED),
    GuestStatus.DECLINED: (),
    GuestStatus.ATTENDED: (GuestStatus.CONFIRMED,),
}
WITHDRAWABLE = (GuestStatus.REQUESTED, GuestStatus.WAITING, GuestStatus.CONFIRMED)


class NoRoom(Refused):
    """There are not seats enough. One can wait for them instead."""


# ---- Counting ----


def people_of(guest: Guest) -> int:
    """How many seats a guest needs: at least one, where no number is stated."""
    return max(1, int(guest.people.number)) if guest.people and guest.people.number is not None else 1


def coming(session: Session) -> int:
    """How many are coming, by the guests' rows or by what is stated of the session: the larger number."""
    stated = int(session.people.number) if session.people and session.people.number is not None else 0
    return max(stated, sum(people_of(guest) for guest in session.guests if guest.status in COMING))


def taken(session: Session) -> int:
    """How many seats are promised or asked for."""
    asked_for = sum(people_of(guest) for guest in session.guests if guest.status is GuestStatus.REQUESTED)
    return coming(session) + asked_for


def limit(session: Session) -> int | None:
    """The number of seats, where it can say no: one that is "cirka" or "minst" is for the host to judge."""
    seats = session.seats
    if seats is None or seats.number is None or seats.qualifier not in ("", "at_most"):
        return None
    return int(seats.number)


def seats_left(session: Session) -> int | None:
    """How many seats nobody has asked for yet; None where the number of seats is not stated for certain."""
    seats = limit(session)
    return None if seats is None else max(0, seats - taken(session))


def is_over(session: Session, today: date) -> bool:
    """Whether the session's day has passed, as far as its date says."""
    return bool(session.date and session.date.exact and session.date.exact < today)


# ---- Which session, which guest ----


def place_of(number: int, session: Session) -> str:
    """What a form calls a session: its number, and what shows that it still is the same."""
    return f"{number} {session.date.raw if session.date else ''} {session.time}".strip()


def find_session(visit: StudyVisit, place: str) -> int:
    """The index of the session that a form means, also where it has got another number since. Raises Refused."""
    places = [place_of(number, session) for number, session in enumerate(visit.sessions, 1)]
    if place in places:
        return places.index(place)
    when = place.partition(" ")[2]
    moved = [index for index, other in enumerate(places) if when and other.partition(" ")[2] == when]
    if len(moved) == 1:
        return moved[0]
    raise Refused("Tillfället har ändrats eller tagits bort sedan du öppnade sidan. Se efter vad som gäller nu.")


def key_of(guest: Guest) -> str:
    """What a form calls a guest: two units of one organisation are two guests."""
    return f"{guest.organisation} {guest.unit}".strip()


def find_guest(session: Session, key: str) -> int:
    """The index of the guest that a form means; of several the first that comes. Raises Refused where it is gone."""
    rows = [index for index, guest in enumerate(session.guests) if key_of(guest) == key]
    if not rows:
        raise Refused("Anmälan finns inte längre. Se efter vad som gäller nu.")
    return next((row for row in rows if session.guests[row].status is not GuestStatus.DECLINED), rows[0])


def on_day(session: Session, number: int) -> str:
    """When a session is, to end a sentence with: "den 8 december", "i mars 2019", "vid tillfälle 2"."""
    when = session.date
    if when is None or not when.known:
        return f"vid tillfälle {number}"
    if when.day and when.month and not when.when:
        return f"den {when.day} {MONTHS[when.month - 1]}"
    return f"i {when.words}"


# ---- What happens ----


def asked(
    visit: StudyVisit, place: str, organisation: str, people: int, today: date, *, waiting: bool = False
) -> Values:
    """An organisation asks for seats or, where there are not enough, to wait for them."""
    if visit.status is not VisitStatus.OPEN:
        raise Refused(f"Besöket är inte öppet för anmälan: det är {visit.status.swedish}.")
    if organisation == visit.host:
        raise Refused("Ni är värdar för besöket, så ni behöver inga platser.")
    session = visit.sessions[find_session(visit, place)]
    if is_over(session, today):
        raise Refused("Det tillfället har redan varit. Välj ett annat.")
    _refuse_who_is_there(session, organisation)
    left = seats_left(session)
    if left is not None and people > left and not waiting:
        raise NoRoom(f"Det är {_seats(left)} kvar, och ni är {people}. Ni kan ställa er på väntelistan i stället.")
    status = GuestStatus.WAITING if waiting else GuestStatus.REQUESTED
    return _with_session(visit, place, lambda session: _with_request(session, organisation, people, status))


def answered(visit: StudyVisit, place: str, key: str, before: GuestStatus, answer: GuestStatus) -> Values:
    """The host answers a guest who stood as ``before``: comes, waits, does not come, was there."""
    if visit.status is VisitStatus.CANCELLED:
        raise Refused("Besöket är inställt, så det går inte att svara på anmälningar.")
    session = visit.sessions[find_session(visit, place)]
    guest = session.guests[find_guest(session, key)]
    if guest.status is not before:
        raise Refused(f"Anmälan har ändrats sedan du öppnade sidan: gästen är nu ”{guest.status.swedish}”.")
    if answer not in ANSWERS[before]:
        raise Refused(f"En gäst som är ”{before.swedish}” kan inte bli ”{answer.swedish}”.")
    if answer is GuestStatus.CONFIRMED and before is not GuestStatus.ATTENDED:
        _refuse_without_room(session, guest)
    return _with_status(visit, place, key, answer)


def withdrawn(visit: StudyVisit, place: str, key: str) -> Values:
    """A guest does not come after all.

    The row stays, as "kommer inte": the host sees who had thought of coming, nobody's words are lost, and the
    organisation can ask again in the same row.
    """
    session = visit.sessions[find_session(visit, place)]
    status = session.guests[find_guest(session, key)].status
    if status is GuestStatus.DECLINED:
        raise Refused("Ni är redan avanmälda.")
    if status not in WITHDRAWABLE:
        raise Refused("Ni är noterade som att ni deltog. Be värden att rätta det, om det är fel.")
    return _with_status(visit, place, key, GuestStatus.DECLINED)


def told(visit: StudyVisit, place: str, key: str, text: str, before: str, today: date) -> Values:
    """A guest writes what it took home. ``before`` is ``mark_of`` the text that was there when the page was opened."""
    session = visit.sessions[find_session(visit, place)]
    row = find_guest(session, key)
    guest = session.guests[row]
    if not may_tell(session, guest, today):
        raise Refused("Det går att skriva vad ni tog med er hem när ni har varit på besöket.")
    if len(text) > LONGEST_STORY:
        raise Refused(f"Texten är för lång: {len(text)} tecken. Skriv högst {LONGEST_STORY}.")
    if mark_of(guest) != before:
        raise Refused(
            "Någon hos er har skrivit sedan du öppnade sidan. Deras text står i tabellen ovanför, och din är kvar i"
            " rutan. Skriv ihop dem, och spara."
        )
    return _with_session(visit, place, lambda session: _with_guest(session, row, took_home=text))


def may_tell(session: Session, guest: Guest, today: date) -> bool:
    """Whether a guest can have something to tell: it was there or, where nobody has noted that, it may have been."""
    day = session.date.exact if session.date else None
    return guest.status is GuestStatus.ATTENDED or (guest.status is GuestStatus.CONFIRMED and not (day and day > today))


def mark_of(guest: Guest) -> str:
    """What shows whether somebody else has written in the meantime."""
    return version_of(guest.took_home)[:16]


# ---- Parts ----


def _refuse_who_is_there(session: Session, organisation: str) -> None:
    rows = [guest for guest in session.guests if guest.organisation == organisation]
    there = next((guest for guest in rows if guest.status is not GuestStatus.DECLINED), None)
    if there:
        raise Refused(f"Ni är redan anmälda till det tillfället: anmälan är ”{there.status.swedish}”.")


def _refuse_without_room(session: Session, guest: Guest) -> None:
    """A guest who has asked has its seats kept; one who waits gets only those that nobody has asked for."""
    seats = limit(session)
    if seats is None:
        return
    needed = people_of(guest)
    before = coming(session) if guest.status is GuestStatus.REQUESTED else taken(session)
    if before + needed > seats:
        left = _seats(max(0, seats - before))
        raise Refused(f"Det är {left} kvar, och gästen är {needed}. Svara dem som har bett om plats först.")


def _seats(number: int) -> str:
    return {0: "inga platser", 1: "1 plats"}.get(number, f"{number} platser")


def _with_session(visit: StudyVisit, place: str, change: Callable[[Session], Session]) -> Values:
    index = find_session(visit, place)
    return {"sessions": _replaced(visit.sessions, index, change(visit.sessions[index]))}


def _with_status(visit: StudyVisit, place: str, key: str, status: GuestStatus) -> Values:
    def change(session: Session) -> Session:
        row = find_guest(session, key)
        guest = session.guests[row]
        more = people_of(guest) * ((status in COMING) - (guest.status in COMING))
        return _with_guest(_with_more_coming(session, more), row, status=status)

    return _with_session(visit, place, change)


def _with_request(session: Session, organisation: str, people: int, status: GuestStatus) -> Session:
    number = Quantity.parse(str(people))
    rows = [index for index, guest in enumerate(session.guests) if guest.organisation == organisation]
    if rows:
        return _with_guest(session, rows[0], status=status, people=number)
    guest = Guest(organisation=organisation, status=status, people=number)
    return session.model_copy(update={"guests": [*session.guests, guest]})


def _with_guest(session: Session, row: int, **values: object) -> Session:
    guest = session.guests[row].model_copy(update=values)
    return session.model_copy(update={"guests": _replaced(session.guests, row, guest)})


def _with_more_coming(session: Session, more: int) -> Session:
    """The session with its stated number moved along; where none is stated, the rows speak for themselves."""
    people = session.people
    if more == 0 or people is None or people.number is None:
        return session
    number = replace(people, number=max(0.0, people.number + more))
    return session.model_copy(update={"people": Quantity.parse(number.words)})


def _replaced(those: Sequence[T], index: int, new: T) -> list[T]:
    return [*those[:index], new, *those[index + 1 :]]
