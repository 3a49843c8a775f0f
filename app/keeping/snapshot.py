"""One moment of a house, to be copied while it lives on.

Under the library lock nothing is copied: the files are given a second name (a hard link), and a reading of the
database is begun. A save replaces a file and never writes into it, so the second name keeps the old text; and in
SQLite's WAL mode a reading sees the database as it was when it began. So nobody waits for a large copy.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import EllipsisType

from app.config import Settings
from app.database import newest_migration
from app.keeping.contents import DATABASE, contents_of
from app.keeping.quarantine import held_back, in_words
from app.keeping.whole_files import only_one
from app.publishing import Archive
from app.publishing.lock import locked

SNAPSHOTS = "snapshot-"
WAIT_SECONDS = 30
# The database is copied in pieces of so many pages, so that one who has to stop can.
PAGES = 2000

Progress = Callable[[int, int], None]


class NotPossible(Exception):
    """The copy cannot be made or put back as things stand. Says why, in Swedish."""


@dataclass(frozen=True)
class Snapshot:
    """The files of one moment under ``folder``, the database among them, all of the same revision."""

    folder: Path
    files: tuple[str, ...]
    left_out: tuple[str, ...]
    revision: int
    migration: str


@contextmanager
def snapshot(settings: Settings, archive: Archive, progress: Progress | None = None) -> Iterator[Snapshot]:
    """A moment of the house, gone again after the block. Raises NotPossible and OSError."""
    if not settings.kept_file.exists():
        raise NotPossible(f"Det finns ingen databas i {settings.var}. Kör ”larnat prepare” först.")
    with _alone(settings.var):
        _remove_left_behind(settings.var)
        folder = settings.var / f"{SNAPSHOTS}{uuid.uuid4().hex}"
        folder.mkdir(mode=0o700)
        try:
            yield _taken(settings, archive, folder, progress or (lambda done, total: None))
        finally:
            shutil.rmtree(folder)


def _taken(settings: Settings, archive: Archive, folder: Path, progress: Progress) -> Snapshot:
    with closing(sqlite3.connect(settings.kept_file, timeout=WAIT_SECONDS, isolation_level=None)) as database:
        with _at_rest(settings, archive, _migration(database)):
            # The first question of a transaction decides which moment it sees.
            database.execute("BEGIN")
            migration, revision = _migration(database), _revision(database)
            contents = contents_of(settings.home)
            held = held_back(archive) if migration == newest_migration() else {}
            files = [path for path in contents.files if _put(settings.home / path, folder / path, held.get(path, ...))]
            contents.left_out += [in_words(path, held[path]) for path in contents.files if path in held]
        _copy(database, folder / DATABASE, progress)
    return Snapshot(folder, (*files, DATABASE), tuple(contents.left_out), revision, migration)


def _at_rest(settings: Settings, archive: Archive, migration: str) -> AbstractContextManager[None]:
    """The house at rest. With a database of an older program only the lock is taken: the copy may be for an upgrade."""
    if migration != newest_migration():
        return locked(settings.lock_file)
    archive.take_in()
    return archive.at_rest()


def _migration(database: sqlite3.Connection) -> str:
    return str(database.execute("SELECT version_num FROM alembic_version").fetchone()[0])


def _revision(database: sqlite3.Connection) -> int:
    return int(database.execute("SELECT max(number) FROM revision WHERE state = 'done'").fetchone()[0] or 0)


def _put(file: Path, name: Path, instead: bytes | EllipsisType | None) -> bool:
    """Let the copy have the file, or what goes ``instead`` of it, if anything does. False if it has not got any."""
    if isinstance(instead, EllipsisType):
        return _name_again(file, name)
    if instead is None:
        return False
    name.parent.mkdir(parents=True, exist_ok=True)
    name.write_bytes(instead)
    return True


def _name_again(file: Path, name: Path) -> bool:
    """Give the file a second name, or copy it where the file system or the file's owner allows none.

    False if somebody outside, whom no lock keeps away, has removed it in this very moment.
    """
    name.parent.mkdir(parents=True, exist_ok=True)
    try:
        try:
            os.link(file, name, follow_symlinks=False)
        except FileNotFoundError:
            raise
        except OSError:
            shutil.copyfile(file, name, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True


def _copy(database: sqlite3.Connection, target: Path, progress: Progress) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(target, isolation_level=None)) as copy:
        copy.execute("PRAGMA synchronous=OFF")
        database.backup(copy, pages=PAGES, progress=lambda _, left, total: progress(total - left, total))
        # One file, without a log of its own beside it.
        copy.execute("PRAGMA journal_mode=DELETE")


def remove_left_behind(var: Path) -> None:
    """Remove what killed backups have left: it holds what people have written. One that goes on removes its own."""
    # Where there is nothing the lock is left to whoever wants to make a backup just now.
    if any(var.glob(f"{SNAPSHOTS}*")):
        with suppress(NotPossible), _alone(var):
            _remove_left_behind(var)


def _alone(var: Path) -> AbstractContextManager[None]:
    return only_one(var / "backup.lock", NotPossible("En annan säkerhetskopiering pågår. Vänta tills den är klar."))


def _remove_left_behind(var: Path) -> None:
    """What a killed backup left. Whoever has the lock knows that nobody works with it."""
    for folder in var.glob(f"{SNAPSHOTS}*"):
        with suppress(FileNotFoundError):
            shutil.rmtree(folder)
