"""People with accounts: made, found, opened and closed. Kept: no file holds them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from sqlmodel import Session, col, select

from app.accounts import belonging, demo, passwords, sign_ins
from app.accounts.tables import OrganisationRole, Person

_EMAIL = re.compile(r"[^@\s<>\"',;:]+@[^@\s<>\"',;:]+\.[^@\s<>\"',;:.]+")


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
        belonging.set_role(session, person, organisation, OrganisationRole(role))
    return person


def ensure_demo_accounts(session: Session) -> None:
    """Make the demo accounts that are missing, and let them coordinate what they are there to coordinate."""
    for account in demo.ACCOUNTS:
        person = find(session, account.email) or create_person(
            session,
            email=account.email,
            name=account.name,
            password=demo.PASSWORD,
            is_demo=True,
            admin=account.admin,
            roles=account.roles,
        )
        for network in account.networks:
            belonging.set_coordinator(session, person, network, coordinates=True)


def normal_email(text: str) -> str:
    """The address as it is compared: trimmed, in lower case."""
    return text.strip().lower()


def find(session: Session, email: str) -> Person | None:
    return session.exec(select(Person).where(Person.email == normal_email(email))).one_or_none()


def everyone(session: Session) -> Sequence[Person]:
    return session.exec(select(Person).order_by(col(Person.email))).all()


def set_password(session: Session, person: Person, password: str) -> None:
    """Change the password, and end every sign-in of the person. Raises ValueError as ``create_person`` does."""
    person.password_hash = passwords.hash_of(password)
    session.add(person)
    sign_ins.end_all(session, person.id)


def set_active(session: Session, person: Person, active: bool) -> None:
    """Open or close an account. A closed one is signed out everywhere; what the person wrote stays."""
    person.active = active
    session.add(person)
    sign_ins.end_all(session, person.id)
