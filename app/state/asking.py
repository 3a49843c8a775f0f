"""What an address asks of the state of things, and what the screen calls it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from werkzeug.datastructures import MultiDict

from app.accounts.access import may_see_state
from app.index import Aspect, StateQuery
from app.library.visibility import Viewer
from app.publishing import current
from app.reading.listing import PAGE, SORT
from app.web.text import today

ASPECT, EXTENT = "visa", "urval"
ALL = "alla"
PAGE_SIZE = 25
# An address that asks for more values than this is not made by our page.
MOST_VALUES = 50
FACETS = ("natverk", "kommun", "typ", "omrade", "status")


@dataclass(frozen=True)
class Words:
    """How an aspect is called: in the address, on the screen, by its longest first, and what it is."""

    address: str
    name: str
    longest: str
    about: str


WORDS = {
    Aspect.STILL: Words(
        "stilla", "Står stilla", "stått längst", "Cykler och utvecklingsarbeten som inte har kommit vidare på länge."
    ),
    Aspect.LATE: Words(
        "forsenat", "Försenat", "mest försenat", "Det som skulle ha varit klart en viss dag, men inte är det."
    ),
    Aspect.DRAFTS: Words(
        "utkast",
        "Utkast",
        "längst utan ändring",
        "Sidor som inte är publicerade. Bara den organisation som äger dem ser dem.",
    ),
    Aspect.ONGOING: Words(
        "pagar", "Pågår", "längst i samma läge", "Alla cykler och utvecklingsarbeten som inte är avslutade."
    ),
}
BY_ADDRESS = {words.address: aspect for aspect, words in WORDS.items()}
SORTS = {"langst": "longest", "andrad": "changed", "rubrik": "title"}


@dataclass(frozen=True)
class Counts:
    """How much there is to look at in one's own networks and organisations."""

    still: int
    late: int
    drafts: int


def counts(viewer: Viewer) -> Counts | None:
    """What the start page tells those who may look at /laget; None for others."""
    if not may_see_state(viewer):
        return None
    found = current.index.state_counts(viewer, today(), own=has_own(viewer))
    return Counts(found[Aspect.STILL], found[Aspect.LATE], found[Aspect.DRAFTS])


def has_own(viewer: Viewer) -> bool:
    """Whether there is anything that could be the viewer's own: an administrator need not belong anywhere."""
    return bool(viewer.organisations or viewer.networks)


def question(
    arguments: MultiDict[str, str], viewer: Viewer, labels: Mapping[str, str], day: date, whole: bool = False
) -> StateQuery:
    """What the arguments of an address ask for; ``whole`` is the list without pages. The unknown counts for nothing."""
    chosen = {name: [value for value in arguments.getlist(name) if value][:MOST_VALUES] for name in FACETS}
    number = max(1, arguments.get(PAGE, 1, type=int) or 1)
    return StateQuery(
        BY_ADDRESS.get(arguments.get(ASPECT, ""), Aspect.STILL),
        day,
        {name: values for name, values in chosen.items() if values},
        own=has_own(viewer) and arguments.get(EXTENT) != ALL,
        sort=SORTS.get(arguments.get(SORT, ""), "longest"),
        facets={name: labels[name] for name in FACETS if name in labels},
        limit=None if whole else PAGE_SIZE,
        offset=0 if whole else (number - 1) * PAGE_SIZE,
    )
