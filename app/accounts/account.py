"""The account page: who one is here, where one is signed in, and a new password."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, flash, request, url_for

from app.accounts import belonging, circles, letters, passwords, people, proving, reminders, sign_ins
from app.accounts.access import may_end_sign_ins, may_leave, may_use_account
from app.accounts.oidc import identities
from app.accounts.oidc.identities import may_use_password
from app.accounts.rules import asks
from app.accounts.signing_in import ask, present_sign_in, sign_out, start_session, viewer, wait_words
from app.accounts.slowing import Attempt, Slowing
from app.accounts.tables import OrganisationRole, Person
from app.accounts.tries import TooManyTries
from app.audit import Deed, note_refused
from app.web.htmx import page, see_other

blueprint = Blueprint("account", __name__)

ELSEWHERE = "Du loggar in hos någon annan, och har inget lösenord här."
NOT_YOURS = "Det nuvarande lösenordet stämmer inte."
DIFFERENT = "De två nya lösenorden är inte lika."


@blueprint.get("/mitt-konto")
@asks(may_use_account)
def show() -> Response:
    """What Lärnät knows of the person, and the form for a new password."""
    ask(may_use_account)
    return _account_page()


@blueprint.post("/mitt-konto/losenord")
@asks(may_use_account)
def change_password() -> Response:
    """A new password, for somebody who knows the present one. Ends the person's other sign-ins."""
    ask(may_use_account)
    new, again = request.form.get("new_password", ""), request.form.get("new_password_again", "")
    try:
        if new != again:
            raise ValueError(DIFFERENT)
        person = _change(request.form.get("password", ""), new)
    except ValueError as error:
        return _account_page(422, str(error))
    except TooManyTries as limit:
        note_refused(Deed.TOO_MANY, person=viewer().person or "", thing="account.change_password")
        return _account_page(429, wait_words(limit))
    start_session(person)
    flash("Lösenordet är bytt. Du är utloggad på andra ställen.", "ok")
    return see_other(url_for("account.show"))


@blueprint.post("/mitt-konto/inloggningar/<int:number>")
@asks(may_end_sign_ins)
def end_sign_in(number: int) -> Response:
    """Sign out one of the person's browsers, this one or another."""
    ask(may_end_sign_ins)
    if number == present_sign_in():
        return sign_out()
    with current_app.extensions["databases"].kept() as database:
        # One that has ended meanwhile is what was asked for.
        sign_ins.end(database, viewer().person or "", number)
    flash("Den webbläsaren är utloggad.", "ok")
    return see_other(url_for("account.show"))


@blueprint.post("/mitt-konto/inloggningar")
@asks(may_end_sign_ins)
def end_other_sign_ins() -> Response:
    """Sign out every browser of the person but this one."""
    ask(may_end_sign_ins)
    with current_app.extensions["databases"].kept() as database:
        sign_ins.end_all(database, viewer().person or "", but=present_sign_in())
    flash("Du är utloggad på alla andra ställen.", "ok")
    return see_other(url_for("account.show"))


@blueprint.get("/mitt-konto/lamna/<organisation>")
@asks(may_leave)
def ask_to_leave(organisation: str) -> Response:
    """What it means to leave an organisation, and the button."""
    ask(may_leave, organisation)
    return page("accounts/leave.html", organisation=organisation, name=_name_of(organisation))


@blueprint.post("/mitt-konto/lamna/<organisation>")
@asks(may_leave)
def leave(organisation: str) -> Response:
    """End one's own membership. What one wrote stays."""
    ask(may_leave, organisation)
    with current_app.extensions["databases"].kept() as database:
        belonging.set_role(database, database.get_one(Person, viewer().person), organisation, None)
    flash(f"Du är inte med i {_name_of(organisation)} längre.", "ok")
    return see_other(url_for("account.show"))


def _name_of(organisation: str) -> str:
    found = current_app.extensions["organisations"].get(organisation)
    return found.name if found else organisation


def _change(present: str, new: str) -> Person:
    """Raises ValueError, in Swedish, for a wrong or unfit password, and TooManyTries."""
    extensions, me = current_app.extensions, viewer().person
    databases, slowing = extensions["databases"], Slowing.of(extensions["settings"])
    with databases.kept() as database:
        person: Person = database.get_one(Person, me)
        # Whoever is signed in is no stranger: what they try is counted for them alone.
        attempt = Attempt(person.email, "", browser=person.id)
        slowing.begin(database, attempt)
        known = people.about(database, person)
        fits = may_use_password(database, person, extensions["settings"])
    if not fits:
        raise ValueError(ELSEWHERE)
    if not passwords.matches(present, person.password_hash):
        note_refused(Deed.PASSWORD_WRONG, person=person.id)
        raise ValueError(NOT_YOURS)
    password_hash = passwords.hash_of(new, *known)
    with databases.kept() as database:
        person = database.get_one(Person, me)
        people.set_password(database, person, password_hash)
        letters.tell_of_new_password(database, person, extensions["settings"])
        slowing.succeed(database, attempt)
        slowing.forget(database, person.email)
    return person


def _account_page(status: int = 200, error: str = "") -> Response:
    extensions = current_app.extensions
    settings = extensions["settings"]
    with extensions["databases"].kept_for_reading() as database:
        person = database.get_one(Person, viewer().person)
        ways = identities.of(database, person.id)
        uses_password = may_use_password(database, person, extensions["settings"])
        reminded = reminders.wanted(database, person.id)
        lasting = sign_ins.of(database, person.id, sign_ins.Lifetime.of(extensions["settings"]))
    organisations = extensions["organisations"]
    roles = [(organisations.get(slug), slug, OrganisationRole(role)) for slug, role in sorted(viewer().roles.items())]
    return page(
        "accounts/show.html",
        status=status,
        person=person,
        roles=roles,
        networks=[circle for circle in circles.looked_after_by(viewer()) if circle.is_network],
        sign_ins=lasting,
        reminded=reminded,
        sends_letters=settings.sends_letters,
        can_be_reminded=reminders.may_be_asked_for(person, settings),
        ways=[(settings.issuer_at(way.issuer), way) for way in ways],
        others=[issuer for issuer in settings.issuers if issuer.address not in {way.issuer for way in ways}],
        uses_password=uses_password,
        asks_for_password=proving.asks_for_password(),
        present=present_sign_in(),
        error=error,
        shortest=passwords.SHORTEST,
    )
