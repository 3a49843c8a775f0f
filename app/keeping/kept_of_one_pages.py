"""/mitt-konto/uppgifter: all that is kept of oneself, to take along. The password is asked for: it is much at once."""

from __future__ import annotations

from threading import Lock

from flask import Blueprint, Response, current_app, request

from app.accounts import proving
from app.accounts.access import may_use_account
from app.accounts.rules import asks
from app.accounts.signing_in import ask, viewer, wait_words
from app.accounts.tries import TooManyTries
from app.keeping.kept_of_one import KeptOfOne
from app.web.errors import busy
from app.web.htmx import page
from app.web.text import today

blueprint = Blueprint("kept_of_one", __name__, url_prefix="/mitt-konto/uppgifter")

# One at a time in each web process, so that there are always threads left for those who read and write.
_going_on = Lock()


@blueprint.get("")
@asks(may_use_account)
def ask_first() -> Response:
    """What there will be in it, and the password."""
    ask(may_use_account)
    return _question()


@blueprint.post("")
@asks(may_use_account)
def fetch() -> Response:
    """All that is kept of the viewer, sent while it is made."""
    ask(may_use_account)
    try:
        proving.prove(request.form.get("password", ""))
    except ValueError as error:
        return _question(422, str(error))
    except TooManyTries as limit:
        return _question(429, wait_words(limit))
    if not _going_on.acquire(blocking=False):
        return busy("Någon annan hämtar sina uppgifter just nu.")
    try:
        parts = current_app.extensions
        own = KeptOfOne(parts["settings"], parts["databases"], parts["library"], viewer())
        response = Response(own.archive(), mimetype="application/zip")
    except BaseException:
        _going_on.release()
        raise
    response.call_on_close(_going_on.release)
    name = f"larnat-mina-uppgifter-{today():%Y-%m-%d}.zip"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _question(status: int = 200, error: str = "") -> Response:
    return page(
        "keeping/kept_of_one.html",
        status=status,
        asks_for_password=proving.asks_for_password(),
        sign_in_anew=proving.SIGN_IN_ANEW,
        error=error,
    )
