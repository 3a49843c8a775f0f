"""/problem and the page of a broken file: what has to be mended, told to those who can, and what the file said before.

A file that names an organisation which no register knows has a page all the same; it is listed as well, with what was
probably meant.

What is wrong in a file may quote it, so that is for those who write for its owner, as its history is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from flask import Blueprint, Flask, Response, abort, url_for

from app.accounts.access import may_edit_vocabulary, may_see, may_see_problems, may_write_somewhere
from app.accounts.carrying import from_request
from app.accounts.rules import asks
from app.accounts.signing_in import ask, ask_as_if_missing, viewer
from app.history import Entry, revisions_of, text_of
from app.history.attached import held_back
from app.history.locks import differing
from app.history.tables import Head
from app.index import Card, IndexNotReady
from app.index.naming import Naming
from app.library.attachments import is_inside
from app.library.document import BrokenDocument, Document, Problem
from app.library.fields import PartialDate
from app.library.locking import in_words
from app.library.organisations import PATH, Organisation
from app.library.word_lists import PATH as WORD_LISTS
from app.publishing import current
from app.web.errors import error_page
from app.web.htmx import page

blueprint = Blueprint("mending", __name__)

HELD_BACK = (
    "filen ser ut att innehålla ett personnummer, och visas därför inte. Ta bort numret ur den, eller ta bort filen."
    " ”larnat scan” säger var det står"
)
OPENED = (
    "förutsägelsen är {since}, men filen säger något annat. Sidan visar det som låstes: öppna den och lägg tillbaka det"
)
FORMER_WORDS = "tills den är rättad använder sökningen orden som de var när filen senast gick att läsa"
# So many files are looked up in history for one page.
MOST = 200


@dataclass(frozen=True)
class Fault:
    """A file that has to be mended: whose it is, when that was found, and the last version that could be read."""

    path: str
    problems: tuple[Problem, ...]
    owner: str
    found: datetime | None
    good: Entry | None
    # Where it is mended, for one that can be read.
    page: str = ""


@dataclass(frozen=True)
class UnknownName:
    """What files write where they name an organisation, and no register knows it: where, and who was probably meant."""

    written: str
    near: list[Organisation]
    places: list[Naming]


def init_app(app: Flask) -> None:
    """Answer for broken files, and let templates ask how many there are."""
    app.register_error_handler(BrokenDocument, _broken)
    app.jinja_env.globals["files_to_mend"] = lambda: len(_faults())


@blueprint.get("/problem")
@asks(may_write_somewhere)
def index() -> Response:
    """Every file that the viewer can do something about; all of them for an administrator."""
    ask(may_write_somewhere)
    return page(
        "mending/index.html",
        faults=_faults(),
        unknown_names=_unknown_names(),
        unlisted=_mine(current.index.with_unlisted_words()),
        doubtful=_mine(current.index.with_doubtful_values()),
        register=PATH,
        organisations=current.organisations,
    )


@blueprint.get("/problem/<path:path>")
@asks(may_see_problems)
def last_good(path: str) -> Response:
    """What a file said when it could be read last, to be copied or compared."""
    fault = _fault(path, ())
    ask_as_if_missing(may_see_problems, fault.owner)
    if fault.good is None:
        abort(404)
    with current.databases.kept_for_reading() as session:
        text = text_of(session, fault.good.version or "")
    return page("mending/last_good.html", fault=fault, text=text)


def refuse_if_broken(document: Document) -> None:
    """Raise BrokenDocument for a file that reads well and still is no page: a copy that kept another's id."""
    try:
        problems = current.index.broken(document.path, document.version)
    except IndexNotReady:
        return
    if problems:
        raise BrokenDocument(document.path, problems)


def _broken(error: BrokenDocument) -> Response:
    """A broken file concerns its own page only. Whoever comes back later may find it mended: 503.

    What somebody sent to the page is shown again, to be sent once more when it is.
    """
    fault = _fault(error.path, error.problems)
    if not _may_know_of(fault):
        return error_page(404)
    return page(
        "mending/broken.html",
        status=503,
        fault=fault,
        shown=may_see_problems(viewer(), fault.owner),
        organisation=current.organisations.get(fault.owner),
        carried=from_request(),
    )


def _may_know_of(fault: Fault) -> bool:
    """Whether the viewer may know that there is such a page: who may mend it, and who could read what it said last.

    One that could never be read is nobody else's to know of: it may be a draft.
    """
    if may_see_problems(viewer(), fault.owner):
        return True
    if fault.good is None:
        return False
    with current.databases.kept_for_reading() as session:
        text = text_of(session, fault.good.version or "")
    try:
        return text is not None and may_see(viewer(), current.library.parse(fault.path, text).front_matter)
    except BrokenDocument:
        return False


def _faults() -> list[Fault]:
    if not may_write_somewhere(viewer()):
        return []
    by_path: dict[str, list[Problem]] = {}
    for problem in current.index.problems():
        by_path.setdefault(problem.path, []).append(problem)
    with current.databases.kept_for_reading() as session:
        by_path |= {path: [Problem(path, HELD_BACK)] for path in sorted(held_back(session))}
        opened = differing(session)
    faults = (_fault(path, problems) for path, problems in list(by_path.items())[:MOST])
    found = [*faults, *(_opened_lock(path, since) for path, since in sorted(opened.items())[:MOST])]
    return [*_fault_of_words(), *(fault for fault in found if may_see_problems(viewer(), fault.owner))]


def _opened_lock(path: str, since: PartialDate) -> Fault:
    """A file that says something else than what is locked: it can be read, and is mended on its page."""
    kind = current.library.kind_of(path)
    fault = _fault(path, [Problem(path, OPENED.format(since=in_words(since)))])
    return replace(fault, good=None, page=url_for(f"{kind.name}.show", slug=kind.slug_of(path)) if kind else "")


def _fault_of_words() -> list[Fault]:
    """What is wrong in the words of the search, for those who may change them."""
    problems = current.index.words().problems if may_edit_vocabulary(viewer()) else ()
    return [Fault(WORD_LISTS, (*problems, Problem(WORD_LISTS, FORMER_WORDS)), "", None, None)] if problems else []


def _unknown_names() -> list[UnknownName]:
    """Every name of an organisation that nobody knows, in the files that the viewer can do something about."""
    found = current.index.naming_none_of(current.organisations.by_slug)
    mine = [naming for naming in found if may_see_problems(viewer(), naming.card.owner)][:MOST]
    return [
        UnknownName(written, current.organisations.near(written), list(places))
        for written, places in groupby(mine, key=lambda naming: naming.written)
    ]


def _mine(found: list[tuple[Card, str]]) -> list[tuple[Card, str]]:
    """Of what is to be mended in pages that can be read what the viewer can do something about."""
    return [(card, said) for card, said in found if may_see_problems(viewer(), card.owner)][:MOST]


def _fault(path: str, problems: Sequence[Problem]) -> Fault:
    with current.databases.kept_for_reading() as session:
        head = session.get(Head, path)
        entries = revisions_of(session, head.document_id) if head else []
    owner = next((entry.owner for entry in entries if entry.owner), "")
    broken = head.version if head and head.broken else None
    readable = (entry for entry in entries if entry.has_text and entry.title and entry.version != broken)
    good = next(readable, None) if not is_inside(path) else None
    return Fault(path, tuple(problems), owner, entries[0].at if entries else None, good)
