"""A body by its headings of the second level, so that a form can show and change one at a time."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.library.comments import without_comments

_HEADING = re.compile(r"^##(?!#)[ \t]*(?P<title>[^\n]*?)[ \t]*#*[ \t]*$", re.MULTILINE)
_FENCE = re.compile(r"^(?P<fence>~{3,}|`{3,})(?P<more>[^\n`]*)$", re.MULTILINE)


@dataclass(frozen=True)
class Section:
    """A heading and the text below it, without blank lines around.

    The text before the first heading has the title "". A text that is nothing but comments is empty.
    """

    title: str
    text: str


@dataclass(frozen=True)
class _Piece:
    """A section as it stands in the body, to the letter."""

    title: str
    heading: str
    raw: str
    new: bool = False

    @property
    def text(self) -> str:
        return _trimmed(self.raw)

    def __str__(self) -> str:
        return self.heading + self.raw


def split_sections(body: str) -> list[Section]:
    """The sections of a body, in its order. A "##" inside a block of code is no heading."""
    return [Section(piece.title, piece.text if without_comments(piece.text).strip() else "") for piece in _pieces(body)]


def join_sections(body: str, new: Mapping[str, str], order: Sequence[str]) -> str:
    """The body with new texts for some sections, by title; every other section stays to the letter.

    An empty text takes the section away. A section that is not there yet comes where ``order`` says, after those that
    precede it. Where two sections have the same title the first is meant.
    """
    pieces = list(_pieces(body))
    for title, text in new.items():
        found = next((number for number, piece in enumerate(pieces) if piece.title == title), None)
        trimmed = _trimmed(text)
        if found is None:
            if trimmed:
                pieces.insert(_place(pieces, title, order), _new_piece(title, trimmed))
        elif not trimmed:
            del pieces[found]
        elif trimmed != pieces[found].text:
            pieces[found] = _new_piece(title, trimmed, pieces[found].heading)
    return body if pieces == list(_pieces(body)) else _joined(pieces)


def _pieces(body: str) -> Iterator[_Piece]:
    code, _ = _code_in(body)
    headings = [
        found
        for found in _HEADING.finditer(body)
        if found["title"] and not any(start <= found.start() < end for start, end in code)
    ]
    first = headings[0].start() if headings else len(body)
    if body[:first].strip():
        yield _Piece("", "", body[:first])
    ends = [*(found.start() for found in headings), len(body)][1:]
    for heading, after in zip(headings, ends, strict=True):
        yield _Piece(heading["title"], heading[0], body[heading.end() : after])


def _place(pieces: Sequence[_Piece], title: str, order: Sequence[str]) -> int:
    """Where a new section goes: right after the last of those that come before it in the order."""
    if not title:
        return 0
    if title not in order:
        return len(pieces)
    before = {"", *order[: order.index(title)]}
    after = set(order) - before
    last = max((number for number, piece in enumerate(pieces) if piece.title in before), default=-1)
    if last >= 0:
        return last + 1
    return next((number for number, piece in enumerate(pieces) if piece.title in after), len(pieces))


def _new_piece(title: str, text: str, heading: str = "") -> _Piece:
    if not title:
        return _Piece("", "", f"{_closed(text)}\n\n", new=True)
    return _Piece(title, heading or f"## {title}", f"\n\n{_closed(text)}\n\n", new=True)


def _joined(pieces: Sequence[_Piece]) -> str:
    """One text, with a blank line before and after what is new; what is not stays to the letter."""
    text = ""
    for before, piece in zip([None, *pieces], pieces, strict=False):
        if before and (before.new or piece.new):
            text = text.rstrip("\n") + "\n\n"
        text += str(piece)
    if pieces and pieces[-1].new:
        return text.rstrip("\n") + "\n"
    return text


def _code_in(text: str) -> tuple[list[tuple[int, int]], str]:
    """Where the blocks of code are, and the fence of the first that never ends ("" if all do)."""
    fences = list(_FENCE.finditer(text))
    ends: dict[str, list[int]] = {}
    for number, found in enumerate(fences):
        if not found["more"].strip():
            ends.setdefault(found["fence"], []).append(number)
    blocks, unending, number = [], "", 0
    while number < len(fences):
        fence = fences[number]["fence"]
        later = ends.get(fence, [])
        place = bisect_right(later, number)
        if place < len(later):
            blocks.append((fences[number].start(), fences[later[place]].end()))
            number = later[place] + 1
        else:
            unending = unending or fence
            number += 1
    return blocks, unending


def _closed(text: str) -> str:
    """A text whose blocks of code are all ended, so that none can swallow the heading after it."""
    _, unending = _code_in(text)
    while unending:
        text = f"{text}\n{unending}"
        _, unending = _code_in(text)
    return text


def _trimmed(text: str) -> str:
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return re.sub(r"\A(?:[ \t]*\n)+", "", plain).rstrip()
