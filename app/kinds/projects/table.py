"""The table of a measure's values as its file holds it: read, written, and put together where two people write in it.

Semicolons, decimal commas and a mark of UTF-8, so that a Swedish Excel opens it and saves the same again; days are ISO
days. Pure: no files, no requests.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from app.kinds.projects.measure import Measure
from app.measuring.judging import State, smallest_group
from app.measuring.judging import read as judge
from app.measuring.points import ChartType, NotPossible, Number, Point
from app.measuring.reading import Fault, Series, Unreadable, read_series

LONGEST_NOTE = 1_000
# What spreadsheets take for the beginning of a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
# Three decimals may be read as thousands: with a zero more they cannot.
_TWO_WAYS = re.compile(r"-?[1-9][0-9]{0,2},[0-9]{3}")


def read(content: bytes | None, kind: ChartType | None = None) -> Series:
    """What a file holds; nothing where there is none. What no row can be read of has one fault, on its first line.

    ``kind``: what its chart cannot have is a fault as well.
    """
    if not content:
        return Series(())
    try:
        series = read_series(content, kind)
    except Unreadable as unreadable:
        return Series((), (Fault(1, "", "", str(unreadable)),))
    return replace(series, points=tuple(replace(point, note=_as_typed(point.note)) for point in series.points))


def written(points: Sequence[Point], pairs: bool) -> bytes | None:
    """The file of the points, in the order of the days; None where there are none, and so no file."""
    if not points:
        return None
    names = ("numerator", "denominator") if pairs else ("value",)
    into = io.StringIO()
    writer = csv.writer(into, delimiter=";", lineterminator="\r\n")
    writer.writerow(["date", *names, "note", "cycle"])
    for point in in_order(points):
        numbers = [in_figures(getattr(point, name)) for name in names]
        writer.writerow([point.on.isoformat(), *numbers, _harmless(point.note), _harmless(point.cycle)])
    return into.getvalue().encode("utf-8-sig")


def in_order(points: Iterable[Point]) -> list[Point]:
    """The points by day; several of one day as they were."""
    return sorted(points, key=lambda point: point.on)


def in_figures(number: Number | None) -> str:
    """A number as people type it and every Swedish program reads it, to the last decimal; "" for a missing one."""
    if number is None:
        return ""
    exact = number if isinstance(number, Decimal) else Decimal(str(number))
    text = f"{exact:f}"
    text = (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")
    return f"{text}0" if _TWO_WAYS.fullmatch(text) else text


def has_pairs(points: Iterable[Point]) -> bool:
    """Whether the values are counted as numerators and denominators."""
    return any(point.denominator is not None or point.numerator is not None for point in points)


def naming(points: Sequence[Point], named: Container[str]) -> list[Point]:
    """The points without the names of other cycles than those that may be named."""
    return [point if not point.cycle or point.cycle in named else replace(point, cycle="") for point in points]


def without_small_groups(points: Sequence[Point], measure: Measure) -> list[Point]:
    """The points as everybody may have them: of groups that are too small only the day is left, and no note."""
    smallest = smallest_group(points, measure.kind, measure.options(shares=False))
    return [Point(point.on) if _too_small(point, measure, smallest) else point for point in points]


def _too_small(point: Point, measure: Measure, smallest: int) -> bool:
    try:
        return judge(point, measure.kind, smallest)[0] is State.SUPPRESSED
    except NotPossible:
        # Such a chart cannot have it, so nobody has judged it.
        return point.denominator is not None and point.denominator < measure.smallest


def _harmless(text: str) -> str:
    """A text on one line that no spreadsheet takes for a formula."""
    flat = " ".join(text.split())[:LONGEST_NOTE]
    return f"'{flat}" if flat.startswith(FORMULA) else flat


def _as_typed(text: str) -> str:
    return text[1:] if text[:1] == "'" and text[1:].startswith(FORMULA) else text


# ---- Two people write in the same table ----


@dataclass(frozen=True)
class Clash:
    """A day that both changed, each in another way. No points: it was taken away."""

    on: date
    mine: tuple[Point, ...]
    theirs: tuple[Point, ...]


def together(base: Sequence[Point], theirs: Sequence[Point], mine: Sequence[Point]) -> tuple[list[Point], list[Clash]]:
    """The points of both, day by day, and the days that a person has to decide; there mine are among the points."""
    days = [_by_day(points) for points in (base, theirs, mine)]
    points: list[Point] = []
    clashes: list[Clash] = []
    for on in sorted(set().union(*days)):
        was, other, own = (found.get(on, ()) for found in days)
        if own not in (was, other) and other != was:
            clashes.append(Clash(on, own, other))
        points.extend(other if own == was else own)
    return points, clashes


def _by_day(points: Iterable[Point]) -> dict[date, tuple[Point, ...]]:
    found: dict[date, tuple[Point, ...]] = {}
    for point in points:
        found[point.on] = (*found.get(point.on, ()), point)
    return found
