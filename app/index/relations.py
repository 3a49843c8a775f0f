"""Relations between documents, computed from the files and walked in both directions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Select, and_, func, literal, or_, select

from app.index import tables as t
from app.index.cards import Card, RelatedGroup, card_columns, make_card
from app.index.catalogue import Catalogue
from app.index.facets import markers_in
from app.library.document import Document, FrontMatter, Kind
from app.library.fields import RefersTo
from app.library.visibility import Viewer

Kinds = Mapping[str, Kind]


def related(
    connection: Connection, document: Document, viewer: Viewer, kinds: Kinds, seen: Catalogue
) -> list[RelatedGroup]:
    """What the document refers to, and what refers to it, grouped by how the page introduces them."""
    groups: dict[tuple[str, str], list[Card]] = {}
    for label, card in _targets_of(connection, document, kinds):
        groups.setdefault((label, "to"), []).append(card)
    for label, card in _sources_of(connection, document.kind.name, _slugs(document), kinds):
        groups.setdefault((label, "from"), []).append(card)
    return [
        RelatedGroup(label, cards, direction)
        for (label, direction), found in groups.items()
        if (cards := _only_seen(found, viewer, seen))
    ]


def of_organisation(
    connection: Connection, slug: str, viewer: Viewer, kinds: Kinds, seen: Catalogue
) -> list[RelatedGroup]:
    """The documents that name an organisation, grouped by the part it plays in them."""
    groups: dict[str, list[Card]] = {}
    for label, card in _sources_of(connection, "", (slug,), kinds):
        groups.setdefault(label, []).append(card)
    return [
        RelatedGroup(label, cards, "from")
        for label, found in groups.items()
        if (cards := _only_seen(found, viewer, seen))
    ]


def mentioned_by(
    connection: Connection, document: Document, viewer: Viewer, kinds: Kinds, seen: Catalogue
) -> list[Card]:
    """The documents whose text links to this one."""
    slugs = _slugs(document)
    query = (
        card_columns()
        .add_columns(t.link.c.kind, t.link.c.slug)
        .join(t.link, t.link.c.document == t.document.c.number)
        .where(t.link.c.slug.in_(slugs), t.link.c.kind.in_(("", document.kind.name)))
        .order_by(t.document.c.title_key, t.document.c.slug)
    )
    cards: list[Card] = []
    for row in connection.execute(query):
        # A link that names no kind leads to the first kind that has such a slug.
        if row[-2] == "" and _first_kind(row[-1], kinds, seen) not in (None, document.kind.name):
            continue
        if (row[2], row[3]) != (document.kind.name, document.slug):
            cards.append(make_card(row, kinds))
    return _only_seen(cards, viewer, seen)


def targets(
    connection: Connection, links: Iterable[tuple[str, str]], viewer: Viewer, kinds: Kinds, seen: Catalogue
) -> dict[tuple[str, str], Card]:
    """The documents that links lead to, by (word in the address or "", slug), as far as the viewer may see them."""
    name_of = {kind.url: kind.name for kind in kinds.values()}
    wanted: dict[int, list[tuple[str, str]]] = {}
    for url, slug in links:
        for kind in [name_of.get(url, "")] if url else kinds:
            position = seen.addresses.get((kind, slug))
            number = seen.entries[position].number if position is not None else _former(connection, kind, slug)
            if number is not None:
                wanted.setdefault(number, []).append((url, slug))
                break
    if not wanted:
        return {}
    query = card_columns().where(t.document.c.number.in_(wanted))
    cards = _only_seen([make_card(row, kinds) for row in connection.execute(query)], viewer, seen)
    return {link: card for card in cards for link in wanted[card.number]}


def organisations(connection: Connection, viewer: Viewer, seen: Catalogue) -> dict[str, int]:
    """How many documents that the viewer may see name each organisation."""
    opened = [number for number, keys in seen.keys.items() if not keys.isdisjoint(viewer.keys)]
    count = func.count(t.relation.c.document.distinct())
    query = (
        select(t.relation.c.slug, count)
        .join(t.document, t.document.c.number == t.relation.c.document)
        .where(t.relation.c.kind == "", t.document.c.openers.in_(opened))
        .group_by(t.relation.c.slug)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def former_address(connection: Connection, kind: str, slug: str) -> str | None:
    """The present slug of the document that had this one before."""
    query = (
        select(t.document.c.slug)
        .join(t.former_slug, t.former_slug.c.document == t.document.c.number)
        .where(t.former_slug.c.slug == slug, t.former_slug.c.kind == kind)
        .order_by(t.document.c.number)
    )
    return connection.execute(query).scalar()


def referring_to(connection: Connection, kind: str, slug: str, kinds: Kinds) -> list[Card]:
    """Every document, whoever may see it, whose front matter or text names this one."""
    names = select(t.relation.c.document).where(t.relation.c.kind == kind, t.relation.c.slug == slug)
    links = select(t.link.c.document).where(t.link.c.slug == slug, t.link.c.kind.in_(("", kind)))
    either = or_(t.document.c.number.in_(names), t.document.c.number.in_(links))
    query = card_columns().where(either).order_by(t.document.c.title_key)
    return [make_card(row, kinds) for row in connection.execute(query)]


def members_of(connection: Connection, kind: str, organisations: Collection[str]) -> frozenset[str]:
    """The slugs of a kind's documents that name one of the organisations as belonging to them."""
    query = (
        select(t.document.c.slug)
        .join(t.relation, t.relation.c.document == t.document.c.number)
        .where(
            t.document.c.kind == kind,
            t.relation.c.kind == "",
            t.relation.c.slug.in_(organisations),
            t.relation.c.belongs,
        )
    )
    return frozenset(connection.execute(query).scalars())


def _slugs(document: Document) -> tuple[str, ...]:
    return (document.slug, *document.front_matter.former_slugs)


def _targets_of(connection: Connection, document: Document, kinds: Kinds) -> list[tuple[str, Card]]:
    """The documents that this one refers to, with the name of the field, in the order of the fields."""
    target = t.document
    source = t.document.alias("source")
    here = and_(target.c.slug == t.relation.c.slug, target.c.kind == t.relation.c.kind)
    rows = list(
        connection.execute(
            _with_label(t.relation.c.label, t.relation.c.position)
            .select_from(source.join(t.relation, t.relation.c.document == source.c.number).outerjoin(target, here))
            .add_columns(t.relation.c.kind.label("named_kind"), t.relation.c.slug.label("named_slug"))
            .where(source.c.path == document.path, t.relation.c.kind != "")
            .order_by(t.relation.c.position)
        )
    )
    found = []
    for row in rows:
        *card, label, _, kind, slug = row
        if card[0] is None:
            number = _former(connection, kind, slug)
            moved = connection.execute(card_columns().where(t.document.c.number == number)).first()
            card = list(moved) if moved else []
        if card:
            found.append((label, make_card(card, kinds)))
    return found


def _sources_of(connection: Connection, kind: str, slugs: Sequence[str], kinds: Kinds) -> list[tuple[str, Card]]:
    """The documents that refer to one, with how its page introduces them: children by slug, others by title."""
    query = (
        _with_label(t.relation.c.back, literal(0))
        .join(t.relation, t.relation.c.document == t.document.c.number)
        .where(t.relation.c.slug.in_(slugs), t.relation.c.kind == kind)
        .order_by(t.document.c.kind, t.document.c.title_key, t.document.c.slug)
    )
    found: dict[tuple[str, int], Card] = {}
    for row in connection.execute(query):
        found.setdefault((row[-2], row[0]), make_card(row, kinds))
    ordered = sorted(found.items(), key=lambda one: one[1].slug if kinds[one[1].kind].parent else "")
    return [(label, card) for (label, _), card in ordered]


def _with_label(label: Any, position: Any) -> Select[Any]:
    return card_columns().add_columns(label, position.label("position"))


def _former(connection: Connection, kind: str, slug: str) -> int | None:
    query = select(t.former_slug.c.document).where(t.former_slug.c.slug == slug, t.former_slug.c.kind == kind)
    return connection.execute(query.order_by(t.former_slug.c.document)).scalar()


def _first_kind(slug: str, kinds: Kinds, seen: Catalogue) -> str | None:
    return next((kind for kind in kinds if (kind, slug) in seen.addresses), None)


def _only_seen(cards: list[Card], viewer: Viewer, seen: Catalogue) -> list[Card]:
    """The cards that the viewer may see, each once."""
    kept = {card.number: card for card in cards if not seen.keys[card.openers].isdisjoint(viewer.keys)}
    return list(kept.values())


def network_kind() -> str:
    """The kind of the documents that every document's ``networks`` refers to."""
    annotation = FrontMatter.model_fields["networks"].annotation
    return next(marker.kind for marker in markers_in(annotation) if isinstance(marker, RefersTo))
