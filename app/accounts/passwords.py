"""Passwords: what is asked of them, and argon2id at the cost RFC 9106 names for a machine with little memory to spare.

Length and not being easy to guess is asked, no mixture of signs (NIST SP 800-63B-4, OWASP ASVS 5.0 chapter 6).
"""

from __future__ import annotations

import unicodedata
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from app.accounts.guessing import is_easy_to_guess

# What NIST asks where the password is all there is to a sign-in.
SHORTEST = 15
LONGEST = 200
HASHER = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
# Each takes 64 MB: who tries many at once shall not fill the memory.
_AT_ONCE = BoundedSemaphore(2)


def hash_of(password: str, *about: str) -> str:
    """What is kept instead of a new password. ``about`` is what others know of the person: name, address, organisation.

    Raises ValueError, in Swedish, for one that is too short, too long or easy to guess.
    """
    length = len(_normal(password))
    if length < SHORTEST:
        raise ValueError(f"Lösenordet behöver vara minst {SHORTEST} tecken. En mening är lätt att minnas.")
    if length > LONGEST:
        raise ValueError(f"Lösenordet får vara högst {LONGEST} tecken.")
    if is_easy_to_guess(_normal(password), about):
        raise ValueError(
            "Det lösenordet är lätt att gissa. Det är vanligt, upprepar sig, eller bygger mest på ditt namn, din"
            " organisation eller Lärnät. Välj några ord som inte hör ihop."
        )
    return hash_anew(password)


def hash_anew(password: str) -> str:
    """The hash of a password that somebody has already, at today's cost."""
    with _AT_ONCE:
        return HASHER.hash(_normal(password))


def matches(password: str, kept: str | None) -> bool:
    """Whether the password is the one kept. Takes as long where none is, so that nobody learns who has an account."""
    try:
        with _AT_ONCE:
            HASHER.verify(kept or _nobodys_hash(HASHER), _normal(password))
    except (VerificationError, InvalidHashError):
        return False
    return bool(kept)


def outdated(kept: str) -> bool:
    """Whether the hash was made at a lower cost than today's, and should be made anew."""
    return HASHER.check_needs_rehash(kept)


def _normal(password: str) -> str:
    """The same signs however a keyboard codes å, ä and ö; nothing else is changed."""
    return unicodedata.normalize("NFC", password)


@cache
def _nobodys_hash(hasher: PasswordHasher) -> str:
    return hasher.hash("nobody has this password")
