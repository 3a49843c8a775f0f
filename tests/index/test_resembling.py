"""The words that may have been meant are found without looking at each: none that is near enough is passed by."""

from __future__ import annotations

import random

import numpy as np
from rapidfuzz.distance import OSA

from app.index.postings import Postings, Table, arrays_of
from app.language.folding import fold

LETTERS = "abdefgiklmnoprstuvyåäöéœπ1"


def table(words: set[str]) -> Table:
    one = Postings(np.zeros(1, np.int32), np.ones(1, np.float32))
    return Table(arrays_of(((key, one) for key in sorted(word.encode() for word in words)), with_grams=True), 1)


def near(words: set[str], typed: str, faults: int) -> set[str]:
    return {word for word in words if OSA.distance(fold(typed), fold(word)) <= faults}


def changed(chance: random.Random, word: str) -> str:
    """The word with one fault."""
    at = chance.randrange(len(word) - 1)
    letter = chance.choice(LETTERS)
    ways = (word[:at] + word[at + 1 :], word[:at] + letter + word[at:], word[:at] + letter + word[at + 1 :])
    return chance.choice((*ways, word[:at] + word[at + 1] + word[at] + word[at + 2 :]))


def test_every_word_that_is_near_enough_is_looked_at() -> None:
    chance = random.Random(4)
    words = {"".join(chance.choices(LETTERS, k=chance.randrange(4, 14))) for _ in range(400)}
    words |= {changed(chance, word) for word in sorted(words)} | {"ö", "å" * 60, "ab" * 30}
    words |= {changed(chance, changed(chance, word)) for word in sorted(words) if len(word) > 4}
    forms = table(words)
    found, looked = 0, 0
    for typed in chance.sample(sorted(words), 100):
        for faults in (1, 2):
            looked_at = set(forms.resembling(typed, faults))
            assert near(words, typed, faults) <= looked_at
            looked += len(looked_at)
            found += len(near(words, typed, faults))
    assert found > 300
    assert looked < 200 * len(words) / 20, "else nothing is gained"


def test_there_need_not_be_any_words() -> None:
    assert table(set()).resembling("kommun", 2) == []
