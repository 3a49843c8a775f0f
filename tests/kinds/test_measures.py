"""Measures: what a project says of them, what their tables are called, and two people in the same table."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from app.kinds.projects import Measure, Project, table
from app.kinds.projects.measure import number_in, with_slugs
from app.library.vocabulary import ChartSort
from app.measuring.points import ChartType, Point
from app.measuring.reading import read_series

DAYS = [date(2026, 8, 3), date(2026, 8, 10), date(2026, 8, 17)]


def measure(**more: Any) -> Measure:
    return Measure.model_validate({"name": "I tid", **more})


def project(*measures: dict[str, Any]) -> Project:
    said = {"id": "c03a2c6b-e66b-4562-a99a-be7d0a42a0c1", "title": "Möte", "owner": "solna", "measures": measures}
    return Project.model_validate(said)


def of(*values: str | None, note: str = "") -> list[Point]:
    return [
        Point(day, None if one is None else Decimal(one), note=note) for day, one in zip(DAYS, values, strict=False)
    ]


# ---- What is said of a measure ----


def test_a_measure_of_before_is_read_as_it_was() -> None:
    old = measure(type="process", definition="Del.", unit="procent", better="up", baseline="55", target="95")
    assert (old.chart, old.smallest, old.of_pairs, old.slug) == (ChartSort.RUN, 5, False, "")


def test_every_chart_that_can_be_drawn_can_be_chosen() -> None:
    assert {str(sort) for sort in ChartSort} == {str(kind) for kind in ChartType}


@pytest.mark.parametrize(
    ("said", "number"),
    [("80", "80"), ("högst 45", "45"), ("80 %", "80"), ("0,8", "0.8"), ("1 234,5 kronor", "1234.5")]
    + [(said, None) for said in ("", "fler", "mellan 40 och 45", "1,234", "10–12 dagar")],
)
def test_a_target_is_a_line_where_it_is_one_number(said: str, number: str | None) -> None:
    assert number_in(said) == (Decimal(number) if number else None)


@pytest.mark.parametrize(
    ("target", "unit", "line"), [("80", "procent", "0.8"), ("80 %", "", "0.8"), ("80", "", "0.8"), ("0,8", "", "0.8")]
)
def test_the_target_of_a_share_is_written_in_percent(target: str, unit: str, line: str) -> None:
    assert measure(target=target, unit=unit).aim(shares=True) == Decimal(line)
    assert measure(target=target, unit=unit).aim(shares=False) == number_in(target)


@pytest.mark.parametrize(
    "wrong",
    [
        {"smallest": "0"},
        {"smallest": "många"},
        {"freeze": "1"},
        {"slug": "I tid"},
        {"slug": "../project"},
        {"phases": [{"begins": "2026-08-03", "note": "a"}, {"begins": "2026-08-03", "note": "b"}]},
        {"phases": [{"begins": "2026-08-03"}]},
        {"excluded": [{"day": "2026-08-03", "note": "a"}, {"day": "2026-08-03", "note": "b"}]},
        {"excluded": [{"day": "2026-08-03"}]},
        {"excluded": [{"day": "2026-08-03", "note": ""}]},
    ],
)
def test_what_cannot_be_charted_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        measure(**wrong)


# ---- What its table is called ----


def test_a_table_is_called_as_its_measure_and_two_never_the_same() -> None:
    measures = [measure(name=name) for name in ("Väntetid", "Väntetid", "Con", "???", "Annat")]
    measures.append(measure(name="Ny", slug="vantetid-2"))
    assert list(with_slugs(measures)) == ["vantetid", "vantetid-3", "matt", "matt-2", "annat", "vantetid-2"]


def test_a_measure_that_has_values_keeps_their_file_when_it_gets_another_name() -> None:
    assert list(with_slugs([measure(name="Ett nytt namn", slug="i-tid")])) == ["i-tid"]


# ---- The file ----


def test_a_table_is_one_that_a_swedish_spreadsheet_opens() -> None:
    content = table.written(of("12", None, "1234.5", note="=HYPERLINK(1)"), pairs=False)
    assert content == (
        b"\xef\xbb\xbfdate;value;note;cycle\r\n"
        b"2026-08-03;12;'=HYPERLINK(1);\r\n2026-08-10;;'=HYPERLINK(1);\r\n2026-08-17;1234,5;'=HYPERLINK(1);\r\n"
    )
    assert list(table.read(content).points) == of("12", None, "1234.5", note="=HYPERLINK(1)")


def test_no_points_are_no_file() -> None:
    assert table.written([], pairs=False) is None
    assert table.read(None).points == ()


AMOUNTS = st.decimals(min_value=-(10**9), max_value=10**9, places=4) | st.integers(-(10**9), 10**9).map(Decimal)


@given(st.lists(st.tuples(st.dates(date(1950, 1, 1), date(2090, 1, 1)), AMOUNTS | st.none()), max_size=12))
def test_what_is_written_is_read_back_to_the_last_decimal_and_never_asked_about(
    rows: list[tuple[date, Decimal | None]],
) -> None:
    points = [Point(on, value) for on, value in rows]
    content = table.written(points, pairs=False)
    found = table.read(content)
    assert (list(found.points), found.faults) == (table.in_order(points), ())
    if content:
        assert list(read_series(content.decode("utf-8-sig")).points) == table.in_order(points)


def test_three_decimals_are_written_so_that_they_are_no_thousands() -> None:
    assert table.in_figures(Decimal("1.234")) == "1,2340"
    assert table.in_figures(Decimal("0.234")) == "0,234"
    assert table.in_figures(Decimal("1234.500")) == "1234,5"


def test_others_get_nothing_of_small_groups_and_nothing_of_what_no_measure_tells_of() -> None:
    content = b"date;numerator;denominator;note;cycle\r\n2026-08-03;2;4;;\r\n2026-08-10;3;9;;\r\n"
    shares = project({"name": "I tid", "chart": "p"})
    assert shares.shown_of("i-tid", content, ()) == (
        b"\xef\xbb\xbfdate;numerator;denominator;note;cycle\r\n2026-08-03;;;;\r\n2026-08-10;3;9;;\r\n"
    )
    assert shares.shown_of("annat", content, ()) == b""
    assert project({"name": "I tid", "chart": "c"}).shown_of("i-tid", content, ()).count(b";;;;") == 1


def test_faults_of_a_table_are_told_with_their_lines() -> None:
    content = b"date;value\r\n2026-08-03;12\r\n2026-08-10;tolv\r\n2026-08-17;1,234\r\n"
    lines = [line for line, _ in project({"name": "I tid"}).faults_of("i-tid", content)]
    assert lines == [3, 4]
    (_, message), _ = project({"name": "I tid"}).faults_of("i-tid", content)
    assert message.startswith("värde: ”tolv” är inget tal.")
    assert [line for line, _ in project().faults_of("i-tid", content)] == [0, 3, 4]


# ---- Two people in the same table ----


def test_days_that_two_have_added_go_together() -> None:
    points, clashes = table.together(of("1"), of("1", "2"), [*of("1"), Point(DAYS[2], Decimal(3))])
    assert (points, clashes) == (of("1", "2", "3"), [])


def test_a_day_that_one_changed_is_as_that_one_wrote_it() -> None:
    assert table.together(of("1", "2"), of("5", "2"), of("1", "7")) == (of("5", "7"), [])
    assert table.together(of("1", "2"), of("1"), of("1", "2")) == (of("1"), []), "taken away by one"


def test_a_day_that_both_changed_in_different_ways_is_asked_about() -> None:
    points, clashes = table.together(of("1"), of("5"), of("7"))
    assert (points, clashes) == (of("7"), [table.Clash(DAYS[0], tuple(of("7")), tuple(of("5")))])
    assert table.together(of("1"), of("5"), of("5")) == (of("5"), []), "the same change is no clash"
    assert table.together(of("1"), (), of("7"))[1] == [table.Clash(DAYS[0], tuple(of("7")), ())]


SERIES = st.dictionaries(st.sampled_from(DAYS), st.integers(0, 3).map(Decimal)).map(
    lambda found: [Point(on, value) for on, value in sorted(found.items())]
)


@given(SERIES, SERIES, SERIES)
def test_what_only_one_changed_is_never_lost(base: list[Point], theirs: list[Point], mine: list[Point]) -> None:
    points, clashes = table.together(base, theirs, mine)
    asked = {clash.on for clash in clashes}
    for changed, other in ((mine, theirs), (theirs, mine)):
        for point in changed:
            untouched = [one for one in other if one.on == point.on] == [one for one in base if one.on == point.on]
            if point not in base and untouched:
                assert point in points
                assert point.on not in asked
    assert table.together(base, base, mine) == (mine, [])
    assert table.together(base, theirs, base) == (theirs, [])
