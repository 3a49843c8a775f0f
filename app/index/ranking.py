"""Which documents match, and how well: BM25 on arrays over all positions of the catalogue.

Robertson & Zaragoza 2009, "The Probabilistic Relevance Framework: BM25 and Beyond", with the weights of a word's places
added up before they saturate (BM25F), and an inverse document frequency that is never negative.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from app.index.catalogue import Catalogue, Mask
from app.index.fulltext import NOTHING, Postings
from app.index.terms import Terms

# How fast a repeated word stops counting, and how much a long document is held back.
K1 = 1.2
B = 0.6

Scores = NDArray[np.float64]


class Searchable(Protocol):
    """A set of documents by place: their numbers, lengths, who is still there, and who holds a stem."""

    @property
    def numbers(self) -> NDArray[np.int32]: ...
    @property
    def lengths(self) -> NDArray[np.float32]: ...
    @property
    def alive(self) -> Mask: ...
    def postings(self, stem: str) -> Postings: ...


class FreshDocuments:
    """The few documents that the worker has not come to yet, searched in memory."""

    def __init__(self, documents: Sequence[tuple[int, Terms]]) -> None:
        self.numbers = np.array([number for number, _ in documents], np.int32)
        self.lengths = np.array([terms.length for _, terms in documents], np.float32)
        self.alive = np.ones(len(documents), np.bool_)
        self._documents = documents

    def postings(self, stem: str) -> Postings:
        """The documents that hold a stem."""
        found = [
            (place, terms.weights[stem]) for place, (_, terms) in enumerate(self._documents) if stem in terms.weights
        ]
        if not found:
            return NOTHING
        return Postings(
            np.array([place for place, _ in found], np.int32), np.array([weight for _, weight in found], np.float32)
        )


@dataclass(frozen=True)
class _Part:
    source: Searchable
    positions: NDArray[np.int32]  # by place: the position in the catalogue, or -1


class Ranker:
    """Scores documents at one state of the catalogue and the words. Cheap to make; holds nothing that changes."""

    def __init__(self, catalogue: Catalogue, segments: Sequence[Searchable], fresh: FreshDocuments) -> None:
        is_fresh = np.zeros(len(catalogue.position_of), np.bool_)
        is_fresh[fresh.numbers] = True
        self._size = catalogue.size
        self._parts = [_Part(segment, _positions(segment, catalogue, is_fresh)) for segment in segments]
        nothing_hidden = np.zeros(len(catalogue.position_of), np.bool_)
        self._parts.append(_Part(fresh, _positions(fresh, catalogue, nothing_hidden)))
        self._lengths = np.zeros(self._size, np.float32)
        for part in self._parts:
            kept = part.positions >= 0
            self._lengths[part.positions[kept]] = part.source.lengths[kept]
        self._documents = int(sum(int((part.positions >= 0).sum()) for part in self._parts))
        average = float(self._lengths.sum()) / max(1, self._documents) or 1.0
        self._slowness = K1 * (1 - B + B * self._lengths / average)

    def match(self, stems: Sequence[str], every: bool) -> tuple[Mask, Scores]:
        """Which positions hold every stem (or any), and the score of each position; 0 where none is held."""
        scores = np.zeros(self._size)
        held = np.zeros(self._size, np.int16)
        for stem in stems:
            positions, weights = self._holders(stem)
            if len(positions):
                rarity = np.log1p((self._documents - len(positions) + 0.5) / (len(positions) + 0.5))
                scores[positions] += rarity * weights * (K1 + 1) / (weights + self._slowness[positions])
                held[positions] += 1
            elif every:
                return np.zeros(self._size, np.bool_), scores
        return held >= (len(stems) if every else 1), scores

    def _holders(self, stem: str) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """The positions that hold a stem, each once, with the stem's weight there."""
        found = []
        for part in self._parts:
            postings = part.source.postings(stem)
            positions = part.positions[postings.places]
            kept = positions >= 0
            found.append((positions[kept], postings.weights[kept]))
        return np.concatenate([one for one, _ in found]), np.concatenate([one for _, one in found])


def _positions(source: Searchable, catalogue: Catalogue, hidden: Mask) -> NDArray[np.int32]:
    """By place the position of a document, or -1 where it is deleted, out of date or unknown to the catalogue."""
    numbers = source.numbers
    known = source.alive & (numbers < len(catalogue.position_of))
    positions = np.full(len(numbers), -1, np.int32)
    numbers = numbers[known]
    positions[known] = np.where(hidden[numbers], -1, catalogue.position_of[numbers])
    return positions
