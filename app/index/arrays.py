"""Facets in arrays over the positions of a catalogue: how they grow, are counted, and which choices they offer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.index.deriving import WORD

Mask = NDArray[np.bool_]
Numbers = NDArray[np.int32]

# Below this part of all documents it is faster to gather the facets of each than to look at all.
FEW = 6


class Group(NamedTuple):
    """The documents that have one value of a facet, and are shown by the same word for it."""

    label: str
    sort: str
    value: str


@dataclass(frozen=True)
class FacetArrays:
    """A facet of all documents as pairs of a position and the number of a group."""

    positions: Numbers
    groups: Numbers
    words: tuple[Group, ...]
    by_value: Mapping[str, tuple[int, ...]]
    by_key: Mapping[tuple[str, str, str], int]


NO_NUMBERS: Numbers = np.zeros(0, np.int32)
NO_FACET = FacetArrays(NO_NUMBERS, NO_NUMBERS, (), {}, {})


class Choosable(NamedTuple):
    """A choice of a facet: its groups' numbers, the groups, all their values, and the least of these."""

    numbers: tuple[int, ...]
    groups: Sequence[Group]
    values: frozenset[str]
    least: str


@dataclass(frozen=True)
class Together:
    """Several facets as one, to be counted in one go: their pairs by position, the groups counted on."""

    groups: Numbers
    starts: Numbers  # by position, where its pairs begin
    positions: Numbers
    size: int
    parts: tuple[tuple[str, int, int], ...]  # of each facet its name and where its groups begin and end

    def count(self, mask: Mask) -> list[int]:
        """How many of the positions have each group."""
        few = np.flatnonzero(mask)
        if len(few) * FEW < len(mask):
            starts = self.starts[few]
            lengths = self.starts[few + 1] - starts
            before = np.cumsum(lengths) - lengths
            groups = self.groups[np.repeat(starts - before, lengths) + np.arange(int(lengths.sum()))]
        else:
            groups = self.groups[mask[self.positions]]
        counts: list[int] = np.bincount(groups, minlength=self.size).tolist()
        return counts


def together(facets_by_name: Mapping[str, FacetArrays], names: Sequence[str], size: int) -> Together:
    """Some facets of so many positions as one."""
    facets = [facets_by_name.get(name, NO_FACET) for name in names]
    ends = np.cumsum([0, *(len(facet.words) for facet in facets)]).tolist()
    positions = np.concatenate([NO_NUMBERS, *(facet.positions for facet in facets)])
    groups = np.concatenate([NO_NUMBERS, *(facet.groups + ends[place] for place, facet in enumerate(facets))])
    order = np.argsort(positions, kind="stable")
    starts = np.searchsorted(positions[order], np.arange(size + 1)).astype(np.int32)
    parts = tuple(zip(names, ends, ends[1:], strict=False))
    return Together(groups[order].astype(np.int32), starts, positions[order], ends[-1], parts)


def grown(
    old: Mapping[str, FacetArrays], rows: Iterable[Sequence[object]], position_of: Numbers
) -> Mapping[str, FacetArrays]:
    """Facets with more pairs: rows of a document's number, the facet's name, the value, its label and its sort."""
    by_name: dict[str, list[tuple[int, str, str, str]]] = {}
    for document, name, value, label, sort in rows:
        by_name.setdefault(str(name), []).append((int(str(document)), str(value), str(label), str(sort)))
    facets = dict(old)
    for name, found in by_name.items():
        facets[name] = _grown_by(old.get(name, NO_FACET), found, position_of)
    return facets


def _grown_by(old: FacetArrays, found: list[tuple[int, str, str, str]], position_of: Numbers) -> FacetArrays:
    """A facet with more pairs. Pairs of dead positions stay: no mask ever holds a dead position."""
    words = list(old.words)
    by_key = dict(old.by_key)
    groups = []
    for _, value, label, sort in found:
        group = by_key.setdefault((sort, label if sort == WORD else "", value), len(words))
        if group == len(words):
            words.append(Group(label, sort, value))
        groups.append(group)
    by_value: dict[str, tuple[int, ...]] = {}
    for number, word in enumerate(words):
        by_value[word.value] = (*by_value.get(word.value, ()), number)
    return FacetArrays(
        np.concatenate([old.positions, position_of[[document for document, *_ in found]].astype(np.int32)]),
        np.concatenate([old.groups, np.array(groups, np.int32)]),
        tuple(words),
        by_value,
        by_key,
    )


def choosable(choice: Mapping[int, Group]) -> Choosable:
    """Groups, by their numbers, as one choice."""
    values = frozenset(group.value for group in choice.values())
    return Choosable(tuple(choice), tuple(choice.values()), values, min(values))


def choices(groups: Mapping[int, Group], pages: Mapping[int, str]) -> list[list[int]]:
    """The numbers of groups, those together that share a value, a word on the screen or the page that they name."""
    choice_of: dict[tuple[str, str], list[int]] = {}
    choices: list[list[int]] = []
    for number, group in groups.items():
        names = [("value", group.value), *([("label", group.label)] if group.sort == WORD else [])]
        if number in pages:
            names.append(("page", pages[number]))
        met = {id(choice_of[name]): choice_of[name] for name in names if name in choice_of}
        choice = sorted([number, *(other for one in met.values() for other in one)])
        choices = [*(one for one in choices if id(one) not in met), choice] if met else [*choices, choice]
        choice_of |= {name: choice for name, one in choice_of.items() if id(one) in met}
        choice_of |= dict.fromkeys(names, choice)
    return choices
