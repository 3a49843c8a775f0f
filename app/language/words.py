"""Text as words, and words as stems: the same on both sides of the search, so that they meet.

A *word* is a run of letters and digits, lower-cased, with soft hyphens dropped. A number is one word, however it is
written: "13.3" is "13,3", and "85 000" is "85000".
A *stem* is the word without its Swedish inflection (Snowball). There is no list of stop words: how common a word is
among the documents decides how little it weighs.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import NamedTuple

import snowballstemmer

LONGEST_WORD = 60
# Long texts have some 100,000 forms, and most words are among the few thousand commonest.
STEMS_REMEMBERED = 60_000

_SPACES = " \u00a0\u2009\u202f"
_NUMBER = rf"(?<!\d)\d{{1,3}}(?:[{_SPACES}]\d{{3}})+(?!\d)|\d+[.,]\d+(?![^\W_])"
_WORD = re.compile(rf"{_NUMBER}|[^\W_]+")
_AS_ONE = str.maketrans(".", ",", _SPACES)
# Invisible characters inside words: soft hyphen, zero-width space, non-joiner, joiner, word joiner.
_INVISIBLE = re.compile("[\u00ad\u200b\u200c\u200d\u2060\ufeff]")
_stemmer = snowballstemmer.stemmer("swedish")


class Place(NamedTuple):
    """A word in a text: where it begins and ends, and its stem."""

    start: int
    end: int
    stem: str


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


def stems(text: str) -> list[str]:
    """The stems of a text's words, in order."""
    return [stem(word) for word in words(text)]


@lru_cache(maxsize=STEMS_REMEMBERED)
def stem(word: str) -> str:
    """The stem of one word as ``words`` gives it: "besöken" and "besöket" both give "besök"."""
    return str(_stemmer.stemWord(word))


def places(text: str) -> Iterator[Place]:
    """Where each word of a text stands. The text is to be as it is ``printed``."""
    for found in _WORD.finditer(text):
        for word in words(found.group()):
            yield Place(found.start(), found.end(), stem(word))


def places_of(text: str, wanted: Collection[str]) -> Iterator[Place]:
    """Where the words with one of some stems stand. The same as picking them out of ``places``, and much faster.

    A word begins with its stem, so only words that begin like one of them are looked at; numbers, which can be written
    in several ways, all are.
    """
    stems_wanted = frozenset(wanted)
    for found in _beginning(stems_wanted).finditer(text):
        word = found.group().lower()
        for one in [word[:LONGEST_WORD]] if word.isalnum() else words(found.group()):
            if (its_stem := stem(one)) in stems_wanted:
                yield Place(found.start(), found.end(), its_stem)


@lru_cache(maxsize=256)
def _beginning(wanted: frozenset[str]) -> re.Pattern[str]:
    """What finds the words that may have one of the stems."""
    beginnings = [re.escape(one) for one in sorted(wanted) if one and not one[0].isdigit()]
    parts = [rf"(?<![^\W_])(?:{'|'.join(beginnings)})[^\W_]*"] if beginnings else []
    if len(beginnings) < len(wanted):
        parts = [_NUMBER, r"(?<![^\W_])\d[^\W_]*", *parts]
    return re.compile("|".join(parts) or r"(?!)", re.IGNORECASE)
