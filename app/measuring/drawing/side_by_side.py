"""The same measure in many places: small pictures beside each other on the same axes, and files of them all.

In the order of the alphabet, and never by value: it is no ranking.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from app.measuring.charts import Chart, Signal
from app.measuring.drawing.elements import element, empty, shortened
from app.measuring.drawing.figure import table
from app.measuring.drawing.files import INK, MARGIN, PAPER, figures_of, harmless, wrapped
from app.measuring.drawing.frame import FONT, PANEL
from app.measuring.drawing.plot import plot
from app.measuring.drawing.scales import along_together, upwards
from app.measuring.judging import State
from app.measuring.sentence import conclude

# In a file to take along: so many beside each other, so far apart, and so many letters of size 12 in a row.
_BESIDE, _APART, _LETTERS, _ROW = 3, 24, 50, 15


@dataclass(frozen=True)
class Panel:
    """One place's chart. ``work`` is what it is measured in, at ``address``."""

    place: str
    chart: Chart
    work: str = ""
    address: str = ""

    @property
    def named(self) -> Chart:
        """The chart, named with its place."""
        options = self.chart.options
        return replace(self.chart, options=replace(options, name=f"{self.place}: {options.name}"))

    @property
    def finding(self) -> str:
        """What its values say, and which do not count."""
        told = conclude(self.chart)
        return " ".join(part for part in (told.finding, told.excluded) if part)


def multiples(panels: Sequence[Panel], key: str = "multiples") -> Markup:
    """The pictures on one scale up the side and the same days along the bottom, each with its words and its table."""
    ordered = in_order(panels)
    shown = []
    for panel, drawn in zip(ordered, _drawn(ordered, key), strict=True):
        link = element("a", panel.work, href=panel.address) if panel.address else Markup("")
        shown.append(
            element(
                "li",
                element("h3", panel.place),
                element("p", link, class_="note"),
                drawn,
                element("p", panel.finding, class_="note"),
                table(panel.named),
            )
        )
    return element("ul", *shown, class_="multiples")


def _drawn(ordered: Sequence[Panel], key: str) -> list[Markup]:
    charts = [panel.named for panel in ordered]
    shared = upwards(charts, 3) if charts else None
    return [
        plot(chart, PANEL, f"{key}-{number}", shared, where=where)
        for number, (chart, where) in enumerate(zip(charts, along_together(charts), strict=True))
    ]


def in_order(panels: Iterable[Panel]) -> list[Panel]:
    """By place, and by what it is measured in."""
    return sorted(panels, key=lambda panel: (_swedish_order(panel.place), _swedish_order(panel.work)))


def legend(panels: Sequence[Panel]) -> str:
    """What the lines and the shapes are, for pictures that have no room for it."""
    charts = [panel.chart for panel in panels]
    middle = "medianen" if any(chart.kind.centre_is_median for chart in charts) else "medelvärdet"
    unit = charts[0].options.unit.strip() if charts else ""
    said = [f"Skalan är i {unit}."] if unit else []
    said.append(f"Heldragen linje: {middle}.")
    if any(chart.kind.has_limits for chart in charts):
        said.append("Streckade linjer: gränserna.")
    if any(chart.options.target is not None for chart in charts):
        said.append("Streckprickad linje: målet.")
    marks = [mark for chart in charts for mark in chart.marks]
    shapes = (
        ("Romber: en ovanligt lång serie.", any(Signal.LONG_RUN in mark.signals for mark in marks)),
        ("Trianglar: utanför gränserna.", any(mark.outside for mark in marks)),
        ("Kryss: undantagna.", any(mark.state is State.EXCLUDED for mark in marks)),
    )
    return " ".join([*said, *(words for words, there in shapes if there)])


def all_as_picture(title: str, panels: Sequence[Panel], remark: str = "") -> str:
    """The pictures as a file that needs no style sheet, each with its place and its words. ``remark`` is above them."""
    ordered = in_order(panels)
    drawn = _drawn(ordered, "chart")
    above = [*wrapped(remark), *wrapped(legend(ordered))]
    width = 2 * MARGIN + _BESIDE * PANEL.width + (_BESIDE - 1) * _APART
    top = MARGIN + 34.0 + 20 * len(above)
    parts = []
    for first in range(0, len(ordered), _BESIDE):
        row = range(first, min(first + _BESIDE, len(ordered)))
        texts = [wrapped(ordered[one].finding, _LETTERS) for one in row]
        for column, (one, text) in enumerate(zip(row, texts, strict=True)):
            parts.append(_cell(ordered[one], drawn[one], text, MARGIN + column * (PANEL.width + _APART), top))
        top += 46 + PANEL.height + _ROW * max(map(len, texts)) + _APART
    height = top + MARGIN
    picture = element(
        "svg",
        empty("rect", width=str(width), height=f"{height:g}", fill=PAPER),
        element(
            "text", shortened(title, width - 2 * MARGIN, 18), x=str(MARGIN), y="32", font_size="18", font_weight="700"
        ),
        *(element("text", text, x=str(MARGIN), y=str(56 + 20 * row)) for row, text in enumerate(above)),
        *parts,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width} {height:g}",
        width=str(width),
        height=f"{height:g}",
        color=INK,
        fill=INK,
        font_family=FONT,
        font_size="14",
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{picture}\n'


def _cell(panel: Panel, drawn: Markup, text: Sequence[str], left: float, top: float) -> Markup:
    """A place, what it is measured in, the picture, and what it says."""
    below = top + 46 + PANEL.height
    return element(
        "g",
        element("text", shortened(panel.place, PANEL.width, 16), x=left, y=top + 16, font_size="16", font_weight="700"),
        element("text", shortened(panel.work, PANEL.width, 12), x=left, y=top + 34, font_size="12"),
        element("g", drawn, transform=f"translate({left:g} {top + 42:g})"),
        *(element("text", line, x=left, y=below + _ROW * row + 8, font_size="12") for row, line in enumerate(text)),
    )


_HEADINGS = (
    *("plats", "utvecklingsarbete", "datum", "värde", "täljare", "nämnare", "mittlinje", "undre gräns", "övre gräns"),
    *("upplysning", "anteckning"),
)


def all_as_csv(panels: Sequence[Panel]) -> bytes:
    """A row for each point of each place, as ``as_csv`` writes those of one."""
    into = io.StringIO()
    writer = csv.writer(into, delimiter=";", lineterminator="\r\n")
    writer.writerow(_HEADINGS)
    for panel in in_order(panels):
        for row in _rows(panel):
            writer.writerow(row)
    return into.getvalue().encode("utf-8-sig")


def _rows(panel: Panel) -> Iterator[list[str]]:
    names = [harmless(panel.place), harmless(panel.work)]
    for mark in panel.chart.marks:
        figures, told = figures_of(mark, (mark.value, mark.numerator, mark.denominator))
        yield [*names, mark.on.isoformat(), *figures, *told[:2]]


def _swedish_order(name: str) -> str:
    """A name as it is put in the order of the Swedish alphabet."""
    return name.lower().translate(str.maketrans("åäöéü", "{|}ey"))
