"""Showing once more who one is, before what cannot be undone and before everything about oneself is handed out.

A browser that somebody left open is not enough. Whoever has no password here signs in anew where they usually do.
"""

from __future__ import annotations

from datetime import timedelta

from flask import current_app
from sqlmodel import Session

from app.accounts import passwords
from app.accounts.oidc.identities import may_use_password
from app.accounts.signing_in import present_sign_in, viewer
from app.accounts.slowing import Attempt, Slowing
from app.accounts.tables import Person, SignIn
from app.database import Databases, now

# So new a sign-in shows who somebody is as well as a password does.
JUST_NOW = timedelta(minutes=10)
NOT_YOURS = "Lösenordet stämmer inte."
SIGN_IN_ANEW = "Logga ut och logga in igen, och gör det här inom tio minuter. Då vet vi att det är du."


def asks_for_password() -> bool:
    """Whether the person who is signed in has a password to show: some sign in elsewhere only."""
    with _databases().kept_for_reading() as session:
        return _has_password(session, session.get_one(Person, viewer().person))


def prove(password: str) -> None:
    """See that it is they who are signed in. Raises ValueError, in Swedish, where it is not shown; TooManyTries."""
    slowing = Slowing.of(current_app.extensions["settings"])
    with _databases().kept() as session:
        person = session.get_one(Person, viewer().person)
        sign_in = session.get(SignIn, present_sign_in())
        # Whoever is signed in is no stranger: what they try is counted for them alone.
        attempt = Attempt(person.email, "", browser=person.id)
        has_password = _has_password(session, person)
        if has_password:
            slowing.begin(session, attempt)
    if not has_password:
        if sign_in is None or sign_in.begun_at < now() - JUST_NOW:
            raise ValueError(SIGN_IN_ANEW)
        return
    if not passwords.matches(password, person.password_hash):
        raise ValueError(NOT_YOURS)
    with _databases().kept() as session:
        slowing.succeed(session, attempt)


def _has_password(session: Session, person: Person) -> bool:
    """Whether there is one, and it is any good here."""
    return bool(person.password_hash) and may_use_password(session, person, current_app.extensions["settings"])


def _databases() -> Databases:
    found: Databases = current_app.extensions["databases"]
    return found
