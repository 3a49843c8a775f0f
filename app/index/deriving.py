"""What follows from one document: the plain values that its rows and words are made of.

Pure: a document (and the names of organisations) in, one ``Derived`` out, so that it can be done in other processes.
No kind is known by name; everything is read from the markers of the front matter's fields.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, NamedTuple

from pydantic import BaseModel

from app.index.pace import day_number, finished_stays, pace_columns
from app.library.attachments import title_from
from app.library.document import Document, FrontMatter
from app.library.fields import (
    NOT_STATED,
    Facet,
    FilledFacet,
    Long,
    NamesOrganisation,
    PartialDate,
    Quantity,
    RefersTo,
    Value,
    values,
)
from app.library.file_types import BY_EXTENSION
from app.library.markdown import Link, Rendered, render
from app.library.organisations import Organisations
from app.library.pace import earliest_day, latest_day
from app.library.sections import split_sections
from app.library.validation import name_of
from app.library.visibility import keys_of
from app.library.vocabulary import Words

COUNTY = Facet("lan", "Län")
KIND = Facet("typ", "Typ")
YEAR = Facet("ar", "År")
# What goes on for longer is not counted for all the years between.
MOST_YEARS = 15
# The kind under whose folder a document lies, for lists of its children; never shown as a filter.
PARENT = "parent"
# A word that the list it should be from has not, with the field's name; never shown as a filter.
UNLISTED = "unlisted"
# What cannot be of what a document says, with the field's name; never shown as a filter.
DOUBTFUL = "doubtful"
ORGANISATION = "organisation"
WORD = "word"

# Said of every document, and so of no use for finding one.
_NOT_SEARCHED = frozenset(
    ("id", "title", "summary", "publication", "visibility", "invented", "former_slugs", "slug", "url", "review_by")
)
# Told elsewhere, or to nobody.
_NOT_FACTS = ("attachments", "not_personal_numbers", "locked")
_SWEDISH_ORDER = str.maketrans({"å": "{a", "ä": "{b", "æ": "{b", "ö": "{c", "ø": "{c", "é": "e", "è": "e", "ü": "y"})


@dataclass(frozen=True)
class FacetValue:
    name: str
    value: str
    label: str
    sort: str


@dataclass(frozen=True)
class Relation:
    kind: str
    slug: str
    label: str
    back: str
    belongs: bool = False
    since: int = 0
    until: int = 0


class Fact(NamedTuple):
    """A value of the front matter: its field's name, how it is shown, and other ways in which people write it."""

    label: str
    shown: str
    also: str = ""


@dataclass(frozen=True)
class FileState:
    """A file as it was when it was read."""

    mtime_ns: int
    size: int
    version: str


@dataclass(frozen=True)
class DerivedDocument:
    """All that the rows say of one document, except when and by whom it was changed."""

    path: str
    file: FileState
    columns: dict[str, Any]
    keys: frozenset[str]
    facets: tuple[FacetValue, ...]
    relations: tuple[Relation, ...]
    stays: tuple[tuple[str, int], ...]
    former_slugs: tuple[str, ...]
    links: tuple[tuple[str, str], ...]
    headings: str
    facts: tuple[Fact, ...]
    plain: str
    rendered: tuple[tuple[str, Rendered], ...]


def derive(
    document: Document,
    file: FileState,
    organisations: Organisations,
    attached: Sequence[str] = (),
    tables: Mapping[str, bytes] = MappingProxyType({}),
) -> DerivedDocument:
    """Everything that follows from a document. ``attached`` are the names of the files beside it, ``tables`` what is
    measured in it, by what the tables are called.
    """
    untold = set(document.front_matter.untold_of(tables))
    found = [value for value in values(document.front_matter) if not _is_within(value.path, untold)]
    sections = [section for section in split_sections(document.body) if section.text]
    rendered = [render(section.text) for section in sections]
    headings = [section.title for section in sections] + [entry.title for one in rendered for entry in one.contents]
    links = (link for one in rendered for link in one.links)
    return DerivedDocument(
        path=document.path,
        file=file,
        columns={**_columns(document, found, organisations), "glance": _glance(document, tables)},
        keys=keys_of(document.front_matter),
        facets=tuple(dict.fromkeys(_facets(document, found, organisations))),
        relations=tuple(_relations(document, found)),
        stays=finished_stays(document),
        former_slugs=tuple(dict.fromkeys(document.front_matter.former_slugs)),
        links=tuple(dict.fromkeys((link.kind_url, link.slug) for link in (*links, *_long_links(found)))),
        headings="\n".join(heading for heading in headings if heading),
        facts=(*_facts(document.front_matter, found, organisations), *_file_facts(document, attached)),
        plain="\n\n".join(one.plain for one in rendered if one.plain),
        rendered=tuple({text_hash(section.text): one for section, one in zip(sections, rendered, strict=True)}.items()),
    )


def _is_within(path: tuple[str | int, ...], places: AbstractSet[tuple[str | int, ...]]) -> bool:
    """Whether a value stands at one of some places, or below it."""
    return bool(places) and any(path[:length] in places for length in range(1, len(path) + 1))


def _long_links(found: list[Value]) -> Iterator[Link]:
    """The links in the long texts of the front matter, which are Markdown, too."""
    for value in found:
        text = str(value.value)
        if any(isinstance(marker, Long) for marker in value.markers) and ("[[" in text or "](/" in text):
            yield from render(text).links


def text_hash(text: str) -> str:
    """The name under which a rendered text is kept."""
    return hashlib.sha256(text.encode()).hexdigest()


def _columns(document: Document, found: list[Value], organisations: Organisations) -> dict[str, Any]:
    front_matter = document.front_matter
    status = document.status
    when, when_key = _when(front_matter, found)
    return {
        "path": document.path,
        "id": document.id,
        "kind": document.kind.name,
        "slug": document.slug,
        "title": document.title,
        "title_key": title_key(document.title),
        "summary": front_matter.summary,
        "owner": front_matter.owner,
        "owner_name": organisations.name_of(front_matter.owner),
        "publication": front_matter.publication.value,
        "visibility": front_matter.visibility.value,
        "status": status.swedish if isinstance(status, Words) else "",
        "status_value": str(status or ""),
        "when": when,
        "when_key": when_key,
        "invented": front_matter.invented,
        "version": document.version,
        **pace_columns(document),
        "facts": json.dumps(_own_fields(front_matter), ensure_ascii=False),
    }


def _glance(document: Document, tables: Mapping[str, bytes]) -> str:
    kept = document.kind.glance(document, tables) if document.kind.glance else None
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":")) if kept is not None else ""


def title_key(title: str) -> str:
    """Sorts titles as Swedish does: å, ä, ö after z, case and accents aside."""
    return title.casefold().translate(_SWEDISH_ORDER)


def _own_fields(front_matter: FrontMatter) -> dict[str, Any]:
    """The front matter's fields that not every document has, as plain values; empty ones left out."""
    dumped = front_matter.model_dump(mode="json", exclude=set(FrontMatter.model_fields))
    return {name: value for name, value in dumped.items() if value not in (None, "", [], {})}


# ---- When ----


def _dates(found: list[Value]) -> tuple[list[Value], list[Value]]:
    """The document's own dates, and those that say when it happens: its own, or else its parts'."""
    dates = [value for value in found if isinstance(value.value, PartialDate) and value.value.known]
    own = [value for value in dates if len(value.path) == 1]
    return own, own or [value for value in dates if value.path[0] != "sources"]


def _years(found: list[Value]) -> Iterator[str]:
    """The years in which it happens, with those between the first and the last."""
    years = sorted({value.value.year for value in _dates(found)[1] if value.value.year})
    if years and years[-1] - years[0] < MOST_YEARS:
        years = list(range(years[0], years[-1] + 1))
    yield from map(str, years)


def _when(front_matter: FrontMatter, found: list[Value]) -> tuple[str, str]:
    """When it happens, in words, and a key that sorts by its end: by the document's own dates, else by its parts'."""
    own, parts = _dates(found)
    if not parts:
        return "", ""
    ordered = sorted({value.value for value in parts}, key=lambda one: one.sort_key)
    if len(ordered) > 1:
        return f"{ordered[0].words} – {ordered[-1].words}", ordered[-1].sort_key
    words = ordered[0].words
    # The field ``date`` is when the document's matter happens; any other date says what it is the date of.
    says_itself = not own or own[0].path == ("date",)
    return (words if says_itself else f"{title_of(front_matter, own[0].path)} {words}"), ordered[0].sort_key


# ---- Facets and relations ----


def _doubtful(front_matter: FrontMatter) -> Iterator[FacetValue]:
    for field, message in front_matter.doubtful():
        said = f"{name_of(type(front_matter), (field,)).rpartition(' (')[0]}: {message}"
        yield FacetValue(DOUBTFUL, said, said, WORD)


def _facets(document: Document, found: list[Value], organisations: Organisations) -> Iterator[FacetValue]:
    kind = document.kind
    yield FacetValue(KIND.name, kind.name, kind.one, WORD)
    if kind.parent:
        yield FacetValue(PARENT, parent_of(document.slug), "", kind.parent)
    for year in _years(found):
        yield FacetValue(YEAR.name, year, year, WORD)
    yield from _doubtful(document.front_matter)
    for value in found:
        if isinstance(value.value, Words) and not value.value.is_listed:
            where = name_of(type(document.front_matter), value.path).rpartition(" (")[0]
            said = f"{where}: ”{value.value}”"
            yield FacetValue(UNLISTED, said, said, WORD)
        refers = next((marker.kind for marker in value.markers if isinstance(marker, RefersTo)), "")
        names = any(isinstance(marker, NamesOrganisation) for marker in value.markers)
        for marker in value.markers:
            if not isinstance(marker, Facet):
                continue
            if isinstance(marker, FilledFacet):
                if str(value.value).strip().rstrip(".").lower() != NOT_STATED:
                    title = title_of(document.front_matter, value.path)
                    yield FacetValue(marker.name, str(value.path[-1]), title, WORD)
            elif names:
                yield from _places(marker.name, str(value.value), organisations)
            else:
                yield FacetValue(marker.name, str(value.value), _label(value.value), refers or WORD)


def _places(name: str, slug: str, organisations: Organisations) -> Iterator[FacetValue]:
    """An organisation counts for those it is part of (a district for its city), and for its county."""
    seen: set[str] = set()
    while slug and slug not in seen:
        seen.add(slug)
        organisation = organisations.get(slug)
        yield FacetValue(name, slug, organisations.name_of(slug), ORGANISATION)
        if organisation is None:
            return
        if organisation.county:
            yield FacetValue(COUNTY.name, organisation.county_code, organisation.county, ORGANISATION)
        slug = organisation.parent or ""


def _label(value: object) -> str:
    if isinstance(value, Words):
        return value.swedish
    if isinstance(value, bool):
        return "ja" if value else "nej"
    return str(value)


def parent_of(slug: str) -> str:
    """The slug of the document under whose folder the one with this slug lies."""
    return slug.rpartition("/")[0]


def _relations(document: Document, found: list[Value]) -> Iterator[Relation]:
    kind = document.kind
    if kind.parent:
        yield Relation(kind.parent, parent_of(document.slug), "Del av", kind.many[:1].upper() + kind.many[1:])
    for value in found:
        label = title_of(document.front_matter, value.path)
        for marker in value.markers:
            if isinstance(marker, RefersTo):
                yield Relation(marker.kind, str(value.value), label, marker.back)
            elif isinstance(marker, NamesOrganisation):
                belongs = any(isinstance(other, Facet) for other in value.markers)
                since, until = _between(document.front_matter, value.path)
                yield Relation("", str(value.value), label, marker.role, belongs, since, until)


def _between(front_matter: FrontMatter, path: tuple[str | int, ...]) -> tuple[int, int]:
    """From and to which day the part of a front matter that a value stands in says that it holds."""
    part = _at(front_matter, path[:-1])
    return day_number(earliest_day(_date(part, "since"))), day_number(latest_day(_date(part, "until")))


def _date(part: object, name: str) -> PartialDate | None:
    found = getattr(part, name, None)
    return found if isinstance(found, PartialDate) else None


# ---- Facts: the values of the front matter as people write them ----


def _facts(front_matter: FrontMatter, found: list[Value], organisations: Organisations) -> Iterator[Fact]:
    for value in found:
        name = value.path[-1] if isinstance(value.path[-1], str) else value.path[0]
        if name in _NOT_SEARCHED or value.path[0] in _NOT_FACTS or isinstance(value.value, bool):
            continue
        if any(isinstance(marker, RefersTo) for marker in value.markers):
            continue  # the title of the document is found through the relation
        if any(isinstance(marker, NamesOrganisation) for marker in value.markers):
            shown, also = _organisation_words(str(value.value), organisations)
        else:
            shown, also = _written(value.value)
        if shown:
            yield Fact(title_of(front_matter, value.path[:1] if len(value.path) > 2 else value.path), shown, also)


def _file_facts(document: Document, attached: Sequence[str]) -> Iterator[Fact]:
    """A document's files by what they are called, here and where they came from, and what its pictures show."""
    said = {one.file: one for one in document.front_matter.attachments}
    for name in attached:
        one = said.get(name)
        title, alt = (one.title, one.alt) if one else ("", "")
        words = f"{title or title_from(name)} ({BY_EXTENSION[name.rpartition('.')[2]].swedish})"
        yield Fact("Bilaga", f"{words}: {alt}" if alt else words, name.replace("-", " ").replace(".", " "))


def _organisation_words(slug: str, organisations: Organisations) -> tuple[str, str]:
    organisation = organisations.get(slug)
    if organisation is None:
        return slug.replace("-", " "), ""
    parent = organisations.get(organisation.parent) if organisation.parent else None
    return organisation.name, f"{organisation.short} {parent.name if parent else ''}"


def _written(value: object) -> tuple[str, str]:
    """How a value is shown, and how else it may be written: "13,3 miljoner", and "13,3 Mkr 13300000"."""
    match value:
        case Words():
            return value.swedish, ""
        case Quantity() if value.number is not None:
            return value.words, f"{value.raw} {value.number:.0f}" if value.number == int(value.number) else value.raw
        case PartialDate() if value.known:
            return value.words, value.raw
        case Quantity() | PartialDate():
            return "", ""
        case date():
            return value.isoformat(), ""
        case _:
            return str(value), ""


def title_of(model: BaseModel, path: tuple[str | int, ...]) -> str:
    """The Swedish name of the field at a path in a front matter: ("grants", 0, "practice") gives "Arbetssätt"."""
    title = ""
    for length, step in enumerate(path):
        at = _at(model, path[:length])
        if isinstance(step, str) and isinstance(at, BaseModel):
            title = type(at).model_fields[step].title or step
    return title


def _at(model: BaseModel, path: tuple[str | int, ...]) -> Any:
    """What stands at a path in a front matter."""
    at: Any = model
    for step in path:
        at = getattr(at, step) if isinstance(step, str) else at[step]
    return at
