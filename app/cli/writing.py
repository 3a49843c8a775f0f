"""``larnat new``: a new file with its front matter and its headings, to go on with in an editor of one's own."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

import click

from app import load_kinds
from app.cli import Unfit, known_organisation
from app.config import Settings
from app.library.document import BrokenDocument, FrontMatter, Kind
from app.library.fields import NamesOrganisation
from app.library.front_matter import compose
from app.library.organisations import load_organisations
from app.library.shelf import Library
from app.library.slugs import slugify
from app.publishing.lock import locked


@click.command(help="Börja på en ny sida: larnat new practices ”Titel” --owner sodertalje. Filen blir ett utkast.")
@click.argument("kind_name", metavar="SLAG")
@click.argument("title", metavar="TITEL")
@click.option(
    "--owner", required=True, metavar="ORGANISATION", help="Organisationen som äger sidan, till exempel sodertalje."
)
@click.option("--parent", default="", metavar="MAPP", help="För en PGSA-cykel: utvecklingsarbetet som den hör till.")
@click.pass_obj
def new(settings: Settings, kind_name: str, title: str, owner: str, parent: str) -> None:
    """Write the file and say where it lies; never over one that is there."""
    library = Library(settings.home, load_kinds())
    kind = _kind(library, kind_name)
    known_organisation(load_organisations(settings.home), owner)
    path = _path(library, kind, title, parent)
    body = "\n".join(f"## {heading.title}\n" for heading in kind.headings)
    text = compose(_values(kind.front_matter, title, owner), body)
    try:
        library.parse(path, text)
    except BrokenDocument as broken:
        raise Unfit([str(problem) for problem in broken.problems]) from broken
    # Under the lock: somebody may save a page there just now, and whoever settles removes what lies about half written.
    with locked(settings.lock_file):
        if library.load(path) is not None:
            raise Unfit([f"{path} finns redan. Välj en annan titel."])
        library.stage(path, text).replace()
    click.echo(str(library.home / path))


commands = (new,)


def _kind(library: Library, name: str) -> Kind:
    kinds: Sequence[Kind] = list(library.kinds.values())
    found = next((kind for kind in kinds if name in (kind.name, kind.url)), None)
    if found is None:
        raise Unfit([f"”{name}” är inget slag. Välj bland {', '.join(kind.name for kind in kinds)}."])
    return found


def _path(library: Library, kind: Kind, title: str, parent: str) -> str:
    slug = slugify(title)
    if not slug:
        raise Unfit(["Titeln behöver ha någon bokstav eller siffra."])
    if kind.parent:
        try:
            library.get(kind.parent, parent)
        except LookupError as error:
            above = library.kinds[kind.parent]
            missing = f"”{parent}” finns inte bland {above.many}. " if parent else ""
            example = "--parent namnet-i-adressen, det som står efter"
            raise Unfit([f"{missing}Säg var sidan hör hemma: {example} /{above.url}/ på {above.the}s sida."]) from error
        slug = f"{parent}/{_next_number(library, kind, parent):02}-{slug}"
    return kind.path_of(slug)


def _next_number(library: Library, kind: Kind, parent: str) -> int:
    slugs = [kind.slug_of(file.path) or "" for file in library.files()]
    return 1 + max((int(slug[len(parent) + 1 :][:2]) for slug in slugs if slug.startswith(f"{parent}/")), default=0)


def _values(model: type[FrontMatter], title: str, owner: str) -> dict[str, Any]:
    """What every document has; an organisation that the kind requires beside it is at first the owner."""
    values: dict[str, Any] = {"id": str(uuid.uuid4()), "title": title.strip(), "owner": owner, "publication": "draft"}
    for name, field in model.model_fields.items():
        named = any(isinstance(marker, NamesOrganisation) for marker in field.metadata)
        if field.is_required() and named:
            values.setdefault(name, owner)
    return values
