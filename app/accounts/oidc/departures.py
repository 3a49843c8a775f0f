"""Browsers that have left for an issuer, until they are back: once, within half an hour, and the same browser.

What they take along, with what somebody was writing, is sealed with a key of which the browser has one half (a random
word in its session) and we the other. So what a stranger typed can be kept for a while without anybody being able to
read it, here or in a backup.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import zlib
from dataclasses import dataclass
from datetime import timedelta

from authlib.common.security import generate_token
from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import delete
from sqlmodel import Session, col, func, select
from werkzeug.datastructures import MultiDict

from app.accounts.carrying import Carried
from app.accounts.oidc.refusing import Refused, Why
from app.accounts.tables import Departure
from app.config import Settings
from app.database import now

LASTS = timedelta(minutes=30)
# All that may wait at the same time, in bytes: strangers shall not fill the disk.
MOST_WAITING = 200_000_000
LONGEST_WORD = 100


@dataclass(frozen=True)
class Journey:
    """What belongs to one way there and back."""

    nonce: str
    verifier: str
    # Where to afterwards, or what was being written.
    goes_to: str = "/"
    carried: Carried | None = None
    # Somebody who is signed in and wants to connect their account.
    person: str | None = None

    @classmethod
    def begin(cls, goes_to: str = "/", carried: Carried | None = None, person: str | None = None) -> Journey:
        return cls(secrets.token_urlsafe(32), generate_token(64), goes_to, carried, person)


def leave(session: Session, settings: Settings, issuer: str, browser: str, journey: Journey) -> str:
    """Note that a browser leaves; gives the state that it comes back with. Raises Refused where too much waits."""
    sealed = _lock(settings, browser).encrypt(zlib.compress(_written(journey)))
    forget_expired(session)
    waiting = session.exec(select(func.coalesce(func.sum(func.length(Departure.sealed)), 0))).one()
    if waiting + len(sealed) > MOST_WAITING:
        raise Refused(Why.TOO_MANY)
    state = secrets.token_urlsafe(32)
    session.add(
        Departure(
            digest=_digest(state), issuer=issuer, browser=_digest(browser), sealed=sealed, expires_at=now() + LASTS
        )
    )
    return state


def come_back(session: Session, settings: Settings, issuer: str, browser: str, state: str) -> Journey | None:
    """What a browser took along, for the first and last time. None for another browser, another issuer, or too late."""
    departure = session.get(Departure, _digest(state[:LONGEST_WORD]))
    if departure is None or departure.issuer != issuer or departure.browser != _digest(browser):
        return None
    session.delete(departure)
    if departure.expires_at <= now():
        return None
    try:
        return _read(zlib.decompress(_lock(settings, browser).decrypt(departure.sealed)))
    except InvalidToken:
        # The site's secret key was changed meanwhile.
        return None


def others_wait(session: Session, browser: str) -> bool:
    """Whether the browser is under way to an issuer in another tab as well."""
    mine = select(Departure.digest).where(Departure.browser == _digest(browser), col(Departure.expires_at) > now())
    return session.exec(mine.limit(1)).first() is not None


def forget_expired(session: Session) -> None:
    """Remove what nobody came back for."""
    session.connection().execute(delete(Departure).where(col(Departure.expires_at) <= now()))


def end_all(session: Session) -> None:
    """Let nobody come back: in a restored database some may have been back already."""
    session.connection().execute(delete(Departure))


def _written(journey: Journey) -> bytes:
    carried = journey.carried
    what = [carried.path, list(carried.fields.items(multi=True)), carried.files] if carried else None
    told = [journey.nonce, journey.verifier, journey.goes_to, journey.person, what]
    return json.dumps(told, ensure_ascii=False).encode()


def _read(text: bytes) -> Journey:
    nonce, verifier, goes_to, person, what = json.loads(text)
    carried = None
    if what:
        path, fields, files = what
        carried = Carried(path, MultiDict([(name, value) for name, value in fields]), tuple(files))
    return Journey(nonce, verifier, goes_to, carried, person)


def _lock(settings: Settings, browser: str) -> Fernet:
    ours = hmac.digest(settings.secret_key.encode(), f"departure:{browser}".encode(), hashlib.sha256)
    return Fernet(base64.urlsafe_b64encode(ours))


def _digest(word: str) -> str:
    """What is kept instead of a word that is too random to be guessed."""
    return hashlib.sha256(f"departure:{word}".encode()).hexdigest()
