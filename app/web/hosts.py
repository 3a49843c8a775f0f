"""Only our own host is answered: whatever a request calls us, addresses that leave the site begin as the settings say.

A name that is not ours comes from a mistake, or from somebody who wants links, or what is kept between us and the
readers, to lead elsewhere. It is answered before anything of the site has been asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from flask import Flask

from app.config import Settings

Start = Callable[..., Any]

# What this machine calls itself.
OWN_MACHINE = ("127.0.0.1", "localhost", "::1")
# Those who watch over the site from its own machine ask here, by whatever the machine calls itself.
WATCHED = "/healthz"
REFUSED = """<!doctype html>
<html lang="sv">
<head><meta charset="utf-8"><title>Fel adress – Lärnät</title></head>
<body><h1>Det här är fel adress</h1>
<p>Lärnät finns inte på den adressen. Kontrollera att den är rätt skriven.</p></body>
</html>
"""


def init_app(app: Flask, settings: Settings, headers: Iterable[tuple[str, str]]) -> None:
    """Answer nobody who calls us something else. ``headers`` are those that every answer has."""
    app.wsgi_app = OurHost(app.wsgi_app, settings, headers)  # type: ignore[method-assign]


class OurHost:
    """Stands before the application and lets through what is meant for it."""

    def __init__(
        self, answer: Callable[..., Iterable[bytes]], settings: Settings, headers: Iterable[tuple[str, str]]
    ) -> None:
        public = urlsplit(settings.address)
        self._answer = answer
        self._name, self._whole, self._scheme = public.hostname or "", public.netloc, public.scheme
        # Where no address is set, and where one tries things out, we are on one's own machine.
        self._at_home = settings.mode != "production" or not settings.address
        self._headers = list(headers)

    def __call__(self, environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
        name = name_in(environ.get("HTTP_HOST", ""))
        if name and name == self._name:
            # A proxy may leave the port out, and be spoken to in another way than it speaks to us.
            environ["HTTP_HOST"], environ["wsgi.url_scheme"] = self._whole, self._scheme
        elif name not in OWN_MACHINE or not (self._at_home or environ.get("PATH_INFO") == WATCHED):
            return self._refuse(environ, start_response)
        return self._answer(environ, start_response)

    def _refuse(self, environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
        body = REFUSED.encode()
        said = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))]
        start_response("400 Bad Request", [*said, *self._headers, ("Cache-Control", "no-store")])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


def name_in(host: str) -> str:
    """The name in a Host header, in small letters and without its port; "" where it is no host at all."""
    try:
        parts = urlsplit(f"//{host}")
        is_whole = parts.netloc == host and not parts.username and "@" not in host
        return (parts.hostname or "") if is_whole and (parts.port or 0) >= 0 else ""
    except ValueError:
        return ""
