"""What a word is found by: its term and, of a compound, those of its parts. The same on both sides of the search."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from app.language.compounds import parts_of, term_of_form

# Long texts have some 100,000 forms, and most words are among the few thousand commonest.
REMEMBERED = 60_000


class Analysed(NamedTuple):
    """The term of a whole word, and the terms of its parts if it is a compound."""

    whole: str
    parts: tuple[str, ...] = ()


def analysed(word: str) -> Analysed:
    """What a word, as ``words`` gives it, is found by: "hembesöken" by "hembesök", "hem" and "besök"."""
    return Analysed(*_analysed(word))


@lru_cache(maxsize=REMEMBERED)
def _analysed(word: str) -> tuple[str, tuple[str, ...]]:
    # Remembered as plain tuples of texts: Python's collector looks at each other sort of thing again and again.
    whole = term_of_form(word)
    parts = dict.fromkeys(part.term for part in parts_of(word))
    return whole, tuple(part for part in parts if part != whole)


@lru_cache(maxsize=REMEMBERED)
def term(word: str) -> str:
    """The term of a whole word; much cheaper than to look for its parts."""
    return term_of_form(word)
