"""A chart as files to take along: a picture that needs no style sheet, and a table that a Swedish Excel opens."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from fractions import Fraction

from markupsafe import Markup

from app.measuring.charts import Chart, Mark
from app.measuring.drawing.elements import element, empty, shortened, together
from app.measuring.drawing.frame import FONT, WIDE, flags
from app.measuring.drawing.plot import plot
from app.measuring.judging import State
from app.measuring.sentence import conclude, stretch_rules
from app.measuring.telling import said_of
from app.measuring.wording import cadence, day_words

INK, PAPER = "#1b2326", "#fff"
_ROW, MARGIN = 20, 18
# About so many letters of size 14 have room in a row.
_LETTERS = 100
# What spreadsheets take for the beginning of a formula.
_FORMULA = "=+-@\t\r"


def standalone(chart: Chart) -> str:
    """The picture with its title, its conclusion and what the flags stand for, black on white: for documents and
    slides.
    """
    told = conclude(chart)
    every = cadence([mark.on for mark in chart.marks])
    above = wrapped(f"{told.finding} {told.aim}".strip())
    happened = [
        f"{number}. {day_words(flag.on, every).capitalize()}: {flag.text}"
        for number, flag in enumerate(flags(chart), 1)
    ]
    below = [*happened, *wrapped(told.beside), *wrapped(stretch_rules(chart.now))]
    top = MARGIN + 34 + _ROW * len(above)
    width, height = WIDE.width + 2 * MARGIN, top + WIDE.height + 14 + _ROW * len(below) + MARGIN
    placed = element("g", plot(chart, WIDE, "chart"), transform=f"translate({MARGIN} {top})")
    drawn = element(
        "svg",
        empty("rect", width=str(width), height=str(height), fill=PAPER),
        element(
            "text",
            shortened(chart.options.name, WIDE.width, 18),
            x=str(MARGIN),
            y=str(MARGIN + 14),
            font_size="18",
            font_weight="700",
        ),
        _rows(above, MARGIN + 40),
        placed,
        _rows(below, top + WIDE.height + 24),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width} {height}",
        width=str(width),
        height=str(height),
        color=INK,
        fill=INK,
        font_family=FONT,
        font_size="14",
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{drawn}\n'


def _rows(texts: list[str], first: int) -> Markup:
    return together(element("text", text, x=str(MARGIN), y=str(first + _ROW * row)) for row, text in enumerate(texts))


def wrapped(text: str, letters: int = _LETTERS) -> list[str]:
    """The text in rows that have room."""
    rows: list[str] = []
    for word in text.split(" "):
        if rows and len(rows[-1]) + len(word) < letters:
            rows[-1] += f" {word}"
        elif word:
            rows.append(word)
    return rows


def as_csv(chart: Chart) -> bytes:
    """A row for each point: semicolons, decimal commas and a mark of UTF-8. It can be read back."""
    pairs = any(mark.denominator is not None for mark in chart.marks)
    names = ("täljare", "nämnare") if pairs else ("värde",)
    into = io.StringIO()
    writer = csv.writer(into, delimiter=";", lineterminator="\r\n")
    writer.writerow(["datum", *names, "mittlinje", "undre gräns", "övre gräns", "upplysning", "anteckning", "cykel"])
    for mark in chart.marks:
        figures, told = figures_of(mark, (mark.numerator, mark.denominator) if pairs else (mark.value,))
        writer.writerow([mark.on.isoformat(), *figures, *told])
    return into.getvalue().encode("utf-8-sig")


def figures_of(mark: Mark, values: Sequence[Fraction | float | None]) -> tuple[list[str], list[str]]:
    """The figures of a point and of its lines as a table has them, and what is told of it: nothing of small groups."""
    numbers = (*values, mark.centre, mark.lower, mark.upper)
    figures = [_figure(None if one is None or _hidden(mark) else float(one)) for one in numbers]
    return figures, [harmless(text) for text in (said_of(mark), mark.note, mark.cycle)]


def _hidden(mark: Mark) -> bool:
    return mark.state is State.SUPPRESSED


def _figure(value: float | None) -> str:
    """A number that Swedish programs read, without digits that mean nothing."""
    if value is None:
        return ""
    text = f"{value:.6f}".rstrip("0").rstrip(".")
    return ("0" if text == "-0" else text).replace(".", ",")


def harmless(text: str) -> str:
    """A text on one line that no spreadsheet takes for a formula."""
    flat = " ".join(text.split())
    return f"'{flat}" if flat.startswith(tuple(_FORMULA)) else flat
