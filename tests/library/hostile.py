"""Files as they should not be, and pictures as cameras and forms send them."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from typing import Any

from PIL import Image, ImageCms, PngImagePlugin

SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><html><script>alert(1)</script></html>"
POLYGLOT_PDF = b"%PDF-1.7\n<html><script>alert(1)</script></html>\n%%EOF"
ACTIVE_PDF = (
    b"%PDF-1.7\n1 0 obj<</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>"
    b"/AA<</O<</S/Launch/F(cmd.exe)>>>>/Names<</EmbeddedFiles<</Names[(ont.exe)2 0 R]>>>>>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF"
)
# What Office writes for older files, and around files with a password.
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
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


# ---- Two things at once ----


def png_and_html() -> bytes:
    """A PNG with a page in one of its notes and another behind it."""
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", HTML.decode())
    return picture("PNG", pnginfo=notes) + HTML


def gif_and_script() -> bytes:
    """A GIF that is a script as well: its width is the beginning of a comment, which ends behind the picture."""
    still = picture("GIF")
    return still[:6] + b"/*" + still[8:] + b"*/=1;alert(1)//"


def jpeg_and_html() -> bytes:
    return picture("JPEG", comment=HTML) + HTML


def pdf_and_package() -> bytes:
    """A PDF that every reader of packages opens as one, with a macro in it."""
    return PDF + b"\n" + docx(("word/vbaProject.bin", b"x"))


# ---- Pictures that cost more than they show ----


def many_scans(scans: int) -> bytes:
    """A JPEG that asks for all of it to be gone through again and again: 75 bytes for a millisecond or two."""
    written = io.BytesIO()
    Image.new("L", (7000, 7000)).save(written, "JPEG", progressive=True, quality=50)
    whole = written.getvalue()
    places = [found.start() for found in re.finditer(b"\xff[\xc4\xda]", whole)] + [len(whole) - 2]
    # The first scan that goes on from where the coarsest left off, with nothing new in it.
    first = next(place for place in places if whole[place + 1] == 0xDA and whole[place + 7] == 1)
    end = places[places.index(first) + 1]
    return whole[:end] + whole[first:end] * scans + whole[end:]


def heavy_png(width: int = 5900, height: int = 5900) -> bytes:
    """The largest PNG that is taken, in the form that takes most memory: 16 bits a colour, see-through, interlaced."""
    passes = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
    sizes = [(-(-(width - x) // across), -(-(height - y) // down)) for x, y, across, down in passes]
    packing, left = zlib.compressobj(9), sum((columns * 8 + 1) * rows for columns, rows in sizes)
    packed = b""
    while left > 0:
        packed += packing.compress(bytes(min(left, 10_000_000)))
        left -= 10_000_000
    packed += packing.flush()
    head = struct.pack(">IIBBBBB", width, height, 16, 6, 0, 0, 1)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", packed) + _chunk(b"IEND", b"")


def heavy_webp() -> bytes:
    """A moving WebP of as many points as are taken."""
    return picture("WEBP", (3870, 3870), "RGBA", save_all=True, append_images=[Image.new("RGBA", (3870, 3870), "blue")])


def tiny_webp() -> bytes:
    """34 bytes that ask for a gigabyte."""
    size = (7000 - 1) | (7000 - 1) << 14 | 1 << 28
    body = b"VP8L" + struct.pack("<I", 14) + b"\x2f" + struct.pack("<I", size) + bytes(9)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def talking_bomb() -> bytes:
    """A PNG of 100 kB with a note of 100 MB."""
    note = b"Comment\0\0" + zlib.compress(bytes(100_000_000), 9)
    whole = picture("PNG")
    return whole[:33] + _chunk(b"zTXt", note) + whole[33:]


def moving(frames: int = 300) -> bytes:
    """A GIF of many frames."""
    more = [Image.new("RGB", (200, 200), (number % 256, number // 256, 9)) for number in range(frames)]
    return picture("GIF", (200, 200), save_all=True, append_images=more)


def of_other_colours(sort: str = "JPEG") -> bytes:
    """A picture whose red means green: of the common colours' profile the two have changed places."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = profile.replace(b"rXYZ", b"?", 1).replace(b"gXYZ", b"rXYZ", 1).replace(b"?", b"gXYZ", 1)
    return picture(sort, icc_profile=swapped)


def talkative(sort: str) -> bytes:
    """A picture with notes of every kind that its format has; each says "hemligt"."""
    exif = Image.Exif()
    exif[0x010F] = "hemligt"
    exif.get_ifd(0x8825)[2] = (59.0, 20.0, 0.0)
    notes: dict[str, Any] = {"exif": exif.tobytes()}
    if sort == "PNG":
        text = PngImagePlugin.PngInfo()
        text.add_text("Author", "hemligt")
        text.add_text("Comment", "hemligt", zip=True)
        text.add_itxt("XML:com.adobe.xmp", "<x>hemligt</x>")
        return picture("PNG", pnginfo=text, **notes) + b"hemligt"
    if sort == "GIF":
        return picture("GIF", comment=b"hemligt") + b"hemligt"
    notes["xmp"] = b"<x:xmpmeta>hemligt</x:xmpmeta>"
    if sort == "JPEG":
        notes["comment"] = b"hemligt"
    return picture(sort, icc_profile=b"hemligt" * 50, **notes) + b"hemligt"


# ---- Packages ----


def nested(depth: int, times: int = 16) -> bytes:
    """A Word file with packages in packages, each level the same many times over: 16 to the power of depth."""
    inner = package(("0.bin", bytes(4_000_000)))
    for _ in range(depth):
        inner = package(*((f"{number}.zip", inner) for number in range(times)))
    return docx(("word/embeddings/inre.zip", inner))


def with_a_workbook() -> bytes:
    """A Word file with an Excel sheet in it, as people make them."""
    sheet = package(("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", b"<x/>" * 1000))
    return docx(("word/embeddings/Microsoft_Excel_Sheet1.xlsx", sheet))


def liar() -> bytes:
    """A Word file of which one part says that it is 10 bytes and unpacks to 50 MB, with the checksum of the 10."""
    whole = bytearray(docx(("word/stor.xml", bytes(50_000_000))))
    for signature, place in ((b"PK\x03\x04", 14), (b"PK\x01\x02", 16)):
        start = whole.rindex(signature)
        (packed,) = struct.unpack("<I", whole[start + place + 4 : start + place + 8])
        whole[start + place : start + place + 12] = struct.pack("<III", zlib.crc32(bytes(10)), packed, 10)
    return bytes(whole)


def encrypted() -> bytes:
    """A Word file with an encrypted part, by what it says of itself."""
    whole = bytearray(docx())
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = whole.rindex(signature)
        whole[start + place] |= 1
    return bytes(whole)


def locked_odt() -> bytes:
    return package(
        ("mimetype", b"application/vnd.oasis.opendocument.text"),
        ("META-INF/manifest.xml", b"<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>"),
        compression=zipfile.ZIP_STORED,
    )


def hidden_macros() -> bytes:
    """A Word file whose macros have another name; only the list of types tells."""
    types = b'<Types><Override PartName="/word/x.bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>'
    return package(("[Content_Types].xml", types), ("word/document.xml", b"<w/>"), ("word/x.bin", b"x"))


def many_parts() -> bytes:
    """A package of which the directory alone would take a hundred megabytes."""
    start = docx()
    entry = struct.pack("<4s6H3I5H2I", b"PK\x01\x02", 20, 20, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"x"
    directory = entry * 150_000
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, len(directory), len(start), 0)
    return start + directory + end


def slow_package() -> bytes:
    return package(("[Content_Types].xml", b"<Types/>"), ("word/x.xml", bytes(1_000_000)), compression=zipfile.ZIP_LZMA)


def leading_out(name: str = "../../../etc/cron.d/x") -> bytes:
    return docx((name, b"x"))
