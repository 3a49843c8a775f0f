"""Where nothing is found, or something else than what was typed: what one can do now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from urllib.parse import quote_plus

from flask import url_for

from app.index import Query, Results
from app.index.sought import Sought
from app.library.visibility import Viewer
from app.publishing import current
from app.reading.listing import address
from app.search.asked import BEGINNING
from app.search.choices import Toggle
from app.web.text import as_id

AREA, MOST_AREAS = "omrade", 8
# What is offered in the place of a search with hits has to find so many times more.
CLEARLY_MORE = 2


@dataclass(frozen=True)
class Lighter:
    """The same search with something taken away: what that is, how much is found then, and where."""

    id: str
    without: str
    count: int
    url: str


@dataclass(frozen=True)
class WaysOn:
    """What one can do where nothing is found: take something away, spell it otherwise, or look elsewhere.

    ``demands`` are the quotation marks and exclusions without which something is found, ``choices`` the choices, and
    ``alone`` is how much the words find without any choice.
    """

    demands: Sequence[Lighter]
    choices: Sequence[Lighter]
    alone: int
    meant: str
    areas: Sequence[Toggle]


def ways_on(results: Results, viewer: Viewer) -> WaysOn:
    """What can be done about a search that found nothing."""
    query = replace(results.query, limit=0, offset=0)
    alone = _total(replace(query, chosen={}), viewer) if query.chosen else 0
    meant = _spelt(query, viewer) if not alone else ""
    areas = [] if alone else _areas(viewer)
    return WaysOn(_fewer_demands(query, viewer), _fewer_choices(results, query, viewer), alone, meant, areas)


def _spelt(query: Query, viewer: Viewer) -> str:
    """How the words may be spelt, where that finds something."""
    sought = query.sought
    if sought.phrases:  # as they are corrected when they need not stand just so
        loose = replace(sought, words=(*sought.words, *chain.from_iterable(sought.phrases)), phrases=(), beginning="")
        return current.index.find(replace(query, words=str(loose), beginning=False), viewer).corrected
    suggested = current.index.suggest(query.words, viewer, 1)
    meant = next((one.text for one in suggested if one.kind == "spelling"), "")
    return meant if meant and _total(replace(query, words=meant, beginning=False), viewer) else ""


def meant_instead(results: Results, viewer: Viewer) -> str:
    """What few hits make one offer, where that finds clearly more; nothing otherwise."""
    if not results.meant:
        return ""
    more = _total(replace(results.query, words=results.meant, limit=0, offset=0, beginning=False), viewer)
    return results.meant if more >= CLEARLY_MORE * results.total else ""


def exactly(results: Results) -> str:
    """Where just what was typed is looked for, if something else was: what was taken for another word, quoted."""
    sought, known = results.query.sought, results.corrected.split()
    unknown = tuple((word,) for word in sought.words if word not in known)
    if not results.corrected or not unknown:
        return ""
    left = tuple(word for word in sought.words if word in known)
    words = str(replace(sought, words=left, phrases=(*sought.phrases, *unknown), beginning=""))
    return address({"q": [words], BEGINNING: []})


def _fewer_demands(query: Query, viewer: Viewer) -> list[Lighter]:
    """The search without its quotation marks, or without what is to be left out, where that finds something."""
    found = []
    for name, without, sought in _lighter(query.sought):
        words = str(sought)
        if total := _total(replace(query, words=words, beginning=False), viewer):
            found.append(Lighter(f"utan-{name}", without, total, address({"q": [words], BEGINNING: []})))
    return found


def _lighter(sought: Sought) -> Iterator[tuple[str, str, Sought]]:
    loose = (*sought.words, *chain.from_iterable(sought.phrases))
    if sought.phrases:
        yield "citattecken", "citattecken", replace(sought, words=loose, phrases=(), beginning="")
    if loose and (sought.excluded or sought.excluded_phrases):
        left_out = Sought(excluded=sought.excluded, excluded_phrases=sought.excluded_phrases)
        yield "bindestreck", str(left_out), replace(sought, excluded=(), excluded_phrases=(), beginning="")


def _fewer_choices(results: Results, query: Query, viewer: Viewer) -> list[Lighter]:
    """The search without each of its choices, where that finds something; a single one is all there are."""
    found = []
    for facet in results.facets if len(query.chosen) > 1 else ():
        others = {name: values for name, values in query.chosen.items() if name != facet.name}
        if facet.chosen and (total := _total(replace(query, chosen=others), viewer)):
            label = ", ".join(choice.label for choice in facet.chosen)
            found.append(Lighter(f"utan-{facet.name}", label, total, address({facet.name: []})))
    return found


def _areas(viewer: Viewer) -> list[Toggle]:
    """The areas that most pages are about."""
    facets = current.index.find(Query(limit=0), viewer).facets
    choices = next((facet.choices for facet in facets if facet.name == AREA), [])
    alone = f"{url_for('search.index')}?{AREA}="
    return [
        Toggle(f"val-{AREA}-{as_id(one.value)}", one.label, one.count, False, alone + quote_plus(one.value))
        for one in choices[:MOST_AREAS]
    ]


def _total(query: Query, viewer: Viewer) -> int:
    return current.index.find(query, viewer).total
