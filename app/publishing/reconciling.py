"""Outside edits: files that somebody has changed, added, moved or removed without Lärnät become revisions as well."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import bindparam
from sqlmodel import Session, col, update

from app.database import Databases
from app.history.tables import Head, Sort, State
from app.library.attachments import is_inside
from app.library.document import BrokenDocument
from app.library.shelf import Library, version_of
from app.publishing.attached import AttachedChanges
from app.publishing.changes import OUTSIDE, START
from app.publishing.identities import OutsideChanges, Reconciled
from app.publishing.journal import heads_at, write_down
from app.publishing.locks import conclude
from app.publishing.looking import Standing, look_at
from app.publishing.placing import UNREADABLE

log = logging.getLogger(__name__)

CHANGED_OUTSIDE = "Ändrad utanför Lärnät"
WAS_HERE = "Fanns när Lärnät startade"


def record(library: Library, databases: Databases, looked: Sequence[Standing], summary: str) -> Reconciled:
    """Write what has changed outside as one revision; call it under the library lock.

    ``looked`` may have been read before the lock was taken: every file is read again, and parsed again if it differs.
    """
    with databases.kept() as session:
        heads = heads_at(session, [standing.path for standing in looked])
        looked = [_as_it_is_now(library, standing, heads.get(standing.path)) for standing in looked]
        plan = OutsideChanges(session, heads, [one for one in looked if not is_inside(one.path)])
        files = plan.files()
        attached = AttachedChanges(session, library, heads, [one for one in looked if is_inside(one.path)], files)
        files += attached.files()
        _remember_times(session, heads, looked, {file.path for file in files})
        if files:
            author = START if summary == WAS_HERE else OUTSIDE
            number = write_down(
                session, sort=Sort.OUTSIDE, author=author, summary=summary, files=files, state=State.DONE
            )
            conclude(library, session, number, files)
    if files:
        log.info("what was changed outside was taken in", extra={"revision": number, "files": len(files)})
    return plan.reconciled.and_attached(attached.reconciled)


def _as_it_is_now(library: Library, looked: Standing, head: Head | None) -> Standing:
    try:
        content = library.load(looked.path)
    except BrokenDocument:
        return looked if looked.version == UNREADABLE else look_at(library, looked.path, head)
    version = version_of(content) if content is not None else None
    # What was not parsed, because it was what history knew, has to be parsed if history has moved on.
    known = head is not None and head.version == version and not head.broken and looked.claim == head.document_id
    known = known or is_inside(looked.path)
    if version == looked.version and (version is None or looked.title or looked.problems or known):
        return looked
    return look_at(library, looked.path, head)


def _remember_times(session: Session, heads: Mapping[str, Head], looked: Iterable[Standing], written: set[str]) -> None:
    """Files that were only touched: next time they need not be read."""
    touched = [
        {"at": one.path, "new_mtime": one.mtime_ns, "new_size": one.size}
        for one in looked
        if one.path not in written
        and (head := heads.get(one.path)) is not None
        and (head.mtime_ns, head.size) != (one.mtime_ns, one.size)
    ]
    if touched:
        session.connection().execute(
            update(Head)
            .where(col(Head.path) == bindparam("at"))
            .values(mtime_ns=bindparam("new_mtime"), size=bindparam("new_size")),
            touched,
        )
