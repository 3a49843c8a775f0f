"""Signing out at an issuer, and an issuer that signs somebody out here.

RP-Initiated Logout 1.0 (the way there) and Back-Channel Logout 1.0 (what it posts to us).
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from authlib.common.urls import add_params_to_uri
from authlib.oauth2.claims import JWTClaims
from sqlmodel import Session

from app.accounts import sign_ins
from app.accounts.oidc import identities
from app.accounts.oidc.answers import LEEWAY_SECONDS, read_signed
from app.accounts.oidc.asking import BAD_ANSWER, Reach
from app.accounts.oidc.refusing import Refused, Why
from app.config import Issuer

LOGOUT = "http://schemas.openid.net/event/backchannel-logout"
LONGEST_TOKEN = 20_000
# One that somebody got hold of ends nothing later on.
OLDEST_SECONDS = 300


@dataclass(frozen=True)
class Ended:
    """What has ended at an issuer: one of its sign-ins, or all of a person's."""

    subject: str
    session: str


def way_to_sign_out(reach: Reach, then: str) -> str | None:
    """Where one signs out at the issuer, coming back here; None where there is no such way, or it does not answer."""
    try:
        with reach.talk() as talk:
            door = reach.metadata(talk).get("end_session_endpoint")
    except Refused:
        return None
    known = [("client_id", reach.issuer.client_id), ("post_logout_redirect_uri", then)]
    return str(add_params_to_uri(door, known)) if door else None


def read(reach: Reach, token: str) -> Ended:
    """What an issuer says has ended. Raises Refused for what it does not say."""
    if not 0 < len(token) <= LONGEST_TOKEN:
        raise Refused(Why.UNTRUSTED)
    try:
        with reach.talk() as talk:
            claims = read_signed(reach, talk, token).claims
        options = {
            "iss": {"essential": True, "value": reach.issuer.address},
            "aud": {"essential": True, "value": reach.issuer.client_id},
            "iat": {"essential": True},
            "jti": {"essential": True},
        }
        JWTClaims(claims, {}, options).validate(leeway=LEEWAY_SECONDS)
        return _ended(claims)
    except BAD_ANSWER as error:
        raise Refused(Why.UNTRUSTED) from error


def end(session: Session, issuer: Issuer, ended: Ended) -> None:
    """End the sign-ins here that came of it."""
    if ended.session:
        sign_ins.end_of_issuer(session, issuer.address, own=own_digest(issuer, ended.session))
        return
    identity = identities.find(session, issuer, ended.subject)
    if identity is not None:
        sign_ins.end_of_issuer(session, issuer.address, person=identity.person_id)


def own_digest(issuer: Issuer, session: str) -> str:
    """What is kept of what an issuer calls its own sign-in; "" where it does not call it anything."""
    return hashlib.sha256(f"{issuer.address}\n{session}".encode()).hexdigest() if session else ""


def _ended(claims: Mapping[str, Any]) -> Ended:
    subject, session = claims.get("sub") or "", claims.get("sid") or ""
    about_logout = isinstance(claims.get("events"), Mapping) and LOGOUT in claims["events"]
    fresh = claims["iat"] > time.time() - OLDEST_SECONDS
    if not about_logout or "nonce" in claims or not (subject or session) or not fresh:
        raise Refused(Why.UNTRUSTED)
    return Ended(str(subject), str(session))
