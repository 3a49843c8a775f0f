"""The words on disk: one Whoosh index per generation, written by the one worker and read by everybody.

The only module that knows Whoosh. Whoosh keeps and merges the lists of documents; it is never asked to parse what
people write or to score. Its segments never change, so the writer puts a copy of each beside it, as arrays that every
process maps (``postings.py``); where a copy is missing or damaged, the segment itself is read.

Whoosh opens an index by unpickling a part of it, so a folder is opened only if ``larnat.json`` beside it carries the
token of the rows that it belongs to. That file is replaced after each commit and says how far the words have come.
"""

from __future__ import annotations

import json
import os
import threading
import warnings
from array import array
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.index.generation import NOTE, IndexNotReady, sync_folder
from app.index.listing_words import Analyse, Collector, Meant, one_by_one, terms_of_forms
from app.index.phrases import Spots, spots_of
from app.index.postings import Arrays, Postings, Table, arrays_of, keep, kept, numbered
from app.index.terms import Terms

with warnings.catch_warnings():
    # Whoosh 2.7.4 was written for an older Python, which is noticed when it is first compiled.
    for message in (r"invalid escape sequence", r'"?is(?: not)?"? with', r".*\\w.*is an invalid escape"):
        warnings.filterwarnings("ignore", message=message)
    from whoosh import columns, fields, formats
    from whoosh import index as whoosh_index
    from whoosh.codec.whoosh3 import W3Codec
    from whoosh.filedb.filestore import FileStorage
    from whoosh.reading import ReaderClosed

MARKS, FORMS, NUMBER, LENGTH = "marks", "forms", "number", "length"
TERMS = "terms"
SEQUENCE, SPOTS, MEANT = "sequence", "spots", "meant"
COPY = ".postings"


class _Codec(W3Codec):  # type: ignore[misc]
    """Whoosh's own format, without the lengths that it would look up for every posting and we never read."""

    length_stats = False


# Larger blocks, uncompressed, are read several times faster and make the index a third larger.
_CODEC = _Codec(blocklimit=4096, compression=0)
MEMORY_FOR_WRITING_MB = 128


class WeightedWords(fields.FieldType):  # type: ignore[misc]
    """A field whose words come with their weights, already counted."""

    def __init__(self) -> None:
        super().__init__(format=formats.Existence(), analyzer=None)

    def index(self, value: dict[str, float], **_: Any) -> Iterator[tuple[bytes, int, float, bytes]]:
        """The words of one document."""
        for word, weight in value.items():
            yield word.encode(), 1, weight, b""


def _schema() -> Any:
    # The length has a column of its own, because Whoosh would round it to what fits in a byte.
    numbers = {name: fields.COLUMN(columns.NumericColumn("i", default=0)) for name in (NUMBER, LENGTH)}
    sequence = fields.COLUMN(columns.CompressedBytesColumn(level=1))
    return fields.Schema(marks=WeightedWords(), forms=WeightedWords(), sequence=sequence, **numbers)


@dataclass(frozen=True)
class Note:
    """How far the words have come: the rows' stamp and revision, and Whoosh's own count of commits."""

    token: str
    stamp: int = 0
    revision: int = 0
    commit: int = 0


class Segment:
    """One of Whoosh's segments as arrays: by place the document's number and length, and whether it is still there."""

    def __init__(self, folder: Path, reader: Any, before: Segment | None) -> None:
        self.id = segment_name(reader)
        size = reader.doc_count_all()
        self.numbers: NDArray[np.int32] = before.numbers if before else _column(reader, NUMBER, size)
        self.lengths: NDArray[np.float32] = (
            before.lengths if before else _column(reader, LENGTH, size).astype(np.float32)
        )
        self.alive = np.ones(size, np.bool_)
        self.alive[list(reader.segment().deleted_docs())] = False
        arrays = {} if before else _copied(folder, reader)
        self.terms: Table = before.terms if before else Table(arrays[TERMS], size)
        self.forms: Table = before.forms if before else Table(arrays[FORMS], size)
        self.spots: Spots = before.spots if before else Spots(arrays[SPOTS], self.forms)
        self.meant: Meant = before.meant if before else arrays[MEANT][TERMS]


def _copied(folder: Path, reader: Any) -> dict[str, Arrays]:
    """The copy of a segment's lists, or the lists themselves if there is none that is whole."""
    try:
        return kept(copy_of(folder, segment_name(reader)))
    except (OSError, ValueError, KeyError):
        return _read(reader)


def copy_of(folder: Path, segment: str) -> Path:
    """Where the copy of a segment's lists lies."""
    return folder / f"{segment}{COPY}"


def segment_name(reader: Any) -> str:
    """Whoosh's name of a segment, never used twice."""
    return str(reader.segment().segment_id())


def _column(reader: Any, name: str, size: int) -> NDArray[np.int32]:
    column = reader.column_reader(name, translate=False)
    return np.fromiter((column[place] for place in range(size)), np.int32, size)


def _read(reader: Any) -> dict[str, Arrays]:
    """All lists of a segment, through Whoosh."""
    marks, forms = (
        arrays_of(((word, _list(reader, name, word)) for word in reader.lexicon(name)), with_grams=name == FORMS)
        for name in (MARKS, FORMS)
    )
    return _lists(reader, marks, forms, one_by_one)


def _lists(reader: Any, marks: Arrays, forms: Arrays, analyse: Analyse) -> dict[str, Arrays]:
    """The lists of a segment, and what follows from those that Whoosh keeps."""
    size = reader.doc_count_all()
    column = reader.column_reader(SEQUENCE, translate=False)
    sequences = (str(column[place], "utf-8") for place in range(size))
    terms, meant = terms_of_forms(forms, marks, size, analyse)
    return {
        TERMS: terms,
        FORMS: forms,
        MEANT: {TERMS: meant},
        SPOTS: spots_of(sequences, numbered(forms)),
    }


def _list(reader: Any, name: str, word: bytes) -> Postings:
    matcher = reader.postings(name, word)
    places, weights = array("i"), array("f")
    while matcher.is_active():
        places.append(matcher.id())
        weights.append(matcher.weight())
        matcher.next()
    return Postings(np.array(places, np.int32), np.array(weights, np.float32))


class WordsReader:
    """Reads the words of one generation; one for each process. It follows the worker's commits."""

    def __init__(self, folder: Path, token: str) -> None:
        self._folder = folder
        self._token = token
        self._following = threading.Lock()
        self._file = str(folder / NOTE)
        self._seen: tuple[Note, tuple[Segment, ...]] | None = None
        self._state: tuple[int, ...] = ()

    def segments(self) -> tuple[Note, tuple[Segment, ...]]:
        """The newest segments, with a note that is not newer than they are. Raises IndexNotReady."""
        state, seen = self._note_state(), self._seen
        if seen and state and state == self._state:
            return seen
        note = read_note(self._folder, self._token)
        if seen and seen[0] == note:
            self._state = state
            return seen
        with self._following:
            before = {segment.id: segment for segment in self._seen[1]} if self._seen else {}
            # The worker removes the segments it has merged, perhaps just while we open them; then there are newer ones.
            for last in (False, True):
                try:
                    with _not_ready_if_broken(), _opened(self._folder) as index:
                        segments = tuple(
                            Segment(self._folder, reader, before.get(segment_name(reader)))
                            for reader, _ in index.reader().leaf_readers()
                            if reader.doc_count_all()
                        )
                    break
                except (FileNotFoundError, ReaderClosed) as error:
                    if last:
                        raise IndexNotReady(f"the words of {self._folder.name} are not there") from error
            # Whether this is the newest note is looked at once more, as another thread may have read a newer one.
            self._state = ()
            self._seen = (note, segments)
            return self._seen

    def _note_state(self) -> tuple[int, ...]:
        """What changes when the note is replaced; much cheaper to look at than the note."""
        try:
            found = os.stat(self._file)  # noqa: PTH116 - asked for each search
        except OSError:
            return ()
        return found.st_ino, found.st_mtime_ns, found.st_size


class WordsWriter:
    """Writes the words of one generation. Only the worker, and whoever builds a new generation, has one."""

    def __init__(self, folder: Path, token: str) -> None:
        self._folder = folder
        self.token = token
        self._reader = WordsReader(folder, token)

    def make(self) -> None:
        """Make an empty index."""
        self._folder.mkdir(parents=True, exist_ok=True)
        whoosh_index.create_in(str(self._folder), _schema()).close()
        self._write_note(Note(self.token))

    def note(self) -> Note:
        return read_note(self._folder, self.token)

    def replace(
        self,
        documents: Iterable[tuple[int, Terms]],
        gone: Iterable[int],
        stamp: int,
        revision: int,
        analyse: Analyse = one_by_one,
    ) -> int:
        """Put the words of some documents in the place of their older ones; returns how many. One commit."""
        with _not_ready_if_broken(), _opened(self._folder) as index:
            writer = index.writer(codec=_CODEC, limitmb=MEMORY_FOR_WRITING_MB)
        written: dict[int, None] = {}
        marks, forms = Collector(), Collector()
        try:
            for number, terms in documents:
                if number not in written:  # the same number twice in one commit would be two documents
                    found = {NUMBER: number, LENGTH: terms.length, SEQUENCE: terms.sequence.encode()}
                    writer.add_document(marks=terms.marks, forms=terms.forms, **found)
                    marks.add(terms.marks)
                    forms.add(terms.forms)
                    written[number] = None
            with _not_ready_if_broken():
                for place in self._places({*written, *gone}):
                    writer.delete_document(place)
                writer.commit()
        except BaseException:
            if not writer.is_closed:
                writer.cancel()
            raise
        self._copy(list(written), marks, forms, analyse)
        self._sync()
        self._write_note(Note(self.token, stamp, revision, index.latest_generation()))
        return len(written)

    def _copy(self, written: list[int], marks: Collector, forms: Collector, analyse: Analyse) -> None:
        """Put a copy beside each new segment, and remove those of segments that are no more."""
        with _not_ready_if_broken(), _opened(self._folder) as index, closing(index.reader()) as reader:
            leaves = [leaf for leaf, _ in reader.leaf_readers() if leaf.doc_count_all()]
            living = {copy_of(self._folder, segment_name(leaf)): leaf for leaf in leaves}
            for file, leaf in living.items():
                if file.exists():
                    continue
                # What was just written need not be read again, unless Whoosh has merged an older segment with it.
                if _column(leaf, NUMBER, leaf.doc_count_all()).tolist() == written:
                    lists = _lists(leaf, marks.arrays(with_grams=False), forms.arrays(with_grams=True), analyse)
                else:
                    lists = _read(leaf)
                keep(file, lists)
        for file in self._folder.glob(f"*{COPY}"):
            if file not in living:
                file.unlink()

    def _places(self, numbers: set[int]) -> list[int]:
        """Where some documents stand, counted over all segments as Whoosh does."""
        wanted = np.fromiter(numbers, np.int32, len(numbers))
        places: list[int] = []
        base = 0
        for segment in self._reader.segments()[1]:
            places += (np.flatnonzero(segment.alive & np.isin(segment.numbers, wanted)) + base).tolist()
            base += len(segment.alive)
        return places

    def _sync(self) -> None:
        """Whoosh never asks the disk to finish; we do, before we say that the words have come so far."""
        for file in self._folder.iterdir():
            if file.suffix in (".seg", ".toc") and file.stat().st_mtime > self._synced:
                descriptor = os.open(file, os.O_RDONLY)
                try:
                    os.fsync(descriptor)
                finally:
                    os.close(descriptor)
        sync_folder(self._folder)

    @property
    def _synced(self) -> float:
        """When the note was last written: older files are on the disk already."""
        try:
            return (self._folder / NOTE).stat().st_mtime - 1
        except FileNotFoundError:
            return 0.0

    def _write_note(self, note: Note) -> None:
        temporary = self._folder / ".tmp-note"
        with temporary.open("w", encoding="utf-8") as stream:
            json.dump(asdict(note), stream)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(self._folder / NOTE)


def read_note(folder: Path, token: str) -> Note:
    """How far the words in a folder have come. Raises IndexNotReady if they belong to other rows than the token's."""
    try:
        note = Note(**json.loads((folder / NOTE).read_bytes()))
    except (OSError, ValueError, TypeError) as error:
        raise IndexNotReady(f"the words of {folder.name} cannot be read") from error
    if note.token != token:
        raise IndexNotReady(f"the words of {folder.name} belong to other rows")
    return note


class _Files(FileStorage):  # type: ignore[misc]
    """Whoosh's folder; it closes the files that Whoosh leaves open when it meets one that is damaged."""

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder))
        self.opened: list[Any] = []

    def open_file(self, name: str, **more: Any) -> Any:
        file = super().open_file(name, **more)
        self.opened.append(file)
        return file


@contextmanager
def _opened(folder: Path) -> Iterator[Any]:
    """Whoosh's index in a folder. Its schema is ours, so that the one on the disk is not unpickled."""
    files = _Files(folder)
    try:
        yield files.open_index(schema=_schema())
    except BaseException:
        for file in files.opened:
            if not file.is_closed:
                file.close()
        raise
    finally:
        files.opened.clear()


@contextmanager
def _not_ready_if_broken() -> Iterator[None]:
    """Whoosh meets a damaged file with whatever error comes first; to us each means that the words must be rebuilt."""
    try:
        yield
    except (FileNotFoundError, ReaderClosed, IndexNotReady, MemoryError):
        raise
    except OSError:
        raise
    except Exception as error:
        raise IndexNotReady(f"the words cannot be read: {type(error).__name__}") from error
