"""What a prediction says of a measure is a number: asked for before it is locked, in the form as by the button."""

from __future__ import annotations

from typing import Any

import pytest

from app.kinds.cycles.cycle import BACKWARDS
from app.kinds.cycles.prediction import NO_NUMBER
from app.library.vocabulary import CycleStatus
from tests.cast import Browser
from tests.editing.writing import fields_of, fill_in, open_form
from tests.house import House
from tests.kinds.predicting import EDIT, GUESS, PAGE, Ramp
from tests.kinds.pressing import buttons_on, press
from tests.kinds.test_looking_back import MEASURE, TABLE
from tests.seeing import see

PLAN = f"{EDIT}?steg=1"
WHERE = f"{PLAN}#f-prediction-value"


@pytest.fixture
def ramp(house: House) -> Ramp:
    return Ramp(house)


def write(ramp: Ramp, **more: Any) -> None:
    ramp.write(**more)
    ramp.house.look()


@pytest.mark.parametrize("value", ["femtio", "-", "mellan 40 och 60"])
def test_the_form_asks_for_a_value_of_a_measure_in_digits(ramp: Ramp, editor: Browser, value: str) -> None:
    write(ramp)
    answer = fill_in(editor, open_form(editor, PLAN), prediction__value=value, question="Hinner vi?")
    assert answer.status_code == 422
    assert NO_NUMBER in see(answer).words
    assert 'href="#f-prediction-value"' in answer.text
    typed = fields_of(answer, "skriv")
    assert (typed["prediction-value"], typed["question"]) == (value, "Hinner vi?")
    assert ramp.cycle.prediction.value == "6"
    assert fields_of(open_form(editor, PLAN), "skriv")["prediction-value"] == value, "also if the browser goes away"
    assert fill_in(editor, answer, prediction__value="50").status_code == 303
    assert ramp.cycle.prediction.value == "50"


@pytest.mark.parametrize(
    "typed",
    [
        {"prediction__value": ""},
        {"prediction__value": "7,5"},
        {"prediction__value": "ca 50"},
        {"prediction__value": "hälften", "prediction__measure": ""},
    ],
)
def test_no_value_a_number_among_words_or_no_measure_is_no_error(
    ramp: Ramp, editor: Browser, typed: dict[str, str]
) -> None:
    write(ramp)
    assert fill_in(editor, open_form(editor, PLAN), **typed).status_code == 303


def test_nothing_is_locked_before_its_value_can_be_compared(ramp: Ramp, editor: Browser) -> None:
    write(ramp, prediction={**GUESS, "value": "femtio"})
    page = editor.get(PAGE)
    assert see(page).links["Skriv värdet med siffror"] == WHERE
    assert "Börja genomföra" not in buttons_on(page)
    for to in ("doing", "studying"):
        answer = press(editor, page, "Ändra läget", other=to)
        assert answer.status_code == 422
        assert NO_NUMBER in see(answer).words
    step = open_form(editor, f"{EDIT}?steg=2")
    assert NO_NUMBER in fill_in(editor, step, started="2026-11-02").text
    assert ramp.cycle.status is CycleStatus.PLANNED
    assert ramp.lock is None


def test_what_a_file_has_locked_stops_nobody_from_going_on(ramp: Ramp, editor: Browser) -> None:
    guess = {**GUESS, "value": "femtio"}
    write(ramp, prediction=guess, status="doing", started="2026-11-02")
    assert press(editor, PAGE, "Börja studera").status_code == 303
    done = fill_in(editor, open_form(editor, f"{EDIT}?steg=2"), ended="2026-11-09")
    assert done.status_code == 303


def test_a_cycle_that_is_set_back_to_planned_is_locked_already(ramp: Ramp, editor: Browser) -> None:
    write(ramp)
    assert "Då låses förutsägelsen med dagens datum" in ramp.says(editor)
    ramp.begin(editor)
    assert press(editor, PAGE, "Ändra läget", other="planned").status_code == 303
    assert "Börja genomföra" in buttons_on(editor.get(PAGE))
    assert "Då låses" not in ramp.says(editor)


@pytest.mark.parametrize("value", ["50 %", "50%", "50 procent"])
def test_a_value_in_per_cent_is_judged(house: House, editor: Browser, value: str) -> None:
    house.write("projects", "mote", title="Snabbare möte", measures=[MEASURE])
    tables = house.home / "improvement_cycles/mote/measures"
    tables.mkdir()
    (tables / "i-tid.csv").write_text(TABLE, encoding="utf-8")
    guess = {"text": "Vi tror det.", "measure": MEASURE["name"], "direction": "at_least", "value": value}
    dates = {"started": "2026-10-05", "ended": "2026-10-23"}
    house.write("cycles", "mote/01-boka", prediction={**guess, "by": "2026-10-23"}, status="studying", **dates)
    house.look()
    assert "Värdena säger Stämde. Ni trodde minst 50." in see(editor.get("/cykler/mote/01-boka")).words


def test_nobody_ends_before_they_start(ramp: Ramp, editor: Browser) -> None:
    write(ramp)
    form = open_form(editor, f"{EDIT}?steg=2")
    answer = fill_in(editor, form, started="2026-10-19", ended="2026-10-02", h_ovantat="Halka.")
    assert answer.status_code == 422
    assert BACKWARDS in see(answer).words
    assert fields_of(answer, "skriv")["h_ovantat"] == "Halka."
    assert fill_in(editor, answer, ended="2026-10-19").status_code == 303
    assert str(ramp.cycle.ended) == "19 oktober 2026"


def test_a_file_that_tells_so_can_be_read_and_mended_elsewhere(ramp: Ramp, editor: Browser) -> None:
    write(ramp, status="studying", started="2026-10-19", ended="2026-10-02")
    saved = fill_in(editor, open_form(editor, f"{EDIT}?steg=3"), h_vad_vi_sag="Fler kom.")
    assert saved.status_code == 303
    assert "Från 19 oktober 2026 till 2 oktober 2026" in ramp.says(editor)
