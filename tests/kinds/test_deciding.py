"""Whoever decides says what, and why: in the form as by the button. Nothing that was typed is lost."""

from __future__ import annotations

from typing import Any

import pytest

from app.editing.events import today
from app.kinds.cycles.cycle import NO_DECISION, NO_REASON
from tests.cast import Browser
from tests.editing.writing import fields_of, fill_in, get, open_form
from tests.house import House
from tests.kinds.pressing import followed, press
from tests.seeing import see

SLUG = "mote/01-remiss"
PAGE = f"/cykler/{SLUG}"
ACT = f"{PAGE}/andra?steg=4"


def write(house: House, **more: Any) -> None:
    house.write("projects", "mote", title="Snabbare möte")
    said = {"title": "Remiss", "status": "studying", "started": "2026-10-05", "prediction": {"text": "Vi tror det."}}
    house.write("cycles", SLUG, **{**said, **more})
    house.look()


def decided(house: House) -> tuple[Any, str]:
    front: Any = get(house.app, "cycles", SLUG).front_matter
    return front.decision, front.decision_reason


@pytest.mark.parametrize(("decision", "button"), [("adopt", "save"), ("abandon", "next")])
def test_each_decision_asks_for_its_reason(house: House, editor: Browser, decision: str, button: str) -> None:
    write(house)
    form = open_form(editor, ACT)
    answer = fill_in(editor, form, do=button, decision=decision, h_nasta_steg="Vi frågar fler.")
    assert answer.status_code == 422
    assert NO_REASON in see(answer).words
    assert 'href="#f-decision_reason"' in answer.text
    typed = fields_of(answer, "skriv")
    assert (typed["decision"], typed["h_nasta_steg"]) == (decision, "Vi frågar fler.")
    assert decided(house) == (None, "")
    again = fields_of(open_form(editor, ACT), "skriv")
    assert (again["decision"], again["h_nasta_steg"]) == (decision, "Vi frågar fler."), "also if the browser goes away"
    assert fill_in(editor, answer, do="save", decision_reason="Fler kom i tid.").status_code == 303
    assert decided(house) == (decision, "Fler kom i tid.")


@pytest.mark.parametrize("status", ["doing", "studying"])
def test_whoever_writes_the_decision_and_its_reason_has_decided(house: House, editor: Browser, status: str) -> None:
    write(house, status=status)
    answer = fill_in(editor, open_form(editor, ACT), decision="adapt", decision_reason="Det tog för lång tid.")
    front: Any = get(house.app, "cycles", SLUG).front_matter
    assert (str(front.status), front.decided.exact) == ("decided", today())
    page = followed(editor, answer)
    assert "Cykeln är nu beslutad." in see(page).words
    assert "Planera den anpassade cykeln" in see(page).links
    assert "Ändrade ”Beslut” och ”Varför?”. Cykeln är nu beslutad" in see(editor.get(f"{PAGE}/historik")).words


def test_a_day_of_the_decision_that_was_written_stays(house: House, editor: Browser) -> None:
    write(house, status="studying")
    form = open_form(editor, ACT)
    fill_in(editor, form, decision="adopt", decision_reason="Det gick.", decided="2026-10-20")
    front: Any = get(house.app, "cycles", SLUG).front_matter
    assert (str(front.status), str(front.decided)) == ("decided", "20 oktober 2026")


@pytest.mark.parametrize(
    ("before", "typed", "now"),
    [
        ({"status": "planned", "started": None}, {}, "planned"),
        ({"status": "paused"}, {}, "paused"),
        ({}, {"status": "paused"}, "paused"),
    ],
    ids=["not begun", "paused", "pauses in the same form"],
)
def test_a_decision_brings_on_only_what_is_being_done(
    house: House, editor: Browser, before: dict[str, Any], typed: dict[str, str], now: str
) -> None:
    write(house, **before)
    fill_in(editor, open_form(editor, ACT), decision="adopt", decision_reason="Det gick.", **typed)
    assert str(get(house.app, "cycles", SLUG).status) == now


def test_a_decided_cycle_that_is_opened_again_stays_open_while_its_reason_is_mended(
    house: House, editor: Browser
) -> None:
    write(house, status="decided", decision="adopt", decision_reason="Det gick.", decided="2026-10-20")
    fill_in(editor, open_form(editor, ACT), status="studying")
    fill_in(editor, open_form(editor, ACT), decision_reason="Det gick bra.")
    assert str(get(house.app, "cycles", SLUG).status) == "studying"


def test_a_cycle_is_not_decided_without_a_decision(house: House, editor: Browser) -> None:
    write(house)
    answer = fill_in(editor, open_form(editor, ACT), do="save", status="decided")
    assert answer.status_code == 422
    assert NO_DECISION in see(answer).words
    assert 'href="#f-decision"' in answer.text


def test_a_reason_is_not_taken_away_from_a_decision(house: House, editor: Browser) -> None:
    write(house, status="decided", decision="abandon", decision_reason="Ingen kom.")
    answer = fill_in(editor, open_form(editor, ACT), do="save", decision_reason="")
    assert answer.status_code == 422
    assert decided(house) == ("abandon", "Ingen kom.")
    assert fill_in(editor, answer, do="save", decision="", status="studying").status_code == 303
    assert decided(house) == (None, ""), "who takes both away has decided nothing"


def test_what_a_file_lacks_does_not_stop_somebody_who_mends_something_else(house: House, editor: Browser) -> None:
    write(house, status="decided", decision="adopt")
    saved = fill_in(editor, open_form(editor, f"{PAGE}/andra?steg=3"), do="save", outcome="confirmed")
    assert saved.status_code == 303
    assert "Beslut med skäl: 0 av 1" in see(editor.get(PAGE)).words, "and what lacks gives no point"


def test_to_pause_needs_no_reason(house: House, editor: Browser) -> None:
    write(house)
    assert fill_in(editor, open_form(editor, ACT), do="save", status="paused").status_code == 303


def test_the_button_asks_for_both_as_well(house: House, editor: Browser) -> None:
    write(house)
    assert NO_DECISION in press(editor, PAGE, "Ändra läget", other="decided").text
    write(house, decision="adopt")
    assert NO_REASON in press(editor, PAGE, "Ändra läget", other="decided").text
