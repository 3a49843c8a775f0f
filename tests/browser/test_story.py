"""The main job in real browsers, against a real ``larnat serve``: write, meet a conflict, look back, delete, undo."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app.accounts.demo import PASSWORD
from tests.browser.axe import findings
from tests.browser.conftest import Open
from tests.house import make_home
from tests.serving import served
from tests.shipped import committed_content, present_content

pytestmark = pytest.mark.browser

MEMBER, COLLEAGUE = "sodertalje@demo.example", "kollega@demo.example"
SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("story")
    if not committed_content(home):
        present_content(home)
    return make_home(home)


@pytest.fixture(scope="module")
def address(home: Path) -> Iterator[str]:
    with served(home, home / "var" / "serve.log") as site:
        assert site.process.poll() is None, site.log.read_text(encoding="utf-8")
        yield f"http://127.0.0.1:{site.port}"


def sign_in(page: Page, email: str) -> Page:
    page.goto("/logga-in")
    page.get_by_label("E-postadress").fill(email)
    page.get_by_label("Lösenord").fill(PASSWORD)
    page.get_by_role("button", name="Logga in").click()
    expect(page.get_by_role("button", name="Logga ut")).to_be_visible()
    return page


def press(page: Page, words: str) -> None:
    page.get_by_role("button", name=words, exact=True).click()


def text_of(home: Path, page: Page) -> str:
    """The file of the page that is shown."""
    kind, _, slug = page.url.split("/", 3)[3].partition("#")[0].partition("?")[0].partition("/")
    folders = {
        "arbetssatt": "content/practices/{}.md",
        "studiebesok": "content/studyvisits/{}.md",
        "utvecklingsarbeten": "improvement_cycles/{}/project.md",
        "cykler": "improvement_cycles/{}.md",
    }
    return (home / folders[kind].format(slug)).read_text(encoding="utf-8")


def created(page: Page, path: str, title: str, scripts: bool = True) -> str:
    """Create and publish a document with nothing but a title; gives its address."""
    page.goto(path)
    assert not scripts or findings(page) == []
    page.get_by_label("Rubrik").first.fill(title)
    press(page, "Spara och publicera")
    press(page, "Nej, publicera")
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)
    return page.url


@SCRIPTS
def test_a_member_creates_every_kind_and_others_find_it_within_a_second(
    open_page: Open, complaints: list[str], home: Path, scripts: bool
) -> None:
    page = sign_in(open_page("/", scripts=scripts), MEMBER)
    reader = open_page("/")
    word = "Kanelbulle" if scripts else "Pepparkaka"
    made = {}
    for path, words in (
        ("/arbetssatt/nytt", f"{word} som arbetssätt"),
        ("/studiebesok/nytt", f"{word} på studiebesök"),
        ("/utvecklingsarbeten/nytt", f"{word} som utvecklingsarbete"),
    ):
        made[words] = created(page, path, words, scripts)
        assert f"title: {words}" in text_of(home, page)
    project = made[f"{word} som utvecklingsarbete"].rpartition("/")[2]
    words = f"{word} som cykel"
    made[words] = created(page, f"/cykler/nytt?project={project}", words, scripts)
    assert f"title: {words}" in text_of(home, page)
    page.goto(f"/sok?q={word}")
    for title in made:
        expect(page.get_by_role("link", name=title, exact=True)).to_be_visible()
    time.sleep(1)
    reader.goto(f"/sok?q={word}")
    for title in made:
        expect(reader.get_by_role("link", name=title, exact=True)).to_be_visible()
    assert complaints == []


@SCRIPTS
def test_two_write_at_the_same_time_and_no_text_is_lost(
    open_page: Open, complaints: list[str], home: Path, scripts: bool
) -> None:
    mine, theirs = sign_in(open_page("/", scripts=scripts), MEMBER), sign_in(open_page("/"), COLLEAGUE)
    shown = created(mine, "/arbetssatt/nytt", f"Två skriver {'med' if scripts else 'utan'} skript", scripts)
    for page in (mine, theirs):
        page.goto(f"{shown}/andra")
    theirs.get_by_label("Sammanfattning").fill("Kollegans mening.")
    theirs.get_by_label("Enhet").fill("Kollegans enhet")
    press(theirs, "Spara")
    expect(theirs.get_by_text("Kollegans mening.").first).to_be_visible()
    mine.get_by_label("Sammanfattning").fill("Min mening.")
    press(mine, "Spara")
    expect(mine.get_by_role("heading", level=1)).to_have_text("Två har skrivit samtidigt")
    assert not scripts or findings(mine) == []
    expect(mine.get_by_text("Kollegans mening.").first).to_be_visible()
    expect(mine.get_by_text("Min mening.").first).to_be_visible()
    mine.get_by_label(re.compile("^Gemensam text")).fill("Min mening. Kollegans mening.")
    press(mine, "Spara den gemensamma texten")
    expect(mine.get_by_role("heading", level=1)).to_contain_text("Två skriver")
    text = text_of(home, mine)
    assert "Min mening. Kollegans mening." in text
    assert "Kollegans enhet" in text
    assert complaints == []


@SCRIPTS
def test_a_member_compares_goes_back_deletes_and_undoes(
    open_page: Open, complaints: list[str], home: Path, scripts: bool
) -> None:
    page = sign_in(open_page("/", scripts=scripts), MEMBER)
    shown = created(page, "/arbetssatt/nytt", f"Ångra {'med' if scripts else 'utan'} skript", scripts)
    for sentence in ("Första texten.", "Andra texten."):
        page.goto(f"{shown}/andra")
        page.get_by_label("Sammanfattning").fill(sentence)
        press(page, "Spara")
        expect(page.get_by_text(sentence).first).to_be_visible()
    page.goto(f"{shown}/historik")
    assert not scripts or findings(page) == []
    page.get_by_role("main").get_by_role("link", name=re.compile("läs versionen")).nth(1).click()
    assert not scripts or findings(page) == []
    expect(page.get_by_text("Första texten.").first).to_be_visible()
    press(page, "Gå tillbaka till den här versionen")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ångra")
    assert "Första texten." in text_of(home, page)
    page.goto(f"{shown}/ta-bort")
    assert not scripts or findings(page) == []
    press(page, "Ta bort sidan")
    expect(page.get_by_role("button", name="Ångra", exact=True)).to_be_visible()
    gone = open_page(shown)
    expect(gone.get_by_role("heading", level=1)).to_have_text("Sidan finns inte")
    press(page, "Ångra")
    page.goto(shown)
    expect(page.get_by_text("Första texten.").first).to_be_visible()
    assert "Första texten." in text_of(home, page)
    assert complaints == []


@SCRIPTS
def test_what_was_typed_survives_a_sign_in_that_ended(open_page: Open, complaints: list[str], scripts: bool) -> None:
    page = sign_in(open_page("/", scripts=scripts), MEMBER)
    page.goto("/arbetssatt/nytt")
    title = f"Skrivet {'med' if scripts else 'utan'} skript"
    page.get_by_label("Rubrik").first.fill(title)
    page.context.clear_cookies()
    press(page, "Spara och publicera")
    expect(page.get_by_role("heading", level=1)).to_have_text("Logga in")
    assert not scripts or findings(page) == []
    page.get_by_label("E-postadress").fill(MEMBER)
    page.get_by_label("Lösenord").fill(PASSWORD)
    press(page, "Logga in")
    expect(page.get_by_label("Rubrik").first).to_have_value(title)
    press(page, "Spara och publicera")
    press(page, "Nej, publicera")
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)
    assert complaints == []


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (360, True)], ids=["light", "dark phone"])
def test_axe_finds_nothing_on_the_pages_for_writing(
    open_page: Open, complaints: list[str], width: int, dark: bool
) -> None:
    page = sign_in(open_page("/", width=width, dark=dark), "admin@demo.example")
    practice = "/arbetssatt/extra-personal-for-forsorjningsstod"
    cycle = "/cykler/snabbare-forsta-mote-pa-ame/04-hela-teamet-bokar-i-samma-samtal"
    found = []
    for path in (
        *(f"{practice}/andra?steg={step}" for step in range(1, 6)),
        *(f"{cycle}/andra?steg={step}" for step in range(1, 7)),
        *(f"/studiebesok/forsorjningsstod-i-sodertalje/andra?steg={step}" for step in range(1, 6)),
        "/utvecklingsarbeten/snabbare-forsta-mote-pa-ame/andra?steg=2",
        "/natverk/stockholms-fou-plan/andra?steg=2",
        *(f"{practice}/{page}" for page in ("historik", "flytta", "ta-bort")),
        *("/papperskorg", "/mitt-konto", "/borja-prova", "/cykler/nytt"),
    ):
        page.goto(path)
        found += findings(page)
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append(f"{path} is wider than {width} px")
    assert found == []
    assert complaints == []
