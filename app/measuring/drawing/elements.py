"""Elements of SVG and HTML, written and escaped in one place (so S704 is looked at here). No style, no script."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from html import escape

from markupsafe import Markup


def element(name: str, *inside: str | Markup, **attributes: str | float | None) -> Markup:
    """An element. Attributes are named as in Python (``stroke_width``, ``class_``); None leaves one out. Text is
    escaped.
    """
    content = "".join([one if isinstance(one, Markup) else escape(one) for one in inside])
    return Markup(f"<{name}{_written(attributes)}>{content}</{name}>")  # noqa: S704 -- escaped


def empty(name: str, **attributes: str | float | None) -> Markup:
    """An element without content."""
    return Markup(f"<{name}{_written(attributes)}/>")  # noqa: S704 -- escaped


def together(parts: Iterable[str | Markup]) -> Markup:
    """Parts after each other."""
    return Markup("".join([one if isinstance(one, Markup) else escape(one) for one in parts]))  # noqa: S704 -- escaped


def place(number: float) -> str:
    """A coordinate: a tenth of a pixel is enough."""
    return f"{number:.1f}".removesuffix(".0")


def path(points: Iterable[tuple[float, float]]) -> str:
    """A line through the points."""
    return "M" + "L".join([f"{place(x)} {place(y)}" for x, y in points])


def width_of(text: str, size: float = 14) -> float:
    """About how wide a text is in the fonts that the site uses: rather too much than too little."""
    narrow = sum(sign in " .,:;il1|'’()\u00a0" for sign in text)
    return size * (0.66 * (len(text) - narrow) + 0.38 * narrow)


def shortened(text: str, width: float, size: float = 14) -> str:
    """The text, cut where it is wider than there is room for."""
    if width_of(text, size) <= width:
        return text
    while text and width_of(f"{text}…", size) > width:
        text = text[:-1].rstrip()
    return f"{text}…"


def _written(attributes: dict[str, str | float | None]) -> str:
    return "".join(
        [
            f' {_named(name)}="{place(value)}"' if isinstance(value, float) else _attribute(name, value)
            for name, value in attributes.items()
            if value is not None
        ]
    )


@lru_cache(maxsize=512)
def _attribute(name: str, value: str | float) -> str:
    """An attribute that is no coordinate: a picture has the same ones many times."""
    return f' {_named(name)}="{escape(str(value))}"'


@lru_cache(maxsize=256)
def _named(name: str) -> str:
    """An attribute as SVG and HTML call it."""
    plain = name.rstrip("_")
    return plain if plain in _AS_THEY_ARE else plain.replace("_", "-")


_AS_THEY_ARE = ("viewBox",)
