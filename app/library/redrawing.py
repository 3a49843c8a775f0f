"""A program of its own that draws a picture anew: ``python redrawing.py PNG < sent > made``.

Decoders are where pictures do harm: a few hundred bytes can ask for gigabytes or for minutes, and a fault in a decoder
takes its process along. So they run here, with limits that the system keeps, without our secrets, and behind everybody
who only reads. Nothing of ours is imported: starting takes a tenth of a second. The only place that knows Pillow.
"""

from __future__ import annotations

import contextlib
import io
import os
import resource
import sys

from PIL import Image, ImageCms, ImageOps

# How many points each format may unpack to, by what its decoder takes for them: together with what follows never more
# than half a gigabyte. A JPEG is unpacked no larger than it is going to be (phones take up to 50 million points); 35
# million is more than the largest screens show; the decoder of WebP holds several copies of everything.
MOST_POINTS = {"JPEG": 50_000_000, "PNG": 35_000_000, "GIF": 35_000_000, "WEBP": 15_000_000}
# Also a picture that is one point wide costs something for every row.
LONGEST_SIDE = 65_535
# No page shows more, also not on a fine screen.
LONGEST_SHOWN = 2400

MEMORY_BYTES = 700_000_000
CPU_SECONDS = 15

# How it ended. Anything else: the system ended it.
DRAWN, BROKEN, TOO_LARGE, OUT_OF_MEMORY = 0, 3, 4, 5


class TooLarge(ValueError):
    """The picture has more points than may be unpacked: ``args`` are its width and height."""


def redrawn(content: bytes, sort: str) -> bytes:
    """The picture's points as a file of our own making; a GIF becomes a still PNG. Raises whatever a decoder raises."""
    # It is measured here, before anything is unpacked.
    Image.MAX_IMAGE_PIXELS = None
    _refuse_large(_size_before_opening(content, sort), sort)
    with Image.open(io.BytesIO(content), formats=(sort,)) as picture:
        _refuse_large(picture.size, sort)
        return _written(_prepared(picture, sort), sort)


def _size_before_opening(content: bytes, sort: str) -> tuple[int, int]:
    """What a WebP says of its size: its decoder takes memory for it already when it is opened."""
    if sort != "WEBP":
        return 1, 1
    match content[12:16]:
        case b"VP8X" if len(content) >= 30:
            return 1 + int.from_bytes(content[24:27], "little"), 1 + int.from_bytes(content[27:30], "little")
        case b"VP8L" if len(content) >= 25:
            bits = int.from_bytes(content[21:25], "little")
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8 " if len(content) >= 30:
            return int.from_bytes(content[26:28], "little") & 0x3FFF, int.from_bytes(content[28:30], "little") & 0x3FFF
    raise ValueError("not a WebP")


def _refuse_large(size: tuple[int, int], sort: str) -> None:
    if size[0] * size[1] > MOST_POINTS[sort] or max(size) > LONGEST_SIDE:
        raise TooLarge(*size)


def _prepared(picture: Image.Image, sort: str) -> Image.Image:
    """As large as it is shown, the right way up, and in the colours that screens have. Small first: it saves memory."""
    if sort == "JPEG":
        picture.draft(picture.mode, (LONGEST_SHOWN, LONGEST_SHOWN))
    elif max(picture.size) > LONGEST_SHOWN and picture.mode in ("1", "P", "PA"):
        # Only colours can be made smaller, not their numbers in a palette.
        picture = picture.convert("RGBA" if _sees_through(picture) else "RGB")
    picture.thumbnail((LONGEST_SHOWN, LONGEST_SHOWN), Image.Resampling.LANCZOS)
    ImageOps.exif_transpose(picture, in_place=True)
    return _in_common_colours(picture)


def _in_common_colours(picture: Image.Image) -> Image.Image:
    """Where a picture says what its colours mean, they are made into what is meant without saying so."""
    profile = picture.info.get("icc_profile")
    if not profile:
        return picture
    if picture.mode in ("P", "PA"):
        picture = picture.convert("RGBA" if _sees_through(picture) else "RGB")
    with contextlib.suppress(ImageCms.PyCMSError, OSError, ValueError):
        meant = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        into = "RGBA" if picture.mode == "RGBA" else "RGB"
        shown = ImageCms.profileToProfile(picture, meant, ImageCms.createProfile("sRGB"), outputMode=into)
        return shown or picture
    return picture


def _written(picture: Image.Image, sort: str) -> bytes:
    written = io.BytesIO()
    if sort == "JPEG":
        _bare(picture, ("RGB", "L")).save(written, "JPEG", quality=85, progressive=True)
    elif sort == "WEBP":
        _bare(picture, ("RGB", "RGBA")).save(written, "WEBP", quality=85, method=3)
    else:
        _bare(picture, ("RGB", "RGBA", "L", "LA", "1", "P", "I;16")).save(written, "PNG")
    return written.getvalue()


def _sees_through(picture: Image.Image) -> bool:
    return picture.mode in ("LA", "PA", "RGBA", "RGBa") or "transparency" in picture.info


def _bare(picture: Image.Image, modes: tuple[str, ...]) -> Image.Image:
    """The picture's points and nothing else, in a mode that its format has."""
    mode, see_through = picture.mode, _sees_through(picture)
    if mode not in modes or (mode == "P" and see_through) or (mode in ("RGB", "L", "1", "I;16") and see_through):
        picture = picture.convert("RGBA" if see_through and "RGBA" in modes else "RGB")
    bare = Image.new(picture.mode, picture.size)
    if palette := picture.getpalette():
        bare.putpalette(palette)
    bare.paste(picture)
    return bare


def _limit_ourselves() -> None:
    """What the system allows us from here on. Some systems keep only some of the limits."""
    limits = {
        resource.RLIMIT_AS: MEMORY_BYTES,
        resource.RLIMIT_CPU: CPU_SECONDS,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
    }
    for limit, most in limits.items():
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(limit, (most, most))
    with contextlib.suppress(OSError):
        os.nice(10)


def main(sort: str) -> int:
    """Draw what comes on the input; where it is too large the output says its size."""
    _limit_ourselves()
    try:
        made = redrawn(sys.stdin.buffer.read(), sort)
    except TooLarge as large:
        made, ended = "{} {}".format(*large.args).encode(), TOO_LARGE
    except MemoryError:
        made, ended = b"", OUT_OF_MEMORY
    except Exception:  # whatever a damaged or hostile picture makes a decoder raise
        made, ended = b"", BROKEN
    else:
        ended = DRAWN
    sys.stdout.buffer.write(made)
    sys.stdout.flush()
    return ended


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
