"""What history remembers of locks: what was locked of a document, when, and whether its file still says so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlmodel import Session, col, select

from app.history.tables import DocumentLock, Head
from app.library.fields import PartialDate
from app.library.locking import Lock

# So many are named in one question.
AT_ONCE = 1_000


def lock_of(session: Session, document_id: str) -> Lock | None:
    """The lock of a document, also of one that is deleted; None where history knows of none."""
    row = session.get(DocumentLock, document_id)
    return Lock(row.mark, row.since) if row else None


def locks_of(session: Session, document_ids: Iterable[str]) -> Mapping[str, tuple[str, bool]]:
    """Since when some documents are locked, as a partial date is written, and whether their files say otherwise."""
    ids = list(document_ids)
    found: dict[str, tuple[str, bool]] = {}
    columns = (DocumentLock.document_id, DocumentLock.since, DocumentLock.differs)
    for start in range(0, len(ids), AT_ONCE):
        these = col(DocumentLock.document_id).in_(ids[start : start + AT_ONCE])
        found |= {
            document_id: (since, differs) for document_id, since, differs in session.exec(select(*columns).where(these))
        }
    return found


def all_locks(session: Session) -> Mapping[str, Lock]:
    """Every lock that history knows of, by the document's id."""
    return {row.document_id: Lock(row.mark, row.since) for row in session.exec(select(DocumentLock))}


def differing(session: Session) -> Mapping[str, PartialDate]:
    """Since when what no longer stands in a file was locked, by the path of the file."""
    found = select(Head.path, DocumentLock.since).join(
        DocumentLock, col(DocumentLock.document_id) == col(Head.document_id)
    )
    rows = session.exec(found.where(col(DocumentLock.differs)))
    return {path: PartialDate.parse(since) for path, since in rows}
