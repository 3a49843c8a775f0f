"""A measure's points out of a file: good rows are points, bad ones are explained with their line, nothing is
guessed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.measuring.judging import check
from app.measuring.points import LARGEST, ChartType, NotPossible, Point
from app.measuring.reading.amounts import SPACES, DecimalMark, amount
from app.measuring.reading.days import day
from app.measuring.reading.table import MOST_BYTES, NAMED, Cell, Percent, Row, Table, decoded, split
from app.measuring.reading.unclear import MERGED, Ambiguous, Unclear, Unreadable

# What a column may be called, and what it is called on the screen.
HEADINGS = {
    "date": ("date", "datum", "dag", "vecka", "månad", "kvartal", "år", "period"),
    "value": ("value", "värde", "mätvärde", "antal", "andel", "resultat"),
    "numerator": ("numerator", "täljare"),
    "denominator": ("denominator", "nämnare"),
    "note": ("note", "anteckning", "kommentar"),
    "cycle": ("cycle", "cykel"),
}
SWEDISH = {"date": "datum", "value": "värde", "numerator": "täljare", "denominator": "nämnare"}
_COLUMN = {name: column for column, names in HEADINGS.items() for name in names}
NUMBERS = ("value", "numerator", "denominator")
_WEB_PAGE = re.compile(r"\ufeff?\s*<(?:!doctype|\?xml|html|table|div|meta|head)\b", re.IGNORECASE)
_SHOWN = 30


@dataclass(frozen=True)
class Fault:
    """A row that is not used, and why. ``asked``: it can be, once somebody says what the number means."""

    line: int
    column: str
    text: str
    why: str
    asked: bool = False

    def __str__(self) -> str:
        where = f"Rad {self.line}, {SWEDISH.get(self.column, self.column)}" if self.column else f"Rad {self.line}"
        return f"{where}: ”{self.text}” {self.why}" if self.text else f"{where}: {self.why}"


@dataclass(frozen=True)
class Series:
    """What a file holds. ``points`` are those of its good rows, in the order of the file."""

    points: tuple[Point, ...]
    faults: tuple[Fault, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def asks(self) -> bool:
        """Whether somebody has to say what stands before the decimals."""
        return any(fault.asked for fault in self.faults)


def read_series(
    content: bytes | str,
    kind: ChartType | None = None,
    *,
    mark: DecimalMark | None = None,
    columns: Sequence[str] | None = None,
    own: Mapping[str, str] | None = None,
) -> Series:
    """The points of a CSV file, of a workbook, or of what was pasted from one.

    ``kind``: the chart that they are for, so that what it cannot have is a bad row. ``mark``: what stands before
    decimals, where that was asked. ``columns``: their names, for rows without headings. ``own``: what columns are
    called besides, such as the measure's own words for its numerator. Raises Unreadable for what has no rows at all.
    """
    table = _table(content, columns)
    if not table.rows:
        raise Unreadable("Det finns inga rader att läsa.")
    places, first = _places(table, columns, _headings(table, own or {}))
    _check_kind(places, kind)
    reader = _Reader(places, table, kind, mark)
    points, faults = [], []
    for row in table.rows[first:]:
        try:
            points.append((row.line, reader.point(row)))
        except _BadRow as bad:
            faults.append(bad.fault)
    faults += reader.mixed_percent(points)
    bad_lines = {fault.line for fault in faults}
    remarks = (*table.remarks, *reader.remarks())
    good = tuple(point for line, point in points if line not in bad_lines)
    return Series(good, tuple(sorted(faults, key=lambda fault: fault.line)), remarks)


def _table(content: bytes | str, columns: Sequence[str] | None) -> Table:
    if isinstance(content, bytes) and content.startswith(b"PK\x03\x04"):
        from app.measuring.reading.workbook import workbook

        if len(content) > MOST_BYTES:
            raise Unreadable(f"Filen är för stor: högst {MOST_BYTES // 1_000_000} MB.")
        return workbook(content)
    if isinstance(content, bytes) and content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable("Filen är i Excels gamla format eller låst med lösenord. Spara den som .xlsx eller CSV.")
    text = content if isinstance(content, str) else decoded(content)
    if _WEB_PAGE.match(text):
        # Some systems send a page of the web and call it a workbook.
        raise Unreadable("Filen är en webbsida eller XML. Öppna den i Excel och spara den som .xlsx eller CSV.")
    return split(text, lambda cells: _fits(cells, columns))


def _fits(cells: tuple[str, ...], columns: Sequence[str] | None) -> int:
    """How well a first row is parted: by how many headings are known in it, or by whether it begins with a day."""
    known = sum(_named(cell) in _COLUMN for cell in cells)
    if known:
        return 10 * known
    return 1 if columns and len(cells) == len(columns) else 0


def _named(cell: Cell) -> str:
    return cell.strip().strip(SPACES).lower() if isinstance(cell, str) else ""


def _headings(table: Table, own: Mapping[str, str]) -> list[str]:
    """What the columns are by the first row; "" for those that it does not tell."""
    names = {**{_named(name): column for name, column in own.items()}, **_COLUMN}
    return [names.get(_named(cell), "") for cell in table.rows[0].cells]


def _places(table: Table, columns: Sequence[str] | None, headings: list[str]) -> tuple[Mapping[str, int], int]:
    """Where each column is, and which row is the first of points. Raises Unreadable if that cannot be told."""
    if not any(headings):
        if columns is None:
            raise Unreadable(
                "Första raden ska vara rubriker: date och value (datum och värde), eller date, numerator och"
                " denominator (datum, täljare och nämnare)."
            )
        return {name: place for place, name in enumerate(columns)}, 0
    twice = {name for name in headings if name and headings.count(name) > 1}
    if twice:
        raise Unreadable(f"Kolumnen {SWEDISH.get(min(twice), min(twice))} finns flera gånger.")
    places = {name: place for place, name in enumerate(headings) if name}
    if "date" not in places:
        raise Unreadable("Kolumnen date (datum) saknas.")
    if "value" in places and ("numerator" in places or "denominator" in places):
        raise Unreadable("Filen har både värde och täljare eller nämnare. Behåll det som ska visas.")
    if "value" not in places and not {"numerator", "denominator"} <= set(places):
        raise Unreadable(
            "Det behövs en kolumn value (värde), eller två: numerator (täljare) och denominator (nämnare)."
        )
    return places, 1


def _check_kind(places: Mapping[str, int], kind: ChartType | None) -> None:
    """Raises Unreadable if such a chart is made of other columns."""
    if kind and kind.from_fractions and "value" in places:
        raise Unreadable(f"{kind.swedish} behöver kolumnerna numerator (täljare) och denominator (nämnare).")
    if kind in (ChartType.C, ChartType.G, ChartType.T) and "numerator" in places:
        raise Unreadable(f"{kind.swedish} görs av kolumnen value (värde), inte av täljare och nämnare.")


class _BadRow(Exception):
    """A row that is not used."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


class _Reader:
    """Reads the rows of one table."""

    def __init__(
        self, places: Mapping[str, int], table: Table, kind: ChartType | None, mark: DecimalMark | None
    ) -> None:
        self.places, self.table, self.kind, self.mark = places, table, kind, mark
        self.width = len(table.rows[0].cells)
        self.percent: dict[int, bool] = {}

    def point(self, row: Row) -> Point:
        """The point that a row is. Raises _BadRow."""
        self._check_width(row)
        on = self._on(row)
        numbers = {name: self._number(row, name) for name in NUMBERS if name in self.places}
        above, below = numbers.get("numerator"), numbers.get("denominator")
        if "numerator" in self.places and (above is None) != (below is None):
            missing = "täljare" if above is None else "nämnare"
            raise _BadRow(Fault(row.line, "", "", f"{missing} saknas. Fyll i båda, eller lämna båda tomma."))
        point = Point(
            on, numbers.get("value"), above, below, note=self._text(row, "note"), cycle=self._text(row, "cycle")
        )
        try:
            check(point, self.kind or ChartType.RUN)
        except NotPossible as wrong:
            raise _BadRow(Fault(row.line, "", "", str(wrong))) from wrong
        return point

    def mixed_percent(self, points: Sequence[tuple[int, Point]]) -> list[Fault]:
        """Faults for the rows with a percent sign where others have none: it cannot be told whether 0,45 is 45 %
        there.
        """
        lines = [line for line, _ in points]
        signs = {self.percent[line] for line in lines if line in self.percent}
        if len(signs) < 2:
            return []
        why = "har procenttecken, men det har inte alla rader. Skriv alla på samma sätt."
        return [Fault(line, "value", "", f"värdet {why}") for line in lines if self.percent.get(line)]

    def remarks(self) -> list[str]:
        """What was not used of the table."""
        used = set(self.places.values())
        headings = self.table.rows[0].cells if self.width else ()
        beside = (cell for place, cell in enumerate(headings) if place not in used)
        unused = [str(cell) for cell in beside if cell not in (None, "", MERGED)]
        if not unused or not any(_named(cell) in _COLUMN for cell in headings):
            return []
        return [f"Kolumner som inte används: {', '.join(_short(name) for name in unused)}."]

    def _check_width(self, row: Row) -> None:
        """Raises _BadRow if the row has another number of cells than the first: a comma may have parted a number."""
        cells = list(row.cells)
        while len(cells) > self.width and cells[-1] in (None, ""):
            cells.pop()
        if not self.table.separator or len(cells) == self.width:
            return
        why = f"raden har {len(cells)} fält, men första raden har {self.width}."
        if self.table.separator == "," and len(cells) > self.width:
            why += " Är det decimalkomman? Skilj då kolumnerna med semikolon, eller sätt talen inom citattecken."
        elif self.table.separator:
            why += f" Kolumnerna skiljs åt med {NAMED[self.table.separator]}."
        raise _BadRow(Fault(row.line, "", "", why))

    def _cell(self, row: Row, column: str) -> Cell:
        place = self.places.get(column)
        return row.cells[place] if place is not None and place < len(row.cells) else None

    def _text(self, row: Row, column: str) -> str:
        cell = self._cell(row, column)
        return "" if cell is None else str(cell).strip()

    def _on(self, row: Row) -> date:
        cell = self._cell(row, "date")
        if isinstance(cell, date):
            return cell
        try:
            return day(_written(cell), self.table.begins)
        except Unclear as unclear:
            raise _BadRow(Fault(row.line, "date", _short(_written(cell)), str(unclear))) from unclear

    def _number(self, row: Row, column: str) -> Decimal | None:
        cell = self._cell(row, column)
        try:
            number = self._amount(cell, row.line)
            self._check_parted(row, column, number)
        except Unclear as unclear:
            asked = isinstance(unclear, Ambiguous)
            raise _BadRow(Fault(row.line, column, _short(_written(cell)), str(unclear), asked)) from unclear
        return number

    def _amount(self, cell: Cell, line: int) -> Decimal | None:
        if isinstance(cell, bool):
            raise Unclear("är sant eller falskt, inget tal.")
        if isinstance(cell, date):
            raise Unclear("är ett datum, inget tal. Excel gör om till exempel 1.5 till ett datum.")
        if isinstance(cell, Decimal):
            if not cell.is_finite() or abs(cell) > LARGEST:
                raise Unclear("är för stort: högst 1 000 000 000 000 000 går att visa rätt.")
            self.percent[line] = isinstance(cell, Percent)
            return Decimal(cell)
        text = (cell or "").strip()
        if not text:
            return None
        plain = text.removesuffix("%")
        if not plain.strip():
            raise Unclear("är ett procenttecken utan tal. Lämna tomt om värdet saknas.")
        number = amount(plain, self.mark, point_known=self.table.separator == ",")
        self.percent[line] = plain != text
        return number

    def _check_parted(self, row: Row, column: str, number: Decimal | None) -> None:
        """Raises Unclear where commas part the columns and the text beside a number is nothing but digits."""
        beside = self.places[column] + 1
        if self.table.separator != "," or number is None or beside >= len(row.cells):
            return
        if (
            beside not in (self.places.get(name) for name in ("date", *NUMBERS))
            and str(row.cells[beside]).strip().isdigit()
        ):
            raise Unclear("kan vara ett decimaltal som kommat har delat. Skilj kolumnerna med semikolon.")


def _written(cell: Cell) -> str:
    if isinstance(cell, Decimal):
        return str(int(cell)) if cell.is_finite() and cell == cell.to_integral_value() else str(cell)
    return "" if cell is None else str(cell)


def _short(text: str) -> str:
    """A cell as it can be shown in a message: one line, and not long."""
    flat = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return flat if len(flat) <= _SHOWN else f"{flat[:_SHOWN]}…"
