"""The lock at the desk: every save goes by it, and every text that gets into the files is compared with it.

``seal`` and ``refuse_to_open`` stand in the one way in which documents change (``Archive``), ``conclude`` where history
takes note of what stands in the files, whoever wrote it. What may become of a locked text is decided by pure functions
(``app.library.locking``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from pydantic import BaseModel
from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from app.database import Databases, now
from app.history.locks import lock_of
from app.history.revisions import content_of
from app.history.tables import DocumentLock, Sort
from app.library import front_matter
from app.library.document import BrokenDocument, Document, NotFound
from app.library.locking import LOCKED as LOCKED_BY
from app.library.locking import Lock, keeps_to, lock_in, locked_part, mark_of, says, sealed
from app.library.shelf import Library
from app.publishing import told_in_audit
from app.publishing.changes import Change, Refused
from app.publishing.journal import Planned, heads_of, move_heads
from app.web.text import in_sweden

LOCKED = (
    "Förutsägelsen är låst sedan ni började genomföra, och ändras inte. Det ni vill säga nu skriver ni som ett tillägg."
)


class OpensALock(Refused):
    """A save would change what is locked."""

    def __init__(self, path: str) -> None:
        super().__init__(LOCKED)
        self.path = path


@dataclass
class Locks:
    """Compares a change with what is locked. To be used under the library lock."""

    library: Library
    databases: Databases

    def seal(self, change: Change, documents: Mapping[str, Document]) -> tuple[Change, dict[str, Document]]:
        """The change with what its documents are saved with besides their own words: the lock, and days of additions.

        A text that says so already stays as it is, to the letter.
        """
        files, sealed_documents = list(change.files), dict(documents)
        for number, file in enumerate(files):
            document = documents.get(file.path)
            if document is None or not document.kind.locks or file.text is None:
                continue
            lock, before = self._lock_and_before(document)
            if values := sealed(lock, before, document, today()):
                text = front_matter.rewrite(file.text, values, model=document.kind.front_matter)
                files[number] = replace(file, text=text)
                sealed_documents[file.path] = self.library.parse(file.path, text)
        return replace(change, files=files), sealed_documents

    def refuse_to_open(self, change: Change, documents: Mapping[str, Document]) -> None:
        """Raises OpensALock. What was deleted comes back as it was: nobody has written in it meanwhile."""
        if change.sort == Sort.UNDO:
            return
        for document in documents.values():
            if document.kind.locks:
                lock, before = self._lock_and_before(document)
                if lock and not keeps_to(lock, before, document):
                    raise OpensALock(document.path)

    def _lock_and_before(self, document: Document) -> tuple[Lock | None, Document | None]:
        """The document's lock, and what its file says now: one that was under way before there were locks has one."""
        with self.databases.kept_for_reading() as session:
            lock = lock_of(session, document.id)
            head = heads_of(session, [document.id]).get(document.id)
        try:
            before = self.library.read(head.path) if head else None
        except (BrokenDocument, NotFound):
            before = None
        return lock or (lock_in(before) if before else None), before


def conclude(library: Library, session: Session, number: int, files: Sequence[Planned]) -> None:
    """Take note of a revision that is in the files: what stands where, what is locked, and what that means to readers.

    To be called in the transaction that says that the revision is done.
    """
    move_heads(session, number, files)
    _remember(library, session, files)
    told_in_audit.tell(session, number, files)


def _remember(library: Library, session: Session, files: Sequence[Planned]) -> None:
    for file in files:
        kind = library.kind_of(file.path)
        if kind is None or not kind.locks:
            continue
        if file.former_id:
            _hand_over(session, file.former_id, file.document_id)
        document = _understood(library, file.path, file.content)
        row = session.get(DocumentLock, file.document_id) or _first_seen(library, session, file, document)
        if row and document:
            row.differs = not says(document, Lock(row.mark, row.since))
            if not row.differs and row.version is None:
                row.version = file.version
            session.add(row)
            # The next file may be the same document, where it stood before.
            session.flush()


def keep_locked(library: Library, session: Session, files: Sequence[Planned]) -> None:
    """Remember what a save has locked that was cut off, and is not in the files since somebody has changed them.

    It may have been in place, and seen, before that. Whether the files say it is found out when their change is noted.
    """
    for file in files:
        kind = library.kind_of(file.path)
        if kind and kind.locks and session.get(DocumentLock, file.document_id) is None:
            document = _understood(library, file.path, file.content)
            if document and (row := _first_seen(library, session, file, document)):
                session.add(row)


def _hand_over(session: Session, former_id: str, document_id: str) -> None:
    """Let a document whose file was given another id outside keep its lock."""
    former = session.get(DocumentLock, former_id)
    if former and session.get(DocumentLock, document_id) is None:
        session.add(DocumentLock(**{**former.model_dump(), "document_id": document_id}))
        session.flush()


def _first_seen(library: Library, session: Session, file: Planned, document: Document | None) -> DocumentLock | None:
    """The lock of a document that history knows of none: as the text before said it, or else as this one does."""
    base = content_of(session, file.base_version) if file.base_version else None
    before = _understood(library, file.path, base)
    if before and (lock := lock_in(before)):
        return _row(file.document_id, lock, before, file.base_version)
    if document is None or (lock := lock_in(document)) is None:
        return None
    if before and not lock.day.known:
        # It has got under way since history last looked.
        lock = replace(lock, since=today().isoformat())
    return _row(file.document_id, lock, document, file.version)


def _row(document_id: str, lock: Lock, document: Document, version: str | None) -> DocumentLock:
    part = locked_part(document)
    says_it = part is not None and mark_of(part) == lock.mark
    return DocumentLock(
        document_id=document_id, mark=lock.mark, since=lock.since, version=version if says_it else None, differs=False
    )


def _understood(library: Library, path: str, content: bytes | None) -> Document | None:
    try:
        return library.parse(path, content.decode()) if content is not None else None
    except (BrokenDocument, UnicodeDecodeError):
        return None


def today() -> date:
    """The day it is in Sweden."""
    return in_sweden(now()).date()


@dataclass(frozen=True)
class Kept:
    """What is locked of a document, for its page.

    ``said`` is None where the words are not known any longer; ``differs`` where the file says something else.
    """

    lock: Lock
    said: BaseModel | None
    differs: bool


def as_locked(library: Library, databases: Databases, document: Document) -> Document:
    """The document as its page tells it: what somebody has changed outside of what is locked is as it was locked."""
    kept = kept_of(library, databases, document)
    if kept is None or not kept.differs:
        return document
    said = kept.said.model_dump(mode="json", exclude_none=True) if kept.said else None
    values = {document.kind.locks: said, LOCKED_BY: {"since": kept.lock.since, "mark": kept.lock.mark}}
    return library.parse(document.path, front_matter.rewrite(document.text, values))


_LOCK = select(DocumentLock.mark, DocumentLock.since, DocumentLock.version).where(
    col(DocumentLock.document_id) == bindparam("id")
)


def kept_of(library: Library, databases: Databases, document: Document) -> Kept | None:
    """What is locked of a document, whatever its file says now; None where nothing is."""
    part = locked_part(document)
    if part is None:
        return None
    with databases.kept_for_reading() as session:
        row = session.connection().execute(_LOCK, {"id": document.id}).one_or_none()
        lock = Lock(row.mark, row.since) if row else lock_in(document)
        if lock is None:
            return None
        if mark_of(part) == lock.mark:
            return Kept(lock, part, differs=not says(document, lock))
        known = content_of(session, row.version) if row and row.version else None
    then = _understood(library, document.path, known)
    return Kept(lock, locked_part(then) if then else None, differs=True)
