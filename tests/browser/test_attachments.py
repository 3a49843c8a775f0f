"""Pictures and files in a real browser: pasted, dropped and chosen, with scripts and without, for everybody."""

from __future__ import annotations

import base64
import re

import pytest
from playwright.sync_api import Dialog, FilePayload, Page, expect

from tests.browser.axe import findings
from tests.browser.conftest import Open
from tests.browser.test_writing import TOO_LOW
from tests.cast import EDITOR
from tests.editing.writing import MARK
from tests.library import hostile

pytestmark = pytest.mark.browser

NEW = "/arbetssatt/nytt?steg=2"
PICTURE = hostile.picture("PNG", (60, 40))
# What a browser does when somebody pastes, or lets go of a file: an event with files in it.
GIVE = """(area, [event, sort, name, type, content]) => {
    const files = new DataTransfer();
    const bytes = Uint8Array.from(atob(content), (one) => one.charCodeAt(0));
    files.items.add(new File([bytes], name, {type}));
    const carried = event === 'paste' ? {clipboardData: files} : {dataTransfer: files};
    area.dispatchEvent(new window[sort](event, {bubbles: true, cancelable: true, ...carried}));
}"""


def file(name: str, kind: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": kind, "buffer": content}


def give(
    page: Page, box: str, event: str, name: str = "image.png", kind: str = "image/png", content: bytes = PICTURE
) -> None:
    sort = "ClipboardEvent" if event == "paste" else "DragEvent"
    page.locator(box).evaluate(GIVE, [event, sort, name, kind, base64.b64encode(content).decode()])


def describe(page: Page, text: str) -> None:
    expect(page.get_by_role("dialog")).to_be_visible()
    page.get_by_role("dialog").get_by_role("textbox").fill(text)
    page.get_by_role("button", name="Lägg till bilden").click()


def shown_pictures(page: Page) -> list[list[object]]:
    """The pictures in the text of a page: what they say, and whether the browser could draw them."""
    page.wait_for_load_state("networkidle")
    found: list[list[object]] = page.evaluate(
        """async () => {
            const all = [...document.querySelectorAll('.prose img')];
            for (const one of all) { one.loading = 'eager'; try { await one.decode() } catch {} }
            return all.map(one => [one.alt, one.naturalWidth]);
        }"""
    )
    return found


def save_as(page: Page, title: str) -> None:
    page.get_by_role("button", name="Grunduppgifter").or_(page.locator("button[value='step 1']")).first.click()
    page.get_by_label("Rubrik").fill(title)
    page.get_by_role("button", name="Spara som utkast", exact=True).click()
    expect(page.locator("h1")).to_have_text(title)


def test_a_picture_is_pasted_into_a_text_described_and_shown(open_page: Open, complaints: list[str]) -> None:
    page = open_page(NEW, role=EDITOR)
    box = page.locator("#f-h_varfor")
    box.fill("Före\n\nEfter")
    box.evaluate("area => area.setSelectionRange(4, 4)")
    give(page, "#f-h_varfor", "paste")
    expect(page.get_by_role("dialog").locator("canvas")).to_be_visible()
    describe(page, "Ett runt bord")
    expect(box).to_have_value("Före\n\n![Ett runt bord](image.png)\n\nEfter")
    expect(box).to_be_focused()
    expect(page.locator("#filer")).to_contain_text("PNG-bild")
    expect(page.locator("#filer .thumb")).to_have_count(1)
    expect(page.locator("#besked")).to_contain_text("image.png är tillagd")
    page.get_by_role("button", name="Förhandsgranska Varför").click()
    expect(page.locator(".preview img")).to_have_attribute("alt", "Ett runt bord")
    assert page.locator(".preview img").evaluate("async one => { await one.decode(); return one.naturalWidth }") == 60
    save_as(page, "Med en bild")
    assert shown_pictures(page) == [["Ett runt bord", 60]]
    assert complaints == []


def test_files_are_dropped_where_they_belong_and_chosen_in_the_box(open_page: Open, complaints: list[str]) -> None:
    page = open_page(NEW, role=EDITOR)
    give(page, "#f-h_varfor", "drop", "Mall för samtal.pdf", "application/pdf", hostile.PDF)
    expect(page.locator("#f-h_varfor")).to_have_value("[Mall för samtal](mall-for-samtal.pdf)")
    page.locator("#filer input[type=file]").set_input_files(
        [
            file("rum.jpg", "image/jpeg", hostile.told_on_picture()),
            file("lista.csv", "text/csv", b"a;b\n"),
        ]
    )
    describe(page, "Rummet")
    expect(page.locator("#filer .rows > li")).to_have_count(3)
    save_as(page, "Med filer")
    expect(page.get_by_role("link", name="Mall för samtal").first).to_have_attribute(
        "href", re.compile(rf"^/filer/arbetssatt/med-filer{MARK}/mall-for-samtal\.pdf$")
    )
    expect(page.locator(".files li")).to_have_count(3)
    with page.expect_download() as download:
        page.locator(".files a", has_text="Mall för samtal").click()
    assert download.value.suggested_filename == "Mall för samtal.pdf"
    assert complaints == []


def test_whoever_changes_their_mind_adds_nothing(open_page: Open) -> None:
    page = open_page(NEW, role=EDITOR)
    give(page, "#f-h_varfor", "paste")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator("#f-h_varfor")).to_have_value("")
    expect(page.locator("#f-h_varfor")).to_be_focused()
    expect(page.locator("#filer .rows")).to_have_count(0)


def test_text_that_comes_with_a_picture_of_itself_is_pasted_as_text(open_page: Open) -> None:
    """Word and Excel lay both on the clipboard."""
    page = open_page(NEW, role=EDITOR)
    stopped = page.locator("#f-h_varfor").evaluate(
        """area => {
            const both = new DataTransfer();
            both.items.add(new File(['x'], 'image.png', {type: 'image/png'}));
            both.setData('text/plain', 'Texten');
            const event = new ClipboardEvent('paste', {bubbles: true, cancelable: true, clipboardData: both});
            return !area.dispatchEvent(event);
        }"""
    )
    assert not stopped
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_file_that_is_refused_is_told_of_at_once_and_the_text_stays(open_page: Open, complaints: list[str]) -> None:
    page = open_page(NEW, role=EDITOR)
    page.locator("#f-h_varfor").fill("Min text")
    give(page, "#f-h_varfor", "drop", "bild.svg", "image/svg+xml", hostile.SVG)
    expect(page.locator("#filer [role=alert]")).to_be_focused()
    expect(page.locator("#filer [role=alert]")).to_contain_text("SVG-bilder kan innehålla program")
    expect(page.locator("#f-h_varfor")).to_have_value("Min text")
    assert complaints == []


def test_without_scripts_files_are_added_described_and_shown(open_page: Open) -> None:
    page = open_page(NEW, role=EDITOR, scripts=False)
    page.locator("#filer input[type=file]").set_input_files(file("rum.png", "image/png", PICTURE))
    page.get_by_role("button", name="Lägg till filerna").click()
    page.get_by_role("textbox", name="Vad visar bilden").fill("Rummet utan skript")
    page.locator("#f-h_varfor").fill("![](rum.png)")
    save_as(page, "Utan skript")
    picture = page.locator(".prose img")
    expect(picture).to_have_attribute("alt", "Rummet utan skript")
    expect(page.locator(".files li")).to_have_count(1)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_the_files_of_a_page_are_looked_after_on_a_page_of_their_own(
    open_page: Open, complaints: list[str], scripts: bool
) -> None:
    page = open_page("/arbetssatt", role=EDITOR, scripts=scripts)
    page.goto("/arbetssatt/nytt")
    page.get_by_label("Rubrik").fill(f"Med egen sida {scripts}")
    page.get_by_role("button", name="Spara som utkast", exact=True).click()
    page.get_by_role("link", name="Lägg till bilder och filer").click()
    page.locator("#nya-filer").set_input_files(
        [
            file("rum.png", "image/png", PICTURE),
            file("sida.html", "text/html", hostile.HTML),
        ]
    )
    page.get_by_role("button", name="Lägg till", exact=True).click()
    alert = page.locator(".errsum")
    expect(alert).to_contain_text("”sida.html”: Webbsidor kan innehålla program")
    expect(alert).to_contain_text("Lade till rum.")
    page.get_by_role("textbox", name="Vad visar bilden").fill("Rummet")
    page.get_by_role("button", name="Spara namn och beskrivningar").click()
    expect(page.get_by_role("textbox", name="Vad visar bilden")).to_have_value("Rummet")
    page.get_by_text("Byt ut eller ta bort").click()
    page.get_by_role("button", name="Ta bort").click()
    page.get_by_role("button", name="Ta tillbaka").click()
    expect(page.get_by_role("textbox", name="Vad visar bilden")).to_have_value("Rummet")
    assert complaints == []


@pytest.fixture
def with_files(open_page: Open) -> str:
    """A page with a picture and a file of a long name; its address."""
    page = open_page("/arbetssatt/nytt", role=EDITOR)
    page.get_by_label("Rubrik").fill("Sida med filer")
    page.get_by_role("button", name="Spara som utkast", exact=True).click()
    page.get_by_role("link", name="Lägg till bilder och filer").click()
    page.locator("#nya-filer").set_input_files(
        [
            file("rum.png", "image/png", hostile.picture("PNG", (900, 600))),
            file(f"{'Mycketlångtnamn' * 9}.pdf", "application/pdf", hostile.PDF),
        ]
    )
    page.get_by_role("button", name="Lägg till", exact=True).click()
    expect(page.locator("main")).to_contain_text("Lade till 2 filer")
    return page.url.removesuffix("/filer")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_the_pages_with_files_are_for_everybody(open_page: Open, with_files: str, width: int, dark: bool) -> None:
    page = open_page(f"{with_files}/filer", role=EDITOR, width=width, dark=dark)
    for details in page.locator("main details").all():
        details.click()
    found = findings(page)
    low = page.evaluate(TOO_LOW)
    wide = [page.evaluate("document.documentElement.scrollWidth")]
    page.goto(f"{with_files}/andra?steg=2")
    give(page, "#f-h_varfor", "drop")
    expect(page.get_by_role("dialog")).to_be_visible()
    found += findings(page)
    wide.append(page.evaluate("document.documentElement.scrollWidth"))
    describe(page, "Rummet")
    expect(page.locator("#filer .rows")).to_be_visible()
    found += findings(page)
    low += page.evaluate(TOO_LOW)
    wide.append(page.evaluate("document.documentElement.scrollWidth"))
    page.goto(with_files)
    found += findings(page)
    wide.append(page.evaluate("document.documentElement.scrollWidth"))
    assert (found, low, set(wide)) == ([], [], {width})


def test_nothing_in_a_file_runs_when_its_address_is_opened(open_page: Open, with_files: str) -> None:
    page = open_page(f"{with_files}/filer", role=EDITOR)
    page.locator("#nya-filer").set_input_files(file("dubbel.pdf", "application/pdf", hostile.POLYGLOT_PDF))
    page.get_by_role("button", name="Lägg till", exact=True).click()
    address = page.get_by_role("link", name="Dubbel").get_attribute("href")
    asked: list[str] = []

    def dismiss(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", dismiss)
    with page.expect_download():
        page.evaluate("address => { location.href = address }", address)
    assert asked == []
