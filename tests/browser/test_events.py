"""Things that happen at the press of a button, in a real browser and without scripts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from app.editing.events import today
from tests.browser.axe import findings
from tests.browser.conftest import Open, Site
from tests.cast import EDITOR, OUTSIDER
from tests.house import House

pytestmark = pytest.mark.browser

VISIT = "/studiebesok/kom-och-se"


@pytest.fixture(scope="module", autouse=True)
def visit(site: Site) -> None:
    house = House(site.app, site.app.extensions["settings"].home)
    session = {"date": (today() + timedelta(days=20)).isoformat(), "time": "13.00", "seats": 5}
    house.write("studyvisits", "kom-och-se", status="open", sessions=[session])
    house.write("cycles", "snabbare/01-boka", status="planned")
    house.write("projects", "snabbare", status="planning")
    house.look()


def test_a_seat_is_asked_for_refused_waited_for_and_answered_without_scripts(
    open_page: Open, complaints: list[str]
) -> None:
    guest = open_page(VISIT, role=OUTSIDER, scripts=False, width=320)
    guest.get_by_label("Hur många är ni?").fill("8")
    guest.get_by_role("button", name="Be om plats").click()
    expect(guest.get_by_role("alert")).to_contain_text("Det är 5 platser kvar, och ni är 8.")
    expect(guest.get_by_label("Hur många är ni?")).to_have_value("8")
    guest.get_by_label("Hur många är ni?").fill("5")
    guest.get_by_role("button", name="Be om plats").click()
    expect(guest.get_by_role("status").first).to_contain_text("Sparat: Håbo bad om 5 platser")
    host = open_page(VISIT, role=EDITOR, scripts=False)
    host.get_by_role("button", name="Bekräfta Håbo").click()
    expect(host.get_by_role("status").first).to_contain_text("Sparat: Håbo är bekräftad")
    assert complaints == []


@pytest.mark.parametrize(("width", "dark"), [(1280, True), (320, False)], ids=["dark", "small phone"])
def test_axe_finds_nothing_where_an_event_is_refused(
    open_page: Open, complaints: list[str], width: int, dark: bool
) -> None:
    guest = open_page(VISIT, role=OUTSIDER, width=width, dark=dark)
    guest.get_by_role("button", name="Be om plats").click()
    expect(guest.get_by_role("alert")).to_be_focused()
    found = findings(guest)
    host = open_page("/cykler/snabbare/01-boka", role=EDITOR, width=width, dark=dark)
    for path in ("/cykler/snabbare/01-boka", "/utvecklingsarbeten/snabbare"):
        host.goto(path)
        host.get_by_text("Ändra till något annat").click()
        host.get_by_role("button", name="Ändra läget").click()
        expect(host.get_by_role("alert")).to_be_focused()
        found += findings(host)
        assert host.evaluate("document.documentElement.scrollWidth") <= width
    assert found == []
    assert complaints == []
