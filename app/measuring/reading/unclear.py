"""What cannot be read: a cell, or a whole file. Messages are Swedish and say what to do."""

from __future__ import annotations

# How a cell of a workbook that belongs to another one is shown: whose value it has is for whoever merged them to say.
MERGED = "<sammanslagen>"


class Unclear(ValueError):
    """A cell that is not what it should be, or may be two things."""


class Ambiguous(Unclear):
    """A number that may be two different ones. Whoever knows is asked; nothing is guessed."""


class Unreadable(ValueError):
    """A file that no row of can be read."""
