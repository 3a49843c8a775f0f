"""The words of buttons, hints and lists where people write."""

from __future__ import annotations

from html import unescape
from pathlib import Path

import pytest

from tests.cast import Browser
from tests.editing.writing import fields_of, open_form
from tests.house import House


def test_a_row_is_added_by_the_name_of_one(editor: Browser) -> None:
    words = open_form(editor, "/arbetssatt/nytt?steg=4").text + open_form(editor, "/arbetssatt/nytt?steg=3").text
    assert "Lägg till en källa<" in words
    assert "Lägg till i " not in words


@pytest.mark.parametrize(
    ("path", "words"), [("/natverk", "ett nätverk"), ("/studiebesok", "ett studiebesök"), ("/cykler", "en PGSA-cykel")]
)
def test_a_list_leads_to_a_new_page_by_the_kinds_own_gender(editor: Browser, path: str, words: str) -> None:
    assert f"Lägg till {words}</a>" in editor.get(path).text


def test_a_visit_is_asked_for_with_a_title_and_not_by_its_own_host(
    house: House, editor: Browser, outsider: Browser
) -> None:
    house.write("practices", "kartan")
    house.look()
    shown = outsider.get("/arbetssatt/kartan").text
    link = unescape(shown.partition('href="/studiebesok/nytt')[2].partition('"')[0])
    form = open_form(outsider, f"/studiebesok/nytt{link}")
    assert fields_of(form, "skriv")["title"] == "Studiebesök hos Södertälje"
    assert "Värden ser det på sin organisations sida" in form.text
    assert "/studiebesok/nytt?" not in editor.get("/arbetssatt/kartan").text


def test_a_tick_box_has_its_hint_below_it(editor: Browser) -> None:
    pages = (open_form(editor, f"/arbetssatt/nytt?steg={step}").text for step in range(1, 6))
    page = next(text for text in pages if 'id="f-invented"' in text)
    assert page.index('id="f-invented"') < page.index('id="f-invented-h"')


def test_the_bin_says_what_was_removed_outside(house: House, editor: Browser) -> None:
    path: Path = house.write("practices", "kartan")
    house.look()
    path.unlink()
    house.look()
    words = editor.get("/papperskorg").text
    assert "utanför Lärnät" in words
    assert "av Utanför" not in words
