"""A driver diagram as a picture: four columns, the aim to the left and ideas to the right, and lines between them.

The nested list on the page says the same, so the picture is decoration for those who see it. It is drawn black on white
by attributes that any style sheet wins over, as charts are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate

from markupsafe import Markup

from app.kinds.projects.drivers import Diagram, Edge, Node
from app.language.compounds import parts_of
from app.library.vocabulary import Strength
from app.measuring.drawing.elements import element, empty, place, together, width_of

COLUMNS = ("Mål", "Primära påverkansfaktorer", "Sekundära påverkansfaktorer", "Idéer att prova")
FONT = "'Source Sans 3', 'Segoe UI', system-ui, sans-serif"
SIZE, SMALL, ROW = 14.0, 12.5, 18.0
INSIDE, BETWEEN = 9.0, 10.0
HEAD, KEY = 48.0, 34.0
DASHES = "5 4"
VOWELS = "aeiouyåäöé"


@dataclass(frozen=True)
class Width:
    """How wide the picture, each column and the room between two of them are, in pixels."""

    whole: float
    column: float

    @property
    def between(self) -> float:
        return (self.whole - len(COLUMNS) * self.column) / (len(COLUMNS) - 1)

    def left(self, column: int) -> float:
        return column * (self.column + self.between)


NORMAL = Width(920, 194)


@dataclass(frozen=True)
class Box:
    """Where a node lies: the middle of its height, and the lines of its text; the last one may tell its state."""

    node: Node
    middle: float
    lines: tuple[str, ...]
    state: str

    @property
    def height(self) -> float:
        return _height(len(self.lines) + bool(self.state))

    @property
    def top(self) -> float:
        return self.middle - self.height / 2


def _height(lines: int) -> float:
    return ROW * max(lines, 1) + 2 * INSIDE - 3


def picture(diagram: Diagram, states: Mapping[int, str], width: Width = NORMAL) -> Markup:
    """The diagram as SVG. ``states`` says of ideas, by their nodes' numbers, what has become of them."""
    boxes, bottom = _laid_out(diagram, states, width)
    height = bottom + KEY
    lines = together(_line(boxes[edge.cause], boxes[edge.effect], edge, width) for edge in _weak_first(diagram))
    return element(
        "svg",
        _heads(width),
        element("g", lines, class_="links", stroke="#555"),
        together(_drawn(box, width) for box in boxes.values()),
        _key(bottom, width),
        xmlns="http://www.w3.org/2000/svg",
        class_="drivers",
        viewBox=f"-1 0 {place(width.whole + 2)} {place(height)}",
        width=place(width.whole + 2),
        height=place(height),
        aria_hidden="true",
        focusable="false",
        fill="none",
        font_family=FONT,
        font_size=SIZE,
    )


def _weak_first(diagram: Diagram) -> list[Edge]:
    """The lines in the order in which they are drawn: strong ones lie on top."""
    return sorted(diagram.edges, key=lambda edge: edge.strength is Strength.STRONG)


def _laid_out(diagram: Diagram, states: Mapping[int, str], width: Width) -> tuple[dict[int, Box], float]:
    """Where every box lies, by its node's number, and where the lowest ends."""
    boxes: dict[int, Box] = {}
    bottom = _below(diagram, diagram.nodes[0], HEAD, states, width, boxes)
    return dict(sorted(boxes.items())), bottom


def _below(
    diagram: Diagram, node: Node, top: float, states: Mapping[int, str], width: Width, boxes: dict[int, Box]
) -> float:
    """Lay a node and all that stands under it out from ``top`` down. Returns where they end."""
    lines = tuple(wrapped(node.text, width.column - 2 * INSIDE))
    state = states.get(node.number, "")
    own, under = _height(len(lines) + bool(state)), diagram.under(node)
    bottom = top
    for one in under:
        bottom = _below(diagram, one, bottom, states, width, boxes) + BETWEEN
    bottom -= BETWEEN if under else 0
    middle = (boxes[under[0].number].middle + boxes[under[-1].number].middle) / 2 if under else top + own / 2
    shift = top - (middle - own / 2)
    if shift > 0 and under:
        # It is higher than all that stands under it, which then moves down to lie beside its middle.
        _move(diagram, node, shift, boxes)
        middle, bottom = middle + shift, bottom + shift
    boxes[node.number] = Box(node, middle, lines, state)
    return max(bottom, middle + own / 2)


def _move(diagram: Diagram, node: Node, by: float, boxes: dict[int, Box]) -> None:
    for one in diagram.under(node):
        box = boxes[one.number]
        boxes[one.number] = Box(box.node, box.middle + by, box.lines, box.state)
        _move(diagram, one, by, boxes)


def wrapped(text: str, width: float, size: float = SIZE) -> Iterator[str]:
    """The text in lines that have room in a width; a word that is too long is parted, with a hyphen."""
    line = ""
    for word in text.split():
        joined = f"{line} {word}" if line else word
        if width_of(joined, size) <= width:
            line = joined
            continue
        if line:
            yield line
        while width_of(word, size) > width:
            end = _parted(word, max(1, sum(width_of(f"{word[:end]}-", size) <= width for end in range(1, len(word)))))
            yield f"{word[:end]}-"
            word = word[end:]
        line = word
    if line:
        yield line


def _parted(word: str, fits: int) -> int:
    """Where a word of which so many letters have room is parted: as near as can be to that, and where it can be read.

    Between the parts of a compound if need be with room left, else before a consonant that a vowel follows.
    """
    joints = list(accumulate(len(part.written) for part in parts_of(word.lower())))[:-1]
    for ends in (joints, [at for at in range(3, len(word) - 2) if _syllable(word.lower(), at)]):
        if found := [end for end in ends if fits / 2 <= end <= fits]:
            return max(found)
    return fits


def _syllable(word: str, at: int) -> bool:
    return word[at] not in VOWELS and word[at + 1] in VOWELS


# ---- Drawing ----


def _heads(width: Width) -> Markup:
    parts = []
    for number, words in enumerate(COLUMNS):
        lines = list(wrapped(words, width.column, SMALL))
        parts.append(_text(lines, width.left(number), HEAD - 12 - ROW * (len(lines) - 1), "head", SMALL))
    return element("g", *parts, fill="#444", font_weight="600")


def _drawn(box: Box, width: Width) -> Markup:
    left = width.left(box.node.column)
    frame = empty("rect", x=left, y=box.top, width=width.column, height=box.height, rx=6.0, stroke="#333", fill="#fff")
    first = box.top + INSIDE + ROW - 6
    text = _text(box.lines, left + INSIDE, first, "words", SIZE)
    state = _text([box.state], left + INSIDE, first + ROW * len(box.lines), "state", SMALL) if box.state else Markup()
    return element("g", frame, text, state, class_=f"node c{box.node.column}", fill="#111")


def _text(lines: list[str] | tuple[str, ...], x: float, y: float, sort: str, size: float) -> Markup:
    spans = [element("tspan", line, x=x, dy=None if not number else ROW) for number, line in enumerate(lines)]
    return element("text", *spans, x=x, y=y, class_=sort, font_size=size)


def _line(cause: Box, effect: Box, edge: Edge, width: Width) -> Markup:
    """From the left side of the cause to the right side of what it acts on, in a curve."""
    x, end = width.left(cause.node.column), width.left(effect.node.column) + width.column
    half = (x + end) / 2
    curve = (
        f"M{place(x)} {place(cause.middle)}C{place(half)} {place(cause.middle)}"
        f" {place(half)} {place(effect.middle)} {place(end)} {place(effect.middle)}"
    )
    return _stroke(curve, edge.strength, "across" if edge.across else None)


def _stroke(curve: str, strength: Strength, sort: str | None = None) -> Markup:
    strong = strength is Strength.STRONG
    return empty(
        "path",
        d=curve,
        class_=sort,
        stroke_width="2.2" if strong else "1.4",
        stroke_dasharray=None if strong else DASHES,
    )


def _key(bottom: float, width: Width) -> Markup:
    """What the two sorts of lines mean."""
    y = bottom + KEY - 10
    parts = []
    for x, strength in ((0.0, Strength.STRONG), (150.0, Strength.WEAK)):
        line = _stroke(f"M{place(x)} {place(y - 4)}h34", strength)
        words = f"påverkar {strength.swedish}"
        parts += [element("g", line, stroke="#555", class_="links"), _text([words], x + 42, y, "head", SMALL)]
    return element("g", *parts, fill="#444")
