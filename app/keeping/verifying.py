"""Whether a backup is whole: every file with its checksum, nothing more and nothing less, and a sound database."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import IO

from app.database import knows_migration
from app.keeping.contents import DATABASE, is_safe
from app.keeping.manifest import NAME, Checksum, Damaged, Manifest
from app.keeping.reading import Member, members

LARGEST_MANIFEST = 200_000_000
SHOWN = 3


def verify(file: IO[bytes], room: int, progress: Callable[[int], None]) -> Manifest:
    """The manifest of a backup that is whole. Nothing is written but a copy of the database, in the system's folder
    for temporary files. ``progress`` is told how much of ``file`` is read. Raises Damaged and OSError.
    """
    seen: dict[str, Checksum] = {}
    manifest = None
    with tempfile.TemporaryDirectory(prefix="larnat-") as folder:
        copy = Path(folder) / "kept.db"
        for member in members(file, room):
            if manifest is not None:
                raise Damaged(f"det står något efter innehållsförteckningen: {member.name[:200]!r}")
            if member.name == NAME:
                manifest = Manifest.read(_small(member))
                continue
            if member.name in seen or not is_safe(member.name):
                raise Damaged(f"filen {member.name[:200]!r} får inte finnas i en säkerhetskopia")
            if member.name == DATABASE:
                _write(member, copy)
            member.read_all()
            seen[member.name] = Checksum(sha256=member.sha256, size=member.size)
            progress(file.tell())
        if manifest is None:
            raise Damaged("innehållsförteckningen saknas")
        compare(manifest, seen)
        _check_database(copy, manifest)
    return manifest


def compare(manifest: Manifest, seen: dict[str, Checksum]) -> None:
    """Raises Damaged unless the files are those of the manifest, byte for byte."""
    _refuse("saknas", sorted(manifest.files.keys() - seen.keys()))
    _refuse("står inte i innehållsförteckningen", sorted(seen.keys() - manifest.files.keys()))
    _refuse("har ändrats", sorted(path for path, checksum in seen.items() if checksum != manifest.files[path]))


def _refuse(what: str, paths: Sequence[str]) -> None:
    if paths:
        more = f" och {len(paths) - SHOWN} till" if len(paths) > SHOWN else ""
        raise Damaged(f"{', '.join(paths[:SHOWN])}{more} {what}")


def _small(member: Member) -> bytes:
    if member.size > LARGEST_MANIFEST:
        raise Damaged("innehållsförteckningen är för stor")
    return b"".join(member.pieces())


def _write(member: Member, target: Path) -> None:
    with target.open("xb") as stream:
        for piece in member.pieces():
            stream.write(piece)


def _check_database(file: Path, manifest: Manifest) -> None:
    """Raises Damaged for a database that is not sound, not ours, newer than we are, or of another moment."""
    try:
        with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro&immutable=1", uri=True)) as database:
            if database.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
                raise Damaged("databasen i den är skadad")
            if database.execute("PRAGMA foreign_key_check").fetchone():
                raise Damaged("databasen i den hänger inte ihop")
            migration = str(database.execute("SELECT version_num FROM alembic_version").fetchone()[0])
            newest = database.execute("SELECT max(number) FROM revision WHERE state = 'done'").fetchone()[0] or 0
    except (sqlite3.Error, TypeError) as error:
        raise Damaged("databasen i den är skadad") from error
    if (migration, newest) != (manifest.migration, manifest.revision):
        raise Damaged("databasen i den är inte från samma tid som innehållsförteckningen")
    if not knows_migration(migration):
        raise Damaged(f"den är gjord av ett nyare Lärnät ({manifest.version}). Uppgradera först")
