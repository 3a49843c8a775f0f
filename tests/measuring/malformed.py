"""What people, spreadsheets and programs put in cells and files, and what each is to be read as."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import openpyxl

BAD, ASK = "bad", "ask"
PARTED = "¦"

# Cells of a column of numbers that are numbers; "" is a missing value.
_RIGHT = {
    "5": "5",
    "05": "5",
    "0": "0",
    "-5": "-5",
    "+5": "5",
    "−5": "-5",
    "5,5": "5.5",
    "5.5": "5.5",
    "0,5": "0.5",
    ",5": "0.5",
    ".5": "0.5",
    "-0,25": "-0.25",
    "1234,5": "1234.5",
    "1234.5": "1234.5",
    "12,34": "12.34",
    "0,234": "0.234",
    "0.234": "0.234",
    "1234,567": "1234.567",
    "1,2345": "1.2345",
    "12345": "12345",
    "1 234": "1234",
    "1\xa0234": "1234",
    "1\u202f234": "1234",
    "1\u2009234": "1234",
    "1\u2007234": "1234",
    "1 234 567": "1234567",
    "1 234,5": "1234.5",
    "1\xa0234,56": "1234.56",
    "-1 234": "-1234",
    "1 234,567": "1234.567",
    "1.234,5": "1234.5",
    "1,234.5": "1234.5",
    "1.234.567": "1234567",
    "1,234,567": "1234567",
    " 7 ": "7",
    "\xa07\u202f": "7",
    "": "",
    "   ": "",
    "\xa0": "",
    "999999999999999": "999999999999999",
}
# Cells that may be two numbers.
_ASKED = "1,234¦12,345¦123,456¦-1,234¦+9,999¦1,000¦−2,500¦1.234¦12.345¦123.456¦-1.000"
# Cells that are no numbers.
_WRONG = (
    "1,23,4¦1.23.4¦1,2345,678¦1 23¦12 34¦1 2345¦1234 567¦1  234¦1 234 56¦1 234.5.6¦5,¦5.¦5,,5¦5..5¦,¦.¦--5¦"
    "+-5¦5-¦- 5¦5 -¦(5)¦[5]¦'5¦5'000¦1'234¦1_234¦1´234¦1;5¦1/2¦½¦5½¦1:30¦5 kr¦5kr¦kr 5¦5 st¦ca 5¦cirka 5¦<5¦"
    ">5¦≤5¦~5¦5*¦5?¦5!¦5±1¦5–7¦5-7¦–5¦—5¦-¦–¦—¦...¦..¦…¦x¦saknas¦NA¦N/A¦n.a.¦null¦None¦nan¦NaN¦inf¦-inf¦"
    "Infinity¦∞¦1e5¦1E+05¦1,2E+10¦1,0e-3¦0x10¦1e¦five¦fem¦l0¦1O¦O¦１２¦١٢¦Ⅻ¦²¦=A1¦=5+5¦=SUMMA(A1:A3)¦+A1¦@5¦"
    "-A1¦=cmd|' /C calc'!A0¦#DIVISION/0!¦#DIV/0!¦#SAKNAS!¦#VÄRDEFEL!¦#REFERENS!¦####¦#N/A¦SANT¦FALSKT¦TRUE¦"
    "ja¦2024-01-05¦1 jan¦jan-24¦12.5.2024¦9999999999999999¦999999999999999999999999999999999999999¦"
    "999999999999999999999999999999999999999999999999999999999999¦1000000000000001¦\u200b5¦5\u200b¦5́¦"
    "<b>5</b>¦5\xad0¦$5¦€5¦5 %%¦%¦%5¦5 ‰¦🙂¦5�"
)
# What is written, and what it is to be read as.
NUMBERS: dict[str, str] = {
    **_RIGHT,
    **dict.fromkeys(_ASKED.split(PARTED), ASK),
    **dict.fromkeys(_WRONG.split(PARTED), BAD),
}
# Cells of a column of days that are days.
_DAYS = {
    "2024-03-05": date(2024, 3, 5),
    "2024-3-5": date(2024, 3, 5),
    "2024/03/05": date(2024, 3, 5),
    "20240305": date(2024, 3, 5),
    "2024-03": date(2024, 3, 1),
    "2024": date(2024, 1, 1),
    "2024.03.05": date(2024, 3, 5),
    "5.3.2024": date(2024, 3, 5),
    "5/3 2024": date(2024, 3, 5),
    "5 mars 2024": date(2024, 3, 5),
    "den 5 mars 2024": date(2024, 3, 5),
    "5 mar. 2024": date(2024, 3, 5),
    "5-mar-2024": date(2024, 3, 5),
    "MARS 2024": date(2024, 3, 1),
    "mar-2024": date(2024, 3, 1),
    "2024 mars": date(2024, 3, 1),
    "2024-V10": date(2024, 3, 4),
    "2024-W10": date(2024, 3, 4),
    "2024v10": date(2024, 3, 4),
    "v. 10 2024": date(2024, 3, 4),
    "v10 2024": date(2024, 3, 4),
    "vecka 10 2024": date(2024, 3, 4),
    "2024-Q2": date(2024, 4, 1),
    "kvartal 2 2024": date(2024, 4, 1),
    "Q2 2024": date(2024, 4, 1),
    "2024 K2": date(2024, 4, 1),
    "2024-03-05 14:30": date(2024, 3, 5),
    "2024-03-05T14:30:00Z": date(2024, 3, 5),
    " 2024-03-05 ": date(2024, 3, 5),
    "2024-03-05\xa0": date(2024, 3, 5),
    "31/1/2024": date(2024, 1, 31),
    "5-5-2024": date(2024, 5, 5),
    "2024-02-29": date(2024, 2, 29),
    "2020-V53": date(2020, 12, 28),
    "31-12-2024": date(2024, 12, 31),
    "2024-1": date(2024, 1, 1),
}
# Cells that are no days, or may be two.
_NO_DAYS = (
    "¦x¦2024-02-30¦2023-02-29¦2024-13-01¦2024-00-10¦2024-01-00¦2024-01-32¦2024-V54¦2023-V53¦2024-V0¦2024-Q5¦"
    "2024-Q0¦45292¦45292,5¦45292.0¦0¦1¦240305¦24-03-05¦05/03/24¦5.3.24¦01/02/2024¦2/1/2024¦03-04-2024¦"
    "12/31/2024¦1/13/2024¦jan-24¦5 mars¦mars¦måndag¦i går¦=IDAG()¦#####¦2024-03-05-06¦2024--03¦-2024¦"
    "1066-10-14¦9999-12-31¦0000-00-00¦2O24-01-01¦٢٠٢٤-٠١-٠١¦202403¦20241301¦20240230¦2024-March-05¦"
    "5 march 2024¦March 2024¦2024-03-05 till 2024-03-06¦2024-03/04¦våren 2024¦<2024>¦2024-03-05\u200b"
)
DAYS: dict[str, date | str] = {**_DAYS, **dict.fromkeys(_NO_DAYS.split(PARTED), BAD)}


@dataclass(frozen=True)
class Broken:
    """A file with a cell in the middle row that may be wrong, and what it is to be read as."""

    name: str
    content: bytes
    column: str
    expected: str | date


def quoted(cell: str, separator: str) -> str:
    """A cell as a program writes it."""
    return f'"{cell.replace(chr(34), chr(34) * 2)}"' if separator in cell or '"' in cell else cell


def written(rows: Sequence[Sequence[str]], separator: str, encoding: str = "utf-8", newline: str = "\n") -> bytes:
    """Rows as a file."""
    text = newline.join(separator.join(quoted(cell, separator) for cell in row) for row in rows) + newline
    return text.encode(encoding)


def sheet(rows: Sequence[Sequence[object]], *, literally: bool = True) -> bytes:
    """Rows as a workbook; text stays text even where it looks like a formula."""
    book = openpyxl.Workbook()
    page = book.active
    for row in rows:
        page.append(["" for _ in row])
        for place, value in enumerate(row, 1):
            cell = page.cell(page.max_row, place)
            cell.value = value
            if literally and isinstance(value, str):
                cell.data_type = "s"
    into = io.BytesIO()
    book.save(into)
    return into.getvalue()


def of_numbers(cell: str) -> Iterator[Broken]:
    """A cell of numbers in a file of each sort. In commas' company a point can only stand before decimals."""
    expected = NUMBERS[cell]
    rows = [["date", "value"], ["2024-01-01", "3"], ["2024-02-01", cell], ["2024-03-01", "4"]]
    yield Broken(f"semikolon {cell!r}", written(rows, ";", "utf-8-sig", "\r\n"), "value", expected)
    yield Broken(f"tabb {cell!r}", written(rows, "\t"), "value", expected)
    known = cell.lstrip("+-\u2212").replace(".", "", 1).isdigit() and expected == ASK
    yield Broken(f"komma {cell!r}", written(rows, ","), "value", cell if known else expected)


def of_days(cell: str) -> Iterator[Broken]:
    """A cell of days in a file of each sort."""
    rows = [["Datum", "Värde"], ["2024-01-01", "3"], [cell, "5"], ["2024-03-01", "4"]]
    encoding = "cp1252" if cell.isascii() else "utf-8"
    yield Broken(f"semikolon {cell!r}", written(rows, ";", encoding), "date", DAYS[cell])
    yield Broken(f"UTF-16 {cell!r}", written(rows, "\t", "utf-16"), "date", DAYS[cell])


def packed(**parts: bytes) -> bytes:
    """A package that is no workbook."""
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return into.getvalue()


# Files of which nothing can be read.
UNREADABLE: dict[str, bytes] = {
    "nothing": b"",
    "spaces": b"  \n \n",
    "only a mark": b"\xef\xbb\xbf",
    "only NUL": b"\0\0\0",
    "a picture": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    "a PDF": b"%PDF-1.7\n1 0 obj",
    "no headings": b"2024-01-01;5\n2024-02-01;6\n",
    "unknown headings": b"foo;bar\n2024-01-01;5\n",
    "no day": b"value\n5\n",
    "no value": b"date\n2024-01-01\n",
    "a numerator alone": b"date;numerator\n2024-01-01;5\n",
    "a denominator alone": b"date;denominator\n2024-01-01;5\n",
    "value and numerator": b"date;value;numerator;denominator\n2024-01-01;5;5;10\n",
    "value twice": "date;value;värde\n2024-01-01;5;6\n".encode(),
    "day twice": b"date;datum;value\n2024-01-01;2024-01-01;6\n",
    "a quotation mark that never ends": b'date;value\n2024-01-01;"5\n2024-02-01;6\n',
    "a quotation mark in the middle": b'date;value\n2024-01-01;"5"6\n',
    "UTF-16 cut off": "date;value\n2024-01-01;5".encode("utf-16")[:-1],
    "too many rows": b"date;value\n" + b"2024-01-01;5\n" * 10_001,
    "too many bytes": b"x" * 5_000_001,
    "an old workbook": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
    "a broken package": b"PK\x03\x04 and no more",
    "another package": packed(**{"readme.txt": b"hej"}),
    "a workbook without sheets": packed(**{"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"}),
    "a bomb": packed(**{"xl/workbook.xml": b"\0" * 50_000_001}),
    "too many parts": packed(**{f"part{number}": b"" for number in range(1_001)}),
    "an empty workbook": sheet([]),
}
