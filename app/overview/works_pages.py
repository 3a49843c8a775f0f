"""The overview of projects for those who coordinate: a table, and the same as a file. Reached from /laget."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from flask import Response, request, url_for

from app.accounts.access import may_oversee
from app.accounts.rules import asks
from app.accounts.signing_in import ask
from app.accounts.signing_in import viewer as viewer_now
from app.audit import Deed, note
from app.index import FacetCount, Families, Family, FamilyQuery
from app.library.organisations import swedish_order
from app.library.visibility import Viewer
from app.library.vocabulary import CycleStatus, Progress
from app.overview.works import happened_before, works_of
from app.overview.works_asked import (
    FACETS,
    FROM,
    KIND,
    NO_CYCLE,
    PAGE_SIZE,
    PHASE,
    SHOWN,
    SORTS,
    STILL,
    TO,
    Asked,
    asked,
    in_order,
    phase_of,
)
from app.overview.works_file import spreadsheet
from app.publishing import current
from app.reading.listing import PAGE, SORT, address, pages_to_offer
from app.state.asking import ALL, EXTENT, has_own
from app.web.htmx import page
from app.web.text import capital, today

EVERY = {"natverk": "Alla nätverk", "kommun": "Alla organisationer", "status": "Alla lägen", PHASE: "Alla faser"}
LABELS = {"natverk": "Nätverk", "kommun": "Organisation", "status": "Läge", PHASE: "Senaste cykelns fas"}


@dataclass(frozen=True)
class Box:
    """A list to choose from in the form. A choice is its value, its words, and whether it is made."""

    name: str
    label: str
    choices: Sequence[tuple[str, str, bool]]


@asks(may_oversee)
def index() -> Response:
    """Every project that the viewer coordinates or may read, how far it has come and what it waits for."""
    viewer = viewer_now()
    ask(may_oversee)
    wanted = asked(request.args, viewer, today())
    found = _found(viewer, wanted)
    ordered = _in_order(found, wanted, viewer)
    pages = 1 if wanted.whole else max(1, -(-len(ordered) // PAGE_SIZE))
    # A page further on than the list goes: the last one that there is.
    number = min(wanted.page, pages)
    shown = ordered if wanted.whole else ordered[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    return page(
        "overview/works.html",
        asked=wanted,
        total=len(ordered),
        works=works_of(shown, viewer, wanted.today),
        day=wanted.today,
        boxes=list(_boxes(found, wanted)),
        steps=tuple(Progress),
        everywhere=found.everywhere,
        has_own=has_own(viewer),
        extent_url=address({EXTENT: [ALL] if wanted.own else []}),
        without_choices_url=address({name: [] for name in (*FACETS, PHASE, STILL, FROM, TO)}),
        sorts=[
            (words, address({SORT: [name] if name != "rubrik" else []}), name == wanted.sort)
            for name, words in SORTS.items()
        ],
        page_number=number,
        pages=pages,
        page_size=PAGE_SIZE,
        pager_links=[(n, address({PAGE: [str(n)]}, keep_page=True)) for n in pages_to_offer(number, pages)],
        whole_url=address({SHOWN: [] if wanted.whole else [ALL]}),
        file_url=_file_address(),
    )


@asks(may_oversee)
def file() -> Response:
    """All that the address asks for, as a file for a spreadsheet."""
    viewer = viewer_now()
    ask(may_oversee)
    wanted = replace(asked(request.args, viewer, today()), whole=True)
    works = works_of(_in_order(_found(viewer, wanted), wanted, viewer), viewer, wanted.today)
    with current.databases.kept() as session:
        note(session, Deed.STATE_EXPORTED, thing=KIND)
    name = f"utvecklingsarbeten-{wanted.today.isoformat()}.csv"
    return Response(
        spreadsheet(works, request.host_url),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _in_order(found: Families, wanted: Asked, viewer: Viewer) -> list[Family]:
    happened = happened_before(found.fitting, viewer, wanted.today) if wanted.sort == "aktivitet" else {}
    return in_order(found.fitting, wanted.sort, happened)


def _found(viewer: Viewer, wanted: Asked) -> Families:
    labels = {name: LABELS[name] for name in FACETS}
    chosen = {name: [value] for name, value in wanted.chosen.items()}
    return current.index.families(viewer, FamilyQuery(KIND, chosen, wanted.own, labels, wanted.fits))


def _boxes(found: Families, wanted: Asked) -> Iterator[Box]:
    """What can be chosen, each with how many projects it gives beside the other choices."""
    facets = {facet.name: facet for facet in found.facets}
    for name in FACETS:
        facet = facets.get(name, FacetCount(name, LABELS[name], []))
        # By name: the one with the most projects is not to stand first.
        by_name = sorted(facet.choices, key=lambda choice: swedish_order(choice.label))
        counted = [(one.value, f"{capital(one.label)} ({one.count})", one.chosen) for one in by_name]
        yield Box(name, LABELS[name], [("", EVERY[name], name not in wanted.chosen), *counted])
    counts = Counter(phase_of(family) for family in found.among if wanted.fits_but_for_phase(family))
    words = {**{one.value: one.swedish for one in CycleStatus}, NO_CYCLE: "ingen cykel än"}
    phases = [
        (value, f"{capital(word)} ({counts[value]})", value == wanted.phase)
        for value, word in words.items()
        if counts[value] or value == wanted.phase
    ]
    yield Box(PHASE, LABELS[PHASE], [("", EVERY[PHASE], not wanted.phase), *phases])


def _file_address() -> str:
    """Where the same is as a file."""
    kept = (EXTENT, SORT, *FACETS, PHASE, STILL, FROM, TO)
    named = {name: request.args.getlist(name) for name in kept if name in request.args}
    path = url_for("overview.works_file")
    return f"{path}?{urlencode(named, doseq=True)}" if named else path
