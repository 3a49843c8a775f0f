"""Text in Markdown as HTML with its links filled in.

Rendering is dear, so each text is rendered once in a process; where its links lead is asked once in a request.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from flask import g
from markupsafe import Markup

from app.index import IndexNotReady
from app.library.document import Document
from app.library.fields import Long, Value, values
from app.library.links import Link
from app.library.markdown import FileTarget, Rendered, Target, fill_files, fill_links, render
from app.library.visibility import Viewer
from app.publishing import current


@lru_cache(maxsize=2000)
def rendered(text: str, prefix: str, above: int) -> Rendered:
    """The text as safe HTML, its links not yet filled in; ids in it begin with ``prefix``."""
    try:
        known: Rendered = current.index.rendered(text)
    except IndexNotReady:
        return render(text, prefix, above)
    # A text without headings and ids is the same wherever it stands.
    return render(text, prefix, above) if "<h" in known.html or 'id="' in known.html else known


class Titles:
    """What links lead to, as far as a viewer may know."""

    def __init__(self, viewer: Viewer) -> None:
        self._viewer = viewer
        self._found: dict[tuple[str, str], Target | None] = {}

    def look_up(self, links: Iterable[Link]) -> None:
        """Ask for all these at once, unless they are known."""
        wanted = {(link.kind_url, link.slug) for link in links} - self._found.keys()
        if wanted:
            cards = current.index.targets(wanted, self._viewer)
            self._found |= dict.fromkeys(wanted)
            self._found |= {link: Target(card.title, card.url) for link, card in cards.items()}

    def __call__(self, kind_url: str, slug: str) -> Target | None:
        self.look_up([Link(kind_url, slug, "", 0)])
        return self._found[kind_url, slug]


def titles_for(viewer: Viewer) -> Titles:
    """The titles of this request."""
    known: dict[frozenset[str], Titles] = g.setdefault("titles", {})
    return known.setdefault(viewer.keys, Titles(viewer))


FileOf = Callable[[str], FileTarget | None]


def no_files(_name: str) -> None:
    """For text that belongs to no document."""


def to_html(text: str, prefix: str, title_of: Titles, above: int = 2, file_of: FileOf = no_files) -> Markup:
    """Markdown as HTML that may stand in a page, below a heading of the level ``above``."""
    return all_to_html([(text, prefix)], title_of, above, file_of)[0]


def all_to_html(
    texts: Sequence[tuple[str, str]], title_of: Titles, above: int = 2, file_of: FileOf = no_files
) -> list[Markup]:
    """Several texts, each with the prefix of its ids. ``file_of`` knows the files of the document they belong to."""
    found = [rendered(text, prefix, above) for text, prefix in texts]
    title_of.look_up(link for each in found for link in each.links)
    filled = (fill_files(fill_links(each.html, title_of), file_of) for each in found)
    return [Markup(one) for one in filled]  # noqa: S704 -- the renderer has cleaned it, and what is filled in is escaped


def values_of(document: Document) -> list[Value]:
    """Every value in the front matter, found once in a request."""
    known: dict[tuple[str, str], list[Value]] = g.setdefault("values", {})
    key = (document.path, document.version)
    if key not in known:
        known[key] = list(values(document.front_matter))
    return known[key]


def long_texts(document: Document, title_of: Titles, file_of: FileOf = no_files) -> dict[str, Markup]:
    """Every long text of a front matter, by what was written: ``prose[session.note]`` in a template."""
    texts = [
        value.value
        for value in values_of(document)
        if isinstance(value.value, str) and any(isinstance(marker, Long) for marker in value.markers)
    ]
    prefixed = [(text, f"f{number}-") for number, text in enumerate(texts)]
    return dict(zip(texts, all_to_html(prefixed, title_of, file_of=file_of), strict=True))
