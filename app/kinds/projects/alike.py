"""What several projects of a network measure alike: which measures those are, and how it goes in each place.

Two measures are the same if they are called the same and are of the same sort, unit and chart. Whether they are counted
the same way is for those who look: where the definitions differ it is said, and both are shown.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from app.accounts.access import may_see
from app.accounts.signing_in import viewer
from app.index import Card, Pick
from app.kinds.projects.measure import Measure, with_slugs
from app.kinds.projects.measured import Measured, all_of
from app.kinds.projects.project import KIND as PROJECTS
from app.library.document import Document
from app.library.organisations import swedish_order
from app.library.slugs import slugify
from app.library.vocabulary import MeasureType
from app.measuring.drawing.side_by_side import Panel
from app.publishing import current
from app.reading.pages import present

FACET = "natverk"
# So many projects of a network are asked what they measure, those changed last first.
MOST_PROJECTS = 500
MOST_REMEMBERED = 2_000


@dataclass(frozen=True)
class Place:
    """A project that measures it, where, and how it says that it counts."""

    card: Card
    slug: str
    measure: Measure
    name: str


@dataclass(frozen=True)
class Shared:
    """A measure that several projects have. ``slug`` is its address in the network."""

    slug: str
    places: tuple[Place, ...]

    @property
    def measure(self) -> Measure:
        """As the first of the places says it."""
        return self.places[0].measure

    @property
    def several(self) -> bool:
        """Whether it is measured in more than one project."""
        return len({place.card.id for place in self.places}) > 1

    @property
    def names(self) -> list[str]:
        """The places, each once."""
        return list(dict.fromkeys(place.name for place in self.places))

    @cached_property
    def definitions(self) -> list[tuple[Place, list[str]]]:
        """How it is counted, by the first who counts so, and where so; several where that differs."""
        found: dict[tuple[str, ...], tuple[Place, list[str]]] = {}
        for place in self.places:
            names = found.setdefault(counted(place.measure), (place, []))[1]
            if place.name not in names:
                names.append(place.name)
        return list(found.values())

    @property
    def differ(self) -> bool:
        """Whether the definitions differ in more than how they are typed."""
        return len(self.definitions) > 1


def address_of(measure: Measure) -> str:
    """What a measure is called in its network: the same for those that may be compared."""
    sort = "" if measure.type is MeasureType.OUTCOME else measure.type.swedish
    return slugify(f"{measure.name} {measure.unit} {measure.chart} {sort}")


def counted(measure: Measure) -> tuple[str, ...]:
    """What says how a measure is counted, however it is typed."""
    said = (measure.definition, measure.numerator, measure.denominator)
    return tuple(" ".join(text.casefold().split()).rstrip(".") for text in said)


@dataclass(frozen=True)
class Listed:
    """A shared measure as the network's page tells of it: how many places, and what they are called."""

    slug: str
    measure: Measure
    places: int
    names: tuple[str, ...]


def shared_in(network: Document) -> list[Listed]:
    """What at least two projects of the network measure that the viewer may see, by name."""

    def made() -> list[Listed]:
        several = (shared for shared in all_in([network.slug]) if shared.several)
        return [Listed(one.slug, one.measure, len(one.places), tuple(one.names)) for one in several]

    return current.index.remembered(("measures", network.slug), viewer(), made)


def all_in(networks: Sequence[str]) -> list[Shared]:
    """Every measure of the networks' projects that the viewer may see, also of one alone, by name. Reads no file."""
    chosen = {FACET: [*networks, *sorted(current.index.networks_formerly(networks))]}
    cards = current.index.pick(viewer(), Pick((PROJECTS.name,), chosen, order="changed", limit=MOST_PROJECTS)).cards
    named = sorted(((_name_of(card), card) for card in cards), key=lambda one: (swedish_order(one[0]), one[1].title))
    by_address: dict[str, list[Place]] = {}
    for name, card in named:
        for address, slug, measure in _measures(card.written_facts):
            by_address.setdefault(address, []).append(Place(card, slug, measure, name))
    found = [Shared(address, tuple(places)) for address, places in by_address.items() if address]
    return sorted(found, key=lambda shared: (shared.measure.name.casefold(), shared.slug))


@lru_cache(maxsize=MOST_REMEMBERED)
def _measures(written: str) -> tuple[tuple[str, str, Measure], ...]:
    """The measures that a project's row tells of, with their addresses in a network and the names of their tables."""
    if '"measures"' not in written:
        return ()
    said = [Measure.model_validate(one) for one in json.loads(written).get("measures", ())]
    return tuple((address_of(measure), slug, measure) for slug, measure in with_slugs(said).items())


def _name_of(card: Card) -> str:
    """What lists call the organisation that a project is of."""
    organisation = current.organisations.get(card.owner)
    return organisation.short if organisation else card.owner_name


@dataclass(frozen=True)
class Charted:
    """A place as its files are now. ``panel`` is None where there is nothing to draw."""

    place: Place
    measured: Measured
    panel: Panel | None


def charted(shared: Shared) -> list[Charted]:
    """Each place with its chart, as far as the viewer may see it, in the order of the alphabet."""
    found = []
    for place in shared.places:
        measured = _measured(place)
        if measured is None:
            continue
        chart = measured.drawn.chart
        panel = Panel(place.name, chart, place.card.title, measured.address("measure")) if chart else None
        found.append(Charted(place, measured, panel))
    return found


def panels_of(charts: Iterable[Charted]) -> list[Panel]:
    """Those that there is something to draw of."""
    return [one.panel for one in charts if one.panel]


def _measured(place: Place) -> Measured | None:
    document = present(PROJECTS, place.card.slug)
    if document is None or not may_see(viewer(), document.front_matter):
        return None
    return next((one for one in all_of(document, ()) if one.slug == place.slug), None)


def others_of_the_name(shared: Shared, everything: Iterable[Shared]) -> list[Place]:
    """Places that have a measure of the same name and another sort, unit or chart: not to be compared."""
    wanted = slugify(shared.measure.name)
    others = (one for one in everything if one.slug != shared.slug and slugify(one.measure.name) == wanted)
    return [place for one in others for place in one.places]
