"""Text in columns: how it is encoded, what parts its columns, and on which line each row is."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.measuring.reading.unclear import Unreadable

# A measure has a row a week or so: more than this is another kind of file.
MOST_ROWS = 10_000
MOST_BYTES = 5_000_000
SEPARATORS = (";", "\t", ",", "|")
NAMED = {";": "semikolon", "\t": "tabb", ",": "komma", "|": "lodstreck"}


# The day that Excel counts 0, in workbooks from Windows and in those that began on a Mac: 45292 is 1 January 2024.
EXCEL_BEGINS = date(1899, 12, 30)
MAC_BEGINS = date(1904, 1, 1)


class Percent(Decimal):
    """A number that is shown in percent: 12 for the 0.12 that a workbook shows as 12 %."""


Cell = str | Decimal | date | bool | None


@dataclass(frozen=True)
class Row:
    """A row that has something in it, and the line that it begins on. Cells of text files are text, those of
    workbooks are typed.
    """

    line: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Table:
    """The rows, the first of which may be headings. ``separator``: what parts the columns; nothing in a workbook.
    ``begins``: the day from which plain numbers are days.
    """

    rows: tuple[Row, ...]
    separator: str = ""
    remarks: tuple[str, ...] = ()
    begins: date = EXCEL_BEGINS


def decoded(content: bytes) -> str:
    """The text of a file: UTF-8 with or without a mark, UTF-16 with one, else as Windows wrote it. Raises
    Unreadable.
    """
    if len(content) > MOST_BYTES:
        raise Unreadable(f"Filen är för stor: högst {MOST_BYTES // 1_000_000} MB.")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Unreadable("Filen är ingen text. Spara den som CSV eller Excel (.xlsx).")


def split(text: str, knows: Callable[[tuple[str, ...]], int]) -> Table:
    """The rows of a text. ``knows`` says how many columns of a first row are known; what parts most of them is the
    separator.

    Raises Unreadable where quotation marks do not fit together: what is then in which row cannot be told.
    """
    text = text.removeprefix("\ufeff")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    named = lines[0].strip().lower()
    skipped = 0
    separators: tuple[str, ...] = SEPARATORS
    if named.startswith("sep=") and named[4:] in (*SEPARATORS, ""):
        # Excel's own first line; a tab at its end is stripped.
        separators, skipped = (named[4:] or "\t",), 1
    first = next((line for line in lines[skipped:] if line.strip()), "")
    best = max(separators, key=lambda one: knows(_cells(first, one)))
    rows = tuple(_rows(lines[skipped:], best, skipped))
    if len(rows) > MOST_ROWS:
        raise Unreadable(f"Filen har för många rader: högst {MOST_ROWS}.")
    return Table(rows, best)


def _cells(line: str, separator: str) -> tuple[str, ...]:
    """The cells of a single line, as far as it can be parted."""
    try:
        return tuple(next(csv.reader([line], delimiter=separator, strict=True), ()))
    except csv.Error:
        return tuple(line.split(separator))


def _rows(lines: list[str], separator: str, skipped: int) -> Iterator[Row]:
    reader = csv.reader([f"{line}\n" for line in lines], delimiter=separator, strict=True)
    begins = skipped + 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield Row(begins, tuple(cells))
            begins = skipped + reader.line_num + 1
    except csv.Error as error:
        raise Unreadable(
            f"Citattecknen på rad {begins} går inte ihop, så resten av filen går inte att läsa."
        ) from error
