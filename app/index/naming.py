"""Which organisations the documents name, as their files write them, and words in them that no list has."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select

from app.index import tables as t
from app.index.cards import Card, cards_by_number
from app.index.deriving import DOUBTFUL, UNLISTED
from app.library.document import Kind


@dataclass(frozen=True)
class Naming:
    """A document that names an organisation: what is written, and the part it plays there."""

    written: str
    role: str
    card: Card


def naming_none_of(connection: Connection, known: Container[str], kinds: Mapping[str, Kind]) -> list[Naming]:
    """Where documents name what is no known organisation, by what is written; whoever may see them."""
    written = [slug for slug in connection.execute(_NAMED).scalars() if slug not in known]
    if not written:
        return []
    rows = connection.execute(_NAMING, {"slugs": written}).all()
    cards = {card.number: card for card in cards_by_number(connection, {row.document for row in rows}, kinds)}
    return [Naming(row.slug, row.back, cards[row.document]) for row in rows]


def with_unlisted_words(connection: Connection, kinds: Mapping[str, Kind]) -> list[tuple[Card, str]]:
    """Which documents have a word that its list has not, with the field and the word; whoever may see them."""
    return _with(UNLISTED, connection, kinds)


def with_doubtful_values(connection: Connection, kinds: Mapping[str, Kind]) -> list[tuple[Card, str]]:
    """Which documents say what cannot be, with the field and why; whoever may see them."""
    return _with(DOUBTFUL, connection, kinds)


def _with(name: str, connection: Connection, kinds: Mapping[str, Kind]) -> list[tuple[Card, str]]:
    rows = connection.execute(_SAID, {"name": name}).all()
    cards = {card.number: card for card in cards_by_number(connection, {row.document for row in rows}, kinds)}
    return [(cards[row.document], row.label) for row in rows]


_SAID = (
    select(t.facet.c.document, t.facet.c.label)
    .where(t.facet.c.name == bindparam("name"))
    .order_by(t.facet.c.document, t.facet.c.label)
)
_NAMED = select(t.relation.c.slug).where(t.relation.c.kind == "").distinct()
_NAMING = (
    select(t.relation.c.slug, t.relation.c.back, t.relation.c.document)
    .where(t.relation.c.kind == "", t.relation.c.slug.in_(bindparam("slugs", expanding=True)))
    .order_by(t.relation.c.slug, t.relation.c.document, t.relation.c.position)
)
