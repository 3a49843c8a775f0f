"""What every response says to the browser, and what every POST must carry."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError
from werkzeug.middleware.proxy_fix import ProxyFix

from app.config import Settings
from app.library.accepting import in_megabytes

View = TypeVar("View", bound=Callable[..., Any])

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Searches and addresses of drafts stay inside the site.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
ONE_YEAR = int(timedelta(days=365).total_seconds())
# A document may be 1 MB; as a form it is percent-encoded, so that å takes six characters.
LARGEST_POST = 8_000_000
MOST_FIELDS = 5_000
# Where somebody who is not signed in writes a few lines, and nothing is carried.
LARGEST_POST_OF_LINES = 100_000
UNCHANGING = ("GET", "HEAD", "OPTIONS")
# What a browser says of where a request comes from: our own page, or the person at the browser.
OURS = ("same-origin", "none")


def init_app(app: Flask, settings: Settings) -> None:
    """Set cookies, limits, headers and the check of forms."""
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME=session_cookie(settings),
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=settings.session_hours),
        MAX_CONTENT_LENGTH=LARGEST_POST,
        MAX_FORM_MEMORY_SIZE=LARGEST_POST,
        MAX_FORM_PARTS=MOST_FIELDS,
        # A form may stand open for as long as the sign-in lasts.
        WTF_CSRF_TIME_LIMIT=None,
    )
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=settings.proxies
        )
    app.session_interface = PageSessions()
    # Before the check of forms, which reads them.
    app.before_request(lambda: _limit_size(app, settings))
    app.before_request(_refuse_other_sites)
    CSRFProtect(app)
    _headers(app, settings)
    _fingerprints(app)
    app.jinja_env.globals["here"] = here


def session_cookie(settings: Settings) -> str:
    """The name of the session's cookie.

    One that begins with ``__Host-`` is taken by a browser from this very host only, over https, for the whole site.
    """
    return "__Host-larnat" if settings.secure_cookies else "larnat"


def takes_files(view: View) -> View:
    """Say of a view that files may be posted to it: it is sent more than a text."""
    view.takes_files = True  # type: ignore[attr-defined]
    return view


def takes_lines(view: View) -> View:
    """Say of a view that only a few lines are posted to it, by anybody: it is sent less than a text."""
    view.takes_lines = True  # type: ignore[attr-defined]
    return view


def for_anyone(view: View) -> View:
    """Say of a view that anybody may post to it, so that nobody is asked to sign in for its sake."""
    view.for_anyone = True  # type: ignore[attr-defined]
    return view


def is_for_anyone(app: Flask, endpoint: str | None) -> bool:
    """Whether anybody may post to an endpoint's view."""
    return getattr(app.view_functions.get(endpoint or ""), "for_anyone", False)


def show_to_nobody_else(response: Response) -> Response:
    """Say that a page whose address opens something is kept nowhere, and its address told to nobody."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _limit_size(app: Flask, settings: Settings) -> None:
    view = app.view_functions.get(request.endpoint or "")
    if getattr(view, "takes_lines", False):
        request.max_content_length = LARGEST_POST_OF_LINES
    if not getattr(view, "takes_files", False):
        return
    request.max_content_length = LARGEST_POST + settings.largest_upload
    if (request.content_length or 0) > request.max_content_length:
        abort(
            413,
            f"Det du skickar är {in_megabytes(request.content_length or 0)}, och högst"
            f" {in_megabytes(settings.largest_upload)} går bra på en gång. Lägg till filerna några i taget.",
        )


def _refuse_other_sites() -> None:
    """Take nothing that changes something from another site's page, whatever token it has come by.

    A browser that says nothing of where a request comes from is held to the token alone.
    """
    if request.method not in UNCHANGING and request.headers.get("Sec-Fetch-Site", "none") not in OURS:
        raise CSRFError("another site's page sent it")


class PageSessions(SecureCookieSessionInterface):
    """Sessions for pages. A static file is the same for everybody, and must not be said to depend on a cookie."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if request.endpoint != "static":
            super().save_session(app, session, response)


def _headers(app: Flask, settings: Settings) -> None:
    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if settings.secure_cookies:
            response.headers.setdefault("Strict-Transport-Security", f"max-age={ONE_YEAR}; includeSubDomains")
        if request.endpoint == "static":
            _cache(response)
        elif "Cache-Control" not in response.headers:
            # What one may see depends on who asks: nobody between us and the reader keeps a copy.
            response.headers["Cache-Control"] = "private, no-cache"
        return response


def _cache(response: Response) -> None:
    """A file whose address carries its fingerprint never changes; any other is asked for again after an hour."""
    if response.status_code in (200, 304) and request.args.get("v"):
        response.headers["Cache-Control"] = f"public, max-age={ONE_YEAR}, immutable"
    else:
        response.headers["Cache-Control"] = "public, max-age=3600"


def _fingerprints(app: Flask) -> None:
    @app.url_defaults
    def add_fingerprint(endpoint: str, values: dict[str, object]) -> None:
        if endpoint == "static" and "v" not in values:
            file = Path(current_app.static_folder or "") / str(values.get("filename", ""))
            if file.is_file():
                values["v"] = fingerprint(file, file.stat().st_mtime_ns)


@lru_cache(maxsize=256)
def fingerprint(file: Path, mtime_ns: int) -> str:
    """The first characters of the SHA-256 of a file; ``mtime_ns`` only tells the cache when to look again."""
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12]


def own_address(address: str) -> str:
    """The address if it leads to a page of this site, as path and query; otherwise the start page."""
    try:
        parts = urlsplit(address.replace("\\", "/"))
    except ValueError:
        return "/"
    foreign = parts.scheme or parts.netloc or not parts.path.startswith("/") or parts.path.startswith("//")
    if foreign or any(ord(character) < 32 for character in address):
        return "/"
    return parts.path + (f"?{parts.query}" if parts.query else "")


def here() -> str:
    """The address of the page that is shown, to come back to; "" where there is nothing to come back to."""
    if request.method != "GET" or request.endpoint in (None, "accounts.sign_in"):
        return ""
    return own_address(request.full_path.rstrip("?"))


def from_our_pages() -> bool:
    """Whether the browser says that one of our own pages sent the request. Other sites' forms are not given back."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in OURS
    origin = request.headers.get("Origin") or request.headers.get("Referer")
    return origin is not None and urlsplit(origin).netloc == request.host
