"""What makes ten digits a personnummer or a samordningsnummer: a day that has been, and the right check digit.

The rules are the Tax Agency's (SKV 704 and 707): YYMMDD, three digits and a check digit by the Luhn algorithm over the
nine before it; in a samordningsnummer 60 is added to the day. The agency's own test numbers follow them and count as
numbers here, for nobody can tell by looking.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    """What was found."""

    PERSONNUMMER = "personnummer"
    SAMORDNINGSNUMMER = "samordningsnummer"
    MASKED = "maskerat personnummer"


# Numbers were given to those who lived in 1947; the oldest of them were born a little more than a century before.
EARLIEST = date(1840, 1, 1)
CENTURIES = ("18", "19", "20")
ADDED_TO_THE_DAY = 60
# Nobody has been given this one.
NO_SERIAL = "000"
_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)


def kind_of(ten: str, century: str, today: date) -> Kind | None:
    """Which number ten digits are; None if they are none. ``century`` is "" where it is not written."""
    if ten[6:9] == NO_SERIAL or not has_right_check_digit(ten):
        return None
    return kind_of_date(ten[:6], century, today)


def has_right_check_digit(ten: str) -> bool:
    """The Luhn algorithm over ten digits of which the last one checks the others."""
    return not (sum(_DOUBLED[int(one)] for one in ten[0::2]) + sum(map(int, ten[1::2]))) % 10


def kind_of_date(six: str, century: str, today: date) -> Kind | None:
    """Which kind of number begins with YYMMDD; None if nobody living in the last century can have been born then.

    A day that does not exist in one century may exist in another (29 February 2000, but not 1900): every one is tried.
    """
    month, day = int(six[2:4]), int(six[4:])
    kind = Kind.PERSONNUMMER
    if day >= ADDED_TO_THE_DAY:
        kind, day = Kind.SAMORDNINGSNUMMER, day - ADDED_TO_THE_DAY
        # A samordningsnummer may leave the month and the day open.
        month, day = month or 1, day or 1
    for one in (century,) if century else CENTURIES:
        try:
            born = date(int(one + six[:2]), month, day)
        except ValueError:
            continue
        if EARLIEST <= born <= today:
            return kind
    return None
