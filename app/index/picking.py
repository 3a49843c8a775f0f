"""Picking a few documents for a page out of all that its viewer may see, and counting the rest."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from sqlalchemy import bindparam, select

from app.index import tables as t
from app.index.arrays import Mask, Numbers
from app.index.cards import Card
from app.index.catalogue import Catalogue
from app.index.deriving import KIND
from app.index.finding import in_order
from app.index.opening import Reading
from app.index.relations import Kinds, seen_cards
from app.library.visibility import Viewer

Chosen = Mapping[str, Collection[str]]


@dataclass(frozen=True)
class Pick:
    """What a page wants: documents of some kinds, with all of the ``chosen`` values and at least one of the ``either``.

    ``naming`` are organisations of which they name one, in whatever part. ``drafts`` alone (True), none (False) or as
    well (None). ``ahead`` picks those that have something before them at that day: a date, or what is still to be done.
    """

    kinds: Collection[str] = ()
    chosen: Chosen = field(default_factory=dict)
    either: Chosen = field(default_factory=dict)
    naming: Collection[str] = ()
    drafts: bool | None = None
    archived: bool = False
    ahead: date | None = None
    order: str = "changed"
    limit: int = 20


@dataclass(frozen=True)
class Picked:
    """The first documents of a pick, and how many there are in all."""

    cards: list[Card]
    total: int


@dataclass(frozen=True)
class Part:
    """Documents in which an organisation plays a part that no facet tells: the first of them, and how many."""

    label: str
    cards: list[Card]
    total: int


def pick(reading: Reading, wanted: Pick, viewer: Viewer, kinds: Kinds) -> Picked:
    """What a page wants, as far as its viewer may see it."""
    catalogue = reading.catalogue
    mask = catalogue.listed(viewer, wanted.archived) & _wanted(reading, wanted)
    positions = in_order(catalogue, mask, wanted.order)
    if wanted.ahead:
        positions = _with_something_ahead(catalogue, positions, wanted.ahead)
    numbers = [catalogue.entries[position].number for position in positions[: wanted.limit].tolist()]
    return Picked(seen_cards(reading, numbers, viewer, kinds), len(positions))


def parts_of(
    reading: Reading, organisation: str, facet: str, viewer: Viewer, kinds: Kinds, limit: int, archived: bool = False
) -> list[Part]:
    """What names an organisation without being found by it in a facet, by the part that it plays there."""
    catalogue = reading.catalogue
    mask = catalogue.listed(viewer, archived) & ~catalogue.chosen(facet, [organisation])
    by_part: dict[str, dict[int, None]] = {}
    for number, part in reading.connection.execute(_NAMING, {"slug": organisation}):
        if mask[catalogue.position_of[number]]:
            by_part.setdefault(part, {})[number] = None
    return [
        Part(label, seen_cards(reading, list(numbers)[:limit], viewer, kinds), len(numbers))
        for label, numbers in by_part.items()
    ]


def _wanted(reading: Reading, wanted: Pick) -> Mask:
    catalogue = reading.catalogue
    mask = np.ones(catalogue.size, np.bool_)
    if wanted.kinds:
        mask &= catalogue.chosen(KIND.name, wanted.kinds)
    for name, values in wanted.chosen.items():
        mask &= catalogue.chosen(name, values)
    if wanted.either:
        mask &= np.logical_or.reduce([catalogue.chosen(name, values) for name, values in wanted.either.items()])
    if wanted.naming:
        mask &= _naming(reading, wanted.naming)
    if wanted.drafts is not None:
        mask &= catalogue.drafts if wanted.drafts else ~catalogue.drafts
    return mask


def _naming(reading: Reading, organisations: Collection[str]) -> Mask:
    catalogue = reading.catalogue
    numbers = list(reading.connection.execute(_NUMBERS_NAMING, {"slugs": list(organisations)}).scalars())
    mask = np.zeros(catalogue.size, np.bool_)
    mask[catalogue.position_of[numbers]] = True
    return mask


def _with_something_ahead(catalogue: Catalogue, positions: Numbers, today: date) -> Numbers:
    """Those with a date that is not over, or something still to be done, whether or not it is late."""
    first, due = today.isoformat(), catalogue.paces.due
    kept = [
        position for position in positions.tolist() if due[position] or catalogue.entries[position].when_key >= first
    ]
    return np.array(kept, np.int32)


_NUMBERS_NAMING = select(t.relation.c.document).where(
    t.relation.c.kind == "", t.relation.c.slug.in_(bindparam("slugs", expanding=True))
)
_NAMING = (
    select(t.relation.c.document, t.relation.c.back)
    .where(t.relation.c.kind == "", t.relation.c.slug == bindparam("slug"))
    .order_by(t.relation.c.document.desc(), t.relation.c.position)
)
