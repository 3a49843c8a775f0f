"""A form with a personal number in it is neither saved nor kept; what was typed comes back, and it is told where."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlmodel import select
from werkzeug.test import TestResponse

from app.audit import AuditRow, Deed
from app.config import Settings
from tests.cast import Browser
from tests.editing.writing import NOT_SAVED, errors_on, fill_in, get, leads_to, open_form
from tests.house import House
from tests.traces import traces

NUMBER = "880320-1238"
DIGITS = ("880320-1238", "8803201238", "880320")
TEXT = f"Rad ett.\n\nKlienten {NUMBER} ringde."
LOOKS_LIKE_ONE = "här står något som ser ut som ett personnummer (••••••-••••). Ta bort det."


def left(app: Flask, settings: Settings) -> list[str]:
    app.extensions["databases"].close()
    return traces(settings.home, DIGITS)


def marks_on(page: TestResponse) -> list[str]:
    """What the page offers to declare to be no number."""
    return re.findall(r'type="checkbox" name="_declared" value="([0-9a-f]+)"', page.text)


@pytest.fixture
def written(house: House) -> House:
    house.write("practices", "samtal", title="Samtal")
    house.look()
    return house


# ---- Saving ----


def test_a_new_page_with_a_number_is_not_saved_and_nothing_typed_is_lost(
    app: Flask, settings: Settings, editor: Browser
) -> None:
    page = open_form(editor, "/arbetssatt/nytt")
    answer = fill_in(editor, page, title="Samtal", summary=f"För {NUMBER}.")
    assert answer.status_code == 422
    assert errors_on(answer) == [f"Sammanfattning: {LOOKS_LIKE_ONE}"]
    assert f'value="För {NUMBER}."' in answer.text or f"För {NUMBER}.</textarea>" in answer.text
    assert not list(app.extensions["library"].files())
    assert left(app, settings) == []


def test_an_edit_with_a_number_says_where_it_stands(
    app: Flask, settings: Settings, editor: Browser, written: House
) -> None:
    page = open_form(editor, "/arbetssatt/samtal/andra?steg=2")
    answer = fill_in(editor, page, h_sa_gor_vi=TEXT)
    assert answer.status_code == 422, answer.text
    assert errors_on(answer) == [f"Så gör vi, rad 3: {LOOKS_LIKE_ONE}"]
    assert TEXT in answer.text
    assert NUMBER not in get(app, "practices", "samtal").body
    assert left(app, settings) == []


def test_the_title_of_a_page_may_not_be_a_number_either(app: Flask, settings: Settings, editor: Browser) -> None:
    answer = fill_in(editor, open_form(editor, "/arbetssatt/nytt"), title=f"Om {NUMBER}")
    assert answer.status_code == 422
    assert left(app, settings) == []


def test_the_words_about_a_change_may_not_hold_one(
    app: Flask, settings: Settings, editor: Browser, written: House
) -> None:
    page = open_form(editor, "/arbetssatt/samtal/andra")
    answer = fill_in(editor, page, summary="Ny.", _note=f"För {NUMBER}")
    assert answer.status_code == 422
    assert errors_on(answer) == [f"Vad du har ändrat: {LOOKS_LIKE_ONE}"]
    assert left(app, settings) == []


def test_a_number_on_another_step_is_shown_there(editor: Browser, written: House) -> None:
    page = open_form(editor, "/arbetssatt/samtal/andra?steg=2")
    answer = fill_in(editor, page, summary=f"För {NUMBER}")
    assert answer.status_code == 422
    assert "steg=1" in answer.text or 'name="summary"' in answer.text


# ---- What is half written ----


def test_nothing_half_written_is_kept_while_there_is_a_number_in_it(
    app: Flask, settings: Settings, editor: Browser, written: House
) -> None:
    page = open_form(editor, "/arbetssatt/samtal/andra")
    kept = fill_in(editor, page, url="/arbetssatt/samtal/andra/utkast", summary="Först.")
    assert "undanlagt" in kept.text
    told = fill_in(editor, page, url="/arbetssatt/samtal/andra/utkast", summary=f"För {NUMBER}.")
    assert "läggs inte undan, för det ser ut att innehålla ett personnummer (••••••-••••)" in told.text
    assert NUMBER not in told.text
    again = editor.get("/arbetssatt/samtal/andra")
    assert NOT_SAVED in again.text
    assert "Först." in again.text
    assert left(app, settings) == []


@pytest.mark.parametrize("do", ["next", "step 2", "keep", "preview summary", "add sources", "save", "publish"])
def test_no_button_of_a_form_keeps_a_number(app: Flask, settings: Settings, editor: Browser, do: str) -> None:
    page = open_form(editor, "/arbetssatt/nytt")
    answer = fill_in(editor, page, do=do, title="Samtal", summary=f"För {NUMBER}.")
    assert answer.status_code in (200, 422)
    assert f"För {NUMBER}." in answer.text
    assert left(app, settings) == []


def test_a_form_that_arrives_signed_out_is_not_kept_when_its_writer_signs_in(
    app: Flask, settings: Settings, anyone: Browser, editor: Browser, written: House
) -> None:
    page = open_form(editor, "/arbetssatt/samtal/andra")
    answer = fill_in(anyone, page, url="/arbetssatt/samtal/andra", summary=f"För {NUMBER}.")
    assert answer.status_code in (400, 401)
    assert left(app, settings) == []


# ---- Declared to be none ----


def test_digits_that_are_declared_to_be_no_number_are_saved(app: Flask, editor: Browser, written: House) -> None:
    page = open_form(editor, "/arbetssatt/samtal/andra")
    answer = fill_in(editor, page, summary=f"Diarienummer {NUMBER}.")
    (mark,) = marks_on(answer)
    saved = fill_in(editor, answer, summary=f"Diarienummer {NUMBER}.", _declared=mark)
    assert saved.status_code == 303, errors_on(saved)
    document = get(app, "practices", "samtal")
    assert document.front_matter.not_personal_numbers == [mark]
    assert NUMBER not in mark
    history = editor.get("/arbetssatt/samtal/historik").text
    assert "Intygade att ••••••-•••• inte är personnummer" in history

    # From now on the page is written as any other, until another number comes.
    page = open_form(editor, "/arbetssatt/samtal/andra")
    kept = fill_in(editor, page, url="/arbetssatt/samtal/andra/utkast", summary=f"Diarienummer {NUMBER}, igen.")
    assert "undanlagt" in kept.text
    assert fill_in(editor, page, summary=f"Diarienummer {NUMBER}, igen.").status_code == 303
    assert fill_in(editor, page, summary=f"Diarienummer {NUMBER} och 19900101-0017.").status_code == 422


def test_a_declaration_goes_with_the_digits_that_it_was_about(app: Flask, editor: Browser, written: House) -> None:
    page = open_form(editor, "/arbetssatt/samtal/andra")
    answer = fill_in(editor, page, summary=f"Diarienummer {NUMBER}.")
    (mark,) = marks_on(answer)
    fill_in(editor, answer, summary=f"Diarienummer {NUMBER}.", _declared=mark)
    fill_in(editor, open_form(editor, "/arbetssatt/samtal/andra"), summary="Utan nummer.")
    document = get(app, "practices", "samtal")
    assert document.front_matter.summary == "Utan nummer."
    assert document.front_matter.not_personal_numbers == []


def test_a_mark_that_nobody_was_offered_declares_nothing(
    app: Flask, settings: Settings, editor: Browser, written: House
) -> None:
    page = open_form(editor, "/arbetssatt/samtal/andra")
    for mark in ("0" * 24, NUMBER, "", "../../x"):
        assert fill_in(editor, page, summary=f"För {NUMBER}.", _declared=mark).status_code == 422
    assert left(app, settings) == []


def test_a_declared_title_gives_an_address_without_the_digits(app: Flask, editor: Browser) -> None:
    page = open_form(editor, "/arbetssatt/nytt")
    answer = fill_in(editor, page, title=f"Projekt {NUMBER} nu")
    (mark,) = marks_on(answer)
    saved = fill_in(editor, answer, title=f"Projekt {NUMBER} nu", _declared=mark)
    assert leads_to(saved, "/arbetssatt/projekt-nu")


def test_nobody_moves_a_page_to_an_address_with_a_number(app: Flask, editor: Browser, written: House) -> None:
    page = open_form(editor, "/arbetssatt/samtal/flytta")
    answer = fill_in(editor, page, address=f"samtal {NUMBER}")
    assert answer.status_code == 422
    assert "Adressen ser ut att innehålla ett personnummer" in answer.text
    with app.extensions["databases"].kept_for_reading() as session:
        told = session.exec(select(AuditRow).where(AuditRow.deed == Deed.NUMBER_IN_FORM)).one()
    assert told.document == get(app, "practices", "samtal").id


# ---- What only may be a number ----


@pytest.mark.parametrize("text", ["Ring 8803201238.", "Klienten 880320-XXXX."])
def test_what_may_be_a_number_is_saved_with_a_warning(editor: Browser, written: House, text: str) -> None:
    page = open_form(editor, "/arbetssatt/samtal/andra")
    saved = fill_in(editor, page, summary=text)
    assert saved.status_code == 303
    shown = editor.get(saved.location).text
    assert "kan vara ett personnummer. Ta i så fall bort det." in shown
    assert "Sparat" in shown
