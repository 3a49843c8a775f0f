"""Whatever somebody writes as words: it is refused in a sentence, or stands in the file exactly as it was written."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.coordinating.rows import Edit, Faulty, WordsEdit, row_of, words_of
from app.index.judging_words import problems_of
from app.index.wordbook import synonyms_of
from app.library.document import BrokenDocument
from app.library.word_lists import read_word_lists
from app.looked_for import remembered
from app.looked_for.counting import LONGEST
from tests.hostile_texts.texts import TEXTS

FILE = "# Våra ord.\nsynonyms:\n  - [AME, arbetsmarknadsenhet]  # kort\nquery_words: [hur, vad]\n"
SIGNS = "[]{},:#&*!|>'\"%@`- \n\\~?a"
HOSTILE = st.sampled_from([text.written for text in TEXTS]) | st.text(max_size=60) | st.text(SIGNS, max_size=40)


def said_in_sentences(faulty: Faulty) -> bool:
    """Whether every fault can be shown as it is."""
    return all(fault.message.isprintable() for fault in faulty.faults)


@given(st.lists(HOSTILE, max_size=4).map("\n".join))
@example("skola\n- [a, b]")
@example("skola\n&a *b !c")
@example("skola\n{{7*7}} <script>")
@settings(max_examples=300)
def test_a_row_is_refused_or_written_as_it_is(typed: str) -> None:
    row = row_of(typed)
    try:
        after = Edit((), row).change()(FILE)
    except Faulty as faulty:
        if not said_in_sentences(faulty):
            pytest.fail("a fault that cannot be shown")
        return
    except BrokenDocument:
        pytest.fail("a row that was let through makes a file that cannot be read")
    lists = read_word_lists(after.encode())
    assert lists.rows == (("AME", "arbetsmarknadsenhet"), row)
    assert lists.query_words == ("hur", "vad")
    assert after.startswith(FILE.partition("query_words")[0])
    assert not [problem for problem, is_wrong in problems_of(lists) if is_wrong]
    assert synonyms_of(lists).rows
    assert Edit(row, (), going=True).change()(after) == FILE


@given(HOSTILE)
@settings(max_examples=200)
def test_query_words_are_refused_or_written_as_they_are(typed: str) -> None:
    edit = WordsEdit(("hur", "vad"), words_of(typed))
    try:
        after = edit.change()(FILE)
    except Faulty as faulty:
        if not said_in_sentences(faulty):
            pytest.fail("a fault that cannot be shown")
        return
    lists = read_word_lists(after.encode())
    assert lists.query_words == edit.merged(("hur", "vad"))
    assert lists.rows == (("AME", "arbetsmarknadsenhet"),)


@given(HOSTILE)
@settings(max_examples=300)
def test_what_is_remembered_of_a_search_is_short_printable_and_stays_the_same(typed: str) -> None:
    text = remembered(typed)
    assert len(text) <= LONGEST
    assert text.isprintable()
    assert remembered(text) == text
