"""Browsers in which somebody has signed in to an account: their tries are counted apart from strangers'.

The cookie tells nobody whose account it is: it holds a random mark, and a digest of the mark and the account that only
we can make. A thief of it gets tries of a count of its own, and no sign-in.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from datetime import timedelta

from flask import Response, request

from app.config import Settings

KEPT = timedelta(days=180)
# People share computers, and have several accounts.
MOST = 3
_ENTRY = re.compile(r"[0-9a-f]{32}\.[0-9a-f]{64}")


def cookie(settings: Settings) -> str:
    """The cookie's name."""
    return "__Host-larnat-known" if settings.secure_cookies else "larnat-known"


def mark_of(account: str, settings: Settings) -> str:
    """The mark of the browser that asks, if somebody has signed in to the account in it; otherwise ""."""
    return next((mark for mark, digest in _entries(settings) if _is_right(mark, digest, account, settings)), "")


def remember(response: Response, account: str, settings: Settings) -> Response:
    """Let the browser that gets the response be known to the account from now on."""
    mark = mark_of(account, settings) or secrets.token_hex(16)
    others = [f"{other}.{digest}" for other, digest in _entries(settings) if other != mark]
    response.set_cookie(
        cookie(settings),
        "~".join([f"{mark}.{_digest(mark, account, settings)}", *others][:MOST]),
        max_age=KEPT,
        secure=settings.secure_cookies,
        httponly=True,
        samesite="Lax",
    )
    return response


def _entries(settings: Settings) -> list[tuple[str, str]]:
    entries = request.cookies.get(cookie(settings), "").split("~")[:MOST]
    return [(entry[:32], entry[33:]) for entry in entries if _ENTRY.fullmatch(entry)]


def _is_right(mark: str, digest: str, account: str, settings: Settings) -> bool:
    return hmac.compare_digest(digest, _digest(mark, account, settings))


def _digest(mark: str, account: str, settings: Settings) -> str:
    return hmac.digest(settings.secret_key.encode(), f"known:{mark}:{account}".encode(), hashlib.sha256).hex()
