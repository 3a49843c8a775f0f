"""Opening a generation: its rows, checked once to be ours, and the words that belong to them."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import DatabaseError

from app.config import Settings
from app.database import Databases
from app.index import tables as t
from app.index.cards import Card
from app.index.catalogue import Catalogue, stamp_of
from app.index.finding import searched_texts
from app.index.fulltext import WordsReader, WordsWriter
from app.index.generation import Generations, IndexNotReady
from app.index.ranking import FreshDocuments, Ranker
from app.index.terms import terms_of
from app.library.document import Kind

# What SQLite says of a file that is damaged, foreign or half removed. Not "busy" and not "disk full".
_BROKEN = frozenset((sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CANTOPEN))
# More than this is not searched before the worker has indexed it: it would cost each search more than it is worth.
MOST_FRESH = 200
# So many cost a page that shows what is like it no more than it can bear.
FEW_FRESH = 10


class Generation:
    """One generation as one process sees it: it remembers the newest catalogue and the newest segments."""

    def __init__(self, number: int, token: str, words: WordsReader) -> None:
        self.number = number
        self.token = token
        self._words = words
        self._catalogue = Catalogue()
        self._following = threading.Lock()
        self._ranker: tuple[tuple[object, ...], Ranker] | None = None

    def catalogue(self, connection: Connection) -> Catalogue:
        """The catalogue of the rows as the connection sees them."""
        with self._following:
            stamp = stamp_of(connection)
            if stamp < self._catalogue.stamp:
                # The connection's transaction began before the newest catalogue was made: it gets one of its own.
                return Catalogue().follow(connection, stamp)
            self._catalogue = self._catalogue.follow(connection, stamp)
            return self._catalogue

    def ranker(self, connection: Connection, catalogue: Catalogue, kinds: Mapping[str, Kind]) -> Ranker:
        """The ranker of the catalogue and the newest words; documents that the words lack are searched in memory."""
        note, segments = self._words.segments()
        state = (note, catalogue.stamp)
        remembered = self._ranker
        if remembered and remembered[0] == state:
            return remembered[1]
        newer = select(t.document.c.number).where(t.document.c.stamp > note.stamp)
        numbers = connection.execute(newer.order_by(t.document.c.stamp.desc()).limit(MOST_FRESH)).scalars().all()
        texts = [(number, searched_texts(connection, number, kinds, catalogue)) for number in numbers]
        fresh = FreshDocuments([(number, terms_of(text)) for number, text in texts if text])
        ranker = Ranker(catalogue, segments, fresh)
        self._ranker = (state, ranker)
        return ranker

    def ranker_at_hand(self, connection: Connection, catalogue: Catalogue, kinds: Mapping[str, Kind]) -> Ranker | None:
        """The ranker, for who can do without it: none while the words lack more than a few documents, or are gone."""
        try:
            note, _ = self._words.segments()
            newer = select(func.count()).where(t.document.c.stamp > note.stamp)
            if note.stamp < catalogue.stamp and connection.execute(newer).scalar_one() > FEW_FRESH:
                return None
            return self.ranker(connection, catalogue, kinds)
        except IndexNotReady:
            return None


@dataclass
class Reading:
    """The rows at one moment, and what has been read of them; for one question, or for all of one page."""

    connection: Connection
    generation: Generation
    catalogue: Catalogue
    cards: dict[int, Card] = field(default_factory=dict)
    surroundings: dict[tuple[str, frozenset[str]], object] = field(default_factory=dict)


@dataclass
class _Together:
    """The reading that the questions of one page share; begun by the first of them."""

    stack: ExitStack = field(default_factory=ExitStack)
    reading: Reading | None = None


class Readings:
    """Gives each question its reading, or all questions of one page the same."""

    def __init__(self, opener: Opener) -> None:
        self._opener = opener
        self._together: ContextVar[_Together | None] = ContextVar("together", default=None)

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Let every question in the block be answered from the same moment."""
        if self._together.get() is not None:
            yield
            return
        together = _Together()
        before = self._together.set(together)
        try:
            yield
        finally:
            self._together.reset(before)
            together.stack.close()

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """The rows for one question."""
        together = self._together.get()
        if together is None:
            with self._opener.reading() as (connection, generation):
                yield Reading(connection, generation, generation.catalogue(connection))
            return
        with not_ready_if_broken():
            if together.reading is None:
                connection, generation = together.stack.enter_context(self._opener.reading())
                together.reading = Reading(connection, generation, generation.catalogue(connection))
            yield together.reading


class Opener:
    """Opens the living generation, and notices when another one takes its place."""

    def __init__(self, settings: Settings, databases: Databases, fingerprint: str) -> None:
        self.generations = Generations(settings)
        self._databases = databases
        self.fingerprint = fingerprint
        self._opening = threading.Lock()
        self._opened: Generation | None = None

    @contextmanager
    def reading(self, number: int | None = None) -> Iterator[tuple[Connection, Generation]]:
        """The rows of a generation (the living one if none is named) at one moment. Raises IndexNotReady."""
        number = self.generations.living() if number is None else number
        with (
            not_ready_if_broken(),
            self._databases.derived(self.generations.derived_file(number)).connect() as connection,
        ):
            yield connection, self._generation(number, connection)

    @contextmanager
    def writing(self, number: int | None = None) -> Iterator[Connection]:
        """A transaction that changes the rows of a generation: committed if the block succeeds."""
        number = self.generations.living() if number is None else number
        engine = self._databases.derived(self.generations.derived_file(number)).execution_options(writes=True)
        with not_ready_if_broken(), engine.begin() as connection:
            yield connection

    def words_writer(self, number: int, token: str) -> WordsWriter:
        return WordsWriter(self.generations.index_folder(number), token)

    def _generation(self, number: int, connection: Connection) -> Generation:
        opened = self._opened
        if opened is not None and opened.number == number:
            return opened
        applied = connection.execute(select(t.applied)).one_or_none()
        if applied is None or applied.fingerprint != self.fingerprint:
            raise IndexNotReady(f"the rows of generation {number} were made by another version")
        with self._opening:
            if self._opened is None or self._opened.number != number:
                words = WordsReader(self.generations.index_folder(number), applied.token)
                generation = Generation(number, applied.token, words)
                if number != self.generations.current():
                    return generation  # one that is being built is not remembered
                self._let_go()
                self._opened = generation
            return self._opened

    def _let_go(self) -> None:
        """Close the idle connections to the generation before, so that its removal frees the disk."""
        if self._opened is not None:
            self._databases.release(self.generations.derived_file(self._opened.number))


@contextmanager
def not_ready_if_broken() -> Iterator[None]:
    """Take errors that mean damaged or foreign rows for what they mean to the reader: there is no index just now."""
    try:
        yield
    except DatabaseError as error:
        code = getattr(error.orig, "sqlite_errorcode", None)
        if code is not None and code & 0xFF in _BROKEN:
            raise IndexNotReady("the rows cannot be read") from error
        raise
