"""The slugs of new documents, made from their titles."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.library.document import Kind
from app.library.personal_data import stops
from app.library.scanning import hidden
from app.library.slugs import LONGEST, slugify
from app.library.visibility import Viewer
from app.publishing import current

# Words that stand in addresses of their own beside the documents'.
RESERVED = frozenset({"nytt", "forhandsgranska"})
MOST_TRIES = 50


def free_slugs(kind: Kind, title: str, viewer: Viewer, parent: str = "") -> Iterator[str]:
    """Slugs for a new document, the best one first, that no document has or had. The first that holds is taken."""
    # A title may hold digits that were declared to be no personal number; an address can hold no declaration.
    name = slugify(hidden(title))[: LONGEST - 4].strip("-")
    name = name if name and not stops(name) else slugify(kind.one) or "sida"
    before = f"{parent}/{next_number(kind, parent, viewer):02}-" if kind.parent else ""
    for number in range(1, MOST_TRIES):
        slug = before + (name if number == 1 else f"{name}-{number}")
        if slug not in RESERVED and is_free(kind, slug):
            yield slug


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
    free = current.library.load(path) is None and not current.library.attached(path)
    return free and current.index.former(kind.name, slug) in (None, but_for)
