"""Excel's workbooks (.xlsx): the first sheet, its cells as what they are. The only module that knows openpyxl."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import openpyxl

from app.measuring.reading.table import MOST_ROWS, Cell, Row, Table
from app.measuring.reading.unclear import Unreadable

# What a workbook unpacks to, and how many columns are looked at.
MOST_UNPACKED = 50_000_000
MOST_PARTS = 1_000
MOST_COLUMNS = 40
# A formula whose result the workbook does not hold is shown as this, which no number is.
NO_RESULT = "=?"
_DAMAGED = "Arbetsboken går inte att läsa. Öppna den i Excel, spara på nytt och försök igen."


def workbook(content: bytes) -> Table:
    """The rows of the first sheet. A formula is its result, as it was last computed. Raises Unreadable."""
    _look_at(content)
    try:
        values, more = _sheet(content, results=True)
        formulas, _ = _sheet(content, results=False)
    except Unreadable:
        raise
    except Exception as error:
        # Workbooks break in as many ways as there are programs that write them.
        raise Unreadable(_DAMAGED) from error
    rows = [
        Row(line, tuple(_cell(value, formula) for value, formula in zip(found, written, strict=False)))
        for line, (found, written) in enumerate(zip(values, formulas, strict=False), 1)
    ]
    remarks = ("Arbetsboken har flera blad. Bara det första är läst.",) if more else ()
    return Table(tuple(row for row in rows if any(cell not in (None, "") for cell in row.cells)), "", remarks)


def _look_at(content: bytes) -> None:
    """Raises Unreadable for what is no workbook, and for what unpacks to more than any measure has."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = package.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise Unreadable(_DAMAGED) from error
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Unreadable("Arbetsboken är för stor för att vara ett mått.")


def _sheet(content: bytes, *, results: bool) -> tuple[list[Sequence[Any]], bool]:
    """The rows of the first sheet, and whether there are more sheets."""
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=results, keep_links=False)
    try:
        if not book.worksheets:
            raise Unreadable("Arbetsboken har inget blad med celler.")
        sheet = book.worksheets[0]
        # What a sheet says of its own size may be wrong.
        sheet.reset_dimensions()
        rows = list(_limited(sheet.iter_rows(max_row=MOST_ROWS + 2, max_col=MOST_COLUMNS, values_only=True)))
        return rows, len(book.worksheets) > 1
    finally:
        book.close()


def _limited(rows: Iterable[Sequence[Any]]) -> Iterable[Sequence[Any]]:
    for number, row in enumerate(rows):
        if number > MOST_ROWS:
            raise Unreadable(f"Bladet har för många rader: högst {MOST_ROWS}.")
        yield row


def _cell(value: object, written: object) -> Cell:
    """What a cell holds. ``written``: the same, with formulas as they are written."""
    if value is None:
        return NO_RESULT if written is not None else None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, bool | date | str):
        return value
    if isinstance(value, int | float):
        return Decimal(repr(value))
    return str(value)
