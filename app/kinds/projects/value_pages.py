"""The pages where the values of a measure are filled in: typed, pasted or sent. No script is needed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from flask import Blueprint, Response, flash, request

from app import reading
from app.accounts.access import may_edit
from app.accounts.rules import asks
from app.accounts.signing_in import viewer
from app.editing import drafts, events, tabs
from app.editing.saving import author_of
from app.kinds.projects import filling, kept_values, table
from app.kinds.projects.filling import Filled, Row
from app.kinds.projects.kept_values import Kept, Typed
from app.kinds.projects.measure import rewritten
from app.kinds.projects.measure_pages import GONE, own
from app.kinds.projects.measured import Measured, number_of
from app.kinds.projects.noted_numbers import rows_with_numbers
from app.kinds.projects.project import KIND
from app.kinds.projects.table import Clash
from app.kinds.projects.table_changes import in_words
from app.kinds.projects.values_posted import base_of, posted, read_into, with_mine
from app.library.document import BrokenDocument, Document
from app.library.shelf import version_of
from app.measuring.points import Point
from app.measuring.reading import DecimalMark
from app.publishing import Event, FileChange, Next, NoSpace, NumberInFile, Refused, StaleVersion, current
from app.web.htmx import page, see_other
from app.web.security import takes_files
from app.web.text import count

NOTHING = "Du har inte skrivit, klistrat in eller valt något nytt."
CLEARED = (
    "Alla värden är borta ur tabellen. Kryssa i rutan vid Spara om du vill ta bort dem."
    " Vill du ha tillbaka dem, välj Kasta det halvskrivna: då gäller tabellen som den senast sparades."
)
HELD = (
    "Filen med mätvärdena har ändrats utanför Lärnät och ser ut att innehålla ett personnummer. Ta bort det ur filen"
    " först."
)


def add_pages(blueprint: Blueprint) -> None:
    """Give the projects' blueprint the pages where values are filled in."""
    one = "/<path:slug>/matt/<measure>/varden"
    blueprint.add_url_rule(one, "values", values)
    blueprint.add_url_rule(f"{one}/utkast", "keep_values", keep_values, methods=["POST"])
    blueprint.add_url_rule(one, "save_values", save_values, methods=["POST"])


@asks(may_edit)
def values(slug: str, measure: str) -> Response:
    """The table of a measure, to be changed, and boxes for what is pasted or sent."""
    measured = own(slug, measure)
    series = measured.series
    filled = Filled(measured.pairs, filling.rows_of(series.points), faults=series.faults)
    if series.faults:
        # What somebody has written in the file and nobody can read is neither hidden nor thrown away.
        filled.rows = []
        filled.pasted = filling.as_pasted(measured.content or b"")
    going_on = kept_values.typed(measured, request.args.get("flik", ""))
    if going_on and kept_values.said(going_on.fields) != kept_values.said(kept_values.as_fields(filled)):
        filled = posted(going_on.fields)
        return _values_page(measured, filled, version=going_on.version, going_on=going_on)
    return _values_page(measured, filled)


@asks(may_edit)
def keep_values(slug: str, measure: str) -> Response:
    """Keep what is being typed, while it is typed."""
    measured = own(slug, measure)
    kept = _keep(measured, posted(request.form))
    both = f"{measured.address('values')}?flik={kept.tab}" if kept.tab else ""
    return page("editing/kept.html", kept_at=kept.at, trouble=kept.trouble, both=both, readers=None)


def _keep(measured: Measured, filled: Filled) -> Kept:
    points = base_of(measured)
    opened = Filled(filled.pairs, filling.rows_of(points) if filled.rows is not None else None)
    return kept_values.keep(measured, filled, kept_values.said(kept_values.as_fields(opened)), request.form)


@takes_files
@asks(may_edit)
def save_values(slug: str, measure: str) -> Response:
    """Do what the button said: give more rows, or save what can be read."""
    measured = own(slug, measure)
    if request.form.get("_do") == "discard":
        kept_values.drop(measured, request.form.get("_tab", ""))
        flash("Det halvskrivna är kastat.")
        return see_other(measured.address("measure"))
    filled = posted(request.form)
    _keep(measured, filled)
    if request.form.get("_do") == "more":
        return _values_page(measured, filled, more=True)
    base = base_of(measured)
    if measured.held:
        filled.wrong.append(HELD)
        return _values_page(measured, filled, 422)
    read_into(filled, measured, base)
    if filled.clashes:
        return _values_page(measured, with_mine(filled), 409)
    keeps = request.form.get("_do") == "keep"
    if filled.wrong or (filled.faults and not (keeps and filled.points)):
        return _values_page(measured, filled, 422)
    if not filled.points and base and not request.form.get("_empty"):
        filled.wrong.append(CLEARED)
        return _values_page(measured, filled, 422)
    if filled.points == base:
        filled.wrong.append(NOTHING)
        return _values_page(measured, filled, 422)
    return _save(measured, filled, base)


# ---- Saving ----


class Clashed(Refused):
    """Somebody else has changed the same days meanwhile."""

    def __init__(self, clashes: Sequence[Clash], points: Sequence[Point]) -> None:
        super().__init__("Någon annan har ändrat samma dagar.")
        self.clashes = clashes
        self.points = points


def _save(measured: Measured, filled: Filled, base: Sequence[Point]) -> Response:
    def step(document: Document) -> Next:
        return _next(document, measured, filled, base)

    document, summary = measured.document, _summary(measured, filled.points, base)
    author = author_of(viewer(), document.front_matter.owner)
    try:
        saved = current.archive.apply(Event(document.path, step, author, summary, _token(filled)))
    except Clashed as clashed:
        newest = own(document.slug, measured.slug)
        filled.clashes, filled.points = list(clashed.clashes), list(clashed.points)
        return _values_page(newest, with_mine(filled), 409, version=newest.version)
    except NumberInFile as refused:
        filled.wrong += _rows_with_numbers(measured, filled) or [str(refused)]
        return _values_page(measured, filled, 422)
    except (Refused, StaleVersion, BrokenDocument) as refused:
        filled.wrong.append(str(refused) if isinstance(refused, Refused) else events.JUST_NOW)
        return _values_page(measured, filled, 422 if isinstance(refused, Refused) else 409)
    except NoSpace:
        filled.wrong.append(events.NO_SPACE)
        return _values_page(measured, filled, 507)
    kept_values.drop(measured, request.form.get("_tab", ""), kept_values.said(request.form))
    flash(f"Det var redan sparat: {summary}." if saved.repeated else f"Sparat: {summary}.", "ok")
    if filled.faults:
        flash(_left_out(filled), "warn")
    for remark in filled.remarks:
        flash(remark, "warn")
    return see_other(measured.address("measure"))


def _rows_with_numbers(measured: Measured, filled: Filled) -> list[str]:
    """Which of the rows on the page have a personal number; what came in a file is told of in the file's words."""
    on_page = [point for point in filled.points if point not in filled.sent]
    declared = measured.document.front_matter.not_personal_numbers
    return rows_with_numbers(on_page, filled.pairs, measured.document.id, declared)


def _left_out(filled: Filled) -> str:
    saved = count(filled.added, "rad", "rader")
    out = count(len(filled.faults), "rad", "rader")
    return f"Av det du lade till är {saved} sparade. {out} gick inte att läsa och är inte med."


def _next(document: Document, measured: Measured, filled: Filled, base: Sequence[Point]) -> Next:
    """The newest table with what was filled in; the measure is told which table is its own."""
    text = rewritten(document, measured.slug, lambda one: one.model_copy(update={"slug": measured.slug}), GONE)
    now = current.library.load(measured.path)
    theirs = table.read(now)
    version = version_of(now) if now is not None else None
    if theirs.faults and version != request.form.get("_version"):
        raise Refused("Någon har ändrat filen utanför Lärnät så att den inte går att läsa. Öppna sidan på nytt.")
    points, clashes = table.together(base, theirs.points, filled.points)
    if clashes:
        raise Clashed(clashes, points)
    content = table.written(points, filled.pairs)
    files = [FileChange(measured.path, None, version, content)] if content is not None or version else []
    return Next(text, files)


def _summary(measured: Measured, points: Sequence[Point], base: Sequence[Point]) -> str:
    told = "".join(f", {words}" for words in in_words(base, points))
    return f"Mätvärden för ”{measured.measure.name[:80]}”{told}"


def _token(filled: Filled) -> str:
    """The form's own mark: the same for a double click, another as soon as something else is filled in."""
    token = request.form.get("_token", "")
    said = json.dumps([[str(point) for point in filled.points], request.form.get("_version", "")])
    digest = hashlib.sha256(said.encode()).hexdigest()[:16]
    return f"{token if drafts.TOKEN.fullmatch(token) else drafts.new_token()}:values:{digest}"


# ---- The page ----


def _values_page(
    measured: Measured,
    filled: Filled,
    status: int = 200,
    more: bool = False,
    version: str | None = None,
    going_on: Typed | None = None,
) -> Response:
    """The form. ``version`` is the table that its rows were opened from: that of a posted form unless it is said."""
    rows = filled.rows
    if version is None:
        version = request.form.get("_version", measured.version)
    tab = going_on.tab if going_on else request.form.get("_tab", "")
    tab = tab if tabs.TAB.fullmatch(tab) else tabs.new_tab()
    seen = kept_values.said(kept_values.as_fields(filled))
    if rows is not None:
        rows = [*rows, *([Row()] * filling.BLANK_ROWS)]
    cycles = [(number_of(cycle), cycle.title) for cycle in reading.children(measured.document)]
    return page(
        "projects/values.html",
        status=status,
        document=measured.document,
        kind=KIND,
        measured=measured,
        measure=measured.measure,
        filled=filled,
        rows=rows,
        typed=len(rows) - filling.BLANK_ROWS if rows is not None else 0,
        more=more,
        cycles=cycles,
        clashes=[(clash, filling.packed(clash.theirs, filled.pairs)) for clash in filled.clashes],
        marks=tuple(DecimalMark),
        keepable=bool(filled.faults and filled.points and not filled.wrong),
        token=drafts.new_token(),
        in_figures=table.in_figures,
        today=events.today().isoformat(),
        version=version,
        tab=tab,
        seen=seen,
        going_on=going_on,
        beside=kept_values.beside(measured, tab),
    )
