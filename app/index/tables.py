"""The tables of one generation: everything lists, relations and searches need, computed from the files.

One table for documents of every kind. What only one kind has stands in ``facts`` (JSON), so that a new kind needs no
table. Nothing here has a migration: a change of the code changes the fingerprint, and rows with another fingerprint
are rebuilt, never read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from importlib.metadata import version
from pathlib import Path

from sqlalchemy import Index as TableIndex
from sqlalchemy import Table
from sqlmodel import Field

from app.database import Derived
from app.library.document import Kind

# The rooms whose code decides which rows and words a file gives, and the libraries that do it for them.
DERIVING_ROOMS = ("index", "kinds", "language", "library", "measuring")
DERIVING_LIBRARIES = ("Markdown", "nh3", "simplemma", "snowballstemmer", "Whoosh", "wordfreq")


class DocumentRow(Derived, table=True):
    """One document that could be read. ``stamp`` is when its rows last changed, counted in refreshes.

    Of its pace: since when it is in its phase, its last step within it, when something is first due, when it was last
    changed, as days (``date.toordinal``; 0 where that is not known). What screens say of them stands in ``pace``.
    """

    __tablename__ = "document"
    __table_args__ = (TableIndex("ix_document_address", "slug", "kind"), {"sqlite_autoincrement": True})

    number: int | None = Field(default=None, primary_key=True)
    path: str = Field(unique=True)
    id: str = Field(index=True)
    kind: str
    slug: str
    title: str
    title_key: str
    summary: str
    owner: str
    owner_name: str
    publication: str
    visibility: str
    openers: int
    status: str
    status_value: str
    when: str
    when_key: str
    invented: bool
    version: str
    mtime_ns: int
    size: int
    revision: int
    stamp: int = Field(index=True)
    changed_at: str = Field(index=True)
    changed_by: str
    changed_on: int
    since: int
    stepped: int
    due: int
    pace: str
    facts: str
    glance: str


class OpenersRow(Derived, table=True):
    """A set of keys that opens documents, one on a line. There are few: who may see which is asked once for each."""

    __tablename__ = "openers"

    number: int | None = Field(default=None, primary_key=True)
    keys: str = Field(unique=True)


class FacetRow(Derived, table=True):
    """A value that readers may filter on. ``sort`` is "word", "organisation" or the kind that the value names."""

    __tablename__ = "facet"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012

    document: int = Field(primary_key=True)
    name: str = Field(primary_key=True)
    value: str = Field(primary_key=True)
    label: str
    sort: str


class RelationRow(Derived, table=True):
    """A reference to a document, or (``kind`` empty) to an organisation, with how each side introduces the other.

    ``since`` and ``until`` are the days between which an organisation belongs to the document, counted as
    ``date.toordinal`` does; 0 where the file does not say.
    """

    __tablename__ = "relation"
    __table_args__ = (TableIndex("ix_relation_target", "slug", "kind"), {"sqlite_with_rowid": False})

    document: int = Field(primary_key=True)
    position: int = Field(primary_key=True)
    kind: str
    slug: str
    label: str
    back: str
    belongs: bool
    since: int
    until: int


class StayRow(Derived, table=True):
    """How many days a document took in a phase that it has left; what is usual there is learnt from these."""

    __tablename__ = "stay"

    number: int | None = Field(default=None, primary_key=True)
    document: int = Field(index=True)
    phase: str
    days: int


class FormerSlugRow(Derived, table=True):
    """An address that a document had before."""

    __tablename__ = "former_slug"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012

    slug: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    document: int = Field(primary_key=True, index=True)


class LinkRow(Derived, table=True):
    """A link in a body to another document. ``kind`` is empty where the link says only the slug."""

    __tablename__ = "link"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012

    slug: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    document: int = Field(primary_key=True, index=True)


class TextRow(Derived, table=True):
    """What is searched besides title and summary: headings, front matter's values with their labels, plain text."""

    __tablename__ = "text"

    document: int | None = Field(default=None, primary_key=True)
    headings: str
    facts: str
    plain: str


class RenderedRow(Derived, table=True):
    """A section of a body as HTML, by the hash of its Markdown."""

    __tablename__ = "rendered"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012

    hash: str = Field(primary_key=True)
    document: int = Field(primary_key=True, index=True)
    html: str
    plain: str
    rest: str


class BrokenRow(Derived, table=True):
    """A file that could not be read as a document, as it was when that was tried."""

    __tablename__ = "broken"

    path: str = Field(primary_key=True)
    mtime_ns: int
    size: int
    version: str


class ProblemRow(Derived, table=True):
    """Something in a file that has to be mended."""

    __tablename__ = "problem"

    number: int | None = Field(default=None, primary_key=True)
    path: str = Field(index=True)
    message: str
    line: int
    field: str


class GoneRow(Derived, table=True):
    """The number of a document that was removed, so that memories of the rows can forget it."""

    __tablename__ = "gone"

    number: int = Field(primary_key=True)
    stamp: int = Field(index=True)


class AppliedRow(Derived, table=True):
    """How far the rows have come: one row. ``token`` names the words that belong to these rows."""

    __tablename__ = "applied"

    id: int = Field(primary_key=True)
    revision: int
    stamp: int
    fingerprint: str
    token: str


def _table(name: str) -> Table:
    return Derived.metadata.tables[name]


document = _table("document")
openers = _table("openers")
facet = _table("facet")
relation = _table("relation")
stay = _table("stay")
former_slug = _table("former_slug")
link = _table("link")
text = _table("text")
rendered = _table("rendered")
broken = _table("broken")
problem = _table("problem")
gone = _table("gone")
applied = _table("applied")

TABLES = (
    *(document, openers, facet, relation, stay, former_slug, link),
    *(text, rendered, broken, problem, gone, applied),
)


def fingerprint(kinds: Iterable[Kind]) -> str:
    """What these rows mean, as one hash: the kinds, and all code that derives from files. Others are not ours to read.

    Taken from the code itself, so that nobody has to remember to raise a number: a house that is upgraded rebuilds.
    """
    named = [f"{kind.name} {kind.path} {kind.front_matter.model_fields!r}" for kind in kinds]
    return hashlib.sha256("\n".join([_code(), *named]).encode()).hexdigest()


@cache
def _code() -> str:
    app = Path(__file__).parents[1]
    sources = sorted(source for room in DERIVING_ROOMS for source in (app / room).rglob("*.py"))
    hashed = hashlib.sha256(" ".join(f"{name} {version(name)}" for name in DERIVING_LIBRARIES).encode())
    for source in sources:
        hashed.update(source.read_bytes())
    return hashed.hexdigest()
