"""Writing a learning in a real browser: what it rests on is picked by name, with scripts and without."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import findings
from tests.browser.conftest import Open
from tests.cast import EDITOR

pytestmark = pytest.mark.browser

VISIT = "Studiebesök hos Försörjningsstöd i Södertälje"
CYCLE = "Kvällstider på AME – Snabbare första möte på AME"


def publish(page: Page) -> None:
    page.get_by_role("button", name="Spara och publicera").click()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_learning_is_written_and_rests_on_what_is_picked_by_name(
    open_page: Open, complaints: list[str], scripts: bool
) -> None:
    title = f"Fråga först {'med' if scripts else 'utan'} skript"
    page = open_page("/lardomar/nytt", role=EDITOR, scripts=scripts)
    page.get_by_label("Rubrik").first.fill(title)
    page.get_by_label("Fungerade inte").check()
    publish(page)
    expect(page.locator("#felen")).to_contain_text("Välj minst en cykel, ett studiebesök eller ett arbetssätt")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Vad den vilar på")
    assert not scripts or findings(page) == []
    page.locator("button[value='add cycles']").click()
    box = page.locator("[name=cycles-0]")
    expect(page.locator(f"#{box.get_attribute('list')} option[value='{CYCLE}']")).to_have_count(1)
    box.fill(CYCLE)
    page.get_by_label(VISIT).check()
    publish(page)
    page.get_by_role("button", name="Nej, publicera").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    main = page.get_by_role("main")
    expect(main.get_by_text("Fungerade inte").first).to_be_visible()
    main.get_by_role("link", name="Kvällstider på AME").click()
    main.get_by_role("link", name=title).click()
    main.get_by_role("link", name=VISIT).click()
    expect(main.get_by_role("link", name=title)).to_be_visible()
    page.goto("/")
    page.get_by_role("link", name="Se vad nätverket lärt sig").click()
    page.get_by_role("complementary").get_by_role("link", name=re.compile("Fungerade inte")).click()
    expect(main.get_by_role("link", name=title)).to_be_visible()
    assert complaints == []


@pytest.mark.parametrize(("width", "dark"), [(1280, True), (320, False)], ids=["dark", "phone"])
def test_axe_finds_nothing_in_the_forms_and_they_fit(
    open_page: Open, complaints: list[str], width: int, dark: bool
) -> None:
    page = open_page("/", width=width, dark=dark, role=EDITOR)
    found = []
    for path in (
        *(f"/lardomar/mer-personal-i-stallet-for-nedskarningar/andra?steg={step}" for step in (1, 3)),
        *(f"/natverkstraffar/nytt?steg={step}" for step in range(1, 5)),
    ):
        page.goto(path)
        for rows in ("cycles", "agenda", "came", "decisions"):
            button = page.locator(f"button[value='add {rows}']")
            if button.count():
                button.click()
                expect(page.locator(f"[name^={rows}-0]").first).to_be_visible()
        found += findings(page)
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append(f"{path} is wider than {width} px")
    assert found == []
    assert complaints == []
