"""What pages over many documents show at a glance: the first of each kind, the works that go on, what is ahead."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import url_for

from app.accounts.signing_in import viewer
from app.index import Aspect, Card, Pick, Query, StateQuery
from app.index.deriving import KIND, PARENT
from app.library.document import FrontMatter, Kind
from app.publishing import current
from app.reading.told import Coming, coming, last_activity

# So many documents at most are asked what is ahead: those with the latest dates.
MOST_ASKED = 60
MOST_CHILDREN = 60


@dataclass(frozen=True)
class Some:
    """The first documents of a kind, how many there are, and where all of them are listed."""

    kind: Kind
    cards: list[Card]
    total: int
    url: str

    def __bool__(self) -> bool:
        return self.total > 0

    @property
    def more(self) -> bool:
        return self.total > len(self.cards)

    def without(self, ahead: Iterable[Coming], limit: int) -> Some:
        """The first that are not told of among what happens."""
        told = {one.card.id for one in ahead if not one.ahead.to_do}
        return replace(self, cards=[card for card in self.cards if card.id not in told][:limit])


@dataclass(frozen=True)
class Work:
    """Something that goes on, such as a project: when it last moved, and of what lies in its folder (its cycles) the
    one that has come furthest and goes on, or else the last.
    """

    card: Card
    moved: date | None
    child: Card | None


@dataclass(frozen=True)
class Works:
    """The works that were changed last, how many go on, and all that there are, also those that are over."""

    rows: list[Work]
    total: int
    everything: int
    url: str


@dataclass(frozen=True)
class Count:
    """How many documents of a kind there are, and where they are listed."""

    kind: Kind
    number: int
    url: str


Chosen = Mapping[str, Collection[str]]


def some(kind: str, chosen: Chosen, limit: int, order: str = "changed", archived: bool = False) -> Some:
    """The first of a kind's documents that have the chosen values, as far as the viewer may see them."""
    found = current.index.pick(viewer(), Pick((kind,), chosen, archived=archived, order=order, limit=limit))
    return Some(current.library.kinds[kind], found.cards, found.total, address(kind, chosen))


def counts(chosen: Chosen) -> tuple[list[Count], int]:
    """How many documents of each kind have the chosen values, in the order of the kinds; and how many are archived."""
    values = {name: list(given) for name, given in chosen.items()}
    found = current.index.find(Query(chosen=values, limit=0), viewer())
    numbers = {one.value: one.count for facet in found.facets if facet.name == KIND.name for one in facet.choices}
    kinds = [kind for kind in current.library.kinds.values() if numbers.get(kind.name)]
    return [Count(kind, numbers[kind.name], address(kind.name, chosen)) for kind in kinds], found.archived


def works(kind: str, chosen: Chosen, today: date, limit: int) -> Works:
    """The works of a kind that go on, those changed last first."""
    values = {name: list(given) for name, given in chosen.items()} | {KIND.name: [kind]}
    going_on = current.index.state(viewer(), StateQuery(Aspect.ONGOING, today, values, sort="changed", limit=limit))
    children = _children(kind, [one.card.slug for one in going_on.standing])
    rows = []
    for one in going_on.standing:
        below = children.get(one.card.slug, [])
        rows.append(Work(one.card, last_activity([one.card, *below], today), _present_of(below)))
    everything = current.index.pick(viewer(), Pick((kind,), chosen, limit=0)).total
    return Works(rows, going_on.total, everything, address(kind, chosen))


def _children(kind: str, parents: Collection[str]) -> dict[str, list[Card]]:
    """What lies in the folders of some documents, by their slugs, in the order of their own."""
    below = [other.name for other in current.library.kinds.values() if other.parent == kind]
    if not below or not parents:
        return {}
    found = current.index.pick(viewer(), Pick(below, {PARENT: parents}, limit=MOST_CHILDREN)).cards
    by_parent: dict[str, list[Card]] = {}
    for card in sorted(found, key=lambda card: card.slug):
        by_parent.setdefault(card.slug.rpartition("/")[0], []).append(card)
    return by_parent


def _present_of(children: list[Card]) -> Card | None:
    kinds = current.library.kinds
    return max(children, key=lambda card: (kinds[card.kind].how_far(card.status_value), card.slug), default=None)


def ahead_of(chosen: Chosen, today: date) -> list[Coming]:
    """What is ahead in the documents that have the chosen values."""
    return coming(_with_something_ahead(Pick(chosen=chosen), today), today)


def ahead_for(organisations: Collection[str], today: date) -> list[Coming]:
    """What is ahead for some organisations, in whatever part."""
    return coming(_with_something_ahead(Pick(naming=organisations), today), today, organisations)


def _with_something_ahead(wanted: Pick, today: date) -> Iterable[Card]:
    telling = [kind.name for kind in current.library.kinds.values() if kind.front_matter.ahead is not FrontMatter.ahead]
    asked = Pick(telling, wanted.chosen, naming=wanted.naming, ahead=today, order="when", limit=MOST_ASKED)
    return current.index.pick(viewer(), asked).cards


def address(kind: str, chosen: Chosen) -> str:
    """The list of a kind with choices made."""
    values: dict[str, Any] = {name: list(given) for name, given in chosen.items()}
    return url_for(f"{kind}.index", **values)
