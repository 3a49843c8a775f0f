"""``larnat restore``: a backup put back into an empty folder, whole or not at all.

The archive is read twice: once to know that it is whole, before anything is written; once to write it beside its place
and check every byte again. Then the folders are renamed, the database last: what looks like a house is a whole house.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO

from app.keeping.contents import DATABASE, FOLDERS
from app.keeping.manifest import NAME, Checksum, Damaged, Manifest
from app.keeping.reading import Member, members
from app.keeping.snapshot import NotPossible, Progress
from app.keeping.verifying import compare, verify
from app.keeping.whole_files import only_one, sync_folder

STAGING = ".restoring"
# Made by a command that only reads its settings; it belongs to no content.
NO_CONTENT = ("var/demo-secret-key",)
MARGIN_BYTES = 50_000_000


def check(file: Path, progress: Progress | None = None) -> Manifest:
    """The manifest of a backup that is whole. Raises Damaged and OSError."""
    with file.open("rb") as stream:
        room = shutil.disk_usage(file.parent).total
        return verify(stream, room, _share(stream, progress, 0, 1))


def restore(file: Path, home: Path, progress: Progress | None = None) -> Manifest:
    """Put a backup into an empty folder, which is made if it is missing. Raises NotPossible, Damaged and OSError."""
    refuse_unless_empty(home)
    with file.open("rb") as stream:
        room = shutil.disk_usage(home if home.exists() else home.parent).free - MARGIN_BYTES
        manifest = verify(stream, room, _share(stream, progress, 0, 2))
        home.mkdir(exist_ok=True)
        with only_one(home, NotPossible(f"En annan återställning till {home} pågår.")):
            refuse_unless_empty(home)
            staging = home / STAGING
            shutil.rmtree(staging, ignore_errors=True)
            try:
                stream.seek(0)
                _unpack(stream, staging, manifest, room, _share(stream, progress, 1, 2))
                os.sync()
                _put_in_place(staging, home)
            finally:
                shutil.rmtree(staging, ignore_errors=True)
    return manifest


def refuse_unless_empty(home: Path) -> None:
    """Raises NotPossible for a folder in which there is any file, and for what cannot be a folder.

    Empty folders may be there, and what a restoring that was killed has left.
    """
    if not home.exists() and home.parent.is_dir() and not home.is_symlink():
        return
    if not home.is_dir():
        raise NotPossible(f"{home} är ingen mapp. Välj en tom mapp, eller en ny i en mapp som finns.")
    for folder, inner, files in os.walk(home):
        here = Path(folder).relative_to(home)
        if here == Path() and STAGING in inner:
            inner.remove(STAGING)
        links = [name for name in inner if (Path(folder) / name).is_symlink()]
        found = [path for name in (*files, *links) if (path := (here / name).as_posix()) not in NO_CONTENT]
        if found:
            raise NotPossible(f"{home} är inte tom: där finns {found[0]}. En kopia läggs bara tillbaka i en tom mapp.")


def _share(stream: IO[bytes], progress: Progress | None, before: int, of: int) -> Callable[[int], None]:
    """Progress of one reading of several, by how much of the file is read."""
    size = os.fstat(stream.fileno()).st_size
    return lambda done: progress(before * size + done, of * size) if progress else None


def _unpack(stream: IO[bytes], staging: Path, manifest: Manifest, room: int, progress: Callable[[int], None]) -> None:
    staging.mkdir(mode=0o700)
    seen: dict[str, Checksum] = {}
    for member in members(stream, room):
        if member.name == NAME:
            continue
        if member.name in seen or member.name not in manifest.files:
            raise Damaged("den ändrades medan den lästes")
        _write(member, staging / member.name)
        seen[member.name] = Checksum(sha256=member.sha256, size=member.size)
        progress(stream.tell())
    compare(manifest, seen)


def _write(member: Member, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    mode = 0o600 if member.name == DATABASE else 0o644
    opened = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, mode)
    with os.fdopen(opened, "wb") as stream:
        for piece in member.pieces():
            stream.write(piece)


def _put_in_place(staging: Path, home: Path) -> None:
    for name in FOLDERS:
        if (staging / name).exists():
            _remove_empty(home / name)
            (staging / name).rename(home / name)
    (home / DATABASE).parent.mkdir(exist_ok=True)
    sync_folder(home)
    (staging / DATABASE).rename(home / DATABASE)
    sync_folder((home / DATABASE).parent)


def _remove_empty(folder: Path) -> None:
    """Remove a folder in which there are only empty folders."""
    for here, _, _ in os.walk(folder, topdown=False):
        with suppress(FileNotFoundError):
            Path(here).rmdir()
