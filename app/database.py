"""Two databases: Kept (accounts, revisions: what no file holds) and Derived (rows computed from the files).

Kept is one file with migrations, written with ``synchronous=FULL``: what is committed survives a power cut. Derived is
a file per generation that can be thrown away at any time. Each has tables and MetaData of its own.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, DateTime, Dialect, Engine, MetaData, TypeDecorator, create_engine, event
from sqlalchemy.orm import registry
from sqlmodel import Session, SQLModel

from app.config import Settings

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
WAIT_SECONDS = 30
_HALF_A_COPY = ".kept-before-"
# Constraints need names that are the same everywhere, or a later migration could not drop them.
NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Kept(SQLModel, registry=registry(metadata=MetaData(naming_convention=NAMES))):
    """Base of the tables that hold what no file can hold. Subclass it with ``table=True`` and write a migration."""


class Derived(SQLModel, registry=registry(metadata=MetaData(naming_convention=NAMES))):
    """Base of the tables that are computed from the files. Subclass it with ``table=True``; no migration, a rebuild."""


class Instant(TypeDecorator[datetime]):
    """A moment, in UTC with its time zone in Python and without in SQLite. Use as ``Field(sa_type=Instant)``."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.astimezone(UTC).replace(tzinfo=None) if value is not None else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value is not None else None


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


class Databases:
    """The house's databases. Connections are made when first asked for, and anew in a forked process."""

    def __init__(self, settings: Settings) -> None:
        self._kept_file = settings.kept_file
        self._engines: dict[Path, Engine] = {}
        self._process = os.getpid()
        self._making = threading.Lock()
        self._before_closing: list[Callable[[], None]] = []

    @property
    def kept_engine(self) -> Engine:
        return self._engine(self._kept_file, "FULL")

    def derived(self, file: Path) -> Engine:
        """The engine of one generation's rows; the same engine for the same file until ``release``."""
        return self._engine(file, "NORMAL")

    @contextmanager
    def kept(self) -> Iterator[Session]:
        """A session on the kept database that may write: committed if the block succeeds, undone if it raises.

        It takes SQLite's write lock at its first statement, so that what it reads is still true when it writes.
        """
        with Session(self.kept_engine.execution_options(writes=True), expire_on_commit=False) as session:
            yield session
            session.commit()

    @contextmanager
    def kept_for_reading(self) -> Iterator[Session]:
        """A session on the kept database that only reads; it never waits for anybody who writes."""
        with Session(self.kept_engine, expire_on_commit=False) as session:
            yield session

    def release(self, file: Path) -> None:
        """Close every idle connection to a file, before it is removed."""
        with self._making:
            engine = self._engines.pop(file, None)
        if engine is not None:
            engine.dispose()

    def before_closing(self, write: Callable[[], None]) -> None:
        """Let what waits in memory be written before the connections are closed."""
        self._before_closing.append(write)

    def close(self) -> None:
        """Close every idle connection, when what waits to be written is."""
        for write in self._before_closing:
            write()
        for file in list(self._engines):
            self.release(file)

    def _engine(self, file: Path, synchronous: str) -> Engine:
        with self._making:
            if self._process != os.getpid():
                # SQLite connections must not cross a fork, not even to be closed.
                for engine in self._engines.values():
                    engine.dispose(close=False)
                self._engines, self._process = {}, os.getpid()
            if file not in self._engines:
                self._engines[file] = _make_engine(file, synchronous)
            return self._engines[file]


def _make_engine(file: Path, synchronous: str, foreign_keys: str = "ON") -> Engine:
    file.parent.mkdir(parents=True, exist_ok=True)
    # What somebody typed must not stand in the message of an error. Each thread that asks for a connection gets one:
    # whoever has one and asks for another must not wait for those who do the same.
    engine = create_engine(
        f"sqlite:///{file}", connect_args={"timeout": WAIT_SECONDS}, hide_parameters=True, max_overflow=-1
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: Any) -> None:
        # Transactions are begun by us (below), not guessed by the driver.
        connection.isolation_level = None
        try:
            write_ahead(connection)
            connection.execute(f"PRAGMA synchronous={synchronous}")
            connection.execute(f"PRAGMA foreign_keys={foreign_keys}")
        except sqlite3.Error:
            # The file is no database: nobody else closes what never came into the pool.
            connection.close()
            raise

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A reader that turns writer could be told "locked" at once; who means to write says so at the beginning.
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def write_ahead(connection: sqlite3.Connection) -> None:
    """Let the file be written ahead (WAL). Raises sqlite3.Error for no database, or for one locked for WAIT_SECONDS.

    Of two that turn a new file to it, SQLite refuses one at once, however long it may wait: each could wait for the
    other. It tries again.
    """
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorname != "SQLITE_BUSY" or time.monotonic() >= deadline:
                raise
        time.sleep(0.01)


class CannotUpgrade(Exception):
    """The kept database cannot be brought up to date, and is as it was. Says why and what can be done, in Swedish."""


def upgrade(settings: Settings) -> None:
    """Bring the kept database to the newest migration, making it if need be. A command's job, not a web worker's.

    All migrations are one transaction, and the database is copied before it: ``copies_before``. Raises CannotUpgrade.
    """
    file = settings.kept_file
    file.parent.mkdir(parents=True, exist_ok=True)
    newest, present = newest_migration(), _present_migration(file)
    if present == newest:
        return
    if present is not None:
        if not knows_migration(present):
            raise CannotUpgrade(
                f"{file} är gjord av ett nyare Lärnät än det här (databasversion {present}, och det här känner till"
                f" {newest}). Kör det nyare, eller lägg tillbaka en säkerhetskopia från det här. Ingenting har ändrats."
            )
        copy_before(file, present, newest)
    try:
        command.upgrade(migration_config(file), "head")
    except Exception as error:
        raise CannotUpgrade(
            f"{file} gick inte att föra upp från databasversion {present or 'ingen'} till {newest}"
            f" ({type(error).__name__}). Den är som den var, och det Lärnät som användes förut går att köra med den."
        ) from error


def _present_migration(file: Path) -> str | None:
    """The migration at which a kept database is; None before the first. Raises CannotUpgrade for anything else."""
    if not file.exists():
        return None
    try:
        with closing(sqlite3.connect(file, timeout=WAIT_SECONDS)) as database:
            if not database.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone():
                return None
            found = database.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.DatabaseError as error:
        raise CannotUpgrade(
            f"{file} går inte att läsa ({getattr(error, 'sqlite_errorname', type(error).__name__)})."
            " Är den skadad, så lägg tillbaka en säkerhetskopia."
        ) from error
    return str(found[0]) if found else None


def is_up_to_date(settings: Settings) -> bool:
    """Whether the kept database is there and at the newest migration."""
    return _present_migration(settings.kept_file) == newest_migration()


def copies_before(var: Path) -> list[Path]:
    """The copies of the kept database that were made before it was brought up to date; the latest upgrade has one.

    Also half ones: a process that was killed has left them, and they hold what people have written as well.
    """
    return sorted((*var.glob("kept-before-*.db"), *var.glob(f"{_HALF_A_COPY}*")))


def copy_before(file: Path, present: str, newest: str) -> None:
    """Copy the database as it is, for whoever has to go back. Copies of earlier upgrades go: one way back is enough.

    Another process may have brought it up since it was looked at; then the copy is that one's, and no way back is lost.
    """
    target = file.with_name(f"kept-before-{newest}.db")
    descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=_HALF_A_COPY)
    made = Path(name)
    try:
        os.close(descriptor)
        with closing(sqlite3.connect(file, timeout=WAIT_SECONDS)) as old, closing(sqlite3.connect(made)) as copy:
            old.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
        if _present_migration(made) == present:
            made.replace(target)
    except (OSError, sqlite3.Error) as error:
        raise CannotUpgrade(
            f"Det gick inte att kopiera {file} före uppgraderingen ({type(error).__name__})."
            " Finns det plats på disken? Ingenting har ändrats."
        ) from error
    finally:
        made.unlink(missing_ok=True)
    for earlier in file.parent.glob("kept-before-*.db"):
        if earlier != target:
            earlier.unlink(missing_ok=True)


def migration_config(kept_file: Path) -> Config:
    """Alembic's configuration for one kept database, without an ini file."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["kept_file"] = kept_file
    return config


def newest_migration() -> str:
    """The migration that this version of the program works with."""
    return ScriptDirectory.from_config(migration_config(Path())).get_current_head() or ""


def knows_migration(version: str) -> bool:
    """Whether a kept database at this migration can be brought up to date: a newer program's cannot."""
    scripts = ScriptDirectory.from_config(migration_config(Path()))
    return any(script.revision == version for script in scripts.walk_revisions())


def engine_for_migrations(config: Config) -> Engine:
    """What migrations/env.py works on. Foreign keys are off: a table that is rebuilt is dropped in between."""
    return _make_engine(config.attributes["kept_file"], "FULL", "OFF").execution_options(writes=True)


def is_disk_trouble(error: BaseException | None) -> bool:
    """Whether a database error means that the disk took no more: full, over a limit or failing."""
    code = getattr(getattr(error, "orig", error), "sqlite_errorcode", None)
    return code is not None and code & 0xFF in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR)
