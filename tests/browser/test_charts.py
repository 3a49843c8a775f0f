"""Charts in a real browser: no label on another, nothing outside its frame, dark and narrow, and axe finds nothing."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page

from app.config import CHECKOUT
from app.measuring.charts import Chart, analyse
from app.measuring.drawing import Panel, figure, multiples, standalone
from app.measuring.drawing.side_by_side import all_as_picture
from app.measuring.points import Annotation, Better, ChartType, Options, Phase, Point, exclude
from tests.browser.axe import findings
from tests.measuring.series import fractions, month, values

pytestmark = pytest.mark.browser

# Texts of a picture that touch each other, or that leave it.
WRONG = """() => [...document.querySelectorAll('svg.plot')].flatMap((picture) => {
    const frame = picture.getBoundingClientRect();
    if (!frame.width) return [];
    const texts = [...picture.querySelectorAll('text')].map((one) => [one.textContent, one.getBoundingClientRect()]);
    const wrong = [];
    texts.forEach(([text, box], place) => {
        if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.bottom > frame.bottom + 2) wrong.push(text);
        for (const [other, its] of texts.slice(place + 1)) {
            const across = Math.min(box.right, its.right) - Math.max(box.left, its.left);
            const down = Math.min(box.bottom, its.bottom) - Math.max(box.top, its.top);
            if (across > 1 && down > 4) wrong.push(`${text} / ${other}`);
        }
    });
    return wrong;
})"""


def charts() -> Iterator[Chart]:
    """A chart of each sort, with everything that may stand in one."""
    chance = random.Random(3)
    cycles = tuple(Annotation(month(place), f"Cykel {place}: Ny remiss") for place in (8, 8, 9, 14))
    shares = fractions([chance.randrange(3, 20) for _ in range(24)], [chance.randrange(4, 90) + 20 for _ in range(24)])
    options = Options(name="Andel inom tio dagar", target=0.6, better=Better.UP, freeze=12, annotations=cycles)
    yield analyse(shares, ChartType.RUN, options)
    yield analyse(shares, ChartType.P, options)
    days = values(*[round(chance.gauss(40 if place < 12 else 25, 3), 1) for place in range(30)], None, 90)
    phases = (Phase(month(12), "Ny remiss hos alla"),)
    days = exclude(days, {month(20): "Systemet låg nere", month(31): "Ett enda ärende"})
    yield analyse(days, ChartType.I, Options(name="Tid", unit="dagar", target=20, better=Better.DOWN, phases=phases))
    sums = values(*[chance.randrange(-2_500_000, 900_000) for _ in range(14)])
    yield analyse(sums, ChartType.I, Options(name="Resultat", unit="kronor", target=0, better=Better.UP))
    daily = [Point(date(2024, 3, 1) + timedelta(place), chance.randrange(1, 1500)) for place in range(60)]
    yield analyse(daily, ChartType.G, Options(name="Ärenden mellan avbrott"))
    yield analyse(values(*[7] * 24), ChartType.C, Options(name="Lika", unit="samtal"))
    yield analyse(values(5), ChartType.RUN, Options(name="En enda"))
    yield analyse([], ChartType.RUN)


@pytest.fixture(scope="module")
def sheet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page of charts with the site's own style sheet."""
    folder = tmp_path_factory.mktemp("charts")
    (folder / "site.css").write_text((CHECKOUT / "app/static/site.css").read_text(encoding="utf-8"), encoding="utf-8")
    every = list(charts())
    drawn = "".join(f"<section>{figure(one, f'c{place}')}</section>" for place, one in enumerate(every))
    work = "Ett utvecklingsarbete med ett långt namn"
    places = [Panel(name, every[at], work, "#") for name, at in (("Åmål", 1), ("Ale", 1), ("Lysekil", 0))]
    many = f"<section><h2>Kommuner</h2>{multiples(places)}</section>"
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Diagram</title>'
    style = '<link rel="stylesheet" href="site.css">'
    body = f'<body><main><div class="wrap page"><h1>Diagram</h1>{drawn}{many}</div></main></body>'
    (folder / "index.html").write_text(
        f'<!doctype html><html lang="sv"><head>{head}{style}</head>{body}</html>', "utf-8"
    )
    (folder / "one.svg").write_text(standalone(every[0]), encoding="utf-8")
    (folder / "all.svg").write_text(all_as_picture("Andel", places * 2), encoding="utf-8")
    return folder


@pytest.fixture(params=[(1280, "light"), (320, "dark")], ids=str)
def page(request: pytest.FixtureRequest, chromium: Chromium, sheet: Path) -> Iterator[Page]:
    width, scheme = request.param
    opened = chromium.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    opened.goto((sheet / "index.html").as_uri())
    yield opened
    opened.close()


def test_no_label_lies_on_another_and_axe_finds_nothing(page: Page) -> None:
    assert page.evaluate(WRONG) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert findings(page) == []


@pytest.mark.parametrize("name", ["one.svg", "all.svg"])
def test_a_picture_to_take_along_is_drawn_by_a_browser(chromium: Chromium, sheet: Path, name: str) -> None:
    opened = chromium.new_page()
    opened.goto((sheet / name).as_uri())
    assert opened.evaluate("document.documentElement.getBBox().height") > 300
    assert opened.evaluate("document.querySelector('parsererror')") is None
    opened.close()


def test_on_paper_the_table_is_open_and_the_picture_black_on_white(chromium: Chromium, sheet: Path) -> None:
    opened = chromium.new_page(color_scheme="dark", viewport={"width": 794, "height": 1123})
    opened.emulate_media(media="print", color_scheme="dark")
    opened.goto((sheet / "index.html").as_uri())
    colour = "getComputedStyle(document.querySelector('.plot .quiet')).fill"
    assert opened.evaluate(colour) == "rgb(77, 90, 96)"
    assert opened.evaluate("document.querySelector('.chart tbody td').getBoundingClientRect().height") > 0
    opened.close()
