"""The guard before every save: no personal number gets into a file, its history, or what is said of the change.

The texts of documents are judged where they are understood (``Library.parse``), so that no way leads around it. Here
are the files that are attached to them, and the words that history gets.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from app.audit import Deed, note_refused
from app.library.document import BrokenDocument, Document, NotFound, Problem
from app.library.guard import HasNumbers, numbers_in_file
from app.library.personal_data import stops
from app.library.scanning import Sighting
from app.library.shelf import Library
from app.publishing.changes import Change, Refused

IN_THE_WORDS = "Det du skrev om ändringen ser ut att innehålla ett personnummer. Ta bort det: historiken sparas."
IN_A_FILE = "{name} ser ut att innehålla ett personnummer ({where}). Ta bort det ur filen, och lägg till den på nytt."
IN_A_TEXT = "Det du skrev ser ut att innehålla ett personnummer ({masked}). Ta bort det, så går det att spara."
LAID_THERE = "filen ser ut att innehålla ett personnummer ({where}) och visas inte. Ta bort det ur filen, eller filen"


class NumberInFile(Refused):
    """A file beside a document has a personal number; ``path`` is that file's."""

    def __init__(self, path: str, where: str) -> None:
        super().__init__(IN_A_FILE.format(name=path.rpartition("/")[2], where=where))
        self.path = path


def refuse_numbers(library: Library, change: Change, documents: Mapping[str, Document]) -> None:
    """Look at the words and the attachments of a change. Raises Refused.

    ``documents`` are those of the change; one that the change leaves as it is says itself what was declared.
    """
    if stops(change.summary):
        note_refused(Deed.NUMBER_IN_FORM)
        raise Refused(IN_THE_WORDS)
    for file in change.files:
        owner = library.document_path_of(file.path)
        if owner is None or file.content is None:
            continue
        if found := _undeclared(documents.get(owner) or _present(library, owner), file.path, file.content):
            note_refused(Deed.NUMBER_IN_FILE)
            raise NumberInFile(file.path, _first(found))


def numbers_beside(library: Library, document_path: str, path: str, content: bytes) -> list[Problem]:
    """The personal numbers in a file that somebody has laid beside a document, as problems of the file."""
    found = _undeclared(_present(library, document_path), path, content)
    return [Problem(path, LAID_THERE.format(where=_first(found)))] if found else []


def _undeclared(document: Document | None, path: str, content: bytes) -> list[Sighting]:
    """What nobody has declared to be no number; a document that is not there, or cannot be read, declares nothing."""
    declared = document.front_matter.not_personal_numbers if document else []
    return numbers_in_file(path, content, document.id if document else path, declared)


def _present(library: Library, path: str) -> Document | None:
    try:
        return library.read(path)
    except (NotFound, BrokenDocument):
        return None


def _first(found: Sequence[Sighting]) -> str:
    return f"{found[0].where}: {found[0].masked}"


@contextmanager
def told_in_words() -> Iterator[None]:
    """For what is no form with fields: say in a sentence why a text is not saved."""
    try:
        yield
    except HasNumbers as found:
        note_refused(Deed.NUMBER_IN_FORM)
        raise Refused(IN_A_TEXT.format(masked=found.masked)) from None
