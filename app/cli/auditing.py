"""``larnat audit``: whether the audit log is whole, the log as a file, and the mark of an address."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path

import click

from app.audit import Deed, note
from app.audit.chain import End, verify
from app.audit.origin import origin_of
from app.audit.reading import Asked, as_json, in_order
from app.cli import bring_up
from app.config import Settings
from app.database import Databases
from app.keeping.whole_files import whole_file


@click.group(help="Granskningsloggen: kontrollera att den är hel, hämta den, jämför ursprung.")
def audit() -> None:
    """The group of commands about the audit log."""


commands = (audit,)


@audit.command(name="verify", help="Kontrollera att ingen rad är ändrad eller borttagen. Visar var loggen slutar.")
@click.option("--holds", metavar="SLUT", help="Se om loggen har kvar ett slut som den hade förut, som 12:ab34….")
@click.pass_obj
def check(settings: Settings, holds: str | None) -> None:
    """Go through the chain. Ends with 1 where it is not whole."""
    try:
        told = End.read(holds) if holds else None
    except ValueError as error:
        raise click.BadParameter("Skriv det som kommandot har visat: radens nummer, kolon och 64 tecken.") from error
    bring_up(settings)
    with closing(Databases(settings)) as databases, databases.kept_for_reading() as session:
        found = verify(session, told)
    for fault in found.faults:
        click.echo(f"Fel: {fault}", err=True)
    click.echo(f"{found.rows} rader. Loggen slutar med {found.end}")
    if found.faults:
        sys.exit(1)
    click.echo("Loggen är hel.")


@audit.command(name="export", help="Skriv hela loggen till FIL: ett JSON-objekt på varje rad, den äldsta först.")
@click.argument("file", metavar="FIL", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_obj
def export(settings: Settings, file: Path) -> None:
    """Write the file, whole or not at all; never over one that is there."""
    if file.exists():
        raise click.ClickException(f"{file} finns redan. Välj ett annat namn.")
    bring_up(settings)
    with closing(Databases(settings)) as databases:
        with databases.kept() as session:
            note(session, Deed.AUDIT_EXPORTED, thing="jsonl")
        try:
            with databases.kept_for_reading() as session, whole_file(file.absolute()) as stream:
                stream.writelines(map(as_json, in_order(session, Asked())))
        except OSError as error:
            raise click.ClickException(f"{file} skrevs inte. {error.strerror or error}") from error
    click.echo(str(file))


@audit.command(help="Visa vilket märke en IP-adress har i loggen.")
@click.argument("address", metavar="ADRESS")
@click.pass_obj
def origin(settings: Settings, address: str) -> None:
    """For who has an address from a web server's own log."""
    click.echo(origin_of(settings.secret_key, address))
