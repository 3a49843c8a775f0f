"""The write-ahead log: revisions as they are written, and what history believes to stand in each file (heads)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, delete, insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import Session, col, select, update

from app.history.revisions import pack
from app.history.tables import FormerPath, Head, Revision, RevisionFile, State, Text
from app.library.document import Document, Kind
from app.publishing.changes import Author

# Well under the most variables that SQLite takes in one statement.
MOST_AT_ONCE = 500


@dataclass(frozen=True)
class Planned:
    """One file of a change set, as it is going to be. ``version`` None: removed; ``base_version`` None: new."""

    path: str
    document_id: str
    base_version: str | None
    version: str | None
    content: bytes | None = None
    title: str = ""
    owner: str = ""
    former_path: str | None = None
    former_id: str | None = None
    # Where the document has lain before, by its own front matter.
    former_paths: tuple[str, ...] = ()
    broken: bool = False
    mtime_ns: int = 0
    size: int = 0

    @property
    def replaces(self) -> str | None:
        """The version that its path has before. A document that moves comes to a path where nothing was."""
        return None if self.former_path else self.base_version


def former_paths(document: Document) -> tuple[str, ...]:
    """The paths that a document's former slugs stand for."""
    return tuple(path for slug in document.front_matter.former_slugs if (path := _path_of(document.kind, slug)))


def _path_of(kind: Kind, slug: str) -> str | None:
    try:
        return kind.path_of(slug)
    except ValueError:
        return None


def write_down(
    session: Session,
    *,
    sort: str,
    author: Author,
    summary: str,
    files: Sequence[Planned],
    state: str = State.PENDING,
    token: str | None = None,
    staged: Mapping[str, str] | None = None,
) -> int:
    """Write a revision with its whole texts, and return its number. ``staged`` names each file's temporary file."""
    revision = Revision(
        token=token,
        sort=sort,
        state=state,
        author_person=author.person,
        author_name=author.name,
        author_organisation=author.organisation,
        summary=summary,
    )
    session.add(revision)
    session.flush()
    number = revision.number
    if number is None:
        raise RuntimeError("SQLite gave the revision no number")
    texts = {file.version: file.content for file in files if file.version and file.content is not None}
    if texts:
        session.connection().execute(
            sqlite_insert(Text).on_conflict_do_nothing(),
            [{"version": version, "packed": pack(content)} for version, content in texts.items()],
        )
    session.connection().execute(
        insert(RevisionFile),
        [
            {
                "revision": number,
                "path": file.path,
                "document_id": file.document_id,
                "former_path": file.former_path,
                "former_id": file.former_id,
                "base_version": file.base_version,
                "version": file.version,
                "staged": (staged or {}).get(file.path),
                "title": file.title,
                "owner": file.owner,
            }
            for file in files
        ],
    )
    return number


def close(session: Session, number: int, state: State) -> None:
    """Give a revision its last state. One that came to nothing gives its token back, so that it can be tried again."""
    changes: dict[str, Any] = {"state": state}
    if state != State.DONE:
        changes["token"] = None
    session.connection().execute(update(Revision).where(col(Revision.number) == number).values(changes))


def move_heads(session: Session, number: int, files: Iterable[Planned]) -> None:
    """Let the heads say what the files of a revision now say."""
    files = list(files)
    present = [file for file in files if file.version is not None]
    connection = session.connection()
    connection.execute(delete(Head).where(col(Head.path) == bindparam("at")), [{"at": file.path} for file in files])
    ids = {file.document_id for file in files}
    connection.execute(
        delete(FormerPath).where(col(FormerPath.document_id) == bindparam("of")), [{"of": i} for i in ids]
    )
    if present:
        connection.execute(insert(Head), [_head(number, file) for file in present])
    former = {(path, file.document_id) for file in present for path in file.former_paths}
    if former:
        connection.execute(insert(FormerPath), [{"path": path, "document_id": i} for path, i in sorted(former)])


def _head(number: int, file: Planned) -> dict[str, Any]:
    return {
        "path": file.path,
        "document_id": file.document_id,
        "version": file.version,
        "revision": number,
        "mtime_ns": file.mtime_ns,
        "size": file.size,
        "broken": file.broken,
    }


def heads_at(session: Session, paths: Iterable[str]) -> dict[str, Head]:
    """The heads of some paths."""
    return {
        head.path: head
        for batch in _batches(paths)
        for head in session.exec(select(Head).where(col(Head.path).in_(batch)))
    }


def heads_of(session: Session, ids: Iterable[str]) -> dict[str, Head]:
    """The heads of some documents, by their ids."""
    return {
        head.document_id: head
        for batch in _batches(ids)
        for head in session.exec(select(Head).where(col(Head.document_id).in_(batch)))
    }


def _batches(values: Iterable[str]) -> Iterable[list[str]]:
    every = list(dict.fromkeys(values))
    return (every[start : start + MOST_AT_ONCE] for start in range(0, len(every), MOST_AT_ONCE))
