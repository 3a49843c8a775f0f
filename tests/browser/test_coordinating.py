"""A coordinator looks after the words of the search, and after what people look for, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from app.library.word_lists import PATH, read_word_lists
from app.web.text import today
from tests.browser.axe import findings
from tests.browser.conftest import Open, Site
from tests.cast import COORDINATOR
from tests.coordinating.conftest import WORDS, appoint
from tests.coordinating.looking import counted, tally_of
from tests.house import House

pytestmark = pytest.mark.browser

PAGES = (
    "/ordlista",
    "/ordlista?q=finns-inte",
    "/ordlista/rad",
    "/ordlista/fragor",
    "/sokningar",
    "/sokningar?visa=alla&natverk=samordnas",
    "/sokningar?natverk=utan-inloggning&manad=2000-01",
    "/natverk/samordnas?lucka=skuldsanering",
)


@pytest.fixture(scope="module", autouse=True)
def house(site: Site) -> House:
    """A network that Kaj coordinates, words for the search, and searches that found nothing."""
    house = House(site.app, site.app.extensions["library"].home)
    (house.home / PATH).write_text(WORDS, encoding="utf-8")
    house.write("networks", "samordnas", title="Samordnas", owner="solna", members=[{"organisation": "solna"}])
    house.write("practices", "hemma", "Vi gör hembesök hos alla.\n", title="Besök i hemmet")
    house.look()
    site.index_words()
    appoint(house, COORDINATOR.email, "samordnas")
    for words, organisation in (("skuldsanering", "solna"), ("hembesök", ""), ("ett långt " * 7, "")):
        for hits in (0, 0, 3):
            tally_of(house).count(today(), words, organisation, hits)
    return house


def try_row(page: Page, *row: str) -> None:
    page.get_by_label("Uttryck").fill("\n".join(row))
    page.get_by_role("button", name="Visa vad det ändrar").click()


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (1280, True), (360, False)], ids=["light", "dark", "phone"])
def test_axe_finds_nothing(open_page: Open, complaints: list[str], width: int, dark: bool) -> None:
    page = open_page("/ordlista", width=width, dark=dark, role=COORDINATOR)
    found = []
    for address in PAGES:
        page.goto(address)
        for folded in page.locator("details").all():
            folded.evaluate("details => { details.open = true }")
        found += findings(page)
    page.goto("/ordlista/rad")
    try_row(page, "hembesök", "uppsökande")
    found += findings(page)
    try_row(page, "barn")
    found += findings(page)
    assert found == []
    # The browser tells of the answer 422 that it got.
    assert [said for said in complaints if "422" not in said] == []


def test_it_fits_in_320_pixels(open_page: Open) -> None:
    page = open_page("/ordlista", width=320, role=COORDINATOR)
    for address in PAGES:
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") == 320, address
    page.goto("/ordlista/rad")
    try_row(page, "hembesök", "uppsökande", "ettmycketlångtordsomintefårplatspåenradiensmaltelefon")
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_a_row_is_written_tried_and_saved_with_the_keyboard(open_page: Open, house: House) -> None:
    page = open_page("/ordlista", role=COORDINATOR)
    page.get_by_role("link", name="Lägg till en rad").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Uttryck").focus()
    page.keyboard.type("hembesök\nbarn")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Visa vad det ändrar")).to_be_focused()
    page.keyboard.press("Enter")
    wrong = page.get_by_role("alert")
    expect(wrong).to_be_focused()
    expect(wrong).to_contain_text("”barn” är för vanligt")
    page.get_by_role("link", name="”barn” är för vanligt").press("Enter")
    expect(page.get_by_label("Uttryck")).to_be_focused()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("hembesök\nuppsökande")
    page.get_by_role("button", name="Visa vad det ändrar").press("Enter")
    expect(page.get_by_role("row", name="uppsökande")).to_contain_text("Besök i hemmet Ny")
    page.get_by_role("button", name="Spara").press("Enter")
    expect(page.locator(".flashes")).to_contain_text("Lade till ”hembesök, uppsökande”")
    assert ("hembesök", "uppsökande") in read_word_lists((house.home / PATH).read_bytes()).rows


def test_without_scripts_a_search_becomes_a_gap(open_page: Open) -> None:
    page = open_page("/laget", role=COORDINATOR, scripts=False)
    page.get_by_role("link", name="Vad folk söker efter").click()
    page.get_by_label("Vems sökningar").select_option(label="Samordnas")
    page.get_by_role("button", name="Visa").click()
    expect(page.locator("tbody th[scope=row] a")).to_have_text(["skuldsanering"])
    page.get_by_role("link", name="Gör till kunskapslucka").click()
    expect(page.get_by_label("Vad vet vi inte?")).to_have_value("skuldsanering")
    page.get_by_label("Vad vet vi inte?").fill("Vad hjälper mot skulder?")
    page.get_by_role("button", name="Lägg till", exact=True).click()
    expect(page.get_by_role("region", name="Kunskapsluckor till nästa plan")).to_contain_text(
        "Vad hjälper mot skulder?"
    )


def test_what_is_typed_counts_once_when_somebody_stays_at_it(open_page: Open, house: House) -> None:
    counted(house)
    page = open_page("/sok")
    page.get_by_label("Vad söker du?").press_sequentially("kvastskaftet", delay=60)
    with page.expect_response(lambda answer: "/sok/stannat" in answer.url) as told:
        pass
    assert told.value.status == 204
    page.wait_for_timeout(2000)
    found = [row for row in counted(house) if row[0].startswith("kvast")]
    assert found == [("kvastskaftet", "", 0, 1)]
    assert "/sok?q=kvastskaftet" in page.url
    expect(page.get_by_label("Vad söker du?")).to_be_focused()
