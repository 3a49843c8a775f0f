"""Numbers, days and shares as the screen says them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from functools import lru_cache
from math import floor, log10

from app.measuring.charts import Chart
from app.measuring.points import ChartType

MONTHS = (
    *("januari", "februari", "mars", "april", "maj", "juni"),
    *("juli", "augusti", "september", "oktober", "november", "december"),
)
SHORT_MONTHS = ("jan", "feb", "mars", "apr", "maj", "juni", "juli", "aug", "sep", "okt", "nov", "dec")
NO_BREAK = "\u00a0"
MINUS = "\u2212"


class Cadence(StrEnum):
    """How often is measured, as far as the days tell."""

    YEAR = "year"
    QUARTER = "quarter"
    MONTH = "month"
    WEEK = "week"
    DAY = "day"


def cadence(days: Sequence[date]) -> Cadence:
    """What the days are: first days of years, quarters or months, Mondays, or just days."""
    if len(set(days)) < 2:
        return Cadence.DAY
    if all(day.day == 1 for day in days):
        months = {day.month for day in days}
        if months == {1}:
            return Cadence.YEAR
        return Cadence.QUARTER if months <= {1, 4, 7, 10} and len(set(days)) > 3 else Cadence.MONTH
    if all(day.weekday() == 0 for day in days) and len(set(days)) > 2:
        return Cadence.WEEK
    return Cadence.DAY


def day_words(day: date, every: Cadence) -> str:
    """A day, or the period that it begins: "4 mars 2024", "vecka 10 2024", "mars 2024", "kvartal 1 2024", "2024"."""
    if every is Cadence.YEAR:
        return str(day.year)
    if every is Cadence.QUARTER:
        return f"kvartal {(day.month + 2) // 3} {day.year}"
    if every is Cadence.MONTH:
        return f"{MONTHS[day.month - 1]} {day.year}"
    if every is Cadence.WEEK:
        week = day.isocalendar()
        return f"vecka {week.week} {week.year}"
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


@lru_cache(maxsize=4096)
def number(value: float, decimals: int | None = None) -> str:
    """A number as Swedish prints it: "1 234,5", "−0,25". Without ``decimals``: about three digits that matter."""
    if decimals is None:
        size = floor(log10(abs(value))) if value else 0
        decimals = max(0, min(2 - size, 6)) if size < 2 else 0
        text = f"{value:,.{decimals}f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
    else:
        text = f"{value:,.{decimals}f}"
    if not text.strip("-0.,"):
        text = text.removeprefix("-")
    return text.replace(",", NO_BREAK).replace(".", ",").replace("-", MINUS)


class Scale:
    """How the values of a chart are written: shares as percent, the rest with its unit; all with as many decimals."""

    def __init__(self, chart: Chart) -> None:
        self.share = is_share(chart)
        self.factor = 100 if self.share else 1
        self.unit = "%" if self.share else chart.options.unit.strip()
        largest = max((abs(mark.value) for mark in chart.marks if mark.value), default=0) * self.factor
        self.decimals = max(0, min(2 - floor(log10(largest)), 6)) if largest else 2
        if self.share:
            self.decimals = min(self.decimals, 1)

    def figure(self, value: float, decimals: int | None = None) -> str:
        """The number alone; without ``decimals`` as many as say something, and no zeros at the end."""
        shown = value * self.factor
        if decimals is None:
            figure = number(shown, self.decimals)
            return figure.rstrip("0").rstrip(",") if self.decimals else figure
        return number(shown, decimals)

    @staticmethod
    def plain(value: float) -> str:
        """A count, which has neither unit nor factor."""
        return number(value, 0 if value == round(value) else None)

    def words(self, value: float, decimals: int | None = None) -> str:
        """The number with its unit: "44 %", "12,5 dagar"."""
        figure = self.figure(value, decimals)
        return f"{figure}{NO_BREAK}{self.unit}" if self.unit else figure


def is_share(chart: Chart) -> bool:
    """Whether the values are parts of a whole."""
    if chart.kind is ChartType.P:
        return True
    pairs = [(mark.numerator, mark.denominator) for mark in chart.marks if mark.value is not None]
    if chart.kind not in (ChartType.RUN, ChartType.I, ChartType.MR) or not pairs:
        return False
    return all(above is not None and below is not None and 0 <= above <= below for above, below in pairs)


def points_word(count: int) -> str:
    """ "1 mätpunkt", "11 mätpunkter"."""
    return f"{count} mätpunkt{'' if count == 1 else 'er'}"
