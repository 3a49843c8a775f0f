"""What can be done with a document's files, as functions from the newest document to what follows.

Each runs under the library lock. Adding is never a conflict: a name that somebody else took a moment ago gives the next
one. A file is replaced or removed only by somebody who has seen it as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from app import history
from app.editing import composing
from app.history.attached import Removed
from app.history.revisions import content_of
from app.library import front_matter
from app.library.accepting import Accepted, in_megabytes
from app.library.attachments import MOST_ATTACHMENTS, Attached, new_name, path_in
from app.library.document import Attachment, BrokenDocument, Document
from app.library.file_types import BY_EXTENSION
from app.library.shelf import version_of
from app.publishing import FileChange, Next, Refused, current

Row = dict[str, Any]
Step = Callable[[Document], Next]

SEEN = "Någon har bytt ut filen {name} sedan du öppnade sidan. Se efter vad som är nytt först."
GONE = "Filen {name} är redan borttagen."


def added(files: Sequence[Accepted], largest_total: int, alts: Mapping[str, str] | None = None) -> Step:
    """Attach files; ``alts`` says what pictures show, by the digest of what was sent."""

    def step(document: Document) -> Next:
        present = current.library.attached(document.path)
        refuse_too_much(present, [len(file.content) for file in files], largest_total)
        taken = {one.name for one in present}
        rows, changes = _rows(document), []
        for file in files:
            name = new_name(file.title, file.type, taken)
            taken.add(name)
            rows.append(composing.row_of(name, file.title, (alts or {}).get(file.digest, "")))
            changes.append(FileChange(path_in(document.path, name), None, None, file.content))
        return Next(with_rows(document, rows), changes)

    return step


def refuse_too_much(present: Sequence[Attached], sizes: Sequence[int], largest_total: int) -> None:
    """Whether files of these sizes find a place beside those that are there. Raises Refused."""
    if len(present) + len(sizes) > MOST_ATTACHMENTS:
        raise Refused(f"En sida kan ha högst {MOST_ATTACHMENTS} filer. Här finns redan {len(present)}.")
    total = sum(one.size for one in present)
    if total + sum(sizes) > largest_total:
        raise Refused(
            f"Filerna till en sida får vara högst {in_megabytes(largest_total)} tillsammans. Här finns redan"
            f" {in_megabytes(total)}."
        )


def removed(name: str, version: str) -> Step:
    """Take a file away, with what is said of it."""

    def step(document: Document) -> Next:
        path = _seen(document, name, version)
        rows = [row for row in _rows(document) if row["file"] != name]
        return Next(with_rows(document, rows), [FileChange(path, None, version)])

    return step


def replaced(name: str, version: str, file: Accepted, largest_total: int) -> Step:
    """Put another file of the same type in the place of one. Its name, and what is said of it, stay."""

    def step(document: Document) -> Next:
        path = _seen(document, name, version)
        if BY_EXTENSION[name.rpartition(".")[2]] is not file.type:
            raise Refused(
                f"{name} kan bara bytas mot en fil av samma slag. Den nya är en {file.type.swedish}: lägg till den som"
                " en ny fil i stället."
            )
        others = [one for one in current.library.attached(document.path) if one.name != name]
        refuse_too_much(others, [len(file.content)], largest_total)
        return Next(document.text, [FileChange(path, None, version, file.content)])

    return step


def described(said: Mapping[str, tuple[str, str]]) -> Step:
    """Say anew what files are called and what pictures show, by name."""

    def step(document: Document) -> Next:
        known = {row["file"]: row for row in _rows(document)}
        for one in current.library.attached(document.path):
            if one.name in said:
                title, alt = said[one.name]
                known[one.name] = {
                    **known.get(one.name, {}),
                    "title": "",
                    "alt": "",
                    **composing.row_of(one.name, title, alt),
                }
        rows = [{key: value for key, value in row.items() if value} for row in known.values()]
        return Next(with_rows(document, rows))

    return step


def brought_back(one: Removed, largest_total: int) -> Step:
    """Attach a file again that was removed, under its own name, or the next if that is taken."""

    def step(document: Document) -> Next:
        with current.databases.kept_for_reading() as session:
            content = content_of(session, one.version)
            before = history.text_before(session, one.number, document.id)
        if content is None:
            raise Refused(f"Innehållet i {one.name} finns inte kvar.")
        present = current.library.attached(document.path)
        refuse_too_much(present, [len(content)], largest_total)
        said = _said_before(document, before, one.name)
        file_type = BY_EXTENSION[one.name.rpartition(".")[2]]
        name = new_name(one.name.rpartition(".")[0], file_type, {file.name for file in present})
        rows = [row for row in _rows(document) if row["file"] != name]
        rows.append(composing.row_of(name, said.title if said else "", said.alt if said else ""))
        return Next(with_rows(document, rows), [FileChange(path_in(document.path, name), None, None, content)])

    return step


def _said_before(document: Document, text: str | None, name: str) -> Attachment | None:
    """What the document said of a file before it was removed."""
    try:
        before = current.library.parse(document.path, text) if text else document
    except BrokenDocument:
        return None
    return next((one for one in before.front_matter.attachments if one.file == name), None)


def _seen(document: Document, name: str, version: str) -> str:
    """The path of a file that still is as somebody has seen it. Raises Refused."""
    try:
        path = path_in(document.path, name)
    except ValueError:
        raise Refused(GONE.format(name=name[:80])) from None
    content = current.library.load(path)
    if content is None:
        raise Refused(GONE.format(name=name))
    if version_of(content) != version:
        raise Refused(SEEN.format(name=name))
    return path


# ---- What the front matter says of files ----


def _rows(document: Document) -> list[Row]:
    return list(composing.plain_values(document.front_matter, "attachments") or [])


def with_rows(document: Document, rows: Iterable[Row]) -> str:
    """The document's text with what is said of its files."""
    new = list(rows) or None
    if new == composing.plain_values(document.front_matter, "attachments"):
        return document.text
    return front_matter.rewrite(document.text, {"attachments": new}, model=document.kind.front_matter)
