"""Lists of documents by word, as arrays: in memory, or in a file that every process maps.

A segment of the index never changes, so what Whoosh keeps of it is read once, by the one worker, and written beside it
as a copy that needs no reading: sorted words, and for each the places of the documents that hold it with its weight
there. The words themselves are found by their runs of five letters, too, so that a misspelt word meets the right one.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.language.folding import fold

GRAM = 5
EDGE = "_"
_MAGIC = b"larnat-postings-3\n"
_ALIGNED = 16
# A polynomial over the letters' numbers, modulo 2 ** 64.
_BASE = 1_099_511_628_211
_POWERS = [pow(_BASE, GRAM - 1 - place, 1 << 64) for place in range(GRAM)]

Arrays = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class Postings:
    """The documents of one segment that hold a word, by their place in the segment, with the word's weight in each."""

    places: NDArray[np.int32]
    weights: NDArray[np.float32]


NOTHING = Postings(np.zeros(0, np.int32), np.zeros(0, np.float32))


def grams(word: str) -> list[str]:
    """The runs of five letters of a word, with its edges: "besök" gives "_besö", "besök" and "esök_"."""
    edged = f"{EDGE}{word}{EDGE}"
    return [edged[at : at + GRAM] for at in range(len(edged) - GRAM + 1)]


class Table:
    """Words with their postings, sorted by their bytes. ``size`` is how many documents there are places for."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]], size: int) -> None:
        self._size = size
        self._letters = arrays["letters"].data
        self._starts = arrays["starts"]
        self._ends = arrays["ends"]
        self._places: NDArray[np.int32] = arrays["places"]
        self._weights: NDArray[np.float32] = arrays["weights"]
        self._hashes, self._hashed, self._numbers = arrays["hashes"], arrays["hashed"], arrays["numbers"]
        self._sizes, self._sets, self._pairs = arrays["sizes"], arrays["sets"], arrays["pairs"]

    def __len__(self) -> int:
        return len(self._starts) - 1

    def postings(self, word: str) -> Postings:
        """The documents that hold a word."""
        number = self.number(word)
        if number < 0:
            return NOTHING
        first, last = int(self._ends[number]), int(self._ends[number + 1])
        return Postings(self._places[first:last], self._weights[first:last])

    def number(self, word: str) -> int:
        """The number of a word, or -1 if no document holds it."""
        key = word.encode()
        number = self._first_from(key)
        return number if number < len(self) and self._key(number) == key else -1

    def holds(self, word: str) -> bool:
        """Whether any document holds a word."""
        return len(self.postings(word).places) > 0

    def beginning(self, prefix: str) -> range:
        """The numbers of the words that begin so."""
        key = prefix.encode()
        return range(self._first_from(key), self._first_from(key + b"\xff"))

    def with_gram(self, gram: str) -> NDArray[np.int32]:
        """The numbers of the words with a run of five letters."""
        wanted = np.uint64(sum(ord(one) * power for one, power in zip(gram, _POWERS, strict=True)) & (2**64 - 1))
        first = int(np.searchsorted(self._hashes, wanted))
        if first == len(self._hashes) or self._hashes[first] != wanted:
            return NOTHING.places
        found: NDArray[np.int32] = self._numbers[self._hashed[first] : self._hashed[first + 1]]
        return found

    def union(self, numbers: range | NDArray[np.int32]) -> Postings:
        """The documents that hold any of some words, the words' weights added up."""
        if not len(numbers):
            return NOTHING
        if isinstance(numbers, range):
            taken: Any = slice(int(self._ends[numbers.start]), int(self._ends[numbers.stop]))
        else:
            taken, _ = self._lists(numbers)
        weights = np.bincount(self._places[taken], self._weights[taken], self._size)
        places = np.flatnonzero(weights).astype(np.int32)
        return Postings(places, weights[places].astype(np.float32))

    def held(self, numbers: range, kept: NDArray[np.bool_]) -> NDArray[np.int64]:
        """By how many of the documents that are ``kept``, by place, each of some words is held."""
        ends = self._ends[numbers.start : numbers.stop + 1].astype(np.int64)
        counted = np.concatenate(([0], np.cumsum(kept[self._places[ends[0] : ends[-1]]])))
        found: NDArray[np.int64] = np.diff(counted[ends - ends[0]])
        return found

    def held_each(self, numbers: NDArray[np.int32], kept: NDArray[np.bool_]) -> NDArray[np.int64]:
        """The same of words that do not follow one another."""
        taken, lengths = self._lists(numbers)
        word_of = np.repeat(np.arange(len(numbers)), lengths)
        return np.bincount(word_of, kept[self._places[taken]], len(numbers)).astype(np.int64)

    def _lists(self, numbers: NDArray[np.int32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Where the lists of some words stand, one after the other, and how long each is."""
        starts = self._ends[numbers].astype(np.int64)
        lengths = self._ends[numbers + 1] - starts
        before = np.concatenate(([0], np.cumsum(lengths)[:-1]))
        return np.repeat(starts - before, lengths) + np.arange(int(lengths.sum())), lengths

    def word(self, number: int) -> str:
        """A word by its number."""
        return str(self._key(number), "utf-8")

    def resembling(self, word: str, faults: int) -> list[str]:
        """All words that are so few faults from one, when marks are left out, and some that are not.

        A fault changes one letter of the set of letters, or two, and the length by one; a pair of letters that change
        places breaks three pairs and makes three.
        """
        size, letters, pairs = (column[0] for column in _outlines([word.encode()]))
        near = np.flatnonzero(np.bitwise_count(self._sets ^ letters) <= 2 * faults)
        near = near[np.abs(self._sizes[near].astype(np.int16) - np.int16(size)) <= faults]
        near = near[np.bitwise_count(self._pairs[near] ^ pairs) <= 6 * faults]
        return [self.word(number) for number in near.tolist()]

    def _key(self, number: int) -> bytes:
        return bytes(self._letters[int(self._starts[number]) : int(self._starts[number + 1]) - 1])

    def _first_from(self, key: bytes) -> int:
        """The number of the first word that does not come before a key."""
        low, high = 0, len(self)
        while low < high:
            middle = (low + high) // 2
            if self._key(middle) < key:
                low = middle + 1
            else:
                high = middle
        return low


# ---- Making and keeping ----


def arrays_of(words: Iterable[tuple[bytes, Postings]], with_grams: bool) -> Arrays:
    """The arrays of a table. The words come in the order of their bytes."""
    keys, places, weights, ends = [], [NOTHING.places], [NOTHING.weights], [0]
    for key, postings in words:
        keys.append(key)
        places.append(postings.places)
        weights.append(postings.weights)
        ends.append(ends[-1] + len(postings.places))
    return arrays_in(keys, np.array(ends), np.concatenate(places), np.concatenate(weights), with_grams)


def arrays_in(
    keys: Sequence[bytes],
    ends: NDArray[np.int64],
    places: NDArray[np.int32],
    weights: NDArray[np.float32],
    with_grams: bool,
) -> Arrays:
    """The arrays of a table whose lists stand one after the other; ``ends`` begins with 0."""
    letters = b"".join(key + b"\n" for key in keys)
    hashes, hashed, numbers = _hashed_grams(keys if with_grams else [])
    sizes, sets, pairs = _outlines(keys if with_grams else [])
    return {
        "letters": np.frombuffer(letters, np.uint8),
        "starts": np.concatenate(([0], np.cumsum([len(key) + 1 for key in keys]))).astype(np.uint32),
        "ends": ends.astype(np.uint32),
        "places": places,
        "weights": weights,
        "hashes": hashes,
        "hashed": hashed,
        "numbers": numbers,
        "sizes": sizes,
        "sets": sets,
        "pairs": pairs,
    }


def _hashed_grams(keys: Sequence[bytes]) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """All runs of five letters as numbers, in order; where the words of each begin; and the words' numbers."""
    text = "\n".join(f"{EDGE}{str(key, 'utf-8')}{EDGE}" for key in keys)
    letters = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    count = len(letters) - GRAM + 1
    if count <= 0:
        return np.zeros(0, np.uint64), np.zeros(1, np.uint32), np.zeros(0, np.int32)
    parts = letters == ord("\n")
    hashes = np.zeros(count, np.uint64)
    whole = np.ones(count, np.bool_)
    for place, power in enumerate(_POWERS):
        hashes += letters[place : place + count] * np.uint64(power)
        whole &= ~parts[place : place + count]
    numbers = np.cumsum(parts)[:count].astype(np.int32)[whole]
    hashes = hashes[whole]
    order = np.lexsort((numbers, hashes))
    hashes, numbers = hashes[order], numbers[order]
    new = np.concatenate(([True], (hashes[1:] != hashes[:-1]) | (numbers[1:] != numbers[:-1])))[: len(hashes)]
    hashes, numbers = hashes[new], numbers[new]
    unique, first = np.unique(hashes, return_index=True)
    return unique, np.append(first, len(numbers)).astype(np.uint32), numbers


def _outlines(keys: Sequence[bytes]) -> tuple[NDArray[np.uint8], NDArray[np.uint32], NDArray[np.uint64]]:
    """Of each word without the marks of its letters: how many letters, which (a bit each), and which pairs of them."""
    if not keys:
        return np.zeros(0, np.uint8), np.zeros(0, np.uint32), np.zeros(0, np.uint64)
    text = fold("\n" + "\n".join(str(key, "utf-8") for key in keys) + "\n")
    letters = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    edges = np.flatnonzero(letters == ord("\n"))
    sizes = np.minimum(np.diff(edges) - 1, 255).astype(np.uint8)
    bits = np.where(letters == ord("\n"), np.uint32(0), np.uint32(1) << (letters & 31))
    pairs = np.uint64(1) << ((letters[:-1] * 31 + letters[1:]) & 63).astype(np.uint64)
    return sizes, np.bitwise_or.reduceat(bits[:-1], edges[:-1]), np.bitwise_or.reduceat(pairs, edges[:-1])


def numbered(arrays: Arrays) -> dict[str, int]:
    """The words of a table with their numbers."""
    letters = str(arrays["letters"].data, "utf-8").split("\n")[:-1]
    return {word: number for number, word in enumerate(letters)}


def keep(file: Path, tables: Mapping[str, Arrays]) -> None:
    """Write the arrays of some tables to a file, on the disk and at once."""
    places: list[tuple[str, str, str, int]] = []
    at = 0
    for name, arrays in tables.items():
        for part, array in arrays.items():
            places.append((name, part, array.dtype.str, len(array)))
    head = json.dumps(places).encode()
    temporary = file.with_name(f".tmp-{file.name}")
    with temporary.open("wb") as stream:
        stream.write(_MAGIC + len(head).to_bytes(4, "little") + head)
        for name, part, _, _ in places:
            at = stream.tell()
            stream.write(bytes(-at % _ALIGNED))
            stream.write(np.ascontiguousarray(tables[name][part]).tobytes())
        stream.flush()
        os.fsync(stream.fileno())
    temporary.replace(file)


def kept(file: Path) -> dict[str, Arrays]:
    """The tables' arrays in a file, mapped. Raises OSError or ValueError if there are none that are whole."""
    content = np.memmap(file, np.uint8, "r")
    start = len(_MAGIC) + 4
    if bytes(content[: len(_MAGIC)]) != _MAGIC:
        raise ValueError("these are no postings")
    length = int.from_bytes(bytes(content[len(_MAGIC) : start]), "little")
    at = start + length
    found: dict[str, Arrays] = {}
    for name, part, kind, count in json.loads(bytes(content[start:at])):
        at += -at % _ALIGNED
        size = np.dtype(kind).itemsize * count
        if at + size > len(content):
            raise ValueError("these postings are cut off")
        found.setdefault(name, {})[part] = np.asarray(content[at : at + size]).view(kind)
        at += size
    return found
