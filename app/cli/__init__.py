"""The command line: one thin table of commands; what they do lives in their rooms.

Commands are loaded when they are asked for: ``larnat serve``, which only watches over the processes, stays small.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable
from contextlib import AbstractContextManager
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from app.cli.swedish import speak_swedish
from app.config import Settings, WrongSettings, read_settings

speak_swedish()
log = logging.getLogger(__name__)

if TYPE_CHECKING:
    from app.library.organisations import Organisations

# The command's name and the module that has it in its tuple ``commands``.
WHERE = {
    "serve": "app.cli.serving",
    "prepare": "app.cli.preparing",
    "web": "app.cli.answering",
    "work": "app.work",
    "rebuild": "app.work",
    "check": "app.cli.checking",
    "search": "app.search.command",
    "scan": "app.cli.scanning",
    "chart": "app.cli.charting",
    "new": "app.cli.writing",
    "user": "app.cli.people",
    "mail": "app.cli.mailing",
    "backup": "app.cli.keeping",
    "restore": "app.cli.keeping",
    "erase": "app.cli.erasing",
    "export": "app.cli.exporting",
    "audit": "app.cli.auditing",
}


class Commands(click.Group):
    """The table above as a click group."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(WHERE)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in WHERE:
            return None
        commands: Iterable[click.Command] = import_module(WHERE[cmd_name]).commands
        return next(command for command in commands if command.name == cmd_name)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[Any, Any, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            raise click.UsageError(f"”{args[0]}” är inget kommando. Välj bland: {', '.join(WHERE)}.", ctx) from error


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
def larnat(ctx: click.Context) -> None:
    """Lärnät: kommunernas gemensamma minne för bättre socialt arbete."""
    if ctx.obj is not None:
        return
    try:
        ctx.obj = read_settings(os.environ)
    except WrongSettings as wrong:
        unfit = CannotStart if ctx.invoked_subcommand in ("serve", "prepare") else Unfit
        raise unfit(wrong.faults) from wrong


class Unfit(click.ClickException):
    """The command cannot begin. Shows every reason, on a line of its own if there are several."""

    exit_code = 2
    begins = "Det gick inte:"

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("\n".join(reasons))

    def show(self, file: Any = None) -> None:
        reasons = self.message.splitlines()
        if len(reasons) == 1:
            click.echo(f"{self.begins} {reasons[0]}", err=True)
            return
        click.echo(self.begins, err=True)
        for reason in reasons:
            click.echo(f"  • {reason}", err=True)


class CannotStart(Unfit):
    """The house is not fit to be served."""

    begins = "Lärnät kan inte starta:"


def known_organisation(organisations: Organisations, slug: str) -> None:
    """Raises Unfit for an organisation that does not exist, with the one that was probably meant."""
    if organisations.get(slug) is not None:
        return
    near = organisations.near(slug, limit=1)
    hint = f"Menade du {near[0].slug}?" if near else "Skriv den som sodertalje eller region-skane."
    raise Unfit([f"”{slug}” är ingen organisation som Lärnät känner. {hint}"])


def bring_up(settings: Settings) -> None:
    """Bring the kept database up to date. Raises CannotStart, which says what to do, where that is not possible."""
    from app.database import CannotUpgrade, upgrade

    try:
        upgrade(settings)
    except CannotUpgrade as error:
        if error.__cause__:
            log.error("the kept database could not be brought up to date", exc_info=error.__cause__)
        raise CannotStart([str(error)]) from error


def house(settings: Settings) -> AbstractContextManager[Any]:
    """The application's context, in which commands reach the library, the archive and the index as the pages do."""
    from app import create_app

    return create_app(settings).app_context()
