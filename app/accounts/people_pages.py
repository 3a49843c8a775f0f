"""/personer: who belongs to what one coordinates, and for administrators everybody."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import Blueprint, Response, abort, current_app, flash, request, url_for
from sqlmodel import Session

from app.accounts import belonging, circles, letters, people, sign_ins
from app.accounts.access import may_close_account, may_look_after_people, may_run, may_set_role
from app.accounts.rules import asks
from app.accounts.signing_in import ask, viewer
from app.accounts.tables import OrganisationRole, Person
from app.config import Settings
from app.database import Databases
from app.library.organisations import Organisations
from app.mail import outbox
from app.web.htmx import page, see_other
from app.web.security import show_to_nobody_else

blueprint = Blueprint("people", __name__, url_prefix="/personer")

PAGE = 50
ROLES = {role.value: role for role in OrganisationRole}


@blueprint.get("")
@asks(may_look_after_people)
def index() -> Response:
    """What one looks after; for an administrator everybody who has an account as well, by address."""
    ask(may_look_after_people)
    words, number = request.args.get("q", "").strip(), request.args.get("sida", 1, type=int)
    found: Sequence[Person] = ()
    pages = 1
    everybody = may_run(viewer())
    if everybody:
        with _databases().kept_for_reading() as database:
            found, pages = people.searched(database, words, number, PAGE)
        if not 1 <= number <= pages:
            abort(404)
    return page(
        "accounts/people.html",
        circles=circles.looked_after_by(viewer()),
        everybody=everybody,
        people=found,
        words=words,
        page_number=number,
        pages=pages,
        pager_links=[(n, url_for("people.index", q=words or None, sida=n)) for n in range(1, pages + 1)],
        organisations=_organisations() if everybody else (),
        networks=circles.networks() if everybody else (),
    )


@blueprint.get("/organisation")
@asks(may_run)
def go_to_organisation() -> Response:
    """The page of the organisation that was chosen in the list."""
    ask(may_run)
    return see_other(url_for("circle.show", sort=circles.ORGANISATION, slug=request.args.get("vilken", "")))


@blueprint.get("/konto/<person_id>")
@asks(may_run)
def show(person_id: str) -> Response:
    """One account: where the person belongs and has belonged, and what an administrator can do with it."""
    ask(may_run)
    return _person_page(person_id)


@blueprint.post("/konto/<person_id>/roll")
@asks(may_run, may_set_role)
def set_role(person_id: str) -> Response:
    """Give a role in an organisation, without an invitation: for administrators, who see everybody anyway."""
    ask(may_run)
    organisation, role = request.form.get("organisation", ""), ROLES.get(request.form.get("role", ""))
    if _organisations().get(organisation) is None or role is None:
        return _person_page(person_id, 422, "Välj en organisation och en roll.")
    ask(may_set_role, organisation)
    return _changed(
        person_id,
        lambda database, person: belonging.set_role(database, person, organisation, role),
        "Rollen är sparad.",
    )


@blueprint.post("/konto/<person_id>/stang")
@asks(may_close_account)
def close(person_id: str) -> Response:
    """Close the account: nobody signs in with it, and who is signed in is signed out. What was written stays."""
    ask(may_close_account, person_id)
    return _changed(
        person_id, lambda database, person: people.set_active(database, person, active=False), "Kontot är stängt."
    )


@blueprint.post("/konto/<person_id>/oppna")
@asks(may_close_account)
def reopen(person_id: str) -> Response:
    """The account works again, with its old password."""
    ask(may_close_account, person_id)
    return _changed(
        person_id, lambda database, person: people.set_active(database, person, active=True), "Kontot är öppet igen."
    )


@blueprint.post("/konto/<person_id>/logga-ut")
@asks(may_run)
def sign_out(person_id: str) -> Response:
    """End every sign-in of the person."""
    ask(may_run)
    return _changed(
        person_id, lambda database, person: sign_ins.end_all(database, person.id), "Personen är utloggad överallt."
    )


@blueprint.post("/konto/<person_id>/losenord")
@asks(may_run)
def new_password(person_id: str) -> Response:
    """Send a link for a new password or, where no letters are sent, show it to hand over."""
    ask(may_run)
    with _databases().kept() as database:
        person = _found(database, person_id)
        if not people.may_sign_in(person, _settings()):
            abort(409, "Kontot går inte att logga in på, så en länk skulle inte hjälpa. Öppna det först.")
        if not _settings().sends_letters:
            return link_page(letters.way_to_new_password(database, person), person.email, "Länk för nytt lösenord")
        letters.ask_for_new_password(database, person.email)
    flash("Länken skickas till personen.", "ok")
    return see_other(url_for("people.show", person_id=person_id))


@blueprint.get("/brev")
@asks(may_run)
def unsent() -> Response:
    """The letters that wait, or could not be sent."""
    ask(may_run)
    with _databases().kept_for_reading() as database:
        found = outbox.listed(database)
    return page("accounts/letters.html", letters=found, sorts=letters.TITLES, settings=_settings())


def link_page(way: str, email: str, title: str) -> Response:
    """A link that an administrator hands over, shown once."""
    link = (_settings().address or request.host_url.rstrip("/")) + way
    return show_to_nobody_else(page("accounts/link.html", link=link, email=email, title=title))


def _changed(person_id: str, change: Callable[[Session, Person], object], told: str) -> Response:
    with _databases().kept() as database:
        change(database, _found(database, person_id))
    flash(told, "ok")
    return see_other(url_for("people.show", person_id=person_id))


def _person_page(person_id: str, status: int = 200, error: str = "") -> Response:
    with _databases().kept_for_reading() as database:
        person = _found(database, person_id)
        memberships = belonging.memberships_of(database, person)
        coordinated = belonging.coordinated_by(database, person)
    networks = [circle for document_id in coordinated if (circle := circles.with_id(document_id))]
    return page(
        "accounts/person.html",
        status=status,
        person=person,
        memberships=memberships,
        networks=networks,
        organisations=_organisations(),
        roles=tuple(OrganisationRole),
        role_words={role.value: role.swedish for role in OrganisationRole},
        may_close=may_close_account(viewer(), person_id),
        settings=_settings(),
        error=error,
    )


def _found(database: Session, person_id: str) -> Person:
    person = database.get(Person, person_id)
    if person is None:
        abort(404)
    return person


def _settings() -> Settings:
    found: Settings = current_app.extensions["settings"]
    return found


def _databases() -> Databases:
    found: Databases = current_app.extensions["databases"]
    return found


def _organisations() -> Organisations:
    found: Organisations = current_app.extensions["organisations"]
    return found
