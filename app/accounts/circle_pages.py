"""The people of an organisation or a network: who belongs to it, who is invited, and what its coordinators can do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response, abort, current_app, flash, request, url_for
from sqlmodel import Session

from app.accounts import belonging, circles, invitations, people
from app.accounts.access import may_appoint, may_end_membership, may_invite, may_move, may_run, may_set_role
from app.accounts.circles import NETWORK, ORGANISATION, Circle
from app.accounts.people_pages import ROLES, link_page
from app.accounts.rules import asks, asks_one_of
from app.accounts.signing_in import allowed, ask, viewer, viewer_again, wait_words
from app.accounts.tables import Invitation, OrganisationRole, Person
from app.accounts.tries import LONGEST_WINDOW_SECONDS, Limit, TooManyTries, Tries
from app.audit import Deed, note_refused
from app.config import Settings
from app.database import Databases, now
from app.library.organisations import Organisations
from app.mail import outbox
from app.web.htmx import page, see_other

blueprint = Blueprint("circle", __name__, url_prefix=f"/personer/<any({ORGANISATION}, {NETWORK}):sort>/<slug>")

NO_ADDRESS = "Skriv en e-postadress, som anna@kommunen.se."
NO_ROLE = "Välj vad den du bjuder in ska vara."
# In a day, by one person: more would be mischief, or a list that an administrator should take in.
MOST_INVITED = 100


@dataclass(frozen=True)
class Belonging:
    """Somebody who belongs to a circle, as its page lists them."""

    person: Person
    role: str
    since: datetime | None


@blueprint.get("")
@asks_one_of(may_invite, may_appoint)
def show(sort: str, slug: str) -> Response:
    """Who belongs to it, who is invited, and the form to invite."""
    return _circle_page(_asked_for(sort, slug))


@blueprint.post("/bjud-in")
@asks_one_of(may_invite, may_appoint)
def invite(sort: str, slug: str) -> Response:
    """Invite an address. What is answered is the same whether it has an account or not."""
    circle = _asked_for(sort, slug)
    email, role = people.normal_email(request.form.get("email", "")), ROLES.get(request.form.get("role", ""))
    if circle.is_network:
        role = OrganisationRole.COORDINATOR
    if not people.is_email(email) or role is None:
        return _circle_page(circle, 422, email, NO_ROLE if people.is_email(email) else NO_ADDRESS)
    settings = _settings()
    try:
        with _databases().kept() as database:
            if not circle.is_network and invitations.is_member(database, circle, email):
                return _circle_page(circle, 409, email, f"{email} är redan med i {circle.name}.")
            counted = {("invited by", viewer().person or ""): Limit(MOST_INVITED, LONGEST_WINDOW_SECONDS)}
            Tries.of(settings).count(database, counted)
            invitations.invite(database, circle, email, role, viewer().person, settings.sends_letters)
    except TooManyTries as limit:
        note_refused(Deed.TOO_MANY, thing="circle.invite")
        return _circle_page(circle, 429, email, wait_words(limit))
    flash(f"{email} är inbjuden. {_how_it_arrives()}", "ok")
    return see_other(_address(circle))


@blueprint.post("/inbjudan/<int:number>/igen")
@asks_one_of(may_invite, may_appoint)
def send_again(sort: str, slug: str, number: int) -> Response:
    """Send an invitation once more, with a new link; those before are dead."""
    circle = _asked_for(sort, slug)
    with _databases().kept() as database:
        invitation = _invitation(database, circle, number)
        invitations.send(database, invitation, _settings().sends_letters)
    flash(f"Inbjudan till {invitation.email} gäller i {invitations.LASTS.days} dagar till. {_how_it_arrives()}", "ok")
    return see_other(_address(circle))


@blueprint.post("/inbjudan/<int:number>/ta-tillbaka")
@asks_one_of(may_invite, may_appoint)
def withdraw(sort: str, slug: str, number: int) -> Response:
    """Take an invitation back: its link opens nothing any more."""
    circle = _asked_for(sort, slug)
    with _databases().kept() as database:
        invitation = _invitation(database, circle, number)
        invitations.withdraw(database, invitation)
    flash(f"Inbjudan till {invitation.email} är tillbakatagen.", "ok")
    return see_other(_address(circle))


@blueprint.post("/inbjudan/<int:number>/lank")
@asks(may_run)
def show_link(sort: str, slug: str, number: int) -> Response:
    """Show an administrator a link to hand over, where no letters are sent. Nobody else gets to see one."""
    circle = _asked_for(sort, slug)
    ask(may_run)
    if _settings().sends_letters:
        abort(404)
    with _databases().kept() as database:
        invitation = _invitation(database, circle, number)
        invitations.send(database, invitation, letter=False)
        way = invitations.way_to_accept(database, invitation)
    return link_page(way, invitation.email, f"Inbjudan till {circle.name}")


@blueprint.get("/<person_id>")
@asks_one_of(may_invite, may_appoint)
def show_person(sort: str, slug: str, person_id: str) -> Response:
    """One who belongs to it: change the role, move, or end it."""
    circle = _asked_for(sort, slug)
    with _databases().kept_for_reading() as database:
        found = _belonging(database, circle, person_id)
    return page(
        "accounts/member.html",
        circle=circle,
        member=found,
        roles=tuple(OrganisationRole),
        targets=[] if circle.is_network else _targets(circle),
        role_words={role.value: role.swedish for role in OrganisationRole},
    )


@blueprint.post("/<person_id>/roll")
@asks(may_set_role)
def set_role(sort: str, slug: str, person_id: str) -> Response:
    """Change what somebody is in the organisation."""
    circle, role = _asked_for(sort, slug), ROLES.get(request.form.get("role", ""))
    if circle.is_network or role is None:
        abort(400)
    ask(may_set_role, circle.slug)
    return _changed(
        circle,
        person_id,
        lambda database, person: belonging.set_role(database, person, circle.key, role),
        f"är nu {role.swedish} i {circle.name}.",
    )


@blueprint.post("/<person_id>/flytta")
@asks(may_move)
def move(sort: str, slug: str, person_id: str) -> Response:
    """Let somebody leave this organisation for another one."""
    circle, target = _asked_for(sort, slug), circles.find(ORGANISATION, request.form.get("target", ""))
    if circle.is_network or target is None or target == circle:
        abort(400)
    ask(may_move, circle.slug, target.slug)
    return _changed(
        circle,
        person_id,
        lambda database, person: belonging.move(database, person, circle.key, target.key),
        f"är nu med i {target.name} i stället för {circle.name}.",
    )


@blueprint.post("/<person_id>/avsluta")
@asks_one_of(may_end_membership, may_appoint)
def end(sort: str, slug: str, person_id: str) -> Response:
    """End somebody's membership, or that they coordinate the network. What they wrote stays."""
    circle = _asked_for(sort, slug)
    if not circle.is_network:
        ask(may_end_membership, slug)
    verb = "samordnar inte" if circle.is_network else "är inte med i"

    def leave(database: Session, person: Person) -> None:
        if circle.is_network:
            belonging.set_coordinator(database, person, circle.key, coordinates=False)
        else:
            belonging.set_role(database, person, circle.key, None)

    return _changed(circle, person_id, leave, f"{verb} {circle.name} längre.")


def _asked_for(sort: str, slug: str) -> Circle:
    """The organisation or network, for who may look after its people; a network that one may not see is none (404)."""
    circle = circles.find(sort, slug)
    if circle is None:
        abort(404)
    if not circle.is_network:
        ask(may_invite, slug)
        return circle
    if not allowed(may_appoint, slug, circle.owner) and not circles.may_know(viewer(), slug):
        abort(404)
    ask(may_appoint, slug, circle.owner)
    return circle


def _changed(circle: Circle, person_id: str, change: Callable[[Session, Person], object], told: str) -> Response:
    """Change something about somebody who belongs to the circle now, and tell so: their name, and what is ``told``."""
    with _databases().kept() as database:
        person = _belonging(database, circle, person_id).person
        change(database, person)
    flash(f"{person.name} {told}", "ok")
    # Whoever has just left what they looked after themselves is led to what is left.
    return see_other(_address(circle) if circle.may_invite(viewer_again()) else url_for("account.show"))


def _belonging(database: Session, circle: Circle, person_id: str) -> Belonging:
    found = next((one for one in _everybody(database, circle) if one.person.id == person_id), None)
    if found is None:
        abort(404)
    return found


def _everybody(database: Session, circle: Circle) -> list[Belonging]:
    if circle.is_network:
        coordinators = belonging.coordinators_of(database, circle.key)
        return [Belonging(person, OrganisationRole.COORDINATOR, one.since) for one, person in coordinators]
    members = belonging.members_of(database, circle.key)
    return [Belonging(person, membership.role, membership.since) for membership, person in members]


def _invitation(database: Session, circle: Circle, number: int) -> Invitation:
    """The invitation, if it is one to this circle; it may have been answered or taken back meanwhile (404)."""
    found = database.get(Invitation, number)
    if found is None or circle.key != (found.network if circle.is_network else found.organisation):
        abort(404)
    return found


def _targets(circle: Circle) -> list[Circle]:
    """Where the viewer may move somebody."""
    others = (one.slug for one in _organisations() if one.slug != circle.slug)
    allowed = (slug for slug in others if may_move(viewer(), circle.slug, slug))
    return [found for slug in allowed if (found := circles.find(ORGANISATION, slug))]


def _circle_page(circle: Circle, status: int = 200, email: str = "", error: str = "") -> Response:
    with _databases().kept_for_reading() as database:
        everybody = _everybody(database, circle)
        invited = invitations.listed(database, circle)
        unsent = outbox.about(database, invitations.LETTER)
        inviters = {one.by_person: database.get(Person, one.by_person) for one in invited if one.by_person}
    return page(
        "accounts/circle.html",
        status=status,
        circle=circle,
        everybody=everybody,
        invited=invited,
        unsent=unsent,
        inviters=inviters,
        now=now(),
        role_words={role.value: role.swedish for role in OrganisationRole},
        may_see_links=may_run(viewer()) and not _settings().sends_letters,
        settings=_settings(),
        days=invitations.LASTS.days,
        email=email,
        error=error,
    )


def _how_it_arrives() -> str:
    if _settings().sends_letters:
        return "Länken skickas med e-post."
    if may_run(viewer()):
        return "Visa länken och lämna över den."
    return "Lärnät skickar ingen e-post här: den som sköter Lärnät lämnar över länken."


def _address(circle: Circle) -> str:
    return url_for("circle.show", sort=circle.sort, slug=circle.slug)


def _settings() -> Settings:
    found: Settings = current_app.extensions["settings"]
    return found


def _databases() -> Databases:
    found: Databases = current_app.extensions["databases"]
    return found


def _organisations() -> Organisations:
    found: Organisations = current_app.extensions["organisations"]
    return found
