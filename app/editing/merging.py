"""Three answers to the same form, put together: the one both began from, the one saved since, and mine.

Field by field: what only one of us changed is taken; long texts go together line by line; lists row by row; several
choices word by word. What both changed differently is a clash, which a person decides. Pure: no request, no database.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from app.publishing.conflict import Collision, merge
from app.web.forms import WAS, Shape, Sort, Values, same

LINES = (Sort.LONG, Sort.MARKDOWN)
WORDS = (*LINES, Sort.TEXT)
Path = tuple[str, ...]


@dataclass(frozen=True)
class Three:
    """One field in all three forms. ``label`` is its name with that of its group; ``name`` is what the form posts."""

    shape: Shape
    path: Path
    label: str
    base: Any
    theirs: Any
    mine: Any

    @property
    def name(self) -> str:
        return "-".join(self.path)


@dataclass(frozen=True)
class Clash:
    """A field that both changed, differently. ``both`` has what both wrote; None where only one answer can hold.

    ``suggestion`` is where one begins to write a common text.
    """

    field: Three
    mine: Any
    theirs: Any
    both: Any | None
    suggestion: Any

    @property
    def is_text(self) -> bool:
        return self.field.shape.sort in WORDS


@dataclass(frozen=True)
class Agreed:
    """A field that went together by itself, and whose change it is: "mine", "theirs" or "both"."""

    field: Three
    value: Any
    by: str


@dataclass
class Together:
    """All fields put together. ``values`` are theirs with what of mine goes along; clashes stand there as suggested."""

    values: Values
    agreed: list[Agreed] = field(default_factory=list)
    clashes: list[Clash] = field(default_factory=list)


def put_together(shapes: Sequence[Shape], base: Values, theirs: Values, mine: Values) -> Together:
    """The three forms as one."""
    result = Together(deepcopy(theirs))
    for three in _fields(shapes, base, theirs, mine, (), ""):
        if same(three.shape, three.mine, three.theirs):
            continue
        found = _one_field(three)
        if isinstance(found, Clash):
            result.clashes.append(found)
            _put(result.values, three.path, found.suggestion)
        else:
            result.agreed.append(found)
            _put(result.values, three.path, found.value)
    return result


def _fields(
    shapes: Sequence[Shape], base: Values, theirs: Values, mine: Values, path: Path, label: str
) -> Iterator[Three]:
    """Every field with its three answers; a group's fields one by one."""
    for shape in shapes:
        three = tuple(values.get(shape.name) for values in (base, theirs, mine))
        here = (*path, shape.name)
        if shape.sort is Sort.GROUP:
            groups = [values or {} for values in three]
            yield from _fields(shape.parts, groups[0], groups[1], groups[2], here, f"{label}{shape.label}: ")
        else:
            yield Three(shape, here, label + shape.label, *three)


def _put(values: Values, path: Path, value: Any) -> None:
    for name in path[:-1]:
        values = values.setdefault(name, {})
    values[path[-1]] = value


def _one_field(three: Three) -> Agreed | Clash:
    shape = three.shape
    if same(shape, three.mine, three.base):
        return Agreed(three, three.theirs, "theirs")
    if same(shape, three.theirs, three.base):
        return Agreed(three, three.mine, "mine")
    match shape.sort:
        case Sort.CHOICES:
            return Agreed(three, _words_together(three), "both")
        case Sort.ROWS:
            return _rows_together(three)
        case sort if sort in WORDS:
            return _text_together(three)
    return Clash(three, three.mine, three.theirs, None, three.mine)


def _words_together(three: Three) -> list[str]:
    """What either added is there, and what either took away is not; in the order of the form."""
    base, theirs, mine = (set(words or ()) for words in (three.base, three.theirs, three.mine))
    wanted = (theirs | mine) - (base - theirs) - (base - mine)
    return [word for word, _ in three.shape.choices if word in wanted]


# ---- Text ----


def _text_together(three: Three) -> Agreed | Clash:
    base, theirs, mine = (str(text or "") for text in (three.base, three.theirs, three.mine))
    lines = merge(base, theirs, mine)
    if lines.clean and three.shape.sort in LINES:
        return Agreed(three, _joined(lines, "theirs"), "both")
    pieces = [
        _words_of_both(piece) if isinstance(piece, Collision) else piece.text
        for piece in (lines.pieces if three.shape.sort in LINES else [Collision(base, theirs, mine)])
    ]
    return Clash(three, mine, theirs, _both_texts(theirs, mine), "".join(pieces).strip("\n"))


def _joined(merged: Any, side: str) -> str:
    return "".join(
        getattr(piece, side) if isinstance(piece, Collision) else piece.text for piece in merged.pieces
    ).strip("\n")


def _words_of_both(piece: Collision) -> str:
    """A suggestion with both changes, word by word; where they touch each other, one text after the other."""
    base, theirs, mine = (_one_word_a_line(text or "") for text in (piece.base, piece.theirs, piece.mine))
    words = merge(base, theirs, mine)
    if words.clean and base.strip():
        return _as_running_text(_joined(words, "theirs"))
    return _both_texts(piece.theirs, piece.mine)


def _both_texts(theirs: str, mine: str) -> str:
    return f"{theirs.rstrip()}\n{mine.lstrip(chr(10))}" if theirs.strip() and mine.strip() else theirs or mine


# Line breaks of the text, while every word stands on a line of its own.
_BREAK = "\u2028"


def _one_word_a_line(text: str) -> str:
    return "".join(f"{word}\n" for word in re.findall(r"\s+|[^\s]+", text.replace("\n", _BREAK)))


def _as_running_text(lines: str) -> str:
    return lines.replace("\n", "").replace(_BREAK, "\n")


# ---- Rows ----


def _rows_together(three: Three) -> Agreed | Clash:
    """Lists, row by row: rows that either added or took away; a clash where both changed the same place."""
    # Rows of theirs keep their places, which are those of the file that the text is written into.
    placed = {_line(row): row for row in three.theirs or ()}
    merged = merge(*(_as_lines(rows) for rows in (three.base, three.theirs, three.mine)))
    sides = {
        side: [placed.get(line) or json.loads(line) for line in _rows_of(merged, side)]
        for side in ("mine", "theirs", "both")
    }
    if merged.clean:
        return Agreed(three, sides["theirs"], "both")
    return Clash(three, sides["mine"], sides["theirs"], sides["both"], sides["both"])


def _rows_of(merged: Any, side: str) -> list[str]:
    found: list[str] = []
    for piece in merged.pieces:
        if not isinstance(piece, Collision):
            found += piece.text.splitlines()
        elif side == "both":
            theirs = piece.theirs.splitlines()
            found += theirs + [line for line in piece.mine.splitlines() if line not in theirs]
        else:
            found += getattr(piece, side).splitlines()
    return found


def _as_lines(rows: Sequence[Any] | None) -> str:
    return "".join(f"{_line(row)}\n" for row in rows or ())


def _line(row: Any) -> str:
    # ASCII, so that no line break of another alphabet divides a row.
    return json.dumps(_without_places(row), sort_keys=True)


def _without_places(value: Any) -> Any:
    """The value without where its rows stood in a file that has changed since."""
    if isinstance(value, dict):
        return {name: _without_places(one) for name, one in value.items() if name != WAS}
    if isinstance(value, list):
        return [_without_places(one) for one in value]
    return value
