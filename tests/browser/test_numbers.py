"""What the guard against personal numbers says in a browser: seen, heard and reached, and nothing typed is lost."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import findings
from tests.browser.conftest import Open
from tests.cast import EDITOR

pytestmark = pytest.mark.browser

NUMBER = "880320-1238"
WAYS = pytest.mark.parametrize(
    ("width", "dark", "scripts"),
    [(1280, False, True), (320, True, True), (1280, False, False)],
    ids=["desktop", "dark phone", "without scripts"],
)
# axe-core runs as a script of the page's; where those are off the page is the same as in the other runs.
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


def looked_at(page: Page, scripts: bool) -> None:
    if scripts:
        assert findings(page) == []
        assert page.evaluate(SIDEWAYS) <= 0


@WAYS
def test_a_number_in_a_text_is_told_at_its_field_and_declared_or_taken_away(
    open_page: Open, complaints: list[str], width: int, dark: bool, scripts: bool
) -> None:
    page = open_page("/arbetssatt/nytt", role=EDITOR, width=width, dark=dark, scripts=scripts)
    page.get_by_label("Rubrik").fill(f"Kallelser i {width} {scripts}")
    summary = page.get_by_label("Sammanfattning")
    if scripts:
        summary.press_sequentially(f"Klienten {NUMBER} ringde.")
        expect(page.locator("#utkast")).to_contain_text("läggs inte undan")
        looked_at(page, scripts)
    else:
        summary.fill(f"Klienten {NUMBER} ringde.")
    page.get_by_role("button", name="Spara som utkast").click()
    told = page.get_by_role("alert")
    expect(told).to_contain_text("något som ser ut som ett personnummer (••••••-••••)")
    assert NUMBER not in told.inner_text()
    assert page.title().startswith("Fel: ")
    expect(summary).to_have_value(f"Klienten {NUMBER} ringde.")
    expect(summary).to_have_attribute("aria-invalid", "true")
    looked_at(page, scripts)
    if scripts:
        # Whoever uses the keyboard stands at what is wrong, and comes to the field from there.
        expect(told).to_be_focused()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(summary).to_be_focused()
    expect(page.get_by_label(re.compile("är inget personnummer"))).not_to_be_checked()
    summary.fill("En klient ringde.")
    page.get_by_role("button", name="Spara som utkast").click()
    expect(page.get_by_text("Sparat som utkast.")).to_be_visible()
    assert complaints == []


@WAYS
def test_a_search_for_a_number_is_not_made(open_page: Open, width: int, dark: bool, scripts: bool) -> None:
    page = open_page("/sok", width=width, dark=dark, scripts=scripts)
    page.locator("main input[name=q]").fill(f"{NUMBER} kallelse")
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_contain_text("Lärnät söker inte på personnummer")
    assert NUMBER not in page.url
    assert NUMBER not in page.content()
    looked_at(page, scripts)


@WAYS
def test_whoever_publishes_meets_the_question_and_goes_on_or_back(
    open_page: Open, complaints: list[str], width: int, dark: bool, scripts: bool
) -> None:
    page = open_page("/arbetssatt/nytt", role=EDITOR, width=width, dark=dark, scripts=scripts)
    page.get_by_label("Rubrik").fill(f"Öppet hus {width} {scripts}")
    page.get_by_label("Sammanfattning").fill("Den som vill kommer.")
    page.get_by_role("button", name="Spara och publicera").click()
    question = page.get_by_role("alert")
    expect(question.get_by_role("heading")).to_have_text("Går det att känna igen någon klient i texten?")
    expect(page.get_by_label("Sammanfattning")).to_have_value("Den som vill kommer.")
    looked_at(page, scripts)
    if scripts:
        expect(question).to_be_focused()
    question.get_by_role("link", name="Jag läser igenom först").click()
    question.get_by_role("button", name="Nej, publicera").click()
    expect(page.get_by_text("Publicerat.")).to_be_visible()
    assert complaints == []
