"""Other words for the same thing: rows of words and expressions that people use for one another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from app.language.analysis import term
from app.language.words import words

Phrase = tuple[str, ...]
LONGEST_PHRASE = 6


@dataclass(frozen=True)
class Synonyms:
    """Rows of expressions that mean the same, each expression as its terms; and the words that only ask."""

    rows: tuple[tuple[Phrase, ...], ...] = ()
    asking: frozenset[str] = frozenset()
    _rows_of: dict[Phrase, list[tuple[Phrase, ...]]] = field(default_factory=dict, compare=False)

    @classmethod
    def of(cls, rows: Iterable[Iterable[str]], asking: Iterable[str] = ()) -> Synonyms:
        """Synonyms from rows of expressions as people write them. What has no word in it is left out."""
        found = tuple(
            tuple(dict.fromkeys(phrase for one in row if (phrase := phrase_of(one)) and len(phrase) <= LONGEST_PHRASE))
            for row in rows
        )
        rows_of: dict[Phrase, list[tuple[Phrase, ...]]] = {}
        for row in found:
            for phrase in row:
                rows_of.setdefault(phrase, []).append(row)
        return cls(found, frozenset(word for one in asking for word in words(one)), rows_of)

    def others(self, terms: Sequence[str]) -> Iterator[tuple[range, tuple[Phrase, ...]]]:
        """Where in a query an expression of some row stands, and the other expressions of that row."""
        for start in range(len(terms)):
            for end in range(start + 1, min(len(terms), start + LONGEST_PHRASE) + 1):
                phrase = tuple(terms[start:end])
                for row in self._rows_of.get(phrase, ()):
                    yield range(start, end), tuple(other for other in row if other != phrase)


def phrase_of(text: str) -> Phrase:
    """An expression as its terms."""
    return tuple(term(word) for word in words(text))
