"""The guard: no document may hold a personal number, unless somebody has said that it is none.

What looks like a number and is something else (a date with a time, an order number) can be declared to be so. The
declaration stands in the document's own front matter, as a mark that says which digits are meant and does not hold
them: it goes where the file goes, and stays in history with the name of the one who made it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from app.library.document import BrokenDocument, Problem
from app.library.personal_data import Finding, Kind, mark_of, stops
from app.library.scanning import Sighting, scan_file

# A text with more of them than this is a list of people, whatever is said of some of them.
MOST_DECLARED = 50


@dataclass(frozen=True)
class NumberProblem(Problem):
    """A number in a file: what it looks like, hidden, and the mark by which it can be declared to be none."""

    masked: str = ""
    mark: str = ""


class HasNumbers(BrokenDocument):
    """A text that must not be stored, logged or indexed: not here, and not by anybody who catches this."""

    @property
    def masked(self) -> str:
        """What the first of them looks like."""
        return next((one.masked for one in self.problems if isinstance(one, NumberProblem)), "")


def numbers_in(path: str, text: str, document_id: str, declared: Collection[str]) -> list[Problem]:
    """The numbers that nobody has declared to be none, as problems of the file."""
    return [
        NumberProblem(path, message(found), found.line, (), found.masked, mark)
        for found, mark in undeclared(text, document_id, declared)
    ]


def undeclared(text: str, document_id: str, declared: Collection[str]) -> Iterator[tuple[Finding, str]]:
    """What stops the text from being saved, each with its mark; beyond what anybody declares the mark is empty."""
    found = stops(text)
    for number, one in enumerate(found):
        mark = mark_of(text, one, document_id) if number < MOST_DECLARED else ""
        if not mark or mark not in declared:
            yield one, mark


def still_there(text: str, document_id: str, declared: Sequence[str]) -> list[str]:
    """Those of the marks that are of something in the text."""
    if not declared:
        return []
    marks = {mark_of(text, one, document_id) for one in stops(text)[:MOST_DECLARED]}
    return [mark for mark in declared if mark in marks]


def numbers_in_file(name: str, content: bytes, document_id: str, declared: Collection[str]) -> list[Sighting]:
    """What stops a file from being attached to a document, where nobody has declared it to be no number."""
    scanned = scan_file(name.rpartition(".")[2].lower(), content, document_id)
    return [one for one in scanned.sightings if one.stops and (not one.mark or one.mark not in declared)]


def message(found: Finding) -> str:
    return f"här står något som ser ut som {_a(found.kind)} ({found.masked}). Ta bort det"


def _a(kind: Kind) -> str:
    return f"ett {kind}"
