"""How well documents match: BM25 on arrays over all positions of the catalogue, counted for one viewer.

Robertson & Zaragoza 2009, "The Probabilistic Relevance Framework: BM25 and Beyond", with the weights of a word's places
added up before they saturate (BM25F). How rare a word is, is counted among the documents that the viewer may see, so
that what is hidden moves nothing, and among some documents of ordinary Swedish, so that it holds in a small library.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from app.index.catalogue import Catalogue, Mask
from app.index.measured import AS_VALUE, BACKGROUND, GRAMS, IN_TITLE, K1, TOO_COMMON_FOR_GRAMS, B
from app.index.phrases import Spots, spots_of
from app.index.postings import NOTHING, Arrays, Postings, Table, arrays_of, grams, numbered
from app.index.terms import Terms, as_value, in_title
from app.language.analysis import inflections, term
from app.language.lexicon import lexicon

Scores = NDArray[np.float64]
# So many bytes of lists that had to be put together are remembered.
REMEMBERED_BYTES = 24 * 1024 * 1024


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
    def spots(self) -> Spots: ...


class FreshDocuments:
    """The few documents that the worker has not come to yet, searched in memory."""

    def __init__(self, documents: Sequence[tuple[int, Terms]]) -> None:
        self.numbers = np.array([number for number, _ in documents], np.int32)
        self.lengths = np.array([terms.length for _, terms in documents], np.float32)
        self.alive = np.ones(len(documents), np.bool_)
        self.terms = Table(_arrays([terms.weights for _, terms in documents], with_grams=False), len(documents))
        forms = _arrays([terms.forms for _, terms in documents], with_grams=True)
        self.forms = Table(forms, len(documents))
        self.spots = Spots(spots_of((terms.sequence for _, terms in documents), numbered(forms)), self.forms)


def _arrays(documents: Sequence[dict[str, float]], with_grams: bool) -> Arrays:
    held: dict[bytes, list[tuple[int, float]]] = {}
    for place, weights in enumerate(documents):
        for word, weight in weights.items():
            held.setdefault(word.encode(), []).append((place, weight))
    lists = (
        (key, Postings(np.array([p for p, _ in held[key]], np.int32), np.array([w for _, w in held[key]], np.float32)))
        for key in sorted(held)
    )
    return arrays_of(lists, with_grams)


@dataclass(frozen=True)
class Holders:
    """The positions of the documents that hold something, each once, with its weight there."""

    positions: NDArray[np.int32]
    weights: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.positions)


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
        self._remembered: OrderedDict[str, Holders] = OrderedDict()
        self._bytes = 0

    def with_term(self, wanted: str) -> Holders:
        """The documents that hold a term."""
        return self._together((part, part.source.terms.postings(wanted)) for part in self._parts)

    def with_form(self, wanted: str) -> Holders:
        """The documents that hold a word as it is written."""
        return self._together((part, part.source.forms.postings(wanted)) for part in self._parts)

    def with_gram(self, gram: str) -> Holders:
        """The documents that hold a word with a run of five letters."""
        found = self._remembered.get(gram)
        if found is None:
            tables = ((part, part.source.forms) for part in self._parts)
            found = self._together((part, forms.union(forms.with_gram(gram))) for part, forms in tables)
            self._remember(gram, found)
        return found

    def with_beginning(self, prefix: str) -> Holders:
        """The documents that hold a word which begins so."""
        tables = ((part, part.source.forms) for part in self._parts)
        return self._together((part, forms.union(forms.beginning(prefix))) for part, forms in tables)

    def with_inflections(self, wanted: str) -> Holders:
        """The documents that hold a form of a term, not counting compounds with it."""
        return self._together((part, _inflected(part.source.forms, wanted)) for part in self._parts)

    def with_phrase(self, phrase: Sequence[str]) -> NDArray[np.int32]:
        """The positions of the documents that hold some words after one another, as they are written."""
        found = (part.positions[part.source.spots.holding(phrase)] for part in self._parts)
        positions = np.concatenate([NOTHING.places, *found])
        return positions[positions >= 0]

    def forms_beginning(self, prefix: str) -> set[str]:
        """The words that begin so, whoever may see them."""
        tables = (part.source.forms for part in self._parts)
        return {forms.word(number) for forms in tables for number in forms.beginning(prefix)}

    def forms_by_part(self) -> Iterable[tuple[Table, NDArray[np.int32]]]:
        """The words of each part as they are written, with the position of the document at each place, or -1."""
        return ((part.source.forms, part.positions) for part in self._parts)

    def forms(self) -> Iterable[Table]:
        """All words, of each part by itself, whoever may see them."""
        return (part.source.forms for part in self._parts)

    def _together(self, found: Iterable[tuple[_Part, Postings]]) -> Holders:
        positions, weights = [NOTHING.places], [NOTHING.weights]
        for part, postings in found:
            if len(postings.places):
                here = part.positions[postings.places]
                kept = here >= 0
                positions.append(here[kept])
                weights.append(postings.weights[kept])
        return Holders(np.concatenate(positions), np.concatenate(weights))

    def _remember(self, key: str, found: Holders) -> None:
        self._remembered[key] = found
        self._bytes += found.positions.nbytes + found.weights.nbytes + 200
        while self._bytes > REMEMBERED_BYTES and len(self._remembered) > 1:
            _, old = self._remembered.popitem(last=False)
            self._bytes -= old.positions.nbytes + old.weights.nbytes + 200


@dataclass
class Scorer:
    """Scores the documents that a viewer may see, for one question. ``seen`` are their positions."""

    ranker: Ranker
    seen: Mask
    scores: Scores = field(init=False)
    _held: dict[str, Holders] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        counted = self.seen & self.ranker.indexed
        lengths = self.ranker.lengths
        self._documents = int(counted.sum())
        self._average = float(lengths[counted].sum()) / max(1, self._documents) or 1.0
        self._slowness = (K1 * (1 - B) + (K1 * B / self._average) * lengths).astype(np.float32)
        self.scores = np.zeros(self.ranker.size)

    def holders(self, wanted: str) -> Holders:
        """The documents that hold a term."""
        if wanted not in self._held:
            self._held[wanted] = self._seen(self.ranker.with_term(wanted))
        return self._held[wanted]

    def spelt(self, form: str) -> bool:
        """Whether any document holds a word as it is written."""
        return len(self._seen(self.ranker.with_form(form))) > 0

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

    def beginning(self, prefix: str) -> Holders:
        """The documents that hold a word which begins so."""
        key = f"{prefix}*"  # no term has such a letter
        if key not in self._held:
            self._held[key] = self._seen(self.ranker.with_beginning(prefix))
        return self._held[key]

    def add_term(self, wanted: str, worth: float) -> None:
        """Let a term count, and once more where it stands in the title."""
        found, background = self.holders(wanted), lexicon().background(wanted)
        self.add(found, worth, background)
        titled = self.holders(in_title(wanted))
        if len(titled):
            self.scores[titled.positions] += IN_TITLE * worth * self._rarity(len(found), background)

    def add_value(self, terms: Sequence[str]) -> None:
        """Let it count that some terms together are a value of the front matter."""
        self.add(self.holders(as_value(terms)), AS_VALUE)

    def add_grams(self, word: str, times: int = 1) -> None:
        """Let the words count that look like this one, a little."""
        if lexicon().background(term(word)) <= TOO_COMMON_FOR_GRAMS:
            for gram in grams(word):
                self.add(self._seen(self.ranker.with_gram(gram)), times * GRAMS)

    def add(self, found: Holders, worth: float, background: float = 0.0) -> None:
        """Let what some documents hold count, by how rare it is."""
        if len(found):
            weights = found.weights
            gains = weights * np.float32(K1 + 1) / (weights + self._slowness[found.positions])
            self.scores[found.positions] += worth * self._rarity(len(found), background) * gains

    def _rarity(self, holders: int, background: float) -> float:
        """The inverse document frequency; ``background`` is how large a part of ordinary text the word is."""
        smooth = BACKGROUND if background else 0.0
        holders_with = holders + smooth * (1 - math.exp(-background * self._average))
        return math.log1p((self._documents + smooth - holders_with + 0.5) / (holders_with + 0.5))

    def _seen(self, found: Holders) -> Holders:
        kept = self.seen[found.positions]
        return Holders(found.positions[kept], found.weights[kept])


def _inflected(forms: Table, wanted: str) -> Postings:
    beginning = (forms.word(number) for number in forms.beginning(wanted))
    numbers = {forms.number(form) for form in inflections(wanted, beginning)}
    return forms.union(np.array(sorted(numbers - {-1}), np.int32))


def _positions(source: Searchable, catalogue: Catalogue, hidden: Mask) -> NDArray[np.int32]:
    """By place the position of a document, or -1 where it is deleted, out of date or unknown to the catalogue."""
    numbers = source.numbers
    known = source.alive & (numbers < len(catalogue.position_of))
    positions = np.full(len(numbers), -1, np.int32)
    numbers = numbers[known]
    positions[known] = np.where(hidden[numbers], -1, catalogue.position_of[numbers])
    return positions
