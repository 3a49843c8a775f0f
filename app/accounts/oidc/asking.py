"""Asking an issuer, within limits: a slow one may cost its own people a sign-in, but never the others their pages.

All requests of one visit together have so many seconds, no answer is longer than so much, nothing is followed to
another address, and one thread of the process is always left for other pages. An issuer that has just failed to answer
is left alone for a moment. What it tells of itself and its keys are remembered for an hour.
"""

from __future__ import annotations

import base64
import io
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import BoundedSemaphore
from typing import Any
from urllib.parse import quote_plus, urlsplit

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.discovery import get_well_known_url
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from requests import PreparedRequest, RequestException, Response
from requests.exceptions import ReadTimeout
from urllib3.exceptions import HTTPError

from app.accounts.oidc.refusing import Refused, Why
from app.config import LOOPBACK, Issuer, Settings

CONNECT_SECONDS, READ_SECONDS, ALTOGETHER_SECONDS = 3.0, 4.0, 8.0
LARGEST_ANSWER = 1_000_000
REMEMBERED_SECONDS = 3600.0
LEFT_ALONE_SECONDS = 5.0
# Whoever names keys that there are none of shall not make us ask all the time.
KEYS_ASKED_FOR_EVERY_SECONDS = 60.0
NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
ENDPOINTS = (*NEEDED, "userinfo_endpoint", "end_session_endpoint")

# What goes wrong when an answer does not come, or is none.
NO_ANSWER = (RequestException, HTTPError, OSError)
BAD_ANSWER = (AuthlibBaseError, JoseError, ValueError, KeyError, TypeError)


class Talk(OAuth2Session):  # type: ignore[misc]
    """The requests of one visit to an issuer."""

    def __init__(self, issuer: Issuer, **about: Any) -> None:
        super().__init__(
            issuer.client_id,
            issuer.secret or None,
            token_endpoint_auth_method=issuer.client_authentication,
            code_challenge_method="S256",
            **about,
        )
        self.register_client_auth_method(("client_secret_basic", _basic))
        # The certificates that the machine trusts, SSL_CERT_FILE among them, and not a list of a package's.
        trusted = ssl.get_default_verify_paths()
        self.verify = trusted.cafile or trusted.capath or True
        self.ends_at = time.monotonic() + ALTOGETHER_SECONDS

    def send(self, request: PreparedRequest, **kwargs: Any) -> Response:
        """Send, and read the whole answer before the time is out."""
        left = self._left(request)
        limits = {"timeout": (min(CONNECT_SECONDS, left), min(READ_SECONDS, left)), "allow_redirects": False}
        response: Response = super().send(request, **{**kwargs, **limits, "stream": True})
        with response:
            whole = io.BytesIO()
            while part := response.raw.read(65_536, decode_content=True):
                whole.write(part)
                if whole.tell() > LARGEST_ANSWER:
                    raise RequestException("too large")
                self._left(request)
        whole.seek(0)
        response.raw = whole
        return response

    def _left(self, request: PreparedRequest) -> float:
        left = self.ends_at - time.monotonic()
        if left <= 0:
            raise ReadTimeout(request=request)
        return left


@dataclass
class Reach:
    """One issuer as one process reaches it."""

    issuer: Issuer
    # Threads that may wait for issuers at the same time.
    places: BoundedSemaphore
    # Whether plain http is enough: only on this machine itself, and never in production.
    plain: bool
    _told: Mapping[str, Any] = field(default_factory=dict)
    _told_at: float = float("-inf")
    _keys: KeySet | None = None
    _keys_at: float = float("-inf")
    _failed_at: float = float("-inf")

    @contextmanager
    def talk(self, **about: Any) -> Iterator[Talk]:
        """Talk to the issuer. Raises Refused where it does not answer, or too many wait for it already."""
        if time.monotonic() < self._failed_at + LEFT_ALONE_SECONDS or not self.places.acquire(blocking=False):
            raise Refused(Why.AWAY)
        try:
            with Talk(self.issuer, **about) as talk:
                yield talk
        except NO_ANSWER as error:
            self._failed_at = time.monotonic()
            raise Refused(Why.AWAY) from error
        finally:
            self.places.release()

    def metadata(self, talk: Talk) -> Mapping[str, Any]:
        """What the issuer tells of itself. Raises Refused for what cannot be its own words."""
        if time.monotonic() >= self._told_at + REMEMBERED_SECONDS:
            self._told = self._fit(json_of(talk.get(_metadata_address(self.issuer), withhold_token=True)))
            self._told_at = time.monotonic()
        return self._told

    def keys(self, talk: Talk, anew: bool = False) -> KeySet:
        """The issuer's public keys; ``anew`` for a token signed with one that we do not know."""
        age = time.monotonic() - self._keys_at
        if self._keys is None or age >= (KEYS_ASKED_FOR_EVERY_SECONDS if anew else REMEMBERED_SECONDS):
            found = json_of(talk.get(self.metadata(talk)["jwks_uri"], withhold_token=True))
            try:
                self._keys = KeySet.import_key_set({"keys": [key for key in found["keys"] if _signs(key)]})
            except BAD_ANSWER as error:
                raise Refused(Why.UNTRUSTED) from error
            self._keys_at = time.monotonic()
        return self._keys

    def _fit(self, told: Mapping[str, Any]) -> Mapping[str, Any]:
        fits = told.get("issuer") == self.issuer.address and all(told.get(name) for name in NEEDED)
        if not fits or not all(self._is_safe(told[name]) for name in ENDPOINTS if told.get(name)):
            raise Refused(Why.UNTRUSTED)
        return told

    def _is_safe(self, address: object) -> bool:
        """Encrypted; on this machine itself also in plain, where that is allowed."""
        parts = urlsplit(address if isinstance(address, str) else "")
        return parts.scheme == "https" or (self.plain and parts.scheme == "http" and parts.hostname in LOOPBACK)


class Reaches(dict[str, Reach]):
    """Every issuer of a house as one process reaches them, by key."""

    def __init__(self, settings: Settings) -> None:
        places = BoundedSemaphore(max(1, settings.threads - 1))
        plain = settings.mode != "production"
        super().__init__({one.key: Reach(one, places, plain) for one in settings.issuers})


def _basic(client: Any, method: str, uri: str, headers: Any, body: Any) -> tuple[str, Any, Any]:
    """Our name and secret as RFC 6749 (2.3.1) wants them: Authlib leaves signs other than letters as they are."""
    ours = f"{quote_plus(client.client_id)}:{quote_plus(client.client_secret)}"
    headers["Authorization"] = f"Basic {base64.b64encode(ours.encode()).decode()}"
    return uri, headers, body


def _metadata_address(issuer: Issuer) -> str:
    return str(get_well_known_url(issuer.address, external=True))


def json_of(response: Response) -> dict[str, Any]:
    """An answer that is to be a JSON object. Raises RequestException for an error, Refused for anything else."""
    if response.status_code != 200:
        raise RequestException(response=response)
    try:
        found = response.json()
    except ValueError as error:
        raise Refused(Why.UNTRUSTED) from error
    if not isinstance(found, dict):
        raise Refused(Why.UNTRUSTED)
    return found


def _signs(key: object) -> bool:
    """Whether it is a public key to verify signatures with; a shared secret is none."""
    return isinstance(key, dict) and key.get("kty") in ("RSA", "EC", "OKP") and key.get("use", "sig") == "sig"
