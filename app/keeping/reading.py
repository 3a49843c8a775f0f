"""Reading a backup that may be damaged or made by somebody who wants harm: strictly, and little at a time.

Only what ``larnat backup`` writes is accepted: plain files, in a plain tar, in one gzip stream to its very end. A
general tar reader would follow what a header says; this one follows nothing.
"""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from tarfile import AREGTYPE, BLOCKSIZE, GNUTYPE_LONGNAME, REGTYPE, TarError, TarInfo
from typing import IO, Protocol

from app.keeping.contents import LONGEST_PATH
from app.keeping.manifest import Damaged

PIECE = 1 << 20
MOST_FILES = 1_000_000


class Readable(Protocol):
    """What gives bytes one after the other."""

    def read(self, size: int = ..., /) -> bytes: ...


@dataclass
class Member:
    """One file of a backup. Its pieces have to be read before the next one; then ``sha256`` is that of all of them."""

    name: str
    size: int
    _stream: Readable
    _hash: hashlib._Hash = field(default_factory=hashlib.sha256)
    _left: int = field(init=False)

    def __post_init__(self) -> None:
        self._left = self.size

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()

    def pieces(self) -> Iterator[bytes]:
        """What the file holds, a piece at a time."""
        while self._left:
            piece = _read(self._stream, min(PIECE, self._left))
            self._left -= len(piece)
            self._hash.update(piece)
            yield piece

    def read_all(self) -> None:
        """Read what is left of it, for its checksum."""
        for _ in self.pieces():
            pass

    def read_on(self) -> None:
        """Read on to the next file."""
        self.read_all()
        padding = _read(self._stream, -self.size % BLOCKSIZE)
        if padding.strip(b"\0"):
            raise Damaged("det står något mellan filerna i den")


def members(file: IO[bytes], room: int) -> Iterator[Member]:
    """The files of a backup in their order. Raises Damaged, also where they would take more than ``room`` bytes."""
    with gzip.GzipFile(fileobj=file, mode="rb") as stream:
        count = total = 0
        while member := _next(stream):
            count, total = count + 1, total + member.size
            if count > MOST_FILES or total > room:
                raise Damaged(f"den innehåller mer än vad som får plats ({room / 1e9:.1f} GB är ledigt)")
            yield member
            member.read_on()
        with _damage_told():
            while rest := stream.read(PIECE):
                if rest.strip(b"\0"):
                    raise Damaged("det står något efter slutet i den")


def _next(stream: Readable) -> Member | None:
    """The next file; None at the end. A name that is too long for a header stands in a block of its own before it."""
    header = _read(stream, BLOCKSIZE)
    if not header.strip(b"\0"):
        return None
    found = _described(header)
    long_name = ""
    if found.type == GNUTYPE_LONGNAME:
        if not 0 < found.size <= LONGEST_PATH + 1:
            raise Damaged("den innehåller ett namn som är för långt")
        long_name = _read(stream, found.size).rstrip(b"\0").decode(errors="replace")
        _read(stream, -found.size % BLOCKSIZE)
        found = _described(_read(stream, BLOCKSIZE))
    name = long_name or found.name
    if found.type not in (REGTYPE, AREGTYPE) or found.size < 0:
        raise Damaged(f"den innehåller något som inte är en vanlig fil: {name[:200]!r}")
    return Member(name, found.size, stream)


def _described(header: bytes) -> TarInfo:
    # Before a long name stands as much of it as there is room for, perhaps half a letter.
    with _damage_told():
        return TarInfo.frombuf(header, "utf-8", "replace")


def _read(stream: Readable, size: int) -> bytes:
    """So many bytes. Raises Damaged if there are no more."""
    pieces = []
    with _damage_told():
        while size and (piece := stream.read(size)):
            pieces.append(piece)
            size -= len(piece)
    if size:
        raise Damaged("den tar slut för tidigt")
    return b"".join(pieces)


@contextmanager
def _damage_told() -> Iterator[None]:
    """Take every way in which a reader says that something is wrong for what it means."""
    try:
        yield
    except EOFError:
        raise Damaged("den tar slut för tidigt") from None
    except (gzip.BadGzipFile, zlib.error) as error:
        raise Damaged("den går inte att packa upp, eller dess kontrollsumma stämmer inte") from error
    except TarError as error:
        raise Damaged("den är inte en säkerhetskopia från Lärnät") from error
