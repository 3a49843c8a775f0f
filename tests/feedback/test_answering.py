"""Administrators read the reports and answer them; nobody else does, and what is done is gone in time."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlmodel import select

from app.cli import larnat
from app.config import Settings
from app.database import Databases, now
from app.feedback import reports
from app.feedback.reports import KEPT_WHEN_DONE, Report
from tests.cast import Browser
from tests.editing.writing import fields_of
from tests.feedback.reporting import kept, send
from tests.seeing import see


@pytest.fixture
def one_report(anyone: Browser) -> None:
    sent = send(anyone, text="Bilagan går inte att öppna.", page="/sok", email_or_phone="kim@hem.example")
    assert sent.status_code == 303


def answer(admin: Browser, state: str, note: str, number: int = 1, **typed: str) -> int:
    """Open the report, write the note and press a button; gives the status."""
    fields = fields_of(admin.get(f"/rapporter/{number}"))
    return admin.post(f"/rapporter/{number}", data={**fields, "note": note, "state": state, **typed}).status_code


@pytest.mark.usefixtures("one_report")
def test_an_administrator_reads_a_report_and_answers_it(app: Flask, admin: Browser) -> None:
    listed = see(admin.get("/rapporter"))
    assert listed.links["1. Något fungerar inte"] == "/rapporter/1"
    assert "En rapport väntar på er." in listed.words
    shown = see(admin.get("/rapporter/1"))
    assert "Bilagan går inte att öppna." in shown.words
    assert "kim@hem.example" in shown.words
    assert shown.leads_to("/sok")
    assert answer(admin, "done", "Bytte filen och svarade.") == 303
    [report] = kept(app)
    assert (report.state, report.note) == ("done", "Bytte filen och svarade.")
    assert report.done_at is not None
    assert "Ingen rapport väntar på er." in see(admin.get("/rapporter")).words
    assert see(admin.get("/rapporter?lage=atgardade")).leads_to("/rapporter/1")


@pytest.mark.usefixtures("one_report")
def test_a_note_can_wait_for_the_answer_and_what_was_done_be_opened_again(app: Flask, admin: Browser) -> None:
    assert answer(admin, "new", "Frågat Solna.") == 303
    assert kept(app)[0].done_at is None
    assert answer(admin, "done", "Klart.") == 303
    assert answer(admin, "new", "Inte klart.") == 303
    [report] = kept(app)
    assert (report.state, report.note, report.done_at) == ("new", "Inte klart.", None)


@pytest.mark.usefixtures("one_report")
@pytest.mark.parametrize("address", ["/rapporter", "/rapporter/1", "/rapporter/99"])
def test_reports_ask_for_a_sign_in_and_are_for_administrators(
    anyone: Browser, editor: Browser, coordinator: Browser, address: str
) -> None:
    assert anyone.get(address).status_code == 401
    for member in (editor, coordinator):
        refused = member.get(address)
        assert refused.status_code == 403
        assert "Bilagan" not in refused.text


@pytest.mark.usefixtures("one_report")
def test_nobody_else_answers_a_report(app: Flask, anyone: Browser, editor: Browser) -> None:
    typed = {"state": "done", "note": "Nej.", "seen_state": "new", "seen_note": ""}
    assert anyone.post("/rapporter/1", data=typed).status_code == 401
    assert editor.post("/rapporter/1", data=typed).status_code == 403
    assert kept(app)[0].seen == ("new", "")


@pytest.mark.usefixtures("one_report")
def test_of_two_who_answer_at_once_the_second_sees_what_the_first_wrote(app: Flask, admin: Browser) -> None:
    opened = fields_of(admin.get("/rapporter/1"))
    assert answer(admin, "done", "Den förstas.") == 303
    late = admin.post("/rapporter/1", data={**opened, "note": "Den andras.", "state": "new"})
    assert late.status_code == 409
    page = see(late)
    assert "Någon annan hann före. Rapporten är nu åtgärdad, och deras anteckning lyder: Den förstas." in page.words
    assert kept(app)[0].note == "Den förstas."
    fields = fields_of(late)
    assert fields["note"] == "Den andras."
    assert admin.post("/rapporter/1", data={**fields, "note": "Båda.", "state": "done"}).status_code == 303
    assert kept(app)[0].note == "Båda."


@pytest.mark.usefixtures("one_report")
def test_the_same_answer_sent_twice_is_one(admin: Browser) -> None:
    fields = {**fields_of(admin.get("/rapporter/1")), "note": "Klart.", "state": "done"}
    assert [admin.post("/rapporter/1", data=fields).status_code for _ in range(2)] == [303, 303]


@pytest.mark.usefixtures("one_report")
def test_a_note_that_is_too_long_stays_in_its_box(app: Flask, admin: Browser) -> None:
    fields = {**fields_of(admin.get("/rapporter/1")), "note": "x" * 5001, "state": "done"}
    refused = admin.post("/rapporter/1", data=fields)
    assert refused.status_code == 422
    assert fields_of(refused)["note"] == "x" * 5001
    assert answer(admin, "done", "Ringde 121212-1212.") == 422
    assert kept(app)[0].seen == ("new", "")
    assert answer(admin, "finished", "x") == 400


def test_a_report_or_a_list_that_is_not_there_is_not_found(admin: Browser) -> None:
    for address in ("/rapporter/1", "/rapporter?lage=alla", "/rapporter?sida=0", "/rapporter?sida=2"):
        assert admin.get(address).status_code == 404
    assert admin.post("/rapporter/1", data={"state": "done", "note": ""}).status_code == 404


def test_many_reports_are_shown_page_by_page_the_newest_first(app: Flask, admin: Browser) -> None:
    with app.extensions["databases"].kept() as session:
        session.add_all(Report(token=f"t{n}", subject="fault", text=f"Rapport {n}.") for n in range(1, 26))
    first, second = see(admin.get("/rapporter")), see(admin.get("/rapporter?sida=2"))
    assert "Rapport 25." in first.words
    assert "Rapport 5." not in first.words
    assert "Rapport 5." in second.words
    assert first.links["2"] == "/rapporter?lage=nya&sida=2"
    assert "Rapporter (25 nya)" in admin.get("/").text


@pytest.mark.usefixtures("one_report")
def test_a_report_comes_along_into_a_backup_and_back(app: Flask, tmp_path: Path) -> None:
    settings, copy, home = app.extensions["settings"], tmp_path / "copy.tar.gz", tmp_path / "restored"
    assert CliRunner().invoke(larnat, ["backup", str(copy)], obj=settings).exit_code == 0
    restored = CliRunner().invoke(larnat, ["restore", str(copy), "--home", str(home)], obj=settings)
    assert restored.exit_code == 0, restored.output
    databases = Databases(Settings.for_tests(home))
    with databases.kept_for_reading() as session:
        assert session.exec(select(Report.text)).one() == "Bilagan går inte att öppna."
    databases.close()


def test_what_was_done_long_ago_is_removed_and_the_rest_stays(app: Flask) -> None:
    long_ago, lately = now() - KEPT_WHEN_DONE - timedelta(days=1), now() - KEPT_WHEN_DONE + timedelta(days=1)
    with app.extensions["databases"].kept() as session:
        session.add_all(
            [
                Report(token="a", subject="fault", text="Gammal och klar", state="done", at=long_ago, done_at=long_ago),
                Report(token="b", subject="fault", text="Klar nyss", state="done", at=long_ago, done_at=lately),
                Report(token="c", subject="fault", text="Gammal och ny", at=long_ago),
            ]
        )
        session.flush()
        assert reports.remove_old(session) == 1
    assert [report.text for report in kept(app)] == ["Klar nyss", "Gammal och ny"]
