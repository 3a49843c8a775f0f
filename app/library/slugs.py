"""Slugs: the names of documents in addresses and in file names."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 80
# Letters that Unicode does not take apart into a base letter and a mark.
_LETTERS = str.maketrans({"æ": "ae", "œ": "oe", "ø": "o", "ß": "ss", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ı": "i"})


def slugify(text: str) -> str:
    """A text as a slug: "Västra Götalandsregionen" gives "vastra-gotalandsregionen". Empty if no letter is left."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    words = re.findall(r"[a-z0-9]+", "".join(letter for letter in plain if not unicodedata.combining(letter)))
    slug = "-".join(words)
    if len(slug) <= LONGEST:
        return slug
    cut = slug[: LONGEST + 1].rpartition("-")[0]
    return cut or slug[:LONGEST]
