"""Pictures made anew: what a camera or a hostile hand put into the file beside the picture does not come along.

The only place that knows Pillow. A picture is measured before anything of it is unpacked, turned as the camera was
held, made no larger than a page shows, and written anew without position, time, camera, comments and profiles.
"""

from __future__ import annotations

import io
import struct
import threading

from PIL import Image, ImageOps

from app.library.file_types import BY_EXTENSION, FileType, WrongFile

# About 160 MB unpacked. Phones take up to 50 million; a scan of a whole wall is for somewhere else.
MOST_PIXELS = 50_000_000
# No page shows more, also not on a fine screen.
LONGEST_SIDE = 2400

# It is measured here, before anything is unpacked.
Image.MAX_IMAGE_PIXELS = None
_FORMATS = {"png": "PNG", "jpg": "JPEG", "gif": "GIF", "webp": "WEBP"}
# One at a time in a process: several large ones at once would take the memory from everybody.
_one_at_a_time = threading.Lock()


def made_anew(content: bytes, file_type: FileType) -> tuple[bytes, FileType]:
    """The picture as a file of our own making, and its type (a GIF becomes a still PNG). Raises WrongFile."""
    if file_type.extension == "webp":
        _refuse_large(*_size_of_webp(content))
    with _one_at_a_time:
        try:
            with Image.open(io.BytesIO(content), formats=(_FORMATS[file_type.extension],)) as picture:
                _refuse_large(*picture.size)
                return _written(_prepared(picture), file_type)
        except WrongFile:
            raise
        except MemoryError as error:
            raise WrongFile("Bilden är för stor. Gör den mindre och försök igen.") from error
        except Exception as error:  # whatever a damaged or hostile picture makes the decoder raise
            raise WrongFile("Bilden är skadad: den går inte att läsa. Spara den på nytt och försök igen.") from error


def _refuse_large(width: int, height: int) -> None:
    if width * height > MOST_PIXELS:
        raise WrongFile(
            f"Bilden är {_grouped(width)} × {_grouped(height)} bildpunkter. Högst"
            f" {MOST_PIXELS // 1_000_000} miljoner bildpunkter går bra: gör den mindre och försök igen."
        )


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", " ")


def _prepared(picture: Image.Image) -> Image.Image:
    if picture.format == "JPEG":
        # Unpacked no larger than it is going to be.
        picture.draft(picture.mode, (LONGEST_SIDE, LONGEST_SIDE))
    picture.load()
    turned = ImageOps.exif_transpose(picture)
    turned.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    return turned


def _written(picture: Image.Image, file_type: FileType) -> tuple[bytes, FileType]:
    written = io.BytesIO()
    if file_type.extension == "jpg":
        _bare(picture, ("RGB", "L")).save(written, "JPEG", quality=85, progressive=True)
    elif file_type.extension == "webp":
        _bare(picture, ("RGB", "RGBA")).save(written, "WEBP", quality=85, method=3)
    else:
        file_type = BY_EXTENSION["png"]
        _bare(picture, ("RGB", "RGBA", "L", "LA", "1", "P", "I;16")).save(written, "PNG")
    return written.getvalue(), file_type


def _bare(picture: Image.Image, modes: tuple[str, ...]) -> Image.Image:
    """The picture's points and nothing else, in a mode that its format has."""
    mode = picture.mode
    see_through = mode in ("LA", "PA", "RGBA", "RGBa") or "transparency" in picture.info
    if mode not in modes or (mode == "P" and see_through) or (mode in ("RGB", "L", "1", "I;16") and see_through):
        picture = picture.convert("RGBA" if see_through and "RGBA" in modes else "RGB")
    bare = Image.new(picture.mode, picture.size)
    if palette := picture.getpalette():
        bare.putpalette(palette)
    bare.paste(picture)
    return bare


def _size_of_webp(content: bytes) -> tuple[int, int]:
    """What the file says of its size; the decoder would take memory for it before it could be asked."""
    try:
        match content[12:16]:
            case b"VP8X":
                return 1 + int.from_bytes(content[24:27], "little"), 1 + int.from_bytes(content[27:30], "little")
            case b"VP8L":
                bits = struct.unpack("<I", content[21:25])[0]
                return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
            case b"VP8 ":
                width, height = struct.unpack("<HH", content[26:30])
                return width & 0x3FFF, height & 0x3FFF
    except struct.error:
        pass
    raise WrongFile("Bilden är skadad: den går inte att läsa. Spara den på nytt och försök igen.")
