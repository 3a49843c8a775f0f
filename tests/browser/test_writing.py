"""The forms in a real browser: what scripts add, what works without them, and that they fit a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from app import load_kinds
from app.library.document import Kind
from tests.browser.axe import findings
from tests.browser.conftest import Open
from tests.cast import ADMIN, EDITOR

pytestmark = pytest.mark.browser

FORMS = (
    "/arbetssatt/nytt",
    "/arbetssatt/nytt?steg=2",
    "/studiebesok/nytt?steg=2",
    "/natverk/nytt?steg=4",
    "/utvecklingsarbeten/nytt?steg=2",
    "/arbetssatt/nytt?steg=5",
    "/papperskorg",
)
# Buttons, boxes and labels that are lower than a finger needs.
TOO_LOW = """() => [...document.querySelectorAll(
    'main button:not(.vh), main input:not([type=hidden], [type=radio], [type=checkbox]), main select, main textarea,'
    + 'main .check, main summary'
)].filter(one => one.offsetHeight && one.offsetHeight < 44).map(one => one.outerHTML.slice(0, 100))"""


def with_rows(page: Page) -> None:
    """A session with two guests, added by the buttons."""
    page.locator("button[value='add sessions']").click()
    page.locator("[name=sessions-0-date]").fill("3 februari")
    for number in (0, 1):
        page.locator("button[value='add sessions-0-guests']").click()
        expect(page.locator(f"[name=sessions-0-guests-{number}-organisation]")).to_be_focused()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_rows_in_rows_keep_what_was_typed_and_lead_on_to_the_new_row(
    open_page: Open, complaints: list[str], scripts: bool
) -> None:
    page = open_page("/studiebesok/nytt?steg=2", role=EDITOR, scripts=scripts)
    with_rows(page)
    page.locator("[name=sessions-0-guests-1-organisation]").fill("Solna stad")
    page.locator("button[value='remove sessions-0-guests-0']").click()
    expect(page.locator("[name=sessions-0-guests-1-organisation]")).to_have_count(0)
    expect(page.locator("[name=sessions-0-guests-0-organisation]")).to_have_value("Solna stad")
    expect(page.locator("[name=sessions-0-date]")).to_have_value("3 februari")
    assert complaints == []


def test_what_is_typed_is_kept_after_a_pause_and_there_when_one_comes_back(
    open_page: Open, complaints: list[str]
) -> None:
    page = open_page("/arbetssatt/nytt", role=EDITOR)
    page.get_by_label("Rubrik").press_sequentially("Kvar efter en paus")
    expect(page.locator("#utkast")).to_contain_text("är undanlagt kl.")
    expect(page.locator("#utkast")).to_contain_text("Bara du ser det, tills du sparar.")
    page.goto("/arbetssatt/nytt")
    page.get_by_role("link", name="Fortsätt på ”Kvar efter en paus”").click()
    expect(page.get_by_label("Rubrik")).to_have_value("Kvar efter en paus")
    assert complaints == []


def test_a_preview_follows_what_is_typed_and_does_not_take_the_focus(open_page: Open, complaints: list[str]) -> None:
    page = open_page("/arbetssatt/nytt?steg=2", role=EDITOR)
    box = page.locator("#f-h_varfor")
    box.fill("Det är **viktigt**.")
    page.get_by_role("button", name="Förhandsgranska Varför").click()
    expect(page.locator("#f-h_varfor-p strong")).to_have_text("viktigt")
    # As people type: the first letters may come before the preview listens.
    box.press_sequentially("\n\n- en punkt", delay=20)
    expect(page.locator("#f-h_varfor-p li")).to_have_text("en punkt")
    expect(box).to_be_focused()
    assert complaints == []


def test_the_enter_key_goes_on_and_never_removes_a_row(open_page: Open) -> None:
    page = open_page("/studiebesok/nytt?steg=2", role=EDITOR)
    with_rows(page)
    page.locator("[name=sessions-0-guests-0-organisation]").fill("Solna stad")
    page.locator("[name=sessions-0-date]").press("Enter")
    expect(page.locator("h1")).to_contain_text("Innehåll")
    page.goto("/studiebesok/nytt")
    page.get_by_role("link", name="Fortsätt på").first.click()
    page.get_by_role("button", name="Tillfällen").click()
    expect(page.locator("[name=sessions-0-date]")).to_have_value("3 februari")
    expect(page.locator("[name=sessions-0-guests-0-organisation]")).to_have_value("Solna stad")


def test_what_is_wrong_takes_the_focus_and_leads_to_the_field(open_page: Open, complaints: list[str]) -> None:
    page = open_page("/arbetssatt/nytt", role=EDITOR)
    page.get_by_role("button", name="Spara som utkast", exact=True).click()
    expect(page.locator("#felen")).to_be_focused()
    page.locator("#felen a").click()
    expect(page.get_by_label("Rubrik")).to_be_focused()
    assert complaints == []


@pytest.mark.parametrize("path", FORMS)
def test_a_form_fits_a_phone_and_a_finger(open_page: Open, path: str) -> None:
    page = open_page(path, role=EDITOR, width=320)
    if "studiebesok" in path:
        with_rows(page)
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert page.evaluate(TOO_LOW) == []


@pytest.mark.parametrize("kind", load_kinds(), ids=lambda kind: kind.name)
def test_every_step_of_a_form_is_accessible_and_fits_a_phone_in_the_dark(
    open_page: Open, complaints: list[str], kind: Kind
) -> None:
    under = "project=snabbare-forsta-mote-pa-ame&" if kind.parent else ""
    page = open_page("/om", role=ADMIN, width=320, dark=True)
    for number, step in enumerate(kind.steps, 1):
        page.goto(f"/{kind.url}/nytt?{under}steg={number}")
        expect(page.locator("h1")).to_contain_text(step.title)
        assert findings(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") == 320
        assert page.evaluate(TOO_LOW) == []
    assert complaints == []
