"""The heads of pictures: how large they say that they are, and whether they tell of more than what they show.

Read piece by piece without a decoder, for pictures that somebody laid beside a document: those were not made anew.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from app.library.file_types import FileType

# A picture of our own making has a handful. One with more is nobody's photograph.
MOST_PIECES = 2000

_TALKATIVE_PNG = (b"eXIf", b"tEXt", b"zTXt", b"iTXt")
_TALKATIVE_WEBP = (b"EXIF", b"XMP ")
# JPEG: Exif and XMP, Photoshop's notes, a comment.
_TALKATIVE_JPEG = (0xE1, 0xED, 0xFE)
_SIZES_JPEG = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_SCAN_JPEG = 0xDA


@dataclass(frozen=True)
class Head:
    """What a picture says of itself. ``talkative``: it may say where, when and with what it was taken, or by whom."""

    width: int
    height: int
    talkative: bool = False

    @property
    def points(self) -> int:
        return self.width * self.height


def head_of(file: IO[bytes], file_type: FileType) -> Head | None:
    """What the file says, from its beginning; None where it cannot be understood. Leaves the file somewhere inside."""
    file.seek(0)
    try:
        match file_type.extension:
            case "png":
                return _png(file)
            case "jpg":
                return _jpeg(file)
            case "gif":
                return Head(*struct.unpack("<HH", file.read(10)[6:10]))
            case "webp":
                return _webp(file)
    except (struct.error, OSError, EOFError):
        pass
    return None


def _png(file: IO[bytes]) -> Head | None:
    file.seek(8)
    size, talkative = None, False
    for _ in range(MOST_PIECES):
        head = file.read(8)
        if len(head) < 8 or head[4:] == b"IEND":
            break
        (length,) = struct.unpack(">I", head[:4])
        talkative = talkative or head[4:] in _TALKATIVE_PNG
        if head[4:] == b"IHDR":
            width, height = struct.unpack(">II", file.read(8))
            size = (width, height)
            length -= 8
        file.seek(length + 4, os.SEEK_CUR)
    return Head(*size, talkative) if size else None


def _jpeg(file: IO[bytes]) -> Head | None:
    size, talkative = None, False
    for marker, length in _segments(file):
        talkative = talkative or marker in _TALKATIVE_JPEG
        if marker in _SIZES_JPEG:
            height, width = struct.unpack(">HH", file.read(5)[1:])
            size = (width, height)
            file.seek(-5, os.SEEK_CUR)
        file.seek(length, os.SEEK_CUR)
    return Head(*size, talkative) if size else None


def _segments(file: IO[bytes]) -> Iterator[tuple[int, int]]:
    """Marker and length of what stands before the picture itself; the file is at its content each time."""
    file.seek(2)
    for _ in range(MOST_PIECES):
        head = file.read(2)
        while head[1:] == b"\xff":
            head = head[1:] + file.read(1)
        if len(head) < 2 or head[0] != 0xFF or head[1] == _SCAN_JPEG:
            return
        (length,) = struct.unpack(">H", file.read(2))
        yield head[1], length - 2


def _webp(file: IO[bytes]) -> Head | None:
    file.seek(12)
    size, talkative = None, False
    for _ in range(MOST_PIECES):
        head = file.read(8)
        if len(head) < 8:
            break
        (length,) = struct.unpack("<I", head[4:])
        begins = file.read(min(length, 10))
        talkative = talkative or head[:4] in _TALKATIVE_WEBP
        size = size or _size_in_webp(head[:4], begins)
        file.seek(length + length % 2 - len(begins), os.SEEK_CUR)
    return Head(*size, talkative) if size else None


def _size_in_webp(name: bytes, begins: bytes) -> tuple[int, int] | None:
    match name:
        case b"VP8X":
            return 1 + int.from_bytes(begins[4:7], "little"), 1 + int.from_bytes(begins[7:10], "little")
        case b"VP8L":
            bits = int.from_bytes(begins[1:5], "little")
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8 ":
            width, height = struct.unpack("<HH", begins[6:10])
            return width & 0x3FFF, height & 0x3FFF
    return None
