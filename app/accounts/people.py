"""People with accounts, and the organisations they belong to. Kept: no file holds them."""

from __future__ import annotations

import re
import secrets
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, Session, col, select

from app.accounts import demo, passwords
from app.database import Instant, Kept, now

_EMAIL = re.compile(r"[^@\s<>\"',;:]+@[^@\s<>\"',;:]+\.[^@\s<>\"',;:.]+")


class OrganisationRole(StrEnum):
    """What somebody is in an organisation. A coordinator may do what a member may."""

    MEMBER = "member"
    COORDINATOR = "coordinator"

    @property
    def swedish(self) -> str:
        return {"member": "medlem", "coordinator": "samordnare"}[self.value]


def _stamp() -> str:
    return secrets.token_hex(8)


class Person(Kept, table=True):
    """Somebody who can sign in. A new ``session_stamp`` ends every sign-in made before it."""

    __tablename__ = "person"

    id: str = Field(default_factory=lambda: str(uuid.uuid4()), primary_key=True)
    email: str = Field(unique=True, index=True)
    name: str
    title: str = ""
    password_hash: str
    active: bool = True
    admin: bool = False
    demo: bool = False
    session_stamp: str = Field(default_factory=_stamp)
    created_at: datetime = Field(default_factory=now, sa_type=Instant)


class Membership(Kept, table=True):
    """One person's role in one organisation, named by its slug."""

    __tablename__ = "membership"

    person_id: str = Field(foreign_key="person.id", primary_key=True)
    organisation: str = Field(primary_key=True)
    role: str = OrganisationRole.MEMBER


class EmailTaken(ValueError):
    """There is an account with that address already."""


def create_person(
    session: Session,
    *,
    email: str,
    name: str,
    password: str,
    title: str = "",
    admin: bool = False,
    is_demo: bool = False,
    roles: Mapping[str, str] | None = None,
) -> Person:
    """A new account. Raises ValueError, in Swedish, for what cannot be an address, a name or a password."""
    address = normal_email(email)
    if not _EMAIL.fullmatch(address) or len(address) > 200:
        raise ValueError(f"”{email}” är ingen e-postadress.")
    if not name.strip():
        raise ValueError("Namnet saknas.")
    if find(session, address):
        raise EmailTaken(f"Det finns redan ett konto för {address}.")
    person = Person(
        email=address,
        name=name.strip(),
        title=title.strip(),
        password_hash=passwords.hash_of(password),
        admin=admin,
        demo=is_demo,
    )
    session.add(person)
    session.flush()
    for organisation, role in (roles or {}).items():
        set_role(session, person, organisation, OrganisationRole(role))
    return person


def ensure_demo_accounts(session: Session) -> None:
    """Make the demo accounts that are missing."""
    for account in demo.ACCOUNTS:
        if find(session, account.email) is None:
            create_person(
                session,
                email=account.email,
                name=account.name,
                password=demo.PASSWORD,
                is_demo=True,
                admin=account.admin,
                roles=account.roles,
            )


def normal_email(text: str) -> str:
    """The address as it is compared: trimmed, in lower case."""
    return text.strip().lower()


def find(session: Session, email: str) -> Person | None:
    return session.exec(select(Person).where(Person.email == normal_email(email))).one_or_none()


def everyone(session: Session) -> Sequence[Person]:
    return session.exec(select(Person).order_by(col(Person.email))).all()


def set_password(session: Session, person: Person, password: str) -> None:
    """Change the password, and end the person's sign-ins elsewhere. Raises ValueError as ``create_person`` does."""
    person.password_hash = passwords.hash_of(password)
    person.session_stamp = _stamp()
    session.add(person)


def set_active(session: Session, person: Person, active: bool) -> None:
    """Open or close an account. A closed one is signed out everywhere; what the person wrote stays."""
    person.active = active
    person.session_stamp = _stamp()
    session.add(person)


def set_role(session: Session, person: Person, organisation: str, role: OrganisationRole | None) -> None:
    """Give the person a role in an organisation, or take it away (None)."""
    membership = session.get(Membership, (person.id, organisation))
    if role is None:
        if membership:
            session.delete(membership)
        return
    membership = membership or Membership(person_id=person.id, organisation=organisation)
    membership.role = role.value
    session.add(membership)


def roles_of(session: Session, person: Person) -> dict[str, str]:
    """The person's role in each organisation, by the organisation's slug."""
    found = session.exec(select(Membership).where(Membership.person_id == person.id))
    return {membership.organisation: membership.role for membership in found}
