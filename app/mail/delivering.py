"""The worker's part: letters that are due are written and handed to the server, beside everything else it does."""

from __future__ import annotations

import logging
import smtplib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event, Thread

from sqlmodel import Session

from app.config import Settings
from app.database import Databases
from app.mail import outbox
from app.mail.message import Message, NoAddress, NotYet, composed
from app.mail.outbox import Letter
from app.mail.server import Refused, Unreachable, connected, hand_over

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
# Then there is a pause for whoever else wants to write, and the connection is made anew.
MOST_AT_ONCE = 50
# While the server is away it is asked more and more seldom.
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 15.0, 600.0
# The worker is given so long to stop; a letter that is being handed over then is sent again later.
PATIENCE_SECONDS = 10.0

# What a letter says; None where nobody wants it any longer. It may note in the database what its links are worth.
Write = Callable[[Session, Letter], Message | None]


@dataclass
class Deliveries:
    """The deliveries of one house. ``look`` is called often, begins one where something is due, and never waits."""

    settings: Settings
    databases: Databases
    write: Write
    _stop: Event = field(default_factory=Event)
    _thread: Thread | None = None
    _look_at: float = 0.0
    # While the server is away; set by the thread alone.
    _not_before: float = 0.0
    _failures: int = 0

    def look(self) -> None:
        """Send what is due beside the worker's other work, unless that is being done already."""
        if not self.settings.sends_letters or time.monotonic() < max(self._look_at, self._not_before):
            return
        self._look_at = time.monotonic() + LOOK_SECONDS
        if self._thread is not None and self._thread.is_alive():
            return
        with self.databases.kept_for_reading() as session:
            due = outbox.is_due(session)
        if due:
            # Not waited for at the end of the process: a server may keep us waiting for long.
            self._thread = Thread(target=self.deliver, name="letters", daemon=True)
            self._thread.start()

    def end(self) -> None:
        """Begin no further letter, and wait a while for the one that is being handed over."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(PATIENCE_SECONDS)

    def deliver(self) -> None:
        """Send what is due. Whatever goes wrong is written down, and tried again later."""
        try:
            with self.databases.kept() as session:
                outbox.give_up_old(session)
            with connected(self.settings) as server:
                for _ in range(MOST_AT_ONCE):
                    if self._stop.is_set() or not self._send_one(server):
                        break
            self._failures = 0
        except Unreachable as error:
            self._wait_longer()
            # The reason is in words of ours: what the server said is not among them.
            log.warning("letters cannot be sent just now, and wait", extra={"reason": str(error)})
            with self.databases.kept() as session:
                outbox.note_all(session, str(error))
        except Exception:
            self._wait_longer()
            log.exception("letters could not be sent; they wait")

    def _wait_longer(self) -> None:
        pause = min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2.0 ** min(self._failures, 10))
        self._not_before = time.monotonic() + pause
        self._failures += 1

    def _send_one(self, server: smtplib.SMTP) -> bool:
        """Send the letter that has waited longest. False where there is none. Raises Unreachable."""
        with self.databases.kept() as session:
            letter = outbox.take(session)
        if letter is None:
            return False
        try:
            with self.databases.kept() as session:
                message = self.write(session, letter)
            if message is not None:
                self._hand_over(server, letter, message)
        except NoAddress:
            self._note(letter, "det är ingen adress som det går att skicka till", failed=True)
        except NotYet as reason:
            self._note(letter, str(reason), failed=False)
        except Refused as refused:
            self._note(letter, str(refused), refused.for_good)
        except Unreachable:
            raise
        except Exception:
            # A fault of ours: the other letters do not wait for it to be mended.
            log.exception("a letter could not be written")
            self._note(letter, "brevet gick inte att skriva", failed=True)
        else:
            with self.databases.kept() as session:
                outbox.remove(session, letter.number)
        return True

    def _hand_over(self, server: smtplib.SMTP, letter: Letter, message: Message) -> None:
        """Give a letter to the server. One that may arrive once at most is forgotten before that, and waits again only
        where the server has said that it does not take it.
        """
        mail = composed(message, self.settings)
        if message.at_most_once:
            with self.databases.kept() as session:
                outbox.remove(session, letter.number)
        try:
            hand_over(server, mail)
        except Refused:
            if message.at_most_once:
                with self.databases.kept() as session:
                    outbox.put_back(session, letter)
            raise

    def _note(self, letter: Letter, error: str, failed: bool) -> None:
        with self.databases.kept() as session:
            outbox.note(session, letter, error, failed)
