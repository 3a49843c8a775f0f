"""What a house has that cannot be made again: the files, and the kept database. And which names are safe to write."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from app.library.folders import TEMPORARY

FOLDERS = ("content", "improvement_cycles")
DATABASE = "var/kept.db"
LONGEST_NAME, LONGEST_PATH = 255, 1000


@dataclass
class Contents:
    """The files under the folders of a house, by their paths in it; and what is no file to keep, with the reason."""

    files: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def contents_of(home: Path) -> Contents:
    """Everything in the folders, also what is no document: attachments, measurements, a file that is broken just now.

    Raises OSError for a folder that cannot be read: a copy must not lack something without saying so.
    """
    found = Contents()
    for folder in FOLDERS:
        if (home / folder).is_symlink():
            found.left_out.append(f"{folder} är en symbolisk länk")
        elif (home / folder).is_dir():
            for path, entry in _walk(home, folder):
                reason = _reason_to_leave(path, entry)
                if reason:
                    found.left_out.append(f"{path!r} {reason}")
                else:
                    found.files.append(path)
    found.files.sort()
    return found


def _walk(home: Path, folder: str) -> Iterator[tuple[str, os.DirEntry[str]]]:
    waiting = [folder]
    while waiting:
        here = waiting.pop()
        with os.scandir(home / here) as entries:
            for entry in entries:
                path = f"{here}/{entry.name}"
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(path)
                # A save that is under way, or was cut off: its text is in the database.
                elif not entry.name.startswith(TEMPORARY):
                    yield path, entry


def _reason_to_leave(path: str, entry: os.DirEntry[str]) -> str:
    if entry.is_symlink():
        return "är en symbolisk länk"
    if not entry.is_file(follow_symlinks=False):
        return "är ingen vanlig fil"
    return "" if is_safe(path) else "har ett namn som inte går att lägga tillbaka"


def is_safe(path: str) -> bool:
    """Whether a file of a copy may be written there: inside the folders of a house, by a name that is only a name."""
    parts = path.split("/")
    if path == DATABASE:
        return True
    try:
        long = len(path.encode()) > LONGEST_PATH or any(len(part.encode()) > LONGEST_NAME for part in parts)
    except UnicodeEncodeError:
        return False
    odd = "\\" in path or any(unicodedata.category(character) in ("Cc", "Cs") for character in path)
    return len(parts) > 1 and parts[0] in FOLDERS and not long and not odd and not {"", ".", ".."}.intersection(parts)
