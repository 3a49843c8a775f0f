"""Workbooks as people have them, each with what is to be read of it, or with words of why nothing is."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import openpyxl
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from tests.measuring.malformed import packed, sheet

FIRST, LAST = (date(2024, 1, 1), "3"), (date(2024, 3, 1), "4")
HEADS = ("date", "value")


@dataclass(frozen=True)
class Book:
    """A workbook. ``read`` are the days and figures of its points, ``why`` words of its faults or of its refusal,
    ``remark`` words of what is told besides.
    """

    content: bytes
    read: Sequence[tuple[date, str]] = ()
    why: str = ""
    remark: str = ""


def made(change: Callable[[Any], object], *, between: Sequence[Any] = ("2024-02-01", 5)) -> bytes:
    """A workbook with a row between two good ones, after something has been done to it."""
    book = openpyxl.Workbook()
    for row in (HEADS, (date(2024, 1, 1), 3), between, (date(2024, 3, 1), 4)):
        book.active.append(row)
    change(book)
    into = io.BytesIO()
    book.save(into)
    return into.getvalue()


def shown_as(number_format: str, value: object) -> bytes:
    """With a cell of numbers shown in a format."""

    def change(book: Any) -> None:
        book.active["B3"].value = value
        book.active["B3"].number_format = number_format

    return made(change)


def all_shown_as(number_format: str) -> bytes:
    """With every cell of numbers shown in a format."""

    def change(book: Any) -> None:
        for row in (2, 3, 4):
            book.active[f"B{row}"].value = 0.1 * row
            book.active[f"B{row}"].number_format = number_format

    return made(change)


def rewritten(content: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """A package with other bytes in one of its parts."""
    into = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as package, zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as written:
        for name in package.namelist():
            said = package.read(name)
            assert name != part or old in said
            written.writestr(name, said.replace(old, new) if name == part else said)
    return into.getvalue()


def _hidden_first(book: Any) -> None:
    secret = book.create_sheet("Gömt", 0)
    secret.append(HEADS)
    secret.append(("2023-01-01", 99))
    secret.sheet_state = "hidden"
    book.active = 1


def _all_hidden(book: Any) -> None:
    book.active.sheet_state = "veryHidden"
    book._sheets[0].sheet_state = "veryHidden"


SHEET = "xl/worksheets/sheet1.xml"
PLAIN = made(lambda _book: None)
BETWEEN = (date(2024, 2, 1), "5")
GOOD = (FIRST, BETWEEN, LAST)
BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + b"".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">'.encode() for n in range(8)
)

BOOKS: dict[str, Book] = {
    "as it should be": Book(PLAIN, GOOD),
    "days as days of 1904": Book(made(lambda book: setattr(book, "epoch", CALENDAR_MAC_1904)), GOOD),
    "a day as a serial number": Book(made(lambda _: None, between=(45323, 5)), (FIRST, LAST), "kanske 2024-02-01"),
    "a serial number of 1904": Book(
        made(lambda book: setattr(book, "epoch", CALENDAR_MAC_1904), between=(43861, 5)),
        (FIRST, LAST),
        "kanske 2024-02-01",
    ),
    "a day with a time": Book(made(lambda _: None, between=(datetime(2024, 2, 1, 23, 59), 5)), GOOD),  # noqa: DTZ001
    "a time for a day": Book(made(lambda _: None, between=(time(12, 30), 5)), (FIRST, LAST), "inget datum"),
    "a day for a number": Book(
        made(lambda _: None, between=("2024-02-01", date(2024, 5, 1))), (FIRST, LAST), "Excel gör om"
    ),
    "a formula without a result": Book(
        made(lambda _: None, between=("2024-02-01", "=2+3")), (FIRST, LAST), "är en formel"
    ),
    "a formula for a day": Book(made(lambda _: None, between=("=TODAY()", 5)), (FIRST, LAST), "inget datum"),
    **{
        f"the error {error}": Book(made(lambda _: None, between=("2024-02-01", error)), (FIRST, LAST), "felmeddelande")
        for error in ("#DIV/0!", "#N/A", "#REF!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!")
    },
    "an error for a day": Book(made(lambda _: None, between=("#N/A", 5)), (FIRST, LAST), "inget datum"),
    "true for a number": Book(made(lambda _: None, between=("2024-02-01", True)), (FIRST, LAST), "sant eller falskt"),
    "merged days": Book(made(lambda book: book.active.merge_cells("A2:A3")), (FIRST, LAST), "sammanslagen cell"),
    "merged numbers": Book(made(lambda book: book.active.merge_cells("B2:B3")), (FIRST, LAST), "sammanslagen cell"),
    "a merged row": Book(made(lambda book: book.active.merge_cells("A3:B3")), (FIRST, LAST), "sammanslagen cell"),
    "merged all over": Book(
        rewritten(PLAIN, SHEET, b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="A5:CV9999"/></mergeCells>'),
        why="många sammanslagna",
    ),
    "merged beside the table": Book(made(lambda book: book.active.merge_cells("D1:F1")), GOOD),
    "a hidden sheet first": Book(made(_hidden_first), GOOD, remark="det första som visas"),
    "another sheet": Book(made(lambda book: book.create_sheet("Annat")), GOOD, remark="Arbetsboken har flera blad"),
    "a hidden row": Book(
        made(lambda book: setattr(book.active.row_dimensions[3], "hidden", True)), GOOD, remark="dolda rader"
    ),
    "a hidden column": Book(
        made(lambda book: setattr(book.active.column_dimensions["C"], "hidden", True)), GOOD, remark="dolda rader"
    ),
    "all in percent": Book(
        all_shown_as("0.0%"), ((date(2024, 1, 1), "20.0"), (date(2024, 2, 1), "30.0"), (date(2024, 3, 1), "40.0"))
    ),
    "one in percent": Book(shown_as("0%", 0.12), (FIRST, LAST), "procenttecken, men det har inte alla"),
    "a percent sign as text": Book(shown_as('0.0" %"', 5), GOOD),
    "a percent sign behind a stroke": Book(shown_as("0\\%", 5), GOOD),
    "a number that is shown as about so much": Book(
        shown_as('"ca "0', 50), (FIRST, LAST), "”ca 50” är inget exakt tal"
    ),
    "a number that is shown as less": Book(shown_as("<0", 5), (FIRST, LAST), "”< 5” är inget exakt tal"),
    "a number that is shown with a star": Book(shown_as('0"*"', 5), (FIRST, LAST), "”* 5”"),
    "a number of a certain colour": Book(shown_as("[<10][Red]0;0", 5), GOOD),
    "a number in brackets where it is below zero": Book(shown_as("#,##0_);[Red]\\(#,##0\\)", 5), GOOD),
    "a number with kronor": Book(shown_as('#,##0 "kr"', 5), GOOD),
    "a number that is text": Book(made(lambda _: None, between=("2024-02-01", "5")), GOOD),
    "thousands with a blank": Book(
        made(lambda _: None, between=("2024-02-01", "1 234,5")), (FIRST, (date(2024, 2, 1), "1234.5"), LAST)
    ),
    "thousands with a narrow blank": Book(
        made(lambda _: None, between=("2024-02-01", "1\u202f234")), (FIRST, (date(2024, 2, 1), "1234"), LAST)
    ),
    "thousands with an apostrophe": Book(
        made(lambda _: None, between=("2024-02-01", "1'234")), (FIRST, LAST), "går inte att läsa som ett tal"
    ),
    "a true minus": Book(made(lambda _: None, between=("2024-02-01", "−5")), (FIRST, (date(2024, 2, 1), "-5"), LAST)),
    "what may be two numbers": Book(
        made(lambda _: None, between=("2024-02-01", "1,234")), (FIRST, LAST), "kan betyda 1,234"
    ),
    "a sum that is not quite": Book(
        made(lambda _: None, between=("2024-02-01", 0.1 + 0.2)), (FIRST, (date(2024, 2, 1), "0.3"), LAST)
    ),
    "a number too large": Book(made(lambda _: None, between=("2024-02-01", 1e16)), (FIRST, LAST), "för stort"),
    "a number with no end": Book(rewritten(PLAIN, SHEET, b"<v>5</v>", b"<v>1e999</v>"), (FIRST, LAST), "för stort"),
    "the same day twice": Book(
        made(lambda _: None, between=(date(2024, 1, 1), 5)), (FIRST, (date(2024, 1, 1), "5"), LAST)
    ),
    "a comment and a picture of a chart": Book(made(lambda book: book.create_sheet("Diagram")), GOOD),
    "a very wide sheet": Book(
        sheet([[*["x"] * 60, "date", "value"], [*["y"] * 60, "2024-01-01", 5]]), why="för många kolumner"
    ),
    "a very long sheet": Book(
        rewritten(PLAIN, SHEET, b"</sheetData>", b"<row/>" * 10_002 + b"</sheetData>"), why="för många rader"
    ),
    "a row far below": Book(
        made(lambda book: book.active.__setitem__("A9000", "2024-04-01")), (*GOOD, (date(2024, 4, 1), "None"))
    ),
    "a size that is a lie": Book(rewritten(PLAIN, SHEET, b'ref="A1:B4"', b'ref="A1:XFD1048576"'), GOOD),
    "a workbook with macros": Book(
        rewritten(
            PLAIN,
            "[Content_Types].xml",
            b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
            b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
        ),
        GOOD,
    ),
    "letters that grow": Book(
        rewritten(rewritten(PLAIN, SHEET, b"<v>5</v>", b"<v>&i;</v>"), SHEET, b"<worksheet", BOMB + b"]><worksheet"),
        why="Arbetsboken",
    ),
    "a sheet cut off": Book(rewritten(PLAIN, SHEET, b"</worksheet>", b""), why="Arbetsboken går inte att läsa"),
    "a sheet that is not there": Book(
        rewritten(PLAIN, "xl/_rels/workbook.xml.rels", b"sheet1.xml", b"sheet9.xml"), why="Arbetsboken"
    ),
    "the binary sort": Book(packed(**{"xl/workbook.bin": b"\0"}), why="binära format (.xlsb)"),
    "LibreOffice's sort, renamed": Book(packed(**{"mimetype": b"x", "content.xml": b"<x/>"}), why="LibreOffice"),
    "a document, renamed": Book(packed(**{"word/document.xml": b"<x/>"}), why="Worddokument"),
    "a presentation, renamed": Book(packed(**{"ppt/presentation.xml": b"<x/>"}), why="presentation"),
    "the old sort, renamed": Book(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, why="gamla format"),
    "a page of the web, renamed": Book(b"<html><table><tr><td>date</td></tr></table></html>", why="webbsida"),
    "XML, renamed": Book(b'\xef\xbb\xbf<?xml version="1.0"?><Workbook/>', why="webbsida eller XML"),
}
# Files of text as people have them.
TEXTS: dict[str, Book] = {
    "Windows' letters": Book("datum;värde;anteckning\n2024-01-01;3;Åäö\n".encode("cp1252"), (FIRST,)),
    "UTF-8 with a mark": Book("\ufeffdatum;värde\n2024-01-01;3\n".encode(), (FIRST,)),
    "UTF-16, small end first": Book("\ufeffdatum\tvärde\n2024-01-01\t3\n".encode("utf-16-le"), (FIRST,)),
    "UTF-16, large end first": Book("\ufeffdatum\tvärde\n2024-01-01\t3\n".encode("utf-16-be"), (FIRST,)),
    "UTF-16 without a mark": Book("datum\tvärde\n2024-01-01\t3\n".encode("utf-16-le"), why="ingen text"),
    "tabs among semicolons": Book(
        b"date;value\n2024-01-01;3\n2024-02-01\t5\n2024-03-01;4\n", (FIRST, LAST), "skiljs åt med semikolon"
    ),
    "semicolons among tabs": Book(
        b"date\tvalue\n2024-01-01\t3\n2024-02-01;5\n2024-03-01\t4\n", (FIRST, LAST), "skiljs åt med tabb"
    ),
    "an apostrophe between thousands": Book(
        b"date;value\n2024-01-01;3\n2024-02-01;1'234\n2024-03-01;4\n", (FIRST, LAST), "läsa som ett tal"
    ),
    "one row in percent": Book(
        b"date;value\n2024-01-01;45 %\n2024-02-01;5\n", ((date(2024, 2, 1), "5"),), "procenttecken"
    ),
}
