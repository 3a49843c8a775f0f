"""The facets of a search as links that turn a choice on or off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote_plus, urlencode

from flask import request

from app.index import Choice, FacetCount
from app.reading.listing import PAGE
from app.web.text import as_id

# A facet shows so many choices at once, the rest folded away; a single one is not worth folding.
FIRST_CHOICES = 6


@dataclass(frozen=True)
class Toggle:
    """A choice as a link that turns it on or off. ``id`` lets the keyboard stay where it is."""

    id: str
    label: str
    count: int
    chosen: bool
    url: str


@dataclass(frozen=True)
class Box:
    """The choices of one facet, the commonest first. From number ``folded`` on they are folded away."""

    name: str
    label: str
    choices: Sequence[Toggle]

    @property
    def folded(self) -> int:
        return len(self.choices) if len(self.choices) == FIRST_CHOICES + 1 else FIRST_CHOICES

    @property
    def opened(self) -> bool:
        """Whether one of those that are folded away is chosen."""
        return any(choice.chosen for choice in self.choices[self.folded :])


def boxes_of(facets: Sequence[FacetCount]) -> list[Box]:
    """Facets with an address for every choice."""
    present = {name: request.args.getlist(name) for name in request.args if name != PAGE}
    return [Box(facet.name, facet.label, _toggles(facet, present)) for facet in facets]


def _toggles(facet: FacetCount, present: dict[str, list[str]]) -> list[Toggle]:
    # There are dozens of them on a page: what their addresses have in common is written once.
    others = urlencode({name: values for name, values in present.items() if name != facet.name}, doseq=True)
    before = f"{request.path}?{others}&" if others else f"{request.path}?"
    values = [value for value in present.get(facet.name, ()) if value]
    return [_toggle(facet.name, choice, before, values) for choice in facet.choices]


def _toggle(name: str, choice: Choice, before: str, values: Sequence[str]) -> Toggle:
    wanted = [value for value in values if value != choice.value]
    if not choice.chosen:
        wanted.append(choice.value)
    url = before + "&".join(f"{name}={quote_plus(value)}" for value in wanted)
    return Toggle(f"val-{name}-{as_id(choice.value)}", choice.label, choice.count, choice.chosen, url.rstrip("?&"))
