"""From a file to what the index holds of it, in this process or in others. One bad file never stops the rest."""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from multiprocessing.process import BaseProcess
from pathlib import Path

from app.index.deriving import DerivedDocument, FileState, derive
from app.index.terms import Searched, Terms, fact_words, terms_of
from app.language.analysis import Analysed, analysed
from app.library.attachments import LARGEST_ATTACHMENT, MEASURE_ENDING, beside, measure_path, measured
from app.library.document import BrokenDocument, Document, Kind, NotFound, Problem
from app.library.folders import read_bytes
from app.library.guard import numbers_in_file
from app.library.organisations import Organisations, load_organisations
from app.library.shelf import Library, version_of

log = logging.getLogger(__name__)

# Below this many files the start of other processes costs more than it saves.
WORTH_PROCESSES = 300
CHUNK = 40
WORDS_AT_ONCE = 2_000

# A document, what is wrong with it, or the path of a file that is still to be read.
Source = Document | BrokenDocument | str


@dataclass(frozen=True)
class Broken:
    """A file that cannot be used, and why. ``file`` is None if there is not even a file."""

    path: str
    file: FileState | None
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Prepared:
    """A document ready to be written; ``terms`` without the titles of the documents that it names."""

    derived: DerivedDocument
    terms: Terms


def derive_or_report(document: Document, home: Path, organisations: Organisations) -> DerivedDocument | Broken:
    """What follows from a document; where our own code fails on it, a problem that says so."""
    file = file_state(home, document.path, document.version)
    try:
        attached = [one.name for one in beside(home, document.path)]
        return derive(document, file, organisations, attached, _tables_of(home, document))
    except Exception as error:
        log.exception("a document could not be shown; it is among the problems")
        message = (
            f"gick att läsa, men inte att visa ({type(error).__name__}). Förenkla texten, eller tala om det för oss"
        )
        return Broken(document.path, file, (Problem(document.path, message),))


def _tables_of(home: Path, document: Document) -> dict[str, bytes]:
    """What is measured in a document whose kind keeps something of it, by what the tables are called.

    A table in which somebody outside has put a personal number is shown to nobody, and so nothing of it is kept.
    """
    if not document.kind.glance:
        return {}
    found = {}
    for one in measured(home, document.path):
        slug = one.name.removesuffix(MEASURE_ENDING)
        path = measure_path(document.path, slug)
        with contextlib.suppress(BrokenDocument):
            content = read_bytes(home, path, LARGEST_ATTACHMENT)
            declared = document.front_matter.not_personal_numbers
            if content and not numbers_in_file(path, content, document.id, declared):
                found[slug] = content
    return found


def report(library: Library, error: BrokenDocument) -> Broken:
    """A file that could not be read as a document."""
    try:
        content = library.load(error.path)
        version = version_of(content) if content is not None else ""
    except BrokenDocument:
        version = ""
    return Broken(error.path, file_state(library.home, error.path, version), tuple(error.problems))


def file_state(home: Path, path: str, version: str) -> FileState:
    """The file as it stands; zeros, which no file has, if it went away meanwhile."""
    try:
        found = (home / path).lstat()
    except OSError:
        return FileState(0, 0, version)
    return FileState(found.st_mtime_ns, found.st_size, version)


def prepare_all(
    library: Library, organisations: Organisations, documents: Iterable[Source], total: int
) -> Iterator[Prepared | Broken]:
    """Every document prepared. A ``str`` is the path of a file; one that is gone meanwhile is left out."""
    processes = len(os.sched_getaffinity(0))
    if total < WORTH_PROCESSES or processes < 2:
        for document in documents:
            yield from _prepare(library, organisations, document)
        return
    start = (library.home, tuple(library.kinds.values()))
    with ProcessPoolExecutor(processes, multiprocessing.get_context("spawn"), _start_process, start) as pool:
        for chunk, future in _ahead(pool, iter(documents), 2 * processes):
            try:
                yield from future.result()
            except BrokenExecutor:
                # A process died, of hunger perhaps: what it was to do, and all after it, is done here.
                log.warning("a process that prepared documents has died; the rest is done in this one")
                for document in chunk:
                    yield from _prepare(library, organisations, document)


def _ahead(
    pool: ProcessPoolExecutor, documents: Iterator[Source], most: int
) -> Iterator[tuple[list[Source], Future[list[Prepared | Broken]]]]:
    """Chunks that are being prepared, never more than a few ahead: the memory must not grow with the library."""
    waiting: deque[tuple[list[Source], Future[list[Prepared | Broken]]]] = deque()
    try:
        while True:
            while len(waiting) < most and (chunk := list(islice(documents, CHUNK))):
                waiting.append((chunk, _submitted(pool, chunk)))
            if not waiting:
                return
            yield waiting.popleft()
    finally:
        for _, future in waiting:
            future.cancel()


def _submitted(pool: ProcessPoolExecutor, chunk: list[Source]) -> Future[list[Prepared | Broken]]:
    try:
        return pool.submit(_prepare_chunk, chunk)
    except BrokenExecutor as error:
        failed: Future[list[Prepared | Broken]] = Future()
        failed.set_exception(error)
        return failed


# What a process of the pool works with, set once when it starts.
_here: list[tuple[Library, Organisations]] = []


def _start_process(home: Path, kinds: Sequence[Kind]) -> None:
    _end_with_parent()
    _here[:] = [(Library(home, kinds), load_organisations(home))]


def _end_with_parent() -> None:
    """Let this process end when the one that it works for is gone: killed, that one tells nobody to stop."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_after, args=(parent,), name="parent", daemon=True).start()


def _end_after(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)


def _prepare_chunk(chunk: Sequence[Source]) -> list[Prepared | Broken]:
    library, organisations = _here[0]
    return [prepared for document in chunk for prepared in _prepare(library, organisations, document)]


def _prepare(library: Library, organisations: Organisations, document: Source) -> Iterator[Prepared | Broken]:
    if isinstance(document, str):
        try:
            document = library.read(document)
        except NotFound:
            return
        except BrokenDocument as error:
            document = error
    if isinstance(document, BrokenDocument):
        yield report(library, document)
        return
    derived = derive_or_report(document, library.home, organisations)
    if isinstance(derived, Broken):
        yield derived
        return
    searched = Searched(
        title=document.title,
        kind_words=f"{document.kind.one} {document.kind.many}",
        summary=document.front_matter.summary,
        headings=derived.headings,
        facts=fact_words(derived.facts),
        body=derived.plain,
    )
    yield Prepared(derived, terms_of(searched))


# ---- Analysing words while they are written ----


class AnalysedAhead:
    """Analyses words in other processes, each once, while this one does something else with the documents."""

    def __init__(self, pool: ProcessPoolExecutor | None) -> None:
        self._pool = pool
        self._seen: set[str] = set()
        self._next: list[str] = []
        self._begun: list[tuple[list[str], Future[list[Analysed]]]] = []

    def see(self, words: Iterable[str]) -> None:
        """Words that ``of`` will be asked for."""
        if self._pool is None:
            return
        new = [word for word in words if word not in self._seen]
        self._seen.update(new)
        self._next += new
        if len(self._next) >= WORDS_AT_ONCE:
            self._submit(self._pool)

    def _submit(self, pool: ProcessPoolExecutor) -> None:
        with contextlib.suppress(BrokenExecutor):
            self._begun.append((self._next, pool.submit(_analyse_chunk, self._next)))
        self._next = []

    def of(self, words: Sequence[str]) -> Iterator[Analysed]:
        """What each word is found by. What a process could not do because it died is done here."""
        if self._pool is not None:
            self._submit(self._pool)
        known: dict[str, Analysed] = {}
        for chunk, future in self._begun:
            with contextlib.suppress(BrokenExecutor):
                known |= zip(chunk, future.result(), strict=True)
        self._begun, self._seen = [], set()
        return (known.get(word) or analysed(word) for word in words)


@contextmanager
def analysing(total: int) -> Iterator[AnalysedAhead]:
    """Analyse the words of so many documents; with other processes if that is worth it."""
    processes = len(os.sched_getaffinity(0)) - 1
    if total < WORTH_PROCESSES or processes < 1:
        yield AnalysedAhead(None)
        return
    with ProcessPoolExecutor(processes, multiprocessing.get_context("spawn"), _end_with_parent) as pool:
        yield AnalysedAhead(pool)


def _analyse_chunk(words: Sequence[str]) -> list[Analysed]:
    return [analysed(word) for word in words]
