"""Families: documents of a kind with those that lie in their folders (projects with their cycles), many at a time.

What an overview of hundreds shows stands in the rows since each was saved (``Kind.glance``): no file is read. Who
stands still, and since when, is what ``app.index.state`` says; nothing of it is worked out here once more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

import numpy as np
from sqlalchemy import bindparam, select

from app.index import tables as t
from app.index.arrays import Mask, Numbers
from app.index.cards import FacetCount
from app.index.catalogue import Catalogue
from app.index.deriving import KIND, PARENT
from app.index.finding import Filter, in_order
from app.index.opening import Reading
from app.index.pace import day_of, phase_of
from app.index.state import Standing, own_of, standing_at, usual_times
from app.library.document import Kind
from app.library.pace import Usual, stands_still
from app.library.visibility import Viewer

# So many families are remembered from one save to the next.
MOST_FAMILIES = 5_000


class Member(NamedTuple):
    """A document of a family. ``glance`` is what its kind keeps for overviews, as JSON; ``usual`` is None for what has
    no phases or is over. ``version`` and ``changed_at`` change with what a card of it shows.
    """

    position: int
    number: int
    id: str
    kind: str
    slug: str
    status: str
    glance: str
    version: str
    changed_at: str
    since: date | None
    moved: date | None
    usual: Usual | None

    def stands_still(self, today: date) -> bool:
        return self.usual is not None and stands_still(self.moved, self.usual.days, today)


class Family(NamedTuple):
    """A document that lists show to the viewer, and what lies in its folder that they may see, by the addresses.

    ``latest`` is the one of these that has come furthest and goes on, or else the last. ``token`` is another one as
    soon as the rows say anything else of any of them: what follows from a family may be remembered by it.
    """

    above: Member
    below: tuple[Member, ...]
    latest: Member | None
    token: str


@dataclass(frozen=True)
class FamilyQuery:
    """Which families: ``chosen`` by facet, with ``own`` only of the viewer's networks and organisations, and those that
    ``fits`` says. ``facets`` are those to count, with their labels.
    """

    kind: str
    chosen: Mapping[str, Sequence[str]] = field(default_factory=dict)
    own: bool = False
    facets: Mapping[str, str] = field(default_factory=dict)
    fits: Callable[[Family], bool] = lambda family: True


@dataclass(frozen=True)
class Families:
    """What a query shows, by title. ``among`` are also those that do not fit, and ``everywhere`` is how many fit
    outside the viewer's networks as well.
    """

    fitting: list[Family]
    among: list[Family]
    everywhere: int
    facets: list[FacetCount]


def families(reading: Reading, viewer: Viewer, query: FamilyQuery, kinds: Mapping[str, Kind]) -> Families:
    """The families that a viewer sees."""
    catalogue = reading.catalogue
    everything = all_families(reading, viewer, query.kind, kinds)
    fits = [family for family in everything if query.fits(family)]
    places = np.array([family.above.position for family in fits], np.intp)
    fitting = np.zeros(catalogue.size, np.bool_)
    fitting[places] = True
    within = catalogue.listed(viewer) & own_of(catalogue, viewer) if query.own else catalogue.listed(viewer)
    shown = Filter(catalogue, within & fitting, query.chosen, viewer)
    outside = Filter(catalogue, fitting, query.chosen, viewer) if query.own else shown
    among = Filter(catalogue, within, query.chosen, viewer)
    return Families(
        fitting=[family for family in fits if shown.mask[family.above.position]],
        among=[family for family in everything if among.mask[family.above.position]],
        everywhere=int(outside.mask.sum()),
        facets=shown.counts(query.facets),
    )


def all_families(reading: Reading, viewer: Viewer, kind: str, kinds: Mapping[str, Kind]) -> list[Family]:
    """Every family that lists show to the viewer, by title. Read once after each save, for all who see alike."""
    catalogue = reading.catalogue

    def made() -> list[Family]:
        names = [kind, *(other.name for other in kinds.values() if other.parent == kind)]
        seen = catalogue.may_see(viewer)
        found = _members(reading, names, kinds).of
        below: dict[str, list[Member]] = {}
        above_of = catalogue.remembered("folders", lambda: _folders(catalogue))
        by_slug = catalogue.order("slug")
        for position in by_slug[seen[by_slug] & _of_kinds(catalogue, names[1:])[by_slug]].tolist():
            below.setdefault(above_of.get(position, ""), []).append(found[position])
        heads = in_order(catalogue, catalogue.listed(viewer) & _of_kinds(catalogue, [kind]), "title").tolist()
        known = _known_families(catalogue, kind, found)
        return [known.family(found[at], below.get(found[at].slug, ()), kinds) for at in heads]

    return catalogue.remembered(("families", kind, viewer.keys), made)


class _KnownFamilies:
    """Families that have been put together, for whoever sees the same members of them.

    They are known by the very members, not by what these say: that is a thousand times as much to look at.
    """

    def __init__(self, known: Mapping[tuple[int, ...], Family]) -> None:
        # A family holds its members, so that nothing else can get their ids.
        self._known = dict(known)

    def family(self, above: Member, below: Sequence[Member], kinds: Mapping[str, Kind]) -> Family:
        key = id(above), *map(id, below)
        if key not in self._known:
            self._known[key] = _family(above, below, kinds)
        return self._known[key]

    def still(self, members: Mapping[int, Member]) -> _KnownFamilies:
        """Those of which every member still is what it was."""
        if len(self._known) > MOST_FAMILIES:
            return _KnownFamilies({})
        return _KnownFamilies({key: one for key, one in list(self._known.items()) if _holds(one, members)})


def _known_families(catalogue: Catalogue, kind: str, members: Mapping[int, Member]) -> _KnownFamilies:
    return catalogue.carried(("families", kind), _KnownFamilies({}), lambda before, _: before.still(members))


def _holds(family: Family, members: Mapping[int, Member]) -> bool:
    return all(members.get(one.position) is one for one in (family.above, *family.below))


def _family(above: Member, below: Sequence[Member], kinds: Mapping[str, Kind]) -> Family:
    latest = below[0] if below else None
    if len(below) > 1:
        latest = max(below, key=lambda one: (kinds[one.kind].how_far(one.status), one.slug))
    return Family(above, tuple(below), latest, "\n".join([_token(one) for one in (above, *below)]))


def _token(member: Member) -> str:
    # The glance follows from the version, but for the values that a project has measured.
    _, number, document_id, _, slug, _, glance, version, changed_at, since, moved, usual = member
    usually = usual.days if usual else None
    return f"{number} {document_id} {slug} {version} {changed_at} {since} {moved} {usually} {hash(glance)}"


def standings(
    reading: Reading, members: Sequence[Member], viewer: Viewer, kinds: Mapping[str, Kind]
) -> Mapping[int, Standing]:
    """How some documents stand, with their cards, by their numbers."""
    positions: Numbers = np.array([member.position for member in members], np.int32)
    times = usual_times(reading.connection, reading.catalogue, kinds)
    return {one.card.number: one for one in standing_at(reading, positions, viewer, times, kinds)}


def _of_kinds(catalogue: Catalogue, names: Sequence[str]) -> Mask:
    return catalogue.chosen(KIND.name, names)


def _folders(catalogue: Catalogue) -> dict[int, str]:
    """By position the address of the document in whose folder one lies."""
    facet = catalogue.facets.get(PARENT)
    if facet is None:
        return {}
    pairs = zip(facet.positions.tolist(), facet.groups.tolist(), strict=True)
    return {position: facet.words[group].value for position, group in pairs}


@dataclass(frozen=True)
class _Members:
    """What the rows say of all documents of some kinds, by their positions, and what of that follows from others."""

    of: Mapping[int, Member] = field(default_factory=dict)
    moved: Sequence[int] = ()
    times: Mapping[str, Usual] = field(default_factory=dict)


def _members(reading: Reading, names: Sequence[str], kinds: Mapping[str, Kind]) -> _Members:
    """All documents of some kinds. Whoever asks sees to who may see them."""
    catalogue = reading.catalogue
    moved: list[int] = catalogue.moved().tolist()
    times = usual_times(reading.connection, catalogue, kinds)

    def grown(before: _Members, since: int) -> _Members:
        alive = catalogue.alive.tolist()
        kept = {at: one for at, one in before.of.items() if alive[at]}
        # A document moves when something below it does, and what is usual is learnt from all: rarely for many at once.
        for at, one in list(kept.items()):
            usual = times.get(phase_of(one.kind, one.status))
            if moved[at] != before.moved[at] or usual != one.usual:
                kept[at] = one._replace(moved=day_of(moved[at]), usual=usual)
        return _Members(kept | _newer(reading, names, since, moved, times), moved, times)

    return catalogue.carried(("members", *names), _Members(), grown)


def _newer(
    reading: Reading, names: Sequence[str], stamp: int, moved: Sequence[int], times: Mapping[str, Usual]
) -> dict[int, Member]:
    """What rows that are newer than a stamp say; when a process begins, thousands."""
    position_of, since = reading.catalogue.position_of.tolist(), reading.catalogue.paces.since.tolist()
    found = {}
    for number, document_id, kind, slug, status, glance, version, changed_at in reading.connection.execute(
        _ROWS, {"kinds": list(names), "stamp": stamp}
    ).all():
        at = position_of[number]
        days = day_of(since[at]), day_of(moved[at])
        usual = times.get(phase_of(kind, status))
        found[at] = Member(at, number, document_id, kind, slug, status, glance, version, changed_at, *days, usual)
    return found


_COLUMNS = ("number", "id", "kind", "slug", "status_value", "glance", "version", "changed_at")
_ROWS = select(*(t.document.c[name] for name in _COLUMNS)).where(
    t.document.c.kind.in_(bindparam("kinds", expanding=True)), t.document.c.stamp > bindparam("stamp")
)
