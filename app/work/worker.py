"""What the worker does, again and again: let rows and words follow history, reconcile, tidy up, back up, send."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field
from pathlib import Path
from sqlite3 import Error as SQLiteError
from threading import Event, Thread

from sqlalchemy.exc import SQLAlchemyError

from app.accounts import reminders
from app.audit import chain
from app.config import Settings
from app.database import Databases
from app.database import now as now_by_the_clock
from app.history import newest_revision
from app.index import Index, IndexNotReady
from app.keeping import how_long
from app.keeping.erasing import Eraser
from app.keeping.snapshot import NotPossible
from app.keeping.timed import TimedBackups
from app.mail.delivering import Deliveries
from app.publishing import Archive
from app.work.lock import only_worker
from app.work.metrics import House, told

log = logging.getLogger(__name__)

# How often it looks for something to do. A save is found by others within this and the time of one commit.
LOOK_SECONDS = 0.15
# It looks at the databases' files, and into them only if they have changed; but so often in any case, because a file
# can change twice within one tick of its clock.
LOOK_CLOSELY_SECONDS = 1.0
BEAT_SECONDS = 1.0
TIDY_SECONDS = 60.0
# How often it removes what is kept of people for a time only. The page on personal data says within an hour.
FORGET_SECONDS = 3600.0
TELL_END_SECONDS = 24 * 3600.0
LONGEST_PAUSE_SECONDS = 10.0
# A turn that fails so often in a row is not helped by trying again: then everything derived is made anew.
MOST_FAILURES = 5


class Stopped(Exception):
    """The worker was told to stop in the middle of something long."""


@dataclass
class Worker:
    """The one worker of a house. ``stop`` ends it after what it is doing, or in the middle of a rebuild."""

    settings: Settings
    databases: Databases
    index: Index
    archive: Archive
    deliveries: Deliveries | None = None
    stop: Event = field(default_factory=Event)
    house: House = field(init=False)
    _failures: int = 0
    _reconcile_at: float = 0.0
    _tidy_at: float = 0.0
    _forget_at: float = 0.0
    _tell_end_at: float = 0.0
    _look_closely_at: float = 0.0
    _seen: tuple[object, ...] = ()

    def __post_init__(self) -> None:
        self.house = House(self.settings, self.databases, self.index)

    def run(self) -> None:
        """Work until told to stop. Waits first while there is another worker."""
        with only_worker(self.settings.var / "work.lock", self.stop) as alone:
            if not alone:
                return
            heart = Thread(target=self._beat, name="heartbeat", daemon=True)
            heart.start()
            backups = TimedBackups(self.settings, self.archive)
            log.info("the worker begins")
            with told(self.house):
                while not self.stop.is_set():
                    self._turn_safely()
                    self._back_up_safely(backups)
                    self._deliver_safely()
                    self.stop.wait(self._pause())
                backups.end()
                if self.deliveries:
                    self.deliveries.end()
            heart.join()
            log.info("the worker ends")

    def turn(self) -> None:
        """Do once what there is to do. Raises IndexNotReady where rows or words cannot be used."""
        now = time.monotonic()
        if now >= self._reconcile_at:
            self._reconcile_at = now + self.settings.reconcile_seconds
            self.archive.settle()
            self.archive.reconcile()
        seen = self._look()
        if seen != self._seen or now >= self._look_closely_at:
            self._look_closely_at = now + LOOK_CLOSELY_SECONDS
            self._catch_up()
            self._seen = seen
        if now >= self._tidy_at:
            self._tidy_at = now + TIDY_SECONDS
            self.index.remove_old()
            self._sweep()
        if now >= self._forget_at:
            self._forget_at = now + FORGET_SECONDS
            self._forget()

    def _catch_up(self) -> None:
        if self._newest() > self.index.rows_applied():
            self.archive.catch_up()
        if self.index.words_are_behind():
            self.index.index_words()

    def _forget(self) -> None:
        how_long.carry_out(self.databases, self.settings)
        with self.databases.kept() as session:
            if put := reminders.put_due(session, self.settings, now_by_the_clock()):
                log.info("it was looked who is to be reminded", extra={"rows": put})
        if time.monotonic() >= self._tell_end_at:
            self._tell_end_at = time.monotonic() + TELL_END_SECONDS
            with self.databases.kept_for_reading() as session:
                end = chain.end_of(session)
            # Told where nobody who writes in the database can change it.
            log.info("the audit log ends here", extra={"row": end.number, "digest": end.digest})

    def _sweep(self) -> None:
        """Leave nothing of those who have ended their accounts. Where somebody reads for long it is tried again."""
        try:
            if Eraser(self.settings, self.databases, self.archive).sweep():
                log.info("what erased accounts had left is swept out")
        except (NotPossible, SQLAlchemyError, SQLiteError):
            log.warning("what erased accounts have left could not be swept out; it is tried again", exc_info=True)

    def _look(self) -> tuple[object, ...]:
        """What changes whenever somebody has written."""
        kept = self.settings.kept_file
        return tuple(_state(file) for file in (kept, kept.with_name(f"{kept.name}-wal"), *self.index.watched()))

    def rebuild(self) -> None:
        """Make everything derived anew."""
        log.warning("the index is missing or cannot be used; it is built anew")
        began = time.monotonic()
        self.archive.rebuild(self._stop_here)
        log.warning("the index was built anew", extra={"seconds": round(time.monotonic() - began, 1)})

    def _turn_safely(self) -> None:
        """One turn; whatever goes wrong is written down, and the worker goes on."""
        try:
            self.turn()
            self._failures = 0
            self.house.turned_at = time.time()
        except Exception as error:
            self._failures += 1
            missing = isinstance(error, IndexNotReady)
            if not missing:
                log.exception("the worker failed, %d in a row; it goes on", self._failures)
            if missing or self._failures % MOST_FAILURES == 0:
                self._rebuild_safely()

    def _back_up_safely(self, backups: TimedBackups) -> None:
        try:
            backups.look()
        except Exception:
            log.exception("a timed backup could not be begun; it is tried again")

    def _deliver_safely(self) -> None:
        try:
            if self.deliveries:
                self.deliveries.look()
        except Exception:
            log.exception("letters could not be looked for; it is tried again")

    def _rebuild_safely(self) -> None:
        try:
            if not self.stop.is_set():
                self.rebuild()
        except Stopped:
            log.info("stopped in the middle of a rebuild; the living generation stays")
        except Exception:
            log.exception("the index could not be built; it is tried again")

    def _pause(self) -> float:
        return min(LONGEST_PAUSE_SECONDS, LOOK_SECONDS * 2.0 ** min(self._failures, 10))

    def _newest(self) -> int:
        with self.databases.kept_for_reading() as session:
            return newest_revision(session)

    def _stop_here(self, _done: int, _total: int) -> None:
        if self.stop.is_set():
            raise Stopped

    def _beat(self) -> None:
        """Show every second that there is a worker, also while it does something long."""
        while not self.stop.wait(BEAT_SECONDS):
            try:
                self.settings.heartbeat_file.touch()
            except OSError:
                log.warning("the heartbeat cannot be written", exc_info=True)


def _state(file: Path) -> tuple[int, int] | None:
    """A file's time and size; None if it is not there."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
