"""Ending an account for good: one's own, or for an administrator a person's who has asked for it.

There is no time to change one's mind in: whoever asks to be forgotten is forgotten at once. What was written stays
anyway, and a coordinator can invite anew. So the question is plain, and a password is asked for.
"""

from __future__ import annotations

from flask import Blueprint, Response, abort, current_app, flash, request, url_for

from app.accounts import circles, proving
from app.accounts.access import may_end_account, may_use_account
from app.accounts.rules import asks, open_to_anyone
from app.accounts.signing_in import ask, end_session, viewer, wait_words
from app.accounts.tables import Person
from app.accounts.tries import TooManyTries
from app.keeping.erasing import Eraser
from app.keeping.leaving import leaving, pages_among
from app.keeping.snapshot import NotPossible
from app.publishing import current
from app.web.htmx import page, see_other

blueprint = Blueprint("leaving", __name__)

TICK_FIRST = "Kryssa i att du vet vad som saknar samordnare, eller gör någon annan till samordnare först."


@blueprint.get("/mitt-konto/avsluta")
@asks(may_use_account)
def ask_oneself() -> Response:
    """What goes and what stays when one ends one's account, and the question."""
    ask(may_use_account)
    return _question(viewer().person or "")


@blueprint.post("/mitt-konto/avsluta")
@asks(may_use_account)
def end_own() -> Response:
    """End one's own account: one is signed out everywhere, and told that it is done."""
    ask(may_use_account)
    person_id = viewer().person or ""
    refused = _end(person_id, "personen själv")
    if refused:
        return refused
    end_session()
    return see_other(url_for("leaving.ended"))


@blueprint.get("/konto-avslutat")
@open_to_anyone("it says nothing of whose account it was")
def ended() -> Response:
    """The account is no more. The page says nothing of whose it was: anybody may see it."""
    return page("keeping/ended.html", settings=current_app.extensions["settings"])


@blueprint.get("/personer/konto/<person_id>/glom")
@asks(may_end_account)
def ask_admin(person_id: str) -> Response:
    """The same about somebody else, for an administrator."""
    ask(may_end_account, person_id)
    return _question(person_id)


@blueprint.post("/personer/konto/<person_id>/glom")
@asks(may_end_account)
def forget(person_id: str) -> Response:
    """Forget a person who has asked for it."""
    ask(may_end_account, person_id)
    refused = _end(person_id, "på begäran")
    if refused:
        return refused
    if viewer().person == person_id:
        end_session()
        return see_other(url_for("leaving.ended"))
    flash("Personen är glömd. Det som hen skrev är kvar, med roll och organisation.", "ok")
    return see_other(url_for("people.index"))


def _end(person_id: str, reason: str) -> Response | None:
    """End an account, for who has shown who they are; an answer where something is in the way."""
    with current.databases.kept_for_reading() as session:
        person = session.get(Person, person_id)
        if person is None:
            abort(404)
        left = leaving(session, person)
    if left.is_missed and not request.form.get("known"):
        return _question(person_id, 422, TICK_FIRST)
    try:
        proving.prove(request.form.get("password", ""))
        _eraser().account(person_id, reason)
    except ValueError as error:
        return _question(person_id, 422, str(error))
    except TooManyTries as limit:
        return _question(person_id, 429, wait_words(limit))
    except NotPossible as error:
        return _question(person_id, 409, str(error))
    return None


def _question(person_id: str, status: int = 200, error: str = "") -> Response:
    with current.databases.kept_for_reading() as session:
        person = session.get(Person, person_id)
        if person is None:
            abort(404)
        left = leaving(session, person)
    named_in = pages_among(current.library, _eraser().files_with(person.name, person.email), viewer())
    return page(
        "keeping/leave.html",
        status=status,
        left=left,
        own=person_id == viewer().person,
        named_in=named_in,
        alone_in=[found.short if (found := current.organisations.get(slug)) else slug for slug in left.alone_in],
        alone_for=[circle.name for one in left.alone_for if (circle := circles.with_id(one))],
        asks_for_password=proving.asks_for_password(),
        sign_in_anew=proving.SIGN_IN_ANEW,
        settings=current_app.extensions["settings"],
        error=error,
    )


def _eraser() -> Eraser:
    extensions = current_app.extensions
    return Eraser(extensions["settings"], extensions["databases"], extensions["archive"])
