"""Whose account an issuer's person has: by issuer and subject, never by name or address.

A subject may be a personal number, so only a digest of it is kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from sqlmodel import Session, col, select

from app.accounts.tables import Identity, Person
from app.audit import Deed, note
from app.config import Issuer, Settings
from app.database import now


def find(session: Session, issuer: Issuer, subject: str) -> Identity | None:
    """The identity that the issuer calls so."""
    return session.exec(select(Identity).where(Identity.digest == _digest(issuer, subject))).one_or_none()


def add(session: Session, issuer: Issuer, subject: str, person: Person) -> Identity:
    """Let the issuer's person be ours from now on."""
    identity = Identity(issuer=issuer.address, digest=_digest(issuer, subject), person_id=person.id)
    session.add(identity)
    note(session, Deed.CONNECTED, person=person.id, thing=issuer.key)
    return identity


def of(session: Session, person: str) -> Sequence[Identity]:
    """A person's identities, the oldest first."""
    return session.exec(select(Identity).where(Identity.person_id == person).order_by(col(Identity.since))).all()


def has_one_at(session: Session, issuer: Issuer, person: str) -> bool:
    """Whether the person has an identity at the issuer: nobody has two."""
    return any(identity.issuer == issuer.address for identity in of(session, person))


def note_use(session: Session, identity: Identity) -> None:
    """Write down that it was signed in with."""
    identity.used_at = now()
    session.add(identity)


def may_use_password(session: Session, person: Person, settings: Settings) -> bool:
    """Whether the person may sign in with a password, and so get a new one.

    Whom an issuer looks after signs in there: otherwise a password would stay when they leave. If the issuer is not
    used any longer, nothing stands in the way.
    """
    if not settings.passwords:
        return False
    issuers = [settings.issuer_at(identity.issuer) for identity in of(session, person.id)]
    return all(issuer is None or issuer.passwords for issuer in issuers)


def _digest(issuer: Issuer, subject: str) -> str:
    return hashlib.sha256(f"{issuer.address}\n{subject}".encode()).hexdigest()
