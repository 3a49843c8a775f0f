"""A file with a personal number in it, in its name or in its description is not taken, on no page that takes files."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.config import Settings
from tests.cast import Browser
from tests.editing.test_files_in_forms import EDIT, PICTURE, post, shown, upload, waiting
from tests.editing.test_files_in_forms import press as press_in_form
from tests.editing.test_files_page import names, press, reasons, said
from tests.editing.writing import fields_in, get, open_form
from tests.house import House
from tests.library.written_files import paragraph, pdf, word
from tests.traces import traces

NUMBER = "880320-1238"
DIGITS = ("880320-1238", "8803201238", "880320")
LETTER = word(paragraph("Inget") + paragraph(f"Klienten {NUMBER}"))
STOPPED = "Filen ser ut att innehålla personnummer (rad 2: ••••••-••••). Ta bort dem, och lägg till den på nytt."


@pytest.fixture(autouse=True)
def document(house: House) -> None:
    house.write("practices", "samtal", "## Varför\n\nText.\n")
    house.look()


def left(app: Flask, settings: Settings) -> list[str]:
    app.extensions["databases"].close()
    return traces(settings.home, DIGITS)


def marks_on(page: TestResponse) -> list[str]:
    return re.findall(r'type="checkbox" name="_declared" value="([0-9a-f]+)"', page.text)


# ---- On the page of files ----


def test_a_file_with_a_number_is_not_attached_and_it_is_told_where(
    app: Flask, settings: Settings, house: House, editor: Browser
) -> None:
    answer = press(editor, "add", ("brev.docx", LETTER), ("utan.txt", b"Inget."))
    assert f"”brev.docx”: {STOPPED}" in reasons(answer)
    assert names(house) == ["utan.txt"]
    assert left(app, settings) == []


def test_a_file_that_is_called_by_a_number_is_not_attached(
    app: Flask, settings: Settings, house: House, editor: Browser
) -> None:
    answer = press(editor, "add", (f"samtal {NUMBER}.txt", b"Inget."), ("880320\u00ad1238.txt", b"Inget."))
    assert "Namnet ser ut att innehålla ett personnummer" in reasons(answer)
    assert NUMBER not in reasons(answer)
    assert "8803201238" not in reasons(answer)
    assert names(house) == []
    assert left(app, settings) == []


def test_a_file_is_not_replaced_by_one_with_a_number(
    app: Flask, settings: Settings, house: House, editor: Browser
) -> None:
    press(editor, "add", ("brev.docx", word(paragraph("Inget"))))
    answer = press(editor, "replace brev.docx", ("ny.docx", LETTER), into="new-brev.docx")
    assert STOPPED in reasons(answer)
    assert left(app, settings) == []


def test_what_is_said_of_a_file_may_not_hold_one(app: Flask, settings: Settings, editor: Browser) -> None:
    press(editor, "add", ("brev.txt", b"Inget."))
    answer = press(editor, "describe", **{"title-brev.txt": f"Brev om {NUMBER}"})
    assert "Det du skrev ser ut att innehålla ett personnummer (••••••-••••)" in reasons(answer)
    assert left(app, settings) == []


def test_a_pdf_that_nobody_can_read_without_a_password_is_refused(editor: Browser) -> None:
    answer = press(editor, "add", ("rapport.pdf", pdf("Inget", password="hemligt")))
    assert "Filen är låst med lösenord" in reasons(answer)


def test_a_file_that_may_hold_one_is_taken_with_a_warning(house: House, editor: Browser) -> None:
    answer = press(editor, "add", ("lista.txt", b"Ring 8803201238"))
    assert answer.status_code == 303
    assert "Titta igenom lista: den kan innehålla ett personnummer (rad 1: ••••••••••)." in shown(
        editor.get(answer.location)
    )
    assert names(house) == ["lista.txt"]


def test_digits_in_a_file_can_be_declared_to_be_no_number(app: Flask, house: House, editor: Browser) -> None:
    answer = press(editor, "add", ("brev.docx", LETTER))
    (mark,) = marks_on(answer)
    assert press(editor, "add", ("brev.docx", LETTER), _declared=mark).status_code == 303
    assert names(house) == ["brev.docx"]
    assert get(app, "practices", "samtal").front_matter.not_personal_numbers == [mark]
    assert [one.file for one in said(app)] == ["brev.docx"]
    assert editor.get("/filer/arbetssatt/samtal/brev.docx").status_code == 200


# ---- In a form ----


def test_a_form_keeps_no_file_with_a_number(app: Flask, settings: Settings, editor: Browser) -> None:
    page = open_form(editor, EDIT)
    for answer in (
        upload(editor, page, ("brev.docx", LETTER)),
        press_in_form(editor, page, "attach", ("b.docx", LETTER)),
    ):
        assert answer.status_code == 422
        assert STOPPED in shown(answer)
        assert marks_on(answer)
    assert waiting(app) == []
    assert left(app, settings) == []


def test_what_a_picture_shows_is_told_without_a_number(app: Flask, settings: Settings, editor: Browser) -> None:
    page = open_form(editor, EDIT)
    answer = upload(editor, page, ("rum.png", PICTURE), alt=f"Klienten {NUMBER}")
    assert "Det du skrev om bilden ser ut att innehålla ett personnummer" in shown(answer)
    upload(editor, page, ("rum.png", PICTURE))
    answer = press_in_form(editor, page, "save", **{"_alt-rum.png": f"Klienten {NUMBER}"})
    assert "Det du skrev om bilden ser ut att innehålla ett personnummer" in shown(answer)
    assert left(app, settings) == []


def test_a_file_that_is_declared_in_a_form_is_saved_with_it(app: Flask, house: House, editor: Browser) -> None:
    page = open_form(editor, EDIT)
    (mark,) = marks_on(upload(editor, page, ("brev.docx", LETTER)))
    url = re.findall(r'data-upload="([^"]+)"', page.text)[0]
    fields = {"_token": fields_in(page.text)["_token"], "_alt": [""], "_declared": [mark]}
    answer = post(editor, url, fields, ("brev.docx", LETTER))
    assert answer.status_code == 200
    assert f'<input type="hidden" name="_declared" value="{mark}">' in answer.text
    saved = press_in_form(editor, page, "save", _declared=mark)
    assert saved.status_code == 303, shown(saved)
    assert names(house) == ["brev.docx"]
    assert get(app, "practices", "samtal").front_matter.not_personal_numbers == [mark]
