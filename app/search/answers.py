"""/api/v1/search and /api/v1/suggest: the search for other programs, in JSON."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from flask import Response, jsonify, request, url_for
from werkzeug.exceptions import BadRequest

from app.accounts.rules import open_to_anyone
from app.accounts.signing_in import viewer as viewer_now
from app.index import Query, Results, Suggestion
from app.publishing import current
from app.reading.listing import archived_too
from app.search.asked import chosen, unfinished
from app.search.pages import blueprint
from app.watching import counts
from app.web.text import count

DEFAULT_LIMIT, MOST_HITS = 10, 100
DEFAULT_SUGGESTIONS, MOST_SUGGESTIONS = 8, 20


@blueprint.get("/api/v1/search")
@open_to_anyone("it finds what the viewer may see")
def api() -> Response:
    """The same in JSON: ``query``, ``corrected``, ``meant``, ``total``, ``took_ms``, ``hits`` and ``facets``.

    Parameters: ``q``, which means what it means on the page; ``limit`` (1 to 100); ``kind`` (a kind's name);
    ``arkiverade=ja`` for what is archived as well; ``borjan=ja`` where the last word may be the beginning of one; and
    the facets' names as on the page. A ``snippet`` is escaped HTML in which <mark> stands around what was searched
    for, and ``why`` the words of the document by which each word was found; ``corrected`` has the words that were
    searched for where some are misspelt, ``meant`` what may have been meant where few are found, and ``archived`` is
    how many archived documents the words find. Raises 400 with a message in JSON.
    """
    choices = dict(chosen(current.index.facets))
    if kinds := request.args.getlist("kind"):
        choices["typ"] = [_known_kind(kind) for kind in kinds]
    query = Query(request.args.get("q", ""), choices, _limit(DEFAULT_LIMIT, MOST_HITS))
    query = replace(query, archived=archived_too(), beginning=unfinished())
    results = current.index.find(query, viewer_now())
    counts.searched(results.total)
    return jsonify(as_plain(results))


@blueprint.get("/api/v1/suggest")
@open_to_anyone("it suggests what the viewer may see")
def suggest() -> Response:
    """What somebody who types may mean, in JSON: ``query``, ``took_ms`` and ``suggestions``.

    Parameters: ``q``, what has been typed so far, and ``limit`` (1 to 20). A suggestion has a ``kind`` (``title``,
    ``word``, ``place`` or ``spelling``), its ``text``, the ``url`` that it leads to, and ``about``: what sort of page
    it is, or how many pages a place has. Nothing of what is typed here is kept or counted.
    """
    typed = request.args.get("q", "")
    began = time.perf_counter()
    found = current.index.suggest(typed, viewer_now(), _limit(DEFAULT_SUGGESTIONS, MOST_SUGGESTIONS))
    took_ms = (time.perf_counter() - began) * 1000
    suggestions = [{"kind": one.kind, "text": one.text, "url": _leads_to(one), "about": _about(one)} for one in found]
    return jsonify(query=typed, took_ms=round(took_ms, 2), suggestions=suggestions)


def as_plain(results: Results) -> dict[str, Any]:
    """Results as plain values, for JSON."""
    return {
        "query": results.query.words,
        "corrected": results.corrected,
        "meant": results.meant,
        "total": results.total,
        "archived": results.archived,
        "took_ms": round(results.took_ms, 2),
        "hits": [
            {
                "id": hit.card.id,
                "kind": hit.card.kind,
                "title": hit.card.title,
                "url": hit.card.url,
                "publication": hit.card.publication,
                "score": round(hit.score, 4),
                "snippet": str(hit.snippet),
                "why": [
                    {"word": one.typed, "found": [*one.forms, *one.other, *one.parts, *filter(None, [one.named])]}
                    for one in hit.why
                ],
            }
            for hit in results.hits
        ],
        "facets": {
            facet.name: [{"value": one.value, "label": one.label, "count": one.count} for one in facet.choices]
            for facet in results.facets
        },
    }


def _about(suggestion: Suggestion) -> str:
    if not suggestion.pages:
        return suggestion.sort
    pages = count(suggestion.pages, "sida", "sidor")
    return f"nätverkets {pages}" if suggestion.address[0] == "natverk" else pages


def _leads_to(suggestion: Suggestion) -> str:
    """A page's own address, an organisation's page, and for all else a search."""
    first, second = suggestion.address
    if suggestion.kind == "title":
        return f"/{current.library.kinds[first].url}/{second}"
    if suggestion.kind != "place":
        return url_for("search.index", q=suggestion.text)
    if first == "kommun" and current.organisations.get(second):
        return url_for("overview.organisation", slug=second)
    return f"{url_for('search.index')}?{urlencode({first: second})}"


def _known_kind(name: str) -> str:
    kinds = current.library.kinds
    found = next((kind.name for kind in kinds.values() if name in (kind.name, kind.url)), None)
    if found is None:
        raise BadRequest(f"kind är ”{name[:50]}”, men ska vara något av {', '.join(kinds)}.")
    return found


def _limit(default: int, most: int) -> int:
    text = request.args.get("limit", str(default))
    if not (text.isascii() and text.isdigit() and len(text) < 10 and 1 <= int(text) <= most):
        raise BadRequest(f"limit är ”{text[:50]}”, men ska vara ett heltal från 1 till {most}.")
    return int(text)
