"""One chart as a picture (SVG): points, lines and words beside them. Colours and thickness can be changed by the
style sheet;
without one it is black on white. What a point means is told by its shape as well as its colour.
"""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from app.measuring.charts import Chart, Mark, Signal
from app.measuring.drawing.elements import element, empty, path, place, together, width_of
from app.measuring.drawing.frame import FONT, ROW, WIDE, Frame, Size, flags
from app.measuring.drawing.scales import Along, Upwards, joined, spread
from app.measuring.judging import State
from app.measuring.sentence import sentence
from app.measuring.wording import Scale, cadence, day_words, points_word


def plot(
    chart: Chart,
    size: Size = WIDE,
    key: str = "chart",
    scale: Upwards | None = None,
    words: tuple[str, str] | None = None,
    where: Along | None = None,
) -> Markup:
    """The picture. ``key`` begins the ids of its title and description; ``scale`` and ``where`` are what several
    pictures share.

    ``words``: title and description, where they have been put together already.
    """
    return _Plot(chart, size, key, scale, where).drawn(*(words or (title_of(chart), description_of(chart))))


def title_of(chart: Chart) -> str:
    """What the picture is of: the measure and the time."""
    if not chart.marks:
        return chart.options.name
    every = cadence([mark.on for mark in chart.marks])
    first, last = (day_words(chart.marks[one].on, every) for one in (0, -1))
    return f"{chart.options.name}, {first}" + ("" if first == last else f" till {last}")


def description_of(chart: Chart) -> str:
    """What the picture shows, in words, for those who do not see it."""
    scale, last = Scale(chart), chart.now.counted[-1] if chart.now.counted else None
    said = [f"{chart.kind.swedish} med {points_word(sum(mark.value is not None for mark in chart.marks))}."]
    if last and last.centre is not None:
        said.append(f"{_line_name(chart)} är {scale.words(last.centre)}.")
    if last and last.lower is not None and last.upper is not None:
        said.append(f"Gränserna är {scale.figure(last.lower)} och {scale.words(last.upper)}.")
    if chart.options.target is not None:
        said.append(f"Målet är {scale.words(float(chart.options.target))}.")
    said += [f"{number}: {flag.text}." for number, flag in enumerate(flags(chart), 1)]
    return " ".join([*said, sentence(chart), "Alla värden finns i tabellen."])


def _line_name(chart: Chart) -> str:
    return "Medianen" if chart.kind.centre_is_median else "Medelvärdet"


class _Plot(Frame):
    """Draws one chart."""

    def drawn(self, title: str, description: str) -> Markup:
        size, key = self.size, self.key
        return element(
            "svg",
            element("title", title, id=f"{key}-t"),
            element("desc", description, id=f"{key}-d"),
            self.grid(),
            self.days(),
            self.baseline(),
            self.flagged(),
            self._lines(),
            self._curve(),
            self._marks(),
            self._labels(),
            xmlns="http://www.w3.org/2000/svg",
            class_="plot",
            viewBox=f"0 0 {size.width} {size.height}",
            width=str(size.width),
            height=str(size.height),
            overflow="visible",
            role="img",
            aria_labelledby=f"{key}-t {key}-d",
            font_family=FONT,
            font_size="14",
            fill="currentColor",
        )

    def _lines(self) -> Markup:
        """Centre lines, limits and the target, each stretch with its own; limits of groups that differ go in steps."""
        parts = []
        start = 0
        for stretch in self.chart.stretches:
            edges = self._edges(start, len(stretch.marks))
            for name, dashes, thick in (("lower", "6 4", "1.25"), ("upper", "6 4", "1.25"), ("centre", None, "2")):
                drawn = self._stepped([getattr(mark, name) for mark in stretch.marks], edges)
                if drawn:
                    kind = "centre" if name == "centre" else "limit"
                    parts.append(empty("path", class_=kind, d=drawn, stroke_dasharray=dashes, stroke_width=thick))
            start += len(stretch.marks)
        if self.chart.options.target is not None:
            y = self.y(float(self.chart.options.target))
            line = f"M{place(self.left)} {place(y)}H{place(self.right)}"
            parts.append(empty("path", class_="target", d=line, stroke_dasharray="10 3 2 3", stroke_width="2"))
        return element("g", *parts, fill="none", stroke="currentColor")

    def _edges(self, start: int, many: int) -> list[tuple[float, float]]:
        """From where to where each mark of a stretch has its part of the lines."""
        xs = self.xs
        half = 8.0 if len(xs) < 2 else min(8.0, (xs[-1] - xs[0]) / (len(xs) - 1) / 2)
        found = []
        for one in range(start, start + many):
            left = (xs[one - 1] + xs[one]) / 2 if one > start else xs[one] - half
            right = (xs[one] + xs[one + 1]) / 2 if one < start + many - 1 else xs[one] + half
            found.append((left, right))
        return found

    def _stepped(self, heights: Sequence[float | None], edges: Sequence[tuple[float, float]]) -> str:
        drawn, before = [], None
        for height, (left, right) in zip(heights, edges, strict=True):
            if height is not None and height == before:
                drawn[-1] = f"H{place(right)}"
            elif height is not None:
                y = place(self.y(height))
                drawn.append(f"M{place(left)} {y}" if before is None else f"V{y}")
                drawn.append(f"H{place(right)}")
            before = height
        return "".join(drawn)

    def _curve(self) -> Markup:
        """The line from point to point, with holes where something is missing."""
        parts: list[list[tuple[float, float]]] = []
        begins = {0}
        for stretch in self.chart.stretches:
            begins.add(max(begins) + len(stretch.marks))
        for one, mark in enumerate(self.chart.marks):
            if mark.value is None or mark.state is not State.SHOWN:
                continue
            at = (self.xs[one], self.y(mark.value))
            if parts and one not in begins and joined(self.chart, self.where, one):
                parts[-1].append(at)
            else:
                parts.append([at])
        drawn = "".join(path(part) for part in parts if len(part) > 1)
        if not drawn:
            return Markup("")
        return empty("path", class_="curve", d=drawn, fill="none", stroke="#76848b", stroke_width="1.5")

    def _marks(self) -> Markup:
        """The points: circles; a diamond in a long run, a triangle outside the limits, a cross where excluded."""
        shapes: dict[str, list[Markup]] = {"dots": [], "run": [], "out": [], "excluded": []}
        r = self.size.dot
        for one, mark in enumerate(self.chart.marks):
            if mark.value is None:
                continue
            x, y = self.xs[one], self.y(mark.value)
            if mark.state is State.EXCLUDED:
                d = path([(x - r, y - r), (x + r, y + r)]) + path([(x + r, y - r), (x - r, y + r)])
                shapes["excluded"].append(empty("path", d=d))
            elif mark.outside:
                shapes["out"].append(self._triangle(x, y, r * 1.7, mark))
            elif Signal.LONG_RUN in mark.signals:
                s = r * 1.5
                d = f"M{place(x)} {place(y - s)}l{place(s)} {place(s)}l{place(-s)} {place(s)}l{place(-s)} {place(-s)}z"
                shapes["run"].append(empty("path", d=d))
            else:
                # Most points are such, and numbers need no escaping.
                shapes["dots"].append(Markup(f'<circle cx="{place(x)}" cy="{place(y)}" r="{r}"/>'))  # noqa: S704
        looks = {
            "dots": {"fill": "#fff", "stroke": "currentColor", "stroke_width": "2"},
            "run": {"fill": "currentColor", "stroke": "#fff"},
            "out": {"fill": "currentColor", "stroke": "#fff"},
            "excluded": {"fill": "none", "stroke": "currentColor", "stroke_width": "2"},
        }
        return together(element("g", *drawn, class_=name, **looks[name]) for name, drawn in shapes.items() if drawn)

    def _triangle(self, x: float, y: float, s: float, mark: Mark) -> Markup:
        """A triangle that points away from the middle."""
        up = mark.centre is None or mark.value is None or mark.value >= mark.centre
        way = -1 if up else 1
        return empty("path", d=f"M{place(x)} {place(y + way * s)}l{place(s)} {place(-way * 1.8 * s)}h{place(-2 * s)}z")

    def _labels(self) -> Markup:
        return self._labels_beside() if self.size.beside else self._labels_above()

    def _labels_beside(self) -> Markup:
        words = self.beside
        wanted = [self.y(height) for _, height, _ in words]
        placed = spread(wanted, ROW, self.top + 2, self.bottom)
        parts = []
        for (text, _, kind), y, moved in zip(words, wanted, placed, strict=True):
            if abs(moved - y) > 4:
                line = path([(self.right, y), (self.right + 8, moved)])
                parts.append(empty("path", class_="lead", d=line, fill="none", stroke="#76848b"))
            weight = None if kind == "quiet" else "600"
            parts.append(element("text", text, class_=kind, x=self.right + 11, y=moved + 5, font_weight=weight))
        return together(parts)

    def _labels_above(self) -> Markup:
        parts = []
        dashes = {"centre": None, "limit": "6 4", "target": "10 3 2 3"}
        for row, words in enumerate(self.key_lines):
            x, y = 0.0, self.unit_room + ROW * row + 4.0
            for text, kind in words:
                line = f"M{place(x)} {place(y)}h24"
                look = {"stroke": "currentColor", "stroke_width": "2", "stroke_dasharray": dashes[kind]}
                parts.append(empty("path", class_=kind, d=line, fill="none", **look))
                parts.append(element("text", text, x=x + 30, y=y + 5))
                x += width_of(text) + 44
        return together(parts)
