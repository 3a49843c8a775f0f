"""The page of one document."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from flask import Response, abort, redirect, url_for
from markupsafe import Markup

from app.accounts.access import may_edit, may_see
from app.accounts.signing_in import ask_to_see
from app.accounts.signing_in import viewer as viewer_now
from app.index.cards import Card, RelatedGroup
from app.library.comments import without_comments
from app.library.document import BrokenDocument, Document, Kind, NotFound
from app.library.fields import RefersTo, markers_of
from app.library.sections import split_sections
from app.library.shelf import decoded
from app.library.slugs import slugify
from app.library.visibility import readers_in_words
from app.library.vocabulary import Publication, Visibility
from app.publishing import current
from app.reading.attached import attached_to, files_of
from app.reading.mending import refuse_if_broken
from app.reading.prose import all_to_html, long_texts, titles_for, values_of
from app.web.htmx import page

MOST_SIMILAR = 3


@dataclass(frozen=True)
class Part:
    """One heading of a body, with the text below it as HTML. What stands before the first heading has no title."""

    title: str
    id: str
    html: Markup


def open_document(kind: Kind, slug: str) -> Document:
    """The document that an address names. A former address is sent on; what one may not see does not exist."""
    try:
        document = _read(kind, slug)
    except NotFound:
        _send_on(kind, slug)
        abort(404)
    refuse_if_broken(document)
    ask_to_see(document.front_matter)
    return document


def _send_on(kind: Kind, slug: str) -> None:
    """Answer with the present address, where the slug is a former one of something that the viewer may see."""
    present_slug = current.index.former(kind.name, slug)
    document = present(kind, present_slug) if present_slug else None
    if document:
        ask_to_see(document.front_matter)
        abort(redirect(url_for(f"{kind.name}.show", slug=document.slug), 301))


def has_text(text: str) -> bool:
    """Whether somebody has written something, and more than that it is not stated."""
    return without_comments(text).strip().rstrip(".").lower() not in ("", "framgår inte", "framgår inte av källan")


def parts_of(document: Document, above: int = 2, prefix: str = "t") -> list[Part]:
    """The body by its headings, without those that have no text. ``above`` is the level the page gives the headings;
    ``prefix`` begins the ids of the texts, where a page shows several documents.
    """
    sections = [(n, section) for n, section in enumerate(split_sections(document.body)) if has_text(section.text)]
    written = [(section.text, f"{prefix}{n}-") for n, section in sections]
    texts = all_to_html(written, titles_for(viewer_now()), above, files_of(document))
    return [
        Part(section.title, f"del-{n}-{slugify(section.title)}", html)
        for (n, section), html in zip(sections, texts, strict=True)
    ]


def cards_of(document: Document, *kinds: str) -> list[Card]:
    """The documents of some kinds that the front matter refers to, in its order, as far as the viewer may see them."""
    url_of = {name: current.library.kinds[name].url for name in kinds}
    links = dict.fromkeys(
        (url_of[marker.kind], str(value.value))
        for value in values_of(document)
        for marker in value.markers
        if isinstance(marker, RefersTo) and marker.kind in url_of
    )
    found = current.index.targets(links, viewer_now()) if links else {}
    return [found[link] for link in links if link in found]


def children(document: Document) -> list[Document]:
    """The documents whose files lie in this one's folder (a project's cycles), by their slugs."""
    viewer = viewer_now()
    found = []
    for kind in current.library.kinds.values():
        if kind.parent == document.kind.name:
            found += [present(kind, card.slug) for card in current.index.children(kind.name, document.slug, viewer)]
    return [child for child in found if child and may_see(viewer, child.front_matter)]


def parent(document: Document) -> Document | None:
    """The document in whose folder this one lies, if the viewer may see it."""
    above = present(current.library.kinds[document.kind.parent], document.slug.partition("/")[0])
    return above if above and may_see(viewer_now(), above.front_matter) else None


def present(kind: Kind, slug: str) -> Document | None:
    """The document as its file says now, or None where it is gone or broken: that concerns its own page, not this.

    It does not ask who looks.
    """
    try:
        return _read(kind, slug)
    except (NotFound, BrokenDocument):
        return None


def _read(kind: Kind, slug: str) -> Document:
    """The document as its file says now. A file that says the same as before is not taken apart once more.

    Raises NotFound and BrokenDocument.
    """
    try:
        path = kind.path_of(slug)
    except ValueError as error:
        raise NotFound(str(error)) from None
    content = current.library.load(path)
    if content is None:
        raise NotFound(f"there is no file {path}")
    return _parsed(path, content)


@lru_cache(maxsize=500)
def _parsed(path: str, content: bytes) -> Document:
    return current.library.parse(path, decoded(path, content))


def show(
    document: Document,
    beside: Sequence[str] = (),
    family: bool = False,
    shown: Iterable[Card] = (),
    **more: Any,
) -> Response:
    """The kind's page, with what every kind's page shows; ``more`` is what the kind adds.

    ``beside`` are the fields whose documents the kind shows itself, ``family`` says that it shows the parent and the
    children, and ``shown`` are other documents that it shows: they are not listed once more.
    """
    viewer = viewer_now()
    front = document.front_matter
    labels = _labels_of(document, beside)
    if "parts" not in more:
        more["parts"] = parts_of(document)
    related = current.index.related(document, viewer, without=labels)
    return page(
        f"{document.kind.name}/show.html",
        document=document,
        kind=document.kind,
        front=front,
        findable=front.publication == Publication.PUBLISHED and front.visibility == Visibility.PUBLIC,
        viewer=viewer,
        may_edit=may_edit(viewer, front),
        readers=_readers(document),
        owner_name=_name_of(front.owner),
        prose=long_texts(document, titles_for(viewer), files_of(document)),
        attached=attached_to(document),
        organisations=current.organisations,
        related=_each_once(
            (group for group in related if not (family and all(_is_family(document, card) for card in group.cards))),
            {card.id for card in shown},
        ),
        mentioned=current.index.mentioned_by(document, viewer, unrelated=True),
        similar=current.index.similar(document, viewer, MOST_SIMILAR),
        card=current.index.card(document.kind.name, document.slug, viewer),
        **more,
    )


def _each_once(groups: Iterable[RelatedGroup], shown: set[str]) -> list[RelatedGroup]:
    """The groups with every document in the first of them only, and none that is shown already; no empty groups."""
    kept = []
    for group in groups:
        cards = [card for card in group.cards if card.id not in shown]
        shown.update(card.id for card in cards)
        if cards:
            kept.append(replace(group, cards=cards))
    return kept


def _is_family(document: Document, card: Card) -> bool:
    """Whether the card is of the document in whose folder this one lies, or of one that lies in this one's folder."""
    above = (card.kind, card.slug) == (document.kind.parent, document.slug.partition("/")[0])
    return above or card.slug.startswith(f"{document.slug}/")


def _labels_of(document: Document, fields: Sequence[str]) -> set[str]:
    """How the relations of some fields are introduced; a field that refers to its own kind is met from both sides."""
    model = type(document.front_matter).model_fields
    own = [
        marker.back
        for name in fields
        for marker in markers_of(model[name])
        if isinstance(marker, RefersTo) and marker.kind == document.kind.name
    ]
    return {str(model[name].title) for name in fields}.union(own)


def _name_of(slug: str) -> str:
    return current.organisations.name_of(slug)


def _readers(document: Document) -> str:
    """Who may read the page, in words."""
    front, looking = document.front_matter, viewer_now()
    named = front.networks if front.visibility is Visibility.NETWORK else []
    url = current.library.kinds["networks"].url
    cards = [(slug, current.index.target(url, slug, looking)) for slug in named]
    networks = [card.title if card else slug for slug, card in cards]
    owner = current.organisations.get(front.owner)
    words = readers_in_words(front.publication, front.visibility, str(owner or front.owner), networks)
    is_open = front.publication in (Publication.PUBLISHED, Publication.ARCHIVED)
    return f"{words} {'får läsa' if is_open else 'ser sidan'}"
