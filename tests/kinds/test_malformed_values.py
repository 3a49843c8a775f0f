"""What people and programs put in cells and files, typed, pasted and sent: no fault of ours, and no wrong number."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from html import unescape

import pytest
from werkzeug.test import TestResponse

from app.kinds.projects import filling, table
from app.kinds.projects.filling import Filled, Row
from app.measuring.points import ChartType, Point
from app.measuring.reading import DecimalMark
from tests.cast import Browser
from tests.house import House
from tests.kinds.filling_in import FILE, PAGE, VALUES, write
from tests.measuring import malformed
from tests.measuring.malformed import ASK, BAD, DAYS, NUMBERS, UNREADABLE
from tests.measuring.workbooks import BOOKS, TEXTS

OTHERS = [Point(date(2024, 1, 1), Decimal(3)), Point(date(2024, 3, 1), Decimal(4))]

# The days that have two values in what is tried, which is said to be right.
SEVERAL = "2024-01-01 2024-02-01 2024-03-01"


def typed(on: str, value: str, mark: DecimalMark | None = None) -> Filled:
    filled = Filled(pairs=False, rows=filling.posted_rows({"rows": "1", "on-0": on, "value-0": value}), mark=mark)
    filling.take_typed(filled, ChartType.RUN)
    return filled


@pytest.mark.parametrize("cell", NUMBERS, ids=repr)
def test_a_number_that_is_typed_is_the_number_or_none(cell: str) -> None:
    filled, expected = typed("2024-01-01", cell), NUMBERS[cell]
    if expected in (BAD, ASK):
        assert (filled.points, len(filled.wrong), filled.asks) == ([], 1, expected == ASK)
        assert filled.rows == [Row("2024-01-01", cell.strip(), why=filled.rows[0].why)] if filled.rows else False
    else:
        assert [point.value for point in filled.points] == [Decimal(expected) if expected else None]


@pytest.mark.parametrize("cell", [cell for cell in DAYS if cell.strip()], ids=repr)
def test_a_day_that_is_typed_is_the_day_or_none(cell: str) -> None:
    filled, expected = typed(cell, "5"), DAYS[cell]
    if isinstance(expected, date):
        assert filled.points == [Point(expected, Decimal(5))]
    else:
        assert (filled.points, len(filled.wrong)) == ([], 1)


def test_more_than_four_hundred_inputs_sent_and_pasted_are_never_a_fault_and_never_a_wrong_number(
    house: House, editor: Browser
) -> None:
    write(house)
    tried = 0
    cells: list[tuple[str, date | str, Callable[[str], Iterator[malformed.Broken]]]]
    cells = [(cell, expected, malformed.of_numbers) for cell, expected in NUMBERS.items()]
    cells += [(cell, expected, malformed.of_days) for cell, expected in DAYS.items()]
    for number, (cell, expected, written_as) in enumerate(cells):
        for place, broken in enumerate(list(written_as(cell))[:2]):
            content = broken.content
            if (number + place) % 2 and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
                check(house, editor, {"pasted": _text(content)}, cell, expected)
            else:
                check(house, editor, {"_file": (io.BytesIO(content), "v.csv")}, cell, expected)
            tried += 1
    for name, content in UNREADABLE.items():
        if len(content) > 400_000:
            continue  # the client of the tests leaves such a form on the disk; the sizes are tried where they are read
        status = post(editor, {"_file": (io.BytesIO(content), f"{name}.csv")})
        assert status in (303, 422) if name == "no headings" else status == 422, name
        (house.home / FILE).unlink(missing_ok=True)
        tried += 1
    assert tried >= 400


def test_workbooks_and_files_that_people_have_are_saved_as_they_look_or_explained(
    house: House, editor: Browser
) -> None:
    write(house)
    for name, book in {**BOOKS, **TEXTS}.items():
        for button, expected in (("save", 422 if book.why else 303), ("keep", 303 if book.read else 422)):
            answer = sent(editor, {"_do": button, "_file": (io.BytesIO(book.content), "v.xlsx")})
            assert answer.status_code == expected, (name, button, answer.text)
            if expected == 422:
                assert book.why in unescape(answer.text), name
                assert not (house.home / FILE).exists(), name
            else:
                stored = points((house.home / FILE).read_bytes())
                figures = [(on, None if value == "None" else Decimal(value)) for on, value in sorted(book.read)]
                assert sorted((point.on, point.value) for point in stored) == figures, name
                assert book.remark in unescape(editor.get(PAGE).text), name
                (house.home / FILE).unlink()


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252")


def post(editor: Browser, filled: dict[str, object]) -> int:
    return sent(editor, filled).status_code


def sent(editor: Browser, filled: dict[str, object]) -> TestResponse:
    form = {"_do": "save", "rows": "0", "pairs": "no", "_version": "", "_several": SEVERAL, **filled}
    return editor.post(VALUES, data=form, content_type="multipart/form-data")


def check(house: House, editor: Browser, filled: dict[str, object], cell: str, expected: object) -> None:
    status = post(editor, filled)
    file = house.home / FILE
    if expected in (BAD, ASK):
        assert status == 422, (cell, status)
        assert not file.exists()
        return
    assert status == 303, (cell, status)
    (point,) = [point for point in points(file.read_bytes()) if point not in OTHERS]
    if isinstance(expected, date):
        assert point == Point(expected, Decimal(5)), cell
    else:
        assert point == Point(date(2024, 2, 1), Decimal(str(expected)) if expected else None), cell
    file.unlink()


def points(content: bytes) -> Sequence[Point]:
    return table.read(content).points
