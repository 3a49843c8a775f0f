"""Workbooks and files as people have them: read as they look in Excel, or explained."""

from __future__ import annotations

import time

import pytest

from app.measuring.reading import Unreadable, read_series
from tests.measuring.workbooks import BOOKS, TEXTS, Book

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
