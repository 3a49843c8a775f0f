"""The same form in two tabs of a real browser: what is typed in one does not take the other's away."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.axe import findings
from tests.browser.conftest import Open
from tests.cast import EDITOR

pytestmark = pytest.mark.browser
FORM = "/arbetssatt/extra-personal-for-forsorjningsstod/andra"


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_both_texts_are_kept_and_one_chooses(open_page: Open, complaints: list[str], scripts: bool) -> None:
    one = open_page(FORM, role=EDITOR, scripts=scripts)
    other = one.context.new_page()
    other.goto(one.url)
    for tab, text in ((one, "Skrivet i den första fliken."), (other, "Skrivet i den andra fliken.")):
        tab.locator("[name=summary]").fill(text)
        if scripts:
            expect(tab.locator("#utkast")).to_contain_text("undanlagt")
        else:
            tab.get_by_role("button", name="Spara och gå vidare").click()
    if scripts:
        expect(one.locator("#utkast")).not_to_contain_text("i en annan flik")
        expect(other.locator("#utkast")).to_contain_text("Du skriver i den här texten i en annan flik också.")
        other.get_by_role("link", name="Se båda och välj").click()
    expect(other.get_by_role("heading", level=1)).to_have_text("Du har skrivit i två flikar")
    expect(other.get_by_text("Skrivet i den första fliken.")).to_be_visible()
    expect(other.get_by_text("Skrivet i den andra fliken.")).to_be_visible()
    if scripts:
        assert findings(other) == []
    other.get_by_role("button", name="Bara den här flikens text").click()
    expect(other.locator("[name=summary]")).to_have_value("Skrivet i den andra fliken.")
    other.locator("summary", has_text="Kasta det halvskrivna").click()
    other.get_by_role("button", name="Ja, kasta det").click()
    assert complaints == []


def test_going_between_the_steps_of_one_tab_is_no_second_tab(open_page: Open, complaints: list[str]) -> None:
    page = open_page(FORM, role=EDITOR)
    page.locator("[name=summary]").fill("Det första.")
    expect(page.locator("#utkast")).to_contain_text("undanlagt")
    page.get_by_role("button", name="Spara och gå vidare").click()
    page.wait_for_url("**steg=2")
    page.go_back()
    page.locator("[name=summary]").fill("Det andra.")
    expect(page.locator("#utkast")).to_contain_text("undanlagt")
    expect(page.locator("#utkast")).not_to_contain_text("annan flik")
    assert complaints == []
