"""Refusals, which somebody may cause by the thousand: the first of a minute have a row each, the rest one together.

So a flood costs so many rows a minute, and no more transactions than that. What is counted together is written when the
minute is over, also where nothing else happens, and when the process ends.
"""

from __future__ import annotations

import atexit
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from app.audit import chain
from app.database import Databases

log = logging.getLogger(__name__)

MINUTE = 60.0
# In a minute, by one process: alike from one place, and altogether.
MOST_ALIKE, MOST = 5, 100

Row = dict[str, Any]
Alike = tuple[str, str, str]


@dataclass
class Crowd:
    """What is refused in one process."""

    databases: Databases
    clock: Callable[[], float] = time.monotonic
    _began: float = float("-inf")
    _rows: int = 0
    _alike: dict[Alike, int] = field(default_factory=dict)
    _held: dict[Alike, Row] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _flushing: threading.Lock = field(default_factory=threading.Lock)
    _timer: threading.Timer | None = None
    _ends_with_a_flush: bool = False

    def tell(self, row: Row) -> None:
        """Write a row, or count it with those that are like it."""
        with self._lock:
            over = self._over() if self.clock() >= self._began + MINUTE else []
            rows = [*over, *self._now_or_later(row)]
        self._write(rows)

    def flush(self) -> None:
        """Write what is counted and not yet written. What another thread is writing is waited for."""
        with self._flushing:
            with self._lock:
                rows = self._over()
            self._write(rows)

    def _over(self) -> list[Row]:
        """The minute is over: what was counted in it, each with how often."""
        held = list(self._held.values())
        self._began, self._rows = self.clock(), 0
        self._alike.clear()
        self._held.clear()
        # One that goes off now has been here; what is counted from now on needs another.
        timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()
        return held

    def _now_or_later(self, row: Row) -> list[Row]:
        alike = (row["deed"], row["origin"], row["by_person"])
        seen = self._alike.get(alike, 0)
        if self._rows < MOST and seen < MOST_ALIKE:
            self._rows += 1
            self._alike[alike] = seen + 1
            return [row]
        if alike not in self._held and len(self._held) >= MOST:
            # Too many to tell apart: counted by what it was, wherever it came from.
            alike = (row["deed"], "", "")
            row = {**row, "origin": "", "by": "nobody", "by_person": "", "person": ""}
        together = self._held.setdefault(alike, {**row, "times": 0})
        # Of many that are not quite the same only what they share is told.
        together |= {name: "" for name in ("person", "thing") if together[name] != row[name]}
        together["times"] += row["times"]
        self._later()
        return []

    def _later(self) -> None:
        if self._timer is not None:
            return
        if not self._ends_with_a_flush:
            self._ends_with_a_flush = True
            atexit.register(self.flush)
        self._timer = threading.Timer(MINUTE, self.flush)
        self._timer.daemon = True
        self._timer.start()

    def _write(self, rows: list[Row]) -> None:
        """Where the disk is full or the database busy, whoever is refused is refused all the same."""
        if not rows:
            return
        try:
            with self.databases.kept() as session:
                for row in rows:
                    chain.add(session, row)
        except SQLAlchemyError:
            log.exception("what was refused could not be written in the audit log")
