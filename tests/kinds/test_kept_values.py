"""What is typed of a measure's values is not lost: by a crash, a sign-out, a second tab or somebody else's save."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from werkzeug.test import TestResponse

from tests.cast import EDITOR, Browser, browser
from tests.house import House
from tests.kinds.filling_in import FILE, PAGE, PROJECT, VALUES, fields_of, opened, send, stored, write
from tests.kinds.pressing import press
from tests.seeing import see

KEEP = f"{VALUES}/utkast"
NOT_SAVED = "är inte sparat än. Fortsätt där du var"
ACCOUNT = "/mitt-konto"
ONE = "date;value\n2026-01-01;1\n"


def typing(somebody: Browser, form: dict[str, str], **typed: str) -> TestResponse:
    """What the page sends while somebody types."""
    return somebody.post(KEEP, data={**form, **typed})


def row(place: int, on: str, value: str) -> dict[str, str]:
    return {f"on-{place}": on, f"value-{place}": value}


@pytest.fixture
def one(house: House) -> House:
    """A table of one day."""
    write(house, ONE)
    return house


def test_what_is_typed_is_kept_and_offered_again_after_a_crash(one: House, editor: Browser) -> None:
    answer = typing(editor, opened(editor), **row(1, "2026-02-01", "tv"), pasted="2026-03-01\t3")
    assert "Det du har skrivit är undanlagt kl." in answer.text
    again = editor.get(VALUES)
    assert NOT_SAVED in again.text
    form = fields_of(again)
    assert (form["on-1"], form["value-1"], form["pasted"]) == ("2026-02-01", "tv", "2026-03-01\t3")
    assert send(editor, form, **{"value-1": "2"}).status_code == 303
    assert len(stored(one)) == 3
    assert NOT_SAVED not in editor.get(VALUES).text


def test_without_scripts_every_button_keeps_what_is_typed(one: House, editor: Browser) -> None:
    for button, status in (("more", 200), ("save", 422)):
        answer = send(editor, opened(editor) | row(1, "2026-02-01", "många"), _do=button)
        assert answer.status_code == status
        assert opened(editor)["value-1"] == "många"


def test_what_says_the_same_as_the_table_is_nothing_to_go_on_with(one: House, editor: Browser) -> None:
    form = opened(editor)
    typing(editor, form, **row(1, "2026-02-01", "2"))
    assert "undanlagt" not in typing(editor, form).text
    assert NOT_SAVED not in editor.get(VALUES).text
    typing(editor, form, **row(1, "2026-02-01", "2"))
    write(one, ONE + "2026-02-01;2\n")
    assert NOT_SAVED not in editor.get(VALUES).text


def test_it_is_thrown_away_on_request(one: House, editor: Browser) -> None:
    typing(editor, opened(editor), **row(1, "2026-02-01", "2"))
    assert press(editor, VALUES, "Kasta det halvskrivna").location == PAGE
    assert "Det halvskrivna är kastat." in editor.get(PAGE).text
    assert NOT_SAVED not in editor.get(VALUES).text


def test_it_stands_among_what_is_half_written_where_it_is_read_gone_on_with_or_thrown_away(
    one: House, editor: Browser, colleague: Browser
) -> None:
    typing(editor, opened(editor), **row(1, "2026-02-01", "2"), pasted="mars 2026\t3")
    page = see(editor.get(ACCOUNT))
    assert "Halvskrivet: Värden för I tid" in page.words
    assert page.links["Fortsätt skriva: Värden för I tid"] == VALUES
    read = page.links["Läs eller kasta: Värden för I tid"]
    assert "Rader 2026-01-01; 1 2026-02-01; 2 Inklistrat mars 2026 3" in see(editor.get(read)).words
    assert colleague.get(read).status_code == 404
    assert "Halvskrivet: Värden" not in see(colleague.get(ACCOUNT)).words
    assert press(editor, read, "Ja, kasta det").status_code == 303
    assert "Halvskrivet: Värden" not in see(editor.get(ACCOUNT)).words


def test_it_follows_a_project_that_gets_another_address_and_is_read_where_it_is_gone(
    one: House, editor: Browser
) -> None:
    from tests.editing.writing import fill_in, open_form

    typing(editor, opened(editor), **row(1, "2026-02-01", "2"))
    moved = fill_in(editor, open_form(editor, f"{PROJECT}/flytta"), address="moten").location
    values = see(editor.get(ACCOUNT)).links["Fortsätt skriva: Värden för I tid"]
    assert values == f"{moved}/matt/i-tid/varden"
    assert NOT_SAVED in editor.get(values).text
    fill_in(editor, open_form(editor, f"{moved}/ta-bort"))
    links = see(editor.get(ACCOUNT)).links
    assert "Se när den togs bort: Värden för I tid" in links
    assert "2026-02-01; 2" in see(editor.get(links["Läs eller kasta: Värden för I tid"])).words


# ---- Two tabs of one person ----


def test_two_tabs_do_not_overwrite_each_other_and_both_are_saved(one: House, editor: Browser) -> None:
    first, second = opened(editor), opened(editor)
    assert first["_tab"] != second["_tab"]
    typing(editor, first, **row(1, "2026-02-01", "2"))
    answer = typing(editor, second, **row(1, "2026-03-01", "3"))
    assert "i en annan flik också" in answer.text
    other = f"{VALUES}?flik={second['_tab']}"
    assert f'href="{other}"' in answer.text
    typing(editor, first, **row(1, "2026-02-01", "22"))
    typing(editor, second, **row(1, "2026-03-01", "33"))
    page = editor.get(VALUES)
    assert fields_of(page)["value-1"] == "22"
    assert "i flera flikar" in page.text
    assert fields_of(editor.get(other))["value-1"] == "33"
    assert send(editor, fields_of(page)).status_code == 303
    assert "i flera flikar" in editor.get(VALUES).text, "the other one stays until it is saved or thrown away"
    assert send(editor, fields_of(editor.get(other))).status_code == 303
    assert stored(one) == {f"2026-0{n}-01": (Decimal(value),) for n, value in ((1, 1), (2, 22), (3, 33))}
    assert "flikar" not in editor.get(VALUES).text


def test_the_same_without_scripts(one: House, editor: Browser) -> None:
    first, second = opened(editor), opened(editor)
    for form, month in ((first, 2), (second, 3)):
        send(editor, form | row(1, f"2026-0{month}-01", "9"), _do="more")
    assert opened(editor)["on-1"] == "2026-02-01"
    assert re.search(r"\?flik=[0-9a-f]{16}", editor.get(VALUES).text)
    assert "Se båda och välj: Värden för I tid" in see(editor.get(ACCOUNT)).links


def test_a_tab_in_which_nothing_was_typed_takes_nothing_away(one: House, editor: Browser) -> None:
    first, second = opened(editor), opened(editor)
    typing(editor, first, **row(1, "2026-02-01", "2"))
    typing(editor, second)
    assert send(editor, second).status_code == 422
    assert opened(editor)["value-1"] == "2"
    assert "flikar" not in editor.get(VALUES).text


def test_both_tabs_may_fill_in_one_day_and_are_asked(one: House, editor: Browser) -> None:
    first, second = opened(editor), opened(editor)
    assert send(editor, first | row(1, "2026-02-01", "2")).status_code == 303
    assert send(editor, second | row(1, "2026-02-01", "7")).status_code == 409
    assert stored(one)["2026-02-01"] == (Decimal(2),)


# ---- Others ----


def test_what_somebody_else_saved_meanwhile_is_put_together_with_it(
    one: House, editor: Browser, colleague: Browser
) -> None:
    typing(editor, opened(editor), **row(1, "2026-02-01", "2"))
    send(colleague, opened(colleague) | row(1, "2026-03-01", "3"))
    again = editor.get(VALUES)
    assert "Någon har sparat värden sedan dess" in again.text
    assert send(editor, fields_of(again)).status_code == 303
    assert list(stored(one)) == ["2026-01-01", "2026-02-01", "2026-03-01"]


@pytest.mark.parametrize("button", ["more", "save"])
def test_a_form_that_came_back_does_not_take_away_what_others_saved_meanwhile(
    one: House, editor: Browser, colleague: Browser, button: str
) -> None:
    """The rows that come back are those of the table as it was: it must not be taken for the present one."""
    form = opened(editor)
    send(colleague, opened(colleague) | row(1, "2026-03-01", "3"))
    came_back = fields_of(send(editor, form | row(1, "2026-02-01", "två"), _do=button))
    assert send(editor, came_back | row(1, "2026-02-01", "2")).status_code == 303
    assert list(stored(one)) == ["2026-01-01", "2026-02-01", "2026-03-01"]


def test_a_form_that_arrives_signed_out_is_sent_again_after_the_sign_in(one: House, editor: Browser) -> None:
    form = opened(editor) | row(1, "2026-02-01", "2")
    editor.post("/logga-ut")
    answer = send(editor, form)
    assert answer.status_code == 401
    assert "2026-02-01" in answer.text, "what was typed travels with the sign-in"
    assert stored(one) == {"2026-01-01": (Decimal(1),)}


def test_it_is_offered_in_another_browser_of_the_same_person_and_to_nobody_else(
    one: House, editor: Browser, colleague: Browser
) -> None:
    typing(editor, opened(editor), **row(1, "2026-02-01", "2"))
    assert NOT_SAVED in browser(one.app, EDITOR).get(VALUES).text
    assert NOT_SAVED not in colleague.get(VALUES).text


def test_a_personal_number_is_not_kept(one: House, editor: Browser) -> None:
    form = opened(editor)
    answer = typing(editor, form, **row(1, "2026-02-01", "2"), **{"note-1": "811228-9874"})
    assert "läggs inte undan, för det ser ut att innehålla ett personnummer" in answer.text
    assert NOT_SAVED not in editor.get(VALUES).text
    database = one.home / "var/kept.db"
    assert all(b"811228-9874" not in file.read_bytes() for file in database.parent.glob("kept.db*"))


def test_keeping_asks_for_access_and_refuses_others(one: House, anyone: Browser, outsider: Browser) -> None:
    assert anyone.post(KEEP).status_code == 401
    assert outsider.post(KEEP).status_code == 403


@pytest.mark.parametrize("sent", [{}, {"rows": "x", "_tab": "<", "_seen": "?"}, {"rows": "9999", "_version": "ingen"}])
def test_whatever_is_sent_is_no_fault(one: House, editor: Browser, sent: dict[str, str]) -> None:
    assert editor.post(KEEP, data=sent).status_code == 200
    assert editor.get(VALUES).status_code == 200
    assert editor.get(f"{VALUES}?flik=%00").status_code == 200
    assert (one.home / FILE).read_text(encoding="utf-8") == ONE
