"""Personal numbers in files: in what they say, in what they say of themselves, and in what they are called.

Small plain texts are looked through here. Everything else is read by a program of its own (``reading_out``), which may
take so much memory and time and no more.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import threading
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from app.library import reading_out
from app.library.personal_data import Kind, Level, covered, find, mark_of

# More than the program's own limit: that is of the time it computes, and others compute as well.
PATIENCE_SECONDS = 90
# A plain text up to here takes some hundredths of a second at most.
SMALL = 200_000
MOST_REMEMBERED = 200
# One at a time in a process: several large ones at once would take the memory from everybody.
_one_at_a_time = threading.Lock()


# As many as the program marks.
MOST_MARKED = 20


class Extent(StrEnum):
    """How much of a file could be read."""

    WHOLE = "whole"
    # The rest is damaged, or more than is read.
    PARTLY = "partly"
    LOCKED = "locked"
    # A picture, or what is damaged from the beginning.
    NOTHING = "nothing"


@dataclass(frozen=True)
class Sighting:
    """A number that was seen: where in the file ("sida 3", "namnet"; "" for the text itself), and how it looks."""

    place: str
    line: int
    kind: Kind
    level: Level
    masked: str
    # Where it was asked for: by what it can be declared to be none (app.library.guard).
    mark: str = ""

    @property
    def stops(self) -> bool:
        return self.level is Level.STOP

    @property
    def where(self) -> str:
        """The place in words: "sida 3, rad 12"."""
        return IN_THE_NAME if self.place == IN_THE_NAME else ", ".join(filter(None, (self.place, f"rad {self.line}")))


@dataclass(frozen=True)
class Scanned:
    """What was seen in a file, and how much of it could be read."""

    sightings: tuple[Sighting, ...]
    extent: Extent

    @property
    def stops(self) -> bool:
        return any(one.stops for one in self.sightings)


IN_THE_NAME = "namnet"
_remembered: OrderedDict[tuple[str, str, str], Scanned] = OrderedDict()


def scan_file(extension: str, content: bytes, salt: str = "") -> Scanned:
    """Every number in a file, by the ending of its name in small letters. With a ``salt`` each is marked.

    A file goes through several hands before it is saved: what was found in the last ones is remembered.
    """
    if extension not in reading_out.READABLE:
        return Scanned((), Extent.NOTHING)
    key = (hashlib.sha256(content).hexdigest(), extension, salt)
    if key not in _remembered:
        _remembered[key] = _scanned(extension, content, salt)
        while len(_remembered) > MOST_REMEMBERED:
            _remembered.popitem(last=False)
    return _remembered[key]


def _scanned(extension: str, content: bytes, salt: str) -> Scanned:
    if extension in reading_out.TEXTS and len(content) <= SMALL:
        return Scanned(scan_text(reading_out.decoded(content), salt=salt), Extent.WHOLE)
    with _one_at_a_time:
        told, ended = _read_out(extension, content, salt)
    # A file says the same in several ways: a workbook in its cells and in what lies behind them.
    return Scanned(tuple(dict.fromkeys(_sightings(told))), _extent(ended, told))


def scan_name(name: str) -> tuple[Sighting, ...]:
    """Every number in what a file or a folder is called."""
    return scan_text(name, IN_THE_NAME)


def scan_text(text: str, place: str = "", salt: str = "") -> tuple[Sighting, ...]:
    """Every number in a text. With a ``salt`` the first of those that stop are marked."""
    found: list[Sighting] = []
    left = MOST_MARKED if salt else 0
    for one in find(text):
        mark = mark_of(text, one, salt) if one.stops and left else ""
        left -= bool(mark)
        found.append(Sighting(place, one.line, one.kind, one.level, one.masked, mark))
    return tuple(found)


def hidden(text: str) -> str:
    """A text with the numbers in it hidden."""
    return covered(text, find(text))


def _read_out(extension: str, content: bytes, salt: str) -> tuple[bytes, int]:
    """What the program told, and how it ended."""
    try:
        done = subprocess.run(
            # -I: nothing from the folder it is started in, or from the environment, is imported.
            (sys.executable, "-I", "-c", reading_out.PROGRAM, reading_out.FOLDER, extension, salt),
            input=content,
            capture_output=True,
            check=False,
            timeout=PATIENCE_SECONDS,
            # It gets the hostile content, and nothing that is ours.
            env={},
        )
    except subprocess.TimeoutExpired as expired:
        return expired.stdout or b"", reading_out.PARTLY
    return done.stdout, done.returncode


def _extent(ended: int, told: bytes) -> Extent:
    match ended:
        case reading_out.READ:
            return Extent.WHOLE
        case reading_out.LOCKED:
            return Extent.LOCKED
        case reading_out.BROKEN if not told:
            return Extent.NOTHING
    return Extent.PARTLY


def _sightings(told: bytes) -> Iterator[Sighting]:
    for line in told.splitlines():
        try:
            said = json.loads(line)
        except ValueError:
            continue  # it was cut off while it was told
        kind, level = Kind(said["kind"]), Level(said["level"])
        yield Sighting(said["place"], said["line"], kind, level, said["masked"], said["mark"])
