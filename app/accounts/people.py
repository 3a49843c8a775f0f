"""People with accounts: made, found, opened and closed. Kept: no file holds them."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

from sqlmodel import Session, col, func, select

from app.accounts import belonging, demo, passwords, sign_ins
from app.accounts.tables import OrganisationRole, Person
from app.audit import Deed, note
from app.config import Settings

LONGEST_EMAIL = 200
LONGEST_NAME = 100
_EMAIL = re.compile(r"[^@\s<>\"',;:]+@[^@\s<>\"',;:]+\.[^@\s<>\"',;:.]+")


class EmailTaken(ValueError):
    """There is an account with that address already."""


def create_person(
    session: Session,
    *,
    email: str,
    name: str,
    password_hash: str | None,
    title: str = "",
    admin: bool = False,
    is_demo: bool = False,
    roles: Mapping[str, str] | None = None,
) -> Person:
    """A new account. Raises ValueError, in Swedish, for what cannot be an address or a name.

    The hash is made before (``passwords.hash_of``): it takes long, and nobody shall wait for it to write. Who signs in
    elsewhere has none.
    """
    address = normal_email(email)
    if not is_email(address):
        raise ValueError(f"”{email}” är ingen e-postadress.")
    name, title = fit_name(name, title)
    if find(session, address):
        raise EmailTaken(f"Det finns redan ett konto för {address}.")
    person = Person(
        email=address,
        name=name,
        title=title,
        password_hash=password_hash,
        admin=admin,
        demo=is_demo,
    )
    session.add(person)
    session.flush()
    note(session, Deed.ACCOUNT_MADE, person=person.id)
    if admin:
        note(session, Deed.ADMIN_GIVEN, person=person.id)
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
            password_hash=passwords.hash_of(demo.PASSWORD),
            is_demo=True,
            admin=account.admin,
            roles=account.roles,
        )
        for network in account.networks:
            belonging.set_coordinator(session, person, network, coordinates=True)


def normal_email(text: str) -> str:
    """The address as it is compared: trimmed, in lower case."""
    return text.strip().lower()


def fit_name(name: str, title: str) -> tuple[str, str]:
    """Name and title as they are kept. Raises ValueError, in Swedish, for no name and for what is too long."""
    name, title = one_line(name), one_line(title)
    if not name:
        raise ValueError("Namnet saknas.")
    if max(len(name), len(title)) > LONGEST_NAME:
        raise ValueError(f"Namnet och titeln får vara högst {LONGEST_NAME} tecken.")
    return name, title


def one_line(text: str) -> str:
    """What was typed in a line, without what nobody sees."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def is_email(address: str) -> bool:
    """Whether it looks like an address, in lower case."""
    return bool(_EMAIL.fullmatch(address)) and len(address) <= LONGEST_EMAIL


def may_sign_in(person: Person, settings: Settings) -> bool:
    """Closed accounts may not; demo accounts, whose passwords are known, only in the demo."""
    return person.active and (not person.demo or settings.mode == "demo")


def find(session: Session, email: str) -> Person | None:
    return session.exec(select(Person).where(Person.email == normal_email(email))).one_or_none()


def everyone(session: Session) -> Sequence[Person]:
    return session.exec(select(Person).order_by(col(Person.email))).all()


def searched(session: Session, words: str, number: int, size: int) -> tuple[Sequence[Person], int]:
    """One page of those whose name or address has all the words in it, by address; and how many pages there are."""
    has_all = [
        col(Person.name).icontains(word, autoescape=True) | col(Person.email).icontains(word, autoescape=True)
        for word in words.split()
    ]
    total = session.exec(select(func.count()).select_from(Person).where(*has_all)).one()
    found = select(Person).where(*has_all).order_by(col(Person.email)).offset((number - 1) * size).limit(size)
    return session.exec(found).all(), max(1, math.ceil(total / size))


def set_password(session: Session, person: Person, password_hash: str, by_link: bool = False) -> None:
    """Change the password, and end every sign-in of the person. ``by_link``: the person has proved who they are so."""
    person.password_hash = password_hash
    session.add(person)
    deed = Deed.PASSWORD_RESET if by_link else Deed.PASSWORD_CHANGED
    note(session, deed, person.id if by_link else None, person=person.id)
    sign_ins.end_all(session, person.id)


def about(session: Session, person: Person) -> tuple[str, ...]:
    """What others know of a person: no password may be made of it."""
    return person.email, person.name, person.title, *belonging.roles_of(session, person)


def set_active(session: Session, person: Person, active: bool) -> None:
    """Open or close an account. A closed one is signed out everywhere; what the person wrote stays."""
    if person.active != active:
        note(session, Deed.ACCOUNT_OPENED if active else Deed.ACCOUNT_CLOSED, person=person.id)
    person.active = active
    session.add(person)
    sign_ins.end_all(session, person.id)


def set_admin(session: Session, person: Person, admin: bool) -> None:
    """Let a person run the instance, or no longer."""
    if person.admin != admin:
        note(session, Deed.ADMIN_GIVEN if admin else Deed.ADMIN_TAKEN, person=person.id)
    person.admin = admin
    session.add(person)
