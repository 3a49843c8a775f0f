"""No question makes the search do more than so much, whatever is asked: its work is counted, not its time."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from functools import partial
from types import FrameType

import pytest

from app.index import Query
from app.index.sought import MOST_WORDS
from app.language.words import LONGEST_WORD
from app.library.visibility import ANYONE
from tests.index.conftest import Desk

LETTERS = "abcdefghijklmnopqrstuvwxyzåäö"
# A search for one known word makes some 2,000 calls. A call takes a fraction of a microsecond.
MOST_CALLS = 60_000


def calls_of(deed: Callable[[], object]) -> int:
    """How many calls, of Python or of C, something makes."""
    counted = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        deed()
    finally:
        sys.setprofile(None)
    return counted


@pytest.fixture
def many_words(desk: Desk) -> Desk:
    """Few documents with very many words: 300 that begin with each letter, in a segment and not yet in one."""
    chance = random.Random(7)

    def words() -> str:
        return " ".join(first + "".join(chance.choices("adeghilnorst", k=7)) for first in LETTERS for _ in range(30))

    for number in range(10):
        desk.write("practices", f"sida-{number}", words())
        if number == 5:
            desk.index.index_words()
    return desk


def lots(word: Callable[[int], str]) -> str:
    return " ".join(word(number) for number in range(MOST_WORDS))


HARD = {
    "all beginnings left out": lots(lambda number: f"-{LETTERS[number % len(LETTERS)]}"),
    "all letters": lots(lambda number: LETTERS[number % len(LETTERS)]),
    "long unknown words": lots(lambda number: (LETTERS[number % 20 :] * 3)[:LONGEST_WORD]),
    "misspelt words": lots(lambda number: f"kartlegningsvärktyg{LETTERS[number % len(LETTERS)]}"),
    "phrases of one word": lots(lambda number: f'"{LETTERS[number % len(LETTERS)]}"'),
    "a long phrase": f'"{lots(lambda _: "sida")}"',
    "one word many times": lots(lambda _: "sida"),
}


def test_a_hard_question_makes_no_more_calls_than_a_search_may(many_words: Desk) -> None:
    many_words.index.found(Query("kommun"), ANYONE)
    calls = {}
    for name, asked in HARD.items():
        queries = Query(asked), Query(asked, beginning=True)
        calls[name] = max(calls_of(partial(many_words.index.found, query, ANYONE)) for query in queries)
    assert {name: count for name, count in calls.items() if count > MOST_CALLS} == {}
    assert min(calls.values()) > 100, "nothing was counted"
