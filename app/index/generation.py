"""Generations: which set of derived files is the living one, and how a new one takes its place.

A generation is ``var/derived/<n>.db`` (rows) and ``search_index/<n>/`` (words). ``var/generation`` names the living one
and is replaced atomically; every request looks at it. A number is never used twice, so that a path never changes its
meaning under somebody who has it open.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.config import Settings

# In the folder of the words: what they belong to, and how far they have come.
NOTE = "larnat.json"
# A request that began before a switch is over by then.
GRACE_SECONDS = 60.0


class IndexNotReady(Exception):
    """There are no rows or words to answer from: they are being built."""


class Generations:
    """The generations of one house."""

    def __init__(self, settings: Settings) -> None:
        self._derived = settings.derived_folder
        self._words = settings.index_folder
        self._pointer = settings.var / "generation"
        self._building = settings.var / "rebuild.lock"

    def current(self) -> int | None:
        """The number of the living generation; None if there is none yet, or the pointer is not readable."""
        try:
            return int(self._pointer.read_bytes())
        except (OSError, ValueError):
            return None

    def living(self) -> int:
        """The number of the living generation. Raises IndexNotReady if its rows are not there."""
        number = self.current()
        if number is None or not self.derived_file(number).exists():
            raise IndexNotReady("there is no generation to answer from")
        return number

    def derived_file(self, number: int) -> Path:
        return self._derived / f"{number}.db"

    def index_folder(self, number: int) -> Path:
        return self._words / str(number)

    def files(self) -> list[Path]:
        """The files one of which changes whenever the living generation does."""
        number = self.current() or 0
        rows = self.derived_file(number)
        return [self._pointer, rows, rows.with_name(f"{rows.name}-wal"), self.index_folder(number) / NOTE]

    @contextmanager
    def building(self) -> Iterator[int]:
        """The number of a new generation to build. One is built at a time; what a failed build leaves is removed."""
        with self._lock(wait=True):
            number = max(self._numbers(), default=0) + 1
            try:
                yield number
            except BaseException:
                if self.current() != number:
                    self._remove(number)
                raise

    def switch(self, number: int) -> None:
        """Make a finished generation the living one."""
        temporary = self._pointer.with_name(f".tmp-generation-{os.getpid()}")
        with temporary.open("w", encoding="ascii") as stream:
            stream.write(str(number))
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(self._pointer)
        sync_folder(self._pointer.parent)

    def remove_old(self, grace_seconds: float = GRACE_SECONDS) -> list[int]:
        """Remove what no request can be reading: generations before the living one, and what a dead build left."""
        living = self.current()
        if living is None:
            return []
        old = [number for number in self._numbers() if number < living]
        if time.time() - self._pointer.stat().st_mtime < grace_seconds:
            old = []
        with contextlib.suppress(BlockingIOError), self._lock(wait=False):
            # Another may be the living one by now. Where that cannot be read, nobody knows what a dead build has left.
            newest = self.current()
            old += [number for number in self._numbers() if newest is not None and number > newest]
            for number in old:
                self._remove(number)
            return old
        return []

    def _numbers(self) -> set[int]:
        """Every number in use, or ever pointed at."""
        found = {int(file.stem) for file in self._derived.glob("*.db") if file.stem.isdigit()}
        found |= {int(folder.name) for folder in self._words.glob("*") if folder.name.isdigit()}
        current = self.current()
        return found | {current} if current is not None else found

    def _remove(self, number: int) -> None:
        file = self.derived_file(number)
        for end in ("", "-wal", "-shm"):
            file.with_name(file.name + end).unlink(missing_ok=True)
        shutil.rmtree(self.index_folder(number), ignore_errors=True)

    @contextmanager
    def _lock(self, wait: bool) -> Iterator[None]:
        self._building.parent.mkdir(parents=True, exist_ok=True)
        with self._building.open("a") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield


def sync_folder(folder: Path) -> None:
    """Make what a folder names survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
