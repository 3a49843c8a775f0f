"""A flood of refusals costs some rows a minute, and none of it is lost."""

from __future__ import annotations

import threading
from itertools import count

import pytest
from flask import Flask
from sqlmodel import col, select

from app.audit import AuditRow, Deed
from app.audit.chain import row_of
from app.audit.crowd import MINUTE, MOST, MOST_ALIKE, Crowd
from app.database import Databases
from tests.work.test_worker import until

REFUSED = Deed.FORM_REFUSED


class Clock:
    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def crowd(databases: Databases, clock: Clock) -> Crowd:
    return Crowd(databases, clock)


def rows(databases: Databases) -> list[tuple[str, int]]:
    """The origins of what was refused, and how often."""
    with databases.kept_for_reading() as session:
        found = select(AuditRow).where(AuditRow.deed == REFUSED.value).order_by(col(AuditRow.number))
        return [(row.origin, row.times) for row in session.exec(found)]


def test_the_first_of_a_minute_have_rows_and_the_rest_one_together(
    crowd: Crowd, databases: Databases, clock: Clock
) -> None:
    for _ in range(1000):
        crowd.tell(row_of(REFUSED, "nobody", origin="a"))
    assert rows(databases) == [("a", 1)] * MOST_ALIKE
    clock.seconds += MINUTE
    crowd.tell(row_of(REFUSED, "nobody", origin="b"))
    assert rows(databases) == [*[("a", 1)] * MOST_ALIKE, ("a", 1000 - MOST_ALIKE), ("b", 1)]


def test_a_flood_from_everywhere_is_counted_whole_in_few_rows(crowd: Crowd, databases: Databases) -> None:
    for number in range(5000):
        crowd.tell(row_of(REFUSED, "nobody", origin=f"o{number}"))
    crowd.flush()
    found = rows(databases)
    assert sum(times for _, times in found) == 5000
    assert len(found) <= 2 * MOST + 1


def test_what_is_alike_but_not_the_same_tells_only_what_it_shares(crowd: Crowd, databases: Databases) -> None:
    persons = count()
    for _ in range(20):
        crowd.tell(row_of(REFUSED, "nobody", origin="a", person=str(next(persons)), thing="accounts.check"))
    crowd.flush()
    with databases.kept_for_reading() as session:
        together = session.exec(select(AuditRow).where(col(AuditRow.times) > 1)).one()
    assert (together.person, together.thing, together.times) == ("", "accounts.check", 20 - MOST_ALIKE)


def test_what_was_counted_is_written_when_nothing_else_happens(
    databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.audit.crowd.MINUTE", 0.05)
    crowd = Crowd(databases, Clock())
    for _ in range(50):
        crowd.tell(row_of(REFUSED, "nobody", origin="a"))
    until(lambda: sum(times for _, times in rows(databases)) == 50, "all of them are written")


def test_what_is_counted_while_others_are_being_written_is_written_as_well(
    databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.audit.crowd.MINUTE", 0.05)
    monkeypatch.setattr("app.audit.crowd.MOST_ALIKE", 0)
    crowd = Crowd(databases, Clock())
    with databases.kept() as session:
        session.connection()  # now it holds the database, and whoever writes waits
        crowd.tell(row_of(REFUSED, "nobody", origin="a"))
        until(lambda: not crowd._held, "the first is taken to be written")
        crowd.tell(row_of(REFUSED, "nobody", origin="a"))
    until(lambda: sum(times for _, times in rows(databases)) == 2, "both are written")


def test_what_is_counted_is_written_before_the_databases_are_closed(app: Flask) -> None:
    databases, crowd = app.extensions["databases"], app.extensions["audit"]
    for _ in range(50):
        crowd.tell(row_of(REFUSED, "nobody", origin="a"))
    databases.close()
    assert sum(times for _, times in rows(databases)) == 50
    databases.close()


def test_a_flush_waits_for_one_that_is_under_way(databases: Databases, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.audit.crowd.MOST_ALIKE", 0)
    crowd = Crowd(databases, Clock())
    crowd.tell(row_of(REFUSED, "nobody", origin="a"))
    flushes = [threading.Thread(target=crowd.flush) for _ in range(2)]
    with databases.kept() as session:
        session.connection()  # now it holds the database, and whoever writes waits
        flushes[0].start()
        until(lambda: not crowd._held, "it is taken to be written")
        flushes[1].start()
        flushes[1].join(0.3)
        assert flushes[1].is_alive()
    for flush in flushes:
        flush.join()


def test_a_database_that_takes_nothing_stops_no_refusal(crowd: Crowd, databases: Databases) -> None:
    with databases.kept() as session:
        session.connection().exec_driver_sql("DROP TABLE audit_row")
    crowd.tell(row_of(REFUSED, "nobody", origin="a"))
    with databases.kept_for_reading() as session:
        assert session.connection().exec_driver_sql("SELECT count(*) FROM person").scalar()
