"""A whole project on one page, in a real browser and on paper; and what is typed of values, kept while it is typed."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import findings
from tests.browser.conftest import Open
from tests.browser.test_charts import WRONG
from tests.browser.test_print import A4, TO_CLICK
from tests.browser.test_writing import TOO_LOW
from tests.cast import ADMIN

pytestmark = pytest.mark.browser

PROJECT = "/utvecklingsarbeten/snabbare-forsta-mote-pa-ame"
PAGE = f"{PROJECT}/sammanfattning"
PAGES = (PAGE, "/utvecklingsarbeten/bryt-langvarigt-forsorjningsstod-i-lysekil/sammanfattning")
VALUES = f"{PROJECT}/matt/samtalets-langd/varden"
# Charts, wheels and the driver diagram as (name, top, bottom) where they reach over the edge of the paper.
OVER_THE_EDGE = """() => [...document.querySelectorAll('main svg')]
    .filter((one) => one.checkVisibility() && one.getClientRects().length)
    .filter((one) => one.getBoundingClientRect().right > innerWidth + 1 || one.getBoundingClientRect().left < -1)
    .map((one) => one.outerHTML.slice(0, 80))"""
# What has a picture in it and may be cut in two by the end of a page.
MAY_BE_CUT = """() => [...document.querySelectorAll('main figure, main .drivers, main .ramps ol > li')]
    .filter((one) => one.getClientRects().length)
    .filter((one) => !one.closest('figure') || one.matches('figure'))
    .filter((one) => getComputedStyle(one).breakInside !== 'avoid' && !one.closest('.measured'))
    .map((one) => one.outerHTML.slice(0, 80))"""


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (320, True)], ids=["light", "dark phone"])
def test_axe_finds_nothing_and_everything_has_room(
    open_page: Open, complaints: list[str], width: int, dark: bool
) -> None:
    page = open_page(PAGE, width=width, dark=dark, role=ADMIN)
    found = []
    for path in (*PAGES, f"{VALUES}/historik", f"{VALUES}/jamfor", VALUES):
        page.goto(path)
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
        found += findings(page)
        assert page.evaluate(WRONG) == []
        assert page.evaluate(TOO_LOW) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    assert found == []
    assert complaints == []


def on_paper(open_page: Open, path: str) -> Page:
    page = open_page(path, width=A4, dark=True)
    page.emulate_media(media="print")
    return page


@pytest.mark.parametrize("path", PAGES)
def test_it_prints_without_what_can_only_be_clicked_and_with_its_charts_whole(open_page: Open, path: str) -> None:
    page = on_paper(open_page, path)
    shown = page.locator(f":is({TO_CLICK})").evaluate_all("all => all.filter((one) => one.checkVisibility()).length")
    assert shown == 0
    assert page.evaluate(OVER_THE_EDGE) == []
    assert page.evaluate(MAY_BE_CUT) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= A4
    address = page.url.removesuffix("/sammanfattning")
    expect(page.locator(".printed")).to_contain_text(address)
    expect(page.locator(".printed")).to_contain_text("Hämtad")


def test_a_project_of_six_cycles_and_three_measures_is_a_few_sheets(open_page: Open) -> None:
    page = on_paper(open_page, PAGE)
    assert page.locator(".measured table").evaluate_all("all => all.filter((one) => one.checkVisibility()).length") == 0
    pages = page.pdf(format="A4").count(b"/Type /Page\n") or page.pdf(format="A4").count(b"/Type /Page ")
    assert 3 <= pages <= 8


def test_the_button_prints(open_page: Open, complaints: list[str]) -> None:
    page = open_page(PAGE)
    page.evaluate("window.print = () => { document.title = 'skrivs ut' }")
    page.get_by_role("button", name="Skriv ut eller spara som PDF").click()
    expect(page).to_have_title("skrivs ut")
    assert complaints == []
    plain = open_page(PAGE, scripts=False)
    expect(plain.get_by_role("button", name="Skriv ut")).to_have_count(0)
    expect(plain.get_by_text("Skriv ut med webbläsarens meny, eller Ctrl+P.")).to_be_visible()


def test_what_is_typed_of_values_is_kept_and_there_again(open_page: Open, complaints: list[str]) -> None:
    page = open_page(VALUES, role=ADMIN)
    blank = int(page.locator("[name=rows]").input_value()) - 5
    page.locator(f"#on-{blank}").fill("2026-11-09")
    page.locator(f"#value-{blank}").fill("44")
    expect(page.locator("#utkast")).to_contain_text("undanlagt")
    page.locator(f"#value-{blank}").press("Enter")
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.locator(f"#value-{blank}")).to_have_value("44")
    other.locator("#pasted").fill("2026-11-16\t43")
    expect(other.locator("#utkast")).to_contain_text("undanlagt")
    other.get_by_role("link", name="Avbryt").click()
    other.goto(page.url)
    expect(other.locator("#pasted")).to_have_value("2026-11-16\t43")
    other.get_by_role("button", name="Kasta det halvskrivna").click()
    expect(other.get_by_text("Det halvskrivna är kastat.")).to_be_visible()
    assert complaints == []
