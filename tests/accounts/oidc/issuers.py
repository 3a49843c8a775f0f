"""Issuers to sign in at: npm's oidc-provider, which is a real one, and one that lies as it is told to.

And the way there and back: a site that answers over HTTP, and somebody with a browser of their own.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from html import unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from joserfc import jwt
from joserfc.jwk import RSAKey

from app import create_app
from app.config import CHECKOUT, Issuer, MembershipRule, Settings
from tests.cast import Role
from tests.editing.writing import fields_in
from tests.in_thread import served_in_thread
from tests.serving import Answer, Person, free_port

PROVIDER = CHECKOUT / "tests" / "oidc_provider"
# With signs that have to be written in another way on the way.
SECRET = "en hemlighet: ~ + % & mellan oss"
PATIENCE_SECONDS = 60.0


def issuer_at(address: str, **different: Any) -> Issuer:
    """An issuer as the settings tell of it: it decides about Södertälje, by groups."""
    told: dict[str, Any] = {
        "key": "kommunen",
        "name": "Exempelkommunen",
        "address": address,
        "client_id": "larnat",
        "scopes": ("openid", "profile", "email", "larnat"),
        "email_domains": ("sodertalje.test",),
        "memberships": (
            MembershipRule(organisation="sodertalje", when={"groups": ("skriver", "leder")}),
            MembershipRule(organisation="sodertalje", role="coordinator", when={"groups": ("leder",)}),
            MembershipRule(organisation="solna", when={"orgnr": ("212000-0001",)}),
        ),
        "secret": SECRET,
    }
    return Issuer.model_validate({**told, **different})


# ---- A site that answers, and somebody who goes there ----


@dataclass
class Site:
    """A site over HTTP, in this process, so that a test can look into it."""

    app: Flask
    port: int

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def browser(self) -> Traveller:
        return Traveller(self.port)


@contextlib.contextmanager
def site(settings: Settings, port: int | None = None, **different: Any) -> Iterator[Site]:
    """A running site with these settings."""
    port = port or free_port()
    app = create_app(replace(settings, port=port, **different))
    app.extensions["archive"].reconcile()
    try:
        with served_in_thread(app, port):
            yield Site(app, port)
    finally:
        app.extensions["databases"].close()


@dataclass
class Traveller(Person):
    """Somebody whose browser goes to other sites as well."""

    def go(self, address: str) -> Answer:
        """Open an address anywhere, and follow where it leads."""
        return self._ask(urllib.request.Request(address))

    def send(self, address: str, **typed: str) -> Answer:
        """Post a form anywhere."""
        return self._ask(urllib.request.Request(address, urllib.parse.urlencode(typed).encode()))

    def leave(self, goes_to: str = "", key: str = "kommunen", **more: str) -> Answer:
        """Press the button on the sign-in page; gives the page that leads away."""
        fields = fields_in(self.get("/logga-in").text)
        typed = {**fields, "next": [goes_to], **{name: [value] for name, value in more.items()}}
        return self.post(f"/logga-in/hos/{key}", typed)

    def way_there(self, **leaving: Any) -> str:
        """The address at the issuer that the page leads to."""
        return way_in(self.leave(**leaving).text)

    def sign_in_as(self, account: str, **leaving: Any) -> Answer:
        """There and back: what the site answers in the end. Without an account nobody signs in there."""
        return self.choose(self.go(self.way_there(**leaving)), account)

    def choose(self, answer: Answer, account: str) -> Answer:
        """Say who one is on the real provider's page, unless it knows already."""
        return self.send(answer.url, account=account) if "/who/" in answer.url else answer


def way_in(page: str) -> str:
    found = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', page)
    assert found, page
    return unescape(found.group(1))


def asked_in(address: str) -> dict[str, str]:
    return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(address).query))


# ---- A real provider ----


@dataclass
class Provider:
    """A running oidc-provider."""

    address: str
    process: subprocess.Popen[bytes]

    def says_of(self, account: str, **claims: Any) -> None:
        """Let it say something else of somebody from now on; None takes a claim away."""
        told = json.dumps(claims).encode()
        urllib.request.urlopen(f"{self.address}/accounts/{account}", told, timeout=PATIENCE_SECONDS).close()


@contextlib.contextmanager
def real_provider(log: Path, accounts: Mapping[str, Any], sites: Mapping[str, str]) -> Iterator[Provider]:
    """npm's oidc-provider. ``sites`` are clients that come back to an address, by their ids."""
    port = free_port()
    clients = [
        {
            "client_id": client,
            "client_secret": SECRET,
            "redirect_uris": [f"{address}/logga-in/hos/kommunen/svar"],
            "post_logout_redirect_uris": [f"{address}/"],
            "backchannel_logout_uri": f"{address}/logga-in/hos/kommunen/utloggad",
            "backchannel_logout_session_required": True,
            "scope": "openid profile email larnat",
        }
        for client, address in sites.items()
    ]
    told = {"port": port, "clients": clients, "accounts": accounts, "keys": ["a key of cookies"]}
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [node(), "provider.mjs"],
            cwd=PROVIDER,
            env={**os.environ, "OIDC_PROVIDER": json.dumps(told)},
            stdout=stream,
            stderr=subprocess.STDOUT,
        )
        try:
            deadline = time.monotonic() + PATIENCE_SECONDS
            while b"ready" not in log.read_bytes():
                assert process.poll() is None, log.read_text(encoding="utf-8")
                assert time.monotonic() < deadline
                time.sleep(0.05)
            yield Provider(f"http://127.0.0.1:{port}", process)
        finally:
            process.terminate()
            process.wait(PATIENCE_SECONDS)


def node() -> str:
    """Node, which ``make test`` installs with the provider: without them nobody knows whether one can sign in."""
    found = shutil.which("node") or shutil.which("node", path=Path(sys.executable).parent)
    if found is None or not (PROVIDER / "node_modules" / "oidc-provider").is_dir():
        pytest.fail("node and npm's oidc-provider are not there: `make setup` installs them.")
    return found


# ---- An issuer that lies ----

Lie = Callable[["Liar", dict[str, Any]], str]


@dataclass
class Liar:
    """An issuer of ours, which answers what a test wants: at first only what is true."""

    address: str
    key: RSAKey
    nonce: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    # Makes the ID token of its claims, in place of ``signed``.
    lie: Lie | None = None
    # What it answers in place of what it would, by path: status and body, or something to do first.
    instead: dict[str, Any] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    keys: list[dict[str, Any]] = field(default_factory=list)

    def begin(self) -> None:
        """Forget what was said."""
        self.nonce, self.lie = "", None
        self.claims = {
            "iss": self.address,
            "aud": "larnat",
            "sub": "anna",
            "name": "Anna Andersson",
            "email": "anna@sodertalje.test",
            "email_verified": True,
            "groups": ["skriver"],
        }
        self.instead, self.metadata, self.asked = {}, {}, []
        self.keys = [{**self.key.as_dict(private=False), "kid": "first", "use": "sig", "alg": "RS256"}]

    def token(self) -> str:
        now = int(time.time())
        claims = {"iat": now, "exp": now + 300, "nonce": self.nonce, **self.claims}
        claims = {name: value for name, value in claims.items() if value is not None}
        return self.lie(self, claims) if self.lie else self.signed(claims)

    def signed(self, claims: dict[str, Any], key: Any = None, **header: Any) -> str:
        algorithm = header.get("alg", "RS256")
        return jwt.encode({"alg": algorithm, "kid": "first", **header}, claims, key or self.key, algorithms=[algorithm])

    def answer(self, path: str, asked: dict[str, str]) -> tuple[int, Any]:
        self.asked.append((path, asked))
        if path in self.instead:
            instead = self.instead[path]
            return instead() if callable(instead) else instead  # type: ignore[no-any-return]
        if path == "/.well-known/openid-configuration":
            ends = {"authorization_endpoint": "/door", "token_endpoint": "/token", "jwks_uri": "/keys"}
            told = {name: self.address + end for name, end in ends.items()}
            return 200, {"issuer": self.address, **told, **self.metadata}
        if path == "/token":
            return 200, {"access_token": "access", "token_type": "Bearer", "id_token": self.token()}
        if path == "/keys":
            return 200, {"keys": self.keys}
        return 404, {}


@contextlib.contextmanager
def liar() -> Iterator[Liar]:
    """An issuer that lies, over HTTP."""

    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.path).query)))

        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._answer(dict(urllib.parse.parse_qsl(sent)))

        def _answer(self, asked: dict[str, str]) -> None:
            status, body = issuer.answer(urllib.parse.urlsplit(self.path).path, asked)
            sent = body if isinstance(body, bytes) else json.dumps(body).encode()
            with contextlib.suppress(OSError):
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(sent)))
                self.end_headers()
                self.wfile.write(sent)

        def log_message(self, *_args: Any) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    server.daemon_threads = True
    issuer = Liar(f"http://127.0.0.1:{server.server_port}", RSAKey.generate_key(2048))
    issuer.begin()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        server.server_close()


ANNA = Role("anna@sodertalje.test", "Anna Andersson")
