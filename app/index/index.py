"""The index: everything derived from the files that pages ask for, filtered by what the viewer may see."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, bindparam, select
from sqlmodel import Session

from app.config import Settings
from app.database import Databases
from app.index import building, files, picking, relations
from app.index import tables as t
from app.index.addresses import Address, addresses_of
from app.index.cards import Card, Listing, RelatedGroup
from app.index.contract import Query, Results
from app.index.deriving import KIND, PARENT, DerivedDocument, text_hash
from app.index.facets import facet_labels
from app.index.families import Families, FamilyQuery, Member, families, standings
from app.index.finding import (
    Filter,
    Found,
    archived_among,
    found,
    in_order,
    searched_texts,
    shown,
)
from app.index.naming import Naming, naming_none_of, with_doubtful_values, with_unlisted_words
from app.index.opening import Opener, Reading, Readings
from app.index.picking import Part, Pick, Picked
from app.index.preparing import Broken, derive_or_report, report
from app.index.remembered import Remembered
from app.index.rows import NONE, Changed, Renamed, RowWriter, rename_author, rendered_from
from app.index.similar import Profile, similar
from app.index.state import Aspect, Standing, State, StateQuery, state, state_counts
from app.index.suggesting import Suggester, Suggestion
from app.index.terms import terms_of
from app.index.titles import KnownTitles
from app.index.wordbook import Wordbook, Words, synonyms_of
from app.language.synonyms import Synonyms
from app.library.document import BrokenDocument, Document, Problem
from app.library.markdown import Rendered, render
from app.library.organisations import Organisations
from app.library.shelf import Library
from app.library.visibility import Viewer
from app.library.word_lists import WordLists

PAGE = 20
# So many documents are indexed in one commit, so that a long line is found piece by piece.
BATCH = 500
T = TypeVar("T")
# What makes up some 2,000 documents.
PROFILES_BYTES = 8 * 1024 * 1024
_RENDERED = select(t.rendered.c.html, t.rendered.c.plain, t.rendered.c.rest).where(
    t.rendered.c.hash == bindparam("hash")
)


class Index:
    """The derived state of one house. Every question about documents takes the viewer who asks."""

    def __init__(
        self, settings: Settings, databases: Databases, library: Library, organisations: Organisations
    ) -> None:
        self._databases = databases
        self._library = library
        self._organisations = organisations
        self._opener = Opener(settings, databases, t.fingerprint(library.kinds.values()))
        self.generations = self._opener.generations
        # By the name that stands in the URL the words above the choices, in the order of the page.
        self.facets = facet_labels(library.kinds.values())
        self._networks = relations.network_kind()
        self._readings = Readings(self._opener)
        self.wordbook = Wordbook(library.home)
        self._titles = KnownTitles()
        self._profiles: Remembered[Profile] = Remembered(PROFILES_BYTES)

    # ---- Writing: called by publishing, under the library's lock ----

    def refresh(
        self,
        changed: Sequence[Document],
        broken: Sequence[BrokenDocument],
        gone: Sequence[str],
        revision: int,
        former: Mapping[str, Iterable[str]] = NONE,
        *,
        at: datetime | None = None,
        by: str = "",
        generation: int | None = None,
    ) -> None:
        """Replace what the rows say of some files, and note the revision. ``generation`` is one that is being built.

        ``former`` are the paths that history knows documents to have had, by their ids.
        """
        when = at or datetime.now(UTC)
        prepared: list[DerivedDocument | Broken] = [report(self._library, error) for error in broken]
        prepared += [derive_or_report(document, self._library.home, self._organisations) for document in changed]
        with self._opener.writing(generation) as connection:
            writer = RowWriter(connection, self._library.kinds, former)
            for path in gone:
                writer.remove(path)
            for one in prepared:
                if isinstance(one, Broken):
                    writer.put_broken(one.path, one.file, one.problems)
                else:
                    writer.put(one, Changed(revision, when, by))
            writer.finish(revision)

    def build(
        self,
        generation: int,
        documents: Iterable[Document | BrokenDocument | str],
        total: int,
        revision: int,
        progress: Callable[[int, int], None] = lambda done, total: None,
        newest: Callable[[str], Changed | None] = lambda document_id: None,
        former: Mapping[str, Iterable[str]] = NONE,
    ) -> None:
        """Make the rows and the words of a new generation. A ``str`` is the path of a file that is still to be read.

        ``newest`` tells the newest revision of a document by its id; without one the file's own time stands in.
        ``former`` are the paths that history knows documents to have had, by their ids.
        """
        plan = building.Plan(generation, total, revision, progress, newest, former)
        building.build(self._opener, self._library, self._organisations, documents, plan)

    @contextmanager
    def building(self) -> Iterator[int]:
        """The number of a new generation to build. What a failed build leaves is removed, with the connections to it.

        The next build may get its number, and would otherwise write into the file that is no more.
        """
        with self.generations.building() as number:
            try:
                yield number
            except BaseException:
                self._databases.release(self.generations.derived_file(number))
                raise

    def name_authors(self, newest: Mapping[str, Changed], generation: int) -> None:
        """Let documents, by their ids, be changed last by who history says it was, in a generation that is being built.

        What it holds was read a while ago, and somebody may have been erased since.
        """
        columns = (t.document.c[name] for name in ("id", "revision", "changed_by"))
        with self._opener.writing(generation) as connection:
            for identity, revision, before in connection.execute(select(*columns)).all():
                now = newest.get(identity)
                if now is not None and now.revision == revision and now.by != before:
                    rename_author(connection, Renamed(frozenset([identity]), before, now.by))

    def index_words(self) -> int:
        """Bring the words up to the rows; returns how many documents were done. Only the worker calls it."""
        done = 0
        while count := self._index_batch():
            done += count
        return done

    def _index_batch(self) -> int:
        with self._opener.reading() as (connection, generation):
            writer = self._opener.words_writer(generation.number, generation.token)
            note = writer.note()
            catalogue = generation.catalogue(connection)
            if note.stamp >= catalogue.stamp:
                return 0
            newer = select(t.document.c.number, t.document.c.stamp).where(t.document.c.stamp > note.stamp)
            rows = connection.execute(newer.order_by(t.document.c.stamp)).all()
            # A batch ends where a stamp ends, or the note could not tell what is done.
            last = rows[BATCH - 1].stamp if len(rows) > BATCH else catalogue.stamp
            gone = select(t.gone.c.number).where(t.gone.c.stamp > note.stamp, t.gone.c.stamp <= last)
            numbers = [row.number for row in rows if row.stamp <= last]
            texts = ((number, searched_texts(connection, number, self._library.kinds, catalogue)) for number in numbers)
            terms = ((number, terms_of(text)) for number, text in texts if text)
            revision = self._revision(connection) if last == catalogue.stamp else note.revision
            writer.replace(terms, connection.execute(gone).scalars().all(), last, revision)
            return max(1, len(numbers))

    # ---- How far it has come ----

    def rows_applied(self, generation: int | None = None) -> int:
        """The newest revision that the rows hold. ``generation`` is one that is being built."""
        with self._opener.reading(generation) as (connection, _):
            return self._revision(connection)

    def words_applied(self) -> int:
        """The newest revision that the words hold."""
        with self._opener.reading() as (_, generation):
            return self._opener.words_writer(generation.number, generation.token).note().revision

    def words_are_behind(self) -> bool:
        """Whether the rows have changed since the words were made."""
        with self._opener.reading() as (connection, generation):
            stamp = connection.execute(select(t.applied.c.stamp)).scalar_one()
            return bool(stamp > self._opener.words_writer(generation.number, generation.token).note().stamp)

    def rename_author(self, renamed: Iterable[Renamed]) -> None:
        """Say otherwise who changed documents last, as history does now: somebody has been erased."""
        with self._opener.writing() as connection:
            for one in renamed:
                rename_author(connection, one)

    def remove_old(self) -> None:
        """Remove generations that nobody reads any longer. The worker calls it now and then."""
        for number in self.generations.remove_old():
            self._databases.release(self.generations.derived_file(number))

    def watched(self) -> list[Path]:
        """The files one of which changes whenever rows or words do."""
        return self.generations.files()

    def known(self) -> dict[str, files.Known]:
        """Every file that the rows know, also those that could not be read."""
        with self._opener.reading() as (connection, _):
            return files.known(connection)

    def problems(self) -> list[Problem]:
        """What has to be mended in the files."""
        with self._opener.reading() as (connection, _):
            return files.problems(connection)

    def broken(self, path: str, version: str) -> list[Problem]:
        """What is wrong with a file that the rows hold for broken, as long as it is the same version still."""
        with self._reading() as reading:
            return files.broken(reading.connection, path, version)

    # ---- Reading ----

    @contextmanager
    def rows(self) -> Iterator[Session]:
        """A session that reads the rows of the living generation. It does not know who asks: see to that yourself."""
        with self._opener.reading() as (connection, _), Session(connection) as session:
            yield session

    def rendered(self, text: str) -> Rendered:
        """A text as HTML: that of a document's section is in the rows, which is much cheaper than to render it."""
        with self._reading() as reading:
            row = reading.connection.execute(_RENDERED, {"hash": text_hash(text)}).first()
        return rendered_from(*row) if row else render(text)

    def find(self, query: Query, viewer: Viewer, lists: WordLists | None = None) -> Results:
        """What a query finds for a viewer. What was saved a moment ago is found, too.

        ``lists`` are words to use in the place of those of the file, to see what they would find.
        """
        began = time.perf_counter()
        with self._reading() as reading:
            found = self._found(reading, query, viewer, synonyms_of(lists) if lists else None)
            results = shown(reading.connection, query, viewer, found, self._library.kinds, self.facets)
        return replace(results, took_ms=(time.perf_counter() - began) * 1000)

    def found(self, query: Query, viewer: Viewer) -> Found:
        """What a query finds for a viewer, the best first, without anything of it read to be shown."""
        with self._reading() as reading:
            return self._found(reading, query, viewer)

    def _found(self, reading: Reading, query: Query, viewer: Viewer, synonyms: Synonyms | None = None) -> Found:
        kinds = self._library.kinds
        return found(
            query,
            viewer,
            reading.catalogue,
            lambda: reading.generation.ranker(reading.connection, reading.catalogue, kinds),
            self.wordbook.synonyms() if synonyms is None else synonyms,
        )

    def suggest(self, typed: str, viewer: Viewer, limit: int) -> list[Suggestion]:
        """What somebody who types may mean: at most so many places, words and pages that the viewer may see."""
        kinds = self._library.kinds
        with self._reading() as reading:
            titles = self._titles.of(reading.catalogue)
            ranker = reading.generation.ranker(reading.connection, reading.catalogue, kinds)
            return Suggester(reading.catalogue, titles, ranker, viewer, kinds).suggest(typed, limit)

    def words(self) -> Words:
        """The synonyms and words that only ask, as the file has them or had them when it could be read last."""
        return self.wordbook.words()

    def cards(
        self,
        kind: str,
        viewer: Viewer,
        chosen: Mapping[str, Sequence[str]] | None = None,
        sort: str = "title",
        page: int = 1,
        archived: bool = False,
    ) -> Listing:
        """One page of a kind's documents. ``sort`` is "title", "slug", "changed" or "when"; the last page ends it.

        Those that are archived are among them only with ``archived``.
        """
        with self._reading() as reading:
            catalogue, chosen = reading.catalogue, chosen or {}
            of_kind = catalogue.chosen(KIND.name, [kind])
            filtered = Filter(catalogue, of_kind & catalogue.listed(viewer, archived), chosen, viewer)
            order = in_order(catalogue, filtered.mask, sort)
            pages = max(1, math.ceil(len(order) / PAGE))
            page = min(max(1, page), pages)
            shown = order[(page - 1) * PAGE : page * PAGE].tolist()
            cards = self._cards_at(reading, shown, viewer)
            labels = {name: label for name, label in self.facets.items() if name != KIND.name}
            away = archived_among(catalogue, of_kind & catalogue.may_see(viewer), chosen, viewer)
            return Listing(cards, len(order), page, pages, filtered.counts(labels), away)

    def children(self, kind: str, parent: str, viewer: Viewer) -> list[Card]:
        """All documents of a kind that lie under one document, by slug."""
        with self._reading() as reading:
            catalogue = reading.catalogue
            mask = catalogue.may_see(viewer) & catalogue.chosen(KIND.name, [kind]) & catalogue.chosen(PARENT, [parent])
            return self._cards_at(reading, in_order(catalogue, mask, "slug").tolist(), viewer)

    def titles(self, kind: str, viewer: Viewer, limit: int) -> list[tuple[str, str]]:
        """Slug and title of a kind's documents, by title: what a form suggests. Needs no query."""
        with self._reading() as reading:
            catalogue = reading.catalogue
            mask = catalogue.listed(viewer) & catalogue.chosen(KIND.name, [kind])
            entries = (catalogue.entries[position] for position in in_order(catalogue, mask, "title")[:limit].tolist())
            return [(entry.slug, entry.title) for entry in entries]

    def addresses(self, viewer: Viewer) -> list[Address]:
        """Where the documents are that lists show to the viewer, and when they last changed."""
        with self._reading() as reading:
            return addresses_of(reading, viewer, self._library.kinds)

    def card(self, kind: str, slug: str, viewer: Viewer) -> Card | None:
        """One document by its address, if the viewer may see it."""
        with self._reading() as reading:
            entry = reading.catalogue.visible(kind, slug, viewer)
            numbers = [entry.number] if entry else []
            return next(iter(relations.seen_cards(reading, numbers, viewer, self._library.kinds)), None)

    def card_by_id(self, document_id: str, viewer: Viewer) -> Card | None:
        """One document by its id, if the viewer may see it."""
        with self._reading() as reading:
            with_id = select(t.document.c.number).where(t.document.c.id == document_id).order_by(t.document.c.number)
            numbers = reading.connection.execute(with_id).scalars().all()
            return next(iter(relations.seen_cards(reading, numbers, viewer, self._library.kinds)), None)

    def related(self, document: Document, viewer: Viewer, without: Collection[str] = ()) -> list[RelatedGroup]:
        """What the document refers to, and what refers to it, but for what is introduced in some ways."""
        with self._reading() as reading:
            return relations.related(reading, document, viewer, self._library.kinds, without)

    def similar(self, document: Document, viewer: Viewer, limit: int) -> list[Card]:
        """The documents that are most like this one, if any is; none that belongs to it or links to it."""
        with self._reading() as reading:
            return similar(reading, document, viewer, self._library.kinds, self._profiles, limit)

    def mentioned_by(self, document: Document, viewer: Viewer, unrelated: bool = False) -> list[Card]:
        """The documents whose text links to this one; only those that are not related to it as well, if asked for."""
        with self._reading() as reading:
            return relations.mentioned_by(reading, document, viewer, self._library.kinds, unrelated)

    def targets(self, links: Iterable[tuple[str, str]], viewer: Viewer) -> dict[tuple[str, str], Card]:
        """The documents that links lead to, by (word in the address or "", slug)."""
        with self._reading() as reading:
            return relations.targets(reading, links, viewer, self._library.kinds)

    def target(self, url: str, slug: str, viewer: Viewer) -> Card | None:
        """The document that one link leads to."""
        return self.targets([(url, slug)], viewer).get((url, slug))

    def state(self, viewer: Viewer, query: StateQuery) -> State:
        """What stands still, is late, is a draft or is going on, of what the viewer may see."""
        with self._reading() as reading:
            return state(reading, viewer, query, self._library.kinds)

    def state_counts(self, viewer: Viewer, today: date, own: bool = True) -> Mapping[Aspect, int]:
        """How many documents each aspect of the state has; with ``own`` of the viewer's networks and organisations."""
        with self._reading() as reading:
            return state_counts(reading, viewer, today, self._library.kinds, own)

    def remembered(self, name: tuple[str, ...], viewer: Viewer, make: Callable[[], T]) -> T:
        """What follows from the rows alone for all who see what the viewer sees, worked out once after each save.

        It has to be small, with nobody's name in it, and ``make`` may ask the index for that viewer only.
        """
        with self._reading() as reading:
            return reading.catalogue.remembered(("follows", name, viewer.keys), make)

    def families(self, viewer: Viewer, query: FamilyQuery) -> Families:
        """Documents of a kind with those in their folders, such as projects with their cycles, many at a time."""
        with self._reading() as reading:
            return families(reading, viewer, query, self._library.kinds)

    def standings(self, viewer: Viewer, members: Sequence[Member]) -> Mapping[int, Standing]:
        """How some documents of families stand, with their cards, by their numbers."""
        with self._reading() as reading:
            return standings(reading, members, viewer, self._library.kinds)

    def pick(self, viewer: Viewer, wanted: Pick) -> Picked:
        """The first documents of those that a page wants, and how many there are."""
        with self._reading() as reading:
            return picking.pick(reading, wanted, viewer, self._library.kinds)

    def parts_of(self, organisation: str, facet: str, viewer: Viewer, limit: int, archived: bool = False) -> list[Part]:
        """What names an organisation without being found by it in a facet, by the part that it plays there."""
        with self._reading() as reading:
            return picking.parts_of(reading, organisation, facet, viewer, self._library.kinds, limit, archived)

    def organisations(self, viewer: Viewer) -> dict[str, int]:
        """How many documents that the viewer may see name each organisation; archived ones are not counted."""
        with self._reading() as reading:
            return relations.organisations(reading.connection, viewer, reading.catalogue)

    def naming_none_of(self, known: Container[str]) -> list[Naming]:
        """Where documents name an organisation that is not known, whoever may see them: for those who may mend it."""
        with self._reading() as reading:
            return naming_none_of(reading.connection, known, self._library.kinds)

    def with_unlisted_words(self) -> list[tuple[Card, str]]:
        """Every document with a word that its list has not, and which: for those who may mend it."""
        with self._reading() as reading:
            return with_unlisted_words(reading.connection, self._library.kinds)

    def with_doubtful_values(self) -> list[tuple[Card, str]]:
        """Every document that says what cannot be, and what: for those who may mend it."""
        with self._reading() as reading:
            return with_doubtful_values(reading.connection, self._library.kinds)

    def former(self, kind: str, slug: str) -> str | None:
        """The present slug of the document that had this one before."""
        with self._reading() as reading:
            return relations.former_address(reading.connection, kind, slug)

    def referring_to(self, kind: str, slug: str) -> list[Card]:
        """Every document that names this one, whoever may see it: for the warning before it is removed."""
        with self._reading() as reading:
            return relations.referring_to(reading.connection, kind, slug, self._library.kinds)

    def networks_of(self, organisations: Iterable[str], on: date) -> frozenset[str]:
        """The slugs of the networks that organisations belong to on a day."""
        with self._reading() as reading:
            return relations.members_of(reading.connection, self._networks, frozenset(organisations), on)

    def networks_with(self, ids: Iterable[str]) -> frozenset[str]:
        """The slugs of the networks that have these ids; of those that are not published yet, none."""
        with self._reading() as reading:
            return relations.shared_with(reading.connection, self._networks, frozenset(ids))

    def networks_formerly(self, slugs: Iterable[str]) -> frozenset[str]:
        """The slugs that networks had before they got these ones, as long as no other network has them."""
        with self._reading() as reading:
            return relations.former_addresses(reading.connection, self._networks, frozenset(slugs))

    def _cards_at(self, reading: Reading, positions: Iterable[int], viewer: Viewer) -> list[Card]:
        numbers = (reading.catalogue.entries[position].number for position in positions)
        return relations.seen_cards(reading, numbers, viewer, self._library.kinds)

    def at_once(self) -> AbstractContextManager[None]:
        """Answer every question in the block from the same moment, reading things once. For pages that only read."""
        return self._readings.at_once()

    def _reading(self) -> AbstractContextManager[Reading]:
        return self._readings.reading()

    def _revision(self, connection: Connection) -> int:
        return int(connection.execute(select(t.applied.c.revision)).scalar_one())
