"""The words of documents put together as the lists of a segment: those that are written, and the terms they mean.

A segment's terms follow from its words as they are written: each form has one term, and those of its parts if it is a
compound. So each different form is analysed once, however many documents hold it.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from app.index.measured import PART
from app.index.postings import Arrays, arrays_in
from app.language.analysis import Analysed, analysed

Analyse = Callable[[Sequence[str]], Iterable[Analysed]]
# By the number of a form the number of its term.
Meant = NDArray[np.int32]


def one_by_one(forms: Sequence[str]) -> Iterable[Analysed]:
    """The terms of forms, worked out here and now."""
    return map(analysed, forms)


class Collector:
    """Gathers the words of one document after the other, each with its weight there."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._words = array("I")
        self._weights = array("f")
        self._counts = array("I")

    def add(self, words: Mapping[str, float]) -> None:
        """The words of the next document."""
        numbers = self._numbers
        self._words.extend([numbers.setdefault(word, len(numbers)) for word in words])
        self._weights.extend(words.values())
        self._counts.append(len(words))

    def arrays(self, with_grams: bool) -> Arrays:
        """The lists of all words, by the places of the documents in the order in which they came."""
        keys = sorted(self._numbers)
        rank = np.empty(len(keys), np.int32)
        rank[[self._numbers[key] for key in keys]] = np.arange(len(keys), dtype=np.int32)
        words = rank[np.frombuffer(self._words, np.uint32)]
        order = np.argsort(words, kind="stable")
        counts = np.frombuffer(self._counts, np.uint32)
        places = np.repeat(np.arange(len(counts), dtype=np.int32), counts)[order]
        weights = np.frombuffer(self._weights, np.float32)[order]
        ends = np.cumsum([0, *np.bincount(words, minlength=len(keys)).tolist()])
        return arrays_in([key.encode() for key in keys], ends, places, weights, with_grams)


def terms_of_forms(forms: Arrays, marks: Arrays, size: int, analyse: Analyse = one_by_one) -> tuple[Arrays, Meant]:
    """The lists of terms: the marks (which come before any word) and what the forms of so many documents mean.

    Beside that the number of each form's own term, not counting those of its parts.
    """
    numbers: dict[str, int] = {}
    owners, held, worths = array("I"), array("I"), array("d")
    for form, (whole, parts) in enumerate(analyse(str(forms["letters"].data, "utf-8").split("\n")[:-1])):
        for one, worth in ((whole, 1.0), *((part, PART) for part in parts)):
            owners.append(form)
            held.append(numbers.setdefault(one, len(numbers)))
            worths.append(worth)
    if not owners:
        return marks, np.zeros(0, np.int32)
    keys = sorted(numbers)
    rank = np.empty(len(keys), np.int64)
    rank[[numbers[key] for key in keys]] = np.arange(len(keys))
    owner, term_of = np.frombuffer(owners, np.uint32), rank[np.frombuffer(held, np.uint32)]
    # A form's own term comes before those of its parts.
    meant = term_of[np.searchsorted(owner, np.arange(len(forms["starts"]) - 1))] + len(marks["starts"]) - 1
    # The postings of each form as often as it has terms; those of one term in one document are added up.
    ends = forms["ends"].astype(np.int64)
    starts, lengths = ends[owner], ends[owner + 1] - ends[owner]
    taken = np.repeat(starts - (np.cumsum(lengths) - lengths), lengths) + np.arange(int(lengths.sum()))
    pairs = np.repeat(term_of * size, lengths) + forms["places"][taken]
    weights = forms["weights"][taken] * np.repeat(np.frombuffer(worths), lengths)
    order = np.argsort(pairs, kind="stable")
    pairs = pairs[order]
    # There may be none: Whoosh keeps a word after every document that had it is removed.
    first = np.flatnonzero(np.diff(pairs, prepend=-1))
    weights = np.add.reduceat(weights[order], first).astype(np.float32)
    pairs = pairs[first]
    ends = np.searchsorted(pairs, np.arange(len(keys) + 1) * size)
    places = (pairs % size).astype(np.int32)
    terms = arrays_in([key.encode() for key in keys], ends, places, weights, with_grams=False)
    return _joined(marks, terms), meant.astype(np.int32)


def _joined(first: Arrays, then: Arrays) -> Arrays:
    """Two tables as one, of which all words of the first come before those of the other."""
    joined = {name: np.concatenate([first[name], then[name]]) for name in ("letters", "places", "weights")}
    for name in ("starts", "ends"):
        joined[name] = np.concatenate([first[name][:-1], then[name] + first[name][-1]])
    return then | joined
