"""The start page and the organisations' pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import groupby

from flask import Blueprint, Response, abort, url_for

from app.accounts.access import may_write_somewhere
from app.accounts.signing_in import viewer as viewer_now
from app.index.cards import Card
from app.library.document import BrokenDocument, Document, NotFound
from app.library.organisations import OrganisationSort, swedish_order
from app.library.visibility import Viewer
from app.library.vocabulary import CycleStatus, Publication
from app.publishing import current
from app.reading.listing import Box, archived_link, archived_too, boxes_of
from app.web.htmx import page
from app.web.text import in_sweden

blueprint = Blueprint("overview", __name__)

NEWEST = 6
# Among so many of the latest the new ones are picked, at most so many from one project or one organisation.
LATEST, MOST_OF_ONE = 60, 2
SORTS = tuple(OrganisationSort)
OWN_CYCLES = 6


@blueprint.get("/")
def start() -> Response:
    """The search box, ways in, what is new, and for a member the cycles that wait for a next step."""
    viewer = viewer_now()
    boxes = boxes_of(current.index.cards("practices", viewer, {}).facets, url_for("practices.index"))
    return page(
        "overview/start.html",
        findable=True,
        boxes=[_largest_first(box) for name in ("omrade", "malgrupp") for box in boxes if box.name == name],
        newest=mixed(current.index.newest(viewer, LATEST), NEWEST),
        own_cycles=_own_cycles(viewer),
        organisations=current.organisations,
        may_create=may_write_somewhere(viewer),
    )


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


def _largest_first(box: Box) -> Box:
    return Box(box.name, box.label, tuple(sorted(box.choices, key=lambda choice: -choice.count)))


def _own_cycles(viewer: Viewer) -> list[tuple[Document, str]]:
    """The viewer's organisations' undecided cycles with their projects' titles, the latest changed first."""
    if not viewer.organisations:
        return []
    undecided = [status.value for status in CycleStatus if status is not CycleStatus.DECIDED]
    chosen = {"kommun": sorted(viewer.organisations), "status": undecided}
    cards = current.index.cards("cycles", viewer, chosen, sort="changed").cards
    found = []
    for card in cards[:OWN_CYCLES]:
        project = current.index.card("projects", card.slug.partition("/")[0], viewer)
        try:
            found.append((current.library.get("cycles", card.slug), project.title if project else ""))
        except (NotFound, BrokenDocument):
            # Removed or broken since it was indexed: its own page says so.
            continue
    return found


@blueprint.get("/organisationer")
def organisations() -> Response:
    """The organisations that something tells of, by sort and name."""
    counts = current.index.organisations(viewer_now())
    found = sorted(
        (organisation for slug in counts if (organisation := current.organisations.get(slug))),
        key=lambda organisation: (SORTS.index(organisation.sort), swedish_order(organisation.short)),
    )
    groups = [(sort, list(members)) for sort, members in groupby(found, key=lambda organisation: organisation.sort)]
    return page("overview/organisations.html", findable=True, groups=groups, counts=counts)


@blueprint.get("/organisationer/<slug>")
def organisation(slug: str) -> Response:
    """One organisation: what it is, and everything it has a part in, by the part it plays."""
    found = current.organisations.get(slug)
    if found is None:
        abort(404)
    everything = current.index.of_organisation(slug, viewer_now(), archived=True)
    archived = {card.id for group in everything for card in group.cards if card.publication == Publication.ARCHIVED}
    return page(
        "overview/organisation.html",
        findable=bool(everything),
        organisation=found,
        parent=current.organisations.get(found.parent) if found.parent else None,
        inside=[current.organisations.get(child) for child in current.organisations.within(slug)],
        groups=everything if archived_too() else current.index.of_organisation(slug, viewer_now()),
        archived=archived_link(len(archived)),
    )
