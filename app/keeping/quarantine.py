"""What is held back for a personal number does not go into a backup either.

In its place goes what history last knew there without one: a page is not lost in a restored house because somebody put
a number into its file the day before.
"""

from __future__ import annotations

from sqlmodel import Session, col, select

from app.history.revisions import content_of
from app.history.tables import Head, Revision, RevisionFile, State, Text
from app.library.attachments import is_inside
from app.library.document import BrokenDocument, NotFound
from app.library.guard import HasNumbers
from app.library.shelf import Library
from app.publishing import Archive


def held_back(archive: Archive) -> dict[str, bytes | None]:
    """The files that hold a personal number, each with what it last held without one; None where there is nothing."""
    with archive.databases.kept_for_reading() as session:
        broken = session.exec(select(Head).where(col(Head.broken))).all()
        held = [head for head in broken if is_inside(head.path) or _has_number(archive.library, head.path)]
        return {head.path: _before(session, head) for head in held}


def in_words(path: str, before: bytes | None) -> str:
    """What is told of such a file."""
    instead = "det som stod där innan är med i stället" if before is not None else "inget stod där innan"
    return f"{path} ser ut att innehålla ett personnummer; {instead}"


def _has_number(library: Library, path: str) -> bool:
    try:
        library.read(path)
    except HasNumbers:
        return True
    except (BrokenDocument, NotFound):
        return False
    return False


def _before(session: Session, head: Head) -> bytes | None:
    known = (
        select(Text.version)
        .join(RevisionFile, col(RevisionFile.version) == col(Text.version))
        .join(Revision)
        .where(
            RevisionFile.document_id == head.document_id,
            Revision.state == State.DONE,
            col(Text.packed).is_not(None),
        )
        .order_by(col(RevisionFile.revision).desc())
        .limit(1)
    )
    version = session.exec(known).first()
    return content_of(session, version) if version else None
