"""What may become of words whose last is the beginning of one, and the others perhaps as well: "ek bis"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from app.index.arrays import Mask
from app.index.commonest import commonest
from app.index.measured import TOO_COMMON_FOR_GRAMS
from app.index.ranking import Ranker
from app.index.titles import beginnings
from app.language.analysis import term
from app.language.folding import fold
from app.language.lexicon import lexicon

# From so many letters on words are suggested: before that they are any words.
SHORTEST_BEGINNING = 2
SHORTEST_WORD = 3
# The commonest of the words that begin so, of each part of the index.
COMMONEST = 40
# Where several words are only begun: so many of each are looked at, and so many ways to go on from them.
BEGUN, WAYS = 5, 3
# So many forms of a word are tried after the word before.
MOST_FORMS = 4
# A word without marks that is so much rarer in Swedish than one with them is that one, as addresses are written.
WORN = 0.05

Words = tuple[str, ...]


@dataclass(frozen=True)
class Completer:
    """Completes words by those that stand in the ``listed`` documents."""

    ranker: Ranker
    listed: Mask

    def completed(self, typed: Words, limit: int) -> list[str]:
        """The words with the last one whole, the commonest first and one form of each.

        What comes before is taken for whole words if some documents have them all, and else for beginnings.
        """
        *before, last = typed
        if len(last) < SHORTEST_BEGINNING or not last.isalpha():
            return []
        spelt = tuple(self._with_marks(word) for word in before)
        counted = commonest(self.ranker, last, self.holding(spelt), COMMONEST)
        found = [(*spelt, self._best_after(spelt, forms)) for forms in _by_word(counted, last, limit)]
        if before and not found:
            found = self._from_beginnings(before, last)
        return [" ".join(words) for words in found[:limit]]

    def holding(self, words: Iterable[str]) -> Mask:
        """The listed positions that hold all of some words, in any form."""
        mask = self.listed
        for word in words:
            mask = mask & self._at(self.ranker.with_term(term(word)).positions)
        return mask

    def _at(self, positions: np.ndarray) -> Mask:
        mask = np.zeros(len(self.listed), np.bool_)
        mask[positions] = True
        return mask

    def _with_marks(self, word: str) -> str:
        """A word as the documents write it, if it is typed without its marks: "forsta" is "första"."""
        if not word.isalpha() or fold(word) != word:
            return word
        written = {
            one: int(np.count_nonzero(self.listed[self.ranker.with_form(one).positions]))
            for forms, _ in self.ranker.forms_by_part()
            for one in (forms.word(numbers.start) for numbers in beginnings(forms, word))
            if len(one) == len(word)
        }
        counted = _without_worn({one: count for one, count in written.items() if count})
        return word if word in counted or not counted else max(counted, key=lambda one: (counted[one], one))

    def _best_after(self, before: Words, forms: Sequence[str]) -> str:
        """Of some forms of a word the one that stands most often after another: "första mötet"."""
        if not before or len(forms) == 1:
            return forms[0]
        return max(forms[:MOST_FORMS], key=lambda form: self._together((before[-1], form)))

    def _together(self, words: Words) -> int:
        """In how many of the listed documents some words stand after one another."""
        return int(np.count_nonzero(self.listed[self.ranker.with_phrase(words)]))

    def _from_beginnings(self, before: Sequence[str], last: str) -> list[Words]:
        """What may be meant if all words are only begun: first what stands together."""
        ways: list[tuple[Words, Mask]] = [((), self.listed)]
        for typed in before:
            ways = [
                ((*begun, word), mask & self._at(self.ranker.with_form(word).positions))
                for begun, mask in ways
                for word in self._begun(typed, mask)
            ][:WAYS]
        counted = {
            (*begun, word): self._together((*begun, word)) for begun, mask in ways for word in self._begun(last, mask)
        }
        best = sorted(counted, key=lambda words: -counted[words])
        return list({tuple(fold(term(word)) for word in words): words for words in reversed(best)}.values())[::-1]

    def _begun(self, typed: str, mask: Mask) -> list[str]:
        """The commonest words that begin so, in all their forms."""
        if len(typed) < SHORTEST_BEGINNING or not typed.isalpha():
            return []
        counted = _without_worn(commonest(self.ranker, typed, mask, BEGUN))
        ordered = sorted(counted, key=lambda word: (-counted[word], word))
        return [word for word in ordered[:BEGUN] if _worth_suggesting(word)]


def _worth_suggesting(word: str) -> bool:
    """Whether somebody may look for a word: no single letters, numbers or words that are everywhere."""
    return len(word) >= SHORTEST_WORD and word.isalpha() and lexicon().background(term(word)) <= TOO_COMMON_FOR_GRAMS


def _by_word(counted: Mapping[str, int], typed: str, most: int) -> list[list[str]]:
    """The forms of the commonest words, the commonest first; what is typed already helps nobody."""
    counted = _without_worn(counted)
    found: dict[str, list[str]] = {}
    for word in sorted(counted, key=lambda one: (-counted[one], one)):
        if word != typed and _worth_suggesting(word):
            found.setdefault(fold(term(word)), []).append(word)
        if len(found) > most:
            break
    return list(found.values())[:most]


def _without_worn(counted: Mapping[str, int]) -> dict[str, int]:
    """Without words that have lost their marks, as in the address of a page, where they stand with them as well."""
    marked = {plain: word for word in counted if (plain := fold(word)) != word}
    return {word: count for word, count in counted.items() if word not in marked or not _is_worn(word, marked[word])}


def _is_worn(word: str, marked: str) -> bool:
    return lexicon().frequency(word) <= lexicon().frequency(marked) * WORN
