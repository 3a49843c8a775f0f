"""Files that somebody has put into a form and not yet saved. They lie beside the working copy, under the same key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, delete, exists, update
from sqlalchemy.dialects.sqlite import insert
from sqlmodel import Session, col, func, select

from app.database import now
from app.history.tables import WaitingFile, WorkingCopy

__all__ = ["Waiting", "WaitingFile", "content", "describe", "drop", "drop_one", "hand_over", "keep", "of", "total"]

# A form that nobody has touched for so long is not gone on with.
KEPT_UNSAVED = timedelta(days=180)


@dataclass(frozen=True)
class Waiting:
    """A file that waits, without its content. ``digest`` is of what was sent, so that it is not kept twice."""

    name: str
    title: str
    alt: str
    digest: str
    size: int


def keep(session: Session, person: str, key: str, file: Waiting, bytes_of: bytes) -> None:
    """Keep a file for the form with that key, in place of one of the same name."""
    values = {
        "title": file.title,
        "alt": file.alt,
        "digest": file.digest,
        "size": len(bytes_of),
        "content": bytes_of,
        "at": now(),
    }
    session.connection().execute(
        insert(WaitingFile)
        .values(person=person, key=key, name=file.name, **values)
        .on_conflict_do_update(index_elements=["person", "key", "name"], set_=values)
    )


def of(session: Session, person: str, key: str) -> list[Waiting]:
    """The files that wait in a form, in the order in which they came."""
    columns = (WaitingFile.name, WaitingFile.title, WaitingFile.alt, WaitingFile.digest, WaitingFile.size)
    rows = session.exec(select(*columns).where(_in_form(person, key)).order_by(col(WaitingFile.at)))  # type: ignore[call-overload]
    return [Waiting(*row) for row in rows]


def content(session: Session, person: str, key: str, name: str) -> bytes | None:
    """What a file that waits holds."""
    found = session.get(WaitingFile, (person, key, name))
    return found.content if found else None


def total(session: Session, person: str) -> int:
    """How much waits in all of a person's forms, in bytes."""
    return session.exec(select(func.sum(WaitingFile.size)).where(WaitingFile.person == person)).one() or 0


def describe(session: Session, person: str, key: str, alts: Mapping[str, str]) -> None:
    """Say what pictures show, by the files' names."""
    for name, alt in alts.items():
        session.connection().execute(
            update(WaitingFile).where(_in_form(person, key), col(WaitingFile.name) == name).values(alt=alt)
        )


def drop_one(session: Session, person: str, key: str, name: str) -> None:
    """Forget one file."""
    session.connection().execute(delete(WaitingFile).where(_in_form(person, key), col(WaitingFile.name) == name))


def drop(session: Session, person: str, key: str) -> None:
    """Forget the files of a form: they are saved, or not wanted any longer."""
    session.connection().execute(delete(WaitingFile).where(_in_form(person, key)))


def hand_over(session: Session, person: str, key: str, new_key: str) -> None:
    """Let the files of a form wait in another."""
    session.connection().execute(update(WaitingFile).where(_in_form(person, key)).values(key=new_key))


def forget_old(session: Session) -> None:
    """Remove what was typed, and the files that were put, in forms that nobody has touched for long.

    Text and files of a form go together: whoever goes on with the one finds the other. A working copy's key may go on
    after the form's (it is parked beside another).
    """
    long_ago = now() - KEPT_UNSAVED
    old_text, old_file = col(WorkingCopy.at) < long_ago, col(WaitingFile.at) < long_ago
    one_form = and_(
        col(WaitingFile.person) == col(WorkingCopy.person), col(WorkingCopy.key).startswith(col(WaitingFile.key))
    )
    newer_file = exists().where(one_form, ~old_file).correlate(WorkingCopy)
    session.connection().execute(delete(WorkingCopy).where(old_text, ~newer_file))
    newer_text = exists().where(one_form, ~old_text).correlate(WaitingFile)
    session.connection().execute(delete(WaitingFile).where(old_file, ~newer_text))


def _in_form(person: str, key: str) -> ColumnElement[bool]:
    return and_(col(WaitingFile.person) == person, col(WaitingFile.key) == key)
