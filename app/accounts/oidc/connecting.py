"""Somebody who has an account here lets it be signed in to from an issuer as well."""

from __future__ import annotations

from flask import Blueprint, Response, flash, request, url_for

from app.accounts import proving
from app.accounts.access import may_use_account
from app.accounts.oidc.departures import Journey
from app.accounts.oidc.pages import leave_with, reach_of
from app.accounts.rules import asks
from app.accounts.signing_in import ask, viewer, wait_words
from app.accounts.tries import TooManyTries
from app.web.htmx import see_other

blueprint = Blueprint("connecting", __name__)


@blueprint.post("/mitt-konto/koppla/<key>")
@asks(may_use_account)
def leave(key: str) -> Response:
    """To the issuer, after showing once more who one is here: a browser that was left open is not enough."""
    ask(may_use_account)
    reach = reach_of(key)
    try:
        proving.prove(request.form.get("password", ""))
    except ValueError as error:
        flash(f"Inget är ihopkopplat. {error}")
        return see_other(url_for("account.show"))
    except TooManyTries as limit:
        flash(wait_words(limit))
        return see_other(url_for("account.show"))
    return leave_with(reach, Journey.begin(url_for("account.show"), person=viewer().person))
