"""Putting the files of a change set in place, whole or not at all."""

from __future__ import annotations

import errno
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

from sqlalchemy.exc import OperationalError

from app.database import is_disk_trouble
from app.library.document import BrokenDocument
from app.library.shelf import Library, Staged, version_of
from app.publishing.changes import NoSpace, Refused
from app.publishing.journal import Planned

log = logging.getLogger(__name__)

# The version of a file that is there and cannot be loaded: too large, a link, no right to read.
UNREADABLE = "unreadable"
NO_SPACE = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)


def standing(library: Library, path: str) -> str | None:
    """The version of what stands in a file now; None if there is none."""
    try:
        content = library.load(path)
    except BrokenDocument:
        return UNREADABLE
    return version_of(content) if content is not None else None


@contextmanager
def full_disk_told() -> Iterator[None]:
    """Turn every way in which a disk says that it takes no more into NoSpace."""
    try:
        yield
    except OSError as error:
        if error.errno in NO_SPACE:
            raise NoSpace(str(error)) from error
        raise
    except OperationalError as error:
        if is_disk_trouble(error):
            raise NoSpace(str(error)) from error
        raise


def stage_all(library: Library, files: Sequence[Planned]) -> dict[str, Staged]:
    """Every new text on the disk beside its file. Raises OSError, leaving nothing, if one cannot be written."""
    staged: dict[str, Staged] = {}
    try:
        for file in files:
            if file.content is not None:
                staged[file.path] = library.stage(file.path, file.content)
    except BaseException:
        discard_all(staged)
        raise
    return staged


def discard_all(staged: Mapping[str, Staged]) -> None:
    """Take temporary files away again. Those that are gone, or cannot be removed, are passed over."""
    for one in staged.values():
        try:
            one.discard()
        except OSError:
            log.warning("a temporary file could not be removed", exc_info=True)


class Overtaken(Refused):
    """Somebody changed a file outside in the very moment in which it was to be replaced."""

    def __init__(self, path: str) -> None:
        super().__init__("Filen ändras utanför Lärnät just nu. Vänta en stund och spara igen.")
        self.path = path


def place(library: Library, files: Sequence[Planned], staged: Mapping[str, Staged]) -> None:
    """Put every file in its place: new texts first, so that a document that moves is never nowhere.

    Each is looked at once more before that: the lock keeps nobody away who edits the files themselves.
    """
    for file in sorted(files, key=lambda file: file.version is None):
        if standing(library, file.path) != file.replaces:
            raise Overtaken(file.path)
        if file.version is None:
            library.remove(file.path)
        else:
            staged[file.path].replace()


def put_back(library: Library, files: Sequence[Planned], bases: Mapping[str, bytes | None]) -> bool:
    """Give the files that already have their new text the old one again. False if that could not be done for all.

    ``bases`` holds the old texts by path, None for a file that was new.
    """
    try:
        for file in files:
            if standing(library, file.path) != file.version:
                continue
            base = bases[file.path]
            if base is None and file.replaces is not None:
                return False  # history has the text no longer, or never had it
            if base is None:
                library.remove(file.path)
            else:
                library.stage(file.path, base).replace()
    except (OSError, BrokenDocument):
        log.exception("a change set could not be taken back")
        return False
    return True


def left_behind(library: Library, path: str, name: str | None, version: str) -> Staged | None:
    """The temporary file that a killed process left beside a file, if it is there and whole."""
    if name is None:
        return None
    with suppress(BrokenDocument, OSError):
        content = library.load(f"{path.rpartition('/')[0]}/{name}")
        if content is not None and version_of(content) == version:
            return library.staged(path, name)
    return None
