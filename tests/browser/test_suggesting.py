"""Suggestions in the search boxes: by keyboard and pointer, said to those who do not see them, and in nobody's way."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Error, Locator, Page, Route, expect

from tests.browser.axe import findings
from tests.browser.conftest import Open

pytestmark = pytest.mark.browser
# Longer than the pause after which it is asked what letters may mean.
PAUSE_MS = 1000


def typed(page: Page, words: str, box: str = "#sok") -> Locator:
    """Type into a search box as people do, until something is suggested; gives the options."""
    page.locator(box).press_sequentially(words, delay=20)
    expect(page.get_by_role("listbox", name="Förslag")).to_be_visible()
    return page.get_by_role("listbox", name="Förslag").get_by_role("option")


def test_the_box_is_used_by_keyboard_and_keeps_the_focus(open_page: Open, complaints: list[str]) -> None:
    page = open_page("/")
    box = page.get_by_role("combobox", name="Sök i hela Lärnät")
    expect(box).to_have_attribute("aria-expanded", "false")
    options = typed(page, "hemlösh")
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(page.locator(".search [role=status]")).to_have_text(re.compile(r"^\d+ förslag$"))
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", str(options.first.get_attribute("id")))
    page.keyboard.press("ArrowUp")
    expect(box).not_to_have_attribute("aria-activedescendant", re.compile("."))
    page.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    expect(box).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_have_count(0)
    expect(box).to_have_value("hemlösh")
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/sok\?q=hemlöshet|/sok\?q=heml%C3%B6shet"))
    assert complaints == []


def test_enter_without_a_choice_searches_for_what_is_typed(open_page: Open) -> None:
    page = open_page("/om")
    typed(page, "hemlösh", "#sq")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/sok\?q=heml%C3%B6sh$"))


def test_a_page_that_is_chosen_is_opened_by_a_press(open_page: Open) -> None:
    page = open_page("/om")
    options = typed(page, "bryt långv", "#sq")
    options.filter(has_text="i Lysekil").click()
    expect(page).to_have_url(re.compile("/utvecklingsarbeten/bryt-langvarigt"))


def test_a_misspelt_word_is_chosen_as_it_is_meant(open_page: Open) -> None:
    page = open_page("/")
    options = typed(page, "hemlöhset")
    expect(options).to_have_text([re.compile(r"Menade du hemlöshet\?")])
    options.first.click()
    expect(page.locator("#antal")).to_contain_text("för ”hemlöshet”")


def test_on_the_search_page_the_results_follow_and_the_focus_stays(open_page: Open, complaints: list[str]) -> None:
    page = open_page("/sok?typ=practices")
    pages = page.evaluate("history.length")
    box = page.locator("#sok")
    options = typed(page, "försörjn")
    expect(page.locator("#besked")).to_have_text(re.compile(r"^\d+ träff(ar)? för försörjn"))
    expect(box).to_be_focused()
    page.keyboard.press("ArrowDown")
    word = str(options.first.locator("span").text_content())
    page.keyboard.press("Enter")
    expect(page.locator("#antal")).to_contain_text(f"för ”{word}”")
    expect(page.locator("#besked")).to_have_text(re.compile(rf"^\d+ träff(ar)? för {word}$"))
    expect(box).to_have_value(word)
    expect(box).to_be_focused()
    expect(page.get_by_role("listbox")).to_have_count(0)
    expect(page).to_have_url(re.compile("typ=practices"))
    assert page.evaluate("history.length") == pages
    assert complaints == []


def test_only_the_last_letters_are_asked_for_and_a_late_answer_opens_nothing(open_page: Open) -> None:
    page = open_page("/")
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url) if "/suggest" in one.url else None)
    # The page's clock stands still while letters are typed: on a busy machine they may come far apart.
    page.clock.install()
    page.clock.pause_at(datetime.now(UTC) + timedelta(hours=1))
    page.locator("#sok").press_sequentially("hemlösh")
    assert asked == []
    page.clock.run_for(PAUSE_MS)
    expect(page.get_by_role("listbox")).to_be_visible()
    assert len(asked) == 1

    held: list[Route] = []
    page.route("**/suggest**", lambda route: held.append(route))
    page.locator("#sok").press_sequentially(" stu")
    with page.expect_request("**/suggest**"):
        page.clock.run_for(PAUSE_MS)
    page.locator("#sok").blur()
    assert len(held) == 1
    with suppress(Error):  # the page has given it up already
        held[0].continue_()
    page.wait_for_timeout(300)
    expect(page.get_by_role("listbox")).to_have_count(0)


def test_nothing_is_asked_while_letters_are_put_together_or_a_number_grows(open_page: Open) -> None:
    page = open_page("/sok")
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url) if "/static/" not in one.url else None)
    devtools = page.context.new_cdp_session(page)
    page.locator("#sok").focus()
    devtools.send("Input.imeSetComposition", {"text": "hemlöshet", "selectionStart": 9, "selectionEnd": 9})
    page.wait_for_timeout(500)
    assert asked == []
    devtools.send("Input.insertText", {"text": "hemlöshet"})
    expect(page.locator("#antal")).to_contain_text("för ”hemlöshet”")
    page.locator("#sok").fill("")
    expect(page.locator("#antal")).to_contain_text("sidor")
    asked.clear()
    page.locator("#sok").press_sequentially("19811218", delay=60)
    page.wait_for_timeout(400)
    assert not [one for one in asked if "/suggest" in one and "198112" in one]


def test_without_scripts_it_is_a_plain_form(open_page: Open) -> None:
    page = open_page("/", scripts=False)
    for path in ("/", "/sok", "/om", "/finns-inte"):
        page.goto(path)
        box = page.locator("input[data-suggest]")
        expect(box).to_have_attribute("type", "search")
        box.fill("hemlöshet")
        box.press("Enter")
        expect(page.locator("#antal")).to_contain_text("för ”hemlöshet”")


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (1280, True), (360, False), (320, True)])
def test_axe_finds_nothing_in_open_lists_and_nothing_is_wider_than_the_screen(
    open_page: Open, width: int, dark: bool
) -> None:
    for path, box in (("/", "#sok"), ("/sok", "#sok"), ("/om", "#sq")):
        page = open_page(path, width=width, dark=dark)
        options = typed(page, "för", box)
        page.keyboard.press("ArrowDown")
        expect(options.first).to_have_attribute("aria-selected", "true")
        assert findings(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        for option in options.all():
            assert (option.bounding_box() or {"height": 0})["height"] >= 44
