"""Files as they come: what is good is read, what is bad is explained with its line, and no number is guessed."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.measuring.points import ChartType, Point
from app.measuring.reading import DecimalMark, Unreadable, read_series
from app.measuring.reading.amounts import amount
from app.measuring.reading.unclear import Ambiguous, Unclear
from tests.measuring import malformed
from tests.measuring.malformed import ASK, BAD, DAYS, NUMBERS, UNREADABLE, sheet

FIRST, LAST = Point(date(2024, 1, 1), Decimal(3)), Point(date(2024, 3, 1), Decimal(4))


def read(text: str, kind: ChartType | None = None, mark: DecimalMark | None = None) -> list[object]:
    return [point.value for point in read_series(text, kind, mark=mark).points]


def check(broken: malformed.Broken) -> None:
    """The rows around are read whatever stands between; the cell is what it is to be, or is explained with its line."""
    series = read_series(broken.content)
    if broken.expected in (BAD, ASK):
        assert series.points == (FIRST, LAST), broken.name
        assert [fault.line for fault in series.faults] == [3], broken.name
        assert series.asks == (broken.expected == ASK), broken.name
        assert str(series.faults[0]).startswith("Rad 3"), broken.name
        assert len(series.faults[0].why) > 10, broken.name
        return
    assert series.faults == (), broken.name
    between = series.points[1]
    if broken.column == "date":
        assert between == Point(broken.expected, Decimal(5)), broken.name  # type: ignore[arg-type]
    else:
        wanted = Decimal(str(broken.expected)) if broken.expected else None
        assert between == Point(date(2024, 2, 1), wanted), broken.name


@pytest.mark.parametrize(
    ("written", "why"),
    [
        *(
            (about, "är inget exakt tal")
            for about in ("ca 50", "Cirka 50", "<5", "≤ 5", "≈50", "~50", "mer än 5", "±5")
        ),
        *((two, "är två tal") for two in ("5 (3)", "5–7", "5±1", "12 (60 %)")),
        ("(50)", "står inom parentes"),
        *((marked, "har ett märke efter talet") for marked in ("50*", "50 *", "5?")),
        *((named, "har ett ord efter talet") for named in ("50 st", "5kr", "5 pers.")),
    ],
)
def test_a_qualified_number_is_no_value_and_says_why(written: str, why: str) -> None:
    series = read_series(f"date;value\n2024-01-01;4\n2024-02-01;{written}\n")
    assert [str(point.value) for point in series.points] == ["4"]
    (fault,) = series.faults
    assert (fault.text, fault.why.startswith(why), fault.asked) == (written, True, False)


def test_a_percent_sign_is_a_value_where_all_have_one() -> None:
    series = read_series("date;value\n2024-01-01;40 %\n2024-02-01;50%\n")
    assert [str(point.value) for point in series.points] == ["40", "50"]


def test_there_are_four_hundred_malformed_inputs() -> None:
    assert 3 * len(NUMBERS) + 2 * len(DAYS) + len(UNREADABLE) >= 400


@pytest.mark.parametrize("cell", NUMBERS)
def test_a_cell_of_numbers_is_read_right_or_explained(cell: str) -> None:
    for broken in malformed.of_numbers(cell):
        check(broken)


@pytest.mark.parametrize("cell", DAYS)
def test_a_cell_of_days_is_read_right_or_explained(cell: str) -> None:
    for broken in malformed.of_days(cell):
        check(broken)


def test_cells_of_a_workbook_that_are_text_are_read_as_in_other_files() -> None:
    rows: list[list[object]] = [["date", "value"]]
    rows += [[f"2024-01-{1 + n % 28:02}", cell] for n, cell in enumerate(NUMBERS)]
    series = read_series(sheet(rows))
    asked = {fault.line: fault.asked for fault in series.faults}
    for line, (cell, expected) in enumerate(NUMBERS.items(), 2):
        assert (line in asked) == (expected in (BAD, ASK)), repr(cell)
        assert asked.get(line, False) == (expected == ASK), repr(cell)
    good = [Decimal(one) if one else None for one in NUMBERS.values() if one not in (BAD, ASK)]
    assert [point.value for point in series.points] == good


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_file_that_nothing_can_be_read_of_is_refused_in_swedish(name: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_series(UNREADABLE[name])
    assert str(refused.value).endswith(".")


@given(st.text(max_size=12))
def test_a_text_is_a_number_only_if_its_digits_say_so(text: str) -> None:
    """Whatever is accepted is made of exactly the digits that are written, in that order."""
    try:
        number = amount(text)
    except Unclear:
        return
    if number is None:
        assert not text.strip().strip("\u00a0\u202f\u2009\u2007")
        return
    digits = "".join(sign for sign in text if sign in "0123456789").lstrip("0")
    assert "".join(sign for sign in str(number) if sign.isdigit()).lstrip("0") == digits


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_and_nothing_else_happens(content: bytes) -> None:
    for start in (b"", b"date;value\n", b"PK\x03\x04", b"\xff\xfe"):
        try:
            read_series(start + content)
        except Unreadable:
            continue


@given(st.text(alphabet='0123456789 ,.;-\t\n"\u00a0e%', max_size=60))
def test_any_rows_are_read_or_explained_and_nothing_else_happens(rows: str) -> None:
    try:
        series = read_series(f"date;value\n2024-01-01;5\n{rows}")
    except Unreadable:
        return
    assert series.points[0] == Point(date(2024, 1, 1), Decimal(5)) or series.faults
    lines = {fault.line for fault in series.faults}
    assert all(line > 2 or "procent" in str(series.faults) for line in lines)


swedish = st.decimals(-999_999, 999_999, places=2, allow_nan=False, allow_infinity=False)


@given(st.lists(swedish, min_size=1, max_size=8), st.sampled_from(["", " ", "\u00a0", "\u202f"]))
def test_what_swedish_programs_write_comes_back(numbers: list[Decimal], space: str) -> None:
    cells = [f"{number:,.2f}".replace(",", space).replace(".", ",") for number in numbers]
    text = "\n".join(["datum;värde", *(f"2024-01-{place + 1:02};{cell}" for place, cell in enumerate(cells))])
    assert read(text) == numbers


@given(st.lists(swedish, min_size=1, max_size=8))
def test_what_pythons_csv_writes_comes_back(numbers: list[Decimal]) -> None:
    into = io.StringIO()
    csv.writer(into).writerows([["date", "value"], *([date(2024, 1, n + 1), x] for n, x in enumerate(numbers))])
    assert read(into.getvalue()) == numbers


# What is asked


def test_a_number_that_may_be_two_is_asked_about_and_read_as_answered() -> None:
    text = "date;value\n2024-01-01;1,234\n2024-01-02;2,5\n"
    asked = read_series(text)
    assert asked.asks
    assert [point.value for point in asked.points] == [Decimal("2.5")]
    assert "1,234" in str(asked.faults[0])
    assert "1 234" in str(asked.faults[0])
    assert read(text, mark=DecimalMark.COMMA) == [Decimal("1.234"), Decimal("2.5")]
    thousands = read_series(text, mark=DecimalMark.POINT)
    assert [point.value for point in thousands.points] == [1234]
    assert [fault.line for fault in thousands.faults] == [3], "2,5 is no number of thousands"


@pytest.mark.parametrize(
    ("text", "mark", "number"),
    [
        ("1,234", DecimalMark.COMMA, "1.234"),
        ("1,234", DecimalMark.POINT, "1234"),
        ("1.234", DecimalMark.COMMA, "1234"),
        ("1.234", DecimalMark.POINT, "1.234"),
        ("1.234,5", DecimalMark.COMMA, "1234.5"),
        ("1.234,5", DecimalMark.POINT, None),
        ("1,234.5", DecimalMark.COMMA, None),
        ("12.5", DecimalMark.COMMA, None),
        ("12,5", DecimalMark.POINT, None),
        ("1,234,567", DecimalMark.COMMA, None),
        ("1,234,567", DecimalMark.POINT, "1234567"),
    ],
)
def test_an_answer_holds_for_every_number(text: str, mark: DecimalMark, number: str | None) -> None:
    if number is None:
        with pytest.raises(Unclear):
            amount(text, mark)
    else:
        assert amount(text, mark) == Decimal(number)


def test_in_a_file_parted_by_commas_a_point_stands_before_decimals() -> None:
    assert read("date,value\n2024-01-01,74.030\n") == [Decimal("74.030")]
    with pytest.raises(Ambiguous):
        amount("74.030")


def test_a_decimal_comma_that_parted_a_number_is_seen() -> None:
    series = read_series("date,value\n2024-01-01,12,5\n2024-01-02,3\n")
    assert [point.value for point in series.points] == [3]
    assert "semikolon" in str(series.faults[0])
    noted = read_series("date,value,note\n2024-01-01,12,5\n2024-01-02,3,Lov\n2024-01-03,4,\n")
    assert [(point.value, point.note) for point in noted.points] == [(3, "Lov"), (4, "")]
    assert "kommat" in str(noted.faults[0])


def test_percent_signs_are_on_all_rows_or_asked_about() -> None:
    assert read("date;value\n2024-01-01;45 %\n2024-01-02;5,5%\n") == [45, Decimal("5.5")]
    mixed = read_series("date;value\n2024-01-01;45 %\n2024-01-02;0,5\n2024-01-03;\n")
    assert [fault.line for fault in mixed.faults] == [2]
    assert "procenttecken" in str(mixed.faults[0])
    alone = read_series("date;value\n2024-01-01;45 %\n2024-01-02;%\n")
    assert [fault.line for fault in alone.faults] == [3]


# Tables


def test_headings_are_swedish_or_english_in_any_order_with_notes_and_cycles() -> None:
    series = read_series("Anteckning;Nämnare;TÄLJARE;Datum;Cykel;Övrigt\nLov;10;4;2024-01-01;02-remiss;x\n")
    assert series.points == (Point(date(2024, 1, 1), None, Decimal(4), Decimal(10), note="Lov", cycle="02-remiss"),)
    assert series.remarks == ("Kolumner som inte används: Övrigt.",)


def test_what_is_pasted_needs_no_headings_where_the_columns_are_known() -> None:
    pasted = "2024-01-01\t3\n2024-02-01\t\n2024-03-01\t1 234,5\n"
    series = read_series(pasted, columns=("date", "value"))
    assert [point.value for point in series.points] == [3, None, Decimal("1234.5")]
    assert read_series(f"datum\tvärde\n{pasted}", columns=("date", "value")).points == series.points


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("separator", [";", "\t", ",", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_files_of_every_system_are_read(newline: str, separator: str, encoding: str) -> None:
    rows = [["datum", "värde"], ["2024-01-01", "3"], ["", ""], ["2024-02-01", "4"]]
    series = read_series(malformed.written(rows, separator, encoding, newline))
    assert [point.value for point in series.points] == [3, 4]
    assert series.faults == ()


def test_the_line_of_a_fault_is_that_of_the_file() -> None:
    text = 'sep=;\n\ndate;value;note\n2024-01-01;1;"två\nrader"\n\n2024-01-02;x;\n'
    assert [fault.line for fault in read_series(text).faults] == [7]


def test_a_row_with_too_few_or_too_many_fields_is_explained() -> None:
    series = read_series("date;value\n2024-01-01\n2024-01-02;5;6\n2024-01-03;7;;\n")
    assert [fault.line for fault in series.faults] == [2, 3]
    assert [point.value for point in series.points] == [7]


def test_half_a_fraction_is_explained_and_none_is_missing() -> None:
    series = read_series("date;numerator;denominator\n2024-01-01;5;\n2024-01-02;;9\n2024-01-03;;\n")
    assert [fault.line for fault in series.faults] == [2, 3]
    assert series.points == (Point(date(2024, 1, 3)),)


def test_rows_that_such_a_chart_cannot_have_are_explained() -> None:
    shares = read_series("date;numerator;denominator\n2024-01-01;5;4\n2024-01-02;3;9\n", ChartType.P)
    assert [fault.line for fault in shares.faults] == [2]
    assert "större än nämnaren" in str(shares.faults[0])
    counts = read_series("date;value\n2024-01-01;1,5\n2024-01-02;-3\n2024-01-03;3\n", ChartType.C)
    assert [fault.line for fault in counts.faults] == [2, 3]
    with pytest.raises(Unreadable, match="numerator"):
        read_series("date;value\n2024-01-01;5\n", ChartType.U)
    with pytest.raises(Unreadable, match="value"):
        read_series("date;numerator;denominator\n2024-01-01;5;9\n", ChartType.C)


# Workbooks


def test_a_workbook_gives_dates_and_numbers_as_they_are() -> None:
    rows: list[list[object]] = [
        ["datum", "värde"],
        [date(2024, 1, 1), 3],
        [datetime(2024, 2, 1, 12, 30), 0.1],  # noqa: DTZ001
        ["2024-03", "1 234,5"],
        [date(2024, 4, 1), None],
    ]
    series = read_series(sheet(rows))
    assert [point.on for point in series.points] == [date(2024, month, 1) for month in (1, 2, 3, 4)]
    assert [point.value for point in series.points] == [3, Decimal("0.1"), Decimal("1234.5"), None]


def test_a_workbooks_serial_dates_formulas_and_truths_are_explained() -> None:
    rows: list[list[object]] = [["date", "value"], [45292, 3], ["2024-01-02", date(2024, 5, 1)], ["2024-01-03", True]]
    series = read_series(sheet(rows))
    assert [fault.line for fault in series.faults] == [2, 3, 4]
    assert "2024-01-01" in str(series.faults[0])
    assert "Excel" in str(series.faults[1])
    unsaved = read_series(sheet([["date", "value"], ["2024-01-01", "=2+3"]], literally=False))
    assert "formel" in str(unsaved.faults[0])
    assert unsaved.points == ()


def test_only_the_first_sheet_is_read_and_that_is_told() -> None:
    book = openpyxl.load_workbook(io.BytesIO(sheet([["date", "value"], ["2024-01-01", 5]])))
    book.create_sheet("Annat").append(["date", "value"])
    into = io.BytesIO()
    book.save(into)
    series = read_series(into.getvalue())
    assert len(series.points) == 1
    assert "första" in series.remarks[0]


def test_faults_show_a_cell_on_one_short_line() -> None:
    series = read_series('date;value\n2024-01-01;"x\ny' + "z" * 500 + '"\n')
    assert "\n" not in str(series.faults[0])
    assert len(str(series.faults[0])) < 160
