"""How often one may try something, above all to sign in: counted in the kept database, so that workers share it and a
restart keeps it.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlmodel import Field, Session, col, delete, func, select

from app.database import Kept

WINDOW_SECONDS = 15 * 60
# Behind one address there may be a whole town hall.
TIMES_MORE_PER_ADDRESS = 10


class SignInTry(Kept, table=True):
    """One try that counts. ``counted_for`` is a hash: people type passwords into the wrong box."""

    __tablename__ = "sign_in_try"

    id: int | None = Field(default=None, primary_key=True)
    counted_for: str = Field(index=True)
    at: float = Field(index=True)


class TooManyTries(Exception):
    """No more tries for now. ``until`` is when the next is allowed, in seconds since 1970."""

    def __init__(self, until: float) -> None:
        super().__init__(until)
        self.until = until


@dataclass(frozen=True)
class Tries:
    """The limit: ``most`` tries for one account in a quarter of an hour, and ten times as many from one address."""

    most: int
    now: Callable[[], float] = time.time

    def begin(self, session: Session, account: str, address: str) -> None:
        """Count a try before it is known how it goes. Raises TooManyTries; the refused try is not counted."""
        limits = {key("account", account): self.most, key("address", address): self.most * TIMES_MORE_PER_ADDRESS}
        count(session, limits, self.now())

    def succeed(self, session: Session, account: str, address: str) -> None:
        """Forget the account's tries, and the address's latest: whoever has the password is not guessing."""
        session.exec(delete(SignInTry).where(col(SignInTry.counted_for) == key("account", account)))
        latest = select(func.max(SignInTry.id)).where(SignInTry.counted_for == key("address", address))
        session.exec(delete(SignInTry).where(col(SignInTry.id).in_(latest)))


def count(session: Session, limits: Mapping[str, int], now: float) -> None:
    """Count a try under every key. Raises TooManyTries, and counts nothing, where a key has had its most.

    It begins with a write, so that tries made at the same time in two workers are counted one by one.
    """
    forget_old(session, now)
    for name, most in limits.items():
        times = session.exec(select(SignInTry.at).where(SignInTry.counted_for == name).order_by(col(SignInTry.at)))
        if len(made := times.all()) >= most:
            raise TooManyTries(until=made[-most] + WINDOW_SECONDS)
    session.add_all(SignInTry(counted_for=name, at=now) for name in limits)


def forget(session: Session, account: str) -> None:
    """Forget every try for an account that is no more."""
    session.exec(delete(SignInTry).where(col(SignInTry.counted_for) == key("account", account)))


def forget_old(session: Session, now: float) -> None:
    """Forget the tries that count no longer."""
    session.exec(delete(SignInTry).where(col(SignInTry.at) < now - WINDOW_SECONDS))


def key(sort: str, value: str) -> str:
    """What a try is counted under: a hash, so that what was typed is not kept."""
    return hashlib.sha256(f"{sort}:{value}".encode()).hexdigest()
