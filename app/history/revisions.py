"""Reading history: who changed a document when, what it said then, and what was removed."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import Session, col, func, select

from app.database import now
from app.history.tables import Head, Revision, RevisionFile, State, Text
from app.library.attachments import is_inside, is_measure

UNDOABLE = timedelta(days=30)
SAMPLE = 64_000


@dataclass(frozen=True)
class AttachedChange:
    """What a revision did with an attachment. ``version`` None: removed; ``base_version`` None: new.

    ``measured``: it is no attachment but the table of a measure.
    """

    name: str
    version: str | None
    base_version: str | None
    measured: bool = False

    @property
    def words(self) -> str:
        if self.measured:
            return f"{'Tog bort' if self.version is None else 'Ändrade'} mätvärdena i {self.name}"
        if self.version is None:
            return f"Tog bort filen {self.name}"
        return f"Bytte ut filen {self.name}" if self.base_version else f"Lade till filen {self.name}"


@dataclass(frozen=True)
class Entry:
    """One change of one document, with what it did with the files ``attached`` to it.

    ``has_text`` is False where the document was removed or its text erased. Where only attachments were changed the
    text is the one that the document had.
    """

    number: int
    document_id: str
    at: datetime
    author_person: str | None
    author_name: str
    author_organisation: str
    summary: str
    sort: str
    path: str
    former_path: str | None
    title: str
    owner: str
    version: str | None
    base_version: str | None
    has_text: bool
    attached: tuple[AttachedChange, ...] = ()

    @property
    def removed(self) -> bool:
        return self.version is None


def revisions_of(session: Session, document_id: str) -> list[Entry]:
    """Every change of a document, newest first, wherever its file has lain."""
    ids = also_known_as(session, document_id)
    entries = entries_where(session, or_(col(RevisionFile.document_id).in_(ids), belongs_to(ids)))
    # A move within one change set is two files of the same document: the new place tells both.
    moved = {(entry.number, entry.former_path) for entry in entries if entry.former_path}
    entries = [entry for entry in entries if not (entry.removed and (entry.number, entry.path) in moved)]
    return list(_with_attachments(entries))[::-1]


def _with_attachments(entries: Sequence[Entry]) -> Iterator[Entry]:
    """One entry for every revision, the oldest first; what it did with attachments is told in the document's entry."""
    last: Entry | None = None
    for number in sorted({entry.number for entry in entries}):
        of_revision = [entry for entry in entries if entry.number == number]
        attached = [entry for entry in of_revision if is_inside(entry.path)]
        changes = tuple(
            AttachedChange(entry.path.rpartition("/")[2], entry.version, entry.base_version, is_measure(entry.path))
            for entry in attached
            if not entry.former_path and entry.version != entry.base_version
        )
        own = [replace(entry, attached=changes) for entry in of_revision if entry not in attached]
        if not own and last is not None and changes:
            known = {
                name: getattr(last, name) for name in ("document_id", "path", "title", "owner", "version", "has_text")
            }
            own = [replace(attached[0], **known, base_version=last.version, former_path=None, attached=changes)]
        yield from own
        last = own[-1] if own else last


def belongs_to(ids: Iterable[str]) -> ColumnElement[bool]:
    """The condition that a row of a revision is of an attachment of one of these documents."""
    # "0" is the character after "/": a range, so that the index on the column can be used.
    column = col(RevisionFile.document_id)
    return or_(*(and_(column > f"{one}/", column < f"{one}0") for one in ids))


def last_change(session: Session, document_id: str) -> Entry | None:
    """The newest change of a document."""
    return next(iter(revisions_of(session, document_id)), None)


def revision_of(session: Session, number: int, document_id: str) -> Entry | None:
    """One change of a document."""
    return next((entry for entry in revisions_of(session, document_id) if entry.number == number), None)


def text_at(session: Session, number: int, document_id: str) -> str | None:
    """What a document said after a revision; None if it was removed then, or the text is not kept."""
    entry = revision_of(session, number, document_id)
    return text_of(session, entry.version) if entry and entry.version else None


def text_before(session: Session, number: int, document_id: str) -> str | None:
    """What a document said before a revision; None if it was new then."""
    entry = revision_of(session, number, document_id)
    return text_of(session, entry.base_version) if entry and entry.base_version else None


def text_of(session: Session, version: str) -> str | None:
    """The text of a version; None if it is not kept or is no text."""
    content = content_of(session, version)
    try:
        return content.decode() if content is not None else None
    except UnicodeDecodeError:
        return None


def content_of(session: Session, version: str) -> bytes | None:
    """The bytes of a version; None if they are not kept."""
    kept = session.get(Text, version)
    return zlib.decompress(kept.packed) if kept is not None and kept.packed is not None else None


def pack(content: bytes) -> bytes:
    """The bytes of a text as the table holds them."""
    sample = content[:SAMPLE]
    # Pictures and Office files are packed already: to try it again would only hold up everybody who waits to save.
    worth_it = len(content) <= SAMPLE or len(zlib.compress(sample, 1)) < 0.9 * len(sample)
    return zlib.compress(content, 6 if worth_it else 0)


def deletions(
    session: Session, organisations: Iterable[str] | None = None, since: datetime | None = None
) -> list[Entry]:
    """The documents that were removed and can be brought back, newest first.

    Those of ``organisations`` (None: of all), removed after ``since`` (None: as long as a deletion can be undone).
    """
    present = select(Head.document_id)
    wanted: list[Any] = [
        col(RevisionFile.version).is_(None),
        col(RevisionFile.base_version).is_not(None),
        col(RevisionFile.document_id).not_in(present),
        col(RevisionFile.document_id).not_like("%/%"),  # an attachment comes back with its document
        col(Revision.at) >= (since or now() - UNDOABLE),
    ]
    if organisations is not None:
        wanted.append(col(RevisionFile.owner).in_(list(organisations)))
    newest: dict[str, Entry] = {}
    for entry in entries_where(session, *wanted):
        newest.setdefault(entry.document_id, entry)
    return list(newest.values())


def kept_both(session: Session, since: datetime | None = None) -> list[Entry]:
    """Changes that were cut off while somebody changed the same file outside: both texts are kept, a person decides."""
    wanted = [col(Revision.at) >= since] if since else []
    return entries_where(session, *wanted, state=State.KEPT_BOTH)


def newest_revision(session: Session) -> int:
    """The number of the newest revision that is in the files; 0 before the first."""
    return session.exec(select(func.max(Revision.number)).where(Revision.state == State.DONE)).one() or 0


@dataclass(frozen=True)
class Later:
    """A revision that came later, and those of its files that no still later one has changed again."""

    number: int
    at: datetime
    by: str
    paths: tuple[str, ...]


def changes_since(session: Session, number: int) -> list[Later]:
    """What the revisions after ``number`` changed, in their order; each file only under the newest that changed it."""
    newest: dict[str, int] = {}
    revisions: dict[int, tuple[datetime, str]] = {}
    later = (
        select(Revision.number, Revision.at, Revision.author_name, RevisionFile.path)
        .join(RevisionFile)
        .where(col(Revision.number) > number, Revision.state == State.DONE)
        .order_by(col(Revision.number))
    )
    for revision, at, by, path in session.exec(later):
        newest[path] = revision or 0
        revisions[revision or 0] = (at, by)
    paths: dict[int, list[str]] = {revision: [] for revision in revisions}
    for path, revision in newest.items():
        paths[revision].append(path)
    return [Later(revision, at, by, tuple(sorted(paths[revision]))) for revision, (at, by) in revisions.items()]


def entries_where(session: Session, *wanted: ColumnElement[bool] | bool, state: str = State.DONE) -> list[Entry]:
    """The changes of files that fit, the newest first."""
    has_text = col(Text.packed).is_not(None)
    found = session.exec(
        select(Revision, RevisionFile, has_text)
        .join(RevisionFile)
        .join(Text, col(Text.version) == col(RevisionFile.version), isouter=True)
        .where(Revision.state == state, *wanted)
        .order_by(col(Revision.number).desc(), col(RevisionFile.path))
    )
    return [_entry(revision, file, bool(has)) for revision, file, has in found]


def _entry(revision: Revision, file: RevisionFile, has_text: bool) -> Entry:
    return Entry(
        number=revision.number or 0,
        document_id=file.document_id,
        at=revision.at,
        author_person=revision.author_person,
        author_name=revision.author_name,
        author_organisation=revision.author_organisation,
        summary=revision.summary,
        sort=revision.sort,
        path=file.path,
        former_path=file.former_path,
        title=file.title,
        owner=file.owner,
        version=file.version,
        base_version=file.base_version,
        has_text=has_text,
    )


def also_known_as(session: Session, document_id: str) -> Sequence[str]:
    """The document's id and the ids it had before, where somebody outside changed them."""
    ids = [document_id]
    for known in ids:
        former = select(RevisionFile.former_id).where(
            RevisionFile.document_id == known, col(RevisionFile.former_id).is_not(None)
        )
        ids.extend(found for found in session.exec(former).all() if found and found not in ids)
    return ids
