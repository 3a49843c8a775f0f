"""What a script asks while somebody writes: what was pasted as Markdown, and which pages one can link to."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from flask import Response, abort, jsonify, request

from app.accounts.access import may_write_somewhere
from app.accounts.rules import asks
from app.accounts.signing_in import ask, viewer
from app.editing.names import nearest
from app.index import Card, IndexNotReady, Pick
from app.library.pasted import LARGEST, to_markdown
from app.publishing import current
from app.web.htmx import page

MOST_TITLES = 1_000
MOST_FOUND = 8
LONGEST_QUESTION = 100


@asks(may_write_somewhere)
def paste() -> Response:
    """The HTML of a clipboard as Markdown: ``text``, "" where the plain text is better, and ``pictures`` left out."""
    ask(may_write_somewhere)
    if (request.content_length or 0) > LARGEST:
        abort(413)
    found = to_markdown(request.get_data().decode("utf-8", "replace"), _own_page)
    return jsonify(text=found.text, pictures=found.pictures)


def _own_page(address: str) -> str | None:
    """How a link says a page of this site; None for what is elsewhere, or what the viewer may not see."""
    parts = urlsplit(address)
    if parts.netloc != request.host:
        return None
    kind_url, _, slug = unquote(parts.path).strip("/").partition("/")
    try:
        card = current.index.target(kind_url, slug, viewer()) if slug else None
    except IndexNotReady:
        return None
    return card.url.strip("/") if card else None


@dataclass(frozen=True)
class Linkable:
    """A page that can be linked to: ``link`` is what stands between the brackets."""

    link: str
    title: str
    kind: str
    owner: str


@asks(may_write_somewhere)
def pages() -> Response:
    """The pages whose titles have the words of a question, the nearest first; without words the newest."""
    ask(may_write_somewhere)
    words = " ".join(request.args.get("q", "")[:LONGEST_QUESTION].split())
    return page("editing/linkable.html", words=words, found=_found(words))


def _found(words: str) -> list[Linkable]:
    if not words:
        return [_linkable(card) for card in current.index.pick(viewer(), Pick(limit=MOST_FOUND)).cards]
    titles = {
        (kind, slug): title
        for kind in current.library.kinds
        for slug, title in current.index.titles(kind, viewer(), MOST_TITLES)
    }
    wanted = words.casefold()
    having = [key for key, title in titles.items() if all(word in title.casefold() for word in wanted.split())]
    having.sort(key=lambda key: (not titles[key].casefold().startswith(wanted), titles[key].casefold()))
    if not having:
        near = nearest(words, titles.values())
        having = [key for key, title in titles.items() if title in near]
    cards = (current.index.card(kind, slug, viewer()) for kind, slug in having[:MOST_FOUND])
    return [_linkable(card) for card in cards if card]


def _linkable(card: Card) -> Linkable:
    return Linkable(card.url.strip("/"), card.title, current.library.kinds[card.kind].one, card.owner_name)
