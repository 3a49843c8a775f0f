"""What an element of pasted HTML says of itself."""

from __future__ import annotations

from collections.abc import Iterator

from bs4 import Tag

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def style_of(tag: Tag) -> str:
    """What it wishes to look like, in small letters."""
    return str(tag.get("style") or "").lower()


def classes_of(tag: Tag) -> list[str]:
    """Its classes, in small letters."""
    return " ".join(tag.get_attribute_list("class")).lower().split() if tag.has_attr("class") else []


def each(within: Tag, *names: str) -> Iterator[Tag]:
    """The elements of these names, or all of them, but for those that have been taken away meanwhile."""
    for tag in within.find_all(names or True):
        if not tag.decomposed:
            yield tag
