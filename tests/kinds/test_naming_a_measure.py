"""The measure of a prediction is chosen among those of the project; what is written otherwise is kept, and told of."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from tests.cast import Browser
from tests.editing.writing import fields_of, fill_in, get, made, open_form
from tests.house import House
from tests.seeing import see

SLUG = "mote/01-remiss"
PAGE, EDIT = f"/cykler/{SLUG}", f"/cykler/{SLUG}/andra"
NEW = "/cykler/nytt?project=mote"
MEASURES = [{"name": "Första möte i tid"}, {"name": "Nöjdhet"}]
NOT_THERE = "(finns inte längre bland de andra)"


@pytest.fixture
def project(house: House) -> House:
    write(house, MEASURES)
    return house


def write(house: House, measures: list[dict[str, str]], guess: dict[str, str] | None = None) -> None:
    house.write("projects", "mote", title="Snabbare möte", measures=measures)
    if guess is not None:
        house.write("cycles", SLUG, title="Remiss", prediction={"text": "Vi tror det.", **guess})
    house.look()


def options(form: Any) -> list[str]:
    """What can be chosen as the measure."""
    inside = form.text.partition('<select id="f-prediction-measure"')[2].partition("</select>")[0]
    return [one.partition("</option>")[0].partition(">")[2] for one in inside.split("<option")[1:]]


def guessed(app: Flask, slug: str = SLUG) -> Any:
    front: Any = get(app, "cycles", slug).front_matter
    return front.prediction


def test_a_new_cycle_chooses_among_the_measures_of_its_project(project: House, app: Flask, editor: Browser) -> None:
    form = open_form(editor, NEW)
    assert options(form) == ["Inget valt", "Första möte i tid", "Nöjdhet"]
    slug = made(fill_in(editor, form, title="Boka", prediction__text="Vi tror det.", prediction__measure="Nöjdhet"))
    assert guessed(app, slug).measure == "Nöjdhet"
    page = see(editor.get(f"/cykler/{slug}")).words
    assert "Nöjdhet" in page
    assert "inget mått som heter" not in page


def test_the_choice_stands_in_the_form_of_a_cycle_that_is_there(house: House, app: Flask, editor: Browser) -> None:
    write(house, MEASURES, {"measure": "första MÖTE i tid", "value": "60"})
    form = open_form(editor, EDIT)
    assert options(form) == ["Inget valt", "Första möte i tid", "Nöjdhet"]
    assert fields_of(form, "skriv")["prediction-measure"] == "första MÖTE i tid", "as it is written, so nothing changes"
    assert fill_in(editor, form, do="save", prediction__measure="Nöjdhet").status_code == 303
    assert guessed(app).measure == "Nöjdhet"
    assert fill_in(editor, open_form(editor, EDIT), do="save", prediction__measure="").status_code == 303
    assert (guessed(app).measure, guessed(app).value) == ("", "60")


def test_a_measure_that_was_removed_stays_with_a_word_about_it(house: House, app: Flask, editor: Browser) -> None:
    write(house, MEASURES, {"measure": "Väntetid"})
    form = open_form(editor, EDIT)
    assert options(form)[-1] == f"Väntetid {NOT_THERE}"
    assert fields_of(form, "skriv")["prediction-measure"] == "Väntetid"
    assert fill_in(editor, form, do="save", question="Hinner vi?").status_code == 303
    assert guessed(app).measure == "Väntetid"
    assert "Arbetet har inget mått som heter ”Väntetid”" in see(editor.get(PAGE)).words


def test_free_text_that_was_half_written_is_not_lost(project: House, editor: Browser) -> None:
    form = open_form(editor, NEW)
    answer = fill_in(editor, form, prediction__measure="Hur många som svarar", title="")
    assert answer.status_code == 422
    assert fields_of(answer, "skriv")["prediction-measure"] == "Hur många som svarar"
    assert options(answer)[-1] == f"Hur många som svarar {NOT_THERE}"


def test_where_nothing_is_measured_yet_the_measure_is_typed(house: House, app: Flask, editor: Browser) -> None:
    write(house, [], {"measure": "Hur många som svarar"})
    form = open_form(editor, EDIT)
    assert options(form) == []
    assert fields_of(form, "skriv")["prediction-measure"] == "Hur många som svarar"
    assert fill_in(editor, form, do="save", prediction__measure="Hur många som kommer").status_code == 303
    assert guessed(app).measure == "Hur många som kommer"
    assert "inget mått som heter" not in see(editor.get(PAGE)).words, "there is nothing that it should be among"


def test_measures_of_the_same_name_are_one_choice(house: House, editor: Browser) -> None:
    write(house, [*MEASURES, {"name": "nöjdhet"}], {})
    assert options(open_form(editor, EDIT)) == ["Inget valt", "Första möte i tid", "nöjdhet"]


def test_the_form_can_be_read_where_the_project_cannot(house: House, editor: Browser) -> None:
    write(house, MEASURES, {"measure": "Nöjdhet"})
    project = house.home / "improvement_cycles/mote/project.md"
    project.write_text("---\ntitle: [\n---\n", encoding="utf-8")
    house.look()
    form = open_form(editor, EDIT)
    assert fields_of(form, "skriv")["prediction-measure"] == "Nöjdhet"
