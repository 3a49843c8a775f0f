"""The catalogue: of every document the little that filters, counts and orders need, in memory, in arrays.

A catalogue is a picture of the rows at one stamp and is never changed. The next one takes over what still holds and
adds what is newer, so that a save costs each web worker its own document and not all of them. A document's place in
the arrays is its *position*; a changed document gets a new one, and its old position is dead.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple, TypeVar

import numpy as np
from sqlalchemy import Connection, select

from app.index import tables as t
from app.index.arrays import (
    NO_FACET,
    NO_NUMBERS,
    Choosable,
    FacetArrays,
    Group,
    Mask,
    Numbers,
    choices,
    choosable,
    grown,
    together,
)
from app.index.deriving import ORGANISATION, PARENT, WORD
from app.index.pace import Days, Moves, Paces
from app.library.visibility import Viewer, as_open_as
from app.library.vocabulary import Publication

T = TypeVar("T")

UNPUBLISHED = (Publication.DRAFT, Publication.IN_REVIEW)

# Dead positions are carried along until they are this many, or a quarter of all.
MOST_DEAD = 1000
# From this part of all documents on it is faster to put all in order anew than each of those that were added.
MANY = 8


class Entry(NamedTuple):
    """What is remembered of one document."""

    number: int
    kind: str
    slug: str
    title: str
    title_key: str
    when_key: str
    changed_at: str
    openers: int
    publication: str


@dataclass(frozen=True)
class Catalogue:
    """All documents at one stamp."""

    stamp: int = 0
    entries: tuple[Entry, ...] = ()
    alive: Mask = field(default_factory=lambda: np.zeros(0, np.bool_))
    openers: Numbers = field(default_factory=lambda: NO_NUMBERS)
    archived: Mask = field(default_factory=lambda: np.zeros(0, np.bool_))
    # What is a draft or in review.
    drafts: Mask = field(default_factory=lambda: np.zeros(0, np.bool_))
    paces: Paces = field(default_factory=Paces)
    # By a document's number: its position, or -1.
    position_of: Numbers = field(default_factory=lambda: NO_NUMBERS)
    facets: Mapping[str, FacetArrays] = field(default_factory=dict)
    keys: Mapping[int, frozenset[str]] = field(default_factory=dict)
    addresses: Mapping[tuple[str, str], int] = field(default_factory=dict)
    # By an address that documents had before, of the kinds that facets name: their numbers.
    former: Mapping[tuple[str, str], tuple[int, ...]] = field(default_factory=dict)
    _remembered: dict[object, Any] = field(default_factory=dict)
    # By name, up to which stamp something is known of single documents, and what.
    _carried: dict[object, tuple[int, Any]] = field(default_factory=dict)

    @property
    def size(self) -> int:
        return len(self.entries)

    def may_see(self, viewer: Viewer) -> Mask:
        """Which positions the viewer may see: alive, and opened by one of the viewer's keys."""

        def seen() -> Mask:
            opens = np.zeros(max(self.keys, default=0) + 1, np.bool_)
            opens[[number for number, keys in self.keys.items() if not keys.isdisjoint(viewer.keys)]] = True
            return self.alive & opens[self.openers]

        return self.remembered(viewer.keys, seen)

    def listed(self, viewer: Viewer, archived: bool = False) -> Mask:
        """Which positions lists, counts and searches show to the viewer: what is archived only where asked for."""
        seen = self.may_see(viewer)
        return seen if archived else self.remembered(("listed", viewer.keys), lambda: seen & ~self.archived)

    def chosen(self, name: str, values: Iterable[str]) -> Mask:
        """Which positions have one of the values in a facet."""
        facet = self.facets.get(name, NO_FACET)
        wanted = [group for value in values for group in facet.by_value.get(value, ())]
        mask = np.zeros(self.size, np.bool_)
        if wanted:
            is_wanted = np.zeros(len(facet.words), np.bool_)
            is_wanted[wanted] = True
            mask[facet.positions[is_wanted[facet.groups]]] = True
        return mask

    def count(self, names: Iterable[str], mask: Mask) -> dict[str, list[int]]:
        """By facet how many of the positions have each of its words."""
        as_one = self.remembered(("together", *names), lambda: together(self.facets, tuple(names), self.size))
        counts = as_one.count(mask)
        return {name: counts[first:end] for name, first, end in as_one.parts}

    def choices(self, name: str, viewer: Viewer) -> list[Choosable]:
        """What can be chosen in a facet: the groups of what the viewer may see, those together that mean the same.

        Two kinds can write the same value in their files and another word on the screen ("genomfört", "genomförd"), or
        another value and the same word: whoever chooses the one chooses both. Nothing hidden brings any together.
        """

        def among_the_seen() -> list[Choosable]:
            counts = self.count([name], self.may_see(viewer))[name]
            groups = self.facets.get(name, NO_FACET).words
            seen = {number: groups[number] for number, count in enumerate(counts) if count}
            pages = {number: named.slug for number, group in seen.items() if (named := self.named(group, viewer))}
            return [choosable({number: seen[number] for number in choice}) for choice in choices(seen, pages)]

        return self.remembered(("choices", name, viewer.keys), among_the_seen)

    def order(self, by: str) -> Numbers:
        """All positions in an order: "title", "slug", "number", "changed" or "when" (the newest first)."""

        def ordered() -> Numbers:
            def grown(before: Numbers, _: int) -> Numbers:
                return _put_among(before, self.entries, _ORDERS[by])

            rising = self.carried(("order", by), NO_NUMBERS, grown)
            return rising[::-1].copy() if by in ("changed", "when") else rising

        return self.remembered(by, ordered)

    def numbers(self) -> Numbers:
        """By position the document's number; 0 where it is dead."""

        def inverted() -> Numbers:
            known = np.flatnonzero(self.position_of >= 0).astype(np.int32)
            numbers = np.zeros(self.size, np.int32)
            numbers[self.position_of[known]] = known
            return numbers

        return self.remembered("numbers", inverted)

    def moved(self) -> Days:
        """The last day on which each document is known to have moved, or something that lies below it."""
        return self.remembered("moved", lambda: self.paces.moved(self._steps_below()))

    def _steps_below(self) -> Days:
        """By the position of a document the last step of those that lie in its folder, as far as all may see them who
        may see it: else its movement would tell of what is hidden.
        """
        facet = self.facets.get(PARENT, NO_FACET)
        steps: Days = np.zeros(self.size, np.int32)
        places = [self.addresses.get((word.sort, word.value), -1) for word in facet.words]
        above = np.array([*places, -1], np.int32)[facet.groups]
        known = self.alive[facet.positions] & (above >= 0)
        below, above = facet.positions[known], above[known]
        pairs, pair_of = np.unique(np.stack([self.openers[above], self.openers[below]]), axis=1, return_inverse=True)
        told = np.array([as_open_as(self.keys[lower], self.keys[upper]) for upper, lower in pairs.T.tolist()], np.bool_)
        shown = told[pair_of.ravel()] if len(told) else np.zeros(0, np.bool_)
        last = np.maximum(self.paces.since, self.paces.stepped)
        np.maximum.at(steps, above[shown], last[below[shown]])
        return steps

    def remembered(self, name: object, make: Callable[[], T]) -> T:
        """What follows from all documents at this stamp, made when somebody first asks for it."""
        if name not in self._remembered:
            self._remembered[name] = make()
        found: T = self._remembered[name]
        return found

    def carried(self, name: object, nothing: T, grown: Callable[[T, int], T]) -> T:
        """What is known of single documents and holds as long as they stay as they are, whatever happens to others.

        ``grown`` gets what an earlier catalogue knew and the stamp up to which that holds, at first ``nothing`` and 0.
        It changes nothing of what it gets, which may still be in use. What it makes is the same for whoever looks, and
        leaves out what is dead.
        """
        stamp, before = self._carried.get(name, (0, nothing))
        if stamp == self.stamp:
            found: T = before
            return found
        newer = grown(before, stamp)
        self._carried[name] = self.stamp, newer
        return newer

    def visible(self, kind: str, slug: str, viewer: Viewer) -> Entry | None:
        """A document by its address, if the viewer may see it."""
        entry = self.entry(kind, slug)
        return entry if entry and not self.keys[entry.openers].isdisjoint(viewer.keys) else None

    def named(self, group: Group, viewer: Viewer) -> Entry | None:
        """The document that a group names, by its address or by one that it had before, if the viewer may see it."""
        if group.sort in (WORD, ORGANISATION):
            return None
        address = (group.sort, group.value)
        formerly = (int(self.position_of[number]) for number in self.former.get(address, ()))
        entries = (self.entries[position] for position in formerly if position >= 0)
        seen = (entry for entry in entries if not self.keys[entry.openers].isdisjoint(viewer.keys))
        return self.visible(*address, viewer) or next(seen, None)

    def shows(self, number: int, viewer: Viewer) -> bool:
        """Whether the viewer may see the document with a number."""
        position = int(self.position_of[number]) if number < len(self.position_of) else -1
        return position >= 0 and not self.keys[self.entries[position].openers].isdisjoint(viewer.keys)

    def entry(self, kind: str, slug: str) -> Entry | None:
        """A document by its address, whoever may see it."""
        position = self.addresses.get((kind, slug))
        return self.entries[position] if position is not None else None

    def follow(self, connection: Connection, stamp: int) -> Catalogue:
        """The catalogue of the rows, which have come to a newer stamp; itself if nothing has changed."""
        if stamp == self.stamp:
            return self
        dead = self.size - int(self.alive.sum())
        if dead > max(MOST_DEAD, self.size // 4):
            return Catalogue().follow(connection, stamp)
        return _with_newer(self, connection, stamp)


# Equals go by number: a position follows from when rows were made anew, which may have been for something hidden.
_ORDERS: dict[str, Callable[[Entry], tuple[object, ...]]] = {
    "title": lambda entry: (entry.title_key, entry.slug, entry.number),
    "slug": lambda entry: (entry.slug, entry.number),
    "changed": lambda entry: (entry.changed_at, entry.number),
    "when": lambda entry: (entry.when_key, entry.title_key, entry.number),
    "number": lambda entry: (entry.number,),
}


def _put_among(before: Numbers, entries: Sequence[Entry], keys: Callable[[Entry], tuple[object, ...]]) -> Numbers:
    """All positions in an order that rises: those that were added, among those that are in order already."""
    if (len(entries) - len(before)) * MANY > len(entries):
        return np.array(sorted(range(len(entries)), key=[keys(entry) for entry in entries].__getitem__), np.int32)
    added = sorted(range(len(before), len(entries)), key=lambda position: keys(entries[position]))
    in_order: Sequence[int] = before  # type: ignore[assignment]  # an array does for a sequence here
    places = [bisect_right(in_order, keys(entries[at]), key=lambda old: keys(entries[old])) for at in added]
    return np.insert(before, places, added)


def stamp_of(connection: Connection) -> int:
    """How often the rows have been changed."""
    return int(connection.execute(_STAMP).scalar_one())


_STAMP = select(t.applied.c.stamp)


def _with_newer(old: Catalogue, connection: Connection, stamp: int) -> Catalogue:
    columns = [t.document.c[name] for name in (*Entry._fields, "status_value", *Moves._fields[2:])]
    newer = t.document.c.stamp > old.stamp
    rows = connection.execute(select(*columns).where(newer)).all()
    added = [Entry(*row[: len(Entry._fields)]) for row in rows]
    moves = [Moves(entry.kind, *row[len(Entry._fields) :]) for entry, row in zip(added, rows, strict=True)]
    gone = connection.execute(select(t.gone.c.number).where(t.gone.c.stamp > old.stamp)).scalars() if old.size else ()
    stale = {entry.number for entry in added}.union(gone)
    alive = np.concatenate([old.alive, np.ones(len(added), np.bool_)])
    position_of = _places(old.position_of, added, old.size)
    addresses = dict(old.addresses)
    for number in stale:
        before = int(old.position_of[number]) if number < len(old.position_of) else -1
        if before >= 0:
            alive[before] = False
            addresses.pop((old.entries[before].kind, old.entries[before].slug), None)
            if position_of[number] == before:
                position_of[number] = -1
    addresses |= {(entry.kind, entry.slug): old.size + place for place, entry in enumerate(added)}
    facet = select(t.facet).join(t.document, t.document.c.number == t.facet.c.document).where(newer)
    facets = grown(old.facets, connection.execute(facet), position_of)
    return replace(
        old,
        stamp=stamp,
        entries=(*old.entries, *added),
        alive=alive,
        openers=np.concatenate([old.openers, np.array([entry.openers for entry in added], np.int32)]),
        position_of=position_of,
        archived=_marked(old.archived, [entry.publication == Publication.ARCHIVED for entry in added]),
        drafts=_marked(old.drafts, [entry.publication in UNPUBLISHED for entry in added]),
        paces=old.paces.with_newer(moves),
        facets=facets,
        former=_former(facets, connection),
        keys=_keys(old.keys, connection),
        addresses=addresses,
        _remembered={},
        _carried=dict(old._carried),
    )


def _marked(mask: Mask, added: list[bool]) -> Mask:
    return np.concatenate([mask, np.array(added, np.bool_)])


def _places(old: Numbers, added: Sequence[Entry], size: int) -> Numbers:
    longest = max((entry.number for entry in added), default=0) + 1
    places = np.full(max(longest, len(old)), -1, np.int32)
    places[: len(old)] = old
    for place, entry in enumerate(added):
        places[entry.number] = size + place
    return places


def _keys(old: Mapping[int, frozenset[str]], connection: Connection) -> Mapping[int, frozenset[str]]:
    new = connection.execute(select(t.openers).where(t.openers.c.number > max(old, default=0)))
    return {**old, **{number: frozenset(keys.split("\n")) for number, keys in new}}


def _former(facets: Mapping[str, FacetArrays], connection: Connection) -> Mapping[tuple[str, str], tuple[int, ...]]:
    """The addresses that documents had before, of the kinds that facets name."""
    kinds = {group.sort for facet in facets.values() for group in facet.words} - {WORD, ORGANISATION}
    found: dict[tuple[str, str], tuple[int, ...]] = {}
    named = select(t.former_slug.c.kind, t.former_slug.c.slug, t.former_slug.c.document)
    for kind, slug, number in connection.execute(named.where(t.former_slug.c.kind.in_(kinds))) if kinds else ():
        found[kind, slug] = (*found.get((kind, slug), ()), number)
    return found
