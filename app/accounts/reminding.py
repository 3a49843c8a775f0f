"""Reminders of cycles that stand still: asked for on Mitt konto, and ended there or from a letter."""

from __future__ import annotations

from flask import Blueprint, Response, abort, current_app, flash, request, url_for
from sqlmodel import Session

from app.accounts import links, reminders
from app.accounts.access import may_use_account
from app.accounts.links import Purpose
from app.accounts.rules import asks, open_to_anyone
from app.accounts.signing_in import ask, viewer
from app.accounts.tables import Person
from app.database import Databases
from app.web.htmx import page, see_other
from app.web.security import for_anyone, show_to_nobody_else, takes_lines

blueprint = Blueprint("reminding", __name__)

ASKED = "Du får ett brev när någon av era cykler har stått stilla länge, högst ett i veckan."
ENDED = "Du får inga fler påminnelser."


@blueprint.post("/mitt-konto/paminnelser")
@takes_lines
@asks(may_use_account)
def choose() -> Response:
    """Be reminded of cycles that stand still, or no longer."""
    ask(may_use_account)
    person_id, wants = viewer().person or "", request.form.get("vill") == "ja"
    with _databases().kept() as database:
        if not wants:
            reminders.end(database, person_id)
        elif reminders.may_be_asked_for(database.get_one(Person, person_id), current_app.extensions["settings"]):
            reminders.ask_for(database, person_id)
        else:
            abort(404)
    flash(ASKED if wants else ENDED, "ok")
    return see_other(url_for("account.show") + "#paminnelser")


@blueprint.get("/paminnelser/sluta")
@open_to_anyone("the link in the letter is what opens it")
def ask_to_stop() -> Response:
    """The button that ends them. To open the page does not: mail filters open links."""
    word = request.args.get("kod", "")
    with _databases().kept_for_reading() as database:
        if links.subject_of(database, Purpose.NO_REMINDERS, word) is None:
            return _no_link()
    return show_to_nobody_else(page("accounts/no_reminders.html", word=word, ended=False))


@blueprint.post("/paminnelser/sluta")
@for_anyone
@takes_lines
@open_to_anyone("the link in the letter is what opens it")
def stop() -> Response:
    """End the reminders of the person whom the letter was written to, whoever is signed in."""
    with _databases().kept() as database:
        if not _ended(database, request.form.get("kod", "")):
            return _no_link()
    return show_to_nobody_else(page("accounts/no_reminders.html", word="", ended=True))


def _ended(database: Session, word: str) -> bool:
    person_id = links.subject_of(database, Purpose.NO_REMINDERS, word)
    if person_id is not None:
        reminders.end(database, person_id)
    return person_id is not None


def _no_link() -> Response:
    """The link was used, or its time is out: 410, whether or not it ever was one."""
    return show_to_nobody_else(page("accounts/reminders_link_ended.html", status=410))


def _databases() -> Databases:
    found: Databases = current_app.extensions["databases"]
    return found
