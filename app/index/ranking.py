"""All documents at one state of the catalogue and of the words: who holds a word, by its position in the catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from sys import getsizeof
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from app.index.arrays import Mask
from app.index.catalogue import Catalogue
from app.index.listing_words import Collector, Meant, terms_of_forms
from app.index.phrases import Spots, spots_of
from app.index.postings import NOTHING, Postings, Table, numbered
from app.index.remembered import Remembered
from app.index.terms import Terms
from app.language.spelling import close, faults_in

# So many bytes are remembered: of lists that had to be put together, of what words count, of viewers, and of
# the words that misspelt ones may mean.
ALIKE_BYTES, COUNTED_BYTES, VIEWERS_BYTES, NEAR_BYTES = (size * 1024 * 1024 for size in (16, 40, 8, 1))


class Searchable(Protocol):
    """A set of documents by place: their numbers, lengths, who is still there, and who holds a term or a form."""

    @property
    def numbers(self) -> NDArray[np.int32]: ...
    @property
    def lengths(self) -> NDArray[np.float32]: ...
    @property
    def alive(self) -> Mask: ...
    @property
    def terms(self) -> Table: ...
    @property
    def forms(self) -> Table: ...
    @property
    def meant(self) -> Meant: ...
    @property
    def spots(self) -> Spots: ...


class FreshDocuments:
    """The few documents that the worker has not come to yet, searched in memory."""

    def __init__(self, documents: Sequence[tuple[int, Terms]]) -> None:
        self.numbers = np.array([number for number, _ in documents], np.int32)
        self.lengths = np.array([terms.length for _, terms in documents], np.float32)
        self.alive = np.ones(len(documents), np.bool_)
        marks, forms = Collector(), Collector()
        for _, terms in documents:
            marks.add(terms.marks)
            forms.add(terms.forms)
        arrays = forms.arrays(with_grams=True)
        self.forms = Table(arrays, len(documents))
        means, self.meant = terms_of_forms(arrays, marks.arrays(with_grams=False), len(documents))
        self.terms = Table(means, len(documents))
        self.spots = Spots(spots_of((terms.sequence for _, terms in documents), numbered(arrays)), self.forms)


@dataclass(frozen=True)
class Holders:
    """The positions of the documents that hold something, each once, with its weight there."""

    positions: NDArray[np.int32]
    weights: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.positions)

    @property
    def nbytes(self) -> int:
        return self.positions.nbytes + self.weights.nbytes


@dataclass(frozen=True)
class Near:
    """Words that are near another one."""

    words: tuple[str, ...]

    @property
    def nbytes(self) -> int:
        return sum(map(getsizeof, self.words))


@dataclass(frozen=True)
class _Part:
    source: Searchable
    positions: NDArray[np.int32]  # by place: the position in the catalogue, or -1


class Ranker:
    """All documents at one state of the catalogue and the words. Cheap to make; what it remembers is only a cache."""

    def __init__(self, catalogue: Catalogue, segments: Sequence[Searchable], fresh: FreshDocuments) -> None:
        is_fresh = np.zeros(len(catalogue.position_of), np.bool_)
        is_fresh[fresh.numbers] = True
        self.size = catalogue.size
        self._parts = [_Part(segment, _positions(segment, catalogue, is_fresh)) for segment in segments]
        nothing_hidden = np.zeros(len(catalogue.position_of), np.bool_)
        self._parts.append(_Part(fresh, _positions(fresh, catalogue, nothing_hidden)))
        self.lengths = np.zeros(self.size, np.float32)
        self.indexed = np.zeros(self.size, np.bool_)
        for part in self._parts:
            kept = part.positions >= 0
            self.lengths[part.positions[kept]] = part.source.lengths[kept]
            self.indexed[part.positions[kept]] = True
        self._alike: Remembered[Holders] = Remembered(ALIKE_BYTES)
        self._near: Remembered[Near] = Remembered(NEAR_BYTES)
        # What words count for each viewer who has asked: see ``scoring``, which alone uses these.
        self.viewers: Remembered[Any] = Remembered(VIEWERS_BYTES)
        self.counted: Remembered[Any] = Remembered(COUNTED_BYTES)

    def with_term(self, wanted: str) -> Holders:
        """The documents that hold a term."""
        return self._together((part, part.source.terms.postings(wanted)) for part in self._parts)

    def with_form(self, wanted: str) -> Holders:
        """The documents that hold a word as it is written."""
        return self._together((part, part.source.forms.postings(wanted)) for part in self._parts)

    def with_gram(self, gram: str) -> Holders:
        """The documents that hold a word with a run of five letters."""
        tables = ((part, part.source.forms) for part in self._parts)
        return self._alike.get(
            gram, lambda: self._together((part, forms.union(forms.with_gram(gram))) for part, forms in tables)
        )

    def with_beginning(self, prefix: str) -> Holders:
        """The documents that hold a word which begins so."""
        tables = ((part, part.source.forms) for part in self._parts)
        return self._together((part, forms.union(forms.beginning(prefix))) for part, forms in tables)

    def with_inflections(self, wanted: str) -> Holders:
        """The documents that hold a form of a term, not counting compounds with it."""
        return self._together((part, _inflected(part.source, wanted)) for part in self._parts)

    def with_phrase(self, phrase: Sequence[str]) -> NDArray[np.int32]:
        """The positions of the documents that hold some words after one another, as they are written."""
        found = (part.positions[part.source.spots.holding(phrase)] for part in self._parts)
        positions = np.concatenate([NOTHING.places, *found])
        return positions[positions >= 0]

    def near(self, typed: str, believe: bool) -> Near:
        """The words that somebody who typed this may have meant, the likeliest first, whoever may see them."""

        def found() -> Near:
            faults = faults_in(typed)
            tables = (part.source.forms for part in self._parts) if faults else ()
            candidates = {one for forms in tables for one in forms.resembling(typed, faults)}
            return Near(tuple(close(typed, sorted(candidates), believe)))

        return self._near.get((typed, believe), found)

    def forms_beginning(self, prefix: str) -> set[str]:
        """The words that begin so, whoever may see them."""
        tables = (part.source.forms for part in self._parts)
        return {forms.word(number) for forms in tables for number in forms.beginning(prefix)}

    def forms_by_part(self) -> Iterable[tuple[Table, NDArray[np.int32]]]:
        """The words of each part as they are written, with the position of the document at each place, or -1."""
        return ((part.source.forms, part.positions) for part in self._parts)

    def _together(self, found: Iterable[tuple[_Part, Postings]]) -> Holders:
        positions, weights = [NOTHING.places], [NOTHING.weights]
        for part, postings in found:
            if len(postings.places):
                here = part.positions[postings.places]
                kept = here >= 0
                positions.append(here[kept])
                weights.append(postings.weights[kept])
        return Holders(np.concatenate(positions), np.concatenate(weights))


def _inflected(source: Searchable, wanted: str) -> Postings:
    return source.forms.union(np.flatnonzero(source.meant == source.terms.number(wanted)).astype(np.int32))


def _positions(source: Searchable, catalogue: Catalogue, hidden: Mask) -> NDArray[np.int32]:
    """By place the position of a document, or -1 where it is deleted, out of date or unknown to the catalogue."""
    numbers = source.numbers
    known = source.alive & (numbers < len(catalogue.position_of))
    positions = np.full(len(numbers), -1, np.int32)
    numbers = numbers[known]
    positions[known] = np.where(hidden[numbers], -1, catalogue.position_of[numbers])
    return positions
