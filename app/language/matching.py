"""Where the words stand in a text that are forms of some terms, or compounds with one of them.

To look at every word of a text costs many times what its search did. A form of a term begins with the same letters as
the term, or is one of the few irregular ones that are known by name; a compound has such a form inside. So the text is
searched for those letters, and only the words around them are looked at.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache

from app.language.analysis import analysed
from app.language.lexicon import lexicon
from app.language.words import LONGEST_WORD, Place, places_of, printed

# A part of a compound has at least so many letters, and these are as in the word that it is.
LETTERS = 3
# Words are so many that a matcher could remember them without end.
MOST_KNOWN = 4_000
_BETWEEN_DIGITS = "[.,\u00a0\u2009\u202f ]?"


Phrases = Sequence[Sequence[str]]


def matcher(terms: Collection[str], phrases: Phrases = ()) -> Matcher:
    """The matcher of some terms, which remembers what it was asked: the hits of a page have many words in common."""
    return _matcher(frozenset(terms), tuple(tuple(phrase) for phrase in phrases))


def stands_in(text: str, phrase: Sequence[str]) -> bool:
    """Whether a phrase stands in a text as it is written, whatever the capitals and what is between its words."""
    return bool(matcher((), (phrase,)).places(printed(text)))


class Matcher:
    """Finds the words that are forms of some terms, or compounds with one of them, and phrases as they are written."""

    def __init__(self, terms: frozenset[str], phrases: tuple[tuple[str, ...], ...] = ()) -> None:
        self._terms = terms
        spelt = (r"[\W_]+".join(map(re.escape, phrase)) for phrase in phrases)
        self._phrases = re.compile("|".join(rf"(?<!\w){one}(?!\w)" for one in spelt)) if phrases else None
        self._known: dict[str, bool] = {}
        numbers = [term for term in terms if any(map(str.isdigit, term))]
        beginnings = {one for term in terms.difference(numbers) for one in _beginnings(term)}
        # What has another of them inside is found by it.
        self._beginnings = [one for one in beginnings if not any(two in one for two in beginnings if two != one)]
        self._numbers = re.compile("|".join(map(_written, numbers))) if numbers else None

    def holds(self, word: str) -> bool:
        """Whether a word is a form of one of the terms, or a compound with one of them."""
        known = self._known.get(word)
        if known is None:
            if len(self._known) > MOST_KNOWN:
                self._known.clear()
            whole, parts = analysed(word)
            known = self._known[word] = whole in self._terms or not self._terms.isdisjoint(parts)
        return known

    def places(self, text: str) -> list[Place]:
        """Where words and phrases stand, in order; a phrase is one place. The text is to be as it is ``printed``."""
        # As ``normal`` makes letters small: none of them becomes two.
        small = text.replace("İ", "i").lower()
        if self._phrases is None:
            return self._words(text, small)
        phrases = [Place(found.start(), found.end(), found.group()) for found in self._phrases.finditer(small)]
        inside = {at for start, end, _ in phrases for at in range(start, end)}
        return sorted([*phrases, *(place for place in self._words(text, small) if place.start not in inside)])

    def _words(self, text: str, small: str) -> list[Place]:
        if self._numbers and self._numbers.search(small):
            return list(places_of(text, self.holds))
        found: dict[int, Place] = {}
        for beginning in self._beginnings:
            for start, end in _runs_with(small, beginning):
                if small[start].isdigit():  # where a number ends and a word begins takes a closer look
                    return list(places_of(text, self.holds))
                word = small[start:end][:LONGEST_WORD]
                if start not in found and self.holds(word):
                    found[start] = Place(start, end, word)
        return [found[start] for start in sorted(found)]


_matcher = lru_cache(maxsize=64)(Matcher)


@lru_cache(maxsize=4_000)
def _beginnings(term: str) -> frozenset[str]:
    """The first letters of all forms of a term."""
    return frozenset(form[:LETTERS] for form in (term, *lexicon().with_irregular(term)))


def _written(term: str) -> str:
    """A pattern for how a term with digits may be written: "85000" also with a space, "13,3" also with a point."""
    return _BETWEEN_DIGITS.join(re.escape(sign) for sign in term if sign != ",")


def _runs_with(text: str, letters: str) -> Iterator[tuple[int, int]]:
    """The runs of letters and digits that have some letters inside: where each begins and ends."""
    at = text.find(letters)
    while at >= 0:
        start, end = at, at + len(letters)
        while start and text[start - 1].isalnum():
            start -= 1
        while end < len(text) and text[end].isalnum():
            end += 1
        yield start, end
        at = text.find(letters, end)
