"""The file system, used so that no path leads out of the home folder.

Every folder on the way is opened from the one before with ``O_NOFOLLOW``: a symbolic link is refused even if it is put
there between a check and the use. Writing is done beside the file and put in place at once, so that a file is never
half there.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from app.library.document import BrokenDocument, Problem

TEMPORARY = ".tmp-"

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# O_NONBLOCK: a pipe put in the place of a file must not make the reader wait.
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK


def parts_of(path: str) -> list[str]:
    """The names in a path relative to the home folder. Raises BrokenDocument for one that could lead elsewhere."""
    parts = path.split("/")
    if "\0" in path or "\\" in path or any(part in ("", ".", "..") for part in parts):
        raise _broken(path[:200].replace("\0", "�"), "adressen leder ut ur mappen")
    return parts


@contextlib.contextmanager
def opened_folder(home: Path, path: str, *, make: bool = False) -> Iterator[tuple[int, str]]:
    """An open folder and the name in it that the path leads to. Raises FileNotFoundError if the folder is not there.

    With ``make``, folders that are missing are made, and are on the disk before this returns.
    """
    *folders, name = parts_of(path)
    here = os.open(home, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for folder in folders:
            inner = _open_inner(here, folder, path, make)
            os.close(here)
            here = inner
        yield here, name
    finally:
        os.close(here)


def _open_inner(here: int, folder: str, path: str, make: bool) -> int:
    try:
        return os.open(folder, _FOLDER, dir_fd=here)
    except FileNotFoundError:
        if not make:
            raise
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENOTDIR) and _is_link(here, folder):
            raise _broken(path, f"mappen {folder} är en symbolisk länk. Ersätt den med en riktig mapp") from None
        if error.errno == errno.ENOTDIR:
            raise FileNotFoundError(error.errno, "not a folder", path) from None
        raise
    with contextlib.suppress(FileExistsError):
        os.mkdir(folder, dir_fd=here)
    os.fsync(here)
    return os.open(folder, _FOLDER, dir_fd=here)


def read_bytes(home: Path, path: str, largest: int) -> bytes | None:
    """What a file holds, None if there is none.

    Raises BrokenDocument for links, odd files, and files that are too large.
    """
    try:
        with opened_folder(home, path) as (folder, name):
            return _read_in(folder, name, path, largest)
    except FileNotFoundError:
        return None
    except PermissionError:
        raise _broken(path, "filen får inte läsas. Kontrollera dess rättigheter") from None


def opened_file(home: Path, path: str) -> IO[bytes] | None:
    """A file opened for reading, None if there is none. Raises BrokenDocument for links and odd files."""
    try:
        with opened_folder(home, path) as (folder, name):
            return os.fdopen(_open_in(folder, name, path), "rb")
    except FileNotFoundError:
        return None
    except PermissionError:
        raise _broken(path, "filen får inte läsas. Kontrollera dess rättigheter") from None


def _open_in(folder: int, name: str, path: str) -> int:
    """A plain file, opened."""
    try:
        opened = os.open(name, _FILE, dir_fd=folder)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.EMLINK):
            raise _broken(path, "filen är en symbolisk länk. Ersätt den med filen själv") from None
        if error.errno in (errno.ENAMETOOLONG, errno.ENXIO):
            raise _broken(path, "det här är ingen vanlig fil") from None
        raise
    if not stat.S_ISREG(os.fstat(opened).st_mode):
        os.close(opened)
        raise _broken(path, "det här är ingen vanlig fil")
    return opened


def _read_in(folder: int, name: str, path: str, largest: int) -> bytes:
    opened = _open_in(folder, name, path)
    try:
        state = os.fstat(opened)
        if state.st_size > largest:
            size = f"{state.st_size / 1_000_000:.1f}".replace(".", ",")
            limit = f"{largest / 1_000_000:g}".replace(".", ",")
            raise _broken(path, f"filen är för stor: {size} MB. Den får vara högst {limit} MB")
        return _read_all(opened, state.st_size, largest)
    finally:
        os.close(opened)


def _read_all(opened: int, size: int, largest: int) -> bytes:
    """The whole file, also if somebody else lets it grow meanwhile; a byte more than ``largest`` at most."""
    pieces = [os.read(opened, size + 1)]
    total = len(pieces[0])
    while pieces[-1] and total != size and total <= largest:
        pieces.append(os.read(opened, largest + 1 - total))
        total += len(pieces[-1])
    return b"".join(pieces)


@dataclass(frozen=True)
class Staged:
    """A new text that is on the disk beside its file, and not yet in its place."""

    home: Path
    path: str
    name: str  # of the temporary file, in the folder of the document's

    def replace(self) -> None:
        """Put it in place: at once and for good, also if the power goes."""
        with opened_folder(self.home, self.path) as (folder, name):
            os.replace(self.name, name, src_dir_fd=folder, dst_dir_fd=folder)
            os.fsync(folder)

    def discard(self) -> None:
        """Take it away again, with folders that were made for it and are empty."""
        with contextlib.suppress(FileNotFoundError), opened_folder(self.home, self.path) as (folder, _):
            os.unlink(self.name, dir_fd=folder)
        prune(self.home, self.path)


def stage(home: Path, path: str, content: bytes) -> Staged:
    """Write a temporary file in the folder of ``path`` and see it onto the disk.

    OSError (no space) leaves nothing behind.
    """
    with opened_folder(home, path, make=True) as (folder, name):
        temporary = f"{TEMPORARY}{uuid.uuid4().hex}"
        opened = os.open(
            temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644, dir_fd=folder
        )
        try:
            with os.fdopen(opened, "wb") as file:
                with contextlib.suppress(FileNotFoundError):
                    os.fchmod(opened, stat.S_IMODE(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode) | 0o600)
                file.write(content)
                file.flush()
                os.fsync(opened)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(temporary, dir_fd=folder)
            raise
    return Staged(home, path, temporary)


def staged(home: Path, path: str, name: str) -> Staged | None:
    """What a process that is gone has staged under a temporary name, if it is still there."""
    if not name.startswith(TEMPORARY) or "/" in name:
        return None
    try:
        with opened_folder(home, path) as (folder, _):
            state = os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return None
    return Staged(home, path, name) if stat.S_ISREG(state.st_mode) else None


def remove(home: Path, path: str) -> None:
    """Take a file away, for good, with the folders that become empty. No error if it is gone already."""
    try:
        with opened_folder(home, path) as (folder, name):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(name, dir_fd=folder)
            os.fsync(folder)
    except FileNotFoundError:
        return
    prune(home, path)


def prune(home: Path, path: str) -> None:
    """Remove the empty folders above a path; the two uppermost levels (``content/practices``) stay."""
    folders = parts_of(path)[:-1]
    keep = 2 if folders[:1] == ["content"] else 1
    while len(folders) > keep:
        try:
            with opened_folder(home, "/".join(folders)) as (above, name):
                os.rmdir(name, dir_fd=above)
                os.fsync(above)
        except OSError:
            return  # not empty, or gone already
        folders.pop()


def _is_link(folder: int, name: str) -> bool:
    try:
        return stat.S_ISLNK(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode)
    except OSError:
        return False


def _broken(path: str, message: str) -> BrokenDocument:
    return BrokenDocument(path, [Problem(path, message)])
