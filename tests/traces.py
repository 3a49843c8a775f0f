"""Whether something stands anywhere in a folder: in the bytes of files, and in what databases unpack to."""

from __future__ import annotations

import io
import re
import sqlite3
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import quote

SQLITE = b"SQLite format 3\0"
# What is random or a clock's: digests, identities, fractions of a second, and moments in seconds or nanoseconds. Among
# enough of them any six digits stand somewhere, and nobody has written them there.
BY_CHANCE = re.compile(
    rb"(?=[0-9]*[a-f])[0-9a-f]{16,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    rb"|:[0-9]{2}[.,][0-9]{6}|(?<![0-9])1(?:[0-9]{18}|[0-9]{9}[.][0-9]+)(?![0-9])"
)


def traces(home: Path, words: Iterable[str], besides: Iterable[Path] = ()) -> list[str]:
    """The files, tables and rows in which any of the words stand, however they are written down."""
    pattern = re.compile(b"|".join(re.escape(form) for word in words for form in _forms(word)))
    left_out = {path.resolve() for path in besides}
    found: list[str] = []
    for path in sorted(home.rglob("*")):
        if not path.is_file() or path.is_symlink() or path.resolve() in left_out:
            continue
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            continue  # the write-ahead log of a database that was just closed
        found += [str(path)] if _stands_in(content, pattern) else []
        if content.startswith(SQLITE):
            found += [f"{path}: {place}" for place, cell in _cells(path) if _stands_in(cell, pattern)]
    return found


def _stands_in(content: bytes, pattern: re.Pattern[bytes]) -> bool:
    return any(pattern.search(BY_CHANCE.sub(b" ", piece)) for piece in _unpacked(content))


def _forms(word: str) -> set[bytes]:
    """The word as texts, addresses, JSON and other systems write it."""
    texts = {word, quote(word), quote(word, safe=""), word.encode("unicode_escape").decode()}
    return {text.encode(alphabet) for text in texts for alphabet in ("utf-8", "utf-16-le", "utf-16-be")}


def _unpacked(content: bytes) -> Iterator[bytes]:
    yield content
    with suppress(zlib.error):
        yield zlib.decompress(content)
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            yield from (package.read(name) for name in package.namelist())


def _cells(path: Path) -> Iterator[tuple[str, bytes]]:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        database.text_factory = bytes
        tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (name,) in tables:
            for row in database.execute(f'SELECT * FROM "{name.decode()}"'):
                yield from (
                    (name.decode(), str(cell).encode() if not isinstance(cell, bytes) else cell) for cell in row
                )
