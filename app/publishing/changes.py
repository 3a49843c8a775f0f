"""What can be asked of the archive, and what it answers: edits, events, and the reasons why one was not made."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from app.history.tables import Sort
from app.index.cards import FROM_OUTSIDE, FROM_THE_START
from app.library.document import Document


@dataclass(frozen=True)
class Author:
    """Who makes a change: the person's id, and name and organisation as they are at that time."""

    person: str | None
    name: str
    organisation: str


OUTSIDE = Author(None, FROM_OUTSIDE, "")
START = Author(None, FROM_THE_START, "")


@dataclass(frozen=True)
class FileChange:
    """One file of a change: a document by its ``text``, an attachment by its ``content``. Neither of them removes it.

    ``replaces`` is the version it was opened from, None if it is new. A document that moves or goes takes its
    attachments along by itself.
    """

    path: str
    text: str | None
    replaces: str | None
    content: bytes | None = None

    @property
    def written(self) -> bytes | None:
        """The bytes that are going to stand in the file; None if there will be no file."""
        return self.text.encode() if self.text is not None else self.content


@dataclass(frozen=True)
class Change:
    """An edit: texts that a person has decided on, made whole or not at all. ``token`` is the form's own mark."""

    files: Sequence[FileChange]
    author: Author
    summary: str
    token: str
    sort: str = Sort.EDIT


@dataclass(frozen=True)
class Next:
    """What follows from an event: the document's next text, and what becomes of files attached to it."""

    text: str
    attachments: Sequence[FileChange] = ()


@dataclass(frozen=True)
class Event:
    """Something that happened: a function from the newest document to what it says next. It may raise Refused.

    It is called under the library lock, and may be called again where somebody outside was in the way.
    """

    path: str
    change: Callable[[Document], str | Next]
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
