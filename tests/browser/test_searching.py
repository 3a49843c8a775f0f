"""The search page and the browser's history: what one types is one page, what one chooses is another."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

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
