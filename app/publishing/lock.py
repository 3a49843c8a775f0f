"""The library lock: one writer at a time, over threads and processes. The kernel drops it when its holder dies."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Hold the lock of a file; waits for whoever holds it. Not re-entrant.

    ``flock`` belongs to the open file, and each holder opens its own: threads exclude each other as processes do.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor = _open_and_lock(file)
    try:
        yield
    finally:
        os.close(descriptor)


def _open_and_lock(file: Path) -> int:
    while True:
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            if _is_still(file, descriptor):
                return descriptor
        except BaseException:
            os.close(descriptor)
            raise
        # Somebody removed the lock file while we waited: that lock excludes nobody any longer.
        os.close(descriptor)


def _is_still(file: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), file.stat())
    except FileNotFoundError:
        return False
