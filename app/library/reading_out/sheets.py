"""Sheets: rows as lines, their cells parted by tabs, as they are shown."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

_ROWS_AT_ONCE = 500


def local(name: str) -> str:
    """The name of an element without the one of its family."""
    return name.rpartition(":")[2]


# How personal numbers that are kept as plain numbers are shown: 000000-0000, 00000000-0000.
_AS_A_NUMBER = re.compile(r'(0{6}|0{8})[\\"]*[-–+ ][\\"]*0{4}(?:;.*)?')


class Book:
    """What the cells of a workbook refer to."""

    def __init__(self) -> None:
        self.strings: list[str] = []
        self._used: set[int] = set()
        # How many digits stand before the dash, by the number of a cell's style.
        self.dashed: dict[str, int] = {}

    def shown(self, value: str, sort: str, style: str) -> str:
        """The text of a cell, by its value, its sort and its style."""
        if sort == "s":
            number = int(value) if value.isdecimal() else -1
            self._used.add(number)
            return self.strings[number] if 0 <= number < len(self.strings) else ""
        if sort in ("", "n"):
            with contextlib.suppress(ValueError, OverflowError):
                value = str(int(float(value))) if float(value).is_integer() else value
            if style in self.dashed and value.isdecimal():
                value = value.zfill(self.dashed[style] + 4)
                value = f"{value[:-4]}-{value[-4:]}"
        return value

    def unused(self) -> list[str]:
        """The strings that no cell shows any longer."""
        return [text for number, text in enumerate(self.strings) if number not in self._used]


class Strings(ContentHandler):
    """The strings that cells share."""

    def __init__(self, book: Book) -> None:
        super().__init__()
        self.book = book
        self._pieces: list[str] = []

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802
        if local(name) == "si":
            self._pieces = []

    def characters(self, content: str) -> None:
        self._pieces.append(content)

    def endElement(self, name: str) -> None:  # noqa: N802
        if local(name) == "si":
            self.book.strings.append("".join(self._pieces))


class Styles(ContentHandler):
    """Which styles show numbers with a dash before the last four digits."""

    def __init__(self, book: Book) -> None:
        super().__init__()
        self.book = book
        self._formats: dict[str, int] = {}
        self._is_of_cells = False
        self._number = 0

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802
        plain = local(name)
        if plain == "numFmt" and (found := _AS_A_NUMBER.match(attrs.get("formatCode", ""))):
            self._formats[attrs.get("numFmtId", "")] = len(found[1])
        elif plain == "cellXfs":
            self._is_of_cells = True
        elif plain == "xf" and self._is_of_cells:
            if attrs.get("numFmtId", "") in self._formats:
                self.book.dashed[str(self._number)] = self._formats[attrs["numFmtId"]]
            self._number += 1

    def endElement(self, name: str) -> None:  # noqa: N802
        if local(name) == "cellXfs":
            self._is_of_cells = False


class Sheet(ContentHandler):
    """The rows of a sheet, some hundreds told at a time."""

    def __init__(self, book: Book, tell: Callable[[int, str], None]) -> None:
        super().__init__()
        self.book = book
        self.tell = tell
        self._first, self._rows = 1, list[str]()
        self._row, self._cells = 0, list[str]()
        self._value, self._sort, self._style = list[str](), "", ""
        self._is_value = False

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802
        plain = local(name)
        if plain == "row":
            given = attrs.get("r", "")
            self._row, self._cells = int(given) if given.isdecimal() else self._row + 1, []
        elif plain == "c":
            self._value, self._sort, self._style = [], attrs.get("t", ""), attrs.get("s", "")
        self._is_value = plain in ("v", "t")

    def characters(self, content: str) -> None:
        if self._is_value:
            self._value.append(content)

    def endElement(self, name: str) -> None:  # noqa: N802
        plain = local(name)
        self._is_value = False
        if plain == "c":
            self._cells.append(self.book.shown("".join(self._value), self._sort, self._style).replace("\n", " "))
        elif plain == "row":
            self._add("\t".join(self._cells))
        elif plain == "sheetData":
            self._tell()

    def _add(self, row: str) -> None:
        gap = self._row - (self._first + len(self._rows))
        if len(self._rows) >= _ROWS_AT_ONCE or not 0 <= gap < _ROWS_AT_ONCE:
            self._tell()
        if not self._rows:
            self._first, gap = self._row, 0
        self._rows += [*[""] * gap, row]

    def _tell(self) -> None:
        self.tell(self._first, "\n".join(self._rows))
        self._rows = []
