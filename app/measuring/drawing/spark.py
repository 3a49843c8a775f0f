"""The shape of a series, as small as a word: what goes beside a measure's name in a list of many.

Decoration, without title or figures: the sentence beside it says what it shows, and the chart has the values.
"""

from __future__ import annotations

from markupsafe import Markup

from app.measuring.charts import Chart
from app.measuring.drawing.elements import element, empty, place, together
from app.measuring.drawing.scales import along, joined
from app.measuring.judging import State

WIDTH, HEIGHT = 132, 36
EDGE = 4
# More than so many cannot be told from each other at this size; the last ones are drawn.
MOST = 60


def spark(chart: Chart) -> Markup:
    """The curve, the line that it is judged by, and a dot where it is now. Small groups are not drawn."""
    where, first = along(chart), max(0, len(chart.marks) - MOST)
    marks = chart.marks[first:]
    heights = [one for mark in marks for one in (mark.value, mark.centre) if one is not None]
    if not any(mark.value is not None and mark.state is State.SHOWN for mark in marks):
        return Markup("")
    low, high = min(heights), max(heights)
    start, end = where.places[first], where.places[-1]

    def x(number: int) -> float:
        return EDGE + (WIDTH - 2 * EDGE) * (where.places[number] - start) / ((end - start) or 1)

    def y(value: float) -> float:
        return HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * ((value - low) / (high - low) if high > low else 0.5)

    curve, centre, last = "", "", Markup("")
    for number, mark in enumerate(marks, first):
        if mark.centre is not None:
            before = number > first and chart.marks[number - 1].centre is not None
            centre += f"{'L' if before else 'M'}{place(x(number))} {place(y(mark.centre))}"
        if mark.value is not None and mark.state is State.SHOWN:
            on = number > first and joined(chart, where, number)
            curve += f"{'L' if on else 'M'}{place(x(number))} {place(y(mark.value))}"
            last = empty("circle", cx=x(number), cy=y(mark.value), r="3")
    line = {"fill": "none", "stroke": "currentColor"}
    parts = (
        empty("path", class_="centre", d=centre, stroke_dasharray="3 3", **line) if centre else Markup(""),
        empty("path", class_="curve", d=curve, stroke_width="1.5", **line),
        last,
    )
    return element(
        "svg",
        together(parts),
        class_="spark",
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        width=str(WIDTH),
        height=str(HEIGHT),
        aria_hidden="true",
        fill="currentColor",
    )
