"""The history of what is attached to documents: an attachment goes by its document's id and its own name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from app.database import now
from app.history.revisions import UNDOABLE, Entry, belongs_to, content_of, entries_where
from app.history.tables import Head, Revision, RevisionFile, State
from app.library.attachments import identity_of, is_inside, is_measure


@dataclass(frozen=True)
class Removed:
    """An attachment that was removed and can be brought back."""

    name: str
    number: int
    at: datetime
    author_name: str
    version: str


def versions_at(session: Session, paths: Iterable[str]) -> dict[str, str]:
    """The versions that history knows at some paths."""
    return dict(session.exec(select(Head.path, Head.version).where(col(Head.path).in_(list(paths)))).all())


def held_back(session: Session, paths: Iterable[str] | None = None) -> set[str]:
    """The paths of attachments that hold a personal number, among some or of all: nobody is shown them."""
    found = select(Head.path).where(col(Head.broken))
    if paths is not None:
        found = found.where(col(Head.path).in_(list(paths)))
    return {path for path in session.exec(found) if is_inside(path)}


def revisions_of_file(session: Session, ids: Sequence[str], path: str) -> list[Entry]:
    """Every change of a file that lies beside a document, known by these ids; the newest first, wherever it has lain.

    A change that only moved it is left out.
    """
    identities = [identity_of(one, path) for one in ids]
    entries = entries_where(session, col(RevisionFile.document_id).in_(identities))
    return [entry for entry in entries if entry.version != entry.base_version]


def removed_with(session: Session, number: int, document_id: str) -> list[tuple[str, bytes]]:
    """Path and content of the attachments that a revision removed together with their document."""
    rows = session.exec(
        select(RevisionFile.path, RevisionFile.base_version).where(
            RevisionFile.revision == number, col(RevisionFile.version).is_(None), belongs_to([document_id])
        )
    ).all()
    found = ((path, content_of(session, version or "")) for path, version in rows)
    return [(path, content) for path, content in found if content is not None]


def removed_from(session: Session, ids: Sequence[str], present: Iterable[str]) -> list[Removed]:
    """What was attached to a document, known by these ids, and can be brought back: the newest of each name."""
    rows = session.exec(
        select(Revision, RevisionFile)
        .join(RevisionFile)
        .where(Revision.state == State.DONE, Revision.at >= now() - UNDOABLE, belongs_to(ids))
        .order_by(col(Revision.number).desc())
    )
    found: dict[str, Removed | None] = {}
    for revision, file in rows:
        if is_measure(file.path):
            continue  # what is measured is no file that somebody has attached
        name = file.path.rpartition("/")[2]
        gone = file.version is None and file.base_version is not None
        removed = (
            Removed(name, revision.number or 0, revision.at, revision.author_name, file.base_version or "")
            if gone
            else None
        )
        found.setdefault(name, removed)
    return [one for name, one in found.items() if one is not None and name not in set(present)]
