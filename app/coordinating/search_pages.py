"""/sokningar: what people look for, and what they do not find; the same as a file."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, request, url_for
from sqlmodel import Session

from app.accounts.access import may_coordinate, may_see_searches
from app.accounts.rules import asks, open_to_anyone
from app.accounts.signing_in import ask, viewer
from app.audit import Deed, note
from app.coordinating.searches import ALL, IN_VAIN, MONTH, WHOSE, Asked, choices, months_with_searches, scope
from app.index import Query
from app.looked_for import KEPT_FOR, Tally, noticing
from app.looked_for.telling import SHOWN_AFTER, Line, lines, months
from app.publishing import current
from app.reading.listing import PAGE, address, pages_to_offer
from app.web.htmx import page
from app.web.spreadsheet import lines as spreadsheet
from app.web.text import today

blueprint = Blueprint("searches", __name__)

PAGE_SIZE = 50
MOST_IN_FILE = 20_000
HEADINGS = ("Sökning", "Gånger", "Utan träff", "Senast (månad)", "Vems", "Period")
NAMES = ("januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november")


@blueprint.get("/sokningar")
@asks(may_see_searches)
def index() -> Response:
    """The words that were searched for, those without hits first of all, and how many searches each month had."""
    ask(may_see_searches)
    day, offered = today(), choices(viewer())
    number = min(max(1, request.args.get(PAGE, 1, type=int)), 1000)
    with _counted() as session:
        offered_months = months_with_searches(session, day)
        asked = Asked.of(request.args, offered, offered_months)
        wanted = scope(session, asked, viewer(), day)
        found, total, others = lines(session, wanted, asked.in_vain, PAGE_SIZE, (number - 1) * PAGE_SIZE)
        by_month = months(session, wanted)
    pages = max(1, -(-total // PAGE_SIZE))
    return page(
        "coordinating/searches.html",
        asked=asked,
        lines=found,
        total=total,
        others=others,
        months=[(month_in_words(one.month), one) for one in by_month],
        tabs=[
            ("Utan träff", address({IN_VAIN: []}), asked.in_vain),
            ("Alla sökningar", address({IN_VAIN: [ALL]}), not asked.in_vain),
        ],
        whose=offered,
        offered_months=[(month, month_in_words(month)) for month in offered_months],
        notable=_networks_to_note_in(),
        shown_after=SHOWN_AFTER,
        kept_months=KEPT_FOR.days // 30,
        file_url=_file_address(asked),
        page_number=number,
        pages=pages,
        pager_links=[(n, address({PAGE: [str(n)]}, keep_page=True)) for n in pages_to_offer(min(number, pages), pages)],
    )


@blueprint.get("/sokningar.csv")
@asks(may_see_searches)
def file() -> Response:
    """The same words for a spreadsheet, all of them."""
    ask(may_see_searches)
    day, offered = today(), choices(viewer())
    with _counted() as session:
        asked = Asked.of(request.args, offered, months_with_searches(session, day))
        found, _, _ = lines(session, scope(session, asked, viewer(), day), asked.in_vain, MOST_IN_FILE)
    with current.databases.kept() as session:
        note(session, Deed.SEARCHES_EXPORTED)
    whose = offered.get(asked.whose, "allt du får se")
    rows = (_cells(line, whose, asked.month) for line in found)
    return Response(
        b"".join(spreadsheet([HEADINGS, *rows])),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="sokningar-{day.isoformat()}.csv"'},
    )


@blueprint.get("/sok/stannat")
@open_to_anyone("it counts that somebody has searched, and tells nothing")
def rested() -> Response:
    """Somebody who types has stayed at what they have typed."""
    words = request.args.get("q", "")
    noticing.rested_on(words, current.index.find(Query(words, limit=0, beginning=True), viewer()).total)
    return Response(status=204)


def _cells(line: Line, whose: str, month: str) -> tuple[str | int, ...]:
    return line.words, line.times, line.in_vain, line.month, whose, month or f"{KEPT_FOR.days // 30} månader"


def _counted() -> Session:
    """A session that reads; what this process has counted is written first."""
    tally: Tally = current_app.extensions["looked_for"]
    tally.flush()
    return Session(current.databases.kept_engine)


def _networks_to_note_in() -> list[tuple[str, str]]:
    """The networks that the viewer coordinates: there it may be noted that something is not known."""
    networks = current.index.titles("networks", viewer(), 1000)
    return [(slug, title) for slug, title in networks if may_coordinate(viewer(), slug)]


def _file_address(asked: Asked) -> str:
    """Where the same list is as a file."""
    told = {IN_VAIN: "" if asked.in_vain else ALL, WHOSE: asked.whose, MONTH: asked.month}
    named = urlencode({name: value for name, value in told.items() if value})
    return f"{url_for('searches.file')}?{named}" if named else url_for("searches.file")


def month_in_words(month: str) -> str:
    """ "november 2026"."""
    year, _, number = month.partition("-")
    return f"{(*NAMES, 'december')[int(number) - 1]} {year}"
