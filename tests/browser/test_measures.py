"""A measure in a real browser: its chart is read by everybody, and its values are filled in by keyboard alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.axe import findings
from tests.browser.conftest import Open
from tests.browser.test_charts import WRONG
from tests.browser.test_print import A4, NOTHING, on_paper
from tests.browser.test_writing import TOO_LOW
from tests.cast import ADMIN

pytestmark = pytest.mark.browser

PROJECT = "/utvecklingsarbeten/snabbare-forsta-mote-pa-ame"
MEASURE = f"{PROJECT}/matt/forsta-mote-inom-10-arbetsdagar"
EMPTY = "/utvecklingsarbeten/kartlaggning-med-den-sokande/matt/valt-nasta-steg-sjalv"
TWELVE = "".join(f"2026-{month:02}-01\t{month + 20},5\n" for month in range(1, 13))


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (320, True)], ids=["light", "dark phone"])
def test_axe_finds_nothing_and_everything_has_room(
    open_page: Open, complaints: list[str], width: int, dark: bool
) -> None:
    page = open_page(MEASURE, width=width, dark=dark, role=ADMIN)
    found = []
    for path in (PROJECT, MEASURE, f"{MEASURE}/varden", f"{MEASURE}#linjer"):
        page.goto(path)
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
        found += findings(page)
        assert page.evaluate(WRONG) == []
        assert page.evaluate(TOO_LOW) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    page.locator("button[value=freeze]").click()
    found += findings(page)
    assert found == []
    assert complaints == []


def test_a_link_in_a_sentence_about_a_mistake_breaks_no_line_and_one_that_stands_alone_has_room(
    open_page: Open,
) -> None:
    page = open_page(MEASURE, role=ADMIN)
    page.evaluate(
        """document.querySelector("main").insertAdjacentHTML("afterbegin", `<div class="errsum stack">
        <p id="whole">Kort: <a href="#a">säg vilket</a>.</p><p id="plain">Kort</p>
        <ul><li><a href="#b">En</a></li><li><a href="#c">Två</a></li></ul></div>`)"""
    )
    height = "(one) => one.getBoundingClientRect().height"
    assert page.locator("#whole").evaluate(height) == page.locator("#plain").evaluate(height)
    links = page.locator(".errsum li a")
    assert min(link.evaluate(height) for link in links.all()) >= 44
    first, second = (link.evaluate("(one) => one.getBoundingClientRect().top") for link in links.all())
    assert second - first >= 43, "one does not lie over the other"


def test_what_is_said_of_the_picture_is_what_it_shows(open_page: Open) -> None:
    page = open_page(MEASURE)
    title = "Första möte inom 10 arbetsdagar, vecka 22 2026 till vecka 45 2026"
    expect(page.get_by_role("img", name=title).first).to_have_accessible_name(
        f"{title} Styrdiagram för andelar (P) med 23 mätpunkter. Medelvärdet är 43,4\xa0%."
        " Gränserna är 14,2 och 72,6\xa0%. Målet är 80\xa0%."
        " 1: Cykeln ”Remiss på en sida” börjar. 2: Cykeln ”Remiss med samtycke” börjar."
        " 3: Cykeln ”Boka i samma samtal” börjar. 4: Cykeln ”Hela teamet bokar i samma samtal” börjar."
        " 5: Cykeln ”Kvällstider på AME” börjar. Det har blivit bättre: 13 mätpunkter i rad ligger över medelvärdet"
        " 43,4\xa0%, från vecka 33 2026 till vecka 45 2026. Av en slump blir det högst 8. Målet 80\xa0% nås inte utan"
        " att något ändras. Det är ganska säkert: ett så tydligt mönster uppstår av en slump i ungefär 3 av 100 serier"
        " där inget har ändrats. Diagrammet säger inte varför. Jämför med vad ni gjorde, och när."
        " Alla värden finns i tabellen."
    )


def test_a_measure_prints_whole_on_a4(open_page: Open) -> None:
    page = open_page(MEASURE, width=A4, dark=True, role=ADMIN)
    page.emulate_media(media="print")
    assert on_paper(page) == NOTHING
    expect(page.get_by_role("table")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_twelve_points_are_pasted_by_keyboard_alone(open_page: Open, complaints: list[str], scripts: bool) -> None:
    page = open_page(f"{EMPTY}/varden", role=ADMIN, scripts=scripts)
    page.get_by_label("Rader med datum och värde").focus()
    page.keyboard.insert_text(TWELVE.replace("2026", "2024" if scripts else "2025"))
    page.get_by_role("button", name="Spara", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("12 nya datum")).to_be_visible()
    expect(page.get_by_role("img").first).to_be_visible()
    assert complaints == []


def test_enter_goes_down_and_makes_rows_and_cells_that_are_pasted_land_in_their_box(open_page: Open) -> None:
    page = open_page(f"{EMPTY}/varden", role=ADMIN)
    last = page.locator(".entry tbody tr").count()
    page.locator(f"[name=on-{last - 1}]").focus()
    page.keyboard.insert_text("2024-01-01")
    page.keyboard.press("Enter")
    expect(page.locator(f"[name=on-{last}]")).to_be_focused()
    expect(page.locator("[name=rows]")).to_have_value(str(last + 1))
    page.evaluate(
        """(text) => {
            const clip = new DataTransfer();
            clip.setData('text/plain', text);
            document.activeElement.dispatchEvent(new ClipboardEvent('paste', {clipboardData: clip, bubbles: true}));
        }""",
        TWELVE,
    )
    expect(page.get_by_label("Rader med datum och värde")).to_be_focused()
    expect(page.get_by_label("Rader med datum och värde")).to_have_value(TWELVE)
