"""Links that open something once and for a time. The word is in the link alone; the database keeps a digest of it."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import delete
from sqlmodel import Session, col

from app.accounts.tables import OneTimeLink
from app.database import now


class Purpose(StrEnum):
    """What a link is for."""

    PASSWORD = "password"  # noqa: S105 -- what a link is for
    INVITATION = "invitation"
    NO_REMINDERS = "no-reminders"


def make(session: Session, purpose: Purpose, subject: str, lasts: timedelta) -> str:
    """A new word for a link about somebody or something. Those made before open it as well, until one is used."""
    word = secrets.token_urlsafe(32)
    expires = now() + lasts
    session.add(OneTimeLink(digest=_digest(purpose, word), purpose=purpose, subject=subject, expires_at=expires))
    return word


def subject_of(session: Session, purpose: Purpose, word: str) -> str | None:
    """What a word opens; None where it was used, has expired or was never given to anybody."""
    link = session.get(OneTimeLink, _digest(purpose, word))
    return link.subject if link is not None and link.expires_at > now() else None


def use(session: Session, purpose: Purpose, word: str) -> str | None:
    """Open what a word opens, for the last time: every link to the same is dead afterwards."""
    subject = subject_of(session, purpose, word)
    if subject is not None:
        end(session, purpose, subject)
    return subject


def end(session: Session, purpose: Purpose, subject: str) -> None:
    """Let no link open this any longer."""
    about = (col(OneTimeLink.purpose) == purpose, col(OneTimeLink.subject) == subject)
    session.connection().execute(delete(OneTimeLink).where(*about))


def forget_expired(session: Session) -> None:
    """Remove the links whose time is out."""
    session.connection().execute(delete(OneTimeLink).where(col(OneTimeLink.expires_at) <= now()))


def end_all(session: Session) -> None:
    """Let no link open anything: in a restored database some may have been used since."""
    session.connection().execute(delete(OneTimeLink))


def _digest(purpose: Purpose, word: str) -> str:
    """What is kept instead of the word, which is too random to be guessed."""
    return hashlib.sha256(f"{purpose}:{word}".encode()).hexdigest()
