"""Trying the lines of a table on a house, and telling where an answer is another than the table says."""

from __future__ import annotations

from collections.abc import Iterator

from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.test import TestResponse

from app.library.document import Kind
from tests.access.everybody import MISSING, WORDS, Everybody, as_told
from tests.access.table import NOT_TRIED, Line, Table

# A request that htmx makes must not be told more.
HTMX = {"HX-Request": "true"}
Told = tuple[int, str, list[tuple[str, str]]]


def kinds_of(everybody: Everybody, line: Line) -> list[Kind]:
    """The kinds that a line is about."""
    kinds = everybody.kinds
    if "{network}" in line.address:
        return [kinds["networks"]]
    if "{kind}" in line.address or "{path}" in line.address:
        # Cycles are made in projects: they have lines of their own.
        new = "/nytt" in line.address
        return [
            kind
            for kind in kinds.values()
            if not (new and kind.parent and line.method == "POST" and "filer" not in line.address)
        ]
    return [kind for kind in kinds.values() if line.address.startswith(f"/{kind.url}/")][:1] or [kinds["practices"]]


def routes_of(everybody: Everybody, line: Line) -> Iterator[tuple[str, str]]:
    """The endpoints that a line is about, with its method."""
    adapter = everybody.app.url_map.bind("localhost")
    for kind in kinds_of(everybody, line):
        path = line.address.format(**everybody.names(kind, "x", "")).partition("?")[0]
        try:
            endpoint, _ = adapter.match(path, method=line.method)
        except (NotFound, MethodNotAllowed):
            continue
        yield endpoint, line.method


def faults_in(everybody: Everybody, table: Table) -> Iterator[str]:
    """Where the house answers another thing than the table says."""
    for line in table.lines:
        yield from faults_of(everybody, table, line)


def faults_of(everybody: Everybody, table: Table, line: Line) -> Iterator[str]:
    """Where one line is answered otherwise. Who is kept out is tried with every kind; who is let in with each in turn:
    their pages take much longer to make, and are the same for all kinds.
    """
    kinds = kinds_of(everybody, line)
    turn = 0
    for kind in kinds:
        trial = _Trial(everybody, line, kind)
        for state, row in table.cells.items():
            for role, cell in row.items():
                if cell == NOT_TRIED:
                    continue
                if cell == "ok":
                    turn += 1
                    if turn % len(kinds) != kinds.index(kind) and everybody.in_turn:
                        continue
                fault = trial.fault(state, role, cell)
                if fault:
                    yield f"{line.method} {line.address} of {kind.name}, {state or 'no page'}, as {role}: {fault}"


class _Trial:
    """One line about one kind; what is answered about a page that never was is asked once for each role."""

    def __init__(self, everybody: Everybody, line: Line, kind: Kind) -> None:
        self.everybody, self.line, self.kind = everybody, line, kind
        self._missing: dict[tuple[str, bool], Told] = {}

    def fault(self, state: str, role: str, cell: str) -> str:
        """What is wrong with the answer; "" where nothing is."""
        word = WORDS.get(state, MISSING)
        answer = self._ask(word, role)
        if cell == "none":
            return self._unlike_missing(answer, word, role)
        status = self.line.status if cell == "ok" else int(cell)
        return "" if answer.status_code == status else f"{answer.status_code} instead of {status}"

    def _unlike_missing(self, answer: TestResponse, word: str, role: str) -> str:
        if answer.status_code != 404:
            return f"{answer.status_code} instead of 404"
        for fragment in (False, True) if self.kind.name == "practices" else (False,):
            told = as_told(self._ask(word, role, fragment) if fragment else answer, word)
            if told != self._told_of_missing(role, fragment):
                return f"it is told apart from what never was{' by htmx' if fragment else ''}"
        return ""

    def _told_of_missing(self, role: str, fragment: bool) -> Told:
        key = (role, fragment)
        if key not in self._missing:
            self._missing[key] = as_told(self._ask(MISSING, role, fragment), MISSING)
        return self._missing[key]

    def _ask(self, word: str, role: str, fragment: bool = False) -> TestResponse:
        names = self.everybody.names(self.kind, word, role)
        return self.everybody.ask(self.line, role, names, **(HTMX if fragment else {}))
