"""The slugs of documents that are made or moved here: words, and at the end a mark that nobody could foresee.

Without a mark an address would tell of pages that one may not see: whoever wrote a page with the same heading would be
given another address than if there was none. With one nobody meets an address that is taken. Should two pages get the
same mark for the same words, the one that comes last gets another, and nobody can tell that it was not its first.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterator

from flask import current_app

from app.library.document import BrokenDocument, Document, Kind, NotFound
from app.library.personal_data import stops
from app.library.scanning import hidden
from app.library.slugs import LONGEST, slugify
from app.library.visibility import Viewer
from app.publishing import current

# A mark is "k7f2": no vowels that would make words of it, and nothing that is read as something else (0 as o, 1 as l).
LETTERS, DIGITS = "bcdfghjkmnpqrstvwxz", "23456789"
SIGNS = (LETTERS, DIGITS, LETTERS, DIGITS)
MARK = re.compile(rf"-[{LETTERS}][{DIGITS}][{LETTERS}][{DIGITS}]$")
MARK_LENGTH = len("-k7f2")
MOST_TRIES = 50


def free_slugs(kind: Kind, title: str, document_id: str, viewer: Viewer, parent: str = "") -> Iterator[str]:
    """Slugs for a new document that no document has or had. The first that holds is taken."""
    # A title may hold digits that were declared to be no personal number; an address can hold no declaration.
    name = slugify(hidden(title))
    before = f"{parent}/{next_number(kind, parent, viewer):02}-" if kind.parent else ""
    name = name if name and not stops(before + name) else slugify(kind.one) or "sida"
    yield from _marked(kind, before, name, document_id)


def slugs_to_move_to(document: Document, typed: str) -> Iterator[str]:
    """Slugs for a document that is to be known by other words; an address that it has, or once had, as it was."""
    before, name = before_words(document.slug), slugify(typed)
    for own in (document.slug, *reversed(document.front_matter.former_slugs)):
        same = before_words(own) == before and name in (words_of(own), own.removeprefix(before))
        if same and (own == document.slug or is_free(document.kind, own, but_for=document.slug)):
            yield own
    yield from _marked(document.kind, before, name, document.id, but_for=document.slug)


def _marked(kind: Kind, before: str, name: str, document_id: str, but_for: str = "") -> Iterator[str]:
    room = LONGEST - MARK_LENGTH
    words = name if len(name) <= room else name[: room + 1].rpartition("-")[0] or name[:room]
    for attempt in range(MOST_TRIES):
        slug = f"{before}{words}-{_mark(kind, before + words, document_id, attempt)}"
        # Where the document lies already, the same form has come twice at once: the archive answers with what was made.
        if is_free(kind, slug, but_for) or _lies_at(kind, slug, document_id):
            yield slug


def _lies_at(kind: Kind, slug: str, document_id: str) -> bool:
    try:
        return current.library.get(kind.name, slug).id == document_id
    except (NotFound, BrokenDocument):
        return False


def _mark(kind: Kind, words: str, document_id: str, attempt: int) -> str:
    """The mark of a document under some words: the same when a form is sent twice, and foreseen by nobody.

    Other words give another mark. If a page kept its own, whoever moved it to and fro could see where it could not.
    """
    said = "\n".join(("address", kind.name, words, document_id, str(attempt)))
    drawn = hmac.digest(str(current_app.config["SECRET_KEY"]).encode(), said.encode(), "sha256")
    return "".join(signs[byte % len(signs)] for signs, byte in zip(SIGNS, drawn, strict=False))


def before_words(slug: str) -> str:
    """The part of a slug that stays when its words are changed: a cycle keeps its project and its number."""
    found = re.match(r".*/(?:\d\d-)?", slug)
    return found[0] if found else ""


def words_of(slug: str) -> str:
    """The part of a slug that somebody has chosen."""
    return MARK.sub("", slug.removeprefix(before_words(slug)))


def next_number(kind: Kind, parent: str, viewer: Viewer) -> int:
    """The number of the next document under a parent: a project's third cycle is 03."""
    numbers = [
        int(found[1])
        for card in current.index.children(kind.name, parent, viewer)
        if (found := re.search(r"/(\d\d)-", card.slug))
    ]
    return min(max(numbers, default=0) + 1, 99)


def is_free(kind: Kind, slug: str, but_for: str = "") -> bool:
    """Whether no document of the kind has the slug, or had it once and is found by it still.

    ``but_for`` is the slug of a document that may: one can move back to an address of one's own.
    """
    path = kind.path_of(slug)
    # Files that lie there without a document are somebody's, and would become the new document's.
    free = current.library.load(path) is None and not current.library.beside(path)
    return free and current.index.former(kind.name, slug) in (None, but_for)
