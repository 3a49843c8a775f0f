"""The kept database: its migrations, its promises; and that a fork or a second process does it no harm."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from app import create_app
from app.config import CHECKOUT, Settings
from app.database import Databases, Kept, upgrade, write_ahead
from app.history import newest_revision
from app.history.tables import Revision
from tests.house import make_home


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.for_tests(make_home(tmp_path))


def test_the_migrations_make_every_kept_table_as_it_is_in_the_code(settings: Settings) -> None:
    upgrade(settings)
    create_app(settings)  # so that the tables of every room are known
    databases = Databases(settings)

    with databases.kept_engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Kept.metadata) == []
        assert set(Kept.metadata.tables) <= set(inspect(connection).get_table_names())
    databases.close()


def test_migrating_twice_changes_nothing(settings: Settings) -> None:
    upgrade(settings)
    databases = Databases(settings)
    with databases.kept() as session:
        session.add(Revision(sort="edit"))
    databases.close()

    upgrade(settings)

    with databases.kept_for_reading() as session:
        assert len(session.exec(select(Revision)).all()) == 1
    databases.close()


def test_two_processes_may_migrate_at_once(settings: Settings) -> None:
    command = (
        "import sys; from pathlib import Path; from app.config import Settings; from app.database import upgrade;"
        " upgrade(Settings.for_tests(Path(sys.argv[1])))"
    )
    both = [
        subprocess.Popen([sys.executable, "-c", command, str(settings.home)], cwd=CHECKOUT, env={**os.environ})
        for _ in range(2)
    ]

    assert [process.wait(60) for process in both] == [0, 0]


def test_a_new_file_may_be_opened_by_two_at_once(tmp_path: Path) -> None:
    """SQLite refuses one of them in about one of ten times, hence so many."""
    together = threading.Barrier(2)
    refused: list[Exception] = []

    def open_them() -> None:
        for attempt in range(200):
            with closing(sqlite3.connect(tmp_path / f"{attempt}.db", timeout=10, isolation_level=None)) as connection:
                together.wait()
                try:
                    write_ahead(connection)
                except sqlite3.Error as error:
                    refused.append(error)

    threads = [threading.Thread(target=open_them) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert refused == []


def test_as_many_may_read_at_once_as_there_may_be_threads(settings: Settings) -> None:
    databases = Databases(settings)
    with ExitStack() as many:
        for _ in range(64):
            many.enter_context(databases.kept_for_reading()).connection()
    databases.close()


def test_what_is_committed_survives_a_power_cut(settings: Settings) -> None:
    databases = Databases(settings)
    with databases.kept_engine.connect() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA synchronous")).scalar() == 2  # FULL
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1
    databases.close()


def test_a_moment_comes_back_in_utc_whatever_its_zone_was(settings: Settings) -> None:
    upgrade(settings)
    databases = Databases(settings)
    with databases.kept() as session:
        session.add(Revision(sort="edit", at=datetime(2026, 2, 3, 1, 30, tzinfo=timezone(timedelta(hours=2)))))

    with databases.kept_for_reading() as session:
        assert session.exec(select(Revision.at)).one() == datetime(2026, 2, 2, 23, 30, tzinfo=UTC)
    databases.close()


def test_a_session_that_raises_writes_nothing(settings: Settings) -> None:
    upgrade(settings)
    databases = Databases(settings)

    with pytest.raises(IntegrityError), databases.kept() as session:
        session.add_all([Revision(sort="edit", token="a"), Revision(sort="edit", token="a")])

    with databases.kept_for_reading() as session:
        assert session.exec(select(Revision)).all() == []
    databases.close()


def test_one_who_reads_and_then_writes_is_never_told_that_it_is_locked(settings: Settings) -> None:
    upgrade(settings)
    databases = Databases(settings)
    errors: list[Exception] = []

    def count_up() -> None:
        try:
            for _ in range(20):
                with databases.kept() as session:
                    session.add(Revision(sort="edit", summary=str(newest_revision(session))))
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=count_up) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert errors == []
    with databases.kept_for_reading() as session:
        assert len(session.exec(select(Revision)).all()) == 120
    databases.close()


def test_reading_does_not_wait_for_one_who_writes(settings: Settings) -> None:
    upgrade(settings)
    databases = Databases(settings)
    with databases.kept() as writing:
        writing.add(Revision(sort="edit"))
        writing.flush()
        with databases.kept_for_reading() as session:
            assert session.exec(select(Revision)).all() == []
    databases.close()


def test_the_migrations_run_from_any_working_folder(settings: Settings, tmp_path: Path) -> None:
    command = (
        "import sys; from pathlib import Path; from app.config import Settings; from app.database import upgrade;"
        " upgrade(Settings.for_tests(Path(sys.argv[1])))"
    )
    elsewhere = tmp_path / "100% elsewhere"
    elsewhere.mkdir()
    environ = {**os.environ, "PYTHONPATH": str(CHECKOUT)}

    subprocess.run([sys.executable, "-c", command, str(settings.home)], cwd=elsewhere, env=environ, check=True)

    assert settings.kept_file.exists()
    shutil.rmtree(elsewhere)
