"""What a history is of, and where its pages are: the same pages tell of documents and of what lies beside them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import url_for

from app.library.document import Document

SORTS = {
    "edit": "ändrad",
    "event": "händelse",
    "outside": "ändrad utanför Lärnät",
    "restore": "återställd",
    "delete": "borttagen",
    "undo": "ångrad",
}


@dataclass(frozen=True)
class Versions:
    """The addresses of a history's pages, and the words that differ between what histories are of.

    ``version`` is what somebody has seen as the newest; ``one`` and ``restore`` lead to a version by its number.
    """

    title: str
    address: str
    index: str
    compare: str
    one: Callable[[int], str]
    restore: Callable[[int], str]
    version: str
    made: str = "Skapade sidan"
    removed: str = "Tog bort sidan"

    @property
    def sorts(self) -> dict[str, str]:
        return SORTS


def of_document(document: Document) -> Versions:
    """The history of a document."""
    name, slug = document.kind.name, document.slug
    return Versions(
        title=document.title,
        address=url_for(f"{name}.show", slug=slug),
        index=url_for(f"{name}.history", slug=slug),
        compare=url_for(f"{name}.compare", slug=slug),
        one=lambda number: url_for(f"{name}.version", slug=slug, number=number),
        restore=lambda number: url_for(f"{name}.restore", slug=slug, number=number),
        version=document.version,
    )
