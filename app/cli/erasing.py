"""``larnat erase``: asks, erases for good, and tells what was done and what has to be done besides."""

from __future__ import annotations

import sys
from collections.abc import Callable

import click

from app.cli import bring_up, house
from app.config import Settings
from app.keeping.erasing import Erased, Eraser
from app.keeping.snapshot import NotPossible
from app.keeping.timed import copies_in
from app.work.progress import bar

REASON = click.option("--reason", default="", metavar="VARFÖR", help="Antecknas. Skriv inte det som ska bort.")
YES = click.option("--yes", is_flag=True, help="Fråga inte.")


@click.group(help="Radera en person eller ord ur historiken, för gott.")
def erase() -> None:
    """The group of commands that cannot be undone."""


commands = (erase,)


@erase.command(help="Ta bort ett konto och dess namn ur historiken. Det som personen skrev står kvar.")
@click.argument("email", metavar="EPOST")
@REASON
@YES
@click.pass_obj
def person(settings: Settings, email: str, reason: str, yes: bool) -> None:
    """Erase an account."""
    _erase(settings, lambda eraser, really: eraser.person(email, reason, really=really), yes)


@erase.command(help="Ta bort någon ur deltagare och kontakter, överallt. Namnet eller e-postadressen, hela.")
@click.argument("words", metavar="NAMN")
@REASON
@YES
@click.pass_obj
def named(settings: Settings, words: str, reason: str, yes: bool) -> None:
    """Erase somebody who is named on pages."""
    _erase(settings, lambda eraser, really: eraser.named(words, reason, really=really), yes)


@erase.command(help="Ta bort ord ur alla tidigare texter. Orden frågas efter, eller läses från standard in.")
@REASON
@YES
@click.pass_obj
def text(settings: Settings, reason: str, yes: bool) -> None:
    """Erase words. They are never an argument: a shell remembers what is written on its line."""
    words = click.prompt("Orden som ska bort, precis som de står") if sys.stdin.isatty() else sys.stdin.readline()
    words = words.rstrip("\r\n")
    _erase(settings, lambda eraser, really: eraser.text(words, reason, really=really), yes)


def _erase(settings: Settings, ask: Callable[[Eraser, bool], Erased], yes: bool) -> None:
    bring_up(settings)
    with house(settings) as context:
        extensions = context.app.extensions
        eraser = Eraser(settings, extensions["databases"], extensions["archive"])
        try:
            click.echo(_told(ask(eraser, False)))
            if not yes:
                click.confirm("Det går inte att ångra. Radera?", abort=True)
            ask(eraser, True)
        except NotPossible as error:
            raise click.ClickException(str(error)) from error
        with bar("Bygger om sökregistret") as progress:
            extensions["archive"].rebuild(progress)
        extensions["databases"].close()
    click.echo("Raderat. Det gamla sökregistret tas bort av arbetsprocessen inom några minuter.")
    _remind(settings)


def _told(found: Erased) -> str:
    amounts = f"{found.revisions} ändringar, {found.texts} tidigare texter, {found.drafts} utkast"
    lines = [f"Det gäller {amounts} och {found.reports} rapporter."]
    if found.named:
        lines = [f"Det gäller {found.named} ställen bland deltagare och kontakter."]
    if found.still_in:
        lines.append(f"Namnet eller adressen står i {', '.join(found.still_in)}. Det ändras där, på vanligt sätt.")
    return "\n".join(lines)


def _remind(settings: Settings) -> None:
    """Old backups still hold it, and no program can know where they all are."""
    click.echo(
        "Äldre säkerhetskopior har det kvar. Gör en ny och ta bort dem, eller radera igen efter en återställning."
    )
    for _, file in copies_in(settings.backups):
        click.echo(f"  {file}")
