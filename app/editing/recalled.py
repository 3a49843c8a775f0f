"""What a new document builds on, above its form: what was decided of the one before it, so that it is not forgotten."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import url_for
from markupsafe import Markup

from app.accounts.access import may_see
from app.library.document import Document
from app.reading.attached import files_of
from app.reading.pages import present
from app.reading.prose import titles_for, to_html
from app.web.forms import Sort

if TYPE_CHECKING:
    from app.editing.drafts import Draft


@dataclass(frozen=True)
class Recalled:
    """The document that a new one builds on, and its texts by their names."""

    title: str
    url: str
    texts: tuple[tuple[str, Markup], ...]


def of(draft: Draft) -> Recalled | None:
    """None for what is no longer new, builds on nothing, or builds on what the viewer may not see."""
    before = _before(draft) if draft.base is None and draft.kind.recalls else None
    if before is None or draft.kind.recalls is None or not may_see(draft.viewer, before.front_matter):
        return None
    titles, files = titles_for(draft.viewer), files_of(before)
    texts = tuple(
        (name, to_html(text, f"minns-{number}-", titles, file_of=files))
        for number, (name, text) in enumerate(draft.kind.recalls(before).items())
    )
    return Recalled(before.title, url_for(f"{before.kind.name}.show", slug=before.slug), texts)


def _before(draft: Draft) -> Document | None:
    """The document of the same kind that the form names."""
    own = (one for one in draft.form.shapes if one.sort is Sort.REFERENCE and one.refers_to == draft.kind.name)
    slug = next((draft.values[one.name] for one in own if draft.values[one.name]), "")
    return present(draft.kind, slug) if slug else None
