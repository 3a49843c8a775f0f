"""Text in Markdown as HTML with its links filled in. Rendering is dear, so each text is rendered once in a process."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from markupsafe import Markup

from app.library.document import Document
from app.library.fields import Long, values
from app.library.markdown import Rendered, Target, fill_links, render
from app.library.visibility import Viewer
from app.publishing import current

TitleOf = Callable[[str, str], Target | None]


@lru_cache(maxsize=2000)
def rendered(text: str, prefix: str, above: int) -> Rendered:
    """The text as safe HTML, its links not yet filled in; ids in it begin with ``prefix``."""
    return render(text, prefix, above)


def titles_for(viewer: Viewer) -> TitleOf:
    """What a link points at, as far as the viewer may know; each target is looked up once."""
    found: dict[tuple[str, str], Target | None] = {}

    def title_of(kind_url: str, slug: str) -> Target | None:
        if (kind_url, slug) not in found:
            card = current.index.target(kind_url, slug, viewer)
            found[kind_url, slug] = Target(card.title, card.url) if card else None
        return found[kind_url, slug]

    return title_of


def to_html(text: str, prefix: str, title_of: TitleOf, above: int = 2) -> Markup:
    """Markdown as HTML that may stand in a page, below a heading of the level ``above``."""
    # The renderer has cleaned it; nothing else may be marked as safe.
    return Markup(fill_links(rendered(text, prefix, above).html, title_of))  # noqa: S704


def long_texts(document: Document, title_of: TitleOf) -> dict[str, Markup]:
    """Every long text of a front matter, by what was written: ``prose[session.note]`` in a template."""
    texts = [
        value.value
        for value in values(document.front_matter)
        if isinstance(value.value, str) and any(isinstance(marker, Long) for marker in value.markers)
    ]
    return {text: to_html(text, f"f{number}-", title_of) for number, text in enumerate(texts)}
