"""Text as words: the same on both sides of the search, so that they meet.

A *word* is a run of letters and digits, lower-cased, with soft hyphens dropped. A number is one word, however it is
written: "13.3" is "13,3", and "85 000" is "85000". There is no list of stop words: how common a word is among the
documents, and in Swedish, decides how little it weighs.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple

LONGEST_WORD = 60
REMEMBERED = 30_000

_SPACES = " \u00a0\u2009\u202f"
_NUMBER = rf"(?<!\d)\d{{1,3}}(?:[{_SPACES}]\d{{3}})+(?!\d)|\d+[.,]\d+(?![^\W_])"
_WORD = re.compile(rf"{_NUMBER}|[^\W_]+")
_AS_ONE = str.maketrans(".", ",", _SPACES)
# Invisible characters inside words: soft hyphen, zero-width space, non-joiner, joiner, word joiner.
_INVISIBLE = re.compile("[\u00ad\u200b\u200c\u200d\u2060\ufeff]")


class Place(NamedTuple):
    """A word in a text: where it begins and ends, and what it is."""

    start: int
    end: int
    word: str


def printed(text: str) -> str:
    """The text as it is printed: NFC, without characters that nobody sees."""
    return text if text.isascii() else unicodedata.normalize("NFC", _INVISIBLE.sub("", text))


def normal(text: str) -> str:
    """The text as it is compared: as it is printed, in lower case."""
    # The one letter whose small form is two characters, the second of which is no letter.
    return printed(text).replace("İ", "i").lower()


def words(text: str) -> list[str]:
    """The words of a text, in order."""
    found = _WORD.findall(normal(text))
    return [(word if word.isalnum() else word.translate(_AS_ONE))[:LONGEST_WORD] for word in found]


def places(text: str) -> Iterator[Place]:
    """Where each word of a text stands. The text is to be as it is ``printed``."""
    for found in _WORD.finditer(text):
        for word in words(found.group()):
            yield Place(found.start(), found.end(), word)


def places_of(text: str, wanted: Callable[[str], bool]) -> Iterator[Place]:
    """Where the words stand that are wanted. The same as picking them out of ``places``, and much faster.

    Each different word is asked for once.
    """
    spelt = {one for one in set(_WORD.findall(text)) if any(map(wanted, _words_of(one)))}
    for found in _WORD.finditer(text) if spelt else ():
        if found.group() in spelt:
            yield from (Place(found.start(), found.end(), word) for word in _words_of(found.group()) if wanted(word))


@lru_cache(maxsize=REMEMBERED)
def _words_of(spelt: str) -> tuple[str, ...]:
    """The words of a run of letters in a text, mostly one; texts are made of the same ones again and again."""
    return tuple(words(spelt))
