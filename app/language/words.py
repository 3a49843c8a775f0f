"""Text as words, and words as stems: the same on both sides of the search, so that they meet.

A *word* is a run of letters and digits, lower-cased, with soft hyphens dropped. A number is one word, however it is
written: "13.3" is "13,3", and "85 000" is "85000".
A *stem* is the word without its Swedish inflection (Snowball). There is no list of stop words: how common a word is
among the documents decides how little it weighs.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

import snowballstemmer

LONGEST_WORD = 60
# Long texts have some 100,000 forms, and most words are among the few thousand commonest.
STEMS_REMEMBERED = 60_000

_SPACES = " \u00a0\u2009\u202f"
_WORD = re.compile(rf"(?<!\d)\d{{1,3}}(?:[{_SPACES}]\d{{3}})+(?!\d)|\d+[.,]\d+(?![^\W_])|[^\W_]+")
_AS_ONE = str.maketrans(".", ",", _SPACES)
# Invisible characters inside words: soft hyphen, zero-width space, non-joiner, joiner, word joiner.
_INVISIBLE = dict.fromkeys((0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF))
_stemmer = snowballstemmer.stemmer("swedish")


def printed(text: str) -> str:
    """The text as it is printed: NFC, without characters that nobody sees."""
    return unicodedata.normalize("NFC", text.translate(_INVISIBLE))


def normal(text: str) -> str:
    """The text as it is compared: as it is printed, in lower case."""
    return printed(text).lower()


def words(text: str) -> list[str]:
    """The words of a text, in order."""
    return [word.translate(_AS_ONE)[:LONGEST_WORD] for word in _WORD.findall(normal(text))]


def stems(text: str) -> list[str]:
    """The stems of a text's words, in order."""
    return [stem(word) for word in words(text)]


@lru_cache(maxsize=STEMS_REMEMBERED)
def stem(word: str) -> str:
    """The stem of one word as ``words`` gives it: "besöken" and "besöket" both give "besök"."""
    return str(_stemmer.stemWord(word))


def places(text: str) -> Iterator[tuple[int, int, str]]:
    """Where each word of a text begins and ends, with its stem. The text is to be as it is ``printed``."""
    for found in _WORD.finditer(text):
        for word in words(found.group()):
            yield found.start(), found.end(), stem(word)
