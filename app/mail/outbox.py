"""The outbox: which letters wait to be sent. What they say is written when they are sent, not before.

So no link that opens something lies in the database or its backups, and a letter that is no longer wanted is not sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import Index, delete, text, update
from sqlalchemy.dialects.sqlite import insert
from sqlmodel import Field, Session, col, func, select

from app.database import Instant, Kept, now

# More than this waits only where something is wrong, or somebody is at mischief.
MOST_WAITING = 2_000
# After so long nobody waits for it any more.
GIVE_UP = timedelta(days=2)
# One that could not be sent is shown so long to whoever runs the site.
KEPT_WHEN_FAILED = timedelta(days=30)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
# A server that is away for a moment is nothing to tell anybody.
LATE = timedelta(hours=1)
# Tells that an account is no more. It has the last that is known of somebody, so one that failed is not kept.
LAST_LETTER = "account-ended"


class State(StrEnum):
    """How it stands with a letter; one that is sent is removed."""

    WAITING = "waiting"
    FAILED = "failed"


class Letter(Kept, table=True):
    """A letter that is to be sent. ``sort`` and ``about`` say what it is about, ``error`` why it was not sent yet."""

    __table_args__: ClassVar[Any] = (
        # One is enough: asked for again it is the same letter.
        Index("ix_letter_waiting", "sort", "about", unique=True, sqlite_where=text("state = 'waiting'")),
        Index("ix_letter_due", "state", "next_at"),
        {"sqlite_autoincrement": True},
    )

    number: int | None = Field(default=None, primary_key=True)
    sort: str
    about: str
    to_email: str
    state: str = State.WAITING
    put_at: datetime = Field(default_factory=now, sa_type=Instant)
    next_at: datetime = Field(default_factory=now, sa_type=Instant)
    tries: int = 0
    error: str = ""


def put(session: Session, sort: str, about: str, to_email: str) -> bool:
    """Let a letter be sent. False, and nothing is done, where far too many wait already."""
    waiting = session.exec(select(func.count()).select_from(Letter).where(Letter.state == State.WAITING)).one()
    if waiting >= MOST_WAITING:
        return False
    letter = Letter(sort=sort, about=about, to_email=to_email).model_dump(exclude={"number"})
    session.connection().execute(insert(Letter).values(letter).on_conflict_do_nothing())
    return True


def is_due(session: Session) -> bool:
    """Whether there is a letter to be sent now."""
    return session.exec(_due().limit(1)).first() is not None


def take(session: Session) -> Letter | None:
    """The letter that has waited longest; it is due again in a while, in case that this try fails or is cut off."""
    letter: Letter | None = session.exec(_due().order_by(col(Letter.next_at)).limit(1)).first()
    if letter is not None:
        letter.next_at = now() + min(LONGEST_PAUSE, FIRST_PAUSE * 2**letter.tries)
        letter.tries += 1
        session.add(letter)
        session.flush()
    return letter


def remove(session: Session, number: int | None) -> None:
    """A letter is sent, or nobody wants it any longer."""
    session.connection().execute(delete(Letter).where(col(Letter.number) == number))


def put_back(session: Session, letter: Letter) -> None:
    """Let a letter wait again that was removed before it was handed over."""
    session.connection().execute(insert(Letter).values(letter.model_dump()).on_conflict_do_nothing())


def withdraw(session: Session, sort: str, about: str) -> None:
    """Forget every letter about something, also one that failed."""
    session.connection().execute(delete(Letter).where(col(Letter.sort) == sort, col(Letter.about) == about))


def note(session: Session, letter: Letter, error: str, failed: bool = False) -> None:
    """Write down why a letter was not sent; with ``failed`` it is never tried again."""
    values = {"error": error, **({"state": State.FAILED} if failed else {})}
    session.connection().execute(update(Letter).where(col(Letter.number) == letter.number).values(values))


def note_all(session: Session, error: str) -> None:
    """Write down why nothing can be sent just now."""
    session.connection().execute(update(Letter).where(col(Letter.state) == State.WAITING).values(error=error))


def give_up_old(session: Session) -> None:
    """Try no longer what nobody waits for any more, and forget what failed long ago."""
    connection, at = session.connection(), now()
    connection.execute(
        update(Letter)
        .where(col(Letter.state) == State.WAITING, col(Letter.put_at) < at - GIVE_UP)
        .values(state=State.FAILED)
    )
    connection.execute(
        delete(Letter).where(
            col(Letter.state) == State.FAILED,
            (col(Letter.put_at) < at - KEPT_WHEN_FAILED) | (col(Letter.sort) == LAST_LETTER),
        )
    )


def listed(session: Session) -> Sequence[Letter]:
    """Every letter that is not sent, the latest first."""
    return session.exec(select(Letter).order_by(col(Letter.number).desc())).all()


def about(session: Session, sort: str) -> dict[str, Letter]:
    """The letters of a sort that are not sent, by what they are about; of several the latest."""
    found = session.exec(select(Letter).where(Letter.sort == sort).order_by(col(Letter.number)))
    return {letter.about: letter for letter in found}


def is_late(session: Session) -> bool:
    """Whether a letter has waited for so long that somebody should look why."""
    late = select(Letter.number).where(Letter.state == State.WAITING, Letter.put_at < now() - LATE)
    return session.exec(late.limit(1)).first() is not None


def _due() -> Any:
    return select(Letter).where(Letter.state == State.WAITING, Letter.next_at <= now())
