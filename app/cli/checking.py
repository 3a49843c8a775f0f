"""``larnat check``: everything in the files that somebody has to mend, a line each."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import click
from sqlalchemy.exc import OperationalError

from app import load_kinds
from app.config import Settings
from app.database import Databases
from app.history.locks import all_locks
from app.index.judging_words import problems_of
from app.library.accepting import look_at
from app.library.attachments import LARGEST_ATTACHMENT, MEASURE_ENDING, folder_of, measure_path, path_in
from app.library.contact_details import details_in
from app.library.document import BrokenDocument, Document, Problem
from app.library.fields import Long, NamesOrganisation, RefersTo, Value, values
from app.library.file_types import WrongFile
from app.library.folders import read_bytes
from app.library.guard import NumberProblem
from app.library.locking import Lock, problem_in
from app.library.markdown import files_in, render
from app.library.organisations import Organisations, load_organisations
from app.library.personal_data import find
from app.library.scanning import scan_file
from app.library.shelf import Library
from app.library.validation import doubtful_of, name_of, unlisted_of
from app.library.word_lists import LARGEST_FILE, read_word_lists
from app.library.word_lists import PATH as WORD_LISTS
from app.publishing.journal import all_former_paths


@click.command(help="Kontrollera alla filer. Skriver en rad för varje fel och slutar med kod 1 om det finns något.")
@click.pass_obj
def check(settings: Settings) -> None:
    """Read every file as the site would, and say what is wrong in it."""
    library, organisations = Library(settings.home, load_kinds()), load_organisations(settings.home)
    checked = Checked(library, organisations, *_remembered(settings))
    problems = sorted(checked.problems(), key=lambda problem: (problem.path, problem.line))
    for problem in problems:
        click.echo(str(problem))
    for hint in sorted(checked.hints, key=lambda problem: (problem.path, problem.line)):
        click.echo(f"Tips: {hint}")
    if problems:
        click.echo(f"{len(problems)} fel i {checked.files} filer.", err=True)
        raise SystemExit(1)
    click.echo(f"{checked.files} filer lästa, inga fel.", err=True)


commands = (check,)

LOOKS_LIKE = "här står något som ser ut som ett personnummer"
MAY_BE = "här står något som kan vara ett personnummer"
SOMEBODY = (
    "här står {what}. Namngivna personer läggs till på sidan, under Deltagare och kontakter, så att de går att radera"
)
DECLARE = "är det inget personnummer, skriv ”not_personal_numbers: [{mark}]” i filens front matter"


@dataclass
class Checked:
    """All documents read together, so that what they say of each other can be checked."""

    library: Library
    organisations: Organisations
    # By id the paths that history knows documents to have had.
    moved: Mapping[str, Sequence[str]] = field(default_factory=dict)
    # By id what history knows to be locked.
    locks: Mapping[str, Lock] = field(default_factory=dict)
    files: int = 0
    documents: list[Document] = field(default_factory=list)
    # What works, but should be written in another way.
    hints: list[Problem] = field(default_factory=list)
    _former: dict[tuple[str, str], str] = field(default_factory=dict)

    def problems(self) -> Iterator[Problem]:
        """Everything that is wrong: in files, between files, and files that are none of ours."""
        yield from self.organisations.problems
        yield from self._words()
        yield from self.library.strays()
        for file in self.library.files():
            self.files += 1
            try:
                self.documents.append(self.library.read(file.path))
            except BrokenDocument as broken:
                yield from broken.problems
                self.hints += _ways_to_declare(broken)
        names = self._names()
        yield from _same_ids(self.documents)
        yield from _same_addresses(self.documents)
        for document in self.documents:
            yield from self._references(document, names)
            yield from self._links(document, names)
            yield from self._opened_locks(document)
            yield from unlisted_of(document)
            yield from doubtful_of(document)
            self.hints += _may_be_numbers(document)
            self.hints += _ways_to_somebody(document)
            yield from self._missing_attachments(document)
            yield from self._attachments(document)
            yield from self._measures(document)

    def _words(self) -> Iterator[Problem]:
        """What is wrong in the words of the search."""
        try:
            lists = read_word_lists(read_bytes(self.library.home, WORD_LISTS, LARGEST_FILE) or b"")
        except BrokenDocument as broken:
            yield from broken.problems
            return
        found = list(problems_of(lists))
        yield from (problem for problem, is_wrong in found if is_wrong)
        self.hints += [problem for problem, is_wrong in found if not is_wrong]

    def _names(self) -> dict[str, set[str]]:
        """The slugs that each kind answers to, former ones among them; "" holds every kind's together."""
        names: dict[str, set[str]] = {name: set() for name in ("", *self.library.kinds)}
        for document in self.documents:
            for slug in (document.slug, *self._former_slugs(document)):
                names[document.kind.name].add(slug)
                names[""].add(slug)
        present = {(document.kind.name, document.slug) for document in self.documents}
        for document in self.documents:
            for slug in self._former_slugs(document):
                if (document.kind.name, slug) not in present:
                    self._former.setdefault((document.kind.name, slug), document.slug)
        return names

    def _former_slugs(self, document: Document) -> list[str]:
        """The slugs that the file says the document had, and those that history knows of besides."""
        moved = (document.kind.slug_of(path) for path in self.moved.get(document.id, ()))
        return [*document.front_matter.former_slugs, *(slug for slug in moved if slug)]

    def _references(self, document: Document, names: dict[str, set[str]]) -> Iterator[Problem]:
        for value in values(document.front_matter):
            for marker in value.markers:
                if isinstance(marker, NamesOrganisation) and self.organisations.get(value.value) is None:
                    yield _problem(document, value, f"”{value.value}” är ingen organisation som Lärnät känner")
                elif isinstance(marker, RefersTo) and value.value not in names[marker.kind]:
                    kind = self.library.kinds[marker.kind]
                    yield _problem(document, value, f"”{value.value}” finns inte bland {kind.many}")
                elif isinstance(marker, RefersTo) and (now := self._former.get((marker.kind, value.value))):
                    message = f"”{value.value}” är en tidigare adress. Skriv ”{now}”"
                    self.hints.append(_problem(document, value, message))

    def _links(self, document: Document, names: dict[str, set[str]]) -> Iterator[Problem]:
        begins = document.lines.get((), 1)
        for address, line in self._dead_links(document.body, names):
            yield Problem(document.path, f"länken till ”{address}” leder ingenstans", begins + line - 1 if line else 0)
        # The long texts of the front matter are Markdown, too.
        for value in values(document.front_matter):
            if any(isinstance(marker, Long) for marker in value.markers):
                for address, _ in self._dead_links(str(value.value), names):
                    yield _problem(document, value, f"länken till ”{address}” leder ingenstans")

    def _dead_links(self, text: str, names: dict[str, set[str]]) -> Iterator[tuple[str, int]]:
        """The links that lead nowhere, each with the line of the text that it stands on (0 if it cannot be told)."""
        by_url = {kind.url: kind.name for kind in self.library.kinds.values()}
        for link in render(text).links if "[" in text else ():
            kind = by_url.get(link.kind_url, "")
            if (link.kind_url and not kind) or link.slug not in names[kind]:
                yield f"{link.kind_url}/{link.slug}" if link.kind_url else link.slug, link.line

    def _opened_locks(self, document: Document) -> Iterator[Problem]:
        """Where a file says something else than what was locked, by its own mark or by what history remembers."""
        found = problem_in(document, self.locks.get(document.id)) or problem_in(document)
        yield from [found] if found else []

    def _missing_attachments(self, document: Document) -> Iterator[Problem]:
        """What the document tells of or shows and does not lie beside it."""
        beside = {one.name for one in self.library.attached(document.path)}
        for number, told in enumerate(document.front_matter.attachments):
            if told.file not in beside:
                line = document.lines.get(("attachments", number), 0)
                yield Problem(document.path, f"bilagan {told.file} finns inte i {folder_of(document.path)}/", line)
        for name in files_in(render(document.body).html) if "](" in document.body else ():
            if name not in beside:
                yield Problem(document.path, f"texten visar {name}, som inte finns i {folder_of(document.path)}/")

    def _attachments(self, document: Document) -> Iterator[Problem]:
        """What lies beside the document and would not have been taken, had it come by a form."""
        for one in self.library.attached(document.path):
            path = path_in(document.path, one.name)
            if one.size > LARGEST_ATTACHMENT:
                continue  # that is told of already
            try:
                with self.library.open_attachment(document.path, one.name) or io.BytesIO() as file:
                    hint = look_at(one.name, file)
                    file.seek(0)
                    yield from self._numbers_beside(document, path, file.read())
            except WrongFile as wrong:
                yield Problem(path, str(wrong))
            except BrokenDocument as broken:
                yield from broken.problems
            else:
                self.hints += [Problem(path, hint)] if hint else []

    def _measures(self, document: Document) -> Iterator[Problem]:
        """What is wrong in the tables of what is measured."""
        for one in self.library.measured(document.path):
            slug = one.name.removesuffix(MEASURE_ENDING)
            path = measure_path(document.path, slug)
            try:
                content = self.library.load(path) or b""
            except BrokenDocument as broken:
                yield from broken.problems
                continue
            yield from self._numbers_beside(document, path, content)
            for line, message in document.front_matter.faults_of(slug, content):
                yield Problem(path, message, line)

    def _numbers_beside(self, document: Document, path: str, content: bytes) -> Iterator[Problem]:
        """Personal numbers in a file that is attached to the document."""
        extension = path.rpartition(".")[2]
        for one in scan_file(extension, content, document.id).sightings:
            if not one.stops:
                self.hints.append(Problem(path, f"{MAY_BE} ({one.where}: {one.masked})"))
            elif one.mark not in document.front_matter.not_personal_numbers:
                yield Problem(path, f"{LOOKS_LIKE} ({one.where}: {one.masked}). Ta bort det")
                if one.mark:
                    self.hints.append(Problem(document.path, DECLARE.format(mark=one.mark)))


def _ways_to_declare(broken: BrokenDocument) -> list[Problem]:
    """What to write in a file where something looks like a personal number and is none."""
    numbers = (problem for problem in broken.problems if isinstance(problem, NumberProblem) and problem.mark)
    return [Problem(broken.path, DECLARE.format(mark=one.mark), one.line) for one in numbers]


def _ways_to_somebody(document: Document) -> list[Problem]:
    return [Problem(document.path, SOMEBODY.format(what=what), line) for line, what in details_in(document.text)]


def _may_be_numbers(document: Document) -> list[Problem]:
    """What may be a personal number, or has been one before most of it was hidden."""
    found = (one for one in find(document.text) if not one.stops)
    return [Problem(document.path, f"{MAY_BE} ({one.masked})", one.line) for one in found]


def _remembered(settings: Settings) -> tuple[Mapping[str, Sequence[str]], Mapping[str, Lock]]:
    """By id the paths that history knows documents to have had, and what is locked of them; nothing without history."""
    if not settings.kept_file.exists():
        return {}, {}
    databases = Databases(settings)
    try:
        with databases.kept_for_reading() as session:
            return all_former_paths(session), all_locks(session)
    except OperationalError:
        return {}, {}  # made by another version: "larnat prepare" is what mends that
    finally:
        databases.close()


def _same_ids(documents: Sequence[Document]) -> Iterator[Problem]:
    first: dict[str, Document] = {}
    for document in sorted(documents, key=lambda document: document.path):
        other = first.setdefault(document.id, document)
        if other is not document:
            line = document.lines.get(("id",), 0)
            yield Problem(document.path, f"samma id som {other.path}. Ta bort raden, så får sidan ett eget", line)


def _same_addresses(documents: Sequence[Document]) -> Iterator[Problem]:
    """Former addresses that another page has, or had before: they can lead to one of them only."""
    present = {(document.kind.name, document.slug): document for document in documents}
    claimed: dict[tuple[str, str], Document] = {}
    for document in sorted(documents, key=lambda document: document.path):
        for number, slug in enumerate(document.front_matter.former_slugs):
            address = (document.kind.name, slug)
            other = present.get(address) or claimed.setdefault(address, document)
            if other is not document:
                line = document.lines.get(("former_slugs", number), document.lines.get(("former_slugs",), 0))
                yield Problem(document.path, f"den tidigare adressen ”{slug}” är också {other.path}:s", line)


def _problem(document: Document, value: Value, message: str) -> Problem:
    """The problem, at the line of the value or of the nearest thing around it that has one."""
    for length in range(len(value.path), 0, -1):
        if line := document.lines.get(value.path[:length]):
            break
    else:
        line = 0
    name = name_of(type(document.front_matter), value.path)
    return Problem(document.path, f"{name}: {message}", line, value.path)
