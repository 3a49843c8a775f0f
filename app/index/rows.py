"""Writing the rows: what one refresh, or one build, says of some documents replaces what was said before.

Every change of the rows gets a *stamp*, one higher than the last. Whoever remembers the rows (the catalogue of a web
worker, the words) asks for what is newer than its own stamp; there is no queue that could be lost.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, CursorResult, delete, func, insert, select, update

from app.index import tables as t
from app.index.cards import FROM_THE_START
from app.index.deriving import DerivedDocument, FileState
from app.index.pace import day_number
from app.library.document import Kind, Problem
from app.library.markdown import Entry, Link, Rendered
from app.library.pace import swedish_day

# By id the paths that documents had before, where nobody knows of any.
NONE: Mapping[str, Iterable[str]] = MappingProxyType({})
# So many can be named in one question.
MOST_IDS = 1_000


@dataclass(frozen=True)
class Changed:
    """The newest revision of a document: its number, when, and by whom."""

    revision: int
    at: datetime
    by: str


@dataclass(frozen=True)
class Renamed:
    """That somebody is called otherwise now in the documents with these ids, where they were ``before``."""

    ids: frozenset[str]
    before: str
    after: str


def rename_author(connection: Connection, renamed: Renamed) -> None:
    """Let documents be changed by somebody who is called otherwise. No list or search sorts or asks by that name."""
    ids = sorted(renamed.ids)
    for start in range(0, len(ids), MOST_IDS):
        these = t.document.c.id.in_(ids[start : start + MOST_IDS]) & (t.document.c.changed_by == renamed.before)
        connection.execute(update(t.document).where(these).values(changed_by=renamed.after))


class RowWriter:
    """Writes the rows of one generation inside one transaction, all with the same stamp."""

    def __init__(
        self,
        connection: Connection,
        kinds: Mapping[str, Kind],
        former: Mapping[str, Iterable[str]] = NONE,
        empty: bool = False,
    ) -> None:
        """``former`` are the paths that documents had before, by their ids.

        ``empty`` says that no file has been written before: then nothing has to be replaced.
        """
        self._connection = connection
        self._empty = empty
        self._kinds = kinds
        self._former = former
        self._kind_of_url = {kind.url: kind.name for kind in kinds.values()}
        self._openers: dict[str, int] = {}
        self.stamp = connection.execute(select(t.applied.c.stamp)).scalar_one() + 1

    def put(self, document: DerivedDocument, changed: Changed) -> int:
        """Replace what the rows say of the document's file; returns the document's number."""
        old = self._row(document.path)
        document = replace(document, former_slugs=self._former_slugs(document))
        openers = self._openers_of(document.keys)
        columns = (
            document.columns
            | asdict(document.file)
            | {
                "openers": openers,
                "stamp": self.stamp,
                "revision": changed.revision,
                "changed_at": changed.at.isoformat(timespec="seconds"),
                "changed_by": changed.by,
                # Of what was here when Lärnät first looked nobody knows when it was written.
                "changed_on": 0 if changed.by == FROM_THE_START else day_number(swedish_day(changed.at)),
            }
        )
        if old is None:
            number = self._insert(columns)
        else:
            number = int(old["number"])
            self._connection.execute(update(t.document).where(t.document.c.number == number).values(columns))
            self._forget_parts(number)
        self._write_parts(number, document)
        if self._empty:
            return number
        self._forget_broken(document.path)
        if old is None or (old["title"], old["openers"], old["slug"]) != (columns["title"], openers, columns["slug"]):
            self.touch_referrers(columns["kind"], (columns["slug"], *document.former_slugs))
        return number

    def _former_slugs(self, document: DerivedDocument) -> tuple[str, ...]:
        """The slugs that the file says the document had, and those that history knows of besides."""
        kind, present = self._kinds[document.columns["kind"]], document.columns["slug"]
        moved = (kind.slug_of(path) for path in self._former.get(document.columns["id"], ()))
        known = (slug for slug in moved if slug and slug != present)
        return tuple(dict.fromkeys((*document.former_slugs, *known)))

    def put_broken(self, path: str, file: FileState | None, problems: Iterable[Problem]) -> None:
        """Say of a file that it cannot be read; a document that it was before is gone."""
        self.remove(path)
        if file is not None:
            self._connection.execute(insert(t.broken).values(path=path, **asdict(file)))
        for problem in problems:
            self._connection.execute(
                insert(t.problem).values(
                    path=problem.path, message=problem.message, line=problem.line, field=json.dumps(problem.field)
                )
            )

    def remove(self, path: str) -> None:
        """Forget a file."""
        old = self._row(path)
        self._forget_broken(path)
        if old is None:
            return
        number = int(old["number"])
        former = self._connection.execute(
            select(t.former_slug.c.slug).where(t.former_slug.c.document == number)
        ).scalars()
        slugs = (old["slug"], *former)
        self._forget_parts(number)
        self._connection.execute(delete(t.document).where(t.document.c.number == number))
        self._connection.execute(insert(t.gone).values(number=number, stamp=self.stamp))
        self.touch_referrers(old["kind"], slugs)

    def touch_referrers(self, kind: str, slugs: Sequence[str]) -> None:
        """Let the words of those who refer to a document be made anew: its title is among them."""
        referrers = select(t.relation.c.document).where(t.relation.c.kind == kind, t.relation.c.slug.in_(slugs))
        self._connection.execute(
            update(t.document)
            .where(t.document.c.number.in_(referrers), t.document.c.stamp != self.stamp)
            .values(stamp=self.stamp)
        )

    def finish(self, revision: int) -> None:
        """Note how far the rows have come."""
        newest = func.max(t.applied.c.revision, revision)
        self._connection.execute(update(t.applied).values(stamp=self.stamp, revision=newest))

    def _row(self, path: str) -> Mapping[Any, Any] | None:
        if self._empty:
            return None
        columns = (t.document.c[name] for name in ("number", "kind", "slug", "title", "openers"))
        return self._connection.execute(select(*columns).where(t.document.c.path == path)).mappings().first()

    def _insert(self, columns: Mapping[str, Any]) -> int:
        return _number_of(self._connection.execute(insert(t.document).values(columns)))

    def _openers_of(self, keys: frozenset[str]) -> int:
        name = "\n".join(sorted(keys))
        if name not in self._openers:
            found = self._connection.execute(select(t.openers.c.number).where(t.openers.c["keys"] == name)).scalar()
            if found is None:
                found = _number_of(self._connection.execute(insert(t.openers).values(keys=name)))
            self._openers[name] = int(found)
        return self._openers[name]

    def _write_parts(self, number: int, document: DerivedDocument) -> None:
        links = [
            {"document": number, "kind": self._kind_of_url.get(url, url), "slug": slug} for url, slug in document.links
        ]
        former = [
            {"document": number, "kind": document.columns["kind"], "slug": slug} for slug in document.former_slugs
        ]
        relations = [
            {"document": number, "position": position} | asdict(relation)
            for position, relation in enumerate(document.relations)
        ]
        # One value may be given twice (a host that is also the owner): it counts once.
        facets = {(one.name, one.value): {"document": number} | asdict(one) for one in document.facets}
        facts = json.dumps(document.facts, ensure_ascii=False)
        parts = (
            (t.facet, list(facets.values())),
            (t.relation, relations),
            (t.stay, [{"document": number, "phase": phase, "days": days} for phase, days in document.stays]),
            (t.former_slug, former),
            (t.link, links),
            (t.text, [{"document": number, "headings": document.headings, "facts": facts, "plain": document.plain}]),
            (t.rendered, [{"document": number, "hash": name} | _rendered(one) for name, one in document.rendered]),
        )
        for table, rows in parts:
            if rows:
                self._connection.execute(insert(table), rows)

    def _forget_parts(self, number: int) -> None:
        for table in (t.facet, t.relation, t.stay, t.former_slug, t.link, t.text, t.rendered):
            self._connection.execute(delete(table).where(table.c.document == number))

    def _forget_broken(self, path: str) -> None:
        self._connection.execute(delete(t.broken).where(t.broken.c.path == path))
        self._connection.execute(delete(t.problem).where(t.problem.c.path == path))


def _number_of(result: CursorResult[Any]) -> int:
    """The number that a new row was given."""
    key = result.inserted_primary_key
    return int(key[0]) if key else 0


def _rendered(text: Rendered) -> dict[str, str]:
    contents = [[entry.level, entry.id, entry.title] for entry in text.contents]
    links = [[link.kind_url, link.slug, link.text, link.line] for link in text.links]
    return {"html": text.html, "plain": text.plain, "rest": json.dumps([contents, links], ensure_ascii=False)}


def rendered_from(html: str, plain: str, rest: str) -> Rendered:
    """The rendered text that a row keeps."""
    contents, links = json.loads(rest)
    return Rendered(
        html=html,
        contents=tuple(Entry(*entry) for entry in contents),
        links=tuple(Link(*link) for link in links),
        plain=plain,
    )


def make_tables(connection: Connection, fingerprint: str, token: str) -> None:
    """Make the tables of a new, empty generation."""
    for table in t.TABLES:
        table.create(connection)
    values = {"id": 1, "revision": 0, "stamp": 0, "fingerprint": fingerprint, "token": token}
    connection.execute(insert(t.applied).values(values))
