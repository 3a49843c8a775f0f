"""The two icons, drawn by us: told by their shape, and by their words for those who do not see them."""

from __future__ import annotations

from markupsafe import Markup

from app.measuring.drawing.elements import element, empty, together
from app.measuring.icons import Assurance, Icons, Variation

_SIDE = "56"
_UP, _DOWN = "M28 42V16M18 26l10-10l10 10", "M28 14v26M18 30l10 10l10-10"
# The frame says whether it is good: a circle, an octagon as on a stop sign, or a rounded square.
_OCTAGON = "M18 4h20l14 14v20l-14 14h-20l-14-14v-20z"


def symbols(told: Icons, key: str = "chart") -> Markup:
    """The icons that there are."""
    drawn = []
    if told.variation:
        drawn.append(_icon(f"{key}-v", told.variation.swedish, _variation(told.variation), told.variation))
    if told.assurance:
        drawn.append(_icon(f"{key}-a", told.assurance.swedish, _assurance(told.assurance), told.assurance))
    return together(drawn)


def _icon(key: str, words: str, inside: Markup, name: str) -> Markup:
    return element(
        "svg",
        element("title", words, id=key),
        inside,
        xmlns="http://www.w3.org/2000/svg",
        class_=f"sign {name.replace('_', '-')}",
        viewBox=f"0 0 {_SIDE} {_SIDE}",
        width=_SIDE,
        height=_SIDE,
        role="img",
        aria_labelledby=key,
        fill="none",
        stroke="currentColor",
        stroke_width="3",
        stroke_linecap="round",
        stroke_linejoin="round",
    )


def _variation(variation: Variation) -> Markup:
    if variation is Variation.COMMON:
        wave = empty("path", d="M12 32l8-8l8 9l8-11l8 8")
        between = empty("path", d="M12 16h32M12 42h32", stroke_width="1.5", stroke_dasharray="3 4")
        return together((empty("circle", cx="28", cy="28", r="25", stroke_width="1.5"), between, wave))
    high = variation in (Variation.HIGH, Variation.BETTER_HIGH, Variation.WORSE_HIGH)
    return together((_frame(variation), empty("path", d=_UP if high else _DOWN)))


def _frame(variation: Variation) -> Markup:
    if variation in (Variation.BETTER_HIGH, Variation.BETTER_LOW):
        return empty("circle", cx="28", cy="28", r="25")
    if variation in (Variation.WORSE_HIGH, Variation.WORSE_LOW):
        return empty("path", d=_OCTAGON)
    return empty("rect", x="4", y="4", width="48", height="48", rx="9")


def _assurance(assurance: Assurance) -> Markup:
    """A target line, and the values above it, below it or across it; a tick, a cross, or neither."""
    target = empty("path", d="M6 28h44", stroke_width="2", stroke_dasharray="8 3 1 3")
    told = {
        Assurance.PASSES: "M14 14l5 5l9-10M14 44l9-4l9 5l10-4",
        Assurance.FAILS: "M15 9l10 10M25 9l-10 10M14 44l9-4l9 5l10-4",
        Assurance.BY_CHANCE: "M10 38l9-18l9 16l9-18l9 16",
    }
    return together((target, empty("path", d=told[assurance])))
