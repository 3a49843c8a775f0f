"""What a cycle's page, its project's and the start page lead to next: what is filled in already is not asked for."""

from __future__ import annotations

import re
from itertools import accumulate
from typing import Any

import pytest

from tests.cast import Browser
from tests.house import House
from tests.kinds.predicting import EDIT, GUESS, PAGE, SLUG
from tests.kinds.pressing import buttons_on, followed, press
from tests.seeing import see

SEEN = "## Vad vi såg\n\nFler kom.\n\n## Vad vi lärde oss\n\nDet går.\n"


def write(house: House, body: str = "", **more: Any) -> None:
    house.write("projects", "mote", title="Snabbare möte")
    house.write("cycles", SLUG, body, **{"title": "Remiss", "prediction": GUESS, "started": "2026-10-05", **more})
    house.look()


def test_a_cycle_that_is_planned_is_to_be_begun(house: House, editor: Browser) -> None:
    house.write("projects", "mote", title="Snabbare möte")
    house.write("cycles", SLUG, title="Remiss", prediction=GUESS)
    house.look()
    assert see(editor.get(PAGE)).links["Nästa steg: börja genomföra"] == f"{PAGE}#laget"
    assert see(editor.get("/utvecklingsarbeten/mote")).links["Nästa steg: börja genomföra"] == f"{PAGE}#laget"
    start = see(editor.get("/"))
    assert "Remiss Nästa steg: börja genomföra. Snabbare möte" in start.words
    assert start.links["Till cykeln: Remiss"] == f"{PAGE}#laget"
    assert 'id="laget"' in editor.get(PAGE).text


@pytest.mark.parametrize("prediction", [{}, {**GUESS, "value": "femtio"}])
def test_a_cycle_that_cannot_be_begun_yet_is_still_planned(
    house: House, editor: Browser, prediction: dict[str, str]
) -> None:
    house.write("projects", "mote", title="Snabbare möte")
    house.write("cycles", SLUG, title="Remiss", prediction=prediction)
    house.look()
    assert see(editor.get(PAGE)).links["Fortsätt att planera"] == f"{EDIT}?steg=1"


def test_who_has_studied_all_there_is_goes_on_to_decide(house: House, editor: Browser) -> None:
    write(house, SEEN, status="studying", outcome="confirmed")
    assert f'<a class="btn" href="{EDIT}?steg=4">Bestäm i Agera</a>' in editor.get(PAGE).text
    words = "Nästa steg: bestäm om ni ska behålla, anpassa, utöka eller avsluta"
    assert see(editor.get("/utvecklingsarbeten/mote")).links[words] == f"{EDIT}?steg=4"
    assert see(editor.get("/")).links["Bestäm i Agera: Remiss"] == f"{EDIT}?steg=4"


@pytest.mark.parametrize(("body", "more"), [(SEEN, {}), ("## Vad vi såg\n\nFler.\n", {"outcome": "confirmed"})])
def test_who_has_studied_some_of_it_goes_on_with_that(
    house: House, editor: Browser, body: str, more: dict[str, str]
) -> None:
    write(house, body, status="studying", **more)
    assert see(editor.get(PAGE)).links["Fortsätt till Studera"] == f"{EDIT}?steg=3"


def test_a_decision_that_a_file_holds_is_one_press_from_decided(house: House, editor: Browser) -> None:
    write(house, SEEN, status="studying", outcome="confirmed", decision="adapt", decision_reason="Det gick.")
    page = editor.get(PAGE)
    assert see(page).links["Nästa steg: markera som beslutad"] == f"{PAGE}#laget"
    assert "Markera som beslutad" in buttons_on(page)
    decided = see(followed(editor, press(editor, page, "Markera som beslutad")))
    assert "Planera den anpassade cykeln" in decided.links


def test_an_addition_stands_beside_the_prediction_and_not_among_the_labels(house: House, editor: Browser) -> None:
    write(house, status="doing", additions=[{"date": "2026-10-09", "text": "Vi ändrar oss."}])
    _, _, told = editor.get(PAGE).text.partition("Det här trodde vi</h3>")
    row = told.partition("</li>")[0]
    assert "Tillägg 9 oktober 2026" in " ".join(row.split())
    depths = list(accumulate(-1 if tag == "</div>" else 1 for tag in re.findall(r"<div\b|</div>", row)))
    assert depths.index(0) == len(depths) - 1, "one box holds them all"
