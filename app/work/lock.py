"""That there is one worker: a second one waits until the first is gone, however it went."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

LOOK_AGAIN_SECONDS = 0.25


@contextmanager
def only_worker(file: Path, stop: Event) -> Iterator[bool]:
    """Wait to be the only worker; gives False if told to stop before that. The kernel drops the lock of the dead."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a+", encoding="ascii") as stream:
        while not _taken(stream.fileno()):
            if stop.wait(LOOK_AGAIN_SECONDS):
                yield False
                return
        stream.truncate(0)
        stream.write(f"{os.getpid()}\n")
        stream.flush()
        yield True


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
