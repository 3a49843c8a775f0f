"""Saving the words of the search: the same lock, log and history as for documents, for a file that is none.

A change is a function from the newest text of the file to the next, as an event is. Two people who change different
rows do not get in each other's way; who meant a row that somebody else has changed is told so by the function.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sqlmodel import Session, col, select

from app.database import Databases
from app.history.revisions import content_of, newest_revision
from app.history.tables import Revision, RevisionFile, Sort, State
from app.library.document import BrokenDocument
from app.library.guard import HasNumbers
from app.library.shelf import Library, version_of
from app.library.word_lists import IDENTITY, PATH, WordLists, read_word_lists
from app.publishing import placing, told_in_audit
from app.publishing.changes import OUTSIDE, START, Author, Change, Refused, Saved
from app.publishing.counted import counted
from app.publishing.following import Follower
from app.publishing.guard import refuse_numbers, told_in_words
from app.publishing.journal import Planned, write_down
from app.publishing.reconciling import CHANGED_OUTSIDE, WAS_HERE

if TYPE_CHECKING:
    from app.publishing.archive import Archive

TITLE = "Sökningens ordlista"
NOT_READABLE = "Ordlistan går inte att läsa just nu. Filen måste rättas där den ligger innan någon kan ändra i den här."


def change_words(archive: Archive, change: Callable[[str], str], author: Author, summary: str) -> Saved:
    """Let the file say something else. Raises what ``change`` raises, Refused and NoSpace; then nothing was changed."""
    with counted(), placing.full_disk_told(), archive.at_rest():
        take_in(archive.library, archive.databases)
        before = _readable(archive.library)
        after = change(before.decode()).encode()
        with told_in_words():
            refuse_numbers(archive.library, Change([], author, summary, ""), {})
            read_word_lists(after)
        if after == before:
            with archive.databases.kept_for_reading() as session:
                return Saved(newest_revision(session), repeated=True)
        base = placing.standing(archive.library, PATH)
        file = Planned(PATH, IDENTITY, base, version_of(after), after, title=TITLE)
        number = archive.write(Change([], author, summary, "", Sort.EVENT), [file], "")
        Follower(archive.library, archive.databases, archive.index).after_a_save({})
        return Saved(number, {PATH: file.version or ""})


def _readable(library: Library) -> bytes:
    """What stands in the file; nothing where there is none. Raises Refused where nobody can tell what it means."""
    try:
        content = library.load(PATH) or b""
        read_word_lists(content)
    except BrokenDocument:
        raise Refused(NOT_READABLE) from None
    return content


def take_in(library: Library, databases: Databases) -> None:
    """Let history know what somebody has changed in the file outside. To be called under the library lock."""
    now = placing.standing(library, PATH)
    with databases.kept_for_reading() as session:
        known = _newest_version(session)
    if now is None or now in (known, placing.UNREADABLE):
        return
    content = library.load(PATH) or b""
    holds_numbers = _holds_numbers(content)
    file = Planned(
        PATH, IDENTITY, known, now, None if holds_numbers else content, title=TITLE, quarantined=holds_numbers
    )
    author, summary = (OUTSIDE, CHANGED_OUTSIDE) if known else (START, WAS_HERE)
    with databases.kept() as session:
        number = write_down(session, sort=Sort.OUTSIDE, author=author, summary=summary, files=[file], state=State.DONE)
        told_in_audit.tell(session, number, [file])


def differs(library: Library, databases: Databases) -> bool:
    """Whether the file says something else than history knows. A quick look, without the lock."""
    now = placing.standing(library, PATH)
    with databases.kept_for_reading() as session:
        return now not in (None, placing.UNREADABLE, _newest_version(session))


def last_readable(databases: Databases) -> WordLists | None:
    """What the file said when it could be read last, as history has it."""
    with databases.kept_for_reading() as session:
        for version in _versions(session):
            try:
                content = content_of(session, version)
                if content is not None:
                    return read_word_lists(content)
            except BrokenDocument:
                continue
    return None


def _newest_version(session: Session) -> str | None:
    return next(iter(_versions(session)), None)


def _versions(session: Session) -> list[str]:
    """The versions that history knows of, the newest first."""
    found = (
        select(RevisionFile.version)
        .join(Revision)
        .where(RevisionFile.document_id == IDENTITY, Revision.state == State.DONE)
    )
    newest_first = found.order_by(col(RevisionFile.revision).desc()).limit(50)
    return [version for version in session.exec(newest_first) if version]


def _holds_numbers(content: bytes) -> bool:
    try:
        read_word_lists(content)
    except HasNumbers:
        return True
    except BrokenDocument:
        return False
    return False
