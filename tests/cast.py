"""The people of the tests, always the same, and a browser for each."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

PASSWORD = "en lång mening att minnas"


@dataclass(frozen=True)
class Role:
    """Somebody in the tests: who they are, and what they are in which organisations."""

    email: str
    name: str
    roles: dict[str, str] = field(default_factory=dict)
    admin: bool = False


EDITOR = Role("editor@sodertalje.test", "Eva Editor", {"sodertalje": "member"})
COLLEAGUE = Role("kollega@sodertalje.test", "Kim Kollega", {"sodertalje": "member"})
READER = Role("lasare@solna.test", "Lo Läsare", {"solna": "member"})
COORDINATOR = Role("knut@sundbyberg.test", "Kaj Koordinator", {"sundbyberg": "coordinator"})
OUTSIDER = Role("utanfor@habo.test", "Ulla Utanför", {"habo": "member"})
ADMIN = Role("admin@larnat.test", "Alva Admin", admin=True)
CAST = (EDITOR, COLLEAGUE, READER, COORDINATOR, OUTSIDER, ADMIN)


class Browser(FlaskClient):
    """A test client that sends the token of our own forms with every POST, unless ``token=False``."""

    def open(self, *args: Any, token: bool = True, **kwargs: Any) -> TestResponse:
        kwargs.setdefault("buffered", True)
        if token and str(kwargs.get("method", "GET")).upper() in ("POST", "PUT", "PATCH", "DELETE"):
            headers = dict(kwargs.pop("headers", None) or {})
            kwargs["headers"] = {"X-CSRFToken": self.token(), "Sec-Fetch-Site": "same-origin", **headers}
        return super().open(*args, **kwargs)

    def token(self) -> str:
        """A token such as the pages carry."""
        with self.session_transaction() as session:
            raw = session.setdefault("csrf_token", hashlib.sha1(os.urandom(64)).hexdigest())
        signer = URLSafeTimedSerializer(str(self.application.secret_key), salt="wtf-csrf-token")
        return str(signer.dumps(raw))

    def sign_in(self, role: Role, password: str = PASSWORD) -> TestResponse:
        return self.post("/logga-in", data={"email": role.email, "password": password})


def browser(app: Flask, role: Role | None = None) -> Browser:
    """A browser of its own, signed in as somebody or as nobody."""
    app.test_client_class = Browser
    client = app.test_client()
    assert isinstance(client, Browser)
    if role:
        answer = client.sign_in(role)
        assert answer.status_code == 303, answer.text
    return client
