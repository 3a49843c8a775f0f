"""What becomes of a request that never gets to the application: it comes too slowly, or is none.

In production a web server stands in front and holds up most of this. Lärnät does not count on it.
"""

from __future__ import annotations

import errno
import socket
import time
from typing import Any

from gunicorn.http.errors import LimitRequestHeaders, LimitRequestLine

from app.web.questions import LONGEST_ADDRESS
from app.web.security import HEADERS

# Whoever sends a request has so long to begin with, and then for as long as so much comes each second.
PATIENCE_SECONDS = 20.0
LEAST_BYTES_A_SECOND = 10_000
# Beside the address, each header may be this long, and a request have so many headers.
LONGEST_HEADER, MOST_HEADERS = 8_000, 60

_PAGE = """<!doctype html>
<html lang="sv">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title} – Lärnät</title>
<link rel="stylesheet" href="/static/site.css">
</head>
<body>
<main id="innehall"><div class="wrap page">
<div class="stack"><h1>{title}</h1><p class="lead">{text}</p><p><a href="/">Till startsidan</a></p></div>
</div></main>
</body>
</html>
"""
_TOO_LONG = "414 URI Too Long", "Adressen är för lång", "Korta det du söker efter, eller välj färre saker på en gång."
_TOO_MUCH = (
    "431 Request Header Fields Too Large",
    "Webbläsaren skickade för mycket",
    "Ta bort webbplatsens kakor i webbläsaren och försök igen.",
)
_NO_REQUEST = "400 Bad Request", "Det gick inte att läsa det som skickades", "Gå tillbaka och försök igen."


class Unhurried(socket.socket):
    """A connection on which a request has to come at a pace: nobody keeps a thread by sending a sign a second."""

    def __init__(self, accepted: socket.socket) -> None:
        super().__init__(accepted.family, accepted.type, accepted.proto, fileno=accepted.detach())
        self.begin()

    def begin(self) -> None:
        """Wait for the next request."""
        self._began, self._come = time.monotonic(), 0

    def recv(self, size: int, flags: int = 0) -> bytes:
        """As a socket does; one that has been too slow is as good as closed by the other."""
        if self.gettimeout() is not None:
            # Gunicorn has a limit of its own: it does not wait at all, or is about to close.
            return super().recv(size, flags)
        left = self._began + PATIENCE_SECONDS + self._come / LEAST_BYTES_A_SECOND - time.monotonic()
        try:
            self.settimeout(max(left, 0.001))
            came = super().recv(size, flags)
        except TimeoutError:
            raise ConnectionResetError(errno.ECONNRESET, "it came too slowly") from None
        finally:
            self.settimeout(None)
        self._come += len(came)
        return came


def refusal(error: BaseException) -> bytes:
    """What is answered to what is no request of ours: in plain Swedish, and with nothing of what was sent."""
    status, title, text = _NO_REQUEST
    if isinstance(error, LimitRequestLine):
        status, title, text = _TOO_LONG
    elif isinstance(error, LimitRequestHeaders):
        status, title, text = _TOO_MUCH
    body = _PAGE.format(title=title, text=text).encode()
    said = {
        **HEADERS,
        "Content-Type": "text/html; charset=utf-8",
        "Content-Length": str(len(body)),
        "Cache-Control": "no-store",
        "Connection": "close",
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in said.items())
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode("ascii") + body


def limits() -> dict[str, Any]:
    """What gunicorn reads of a request before it gives up."""
    return {
        "limit_request_line": LONGEST_ADDRESS,
        "limit_request_field_size": LONGEST_HEADER,
        "limit_request_fields": MOST_HEADERS,
    }
