"""A coordinator looks at all projects in a real browser: narrowed down by the keyboard, without scripts, on paper."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from app.web.text import today
from tests.browser.axe import findings
from tests.browser.conftest import Open, Site
from tests.cast import COORDINATOR
from tests.house import House

pytestmark = pytest.mark.browser

PAGE = "/laget/utvecklingsarbeten"
ADDRESSES = (
    PAGE,
    f"{PAGE}?urval=alla&visa=alla",
    f"{PAGE}?kommun=solna&fas=doing&stilla=ja",
    f"{PAGE}?fran=5.0&till=0.5",
)
TABLE = "date;value;note;cycle\n2026-01-05;40;;\n2026-01-12;62;;\n2026-01-19;70;;\n"


@pytest.fixture(scope="module", autouse=True)
def overseen(site: Site) -> None:
    """More projects than one page has, one with a cycle that stands still, values and points; and KNUT's medians."""
    house = House(site.app, site.app.extensions["library"].home)
    knut: dict[str, Any] = {"networks": ["knut"], "invented": True}
    long_ago = (today() - timedelta(days=100)).isoformat()
    for number in range(52):
        slug = f"overblick-{number}"
        owner = ("solna", "sundbyberg")[number % 2]
        measures = [{"name": "Möten inom tio arbetsdagar", "type": "outcome", "slug": "inom-tio"}]
        house.write(
            "projects", slug, title=f"Överblick {number:02}", owner=owner, progress="2.5", measures=measures, **knut
        )
        if number < 3:
            cycle = {"status": "doing", "started": long_ago, "owner": owner, **knut}
            house.write("cycles", f"{slug}/01-prova", title="Prova med tre sökande", **cycle)
            house.write("cycles", f"{slug}/02-prova", title="Prova med fler", **cycle)
            folder = house.home / f"improvement_cycles/{slug}/measures"
            folder.mkdir()
            (folder / "inom-tio.csv").write_text(TABLE, encoding="utf-8")
    house.look()


def unfold(page: Page) -> None:
    for folded in page.locator("details").all():
        folded.evaluate("details => { details.open = true }")


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (1280, True), (320, False)], ids=["light", "dark", "phone"])
def test_axe_finds_nothing_and_it_fits(open_page: Open, complaints: list[str], width: int, dark: bool) -> None:
    page = open_page("/laget", width=width, dark=dark, role=COORDINATOR)
    found = []
    for address in (*ADDRESSES, "/natverk/knut"):
        page.goto(address)
        unfold(page)
        found += findings(page)
        assert page.evaluate("document.documentElement.scrollWidth") == width, address
    expect(page.get_by_text("Så väl dokumenteras nätverkets cykler")).to_be_visible()
    assert found == []
    assert complaints == []


def test_it_is_narrowed_down_by_the_keyboard_and_without_scripts(open_page: Open) -> None:
    page = open_page("/laget", role=COORDINATOR, scripts=False)
    page.get_by_role("link", name="Utvecklingsarbetena i överblick").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Välj ut", exact=True).focus()
    page.keyboard.press("Enter")
    organisation = page.get_by_label("Organisation")
    organisation.focus()
    page.keyboard.type("Solna")
    page.get_by_label("Bara där något står stilla").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#antal")).to_have_text("2 utvecklingsarbeten")
    expect(page.locator("tbody th a")).to_have_text(["Överblick 00", "Överblick 02"])
    expect(page.get_by_label("Bara där något står stilla")).to_be_checked()
    expect(page.locator("tbody .spark")).to_have_count(2)


def test_on_paper_there_is_the_table_and_nothing_to_click(open_page: Open) -> None:
    page = open_page(f"{PAGE}?kommun=solna", role=COORDINATOR)
    page.emulate_media(media="print")
    expect(page.get_by_role("table")).to_be_visible()
    for gone in ("Hämta listan som fil", "längst i fasen", "Ta bort alla val"):
        expect(page.get_by_role("link", name=gone)).to_have_count(0)
    expect(page.get_by_text("Välj ut", exact=True)).to_be_hidden()


def test_a_title_without_a_place_to_break_makes_nothing_wider(open_page: Open, site: Site) -> None:
    house = House(site.app, site.app.extensions["library"].home)
    house.write("projects", "utan-mellanrum", title="Ordutanmellanrum" * 8, owner="habo")
    house.write("cycles", "utan-mellanrum/01-prova", title="Ordutanmellanrum" * 8, owner="habo")
    house.look()
    page = open_page(f"{PAGE}?urval=alla&kommun=habo", width=320, role=COORDINATOR)
    table = page.locator(".tbl")
    expect(table).to_contain_text("Ordutanmellanrum")
    assert table.evaluate("table => table.scrollWidth - table.clientWidth") == 0
    for address in ("/utvecklingsarbeten/utan-mellanrum", "/cykler/utan-mellanrum/01-prova", "/utvecklingsarbeten"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") == 320, address


def test_what_stands_between_the_sections_of_a_project_is_kept_apart(open_page: Open, site: Site) -> None:
    house = House(site.app, site.app.extensions["library"].home)
    house.write("projects", "luftigt", title="Luftigt", owner="sundbyberg")
    house.look()
    page = open_page("/utvecklingsarbeten/luftigt", role=COORDINATOR)
    expect(page.get_by_text("Inget mäts än")).to_be_visible()
    edges = page.locator(".cols > div:not([class]) > :not([hidden])").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect()).map(box => [box.top, box.bottom])"
    )
    assert len(edges) > 1
    assert all(below[0] - above[1] >= 16 for above, below in pairwise(edges)), edges
