"""``larnat export``: everything, or what everybody may read, as files or as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import click

from app import load_kinds
from app.audit import Deed, note
from app.config import Settings
from app.database import Databases, is_up_to_date
from app.history.attached import held_back
from app.keeping.export import EVERYTHING, Export
from app.keeping.whole_files import whole_file
from app.library.document import Document
from app.library.shelf import Library
from app.library.visibility import ANYONE
from app.publishing.locks import as_locked


@click.command(help="Skriv alla sidor till FIL: som ett zip-arkiv av Markdownfiler, eller som JSON.")
@click.argument("file", metavar="FIL", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--format", "form", type=click.Choice(["markdown", "json"]), default="markdown", show_default=True)
@click.option("--as-public", is_flag=True, help="Bara det som alla får läsa.")
@click.pass_obj
def export(settings: Settings, file: Path, form: str, as_public: bool) -> None:
    """Write the file, whole or not at all; never over one that is there."""
    if file.exists():
        raise click.ClickException(f"{file} finns redan. Välj ett annat namn.")
    library, viewer = Library(settings.home, load_kinds()), ANYONE if as_public else EVERYTHING
    try:
        with _as_told(settings, library) as as_told, whole_file(file.absolute()) as stream:
            made = Export(library, viewer, _held_back(settings), as_told)
            for piece in made.markdown() if form == "markdown" else made.json():
                stream.write(piece)
    except OSError as error:
        raise click.ClickException(f"{file} skrevs inte. {error.strerror or error}") from error
    _tell(settings, form)
    click.echo(f"{file}: {len(made.documents)} sidor.")


commands = (export,)


def _tell(settings: Settings, form: str) -> None:
    """Tell in the audit log, where there is one: files can be exported without a kept database, or beside an old."""
    if is_up_to_date(settings):
        with closing(Databases(settings)) as databases, databases.kept() as session:
            note(session, Deed.EXPORTED, thing=form)


@contextmanager
def _as_told(settings: Settings, library: Library) -> Iterator[Callable[[Document], Document]]:
    """How documents are told where somebody has changed what is locked of them; as they are without history."""
    if not is_up_to_date(settings):
        yield lambda document: document
        return
    with closing(Databases(settings)) as databases:
        yield partial(as_locked, library, databases)


def _held_back(settings: Settings) -> set[str]:
    """The attachments that nobody is shown; none where there is no history yet."""
    if not settings.kept_file.exists():
        return set()
    with closing(Databases(settings)) as databases, databases.kept_for_reading() as session:
        return held_back(session)
