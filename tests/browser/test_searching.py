"""The search page and the browser's history: what one types is one page, what one chooses is another."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.axe import findings
from tests.browser.conftest import Open

pytestmark = pytest.mark.browser


def test_typing_makes_no_page_to_go_back_through_and_choosing_makes_one(open_page: Open, complaints: list[str]) -> None:
    page = open_page("/om")
    page.goto("/sok")
    pages = page.evaluate("history.length")
    page.get_by_label("Vad söker du?").press_sequentially("försörjning", delay=150)
    expect(page).to_have_url(re.compile("q=f%C3%B6rs%C3%B6rjning&borjan=ja$"))
    assert page.evaluate("history.length") == pages
    expect(page.locator("#antal")).to_contain_text("för ”försörjning”")
    page.locator("h1").click()  # the suggestions, which lie over the choices, go away
    page.locator(".facet a").first.click()
    expect(page.locator(".chips")).to_be_visible()
    assert page.evaluate("history.length") == pages + 1
    page.go_back()
    expect(page.locator("#antal")).to_contain_text("för ”försörjning”")
    expect(page.locator(".chips")).to_have_count(0)
    page.go_back()
    expect(page).to_have_url(re.compile("/om$"))
    assert complaints == []


def test_each_update_is_said_to_those_who_do_not_see_it(open_page: Open, complaints: list[str]) -> None:
    page = open_page("/sok")
    box, said = page.get_by_label("Vad söker du?"), page.locator("#besked")
    box.press_sequentially("hemlöshet", delay=20)
    expect(said).to_have_text(re.compile(r"^\d+ träffar för hemlöshet$"))
    box.fill("hemlöhset")
    expect(said).to_have_text(re.compile(r"^\d+ träffar för hemlöhset, stavat hemlöshet$"))
    box.fill('"mötet boka"')
    expect(said).to_have_text(re.compile(r"^Inga träffar för \"mötet boka\"\. \d+ träff(ar)? utan citattecken\.$"))
    expect(page).to_have_title(re.compile("^Sök: "))
    page.get_by_role("link", name=re.compile("^Utan citattecken")).click()
    expect(said).to_have_text(re.compile(r"^\d+ träff(ar)? för mötet boka$"))
    page.locator(".facet a").first.focus()
    chosen = page.locator(".facet a").first.get_attribute("id")
    page.keyboard.press("Enter")
    expect(page.locator(f"#{chosen}")).to_have_attribute("aria-current", "true")
    assert page.evaluate("document.activeElement.id") == chosen, "the keyboard stays where it is"
    assert complaints == []


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (1280, True), (320, False)])
def test_axe_finds_nothing_in_what_a_search_may_answer(open_page: Open, width: int, dark: bool) -> None:
    page = open_page("/sok", width=width, dark=dark)
    for words in (
        "q=kvastskaft",
        'q="mötet+boka"+-barn',
        "q=hemlöhset",
        "q=möte&typ=practices&omrade=hemloshet&kommun=habo",
        "q=hemlöshet&arkiverade=ja",
    ):
        page.goto(f"/sok?{words}")
        assert findings(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), words


def test_axe_finds_nothing_on_a_page_that_shows_what_is_like_it(open_page: Open) -> None:
    page = open_page("/arbetssatt")
    for address in page.locator("main h3 a").evaluate_all("all => all.map(one => one.getAttribute('href'))"):
        page.goto(address)
        if page.locator("#liknande").count():
            break
    expect(page.locator("#liknande")).to_be_visible()
    assert findings(page) == []
