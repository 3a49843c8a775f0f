"""A text with marks for what came and what went, in one piece: for two short texts that are read side by side."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from app.history.comparison import matching

Code = tuple[str, int, int, int, int]

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
    for tag, a, b, c, d in _in_phrases(codes, before):
        if tag == "equal":
            found.append(Mark("same", "".join(before[a:b])))
            continue
        if b > a:
            found.append(Mark("del", "".join(before[a:b])))
        if d > c:
            found.append(Mark("ins", "".join(after[c:d])))
    return found


def _in_phrases(codes: list[Code], before: list[str]) -> list[Code]:
    """The changes with those joined between which only a blank or a comma stayed: people read phrases, not words."""
    found: list[Code] = []
    for number, (tag, a, b, c, d) in enumerate(codes):
        between = 0 < number < len(codes) - 1 and len("".join(before[a:b]).strip()) <= 1 and "\n" not in before[a:b]
        tag = "replace" if tag == "equal" and between else tag
        if found and tag != "equal" and found[-1][0] != "equal":
            _, first, _, other, _ = found.pop()
            found.append(("replace", first, b, other, d))
        else:
            found.append((tag, a, b, c, d))
    return found
