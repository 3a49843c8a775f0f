"""Cards: what lists, relations and hits show of a document."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select

from app.index import tables as t
from app.index.pace import DueBy, Told, read_pace
from app.library.document import Kind
from app.library.pace import is_late

# Whom history names where no person made the change: pages were here already, or somebody changed their files.
FROM_THE_START, FROM_OUTSIDE = "Fanns från början", "Utanför Lärnät"

_COLUMNS = (
    *("number", "id", "kind", "slug", "title", "summary", "owner", "owner_name", "publication", "visibility"),
    *("status", "status_value", "when", "when_key", "changed_at", "changed_by", "invented", "version", "openers"),
    *("revision", "facts", "pace"),
)


@dataclass(frozen=True)
class Card:
    """A document as lists show it. ``status`` and ``when`` are in Swedish words, empty where there is none."""

    number: int
    id: str
    kind: str
    kind_word: str
    slug: str
    title: str
    summary: str
    url: str
    owner: str
    owner_name: str
    publication: str
    visibility: str
    status: str
    status_value: str
    when: str
    when_key: str
    changed_at: datetime
    changed_by: str
    invented: bool
    version: str
    revision: int
    openers: int
    written_facts: str
    written_pace: str

    @property
    def was_here(self) -> bool:
        """Whether it was here when Lärnät first looked, and is unchanged: nobody knows when it was written."""
        return self.changed_by == FROM_THE_START

    @property
    def changed_outside(self) -> bool:
        """Whether somebody changed the file itself."""
        return self.changed_by == FROM_OUTSIDE

    @cached_property
    def facts(self) -> dict[str, Any]:
        """The front matter's fields that only this kind has, as plain values; empty ones are left out."""
        return dict(json.loads(self.written_facts))

    @cached_property
    def _pace(self) -> Told:
        return read_pace(self.written_pace)

    @property
    def since(self) -> str:
        """Since when it is in its phase, in words; empty where the file does not say."""
        return self._pace.since

    @property
    def since_a_day(self) -> bool:
        """Whether the file says since which day, and not only since which month or year."""
        return self._pace.exact

    @property
    def due(self) -> list[DueBy]:
        """What should be done by some day, the first first."""
        return self._pace.due

    def late(self, today: date) -> list[DueBy]:
        """What should have been done before a day."""
        return [one for one in self.due if is_late(one.by, today)]

    def marks(self, today: date) -> list[str]:
        """What readers are told of what should have been done before a day."""
        return list(dict.fromkeys(one.mark for one in self.late(today) if one.mark))


@dataclass(frozen=True)
class Choice:
    """A value that readers may filter on, with how many documents have it beside the other choices made."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class FacetCount:
    """The choices of one facet. ``name`` stands in the URL, ``label`` above the choices."""

    name: str
    label: str
    choices: list[Choice]

    @property
    def chosen(self) -> list[Choice]:
        return [choice for choice in self.choices if choice.chosen]


@dataclass(frozen=True)
class Listing:
    """One page of a list. ``page`` counts from 1; ``archived`` is how many more there are, or among them, archived."""

    cards: list[Card]
    total: int
    page: int
    pages: int
    facets: list[FacetCount]
    archived: int = 0


@dataclass(frozen=True)
class RelatedGroup:
    """Documents that belong to another one in the same way. ``direction`` is "to" or "from" the document."""

    label: str
    cards: list[Card]
    direction: str


def card_columns() -> Select[Any]:
    """A query for the columns that a card is made of."""
    return select(*(t.document.c[name] for name in _COLUMNS))


# Made once: to put a query together costs more than to run it.
_BY_NUMBER = card_columns().where(t.document.c.number.in_(bindparam("numbers", expanding=True)))


def make_card(row: Sequence[Any], kinds: Mapping[str, Kind]) -> Card:
    """The card of a row that begins with ``card_columns``."""
    kind = kinds[row[2]]
    return Card(
        number=row[0],
        id=row[1],
        kind=kind.name,
        kind_word=kind.one,
        slug=row[3],
        title=row[4],
        summary=row[5],
        url=f"/{kind.url}/{row[3]}",
        owner=row[6],
        owner_name=row[7],
        publication=row[8],
        visibility=row[9],
        status=row[10],
        status_value=row[11],
        when=row[12],
        when_key=row[13],
        changed_at=datetime.fromisoformat(row[14]),
        changed_by=row[15],
        invented=row[16],
        version=row[17],
        openers=row[18],
        revision=row[19],
        written_facts=row[20],
        written_pace=row[21],
    )


def cards_by_number(connection: Connection, numbers: Iterable[int], kinds: Mapping[str, Kind]) -> list[Card]:
    """The cards of some documents, in the order asked for; those that are gone are left out."""
    wanted = list(numbers)
    if not wanted:
        return []
    found = {row[0]: make_card(row, kinds) for row in connection.execute(_BY_NUMBER, {"numbers": wanted})}
    return [found[number] for number in wanted if number in found]
