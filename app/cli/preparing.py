"""``larnat prepare``: what has to be in place before anybody is served. ``larnat serve`` runs it first."""

from __future__ import annotations

import logging
import os

import click

from app.cli import CannotStart, bring_up, house
from app.config import Settings
from app.library.organisations import load_organisations
from app.watching import lines
from app.work.progress import bar

log = logging.getLogger(__name__)

FOLDERS = ("content", "improvement_cycles", "search_index", "var")


@click.command(help="Gör i ordning databasen och sökregistret. ”larnat serve” gör det av sig självt.")
@click.option("--into-log", is_flag=True, help="Skriv till loggen, som ”larnat serve”, i stället för till terminalen.")
@click.pass_obj
def prepare(settings: Settings, into_log: bool) -> None:
    """Make the folders, bring the kept database up to date, make the demo accounts, and index what has changed.

    What a public site ought to tell of its operator, and does not, is a warning: the site works without it.
    """
    from app.accounts.people import ensure_demo_accounts

    if into_log:
        lines.begin(settings, "prepare")
    for words in settings.unstated:
        if lines.are_json():
            log.warning("what a public site ought to tell is not set", extra={"setting": words.partition(" ")[0]})
        else:
            click.echo(f"Varning: {words}", err=True)
    _issuers_know_where(settings)
    make_folders(settings)
    bring_up(settings)
    with house(settings) as context:
        extensions = context.app.extensions
        if settings.mode == "demo":
            with extensions["databases"].kept() as session:
                ensure_demo_accounts(session)
        with bar("Läser filerna") as reading, bar("Bygger sökregistret") as building:
            extensions["archive"].make_ready(reading, building)
        extensions["databases"].close()


commands = (prepare,)


def _issuers_know_where(settings: Settings) -> None:
    """Raises CannotStart where an issuer is to decide about an organisation that there is none of."""
    known = load_organisations(settings.home)
    faults = [
        f"LARNAT_OIDC_FILE: {issuer.name} bestämmer över {organisation}, men ingen organisation heter så."
        for issuer in settings.issuers
        for organisation in sorted(issuer.governs)
        if known.get(organisation) is None
    ]
    if faults:
        raise CannotStart(faults)


def make_folders(settings: Settings) -> None:
    """The folders of a home. Raises CannotStart for those that cannot be made or written in."""
    faults = []
    for name in FOLDERS:
        folder = settings.home / name
        try:
            folder.mkdir(exist_ok=True)
            if not os.access(folder, os.W_OK | os.X_OK):
                faults.append(f"Det går inte att skriva i {folder}.")
        except OSError as error:
            faults.append(f"Det går inte att göra mappen {folder}: {error.strerror}.")
    if faults:
        raise CannotStart(faults)
