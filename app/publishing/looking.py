"""Looking at the files: which do not look as history remembers them, and what stands in them now."""

from __future__ import annotations

import stat
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from sqlmodel import select

from app.database import Databases
from app.history.tables import Head
from app.library.attachments import is_inside
from app.library.document import BrokenDocument, Problem
from app.library.guard import HasNumbers
from app.library.shelf import Library, decoded, version_of
from app.publishing.guard import numbers_beside
from app.publishing.journal import MOST_AT_ONCE, former_paths, heads_at
from app.publishing.placing import UNREADABLE

# A file changed so lately may change again without its time or size showing it.
YOUNG_NS = 2_000_000_000
# So much of attachments is held in memory at once.
MOST_BYTES = 50_000_000

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Suspects:
    """The files that do not look as history remembers them: documents, and what is ``attached`` to them.

    ``first_time``: history remembers nothing at all.
    """

    paths: tuple[str, ...]
    attached: tuple[str, ...]
    first_time: bool


@dataclass(frozen=True)
class Standing:
    """What stands in one file now. ``version`` None: there is none. ``claim`` is the id that its text says it has."""

    path: str
    version: str | None
    content: bytes | None = None
    claim: str | None = None
    # It holds a personal number: ``content`` is None, so that it is not written down either.
    quarantined: bool = False
    title: str = ""
    owner: str = ""
    former_paths: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    mtime_ns: int = 0
    size: int = 0


def survey(library: Library, databases: Databases, thorough: bool = False) -> Suspects:
    """A quick look without the lock: time and size of every file against history. ``thorough`` suspects every file."""
    columns = select(Head.path, Head.mtime_ns, Head.size, Head.broken)
    with databases.kept_for_reading() as session:
        heads = {path: (mtime_ns, size, broken) for path, mtime_ns, size, broken in session.exec(columns)}
    found = {file.path: (file.mtime_ns, file.size, False) for file in library.files_and_attachments()}
    differ = [path for path, state in found.items() if thorough or heads.get(path) != state]
    gone = [path for path in heads if path not in found]
    suspects = (*sorted(gone), *sorted(differ))
    return Suspects(
        tuple(path for path in suspects if not is_inside(path)),
        tuple(path for path in suspects if is_inside(path)),
        first_time=not heads,
    )


def in_small_parts(library: Library, paths: Sequence[str]) -> Iterator[list[str]]:
    """The paths of attachments in parts of which each can be held in memory; those that are gone come first."""
    part: list[str] = []
    total = 0
    for path in paths:
        try:
            size = (library.home / path).lstat().st_size
        except OSError:
            size = 0
        if part and (total + size > MOST_BYTES or len(part) >= MOST_AT_ONCE):
            yield part
            part, total = [], 0
        part.append(path)
        total += size
    if part:
        yield part


def look_at_all(
    library: Library, databases: Databases, paths: Sequence[str], progress: Progress | None = None
) -> list[Standing]:
    """Read many files, telling ``progress`` how many of them are read."""
    looked: list[Standing] = []
    for start in range(0, len(paths), MOST_AT_ONCE):
        batch = paths[start : start + MOST_AT_ONCE]
        with databases.kept_for_reading() as session:
            heads = heads_at(session, batch)
        looked += [look_at(library, path, heads.get(path)) for path in batch]
        if progress:
            progress(len(looked), len(paths))
    return looked


def look_at(library: Library, path: str, head: Head | None = None) -> Standing:
    """Read one file. Where it is what ``head`` remembers, it is not parsed again."""
    document_path = library.document_path_of(path)
    try:
        state = (library.home / path).lstat()
        if document_path and not stat.S_ISREG((library.home / document_path).lstat().st_mode):
            return Standing(path, None)
    except (FileNotFoundError, NotADirectoryError):
        return Standing(path, None)  # gone, or attached to nothing
    young = time.time_ns() - state.st_mtime_ns < YOUNG_NS
    standing = Standing(path, UNREADABLE, mtime_ns=0 if young else state.st_mtime_ns, size=state.st_size)
    try:
        content = library.load(path)
        if content is None:
            return Standing(path, None)
        standing = replace(standing, version=version_of(content), content=content)
        if head is not None and head.version == standing.version and not head.broken:
            return replace(standing, content=None if document_path else content, claim=head.document_id)
        if document_path:
            return _looked_through(standing, numbers_beside(library, document_path, path, content))
        document = library.parse(path, decoded(path, content))
    except HasNumbers as error:
        return _looked_through(standing, error.problems)
    except BrokenDocument as error:
        return replace(standing, problems=tuple(error.problems))
    front_matter = document.front_matter
    return replace(
        standing,
        claim=front_matter.id,
        title=front_matter.title,
        owner=front_matter.owner,
        former_paths=former_paths(document),
    )


def _looked_through(standing: Standing, numbers: Sequence[Problem]) -> Standing:
    """What is known of a file; where it holds personal numbers nothing of its content is, lest it be written down."""
    return replace(standing, problems=tuple(numbers), content=None, quarantined=True) if numbers else standing
