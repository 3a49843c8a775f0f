"""Taking over the definition of a measure from another project of the network, so that they can be compared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import cast

from app.editing.events import Values
from app.kinds.projects.alike import Place, address_of, all_in
from app.kinds.projects.measure import Measure
from app.kinds.projects.project import Project
from app.library.document import Document
from app.publishing import Refused

# What says what is counted and how. From where to where, and since when lines are locked, is each team's own.
TAKEN = (
    *("name", "type", "definition", "numerator", "denominator", "unit", "better", "how_often", "chart", "smallest"),
)
# So many are offered; a network measures a few things alike, or nothing.
MOST_OFFERED = 100
WHICH = "Välj vilket mått ni vill ta över."
THERE = "Ni har redan ett sådant mått."


@dataclass(frozen=True)
class Offered:
    """A measure that may be taken over. ``value`` is what the form sends, ``where`` the places that count so."""

    place: Place
    where: str

    @property
    def value(self) -> str:
        return f"{self.place.card.slug}/{self.place.slug}"

    @property
    def words(self) -> str:
        """What it is called, in which unit, and where."""
        measure = self.place.measure
        unit = f" ({measure.unit})" if measure.unit else ""
        return f"{measure.name}{unit}, {self.where}"


def offered(document: Document) -> list[Offered]:
    """What others in the project's networks measure that it does not, as far as the viewer may see them, by name."""
    own = {address_of(measure) for measure in _project(document).measures}
    return [one for one in _in_its_networks(document) if address_of(one.place.measure) not in own][:MOST_OFFERED]


def chosen(document: Document, value: str) -> Offered:
    """The one that a form asks for; one that the project has already is left to the newest text to refuse."""
    found = next((one for one in _in_its_networks(document) if one.value == value), None)
    if found is None:
        raise Refused(WHICH)
    return found


def taken_over(project: Project, measure: Measure) -> Values:
    """The project with a measure of its own that is defined alike. Raises Refused where it has one."""
    if address_of(measure) in {address_of(one) for one in project.measures}:
        raise Refused(THERE)
    said = measure.model_dump(include=set(TAKEN))
    return {"measures": [*project.measures, Measure.model_validate(said)]}


def _in_its_networks(document: Document) -> Iterator[Offered]:
    networks = _project(document).networks
    if not networks:
        return
    for shared in all_in(networks):
        others = replace(shared, places=tuple(place for place in shared.places if place.card.id != document.id))
        for place, names in others.definitions:
            yield Offered(place, ", ".join(names))


def _project(document: Document) -> Project:
    return cast(Project, document.front_matter)
