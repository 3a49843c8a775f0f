"""How one reaches a person, in a text: an address made of a name, a mobile number. Hints for who writes; never a stop.

A unit's mailbox and switchboard are no personal data, so an address counts only where two words of letters stand before
the @, as in first name and last name, and a number only where it is a mobile one. Names no program can find.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_EMAIL = re.compile(r"(?<![\w.@+-])[^\W\d_]{2,}(?:[._][^\W\d_]{2,})+@[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)
_MOBILE = re.compile(r"(?<![\d/.-])(?:\+46[ -]?(?:\(0\))?|0)7[02369](?:[\u00a0 -]?\d){7}(?![\u00a0 -]?\d)")

AN_ADDRESS = "en e-postadress som ser ut att vara en persons"
A_NUMBER = "ett mobilnummer"


def details_in(text: str) -> Iterator[tuple[int, str]]:
    """The lines, from 1, where somebody may be reached, and in words what stands there: never the thing itself."""
    for number, line in enumerate(text.split("\n"), 1):
        if _EMAIL.search(line):
            yield number, AN_ADDRESS
        if _MOBILE.search(line):
            yield number, A_NUMBER
