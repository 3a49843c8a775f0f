"""Nothing typed is lost when one leaves: by a link, by going back, by closing, signed out, or without a network."""

from __future__ import annotations

import pytest
from playwright.sync_api import Dialog, Page, expect

from tests.browser.conftest import Open
from tests.cast import EDITOR

pytestmark = pytest.mark.browser

FORM = "/arbetssatt/nytt"


def is_offered(page: Page, title: str) -> bool:
    """Whether one can go on with what was typed. What a browser takes along when it leaves is sent behind its back."""
    for _ in range(20):
        page.goto(FORM)
        if page.get_by_role("link", name=f"Fortsätt på ”{title}”").count():
            return True
        page.wait_for_timeout(200)
    return False


def test_what_was_typed_a_moment_ago_is_kept_when_one_leaves_by_a_link(open_page: Open, complaints: list[str]) -> None:
    page = open_page(FORM, role=EDITOR)
    page.get_by_label("Rubrik").fill("På väg bort")
    page.get_by_role("link", name="Studiebesök").first.click()
    page.wait_for_url("**/studiebesok")
    assert is_offered(page, "På väg bort")
    assert complaints == []


def test_going_back_and_reloading_lead_to_what_was_typed(open_page: Open, complaints: list[str]) -> None:
    page = open_page(FORM, role=EDITOR)
    page.get_by_label("Rubrik").fill("Fram och tillbaka")
    expect(page.locator("#utkast")).to_contain_text("är undanlagt kl.")
    page.reload()
    expect(page.get_by_label("Rubrik")).to_have_value("Fram och tillbaka")
    page.get_by_label("Enhet").fill("Enheten")
    page.goto("/om")
    page.go_back()
    expect(page.get_by_label("Rubrik")).to_have_value("Fram och tillbaka")
    expect(page.get_by_label("Enhet")).to_have_value("Enheten")
    assert complaints == []


def test_a_window_that_is_closed_leaves_what_was_typed(open_page: Open) -> None:
    page = open_page(FORM, role=EDITOR)
    page.get_by_label("Rubrik").fill("Stängt fönster")
    other = page.context.new_page()
    page.close(run_before_unload=True)
    assert is_offered(other, "Stängt fönster")


def test_saving_leaves_nothing_half_written_and_going_back_leads_to_the_page(open_page: Open) -> None:
    page = open_page(FORM, role=EDITOR)
    page.get_by_label("Rubrik").press_sequentially("Sparad fort")
    page.get_by_role("button", name="Spara som utkast").click()
    expect(page.locator("h1")).to_have_text("Sparad fort")
    page.wait_for_timeout(2_000)
    page.goto(FORM)
    expect(page.get_by_role("link", name="Fortsätt på ”Sparad fort”")).to_have_count(0)
    page.go_back()
    page.go_back()
    expect(page.get_by_label("Rubrik")).to_have_value("Sparad fort")


def asks_before_leaving(page: Page) -> bool:
    """Whether the browser asks somebody who closes the window."""
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    watching = page.context.new_page()
    page.close(run_before_unload=True)
    watching.wait_for_timeout(1_000)
    return asked == ["beforeunload"]


def test_without_a_network_the_page_says_so_and_asks_before_it_is_left(open_page: Open) -> None:
    page = open_page(FORM, role=EDITOR)
    page.route("**/nytt/utkast", lambda route: route.abort())
    page.get_by_label("Rubrik").press_sequentially("Utan nät")
    expect(page.locator("#utkast")).to_contain_text("Det går inte att nå Lärnät.")
    assert asks_before_leaving(page)


def test_signed_out_the_page_says_so_and_the_text_follows_through_the_sign_in(open_page: Open) -> None:
    page = open_page(FORM, role=EDITOR)
    page.context.clear_cookies()
    page.get_by_label("Rubrik").press_sequentially("Skrivet utloggad")
    expect(page.locator("#utkast")).to_contain_text("Du har loggats ut.")
    page.get_by_role("button", name="Spara som utkast").click()
    expect(page.get_by_role("heading", name="Logga in", exact=True)).to_be_visible()
    page.get_by_label("E-postadress").fill(EDITOR.email)
    page.get_by_label("Lösenord").fill("en lång mening att minnas")
    page.get_by_role("main").get_by_role("button", name="Logga in").click()
    expect(page.get_by_label("Rubrik")).to_have_value("Skrivet utloggad")


def test_nobody_is_asked_who_has_typed_nothing_or_whose_text_is_kept(open_page: Open) -> None:
    page = open_page(FORM, role=EDITOR)
    page.get_by_label("Rubrik").fill("Redan kvar")
    expect(page.locator("#utkast")).to_contain_text("är undanlagt kl.")
    assert not asks_before_leaving(page)
