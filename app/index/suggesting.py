"""What is suggested while somebody types: pages by their titles, words, places, and how a word is spelt.

Everything is counted among the documents that lists show to the viewer, and nothing else: what only hidden documents
have is not suggested, and they move nothing in the order. A letter without its marks stands for those with them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from heapq import nsmallest

import numpy as np
from numpy.typing import NDArray

from app.index.catalogue import Catalogue, Entry, Group, Mask
from app.index.deriving import COUNTY, ORGANISATION
from app.index.measured import TOO_COMMON_FOR_GRAMS
from app.index.postings import Postings, Table, arrays_of, grams
from app.index.ranking import Ranker
from app.language.analysis import term
from app.language.folding import fold
from app.language.lexicon import lexicon
from app.language.spelling import SHORTEST, close
from app.language.words import words
from app.library.document import Kind
from app.library.visibility import Viewer

TITLE, WORD, PLACE, SPELLING = "title", "word", "place", "spelling"
# From so many letters on words are suggested: before that they are any words.
SHORTEST_BEGINNING = 2
SHORTEST_WORD = 3
# What is typed beyond this is no beginning of a search.
LONGEST, MOST_WORDS = 200, 8
MOST_PLACES, MOST_TITLES = 2, 4
# The commonest of the words that begin so, of each part of the index; among so many one is looked for that is meant.
COMMONEST, LOOKED_AT, ALIKE = 40, 200, 40
MOST_CORRECTED = 2
# The facets that are places and their networks; the label of a network is its document's title.
PLACES = ("kommun", COUNTY.name, "natverk")
# Titles that were changed since are kept by themselves until they are so many.
MOST_NEWER = 1000
_WITH_MARKS = {"a": "aåä", "o": "oö", "e": "eé", "u": "uü"}


@dataclass(frozen=True)
class Suggestion:
    """Something to choose: the words to search for or, for a page or a place, what it is.

    ``address`` is a page's kind and slug, or a place's facet and value. ``sort`` is what sort of page it is, and
    ``pages`` how many a place has.
    """

    kind: str
    text: str
    address: tuple[str, str] = ("", "")
    sort: str = ""
    pages: int = 0


@dataclass(frozen=True)
class Wanted:
    """What somebody has typed so far. The last word is open while no space ends it."""

    words: tuple[str, ...]
    open: bool

    @classmethod
    def of(cls, typed: str) -> Wanted:
        """The words of what is typed; none where it is too long to be the beginning of a search."""
        found = words(typed[:LONGEST]) if len(typed) <= LONGEST else []
        return cls(tuple(found) if len(found) <= MOST_WORDS else (), typed[-1:].strip() != "")


class Titles:
    """The words of all titles, each with the positions where it stands; whoever may see them."""

    def __init__(self, entries: Sequence[Entry] = (), older: Sequence[_TitleWords] = ()) -> None:
        self._parts = (*older, _TitleWords(entries, sum(part.size for part in older)))
        self._last = entries[-1] if entries else None
        self._size = sum(part.size for part in self._parts)

    def follow(self, catalogue: Catalogue) -> Titles:
        """The titles of a catalogue: these, these and the newer ones, or all anew."""
        if self._size and self._size <= catalogue.size and catalogue.entries[self._size - 1] is self._last:
            if self._size == catalogue.size:
                return self
            main = self._parts[0]
            if catalogue.size - main.size <= MOST_NEWER:
                return Titles(catalogue.entries[main.size :], [main])
        return Titles(catalogue.entries)

    def beginning(self, wanted: Sequence[str], listed: Mask) -> Iterator[tuple[float, int]]:
        """The listed positions whose titles have words that begin so, with how far from what is wanted they are."""
        for part in self._parts:
            yield from part.beginning(wanted, listed)


class _TitleWords:
    """The words of the titles of some entries, whose positions begin at ``start``."""

    def __init__(self, entries: Sequence[Entry], start: int) -> None:
        self.size, self._start = len(entries), start
        self._lengths = np.array([len(entry.title) for entry in entries], np.float64)
        held: dict[str, list[int]] = {}
        near: dict[str, list[float]] = {}
        for place, entry in enumerate(entries):
            found = words(entry.title)
            for at, word in enumerate(found):
                if word not in found[:at]:
                    held.setdefault(word, []).append(place)
                    near.setdefault(word, []).append(1 / (1 + at))
        self._table = Table(
            arrays_of(
                (
                    (word.encode(), Postings(np.array(held[word], np.int32), np.array(near[word], np.float32)))
                    for word in sorted(held, key=str.encode)
                ),
                with_grams=False,
            ),
            self.size,
        )

    def beginning(self, wanted: Sequence[str], listed: Mask) -> Iterator[tuple[float, int]]:
        here = listed[self._start : self._start + self.size].copy()
        near = np.zeros(self.size)
        for word in wanted:
            begun = np.zeros(self.size)
            for numbers in beginnings(self._table, word):
                found = self._table.union(numbers)
                begun[found.places] += found.weights
            here &= begun > 0
            near += begun
        places = np.flatnonzero(here)
        # The earlier the words stand, the better; of equals the short title is the plainer one.
        far = np.round(self._lengths[places] / 1000 - near[places], 6)
        if len(places) > COMMONEST:
            kept = far <= np.partition(far, COMMONEST)[COMMONEST]
            places, far = places[kept], far[kept]
        yield from zip(far.tolist(), (places + self._start).tolist(), strict=True)


def beginnings(table: Table, typed: str) -> list[range]:
    """The words of a table that begin so; a letter without marks stands for itself and for those with them."""
    known = [""]
    for letter in typed:
        written = _WITH_MARKS.get(letter, letter)
        known = [begun + one for begun in known for one in written]
        if len(written) > 1:
            known = [begun for begun in known if table.beginning(begun)]
    return [numbers for begun in known if (numbers := table.beginning(begun))]


@dataclass(frozen=True)
class Suggester:
    """Suggests for one viewer at one moment. ``listed`` are the positions that lists show to the viewer."""

    catalogue: Catalogue
    titles: Titles
    ranker: Ranker
    viewer: Viewer
    kinds: Mapping[str, Kind]

    @property
    def listed(self) -> Mask:
        return self.catalogue.listed(self.viewer)

    def suggest(self, typed: str, limit: int) -> list[Suggestion]:
        """At most so many suggestions: places, then words and pages; if there are none, how it may be spelt."""
        wanted = Wanted.of(typed)
        if not wanted.words or limit < 1:
            return []
        places = self._places(wanted, min(limit, MOST_PLACES))
        titles = self._titles(wanted, limit)
        found = self._words(wanted, limit)
        pages = min(len(titles), MOST_TITLES, limit - len(places))
        found = found[: limit - len(places) - pages]
        pages = min(len(titles), limit - len(places) - len(found))
        chosen = [*places, *found, *titles[:pages]]
        return chosen or self._spelt(wanted)

    # ---- Pages ----

    def _titles(self, wanted: Wanted, limit: int) -> list[Suggestion]:
        entries = self.catalogue.entries
        found = self.titles.beginning(wanted.words, self.listed)
        best = nsmallest(
            limit,
            found,
            key=lambda one: (one[0], entries[one[1]].title_key, entries[one[1]].slug, entries[one[1]].kind),
        )
        return [
            Suggestion(TITLE, entry.title, (entry.kind, entry.slug), self.kinds[entry.kind].one)
            for entry in (entries[position] for _, position in best)
        ]

    # ---- Places ----

    def _places(self, wanted: Wanted, limit: int) -> list[Suggestion]:
        found: list[Suggestion] = []
        for name in PLACES:
            groups = [group for group in self._groups(name) if self._begins(group, wanted)]
            if groups:
                counts = self.catalogue.count([name], self.listed)[name]
                counted = dict(zip(self._groups(name), counts, strict=True))
                found += [
                    Suggestion(PLACE, label, (name, group.value), pages=counted[group])
                    for group in groups
                    if counted[group] and (label := self._label(group))
                ]
        return nsmallest(limit, found, key=lambda one: (-one.pages, one.text, one.address))

    def _groups(self, name: str) -> tuple[Group, ...]:
        facet = self.catalogue.facets.get(name)
        return facet.words if facet else ()

    def _begins(self, group: Group, wanted: Wanted) -> bool:
        known = _words_of(self._label(group))
        most = len(known) if group.sort == ORGANISATION and len(wanted.words[0]) >= SHORTEST else 1
        at = next((at for at, one in enumerate(known[:most]) if _begins(*one, wanted.words[0])), None)
        return at is not None and all(any(_begins(*one, typed) for one in known[at:]) for typed in wanted.words[1:])

    def _label(self, group: Group) -> str:
        if group.sort == ORGANISATION:
            return group.label
        named = self.catalogue.visible(group.sort, group.value, self.viewer)
        return named.title if named else ""

    # ---- Words ----

    def _words(self, wanted: Wanted, limit: int) -> list[Suggestion]:
        """Words that begin as the last one, which stand together with the others; one form of each."""
        last = wanted.words[-1]
        if not wanted.open or len(last) < SHORTEST_BEGINNING or not last.isalpha():
            return []
        counted = self._commonest(last, self._holding(wanted.words[:-1]))
        found: dict[str, str] = {}
        for word in sorted(counted, key=lambda one: (-counted[one], one)):
            if _worth_suggesting(word, last):
                found.setdefault(fold(term(word)), word)
            if len(found) == limit:
                break
        before = wanted.words[:-1]
        return [Suggestion(WORD, " ".join((*before, word))) for word in found.values()]

    def _holding(self, typed: Sequence[str]) -> Mask:
        """The listed positions that hold all of some words."""
        mask = self.listed
        for word in typed:
            holding = np.zeros(self.catalogue.size, np.bool_)
            holding[self.ranker.with_term(term(word)).positions] = True
            mask = mask & holding
        return mask

    def _commonest(self, typed: str, mask: Mask, most: int = COMMONEST) -> dict[str, int]:
        """The commonest words that begin so, with how many of some documents hold each."""
        found: list[tuple[Table, Mask, dict[str, int]]] = []
        for forms, positions in self.ranker.forms_by_part():
            ranges = beginnings(forms, typed)
            if ranges:
                kept = _kept(mask, positions)
                found.append((forms, kept, _most_held(forms, ranges, kept, most)))
        words_found = {word for _, _, counted in found for word in counted}
        return {
            word: sum(counted[word] if word in counted else _held(forms, word, kept) for forms, kept, counted in found)
            for word in words_found
        }

    # ---- Spelling ----

    def _spelt(self, wanted: Wanted) -> list[Suggestion]:
        """The same words with those that nothing listed holds as they may be meant."""
        left = MOST_CORRECTED
        found = list(wanted.words)
        for at, word in enumerate(wanted.words):
            unfinished = wanted.open and at == len(found) - 1
            if left and len(word) >= SHORTEST and not self._holding([word]).any():
                meant = self._meant(word, unfinished)
                found[at] = meant or word
                left -= bool(meant)
        return [Suggestion(SPELLING, " ".join(found))] if found != list(wanted.words) else []

    def _meant(self, typed: str, unfinished: bool) -> str:
        counted = self._alike(typed)
        # Of words that differ only in their marks, and of those that begin alike, the commonest.
        by_marks = {fold(word): word for word in sorted(counted, key=lambda one: (counted[one], one))}
        meant = next(close(typed, sorted(by_marks.values()), True), "")
        if meant or not unfinished:
            return meant
        # A letter too many or too few moves the rest.
        begun = {word[: len(typed) + more]: word for more in (-1, 1, 0) for word in by_marks.values()}
        return begun.get(next(close(typed, sorted(begun), True), ""), "")

    def _alike(self, typed: str) -> dict[str, int]:
        """Words of listed documents that begin as this one, or have runs of letters in common with it."""
        counted = self._commonest(typed[:2], self.listed, LOOKED_AT)
        for forms, positions in self.ranker.forms_by_part():
            kept = _kept(self.listed, positions)
            runs = [forms.with_gram(gram) for gram in grams(typed)]
            numbers, shared = np.unique(np.concatenate(runs), return_counts=True) if runs else (_NONE, _NONE)
            for number in numbers[np.argsort(-shared, kind="stable")[:ALIKE]].tolist():
                held = int(forms.held(range(number, number + 1), kept)[0])
                if held:
                    counted.setdefault(forms.word(number), held)
        return counted


_NONE: NDArray[np.int64] = np.zeros(0, np.int64)


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


@lru_cache(maxsize=4096)
def _words_of(label: str) -> tuple[tuple[str, str], ...]:
    """The words of a label, as they are and without marks."""
    return tuple((word, fold(word)) for word in words(label))


def _begins(word: str, folded: str, typed: str) -> bool:
    """Whether a word begins so; a letter without marks stands for those with them."""
    # What is typed without marks is begun by the folded word; a mark that is typed is meant.
    return folded.startswith(_plain(typed)) and all(
        one in (mine, fold(mine)) for one, mine in zip(typed, word, strict=False)
    )


_plain = lru_cache(maxsize=64)(fold)


def _worth_suggesting(word: str, typed: str) -> bool:
    """Whether somebody may look for the word: no single letters, numbers or words that are everywhere."""
    return (
        len(word) >= SHORTEST_WORD
        and word.isalpha()
        and word != typed
        and lexicon().background(term(word)) <= TOO_COMMON_FOR_GRAMS
    )
