"""Building a generation from all files: its rows first, then its words."""

from __future__ import annotations

import pickle
import secrets
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO

from sqlalchemy import Connection

from app.index.catalogue import Catalogue
from app.index.finding import titles_named
from app.index.fulltext import WordsWriter
from app.index.measured import REFERENCES
from app.index.opening import Opener
from app.index.preparing import AnalysedAhead, Broken, analysing, prepare_all
from app.index.rows import Changed, RowWriter, make_tables
from app.index.terms import Terms
from app.library.document import BrokenDocument, Document
from app.library.organisations import Organisations
from app.library.shelf import Library


@dataclass(frozen=True)
class Plan:
    """What a build is to reach. ``progress`` is told how many steps of how many are done: two for each document."""

    generation: int
    total: int
    revision: int
    progress: Callable[[int, int], None]
    newest: Callable[[str], Changed | None]
    former: Mapping[str, Iterable[str]]


def build(
    opener: Opener,
    library: Library,
    organisations: Organisations,
    documents: Iterable[Document | BrokenDocument | str],
    plan: Plan,
) -> None:
    """Make a generation beside the living one. Nobody reads it before ``Generations.switch``."""
    words = opener.words_writer(plan.generation, secrets.token_hex(16))
    words.make()
    # Between the two passes the words wait on the disk: in memory they would grow with the library.
    with tempfile.TemporaryFile() as waiting:
        with opener.writing(plan.generation) as connection:
            make_tables(connection, opener.fingerprint, words.token)
            writer = RowWriter(connection, library.kinds, plan.former, empty=True)
            for done, prepared in enumerate(prepare_all(library, organisations, documents, plan.total), 1):
                if isinstance(prepared, Broken):
                    writer.put_broken(prepared.path, prepared.file, prepared.problems)
                else:
                    derived = prepared.derived
                    found = plan.newest(derived.columns["id"])
                    number = writer.put(derived, found or _by_the_clock(derived.file.mtime_ns))
                    pickle.dump((number, prepared.terms), waiting)
                plan.progress(done, 2 * plan.total)
            writer.finish(plan.revision)
        waiting.seek(0)
        with opener.reading(plan.generation) as (connection, generation):
            _write_words(words, waiting, connection, generation.catalogue(connection), plan)


def _by_the_clock(mtime_ns: int) -> Changed:
    return Changed(0, datetime.fromtimestamp(mtime_ns // 10**9, UTC), "")


def _write_words(
    words: WordsWriter, waiting: IO[bytes], connection: Connection, catalogue: Catalogue, plan: Plan
) -> None:
    def documents(ahead: AnalysedAhead) -> Iterator[tuple[int, Terms]]:
        for done in range(catalogue.size):
            number, terms = pickle.load(waiting)  # noqa: S301 - our own, of a moment ago
            whole = terms.with_texts(titles_named(connection, number, catalogue), REFERENCES)
            ahead.see(whole.forms)
            yield number, whole
            plan.progress(plan.total + done + 1, 2 * plan.total)

    with analysing(plan.total) as ahead:
        words.replace(documents(ahead), (), catalogue.stamp, plan.revision, ahead.of)
