"""Letters without their marks: what is typed on a keyboard that has no å, ä and ö."""

from __future__ import annotations

import unicodedata

_MARKED = str.maketrans({"å": "a", "ä": "a", "æ": "a", "ö": "o", "ø": "o"})


def fold(word: str) -> str:
    """The word without marks on its letters: "försörjningsstöd" gives "forsorjningsstod"."""
    word = word.translate(_MARKED)
    if word.isascii():
        return word
    return "".join(letter for letter in unicodedata.normalize("NFD", word) if not unicodedata.combining(letter))
