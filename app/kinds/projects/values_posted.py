"""What was posted of a measure's values and what it comes to: typed, pasted, sent, and chosen where days clash."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from flask import request

from app.history.revisions import content_of
from app.kinds.projects import filling, table
from app.kinds.projects.filling import Filled
from app.kinds.projects.measured import Measured
from app.kinds.projects.table import Clash
from app.measuring.points import Point
from app.measuring.reading import DecimalMark
from app.measuring.reading.table import MOST_BYTES
from app.publishing import current
from app.web.forms.values import only_text

TOO_LARGE = f"Filen är för stor: högst {MOST_BYTES // 1_000_000} MB."


def posted(fields: Mapping[str, str]) -> Filled:
    """What a form says, posted now or kept before."""
    pasted = only_text(fields.get("pasted", ""))
    return Filled(fields.get("pairs") == "yes", filling.posted_rows(fields), pasted, _mark(fields))


def _mark(fields: Mapping[str, str]) -> DecimalMark | None:
    chosen = fields.get("mark", "")
    return next((mark for mark in DecimalMark if mark == chosen), None)


def base_of(measured: Measured) -> list[Point]:
    """The points of the table that the form was opened from; what nobody knows any more is nothing."""
    version = request.form.get("_version", "")
    if version == measured.version:
        return list(measured.series.points)
    with current.databases.kept_for_reading() as session:
        content = content_of(session, version) if version else None
    return list(table.read(content).points)


def read_into(filled: Filled, measured: Measured, base: Sequence[Point]) -> None:
    """Read everything that was typed, pasted and sent."""
    kind, own = measured.measure.kind, measured.measure.own_columns
    if filled.rows is None:
        filled.points = list(base)
    else:
        filling.take_typed(filled, kind)
        _decide(filled)
    content = _sent(filled)
    known = tuple(filled.points)
    if len(filled.pasted) > filling.LONGEST_PASTED:
        filled.wrong.append(filling.TOO_LONG)
        return
    if filled.pasted.strip():
        filling.take_added(filled, filled.pasted, kind, known, own)
    if content is not None:
        before = tuple(filled.points)
        filling.take_added(filled, content, kind, before, own)
        filled.sent = [point for point in filled.points if point not in before]
    filling.ask_of_several(filled, base, _said_to_hold())
    if content and (filled.faults or filled.wrong or filled.clashes):
        # The browser keeps no chosen file: what it holds is put where it can be mended.
        filled.pasted = "\n".join(part for part in (filled.pasted, filling.as_pasted(content)) if part)


def _decide(filled: Filled) -> None:
    """Let what somebody chose for a day stand there; a day for which nothing is chosen is asked about again."""
    for on, chosen in filling.picked(request.form, filled.points):
        others = [point for point in filled.points if point.on != on]
        if chosen is None:
            mine = tuple(point for point in filled.points if point.on == on)
            place = next(key[6:] for key in request.form if key[:6] == "clash-" and request.form[key] == on.isoformat())
            theirs = table.read(request.form.get(f"theirs-{place}", "").encode()).points
            filled.clashes.append(Clash(on, mine, tuple(theirs)))
        else:
            filled.points = table.in_order([*others, *chosen])


def _said_to_hold() -> set[date]:
    """The days with several values of which somebody has said that they all hold, or has chosen among them."""
    chosen = [value for name, value in request.form.items() if name.startswith("clash-")]
    return {_day_of(one) for one in (*request.form.get("_several", "").split(), *chosen)}


def _day_of(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return date.min


def _sent(filled: Filled) -> bytes | None:
    """What the chosen file holds; None where none is chosen, or it is too large."""
    file = request.files.get("_file")
    if file is None or not file.filename:
        return None
    with file.stream as stream:
        content = stream.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        filled.wrong.append(TOO_LARGE)
        return None
    return content


def with_mine(filled: Filled) -> Filled:
    """With everything that was added in the table, so that only the days that clash are left to decide."""
    return replace(filled, rows=filling.rows_of(filled.points), pasted="")
