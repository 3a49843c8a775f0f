"""A new password for somebody who has lost theirs: asked for by e-mail, without telling anybody who has an account."""

from __future__ import annotations

from contextlib import suppress

from flask import Blueprint, Response, current_app, flash, request, url_for
from sqlmodel import Session

from app.accounts import known_browsers, letters, links, passwords, people
from app.accounts.links import Purpose
from app.accounts.oidc.identities import may_use_password
from app.accounts.rules import open_to_anyone
from app.accounts.signing_in import wait_words
from app.accounts.slowing import Slowing
from app.accounts.tables import Person
from app.accounts.tries import Limit, TooManyTries, Tries
from app.audit import Deed, note, note_refused
from app.audit.origin import network_of
from app.config import Settings
from app.database import Databases
from app.web.htmx import page, see_other
from app.web.security import for_anyone, show_to_nobody_else, takes_lines

blueprint = Blueprint("resetting", __name__)

NO_ADDRESS = "Skriv din e-postadress, som anna@kommunen.se."
DIFFERENT = "De två lösenorden är inte lika."
# In a quarter of an hour: to one address, whoever asks, and from one network.
MOST_TO_ONE, MOST_FROM_ONE = 3, 30


@blueprint.get("/glomt-losenord")
@open_to_anyone("who has lost a password cannot sign in")
def ask_how() -> Response:
    """The form, or whom to ask where no letters can be sent."""
    return _ask_page()


@blueprint.post("/glomt-losenord")
@for_anyone
@takes_lines
@open_to_anyone("who has lost a password cannot sign in")
def send() -> Response:
    """Let a letter be sent. What is done and answered is the same whether there is an account or not."""
    if not (_settings().sends_letters and _settings().passwords):
        return _ask_page()
    email = people.normal_email(request.form.get("email", ""))
    if not people.is_email(email):
        return _ask_page(422, email=email, error=NO_ADDRESS)
    try:
        _put(email)
    except TooManyTries as limit:
        note_refused(Deed.TOO_MANY, thing="resetting.send")
        return _ask_page(429, email=email, error=wait_words(limit))
    return see_other(url_for("resetting.sent"))


@blueprint.get("/glomt-losenord/skickat")
@open_to_anyone("who has lost a password cannot sign in")
def sent() -> Response:
    """Look in your letter box."""
    return page("accounts/reset_sent.html", minutes=int(letters.NEW_PASSWORD.total_seconds() // 60))


@blueprint.get("/nytt-losenord")
@open_to_anyone("the link in the letter is what opens it")
def choose() -> Response:
    """The form for a new password, for who has the link. To open it does not use it up: mail filters open links."""
    word = request.args.get("kod", "")
    with _databases().kept_for_reading() as database:
        person = _person_of(database, word)
    return _choose_page(word, person) if person else _ended()


@blueprint.post("/nytt-losenord")
@for_anyone
@takes_lines
@open_to_anyone("the link in the letter is what opens it")
def save() -> Response:
    """Set the new password, and end the link and every sign-in of the person."""
    word, new = request.form.get("kod", ""), request.form.get("new_password", "")
    with _databases().kept_for_reading() as database:
        person = _person_of(database, word)
        known = people.about(database, person) if person else ()
    if person is None:
        return _ended()
    try:
        if new != request.form.get("new_password_again", ""):
            raise ValueError(DIFFERENT)
        password_hash = passwords.hash_of(new, *known)
    except ValueError as error:
        return _choose_page(word, person, 422, str(error))
    with _databases().kept() as database:
        person = _person_of(database, word)
        if person is None or links.use(database, Purpose.PASSWORD, word) is None:
            return _ended()
        people.set_password(database, person, password_hash, by_link=True)
        Slowing.of(_settings()).forget(database, person.email)
        letters.tell_of_new_password(database, person, _settings())
    flash("Lösenordet är bytt. Logga in med det nya.", "ok")
    # Whoever could read the letter is no stranger here, however many have guessed at the account.
    return known_browsers.remember(see_other(url_for("accounts.sign_in")), person.email, _settings())


def _put(email: str) -> None:
    """Let a letter be sent, unless many were just now. Raises TooManyTries for a network that asks for many."""
    tries = Tries.of(_settings())
    with _databases().kept() as database:
        tries.count(database, {("reset from", network_of(request.remote_addr or "")): Limit(MOST_FROM_ONE)})
        # Not for whom: that may be a password, typed in the wrong box, and whether there is an account is not asked.
        note(database, Deed.PASSWORD_ASKED_FOR)
    with suppress(TooManyTries), _databases().kept() as database:
        # Not told: who has asked for so many has got them, or is not the one who would get them.
        tries.count(database, {("reset to", email): Limit(MOST_TO_ONE)})
        letters.ask_for_new_password(database, email)


def _person_of(database: Session, word: str) -> Person | None:
    """Whose password the link changes; None where it does not any longer."""
    found = links.subject_of(database, Purpose.PASSWORD, word)
    person = database.get(Person, found) if found else None
    fits = person and people.may_sign_in(person, _settings()) and may_use_password(database, person, _settings())
    return person if fits else None


def _ask_page(status: int = 200, email: str = "", error: str = "") -> Response:
    return page("accounts/forgotten.html", status=status, settings=_settings(), email=email, error=error)


def _choose_page(word: str, person: Person, status: int = 200, error: str = "") -> Response:
    return show_to_nobody_else(
        page(
            "accounts/new_password.html",
            status=status,
            word=word,
            person=person,
            error=error,
            shortest=passwords.SHORTEST,
        )
    )


def _ended() -> Response:
    """The link was used, or its time is out: 410, whether or not it ever was one."""
    return show_to_nobody_else(page("accounts/link_ended.html", status=410, settings=_settings()))


def _settings() -> Settings:
    found: Settings = current_app.extensions["settings"]
    return found


def _databases() -> Databases:
    found: Databases = current_app.extensions["databases"]
    return found
