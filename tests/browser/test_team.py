"""A team without a statistician, by the keyboard alone: from a problem to a decision and the next cycle.

Once with scripts in a wide window, and once without them in one of 320 pixels. Nothing is clicked: what cannot be
reached by the Tab key is not reached.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from app.accounts.demo import PASSWORD
from tests.browser.axe import findings
from tests.browser.conftest import Open
from tests.house import make_home
from tests.serving import served

pytestmark = pytest.mark.browser

MEMBER = "sodertalje@demo.example"
MOST_TABS = 400
PREDICTION = "Vi tror att minst 60 procent kommer i tid, därför att tiden är bokad."


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_home(tmp_path_factory.mktemp("team"))


@pytest.fixture(scope="module")
def address(home: Path) -> Iterator[str]:
    with served(home, home / "var" / "serve.log") as site:
        assert site.process.poll() is None, site.log.read_text(encoding="utf-8")
        yield f"http://127.0.0.1:{site.port}"


class Keyboard:
    """Somebody who uses a page by its keyboard."""

    def __init__(self, page: Page, scripts: bool) -> None:
        self.page = page
        self.scripts = scripts
        # The pages that were sent, and the fields that were filled in on them.
        self.fields: list[str] = []

    def reach(self, wanted: Locator) -> None:
        """Press Tab until something is focused."""
        expect(wanted).to_have_count(1)
        for _ in range(MOST_TABS):
            if wanted.evaluate("one => one === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{wanted} cannot be reached")

    def type(self, name: str, text: str) -> None:
        """Write in the field with a name, in place of what stands there."""
        self.reach(self.page.locator(f'main [name="{name}"]'))
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(text)
        self.fields.append(name)

    def choose(self, name: str, words: str) -> None:
        """Choose in a list, or among radio buttons, by the letters and the arrows."""
        field = self.page.locator(f'main select[name="{name}"]')
        if field.count():
            self.reach(field)
            self.page.keyboard.type(words, delay=10)
        else:
            self.reach_radio(name)
            wanted = self.page.get_by_role("radio", name=words, exact=True)
            for _ in range(12):
                if wanted.is_checked():
                    break
                self.page.keyboard.press("ArrowDown")
            expect(wanted).to_be_checked()
        self.fields.append(name)

    def reach_radio(self, name: str) -> None:
        """Press Tab until one of some radio buttons is focused, and check it."""
        for _ in range(MOST_TABS):
            if self.page.evaluate("() => document.activeElement.name") == name:
                self.page.keyboard.press("Space")
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{name} cannot be reached")

    def press(self, words: str) -> None:
        """Press a button that leads to a page."""
        self.reach(self.page.get_by_role("main").get_by_role("button", name=words, exact=True))
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def add(self, words: str, field: str) -> None:
        """Press a button that adds a row, which scripts put into the page that is there."""
        self.reach(self.page.get_by_role("main").get_by_role("button", name=f"Lägg till {words}", exact=True))
        if self.scripts:
            self.page.keyboard.press("Enter")
        else:
            with self.page.expect_navigation():
                self.page.keyboard.press("Enter")
        expect(self.page.locator(f'main [name="{field}"]')).to_be_visible()

    def follow(self, words: str) -> None:
        """Follow a link."""
        self.reach(self.page.get_by_role("main").get_by_role("link", name=words, exact=True).first)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")


def sign_in(page: Page) -> None:
    page.goto("/logga-in")
    page.get_by_label("E-postadress").fill(MEMBER)
    page.get_by_label("Lösenord").fill(PASSWORD)
    page.get_by_role("button", name="Logga in").click()
    expect(page.get_by_role("button", name="Logga ut")).to_be_visible()


def looks_right(page: Page, scripts: bool) -> None:
    """Nothing has to be scrolled sideways, and axe finds nothing."""
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), page.url
    assert not scripts or findings(page) == []


def from_excel() -> str:
    """Twelve weeks as they are copied from a spreadsheet."""
    first = date(2026, 8, 3)
    kept = (5, 4, 6, 5, 4, 6, 8, 9, 8, 10, 9, 10)
    rows = (f"{first + timedelta(weeks=week)}\t{good}\t12" for week, good in enumerate(kept))
    return "\n".join(("Vecka\tMöten i tid\tAlla möten", *rows))


@pytest.mark.parametrize(("scripts", "width"), [(True, 1280), (False, 320)], ids=["with scripts", "narrow, without"])
def test_a_team_comes_from_a_problem_to_a_decision_and_on(
    open_page: Open, complaints: list[str], home: Path, scripts: bool, width: int
) -> None:
    page = open_page("/", scripts=scripts)
    page.set_viewport_size({"width": width, "height": 900})
    sign_in(page)
    keys = Keyboard(page, scripts)
    name = f"Fler får ett möte i tid ({width})"

    # From nothing to the first prediction that is saved: one page, at most ten fields.
    page.goto("/utvecklingsarbeten")
    keys.follow("Börja prova")
    looks_right(page, scripts)
    keys.type("problem", "Den som söker får vänta i veckor.")
    keys.type("what", name)
    keys.type("start", "44 procent")
    keys.type("goal", "80 procent")
    keys.type("by", "2026-12-31")
    keys.type("test", "Boka i samma samtal")
    keys.type("change", "En handläggare bokar tiden i samtalet.")
    keys.type("prediction", PREDICTION)
    assert len(keys.fields) <= 10
    keys.press("Spara och börja")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Boka i samma samtal")
    cycle = page.url
    (file,) = (one for one in home.glob("improvement_cycles/*/01-*.md") if one.stem in cycle)
    assert PREDICTION in file.read_text(encoding="utf-8")
    looks_right(page, scripts)

    # What the aim hangs on.
    project = f"/utvecklingsarbeten/{file.parent.name}"
    page.goto(project)
    keys.follow("Rita ett påverkansdiagram")
    keys.add("en påverkansfaktor i Påverkansdiagram", "drivers-0-text")
    keys.type("drivers-0-text", "Tiden bokas direkt")
    keys.add("en faktor i Vad det i sin tur beror på", "drivers-0-secondary-0-text")
    keys.type("drivers-0-secondary-0-text", "Lediga tider syns")
    keys.press("Spara som utkast")
    expect(page.get_by_role("heading", name="Så tror vi att vi når målet")).to_be_visible()
    looks_right(page, scripts)

    # What is measured, with twelve weeks from a spreadsheet.
    page.goto(f"{project}/andra?steg=2")
    keys.add("ett mått i Mått", "measures-0-name")
    keys.type("measures-0-name", "I tid")
    keys.type("measures-0-numerator", "Möten i tid")
    keys.type("measures-0-denominator", "Alla möten")
    keys.choose("measures-0-chart", "Andelar")
    keys.press("Spara som utkast")
    page.goto(f"{project}/matt/i-tid/varden")
    looks_right(page, scripts)
    keys.type("pasted", from_excel())
    keys.press("Spara")
    expect(page.locator("svg.plot").first).to_be_attached()
    looks_right(page, scripts)

    # The cycle, one phase at a time.
    page.goto(cycle)
    keys.press("Börja genomföra")
    looks_right(page, scripts)
    keys.follow("Fortsätt till Genomföra")
    keys.choose("as_planned", "Ja")
    keys.type("h_vad_vi_gjorde", "Vi bokade åtta tider.")
    keys.press("Spara som utkast")
    keys.press("Börja studera")
    keys.follow("Fortsätt till Studera")
    keys.type("h_vad_vi_sag", "Fler kom i tid.")
    keys.choose("outcome", "Bekräftad")
    keys.type("h_vad_vi_larde_oss", "Det går att boka direkt.")
    keys.press("Spara som utkast")
    page.goto(f"{cycle.partition('?')[0]}/andra?steg=4")
    keys.choose("decision", "Anpassa")
    keys.type("decision_reason", "Det tog för lång tid i samtalet.")
    keys.press("Spara som utkast")
    expect(page.get_by_text("Cykeln är nu beslutad.")).to_be_visible()
    looks_right(page, scripts)

    # The next one goes on where this one ended, and predicts anew.
    keys.follow("Planera den anpassade cykeln")
    looks_right(page, scripts)
    expect(page.locator('[name="h_forandringen"]')).to_have_value("En handläggare bokar tiden i samtalet.")
    expect(page.locator('[name="prediction-text"]')).to_have_value("")
    keys.type("title", "Boka med färdiga tider")
    keys.type("prediction-text", "Vi tror att det går på två minuter.")
    keys.press("Spara som utkast")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Boka med färdiga tider")
    (second,) = file.parent.glob("02-*.md")
    assert f"follows: {file.parent.name}/{file.stem}" in second.read_text(encoding="utf-8")
    assert PREDICTION in file.read_text(encoding="utf-8")
    assert complaints == []
