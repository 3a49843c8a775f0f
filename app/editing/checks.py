"""What has to be true of a text beyond its model: organisations, documents and links that it names exist.

Only what was changed is checked, so that an old mistake elsewhere does not stop somebody from mending something.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from app.accounts.access import may_create
from app.editing.names import Lookup
from app.index import IndexNotReady
from app.library.document import Problem
from app.library.markdown import files_in, render
from app.publishing import current
from app.web.forms import Path, Shape, Sort, Values

Found = dict[Path, list[str]]

NOT_READY = "Lärnät bygger om sitt register och kan inte kontrollera länkarna. Vänta några sekunder och spara igen."


def errors_in(shapes: Iterable[Shape], values: Values, lookup: Lookup) -> Found:
    """What is wrong in these fields, by where it stands."""
    found: Found = {}
    try:
        for shape in shapes:
            for path, message in _in_value(shape, values.get(shape.name), (shape.name,), lookup):
                found.setdefault(path, []).append(message)
    except IndexNotReady:
        lookup.ready = False
    if not lookup.ready:
        found.setdefault((), []).append(NOT_READY)
    return found


def _in_value(shape: Shape, value: Any, path: Path, lookup: Lookup) -> Iterator[tuple[Path, str]]:
    match shape.sort:
        case Sort.GROUP:
            for part in shape.parts:
                yield from _in_value(part, value.get(part.name), (*path, part.name), lookup)
        case Sort.ROWS:
            for number, row in enumerate(value):
                yield from _in_value(shape.each, row, (*path, number), lookup)
        case Sort.CHOICE if shape.as_written and value and value not in dict(shape.choices):
            if value not in lookup.unlisted():
                yield path, f"”{value[:80]}” finns inte i listan. Välj ett av orden där."
        case Sort.ORGANISATION if value:
            yield from _organisation(value, path, lookup)
        case Sort.REFERENCE if value and not lookup.exists(shape.refers_to, value):
            yield path, _there_is_no("sida", value) + _did_you_mean(lookup.near_references(shape.refers_to, value))
        case Sort.MARKDOWN | Sort.LONG if value:
            yield from ((path, message) for message in _broken_links(value, lookup))


def _organisation(value: str, path: Path, lookup: Lookup) -> Iterator[tuple[Path, str]]:
    if current.organisations.get(value) is None:
        yield path, _there_is_no("organisation", value) + _did_you_mean(lookup.near_organisations(value))
    elif path == ("owner",) and not may_create(lookup.viewer, value):
        yield path, "Du kan bara välja en organisation som du själv är medlem i."


def _broken_links(text: str, lookup: Lookup) -> Iterator[str]:
    rendered = render(text)
    for name in files_in(rendered.html):
        if name not in lookup.file_names():
            yield f"Det finns ingen fil som heter ”{name}” bland sidans bilder och filer."
    for link in rendered.links:
        if current.index.target(link.kind_url, link.slug, lookup.viewer) is None:
            where = f"{link.kind_url}/{link.slug}" if link.kind_url else link.slug
            near = lookup.near_links(link.kind_url, link.slug)
            yield f"Länken på rad {link.line} leder ingenstans: ”{where}”." + _did_you_mean(near)


def _there_is_no(what: str, typed: str) -> str:
    return f"Det finns ingen {what} som heter ”{typed[:80]}”."


def _did_you_mean(near: list[str]) -> str:
    return f" Menade du {' eller '.join(near)}?" if near else ""


def errors_of(problems: Iterable[Problem]) -> Found:
    """The problems of a document, by the field they concern, in the words of the form: without the file's keys."""
    found: Found = {}
    for problem in problems:
        key = next((part for part in reversed(problem.field) if isinstance(part, str)), "")
        message = problem.message.replace(f" ({key})", "", 1) if key else problem.message
        # The form asks; a file is told what it lacks.
        message = message.replace("saknas. Lägg till den", "behöver fyllas i")
        found.setdefault(problem.field, []).append(_sentence(message))
    return found


def _sentence(message: str) -> str:
    message = message[:1].upper() + message[1:]
    return message if message.endswith((".", "?", "!")) else message + "."
