"""An archive on a temporary home, without a web application: files in, files out."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from sqlmodel import select

from app import load_kinds
from app.config import Settings
from app.database import Databases
from app.history import Entry, revisions_of
from app.history.tables import Revision, Sort, State
from app.index import Index
from app.library.document import Document
from app.library.organisations import load_organisations
from app.library.shelf import Library
from app.library.visibility import Viewer
from app.publishing import Archive, Author, Change, Event, FileChange, Next, Saved

ANNA = Author("anna", "Anna Andersson", "sodertalje")
BO = Author("bo", "Bo Berg", "solna")
ALL_SEEING = Viewer(person="admin", admin=True)
PRACTICE = "content/practices/{}.md"
_TOKENS = itertools.count(1)


def some_token() -> str:
    return f"token-{uuid.uuid4().hex}-{next(_TOKENS)}"


def text_of(title: str, body: str = "Text.\n", *, id: str | None = None, extra: str = "") -> str:  # noqa: A002
    """The text of a practice. The id follows from the title unless another is given; "" leaves the line out."""
    if id is None:
        id = id_of(title)  # noqa: A001
    line = f"id: {id}\n" if id else ""
    return f"---\n{line}title: {title}\nowner: sodertalje\npublication: published\n{extra}---\n\n{body}"


def id_of(title: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"test:{title}"))


@dataclass
class Desk:
    """Everything that a save needs, and short ways to do and to look."""

    settings: Settings
    library: Library = field(init=False)
    databases: Databases = field(init=False)
    index: Index = field(init=False)
    archive: Archive = field(init=False)

    def __post_init__(self) -> None:
        home = self.settings.home
        self.library = Library(home, load_kinds())
        self.databases = Databases(self.settings)
        self.index = Index(self.settings, self.databases, self.library, load_organisations(home))
        self.archive = Archive(self.settings, self.library, self.databases, self.index)

    @property
    def home(self) -> Path:
        return self.settings.home

    # ---- Doing ----

    def put(self, slug: str, text: str) -> str:
        """Write a file as somebody outside would; returns its path."""
        path = PRACTICE.format(slug)
        file = self.home / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())
        return path

    def change(
        self,
        *files: FileChange,
        author: Author = ANNA,
        token: str | None = None,
        sort: str = Sort.EDIT,
        summary: str = "Ändrade texten",
    ) -> Saved:
        return self.archive.publish(Change(files, author, summary, token or some_token(), sort))

    def create(self, slug: str, body: str = "Text.\n") -> Document:
        path = PRACTICE.format(slug)
        self.change(FileChange(path, text_of(slug, body), None))
        return self.library.read(path)

    def edit(self, document: Document, text: str, author: Author = ANNA, token: str | None = None) -> Saved:
        return self.change(FileChange(document.path, text, document.version), author=author, token=token)

    def happen(
        self,
        path: str,
        change: Callable[[Document], str | Next],
        token: str | None = None,
        summary: str = "Bokade en plats",
    ) -> Saved:
        return self.archive.apply(Event(path, change, BO, summary, token or some_token()))

    def remove(self, *documents: Document) -> Saved:
        return self.change(
            *(FileChange(document.path, None, document.version) for document in documents),
            sort=Sort.DELETE,
            summary="Tog bort",
        )

    # ---- Looking ----

    def read(self, slug: str) -> Document:
        return self.library.read(PRACTICE.format(slug))

    def file(self, slug: str) -> Path:
        return self.home / PRACTICE.format(slug)

    def history(self, document_id: str) -> list[Entry]:
        with self.databases.kept_for_reading() as session:
            return revisions_of(session, document_id)

    def states(self) -> list[str]:
        """The state of every revision, oldest first."""
        with self.databases.kept_for_reading() as session:
            return list(session.exec(select(Revision.state).order_by(Revision.number)))  # type: ignore[arg-type]

    def rows(self) -> dict[str, str]:
        """Slug and title of every practice that the rows know."""
        pages = range(1, self.index.cards("practices", ALL_SEEING).pages + 1)
        listings = (self.index.cards("practices", ALL_SEEING, page=page) for page in pages)
        return {card.slug: card.title for listing in listings for card in listing.cards}

    def temporary_files(self) -> list[Path]:
        """What saves have left. What the index leaves when it is killed goes when it is written the next time."""
        found = self.home.rglob(".tmp-*")
        return [file for file in found if file.relative_to(self.home).parts[0] not in ("var", "search_index")]

    def assert_in_step(self) -> None:
        """Nothing is unfinished, nothing lies about, and a second look finds nothing more to do."""
        assert State.PENDING not in self.states()
        assert not self.temporary_files()
        assert self.archive.reconcile().total == 0
