"""The words of all titles, so that pages are suggested by the beginning of any word of theirs; whoever may see them.

To read 100,000 titles takes a second. Where they are many it is done beside the requests, so that nobody waits for it:
until then those are suggested that are known already.
"""

from __future__ import annotations

import threading
from array import array
from collections.abc import Iterator, Sequence

import numpy as np

from app.index.arrays import Mask
from app.index.catalogue import Catalogue, Entry
from app.index.postings import Table, arrays_in
from app.language.words import words

# Titles that were changed since are kept by themselves until they are so many.
MOST_NEWER = 1000
# So many titles are read while somebody waits: that takes some 50 ms.
MOST_AT_ONCE = 5_000
# Of the titles that begin so, the best so many are looked at.
BEST = 40
_WITH_MARKS = {"a": "aåä", "o": "oö", "e": "eé", "u": "uü"}


class Titles:
    """The words of all titles, each with the positions where it stands."""

    def __init__(self, entries: Sequence[Entry] = (), older: Sequence[_TitleWords] = ()) -> None:
        self._parts = (*older, _TitleWords(entries, sum(part.size for part in older)))
        self._last = entries[-1] if entries else None
        self._size = sum(part.size for part in self._parts)

    def belong_to(self, catalogue: Catalogue) -> bool:
        """Whether these are titles of the catalogue, if not all of them."""
        return 0 < self._size <= catalogue.size and catalogue.entries[self._size - 1] is self._last

    def follow(self, catalogue: Catalogue) -> Titles | None:
        """The titles of a catalogue: these, or these and the newer ones. None if they are to be read anew."""
        if not self.belong_to(catalogue):
            return None
        if self._size == catalogue.size:
            return self
        main = self._parts[0]
        newer = catalogue.entries[main.size :]
        return Titles(newer, [main]) if len(newer) <= MOST_NEWER else None

    def beginning(self, wanted: Sequence[str], listed: Mask) -> Iterator[tuple[float, int]]:
        """The listed positions whose titles have words that begin so, with how far from what is wanted they are."""
        for part in self._parts:
            yield from part.beginning(wanted, listed)


class KnownTitles:
    """The titles that this process has read last."""

    def __init__(self) -> None:
        self._titles = Titles()
        self._reading = threading.Lock()

    def of(self, catalogue: Catalogue) -> Titles:
        """The titles of a catalogue; where they are many and it takes a while to read them, those known until then."""
        known = self._titles
        followed = known.follow(catalogue)
        if followed is None and catalogue.size <= MOST_AT_ONCE:
            followed = Titles(catalogue.entries)
        if followed is not None:
            self._titles = followed
            return followed
        if self._reading.acquire(blocking=False):
            threading.Thread(target=self._read, args=(catalogue,), name="titles", daemon=True).start()
        return known if known.belong_to(catalogue) else Titles()

    def _read(self, catalogue: Catalogue) -> None:
        try:
            self._titles = Titles(catalogue.entries)
        finally:
            self._reading.release()


class _TitleWords:
    """The words of the titles of some entries, whose positions begin at ``start``."""

    def __init__(self, entries: Sequence[Entry], start: int) -> None:
        self.size, self._start = len(entries), start
        self._lengths = np.array([len(entry.title) for entry in entries], np.float64)
        self._table = _table([entry.title for entry in entries])

    def beginning(self, wanted: Sequence[str], listed: Mask) -> Iterator[tuple[float, int]]:
        begun_by = [beginnings(self._table, word) for word in wanted]
        if not all(begun_by):
            return
        here = listed[self._start : self._start + self.size].copy()
        near = np.zeros(self.size)
        for ranges in begun_by:
            begun = np.zeros(self.size)
            for numbers in ranges:
                found = self._table.union(numbers)
                begun[found.places] += found.weights
            here &= begun > 0
            near += begun
        places = np.flatnonzero(here)
        # The earlier the words stand, the better; of equals the short title is the plainer one.
        far = np.round(self._lengths[places] / 1000 - near[places], 6)
        if len(places) > BEST:
            kept = far <= np.partition(far, BEST)[BEST]
            places, far = places[kept], far[kept]
        yield from zip(far.tolist(), (places + self._start).tolist(), strict=True)


def _table(titles: Sequence[str]) -> Table:
    """The words of some titles, each with the titles where it stands: the earlier there, the more it weighs."""
    known: dict[str, int] = {}
    numbers, places, near = array("i"), array("i"), array("f")
    for place, title in enumerate(titles):
        found = words(title)
        for at, word in enumerate(found):
            if word not in found[:at]:
                numbers.append(known.setdefault(word, len(known)))
                places.append(place)
                near.append(1 / (1 + at))
    keys = sorted(word.encode() for word in known)
    by_bytes = np.zeros(len(known), np.int32)
    by_bytes[[known[str(key, "utf-8")] for key in keys]] = np.arange(len(keys))
    row = by_bytes[np.array(numbers, np.int32)]
    order = np.argsort(row, kind="stable")
    ends = np.concatenate(([0], np.cumsum(np.bincount(row, minlength=len(keys)))))
    held, weights = np.array(places, np.int32)[order], np.array(near, np.float32)[order]
    return Table(arrays_in(keys, ends, held, weights, with_grams=False), len(titles))


def beginnings(table: Table, typed: str) -> list[range]:
    """The words of a table that begin so; a letter without marks stands for itself and for those with them."""
    known = [""]
    for letter in typed:
        written = _WITH_MARKS.get(letter, letter)
        known = [begun + one for begun in known for one in written]
        if len(written) > 1:
            known = [begun for begun in known if table.beginning(begun)]
    return [numbers for begun in known if (numbers := table.beginning(begun))]
