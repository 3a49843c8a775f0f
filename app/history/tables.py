"""The kept tables of history. They are written by ``app.publishing`` and read by the functions beside this module."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import JSON, BigInteger, Index, LargeBinary, text
from sqlmodel import Field

from app.database import Instant, Kept, now


class Sort(StrEnum):
    """How a revision came about."""

    EDIT = "edit"
    EVENT = "event"
    OUTSIDE = "outside"
    RESTORE = "restore"
    DELETE = "delete"
    UNDO = "undo"


class State(StrEnum):
    """How far a revision has come. Only ``pending`` ever changes again; ``failed`` is never finished later."""

    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"
    KEPT_BOTH = "kept_both"


class Revision(Kept, table=True):
    """One change set: who changed which files when, and how far that came. The write-ahead log of the library."""

    __table_args__: ClassVar[Any] = (
        Index("ix_revision_pending", "state", sqlite_where=text("state = 'pending'")),
        {"sqlite_autoincrement": True},  # a number is never given twice
    )

    number: int | None = Field(default=None, primary_key=True)
    # The form's own mark; a retry carries the same. Empty again once the revision has come to nothing.
    token: str | None = Field(default=None, unique=True)
    sort: str
    state: str = State.PENDING
    author_person: str | None = Field(default=None, index=True)
    author_name: str = ""
    author_organisation: str = ""
    at: datetime = Field(default_factory=now, sa_type=Instant, index=True)
    summary: str = ""


class RevisionFile(Kept, table=True):
    """One file of a change set: from which version to which. ``version`` None: removed; ``base_version`` None: new."""

    __tablename__ = "revision_file"

    revision: int = Field(foreign_key="revision.number", primary_key=True)
    path: str = Field(primary_key=True)
    document_id: str = Field(index=True)
    former_path: str | None = None
    # Another id that this document had before, where somebody outside gave it a new one.
    former_id: str | None = None
    base_version: str | None = None
    version: str | None = None
    # The temporary file in which the new text waited to be put in place.
    staged: str | None = None
    title: str = ""
    owner: str = Field(default="", index=True)


class Text(Kept, table=True):
    """The whole text of a version, compressed. ``packed`` is None where the text has been erased."""

    version: str = Field(primary_key=True)
    packed: bytes | None = Field(default=None, sa_type=LargeBinary)


class Head(Kept, table=True):
    """What history believes to stand in a file now. ``mtime_ns`` is 0 where it is too young to be trusted."""

    path: str = Field(primary_key=True)
    document_id: str = Field(unique=True)
    version: str
    revision: int = Field(foreign_key="revision.number")
    mtime_ns: int = Field(default=0, sa_type=BigInteger)
    size: int = 0
    # Why the file is not a document just now: it cannot be understood, or its id belongs to another file.
    broken: bool = Field(default=False, index=True)


class FormerPath(Kept, table=True):
    """A path that a present document once had: it leads there still, and is given to no other."""

    __tablename__ = "former_path"

    path: str = Field(primary_key=True)
    document_id: str = Field(primary_key=True, index=True)


class DocumentLock(Kept, table=True):
    """What is locked of a document (``app.library.locking``), since when, and in which text the words stand.

    It stays when the document is deleted, so that bringing it back does not open the lock.
    """

    __tablename__ = "document_lock"

    document_id: str = Field(primary_key=True)
    mark: str
    # As a partial date is written; "framgår inte" where nobody has said it.
    since: str
    # None where no text is known that says what is locked: the file was changed before it came here.
    version: str | None = None
    # Whether the file says something else now: somebody has changed it outside.
    differs: bool = Field(default=False, index=True)


class WorkingCopy(Kept, table=True):
    """What a person has typed and not yet saved. ``key`` is the form's, ``fields`` what it posts."""

    __tablename__ = "working_copy"

    person: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    base_version: str | None = None
    fields: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    at: datetime = Field(default_factory=now, sa_type=Instant)


class WaitingFile(Kept, table=True):
    """A file that a person has put into a form and not yet saved. ``key`` is the form's, as of the working copy."""

    __tablename__ = "waiting_file"

    person: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    title: str
    alt: str
    digest: str
    size: int
    content: bytes = Field(sa_type=LargeBinary)
    at: datetime = Field(default_factory=now, sa_type=Instant)
