"""A document and those that lie in its folder: a project and its cycles are moved and deleted together."""

from __future__ import annotations

from app.library.document import Document
from app.publishing import current


def family_of(document: Document) -> list[Document]:
    """The document first, then those in its folder, by slug. Raises BrokenDocument if one of them cannot be read."""
    kinds = [kind for kind in current.library.kinds.values() if kind.parent == document.kind.name]
    if not kinds:
        return [document]
    below = [
        current.library.read(file.path)
        for file in current.library.files()
        if any((kind.slug_of(file.path) or "").startswith(f"{document.slug}/") for kind in kinds)
    ]
    return [document, *sorted(below, key=lambda one: one.slug)]
