"""Marks by buttons and keys, a page to link to, and text pasted from Word and the web, in a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.axe import findings
from tests.browser.conftest import Open
from tests.cast import EDITOR

pytestmark = pytest.mark.browser

FORM = "/arbetssatt/nytt?steg=2"
CLIPBOARDS = Path(__file__).parents[1] / "library" / "clipboards"
WORD = (CLIPBOARDS / "word.html").read_text(encoding="utf-8")
WORD_AS_MARKDOWN = (CLIPBOARDS / "word.md").read_text(encoding="utf-8").strip()
PASTE_EVENT = """(area, [html, plain]) => {
    const clipboard = new DataTransfer();
    clipboard.setData("text/html", html);
    clipboard.setData("text/plain", plain);
    area.focus();
    area.dispatchEvent(new ClipboardEvent("paste", {clipboardData: clipboard, bubbles: true, cancelable: true}));
}"""
COPY = """(html) => {
    const copied = Object.assign(document.createElement("div"), {innerHTML: html, id: "kopierat"});
    document.querySelector("main").prepend(copied);
    getSelection().selectAllChildren(copied);
}"""


def text_box(page: Page) -> Locator:
    return page.locator("#f-h_varfor")


def paste(area: Locator, html: str, plain: str) -> None:
    area.evaluate(PASTE_EVENT, [html, plain])


def select(area: Locator, words: str) -> None:
    area.evaluate(
        "(area, words) => { const at = area.value.indexOf(words); area.focus();"
        " area.setSelectionRange(at, at + words.length) }",
        words,
    )


def test_marks_are_set_by_buttons_and_keys_and_can_be_undone(open_page: Open, complaints: list[str]) -> None:
    page = open_page(FORM, role=EDITOR)
    area = text_box(page)
    area.fill("Det är viktigt att lyssna")
    select(area, "viktigt")
    area.press("Control+b")
    expect(area).to_have_value("Det är **viktigt** att lyssna")
    area.press("Control+z")
    expect(area).to_have_value("Det är viktigt att lyssna")
    tools = page.get_by_role("toolbar", name="Formatera texten: Varför")
    tools.get_by_role("button", name="Punktlista").click()
    expect(area).to_have_value("- Det är viktigt att lyssna")
    expect(page.locator("#utkast")).to_contain_text("är undanlagt kl.")
    assert complaints == []


def test_the_marks_are_one_stop_for_the_keyboard_and_the_arrows_go_between_them(open_page: Open) -> None:
    page = open_page(FORM, role=EDITOR)
    tools = page.get_by_role("toolbar", name="Formatera texten: Varför")
    text_box(page).focus()
    page.keyboard.press("Tab")
    expect(tools.get_by_role("button", name="Underrubrik")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(tools.get_by_role("button", name="Fet stil")).to_be_focused()
    page.keyboard.press("Enter")
    expect(text_box(page)).to_have_value("****")
    expect(text_box(page)).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Förhandsgranska Varför")).to_be_focused()


def test_without_scripts_there_are_no_buttons_that_do_nothing(open_page: Open) -> None:
    page = open_page(FORM, role=EDITOR, scripts=False)
    expect(page.get_by_role("button", name="Fet stil").first).to_be_hidden()
    expect(page.locator("dialog").first).to_be_hidden()
    text_box(page).fill("**Fet** text")
    page.get_by_role("button", name="Förhandsgranska Varför").click()
    expect(page.locator("#f-h_varfor-p strong")).to_have_text("Fet")


def test_a_page_to_link_to_is_found_by_its_title(open_page: Open, complaints: list[str]) -> None:
    page = open_page(FORM, role=EDITOR)
    area = text_box(page)
    area.fill("Vi lutar oss mot kartan.")
    select(area, "kartan")
    area.press("Control+k")
    dialog = page.get_by_role("dialog", name="Länka till en sida")
    question = dialog.get_by_role("searchbox")
    expect(question).to_be_focused()
    expect(question).to_have_value("kartan")
    question.fill("kartläggningsverktyg")
    expect(dialog.get_by_role("status")).to_have_text("1 sida")
    assert findings(page) == []
    question.press("Enter")
    page.keyboard.press("Enter")
    expect(area).to_have_value("Vi lutar oss mot [[arbetssatt/kartlaggningsverktyg|kartan]].")
    expect(area).to_be_focused()
    area.press("Control+k")
    page.keyboard.press("Escape")
    expect(area).to_have_value("Vi lutar oss mot [[arbetssatt/kartlaggningsverktyg|kartan]].")
    assert complaints == []


def test_what_is_pasted_from_word_keeps_its_marks_and_undo_gives_the_plain_text(
    open_page: Open, complaints: list[str]
) -> None:
    page = open_page(FORM, role=EDITOR)
    area = text_box(page)
    area.fill("Så här:")
    area.press("Control+End")
    paste(area, WORD, "Rutin för kartläggning\nViktigt: Läs alltid")
    expect(area).to_have_value("Så här:\n\n" + WORD_AS_MARKDOWN)
    told = page.locator(".under-text", has=page.locator("[for=f-h_varfor]")).get_by_role("status")
    expect(told).to_contain_text("En bild följde inte med")
    area.press("Control+z")
    expect(area).to_have_value("Så här:Rutin för kartläggning\nViktigt: Läs alltid")
    area.press("Control+z")
    expect(area).to_have_value("Så här:")
    area.press("Control+y")
    area.press("Control+y")
    expect(area).to_have_value("Så här:\n\n" + WORD_AS_MARKDOWN)
    expect(page.locator("#utkast")).to_contain_text("är undanlagt kl.")
    assert complaints == []


def test_what_is_copied_from_a_page_and_pasted_by_the_keyboard_keeps_its_marks(
    open_page: Open, complaints: list[str]
) -> None:
    page = open_page(FORM, role=EDITOR)
    page.evaluate(COPY, "<h2>Inför</h2><ul><li>Ring <b>först</b></li><li>Boka</li></ul>")
    page.keyboard.press("Control+c")
    text_box(page).focus()
    page.keyboard.press("Control+v")
    expect(text_box(page)).to_have_value("### Inför\n\n- Ring **först**\n- Boka")
    assert complaints == []


def test_somebody_who_goes_on_writing_meanwhile_keeps_what_they_write(open_page: Open) -> None:
    page = open_page(FORM, role=EDITOR)
    area = text_box(page)
    waiting: list[Route] = []
    page.route("**/klistra-in", lambda route: waiting.append(route))
    paste(area, "<p><b>Fet</b> text</p>", "Fet text")
    area.press_sequentially(" och mer")
    waiting.pop().continue_()
    expect(area).to_have_value("**Fet** text och mer")
    assert area.evaluate("area => area.selectionStart") == len("**Fet** text och mer")
    area.fill("")
    paste(area, "<p><b>Fet</b> text</p>", "Fet text")
    select(area, "text")
    area.press_sequentially("ändring")
    waiting.pop().continue_()
    expect(page.get_by_text("Klistrades in som ren text, för att du hann ändra i den.")).to_be_visible()
    expect(area).to_have_value("Fet ändring")


def test_where_the_site_cannot_be_reached_the_plain_text_is_pasted(open_page: Open) -> None:
    page = open_page(FORM, role=EDITOR)
    page.route("**/klistra-in", lambda route: route.abort())
    paste(text_box(page), WORD, "Rutin för kartläggning")
    expect(text_box(page)).to_have_value("Rutin för kartläggning")


def test_plain_and_very_large_clipboards_are_pasted_as_browsers_do(open_page: Open) -> None:
    page = open_page(FORM, role=EDITOR)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate(COPY, "<span>bara ord</span>")
    page.keyboard.press("Control+c")
    text_box(page).focus()
    page.keyboard.press("Control+v")
    expect(text_box(page)).to_have_value("bara ord")
    paste(text_box(page), "<b>x</b>" * 300_000, "x")
    assert not [url for url in asked if url.endswith("/klistra-in")]


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("dark", [False, True])
def test_the_form_with_its_marks_is_accessible_and_fits(open_page: Open, width: int, dark: bool) -> None:
    page = open_page(FORM, role=EDITOR, width=width, dark=dark)
    expect(page.get_by_role("toolbar").first).to_be_visible()
    assert findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.get_by_role("button", name="Länk till en sida här").first.click()
    expect(page.locator(".picks li").first).to_be_visible()
    assert findings(page) == []
