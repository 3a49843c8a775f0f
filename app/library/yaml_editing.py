"""Change a few values in a YAML text and leave every other character as it stands.

A value is replaced where it stands: inside a list of groups only the lines of the changed keys are touched, so
comments, order, quotation marks and unknown keys survive. (A parser that loads and dumps a whole document keeps
comments too, but lays out anew what it dumps.) What the editor gives is read again by its caller, which falls back to
plain new YAML for odd layouts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from pydantic import BaseModel

from app.library.validation import group_of
from app.library.yaml_nodes import Node
from app.library.yaml_writing import block, element, entry, filled, plain, scalar

Model = type[BaseModel]
_YES = frozenset(("true", "yes", "on", "1", "t", "y"))
_NO = frozenset(("false", "no", "off", "0", "f", "n"))
_LINE_END = re.compile(r"\r\n|\n|\r|\Z")
_MOST_COMPARISONS = 40_000


# ---- Does the file already say it? ----


def says(old: Any, new: Any, model: Model | None = None) -> bool:
    """Whether a value read from a file means the new one.

    Keys that the model does not know, and the new value lacks, are let be.
    """
    old, new = filled(old), filled(new)
    if isinstance(old, dict) and isinstance(new, dict):
        keys = [key for key in {**old, **new} if key in new or model is None or key in model.model_fields]
        return all(says(_or_default(old, key, model), _or_default(new, key, model), inside(model, key)) for key in keys)
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(says(*pair, model) for pair in zip(old, new, strict=True))
    if isinstance(new, bool):
        return str(old).lower() in (_YES if new else _NO)
    if isinstance(old, str) and isinstance(new, str):
        return old.strip() == new.strip()
    return type(old) is type(new) and bool(old == new)


def default(model: Model | None, key: str) -> Any:
    """What a key means where it is not in the file."""
    field = model.model_fields.get(key) if model else None
    if field is None or field.is_required():
        return None
    return filled(plain(field.get_default(call_default_factory=True)))


def inside(model: Model | None, key: str) -> Model | None:
    """The model of the groups under a key."""
    field = model.model_fields.get(key) if model else None
    return group_of(field.annotation) if field else None


def _or_default(values: Mapping[str, Any], key: str, model: Model | None) -> Any:
    return values[key] if key in values else default(model, key)


# ---- Change what it says ----


class Editor:
    """Makes new text of the nodes of one YAML text."""

    def __init__(self, text: str) -> None:
        self.text = text

    def mapping(self, node: Node, new: Mapping[str, Any], model: Model | None, *, keep_absent: bool = False) -> str:
        """A block mapping with the values of ``new``.

        Keys that ``new`` lacks go, unless the model does not know them.
        """
        old = list((node.entries or {}).items())
        pieces: list[tuple[int, str]] = []
        for number, (name, (key, value)) in enumerate(old):
            unknown = model is not None and name not in model.model_fields
            if name not in new and (keep_absent or unknown):
                pieces.append((number, self.text[key.start : self.end_of(value)]))
            elif (wanted := filled(new.get(name))) is not None or says(value.plain, wanted):
                pieces.append((number, self.entry(name, key, value, wanted, inside(model, name))))
        fresh = [
            entry(name, wanted, node.column)
            for name, value in new.items()
            if name not in (node.entries or {})
            and (wanted := filled(value)) is not None
            and not says(default(model, name), wanted, inside(model, name))
        ]
        starts = [key.start for _, (key, _) in old]
        return self.joined(starts, [self.end_of(value) for _, (_, value) in old], pieces, fresh)

    def entry(self, name: str, key: Node, value: Node, wanted: Any, model: Model | None) -> str:
        """``key: value`` with the wanted value, up to the end of its last line."""
        end = self.end_of(value)
        if says(value.plain, wanted, model):
            return self.text[key.start : end]
        if self.is_block(value) and isinstance(wanted, dict if value.entries is not None else list):
            return self.text[key.start : self.first_of(value)] + self.collection(value, wanted, model)
        if isinstance(wanted, str | bool) and self.on_one_line(key, value, end):
            text = scalar(wanted, key.column + 2)
            gap = self.text[key.start : value.start]
            if "\n" not in text:
                return (gap if gap[-1].isspace() else gap + " ") + text + self.text[value.end : end]
        remark = self.text[value.end : end].strip() if self.on_one_line(key, value, end) else ""
        above = f"{remark}\n{' ' * key.column}" if remark.startswith("#") else ""
        return above + entry(name, wanted, key.column)

    def collection(self, node: Node, wanted: Any, model: Model | None) -> str:
        if node.entries is not None:
            return self.mapping(node, wanted, model)
        return self.list(node, wanted, model)

    def list(self, node: Node, new: Sequence[Any], model: Model | None) -> str:
        """A block list with the new elements; those that were there before keep their text."""
        old = node.children or []
        starts = [self.dash_before(child) for child in old]
        column = starts[0] - self.line_start(starts[0])
        pairs = dict(_pairs([child.plain for child in old], new, model))
        pieces: list[tuple[int, str]] = []
        for number, wanted in enumerate(new):
            if (place := pairs.get(number)) is None:
                pieces.append((-1, element(wanted, column)))
                continue
            child = old[place]
            pieces.append((place, self.element(starts[place], child, wanted, model)))
        return self.joined(starts, [self.end_of(child) for child in old], pieces, [], column)

    def element(self, start: int, child: Node, wanted: Any, model: Model | None) -> str:
        """``- value`` with the wanted value, in the place of an element whose dash stands at ``start``."""
        if says(child.plain, wanted, model):
            return self.text[start : self.end_of(child)]
        gap = self.text[start : child.start]
        if self.is_block(child) and isinstance(wanted, dict if child.entries is not None else list):
            return gap + self.collection(child, wanted, model)
        if child.end == child.start:  # nothing stands after the dash
            return element(wanted, start - self.line_start(start))
        return gap + block(wanted, child.column)

    def joined(
        self,
        starts: Sequence[int],
        ends: Sequence[int],
        pieces: Sequence[tuple[int, str]],
        fresh: Sequence[str],
        column: int = -1,
    ) -> str:
        """Pieces one below the other; before each old one the comments and blank lines that stood before it."""
        if column < 0:
            column = starts[0] - self.line_start(starts[0]) if starts else 0
        indent = "\n" + " " * column
        text = ""
        for number, piece in (*pieces, *((-1, new) for new in fresh)):
            lead = self.text[ends[number - 1] : starts[number]] if number > 0 else indent
            if text:
                text += lead + piece
            else:
                remarks = lead.strip()
                text = f"{remarks}{indent}{piece}" if remarks else piece
        return text

    # ---- Where things stand ----

    def end_of(self, node: Node) -> int:
        """The end of the node's last line, with a comment on it but without the line break."""
        return self.line_end(self.core_end(node))

    def core_end(self, node: Node) -> int:
        """The end of what the node says; the parser's own end may lie beyond comments and blank lines."""
        if node.entries and not node.flow:
            return self.core_end(list(node.entries.values())[-1][1])
        if node.children and not node.flow:
            return self.core_end(node.children[-1])
        return len(self.text[: max(node.end, node.start)].rstrip())

    def line_end(self, offset: int) -> int:
        found = _LINE_END.search(self.text, offset)
        return found.start() if found else len(self.text)

    def line_start(self, offset: int) -> int:
        return max(self.text.rfind("\n", 0, offset), self.text.rfind("\r", 0, offset)) + 1

    def dash_before(self, node: Node) -> int:
        """Where the dash of a list's element stands. ValueError if a comment lies between them."""
        before = self.text[: node.start].rstrip()
        if not before.endswith("-"):
            raise ValueError("no dash right before the element")
        return len(before) - 1

    def first_of(self, node: Node) -> int:
        """Where a block collection begins: its first key or dash."""
        if node.children:
            return self.dash_before(node.children[0])
        return next(iter((node.entries or {}).values()))[0].start

    def is_block(self, node: Node) -> bool:
        return not node.flow and bool(node.entries or node.children)

    def on_one_line(self, key: Node, value: Node, end: int) -> bool:
        """Whether ``key: value`` is a scalar on a single line."""
        if value.entries is not None or value.children is not None or value.style in ("|", ">") or value.end == 0:
            return False
        return not re.search(r"[\r\n]", self.text[key.start : end])


def _pairs(old: Sequence[Any], new: Sequence[Any], model: Model | None) -> list[tuple[int, int]]:
    """Which old element each new one goes on from, as (new, old): the same ones first, then those that were changed."""
    same = _same(old, new, model)
    pairs = [(after, before) for before, after in same]
    edges = [(-1, -1), *same, (len(old), len(new))]
    for (old_from, new_from), (old_to, new_to) in pairwise(edges):
        before, after = list(range(old_from + 1, old_to)), list(range(new_from + 1, new_to))
        if len(before) == len(after):
            pairs.extend(zip(after, before, strict=True))
            continue
        for place in after:
            likeness = [(_alike(old[number], new[place], model), -number) for number in before]
            best, number = max(likeness, default=(0, 0))
            # A removed element must not live on in another: only one that is mostly the same is gone on from.
            if best > 0.5:
                pairs.append((place, -number))
                before.remove(-number)
    return pairs


def _same(old: Sequence[Any], new: Sequence[Any], model: Model | None) -> list[tuple[int, int]]:
    """The longest run of elements that are in both, in order (longest common subsequence)."""
    if len(old) * len(new) > _MOST_COMPARISONS:
        return [(n, n) for n in range(min(len(old), len(new))) if says(old[n], new[n], model)]
    lengths = [[0] * (len(new) + 1) for _ in range(len(old) + 1)]
    equal = [[says(before, after, model) for after in new] for before in old]
    for i in reversed(range(len(old))):
        for j in reversed(range(len(new))):
            lengths[i][j] = lengths[i + 1][j + 1] + 1 if equal[i][j] else max(lengths[i + 1][j], lengths[i][j + 1])
    found, i, j = [], 0, 0
    while i < len(old) and j < len(new):
        if equal[i][j]:
            found.append((i, j))
            i, j = i + 1, j + 1
        elif lengths[i + 1][j] >= lengths[i][j + 1]:
            i += 1
        else:
            j += 1
    return found


def _alike(old: Any, new: Any, model: Model | None) -> float:
    """How much of what two groups say is the same, between 0 and 1."""
    if not isinstance(old, dict) or not isinstance(new, dict):
        return 0.0
    old, new = filled(old) or {}, filled(new) or {}
    keys = {**old, **new}
    return sum(says(old.get(key), new.get(key), inside(model, key)) for key in keys) / max(len(keys), 1)
