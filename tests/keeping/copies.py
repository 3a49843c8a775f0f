"""Looking into backups, and making bad ones."""

from __future__ import annotations

import gzip
import hashlib
import io
import sqlite3
import tarfile
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

from app.keeping.backup import backup
from app.keeping.contents import FOLDERS
from app.keeping.manifest import Checksum, Manifest
from tests.publishing.desk import Desk

Members = list[tuple[tarfile.TarInfo, bytes]]


def backed_up(desk: Desk, file: Path) -> Path:
    return backup(desk.settings, desk.archive, file).file


def hashes(home: Path) -> dict[str, str]:
    """The checksum of every file in the folders of a home."""
    files = [file for folder in FOLDERS for file in (home / folder).rglob("*") if file.is_file()]
    return {file.relative_to(home).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def tables(kept: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table of a kept database, but when a file was last looked at."""
    with closing(sqlite3.connect(kept)) as database:
        names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        columns = {"head": "path, document_id, version, revision, broken"}
        return {
            name: sorted(database.execute(f"SELECT {columns.get(name, '*')} FROM {name}"), key=repr) for name in names
        }


def unpacked(file: Path) -> Members:
    """The members of a backup, as Python's own tar reader sees them."""
    with tarfile.open(file) as archive:
        found = []
        for member in archive.getmembers():
            stream = archive.extractfile(member)
            assert stream is not None
            found.append((member, stream.read()))
        return found


def packed(members: Members, file: Path) -> Path:
    """A backup made of any members; a header tells the size that it is given."""
    with tarfile.open(file, "w:gz", format=tarfile.GNU_FORMAT) as archive:
        for member, content in members:
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return file


def member(name: str, content: bytes = b"Text.\n", sort: bytes = tarfile.REGTYPE) -> tuple[tarfile.TarInfo, bytes]:
    found = tarfile.TarInfo(name)
    found.type = sort
    return found, content


def altered(file: Path, target: Path, change: Callable[[Members], Members | None], honest: Sequence[str] = ()) -> Path:
    """A backup with other members; the manifest tells the truth of those that are ``honest``."""
    members = unpacked(file)
    members = change(members) or members
    contents = {one.name: content for one, content in members}
    manifest = Manifest.read(contents["manifest.json"])
    files = dict(manifest.files)
    for name in honest:
        files[name] = Checksum(sha256=hashlib.sha256(contents[name]).hexdigest(), size=len(contents[name]))
    text = Manifest(manifest.version, manifest.made_at, manifest.revision, manifest.migration, files).written()
    return packed([(one, text if one.name == "manifest.json" else content) for one, content in members], target)


def flipped(file: Path, target: Path, position: int) -> Path:
    content = bytearray(file.read_bytes())
    content[position] ^= 1 << (position % 8)
    target.write_bytes(content)
    return target


def plain_tar(file: Path) -> bytes:
    return gzip.decompress(file.read_bytes())
