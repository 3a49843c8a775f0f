"""``larnat backup`` and ``restore``: what is asked and told. What is done is in ``app.keeping``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click

from app.audit import Deed, note
from app.cli import bring_up, house
from app.config import Settings
from app.keeping.manifest import Damaged, Manifest
from app.keeping.snapshot import NotPossible
from app.work.progress import bar

A_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command(help="Säkerhetskopiera filerna, kontona och historiken till FIL, eller till en ny fil i en mapp.")
@click.argument("place", metavar="FIL")
@click.pass_obj
def backup(settings: Settings, place: str) -> None:
    """Write a backup, while the site goes on. A name that ends with a slash is a folder's, also before there is one."""
    from app.keeping.backup import backup as make

    file = Path(place)
    with _told("Säkerhetskopian gjordes inte"), house(settings) as context:
        extensions = context.app.extensions
        if place.endswith("/"):
            file.mkdir(parents=True, exist_ok=True)
        with bar("Säkerhetskopierar") as progress:
            made = make(settings, extensions["archive"], file, progress)
        extensions["databases"].close()
    for reason in made.left_out:
        click.echo(f"Inte med: {reason}", err=True)
    click.echo(f"{made.file}  ({max(1, round(made.file.stat().st_size / 1000))} kB)")
    click.echo(_holds(made.manifest))


@click.command(help="Lägg tillbaka en säkerhetskopia i en tom mapp och gör den färdig att starta.")
@click.argument("file", metavar="FIL", type=A_FILE)
@click.option("--home", type=click.Path(path_type=Path), help="Mappen, i stället för den som LARNAT_HOME säger.")
@click.option("--check", "only_check", is_flag=True, help="Se bara efter att kopian är hel. Inget skrivs.")
@click.pass_obj
def restore(settings: Settings, file: Path, home: Path | None, only_check: bool) -> None:
    """Verify the whole archive, write it, bring its database up to date, and build what is derived."""
    from app.keeping import restore as restoring

    doing = "Kontrollerar" if only_check else "Kontrollerar och lägger tillbaka"
    with _told("Inget lades tillbaka"), bar(doing) as progress:
        if only_check:
            manifest = restoring.check(file, progress)
        else:
            manifest = restoring.restore(file, (home or settings.home).absolute(), progress)
    click.echo(_holds(manifest))
    if only_check:
        click.echo("Kopian är hel.")
        return
    settings = replace(settings, home=(home or settings.home).resolve())
    _make_ready(settings)
    click.echo(f"Klart. Starta med LARNAT_HOME={settings.home}")


def _make_ready(settings: Settings) -> None:
    from app.accounts import links, sign_ins
    from app.accounts.oidc import departures
    from app.cli.preparing import make_folders

    make_folders(settings)
    bring_up(settings)
    with house(settings) as context:
        with context.app.extensions["databases"].kept() as session:
            # Some of them may have been ended, or used, since the backup was made.
            sign_ins.end_everybodys(session)
            links.end_all(session)
            departures.end_all(session)
            note(session, Deed.BACKUP_RESTORED)
        with bar("Läser filerna") as reading, bar("Bygger sökregistret") as building:
            context.app.extensions["archive"].make_ready(reading, building)
        context.app.extensions["databases"].close()


def _holds(manifest: Manifest) -> str:
    made = manifest.made_at.astimezone()
    return (
        f"{manifest.documents} filer, konton och historik till och med ändring {manifest.revision},"
        f" som det var {made:%Y-%m-%d kl. %H.%M} (Lärnät {manifest.version})."
    )


@contextmanager
def _told(nothing: str) -> Iterator[None]:
    """Tell what could not be done, and that it was not done by half."""
    try:
        yield
    except NotPossible as error:
        raise click.ClickException(f"{nothing}. {error}") from error
    except Damaged as error:
        raise click.ClickException(f"{nothing}. Kopian går inte att lita på: {error}.") from error
    except OSError as error:
        raise click.ClickException(f"{nothing}. {error.strerror or error}: {error.filename or ''}") from error


commands = (backup, restore)
