"""How often one may try something, above all to sign in: counted in the kept database, so that workers share it and a
restart keeps it. It is kept under a keyed digest: neither addresses nor what was typed can be found out from it.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Field, Session, col, delete, func, select

from app.config import Settings
from app.database import Kept

WINDOW_SECONDS = 15 * 60.0
# No limit looks further back.
LONGEST_WINDOW_SECONDS = 24 * 3600.0
LONGEST_PAUSE_SECONDS = 15 * 60.0

# What is counted: its sort, and which one of them.
Counted = tuple[str, str]


class SignInTry(Kept, table=True):
    """One try that counts. ``counted_for`` is a digest: people type passwords into the wrong box."""

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
class Limit:
    """``most`` tries ``within`` so many seconds. One more waits until the first of them counts no longer or, with a
    ``pause``, so many seconds after the last, and twice as long after each.
    """

    most: int
    within: float = WINDOW_SECONDS
    pause: float = 0.0

    def next_at(self, made: Sequence[float]) -> float:
        """When the next try is allowed, after those that were made within the time, the oldest first."""
        if len(made) < self.most:
            return 0.0
        if not self.pause:
            return made[-self.most] + self.within
        return made[-1] + min(LONGEST_PAUSE_SECONDS, self.pause * 2.0 ** min(len(made) - self.most, 30))


@dataclass(frozen=True)
class Tries:
    """The counting of one house, under its own ``secret``."""

    secret: str
    now: Callable[[], float] = time.time

    @classmethod
    def of(cls, settings: Settings) -> Tries:
        return cls(settings.secret_key)

    def count(self, session: Session, limits: Mapping[Counted, Limit]) -> None:
        """Count a try before it is known how it goes. Raises TooManyTries; a refused try is not counted.

        It begins with a write, so that tries made at the same time in two workers are counted one by one.
        """
        now = self.now()
        forget_old(session, now)
        found = {self._digest(counted): limit for counted, limit in limits.items()}
        next_at = max(limit.next_at(_made(session, digest, now - limit.within)) for digest, limit in found.items())
        if next_at > now:
            raise TooManyTries(until=next_at)
        session.add_all(SignInTry(counted_for=digest, at=now) for digest in found)

    def forget(self, session: Session, *counted: Counted) -> None:
        """Forget every try that was counted for these."""
        digests = [self._digest(one) for one in counted]
        session.exec(delete(SignInTry).where(col(SignInTry.counted_for).in_(digests)))

    def take_back(self, session: Session, *counted: Counted) -> None:
        """Forget the latest try that was counted for each of these: it was none."""
        for one in counted:
            latest = select(func.max(SignInTry.id)).where(SignInTry.counted_for == self._digest(one))
            session.exec(delete(SignInTry).where(col(SignInTry.id).in_(latest)))

    def _digest(self, counted: Counted) -> str:
        sort, which = counted
        return hmac.digest(self.secret.encode(), f"{sort}:{which}".encode(), hashlib.sha256).hex()


def forget_old(session: Session, now: float) -> None:
    """Forget the tries that count no longer."""
    session.exec(delete(SignInTry).where(col(SignInTry.at) < now - LONGEST_WINDOW_SECONDS))


def _made(session: Session, digest: str, since: float) -> Sequence[float]:
    times = select(SignInTry.at).where(SignInTry.counted_for == digest, SignInTry.at > since)
    return session.exec(times.order_by(col(SignInTry.at))).all()
