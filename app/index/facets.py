"""Which facets there are, read from the markers of the kinds' fields."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import BaseModel

from app.index.deriving import COUNTY, KIND, YEAR
from app.library.document import Kind
from app.library.fields import Facet

# The order on the page; facets that are not named here come after.
ORDER = ("typ", "malgrupp", "omrade", "utfall", "kunskap", "kommun", "lan", "natverk", "status", "beslut", "ar")


def facet_labels(kinds: Iterable[Kind]) -> dict[str, str]:
    """The facets of all kinds: what stands in the URL, and the label above the choices, in the order of the page."""
    found = {KIND.name: KIND.label}
    for kind in kinds:
        markers = markers_in(kind.front_matter)
        found |= {marker.name: marker.label for marker in markers if isinstance(marker, Facet)}
    found |= {COUNTY.name: COUNTY.label, YEAR.name: YEAR.label}
    return dict(sorted(found.items(), key=lambda one: ORDER.index(one[0]) if one[0] in ORDER else len(ORDER)))


def markers_in(annotation: Any, seen: set[type[BaseModel]] | None = None) -> Iterator[object]:
    """Every marker in a type, also in the fields of the groups inside it."""
    seen = set() if seen is None else seen
    yield from getattr(annotation, "__metadata__", ())
    if isinstance(annotation, type) and issubclass(annotation, BaseModel) and annotation not in seen:
        seen.add(annotation)
        for field in annotation.model_fields.values():
            yield from field.metadata
            yield from markers_in(field.annotation, seen)
    for inner in getattr(annotation, "__args__", ()):
        yield from markers_in(inner, seen)
