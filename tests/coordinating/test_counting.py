"""What is counted of searches: what people ask for, and nothing of who they are."""

from __future__ import annotations

import multiprocessing
import sqlite3
import threading
import time
from datetime import date, timedelta

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from app.config import Settings
from app.database import Databases, now
from app.looked_for import KEPT_FOR, LookedFor, Tally, counting, forget_old, remembered
from app.looked_for.telling import Scope, lines, months, organisations
from tests.cast import Browser
from tests.coordinating.looking import counted, tally_of
from tests.house import House
from tests.serving import PATIENCE_SECONDS
from tests.traces import traces

TODAY = date(2026, 11, 22)
ALWAYS = Scope(date(2000, 1, 1), date(2100, 1, 1))


@pytest.fixture
def databases(settings: Settings) -> Databases:
    return Databases(settings)


# ---- What is remembered of the words ----


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Hemlös   UNGDOM ", "hemlös ungdom"),
        ("hemlo\u0308s", "hemlös"),
        ("a\x00b\u202ec", "a b c"),
        ("skuld\u00adsanering", "skuldsanering"),
        ("klient 880320-1238 bostad", "klient bostad"),
        ("880320-XXXX bostad", "bostad"),
        ("880320-1238", ""),
        ("anna.andersson@exempel.se", ""),
        ("anna@exempel", ""),
        ("ring 070-123 45 67", ""),
        ("ärende 20261234567", ""),
        ("85 000 kronor 2026", "85000 kronor 2026"),
        ("!!!", ""),
        ("", ""),
    ],
)
def test_the_words_are_remembered_without_whom_they_are_about(typed: str, kept: str) -> None:
    assert remembered(typed).replace("85 000", "85000") == kept


def test_a_long_search_is_remembered_in_part_and_cheaply() -> None:
    began = time.process_time()
    assert len(remembered("ord " * 100_000)) <= counting.LONGEST
    assert time.process_time() - began < 0.05


# ---- How it is written ----


def rows(databases: Databases) -> list[tuple[str, str, int, int]]:
    with databases.kept_for_reading() as session:
        found = session.exec(select(LookedFor)).all()
        return sorted((one.words, one.organisation, one.hits, one.times) for one in found)


def test_what_is_alike_is_one_row_also_when_it_is_written_later(databases: Databases) -> None:
    tally = Tally(databases)
    for _ in range(2):
        tally.count(TODAY, "Bostad", "solna", 3)
        tally.count(TODAY, "bostad ", "solna", 3)
        tally.count(TODAY, "bostad", "", 0)
        tally.flush()
    assert rows(databases) == [("bostad", "", 0, 2), ("bostad", "solna", 3, 4)]


def test_counting_waits_for_nobody_and_what_cannot_be_written_waits(databases: Databases, settings: Settings) -> None:
    class Untouched(Databases):
        def kept(self):  # type: ignore[no-untyped-def]
            raise AssertionError("whoever searches does not wait until it is written")

    tally = Tally(Untouched(settings))
    tally.count(TODAY, "bostad", "", 0)
    other = sqlite3.connect(settings.kept_file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    quick = Databases(settings)
    with quick.kept_engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout = 50")
    tally.databases = quick
    tally.flush()
    assert tally._waiting
    other.execute("ROLLBACK")
    other.close()
    tally.flush()
    assert rows(databases) == [("bostad", "", 0, 1)]


def test_it_is_written_a_moment_later_by_itself(databases: Databases, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "WRITTEN_AFTER_SECONDS", 0.05)
    Tally(databases).count(TODAY, "bostad", "", 0)
    until = time.monotonic() + PATIENCE_SECONDS
    while not rows(databases):
        assert time.monotonic() < until
        time.sleep(0.05)


def test_nobody_fills_the_memory_or_the_disk(databases: Databases, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "MOST_WAITING", 5)
    monkeypatch.setattr(counting, "MOST_IN_A_DAY", 8)
    tally = Tally(databases)
    for begin in (0, 10, 20):
        for number in range(begin, begin + 9):
            tally.count(TODAY, f"ord{number}", "", 0)
        tally.count(TODAY, f"ord{begin}", "", 0)
        tally.flush()
    assert len(rows(databases)) == 8
    assert ("ord0", "", 0, 2) in rows(databases)


def count_many(settings: Settings, at_once: object, organisation: str) -> None:
    databases = Databases(settings)
    tally = Tally(databases)
    at_once.wait()  # type: ignore[attr-defined]
    for number in range(60):
        tally.count(TODAY, "bostad", organisation if number % 2 else "", number % 3)
        if number % 7 == 0:
            tally.flush()
    tally.flush()
    databases.close()


def test_three_processes_lose_no_search_between_them(databases: Databases, settings: Settings) -> None:
    context = multiprocessing.get_context("fork")
    start = context.Barrier(3)
    names = ("solna", "habo", "sodertalje")
    troop = [context.Process(target=count_many, args=(settings, start, name)) for name in names]
    for process in troop:
        process.start()
    for process in troop:
        process.join(PATIENCE_SECONDS)
    assert [process.exitcode for process in troop] == [0, 0, 0]
    assert sum(times for *_, times in rows(databases)) == 180
    assert sum(times for _, name, _, times in rows(databases) if name == "") == 90


def test_what_is_old_is_forgotten(databases: Databases) -> None:
    tally = Tally(databases)
    tally.count(now().date() - KEPT_FOR - timedelta(days=1), "gammalt", "", 0)
    tally.count(now().date() - KEPT_FOR + timedelta(days=1), "nyare", "", 0)
    tally.flush()
    with databases.kept() as session:
        assert forget_old(session) == 1
    assert [words for words, *_ in rows(databases)] == ["nyare"]


# ---- What is told of it ----


def test_words_are_told_after_three_uses_and_how_many_others_there_are(databases: Databases) -> None:
    tally = Tally(databases)
    for words, organisation, hits, times in (
        ("bostad", "solna", 4, 2),
        ("bostad", "habo", 0, 1),
        ("skulder", "solna", 0, 2),
        ("tolk", "solna", 3, 5),
    ):
        for _ in range(times):
            tally.count(TODAY, words, organisation, hits)
    tally.flush()
    with databases.kept_for_reading() as session:
        every, total, others = lines(session, ALWAYS, False, 10)
        assert [(one.words, one.times, one.in_vain, one.month) for one in every] == [
            ("tolk", 5, 0, "2026-11"),
            ("bostad", 3, 1, "2026-11"),
        ]
        assert (total, others) == (2, 1)
        assert [one.words for one in lines(session, ALWAYS, True, 10)[0]] == ["bostad"]
        only_solna = Scope(ALWAYS.first, ALWAYS.last, ("solna",))
        assert [one.words for one in lines(session, only_solna, False, 10)[0]] == ["tolk"]
        assert lines(session, Scope(TODAY + timedelta(days=1), ALWAYS.last), False, 10) == ([], 0, 0)
        assert [(one.month, one.times, one.in_vain) for one in months(session, ALWAYS)] == [("2026-11", 10, 3)]
        assert organisations(session) == {"solna", "habo"}
        assert lines(session, Scope(ALWAYS.first, ALWAYS.last, ()), False, 10) == ([], 0, 0)


# ---- When a page counts it ----

HTMX = {"HX-Request": "true", "HX-Current-URL": "http://localhost/sok?q="}


def test_a_search_that_is_sent_counts_once_with_its_hits_and_organisation(
    library: House, anyone: Browser, editor: Browser
) -> None:
    anyone.get("/sok?q=Hembesök")
    anyone.get("/sok?q=zzyzxq")
    editor.get("/sok?q=hembesök")
    assert counted(library) == [("hembesök", "", 1, 1), ("hembesök", "sodertalje", 1, 1), ("zzyzxq", "", 0, 1)]


def test_a_choice_a_page_or_an_order_is_the_same_search(library: House, anyone: Browser) -> None:
    came_from = {"Referer": "http://localhost/sok?q=Hembes%C3%B6k"}
    for more in ("&sida=2", "&typ=practices", "&ordning=andrad", ""):
        anyone.get(f"/sok?q=hembesök{more}", headers=came_from)
    assert counted(library) == []
    anyone.get("/sok?q=zzyzxq", headers=came_from)
    assert counted(library) == [("zzyzxq", "", 0, 1)]


def test_choices_that_leave_nothing_are_no_search_without_hits(library: House, anyone: Browser) -> None:
    anyone.get("/sok?q=hembesök&kommun=habo")
    assert counted(library) == [("hembesök", "", 1, 1)]


def test_what_is_typed_counts_when_it_is_rested_on(library: House, anyone: Browser) -> None:
    for typed in ("h", "he", "hem"):
        assert "/sok/stannat" in anyone.get(f"/sok?q={typed}", headers=HTMX).text
    assert counted(library) == []
    assert anyone.get("/sok/stannat?q=hem", headers=HTMX).status_code == 204
    assert [row[0] for row in counted(library)] == ["hem"]


def test_the_page_does_not_ask_to_be_counted_twice(library: House, anyone: Browser) -> None:
    assert "/sok/stannat" not in anyone.get("/sok?q=hembesök").text
    there = {**HTMX, "HX-Current-URL": "http://localhost/sok?q=hembes%C3%B6k"}
    assert "/sok/stannat" not in anyone.get("/sok?q=hembesök&typ=practices", headers=there).text
    assert "/sok/stannat" not in anyone.get("/sok?q=", headers=HTMX).text


@pytest.mark.parametrize(
    "headers", [{"User-Agent": "Googlebot/2.1"}, {"Sec-Purpose": "prefetch;prerender"}, {"User-Agent": "a crawler"}]
)
def test_programs_do_not_count(library: House, anyone: Browser, headers: dict[str, str]) -> None:
    anyone.get("/sok?q=hembesök", headers=headers)
    anyone.get("/sok/stannat?q=hembesök", headers={**HTMX, **headers})
    assert counted(library) == []


def test_other_ways_to_ask_do_not_count(library: House, anyone: Browser) -> None:
    anyone.get("/api/v1/search?q=hembesök")
    anyone.get("/api/v1/suggest?q=hembesök")
    anyone.head("/sok?q=hembesök")
    anyone.get("/sok/stannat?q=hembesök")
    anyone.get("/sok?q=")
    assert counted(library) == []


def test_no_personal_number_is_counted(library: House, anyone: Browser) -> None:
    anyone.get("/sok?q=klient+880320-1238", follow_redirects=True)
    anyone.get("/sok/stannat?q=klient+880320-1238", headers=HTMX)
    tally_of(library).flush()
    assert traces(library.home, ["880320"]) == []


def test_a_search_is_answered_also_where_nothing_can_be_counted(library: House, anyone: Browser) -> None:
    class Broken(Databases):
        def kept(self):  # type: ignore[no-untyped-def]
            raise OperationalError("", {}, Exception("database is locked"))

    tally = tally_of(library)
    there, tally.databases = tally.databases, Broken(library.app.extensions["settings"])
    assert anyone.get("/sok?q=hembesök").status_code == 200
    tally.flush()
    tally.databases = there
    assert counted(library) == [("hembesök", "", 1, 1)]


def test_what_waits_is_written_when_the_house_is_closed_and_nothing_is_written_later(
    library: House, anyone: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "WRITTEN_AFTER_SECONDS", 0.2)
    anyone.get("/sok?q=boendest%C3%B6d")
    library.app.extensions["databases"].close()
    there, closed = library.home / "var/kept.db", library.home / "var/closed.db"
    there.rename(closed)
    time.sleep(0.4)
    assert not there.exists()
    with sqlite3.connect(closed) as database:
        assert database.execute("SELECT words FROM looked_for").fetchall() == [("boendestöd",)]


def test_a_flush_waits_for_one_that_is_under_way(databases: Databases) -> None:
    tally = Tally(databases)
    tally.count(TODAY, "hembesök", "solna", 3)
    flushes = [threading.Thread(target=tally.flush) for _ in range(2)]
    with databases.kept() as session:
        session.connection()  # now it holds the database, and whoever writes waits
        flushes[0].start()
        time.sleep(0.1)
        flushes[1].start()
        flushes[1].join(0.3)
        assert flushes[0].is_alive()
        assert flushes[1].is_alive()
    for flush in flushes:
        flush.join()


def test_counting_costs_a_search_next_to_nothing(databases: Databases) -> None:
    tally = Tally(databases)
    began = time.process_time()
    for number in range(1000):
        tally.count(TODAY, f"hemlös ungdom {number % 50}", "solna", 3)
    assert (time.process_time() - began) / 1000 < 0.001
    tally.flush()
