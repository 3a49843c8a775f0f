"""Office files and Open Documents: packages (zip) that are looked through, keeping nothing of what they unpack to.

What a package says of itself may be a lie, so every part is unpacked, a little at a time, and nothing of it is kept:
it must come to what it says, and to no more than is reasonable, also where there are packages in the package.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

# What a package unpacks to, and how much more than itself that may be; small ones may be anything up to ALWAYS_ALLOWED.
LARGEST_UNPACKED = 300_000_000
MOST_TIMES_LARGER = 100
ALWAYS_ALLOWED = 20_000_000
MOST_PARTS = 10_000
# A workbook in a document in a presentation. Nobody needs more, and each could hold ten more.
DEEPEST = 2
_LARGEST_INNER = 20_000_000

_PIECE = 1 << 20
_BEGINS = b"PK\x03\x04"
_LISTED = b"PK\x01\x02"
_ENCRYPTED = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
CONTENT_TYPES = "[Content_Types].xml"
_PROGRAMS = ("vbaproject", "macroenabled", "macrosheet")


class NoPackage(ValueError):
    """It is no package at all."""


class Damaged(ValueError):
    """It begins as a package and cannot be read as one."""


class Bomb(ValueError):
    """It unpacks to more than is reasonable."""


class Locked(ValueError):
    """Its parts are encrypted: nobody could look at them, and readers would need a password."""


class HasPrograms(ValueError):
    """It brings macros along."""


@dataclass(frozen=True)
class Package:
    """What is in a package: the names of its parts, and what it says that it is."""

    names: frozenset[str]
    mimetype: str


@dataclass
class _Allowance:
    """How much may still be unpacked, of a package and everything in it."""

    left: int
    parts: int = MOST_PARTS

    def take(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise Bomb

    def take_parts(self, number: int) -> None:
        self.parts -= number
        if self.parts < 0:
            raise Bomb


def look_through(content: bytes) -> Package:
    """What is in a package that does no harm. Raises NoPackage, Damaged, Bomb, Locked and HasPrograms."""
    if not content.startswith(_BEGINS):
        raise NoPackage
    most = min(LARGEST_UNPACKED, max(ALWAYS_ALLOWED, len(content) * MOST_TIMES_LARGER))
    return _Look(content, _Allowance(most)).package()


@dataclass
class _Look:
    """One package being looked through, perhaps inside another."""

    content: bytes
    allowance: _Allowance
    depth: int = 0
    _heads: dict[str, bytes] = field(default_factory=dict)

    def package(self) -> Package:
        # Before the directory is read, which takes memory for each line of it.
        self.allowance.take_parts(self.content.count(_LISTED))
        try:
            with zipfile.ZipFile(io.BytesIO(self.content)) as opened:
                parts = opened.infolist()
        except Exception as error:  # what a damaged or hostile directory makes the library raise
            raise Damaged from error
        self._refuse_by_directory(parts)
        for part in parts:
            self._look_at(part)
        self._refuse_programs(part.filename for part in parts)
        if b"encryption-data" in self._heads.get("META-INF/manifest.xml", b""):
            raise Locked  # Open Documents encrypt inside the package
        mimetype = self._heads.get("mimetype", b"")[:100].decode("ascii", "replace")
        return Package(frozenset(part.filename for part in parts), mimetype)

    def _refuse_by_directory(self, parts: list[zipfile.ZipInfo]) -> None:
        """What the directory alone gives away, at no cost."""
        if any(part.flag_bits & _ENCRYPTED for part in parts):
            raise Locked
        if sum(part.file_size for part in parts) > self.allowance.left:
            raise Bomb
        # Parts that lie on top of each other are larger together than the file they lie in.
        if sum(part.compress_size for part in parts) > len(self.content):
            raise Bomb
        if any(part.compress_type not in _METHODS or _leads_out(part.filename) for part in parts):
            raise Damaged

    def _look_at(self, part: zipfile.ZipInfo) -> None:
        """Unpack a part, and forget it. A part that is a package itself is looked through as well."""
        size, head, inner = 0, b"", bytearray()
        for piece in self._unpacked(part):
            self.allowance.take(len(piece))
            head = head or piece
            size += len(piece)
            if size > part.file_size:
                raise Bomb  # it said that it was smaller
            if head.startswith(_BEGINS):
                inner += piece
                if len(inner) > _LARGEST_INNER:
                    raise Bomb
        if size != part.file_size:
            raise Damaged
        self._heads[part.filename] = head
        if inner:
            self._look_inside(bytes(inner))

    def _look_inside(self, inner: bytes) -> None:
        if self.depth == DEEPEST:
            raise Bomb
        _Look(inner, self.allowance, self.depth + 1).package()

    def _unpacked(self, part: zipfile.ZipInfo) -> Iterator[bytes]:
        packed = self._packed(part)
        if part.compress_type == zipfile.ZIP_STORED:
            for start in range(0, len(packed), _PIECE):
                yield bytes(packed[start : start + _PIECE])
            return
        unpacking = zlib.decompressobj(-zlib.MAX_WBITS)
        left: bytes | memoryview = packed
        try:
            while left and not unpacking.eof:
                yield unpacking.decompress(left, _PIECE)
                left = unpacking.unconsumed_tail
            if rest := unpacking.flush():
                yield rest
        except zlib.error as error:
            raise Damaged from error

    def _packed(self, part: zipfile.ZipInfo) -> memoryview:
        """What lies behind the part's own header."""
        header = self.content[part.header_offset : part.header_offset + 30]
        if len(header) < 30 or not header.startswith(_BEGINS):
            raise Damaged
        name, extra = struct.unpack("<HH", header[26:30])
        start = part.header_offset + 30 + name + extra
        packed = memoryview(self.content)[start : start + part.compress_size]
        if len(packed) != part.compress_size:
            raise Damaged
        return packed

    def _refuse_programs(self, names: Iterator[str]) -> None:
        """By the names of the parts, and by what the list of content types calls them whatever their names."""
        said = [name.lower() for name in names]
        types = self._heads.get(CONTENT_TYPES, b"").replace(b"\0", b"").lower().decode("latin-1")
        named = any(program in text for text in (*said, types) for program in _PROGRAMS)
        if named or any(name.startswith(("basic/", "scripts/")) for name in said):
            raise HasPrograms


def _leads_out(name: str) -> bool:
    steps = name.replace("\\", "/").split("/")
    return ".." in steps or steps[0] == "" or ":" in steps[0] or "\0" in name
