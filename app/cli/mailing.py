"""``larnat mail``: whether letters can be sent, and those that were not."""

from __future__ import annotations

import click

from app.config import Settings
from app.database import Databases, upgrade
from app.mail import outbox
from app.mail.message import Message, NoAddress, composed
from app.mail.outbox import State
from app.mail.server import Refused, Unreachable, connected, hand_over

BODY = """Hej!

Det här är ett prov. Når det fram kan Lärnät skicka brev.
"""


@click.group(help="Brev: prova att skicka ett, och se dem som inte har kommit iväg.")
def mail() -> None:
    """The group of commands about letters."""


commands = (mail,)


@mail.command(help="Skicka ett provbrev till EPOST, nu.")
@click.argument("email", metavar="EPOST")
@click.pass_obj
def test(settings: Settings, email: str) -> None:
    """Send a letter at once and say how it went."""
    if not settings.sends_letters:
        raise click.ClickException("LARNAT_SMTP_HOST är inte satt, så inga brev skickas.")
    try:
        with connected(settings) as server:
            hand_over(server, composed(Message(email, "Ett prov från Lärnät", BODY), settings))
    except NoAddress as error:
        raise click.ClickException(f"”{email}” är ingen adress som det går att skicka till.") from error
    except (Refused, Unreachable) as error:
        raise click.ClickException(f"{settings.smtp_host}:{settings.smtp_port}: {error}.") from error
    click.echo(f"Servern tog emot brevet till {email}.")


@mail.command(name="list", help="Visa de brev som väntar eller inte gick att skicka.")
@click.pass_obj
def show_all(settings: Settings) -> None:
    """One line for each letter that is not sent."""
    upgrade(settings)
    databases = Databases(settings)
    with databases.kept_for_reading() as session:
        for letter in outbox.listed(session):
            state = "väntar" if letter.state == State.WAITING else "skickas inte"
            put = f"{letter.put_at.astimezone():%Y-%m-%d %H.%M}"
            why = f": {letter.error}" if letter.error else ""
            click.echo(f"{put}  {letter.to_email}  {state}, {letter.tries} försök{why}")
    databases.close()
