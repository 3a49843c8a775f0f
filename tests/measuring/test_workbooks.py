"""Workbooks and files as people have them: read as they look in Excel, or explained."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.measuring.reading import Unreadable, read_series
from tests.measuring.workbooks import BOOKS, PLAIN, SHEET, TEXTS, rewritten

ALL = {**BOOKS, **TEXTS}


@pytest.mark.parametrize("name", ALL)
def test_a_file_is_read_as_it_looks_or_explained(name: str) -> None:
    book = ALL[name]
    if not book.read:
        with pytest.raises(Unreadable) as refused:
            read_series(book.content)
        assert book.why in str(refused.value)
        return
    series = read_series(book.content)
    assert [(point.on, str(point.value)) for point in series.points] == list(book.read)
    told = " ".join(str(fault) for fault in series.faults)
    assert book.why in told if book.why else not told
    assert book.remark in " ".join(series.remarks)
    assert bool(book.remark) <= bool(series.remarks)


def test_letters_that_grow_cost_nothing() -> None:
    began = time.process_time()
    with pytest.raises(Unreadable):
        read_series(BOOKS["letters that grow"].content)
    assert time.process_time() - began < 5


def test_every_row_that_is_not_used_says_on_which_line_it_stands() -> None:
    for name, book in ALL.items():
        if book.read and book.why:
            (fault, *_) = read_series(book.content).faults
            assert str(fault).startswith(f"Rad {fault.line}"), name
            assert fault.line > 1, name


def read_or_refused(content: bytes) -> None:
    """Nothing else happens, and every row that is not used is explained."""
    try:
        series = read_series(content)
    except Unreadable:
        return
    assert all(len(fault.why) > 10 for fault in series.faults)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(PLAIN) - 1), st.binary(min_size=1, max_size=6))
def test_a_workbook_that_is_damaged_anywhere_is_read_or_refused(at: int, damage: bytes) -> None:
    read_or_refused(PLAIN[:at] + damage + PLAIN[at + len(damage) :])


VALUE = st.text(alphabet='0123456789eE.-+<>&;"%x \u00a0', max_size=12) | st.sampled_from(
    ["nan", "inf", "-inf", "1e400", "TRUE"]
)
TYPE = st.sampled_from(["n", "s", "str", "b", "e", "d", "inlineStr", "x", ""])


@settings(max_examples=60, deadline=None)
@given(VALUE, TYPE)
def test_whatever_a_cell_says_it_holds_is_read_or_explained(value: str, sort: str) -> None:
    cell = f'<c r="B3" t="{sort}"><v>{value}</v></c>'.encode()
    read_or_refused(rewritten(PLAIN, SHEET, b'<c r="B3" t="n"><v>5</v></c>', cell))
