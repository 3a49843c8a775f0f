"""Attachments: the files that belong to a document, in a folder beside it: ``x.files/bild.png`` beside ``x.md``.

No slug holds a dot, so that no kind's document can ever lie in such a folder. Names are small and plain, whatever a
file was called where it came from; what it was called there is kept as its title, in the document's front matter.

What is measured in a project belongs to it as well, and lies in ``measures/`` beside its ``project.md``, a table for
each measure. It is saved, kept in history, moved and removed as attachments are, but is listed and shown as none.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Container
from pathlib import Path
from typing import NamedTuple

from app.library import folders
from app.library.document import BrokenDocument
from app.library.file_types import BY_EXTENSION, FileType
from app.library.personal_data import stops
from app.library.slugs import slugify

FOLDER_ENDING = ".files"
DOCUMENT_ENDING = ".md"

MEASURES = "measures"
MEASURE_ENDING = ".csv"

# A file beside a document may be this large, whoever put it there; what may be added by the form is a setting.
LARGEST_ATTACHMENT = 50_000_000
MOST_ATTACHMENTS = 50
LONGEST_TITLE = 150

# The folder of the project, and what lies among its measures.
_MEASURED = re.compile(rf"(?P<project>improvement_cycles/[^/]+)/{MEASURES}/(?P<name>[^/]+)")
_NAME = re.compile(r"(?P<stem>[a-z0-9]+(?:-[a-z0-9]+)*)\.(?P<extension>[a-z0-9]+)")
_LONGEST_STEM = 80
# Windows gives these names to devices, whatever the ending: a copy of the folder could not be opened there.
_DEVICES = re.compile(r"con|prn|aux|nul|com\d|lpt\d")


class Attached(NamedTuple):
    """A file beside a document, as its folder lists it."""

    name: str
    mtime_ns: int
    size: int

    @property
    def type(self) -> FileType:
        return BY_EXTENSION[self.name.rpartition(".")[2]]


def folder_of(document_path: str) -> str:
    """The folder of a document's attachments."""
    return document_path.removesuffix(DOCUMENT_ENDING) + FOLDER_ENDING


def path_in(document_path: str, name: str) -> str:
    """The path of an attachment. Raises ValueError for what is not the name of one."""
    if not is_name(name):
        raise ValueError(f"not the name of an attachment: {name[:80]!r}")
    return f"{folder_of(document_path)}/{name}"


def measure_path(document_path: str, slug: str) -> str:
    """The path of a measure's table, by the path of its project. Raises ValueError for what is not the name of one."""
    path = f"{document_path.rpartition('/')[0]}/{MEASURES}/{slug}{MEASURE_ENDING}"
    if document_path_of(path) != document_path:
        raise ValueError(f"no measure of {document_path}: {slug[:80]!r}")
    return path


def document_path_of(path: str) -> str | None:
    """The document that a file belongs to, by where it lies; None for a path where no attachment can lie."""
    folder, _, name = path.rpartition("/")
    if measured := _MEASURED.fullmatch(path):
        fits = is_name(name) and name.endswith(MEASURE_ENDING)
        return _project_in(measured) if fits else None
    if not folder.endswith(FOLDER_ENDING) or not is_name(name):
        return None
    return folder_to_document(path)


def folder_to_document(path: str) -> str:
    """The document beside whose folder something lies, whatever it is called."""
    if measured := _MEASURED.fullmatch(path):
        return _project_in(measured)
    return path.rpartition("/")[0].removesuffix(FOLDER_ENDING) + DOCUMENT_ENDING


def _project_in(measured: re.Match[str]) -> str:
    return f"{measured['project']}/project{DOCUMENT_ENDING}"


def is_inside(path: str) -> bool:
    """Whether a path leads into a folder of attachments or of measures, whatever the file is called."""
    return path.rpartition("/")[0].endswith(FOLDER_ENDING) or is_measure(path)


def is_measure(path: str) -> bool:
    """Whether a path leads into a folder of measures."""
    return _MEASURED.fullmatch(path) is not None


def beside_another(path: str, document_path: str) -> str:
    """Where a file lies when its document has moved. Raises ValueError where none can lie there."""
    name = path.rpartition("/")[2]
    if is_measure(path):
        return measure_path(document_path, name.removesuffix(MEASURE_ENDING))
    return path_in(document_path, name)


def is_name(name: str) -> bool:
    """Whether an attachment can be called so."""
    found = _NAME.fullmatch(name)
    return (
        found is not None
        and found["extension"] in BY_EXTENSION
        and len(found["stem"]) <= _LONGEST_STEM
        and not _DEVICES.fullmatch(found["stem"])
        and not stops(name)
    )


def beside(home: Path, document_path: str) -> list[Attached]:
    """What is attached to the document at a path, by name."""
    return _listed(home, folder_of(document_path))


def measured(home: Path, document_path: str) -> list[Attached]:
    """The tables of what is measured in the project at a path, by name; none for what is no project."""
    folder = f"{document_path.rpartition('/')[0]}/{MEASURES}"
    return [one for one in _listed(home, folder) if document_path_of(f"{folder}/{one.name}") == document_path]


def _listed(home: Path, folder_path: str) -> list[Attached]:
    found: list[Attached] = []
    try:
        with folders.opened_folder(home, f"{folder_path}/x") as (folder, _), os.scandir(folder) as entries:
            for entry in entries:
                if is_name(entry.name) and entry.is_file(follow_symlinks=False):
                    state = entry.stat(follow_symlinks=False)
                    found.append(Attached(entry.name, state.st_mtime_ns, state.st_size))
    except (FileNotFoundError, BrokenDocument):
        return sorted(found)  # there is no folder, or something was removed while we looked
    return sorted(found)


# ---- History knows an attachment as a part of its document ----


def identity_of(document_id: str, path: str) -> str:
    """What the file at a path is called inside the databases. It stays the same when its document moves."""
    name = path.rpartition("/")[2]
    return f"{document_id}/{MEASURES}/{name}" if is_measure(path) else f"{document_id}/{name}"


def document_id_in(identity: str) -> str:
    """The document that an identity belongs to: its own, or the one that the attachment is part of."""
    return identity.partition("/")[0]


# ---- Names for new files ----


def given_name(original: str) -> tuple[str, str]:
    """What a file was called where it came from, as words that can be shown, and its ending in small letters.

    Folders are left out, and so is what does not show or turns the direction of writing around.
    """
    last = re.split(r"[/\\]", original)[-1]
    shown = "".join(one if unicodedata.category(one)[0] not in "CZ" else _space_for(one) for one in last)
    words = " ".join(unicodedata.normalize("NFC", shown).split())
    stem, dot, extension = words.rpartition(".")
    if not dot or not extension.isascii() or not extension.isalnum():
        return words[:LONGEST_TITLE].strip(), ""
    return stem.strip(" .")[:LONGEST_TITLE].strip(), extension.lower()


def _space_for(character: str) -> str:
    """Spaces stay spaces; control, direction and other invisible characters vanish."""
    return " " if character.isspace() or unicodedata.category(character)[0] == "Z" else ""


def new_name(title: str, file_type: FileType, taken: Container[str]) -> str:
    """A plain name for a file, that none of the others has."""
    stem = slugify(title)
    if not stem or stops(stem):
        stem = "bild" if file_type.is_image else "fil"
    if _DEVICES.fullmatch(stem):
        stem = f"{stem}-fil"
    number = 1
    while True:
        after = f"-{number}" if number > 1 else ""
        name = f"{stem[: _LONGEST_STEM - len(after)].rstrip('-')}{after}.{file_type.extension}"
        if name not in taken:
            return name
        number += 1


def title_from(name: str) -> str:
    """Words for a file that nobody has given a title."""
    words = name.rpartition(".")[0].replace("-", " ")
    return words[:1].upper() + words[1:]
