"""Two small kinds of document that use every type a front matter can have; one lies in the folder of the other."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pydantic import Field

from app.library.document import FrontMatter, Group, Kind
from app.library.fields import SLUG, PartialDate, Quantity
from app.library.shelf import Library
from app.library.vocabulary import GuestStatus


class Guest(Group):
    organisation: str = Field(title="Organisation")
    status: GuestStatus = Field(GuestStatus.REQUESTED, title="Anmälan")
    people: Quantity | None = Field(None, title="Antal personer")
    note: str = Field("", title="Anteckning")


class Day(Group):
    date: PartialDate | None = Field(None, title="Datum")
    guests: list[Guest] = Field(default_factory=list, title="Gäster")


class Place(Group):
    street: str = Field("", title="Gata")
    town: str = Field("", title="Ort")


class Visit(FrontMatter):
    host: str = Field("", title="Värd")
    place: Place = Field(default_factory=Place, title="Plats")
    year: str = Field("", title="År", pattern=r"^(\d{4})?$")
    review_by: date | None = Field(None, title="Ses över senast")
    days: list[Day] = Field(default_factory=list, title="Tillfällen")


class Note(FrontMatter):
    """Nothing but what every document has."""


VISITS = Kind(
    name="visits",
    one="besök",
    the="besöket",
    many="besök",
    url="besok",
    front_matter=Visit,
    path="content/visits/{slug}/visit.md",
)
NOTES = Kind(
    name="notes",
    one="anteckning",
    the="anteckningen",
    many="anteckningar",
    url="anteckningar",
    front_matter=Note,
    path="content/visits/{slug}.md",
    slug_pattern=rf"{SLUG}/\d\d-{SLUG}",
    parent="visits",
)

VISIT = """\
---
id: 9f0e7c5e-1111-4222-8333-444455556666
title: Besök i Södertälje
owner: sodertalje
publication: published
days:
  - date: 3 februari
    guests:
      - organisation: karlstad
        status: confirmed
---

## Vad ni får se

Mottagningen.
"""


def library_in(home: Path) -> Library:
    return Library(home, [VISITS, NOTES])


def write(home: Path, path: str, content: str | bytes) -> None:
    """Put a file there as somebody outside Lärnät would."""
    file = home / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content.encode() if isinstance(content, str) else content)
