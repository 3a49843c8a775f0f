"""The kept table of named people. A document is meant by its id, so that they follow it when it is moved."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlmodel import Field

from app.database import Instant, Kept, now
from app.library.vocabulary import Words


class Part(Words):
    """What somebody is on a page."""

    CONTACT = "contact", "kontakt"
    PARTICIPANT = "participant", "deltagare"


class NamedPerson(Kept, table=True):
    """Somebody who is named on a page. ``confirmed_at`` is when anybody last said that it is right as it stands."""

    __tablename__ = "named_person"
    __table_args__: ClassVar[Any] = ({"sqlite_autoincrement": True},)  # a number is never given twice

    number: int | None = Field(default=None, primary_key=True)
    document_id: str = Field(index=True)
    part: str = Part.CONTACT
    name: str
    # What they are and where, in words: it may be a unit, or an organisation that no register knows.
    title: str = ""
    organisation: str = ""
    email: str = ""
    phone: str = ""
    confirmed_at: datetime = Field(default_factory=now, sa_type=Instant, index=True)
