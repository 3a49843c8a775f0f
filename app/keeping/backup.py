"""``larnat backup``: one archive of the files, the kept database and a manifest with a checksum for each.

It is a plain .tar.gz that can be unpacked by hand into a home folder. The manifest comes last, when every file has been
read once and its checksum is known.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import tarfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from app.audit import Deed, note
from app.config import Settings
from app.database import newest_migration
from app.keeping.contents import FOLDERS
from app.keeping.manifest import NAME, Checksum, Manifest, program_version
from app.keeping.snapshot import NotPossible, Progress, Snapshot, snapshot
from app.keeping.whole_files import whole_file
from app.publishing import Archive

SUFFIX = ".tar.gz"
COMPRESSION = 6
# Folders that are made anew, or that hold what is copied: a copy there would be lost, or copied next time.
NOT_IN = (*FOLDERS, "search_index", "var/derived")


@dataclass(frozen=True)
class Backup:
    """An archive that has been written. ``left_out`` tells what lay in the folders and is not in it."""

    file: Path
    manifest: Manifest
    left_out: tuple[str, ...]


def backup(settings: Settings, archive: Archive, file: Path, progress: Progress | None = None) -> Backup:
    """Write a backup; there whole or not at all. In a folder it gets a name with its time.

    ``progress`` is told how many bytes of how many are packed. Raises NotPossible and OSError.
    """
    made_at = datetime.now(UTC)
    target = _target(settings, file / name_of(made_at) if file.is_dir() else file)
    with snapshot(settings, archive) as taken, whole_file(target) as stream:
        manifest = _pack(taken, stream, made_at, progress or (lambda done, total: None))
    if manifest.migration == newest_migration():
        with archive.databases.kept() as session:
            note(session, Deed.BACKED_UP)
    return Backup(target, manifest, taken.left_out)


def name_of(made_at: datetime) -> str:
    """The name of a backup made at a time; names sort as their times."""
    return f"larnat-{made_at:%Y%m%dT%H%M%SZ}{SUFFIX}"


def _target(settings: Settings, file: Path) -> Path:
    try:
        target = file.parent.resolve(strict=True) / file.name
    except FileNotFoundError:
        raise NotPossible(f"Mappen {file.parent} finns inte.") from None
    for folder in NOT_IN:
        if target.is_relative_to((settings.home / folder).resolve()):
            raise NotPossible(f"Säkerhetskopian får inte ligga i {folder}/. Välj en plats utanför den mappen.")
    if target.exists() or target.is_symlink():
        raise NotPossible(f"{target} finns redan. Välj ett annat namn.")
    return target


def _pack(taken: Snapshot, stream: IO[bytes], made_at: datetime, progress: Progress) -> Manifest:
    sizes = {path: (taken.folder / path).lstat().st_size for path in taken.files}
    total, done = sum(sizes.values()), 0
    checksums = {}
    with (
        gzip.GzipFile("", "wb", COMPRESSION, stream, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.GNU_FORMAT, encoding="utf-8") as archive,
    ):
        for path in taken.files:
            with open(taken.folder / path, "rb", opener=_no_link) as file:
                told = _Told(file, done, total, progress)
                archive.addfile(_member(path, sizes[path], made_at), told)
            checksums[path] = Checksum(sha256=told.sha256.hexdigest(), size=sizes[path])
            done += sizes[path]
        manifest = Manifest(program_version(), made_at, taken.revision, taken.migration, checksums)
        written = manifest.written()
        archive.addfile(_member(NAME, len(written), made_at), io.BytesIO(written))
    return manifest


def _member(path: str, size: int, made_at: datetime) -> tarfile.TarInfo:
    member = tarfile.TarInfo(path)
    member.size, member.mode, member.mtime = size, 0o600, int(made_at.timestamp())
    return member


def _no_link(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW)


class _Told:
    """A file that is read once, and tells its checksum and how far the whole has come."""

    def __init__(self, file: IO[bytes], before: int, total: int, progress: Progress) -> None:
        self.sha256 = hashlib.sha256()
        self._file, self._done, self._total, self._progress = file, before, total, progress

    def read(self, size: int = -1, /) -> bytes:
        piece = self._file.read(size)
        self.sha256.update(piece)
        self._done += len(piece)
        self._progress(self._done, self._total)
        return piece
