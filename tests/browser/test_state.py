"""A coordinator follows up in a real browser: what stands still, narrowed by choices, taken along as a file."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from app.web.text import today
from tests.browser.axe import findings
from tests.browser.conftest import Open, Site
from tests.cast import COORDINATOR, EDITOR
from tests.house import House

pytestmark = pytest.mark.browser

# More than are shown at once: by name Solna and those after it are folded away.
PLACES = (
    *("botkyrka", "haninge", "huddinge", "jarfalla", "nacka", "nynashamn", "sigtuna", "sollentuna"),
    *("solna", "sundbyberg", "sodertalje", "tyreso"),
)

ADDRESSES = (
    "/laget",
    "/laget?visa=forsenat",
    "/laget?visa=utkast",
    "/laget?visa=pagar&urval=alla",
    "/laget?kommun=solna&typ=cycles&ordning=andrad",
    "/laget?kommun=finns-inte",
)


@pytest.fixture(scope="module", autouse=True)
def followed_up(site: Site) -> None:
    """What KNUT's coordinator has to follow up, in enough municipalities for the choices to be folded."""
    house = House(site.app, site.app.extensions["library"].home)
    old: dict[str, Any] = {"networks": ["knut"], "status": "doing", "invented": True}
    house.write("projects", "foljs-upp", title="Följs upp", owner="sundbyberg", networks=["knut"], status="testing")
    for number in range(36):
        started = (today() - timedelta(days=100 + number)).isoformat()
        prediction = {"by": (today() - timedelta(days=number)).isoformat()}
        owner, title = PLACES[number % len(PLACES)], f"Ring upp dagen efter {number}"
        slug = f"foljs-upp/{number + 10}-prov"
        house.write("cycles", slug, title=title, owner=owner, started=started, prediction=prediction, **old)
    house.write("practices", "halvskriven", title="Halvskriven", owner="sundbyberg", publication="draft")
    house.look()


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (1280, True), (360, False)], ids=["light", "dark", "phone"])
def test_axe_finds_nothing_on_any_side_of_it(open_page: Open, complaints: list[str], width: int, dark: bool) -> None:
    page = open_page("/laget", width=width, dark=dark, role=COORDINATOR)
    found = []
    for address in ADDRESSES:
        page.goto(address)
        for folded in page.locator("details").all():
            folded.evaluate("details => { details.open = true }")
        found += findings(page)
    assert found == []
    assert complaints == []


def test_it_fits_in_320_pixels(open_page: Open) -> None:
    page = open_page("/laget", width=320, role=COORDINATOR)
    for address in ADDRESSES:
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") == 320, address


def test_choices_narrow_the_list_and_the_keyboard_stays_where_it_was(open_page: Open, complaints: list[str]) -> None:
    page = open_page("/", role=COORDINATOR)
    page.get_by_role("link", name="Läget", exact=True).click()
    expect(heading(page)).to_have_text("Står stilla: 36 sidor")
    page.get_by_text(re.compile(r"^\d+ till")).click()
    choice = page.get_by_role("complementary").get_by_role("link", name="Solna stad")
    choice.focus()
    page.keyboard.press("Enter")
    expect(heading(page)).to_have_text("Står stilla: 3 sidor")
    expect(page.locator("#besked")).to_have_text("Står stilla: 3 sidor")
    expect(page.locator("#val-kommun-solna")).to_be_focused()
    expect(page).to_have_url(f"{page.url.partition('/laget')[0]}/laget?kommun=solna")
    page.get_by_role("link", name="Försenat").click()
    expect(heading(page)).to_have_text("Försenat: 3 sidor")
    assert page.title() == "Läget: försenat – Lärnät"
    page.go_back()
    expect(heading(page)).to_have_text("Står stilla: 3 sidor")
    page.get_by_role("link", name="Ta bort valet Solna stad").click()
    page.get_by_role("link", name="Sida 2 av 2").click()
    expect(heading(page)).to_be_focused()
    assert page.get_by_role("row").count() == 1 + 11
    assert complaints == []


def heading(page: Page) -> Locator:
    return page.locator("#antal")


def test_it_works_without_scripts_and_the_file_is_what_is_shown(open_page: Open, tmp_path: Path) -> None:
    page = open_page("/laget?visa=forsenat", role=COORDINATOR, scripts=False)
    page.get_by_text(re.compile(r"^\d+ till")).click()
    page.get_by_role("complementary").get_by_role("link", name="Tyresö kommun").click()
    shown = [link.inner_text() for link in page.locator("tbody th a").all()]
    assert len(shown) == 3
    with page.expect_download() as started:
        page.get_by_role("link", name="Hämta listan som fil").click()
    file = tmp_path / "listan.csv"
    started.value.save_as(file)
    assert started.value.suggested_filename == f"laget-forsenat-{today().isoformat()}.csv"
    lines = file.read_text(encoding="utf-8-sig").splitlines()
    assert [line.partition(";")[0] for line in lines[1:]] == shown


def test_on_paper_there_is_the_list_and_nothing_to_click(open_page: Open) -> None:
    page = open_page("/laget?kommun=solna", role=COORDINATOR)
    page.emulate_media(media="print")
    expect(page.get_by_role("table")).to_be_visible()
    expect(page.get_by_text("Visar det som hör till era nätverk")).to_be_visible()
    for gone in ("Vad vill du se?", "Huvudmeny"):
        expect(page.get_by_label(gone)).to_be_hidden()
    for gone in ("Hämta listan som fil", "senast ändrade", "Visa allt du får läsa"):
        expect(page.get_by_role("link", name=gone)).to_have_count(0)


def test_one_who_has_nothing_to_follow_up_is_told_what_would_be_here(open_page: Open) -> None:
    page = open_page("/laget?visa=utkast", role=EDITOR)
    expect(page.get_by_text("Ni har inga utkast.")).to_be_visible()
