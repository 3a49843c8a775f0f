"""The files of a document as its page shows them: name, type, size, and where they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import g, url_for

from app.history.attached import held_back
from app.library.accepting import in_megabytes
from app.library.attachments import Attached, path_in, title_from
from app.library.document import Attachment, Document
from app.library.file_types import FileType
from app.library.markdown import FileTarget
from app.publishing import current

_ROUND = str.maketrans("[]", "()")


@dataclass(frozen=True)
class AttachedFile:
    """A file of a document. ``alt`` says what a picture shows, for those who do not see it."""

    name: str
    title: str
    alt: str
    type: FileType
    size: str
    url: str

    @property
    def markdown(self) -> str:
        """How a text shows the picture, or leads to the file."""
        # Brackets of its own would end the brackets of the Markdown.
        words = (self.alt if self.type.is_image else self.title).translate(_ROUND)
        return f"{'!' if self.type.is_image else ''}[{words}]({self.name})"


def attached_to(document: Document) -> list[AttachedFile]:
    """The files that lie beside a document, by title; asked once in a request."""
    known: dict[tuple[str, str], list[AttachedFile]] = g.setdefault("attached", {})
    key = (document.path, document.version)
    if key not in known:
        said = {one.file: one for one in document.front_matter.attachments}
        files = [_shown(document, one, said.get(one.name)) for one in _to_show(document)]
        known[key] = sorted(files, key=lambda file: file.title.casefold())
    return known[key]


def _to_show(document: Document) -> list[Attached]:
    """The files but for those in which somebody outside has put a personal number."""
    files = current.library.attached(document.path)
    if not files:
        return []
    paths = {path_in(document.path, file.name): file for file in files}
    with current.databases.kept_for_reading() as session:
        held = held_back(session, paths)
    return [file for path, file in paths.items() if path not in held]


def _shown(document: Document, file: Attached, said: Attachment | None) -> AttachedFile:
    return AttachedFile(
        name=file.name,
        title=(said.title if said else "") or title_from(file.name),
        alt=said.alt if said else "",
        type=file.type,
        size=in_megabytes(file.size),
        url=address_of(document, file.name),
    )


def address_of(document: Document, name: str) -> str:
    return url_for("files.download", url=document.kind.url, slug=document.slug, name=name)


def files_of(document: Document) -> Callable[[str], FileTarget | None]:
    """Where a text of the document finds its files. The folder is only looked at for a text that names one."""

    def file_of(name: str) -> FileTarget | None:
        found = next((file for file in attached_to(document) if file.name == name), None)
        return FileTarget(found.url, found.alt) if found else None

    return file_of
