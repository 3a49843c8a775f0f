"""/granskning: the audit log, for administrators; as a page, as a spreadsheet and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from itertools import chain
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, abort, current_app, request, stream_with_context, url_for
from sqlmodel import Session, select

from app.accounts import audit_lines, people
from app.accounts.access import may_run
from app.accounts.rules import asks
from app.accounts.signing_in import ask
from app.accounts.tables import Person
from app.audit import Actor, Deed, note
from app.audit.deeds import Sort
from app.audit.reading import Asked, as_json, deeds_of, in_order, page_of
from app.audit.tables import KEPT_FOR
from app.database import Databases
from app.library.document import BrokenDocument, NotFound
from app.library.pace import SWEDEN
from app.web import spreadsheet
from app.web.htmx import page
from app.web.text import today

blueprint = Blueprint("audit", __name__)

# What stands in the address, in the order of the form.
NAMES = ("fran", "till", "vad", "vem", "av", "om", "ursprung")
# Nobody is meant where a name fits more.
MOST_PEOPLE = 200
NO_DATE = "Skriv datumet som 2026-01-31."
UNKNOWN = "Välj något i listan."
ACTORS = {one.value: one for one in Actor}
TYPES = {"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl; charset=utf-8"}


@dataclass(frozen=True)
class Form:
    """What was asked for: the fields as they were typed, the rows they stand for, and what was not understood."""

    typed: Mapping[str, str]
    asked: Asked
    mistakes: Mapping[str, str]

    @property
    def wrong(self) -> list[str]:
        """What was not understood, in the order of the fields."""
        return [mistake for mistake in self.mistakes.values() if mistake]

    @property
    def query(self) -> str:
        """The fields that are filled in, as the end of an address."""
        return urlencode({name: value for name, value in self.typed.items() if value})


@blueprint.get("/granskning")
@asks(may_run)
def index() -> Response:
    """One page of the rows that were asked for, the newest first."""
    ask(may_run)
    number = request.args.get("sida", 1, type=int)
    with _databases().kept_for_reading() as database:
        form = _form(database)
        rows, total, pages = page_of(database, form.asked, max(1, number))
        names = audit_lines.names_of(database, rows)
        named = database.get(Person, form.typed["vem"])
    if not 1 <= number <= pages:
        abort(404)
    return page(
        "accounts/audit.html",
        status=422 if form.wrong else 200,
        form=form,
        named=named,
        lines=audit_lines.lines_of(rows, names),
        total=total,
        sorts={sort: [deed for deed in Deed if deed.sort is sort] for sort in Sort},
        actors=tuple(Actor),
        years=KEPT_FOR.days // 365,
        page_number=number,
        pages=pages,
        newer=_address(form, sida=number - 1) if number > 1 else "",
        older=_address(form, sida=number + 1) if number < pages else "",
        narrowed=partial(_address, form),
        types=TYPES,
    )


@blueprint.get("/granskning.<any(csv, jsonl):sort>")
@asks(may_run)
def file(sort: str) -> Response:
    """The rows that were asked for as a file, the oldest first, sent while they are read: for a spreadsheet, or for
    programs as a JSON object a line, with all that the chain covers.
    """
    ask(may_run)
    with _databases().kept() as database:
        form = _form(database)
        if form.wrong:
            abort(400, form.wrong[0])
        note(database, Deed.AUDIT_EXPORTED, thing=sort)
    pieces = csv_of(_databases(), form.asked) if sort == "csv" else lines_of(_databases(), form.asked)
    response = Response(stream_with_context(pieces), content_type=TYPES[sort])
    name = f"granskning-{today().isoformat()}.{sort}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def csv_of(databases: Databases, asked: Asked) -> Iterator[bytes]:
    """Rows as a spreadsheet, with the names that accounts have now."""
    with databases.kept_for_reading() as database:
        names = dict(database.exec(select(Person.id, Person.name)).all())
        rows = (audit_lines.cells_of(row, names) for row in in_order(database, asked))
        yield from spreadsheet.lines(chain([audit_lines.HEADINGS], rows))


def lines_of(databases: Databases, asked: Asked) -> Iterator[bytes]:
    """Rows as JSON, one a line."""
    with databases.kept_for_reading() as database:
        yield from map(as_json, in_order(database, asked))


# ---- What was asked for ----


def _form(database: Session) -> Form:
    typed = {name: request.args.get(name, "").strip() for name in NAMES}
    mistakes = dict.fromkeys(NAMES, "")
    since, until = (_day(typed, name, mistakes) for name in ("fran", "till"))
    deeds = None
    try:
        deeds = deeds_of(typed["vad"])
    except LookupError:
        mistakes["vad"] = UNKNOWN
    if typed["av"] and typed["av"] not in ACTORS:
        mistakes["av"] = UNKNOWN
    asked = Asked(
        since=_begins(since) if since else None,
        until=_begins(until + timedelta(days=1)) if until else None,
        deeds=deeds,
        actor=typed["av"],
        persons=_persons(database, typed["vem"]) if typed["vem"] else None,
        about=_about(typed["om"]) if typed["om"] else None,
        origin=typed["ursprung"],
    )
    return Form(typed, asked, mistakes)


def _day(typed: Mapping[str, str], name: str, mistakes: dict[str, str]) -> date | None:
    try:
        return date.fromisoformat(typed[name]) if typed[name] else None
    except ValueError:
        mistakes[name] = NO_DATE
        return None


def _begins(day: date) -> datetime:
    """When a day begins in Sweden."""
    return datetime.combine(day, time(), SWEDEN).astimezone(UTC)


def _persons(database: Session, typed: str) -> frozenset[str]:
    """The accounts that a name or an address is of, and the one that has that number: it may be erased."""
    found, _ = people.searched(database, typed, 1, MOST_PEOPLE)
    return frozenset((typed, *(person.id for person in found)))


def _about(typed: str) -> frozenset[str]:
    """The ids that a page's address, an organisation's name or an id is of."""
    extensions = current_app.extensions
    found = {typed}
    named = extensions["organisations"].search(typed)
    found |= {one.slug for one in named if typed.casefold() in (one.short.casefold(), one.name.casefold())}
    url, _, slug = urlsplit(typed).path.strip("/").partition("/")
    kind = next((one for one in extensions["library"].kinds.values() if one.url == url), None)
    if kind and slug:
        try:
            found.add(extensions["library"].get(kind.name, slug).id)
        except (NotFound, BrokenDocument, ValueError):
            former = extensions["index"].former(kind.name, slug)
            found |= {extensions["library"].get(kind.name, former).id} if former else set()
    return frozenset(found)


def _address(form: Form, **more: str | int) -> str:
    """The page with what was asked for and something more."""
    filled = {name: value for name, value in {**form.typed, **more}.items() if value}
    return f"{url_for('audit.index')}?{urlencode(filled)}"


def _databases() -> Databases:
    found: Databases = current_app.extensions["databases"]
    return found
