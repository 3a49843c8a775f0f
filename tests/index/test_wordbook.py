"""The words of the search are read again by everybody when the file changes, and a broken file takes nothing away."""

from __future__ import annotations

import multiprocessing
import os
import time
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from app.index.judging_words import (
    MOST_IN_A_ROW,
    MOST_QUERY_WORDS,
    MOST_ROWS,
    faults_of_query_words,
    faults_of_row,
    problems_of,
)
from app.index.wordbook import Wordbook
from app.library.word_lists import PATH, Row, WordLists

AME = ("AME", "arbetsmarknadsenhet")


def lay(home: Path, text: str) -> None:
    (home / "content").mkdir(exist_ok=True)
    new = home / "content/new"
    new.write_text(text, encoding="utf-8")
    new.replace(home / PATH)


def rows(book: Wordbook) -> tuple[Row, ...]:
    return book.words().lists.rows


def test_a_changed_file_is_read_again_and_one_that_is_gone_has_no_words(tmp_path: Path) -> None:
    book = Wordbook(tmp_path)
    assert rows(book) == ()
    lay(tmp_path, "synonyms:\n  - [AME, arbetsmarknadsenhet]\n")
    assert rows(book) == (AME,)
    lay(tmp_path, "synonyms:\n  - [AMC, arbetsmarknadsenhet]\n")
    assert rows(book) == (("AMC", "arbetsmarknadsenhet"),)
    (tmp_path / PATH).unlink()
    assert rows(book) == ()


def test_a_file_of_the_same_size_and_time_is_another_one_still(tmp_path: Path) -> None:
    book = Wordbook(tmp_path)
    lay(tmp_path, "synonyms:\n  - [AME, enhet]\n")
    assert rows(book) == (("AME", "enhet"),)
    was = (tmp_path / PATH).stat()
    lay(tmp_path, "synonyms:\n  - [AMC, enhet]\n")
    os.utime(tmp_path / PATH, ns=(was.st_atime_ns, was.st_mtime_ns))
    assert rows(book) == (("AMC", "enhet"),)


@pytest.mark.parametrize("text", ["synonyms: [[AME\n", "synonyms:\n  - [klient, 880320-1238]\n", "synonyms: \x00\n"])
def test_of_a_broken_file_the_words_before_it_hold_and_it_is_said_why(tmp_path: Path, text: str) -> None:
    book = Wordbook(tmp_path)
    lay(tmp_path, "synonyms:\n  - [AME, arbetsmarknadsenhet]\n")
    assert rows(book) == (AME,)
    lay(tmp_path, text)
    assert rows(book) == (AME,)
    assert book.words().problems
    assert not any("880320" in problem.message for problem in book.words().problems)
    lay(tmp_path, "synonyms: []\n")
    assert rows(book) == ()
    assert not book.words().problems


def test_a_process_that_starts_with_a_broken_file_asks_what_it_said_before(tmp_path: Path) -> None:
    lay(tmp_path, "synonyms: [[AME\n")
    book = Wordbook(tmp_path)
    book.before = lambda: WordLists((AME,), (1,))
    assert rows(book) == (AME,)
    assert dict.fromkeys(book.synonyms().rows)


def test_an_unchanged_file_costs_a_look_at_the_folder(tmp_path: Path) -> None:
    lay(tmp_path, "".join(["synonyms:\n", *(f"  - [ord{n}, annat{n}]\n" for n in range(MOST_ROWS))]))
    book = Wordbook(tmp_path)
    first = book.synonyms()
    began = time.process_time()
    for _ in range(1000):
        assert book.synonyms() is first
    assert time.process_time() - began < 2, "to read it takes that long in thirty times"


def answer(home: Path, ends: Connection) -> None:
    book = Wordbook(home)
    while ends.recv():
        ends.send(rows(book))


def test_three_processes_notice_a_change_at_their_next_search(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    pipes = [context.Pipe() for _ in range(3)]
    troop = [context.Process(target=answer, args=(tmp_path, theirs)) for _, theirs in pipes]
    for process in troop:
        process.start()
    try:
        for expressions in (("AME", "enhet"), ("AMC", "enhet"), ("IFO", "omsorg")):
            lay(tmp_path, f"synonyms:\n  - [{', '.join(expressions)}]\n")
            for ours, _ in pipes:
                ours.send(True)
                assert ours.recv() == (expressions,)
    finally:
        for ours, _ in pipes:
            ours.send(False)
        for process in troop:
            process.join(60)


# ---- What is wrong with a row ----


def said(row: Row, *others: Row) -> str:
    return " ".join(fault.message for fault in faults_of_row(row, others) if fault.stops)


def test_a_row_as_it_should_be_has_no_fault() -> None:
    assert not list(faults_of_row(("IFO", "individ- och familjeomsorg"), [AME]))


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ((), "minst två"),
        (("ensamt",), "minst två"),
        (("skola", "!!!"), "inga bokstäver"),
        (("skola", "Skola"), "två gånger"),
        (("skola", "x" * 81), "för långt"),
        (("skola", "ett uttryck med sju ord i sig"), "för många ord"),
        (("skola", "barn"), "för vanligt"),
        (("skola", "det är"), "för vanligt"),
        (("skola", "sko\u202ela"), "U+202E"),
        (("skola", "sko\x07la"), "U+0007"),
        (("skola", "880320-1238"), "personnummer"),
        (("skola", "ame"), "står redan i raden ”AME, arbetsmarknadsenhet”"),
        (tuple(f"uttryck{n}" for n in range(MOST_IN_A_ROW + 1)), f"högst {MOST_IN_A_ROW}"),
    ],
)
def test_what_a_row_may_not_be_is_said_in_a_sentence(row: Row, why: str) -> None:
    assert why in said(row, AME)
    assert "880320" not in said(row, AME)


def test_inflections_of_the_same_word_are_a_hint_and_stop_nobody() -> None:
    hints = list(faults_of_row(("tolk", "tolken"), [("tolkar", "språkare")]))
    assert len(hints) == 3
    assert not any(fault.stops for fault in hints)


def test_there_is_an_end_to_how_many_rows_there_may_be() -> None:
    others = [(f"ord{n}", f"annat{n}") for n in range(MOST_ROWS)]
    assert "Ta bort någon" in said(("skola", "lärosäte"), *others)
    assert not said(("skola", "lärosäte"), *others[1:])


@pytest.mark.parametrize(
    ("asking", "why"),
    [
        (["hur", "hur"], "två gånger"),
        (["hur många"], "inget enda ord"),
        (["?"], "inget enda ord"),
        (["x" * 31], "för långt"),
        (["880320-1238"], "personnummer"),
        ([f"ord{n}" for n in range(MOST_QUERY_WORDS + 1)], "högst"),
    ],
)
def test_what_a_query_word_may_not_be_is_said_in_a_sentence(asking: list[str], why: str) -> None:
    assert why in " ".join(fault.message for fault in faults_of_query_words(asking))


def test_the_same_fault_in_a_file_is_told_once_with_its_line() -> None:
    lists = WordLists((AME, ("ame", "enhet")), (3, 4), ("hur", "hur"), 6)
    assert [(problem.line, wrong) for problem, wrong in problems_of(lists)] == [(4, True), (6, True)]
