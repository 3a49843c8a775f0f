"""What is half written (a working copy) is told from a draft, and only where there is something to tell."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from tests.cast import Browser
from tests.editing.writing import NOT_SAVED, fields_of, fill_in, get, open_form
from tests.house import House

EDIT = "/arbetssatt/kartan/andra"


@pytest.fixture
def kartan(house: House) -> None:
    house.write("practices", "kartan", unit="Enheten", publication="draft")
    house.look()


def steps_in(html: str) -> dict[str, str]:
    """The steps of a form, each with how far one has come."""
    found = re.findall(r"<button form=\"skriv\"[^>]*>([^<]*)<small>([^<]*)</small>", html)
    return {title.strip(): words for title, words in found}


def going_on(browser: Browser, location: str) -> str:
    """The page that a browser shows when it follows an answer: it says from which page it comes."""
    return browser.get(location, headers={"Referer": "http://localhost" + location.partition("?")[0]}).text


@pytest.mark.usefixtures("kartan")
def test_going_from_step_to_step_says_nothing_of_what_is_not_saved(editor: Browser) -> None:
    answer = fill_in(editor, open_form(editor, EDIT), "next", unit="Nya enheten")
    second = going_on(editor, answer.location)
    assert NOT_SAVED not in second
    assert "Det du har skrivit är undanlagt kl." in second
    assert "Kasta det halvskrivna" in second
    assert NOT_SAVED in open_form(editor, EDIT).text


def test_a_new_page_that_is_gone_on_with_says_nothing_either(editor: Browser) -> None:
    answer = fill_in(editor, open_form(editor, "/arbetssatt/nytt"), "next", title="Ny")
    assert NOT_SAVED not in going_on(editor, answer.location)
    assert NOT_SAVED in open_form(editor, answer.location).text


@pytest.mark.usefixtures("kartan")
def test_what_is_not_saved_is_not_called_a_draft(app: Flask, editor: Browser) -> None:
    """The page is a draft; what is being written in its form is not."""
    kept = fill_in(editor, open_form(editor, EDIT), url=f"{EDIT}/utkast", unit="Nya enheten").text
    again = open_form(editor, EDIT)
    notice = again.text.partition('class="notice"')[2]
    for words in (kept.partition("</p>")[0], notice.partition("</p>")[0]):
        assert words
        assert "utkast" not in words.lower()
    answer = fill_in(editor, again, "discard")
    assert "Det halvskrivna är kastat." in editor.get(answer.location).text
    assert get(app, "practices", "kartan").front_matter.unit == "Enheten"  # type: ignore[attr-defined]


@pytest.mark.usefixtures("kartan")
def test_what_somebody_else_has_saved_already_is_nothing_to_go_on_with(editor: Browser, colleague: Browser) -> None:
    fill_in(editor, open_form(editor, EDIT), url=f"{EDIT}/utkast", unit="Nya enheten")
    fill_in(colleague, open_form(colleague, EDIT), unit="Nya enheten")
    page = open_form(editor, EDIT)
    assert NOT_SAVED not in page.text
    assert fill_in(editor, page, summary="Mer.").status_code == 303


@pytest.mark.usefixtures("kartan")
def test_one_who_comes_back_reads_that_somebody_has_saved_meanwhile(editor: Browser, colleague: Browser) -> None:
    fill_in(editor, open_form(editor, EDIT), url=f"{EDIT}/utkast", unit="Nya enheten")
    fill_in(colleague, open_form(colleague, EDIT), summary="Kollegans.")
    again = open_form(editor, EDIT)
    assert "Någon annan har sparat sidan sedan dess" in again.text
    assert fields_of(again)["unit"] == "Nya enheten"


def test_the_steps_say_how_far_one_has_come_in_words_that_agree(house: House, editor: Browser) -> None:
    assert steps_in(open_form(editor, "/arbetssatt/nytt").text) == {
        "Det viktigaste": "1 av 6 ifyllda",
        "Så går det till": "0 av 14 ifyllda",
        "Vad det bygger på": "0 av 2 ifyllda",
        "Kostnad och kontakt": "0 av 6 ifyllda",
        "Vem får läsa": "Förifyllt",
    }
    assert steps_in(open_form(editor, "/lardomar/nytt").text)["Vem får läsa"] == "Förifyllt"
    house.write("practices", "kartan", review_by="2027-01-01")
    house.look()
    assert steps_in(open_form(editor, EDIT).text)["Vem får läsa"] == "Ifyllt"


def test_a_background_save_that_comes_after_the_save_is_not_half_written(app: Flask, editor: Browser) -> None:
    page = open_form(editor, "/arbetssatt/nytt")
    address = fill_in(editor, page, title="Ny").location
    late = fill_in(editor, page, url="/arbetssatt/nytt/utkast", title="Ny")
    assert "undanlagt" not in late.text
    assert "Fortsätt på" not in open_form(editor, "/arbetssatt/nytt").text
    page = open_form(editor, f"{address}/andra")
    fill_in(editor, page, unit="Enheten")
    late = fill_in(editor, page, url=f"{address}/andra/utkast", unit="Enheten")
    assert "undanlagt" not in late.text
    assert NOT_SAVED not in open_form(editor, f"{address}/andra").text


def test_going_on_in_a_form_that_has_been_saved_is_kept_with_the_page(editor: Browser) -> None:
    page = open_form(editor, "/arbetssatt/nytt")
    address = fill_in(editor, page, title="Ny").location
    fill_in(editor, page, url="/arbetssatt/nytt/utkast", title="Ny", unit="Mer")
    assert fields_of(open_form(editor, f"{address}/andra"))["unit"] == "Mer"


def test_going_back_to_the_form_of_a_page_that_is_made_leads_to_the_pages_own(
    editor: Browser, outsider: Browser
) -> None:
    first = fill_in(editor, open_form(editor, "/arbetssatt/nytt"), "next", title="Ny")
    address = fill_in(editor, open_form(editor, first.location)).location
    for other, status in ((editor, 303), (outsider, 200)):
        assert other.get(first.location).status_code == status
    assert editor.get(first.location).location == f"{address}/andra?steg=2"
