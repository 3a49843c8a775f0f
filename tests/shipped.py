"""The content as it was last committed, so that a test of it still holds when somebody has edited the working copy."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from app import load_kinds
from app.library.document import Document
from app.library.shelf import Library

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("content", "improvement_cycles")


def committed_content(home: Path) -> bool:
    """Put the committed content into a home folder. False if there is no repository here to take it from."""
    top = _git("rev-parse", "--show-toplevel")
    if top is None or Path(top.decode().strip()).resolve() != ROOT:
        return False
    packed = _git("archive", "--format=zip", "HEAD", "--", *FOLDERS)
    if packed is None:
        return False
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        archive.extractall(home)
    return True


def present_content(home: Path) -> None:
    """Put the content as it lies on the disk into a home folder."""
    for folder in FOLDERS:
        shutil.copytree(ROOT / folder, home / folder, ignore=shutil.ignore_patterns(".tmp-*"))


def _git(*words: str) -> bytes | None:
    """What git answers in our folder, None if there is no git or it refuses."""
    try:
        return subprocess.run(["git", "-C", str(ROOT), *words], capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return None


def all_documents(home: Path) -> list[Document]:
    """Every document of a home folder. Raises BrokenDocument for the first that cannot be read."""
    library = Library(home, load_kinds())
    return sorted((library.read(file.path) for file in library.files()), key=lambda document: document.path)


def found_at(value: Any, path: str) -> Any:
    """What stands at a path such as ``sessions.0.guests.*.organisation``; a star makes a list of all of them."""
    first, _, rest = path.partition(".")
    if not first:
        return value
    if first == "*":
        return [found_at(part, rest) for part in value]
    inner = value[int(first)] if first.isdigit() else getattr(value, first)
    return found_at(inner, rest)


def as_written(value: Any) -> Any:
    """A value as its file has it: dates and quantities by their text, closed lists by their word in the file."""
    if isinstance(value, list):
        return [as_written(part) for part in value]
    if value is None or isinstance(value, bool | BaseModel):
        return value
    return str(getattr(value, "raw", value))


def texts_of(document: Document) -> Iterator[str]:
    """The lines a reader may see, without identities and addresses of web pages, which are full of digits."""
    for line in document.text.splitlines():
        if not line.startswith("id:") and "://" not in line:
            yield line
