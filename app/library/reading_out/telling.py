"""What is found in a file is told; what is read of it is counted, so that nobody reads for ever."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterator

from ..personal_data import covered, find, mark_of

MOST_TEXT = 50_000_000
MOST_FOUND = 1_000
# Nobody declares more than these to be none; a mark takes some milliseconds.
MOST_MARKED = 20
MOST_UNPACKED = 300_000_000
MOST_PARTS = 10_000


class Locked(ValueError):
    """Nobody can read it without a password."""


class TooMuch(ValueError):
    """There is more in it than is read."""


class Telling:
    """What has been told so far, and whether anything was left out."""

    def __init__(self, salt: str = "") -> None:
        self.salt = salt
        self.marked = MOST_MARKED if salt else 0
        self.text = MOST_TEXT
        self.found = MOST_FOUND
        self.unpacked = MOST_UNPACKED
        self.parts = MOST_PARTS
        self.whole = True

    def look_at(self, place: str, text: str, line: int = 1) -> None:
        """Look for numbers in some text, and tell them. Raises TooMuch when enough has been read or found.

        ``place`` says where in the file it stands, ``line`` which its first line is.
        """
        self.text -= len(text)
        if self.text < 0:
            raise TooMuch
        for one in find(text):
            self.found -= 1
            if self.found < 0:
                raise TooMuch
            mark = ""
            if one.stops and self.marked:
                self.marked -= 1
                mark = mark_of(text, one, self.salt)
            told = {"place": _hidden(place), "line": one.line + line - 1, "kind": one.kind, "level": one.level}
            sys.stdout.write(json.dumps({**told, "masked": one.masked, "mark": mark}) + "\n")
            sys.stdout.flush()

    def take_unpacked(self, size: int) -> None:
        """Count what was unpacked. Raises TooMuch."""
        self.unpacked -= size
        if self.unpacked < 0:
            raise TooMuch

    def take_parts(self, number: int) -> None:
        """Count the parts of a package. Raises TooMuch."""
        self.parts -= number
        if self.parts < 0:
            raise TooMuch

    @contextlib.contextmanager
    def as_far_as_it_goes(self) -> Iterator[None]:
        """Let a part that cannot be read be left out, and the rest be read."""
        try:
            yield
        except (Locked, TooMuch, MemoryError):
            raise
        except Exception:  # whatever a damaged or hostile file makes a reader raise
            self.whole = False


def _hidden(place: str) -> str:
    """A place without the numbers in it: a sheet may be called by one."""
    return covered(place, find(place))
