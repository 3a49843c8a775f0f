"""Earlier versions of a measure's table: the list, what differs between two of them, and back to one.

They hold small groups as they are, so that these pages are for those who write the project.
"""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response, flash, request, url_for

from app import reading
from app.accounts.access import may_edit, may_see_history
from app.accounts.rules import asks
from app.accounts.signing_in import viewer
from app.editing import drafts, events
from app.editing.history_pages import with_history
from app.editing.names import Lookup
from app.editing.saving import author_of
from app.editing.versions import Versions
from app.history import Entry
from app.history.attached import revisions_of_file
from app.history.revisions import also_known_as, content_of
from app.kinds.projects import table
from app.kinds.projects.measured import Measured, find
from app.kinds.projects.project import KIND
from app.kinds.projects.table_changes import changes
from app.library.document import BrokenDocument, Document, NotFound
from app.library.shelf import version_of
from app.publishing import Event, FileChange, Next, NoSpace, Refused, StaleVersion, current
from app.web.htmx import page, see_other
from app.web.text import moment

MEANWHILE = "Någon har ändrat värdena sedan du öppnade sidan. Här ser du vad som skiljer nu. Vill du ändå gå tillbaka?"
ALREADY = "Tabellen är redan som i den versionen."
HELD = "Filen med värdena måste rättas först: den ser ut att innehålla ett personnummer."


def add_pages(blueprint: Blueprint) -> None:
    """Give the projects' blueprint the pages of the history of values."""
    one = "/<path:slug>/matt/<measure>/varden"
    blueprint.add_url_rule(f"{one}/historik", "values_history", index)
    blueprint.add_url_rule(f"{one}/jamfor", "compare_values", compare)
    blueprint.add_url_rule(f"{one}/historik/<int:number>/aterstall", "restore_values", restore, methods=["POST"])


@asks(may_see_history)
def index(slug: str, measure: str) -> Response:
    """Who changed the values, when, and what each change was."""
    measured = _measured(slug, measure)
    return page(
        "editing/history.html",
        kind=KIND,
        document=measured.document,
        entries=_entries(measured),
        versions=_versions(measured),
        organisation_name=Lookup(viewer()).organisation_words,
    )


@asks(may_see_history)
def compare(slug: str, measure: str) -> Response:
    """Two versions, day by day; the older one first, whichever was asked for first."""
    measured = _measured(slug, measure)
    numbers = [entry.number for entry in _entries(measured) if entry.has_text]
    if not numbers:
        raise NotFound(slug)
    until = request.args.get("till", numbers[0], type=int)
    earlier = [number for number in numbers if number < until]
    since = request.args.get("fran", earlier[0] if earlier else until, type=int)
    return _compared(measured, min(since, until), max(since, until))


@asks(may_edit)
def restore(slug: str, measure: str, number: int) -> Response:
    """Let the table say what it said then, as a change of its own; what it says now stays in the history."""
    document = drafts.ask_to_edit(KIND, slug)
    measured = find(document, measure, reading.children(document))
    entry, content = _version(measured, number)
    summary = f"Mätvärdena för ”{measured.measure.name[:80]}” som de var {moment(entry.at)}"
    try:
        current.archive.apply(
            Event(
                document.path,
                lambda newest: _restored(newest, measured, content),
                author_of(viewer(), document.front_matter.owner),
                summary,
                f"{_token()}:values:{number}",
            )
        )
    except _Meanwhile:
        with_values = (entry.number for entry in _entries(measured) if entry.has_text)
        return _compared(measured, number, next(with_values, number), MEANWHILE)
    except NoSpace:
        flash(events.NO_SPACE, "warn")
    except (Refused, StaleVersion, BrokenDocument) as refused:
        flash(str(refused) if isinstance(refused, Refused) else events.JUST_NOW, "warn")
    else:
        flash(f"Värdena är återställda till som de var {moment(entry.at)}.", "ok")
        return see_other(measured.address("measure"))
    return see_other(measured.address("values_history"))


class _Meanwhile(Refused):
    """Somebody has changed the values since they were looked at."""


def _restored(document: Document, measured: Measured, content: bytes) -> Next:
    now = current.library.load(measured.path)
    version = version_of(now) if now is not None else None
    if measured.held:
        raise Refused(HELD)
    if now == content:
        raise Refused(ALREADY)
    if (version or "") != request.form.get("_version", ""):
        raise _Meanwhile(MEANWHILE)
    return Next(document.text, [FileChange(measured.path, None, version, content)])


def _compared(measured: Measured, older: int, newer: int, meanwhile: str = "") -> Response:
    """The page of two versions; ``meanwhile`` says why somebody who wanted back to the older one is shown it."""
    entries = _entries(measured)
    (old, before), (new, after) = _version(measured, older), _version(measured, newer)
    was, now = table.read(before), table.read(after)
    return page(
        "projects/compare_values.html",
        status=409 if meanwhile else 200,
        kind=KIND,
        document=measured.document,
        measured=measured,
        measure=measured.measure,
        entries=[entry for entry in entries if entry.has_text],
        old=old,
        new=new,
        changes=changes(was.points, now.points),
        then=table.in_order(was.points),
        unread=[(name, len(one.faults)) for name, one in (("A", was), ("B", now)) if one.faults],
        in_figures=table.in_figures,
        newest=entries[0].number,
        versions=_versions(measured),
        meanwhile=meanwhile,
        token=drafts.new_token(),
    )


def _measured(slug: str, measure: str) -> Measured:
    document = with_history(KIND, slug)
    return find(document, measure, reading.children(document))


def _versions(measured: Measured) -> Versions:
    slug, measure = measured.document.slug, measured.slug
    compared = measured.address("compare_values")
    return Versions(
        title=measured.measure.name,
        address=measured.address("measure"),
        index=measured.address("values_history"),
        compare=compared,
        one=lambda number: f"{compared}?till={number}",
        restore=lambda number: url_for("projects.restore_values", slug=slug, measure=measure, number=number),
        version=measured.version,
        made="De första värdena",
        removed="Tog bort alla värden",
    )


def _entries(measured: Measured) -> Sequence[Entry]:
    """The changes of the table, the newest first, wherever the project has lain."""
    with current.databases.kept_for_reading() as session:
        ids = also_known_as(session, measured.document.id)
        return revisions_of_file(session, ids, measured.path)


def _version(measured: Measured, number: int) -> tuple[Entry, bytes]:
    """A version and what the table held then. Raises NotFound where that is not kept."""
    entry = next((one for one in _entries(measured) if one.number == number), None)
    with current.databases.kept_for_reading() as session:
        content = content_of(session, entry.version) if entry and entry.version else None
    if entry is None or content is None:
        raise NotFound(f"{measured.path}, revision {number}")
    return entry, content


def _token() -> str:
    token = request.form.get("_token", "")
    return token if drafts.TOKEN.fullmatch(token) else drafts.new_token()
