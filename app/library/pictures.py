"""Pictures made anew: what a camera or a hostile hand put into the file beside the picture does not come along.

A picture is measured before anything of it is unpacked, turned as the camera was held, made no larger than a page
shows, and written anew without position, time, camera, comments and profiles. That is done by a program of its own
(``redrawing.py``), which may take so much memory and time and no more.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from typing import IO

from app.library import redrawing
from app.library.file_types import BY_EXTENSION, FileType, WrongFile
from app.library.picture_heads import head_of

# More than its own limit: that is of the time it computes, and others compute as well.
PATIENCE_SECONDS = 60
# What is shown of pictures that were not made anew.
MOST_SHOWN = max(redrawing.MOST_POINTS.values())
# One at a time in a process: several large ones at once would take the memory from everybody.
_one_at_a_time = threading.Lock()
_FORMATS = {"png": "PNG", "jpg": "JPEG", "gif": "GIF", "webp": "WEBP"}

BROKEN = "Bilden är skadad: den går inte att läsa. Spara den på nytt och försök igen."
TOO_MUCH = "Bilden tar för mycket minne eller tid att läsa. Spara den på nytt, gärna mindre, och försök igen."
BUSY = "Flera andra bilder görs om just nu. Försök igen om en stund."


def made_anew(content: bytes, file_type: FileType) -> tuple[bytes, FileType]:
    """The picture as a file of our own making, and its type (a GIF becomes a still PNG). Raises WrongFile."""
    sort = _FORMATS[file_type.extension]
    if not _one_at_a_time.acquire(timeout=PATIENCE_SECONDS):
        raise WrongFile(BUSY)
    try:
        ended, made = _redrawn(content, sort)
    finally:
        _one_at_a_time.release()
    match ended:
        case redrawing.DRAWN:
            return made, BY_EXTENSION["png"] if file_type.extension == "gif" else file_type
        case redrawing.TOO_LARGE:
            width, height = made.split()
            raise WrongFile(_too_large(int(width), int(height), redrawing.MOST_POINTS[sort]))
        case redrawing.BROKEN:
            raise WrongFile(BROKEN)
    raise WrongFile(TOO_MUCH)


def refuse_to_show(file: IO[bytes], file_type: FileType) -> None:
    """A picture that was not made anew, and is so large that it could stop its readers' browsers. Raises WrongFile."""
    head = head_of(file, file_type)
    if head is None:
        raise WrongFile(BROKEN)
    if head.points > MOST_SHOWN:
        raise WrongFile(_too_large(head.width, head.height, MOST_SHOWN))


def _redrawn(content: bytes, sort: str) -> tuple[int | None, bytes]:
    """How the drawing ended (None: it did not), and what it gave."""
    try:
        done = subprocess.run(
            # -I: nothing from the folder it is started in, or from the environment, is imported.
            (sys.executable, "-I", redrawing.__file__, sort),
            input=content,
            capture_output=True,
            check=False,
            timeout=PATIENCE_SECONDS,
            # It gets the hostile content, and nothing that is ours.
            env={},
        )
    except subprocess.TimeoutExpired:
        return None, b""
    return done.returncode, done.stdout


def _too_large(width: int, height: int, most: int) -> str:
    limit = (
        f"Högst {most // 1_000_000} miljoner bildpunkter går bra"
        if width * height > most
        else f"Högst {_grouped(redrawing.LONGEST_SIDE)} bildpunkter på en sida går bra"
    )
    return f"Bilden är {_grouped(width)} × {_grouped(height)} bildpunkter. {limit}: gör den mindre och försök igen."


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", " ")
