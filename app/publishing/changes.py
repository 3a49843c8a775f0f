"""What can be asked of the archive, and what it answers: edits, events, and the reasons why one was not made."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from app.history.tables import Sort
from app.library.document import Document


@dataclass(frozen=True)
class Author:
    """Who makes a change: the person's id, and name and organisation as they are at that time."""

    person: str | None
    name: str
    organisation: str


OUTSIDE = Author(None, "Utanför Lärnät", "")


@dataclass(frozen=True)
class FileChange:
    """One file of a change. ``text`` None removes it; ``replaces`` is the version it was opened from, None if new."""

    path: str
    text: str | None
    replaces: str | None


@dataclass(frozen=True)
class Change:
    """An edit: texts that a person has decided on, made whole or not at all. ``token`` is the form's own mark."""

    files: Sequence[FileChange]
    author: Author
    summary: str
    token: str
    sort: str = Sort.EDIT


@dataclass(frozen=True)
class Event:
    """Something that happened: a pure function from the newest document to its next text. It may raise Refused."""

    path: str
    change: Callable[[Document], str]
    author: Author
    summary: str
    token: str


@dataclass(frozen=True)
class Saved:
    """The change is in the files. ``repeated``: it already was, the same token had been saved before."""

    number: int
    versions: Mapping[str, str] = field(default_factory=dict)
    repeated: bool = False


@dataclass(frozen=True)
class Conflict:
    """One file that somebody else has changed since: the text it was opened from, theirs and mine. None: no file."""

    path: str
    base: str | None
    theirs: str | None
    mine: str | None


class NotSaved(Exception):
    """The change was not made, and nothing of it ever will be."""


class StaleVersion(NotSaved):
    """Somebody else has changed a file since it was opened."""

    def __init__(self, conflicts: Sequence[Conflict]) -> None:
        super().__init__(", ".join(conflict.path for conflict in conflicts))
        self.conflicts = conflicts


class SlugTaken(NotSaved):
    """There already is, or was, another document at that address."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


class Refused(NotSaved):
    """The change is not possible as things stand ("inga platser kvar"). The message is for the screen."""


class NoSpace(NotSaved):
    """The disk takes no more. The files are as they were."""
