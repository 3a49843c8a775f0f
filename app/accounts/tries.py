"""How often one may try to sign in: counted in the kept database, so that workers share it and a restart keeps it."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass

from sqlmodel import Field, Session, col, delete, func, select

from app.database import Kept

WINDOW_SECONDS = 15 * 60
# Behind one address there may be a whole town hall.
TIMES_MORE_PER_ADDRESS = 10


class SignInTry(Kept, table=True):
    """One try that has not succeeded. ``counted_for`` is a hash: people type passwords into the wrong box."""

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
        """Count a try before it is known how it goes. Raises TooManyTries; the refused try is not counted.

        The counting begins with a write, so that tries made at the same time in two workers are counted one by one.
        """
        now = self.now()
        session.exec(delete(SignInTry).where(col(SignInTry.at) < now - WINDOW_SECONDS))
        limits = {_key("account", account): self.most, _key("address", address): self.most * TIMES_MORE_PER_ADDRESS}
        for key, most in limits.items():
            times = session.exec(select(SignInTry.at).where(SignInTry.counted_for == key).order_by(col(SignInTry.at)))
            if len(made := times.all()) >= most:
                raise TooManyTries(until=made[-most] + WINDOW_SECONDS)
        session.add_all(SignInTry(counted_for=key, at=now) for key in limits)

    def succeed(self, session: Session, account: str, address: str) -> None:
        """Forget the account's tries, and the address's latest: whoever has the password is not guessing."""
        session.exec(delete(SignInTry).where(col(SignInTry.counted_for) == _key("account", account)))
        latest = select(func.max(SignInTry.id)).where(SignInTry.counted_for == _key("address", address))
        session.exec(delete(SignInTry).where(col(SignInTry.id).in_(latest)))


def forget(session: Session, account: str) -> None:
    """Forget every try for an account that is no more."""
    session.exec(delete(SignInTry).where(col(SignInTry.counted_for) == _key("account", account)))


def _key(sort: str, value: str) -> str:
    return hashlib.sha256(f"{sort}:{value}".encode()).hexdigest()
