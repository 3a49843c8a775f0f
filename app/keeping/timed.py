"""Backups by the clock: when the next is due, which old ones go, and how the latest attempt went.

How it went stands in a small file in ``var/``, which the worker writes and the web workers read for /healthz.
"""

from __future__ import annotations

import json
import logging
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any

from app.config import Settings
from app.keeping.backup import SUFFIX, backup
from app.keeping.snapshot import NotPossible
from app.keeping.whole_files import TEMPORARY, whole_file
from app.publishing import Archive

log = logging.getLogger(__name__)

# A house that has just started has other things to do first.
FIRST = timedelta(minutes=5)
# After a failure it is tried again sooner than the next is due.
AGAIN = timedelta(hours=1)
LOOK_SECONDS = 5.0
A_LITTLE = timedelta(minutes=10)
# Half a backup that is older than this belongs to a process that is gone.
STALE = timedelta(days=1)


class Stopped(Exception):
    """The worker was told to stop in the middle of a backup; nothing of it is left."""


@dataclass
class TimedBackups:
    """The backups of one house. ``look`` is called often, begins one where it is due, and never waits or raises."""

    settings: Settings
    archive: Archive
    began: datetime = field(default_factory=lambda: datetime.now(UTC))
    _stop: Event = field(default_factory=Event)
    _thread: Thread | None = None
    _look_at: float = 0.0

    def look(self) -> None:
        """Begin a backup beside the worker's other work, if one is due and none is being made."""
        if not self.settings.backup_hours or time.monotonic() < self._look_at:
            return
        self._look_at = time.monotonic() + min(LOOK_SECONDS, self.settings.backup_hours * 3600)
        if (self._thread is None or not self._thread.is_alive()) and datetime.now(UTC) >= self.due():
            self._thread = Thread(target=self.make, name="backup")
            self._thread.start()

    def end(self) -> None:
        """Stop in the middle of a backup, if one is being made, and wait until it is gone."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def due(self) -> datetime:
        """When the next backup is to be made."""
        every = timedelta(hours=self.settings.backup_hours)
        newest = _newest(self.settings.backups)
        due = newest + every if newest else self.began + min(FIRST, every)
        failed = _last(self.settings)
        if failed and not failed["ok"] and _has_been(at := datetime.fromisoformat(failed["at"])):
            due = max(due, at + min(AGAIN, every))
        return due

    def make(self) -> None:
        """Make a backup, remove the oldest, and note how it went. Whatever goes wrong is written in the log."""
        at = datetime.now(UTC)
        error = ""
        try:
            folder = self.settings.backups
            folder.mkdir(parents=True, exist_ok=True)
            made = backup(self.settings, self.archive, folder, self._or_stop)
            remove_old(folder, self.settings.backup_keep)
            log.info("a backup was made", extra={"revision": made.manifest.revision})
        except Stopped:
            log.info("stopped in the middle of a backup; nothing of it is left")
            return
        except Exception as failure:
            log.exception("the timed backup failed; it is tried again")
            error = str(failure) if isinstance(failure, NotPossible) else getattr(failure, "strerror", None) or ""
            error = error or type(failure).__name__
        try:
            _note(self.settings, {"at": at.isoformat(), "ok": not error, "error": error})
        except OSError:
            log.exception("how the backup went could not be noted")

    def _or_stop(self, _done: int, _total: int) -> None:
        if self._stop.is_set():
            raise Stopped


def copies_in(folder: Path) -> list[tuple[datetime, Path]]:
    """The timed backups in a folder and when they were made, the oldest first. Other files in it are none of ours.

    Those from the future come before all: they were made while the clock was wrong.
    """
    found = []
    for file in folder.glob(f"larnat-*{SUFFIX}"):
        with suppress(ValueError):
            found.append((datetime.strptime(file.name, f"larnat-%Y%m%dT%H%M%S%z{SUFFIX}"), file))
    return sorted(found, key=lambda copy: (_has_been(copy[0]), copy))


def _newest(folder: Path) -> datetime | None:
    """When the newest copy was made that is not from the future."""
    return max((made for made, _ in copies_in(folder) if _has_been(made)), default=None)


def _has_been(moment: datetime) -> bool:
    """Whether the clock has shown a moment, as far as it can be trusted. It may be set back a little at any time."""
    return moment <= datetime.now(UTC) + A_LITTLE


def remove_old(folder: Path, keep: int) -> None:
    """Remove the oldest backups but so many, and what killed ones have left."""
    for _, file in copies_in(folder)[:-keep]:
        file.unlink(missing_ok=True)
    oldest = time.time() - STALE.total_seconds()
    for half in folder.glob(f"{TEMPORARY}*"):
        with suppress(FileNotFoundError):
            if half.stat().st_mtime < oldest:
                half.unlink()


def health(settings: Settings) -> dict[str, Any]:
    """How it stands with the timed backups: ``ok`` unless the latest failed or the newest copy is twice too old."""
    if not settings.backup_hours:
        return {"ok": True, "newest": None, "error": "", "hours": 0}
    newest = _newest(settings.backups)
    last = _last(settings) or {"ok": True, "error": ""}
    late = newest is not None and datetime.now(UTC) - newest > 2 * timedelta(hours=settings.backup_hours) + AGAIN
    return {
        "ok": last["ok"] and not late,
        "newest": newest.isoformat() if newest else None,
        "error": last["error"] or ("late" if late else ""),
        "hours": settings.backup_hours,
    }


def _note_file(settings: Settings) -> Path:
    return settings.var / "backup.json"


def _note(settings: Settings, told: dict[str, Any]) -> None:
    with whole_file(_note_file(settings)) as stream:
        stream.write(json.dumps(told).encode())


def _last(settings: Settings) -> dict[str, Any] | None:
    """How the latest attempt went; None before the first, or where the note cannot be read."""
    try:
        told = json.loads(_note_file(settings).read_bytes())
        datetime.fromisoformat(told["at"])
        return {"at": str(told["at"]), "ok": bool(told["ok"]), "error": str(told["error"])}
    except (OSError, ValueError, TypeError, KeyError):
        return None
