"""/sok: the page of hits, whole or, for htmx, only what changes."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Response, abort, redirect, request

from app.accounts.rules import open_to_anyone
from app.accounts.signing_in import viewer as viewer_now
from app.index import LONGEST_QUERY, Card, Query, Results
from app.library.visibility import Viewer
from app.library.vocabulary import Decision, Worked
from app.looked_for import noticing
from app.publishing import current
from app.reading.listing import PAGE, SORT, address, archived_link, pages_to_offer
from app.search.asked import SORTS, asked
from app.search.choices import boxes_of
from app.search.ways_on import exactly, meant_instead, ways_on
from app.watching import counts
from app.web.htmx import page, wants_fragment

# The fields in which the front matter says how something ended.
_ENDINGS: Mapping[str, type[Decision] | type[Worked]] = {"decision": Decision, "worked": Worked}

blueprint = Blueprint("search", __name__)


@blueprint.get("/sok")
@open_to_anyone("it finds what the viewer may see")
def index() -> Response:
    """The search page; for htmx only its results. What is too long to be meant is cut, in the address as well."""
    if len(request.args.get("q", "")) > LONGEST_QUERY:
        abort(redirect(address({"q": [request.args["q"][:LONGEST_QUERY]]})))
    viewer, wanted = viewer_now(), asked(current.index.facets)
    query = wanted.query
    results = current.index.find(query, viewer)
    counts.searched(results.total)
    rests = noticing.searched(query.words, lambda: _found_by_words(results, viewer))
    boxes, pages = boxes_of(results.facets), wanted.pages(results.total)
    # What htmx was set off by: what somebody has just used stays open, or gets the focus.
    trigger = request.headers.get("HX-Trigger", "")
    return page(
        "search/index.html",
        fragment="results",
        words=query.words,
        results=results,
        boxes=boxes,
        taken=[choice for box in boxes for choice in box.choices if choice.chosen],
        ways_on=None if results.total else ways_on(results, viewer),
        exactly=exactly(results),
        meant=meant_instead(results, viewer),
        ending=_ending,
        all_url=address({name: [] for name in query.chosen}),
        sorts=[
            (word, address({SORT: [name] if name else []}), name == wanted.sort) for name, (word, _) in SORTS.items()
        ],
        sort=wanted.sort,
        archived=archived_link(results.archived),
        page_number=wanted.number,
        pages=pages,
        pager_links=[(n, address({PAGE: [str(n)]}, keep_page=True)) for n in pages_to_offer(wanted.number, pages)],
        live=wants_fragment(),
        rests=rests,
        paged=trigger.startswith("sida-"),
        choosing=trigger.startswith(("val-", "alla-val")),
    )


def _found_by_words(results: Results, viewer: Viewer) -> int:
    """How many documents the words find without the choices made among them."""
    query = results.query
    return current.index.find(Query(query.words, limit=0), viewer).total if query.chosen else results.total


def _ending(card: Card) -> Decision | Worked | None:
    """How a cycle, or what a learning tells of, ended; None where the card's status says so."""
    endings = (one for name, kind in _ENDINGS.items() for one in kind if one.value == card.facts.get(name))
    return next((one for one in endings if one.value != card.status_value), None)
