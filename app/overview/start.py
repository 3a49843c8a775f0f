"""The start page: search, one's own work with its next steps, what is new, and ways in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, request, url_for

from app import state
from app.accounts.access import may_write_somewhere
from app.accounts.rules import open_to_anyone
from app.accounts.signing_in import viewer as viewer_now
from app.index import Card, FacetCount, Pick, Query
from app.library.organisations import Organisation, swedish_order
from app.library.visibility import Viewer
from app.overview.own import own_work
from app.publishing import current
from app.reading.listing import Box, boxes_of
from app.web.htmx import page
from app.web.text import in_sweden, today

NEWEST = 6
# Among so many of the latest the new ones are picked, at most so many from one project or one organisation.
LATEST, MOST_OF_ONE = 60, 2
# More organisations than this are not named on the start page: the way in is their counties.
MOST_ORGANISATIONS = 12
NEWS, EVERYTHING = "nytt", "allt"


@open_to_anyone("it shows what the viewer may see")
def show() -> Response:
    """The search box, for a member the work that waits with its next steps, what is new, and ways in."""
    viewer = viewer_now()
    return page(
        "overview/start.html",
        findable=True,
        own=own_work(viewer, today()),
        news=_news(viewer),
        state=state.counts(viewer) if _coordinates(viewer) else None,
        may_create=may_write_somewhere(viewer),
        ways_in=_ways_in(viewer),
    )


def _coordinates(viewer: Viewer) -> bool:
    return viewer.admin or "coordinator" in viewer.roles.values()


# ---- What is new ----


@dataclass(frozen=True)
class News:
    """What is new: in one's own networks, by their titles, or everywhere; ``other`` leads to the one not shown."""

    cards: list[Card]
    networks: list[Card]
    everywhere: bool
    other: str
    more: str


def _news(viewer: Viewer) -> News:
    """What was published or changed last: of the viewer's networks unless everything is asked for."""
    found = (current.index.card("networks", slug, viewer) for slug in sorted(viewer.networks))
    networks = [card for card in found if card]
    everywhere = not networks or request.args.get(NEWS) == EVERYTHING
    slugs = [card.slug for card in networks]
    either = {} if everywhere else {"natverk": slugs, "kommun": _members(networks)}
    latest = current.index.pick(viewer, Pick(either=either, drafts=False, limit=LATEST)).cards
    return News(
        cards=mixed(latest, NEWEST),
        networks=networks,
        everywhere=everywhere,
        other=url_for("overview.start", nytt=None if everywhere else EVERYTHING, _anchor=NEWS),
        more=url_for("search.index", ordning="andrad", natverk=[] if everywhere else slugs),
    )


def _members(networks: Sequence[Card]) -> list[str]:
    """Those that are in the networks: what is new there is also what they do without saying which network it is for."""
    members = (member["organisation"] for card in networks for member in card.facts.get("members", ()))
    return list(dict.fromkeys(members))


def mixed(cards: Sequence[Card], limit: int) -> list[Card]:
    """The latest, fairly: what is real before what is invented on the same day, and of one project or organisation two.

    Where there is too little of others, the rest follows in its order, so that no place is left empty.
    """
    ordered = sorted(cards, key=lambda card: (-in_sweden(card.changed_at).toordinal(), card.invented))
    first: list[Card] = []
    seen: Counter[tuple[str, str]] = Counter()
    for card in ordered:
        groups = _groups_of(card)
        if all(seen[group] < MOST_OF_ONE for group in groups):
            first.append(card)
            seen.update(groups)
    rest = [card for card in ordered if card not in first]
    return [*first, *rest][:limit]


def _groups_of(card: Card) -> list[tuple[str, str]]:
    """What a card counts as being of: its organisation, and the project that it is or belongs to."""
    of_project = card.kind in ("projects", "cycles")
    project = [("project", card.slug.partition("/")[0])] if of_project else []
    return [("organisation", card.owner), *project] if card.owner else project


# ---- Ways in ----


@dataclass(frozen=True)
class Place:
    """A municipality or a county that something is told of, and where it leads."""

    name: str
    count: int
    url: str


@dataclass(frozen=True)
class WaysIn:
    """Areas and target groups; and the organisations by name or, where they are many, by their counties."""

    boxes: list[Box]
    places: list[Place]
    by_county: bool
    organisations: int


def _ways_in(viewer: Viewer) -> WaysIn:
    """Areas, target groups and places with how much there is of each, whatever its kind."""
    facets = {facet.name: facet for facet in current.index.find(Query(limit=0), viewer).facets}
    boxes = boxes_of([facets[name] for name in ("omrade", "malgrupp") if name in facets], url_for("search.index"))
    named = _named(facets.get("kommun"))
    if len(named) <= MOST_ORGANISATIONS:
        places = [Place(one.short, count, url_for("overview.organisation", slug=one.slug)) for one, count in named]
        return WaysIn(boxes, places, False, len(named))
    counties = sorted(facets["lan"].choices if "lan" in facets else (), key=lambda one: swedish_order(one.label))
    places = [
        Place(one.label, one.count, url_for("overview.organisations", _anchor=f"lan-{one.value}")) for one in counties
    ]
    return WaysIn(boxes, places, True, len(named))


def _named(facet: FacetCount | None) -> list[tuple[Organisation, int]]:
    """The organisations in a facet, by name."""
    found = ((current.organisations.get(choice.value), choice.count) for choice in (facet.choices if facet else ()))
    known = [(organisation, count) for organisation, count in found if organisation]
    return sorted(known, key=lambda one: swedish_order(one[0].short))
