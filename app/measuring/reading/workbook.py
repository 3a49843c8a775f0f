"""Excel's workbooks (.xlsx): the first sheet that is shown, its cells as people see them there.

The only module that knows openpyxl.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
from openpyxl.utils import column_index_from_string
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from app.measuring.reading.amounts import ABOUT
from app.measuring.reading.table import EXCEL_BEGINS, MAC_BEGINS, MOST_ROWS, Cell, Percent, Row, Table
from app.measuring.reading.unclear import MERGED, Unreadable

# What a workbook unpacks to, and how many columns are looked at.
MOST_UNPACKED = 50_000_000
MOST_PARTS = 1_000
MOST_COLUMNS = 40
# A formula whose result the workbook does not hold is shown as this, which no number is.
NO_RESULT = "=?"
# So many cells that belong to another one are looked at; of more, nobody could tell what was meant.
MOST_MERGED = 10_000
_DAMAGED = "Arbetsboken går inte att läsa. Öppna den i Excel, spara på nytt och försök igen."
_HIDDEN = "Bladet har dolda rader eller kolumner. De är också lästa: se efter att de ska vara med."
# What else comes in packages, by a part that only it has.
_OTHERS = {
    "xl/workbook.bin": "Arbetsboken är i Excels binära format (.xlsb). Spara den som .xlsx eller CSV.",
    "content.xml": "Filen är från LibreOffice eller OpenOffice (.ods). Spara den som .xlsx eller CSV.",
    "word/document.xml": "Filen är ett Worddokument. Kopiera tabellen och klistra in den, eller spara den i Excel.",
    "ppt/presentation.xml": "Filen är en presentation. Spara tabellen i Excel, som .xlsx eller CSV.",
}
_SHEET = r"(?:\w+:)?"
_MERGE = re.compile(rf'<{_SHEET}mergeCell\b[^>]*\bref="([A-Z]{{1,3}})([0-9]+):([A-Z]{{1,3}})([0-9]+)"'.encode())
_HIDES = re.compile(rf'<{_SHEET}(?:row|col)\b[^>]*\bhidden="(?:1|true)"'.encode())
# What stands in quotation marks, or after a backslash, in the format of a cell is text.
_TEXT_IN_FORMAT = re.compile(r'"[^"]*"|\\.')
# A number that is shown as "ca 50", "<5" or "5*" is read as it is shown: its cell holds something more exact than
# anybody sees. What stands in square brackets, such as a colour, is not shown.
_QUALIFIES = re.compile(rf"[<>≤≥~≈±*†?]|\b(?:{ABOUT})\b", re.IGNORECASE)
_SIGNS = re.compile(r"[<>≤≥~≈±]")
_IN_BRACKETS = re.compile(r"\[[^\]]*\]")


def workbook(content: bytes) -> Table:
    """The rows of the first sheet that is shown; a formula is its result as it was last computed. Raises Unreadable."""
    _look_at(content)
    try:
        sheet = _sheet(content, results=True)
        formulas = _sheet(content, results=False).rows
    except Unreadable:
        raise
    except Exception as error:
        # Workbooks break in as many ways as there are programs that write them.
        raise Unreadable(_DAMAGED) from error
    rows = [
        Row(line, tuple(_cells(line, found, written, sheet.merged)))
        for line, (found, written) in enumerate(zip(sheet.rows, formulas, strict=False), 1)
    ]
    remarks = [_HIDDEN] if sheet.hides else []
    if sheet.others:
        remarks.append(f"Arbetsboken har flera blad. Bara ”{sheet.title[:40]}”, det första som visas, är läst.")
    found = tuple(row for row in rows if any(cell not in (None, "", MERGED) for cell in row.cells))
    return Table(found, "", (*remarks,), MAC_BEGINS if sheet.from_1904 else EXCEL_BEGINS)


@dataclass(frozen=True)
class _Sheet:
    """A sheet: its rows, whether anything of it is hidden, and which cells belong to another, by line and column.
    ``from_1904``: its days are counted from then.
    """

    title: str
    rows: list[Sequence[Any]]
    others: bool
    hides: bool
    merged: frozenset[tuple[int, int]]
    from_1904: bool


def _look_at(content: bytes) -> None:
    """Raises Unreadable for what is no workbook, and for what unpacks to more than any measure has."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = package.infolist()
            names = {part.filename for part in parts}
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise Unreadable(_DAMAGED) from error
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Unreadable("Arbetsboken är för stor för att vara ett mått.")
    for name, why in _OTHERS.items():
        if name in names and "xl/workbook.xml" not in names:
            raise Unreadable(why)


def _sheet(content: bytes, *, results: bool) -> _Sheet:
    """The first sheet that is shown."""
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=results, keep_links=False)
    try:
        shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        if not shown:
            raise Unreadable("Arbetsboken har inget blad med celler.")
        sheet = shown[0]
        # What a sheet says of its own size may be wrong.
        sheet.reset_dimensions()
        cells = sheet.iter_rows(max_row=MOST_ROWS + 2, max_col=MOST_COLUMNS + 1, values_only=not results)
        with sheet._get_source() as source:
            xml: bytes = source.read() if results else b""
        merged = frozenset(_merged(xml))
        several, hides, from_1904 = len(book.worksheets) > 1, bool(_HIDES.search(xml)), book.epoch == CALENDAR_MAC_1904
        return _Sheet(sheet.title, list(_limited(cells)), several, hides, merged, from_1904)
    finally:
        book.close()


def _merged(xml: bytes) -> Iterator[tuple[int, int]]:
    """The cells that belong to another one, by line from 1 and column from 0; only those that are looked at."""
    number = 0
    for found in _MERGE.finditer(xml):
        left, right = (column_index_from_string(found[place].decode()) - 1 for place in (1, 3))
        top, bottom = int(found[2]), min(int(found[4]), MOST_ROWS + 2)
        for line in range(top, bottom + 1):
            for column in range(left, min(right, MOST_COLUMNS - 1) + 1):
                number += 1
                if number > MOST_MERGED:
                    raise Unreadable("Bladet har för många sammanslagna celler. Dela upp dem i Excel först.")
                if (line, column) != (top, left):
                    yield line, column


def _limited(rows: Iterable[Sequence[Any]]) -> Iterable[Sequence[Any]]:
    for number, row in enumerate(rows):
        if number > MOST_ROWS:
            raise Unreadable(f"Bladet har för många rader: högst {MOST_ROWS}.")
        if len(row) > MOST_COLUMNS and getattr(row[MOST_COLUMNS], "value", row[MOST_COLUMNS]) not in (None, ""):
            raise Unreadable(
                f"Bladet har för många kolumner: högst {MOST_COLUMNS}. Kopiera dem som behövs till ett nytt."
            )
        yield row[:MOST_COLUMNS]


def _cells(
    line: int, found: Sequence[Any], written: Sequence[Any], merged: frozenset[tuple[int, int]]
) -> Iterator[Cell]:
    for column, (cell, formula) in enumerate(zip(found, written, strict=False)):
        yield MERGED if (line, column) in merged else _cell(cell, formula)


def _cell(cell: Any, written: object) -> Cell:
    """What a cell holds. ``written``: the same, with formulas as they are written."""
    value = cell.value
    if value is None:
        return NO_RESULT if written is not None else None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, bool | date | str):
        return value
    if isinstance(value, int | float):
        # Fifteen digits are what Excel itself counts with: 0.1 + 0.2 is 0.3 to those who see it there.
        exact = Decimal(f"{value:.15g}")
        if qualified := _qualified(cell.number_format):
            return f"{qualified} {exact}"
        return Percent(exact * 100) if _shows_percent(cell.number_format) else exact
    return str(value)


def _qualified(written: str | None) -> str:
    """What the format of a cell says of its number that makes it no exact one; "" for nothing."""
    shown = _IN_BRACKETS.sub("", written or "")
    texts = (*_TEXT_IN_FORMAT.findall(shown), *_SIGNS.findall(shown))
    said = " ".join(dict.fromkeys(text.strip('"\\').strip() for text in texts)).strip()
    return said if _QUALIFIES.search(said) else ""


def _shows_percent(written: str | None) -> bool:
    """Whether numbers are shown in percent: 0.12 as 12 %."""
    return "%" in _TEXT_IN_FORMAT.sub("", written or "")
