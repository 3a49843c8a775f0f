"""A text with marks for what came and what went, in one piece: for two short texts that are read side by side."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from app.history.comparison import matching

_WORDS = re.compile(r"\w+|\n|[^\S\n]+|[^\w\s]")


@dataclass(frozen=True)
class Mark:
    """A stretch of text that stayed, came or went."""

    sort: Literal["same", "ins", "del"]
    text: str


def marked(old: str, new: str) -> list[Mark]:
    """The new text with what is new in it, and what went from the old one where it stood.

    Texts that have little in common are shown one after the other: word by word they would be a riddle.
    """
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    codes = matching(before, after)
    alike = sum(len("".join(before[a:b]).strip()) for tag, a, b, _, _ in codes if tag == "equal")
    if old.strip() and new.strip() and 3 * alike < min(len(old.strip()), len(new.strip())):
        return [Mark("del", old), Mark("same", "\n"), Mark("ins", new)]
    found: list[Mark] = []
    for tag, a, b, c, d in codes:
        if tag == "equal":
            found.append(Mark("same", "".join(before[a:b])))
            continue
        if b > a:
            found.append(Mark("del", "".join(before[a:b])))
        if d > c:
            found.append(Mark("ins", "".join(after[c:d])))
    return found
