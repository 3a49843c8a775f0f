"""The kept table of erasures: that something was erased, when and why, and nothing of what it was."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlmodel import Field

from app.database import Instant, Kept, now


class Erasure(Kept, table=True):
    """Something that was erased for good: ``sort`` is "person", "named" or "text".

    ``subject`` is an account's id, or empty.
    """

    __table_args__: ClassVar[Any] = ({"sqlite_autoincrement": True},)

    number: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(default_factory=now, sa_type=Instant)
    sort: str
    subject: str = ""
    reason: str = ""
    # How many texts and revisions were changed.
    texts: int = 0
    revisions: int = 0
    # When the databases were written anew without what was left between their rows; None as long as that waits.
    swept_at: datetime | None = Field(default=None, sa_type=Instant)
