"""Named people, written and read: who is named on a page, until when, and where somebody is named."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import Session, col, select

from app.contacts.tables import NamedPerson, Part
from app.database import now
from app.library.personal_data import stops

# After so long a name goes by itself, unless somebody says that it is still right.
KEPT_FOR = timedelta(days=730)
MOST = 100
LONGEST = 100
PARTS = {part.value: part for part in Part}
# The fields of the form, with what they are called there.
FIELDS: Mapping[str, str] = {
    "name": "Namn",
    "title": "Roll",
    "organisation": "Organisation",
    "email": "E-postadress",
    "phone": "Telefon",
}
TOO_MANY = f"Det får vara högst {MOST} personer på en sida."


@dataclass(frozen=True)
class Told:
    """What somebody has written of a person."""

    part: str
    name: str
    title: str = ""
    organisation: str = ""
    email: str = ""
    phone: str = ""

    @property
    def has_number(self) -> bool:
        """Whether there is a personal number in any of it."""
        return any(stops(getattr(self, field)) for field in FIELDS)

    def mistakes(self) -> dict[str, str]:
        """What is wrong, by field, in words for the screen."""
        wrong = {}
        for field, label in FIELDS.items():
            text = getattr(self, field)
            if stops(text):
                wrong[field] = f"{label} ser ut att innehålla ett personnummer. Ta bort det."
            elif len(text) > LONGEST:
                wrong[field] = f"{label} får vara högst {LONGEST} tecken."
        if not self.name:
            wrong["name"] = "Skriv namnet."
        if self.email and (self.email.count("@") != 1 or self.email[0] == "@" or "." not in self.email.split("@")[1]):
            wrong["email"] = "Det är ingen e-postadress. Skriv den som namn@kommunen.se."
        if self.phone and not any(sign.isdigit() for sign in self.phone):
            wrong["phone"] = "Telefonnumret har inga siffror."
        if self.part not in PARTS:
            wrong["part"] = "Välj kontakt eller deltagare."
        return wrong


@dataclass(frozen=True)
class Named:
    """Somebody who is named on a page, until ``until``."""

    number: int
    document_id: str
    told: Told
    until: datetime

    @property
    def part(self) -> Part:
        return PARTS.get(self.told.part, Part.CONTACT)


def named_in(session: Session, document_id: str) -> Sequence[Named]:
    """Who is named on a page: contacts first, then by name."""
    found = select(NamedPerson).where(NamedPerson.document_id == document_id)
    return [_named(row) for row in session.exec(found.order_by(col(NamedPerson.part), col(NamedPerson.name)))]


def named_as(session: Session, words: str) -> Sequence[Named]:
    """Wherever somebody is called so, or has that address: the whole of it, however it is written."""
    wanted = one_way(words)
    rows = session.exec(select(NamedPerson).order_by(col(NamedPerson.number)))
    return [_named(row) for row in rows if wanted and wanted in (one_way(row.name), one_way(row.email))]


def one_way(words: str) -> str:
    """A name or an address as it is compared."""
    return " ".join(words.split()).casefold()


def add(session: Session, document_id: str, told: Told) -> None:
    """Name somebody. Who stands there already in the same words is not named twice. Raises ValueError, in Swedish."""
    present = named_in(session, document_id)
    if any(one.told == told for one in present):
        return
    if len(present) >= MOST:
        raise ValueError(TOO_MANY)
    session.add(NamedPerson(document_id=document_id, **asdict(told)))


def change(session: Session, document_id: str, number: int, told: Told) -> bool:
    """Say something else of somebody. False where they are not named on the page any longer."""
    row = _row(session, document_id, number)
    if row is not None:
        row.sqlmodel_update({**asdict(told), "confirmed_at": now()})
        session.add(row)
    return row is not None


def confirm(session: Session, document_id: str, number: int) -> None:
    """Say that it is right as it stands: then it is kept as long again."""
    row = _row(session, document_id, number)
    if row is not None:
        row.confirmed_at = now()
        session.add(row)


def remove(session: Session, document_id: str, number: int) -> bool:
    """Name somebody no longer. Nothing is left to bring back. False where they were not named on the page."""
    row = _row(session, document_id, number)
    if row is not None:
        session.delete(row)
    return row is not None


def forget(session: Session, numbers: Collection[int]) -> int:
    """Take out entries wherever they stand; returns how many."""
    gone = delete(NamedPerson).where(col(NamedPerson.number).in_(numbers))
    return session.connection().execute(gone).rowcount


def forget_of(session: Session, documents: Collection[str]) -> int:
    """Take out everybody who is named on pages that are gone for good, and whose time is out; returns how many."""
    gone = col(NamedPerson.document_id).in_(documents) | (col(NamedPerson.confirmed_at) < now() - KEPT_FOR)
    return session.connection().execute(delete(NamedPerson).where(gone)).rowcount


def _row(session: Session, document_id: str, number: int) -> NamedPerson | None:
    row = session.get(NamedPerson, number)
    return row if row is not None and row.document_id == document_id else None


def _named(row: NamedPerson) -> Named:
    told = Told(row.part, row.name, row.title, row.organisation, row.email, row.phone)
    return Named(row.number or 0, row.document_id, told, row.confirmed_at + KEPT_FOR)
