"""Marks of what is locked, where words are erased from it: they would help whoever guesses the words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress

from sqlmodel import Session, col, select

from app.history.revisions import content_of
from app.history.tables import DocumentLock, Head, RevisionFile
from app.library.document import BrokenDocument, NotFound
from app.library.locking import Lock, locked_part, mark_of, says
from app.library.shelf import Library

TakeOut = Callable[[bytes], bytes]


def changing(session: Session, library: Library, take_out: TakeOut) -> Mapping[str, str]:
    """What the marks of locked words become when other words are taken out of them; those that stay are left out."""
    found: dict[str, str] = {}
    for row in session.exec(select(DocumentLock).where(col(DocumentLock.version).is_not(None))).all():
        content = content_of(session, row.version or "")
        if content is not None and (without := take_out(content)) != content:
            path = session.exec(select(RevisionFile.path).where(RevisionFile.version == row.version)).first()
            if path and (mark := _mark(library, path, without)) and mark != row.mark:
                found[row.mark] = mark
    return found


def change(session: Session, library: Library, marks: Mapping[str, str]) -> None:
    """Let the locks have their new marks. The files do not say what is locked then, until it is put back in them."""
    for row in session.exec(select(DocumentLock).where(col(DocumentLock.mark).in_(marks))).all():
        row.mark = marks[row.mark]
        path = session.exec(select(Head.path).where(Head.document_id == row.document_id)).first()
        with suppress(BrokenDocument, NotFound):
            row.differs = path is not None and not says(library.read(path), Lock(row.mark, row.since))


def _mark(library: Library, path: str, content: bytes) -> str:
    try:
        part = locked_part(library.parse(path, content.decode()))
    except (BrokenDocument, UnicodeDecodeError):
        return ""
    return mark_of(part) if part else ""
