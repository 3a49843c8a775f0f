"""The frame of a picture: how large it is, where days and values lie in it, and what stands around the points."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from app.measuring.charts import Chart
from app.measuring.drawing.elements import element, empty, path, place, shortened, together, width_of
from app.measuring.drawing.scales import Along, Upwards, along, spread, step_of, tick_words, upwards
from app.measuring.judging import State
from app.measuring.wording import Scale

FONT = "'Source Sans 3', 'Segoe UI', system-ui, sans-serif"
ROW, _SMALL = 17, 13.5
_SHORT = 10


@dataclass(frozen=True)
class Size:
    """How large a picture is, and whether there is room for labels beside it."""

    width: int
    height: int
    beside: bool
    dot: float


WIDE = Size(744, 330, beside=True, dot=4.5)
NARROW = Size(330, 290, beside=False, dot=3.6)
PANEL = Size(300, 160, beside=False, dot=2.8)


@dataclass(frozen=True)
class Flag:
    """Something that happened on a day: a cycle that began, or a new phase."""

    on: date
    text: str
    phase: bool = False


def flags(chart: Chart) -> list[Flag]:
    """What is flagged in the picture and told below it, by day."""
    told = [Flag(one.on, one.text) for one in chart.options.annotations]
    told += [Flag(one.phase.begins, one.phase.note, phase=True) for one in chart.stretches if one.phase]
    return sorted(told, key=lambda flag: flag.on)


class Frame:
    """What is around the points of one chart."""

    def __init__(
        self, chart: Chart, size: Size, key: str, scale: Upwards | None = None, where: Along | None = None
    ) -> None:
        self.chart, self.size, self.key = chart, size, key
        self.words, self.up, self.where = Scale(chart), scale or upwards([chart], 5), where or along(chart)
        self.flags = flags(chart) if size is not PANEL else []
        self.figures = [self.words.figure(tick, self.up.decimals) for tick in self.up.ticks]
        if size is PANEL and self.words.share:
            self.figures[-1] += "\u00a0%"
        self.key_lines = [] if size.beside or size is PANEL else self._key_lines()
        self._lay_out()

    def _lay_out(self) -> None:
        size = self.size
        self.beside = beside = self._beside()
        self.left = max(width_of(one, _SMALL) for one in self.figures) + 12
        # Words in bold are wider.
        widest = max((width_of(text) * (1 if kind == "quiet" else 1.1) for text, _, kind in beside), default=0)
        self.right = size.width - (widest + 18 if size.beside else 14)
        self.unit_room = 26 if self.words.unit and size is not PANEL else 10
        self.key_room = ROW * len(self.key_lines) + (8 if self.key_lines else 0)
        self.flag_room = 28 if self.flags else 0
        self.top = float(self.unit_room + self.key_room + self.flag_room)
        self.bottom = float(size.height - (44 if size is not PANEL else 26))
        # A picture asks for some hundred heights.
        self.low = self.up.low
        self.steepness = (self.bottom - self.top) / (self.up.high - self.up.low)
        self.xs = [self.x(step) for step in self.where.places]

    def said(self, value: float) -> str:
        """A value beside the picture: with its unit where that is short; it stands above the figures anyway."""
        figure = self.words.figure(value)
        return self.words.words(value) if len(figure) + len(self.words.unit) <= _SHORT else figure

    def x(self, step: float) -> float:
        room = 8 if self.size is not PANEL else 5
        return self.left + room + (self.right - self.left - 2 * room) * step / self.where.last

    def y(self, value: float) -> float:
        return self.bottom - (value - self.low) * self.steepness

    def grid(self) -> Markup:
        lines = together(
            empty("path", d=f"M{place(self.left)} {place(self.y(tick))}H{place(self.right)}") for tick in self.up.ticks
        )
        shown = list(zip(self.up.ticks, self.figures, strict=True))
        if self.size is PANEL:
            shown = [shown[0], shown[-1]]
        figures = together(element("text", figure, x=self.left - 7, y=self.y(tick) + 4.5) for tick, figure in shown)
        unit = Markup("")
        if self.words.unit and self.size is not PANEL:
            unit = element("text", self.words.unit, class_="quiet", x="0", y="13", font_size="13.5")
        return together(
            (
                element("g", lines, class_="grid", fill="none", stroke="#d5dcdf"),
                element("g", figures, class_="quiet", text_anchor="end", font_size="13.5"),
                unit,
            )
        )

    def days(self) -> Markup:
        """The days along the bottom: as many as there is room for, the year where it is new."""
        if not self.chart.marks:
            return Markup("")
        if self.size is PANEL:
            return self._first_and_last_day()
        every, shown, year_before, free = self.where.every, [], "", -100.0
        marks = self.chart.marks
        for one in range(0, len(marks), self._apart()):
            word, year = tick_words(marks[one].on, every)
            x, half = self.xs[one], width_of(word, _SMALL) / 2
            if x - half < free:
                continue
            shown.append(element("text", word, x=x, y=self.bottom + 20, text_anchor="middle"))
            if year != year_before:
                shown.append(element("text", year, x=x, y=self.bottom + 37, text_anchor="middle"))
            year_before, free = year, x + half + 10
        return element("g", *shown, class_="quiet", font_size="13.5")

    def _first_and_last_day(self) -> Markup:
        """Where there is little room: what the axis begins and ends with."""
        marks, ends = self.chart.marks, self.where.ends
        if ends:
            shown = [(0.0, ends[0]), (self.where.last, ends[1])]
        else:
            shown = [(self.where.places[one], marks[one].on) for one in (0, -1)]
        words = [" ".join(tick_words(day, self.where.every)).strip() for _, day in shown]
        same = len(marks) == 1 if ends is None else ends[0] == ends[1]
        parts = [
            element("text", word, x=self.x(step), y=self.bottom + 20, text_anchor=anchor)
            for (step, _), word, anchor in zip(shown, words, ("start", "end"), strict=True)
        ]
        return element("g", *(parts[:1] if same else parts), class_="quiet", font_size="13.5")

    def _apart(self) -> int:
        """Every how manieth mark has its day written: a number that suits the calendar."""
        marks = self.chart.marks
        longest = max((tick_words(mark.on, self.where.every)[0] for mark in marks), key=len)
        widest = width_of(longest, _SMALL) + 14
        room = max(1, (self.right - self.left) // max(widest, 34))
        return next((one for one in (1, 2, 3, 4, 6, 12, 24, 48) if len(marks) / one <= room), len(marks))

    def baseline(self) -> Markup:
        """A band behind the points that alone make the lines."""
        bands = []
        start = 0
        for stretch in self.chart.stretches:
            before, start = start, start + len(stretch.marks)
            if stretch.freeze and len(stretch.base) >= 2 and self.size is not PANEL:
                first, last = before + stretch.base[0], before + stretch.base[-1]
                left, right = self.x(self.where.places[first]) - 8, self.x(self.where.places[last]) + 8
                corner = {"x": left, "y": self.top, "width": right - left, "height": self.bottom - self.top}
                bands.append(empty("rect", class_="band", fill="#eef1f2", **corner))
                if right - left > width_of("Baslinje", _SMALL) + 8:
                    bands.append(
                        element("text", "Baslinje", class_="quiet", x=left + 5, y=self.bottom - 6, font_size="13.5")
                    )
        return together(bands)

    def flagged(self) -> Markup:
        """Numbered flags above the days when something happened, no nearer to each other than can be read."""
        if not self.flags or not self.chart.marks:
            return Markup("")
        at = [self._x_of(flag.on) for flag in self.flags]
        row = self.unit_room + self.key_room + 12.0
        placed = spread(at, 23, self.left + 10, self.right - 4)
        parts = []
        for number, (flag, x, moved) in enumerate(zip(self.flags, at, placed, strict=True), 1):
            line = path([(moved, row + 10), (x, self.top), (x, self.bottom)])
            parts.append(
                empty("path", class_="start", d=line, fill="none", stroke="currentColor", stroke_dasharray="2 4")
            )
            shape = (
                empty("rect", class_="flag", x=moved - 10, y=row - 10, width="20", height="20", rx="3")
                if flag.phase
                else empty("circle", class_="flag", cx=moved, cy=row, r="10")
            )
            parts.append(shape)
            look = {"text_anchor": "middle", "font_weight": "700", "fill": "#fff"}
            parts.append(element("text", str(number), class_="on", x=moved, y=row + 5, **look))
        return together(parts)

    def _x_of(self, day: date) -> float:
        """Where a day lies, also between marks."""
        marks = self.chart.marks
        if not self.where.even:
            steps = step_of(day, self.where.every) - step_of(marks[0].on, self.where.every)
            return self.x(min(max(float(steps), 0), self.where.last))
        after = sum(mark.on < day for mark in marks)
        return self.x(self.where.places[min(after, len(marks) - 1)])

    def _beside(self) -> list[tuple[str, float, str]]:
        """The words beside the lines: what, at which height, and the class."""
        if not self.size.beside or not self.chart.marks:
            return []
        last = self.chart.marks[-1]
        shown = [mark for mark in self.chart.marks if mark.value is not None and mark.state is State.SHOWN]
        label = "Median" if self.chart.kind.centre_is_median else "Medel"
        found = []
        lines = (
            ("Övre gräns", last.upper, "quiet"),
            (label, last.centre, "strong"),
            ("Undre gräns", last.lower, "quiet"),
        )
        for word, height, kind in lines:
            if height is not None and not (kind == "quiet" and last.lower == last.upper):
                found.append((f"{word} {self.said(height)}", height, kind))
        if self.chart.options.target is not None:
            target = float(self.chart.options.target)
            found.append((f"Mål {self.said(target)}", target, "goal"))
        if shown and shown[-1] is last and shown[-1].value is not None:
            found.append((f"Nu {self.said(shown[-1].value)}", shown[-1].value, "now"))
        return [(shortened(text, 190), height, kind) for text, height, kind in found]

    def _key_lines(self) -> list[list[tuple[str, str]]]:
        """Where there is no room beside: what the lines are, above the picture, in as many rows as it takes."""
        if not self.chart.marks:
            return []
        last, label = self.chart.marks[-1], "Median" if self.chart.kind.centre_is_median else "Medel"
        words = [] if last.centre is None else [(f"{label} {self.said(last.centre)}", "centre")]
        if last.lower is not None and last.upper is not None and last.lower != last.upper:
            words.append((f"Gränser {self.words.figure(last.lower)}–{self.said(last.upper)}", "limit"))
        if self.chart.options.target is not None:
            words.append((f"Mål {self.said(float(self.chart.options.target))}", "target"))
        rows: list[list[tuple[str, str]]] = []
        used = 0.0
        for word in words:
            wide = width_of(word[0]) + 44
            if not rows or used + wide > self.size.width:
                rows.append([])
                used = 0.0
            rows[-1].append(word)
            used += wide
        return rows
