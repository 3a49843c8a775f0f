"""Saving the words of the search: logged before it is done, and nothing that anybody else wrote is lost."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import pytest
from sqlmodel import select

from app.audit import Deed
from app.audit.tables import AuditRow
from app.history import newest_revision, revisions_of
from app.history.tables import Head, Revision, RevisionFile, Sort, State
from app.library.shelf import version_of
from app.library.word_lists import IDENTITY, PATH, read_word_lists, with_row
from app.publishing import Refused, placing
from app.publishing.journal import Planned, write_down
from app.publishing.word_list import change_words, last_readable
from tests.publishing.desk import ANNA, BO, Desk
from tests.serving import PATIENCE_SECONDS
from tests.traces import traces

TEXT = "# Våra ord.\nsynonyms:\n  - [AME, arbetsmarknadsenhet]\n"
AME = ("AME", "arbetsmarknadsenhet")
IFO = ("IFO", "individ- och familjeomsorg")


def lay(desk: Desk, text: str = TEXT) -> Path:
    """Write the file as somebody outside would."""
    file = desk.home / PATH
    file.write_text(text, encoding="utf-8")
    return file


def add(desk: Desk, *row: str) -> None:
    change_words(desk.archive, lambda text: with_row(text, (), row), ANNA, "Lade till en rad")


def history(desk: Desk) -> list[tuple[str, str]]:
    with desk.databases.kept_for_reading() as session:
        return [(entry.author_name, entry.summary) for entry in revisions_of(session, IDENTITY)]


def deeds(desk: Desk) -> list[str]:
    with desk.databases.kept_for_reading() as session:
        return [row.by for row in session.exec(select(AuditRow).where(AuditRow.deed == Deed.WORDS_CHANGED))]


def test_a_change_is_in_the_file_in_history_and_in_the_audit_log(desk: Desk) -> None:
    file = lay(desk)
    desk.archive.reconcile()
    add(desk, *IFO)
    assert file.read_text(encoding="utf-8") == f"{TEXT}  - [{', '.join(IFO)}]\n"
    assert history(desk) == [("Anna Andersson", "Lade till en rad"), ("Fanns från början", "Fanns när Lärnät startade")]
    assert len(deeds(desk)) == 1


def test_the_first_words_of_all_make_the_file(desk: Desk) -> None:
    add(desk, *AME)
    assert read_word_lists((desk.home / PATH).read_bytes()).rows == (AME,)


def test_what_somebody_changed_outside_is_in_history_before_the_next_change(desk: Desk) -> None:
    lay(desk)
    desk.archive.reconcile()
    lay(desk, TEXT.replace("AME", "AMC"))
    add(desk, *IFO)
    assert [summary for _, summary in history(desk)] == [
        "Lade till en rad",
        "Ändrad utanför Lärnät",
        "Fanns när Lärnät startade",
    ]
    assert len(deeds(desk)) == 2


def test_the_worker_notices_what_was_changed_outside_and_nothing_twice(desk: Desk) -> None:
    lay(desk)
    for _ in range(3):
        desk.archive.reconcile()
    lay(desk, TEXT.replace("AME", "AMC"))
    for _ in range(3):
        desk.archive.reconcile()
    assert len(history(desk)) == 2


def test_the_file_is_no_document_of_anybodys(desk: Desk) -> None:
    lay(desk)
    add(desk, *IFO)
    desk.archive.reconcile()
    with desk.databases.kept_for_reading() as session:
        assert session.exec(select(Head)).all() == []
    assert desk.archive.index.problems() == []


def test_a_change_that_refuses_leaves_everything_as_it_was(desk: Desk) -> None:
    file = lay(desk)

    def refuse(text: str) -> str:
        raise Refused("nej")

    with pytest.raises(Refused):
        change_words(desk.archive, refuse, ANNA, "x")
    assert file.read_text(encoding="utf-8") == TEXT
    assert [summary for _, summary in history(desk)] == ["Fanns när Lärnät startade"]


def test_a_personal_number_is_not_written(desk: Desk) -> None:
    lay(desk)
    with pytest.raises(Refused, match="personnummer"):
        add(desk, "klient", "880320-1238")
    assert "880320" not in (desk.home / PATH).read_text(encoding="utf-8")


def test_a_file_that_cannot_be_read_is_not_written_over(desk: Desk) -> None:
    file = lay(desk, "synonyms: [[AME\n")
    with pytest.raises(Refused, match="går inte att läsa"):
        add(desk, *IFO)
    assert file.read_text(encoding="utf-8") == "synonyms: [[AME\n"


def test_a_personal_number_that_somebody_laid_there_is_not_written_into_history(desk: Desk) -> None:
    lay(desk)
    desk.archive.reconcile()
    lay(desk, TEXT + "  - [klient, 880320-1238]\n")
    desk.archive.reconcile()
    lists = last_readable(desk.databases)
    assert lists is not None
    assert lists.rows == (AME,)
    assert traces(desk.home, ["880320"], besides=[desk.home / PATH]) == []
    with desk.databases.kept_for_reading() as session:
        assert [row.deed for row in session.exec(select(AuditRow))].count(Deed.NUMBER_OUTSIDE) == 1


def pending(desk: Desk, text: str) -> None:
    """Leave what a process leaves that was killed before its file was in place."""
    name = desk.library.stage(PATH, text).name
    base = placing.standing(desk.library, PATH)
    file = Planned(PATH, IDENTITY, base, version_of(text), text.encode())
    with desk.databases.kept() as session:
        write_down(session, sort=Sort.EVENT, author=BO, summary="Bos rad", files=[file], staged={PATH: name})


def test_a_save_that_was_cut_off_is_finished_before_the_next(desk: Desk) -> None:
    file = lay(desk)
    desk.archive.reconcile()
    pending(desk, with_row(TEXT, (), ("Bo", "Berg")))
    add(desk, *IFO)
    assert read_word_lists(file.read_bytes()).rows == (AME, ("Bo", "Berg"), IFO)
    assert [summary for _, summary in history(desk)] == ["Lade till en rad", "Bos rad", "Fanns när Lärnät startade"]


def test_of_a_save_that_was_cut_off_and_a_file_changed_meanwhile_both_are_kept(desk: Desk) -> None:
    file = lay(desk)
    desk.archive.reconcile()
    pending(desk, with_row(TEXT, (), ("Bo", "Berg")))
    lay(desk, TEXT.replace("AME", "AMC"))
    desk.archive.reconcile()
    assert "AMC" in file.read_text(encoding="utf-8")
    with desk.databases.kept_for_reading() as session:
        states = {row.summary: row.state for row in session.exec(select(Revision))}
        assert states["Bos rad"] == State.KEPT_BOTH
        assert len(session.exec(select(RevisionFile)).all()) == 3


def test_the_rows_follow_past_a_change_of_the_words(desk: Desk) -> None:
    lay(desk)
    add(desk, *IFO)
    desk.archive.reconcile()
    with desk.databases.kept_for_reading() as session:
        assert desk.index.rows_applied() == newest_revision(session)


def add_many(home_settings: object, mark: str, at_once: object, count: int) -> None:
    desk = Desk(home_settings)  # type: ignore[arg-type]
    at_once.wait()  # type: ignore[attr-defined]
    for number in range(count):
        add(desk, f"{mark}{number}", f"ett{mark}{number}")
    desk.databases.close()


def test_three_processes_add_rows_at_once_and_none_is_lost(desk: Desk) -> None:
    lay(desk)
    desk.archive.reconcile()
    context = multiprocessing.get_context("fork")
    start = context.Barrier(3)
    troop = [context.Process(target=add_many, args=(desk.settings, mark, start, 5)) for mark in ("qa", "qb", "qc")]
    for process in troop:
        process.start()
    for process in troop:
        process.join(PATIENCE_SECONDS)
    assert [process.exitcode for process in troop] == [0, 0, 0]
    rows = read_word_lists((desk.home / PATH).read_bytes()).rows
    assert len(rows) == 16
    assert {row[0] for row in rows[1:]} == {f"{mark}{number}" for mark in ("qa", "qb", "qc") for number in range(5)}
