"""What is asked for in an address: no personal number, for addresses stay in histories, suggestions and others' logs.

A search with a number is not made. Whoever asked is led to the same address without it: that is the one their browser
remembers.
"""

from __future__ import annotations

import re
from urllib.parse import urlencode

from flask import Flask, Response, flash, redirect, request
from werkzeug.exceptions import BadRequest, RequestURITooLarge
from werkzeug.wrappers import Response as AnyResponse

from app.audit import Deed, note_refused
from app.library.personal_data import find

# The web server takes no longer ones; what is longer is not even read, so that nothing long can be dear.
LONGEST_ADDRESS = 8_000
LEFT_OUT = "Lärnät söker inte på personnummer, så det är borttaget ur det du skrev."
NOT_ASKED = "Lärnät söker inte på personnummer. Ta bort det ur frågan."


def init_app(app: Flask) -> None:
    """Look at the address of every page before it is answered, unless it is too long to be meant."""
    app.before_request(_leave_numbers_out)


def _leave_numbers_out() -> AnyResponse | None:
    if request.method not in ("GET", "HEAD") or not request.query_string:
        return None
    if len(request.query_string) > LONGEST_ADDRESS:
        raise RequestURITooLarge
    asked = list(request.args.items(multi=True))
    kept = [(without_numbers(name), without_numbers(value)) for name, value in asked]
    if kept == asked:
        return None
    note_refused(Deed.NUMBER_IN_SEARCH, thing=request.endpoint or "")
    if request.path.startswith("/api/"):
        raise BadRequest(NOT_ASKED)
    flash(LEFT_OUT, "warn")
    kept = [(name, value) for name, value in kept if name and value]
    address = f"{request.script_root}{request.path}" + (f"?{urlencode(kept)}" if kept else "")
    if request.headers.get("HX-Request"):
        # htmx would follow a redirection without the browser's address following along.
        return Response(headers={"HX-Redirect": address})
    return redirect(address, 303)


def without_numbers(text: str) -> str:
    """A text without the personal numbers in it."""
    found = [one for one in find(text) if one.stops]
    if not found:
        return text
    pieces, place = [], 0
    for one in found:
        pieces.append(text[place : one.start])
        place = one.end
    return re.sub(r"\s+", " ", "".join([*pieces, text[place:]])).strip()
