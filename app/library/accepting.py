"""From a file that somebody sends to one that can lie beside a document: looked at, made harmless, named."""

from __future__ import annotations

import hashlib
from collections.abc import Container
from dataclasses import dataclass
from typing import IO

from app.library.attachments import given_name, new_name
from app.library.file_types import BY_EXTENSION, FileType, WrongFile, check, type_of
from app.library.picture_heads import head_of
from app.library.pictures import made_anew, refuse_to_show


@dataclass(frozen=True)
class Accepted:
    """A file that can be attached. ``digest`` is of what was sent: the same file sent again has the same."""

    name: str
    title: str
    type: FileType
    content: bytes
    digest: str


def accept(original: str, content: bytes, largest: int, taken: Container[str] = ()) -> Accepted:
    """The file as it is going to lie there, by a name that is not ``taken``. Raises WrongFile, which says why not."""
    digest = hashlib.sha256(content).hexdigest()
    title, extension = given_name(original)
    _refuse_large(content, largest)
    file_type = type_of(extension, content)
    if file_type.is_image:
        content, file_type = made_anew(content, file_type)
        _refuse_large(content, largest)
    return Accepted(new_name(title, file_type, taken), title, file_type, content, digest)


def _refuse_large(content: bytes, largest: int) -> None:
    if len(content) > largest:
        raise WrongFile(f"Filen är {in_megabytes(len(content))}. Den får vara högst {in_megabytes(largest)}.")


TALKATIVE = (
    "bilden kan berätta var, när och av vem den togs. Ta bort den och lägg till den på sidans ”Bilder och filer” i"
    " stället, så görs den om"
)


def look_at(name: str, file: IO[bytes]) -> str:
    """A file that somebody has laid beside a document without us: what could be better with it, if anything.

    Raises WrongFile for one that would not have been taken.
    """
    file_type = BY_EXTENSION[name.rpartition(".")[2]]
    content = file.read()
    if not content:
        raise WrongFile("Filen är tom.")
    check(file_type, content)
    if not file_type.is_image:
        return ""
    refuse_to_show(file, file_type)
    head = head_of(file, file_type)
    return TALKATIVE if head and head.talkative else ""


def in_megabytes(size: int) -> str:
    """A size in words: "12,5 MB", "340 kB"."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000)) if size else 0} kB"
    return f"{size / 1_000_000:.1f}".replace(".", ",").removesuffix(",0") + " MB"
