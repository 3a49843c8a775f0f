"""Every page that anyone can read, in a real browser: accessible, without scripts, without complaints, on a phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.axe import findings
from tests.browser.conftest import Open, Site
from tests.cast import EDITOR

pytestmark = pytest.mark.browser

PLAIN = (
    *("/", "/om", "/organisationer", "/organisationer/sodertalje", "/organisationer/exempelkommunen"),
    *("/arbetssatt", "/studiebesok", "/utvecklingsarbeten", "/cykler", "/natverk"),
    "/utvecklingsarbeten/snabbare-forsta-mote-pa-ame/matt/forsta-mote-inom-10-arbetsdagar",
    "/natverk/exempelnatverket/matt/forsta-mote-inom-10-arbetsdagar-procent-p",
    *("/lardomar", "/lardomar?utfall=did_not_work", "/natverkstraffar", "/organisationer/lysekil"),
    *("/arbetssatt?omrade=forsorjningsstod", "/arbetssatt?omrade=aldre&malgrupp=barn", "/arbetssatt?ordning=andrad"),
    *("/sok", "/sok?q=f%C3%B6rs%C3%B6rjningsst%C3%B6d", "/sok?q=xyzzy", "/logga-in", "/finns-inte", "/arbetssatt/nytt"),
)


def documents(site: Site) -> list[str]:
    """The addresses of all published documents."""
    with site.app.test_request_context():
        kinds = site.app.extensions["library"].kinds
    client = site.app.test_client()
    found = []
    for kind in kinds.values():
        for number in range(1, 20):
            answer = client.get(f"/{kind.url}?sida={number}")
            if answer.status_code == 404:
                break
            found += re.findall(rf'<h3><a href="(/{kind.url}/[^"?]+)"', answer.text)
    return found


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (1280, True), (360, False)], ids=["light", "dark", "phone"])
def test_axe_finds_nothing_on_any_page(
    site: Site, open_page: Open, complaints: list[str], width: int, dark: bool
) -> None:
    page = open_page("/", width=width, dark=dark)
    found = []
    for path in (*PLAIN, *documents(site)):
        page.goto(path)
        found += findings(page)
    assert found == []
    assert complaints == []


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (360, True)], ids=["light", "dark phone"])
def test_axe_finds_nothing_on_what_a_member_sees(
    site: Site, open_page: Open, complaints: list[str], width: int, dark: bool
) -> None:
    page = open_page("/", width=width, dark=dark, role=EDITOR)
    found = findings(page)
    for path in (*documents(site), "/papperskorg", "/mitt-konto", "/hamta"):
        page.goto(path)
        found += findings(page)
    assert found == []
    assert complaints == []


def test_no_page_scrolls_sideways_at_320_pixels(site: Site, open_page: Open) -> None:
    """320 CSS pixels are also what is left of 1280 at 400 % zoom."""
    page = open_page("/", width=320)
    wide = {}
    for path in (*PLAIN, *documents(site)):
        page.goto(path)
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > 320:
            wide[path] = width
    assert wide == {}


def test_what_stands_alone_is_large_enough_to_touch(site: Site, open_page: Open) -> None:
    page = open_page("/", width=360)
    small = []
    for path in ("/", "/arbetssatt", documents(site)[0], "/sok?q=stöd", "/logga-in"):
        page.goto(path)
        small += page.evaluate(
            """() => [...document.querySelectorAll('button, input:not([type=hidden]), summary')]
                .concat([...document.querySelectorAll('.nav a, .chips a, .btn, .pager a, .facet a')])
                .filter(each => each.checkVisibility() && each.getBoundingClientRect().height < 43.5
                    && !['checkbox', 'radio'].includes(each.type))
                .map(each => location.pathname + ' ' + each.outerHTML.slice(0, 100))"""
        )
    assert small == []


def test_one_click_leads_along_the_chain_without_scripts(open_page: Open, complaints: list[str]) -> None:
    page = open_page("/", scripts=False)
    page.get_by_label("Sök i hela Lärnät").fill("studiebesök försörjningsstöd")
    page.get_by_role("button", name="Sök").click()
    page.get_by_role("link", name="Studiebesök hos Försörjningsstöd i Södertälje").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Studiebesök hos Försörjningsstöd i Södertälje")
    visit = page.url
    page.get_by_role("complementary").get_by_role("link", name="Extra personal för försörjningsstöd").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Extra personal för försörjningsstöd")
    page.get_by_role("link", name="Studiebesök hos Försörjningsstöd i Södertälje").click()
    assert page.url == visit
    page.get_by_role("main").get_by_role("link", name="Håbo").first.click()
    page.get_by_role("link", name="Studiebesök hos Försörjningsstöd i Södertälje").click()
    assert page.url == visit
    assert complaints == []


def test_choices_work_without_scripts(open_page: Open) -> None:
    page = open_page("/arbetssatt", scripts=False)
    page.get_by_role("complementary", name="Välj ut").get_by_role("link", name="Missbruk och beroende").click()
    expect(page.get_by_role("heading", level=2, name="1 arbetssätt")).to_be_visible()
    page.get_by_role("link", name="Vald, ta bort").click()
    assert page.url.endswith("/arbetssatt")


def test_every_page_says_what_it_is_about_without_scripts(site: Site, open_page: Open) -> None:
    page = open_page("/", scripts=False)
    titles = set()
    for path in documents(site):
        page.goto(path)
        heading = page.get_by_role("heading", level=1)
        expect(heading).to_have_count(1)
        titles.add(page.title())
        assert (heading.text_content() or "") in page.title()
    assert len(titles) > 10


def test_the_skip_link_comes_first_and_leads_to_the_content(open_page: Open) -> None:
    page = open_page("/arbetssatt")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Till innehållet")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_paper_has_the_text_and_nothing_that_can_only_be_clicked(open_page: Open) -> None:
    page = open_page("/utvecklingsarbeten/snabbare-forsta-mote-pa-ame", dark=True)
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    for hidden in (".site-head nav", ".site-head form", ".foot", ".crumb"):
        expect(page.locator(hidden)).to_be_hidden()
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"


def test_folded_parts_are_unfolded_on_paper(open_page: Open) -> None:
    page = open_page("/om")
    page.evaluate(
        "document.querySelector('main').insertAdjacentHTML('beforeend',"
        " '<details id=fold><summary>Mer</summary><p>Dolt</p></details>')"
    )
    expect(page.locator("#fold p")).to_be_hidden()
    page.emulate_media(media="print")
    expect(page.locator("#fold p")).to_be_visible()
