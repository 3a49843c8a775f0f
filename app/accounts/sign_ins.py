"""Sign-ins, kept on the server: the browser has a random word in its cookie, the database only a digest of it.

So that a sign-in can be ended, here or by the person from elsewhere, and its cookie is dead afterwards.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, col
from sqlmodel import select as rows

from app.accounts.tables import Coordination, Membership, Person, SignIn
from app.audit import Deed, note
from app.config import Settings
from app.database import Databases, now

# When it was last used is written down so seldom: a page that is only read shall not cost a write.
NOTED_EVERY = timedelta(minutes=5)


@dataclass(frozen=True)
class Found:
    """Who is signed in: the sign-in's number, the person, and where they belong. ``issuer`` is who vouched for it."""

    number: int
    person: str
    name: str
    admin: bool
    demo: bool
    roles: dict[str, str]
    networks: frozenset[str]
    issuer: str = ""


@dataclass(frozen=True)
class Lifetime:
    """How long a sign-in lasts: after it was last used, and at most."""

    idle: timedelta
    longest: timedelta

    @classmethod
    def of(cls, settings: Settings) -> Lifetime:
        return cls(timedelta(hours=settings.session_hours), timedelta(days=settings.session_days))


def begin(session: Session, person: Person, device: str, issuer: str = "", issuers_own: str = "") -> str:
    """Note a new sign-in; gives the word that only the browser keeps. Somebody else may have vouched for it."""
    word = secrets.token_urlsafe(32)
    session.add(
        SignIn(digest=_digest(word), person_id=person.id, device=device, issuer=issuer, issuers_own=issuers_own)
    )
    note(session, Deed.SIGNED_IN, person.id, thing=issuer)
    return word


def find(databases: Databases, word: str, lifetime: Lifetime) -> Found | None:
    """Who has this word in their cookie; None where the sign-in has ended or the account is closed. One question."""
    at = now()
    asked = {"digest": _digest(word), "used_after": at - lifetime.idle, "begun_after": at - lifetime.longest}
    with databases.kept_engine.connect() as connection:
        found = connection.execute(_FIND, asked).all()
    if not found:
        return None
    first = found[0]
    if first.used_at < at - NOTED_EVERY:
        _note_use(databases, first.number, at)
    return Found(
        number=first.number,
        person=first.id,
        name=first.name,
        admin=first.admin,
        demo=first.demo,
        roles={row.organisation: row.role for row in found if row.organisation},
        networks=frozenset(row.network for row in found if row.network),
        issuer=first.issuer,
    )


def of(session: Session, person: str, lifetime: Lifetime) -> Sequence[SignIn]:
    """A person's sign-ins that still last, the latest used first."""
    at = now()
    lasting = rows(SignIn).where(
        SignIn.person_id == person,
        col(SignIn.used_at) > at - lifetime.idle,
        col(SignIn.begun_at) > at - lifetime.longest,
    )
    return session.exec(lasting.order_by(col(SignIn.used_at).desc())).all()


def end(session: Session, person: str, number: int, signs_out: bool = False) -> bool:
    """End one of a person's sign-ins; ``signs_out``: they do so in that browser. False if they have none with that
    number.
    """
    mine = delete(SignIn).where(col(SignIn.person_id) == person, col(SignIn.number) == number)
    ended = bool(session.connection().execute(mine).rowcount)
    if ended:
        note(session, Deed.SIGNED_OUT if signs_out else Deed.SIGN_INS_ENDED, person=person)
    return ended


def end_all(session: Session, person: str, but: int = 0) -> int:
    """End every sign-in of a person, but perhaps for one; gives how many."""
    theirs = delete(SignIn).where(col(SignIn.person_id) == person, col(SignIn.number) != but)
    ended = session.connection().execute(theirs).rowcount
    if ended:
        note(session, Deed.SIGN_INS_ENDED, person=person, times=ended)
    return ended


def end_of_issuer(session: Session, issuer: str, *, own: str = "", person: str = "") -> None:
    """End the sign-ins that came of one of an issuer's own or, without that, all that it vouched for of a person."""
    which = col(SignIn.issuers_own) == own if own else col(SignIn.person_id) == person
    theirs = session.exec(rows(SignIn).where(SignIn.issuer == issuer, which)).all()
    for sign_in in theirs:
        session.delete(sign_in)
        note(session, Deed.SIGN_INS_ENDED, person=sign_in.person_id, thing=issuer)


def end_everybodys(session: Session) -> None:
    """End every sign-in there is: those of a restored database may have been ended since."""
    session.connection().execute(delete(SignIn))


def forget_ended(session: Session, lifetime: Lifetime) -> None:
    """Remove the sign-ins that have ended by themselves."""
    at = now()
    ended = (col(SignIn.used_at) <= at - lifetime.idle) | (col(SignIn.begun_at) <= at - lifetime.longest)
    session.connection().execute(delete(SignIn).where(ended))


def _note_use(databases: Databases, number: int, at: datetime) -> None:
    """Write down when a sign-in was last used. Where the disk is full, pages can be read all the same."""
    with suppress(OperationalError), databases.kept() as session:
        session.connection().execute(update(SignIn).where(col(SignIn.number) == number).values(used_at=at))


# Made once: to put a query together costs more than to run it.
_FIND = (
    select(
        col(SignIn.number),
        col(SignIn.used_at),
        col(SignIn.issuer),
        col(Person.id),
        col(Person.name),
        col(Person.admin),
        col(Person.demo),
        col(Membership.organisation),
        col(Membership.role),
        col(Coordination.network),
    )
    .join(Person, col(Person.id) == col(SignIn.person_id))
    .outerjoin(Membership, (col(Membership.person_id) == col(Person.id)) & col(Membership.until).is_(None))
    .outerjoin(Coordination, (col(Coordination.person_id) == col(Person.id)) & col(Coordination.until).is_(None))
    .where(
        col(SignIn.digest) == bindparam("digest"),
        col(SignIn.used_at) > bindparam("used_after"),
        col(SignIn.begun_at) > bindparam("begun_after"),
        col(Person.active),
    )
)


def _digest(word: str) -> str:
    """What is kept instead of the word. It is too random to be guessed, so that a quick digest is enough."""
    return hashlib.sha256(word.encode()).hexdigest()
