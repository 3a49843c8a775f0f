"""Files that are there whole or not at all, and that nobody else may read."""

from __future__ import annotations

import contextlib
import fcntl
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

TEMPORARY = ".tmp-larnat-"


@contextmanager
def whole_file(target: Path) -> Iterator[IO[bytes]]:
    """A stream to write in: on the disk under the target's name when the block has succeeded, gone if it raises.

    Only the user who runs the program may read the file (mode 0600). Raises OSError.
    """
    temporary = target.with_name(f"{TEMPORARY}{uuid.uuid4().hex}")
    opened = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(opened, "w+b") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    sync_folder(target.parent)


def sync_folder(folder: Path) -> None:
    """Make what a folder names survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def only_one(path: Path, busy: Exception) -> Iterator[None]:
    """Hold the lock of a file or folder. Raises ``busy`` if somebody has it; the kernel drops it with its holder."""
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise busy from None
        yield
    finally:
        os.close(descriptor)
