"""Where each word of a segment's documents stands, so that words in quotes are found as they are written.

All words of all documents stand in one long row, with a gap between the texts of a document. For each word as it is
written there is the list of its places in the row, in order; a phrase is where such lists meet, each shifted by one.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.index.postings import NOTHING, Arrays, Table

Places = NDArray[np.int64]
# To look one place up costs about as much as to pass by so many places of the row.
LOOKED_UP = 64


class Spots:
    """The places of the words of a table of forms."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]], forms: Table) -> None:
        self._forms = forms
        self._starts = arrays["starts"]  # by document the place of its first word, and the end of the row
        self._ends = arrays["ends"]  # by word the end of its list
        self._spots = arrays["spots"]

    def holding(self, phrase: Sequence[str]) -> NDArray[np.int32]:
        """The documents, by their place in the segment, that hold some words after one another."""
        numbers = [self._forms.number(word) for word in phrase]
        if not numbers or min(numbers) < 0:
            return NOTHING.places
        lists = sorted(((self._of(number), shift) for shift, number in enumerate(numbers)), key=lambda one: len(one[0]))
        first, shift = lists[0]
        begins = first[first >= shift].astype(np.int64) - shift
        for others, shift in lists[1:]:
            begins = begins[self._are_among(begins + shift, others)]
        documents = np.searchsorted(self._starts, begins, side="right") - 1
        return np.unique(documents).astype(np.int32)

    def _of(self, number: int) -> NDArray[np.uint32]:
        return self._spots[int(self._ends[number]) : int(self._ends[number + 1])]

    def _are_among(self, wanted: Places, others: NDArray[np.uint32]) -> NDArray[np.bool_]:
        """Which of some places are among others, both in order."""
        size = int(self._starts[-1]) + 1
        if len(wanted) * LOOKED_UP > size:
            marked = np.zeros(size + 1, np.bool_)
            marked[others] = True
            return marked[np.minimum(wanted, size)]
        found = np.minimum(np.searchsorted(others, wanted), len(others) - 1)
        among: NDArray[np.bool_] = others[found] == wanted
        return among


def spots_of(sequences: Iterable[str], forms: Mapping[str, int]) -> Arrays:
    """The arrays for some documents: of each its words as they follow one another, and the number of each form."""
    numbers = array("i")
    starts = [0]
    for sequence in sequences:
        numbers.extend([forms.get(word, -1) for word in sequence.split(" ")])
        starts.append(len(numbers))
    row = np.array(numbers, np.int32)
    order = np.argsort(row, kind="stable").astype(np.uint32)
    gaps = int((row < 0).sum())
    counts = np.bincount(row[row >= 0], minlength=len(forms))
    return {
        "starts": np.array(starts, np.uint32),
        "ends": np.concatenate(([0], np.cumsum(counts))).astype(np.uint32),
        "spots": order[gaps:],
    }
