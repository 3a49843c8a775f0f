"""How words may be spelt that nothing has: as some words of the listed documents are."""

from __future__ import annotations

from dataclasses import dataclass

from app.index.arrays import Mask
from app.index.commonest import commonest, looking_alike
from app.index.ranking import Ranker
from app.language.analysis import term
from app.language.folding import fold
from app.language.spelling import SHORTEST, close

# Among so many of the commonest words that begin so, and of those that look alike, one is looked for that is meant.
LOOKED_AT, ALIKE = 200, 40
MOST_CORRECTED = 2
# A long word that begins otherwise has runs of letters left by which it is found.
LONG, FIRST_OF_LONG, FIRST = 8, 3, 2


@dataclass(frozen=True)
class Respeller:
    """Spells words as the ``listed`` documents do."""

    ranker: Ranker
    listed: Mask

    def respelt(self, words: tuple[str, ...], unfinished: bool) -> tuple[str, ...]:
        """The words with those that nothing listed holds as they may be meant. ``unfinished``: the last is open."""
        left = MOST_CORRECTED
        found = list(words)
        for at, word in enumerate(words):
            if left and len(word) >= SHORTEST and not self._is_held(term(word)):
                meant = self._meant(word, unfinished and at == len(words) - 1)
                found[at] = meant or word
                left -= bool(meant)
        return tuple(found)

    def _is_held(self, wanted: str) -> bool:
        return bool(self.listed[self.ranker.with_term(wanted).positions].any())

    def _meant(self, typed: str, unfinished: bool) -> str:
        first = typed[: FIRST_OF_LONG if len(typed) >= LONG else FIRST]
        counted = looking_alike(self.ranker, typed, self.listed, ALIKE)
        counted |= commonest(self.ranker, first, self.listed, LOOKED_AT)
        # Of words that differ only in their marks, and of those that begin alike, the commonest.
        by_marks = {fold(word): word for word in sorted(counted, key=lambda one: (counted[one], one))}
        meant = next(close(typed, sorted(by_marks.values()), True), "")
        if meant or not unfinished:
            return meant
        # A letter too many or too few moves the rest.
        begun = {word[: len(typed) + more]: word for more in (-1, 1, 0) for word in by_marks.values()}
        return begun.get(next(close(typed, sorted(begun), True), ""), "")
