"""/rapportera, where anybody tells of a fault or a barrier, and /rapporter, where administrators answer."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime

from flask import Blueprint, Flask, Response, abort, current_app, flash, request, url_for

from app.accounts.access import may_handle_reports
from app.accounts.rules import asks, open_to_anyone
from app.accounts.signing_in import ask
from app.accounts.tries import TooManyTries, Tries
from app.audit import Deed, note_refused
from app.config import Settings
from app.database import Databases
from app.feedback import reports
from app.feedback.form import LONGEST_NOTE, Mistake, many_lines, path_of, read, wrong_with
from app.feedback.reports import STATES, SUBJECTS, Overtaken, Report, State, Told
from app.web.htmx import page, see_other
from app.web.request_log import LENGTH, LETTERS
from app.web.security import for_anyone
from app.web.text import clock

blueprint = Blueprint("feedback", __name__)

# The number that the page of a fault shows.
NUMBER = re.compile(f"[{LETTERS}]{{{LENGTH}}}")
TOKEN = re.compile(r"[\w-]{16,60}", re.ASCII)
# The lists of reports by the word in the address.
LISTS = {"nya": State.NEW, "atgardade": State.DONE}


def init_app(app: Flask) -> None:
    """Let the foot of every page tell administrators how many reports wait."""
    app.jinja_env.globals["reports_waiting"] = _waiting


@blueprint.get("/rapportera")
@open_to_anyone("whoever meets a barrier tells of it")
def write() -> Response:
    """The form, about the page and the fault that the address names, if they are ours."""
    about = path_of(request.args.get("sida", ""), request.host) or ""
    subject, number = request.args.get("galler", ""), request.args.get("fel", "")
    text = f"Felets nummer är {number}.\n\n" if NUMBER.fullmatch(number) else ""
    told = Told(subject if subject in SUBJECTS else "", text, about)
    return _form(told, _new_token())


@blueprint.post("/rapportera")
@for_anyone
@open_to_anyone("whoever meets a barrier tells of it")
def send() -> Response:
    """Keep a report, and show its number."""
    told, mistakes = read(request.form, request.host)
    token = request.form.get("_token", "")
    if not TOKEN.fullmatch(token):
        token = _new_token()
    if mistakes:
        return _form(told, token, 422, mistakes)
    try:
        with _databases().kept() as session:
            report = reports.file(session, told, token, request.remote_addr or "", Tries.of(_settings()))
    except TooManyTries as limit:
        note_refused(Deed.TOO_MANY, thing="feedback.send")
        return _too_many(told, token, limit)
    return see_other(url_for("feedback.receipt", token=report.token))


@blueprint.get("/rapportera/tack/<token>")
@open_to_anyone("the address of the receipt is known to the sender alone")
def receipt(token: str) -> Response:
    """That a report has come, with its number; for who has the address. What it says is not shown."""
    with _databases().kept_for_reading() as session:
        report = reports.by_token(session, token)
    if report is None:
        abort(404)
    return page("feedback/receipt.html", report=report, settings=_settings())


@blueprint.get("/rapporter")
@asks(may_handle_reports)
def index() -> Response:
    """The reports that wait for an answer, or those that have got one."""
    ask(may_handle_reports)
    chosen, number = request.args.get("lage", "nya"), request.args.get("sida", 1, type=int)
    if chosen not in LISTS or number < 1:
        abort(404)
    with _databases().kept_for_reading() as session:
        found, pages = reports.listed(session, LISTS[chosen], number)
        waiting = reports.waiting(session)
    if number > pages:
        abort(404)
    links = [(n, url_for("feedback.index", lage=chosen, sida=n)) for n in range(1, pages + 1)]
    return page(
        "feedback/index.html",
        reports=found,
        chosen=chosen,
        waiting=waiting,
        pages=pages,
        page_number=number,
        pager_links=links,
        subjects=SUBJECTS,
        days=reports.KEPT_WHEN_DONE.days,
    )


@blueprint.get("/rapporter/<int:number>")
@asks(may_handle_reports)
def show(number: int) -> Response:
    """One report, and the form to answer it in."""
    ask(may_handle_reports)
    return _report_page(_found(number))


@blueprint.post("/rapporter/<int:number>")
@asks(may_handle_reports)
def answer(number: int) -> Response:
    """Set how far a report has come, and the administrators' note."""
    ask(may_handle_reports)
    state, note = STATES.get(request.form.get("state", "")), many_lines(request.form.get("note", ""))
    seen = request.form.get("seen_state", ""), many_lines(request.form.get("seen_note", ""))
    if state is None:
        abort(400)
    if wrong := wrong_with(note, LONGEST_NOTE):
        return _report_page(_found(number), 422, note, seen, wrong)
    try:
        with _databases().kept() as session:
            report = reports.answer(session, number, state, note, seen)
    except Overtaken:
        return _report_page(_found(number), 409, note)
    if report is None:
        abort(404)
    flash(f"Rapport {number} är {state.swedish}. Anteckningen är sparad.", "ok")
    return see_other(url_for("feedback.index"))


def _form(
    told: Told, token: str, status: int = 200, mistakes: Sequence[Mistake] = (), wait_until: str = ""
) -> Response:
    return page(
        "feedback/form.html",
        status=status,
        told=told,
        token=token,
        mistakes=mistakes,
        wrong={mistake.field: mistake.message for mistake in mistakes},
        subjects=SUBJECTS.values(),
        settings=_settings(),
        wait_until=wait_until,
    )


def _new_token() -> str:
    return secrets.token_urlsafe(16)


def _too_many(told: Told, token: str, limit: TooManyTries) -> Response:
    at = clock(datetime.fromtimestamp(limit.until + 59, UTC))
    response = _form(told, token, 429, wait_until=at)
    response.headers["Retry-After"] = str(max(1, int(limit.until - datetime.now(UTC).timestamp())))
    return response


def _report_page(
    report: Report,
    status: int = 200,
    note: str | None = None,
    seen: tuple[str, str] | None = None,
    wrong: str = "",
) -> Response:
    """The report; with what an administrator has typed, and what they had ``seen``, where that could not be saved."""
    return page(
        "feedback/show.html",
        status=status,
        report=report,
        subject=SUBJECTS[report.subject],
        state=STATES[report.state],
        typed_note=report.note if note is None else note,
        seen=seen or report.seen,
        overtaken=status == 409,
        wrong=wrong,
        days=reports.KEPT_WHEN_DONE.days,
    )


def _found(number: int) -> Report:
    with _databases().kept_for_reading() as session:
        report = session.get(Report, number)
    if report is None:
        abort(404)
    return report


def _waiting() -> int:
    with _databases().kept_for_reading() as session:
        return reports.waiting(session)


def _settings() -> Settings:
    found: Settings = current_app.extensions["settings"]
    return found


def _databases() -> Databases:
    found: Databases = current_app.extensions["databases"]
    return found
