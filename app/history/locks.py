"""What history remembers of locks: what was locked of a document, when, and whether its file still says so."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from sqlalchemy import bindparam, func
from sqlmodel import Session, col, select

from app.history.tables import DocumentLock, Head
from app.library.fields import PartialDate
from app.library.locking import Lock


def lock_of(session: Session, document_id: str) -> Lock | None:
    """The lock of a document, also of one that is deleted; None where history knows of none."""
    row = session.get(DocumentLock, document_id)
    return Lock(row.mark, row.since) if row else None


def locks_of(session: Session, document_ids: Iterable[str]) -> Mapping[str, tuple[str, bool]]:
    """Since when some documents are locked, as a partial date is written, and whether their files say otherwise."""
    rows = session.connection().execute(_LOCKS_OF, {"ids": json.dumps(list(document_ids))}).all()
    return {document_id: (since, differs) for document_id, since, differs in rows}


# An overview asks for thousands: they go as one parameter, so that the question is the same whatever their number.
_LOCKS_OF = select(DocumentLock.document_id, DocumentLock.since, DocumentLock.differs).where(
    col(DocumentLock.document_id).in_(select(func.json_each(bindparam("ids")).table_valued("value").c.value))
)


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
