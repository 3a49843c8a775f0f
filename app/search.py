"""/sok: words and facets over every kind; the same as JSON for other programs and on the command line."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

import click
from flask import Blueprint, Response, abort, jsonify, redirect, request, url_for
from werkzeug.exceptions import BadRequest

from app.accounts.rules import open_to_anyone
from app.accounts.signing_in import viewer as viewer_now
from app.config import Settings
from app.index import LONGEST_QUERY, Card, Choice, FacetCount, Query, Results, Suggestion
from app.library.visibility import ANYONE, Viewer
from app.library.vocabulary import Decision, Worked
from app.looked_for import noticing
from app.publishing import current
from app.reading.listing import PAGE, SORT, address, archived_link, archived_too, pages_to_offer
from app.watching import counts
from app.web.htmx import page, wants_fragment
from app.web.text import as_id, count

PAGE_SIZE = 10
# Nobody reads further; whoever asks for more is sent back to the last page.
LAST_PAGE = 100
DEFAULT_LIMIT, MOST_HITS = 10, 100
DEFAULT_SUGGESTIONS, MOST_SUGGESTIONS = 8, 20
# A facet shows so many choices at once, the rest folded away.
FIRST_CHOICES = 6
# In the address while somebody types: the last word may be the beginning of one.
BEGINNING = "borjan"
# An address that asks for more values than this is not made by our page.
MOST_VALUES = 50
MOST_AREAS = 8
# The fields in which the front matter says how something ended.
_ENDINGS: Mapping[str, type[Decision] | type[Worked]] = {"decision": Decision, "worked": Worked}
SORTS = {"": ("bästa träffen först", "relevance"), "andrad": ("senast ändrade först", "changed")}

blueprint = Blueprint("search", __name__)


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
    """The choices of one facet, the commonest first."""

    name: str
    label: str
    first: Sequence[Toggle]
    rest: Sequence[Toggle]


@blueprint.get("/sok")
@open_to_anyone("it finds what the viewer may see")
def index() -> Response:
    """The search page; for htmx only its results. What is too long to be meant is cut, in the address as well."""
    if len(request.args.get("q", "")) > LONGEST_QUERY:
        abort(redirect(address({"q": [request.args["q"][:LONGEST_QUERY]]})))
    sort = request.args.get(SORT, "")
    sort = sort if sort in SORTS else ""
    number = min(max(1, request.args.get(PAGE, 1, type=int)), LAST_PAGE)
    chosen = _chosen(current.index.facets)
    words = request.args.get("q", "")
    offset = (number - 1) * PAGE_SIZE
    query = Query(words, chosen, PAGE_SIZE, offset, SORTS[sort][1], archived_too(), _unfinished())
    viewer = viewer_now()
    results = current.index.find(query, viewer)
    counts.searched(results.total)
    rests = noticing.searched(words, lambda: _found_by_words(results, viewer))
    # What htmx was set off by: what somebody has just used stays open, or gets the focus.
    trigger = request.headers.get("HX-Trigger", "")
    pages = min(LAST_PAGE, -(-results.total // PAGE_SIZE))
    return page(
        "search/index.html",
        fragment="results",
        words=words,
        results=results,
        boxes=[_box(facet) for facet in results.facets],
        taken=[_toggle(facet.name, choice) for facet in results.facets for choice in facet.chosen],
        ways_on=None if results.total else _ways_on(results, viewer),
        exactly=_exactly(results),
        ending=_ending,
        all_url=address({name: [] for name in chosen}),
        sorts=[(word, address({SORT: [name] if name else []}), name == sort) for name, (word, _) in SORTS.items()],
        sort=sort,
        archived=archived_link(results.archived),
        page_number=number,
        pages=pages,
        pager_links=[(n, address({PAGE: [str(n)]}, keep_page=True)) for n in pages_to_offer(number, pages)],
        live=wants_fragment(),
        rests=rests,
        paged=trigger.startswith("sida-"),
        choosing=trigger.startswith(("val-", "alla-val")),
    )


def _found_by_words(results: Results, viewer: Viewer) -> int:
    """How many documents the words find without the choices made among them."""
    query = results.query
    return current.index.find(Query(query.words, limit=0), viewer).total if query.chosen else results.total


@blueprint.get("/api/v1/search")
@open_to_anyone("it finds what the viewer may see")
def api() -> Response:
    """The same in JSON: ``query``, ``corrected``, ``total``, ``took_ms``, ``hits`` and ``facets``.

    Parameters: ``q``, which means what it means on the page; ``limit`` (1 to 100); ``kind`` (a kind's name);
    ``arkiverade=ja`` for what is archived as well; ``borjan=ja`` where the last word may be the beginning of one; and
    the facets' names as on the page. A ``snippet`` is escaped HTML in which <mark> stands around what was searched
    for, and ``why`` the words of the document by which each word was found; ``corrected`` has the words that were
    searched for where some are misspelt, and ``archived`` is how many archived documents the words find. Raises 400
    with a message in JSON.
    """
    facets = current.index.facets
    chosen = _chosen(facets)
    if kinds := request.args.getlist("kind"):
        chosen["typ"] = [_known_kind(kind) for kind in kinds]
    query = Query(request.args.get("q", ""), chosen, _limit(DEFAULT_LIMIT, MOST_HITS))
    query = replace(query, archived=archived_too(), beginning=_unfinished())
    results = current.index.find(query, viewer_now())
    counts.searched(results.total)
    return jsonify(_plain(results))


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


def _unfinished() -> bool:
    return request.args.get(BEGINNING) == "ja"


def _chosen(facets: Mapping[str, str]) -> dict[str, list[str]]:
    chosen = {name: [value for value in request.args.getlist(name) if value][:MOST_VALUES] for name in facets}
    return {name: values for name, values in chosen.items() if values}


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


def _plain(results: Results) -> dict[str, Any]:
    """Results as plain values, for JSON."""
    return {
        "query": results.query.words,
        "corrected": results.corrected,
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
                "why": [{"word": one.typed, "found": [*one.forms, *one.other, *one.parts]} for one in hit.why],
            }
            for hit in results.hits
        ],
        "facets": {
            facet.name: [{"value": one.value, "label": one.label, "count": one.count} for one in facet.choices]
            for facet in results.facets
        },
    }


# ---- Facets as links ----


def _box(facet: FacetCount) -> Box:
    toggles = [_toggle(facet.name, choice) for choice in facet.choices]
    return Box(facet.name, facet.label, toggles[:FIRST_CHOICES], toggles[FIRST_CHOICES:])


def _toggle(name: str, choice: Choice) -> Toggle:
    others = [value for value in request.args.getlist(name) if value and value != choice.value]
    url = address({name: others if choice.chosen else [*others, choice.value]})
    return Toggle(f"val-{name}-{as_id(choice.value)}", choice.label, choice.count, choice.chosen, url)


# ---- Where nothing is found, and why something is ----


@dataclass(frozen=True)
class WaysOn:
    """What one can do where nothing is found: take choices back, spell it otherwise, or look elsewhere.

    ``without`` are the choices without which something is found, ``alone`` is how much the words find without any.
    """

    without: Sequence[Toggle]
    alone: int
    meant: str
    areas: Sequence[Toggle]


def _ways_on(results: Results, viewer: Viewer) -> WaysOn:
    query = replace(results.query, limit=0, offset=0)
    without = []
    for facet in results.facets if len(query.chosen) > 1 else ():
        others = {name: values for name, values in query.chosen.items() if name != facet.name}
        if facet.chosen and (found := current.index.find(replace(query, chosen=others), viewer).total):
            label = ", ".join(choice.label for choice in facet.chosen)
            without.append(Toggle(f"utan-{facet.name}", label, found, True, address({facet.name: []})))
    alone = current.index.find(replace(query, chosen={}), viewer).total if query.chosen else 0
    suggested = current.index.suggest(query.words, viewer, 1) if not alone else []
    meant = next((one.text for one in suggested if one.kind == "spelling"), "")
    facets = current.index.find(Query(limit=0), viewer).facets if not alone else []
    areas = [
        Toggle(f"val-omrade-{as_id(one.value)}", one.label, one.count, False, url_for("search.index", omrade=one.value))
        for facet in facets
        if facet.name == "omrade"
        for one in facet.choices[:MOST_AREAS]
    ]
    return WaysOn(without, alone, meant, areas)


def _exactly(results: Results) -> str:
    """Where just what was typed is looked for, if something else was: what was taken for another word, quoted."""
    sought, known = results.query.sought, results.corrected.split()
    unknown = tuple((word,) for word in sought.words if word not in known)
    if not results.corrected or not unknown:
        return ""
    left = tuple(word for word in sought.words if word in known)
    words = str(replace(sought, words=left, phrases=(*sought.phrases, *unknown), beginning=""))
    return address({"q": [words], BEGINNING: []})


def _ending(card: Card) -> Decision | Worked | None:
    """How a cycle, or what a learning tells of, ended; None where the card's status says so."""
    endings = (one for name, kind in _ENDINGS.items() for one in kind if one.value == card.facts.get(name))
    return next((one for one in endings if one.value != card.status_value), None)


# ---- On the command line ----


@click.command(
    help="Sök bland det som alla får läsa. Orden betyder vad de gör på sidan: '\"första möte\" -barn'.",
    # A word that begins with a hyphen is one that is to be left out.
    context_settings={"ignore_unknown_options": True},
)
@click.argument("words", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Skriv svaret som JSON, som /api/v1/search.")
@click.option(
    "--limit", type=click.IntRange(1, MOST_HITS), default=DEFAULT_LIMIT, show_default=True, help="Högst så många."
)
@click.option("--kind", default="", help="Bara en sort, till exempel practices.")
@click.option("--archived", is_flag=True, help="Också det som är arkiverat.")
@click.option("--choose", multiple=True, metavar="VAL", help="Ett val som på sidan, till exempel omrade=aldre.")
@click.pass_obj
def search(
    settings: Settings,
    words: tuple[str, ...],
    as_json: bool,
    limit: int,
    kind: str,
    archived: bool,
    choose: tuple[str, ...],
) -> None:
    """Print what the words find for somebody who is not signed in."""
    from app import create_app  # the app knows this room, so this room meets it only when a command runs

    with create_app(settings).app_context(), closing(current.databases):
        index, kinds = current.index, current.library.kinds
        if kind and kind not in kinds:
            raise click.BadParameter(f"välj bland {', '.join(kinds)}", param_hint="--kind")
        chosen = {"typ": [kind]} if kind else {}
        for name, _, value in (one.partition("=") for one in choose):
            if name not in index.facets or not value:
                raise click.BadParameter(
                    f"skriv NAMN=VÄRDE med ett av {', '.join(index.facets)}", param_hint="--choose"
                )
            chosen.setdefault(name, []).append(value)
        results = index.find(Query(" ".join(words), chosen, limit, archived=archived), ANYONE)
        click.echo(json.dumps(_plain(results), ensure_ascii=False, indent=2) if as_json else _lines(results))


def _lines(results: Results) -> str:
    lines = [f"{results.total} {'träff' if results.total == 1 else 'träffar'}"]
    if results.archived and not results.query.archived:
        lines[0] += f", och {results.archived} arkiverade (--archived)"
    lines[0] += f" ({results.took_ms:.1f} ms)"
    if results.corrected:
        lines.append(f"Sökte på: {results.corrected}")
    elif results.relaxed:
        lines.append("Ingen sida har alla orden.")
    for facet in results.facets:
        shown = ", ".join(f"{choice.label} {choice.count}" for choice in facet.choices[:FIRST_CHOICES])
        lines.append(f"{facet.label}: {shown}{' …' if len(facet.choices) > FIRST_CHOICES else ''}")
    for hit in results.hits:
        card = hit.card
        lines += ["", f"{card.title}  ({card.kind_word}, {card.owner_name})", card.url, hit.snippet.striptags()]
    return "\n".join(lines)


commands = (search,)
