"""The state of things at a day, of what one may see: what stands still, is late, is a draft, is going on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

import numpy as np
from sqlalchemy import Connection, bindparam, select

from app.index import tables as t
from app.index.arrays import Mask, Numbers
from app.index.cards import Card, FacetCount
from app.index.catalogue import Catalogue
from app.index.deriving import parent_of
from app.index.finding import Filter, in_order
from app.index.opening import Reading
from app.index.pace import Days, day_of, late, phase_of, still
from app.index.relations import seen_cards
from app.library.document import Kind
from app.library.pace import Usual, usual_time
from app.library.visibility import ANYONE, Viewer

# Cards are read so many at a time: SQLite takes a limited number of parameters.
AT_ONCE = 5000
NETWORK, ORGANISATION = "natverk", "kommun"


class Aspect(StrEnum):
    """What one can look at of the state of things."""

    STILL = "still"
    LATE = "late"
    DRAFTS = "drafts"
    ONGOING = "ongoing"


@dataclass(frozen=True)
class StateQuery:
    """What somebody looks at, at the day ``today``. ``chosen`` is by facet; ``sort`` "longest", "changed" or "title".

    With ``own`` only what belongs to the viewer's networks, or names one of the viewer's organisations. ``facets`` are
    those to count, with their labels. Without a ``limit`` everything is listed.
    """

    aspect: Aspect
    today: date
    chosen: Mapping[str, Sequence[str]] = field(default_factory=dict)
    own: bool = False
    sort: str = "longest"
    facets: Mapping[str, str] = field(default_factory=dict)
    limit: int | None = None
    offset: int = 0


@dataclass(frozen=True)
class Standing:
    """A document, how long it has stood where it stands, and what is usual there.

    ``part_of`` is the title of the document in whose folder it lies; "" where there is none that the viewer may see.
    ``since`` is the latest day on which it may have come into its phase, ``moved`` the last day on which anything is
    known to have happened; None where that is not known. ``usual`` is None for what has no phases or is over.
    """

    card: Card
    part_of: str
    since: date | None
    moved: date | None
    usual: Usual | None


@dataclass(frozen=True)
class State:
    """What a query shows. ``counts`` has every aspect with the same choices; ``everywhere`` is the total of the present
    one also outside the viewer's networks. ``usual`` is how long each phase usually takes.
    """

    standing: list[Standing]
    total: int
    everywhere: int
    counts: Mapping[Aspect, int]
    facets: list[FacetCount]
    usual: Mapping[str, Usual]


def state(reading: Reading, viewer: Viewer, query: StateQuery, kinds: Mapping[str, Kind]) -> State:
    """What a viewer sees of the state of things."""
    catalogue = reading.catalogue
    times = usual_times(reading.connection, catalogue, kinds)
    seen = catalogue.listed(viewer)
    within = seen & own_of(catalogue, viewer) if query.own else seen
    masks = _aspects(catalogue, times, query.today)
    filters = {aspect: Filter(catalogue, within & mask, query.chosen, viewer) for aspect, mask in masks.items()}
    shown = filters[query.aspect]
    order = _ordered(catalogue, shown.mask, query)
    page = order[query.offset : None if query.limit is None else query.offset + query.limit]
    outside = Filter(catalogue, seen & masks[query.aspect], query.chosen, viewer) if query.own else shown
    return State(
        standing=list(standing_at(reading, page, viewer, times, kinds)),
        total=len(order),
        everywhere=int(outside.mask.sum()),
        counts={aspect: int(one.mask.sum()) for aspect, one in filters.items()},
        facets=shown.counts(query.facets),
        usual=times,
    )


def state_counts(
    reading: Reading, viewer: Viewer, today: date, kinds: Mapping[str, Kind], own: bool
) -> Mapping[Aspect, int]:
    """How much there is to look at in each view."""
    catalogue = reading.catalogue
    within = catalogue.listed(viewer)
    within = within & own_of(catalogue, viewer) if own else within
    masks = _aspects(catalogue, usual_times(reading.connection, catalogue, kinds), today)
    return {aspect: int((within & mask).sum()) for aspect, mask in masks.items()}


def usual_times(connection: Connection, catalogue: Catalogue, kinds: Mapping[str, Kind]) -> Mapping[str, Usual]:
    """How long each phase that is not the last usually takes.

    It is learnt from what is real and everybody may read, so that it is the same for all and tells of nothing hidden.
    """

    def learnt() -> Mapping[str, Usual]:
        stays = catalogue.carried(
            "stays", _Stays(), lambda before, since: before.with_newer(connection, catalogue, since)
        )
        finished = stays.of(catalogue.may_see(ANYONE))
        return {
            (phase := phase_of(kind.name, status)): usual_time(finished.get(phase, ()), expected)
            for kind in kinds.values()
            for status, expected in kind.usual_days.items()
        }

    return catalogue.remembered("usual times", learnt)


@dataclass(frozen=True)
class _Stays:
    """The finished stays of what is real, by the positions of the documents; ``phase`` is a number of ``phases``."""

    positions: Numbers = field(default_factory=lambda: np.zeros(0, np.int32))
    phase: Numbers = field(default_factory=lambda: np.zeros(0, np.int32))
    days: Days = field(default_factory=lambda: np.zeros(0, np.int32))
    phases: tuple[str, ...] = ()

    def with_newer(self, connection: Connection, catalogue: Catalogue, since: int) -> _Stays:
        """These without those of dead positions, and those of rows that are newer than a stamp."""
        rows = connection.execute(_STAYS, {"since": since}).all()
        phases = tuple(dict.fromkeys((*self.phases, *(phase for _, phase, _ in rows))))
        number_of = {phase: number for number, phase in enumerate(phases)}
        kept = catalogue.alive[self.positions]
        added = np.array([(number, number_of[phase], days) for number, phase, days in rows], np.int32).reshape(-1, 3)
        return _Stays(
            np.concatenate([self.positions[kept], catalogue.position_of[added[:, 0]]]),
            np.concatenate([self.phase[kept], added[:, 1]]),
            np.concatenate([self.days[kept], added[:, 2]]),
            phases,
        )

    def of(self, mask: Mask) -> dict[str, list[int]]:
        """The days of the positions in a mask, by the phase."""
        shown = mask[self.positions]
        return {name: self.days[shown & (self.phase == number)].tolist() for number, name in enumerate(self.phases)}


_STAYS = (
    select(t.stay.c.document, t.stay.c.phase, t.stay.c.days)
    .join(t.document, t.document.c.number == t.stay.c.document)
    .where(t.document.c.invented.is_(False), t.document.c.stamp > bindparam("since"))
)


def _aspects(catalogue: Catalogue, times: Mapping[str, Usual], today: date) -> Mapping[Aspect, Mask]:
    usual = catalogue.paces.usual(times)
    return {
        Aspect.STILL: still(catalogue.moved(), usual, today),
        Aspect.LATE: late(catalogue.paces.due, today),
        Aspect.DRAFTS: catalogue.drafts,
        Aspect.ONGOING: usual >= 0,
    }


def own_of(catalogue: Catalogue, viewer: Viewer) -> Mask:
    """What belongs to the viewer's networks, or names one of their organisations."""
    return catalogue.chosen(NETWORK, viewer.networks) | catalogue.chosen(ORGANISATION, viewer.organisations)


def _ordered(catalogue: Catalogue, mask: Mask, query: StateQuery) -> Numbers:
    """The positions of a mask in the order asked for: what has lasted longest first, and the unknown last."""
    if query.sort != "longest":
        return in_order(catalogue, mask, query.sort)
    by_title = in_order(catalogue, mask, "title")
    days: Days = {
        Aspect.STILL: catalogue.moved(),
        Aspect.LATE: catalogue.paces.due,
        Aspect.DRAFTS: catalogue.paces.changed_on,
        Aspect.ONGOING: catalogue.paces.since,
    }[query.aspect][by_title]
    return by_title[np.argsort(np.where(days > 0, days, np.iinfo(np.int32).max), kind="stable")]


def standing_at(
    reading: Reading, positions: Numbers, viewer: Viewer, times: Mapping[str, Usual], kinds: Mapping[str, Kind]
) -> Iterable[Standing]:
    """How long the documents at some positions have stood where they stand, as far as the viewer may see them."""
    catalogue = reading.catalogue
    paces, moved = catalogue.paces, catalogue.moved()
    place_of = {catalogue.entries[position].number: position for position in positions.tolist()}
    numbers = list(place_of)
    for first in range(0, len(numbers), AT_ONCE):
        for card in seen_cards(reading, numbers[first : first + AT_ONCE], viewer, kinds):
            place = place_of[card.number]
            above = catalogue.visible(kinds[card.kind].parent, parent_of(card.slug), viewer)
            yield Standing(
                card,
                part_of=above.title if above else "",
                since=day_of(int(paces.since[place])),
                moved=day_of(int(moved[place])),
                usual=times.get(phase_of(card.kind, card.status_value)),
            )
