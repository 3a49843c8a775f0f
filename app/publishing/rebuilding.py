"""A new generation of everything derived, built beside the living one, which serves until the new one is whole."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from sqlmodel import Session, col, select

from app.database import Databases
from app.history.revisions import newest_revision
from app.history.tables import Head, Revision
from app.index import Changed, Index
from app.library.attachments import document_id_in
from app.library.document import BrokenDocument, Document
from app.library.shelf import Library
from app.publishing.following import Follower
from app.publishing.identities import as_it_stands
from app.publishing.journal import all_former_paths
from app.publishing.looking import Progress

AT_ONCE = 200
ALL = 1_000_000_000


def rebuild(
    library: Library,
    databases: Databases,
    index: Index,
    locked: Callable[[], AbstractContextManager[None]],
    progress: Progress | None,
) -> int:
    """Build the next generation and make it the living one. Returns its number. A second rebuild waits for the first.

    Killed at any time it leaves the living generation as it is. Revisions made meanwhile are replayed onto the new one,
    the last of them under the library lock, so that no reader ever goes back in time.
    """
    with index.building() as number:
        with databases.kept_for_reading() as session:
            revision = newest_revision(session)
            newest = _newest_changes(session)
            former = all_former_paths(session)
            broken = session.exec(select(Head.path).where(col(Head.broken))).all()
        paths = sorted(file.path for file in library.files())
        documents = [_to_build(library, databases, path, path in broken) for path in paths]
        present = [document for document in documents if document is not None]
        index.build(number, present, len(present), revision, progress or _silently, newest=newest.get, former=former)
        follower = Follower(library, databases, index, number)
        while not follower.follow(AT_ONCE):
            pass
        with locked():
            follower.follow(ALL)
            with databases.kept_for_reading() as session:
                index.name_authors(_newest_changes(session), number)
            index.generations.switch(number)
    index.remove_old()
    return number


def _to_build(
    library: Library, databases: Databases, path: str, broken: bool
) -> str | Document | BrokenDocument | None:
    """A path for the index to read; what history holds for broken is judged here, for it may be another's copy."""
    if not broken:
        return path
    with databases.kept_for_reading() as session:
        return as_it_stands(library, session, path, session.get(Head, path))


def _newest_changes(session: Session) -> dict[str, Changed]:
    """Who changed each present document, or what is attached to it, last, and when."""
    found = select(Head.document_id, Revision.number, Revision.at, Revision.author_name).join(Revision)
    newest: dict[str, Changed] = {}
    for identity, number, at, by in session.exec(found.order_by(col(Revision.number))):
        newest[document_id_in(identity)] = Changed(number or 0, at, by)
    return newest


def _silently(_done: int, _total: int) -> None:
    pass
