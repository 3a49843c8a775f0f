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
from collections.abc import Callable, Mapping, Sequence
from itertools import count
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.index.arrays import Mask
from app.index.measured import AS_VALUE, BACKGROUND, GRAMS, IN_TITLE, K1, TOO_COMMON_FOR_GRAMS, B
from app.index.postings import NOTHING, grams
from app.index.ranking import Holders, Ranker
from app.index.terms import as_value, in_title
from app.language.analysis import term
from app.language.lexicon import lexicon

Scores = NDArray[np.float32]
# Ways to hold a word: all terms of one of them.
Ways = tuple[frozenset[str], ...]
# What is looked for by each word of a question, and what it is worth.
Worth = tuple[tuple[str, float], ...]
# From this part of all documents on, gains are kept for every position: to add rows is faster than to pick places.
DENSE = 8
# Of a word that many hold, so many of those that gain most by it are known.
TOPS = 64
_numbers = count()


class Counted:
    """Who holds a word, of the documents that the viewer may see, and what it gains each of them.

    ``gains`` belong to the ``positions``; or to all positions if very many hold the word, and then these have a
    ``mask``. They are still to be multiplied by the word's ``rarity``.
    """

    __slots__ = ("_holders", "gains", "mask", "positions", "rarity")

    def __init__(self, positions: NDArray[np.int32], gains: NDArray[np.floating], rarity: float, size: int) -> None:
        self._holders = len(positions)
        self.positions = positions
        self.rarity = rarity
        self.gains: NDArray[Any] = gains
        self.mask: Mask | None = None
        if len(positions) * DENSE > size:
            self.mask = np.zeros(size, np.bool_)
            self.mask[positions] = True
            self.gains = np.zeros(size, gains.dtype)
            self.gains[positions] = gains
            self.positions = NOTHING.places

    def __len__(self) -> int:
        return self._holders

    @property
    def nbytes(self) -> int:
        return self.positions.nbytes + self.gains.nbytes + (self.mask.nbytes if self.mask is not None else 0)

    def add_to(self, scores: Scores, worth: float) -> None:
        """Add the gains, each so many times."""
        if self.mask is not None:
            scores += worth * self.gains
        else:
            scores[self.positions] += worth * self.gains

    def add_evenly(self, scores: Scores, worth: float) -> None:
        """Add the same for each document that holds the word."""
        if self.mask is not None:
            scores += worth * self.mask
        else:
            scores[self.positions] += worth

    def join(self, mask: Mask) -> None:
        """Add the documents that hold the word to a mask."""
        if self.mask is not None:
            mask |= self.mask
        else:
            mask[self.positions] = True

    def count(self, counts: NDArray[np.int16]) -> None:
        """Add one for each document that holds the word."""
        if self.mask is not None:
            counts += self.mask
        else:
            counts[self.positions] += 1


class Summed:
    """What all that a word of a question is looked for by gains, together. Very many documents have one array for all.

    Of these the ``tops`` are known, the positions that gain most, in order.
    """

    __slots__ = ("gains", "positions", "tops")

    def __init__(self, total: Scores) -> None:
        self.positions: NDArray[np.intp] | None = np.flatnonzero(total)
        self.gains = total[self.positions]
        self.tops: NDArray[np.intp] | None = None
        if len(self.positions) * DENSE > len(total) > TOPS:
            self.positions, self.gains = None, total
            found = np.argpartition(total, -TOPS)[-TOPS:]
            self.tops = found[np.argsort(-total[found])]

    @property
    def nbytes(self) -> int:
        return self.gains.nbytes + (self.positions.nbytes if self.positions is not None else 0)

    def add_to(self, scores: Scores) -> None:
        """Add the gains."""
        if self.positions is None:
            scores += self.gains
        else:
            scores[self.positions] += self.gains


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

    def word(self, looked_for: str, worth: Worth, times: int, beginning: str) -> Summed:
        """What documents gain by a word of a question: its terms, runs of letters and beginning."""
        key = (self._number, "word", looked_for, worth, times, beginning)
        found: Summed = self._ranker.counted.get(key, lambda: self._added_up(looked_for, worth, times, beginning))
        return found

    def holding(self, ways: Ways, beginning: str) -> Mask:
        """Which documents hold a word in one of its ways, or one that begins so. Nobody may change the mask."""
        found: Mask = self._ranker.counted.get(
            (self._number, "holding", ways, beginning), lambda: self._holding(ways, beginning)
        )
        return found

    def spelt(self, form: str) -> bool:
        """Whether any document holds a word as it is written."""
        return bool(self.seen[self._ranker.with_form(form).positions].any())

    def _remembered(self, sort: str, word: str, make: Callable[[], Counted]) -> Counted:
        found: Counted = self._ranker.counted.get((self._number, sort, word), make)
        return found

    def _added_up(self, looked_for: str, worth: Worth, times: int, beginning: str) -> Summed:
        total = np.zeros(len(self.seen), np.float32)
        for one, each in worth:
            found = self.term(one)
            if len(found):
                found.add_to(total, each * times * found.rarity)
                self.title(one).add_evenly(total, IN_TITLE * each * times * found.rarity)
        if beginning:
            begun = self.beginning(beginning)
            begun.add_to(total, begun.rarity)
        if lexicon().background(term(looked_for)) <= TOO_COMMON_FOR_GRAMS:
            for gram in grams(looked_for):
                positions, gains = self._gains(self._ranker.with_gram(gram))
                total[positions] += times * GRAMS * self._rarity(len(positions), 0.0) * gains
        return Summed(total)

    def _holding(self, ways: Ways, beginning: str) -> Mask:
        found = np.zeros(len(self.seen), np.bool_)
        for way in ways:
            if len(way) == 1:
                self.term(*way).join(found)
                continue
            every = np.zeros(len(found), np.int16)
            for one in way:
                self.term(one).count(every)
            found |= every == len(way)
        if beginning:
            self.beginning(beginning).join(found)
        found.flags.writeable = False
        return found

    def _counted(self, wanted: str, found: Holders) -> Counted:
        positions, gains = self._gains(found)
        rarity = self._rarity(len(positions), lexicon().background(wanted) if wanted else 0.0)
        return Counted(positions, gains, rarity, len(self.seen))

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
        # What was added up; or all of it, as long as that is one word that very many hold.
        self._total: Scores | None = None
        self._only: Summed | None = None
        # The catalogue has one mask for all viewers with the same keys. As long as its counts are remembered, it lives,
        # so nothing else can be found under its identity.
        self._counts: Counts = ranker.viewers.get(id(seen), lambda: Counts(ranker, seen))

    @property
    def scores(self) -> Scores:
        """What each document gains by all that was added, by position. Nobody may change it."""
        return self._only.gains if self._only else self._sum()

    @property
    def tops(self) -> NDArray[np.intp] | None:
        """Some of the positions that gain most, in order, where that is known."""
        return self._only.tops if self._only else None

    def _sum(self) -> Scores:
        if self._total is None:
            self._total = np.zeros(self.ranker.size, np.float32)
            if self._only:
                self._only.add_to(self._total)
                self._only = None
        return self._total

    def holders(self, wanted: str) -> Counted:
        """The documents that hold a term."""
        return self._counts.term(wanted)

    def holding(self, ways: Ways, beginning: str) -> Mask:
        """Which documents hold a word in one of its ways, or one that begins so. Nobody may change the mask."""
        return self._counts.holding(ways, beginning)

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
            found.add_to(self._sum(), worth * found.rarity)
            self._counts.title(wanted).add_evenly(self._sum(), IN_TITLE * worth * found.rarity)

    def add_word(self, looked_for: str, worth: Mapping[str, float], times: int, beginning: str) -> None:
        """Let a word of a question count: its terms, the words that look like it, and those that begin so."""
        # In one order always: sums of short floats depend on it.
        found = self._counts.word(looked_for, tuple(sorted(worth.items())), times, beginning)
        if self._total is None and self._only is None and found.positions is None:
            self._only = found
        else:
            found.add_to(self._sum())

    def add_value(self, terms: Sequence[str]) -> None:
        """Let it count that some terms together are a value of the front matter."""
        found = self._counts.term(as_value(terms))
        if len(found):
            found.add_to(self._sum(), AS_VALUE * found.rarity)
