"""Rows are only added, nobody removes a young one, and what is done to the file by others shows."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, func, select

from app.audit import AuditRow, Deed, chain, note
from app.audit.chain import BEGINNING, End, digest_of, row_of, verify
from app.audit.tables import KEPT_FOR
from app.config import Settings
from app.database import Databases, now

LONG_AGO = KEPT_FOR + timedelta(days=3)


def add_at(session: Session, at: datetime, **said: str) -> None:
    """A row as it was added at another time."""
    end = chain.end_of(session)
    made = {**row_of(Deed.SIGNED_IN, "nobody", **said), "number": end.number + 1, "at": at}
    session.connection().execute(insert(AuditRow), [{**made, "digest": digest_of(end.digest, made)}])


@pytest.fixture
def old_rows(databases: Databases, settings: Settings) -> int:
    """A log that begins long ago: 3 rows that are past their time, and 2 that are not. How many there are."""
    with _by_hand(settings) as file:
        file.execute("DELETE FROM audit_row")
        file.execute("DELETE FROM sqlite_sequence WHERE name = 'audit_row'")
    with databases.kept() as session:
        for days in (3, 2, 1, -1, -2):
            add_at(session, now() - KEPT_FOR - timedelta(days=days))
    return 5


@contextmanager
def _by_hand(settings: Settings) -> Iterator[sqlite3.Connection]:
    """The database as somebody has it who may write in its file and removes what is in the way."""
    with closing(sqlite3.connect(settings.kept_file)) as file:
        triggers = file.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            file.execute(f"DROP TRIGGER {name}")
        yield file
        for _, sql in triggers:
            file.execute(sql)
        file.commit()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_row SET by_person = 'nobody'",
        "UPDATE audit_row SET digest = digest WHERE number = 1",
        "DELETE FROM audit_row",
        "DELETE FROM audit_row WHERE number = (SELECT max(number) FROM audit_row)",
        "INSERT OR REPLACE INTO audit_row SELECT * FROM audit_row WHERE number = 1",
        "REPLACE INTO audit_row SELECT * FROM audit_row",
        "INSERT INTO audit_row SELECT * FROM audit_row WHERE number = 1 ON CONFLICT DO UPDATE SET deed = 'published'",
        "UPDATE OR REPLACE audit_row SET number = number + 1",
    ],
)
def test_no_statement_changes_or_removes_a_row(statement: str, session: Session, settings: Settings) -> None:
    note(session, Deed.SIGNED_IN)
    session.commit()
    with closing(sqlite3.connect(settings.kept_file)) as file:
        before = file.execute("SELECT * FROM audit_row").fetchall()
        with pytest.raises(sqlite3.IntegrityError, match="the audit log is"):
            file.execute(statement)
        file.rollback()
        assert file.execute("SELECT * FROM audit_row").fetchall() == before


def test_not_even_the_program_itself_can_shorten_what_is_kept(
    databases: Databases, old_rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chain, "KEPT_FOR", timedelta(days=30))
    with pytest.raises(IntegrityError, match="two years"), databases.kept() as session:
        chain.forget_old(session)
    with databases.kept_for_reading() as session:
        assert len(session.exec(select(AuditRow)).all()) == old_rows


def test_the_time_in_the_program_is_that_in_the_database(settings: Settings, session: Session) -> None:
    with closing(sqlite3.connect(settings.kept_file)) as file:
        (sql,) = file.execute("SELECT sql FROM sqlite_master WHERE name = 'audit_row_kept_two_years'").fetchone()
    assert re.findall(r"-(\d+) days", sql) == [str(KEPT_FOR.days)]


def test_rows_past_their_time_go_and_the_younger_ones_stay(databases: Databases, old_rows: int) -> None:
    with databases.kept() as session:
        assert chain.forget_old(session) == 3
    with databases.kept() as session:
        assert chain.forget_old(session) == 0
        left = session.exec(select(AuditRow.number, AuditRow.deed).order_by(col(AuditRow.number))).all()
        assert left == [(4, "signed-in"), (5, "signed-in"), (6, "audit-forgotten")]
        assert verify(session).faults == ()
        note(session, Deed.SIGNED_IN)
        assert verify(session).faults == ()


def test_a_log_of_which_nothing_is_young_goes_on_from_its_end(databases: Databases, settings: Settings) -> None:
    with _by_hand(settings) as file:
        file.execute("DELETE FROM audit_row")
        file.execute("DELETE FROM sqlite_sequence WHERE name = 'audit_row'")
    with databases.kept() as session:
        for _ in range(3):
            add_at(session, now() - LONG_AGO)
        assert chain.forget_old(session) == 3
        assert session.exec(select(AuditRow.number)).all() == [4]
        assert verify(session).faults == ()


def test_an_untouched_chain_is_whole_and_tells_its_end(session: Session) -> None:
    note(session, Deed.ROLE_CHANGED, person="p", organisation="solna", was="member", became="coordinator")
    found = verify(session)
    assert found.faults == ()
    assert found.rows == found.end.number == session.exec(select(func.count()).select_from(AuditRow)).one()
    assert End.read(str(found.end)) == found.end == chain.end_of(session)


@pytest.mark.parametrize(
    ("tampering", "fault"),
    [
        ("UPDATE audit_row SET by_person = 'eva' WHERE number = 3", "rad 3 eller raden före är ändrad"),
        ("UPDATE audit_row SET at = '2001-01-01 00:00:00' WHERE number = 3", "rad 3 eller raden före är ändrad"),
        ("UPDATE audit_row SET digest = 'x' WHERE number = 3", "rad 3 eller raden före är ändrad"),
        ("DELETE FROM audit_row WHERE number = 3", "raderna 3–3 saknas"),
        ("DELETE FROM audit_row WHERE number <= 3", "raderna 1–3 saknas"),
        ("DELETE FROM audit_row WHERE number > 3", "raderna efter 3 saknas"),
        ("DELETE FROM audit_row", "raderna efter 0 saknas"),
    ],
)
def test_what_is_done_to_the_file_shows(tampering: str, fault: str, databases: Databases, settings: Settings) -> None:
    with _by_hand(settings) as file:
        file.execute(tampering)
    with databases.kept_for_reading() as session:
        assert fault in verify(session).faults


def test_a_chain_made_anew_does_not_hold_the_end_that_was_told(databases: Databases, settings: Settings) -> None:
    with databases.kept_for_reading() as session:
        told = verify(session).end
    with _by_hand(settings) as file:
        file.execute("DELETE FROM audit_row")
        file.execute("DELETE FROM sqlite_sequence WHERE name = 'audit_row'")
    with databases.kept() as session:
        for _ in range(told.number):
            note(session, Deed.SIGNED_IN)
        assert verify(session).faults == ()
        assert verify(session, told).faults == (f"rad {told.number} är inte densamma som förut",)


@pytest.mark.parametrize("told", ["", "5", "5:kort", f"x:{BEGINNING}", f"5:{'G' * 64}"])
def test_what_is_no_end_of_a_chain_is_refused(told: str) -> None:
    with pytest.raises(ValueError, match=r"\A.*\Z"):
        End.read(told)


def test_a_deed_that_is_undone_leaves_no_row(databases: Databases) -> None:
    def give_up() -> None:
        with databases.kept() as session:
            note(session, Deed.ADMIN_GIVEN, person="p")
            raise InterruptedError

    with pytest.raises(InterruptedError):
        give_up()
    with databases.kept_for_reading() as session:
        assert session.exec(select(AuditRow).where(AuditRow.person == "p")).all() == []


def test_migrations_that_make_the_table_anew_make_its_triggers_anew(session: Session) -> None:
    connection = session.connection()
    found = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY name").all()
    assert [name for (name,) in found] == [
        "audit_row_kept_two_years",
        "audit_row_never_changed",
        "audit_row_only_added",
    ]
