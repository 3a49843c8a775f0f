"""Guessing passwords is slowed down, and nobody can lock anybody else out.

A stranger's tries count for the account together with the network that they come from: who guesses waits, and whoever
the account belongs to, elsewhere, does not notice. Beside that a network has a limit, over all accounts, and an account
one over all networks (NIST SP 800-63B-4 wants at most 100). A browser in which somebody has signed in to the account
before has a count of its own and passes all of these, and a link by e-mail makes a browser such a one.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session

from app.accounts.tries import LONGEST_WINDOW_SECONDS, WINDOW_SECONDS, Counted, Limit, Tries
from app.audit.origin import network_of
from app.config import Settings

HOUR_SECONDS = 3600.0
FIRST_PAUSE_SECONDS = 10.0
# Behind one address there may be a whole town hall.
TIMES_MORE = 10


@dataclass(frozen=True)
class Attempt:
    """Somebody tries a password for an ``account`` from an ``address``; ``browser`` marks one that is known, or ""."""

    account: str
    address: str
    browser: str = ""

    @property
    def here(self) -> Counted:
        """What the tries of this somebody are counted for."""
        if self.browser:
            return "browser", self.browser
        return "account from", f"{network_of(self.address)} {self.account}"

    @property
    def wider(self) -> tuple[Counted, ...]:
        """What a stranger's tries are counted for besides."""
        return () if self.browser else (("network", network_of(self.address)), ("account", self.account))


@dataclass(frozen=True)
class Slowing:
    """The limits of one house: ``most`` tries go without a pause."""

    tries: Tries
    most: int

    @classmethod
    def of(cls, settings: Settings) -> Slowing:
        return cls(Tries.of(settings), settings.sign_in_tries)

    def begin(self, session: Session, attempt: Attempt) -> None:
        """Count an attempt before it is known how it goes. Raises TooManyTries."""
        limits = {attempt.here: Limit(self.most, HOUR_SECONDS, FIRST_PAUSE_SECONDS)}
        spans = (WINDOW_SECONDS, LONGEST_WINDOW_SECONDS)
        limits |= {one: Limit(self.most * TIMES_MORE, span) for one, span in zip(attempt.wider, spans, strict=False)}
        self.tries.count(session, limits)

    def succeed(self, session: Session, attempt: Attempt) -> None:
        """Forget what was counted here: whoever has the password is not guessing."""
        self.tries.forget(session, attempt.here)
        self.tries.take_back(session, *attempt.wider)

    def forget(self, session: Session, account: str) -> None:
        """Forget what is counted for an account from everywhere: it is no more, or it has a new password."""
        self.tries.forget(session, ("account", account))
