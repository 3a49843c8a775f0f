"""Which organisations the documents name, as their files write them."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select

from app.index import tables as t
from app.index.cards import Card, cards_by_number
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


_NAMED = select(t.relation.c.slug).where(t.relation.c.kind == "").distinct()
_NAMING = (
    select(t.relation.c.slug, t.relation.c.back, t.relation.c.document)
    .where(t.relation.c.kind == "", t.relation.c.slug.in_(bindparam("slugs", expanding=True)))
    .order_by(t.relation.c.slug, t.relation.c.document, t.relation.c.position)
)
