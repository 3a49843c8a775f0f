"""Files that a Swedish Excel opens: semicolons, a mark of UTF-8, and no cell that could be a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

# What spreadsheets take for the beginning of a formula, also in the wide letters of East Asian ones.
FORMULA = "=+-@\uff1d\uff0b\uff0d\uff20"
BEGINNING = "\ufeff".encode()


def harmless(text: str) -> str:
    """A text on one line that no spreadsheet takes for a formula."""
    flat = " ".join(text.split())
    return f"'{flat}" if flat.startswith(tuple(FORMULA)) else flat


def lines(rows: Iterable[Sequence[str | int]]) -> Iterator[bytes]:
    """Rows as lines of a file, one by one, after the mark that such a file begins with."""
    yield BEGINNING
    for row in rows:
        written = io.StringIO()
        cells = [cell if isinstance(cell, int) else harmless(cell) for cell in row]
        csv.writer(written, delimiter=";", lineterminator="\r\n").writerow(cells)
        yield written.getvalue().encode()
