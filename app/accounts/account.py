"""The account page: who one is here, and a new password."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, flash, request, url_for

from app.accounts import passwords, people
from app.accounts.signing_in import ask, start_session, viewer
from app.accounts.tables import OrganisationRole, Person
from app.accounts.tries import TooManyTries, Tries
from app.web.htmx import page, see_other

blueprint = Blueprint("account", __name__)

NOT_YOURS = "Det nuvarande lösenordet stämmer inte."
DIFFERENT = "De två nya lösenorden är inte lika."
TOO_OFTEN = "Det blev för många försök. Vänta en kvart och försök igen."


@blueprint.get("/mitt-konto")
def show() -> Response:
    """What Lärnät knows of the person, and the form for a new password."""
    ask(viewer().signed_in)
    return _account_page()


@blueprint.post("/mitt-konto/losenord")
def change_password() -> Response:
    """A new password, for somebody who knows the present one. Ends the person's other sign-ins."""
    ask(viewer().signed_in)
    new, again = request.form.get("new_password", ""), request.form.get("new_password_again", "")
    try:
        if new != again:
            raise ValueError(DIFFERENT)
        person = _change(request.form.get("password", ""), new)
    except ValueError as error:
        return _account_page(422, str(error))
    except TooManyTries:
        return _account_page(429, TOO_OFTEN)
    start_session(person)
    flash("Lösenordet är bytt. Du är utloggad på andra ställen.", "ok")
    return see_other(url_for("account.show"))


def _change(present: str, new: str) -> Person:
    """Raises ValueError, in Swedish, for a wrong or unfit password, and TooManyTries."""
    extensions, me = current_app.extensions, viewer().person
    databases, tries = extensions["databases"], Tries(extensions["settings"].sign_in_tries)
    with databases.kept() as database:
        person: Person = database.get_one(Person, me)
        tries.begin(database, person.email, request.remote_addr or "")
    if not passwords.matches(present, person.password_hash):
        raise ValueError(NOT_YOURS)
    with databases.kept() as database:
        person = database.get_one(Person, me)
        people.set_password(database, person, new)
        tries.succeed(database, person.email, request.remote_addr or "")
    return person


def _account_page(status: int = 200, error: str = "") -> Response:
    extensions = current_app.extensions
    with extensions["databases"].kept_for_reading() as database:
        person = database.get_one(Person, viewer().person)
    organisations = extensions["organisations"]
    roles = [
        (organisations.get(slug), slug, OrganisationRole(role)) for slug, role in sorted(viewer().roles.items())
    ]
    return page(
        "accounts/show.html", status=status, person=person, roles=roles, error=error, shortest=passwords.SHORTEST
    )
