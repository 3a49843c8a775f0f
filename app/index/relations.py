"""Relations between documents, computed from the files and walked in both directions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from sqlalchemy import BindParameter, Connection, bindparam, exists, func, literal_column, or_, select, text, union_all

from app.index import tables as t
from app.index.cards import Card, RelatedGroup, card_columns, cards_by_number, make_card
from app.index.catalogue import Catalogue
from app.index.deriving import PARENT, parent_of, title_key
from app.index.facets import markers_in
from app.index.opening import Reading
from app.library.document import Document, FrontMatter, Kind
from app.library.fields import RefersTo
from app.library.visibility import Viewer
from app.library.vocabulary import Publication

Kinds = Mapping[str, Kind]


@dataclass(frozen=True)
class Surroundings:
    """The numbers of the documents around one: by label and direction, and those whose text links to it."""

    groups: Mapping[tuple[str, str], Sequence[int]]
    mentions: Sequence[int]


def related(
    reading: Reading, document: Document, viewer: Viewer, kinds: Kinds, without: Collection[str] = ()
) -> list[RelatedGroup]:
    """What the document refers to, and what refers to it, grouped by how the page introduces them.

    ``without`` are introductions of what the page shows by itself: there may be hundreds, and their cards are not read.
    """
    around = _around(reading, document, viewer, kinds, without)
    groups = [
        RelatedGroup(label, cards, direction)
        for (label, direction), numbers in around.groups.items()
        if label not in without and (cards := _in_order(seen_cards(reading, numbers, viewer, kinds), kinds, direction))
    ]
    return sorted(groups, key=lambda one: _place_of(one, kinds))


def mentioned_by(
    reading: Reading, document: Document, viewer: Viewer, kinds: Kinds, unrelated: bool = False
) -> list[Card]:
    """The documents whose text links to this one; only those that are not related to it as well, if asked for."""
    around = _around(reading, document, viewer, kinds)
    known = {number for numbers in around.groups.values() for number in numbers} if unrelated else set()
    numbers = [number for number in around.mentions if number not in known]
    return sorted(seen_cards(reading, numbers, viewer, kinds), key=_by_title)


def around(reading: Reading, document: Document, viewer: Viewer, kinds: Kinds) -> set[int]:
    """The numbers of all that the document refers to or links to it, whoever may see it; and of what lies beside it."""
    found = _around(reading, document, viewer, kinds)
    beside = reading.catalogue.chosen(PARENT, [parent_of(document.slug)]) if document.kind.parent else None
    numbers = {number for group in found.groups.values() for number in group}.union(found.mentions)
    if beside is not None:
        numbers.update(reading.catalogue.entries[at].number for at in np.flatnonzero(beside).tolist())
    return numbers


def seen_cards(reading: Reading, numbers: Iterable[int], viewer: Viewer, kinds: Kinds) -> list[Card]:
    """The cards of those documents that the viewer may see, each once. What was read before is not read again."""
    catalogue = reading.catalogue
    wanted = [number for number in dict.fromkeys(numbers) if catalogue.shows(number, viewer)]
    missing = [number for number in wanted if number not in reading.cards]
    reading.cards.update((card.number, card) for card in cards_by_number(reading.connection, missing, kinds))
    return [reading.cards[number] for number in wanted if number in reading.cards]


def _around(
    reading: Reading, document: Document, viewer: Viewer, kinds: Kinds, without: Collection[str] = ()
) -> Surroundings:
    """What stands around a document, read once for a page, with the cards of all of it but what is to be left out."""
    # Where a link without a kind leads follows from what the viewer may see.
    asked_for = document.path, viewer.keys
    remembered = reading.surroundings.get(asked_for)
    if isinstance(remembered, Surroundings):
        return remembered
    own = reading.catalogue.entry(document.kind.name, document.slug)
    former = reading.connection.execute(_FORMER_OF, {"number": own.number if own else 0}).scalars()
    slugs = list(dict.fromkeys([document.slug, *document.front_matter.former_slugs, *former]))
    asked = {"number": own.number if own else 0, "kind": document.kind.name, "slugs": slugs}
    groups: dict[tuple[str, str], list[int]] = {}
    mentions: list[int] = []
    for sort, number, kind, slug, label, _ in reading.connection.execute(_AROUND, asked).all():
        if sort == _TO:
            target = _number_at(reading, kind, slug)
            if target is not None:
                groups.setdefault((label, "to"), []).append(target)
        elif sort == _FROM:
            groups.setdefault((label, "from"), []).append(number)
        # A link that names no kind leads to the first kind that has such a slug.
        elif kind or _first_kind(slug, kinds, reading.catalogue, viewer) in (None, document.kind.name):
            mentions += [number] if own is None or number != own.number else []
    found = Surroundings(groups, mentions)
    # All cards of the page at once, whoever looks: what may be seen is asked where they are shown.
    shown = (numbers for (label, _), numbers in groups.items() if label not in without)
    left_out = {number for (label, _), numbers in groups.items() if label in without for number in numbers}
    numbers = {number for each in (*shown, mentions) for number in each} - left_out | ({own.number} if own else set())
    cards = cards_by_number(reading.connection, numbers, kinds)
    reading.cards.update((card.number, card) for card in cards)
    reading.surroundings[asked_for] = found
    return found


_TO, _FROM, _MENTION = 0, 1, 2
_SLUGS: BindParameter[str] = bindparam("slugs", expanding=True)
_AROUND = union_all(
    select(
        literal_column(str(_TO)).label("sort"),
        t.relation.c.document,
        t.relation.c.kind,
        t.relation.c.slug,
        t.relation.c.label,
        t.relation.c.position,
    ).where(t.relation.c.document == bindparam("number"), t.relation.c.kind != ""),
    select(
        literal_column(str(_FROM)),
        t.relation.c.document,
        t.relation.c.kind,
        t.relation.c.slug,
        t.relation.c.back,
        text("0"),
    ).where(t.relation.c.kind == bindparam("kind"), t.relation.c.slug.in_(_SLUGS)),
    select(literal_column(str(_MENTION)), t.link.c.document, t.link.c.kind, t.link.c.slug, text("''"), text("0")).where(
        t.link.c.kind.in_(["", bindparam("kind")]), t.link.c.slug.in_(_SLUGS)
    ),
).order_by(text("1"), text("6"))
_FORMER_OF = select(t.former_slug.c.slug).where(t.former_slug.c.document == bindparam("number"))


def targets(
    reading: Reading, links: Iterable[tuple[str, str]], viewer: Viewer, kinds: Kinds
) -> dict[tuple[str, str], Card]:
    """The documents that links lead to, by (word in the address or "", slug), as far as the viewer may see them."""
    name_of = {kind.url: kind.name for kind in kinds.values()}
    wanted: dict[int, list[tuple[str, str]]] = {}
    for url, slug in links:
        for kind in [name_of.get(url, "")] if url else kinds:
            number = _number_at(reading, kind, slug)
            # What one may not see does not stand in the way of what has the same address in another kind.
            if number is not None and reading.catalogue.shows(number, viewer):
                wanted.setdefault(number, []).append((url, slug))
                break
    return {link: card for card in seen_cards(reading, wanted, viewer, kinds) for link in wanted[card.number]}


def organisations(connection: Connection, viewer: Viewer, seen: Catalogue) -> dict[str, int]:
    """How many documents that the viewer may see name each organisation; archived ones are not counted."""
    opened = [number for number, keys in seen.keys.items() if not keys.isdisjoint(viewer.keys)]
    count = func.count(t.relation.c.document.distinct())
    query = (
        select(t.relation.c.slug, count)
        .join(t.document, t.document.c.number == t.relation.c.document)
        .where(
            t.relation.c.kind == "",
            t.document.c.openers.in_(opened),
            t.document.c.publication != Publication.ARCHIVED.value,
        )
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


def members_of(connection: Connection, kind: str, organisations: Collection[str], on: date) -> frozenset[str]:
    """The slugs of a kind's documents that name one of the organisations as belonging to them on a day.

    What is not published yet gives nobody anything. What is archived still does: its members go on reading what they
    shared while it was alive.
    """
    asked = {"kind": kind, "organisations": list(organisations), "on": on.toordinal()}
    return frozenset(connection.execute(_MEMBERS, asked).scalars())


def shared_with(connection: Connection, kind: str, ids: Collection[str]) -> frozenset[str]:
    """The slugs of a kind's documents that have one of the ids and are, or were, published."""
    return frozenset(connection.execute(_SHARED_WITH, {"kind": kind, "ids": list(ids)}).scalars())


def former_addresses(connection: Connection, kind: str, slugs: Collection[str]) -> frozenset[str]:
    """The slugs that a kind's documents had before they got these ones, and that lead to them still.

    Not a slug that a document has now, and of several documents that had it only the one to which it leads.
    """
    return frozenset(connection.execute(_FORMERLY, {"kind": kind, "slugs": list(slugs)}).scalars())


# Every page of somebody who is signed in asks these: to put one together costs more than to ask it.
_SHARED = (Publication.PUBLISHED.value, Publication.ARCHIVED.value)
_KIND: BindParameter[str] = bindparam("kind")
_MEMBERS = (
    select(t.document.c.slug)
    .join(t.relation, t.relation.c.document == t.document.c.number)
    .where(
        t.document.c.kind == _KIND,
        t.relation.c.kind == "",
        t.relation.c.slug.in_(bindparam("organisations", expanding=True)),
        t.relation.c.belongs,
        t.relation.c.since <= bindparam("on"),
        or_(t.relation.c.until == 0, t.relation.c.until >= bindparam("on")),
        t.document.c.publication.in_(_SHARED),
    )
)
_SHARED_WITH = select(t.document.c.slug).where(
    t.document.c.kind == _KIND,
    t.document.c.id.in_(bindparam("ids", expanding=True)),
    t.document.c.publication.in_(_SHARED),
)
_EARLIER, _NOW = t.former_slug.alias(), t.document.alias()
_FORMERLY = (
    select(t.former_slug.c.slug)
    .join(t.document, t.document.c.number == t.former_slug.c.document)
    .where(
        t.former_slug.c.kind == _KIND,
        t.document.c.slug.in_(bindparam("slugs", expanding=True)),
        ~exists().where(_NOW.c.kind == _KIND, _NOW.c.slug == t.former_slug.c.slug),
        ~exists().where(
            _EARLIER.c.kind == _KIND,
            _EARLIER.c.slug == t.former_slug.c.slug,
            _EARLIER.c.document < t.former_slug.c.document,
        ),
    )
)


def _in_order(cards: list[Card], kinds: Kinds, direction: str) -> list[Card]:
    """What a document refers to keeps the order of its fields; what refers to it goes by title, children by slug."""
    if direction == "to":
        return cards
    return sorted(cards, key=lambda card: (card.kind, card.slug if kinds[card.kind].parent else title_key(card.title)))


def _place_of(group: RelatedGroup, kinds: Kinds) -> tuple[int, str]:
    """What a document refers to comes first, in the order of its fields; then what refers to it, by its kind.

    Which of those was written first may be one that the viewer may not see.
    """
    if group.direction == "to":
        return -1, ""
    return list(kinds).index(group.cards[0].kind), group.label


def _by_title(card: Card) -> tuple[str, str]:
    return title_key(card.title), card.slug


def _number_at(reading: Reading, kind: str, slug: str) -> int | None:
    """The document that has an address, or had it before."""
    entry = reading.catalogue.entry(kind, slug)
    if entry is not None:
        return entry.number
    return reading.connection.execute(_FORMER, {"kind": kind, "slug": slug}).scalar()


_FORMER = (
    select(t.former_slug.c.document)
    .where(t.former_slug.c.slug == bindparam("slug"), t.former_slug.c.kind == bindparam("kind"))
    .order_by(t.former_slug.c.document)
)


def _first_kind(slug: str, kinds: Kinds, seen: Catalogue, viewer: Viewer) -> str | None:
    """The first kind in which the viewer may see a document with the slug."""
    return next((kind for kind in kinds if seen.visible(kind, slug, viewer)), None)


def network_kind() -> str:
    """The kind of the documents that every document's ``networks`` refers to."""
    annotation = FrontMatter.model_fields["networks"].annotation
    return next(marker.kind for marker in markers_in(annotation) if isinstance(marker, RefersTo))
