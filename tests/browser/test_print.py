"""Pages on paper: the text and nothing that can only be clicked, nothing cut off, and nothing folded away."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, Site
from tests.browser.test_reading import PLAIN, documents
from tests.cast import EDITOR

pytestmark = pytest.mark.browser

# What is left of an A4 page between margins of 15 mm.
A4 = 680
TO_CLICK = "button, .btn, .site-head nav, [role=search], .foot, .crumb, .pager, .facets, .screen-only, progress"
# Headings that nothing follows, what is folded, and what reaches over the edge of the paper.
LEFT = """(selector) => {
    const seen = (one) => one.checkVisibility({contentVisibilityAuto: true}) && one.getClientRects().length;
    const all = (selector) => [...document.querySelectorAll(selector)];
    const told = (found) => found.map((one) => one.outerHTML.slice(0, 80));
    const bare = (section) => {
        const heading = section.querySelector('h2, h3');
        return heading && section.innerText.trim() === heading.innerText.trim();
    };
    const folded = all('main details').filter(seen).flatMap((one) => [...one.children])
        .filter((one) => !one.matches('summary, .screen-only, .facets *') && !seen(one));
    const wide = all('main *').filter((one) => seen(one) && !one.closest('.vh'))
        .filter((one) => one.getBoundingClientRect().right > innerWidth + 1);
    return {
        clickable: told(all(selector).filter(seen)),
        bare: told(all('main section').filter(seen).filter(bare)),
        folded: told(folded),
        wide: told(wide),
    };
}"""
NOTHING: dict[str, list[str]] = {"clickable": [], "bare": [], "folded": [], "wide": []}


def on_paper(page: Page) -> dict[str, list[str]]:
    found: dict[str, list[str]] = page.evaluate(LEFT, TO_CLICK)
    return found


@pytest.mark.parametrize("signed_in", [True, False], ids=["member", "anyone"])
def test_no_page_prints_what_cannot_be_clicked_or_loses_what_can_be_read(
    site: Site, open_page: Open, signed_in: bool
) -> None:
    page = open_page("/", width=A4, dark=True, role=EDITOR if signed_in else None)
    page.emulate_media(media="print")
    more = ("/laget", "/laget?visa=pagar", "/mitt-konto", "/hamta") if signed_in else ()
    found = {}
    read = [path for path in PLAIN if not path.endswith("/nytt")]
    for path in (*read, *documents(site), "/tillganglighet", "/personuppgifter", *more):
        page.goto(path)
        if (left := on_paper(page)) != NOTHING:
            found[path] = {what: where for what, where in left.items() if where}
    assert found == {}


def test_where_a_link_leads_outside_can_be_read(open_page: Open) -> None:
    page = open_page("/natverk/knut")
    page.emulate_media(media="print")
    link = page.get_by_role("main").locator("a[href^='http']").first
    address = link.get_attribute("href") or ""
    after = link.evaluate("one => getComputedStyle(one, '::after').content")
    assert address in re.sub(r'[\\"]', "", after)
    inside = page.get_by_role("main").locator("a[href^='/']").first
    assert inside.evaluate("one => getComputedStyle(one, '::after').content") in ("none", "normal")


@pytest.fixture
def long_page(open_page: Open) -> Page:
    """A page whose text has a wide table, a long one, and a short one."""
    page = open_page("/arbetssatt/nytt?steg=2", role=EDITOR)
    page.get_by_role("button", name="Det viktigaste").click()
    page.get_by_label("Rubrik").first.fill("Tabeller på papper")
    page.get_by_role("navigation", name="Steg i formuläret").get_by_role("button", name="Så går det till").click()
    wide = [" | ".join(f"Kolumn {number}" for number in range(14)), "|".join("---" for _ in range(14))]
    long = ["Vecka | Antal", "---|---", *(f"{number} | {number * 3}" for number in range(80))]
    short = ["Vecka | Antal", "---|---", "1 | 3", "2 | 6"]
    tables = ["\n".join(f"| {row} |" for row in [*rows, *rows[2:3]]) for rows in ([*wide, wide[0]], long, short)]
    page.locator("#f-h_varfor").fill("\n\n".join(tables))
    page.get_by_role("button", name="Spara som utkast").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tabeller på papper")
    return page


def test_tables_are_not_cut(long_page: Page) -> None:
    long_page.set_viewport_size({"width": A4, "height": 900})
    long_page.emulate_media(media="print")
    assert on_paper(long_page)["wide"] == []
    whole = long_page.locator(".tbl").evaluate_all("all => all.map(one => getComputedStyle(one).breakInside)")
    assert whole == ["avoid", "auto", "avoid"], "a long one may be cut between its rows, and repeats its head"
    assert long_page.locator(".tbl thead").evaluate_all("all => all.map(one => getComputedStyle(one).display)") == (
        ["table-header-group"] * 3
    )
    # Two pages and a few more lines: the long one begins where it stands, and does not leave a page empty before it.
    pages = long_page.pdf(format="A4").count(b"/Type /Page\n")
    assert 3 <= pages <= 5
