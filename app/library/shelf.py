"""The library: documents as files in folders, read anew every time and written so that no file is ever half there."""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import IO, NamedTuple

from pydantic import ValidationError

from app.library import attachments, folders, front_matter
from app.library.attachments import LARGEST_ATTACHMENT, Attached
from app.library.document import BrokenDocument, Document, Kind, NotFound, Problem
from app.library.folders import Staged, parts_of
from app.library.front_matter import LARGEST_FILE
from app.library.guard import HasNumbers, numbers_in
from app.library.scanning import hidden, scan_name
from app.library.validation import lacks_of, problems_of, without_nulls

__all__ = ["LARGEST_FILE", "File", "Library", "Staged", "version_of"]


class File(NamedTuple):
    """A file as its folder lists it: enough to see whether it has changed since."""

    path: str
    mtime_ns: int
    size: int


class Library:
    """The documents of every kind under one home folder."""

    def __init__(self, home: Path, kinds: Sequence[Kind]) -> None:
        self.home = Path(home)
        self.kinds = {kind.name: kind for kind in kinds}

    # ---- Reading ----

    def kind_of(self, path: str) -> Kind | None:
        """The kind whose documents lie where the path says, if there is one. Nothing is called by a personal number."""
        kind = next((kind for kind in self.kinds.values() if kind.slug_of(path) is not None), None)
        return kind if kind and not is_called_by_a_number(path) else None

    def get(self, kind: str, slug: str) -> Document:
        """The document as its file says now. Raises NotFound and BrokenDocument."""
        try:
            path = self.kinds[kind].path_of(slug)
        except (KeyError, ValueError) as error:
            raise NotFound(str(error)) from None
        return self.read(path)

    def read(self, path: str) -> Document:
        """The document in a file. Raises NotFound and BrokenDocument."""
        if self.kind_of(path) is None:
            raise NotFound(f"no document lies at {hidden(path[:200])!r}")
        content = self.load(path)
        if content is None:
            raise NotFound(f"there is no file {path}")
        return self._parsed(path, decoded(path, content), content)

    def parse(self, path: str, text: str) -> Document:
        """The document that a text would be in that file.

        Raises BrokenDocument with everything that is wrong with it.
        """
        front_matter.check_characters(path, text)
        content = text.encode()
        if len(content) > LARGEST_FILE:
            raise BrokenDocument(
                path, [Problem(path, f"texten är för lång: högst {LARGEST_FILE // 1000} kB får plats")]
            )
        return self._parsed(path, text, content)

    def load(self, path: str) -> bytes | None:
        """What a file holds, None if there is none.

        Raises BrokenDocument for links, paths that lead out, and large files.
        """
        return folders.read_bytes(self.home, path, LARGEST_ATTACHMENT if attachments.is_inside(path) else LARGEST_FILE)

    def _parsed(self, path: str, text: str, content: bytes) -> Document:
        """The document, if it is one and holds no personal number; a text that holds one is said to, whatever else."""
        try:
            document = self._understood(path, text, content)
        except BrokenDocument as broken:
            if numbers := numbers_in(path, text, default_id(path), ()):
                raise HasNumbers(path, [*numbers, *broken.problems]) from None
            raise
        if numbers := numbers_in(path, text, document.id, document.front_matter.not_personal_numbers):
            raise HasNumbers(path, numbers)
        return document

    def _understood(self, path: str, text: str, content: bytes) -> Document:
        kind = self.kind_of(path)
        slug = kind.slug_of(path) if kind else None
        if kind is None or slug is None:
            raise BrokenDocument(
                path, [Problem(path, "här kan inget dokument ligga. Kontrollera mappens och filens namn")]
            )
        found = front_matter.read(path, text)
        values = without_nulls(found.values)
        if "id" not in values:
            values["id"] = default_id(path)
        try:
            model = kind.front_matter.model_validate(values)
        except ValidationError as error:
            raise BrokenDocument(path, problems_of(path, kind.front_matter, error, found.lines)) from None
        if lacks := list(lacks_of(path, model, found.lines)):
            raise BrokenDocument(path, lacks)
        return Document(kind, slug, path, text, version_of(content), model, found.body, found.lines)

    # ---- The folders ----

    def files(self) -> Iterator[File]:
        """The file of every document of every kind, in no particular order."""
        found = (_as_listed(path, entry) for path, entry in self._walk() if self._is_document(path, entry))
        return (file for file in found if file is not None)

    def files_and_attachments(self) -> Iterator[File]:
        """The same, and what is attached to them. A file in the folder of no document is attached to none."""
        documents: set[str] = set()
        beside: list[File] = []
        for path, entry in self._walk(attached=True):
            if attachments.is_inside(path):
                fits = attachments.document_path_of(path) is not None and entry.is_file(follow_symlinks=False)
                if fits and (file := _as_listed(path, entry)):
                    beside.append(file)
            elif self._is_document(path, entry) and (file := _as_listed(path, entry)):
                documents.add(path)
                yield file
        yield from (file for file in beside if attachments.document_path_of(file.path) in documents)

    def attached(self, path: str) -> list[Attached]:
        """What is attached to the document at a path, by name."""
        return attachments.beside(self.home, path)

    def measured(self, path: str) -> list[Attached]:
        """The tables of what is measured in the project at a path, by name."""
        return attachments.measured(self.home, path)

    def beside(self, path: str) -> list[str]:
        """The paths of all that belongs to the document at a path and goes where it goes."""
        measures = (one.name.removesuffix(attachments.MEASURE_ENDING) for one in self.measured(path))
        return [
            *(attachments.path_in(path, one.name) for one in self.attached(path)),
            *(attachments.measure_path(path, slug) for slug in measures),
        ]

    def open_attachment(self, path: str, name: str) -> IO[bytes] | None:
        """A file attached to the document at a path, None if it is not there. Raises BrokenDocument for links."""
        return folders.opened_file(self.home, attachments.path_in(path, name))

    def document_path_of(self, path: str) -> str | None:
        """The document that an attachment belongs to, whether it is there or not; None for what is no attachment."""
        document = attachments.document_path_of(path)
        return document if document and self.kind_of(document) else None

    def _is_document(self, path: str, entry: os.DirEntry[str]) -> bool:
        return entry.is_file(follow_symlinks=False) and self.kind_of(path) is not None

    def strays(self) -> Iterator[Problem]:
        """What lies in the kinds' folders and belongs to nothing there.

        Misnamed Markdown files, symbolic links, and what cannot be attached to a document.
        """
        for problem in self._all_strays():
            called = is_called_by_a_number(problem.path)
            yield Problem(hidden(problem.path), CALLED_BY_A_NUMBER) if called else problem

    def _all_strays(self) -> Iterator[Problem]:
        documents = {file.path for file in self.files()}
        for path, entry in self._walk(attached=True):
            if attachments.is_inside(path):
                yield from self._stray_attachment(path, entry, documents)
            elif entry.is_symlink():
                yield Problem(
                    path, "det här är en symbolisk länk, som inte följs. Ersätt den med filen eller mappen själv"
                )
            elif path.lower().endswith(".md") and entry.name != "README.md" and self.kind_of(path) is None:
                yield Problem(
                    path, "filen ligger eller heter inte som ett dokument: små bokstäver a–z, siffror och bindestreck"
                )

    def _stray_attachment(self, path: str, entry: os.DirEntry[str], documents: Collection[str]) -> Iterator[Problem]:
        document = attachments.folder_to_document(path)
        if document not in documents:
            yield Problem(path, f"filen hör inte till någon sida: {document} finns inte")
        elif attachments.document_path_of(path) is None and attachments.is_measure(path):
            yield Problem(
                path, "mätvärden ligger i en fil per mått: små bokstäver a–z, siffror och bindestreck, och ändelsen csv"
            )
        elif not attachments.is_name(entry.name):
            yield Problem(
                path,
                "en bilaga kan inte heta eller vara så: små bokstäver a–z, siffror och bindestreck, och en ändelse som"
                " går att bifoga (png, jpg, pdf, docx …)",
            )
        elif not entry.is_file(follow_symlinks=False):
            yield Problem(path, "det här är ingen vanlig fil. Ersätt den med filen själv")
        elif entry.stat(follow_symlinks=False).st_size > LARGEST_ATTACHMENT:
            yield Problem(path, f"filen är för stor: högst {LARGEST_ATTACHMENT // 1_000_000} MB kan bifogas")

    def _walk(self, attached: bool = False) -> Iterator[tuple[str, os.DirEntry[str]]]:
        """Everything in the kinds' folders but the folders themselves and names that begin with a dot.

        ``attached`` is for what lies in the folders of attachments, folders in them among it.
        """
        waiting = list(self._roots())
        while waiting:
            folder = waiting.pop()
            try:
                entries = os.scandir(self.home / folder)
            except (FileNotFoundError, NotADirectoryError):
                continue
            with entries:
                for entry in entries:
                    path = f"{folder}/{entry.name}"
                    if entry.name.startswith("."):
                        continue
                    if not entry.is_dir(follow_symlinks=False) or attachments.is_inside(path):
                        yield path, entry
                    elif attached or not entry.name.endswith(attachments.FOLDER_ENDING):
                        waiting.append(path)

    def _roots(self) -> Iterator[str]:
        """The folders that hold the kinds' documents, none inside another. A root that is a link is not walked."""
        roots = {kind.path.partition("{slug}")[0].rstrip("/") for kind in self.kinds.values()}
        for root in sorted(roots):
            inside_another = any(root.startswith(f"{other}/") for other in roots)
            if not inside_another and not self._behind_a_link(root):
                yield root

    def _behind_a_link(self, root: str) -> bool:
        parts = parts_of(root)
        return any((self.home / "/".join(parts[:length])).is_symlink() for length in range(1, len(parts) + 1))

    # ---- Writing (the order of the steps is publishing's) ----

    def stage(self, path: str, content: str | bytes) -> Staged:
        """The content on the disk beside its file, ready to be put in place.

        Raises OSError (no space), leaving nothing.
        """
        return folders.stage(self.home, path, content.encode() if isinstance(content, str) else content)

    def staged(self, path: str, name: str) -> Staged | None:
        """A text that a process that is gone has staged, to be put in place or discarded; None if it is not there."""
        return folders.staged(self.home, path, name)

    def remove(self, path: str) -> None:
        """Take a file away, with the folders that become empty. No error if it is gone already."""
        folders.remove(self.home, path)

    def sweep(self) -> int:
        """Remove the temporary files of saves that never came to an end; call it under the library's lock.

        Returns how many.
        """
        count = 0
        waiting = list(self._roots())
        # What is no document, as the words of the search, lies above the kinds' folders.
        above = {root.rpartition("/")[0] for root in waiting} - {""}
        waiting += above
        while waiting:
            folder = waiting.pop()
            try:
                entries = list(os.scandir(self.home / folder))
            except (FileNotFoundError, NotADirectoryError):
                continue
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting += [] if folder in above else [f"{folder}/{entry.name}"]
                elif entry.name.startswith(folders.TEMPORARY):
                    Path(entry.path).unlink()
                    count += 1
        return count


def _as_listed(path: str, entry: os.DirEntry[str]) -> File | None:
    """The file as its folder lists it; None if it was removed while we looked."""
    try:
        state = entry.stat(follow_symlinks=False)
    except FileNotFoundError:
        return None
    return File(path, state.st_mtime_ns, state.st_size)


CALLED_BY_A_NUMBER = "namnet ser ut att innehålla ett personnummer. Byt namn på filen"


def is_called_by_a_number(path: str) -> bool:
    """Whether a personal number stands in a path, where nobody can declare that it is none."""
    return any(one.stops for one in scan_name(path))


def version_of(text: str | bytes) -> str:
    """The version of a file's content: the SHA-256 of its bytes, in hexadecimal."""
    return hashlib.sha256(text.encode() if isinstance(text, str) else text).hexdigest()


def default_id(path: str) -> str:
    """The identity of a file that does not carry one: always the same for the same path."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"larnat:{path}"))


def decoded(path: str, content: bytes) -> str:
    """A file's bytes as text, with its line endings and mark of byte order.

    Raises BrokenDocument for what is not UTF-8.
    """
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise BrokenDocument(path, [Problem(path, "filen är inte sparad som UTF-8. Spara den så", line)]) from None
