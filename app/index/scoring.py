"""How well documents answer a question: BM25 on arrays over all positions of the catalogue, counted for one viewer.

Robertson & Zaragoza 2009, "The Probabilistic Relevance Framework: BM25 and Beyond", with the weights of a word's places
added up before they saturate (BM25F). How rare a word is, is counted among the documents that the viewer may see, so
that what is hidden moves nothing, and among some documents of ordinary Swedish, so that it holds in a small library.

What a word counts for in each document depends on the documents and on what the viewer may see, not on the question.
So it is worked out when somebody first asks for the word, and remembered for as long as both stay the same; viewers
with other keys have counts of their own.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import count

import numpy as np
from numpy.typing import NDArray

from app.index.catalogue import Mask
from app.index.measured import AS_VALUE, BACKGROUND, GRAMS, IN_TITLE, K1, TOO_COMMON_FOR_GRAMS, B
from app.index.postings import grams
from app.index.ranking import Holders, Ranker
from app.index.terms import as_value, in_title
from app.language.analysis import term
from app.language.lexicon import lexicon

Scores = NDArray[np.float64]
# From this part of all documents on, gains are kept for every position: to add rows is faster than to pick places.
DENSE = 8
_numbers = count()


class Counted:
    """Who holds a word, of the documents that the viewer may see, and what it gains each of them.

    ``gains`` belong to the ``positions``, or to all positions if the word is ``dense``. They are still to be multiplied
    by the word's ``rarity``.
    """

    __slots__ = ("dense", "gains", "mask", "positions", "rarity")

    def __init__(self, positions: NDArray[np.int32], gains: NDArray[np.floating], rarity: float, size: int) -> None:
        self.positions = positions
        self.rarity = rarity
        self.dense = len(positions) * DENSE > size
        self.mask: Mask | None = None
        self.gains = gains
        if self.dense:
            self.mask = np.zeros(size, np.bool_)
            self.mask[positions] = True
            self.gains = np.zeros(size, gains.dtype)
            self.gains[positions] = gains

    def __len__(self) -> int:
        return len(self.positions)

    @property
    def nbytes(self) -> int:
        return self.positions.nbytes + self.gains.nbytes + (self.mask.nbytes if self.mask is not None else 0)

    def add_to(self, scores: Scores, worth: float) -> None:
        """Add the gains, each so many times."""
        if self.dense:
            scores += worth * self.gains
        else:
            scores[self.positions] += worth * self.gains

    def join(self, mask: Mask) -> None:
        """Add the documents that hold the word to a mask."""
        if self.mask is not None:
            mask |= self.mask
        else:
            mask[self.positions] = True


class Counts:
    """What all words count for a viewer. ``seen`` are the positions that the viewer may see."""

    def __init__(self, ranker: Ranker, seen: Mask) -> None:
        self.seen = seen
        # Never used twice, so that what is remembered of one viewer is never taken for another's.
        self._number = next(_numbers)
        self._ranker = ranker
        counted = seen & ranker.indexed
        lengths = ranker.lengths
        self._documents = int(counted.sum())
        self._average = float(lengths[counted].sum()) / max(1, self._documents) or 1.0
        self._slowness = (K1 * (1 - B) + (K1 * B / self._average) * lengths).astype(np.float32)

    @property
    def nbytes(self) -> int:
        return self.seen.nbytes + self._slowness.nbytes

    def term(self, wanted: str) -> Counted:
        """The documents that hold a term."""
        return self._remembered("term", wanted, lambda: self._counted(wanted, self._ranker.with_term(wanted)))

    def title(self, wanted: str) -> Counted:
        """The documents that hold a term in their titles."""
        return self.term(in_title(wanted))

    def beginning(self, prefix: str) -> Counted:
        """The documents that hold a word which begins so."""
        found = self._ranker.with_beginning
        return self._remembered("beginning", prefix, lambda: self._counted("", found(prefix)))

    def alike(self, word: str) -> Counted:
        """The documents that hold words which have runs of letters in common with one, with what all of these gain."""
        return self._remembered("alike", word, lambda: self._alike(word))

    def spelt(self, form: str) -> bool:
        """Whether any document holds a word as it is written."""
        return bool(self.seen[self._ranker.with_form(form).positions].any())

    def _remembered(self, sort: str, word: str, make: Callable[[], Counted]) -> Counted:
        found: Counted = self._ranker.counted.get((self._number, sort, word), make)
        return found

    def _counted(self, wanted: str, found: Holders) -> Counted:
        positions, gains = self._gains(found)
        rarity = self._rarity(len(positions), lexicon().background(wanted) if wanted else 0.0)
        return Counted(positions, gains, rarity, len(self.seen))

    def _alike(self, word: str) -> Counted:
        total = np.zeros(len(self.seen))
        if lexicon().background(term(word)) <= TOO_COMMON_FOR_GRAMS:
            for gram in grams(word):
                positions, gains = self._gains(self._ranker.with_gram(gram))
                total[positions] += GRAMS * self._rarity(len(positions), 0.0) * gains
        positions = np.flatnonzero(total).astype(np.int32)
        return Counted(positions, total[positions], 1.0, len(self.seen))

    def _gains(self, found: Holders) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        kept = self.seen[found.positions]
        positions, weights = found.positions[kept], found.weights[kept]
        return positions, weights * np.float32(K1 + 1) / (weights + self._slowness[positions])

    def _rarity(self, holders: int, background: float) -> float:
        """The inverse document frequency; ``background`` is how large a part of ordinary text the word is."""
        smooth = BACKGROUND if background else 0.0
        holders_with = holders + smooth * (1 - math.exp(-background * self._average))
        return math.log1p((self._documents + smooth - holders_with + 0.5) / (holders_with + 0.5))


class Scorer:
    """Scores the documents that a viewer may see, for one question. ``seen`` are their positions."""

    def __init__(self, ranker: Ranker, seen: Mask) -> None:
        self.ranker = ranker
        self.seen = seen
        self.scores: Scores = np.zeros(ranker.size)
        # The catalogue has one mask for all viewers with the same keys. As long as its counts are remembered, it lives,
        # so nothing else can be found under its identity.
        self._counts: Counts = ranker.viewers.get(id(seen), lambda: Counts(ranker, seen))

    def holders(self, wanted: str) -> Counted:
        """The documents that hold a term."""
        return self._counts.term(wanted)

    def spelt(self, form: str) -> bool:
        """Whether any document holds a word as it is written."""
        return self._counts.spelt(form)

    def inflected(self, word: str) -> Mask:
        """Which documents hold a word in any of its forms; a compound with it is another word."""
        return self._at(self.ranker.with_inflections(term(word)).positions)

    def phrase(self, phrase: Sequence[str]) -> Mask:
        """Which documents hold some words after one another, as they are written."""
        return self._at(self.ranker.with_phrase(phrase))

    def _at(self, positions: NDArray[np.int32]) -> Mask:
        mask = np.zeros(len(self.seen), np.bool_)
        mask[positions] = True
        return mask & self.seen

    def beginning(self, prefix: str) -> Counted:
        """The documents that hold a word which begins so."""
        return self._counts.beginning(prefix)

    def add_term(self, wanted: str, worth: float) -> None:
        """Let a term count, and once more where it stands in the title."""
        found = self._counts.term(wanted)
        if len(found):
            found.add_to(self.scores, worth * found.rarity)
            titled = self._counts.title(wanted)
            self.scores[titled.positions] += IN_TITLE * worth * found.rarity

    def add_beginning(self, prefix: str) -> None:
        """Let the words count that begin so."""
        found = self._counts.beginning(prefix)
        found.add_to(self.scores, found.rarity)

    def add_value(self, terms: Sequence[str]) -> None:
        """Let it count that some terms together are a value of the front matter."""
        found = self._counts.term(as_value(terms))
        found.add_to(self.scores, AS_VALUE * found.rarity)

    def add_alike(self, word: str, times: int = 1) -> None:
        """Let the words count that look like this one, a little."""
        self._counts.alike(word).add_to(self.scores, times)
