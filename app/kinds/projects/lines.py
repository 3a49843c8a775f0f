"""Deciding about a measure's chart, beside the chart: a baseline that is locked, a phase that begins, a point that is
not counted.

All change what the chart says, so why is always written, and shown below it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from flask import Response, flash, request

from app.accounts.access import may_edit
from app.accounts.rules import asks
from app.accounts.signing_in import viewer
from app.editing import drafts, events
from app.editing.saving import author_of
from app.editing.status import after_colon
from app.kinds.projects.measure import LeftOut, Measure, NewPhase, rewritten
from app.kinds.projects.measure_pages import GONE, own, show_page
from app.kinds.projects.measured import Measured
from app.library.document import Document
from app.measuring.reading.days import day
from app.measuring.reading.unclear import Unclear
from app.publishing import Event, NoSpace, Refused, StaleVersion, current
from app.web.htmx import see_other

WHY = "Skriv varför. Utan det går diagrammet inte att förstå efteråt."
HOW_MANY = "Skriv hur många mätpunkter som ska ge linjerna: minst 2, högst så många som finns ({most})."
ONCE = "Det finns redan en fas som börjar den dagen."
WHICH = "Välj vilken mätpunkt som inte ska räknas."
NOT_THERE = "Mätpunkten finns inte längre, eller är redan undantagen. Välj en annan."
COUNTED = "Mätpunkten räknas redan."
Change = Callable[[Measure], Measure]


@asks(may_edit)
def change_lines(slug: str, measure: str) -> Response:
    """Do what the button said, at once."""
    measured = own(slug, measure)
    try:
        change, summary = _asked(measured)
        event = Event(
            measured.document.path,
            lambda newest: _changed(newest, measured.slug, change),
            author_of(viewer(), measured.document.front_matter.owner),
            summary,
            _token(),
        )
        current.archive.apply(event)
    except (Refused, StaleVersion, NoSpace) as cause:
        reason = str(cause) if isinstance(cause, Refused) else events.JUST_NOW
        return show_page(own(slug, measure), 507 if isinstance(cause, NoSpace) else 422, reason, request.form)
    flash(f"Sparat: {summary}.", "ok")
    return see_other(measured.address("measure"))


def _asked(measured: Measured) -> tuple[Change, str]:
    """What a button asks for, and the words for it in history. Raises Refused."""
    verb, _, value = request.form.get("_do", "").partition(" ")
    name = measured.measure.name[:80]
    match verb:
        case "freeze":
            return _freeze(measured), f"Låste linjerna för ”{name}”"
        case "thaw":
            return _with(freeze=None, freeze_note=""), f"Låste upp linjerna för ”{name}”"
        case "begin":
            return _begin(), f"Ny fas för ”{name}”"
        case "end":
            return _end(value), f"Tog bort en fas för ”{name}”"
        case "exclude":
            return _exclude(measured, name)
        case "include":
            return _include(value), f"Räknar {_iso(value)} igen för ”{name}”"
    raise Refused("Välj vad du vill göra med en av knapparna.")


def _freeze(measured: Measured) -> Change:
    number, most = request.form.get("freeze", "").strip(), len(measured.series.points)
    if not (number.isascii() and number.isdigit() and 2 <= int(number[:6]) <= most):
        raise Refused(HOW_MANY.format(most=most))
    return _with(freeze=int(number), freeze_note=_note("freeze_note"))


def _begin() -> Change:
    try:
        begins = day(typed := request.form.get("begins", "").strip())
    except Unclear as unclear:
        raise Refused(f"”{typed[:80]}” {unclear}" if typed else str(unclear)) from None
    note = _note("note")

    def begun(measure: Measure) -> Measure:
        if any(phase.begins == begins for phase in measure.phases):
            raise Refused(ONCE)
        phases = sorted([*measure.phases, NewPhase(begins=begins, note=note)], key=lambda phase: phase.begins)
        return measure.model_copy(update={"phases": phases})

    return begun


def _end(value: str) -> Change:
    def ended(measure: Measure) -> Measure:
        left = [phase for phase in measure.phases if phase.begins.isoformat() != value]
        return measure.model_copy(update={"phases": left})

    return ended


def _exclude(measured: Measured, name: str) -> tuple[Change, str]:
    """Leave a point that is shown out of what is computed; of a small group nobody learns a thing that way."""
    chosen = request.form.get("excluded", "")
    if not chosen:
        raise Refused(WHICH)
    # One that is excluded already is left to the newest text to judge, so that a double click counts once.
    there = (*measured.countable, *measured.measure.reasons)
    on = next((one for one in there if one.isoformat() == chosen), None)
    if on is None:
        raise Refused(NOT_THERE)
    note = _note("excluded_note")

    def left_out(measure: Measure) -> Measure:
        if on in measure.reasons:
            raise Refused(NOT_THERE)
        days = sorted([*measure.excluded, LeftOut(day=on, note=note)], key=lambda one: one.day)
        return measure.model_copy(update={"excluded": days})

    return left_out, f"Undantog {on.isoformat()} för ”{name}”{after_colon(note)}"


def _include(value: str) -> Change:
    def counted(measure: Measure) -> Measure:
        left = [one for one in measure.excluded if one.day.isoformat() != value]
        if left == measure.excluded:
            raise Refused(COUNTED)
        return measure.model_copy(update={"excluded": left})

    return counted


def _iso(value: str) -> str:
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise Refused(COUNTED) from None


def _with(**values: object) -> Change:
    return lambda measure: measure.model_copy(update=values)


def _note(name: str) -> str:
    note = events.line(request.form, name)
    if not note:
        raise Refused(WHY)
    return note


def _changed(document: Document, slug: str, change: Change) -> str:
    return rewritten(document, slug, change, GONE)


def _token() -> str:
    token = request.form.get("_token", "")
    return f"{token if drafts.TOKEN.fullmatch(token) else drafts.new_token()}:lines"
