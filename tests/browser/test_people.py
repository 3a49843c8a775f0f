"""The pages about people and passwords, in a real browser: accessible, without scripts, on a phone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from app.accounts import belonging, invitations, letters, links, people, reminder_letter, reminders
from app.accounts.links import Purpose
from app.accounts.tables import Invitation
from app.database import now
from app.mail.outbox import Letter
from tests.browser.axe import findings
from tests.browser.conftest import Open, Site
from tests.cast import ADMIN, COORDINATOR, EDITOR

pytestmark = pytest.mark.browser

KNUT = "4014e376-704d-456e-ab5a-433e22b8b1e5"
HERE = "/personer/organisation/sundbyberg"


@pytest.fixture(scope="module")
def ways(site: Site) -> dict[str, str]:
    """An invitation to Sundbyberg, a link to it, one for a new password, and a letter that did not arrive."""
    with site.app.extensions["databases"].kept() as session:
        kaj = people.find(session, COORDINATOR.email)
        eva = people.find(session, EDITOR.email)
        assert kaj
        assert eva
        belonging.set_coordinator(session, kaj, KNUT, coordinates=True)
        later = now() + timedelta(days=14)
        invitation = Invitation(
            email="en.ganska.lang.adress.med.manga.delar@socialforvaltningen.sundbyberg.test",
            organisation="sundbyberg",
            role="member",
            title="Sundbybergs stad",
            by_person=kaj.id,
            expires_at=later,
        )
        session.add(invitation)
        session.flush()
        letter = Letter(sort="invitation", about=str(invitation.number), to_email=invitation.email, state="failed")
        letter.error = "servern tar inte emot brev till den adressen (svar 550)"
        session.add(letter)
        reminders.ask_for(session, kaj.id)
        word = links.make(session, Purpose.NO_REMINDERS, kaj.id, reminders.LINK_LASTS)
        return {
            "stop": f"{reminder_letter.WAY_TO_STOP}?kod={word}",
            "accept": invitations.way_to_accept(session, invitation),
            "password": letters.way_to_new_password(session, eva),
            "kaj": kaj.id,
            "eva": eva.id,
        }


def for_anybody(ways: dict[str, str]) -> tuple[str, ...]:
    ended = ("/inbjudan?kod=x", "/nytt-losenord?kod=x", f"{reminder_letter.WAY_TO_STOP}?kod=x")
    return (
        ways["accept"],
        ways["password"],
        ways["stop"],
        *ended,
        "/glomt-losenord",
        "/glomt-losenord/skickat",
        "/logga-in",
    )


def for_those_in_charge(ways: dict[str, str]) -> tuple[str, ...]:
    return (
        *("/personer", "/personer/brev", "/personer/natverk/knut", HERE, f"{HERE}/{ways['kaj']}", "/mitt-konto"),
        *("/granskning", "/granskning?vad=refusals&fran=x"),
        *(f"/personer/konto/{ways['eva']}", f"/personer/natverk/knut/{ways['kaj']}", ways["accept"]),
    )


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (360, True)], ids=["light", "dark phone"])
def test_axe_finds_nothing_on_the_pages_about_people(
    ways: dict[str, str], open_page: Open, complaints: list[str], width: int, dark: bool
) -> None:
    found = []
    page = open_page("/", width=width, dark=dark)
    for path in for_anybody(ways):
        page.goto(path)
        found += findings(page)
    page = open_page("/", width=width, dark=dark, role=ADMIN)
    for path in for_those_in_charge(ways):
        page.goto(path)
        found += findings(page)
    page = open_page("/mitt-konto/lamna/sundbyberg", width=width, dark=dark, role=COORDINATOR)
    found += findings(page)
    assert found == []
    assert complaints == []


def test_no_page_about_people_scrolls_sideways_at_320_pixels(ways: dict[str, str], open_page: Open) -> None:
    wide = {}
    for role, paths in ((None, for_anybody(ways)), (ADMIN, for_those_in_charge(ways))):
        page = open_page("/", width=320, role=role)
        for path in paths:
            page.goto(path)
            width = page.evaluate("document.documentElement.scrollWidth")
            if width > 320:
                wide[path] = width
    assert wide == {}


def test_somebody_is_invited_and_comes_in_without_scripts(site: Site, open_page: Open, ways: dict[str, str]) -> None:
    page = open_page("/mitt-konto", scripts=False, role=COORDINATOR)
    page.get_by_role("link", name="Personer: bjud in").click()
    page.get_by_role("link", name="Sundbybergs stad").click()
    page.get_by_label("E-postadress").fill("ny@sundbyberg.test")
    page.get_by_role("button", name="Bjud in", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("ny@sundbyberg.test är inbjuden")
    admin = open_page(HERE, scripts=False, role=ADMIN)
    admin.get_by_role("button", name="Visa länken till ny@sundbyberg.test").click()
    link = admin.locator("main code").inner_text()
    invited = open_page(link.removeprefix(site.address), scripts=False)
    invited.get_by_label("Namn").fill("Nina Ny")
    invited.get_by_label("Nytt lösenord", exact=True).fill("blåbär häst trumma regn")
    invited.get_by_label("Nytt lösenord igen").fill("blåbär häst trumma regn")
    invited.get_by_role("button", name="Gör kontot och tacka ja").click()
    expect(invited.get_by_role("status").first).to_contain_text("Du är nu medlem i Sundbybergs stad.")
    page.goto(HERE)
    page.get_by_role("link", name="Nina Ny").click()
    page.get_by_role("button", name="Avsluta medlemskapet").click()
    expect(page.get_by_role("status").first).to_contain_text("Nina Ny är inte med i Sundbybergs stad längre.")
    invited.reload()
    expect(invited.get_by_text("ingen organisation än")).to_be_visible()
