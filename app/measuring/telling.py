"""A chart as plain structures and as text, for programs and for the command line."""

from __future__ import annotations

from typing import Any

from app.measuring.charts import Chart, Mark
from app.measuring.icons import icons
from app.measuring.sentence import sentence, stretch_rules
from app.measuring.wording import Scale, cadence, day_words


def as_json(chart: Chart) -> dict[str, Any]:
    """Everything that the chart shows. The figures of the rules are those of the phase that goes on."""
    runs, told = chart.now.runs, icons(chart)
    return {
        "type": str(chart.kind),
        "points": [_point(mark) for mark in chart.marks],
        "n_useful": runs.n_useful,
        "longest_run": runs.longest_run,
        "longest_run_max": runs.longest_run_max,
        "crossings": runs.crossings,
        "crossings_min": runs.crossings_min,
        "signal": chart.signal,
        "sentence": sentence(chart),
        "variation": told.variation,
        "assurance": told.assurance,
        "preliminary": chart.kind.has_limits and chart.now.preliminary,
        "remarks": list(chart.remarks),
    }


def as_text(chart: Chart) -> str:
    """The sentence, the rules, what to know of the points, and a line for each."""
    every, scale = cadence([mark.on for mark in chart.marks]), Scale(chart)
    found = [
        f"{chart.options.name}. {chart.kind.swedish}.",
        "",
        sentence(chart),
        stretch_rules(chart.now),
        *chart.remarks,
    ]
    rows = [("", "värde", "mitt", "undre", "övre", "")]
    for mark in chart.marks:
        figures = (mark.value, mark.centre, mark.lower, mark.upper)
        shown = ["–" if one is None else scale.figure(one) for one in figures]
        rows.append((day_words(mark.on, every), shown[0], shown[1], shown[2], shown[3], said_of(mark)))
    widths = [max(len(row[place]) for row in rows) for place in range(6)]
    for row in rows:
        cells = [row[0].ljust(widths[0]), *(row[place].rjust(widths[place]) for place in range(1, 5)), row[5]]
        found.append("  ".join(cells).rstrip())
    return "\n".join(line for place, line in enumerate(found) if line or place == 1)


def said_of(mark: Mark) -> str:
    """What is said of a point in words: its state, and the rules that it breaks."""
    state = f"{mark.state.swedish}: {mark.reason.strip()}" if mark.reason.strip() else mark.state.swedish
    words = [state, "utanför gränserna" if mark.outside else ""]
    if any(signal == "long_run" for signal in mark.signals):
        words.append("i en ovanligt lång serie")
    return ", ".join(word for word in words if word)


def _point(mark: Mark) -> dict[str, Any]:
    point: dict[str, Any] = {
        "date": mark.on.isoformat(),
        "value": mark.value,
        "centre": mark.centre,
        "lower": mark.lower,
        "upper": mark.upper,
        "signals": [str(signal) for signal in mark.signals],
        "state": str(mark.state),
        "reason": mark.reason,
    }
    return point
