"""What the site tells of itself, and reports of faults and barriers, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from app.about.cookies import traces
from app.config import Settings
from tests.browser.axe import findings
from tests.browser.conftest import Open, Site
from tests.cast import ADMIN, EDITOR

pytestmark = pytest.mark.browser

PAGES = ("/tillganglighet", "/personuppgifter", "/om", "/rapportera", "/rapportera?galler=barrier&sida=/sok")
LOOKS = pytest.mark.parametrize(
    ("width", "dark"), [(1280, False), (1280, True), (360, False), (320, True)], ids=["light", "dark", "phone", "320"]
)


def report(page: Page, text: str = "Bilagan går inte att öppna.") -> Page:
    """Fill in the form and send it."""
    page.goto("/rapportera?sida=/arbetssatt")
    page.get_by_label("Något är svårt eller omöjligt att använda för mig").check()
    page.get_by_label("Vad hände?").fill(text)
    page.get_by_label("Vad använder du?").fill("NVDA i Firefox")
    page.get_by_label("E-postadress eller telefon").fill("kim@hem.example")
    page.get_by_role("button", name="Skicka").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tack, rapporten har kommit fram")
    return page


def each_state(page: Page) -> Iterator[Page]:
    """The pages of the form: as it comes, with what is missing, and the receipt."""
    for path in PAGES:
        page.goto(path)
        yield page
    page.goto("/rapportera?sida=/arbetssatt")
    page.get_by_label("Vilken sida gäller det?").fill("https://evil.example/")
    page.get_by_role("button", name="Skicka").click()
    expect(page.get_by_role("alert")).to_be_focused()
    yield page
    yield report(page)


@LOOKS
def test_axe_finds_nothing_and_nothing_is_wider_than_the_page(
    open_page: Open, complaints: list[str], width: int, dark: bool
) -> None:
    found = []
    for page in each_state(open_page("/", width=width, dark=dark)):
        found += findings(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
    assert found == []
    assert complaints == []


@LOOKS
def test_axe_finds_nothing_on_what_administrators_see(
    open_page: Open, complaints: list[str], width: int, dark: bool
) -> None:
    report(open_page("/"), "En lång_rad_utan_ställe_att_bryta" * 20)
    page = open_page("/rapporter", width=width, dark=dark, role=ADMIN)
    found = findings(page)
    page.get_by_role("main").get_by_role("link", name="Något är svårt").first.click()
    found += findings(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("textbox", name="Anteckning").fill("x" * 5001)
    page.get_by_role("button", name="Spara bara anteckningen").click()
    expect(page.get_by_role("alert")).to_be_focused()
    found += findings(page)
    page.get_by_role("textbox", name="Anteckning").fill("Bytte filen.")
    page.get_by_role("button", name="Spara och markera som åtgärdad").click()
    expect(page.get_by_role("status").filter(has_text="är åtgärdad")).to_be_visible()
    page.get_by_role("link", name="Åtgärdade").click()
    found += findings(page)
    assert found == []
    assert complaints == []


def test_a_barrier_is_reported_by_keyboard_from_the_foot_of_a_page(open_page: Open) -> None:
    page = open_page("/arbetssatt")
    page.get_by_role("contentinfo").get_by_role("link", name="Rapportera ett fel").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Vilken sida gäller det?")).to_have_value("/arbetssatt")
    page.get_by_label("Något fungerar inte").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("Menyn går inte att öppna.")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("Bara tangentbord")
    for _ in range(3):
        page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Skicka")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_contain_text(re.compile(r"nummer \d+"))


def test_a_report_and_its_answer_need_no_scripts(open_page: Open) -> None:
    receipt = report(open_page("/", scripts=False), "Utan skript.")
    number = re.search(r"nummer (\d+)", receipt.get_by_role("main").inner_text())
    assert number
    page = open_page("/", scripts=False, role=ADMIN)
    page.get_by_role("contentinfo").get_by_role("link", name="Rapporter (").click()
    page.get_by_role("link", name=f"{number[1]}. Något är svårt").click()
    expect(page.get_by_role("main")).to_contain_text("Utan skript.")
    page.get_by_role("textbox", name="Anteckning").fill("Svarade Kim.")
    page.get_by_role("button", name="Spara och markera som åtgärdad").click()
    expect(page.get_by_role("status").first).to_contain_text(f"Rapport {number[1]} är åtgärdad.")


def test_what_lies_in_the_browser_is_what_the_page_tells_of(site: Site, open_page: Open, complaints: list[str]) -> None:
    page = open_page("/", role=EDITOR)
    for path in ("/sok", "/arbetssatt/nytt", "/rapportera", "/mitt-konto"):
        page.goto(path)
    page.goto("/sok?q=barn")
    page.locator("main input[name=q]").fill("stöd")
    page.wait_for_url("**q=st*")
    page.go_back()
    settings: Settings = site.app.extensions["settings"]
    told = {trace.name for trace in traces(settings)}
    found = {cookie["name"] for cookie in page.context.cookies()}
    found |= set(page.evaluate("[...Object.keys(localStorage), ...Object.keys(sessionStorage)]"))
    assert found == told
    assert page.evaluate("navigator.serviceWorker ? navigator.serviceWorker.controller : null") is None


def test_on_paper_the_statement_is_whole_and_nothing_else(open_page: Open) -> None:
    page = open_page("/tillganglighet", dark=True)
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", name="Hur vi testat webbplatsen")).to_be_visible()
    for hidden in (".site-head nav", ".foot", ".crumb"):
        expect(page.locator(hidden)).to_be_hidden()
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"


def test_the_foots_links_can_be_touched_at_320_pixels(open_page: Open) -> None:
    page = open_page("/", width=320, role=ADMIN)
    links = page.get_by_role("contentinfo").get_by_role("link")
    words = links.all_inner_texts()
    for wanted in ("Tillgänglighet", "Personuppgifter och kakor", "Om Lärnät", "Organisationer", "Rapportera ett fel"):
        assert wanted in words
    for number in range(links.count()):
        box = links.nth(number).bounding_box()
        assert box is not None
        assert box["height"] >= 43.5
        assert box["x"] + box["width"] <= 320
