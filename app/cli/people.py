"""``larnat user``: accounts. A password is typed on the terminal or comes on standard input, never as an argument."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlmodel import Session

from app.accounts import belonging, invitations, letters, passwords, people
from app.accounts.circles import ORGANISATION, Circle
from app.accounts.oidc import identities
from app.accounts.tables import OrganisationRole, Person
from app.cli import Unfit, bring_up, known_organisation
from app.config import Settings
from app.database import Databases
from app.library.document import BrokenDocument, NotFound
from app.library.organisations import load_organisations

NO_ROLE = "ingen"
ROLES = {role.swedish: role for role in OrganisationRole} | {role.value: role for role in OrganisationRole}


@click.group(help="Konton: lägg till, ge roller, byt lösenord, stäng och lista.")
def user() -> None:
    """The group of commands about people."""


commands = (user,)


@user.command(help="Lägg till ett konto. Lösenordet frågas efter, eller läses från standard in.")
@click.argument("email", metavar="EPOST")
@click.option("--name", required=True, metavar="NAMN")
@click.option("--title", default="", metavar="TITEL", help="Till exempel socialsekreterare.")
@click.option("--organisation", "-o", metavar="ORGANISATION", help="Till exempel sodertalje.")
@click.option("--role", default=OrganisationRole.MEMBER.value, type=click.Choice([*ROLES]), show_default=True)
@click.option("--admin", is_flag=True, help="Administratör: får allt, i alla organisationer.")
@click.pass_obj
def add(
    settings: Settings, email: str, name: str, title: str, organisation: str | None, role: str, admin: bool
) -> None:
    """Make the account, with a role in one organisation."""
    if organisation:
        _known(settings, organisation)
    roles = {organisation: ROLES[role].value} if organisation else {}
    password = typed_password()
    with _kept(settings) as session:
        password_hash = passwords.hash_of(password, email, name, title, *roles)
        people.create_person(
            session, email=email, name=name, password_hash=password_hash, title=title, admin=admin, roles=roles
        )
    click.echo(f"Kontot {people.normal_email(email)} finns nu.")


@user.command(
    help="Ge en roll i en organisation, eller ta bort den med ”ingen”. --admin och --no-admin gäller överallt."
)
@click.argument("email", metavar="EPOST")
@click.argument("organisation", metavar="[ORGANISATION]", required=False)
@click.argument("role", metavar="[ROLL]", required=False, type=click.Choice([*ROLES, NO_ROLE]))
@click.option("--admin/--no-admin", default=None, help="Gör till administratör, eller inte längre.")
@click.pass_obj
def roles(settings: Settings, email: str, organisation: str | None, role: str | None, admin: bool | None) -> None:
    """Change what somebody may do, and show what it is now."""
    if organisation:
        _known(settings, organisation)
    with _kept(settings) as session:
        person = _person(session, email)
        if organisation and role:
            belonging.set_role(session, person, organisation, None if role == NO_ROLE else ROLES[role])
        if admin is not None:
            people.set_admin(session, person, admin)
        session.flush()
        click.echo(_line(session, person))


@user.command(help="Flytta någon från en organisation till en annan. Rollen följer med.")
@click.argument("email", metavar="EPOST")
@click.argument("source", metavar="FRÅN")
@click.argument("target", metavar="TILL")
@click.pass_obj
def move(settings: Settings, email: str, source: str, target: str) -> None:
    """End one membership and begin another."""
    _known(settings, target)
    with _kept(settings) as session:
        person = _person(session, email)
        belonging.move(session, person, source, target)
        session.flush()
        click.echo(_line(session, person))


@user.command(help="Låt någon samordna ett nätverk, till exempel knut, eller inte längre.")
@click.argument("email", metavar="EPOST")
@click.argument("network", metavar="NÄTVERK")
@click.option("--end", is_flag=True, help="Inte längre.")
@click.pass_obj
def network(settings: Settings, email: str, network: str, end: bool) -> None:
    """Make somebody a coordinator of a network, or end it."""
    document_id = _id_of_network(settings, network)
    with _kept(settings) as session:
        person = _person(session, email)
        belonging.set_coordinator(session, person, document_id, coordinates=not end)
        session.flush()
        click.echo(_line(session, person))


@user.command(help="Bjud in någon till en organisation. Skickar ett brev, eller visar länken om inga brev skickas.")
@click.argument("email", metavar="EPOST")
@click.argument("organisation", metavar="ORGANISATION")
@click.option("--role", default=OrganisationRole.MEMBER.value, type=click.Choice([*ROLES]), show_default=True)
@click.pass_obj
def invite(settings: Settings, email: str, organisation: str, role: str) -> None:
    """An invitation in the name of whoever runs the site."""
    _known(settings, organisation)
    found = load_organisations(settings.home).get(organisation)
    address = people.normal_email(email)
    if found is None or not people.is_email(address):
        raise Unfit([f"”{email}” är ingen e-postadress."])
    circle = Circle(ORGANISATION, organisation, organisation, found.name)
    with _kept(settings) as session:
        made = invitations.invite(session, circle, address, ROLES[role], None, settings.sends_letters)
        if settings.sends_letters:
            click.echo(f"Ett brev till {address} skickas av arbetsprocessen.")
        else:
            click.echo(settings.public_address + invitations.way_to_accept(session, made))


@user.command(help="Byt lösenord. Personen loggas ut överallt.")
@click.argument("email", metavar="EPOST")
@click.pass_obj
def password(settings: Settings, email: str) -> None:
    """A new password for somebody who has lost theirs."""
    with _kept(settings) as session:
        known = people.about(session, _person(session, email))
    new = typed_password()
    with _kept(settings) as session:
        password_hash = passwords.hash_of(new, *known)
        person = _person(session, email)
        people.set_password(session, person, password_hash)
        click.echo("Lösenordet är bytt.")
        _warn_of_issuer(session, person, settings)


@user.command(help="Gör en länk med vilken någon själv väljer ett nytt lösenord. Den fungerar en gång, i en timme.")
@click.argument("email", metavar="EPOST")
@click.pass_obj
def link(settings: Settings, email: str) -> None:
    """A link to hand over, where no letters are sent or none arrives."""
    with _kept(settings) as session:
        person = _person(session, email)
        if not people.may_sign_in(person, settings):
            raise click.ClickException("Kontot går inte att logga in på, så en länk skulle inte hjälpa.")
        click.echo(settings.public_address + letters.way_to_new_password(session, person))
        _warn_of_issuer(session, person, settings)


@user.command(help="Stäng ett konto. Det personen har skrivit är kvar.")
@click.argument("email", metavar="EPOST")
@click.pass_obj
def close(settings: Settings, email: str) -> None:
    """Nobody signs in with the account any more, and who is signed in is signed out."""
    with _kept(settings) as session:
        people.set_active(session, _person(session, email), active=False)
    click.echo("Kontot är stängt.")


@user.command(name="open", help="Öppna ett stängt konto igen.")
@click.argument("email", metavar="EPOST")
@click.pass_obj
def reopen(settings: Settings, email: str) -> None:
    """The account works again, with its old password."""
    with _kept(settings) as session:
        people.set_active(session, _person(session, email), active=True)
    click.echo("Kontot är öppet.")


@user.command(name="list", help="Visa alla konton och deras roller.")
@click.pass_obj
def show_all(settings: Settings) -> None:
    """One line for each account."""
    with _kept(settings) as session:
        for person in people.everyone(session):
            click.echo(_line(session, person))


def typed_password() -> str:
    """A password typed twice on the terminal, or the first line of standard input where there is none."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    entered: str = click.prompt("Lösenord", hide_input=True, confirmation_prompt="Lösenordet igen")
    return entered


@contextmanager
def _kept(settings: Settings) -> Iterator[Session]:
    """The kept database, up to date; what cannot be is said in one line."""
    bring_up(settings)
    databases = Databases(settings)
    try:
        with databases.kept() as session:
            yield session
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    finally:
        databases.close()


def _person(session: Session, email: str) -> Person:
    person = people.find(session, email)
    if person is None:
        raise click.ClickException(f"Det finns inget konto för {email}.")
    return person


def _warn_of_issuer(session: Session, person: Person, settings: Settings) -> None:
    """Say on standard error that a password lets the person in nowhere, where somebody else signs them in."""
    if identities.may_use_password(session, person, settings):
        return
    found = (settings.issuer_at(identity.issuer) for identity in identities.of(session, person.id))
    names = " eller ".join(issuer.name for issuer in found if issuer and not issuer.passwords)
    why = f"{person.email} loggar in med {names}" if names else "Ingen loggar in med lösenord här"
    click.echo(f"Obs! {why}. Lösenordet fungerar inte i det här Lärnät.", err=True)


def _known(settings: Settings, organisation: str) -> None:
    known_organisation(load_organisations(settings.home), organisation)


def _id_of_network(settings: Settings, slug: str) -> str:
    from app import load_kinds
    from app.library.shelf import Library

    try:
        return Library(settings.home, load_kinds()).get("networks", slug).id
    except NotFound as error:
        raise Unfit([f"Det finns inget nätverk ”{slug}”. Skriv det som i dess adress, till exempel knut."]) from error
    except BrokenDocument as error:
        raise Unfit([f"Nätverkets fil går inte att läsa: {error.path}. ”larnat check” säger varför."]) from error


def _line(session: Session, person: Person) -> str:
    roles = sorted(belonging.roles_of(session, person).items())
    held = [f"{OrganisationRole(role).swedish} i {slug}" for slug, role in roles]
    networks = len(belonging.coordinated_by(session, person))
    held += [f"samordnar {networks} nätverk"] * bool(networks)
    marks = ["administratör"] * person.admin + ["demokonto"] * person.demo + ["stängt"] * (not person.active)
    return f"{person.email}  {person.name}  {', '.join([*marks, *held]) or 'ingen roll'}"
