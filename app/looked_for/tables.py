"""The kept table of what people look for. A row is a number of searches that are alike."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import delete
from sqlmodel import Field, Session, col

from app.database import Kept, now

# A year's plan is written of a year's searches.
KEPT_FOR = timedelta(days=366)


class LookedFor(Kept, table=True):
    """How often some words were searched for on a day, by an organisation ("" for nobody's), with so many hits.

    ``hits`` are those that the searchers saw. Who they were is written nowhere.
    """

    __tablename__ = "looked_for"
    # The rows themselves stand in the order of the key: a period is read from one end to the other.
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012

    day: date = Field(primary_key=True)
    words: str = Field(primary_key=True)
    organisation: str = Field(primary_key=True)
    hits: int = Field(primary_key=True)
    times: int


def forget_old(session: Session) -> int:
    """Remove what was searched for long ago; returns how many rows."""
    old = col(LookedFor.day) < now().date() - KEPT_FOR
    return session.connection().execute(delete(LookedFor).where(old)).rowcount
