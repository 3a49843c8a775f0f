"""Counting searches: in memory while somebody waits for an answer, and in the database a few seconds later.

A search must be as fast as if nobody counted, and be answered also where the database is busy or its disk is full. So a
process counts for itself and writes what it has together; one that is killed loses a few seconds of it.
"""

from __future__ import annotations

import atexit
import logging
import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col

from app.database import Databases
from app.language.words import normal, words
from app.library.contact_details import details_in
from app.library.personal_data import find
from app.looked_for.tables import LookedFor

log = logging.getLogger(__name__)

LONGEST = 80
MOST_HITS = 1000
WRITTEN_AFTER_SECONDS = 5.0
# A process remembers so many different searches until they are written, and a day so many rows: nobody fills the disk.
MOST_WAITING, MOST_IN_A_DAY = 2000, 5000
# So many digits together are the number of something or somebody, whatever the rest is.
MOST_DIGITS = 5

Searched = tuple[date, str, str, int]


def remembered(typed: str) -> str:
    """The words as they are remembered: small letters, single blanks. "" for what is not: nothing, or somebody's.

    Personal numbers are taken out of them, also half ones; whoever writes a way to reach somebody, or another long
    number, is not counted at all.
    """
    text = typed[: 4 * LONGEST]
    for found in reversed(list(find(text))):
        text = f"{text[: found.start]} {text[found.end :]}"
    text = " ".join("".join(sign if sign.isprintable() else " " for sign in normal(text)).split())[:LONGEST].strip()
    if "@" in text or any(details_in(text)) or not words(text):
        return ""
    long_number = any(sum(sign.isdigit() for sign in word) > MOST_DIGITS for word in words(text))
    return "" if long_number else text


@dataclass
class Tally:
    """What one process has counted and not yet written; when the process ends, what is left is written."""

    databases: Databases
    _waiting: Counter[Searched] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _writing: threading.Lock = field(default_factory=threading.Lock)
    _timer: threading.Timer | None = None
    _ends_with_a_flush: bool = False

    def count(self, day: date, typed: str, organisation: str, hits: int) -> None:
        """Count one search. It takes no longer than to remember it."""
        text = remembered(typed)
        searched = (day, text, organisation, min(hits, MOST_HITS))
        with self._lock:
            if not text or (len(self._waiting) >= MOST_WAITING and searched not in self._waiting):
                return
            self._waiting[searched] += 1
            if not self._ends_with_a_flush:
                self._ends_with_a_flush = True
                atexit.register(self.flush)
            if self._timer is None:
                self._timer = threading.Timer(WRITTEN_AFTER_SECONDS, self.flush)
                self._timer.daemon = True
                self._timer.start()

    def flush(self) -> None:
        """Write what has been counted; where that cannot be done now it waits on.

        One that is under way in another thread is waited for, so that nothing is written once this returns.
        """
        with self._writing:
            self._flush()

    def _flush(self) -> None:
        with self._lock:
            waiting, self._waiting = self._waiting, Counter()
            timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()
        if not waiting:
            return
        try:
            with self.databases.kept() as session:
                _write(session, waiting.items())
        except SQLAlchemyError:
            log.warning("searches could not be counted yet", exc_info=True)
            with self._lock:
                self._waiting.update(dict(waiting.most_common(MOST_WAITING)))


def _write(session: Session, counted: Iterable[tuple[Searched, int]]) -> None:
    """Add to the rows that are there already. A day that is full takes no more."""
    connection = session.connection()
    names = ("day", "words", "organisation", "hits")
    by_day: dict[date, list[dict[str, Any]]] = {}
    for searched, times in counted:
        by_day.setdefault(searched[0], []).append({**dict(zip(names, searched, strict=True)), "times": times})
    more = insert(LookedFor)
    adding = more.on_conflict_do_update(index_elements=names, set_={"times": LookedFor.times + more.excluded.times})
    for day, rows in by_day.items():
        there = select(func.count()).select_from(LookedFor).where(col(LookedFor.day) == day)
        room = MOST_IN_A_DAY - connection.execute(there).scalar_one()
        if room > 0:
            connection.execute(adding, rows[:room])
