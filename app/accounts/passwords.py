"""Passwords: argon2id, at the cost RFC 9106 names for a machine with little memory to spare."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

SHORTEST = 12
LONGEST = 200
HASHER = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)


def hash_of(password: str) -> str:
    """What is kept instead of the password. Raises ValueError, in Swedish, for one that is too short or too long."""
    if len(password) < SHORTEST:
        raise ValueError(f"Lösenordet behöver vara minst {SHORTEST} tecken. En mening är lätt att minnas.")
    if len(password) > LONGEST:
        raise ValueError(f"Lösenordet får vara högst {LONGEST} tecken.")
    return HASHER.hash(password)


def matches(password: str, kept: str | None) -> bool:
    """Whether the password is the one kept. Takes as long where none is, so that nobody learns who has an account."""
    try:
        HASHER.verify(kept or _nobodys_hash(HASHER), password)
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


def outdated(kept: str) -> bool:
    """Whether the hash was made at a lower cost than today's, and should be made anew."""
    return HASHER.check_needs_rehash(kept)


@cache
def _nobodys_hash(hasher: PasswordHasher) -> str:
    return hasher.hash("nobody has this password")
