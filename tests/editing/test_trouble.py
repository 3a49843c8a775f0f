"""When saving is not possible just now: the text is in the answer, and nothing is done later."""

from __future__ import annotations

import shutil
from collections.abc import Callable

import pytest
from flask import Flask

from app.publishing import Archive, Change, NoSpace, Refused, Saved
from tests.cast import Browser
from tests.editing.writing import fields_of, fill_in, get, open_form
from tests.house import House

EDIT = "/arbetssatt/kartan/andra"


@pytest.fixture
def kartan(house: House) -> None:
    house.write("practices", "kartan", unit="Enheten")
    house.look()


class Refusing(Archive):
    """An archive on a disk that takes no more, or that refuses for a reason of its own."""

    why: Callable[[], Exception] = NoSpace

    def publish(self, change: Change) -> Saved:
        raise self.why()


def refusing(app: Flask, why: Callable[[], Exception]) -> None:
    real = app.extensions["archive"]
    archive = Refusing(real.settings, real.library, real.databases, real.index)
    archive.why = why
    app.extensions["archive"] = archive


@pytest.mark.usefixtures("kartan")
def test_a_full_disk_is_told_and_the_text_is_kept(app: Flask, editor: Browser) -> None:
    page = open_form(editor, EDIT)
    refusing(app, NoSpace)
    answer = fill_in(editor, page, unit="Ny enhet")
    assert answer.status_code == 507
    assert "Disken är full" in answer.text
    assert "Det du skrev finns kvar, halvskrivet." in answer.text
    assert fields_of(answer)["unit"] == "Ny enhet"
    assert fields_of(open_form(editor, EDIT))["unit"] == "Ny enhet"
    assert get(app, "practices", "kartan").front_matter.unit == "Enheten"  # type: ignore[attr-defined]


@pytest.mark.usefixtures("kartan")
def test_a_refusal_says_why(app: Flask, editor: Browser) -> None:
    page = open_form(editor, EDIT)
    refusing(app, lambda: Refused("Sidan är låst för en flytt."))
    answer = fill_in(editor, page, unit="Ny enhet")
    assert answer.status_code == 409
    assert "Sidan är låst för en flytt." in answer.text
    assert fields_of(answer)["unit"] == "Ny enhet"


@pytest.mark.usefixtures("kartan")
def test_on_a_full_disk_nothing_is_deleted_moved_or_restored(app: Flask, editor: Browser) -> None:
    fill_in(editor, open_form(editor, EDIT), unit="Ny enhet")
    delete, move = (open_form(editor, f"/arbetssatt/kartan/{path}") for path in ("ta-bort", "flytta"))
    history = open_form(editor, "/arbetssatt/kartan/historik")
    first = history.text.rpartition("/arbetssatt/kartan/historik/")[2].partition('"')[0]
    version = open_form(editor, f"/arbetssatt/kartan/historik/{first}")
    refusing(app, NoSpace)
    assert fill_in(editor, delete).status_code == 507
    assert fill_in(editor, move, address="ny").status_code == 507
    assert fill_in(editor, version).status_code == 303
    assert "Disken är full" in open_form(editor, "/arbetssatt/kartan/historik").text
    assert get(app, "practices", "kartan").front_matter.unit == "Ny enhet"  # type: ignore[attr-defined]


@pytest.mark.usefixtures("kartan")
def test_while_the_index_is_missing_the_form_waits_with_the_text(app: Flask, editor: Browser) -> None:
    page = open_form(editor, EDIT + "?steg=4")
    step = open_form(editor, EDIT + "?steg=2")
    generation = app.extensions["settings"].var / "generation"
    shutil.move(generation, generation.with_suffix(".away"))
    answer = fill_in(editor, step, h_varfor="Se [[kartan]].")
    assert answer.status_code == 503
    assert "Lärnät bygger om sitt register" in answer.text
    assert "Se [[kartan]]." in answer.text
    assert page.status_code == 200
    shutil.move(generation.with_suffix(".away"), generation)
    assert fill_in(editor, answer).status_code == 303


@pytest.mark.usefixtures("kartan")
def test_signs_that_are_no_text_are_left_out_of_what_was_pasted(app: Flask, editor: Browser) -> None:
    fill_in(editor, open_form(editor, EDIT), unit="a\x00b\x07", summary="En rad\x0btill\u2028och till.")
    front = get(app, "practices", "kartan").front_matter
    assert (front.unit, front.summary) == ("ab", "En rad\ntill\noch till.")  # type: ignore[attr-defined]


def test_a_copied_file_has_no_form_but_a_page_that_says_what_to_mend(house: House, editor: Browser) -> None:
    original = house.write("practices", "kartan")
    house.look()
    copy = original.with_name("kopian.md")
    shutil.copyfile(original, copy)
    house.look()
    answer = editor.get("/arbetssatt/kopian/andra")
    assert answer.status_code == 503
    assert "ta bort raden ”id:”" in answer.text
    assert "content/practices/kopian.md" in answer.text
    assert editor.get("/arbetssatt/kartan/andra").status_code == 200
