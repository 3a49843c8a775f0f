"""What somebody fills in of a measure: typed in rows, pasted, or sent as a file. Nothing of it is guessed or lost.

Pure: from the fields of a form to points and what is wrong with them, and back to the fields.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from app.kinds.projects.table import Clash, has_pairs, in_figures, in_order, read, together, written
from app.measuring.points import ChartType, Point
from app.measuring.reading import DecimalMark, Fault, Series, Unreadable, read_series
from app.measuring.reading.table import MOST_ROWS, Percent, decoded
from app.web.forms.values import only_text

# Longer tables are changed in their file, or by what is pasted.
MOST_IN_TABLE = 400
LONGEST_CELL = 1_000
# More rows than a form can hold the fields of.
MOST_POSTED = 1_000
LONGEST_PASTED = 300_000
BLANK_ROWS = 5
# So many days with several values are told one by one.
MOST_TOLD = 30
CELLS = ("on", "value", "above", "below", "note", "cycle")
TOO_LONG = "Det är för mycket på en gång. Klistra in högst några tusen rader, eller ladda upp en fil."
OTHER_COLUMNS = "Måttet fylls i med {wanted}, men det du lade till har {found}. Ändra måttet, eller {way_on}."
WITHOUT_HEADINGS = "Heter kolumnerna något annat? Ta bort raden med rubriker: då läses kolumnerna i tabellens ordning."
PAIRS, SINGLE = "täljare och nämnare", "ett värde per datum"
GET_PAIRS, GET_SINGLE = "ta med både täljare och nämnare", "räkna ut andelen först"
TWICE = (
    "{on} har flera olika värden: {figures}. Ta bort det som inte gäller, eller kryssa i rutan vid Spara om alla"
    " gäller."
)


@dataclass(frozen=True)
class Row:
    """A row of the table as it is typed. ``why`` is what is wrong with it."""

    on: str = ""
    value: str = ""
    above: str = ""
    below: str = ""
    note: str = ""
    cycle: str = ""
    why: str = ""

    @property
    def blank(self) -> bool:
        """Whether nothing is filled in; a cycle that is chosen beside nothing is nothing."""
        return not any((self.on, self.value, self.above, self.below, self.note))


@dataclass
class Filled:
    """What a form says. ``rows`` None: the table is too long to be shown, so nothing is changed in it."""

    pairs: bool
    rows: list[Row] | None = field(default_factory=list)
    pasted: str = ""
    mark: DecimalMark | None = None
    points: list[Point] = field(default_factory=list)
    # Why rows of the table, and of what is added, are not used.
    wrong: list[str] = field(default_factory=list)
    faults: tuple[Fault, ...] = ()
    clashes: list[Clash] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    asks: bool = False
    added: int = 0
    # What came in a file, and the days that have several values of which nobody has said that all of them hold.
    sent: list[Point] = field(default_factory=list)
    twice: list[date] = field(default_factory=list)


def rows_of(points: Sequence[Point]) -> list[Row] | None:
    """The points as rows to be changed; None where they are too many for that."""
    if len(points) > MOST_IN_TABLE:
        return None
    return [
        Row(
            point.on.isoformat(),
            in_figures(point.value),
            in_figures(point.numerator),
            in_figures(point.denominator),
            point.note,
            point.cycle,
        )
        for point in in_order(points)
    ]


def posted_rows(form: Mapping[str, str]) -> list[Row] | None:
    """The rows of a posted form; None where it had no table."""
    number = form.get("rows", "")
    if not (number.isascii() and number.isdigit() and len(number) < 5):
        return None
    places = range(min(int(number), MOST_POSTED))
    return [Row(**{name: _cell(form.get(f"{name}-{place}", "")) for name in CELLS}) for place in places]


def _cell(text: str) -> str:
    """A cell on one line. Spaces inside it stay: "1  234" is no number."""
    return only_text(text).replace("\n", " ").strip()[:LONGEST_CELL]


# ---- From what was typed to points ----


def take_typed(filled: Filled, kind: ChartType) -> None:
    """Let the points of the rows be read; what is wrong stands at its row."""
    rows = [row for row in filled.rows or () if not row.blank]
    filled.rows = rows
    if not rows:
        return
    names = ("on", "above", "below") if filled.pairs else ("on", "value")
    text = _as_text(([getattr(row, name) for name in (*names, "note", "cycle")] for row in rows), filled.pairs)
    try:
        series = read_series(text, kind if _fits(kind, filled.pairs) else None, mark=filled.mark)
    except Unreadable as unreadable:
        filled.wrong.append(str(unreadable))
        return
    filled.points = list(series.points)
    filled.asks = filled.asks or series.asks
    why = {fault.line - 2: _told(fault) for fault in series.faults}
    filled.rows = [replace(row, why=why.get(place, "")) for place, row in enumerate(rows)]
    filled.wrong += [f"Rad {place + 1}: {text}" for place, text in sorted(why.items())]


def _told(fault: Fault) -> str:
    return str(replace(fault, line=0)).removeprefix("Rad 0").lstrip(", :")


def _fits(kind: ChartType, pairs: bool) -> bool:
    """Whether such a chart is made of such columns, so that each row can be judged by it."""
    return pairs if kind.from_fractions else not (pairs and kind in (ChartType.C, ChartType.G, ChartType.T))


def _as_text(rows: Iterable[Sequence[str]], pairs: bool) -> str:
    into = io.StringIO()
    writer = csv.writer(into, delimiter=";", lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow(["date", *(("numerator", "denominator") if pairs else ("value",)), "note", "cycle"])
    writer.writerows(rows)
    return into.getvalue()


# ---- From what was pasted or sent ----


def take_added(
    filled: Filled, content: bytes | str, kind: ChartType, known: Sequence[Point], own: Mapping[str, str]
) -> None:
    """Add the points of what was pasted or sent. ``known`` are those that stand in the table already, ``own`` what its
    columns are called by the measure's own words.

    A day that is there with the same figures is left as it is; with others it is asked about.
    """
    try:
        series = _read_added(content, kind, filled.pairs, filled.mark, own)
    except Unreadable as unreadable:
        filled.wrong.append(f"{unreadable} {WITHOUT_HEADINGS}" if "kolumn" in str(unreadable) else str(unreadable))
        return
    filled.remarks += series.remarks
    filled.faults += series.faults
    filled.asks = filled.asks or series.asks
    counted = [point for point in series.points if point.value is not None or point.denominator is not None]
    if counted and has_pairs(counted) != filled.pairs:
        if known:
            words = (PAIRS, SINGLE, GET_PAIRS) if filled.pairs else (SINGLE, PAIRS, GET_SINGLE)
            filled.wrong.append(OTHER_COLUMNS.format(wanted=words[0], found=words[1], way_on=words[2]))
            return
        filled.pairs = not filled.pairs
    cleaned = [replace(point, note=_cell(point.note), cycle=_cell(point.cycle)) for point in series.points]
    new = _without_known(cleaned, known)
    filled.added += len(new)
    days = {point.on for point in new}
    filled.points, clashes = together((), [*known], [*(one for one in known if one.on not in days), *new])
    filled.clashes += clashes


def _without_known(points: Sequence[Point], known: Sequence[Point]) -> list[Point]:
    """The points but for those of days that are in the table with the very same figures."""
    figures, coming = _figures_by_day(known), _figures_by_day(points)
    return [point for point in points if coming[point.on] != figures.get(point.on)]


def ask_of_several(filled: Filled, base: Sequence[Point], said: Container[date]) -> None:
    """Ask about the days that have got values that differ: one of them may be a slip, or all may hold.

    ``said`` are the days of which somebody has said that they all do; those that stood so in the table are not asked
    about again.
    """
    before, now = _figures_by_day(base), _figures_by_day(filled.points)
    filled.twice = [on for on, found in now.items() if len(set(found)) > 1 and found != before.get(on)]
    asked = [on for on in filled.twice if on not in said]
    for on in asked[:MOST_TOLD]:
        figures = " och ".join(_shown_figures(point) for point in filled.points if point.on == on)
        filled.wrong.append(TWICE.format(on=on.isoformat(), figures=figures))
    if len(asked) > MOST_TOLD:
        filled.wrong.append(f"… och {len(asked) - MOST_TOLD} datum till har flera olika värden.")


def _shown_figures(point: Point) -> str:
    if point.denominator is not None or point.numerator is not None:
        return f"{in_figures(point.numerator) or 'inget'} av {in_figures(point.denominator) or 'inget'}"
    return in_figures(point.value) or "inget värde"


def _figures_by_day(points: Sequence[Point]) -> dict[date, list[object]]:
    found: dict[date, list[object]] = {}
    for point in points:
        found.setdefault(point.on, []).append(_figures(point))
    return found


def _figures(point: Point) -> tuple[object, ...]:
    return (point.value, point.numerator, point.denominator)


def _read_added(
    content: bytes | str, kind: ChartType, pairs: bool, mark: DecimalMark | None, own: Mapping[str, str]
) -> Series:
    """The series of a file, or of rows without headings, in the order that the columns of the table have."""
    judge = kind if kind.from_fractions or kind in (ChartType.C, ChartType.G, ChartType.T) else None
    try:
        return read_series(content, judge, mark=mark, own=own)
    except Unreadable as unreadable:
        if "rubriker" not in str(unreadable):
            raise
    names = ("date", "numerator", "denominator") if pairs else ("date", "value")
    columns = (names, (*names, "note"), (*names, "note", "cycle"))
    tries = [read_series(content, judge, mark=mark, columns=one) for one in columns]
    return max(tries, key=lambda series: (len(series.points), -len(series.faults)))


def as_pasted(content: bytes) -> str:
    """A file as the text that can be pasted, so that what was sent is not lost when something in it has to be mended.

    Numbers of a workbook are written so that they are not asked about. "" for what cannot be shown as text.
    """
    if not content.startswith(b"PK\x03\x04"):
        try:
            text = decoded(content)
        except Unreadable:
            return ""
        return text if len(text) <= LONGEST_PASTED else ""
    from app.measuring.reading.workbook import workbook

    try:
        rows = workbook(content).rows[:MOST_ROWS]
    except Unreadable:
        return ""
    return "\n".join("\t".join(_shown(cell) for cell in row.cells) for row in rows)


def _shown(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return f"{in_figures(cell)}{' %' if isinstance(cell, Percent) else ''}" if cell.is_finite() else str(cell)
    return " ".join(str(cell).split())


# ---- What somebody decided about a day ----


def packed(points: Sequence[Point], pairs: bool) -> str:
    """The points of a day as a field of a form."""
    content = written(points, pairs)
    return content.decode("utf-8-sig") if content else ""


def picked(form: Mapping[str, str], points: Sequence[Point]) -> Iterator[tuple[date, list[Point] | None]]:
    """For each day that was asked about the points that somebody chose; None where nothing is chosen yet."""
    for place in range(min(_number(form.get("clashes", "")), MOST_IN_TABLE)):
        try:
            on = date.fromisoformat(form.get(f"clash-{place}", ""))
        except ValueError:
            continue
        match form.get(f"pick-{place}"):
            case "mine":
                yield on, [point for point in points if point.on == on]
            case "theirs":
                found = read(form.get(f"theirs-{place}", "").encode()).points
                yield on, [point for point in found if point.on == on]
            case _:
                yield on, None


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0
