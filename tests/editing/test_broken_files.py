"""A form whose file becomes unreadable, or a copy, while somebody writes: the text is kept and shown, then saved."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from app.accounts import belonging, people
from tests.cast import EDITOR, Browser
from tests.editing.writing import fields_of, fill_in, get, open_form
from tests.house import House

EDIT = "/arbetssatt/kartan/andra"


@pytest.fixture
def kartan(house: House) -> Path:
    path = house.write("practices", "kartan", unit="Enheten")
    house.write("practices", "annan", unit="En annan")
    house.look()
    return path


def break_it(house: House, path: Path) -> str:
    """Make the file unreadable; returns what it said before."""
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("title:", "areas: [finns-inte]\ntitle:"), encoding="utf-8")
    house.look()
    return text


def test_what_was_typed_is_shown_and_saved_when_the_file_is_mended(
    app: Flask, house: House, kartan: Path, editor: Browser
) -> None:
    page = open_form(editor, EDIT)
    text = break_it(house, kartan)
    answer = fill_in(editor, page, unit="Ny enhet", summary="Skrivet i onödan?")
    assert answer.status_code == 503
    assert "Sidans fil behöver rättas först" in answer.text
    assert "Det du skrev finns kvar, halvskrivet." in answer.text
    assert 'href="/arbetssatt/kartan">Se vad som är fel i filen</a>' in answer.text
    assert fields_of(answer)["unit"] == "Ny enhet"
    assert fill_in(editor, answer).status_code == 503
    kartan.write_text(text, encoding="utf-8")
    house.look()
    assert fill_in(editor, answer).status_code == 303
    front = get(app, "practices", "kartan").front_matter
    assert (front.unit, front.summary) == ("Ny enhet", "Skrivet i onödan?")  # type: ignore[attr-defined]


def test_a_background_save_goes_on_and_says_that_the_file_has_to_be_mended(
    house: House, kartan: Path, editor: Browser
) -> None:
    page = open_form(editor, EDIT)
    break_it(house, kartan)
    answer = fill_in(editor, page, url=f"{EDIT}/utkast", unit="Ny enhet")
    assert answer.status_code == 200
    assert "Sidans fil behöver rättas först" in answer.text
    again = editor.get(EDIT)
    assert again.status_code == 503
    assert fields_of(again)["unit"] == "Ny enhet"


def test_what_was_mended_and_what_was_typed_are_put_together(
    app: Flask, house: House, kartan: Path, editor: Browser
) -> None:
    page = open_form(editor, EDIT)
    text = break_it(house, kartan)
    answer = fill_in(editor, page, unit="Ny enhet")
    kartan.write_text(text.replace("title: Kartan", "title: Kartan\nsummary: Utifrån."), encoding="utf-8")
    house.look()
    merged = fill_in(editor, answer)
    assert merged.status_code == 409
    assert fill_in(editor, merged).status_code == 303
    front = get(app, "practices", "kartan").front_matter
    assert (front.unit, front.summary) == ("Ny enhet", "Utifrån.")  # type: ignore[attr-defined]


def test_a_file_that_has_become_a_copy_of_another_is_told_the_same_way(
    app: Flask, house: House, kartan: Path, editor: Browser
) -> None:
    page = open_form(editor, EDIT)
    text = kartan.read_text(encoding="utf-8")
    kartan.write_text(kartan.with_name("annan.md").read_text(encoding="utf-8"), encoding="utf-8")
    house.look()
    answer = fill_in(editor, page, unit="Ny enhet")
    assert answer.status_code == 503
    assert fields_of(answer)["unit"] == "Ny enhet"
    assert get(app, "practices", "annan").front_matter.unit == "En annan"  # type: ignore[attr-defined]
    kartan.write_text(text, encoding="utf-8")
    house.look()
    assert fill_in(editor, answer).status_code == 303


def test_a_form_that_nobody_knows_is_shown_to_be_sent_again(house: House, kartan: Path, editor: Browser) -> None:
    page = open_form(editor, EDIT)
    break_it(house, kartan)
    answer = fill_in(editor, page, _version="", unit="En ny enhet")
    assert answer.status_code == 503
    assert "Det du skrev är kvar" in answer.text
    assert "En ny enhet" in answer.text
    assert 'action="/arbetssatt/kartan/andra"' in answer.text


def test_nobody_else_gets_the_form_of_a_broken_file(
    house: House, kartan: Path, editor: Browser, outsider: Browser, anyone: Browser
) -> None:
    fields = fields_of(open_form(editor, EDIT))
    del fields["csrf_token"]
    break_it(house, kartan)
    for other in (outsider, anyone):
        for path in (EDIT, f"{EDIT}/utkast"):
            answer = other.post(path, data={**fields, "unit": "Min egen enhet"})
            assert answer.status_code == 503
            assert "Spara</button>" not in answer.text
            assert "finns-inte" not in answer.text
        assert "Min egen enhet" not in other.get(EDIT).text


def test_whoever_has_left_gets_no_form_of_a_broken_file_that_they_had_begun_to_change(
    app: Flask, house: House, kartan: Path, editor: Browser
) -> None:
    page = open_form(editor, EDIT)
    break_it(house, kartan)
    fill_in(editor, page, url=f"{EDIT}/utkast", unit="Ny enhet")
    with app.extensions["databases"].kept() as session:
        person = people.find(session, EDITOR.email)
        assert person
        belonging.set_role(session, person, "sodertalje", None)
    answer = editor.get(EDIT)
    assert answer.status_code == 503
    assert "Spara</button>" not in answer.text
    assert "Enheten" not in answer.text


def test_a_button_on_the_page_of_a_broken_file_loses_no_text(house: House, editor: Browser) -> None:
    path = house.write("studyvisits", "besoket", status="open")
    house.look()
    break_it(house, path)
    sent = {"_token": "0" * 32, "text": "Vi tog med oss två saker."}
    answer = editor.post("/studiebesok/besoket/tog-med-hem", data=sent)
    assert answer.status_code == 503
    assert "Vi tog med oss två saker." in answer.text
    assert 'action="/studiebesok/besoket/tog-med-hem"' in answer.text
