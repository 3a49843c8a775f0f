"""Everything that somebody may read, to take along: the files in a zip archive, or one JSON text.

Both are made a piece at a time, so that neither a large library nor a slow reader fills the memory. A file is as it
lies in its folder, except that references to pages the reader may not know of are taken out of its front matter.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from app.accounts.access import may_edit
from app.keeping.manifest import program_version
from app.library import front_matter
from app.library.attachments import MEASURE_ENDING, Attached, measure_path, path_in
from app.library.document import BrokenDocument, Document, NotFound
from app.library.fields import RefersTo, Value, values
from app.library.shelf import Library
from app.library.visibility import Viewer, may_see
from app.web.text import today

FORMAT = 1
ORGANISATIONS = "content/organisations.yaml"
LARGEST_LIST = 5_000_000
READ_ME = """Det här är sidor ur Lärnät som vanliga textfiler (Markdown) i samma mappar som där.

Överst i varje fil, mellan två rader med tre streck, står uppgifterna om sidan. Bilder och andra bilagor till
sida.md ligger i mappen sida.files, och mätvärden i mappen measures. Filerna går att läsa och ändra med vilken
texteditor som helst.

Hämtat {at}. {many} sidor{who}.
"""
EVERYTHING = Viewer(name="allt", admin=True)

Place = tuple[str | int, ...]


@dataclass(frozen=True)
class Export:
    """What one viewer may read, at the time when it is first asked for.

    ``held_back`` are the paths of attachments that nobody is shown (``app.history.attached``).
    """

    library: Library
    viewer: Viewer
    held_back: Collection[str] = ()
    # A document as its page tells it, where somebody has changed what is locked of it outside (``publishing.locks``).
    as_told: Callable[[Document], Document] = lambda document: document

    @cached_property
    def documents(self) -> list[Document]:
        """The documents that the viewer may see, by path. One whose file is broken just now is not among them."""
        found = []
        for path in sorted(file.path for file in self.library.files()):
            try:
                document = self.as_told(self.library.read(path))
            except (BrokenDocument, NotFound):
                continue
            if may_see(self.viewer, document.front_matter):
                found.append(document)
        return found

    def markdown(self) -> Iterator[bytes]:
        """A zip archive of the files, in pieces."""
        buffer = Pieces()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("LÄS MIG.txt", self._read_me())
            organisations = self.library.home / ORGANISATIONS
            if organisations.is_file() and not organisations.is_symlink():
                with organisations.open("rb") as stream:
                    archive.writestr(ORGANISATIONS, stream.read(LARGEST_LIST))
            for document in self.documents:
                archive.writestr(document.path, self._text(document).encode())
                yield buffer.taken()
                for name, content in self._attachments(document):
                    archive.writestr(path_in(document.path, name), content)
                    yield buffer.taken()
                for path, content in self._measures(document):
                    archive.writestr(path, content)
                    yield buffer.taken()
        yield buffer.taken()

    def json(self) -> Iterator[bytes]:
        """One JSON text in pieces: every document's front matter, body and relations."""
        head = {
            "format": FORMAT,
            "program": "larnat",
            "version": program_version(),
            "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "count": len(self.documents),
        }
        yield json.dumps(head, ensure_ascii=False)[:-1].encode() + b', "documents": ['
        for number, document in enumerate(self.documents):
            text = json.dumps(self._plain(document), ensure_ascii=False)
            yield (",\n" if number else "\n").encode() + text.encode()
        yield b"\n]}\n"

    def _read_me(self) -> str:
        who = "" if self.viewer.admin else " som du får läsa" if self.viewer.signed_in else " som alla får läsa"
        return READ_ME.format(at=f"{today():%Y-%m-%d}", many=len(self.documents), who=who)

    def _text(self, document: Document) -> str:
        """The file's text, without references to what the viewer may not know of."""
        hidden, untold = self._hidden(document), self._untold(document)
        if not hidden and not untold:
            return document.text
        plain = front_matter.read(document.path, document.text).values
        names = {str(path[0]) for path in (*(value.path for value in hidden), *untold)}
        left = without_places(without(plain, hidden), untold)
        return front_matter.rewrite(document.text, {name: left.get(name) for name in names})

    def _plain(self, document: Document) -> dict[str, Any]:
        return {
            "kind": document.kind.name,
            "slug": document.slug,
            "path": document.path,
            "url": f"/{document.kind.url}/{document.slug}",
            "version": document.version,
            "front_matter": without_places(
                without(document.front_matter.model_dump(mode="json"), self._hidden(document)), self._untold(document)
            ),
            "body": document.body,
            "relations": list(self._relations(document)),
            "measures": {path.rpartition("/")[2]: text.decode("utf-8-sig") for path, text in self._measures(document)},
            "attachments": [{"name": one.name, "size": one.size} for one in self._attached(document)],
        }

    def _relations(self, document: Document) -> Iterator[dict[str, str]]:
        for value, kind in references_in(document):
            target = self._seen.get((kind, str(value.value)))
            if target is not None:
                yield {
                    "field": ".".join(str(step) for step in value.path),
                    "kind": kind,
                    "slug": target.slug,
                    "title": target.title,
                    "url": f"/{target.kind.url}/{target.slug}",
                }

    def _attached(self, document: Document) -> list[Attached]:
        files = self.library.attached(document.path)
        return [one for one in files if path_in(document.path, one.name) not in self.held_back]

    def _attachments(self, document: Document) -> Iterator[tuple[str, bytes]]:
        for one in self._attached(document):
            try:
                content = self.library.load(path_in(document.path, one.name))
            except BrokenDocument:
                continue
            if content is not None:
                yield one.name, content

    def _measures(self, document: Document) -> Iterator[tuple[str, bytes]]:
        """What is measured beside the document: for those who write it as it is, for others without small groups."""
        for one in self.library.measured(document.path):
            slug = one.name.removesuffix(MEASURE_ENDING)
            path = measure_path(document.path, slug)
            if path in self.held_back:
                continue
            try:
                content = self.library.load(path) or b""
            except BrokenDocument:
                continue
            if not may_edit(self.viewer, document.front_matter):
                content = document.front_matter.shown_of(slug, content, self._named_below(document))
            if content:
                yield path, content

    def _untold(self, document: Document) -> list[Place]:
        """What is said of small groups: nobody but those who write the document is told."""
        if may_edit(self.viewer, document.front_matter):
            return []
        tables = {}
        for one in self.library.measured(document.path):
            slug = one.name.removesuffix(MEASURE_ENDING)
            try:
                tables[slug] = self.library.load(measure_path(document.path, slug)) or b""
            except BrokenDocument:
                continue
        return list(document.front_matter.untold_of(tables))

    def _named_below(self, document: Document) -> set[str]:
        """The last parts of the slugs of the documents below one, as far as the viewer may see them."""
        below = f"{document.slug}/"
        return {one.slug.removeprefix(below) for one in self.documents if one.slug.startswith(below)}

    @cached_property
    def _seen(self) -> Mapping[tuple[str, str], Document]:
        """The documents that the viewer may see by kind and slug, former slugs among them."""
        former = {(one.kind.name, slug): one for one in self.documents for slug in one.front_matter.former_slugs}
        return {**former, **{(one.kind.name, one.slug): one for one in self.documents}}

    def _hidden(self, document: Document) -> list[Value]:
        if self.viewer.admin:
            return []
        return [value for value, kind in references_in(document) if (kind, str(value.value)) not in self._seen]


class Pieces:
    """Where the zip archive is written; what has been taken from it is not kept."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, content: bytes) -> int:
        self._pieces.append(bytes(content))
        return len(content)

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """Nothing is open."""

    def taken(self) -> bytes:
        """What was written since last."""
        found = b"".join(self._pieces)
        self._pieces.clear()
        return found


def references_in(document: Document) -> list[tuple[Value, str]]:
    """The values of a front matter that name another document, with the kind of it."""
    return [
        (value, marker.kind)
        for value in values(document.front_matter)
        for marker in value.markers
        if isinstance(marker, RefersTo)
    ]


def without(plain: Mapping[str, Any], hidden: Sequence[Value]) -> dict[str, Any]:
    """The values without some of them. From the end, so that the places of those before still hold."""
    left = deepcopy(dict(plain))
    for value in reversed(hidden):
        if not _taken_out(left, value.path, str(value.value)):
            left.pop(str(value.path[0]), None)  # it does not stand where it should: rather too little than too much
    return left


def without_places(plain: Mapping[str, Any], places: Sequence[Place]) -> dict[str, Any]:
    """The values without what stands at some places."""
    left = deepcopy(dict(plain))
    for *above, last in reversed(places):
        around: Any = left
        for step in above:
            around = around[step]
        del around[last]
    return left


def _taken_out(plain: Any, path: Place, slug: str) -> bool:
    *above, last = path
    try:
        for step in above:
            plain = plain[step]
        if str(plain[last]).strip() != slug:
            return False
        del plain[last]
    except (KeyError, IndexError, TypeError):
        return False
    return True
