"""A coordinator's Monday and a member's, in real browsers against a real ``larnat serve``, with scripts and without."""

from __future__ import annotations

import csv
import io
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import Locator, Page, expect

from app.web.text import today
from tests.browser.axe import findings
from tests.browser.conftest import Open
from tests.browser.test_attachments import describe, file, give, shown_pictures
from tests.browser.test_story import press, sign_in
from tests.house import make_home
from tests.library import hostile
from tests.serving import served
from tests.shipped import committed_content, present_content

pytestmark = pytest.mark.browser

COORDINATOR, MEMBER = "knut@demo.example", "sodertalje@demo.example"
SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
PICTURE = hostile.picture("PNG", (600, 400))
VISIT = "Studiebesök hos Försörjningsstöd i Södertälje"


def long_ago(days: int) -> str:
    return (today() - timedelta(days=days)).isoformat()


def ahead(days: int) -> str:
    return (today() + timedelta(days=days)).isoformat()


# ---- What there is on Monday morning: one of each for either way of working ----


def write(home: Path, path: str, body: str = "", **front_matter: Any) -> None:
    values = {
        "id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"monday:{path}")),
        "owner": "sodertalje",
        "publication": "published",
        "invented": True,
        "networks": ["knut"],
        **front_matter,
    }
    file = home / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"---\n{yaml.safe_dump(values, allow_unicode=True)}---\n\n{body}\n", encoding="utf-8")


def monday_morning(home: Path, way: str) -> None:
    """A project of KNUT's with three cycles, one of which has stood still; a visit with seats; a meeting's decision."""
    project = f"improvement_cycles/trygga-samtal-{way}"
    write(home, f"{project}/project.md", title=f"Trygga samtal {way}", status="testing", starts=long_ago(320))
    decided: dict[str, Any] = {
        "status": "decided",
        "decision": "adopt",
        "started": long_ago(300),
        "decided": long_ago(260),
    }
    write(home, f"{project}/01-brev.md", title=f"Brev på lätt svenska {way}", **decided)
    write(home, f"{project}/02-rum.md", title=f"Ett lugnt rum {way}", status="doing", started=long_ago(240))
    prediction = {"text": "Vi tror att fler ringer upp.", "measure": "Samtal", "value": "5", "by": ahead(30)}
    planned: dict[str, Any] = {"status": "planned", "planned": long_ago(3), "prediction": prediction}
    write(home, f"{project}/03-telefon.md", title=f"Ring dagen innan {way}", **planned)
    session = {"date": ahead(40), "time": "13.00–15.00", "seats": 8}
    visit: dict[str, Any] = {
        "owner": "exempelkommunen",
        "host": "exempelkommunen",
        "status": "open",
        "sessions": [session],
    }
    write(home, f"content/studyvisits/mottagningen-{way}.md", title=f"Besök mottagningen {way}", **visit)
    decisions = [
        {"what": f"Provar brevet hos alla {way}.", "organisation": "sodertalje", "by": ahead(10)},
        {"what": "Berättar hur det gick.", "organisation": "sodertalje", "by": ahead(20)},
    ]
    meeting: dict[str, Any] = {"status": "held", "date": long_ago(7), "decisions": decisions}
    write(home, f"content/meetings/hosttraffen-{way}.md", title=f"Hösttraff {way}", **meeting)


def way_of(scripts: bool) -> str:
    return "med" if scripts else "utan"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("monday")
    if not committed_content(home):
        present_content(home)
    for way in ("med", "utan"):
        monday_morning(home, way)
    return make_home(home)


@pytest.fixture(scope="module")
def address(home: Path) -> Iterator[str]:
    with served(home, home / "var" / "serve.log") as site:
        assert site.process.poll() is None, site.log.read_text(encoding="utf-8")
        yield f"http://127.0.0.1:{site.port}"


@dataclass
class Monday:
    """Somebody at work: every page that they pass is looked at with axe, and has to fit a phone."""

    page: Page
    scripts: bool
    found: list[str] = field(default_factory=list)

    @property
    def main(self) -> Locator:
        return self.page.get_by_role("main")

    def look(self) -> None:
        if not self.scripts:
            return
        self.found += findings(self.page)
        self.page.set_viewport_size({"width": 320, "height": 800})
        if self.page.evaluate("document.documentElement.scrollWidth") > 320:
            self.found.append(f"{self.page.url} is wider than 320 px")
        self.found += findings(self.page)
        self.page.set_viewport_size({"width": 1280, "height": 800})

    def follow(self, name: str | re.Pattern[str], exact: bool = True) -> None:
        """Follow the first link of that name, and look at the page that it leads to."""
        before = self.page.url
        self.main.get_by_role("link", name=name, exact=exact).first.click()
        self.page.wait_for_url(lambda url: url != before)
        self.look()

    def goes_to(self, name: str) -> None:
        """Choose something in the main menu."""
        self.page.get_by_role("navigation", name="Huvudmeny").get_by_role("link", name=name, exact=True).click()
        expect(self.page.get_by_role("heading", level=1)).to_be_visible()
        self.look()

    def searches(self, words: str) -> None:
        self.page.goto("/")
        self.page.get_by_label("Sök i hela Lärnät").fill(words)
        self.page.get_by_role("button", name="Sök").click()
        self.page.wait_for_url("**/sok?**")

    def finds(self, title: str) -> None:
        expect(self.main.get_by_role("link", name=title, exact=True).first).to_be_visible()

    def adds_a_row(self, rows: str, number: int) -> Locator:
        """Press the button that adds a row; its first box."""
        self.page.locator(f"button[value='add {rows}']").click()
        box = self.page.locator(f"[name={rows}-{number}], [name^={rows}-{number}-]").first
        expect(box).to_be_visible()
        return box

    def steps_to(self, name: str) -> None:
        self.page.get_by_role("navigation", name="Steg i formuläret").get_by_role("button", name=name).click()
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(name)
        self.look()


@pytest.fixture
def monday(open_page: Open, complaints: list[str], request: pytest.FixtureRequest) -> Iterator[Monday]:
    scripts: bool = request.getfixturevalue("scripts")
    found = Monday(open_page("/", scripts=scripts), scripts)
    yield found
    assert found.found == []
    assert complaints == []


# ---- The coordinator's ----


@SCRIPTS
def test_a_coordinators_monday(monday: Monday, scripts: bool) -> None:
    way, page = way_of(scripts), monday.page
    learning, meeting = f"Lugnet gör skillnad {way} skript", f"Vinterträff {way} skript"
    sign_in(page, COORDINATOR)
    sees_what_is_new(monday)
    sees_what_stands_still(monday, way)
    writes_a_learning(monday, learning, way)
    prepares_a_meeting(monday, meeting, learning)
    finds_it_all_again(monday, learning, meeting, way)


def sees_what_is_new(monday: Monday) -> None:
    monday.page.goto("/")
    monday.look()
    new = monday.main.get_by_role("region", name="Nytt i era nätverk")
    expect(new.get_by_role("link", name="KNUT")).to_be_visible()
    expect(new.get_by_role("listitem").first).to_be_visible()
    monday.follow("Allt nytt")
    expect(monday.main.get_by_role("heading", name="Nytt i Lärnät")).to_be_visible()
    monday.follow("Bara era nätverk")


def sees_what_stands_still(monday: Monday, way: str) -> None:
    monday.main.get_by_role("region", name="Läget i era nätverk").get_by_role("link", name="Står stilla").click()
    monday.page.wait_for_url("**/laget**")
    monday.look()
    expect(monday.main.get_by_role("heading", name=re.compile("^Står stilla"))).to_be_visible()
    row = monday.main.get_by_role("row").filter(has_text=f"Ett lugnt rum {way}")
    expect(row).to_contain_text("240 dagar")
    with monday.page.expect_download() as download:
        monday.main.get_by_role("link", name="Hämta listan som fil").click()
    rows = list(csv.reader(io.StringIO(download.value.path().read_text(encoding="utf-8-sig")), delimiter=";"))
    assert any(f"Ett lugnt rum {way}" in cells for cells in rows[1:])
    assert all(len(cells) == len(rows[0]) for cells in rows)
    row.get_by_role("link", name=f"Ett lugnt rum {way}").click()
    expect(monday.page.get_by_role("heading", level=1)).to_have_text(f"Ett lugnt rum {way}")
    monday.look()


def writes_a_learning(monday: Monday, title: str, way: str) -> None:
    """It rests on two cycles and a visit, and shows a picture that is pasted in, or chosen where nothing can be."""
    page = monday.page
    monday.goes_to("Nätverk")
    monday.follow("KNUT")
    monday.follow("Skriv en lärdom")
    page.get_by_label("Rubrik").first.fill(title)
    page.get_by_label("Fungerade", exact=True).check()
    box = page.get_by_role("textbox", name="Vad det handlar om")
    box.fill("Ett lugnt rum gör samtalet bättre.\n\n")
    if monday.scripts:
        give(page, "#f-h_vad_det_handlar_om", "paste", "Samtalsrummet i receptionen.png", content=PICTURE)
        monday.look()
        describe(page, "Ett rum med två stolar och en växt")
        expect(box).to_have_value(
            re.compile(r"!\[Ett rum med två stolar och en växt\]\(samtalsrummet-i-receptionen\.png\)")
        )
    else:
        page.locator("#nya-filer").set_input_files(file("Samtalsrummet i receptionen.png", "image/png", PICTURE))
        press(page, "Lägg till filerna")
        page.get_by_role("textbox", name="Vad visar bilden").fill("Ett rum med två stolar och en växt")
        page.get_by_role("textbox", name="Vad det handlar om").fill(
            "Ett lugnt rum gör samtalet bättre.\n\n![](samtalsrummet-i-receptionen.png)"
        )
    monday.steps_to("Vad den vilar på")
    for number, cycle in enumerate((f"Ett lugnt rum {way}", f"Brev på lätt svenska {way}")):
        box = monday.adds_a_row("cycles", number)
        offered = page.locator(f"#{box.get_attribute('list')} option[value^='{cycle}']")
        box.fill(offered.get_attribute("value") or "")
    page.get_by_label(VISIT).check()
    press(page, "Spara och publicera")
    press(page, "Nej, publicera")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    monday.look()
    assert shown_pictures(page) == [["Ett rum med två stolar och en växt", 600]] if monday.scripts else True
    expect(page.locator(".prose img")).to_have_attribute("alt", "Ett rum med två stolar och en växt")
    for name in (f"Ett lugnt rum {way}", f"Brev på lätt svenska {way}", VISIT, "KNUT"):
        monday.finds(name)


def prepares_a_meeting(monday: Monday, title: str, learning: str) -> None:
    page = monday.page
    monday.goes_to("Nätverk")
    monday.follow("KNUT")
    monday.follow("Planera en träff")
    page.get_by_label("Rubrik").first.fill(title)
    expect(page.get_by_label("KNUT", exact=True)).to_be_checked()
    page.get_by_label("Datum", exact=True).fill(ahead(5))
    page.get_by_label("Klockslag", exact=True).fill("10.00–12.00")
    page.get_by_label("Plats", exact=True).fill("Stadshuset")
    monday.steps_to("Inför träffen")
    for number, name in enumerate(("Södertälje kommun", "Solna stad")):
        monday.adds_a_row("invited", number).fill(name)
    monday.adds_a_row("agenda", 0)
    page.locator("[name=agenda-0-time]").fill("10.00")
    page.locator("[name=agenda-0-what]").fill("Vad har vi lärt oss om samtalsrummet?")
    monday.steps_to("Vad vi tar upp")
    page.get_by_label(learning).check()
    press(page, "Spara och publicera")
    press(page, "Nej, publicera")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    monday.look()
    for words in ("Vad har vi lärt oss om samtalsrummet?", "Södertälje", "Solna", "kl. 10.00–12.00", "Stadshuset"):
        expect(monday.main).to_contain_text(words)
    monday.finds(learning)


def finds_it_all_again(monday: Monday, learning: str, meeting: str, way: str) -> None:
    for words, titles in (
        ("samtalsrummet i receptionen", [learning]),
        (f"lugnet gör skillnad {way}", [learning]),
        ("agenda samtalsrummet stadshuset", [meeting]),
        (f"vinterträff {way} skript", [meeting]),
        (f"lugnt rum {way}", [learning, f"Ett lugnt rum {way}"]),
    ):
        monday.searches(words)
        for title in titles:
            monday.finds(title)
        monday.look()
    monday.page.goto("/natverk/knut")
    monday.finds(learning)
    monday.finds(meeting)
    monday.follow(meeting)
    monday.follow(learning)
    monday.follow(VISIT)
    monday.finds(learning)


# ---- The member's ----


@SCRIPTS
def test_a_members_monday(monday: Monday, scripts: bool) -> None:
    way, page = way_of(scripts), monday.page
    sign_in(page, MEMBER)
    moves_a_cycle_on(monday, way)
    title = continues_what_was_half_written(monday, way)
    asks_for_seats(monday, way)
    ticks_off_a_decision(monday, way)
    for words, found in ((title.lower(), title), (f"ring dagen innan {way}", f"Ring dagen innan {way}")):
        monday.searches(words)
        monday.finds(found)
    reports_a_barrier(monday)


def moves_a_cycle_on(monday: Monday, way: str) -> None:
    page, title = monday.page, f"Ring dagen innan {way}"
    page.goto("/")
    monday.look()
    own = monday.main.get_by_role("listitem").filter(has=page.get_by_role("heading", name=title))
    expect(own).to_contain_text("Nästa steg: börja genomföra")
    own.get_by_role("link", name=title, exact=True).click()
    press(page, "Börja genomföra")
    expect(monday.main).to_contain_text("Genomföra pågår")
    monday.look()
    page.goto("/")
    expect(own).to_contain_text("Nästa steg: prova, och skriv vad ni gjorde")


def continues_what_was_half_written(monday: Monday, way: str) -> str:
    """On Friday somebody began to write, and went home."""
    page, title = monday.page, f"Ring alltid tillbaka {way} skript"
    page.goto("/arbetssatt/nytt")
    page.get_by_label("Rubrik").first.fill(title)
    page.get_by_label("Sammanfattning").fill("Den som ringer får svar")
    press(page, "Spara och gå vidare")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Så går det till")
    page.goto("/")
    monday.look()
    drafts = monday.main.get_by_role("region", name="Era utkast")
    expect(drafts.get_by_role("listitem").filter(has_text=f"Halvskrivet: {title}")).to_contain_text("Ny sida")
    monday.follow(re.compile(f"Fortsätt.*{title}"), exact=False)
    page.get_by_role("navigation", name="Steg i formuläret").get_by_role("button", name="Det viktigaste").click()
    expect(page.get_by_label("Sammanfattning")).to_have_value("Den som ringer får svar")
    page.get_by_label("Sammanfattning").fill("Den som ringer får svar samma dag.")
    press(page, "Spara och publicera")
    press(page, "Nej, publicera")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    page.goto("/")
    expect(monday.main.get_by_role("link", name=re.compile(f"Fortsätt.*{title}"))).to_have_count(0)
    return title


def asks_for_seats(monday: Monday, way: str) -> None:
    page = monday.page
    monday.goes_to("Studiebesök")
    monday.follow(f"Besök mottagningen {way}")
    page.get_by_label("Hur många är ni?").fill("3")
    press(page, "Be om plats")
    expect(page.locator(".flashes")).to_contain_text("Sparat:")
    expect(monday.main).to_contain_text("Södertälje")
    expect(monday.main).to_contain_text("5 kvar")
    monday.look()


def ticks_off_a_decision(monday: Monday, way: str) -> None:
    page = monday.page
    page.goto("/natverkstraffar")
    monday.follow(f"Hösttraff {way}")
    decision = page.get_by_role("listitem").filter(has_text=f"Provar brevet hos alla {way}.")
    decision.get_by_role("button", name=re.compile("Markera som klart")).click()
    expect(decision).to_contain_text("Klart")
    expect(decision.get_by_role("button", name=re.compile("Kvar att göra"))).to_be_visible()
    monday.look()


def reports_a_barrier(monday: Monday) -> None:
    page = monday.page
    page.get_by_role("contentinfo").get_by_role("link", name="Rapportera ett fel").click()
    monday.look()
    page.get_by_label(re.compile("svår|hinder|Tillgänglighet", re.IGNORECASE)).first.check()
    page.get_by_label("Vad hände?").fill("Knappen går inte att nå med tangentbordet.")
    press(page, "Skicka")
    expect(page.get_by_role("heading", level=1)).to_have_text("Tack, rapporten har kommit fram")
    monday.look()
