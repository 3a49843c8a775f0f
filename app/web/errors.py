"""Pages for what goes wrong, in plain Swedish: what happened, and what one can do now."""

from __future__ import annotations

import contextlib
import logging
import re
from dataclasses import dataclass

from flask import Flask, Response, current_app, g, jsonify, make_response, request
from werkzeug.exceptions import BadRequestKeyError, HTTPException, InternalServerError

from app.database import is_disk_trouble
from app.library.document import NotFound
from app.library.visibility import ANYONE
from app.web import request_log
from app.web.htmx import page, wants_fragment

log = logging.getLogger(__name__)

# Whoever sends still more is cut off.
MOST_READ_AWAY = 300_000_000


@dataclass(frozen=True)
class Words:
    """What an error page says."""

    title: str
    text: str


WORDS = {
    400: Words("Det gick inte att läsa det som skickades", "Gå tillbaka och försök igen."),
    401: Words("Du behöver logga in", "Logga in för att göra det här."),
    403: Words(
        "Du får inte göra det här",
        "Ditt konto räcker inte till. En sida ändras av dem som skriver för den organisation som äger den, och en del"
        " är bara för samordnare eller för den som sköter Lärnät. Be dem om hjälp, eller logga in med ett annat konto.",
    ),
    404: Words(
        "Sidan finns inte",
        "Den kan ha tagits bort eller flyttats, eller så får du inte läsa den. Är adressen rätt skriven? Pröva annars"
        " att söka.",
    ),
    405: Words("Så går sidan inte att använda", "Gå till den från menyn, eller sök efter den."),
    409: Words("Någon annan hann före", "Sidan har ändrats sedan du öppnade den. Öppna den igen och försök på nytt."),
    413: Words(
        "Det är för stort",
        "Det du skickar är för stort för att sparas, eller består av för många delar. Dela upp det och försök igen.",
    ),
    414: Words("Adressen är för lång", "Korta det du söker efter, eller välj färre saker på en gång."),
    429: Words("För många försök", "Vänta en stund och försök igen."),
    500: Words(
        "Något gick fel hos oss",
        "Felet är antecknat. Försök igen om en stund. Det du redan har sparat är kvar.",
    ),
    503: Words("Lärnät är upptaget", "Försök igen om en stund. Det du redan har sparat är kvar."),
    507: Words(
        "Det är fullt på disken",
        "Det gick inte att spara. Säg till den som sköter Lärnät hos er. Gå tillbaka, så är det du skrev kvar.",
    ),
}
# Where not even the page of an error can be made.
LAST_RESORT = """<!doctype html>
<html lang="sv">
<head><meta charset="utf-8"><title>Något gick fel hos oss – Lärnät</title></head>
<body><h1>Något gick fel hos oss</h1><p>Försök igen om en stund. Det du redan har sparat är kvar.</p>
<p><a href="/">Till startsidan</a></p></body>
</html>
"""
# What is left of an address that leads nowhere may be what somebody looked for.
LONGEST_GUESS = 80


def init_app(app: Flask) -> None:
    """Answer every error with a page of our own (JSON for the API)."""
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(NotFound, _not_found)
    app.register_error_handler(Exception, _unexpected)


def error_page(status: int, text: str = "", number: str = "") -> Response:
    """The page for a status; ``text`` replaces what it usually says. ``number`` is that of a fault, to report it by."""
    words = WORDS.get(status, WORDS[500 if status >= 500 else 400])
    if request.path.startswith("/api/"):
        response = jsonify(error=words.title, message=text or words.text)
        response.status_code = status
        return response
    template = "errors/notice.html" if wants_fragment() else "errors/error.html"
    return page(
        template,
        status=status,
        title=words.title,
        text=text or words.text,
        status_code=status,
        guess=_guess() if status == 404 else "",
        number=number,
    )


def _guess() -> str:
    """Words to search for, out of the end of an address that leads nowhere."""
    end = request.path.rstrip("/").rpartition("/")[2]
    words = re.sub(r"[\W_]+", " ", re.sub(r"\.\w{1,5}$", "", end)).strip()
    return words[:LONGEST_GUESS] if re.search(r"[^\W\d_]{3}", words) else ""


def busy(why: str, seconds: int = 2) -> Response:
    """Something that is needed is not there just now: come back in a moment."""
    response = error_page(503, f"{why} Försök igen om en stund. Det du redan har sparat är kvar.")
    response.headers["Retry-After"] = str(seconds)
    return response


def _http_error(error: HTTPException) -> Response:
    if error.response is not None:
        return make_response(error.response)
    if error.code is not None and error.code < 400:
        return make_response(error.get_response())
    if isinstance(error, InternalServerError) and error.original_exception is not None:
        # Something went wrong while another error was told of.
        return _unexpected(error.original_exception)
    if error.code == 413:
        _read_away()
    response = error_page(error.code or 500, _own_words(error))
    for name, value in error.get_headers():
        if name not in ("Content-Type", "Content-Length"):
            response.headers[name] = value
    return response


def _own_words(error: HTTPException) -> str:
    """What our own code has said of an error; "" for what the libraries say, which is English."""
    standard = {getattr(sort, "description", None) for sort in type(error).mro()}
    text = error.description or ""
    return "" if text in standard or isinstance(error, BadRequestKeyError) else text


def _read_away() -> None:
    """Read what was too much and forget it: a browser whose sending is cut off never shows why."""
    stream, left = request.environ["wsgi.input"], min(request.content_length or 0, MOST_READ_AWAY)
    with contextlib.suppress(OSError):
        while left > 0 and (piece := stream.read(min(left, 1_000_000))):
            left -= len(piece)


def _not_found(error: NotFound) -> Response:
    return error_page(404)


def _unexpected(error: BaseException) -> Response:
    """The page for a fault of ours. It asks no database: that may be what is broken."""
    if current_app.testing:
        raise error
    log.error("unexpected error", exc_info=error)
    g.viewer = ANYONE
    status = 507 if is_disk_trouble(error) else 500
    try:
        number = request_log.number()
        return error_page(status, f"{WORDS[status].text} Felets nummer är {number}.", number)
    except Exception:
        log.exception("the page of an error could not be made")
        return make_response(LAST_RESORT, 500)
