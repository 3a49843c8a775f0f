"""The kept table of the audit log. Triggers let rows only be added, and removed when they are past their time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, ClassVar

from sqlmodel import Field

from app.database import Instant, Kept, now

# How long a row is kept. The database holds to it as well: its trigger lets nobody remove a younger one.
KEPT_FOR = timedelta(days=730)


class AuditRow(Kept, table=True):
    """One row. ``by`` says what did it (an ``Actor``), ``by_person`` who. What it is about is an id, or a word of ours.

    ``was`` and ``became`` are words of closed lists; ``times`` is how often it happened, and ``origin`` a mark of where
    it came from. ``digest`` covers the row and the one before it.
    """

    __tablename__ = "audit_row"
    __table_args__: ClassVar[Any] = ({"sqlite_autoincrement": True},)

    number: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(default_factory=now, sa_type=Instant, index=True)
    deed: str = Field(index=True)
    outcome: str
    by: str
    by_person: str = Field(default="", index=True)
    person: str = Field(default="", index=True)
    document: str = Field(default="", index=True)
    organisation: str = ""
    network: str = ""
    # What else it is about: a report's or an invitation's number, a revision's, or which of our pages.
    thing: str = ""
    was: str = ""
    became: str = ""
    times: int = 1
    origin: str = Field(default="", index=True)
    digest: str
