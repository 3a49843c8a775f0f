"""No search is made for a personal number, and no address keeps one."""

from __future__ import annotations

import logging

import pytest
from flask import Flask

from app.config import Settings
from app.web.questions import without_numbers
from tests.cast import Browser
from tests.house import House
from tests.traces import traces

NUMBER = "880320-1238"
DIGITS = ("880320-1238", "880320–1238", "8803201238", "880320")
LEFT_OUT = "Lärnät söker inte på personnummer, så det är borttaget ur det du skrev."


@pytest.mark.parametrize(
    ("asked", "led_to"),
    [
        (f"/sok?q={NUMBER}", "/sok"),
        (f"/sok?q=samtal+{NUMBER}+barn&omrade=barn", "/sok?q=samtal+barn&omrade=barn"),
        ("/sok?q=19880320%E2%80%931238", "/sok"),
        ("/sok?q=880320+1238", "/sok"),
        (f"/arbetssatt?q={NUMBER}", "/arbetssatt"),
        (f"/?{NUMBER}=ja", "/"),
        (f"/logga-in?nasta=/sok%3Fq%3D{NUMBER}", "/logga-in?nasta=%2Fsok%3Fq%3D"),
    ],
)
def test_an_address_with_a_number_leads_to_the_same_without_it(anyone: Browser, asked: str, led_to: str) -> None:
    answer = anyone.get(asked)
    assert (answer.status_code, answer.location) == (303, led_to)
    assert NUMBER not in answer.text
    assert LEFT_OUT in anyone.get("/sok").text


def test_a_search_while_typing_leads_there_as_well(anyone: Browser) -> None:
    answer = anyone.get(f"/sok?q={NUMBER}", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"], answer.text) == (200, "/sok", "")


def test_other_programs_are_told_that_it_was_not_asked(anyone: Browser) -> None:
    answer = anyone.get(f"/api/v1/search?q={NUMBER}")
    assert answer.status_code == 400
    assert answer.get_json()["message"] == "Lärnät söker inte på personnummer. Ta bort det ur frågan."
    assert NUMBER not in answer.text


@pytest.mark.parametrize("words", ["2024-03-20", "8803201238", "556036-0793", "08-123 45 67", "2019–2024"])
def test_other_numbers_are_searched_for(anyone: Browser, words: str) -> None:
    assert anyone.get("/sok", query_string={"q": words}).status_code == 200


def test_nothing_of_a_search_is_left_anywhere(
    app: Flask, settings: Settings, house: House, anyone: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    house.write("practices", "samtal")
    house.look()
    with caplog.at_level(logging.DEBUG):
        for form in DIGITS[:3]:
            anyone.get("/sok", query_string={"q": form})
            anyone.get("/api/v1/search", query_string={"q": form})
            anyone.get(f"/arbetssatt/{form}")
    assert not any(one in caplog.text for one in DIGITS)
    app.extensions["databases"].close()
    assert traces(settings.home, DIGITS) == []


def test_what_stands_around_a_number_stays() -> None:
    assert without_numbers(f"före {NUMBER} efter") == "före efter"
    assert without_numbers("före  efter") == "före  efter"
