"""How a document and a list of documents are shown: what is the same for every kind.

A kind's module says what is its own and hands the rest to ``open_document``, ``show`` and ``index``; its templates
extend ``_parts/show.html`` and ``_parts/index.html``.
"""

from app.reading.listing import BY_DATE, BY_TITLE, index
from app.reading.pages import (
    Part,
    cards_of,
    children,
    open_document,
    parent,
    parts_of,
    show,
)

__all__ = [
    "BY_DATE",
    "BY_TITLE",
    "Part",
    "cards_of",
    "children",
    "index",
    "open_document",
    "parent",
    "parts_of",
    "show",
]
