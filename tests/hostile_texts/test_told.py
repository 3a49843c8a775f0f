"""Hostile texts in what the site says back: to two who write at once, of what was done, and of what is wrong."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.cast import Browser
from tests.editing.writing import fields_of, fill_in, open_form
from tests.hostile_texts.judging import faults_in
from tests.hostile_texts.texts import FILED, Text
from tests.house import House

EDIT = "/arbetssatt/krock/andra?steg=2"


@pytest.fixture
def krock(house: House) -> House:
    house.write("practices", "krock", "## Varför\n\nFörsta raden.\n")
    house.look()
    return house


def assert_words(answer: TestResponse, text: Text, *statuses: int) -> None:
    """That an answer is a page with nothing but words in it."""
    assert answer.status_code in (statuses or (200,)), (answer.status_code, text)
    assert answer.mimetype == "text/html"
    assert faults_in(answer.text) == [], text


@pytest.mark.usefixtures("krock")
def test_what_two_wrote_at_once_stands_side_by_side_as_words(editor: Browser, colleague: Browser) -> None:
    met = 0
    for mine, theirs in zip(FILED[::14], FILED[7::14], strict=False):
        forms = open_form(editor, EDIT), open_form(colleague, EDIT)
        before = fill_in(colleague, forms[1], "save", h_varfor=f"{theirs.written}\n\nDeras.", h_material="Deras.")
        assert before.status_code in (303, 422), theirs
        answer = fill_in(editor, forms[0], "save", h_varfor=f"{mine.written}\n\nMitt.", h_material=mine.written)
        if answer.status_code == 409:
            met += 1
            assert_words(answer, mine, 409)
            answer = fill_in(editor, answer, "from both h_varfor")
            assert_words(answer, mine, 200, 409)
            assert mine.written.split()[0] in fields_of(answer)["h_varfor"]
            answer = fill_in(editor, answer, "save")
        assert answer.status_code in (303, 409, 422), mine
        if answer.status_code != 303:
            assert_words(answer, mine, 409, 422)
    assert met > 25, "two really met"


@pytest.mark.usefixtures("krock")
def test_what_two_tabs_wrote_and_what_is_thrown_away_is_told_in_words(editor: Browser) -> None:
    for mine, theirs in zip(FILED[::30], FILED[15::30], strict=False):
        one, other = open_form(editor, EDIT), open_form(editor, EDIT)
        fill_in(editor, one, "keep", h_varfor=theirs.written)
        answer = fill_in(editor, other, "keep", h_varfor=mine.written)
        assert answer.status_code == 303, mine
        both = editor.get(answer.location, follow_redirects=True)
        assert_words(both, mine)
        assert "Du har skrivit i två flikar" in both.text
        account = editor.get("/mitt-konto")
        assert_words(account, mine)
        copies = re.findall(r'href="([^"?#]*practices(?::|%3A)[^"?#]*)"', account.text)
        assert copies
        for address in copies:
            assert_words(editor.get(address, follow_redirects=True), mine)
            assert editor.post(f"{address.removesuffix('/flikar')}/kasta").status_code == 303
            told = editor.get("/mitt-konto")
            assert_words(told, mine)
            assert "är kastat" in told.text


def test_what_is_said_of_a_page_that_was_removed_or_thrown_away_is_words(house: House, editor: Browser) -> None:
    texts = FILED[::16]
    for text in texts:
        house.write("practices", f"bort-{text.number}", title=text.on_one_line[:150] or "x")
    house.look()
    for text in texts:
        page = f"/arbetssatt/bort-{text.number}"
        kept = fill_in(editor, open_form(editor, f"{page}/andra?steg=1"), "keep", summary=text.on_one_line)
        assert kept.status_code in (200, 303)
        assert_words(editor.get("/mitt-konto"), text)
        answer = fill_in(editor, open_form(editor, f"{page}/ta-bort"))
        assert answer.status_code == 303, text
        # What was just done is told above, with a button that undoes it.
        shown = editor.get(answer.location)
        assert_words(shown, text)
        assert "borttagen" in shown.text
        assert "/angra" in shown.text
    assert_words(editor.get("/papperskorg"), texts[0])


@pytest.mark.usefixtures("krock")
def test_what_is_said_of_named_people_is_words(editor: Browser, coordinator: Browser) -> None:
    page = "/arbetssatt/krock/deltagare"
    texts = FILED[::9]
    for text in texts:
        words = text.on_one_line[:100]
        told = {"part": "contact", "name": words, "title": words, "organisation": words, "phone": f"1 {words}"[:100]}
        answer = editor.post(page, data={"_do": "add", **told})
        if answer.status_code != 303:
            assert_words(answer, text, 422)
            continue
        shown = editor.get(page)
        assert_words(shown, text)
        assert "är tillagd" in shown.text
        assert_words(editor.post(page, data={"_do": "add", **told, "email": text.on_one_line[:80]}), text, 303, 422)
        assert_words(coordinator.get("/personer/namngivna", query_string={"q": words}), text)
    assert_words(editor.get("/arbetssatt/krock"), texts[0])


def test_what_is_wrong_in_a_file_is_told_in_words(app: Flask, house: House, admin: Browser, editor: Browser) -> None:
    folder = Path(house.home, "content/practices")
    texts = FILED[::5]
    for text in texts:
        front = f"id: {text.number}\ntitle: {text.on_one_line}\nowner: sodertalje\npublication: {text.on_one_line}"
        (folder / f"trasig-{text.number}.md").write_text(f"---\n{front}\n---\n\n{text.written}\n", encoding="utf-8")
        name = text.on_one_line.replace("/", "⁄").encode()[:150].decode(errors="ignore").lstrip(".")
        (folder / f"{name}.md").write_text("---\nowner: sodertalje\n---\n", encoding="utf-8")
    house.look()
    for person in (admin, editor):
        page = person.get("/problem")
        assert_words(page, texts[0])
    assert admin.get("/problem").text.count("trasig-") >= len(texts) // 2
    assert faults_in(admin.get("/granskning").text) == []
