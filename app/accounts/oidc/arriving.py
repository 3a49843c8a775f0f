"""Somebody has signed in at an issuer: which account is theirs, and where they belong from now on.

The issuer decides about the organisations that the settings name for it, and about no others. Whom it does not put in
any of them is not let in by it.
"""

from __future__ import annotations

from sqlmodel import Session

from app.accounts import belonging, people
from app.accounts.oidc import identities
from app.accounts.oidc.refusing import Why
from app.accounts.oidc.told import Told
from app.accounts.tables import Identity, Person
from app.config import Issuer, Settings


def arrive(session: Session, settings: Settings, issuer: Issuer, told: Told) -> Person | Why:
    """The person who signs in, found or made, or why nobody does.

    What the issuer says of somebody we know is done also where they are not let in: it may be that they have left.
    """
    identity = identities.find(session, issuer, told.subject)
    person = session.get(Person, identity.person_id) if identity else _by_address(session, told)
    if person is None or identity is None:
        refusal = _may_be_new(settings, told, person)
        if refusal is not None:
            return refusal
        person = person or people.create_person(session, email=told.email, name=told.name, password_hash=None)
        identity = identities.add(session, issuer, told.subject, person)
    if not people.may_sign_in(person, settings):
        return Why.CLOSED
    _follow(session, issuer, told, person, identity)
    return person if told.roles else Why.NOWHERE


def connect(session: Session, settings: Settings, issuer: Issuer, told: Told, person: Person) -> Person | Why:
    """Let somebody who is signed in here sign in at the issuer from now on."""
    identity = identities.find(session, issuer, told.subject)
    if identity is not None and identity.person_id != person.id:
        return Why.TAKEN
    if identity is None and identities.has_one_at(session, issuer, person.id):
        return Why.TAKEN
    if not told.roles or not people.may_sign_in(person, settings) or person.demo:
        return Why.NOWHERE
    identity = identity or identities.add(session, issuer, told.subject, person)
    _follow(session, issuer, told, person, identity)
    return person


def _by_address(session: Session, told: Told) -> Person | None:
    """Somebody who has an account with the address that the issuer vouches for."""
    return people.find(session, told.email) if told.email else None


def _may_be_new(settings: Settings, told: Told, person: Person | None) -> Why | None:
    """Why somebody without an identity gets none; None where they do."""
    if not told.roles:
        return Why.NOWHERE
    if not told.email or (person is not None and person.demo):
        return Why.ADDRESS
    return Why.CLOSED if person is not None and not people.may_sign_in(person, settings) else None


def _follow(session: Session, issuer: Issuer, told: Told, person: Person, identity: Identity) -> None:
    """Let the person be what the issuer says, as far as it may say anything."""
    identities.note_use(session, identity)
    present = belonging.roles_of(session, person)
    for organisation in sorted(issuer.governs):
        role = told.roles.get(organisation)
        if present.get(organisation) != role:
            belonging.set_role(session, person, organisation, role)
    if issuer.admin_when and told.admin and not person.admin:
        people.set_admin(session, person, admin=True)
        identity.gave_admin = True
    elif identity.gave_admin and not told.admin:
        # Only what it gave: an administrator of ours stays one.
        people.set_admin(session, person, admin=False)
        identity.gave_admin = False
    if told.name:
        person.name = told.name
    if told.email and told.email != person.email and people.find(session, told.email) is None:
        person.email = told.email
    session.add(person)
