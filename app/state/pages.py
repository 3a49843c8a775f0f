"""The pages of the state of things: the list, and the same as a file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from flask import Blueprint, Response, request, url_for

from app.accounts.access import may_see_state
from app.accounts.rules import asks
from app.accounts.signing_in import ask
from app.accounts.signing_in import viewer as viewer_now
from app.audit import Deed, note
from app.index import Aspect, FacetCount, State
from app.index.pace import phase_of
from app.library.organisations import swedish_order
from app.library.pace import Usual
from app.library.visibility import Viewer
from app.publishing import current
from app.reading.listing import PAGE, SORT, address, boxes_of, pages_to_offer
from app.state.asking import ALL, ASPECT, EXTENT, FACETS, PAGE_SIZE, SORTS, WORDS, has_own, question
from app.state.spreadsheet import spreadsheet
from app.state.telling import line_of
from app.web.htmx import page, wants_fragment
from app.web.text import today

blueprint = Blueprint("state", __name__)


@dataclass(frozen=True)
class Tab:
    """One aspect as a link, with how much there is of it."""

    name: str
    count: int
    url: str
    current: bool


@blueprint.get("/laget")
@asks(may_see_state)
def index() -> Response:
    """What the viewer's networks have that stands still, is late, is a draft or goes on."""
    viewer = viewer_now()
    ask(may_see_state)
    day, labels = today(), current.index.facets
    asked = question(request.args, viewer, labels, day)
    found = current.index.state(viewer, asked)
    pages = max(1, -(-found.total // PAGE_SIZE))
    if asked.offset and asked.offset >= found.total:
        # A page further on than the list goes: the last one that there is.
        asked = replace(asked, offset=(pages - 1) * PAGE_SIZE)
        found = current.index.state(viewer, asked)
    number = asked.offset // PAGE_SIZE + 1
    boxes = boxes_of([_by_name(facet) for facet in found.facets])
    return page(
        "state/index.html",
        fragment="results",
        aspect=asked.aspect,
        words=WORDS[asked.aspect],
        total=found.total,
        lines=[line_of(one, day) for one in found.standing],
        day=day,
        tabs=_tabs(found, asked.aspect),
        boxes=boxes,
        taken=[choice for box in boxes for choice in box.choices if choice.chosen],
        own=asked.own,
        has_own=has_own(viewer),
        whose=_whose(viewer),
        everywhere=found.everywhere,
        extent_url=address({EXTENT: [ALL] if asked.own else []}),
        without_choices_url=address({name: [] for name in FACETS}),
        sorts=_sorts(asked.aspect, asked.sort),
        usual=_usual_of(found),
        page_number=number,
        pages=pages,
        pager_links=[(n, address({PAGE: [str(n)]}, keep_page=True)) for n in pages_to_offer(number, pages)],
        file_url=_file_address(),
        live=wants_fragment(),
        paged=request.headers.get("HX-Trigger", "").startswith("sida-"),
        choosing=request.headers.get("HX-Trigger", "").startswith("val-"),
    )


@blueprint.get("/laget.csv")
@asks(may_see_state)
def file() -> Response:
    """The whole list as the address filters it, for a spreadsheet."""
    viewer = viewer_now()
    ask(may_see_state)
    day = today()
    asked = question(request.args, viewer, current.index.facets, day, whole=True)
    found = current.index.state(viewer, asked)
    with current.databases.kept() as session:
        note(session, Deed.STATE_EXPORTED, thing=str(asked.aspect))
    name = f"laget-{WORDS[asked.aspect].address}-{day.isoformat()}.csv"
    return Response(
        spreadsheet((line_of(one, day) for one in found.standing), request.host_url),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _whose(viewer: Viewer) -> str:
    """What the list begins with, in words: "era nätverk (KNUT) eller er organisation"."""
    titles = [title for slug, title in current.index.titles("networks", viewer, 1000) if slug in viewer.networks]
    named = [f"era nätverk ({', '.join(titles)})"] if titles else []
    return " eller ".join([*named, *(["er organisation"] if viewer.organisations else [])]) or "era nätverk"


def _file_address() -> str:
    """Where the same list is as a file."""
    named = {name: request.args.getlist(name) for name in (ASPECT, EXTENT, SORT, *FACETS) if name in request.args}
    return f"{url_for('state.file')}?{urlencode(named, doseq=True)}" if named else url_for("state.file")


def _by_name(facet: FacetCount) -> FacetCount:
    """The choices by their names: the municipality with the most that stands still is not to stand first."""
    return FacetCount(facet.name, facet.label, sorted(facet.choices, key=lambda choice: swedish_order(choice.label)))


def _tabs(found: State, shown: Aspect) -> list[Tab]:
    return [
        Tab(words.name, found.counts[aspect], address({ASPECT: [words.address], SORT: []}), aspect is shown)
        for aspect, words in WORDS.items()
    ]


def _sorts(aspect: Aspect, chosen: str) -> list[tuple[str, str, bool]]:
    """The orders with their words and addresses, and which is the present one."""
    named = {"langst": WORDS[aspect].longest, "andrad": "senast ändrade", "rubrik": "rubrik"}
    return [
        (words, address({SORT: [name] if name != "langst" else []}), SORTS[name] == chosen)
        for name, words in named.items()
    ]


def _usual_of(found: State) -> list[tuple[str, str, Usual]]:
    """How long each phase usually takes: the kind's word, the status's, and the days."""
    return [
        (kind.one, status.swedish, found.usual[phase_of(kind.name, status)])
        for kind in current.library.kinds.values()
        for status, days in kind.usual_days.items()
        if days
    ]
