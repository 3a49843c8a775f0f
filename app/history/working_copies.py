"""Working copies: what somebody has typed and not yet saved. They survive a crash and an expired sign-in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.dialects.sqlite import insert
from sqlmodel import Session, col, select

from app.database import now
from app.history.tables import WorkingCopy

__all__ = ["Begun", "WorkingCopy", "begun", "drop", "find", "keep", "keys", "of"]


@dataclass(frozen=True)
class Begun:
    """A working copy without its texts, which may be long: under which key, with which title, and when it was kept."""

    key: str
    title: str
    at: datetime


def keep(session: Session, person: str, key: str, base_version: str | None, fields: Mapping[str, Any]) -> None:
    """Keep what a person has typed, in place of what was kept under that key before.

    ``base_version`` is the version the form was opened from; its text is in history (``text_of``).
    """
    values = {"base_version": base_version, "fields": dict(fields), "at": now()}
    session.connection().execute(
        insert(WorkingCopy)
        .values(person=person, key=key, **values)
        .on_conflict_do_update(index_elements=["person", "key"], set_=values)
    )


def find(session: Session, person: str, key: str) -> WorkingCopy | None:
    """What a person has typed and not saved under a key."""
    return session.get(WorkingCopy, (person, key), populate_existing=True)


def of(session: Session, person: str) -> list[WorkingCopy]:
    """Everything a person has typed and not saved, newest first."""
    mine = select(WorkingCopy).where(WorkingCopy.person == person).order_by(col(WorkingCopy.at).desc())
    return list(session.exec(mine))


def begun(session: Session, person: str) -> list[Begun]:
    """The same without what was typed but for the title, for lists."""
    title = col(WorkingCopy.fields)["values"]["title"].as_string()
    mine = select(WorkingCopy.key, title, WorkingCopy.at).where(WorkingCopy.person == person)
    return [Begun(key, title or "", at) for key, title, at in session.exec(mine.order_by(col(WorkingCopy.at).desc()))]


def keys(session: Session, person: str, beginning: str) -> list[str]:
    """The keys, with such a beginning, under which a person has typed something and not saved it."""
    mine = select(WorkingCopy.key).where(
        WorkingCopy.person == person, col(WorkingCopy.key).startswith(beginning, autoescape=True)
    )
    return list(session.exec(mine.order_by(col(WorkingCopy.at).desc())))


def drop(session: Session, person: str, key: str) -> None:
    """Forget a working copy: it has been saved, or is not wanted any longer."""
    session.connection().execute(
        delete(WorkingCopy).where(col(WorkingCopy.person) == person, col(WorkingCopy.key) == key)
    )
