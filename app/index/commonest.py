"""The words as they are written that most of some documents hold: those that begin so, or have letters in common."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.index.arrays import Mask
from app.index.postings import NOTHING, Table, grams
from app.index.ranking import Ranker
from app.index.titles import beginnings


def commonest(ranker: Ranker, typed: str, mask: Mask, most: int) -> dict[str, int]:
    """The commonest words that begin so, of each part of the index, with how many of some documents hold each."""
    found: list[tuple[Table, Mask, dict[str, int]]] = []
    for forms, positions in ranker.forms_by_part():
        ranges = beginnings(forms, typed)
        if ranges:
            kept = _kept(mask, positions)
            found.append((forms, kept, _most_held(forms, ranges, kept, most)))
    words_found = {word for _, _, counted in found for word in counted}
    return {
        word: sum(counted[word] if word in counted else _held(forms, word, kept) for forms, kept, counted in found)
        for word in words_found
    }


def looking_alike(ranker: Ranker, typed: str, mask: Mask, most: int) -> dict[str, int]:
    """Words that have most runs of letters in common with one, with how many of some documents hold each."""
    counted: dict[str, int] = {}
    for forms, positions in ranker.forms_by_part():
        numbers = _sharing_most([forms.with_gram(gram) for gram in grams(typed)], len(forms), most)
        if len(numbers):
            held = forms.held_each(numbers, _kept(mask, positions))
            for number, count in zip(numbers[held > 0].tolist(), held[held > 0].tolist(), strict=True):
                counted.setdefault(forms.word(number), count)
    return counted


def _sharing_most(runs: Sequence[NDArray[np.int32]], size: int, most: int) -> NDArray[np.int32]:
    """The numbers that stand in most of some lists, at most so many."""
    shared = np.bincount(np.concatenate([NOTHING.places, *runs]), minlength=size)
    # By how many lists how many numbers stand in that many of them or more: a word has few runs of letters.
    reaching = np.cumsum(np.bincount(shared)[::-1])[::-1]
    least = max(1, int(np.count_nonzero(reaching >= most)) - 1)
    numbers = np.flatnonzero(shared >= least).astype(np.int32)
    return numbers[np.argsort(-shared[numbers], kind="stable")[:most]]


def _kept(mask: Mask, positions: NDArray[np.int32]) -> Mask:
    """By place whether the document there is one of the mask."""
    kept = np.zeros(len(positions), np.bool_)
    known = positions >= 0
    kept[known] = mask[positions[known]]
    return kept


def _most_held(forms: Table, ranges: Sequence[range], kept: Mask, most: int) -> dict[str, int]:
    """Of some words of a table those that most of the kept documents hold, with how many do."""
    numbers = np.concatenate([np.arange(one.start, one.stop) for one in ranges])
    counts = np.concatenate([forms.held(one, kept) for one in ranges])
    least = max(1, int(np.partition(counts, -most)[-most])) if len(counts) > most else 1
    enough = counts >= least
    numbers, counts = numbers[enough], counts[enough]
    best = np.argsort(-counts, kind="stable")[:most]
    return {
        forms.word(number): count for number, count in zip(numbers[best].tolist(), counts[best].tolist(), strict=True)
    }


def _held(forms: Table, word: str, kept: Mask) -> int:
    """How many of the kept documents hold a word."""
    return int(np.count_nonzero(kept[forms.postings(word).places]))
