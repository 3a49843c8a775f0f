"""The pages of errors, in a real browser, as they are where nobody tests: also the one for a fault of ours."""

from __future__ import annotations

import re
import sqlite3

import pytest
from flask import abort
from playwright.sync_api import expect

from app.accounts.rules import open_to_anyone
from app.index import IndexNotReady
from tests.browser.axe import findings
from tests.browser.conftest import Open, Site

pytestmark = pytest.mark.browser

STATUSES = (400, 403, 404, 405, 409, 413, 429, 500, 503, 507)


@open_to_anyone("a test's own view, which only fails")
def fail(status: int) -> str:
    """Fail as the address says."""
    if status == 500:
        raise RuntimeError("a secret detail")
    if status == 503:
        raise IndexNotReady
    if status == 507:
        full = sqlite3.OperationalError("database or disk is full")
        full.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise full
    abort(status)


@pytest.fixture(scope="module", autouse=True)
def _failing(site: Site) -> None:
    site.app.testing = False
    site.app.add_url_rule("/fel/<int:status>", "fail", fail)


@pytest.mark.parametrize(
    ("width", "dark"), [(1280, False), (1280, True), (360, False), (320, True)], ids=["light", "dark", "phone", "320"]
)
def test_axe_finds_nothing_on_the_page_of_any_error(
    open_page: Open, complaints: list[str], width: int, dark: bool
) -> None:
    page = open_page("/om", width=width, dark=dark)
    found = []
    for status in STATUSES:
        answer = page.goto(f"/fel/{status}")
        assert answer is not None
        assert answer.status == status
        found += findings(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        expect(page.get_by_role("main").get_by_role("link", name="Till startsidan")).to_be_visible()
    assert found == []
    assert complaints == []


def test_from_an_error_one_reports_it_without_scripts(site: Site, open_page: Open) -> None:
    page = open_page("/fel/500", scripts=False)
    page.get_by_role("link", name="Rapportera felet").click()
    expect(page.get_by_label("Vilken sida gäller det?")).to_have_value("/fel/500")
    expect(page.get_by_label("Något fungerar inte")).to_be_checked()
    box = page.get_by_label("Vad hände?")
    expect(box).to_have_value(re.compile(r"Felets nummer är [A-Z0-9]{8}\.\s*"))
    box.fill(f"{box.input_value()}Sidan gick sönder när jag tryckte på Spara.")
    page.get_by_role("button", name="Skicka").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tack, rapporten har kommit fram")
    expect(page.get_by_role("main")).to_contain_text("nummer 1")


def test_a_page_that_is_not_there_is_searched_for(open_page: Open) -> None:
    page = open_page("/arbetssatt/extra-personal-f%C3%B6r-f%C3%B6rs%C3%B6rjningsst%C3%B6d", scripts=False)
    box = page.get_by_role("main").get_by_label("Sök i hela Lärnät")
    expect(box).to_have_value("extra personal för försörjningsstöd")
    page.get_by_role("main").get_by_role("button", name="Sök").click()
    expect(page.get_by_role("link", name="Extra personal för försörjningsstöd").first).to_be_visible()
