"""Files as they should not be, and pictures as cameras and forms send them."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import Any

from PIL import Image, PngImagePlugin

SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><html><script>alert(1)</script></html>"
POLYGLOT_PDF = b"%PDF-1.7\n<html><script>alert(1)</script></html>\n%%EOF"
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"


def picture(sort: str = "PNG", size: tuple[int, int] = (40, 30), mode: str = "RGB", **how: Any) -> bytes:
    """A picture with one red point in its upper left corner."""
    made = Image.new(mode, size, "white" if mode != "RGBA" else (255, 255, 255, 0))
    made.paste("red" if mode != "L" else 0, (0, 0, size[0] // 4, size[1] // 4))
    written = io.BytesIO()
    made.save(written, sort, **how)
    return written.getvalue()


def told_on_picture() -> bytes:
    """A JPEG that a camera held sideways, and that tells where it was."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Kameran"
    exif.get_ifd(0x8825)[2] = (59.0, 20.0, 0.0)
    return picture("JPEG", exif=exif.tobytes(), comment=b"hemligt")


def talkative_png() -> bytes:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", "hemligt")
    return picture("PNG", pnginfo=notes) + b"<script>alert(1)</script>"


def large_png(width: int = 10_000, height: int = 10_000) -> bytes:
    """A small file that says it is a very large picture, and is: every point of it the same."""
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    lines = zlib.compress(b"\0" * ((width // 8 + 1) * height), 9)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", lines) + _chunk(b"IEND", b"")


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def large_webp() -> bytes:
    """The head of a WebP that says it is 16,384 points wide and high."""
    side = (16_383).to_bytes(3, "little")
    return b"RIFF\x1a\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x00\x00\x00\x00" + side + side


def package(*parts: tuple[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", compression) as made:
        for name, content in parts:
            made.writestr(name, content)
    return written.getvalue()


def docx(*more: tuple[str, bytes]) -> bytes:
    return package(("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<w:document/>"), *more)


def odt() -> bytes:
    return package(
        ("mimetype", b"application/vnd.oasis.opendocument.text"),
        ("content.xml", b"<office/>"),
        compression=zipfile.ZIP_STORED,
    )


def zip_bomb() -> bytes:
    """A Word file of 400 kB that unpacks to 400 MB."""
    return docx(*((f"word/media/{number}.bin", bytes(40_000_000)) for number in range(10)))


def overlapping() -> bytes:
    """A package whose directory leads ten times to the same part."""
    once = docx(("word/big.bin", bytes(range(256)) * 4000))
    end = once.rindex(b"PK\x05\x06")
    count, size, start = struct.unpack("<HII", once[end + 10 : end + 20])
    directory = once[start : start + size]
    last = directory[directory.rindex(b"PK\x01\x02") :]
    # Stored, so that the parts are as large as they say.
    more = b"".join(last for _ in range(400))
    tail = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, count + 400, count + 400, size + len(more), start, 0)
    return once[:start] + directory + more + tail
