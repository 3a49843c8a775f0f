"""One line in the log for every request: what sort of page, how it went, how long it took. Never who, nor which page.

Every request has a number of its own, which stands in all lines about it, in the answer's headers, and on the page of
a fault: so that what somebody saw and what the log says can be brought together without anything being known of
either.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask, request
from werkzeug.wsgi import ClosingIterator

from app.watching import counts
from app.watching.lines import request_number

log = logging.getLogger(__name__)

HEADER = "X-Request-ID"
# An address may hold anything: only the pattern that it matches is told.
UNMATCHED = "unmatched"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
OTHER = "other"
# What browsers and whoever watches ask for all the time, and nobody reads about.
QUIET = ("static", "health.show")
# Without letters and digits that are taken for each other: people read it out on the telephone.
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 8
_ROUTE, _LEVEL = "larnat.route", "larnat.level"

Start = Callable[..., Any]


def init_app(app: Flask) -> None:
    """Number and note every request. Called first, so that nothing is answered before it."""
    app.wsgi_app = RequestLog(app.wsgi_app)  # type: ignore[method-assign]

    @app.before_request
    def tell_the_route() -> None:
        if request.url_rule is not None:
            request.environ[_ROUTE] = request.url_rule.rule
        if request.endpoint in QUIET:
            request.environ[_LEVEL] = logging.DEBUG


def number() -> str:
    """The number of the request that is being answered."""
    return request_number.get()


class RequestLog:
    """Stands before the application and sees each request come and go."""

    def __init__(self, answer: Callable[..., Iterable[bytes]]) -> None:
        self._answer = answer

    def __call__(self, environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
        noted = _Request(environ)

        def start(status: str, headers: list[tuple[str, str]], error: Any = None) -> Any:
            noted.status = int(status[:3])
            return start_response(status, [*headers, (HEADER, noted.number)], error)

        try:
            body = self._answer(environ, start)
        except BaseException:
            noted.status = 500
            noted.end()
            raise
        # A file that the server sends by itself must stay what it is.
        sent_by_itself = isinstance(body, environ.get("wsgi.file_wrapper", ()))
        if sent_by_itself:
            noted.end()
        return body if sent_by_itself else ClosingIterator(body, noted.end)


class _Request:
    """One request, from when it came until its answer has been sent."""

    def __init__(self, environ: dict[str, Any]) -> None:
        self.number = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
        self.status = 0
        self._environ = environ
        self._began = time.perf_counter()
        request_number.set(self.number)

    def end(self) -> None:
        seconds = time.perf_counter() - self._began
        route = self._environ.get(_ROUTE, UNMATCHED)
        method = self._environ["REQUEST_METHOD"]
        method = method if method in METHODS else OTHER
        level = self._environ.get(_LEVEL) or (logging.WARNING if self.status >= 500 else logging.INFO)
        told = {"route": route, "method": method, "status": self.status, "ms": round(seconds * 1000, 1)}
        log.log(level, "answered", extra=told)
        counts.answered(route, method, self.status, seconds)
        request_number.set("")
