"""/inbjudan: whoever has the link says yes, with the account they have or with one that they make."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, Response, current_app, flash, request, url_for
from sqlmodel import Session

from app.accounts import circles, invitations, passwords, people
from app.accounts.rules import open_to_anyone
from app.accounts.signing_in import start_session, viewer, viewer_of
from app.accounts.tables import Invitation, OrganisationRole, Person
from app.config import Settings
from app.database import Databases
from app.web.htmx import page, see_other
from app.web.security import for_anyone, show_to_nobody_else, takes_lines

blueprint = Blueprint("inviting", __name__)

ELSEWHERE = "Här gör man inget konto med lösenord. Logga in, och tacka ja sedan."
DIFFERENT = "De två lösenorden är inte lika."

# Who says yes: found or made in the session in which the invitation is used up.
Who = Callable[[Session, Invitation], Person]


@dataclass(frozen=True)
class Typed:
    """What somebody who makes an account has typed."""

    name: str = ""
    title: str = ""


@blueprint.get("/inbjudan")
@open_to_anyone("the link of the invitation is what opens it")
def show() -> Response:
    """What one is invited to, and how to say yes. To open it does not use it up: mail filters open links."""
    return _invitation_page(request.args.get("kod", ""))


@blueprint.post("/inbjudan")
@for_anyone
@takes_lines
@open_to_anyone("the link of the invitation is what opens it")
def accept() -> Response:
    """Say yes: as who is signed in, or with a new account for the address that was invited."""
    word, me = request.form.get("kod", ""), viewer().person
    if me is not None:
        return _accepted(word, lambda database, _: database.get_one(Person, me))
    typed = Typed(request.form.get("name", ""), request.form.get("title", ""))
    with _databases().kept_for_reading() as database:
        invitation = _standing(database, word)
    if invitation is None:
        return _ended()
    if not _settings().passwords:
        return _invitation_page(word, 422, typed, ELSEWHERE)
    try:
        who = _new_person(typed, invitation)
        return _accepted(word, who)
    except people.EmailTaken:
        # Somebody has an account with the address: the page says so to who has the link, and to sign in.
        return _invitation_page(word, 409, typed)
    except ValueError as error:
        return _invitation_page(word, 422, typed, str(error))


def _new_person(typed: Typed, invitation: Invitation) -> Who:
    """What makes the account. Raises ValueError, in Swedish, for what cannot be one."""
    name, title = people.fit_name(typed.name, typed.title)
    new = request.form.get("new_password", "")
    if new != request.form.get("new_password_again", ""):
        raise ValueError(DIFFERENT)
    # Outside any transaction: it is meant to be slow.
    kept = passwords.hash_of(new, invitation.email, name, title, invitation.organisation, invitation.title)
    return lambda database, found: people.create_person(
        database, email=found.email, name=name, title=title, password_hash=kept
    )


def _accepted(word: str, who: Who) -> Response:
    """Use the invitation up. Raises EmailTaken where an account cannot be made."""
    with _databases().kept() as database:
        invitation = _standing(database, word)
        if invitation is None:
            return _ended()
        person = who(database, invitation)
        told = f"Du är nu {OrganisationRole(invitation.role).swedish} {place_words(invitation)}."
        invitations.accept(database, invitation, person)
    if viewer().person != person.id:
        start_session(person)
    flash(told, "ok")
    return see_other(url_for("account.show"))


def _invitation_page(word: str, status: int = 200, typed: Typed | None = None, error: str = "") -> Response:
    with _databases().kept_for_reading() as database:
        invitation = _standing(database, word)
        if invitation is None:
            return _ended()
        inviter = database.get(Person, invitation.by_person) if invitation.by_person else None
        account = people.find(database, invitation.email)
    return show_to_nobody_else(
        page(
            "accounts/invitation.html",
            status=status,
            word=word,
            invitation=invitation,
            role=OrganisationRole(invitation.role).swedish,
            place=place_words(invitation),
            inviter=inviter,
            account=account,
            typed=typed or Typed(),
            error=error,
            shortest=passwords.SHORTEST,
            settings=_settings(),
        )
    )


def place_words(invitation: Invitation) -> str:
    """To what somebody is invited: "i Solna stad", "för nätverket KNUT"."""
    return f"för nätverket {invitation.title}" if invitation.network else f"i {invitation.title}"


def _standing(database: Session, word: str) -> Invitation | None:
    """The invitation that a link opens, as long as whoever invited still may, and there is something to belong to."""
    invitation = invitations.opened_by(database, word)
    circle = circles.of_invitation(invitation) if invitation else None
    if invitation is None or circle is None:
        return None
    if invitation.by_person is None:
        return invitation
    inviter = database.get(Person, invitation.by_person)
    return invitation if inviter and circle.may_invite(viewer_of(database, inviter)) else None


def _ended() -> Response:
    """The link was used, or its time is out, or the invitation was taken back: 410, whether or not it ever was one."""
    return show_to_nobody_else(page("accounts/invitation_ended.html", status=410))


def _settings() -> Settings:
    found: Settings = current_app.extensions["settings"]
    return found


def _databases() -> Databases:
    found: Databases = current_app.extensions["databases"]
    return found
