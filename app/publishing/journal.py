"""The write-ahead log: revisions as they are written, and what history believes to stand in each file (heads)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, delete, insert, or_
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import Session, col, select, update

from app.history.revisions import also_known_as, pack
from app.history.tables import FormerPath, Head, Revision, RevisionFile, State, Text
from app.library.attachments import is_inside
from app.library.document import Document, Kind
from app.library.word_lists import PATH as WORD_LISTS
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
    # Somebody outside has put a personal number into it.
    quarantined: bool = False
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
    """Let the heads say what the files of a revision now say. What is no document has none."""
    files = [file for file in files if file.path != WORD_LISTS]
    if not files:
        return
    present = [file for file in files if file.version is not None]
    connection = session.connection()
    connection.execute(delete(Head).where(col(Head.path) == bindparam("at")), [{"at": file.path} for file in files])
    ids = {file.document_id for file in files}
    connection.execute(
        delete(FormerPath).where(col(FormerPath.document_id) == bindparam("of")), [{"of": i} for i in ids]
    )
    if present:
        connection.execute(insert(Head), [_head(number, file) for file in present])
    moved = moves_of(session, (file.document_id for file in present if not is_inside(file.path)))
    former = {
        (path, file.document_id)
        for file in present
        for path in (*file.former_paths, *moved.get(file.document_id, ()))
        if path != file.path
    }
    if former:
        connection.execute(insert(FormerPath), [{"path": path, "document_id": i} for path, i in sorted(former)])


def moves_of(session: Session, ids: Iterable[str]) -> dict[str, list[str]]:
    """The paths that documents have been moved from, also by somebody outside who wrote no former address down."""
    moved: dict[str, list[str]] = {}
    renamed: set[str] = set()
    for batch in _batches(ids):
        for file in _moves(session, batch):
            moved.setdefault(file.document_id, []).extend([file.former_path] if file.former_path else [])
            renamed |= {file.document_id} if file.former_id else set()
    for document_id in renamed:
        known = also_known_as(session, document_id)
        moved[document_id] = [file.former_path for file in _moves(session, known) if file.former_path]
    return moved


def _moves(session: Session, ids: Sequence[str]) -> Sequence[RevisionFile]:
    """What has moved documents, or given them other ids."""
    return session.exec(
        select(RevisionFile)
        .join(Revision)
        .where(
            col(RevisionFile.document_id).in_(ids),
            or_(col(RevisionFile.former_path).is_not(None), col(RevisionFile.former_id).is_not(None)),
            Revision.state == State.DONE,
        )
    ).all()


def former_paths_of(session: Session, ids: Iterable[str]) -> dict[str, list[str]]:
    """Every path that present documents once had, by their ids."""
    former: dict[str, list[str]] = {}
    for batch in _batches(ids):
        for known in session.exec(select(FormerPath).where(col(FormerPath.document_id).in_(batch))):
            former.setdefault(known.document_id, []).append(known.path)
    return former


def all_former_paths(session: Session) -> dict[str, list[str]]:
    """Every path that any present document once had, by the documents' ids."""
    former: dict[str, list[str]] = {}
    for known in session.exec(select(FormerPath)):
        former.setdefault(known.document_id, []).append(known.path)
    return former


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
