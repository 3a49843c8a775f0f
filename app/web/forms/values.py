"""What a form holds: nested plain values, read from what a browser posted and turned into what a file says.

A form value is text, a list of words (several choices), True or False (yes or no), a list of rows, or a mapping (a
group). Rows remember the place they had in the file (``_was``), so that keys in them that no form shows follow them
when rows are moved. The names in a posted form say where a value belongs: ``sessions-0-guests-1-organisation``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from pydantic import BaseModel
from werkzeug.datastructures import MultiDict

from app.web.forms.shapes import Shape, Sort

Values = dict[str, Any]

MOST_FIELDS = 5_000
MOST_ROWS = 300
LONGEST_TEXT = 400_000
WAS = "_was"


class TooMuch(ValueError):
    """Somebody posted more than a form can hold. The message is in Swedish, for the person."""


class Names(Protocol):
    """Turns what people type into slugs; what cannot be understood comes back as it was typed."""

    def organisation_slug(self, typed: str) -> str: ...
    def reference_slug(self, kind: str, typed: str) -> str: ...


class AsTyped:
    """Names for where nothing has to be looked up: what is typed is the slug."""

    def organisation_slug(self, typed: str) -> str:
        return typed

    def reference_slug(self, kind: str, typed: str) -> str:
        return typed


# ---- From a document ----


def written(shapes: Iterable[Shape], model: BaseModel) -> Values:
    """The form values of a validated model; headings are not here, see ``texts``."""
    return {shape.name: _written(shape, getattr(model, shape.name)) for shape in shapes if not shape.in_body}


def _written(shape: Shape, value: Any) -> Any:
    match shape.sort:
        case Sort.GROUP:
            return written(shape.parts, value) if value is not None else blank(shape)
        case Sort.ROWS:
            return [_with_place(_written(shape.each, one), number) for number, one in enumerate(value or ())]
        case Sort.CHOICES:
            return [str(one) for one in value]
        case Sort.YES_NO:
            return bool(value)
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else one_kind_of_line_break(str(getattr(value, "raw", value)))


def _with_place(row: Any, number: int) -> Any:
    return {**row, WAS: str(number)} if isinstance(row, dict) else row


def blank(shape: Shape) -> Any:
    """The value of a field that nobody has filled in."""
    match shape.sort:
        case Sort.GROUP:
            return {part.name: blank(part) for part in shape.parts}
        case Sort.ROWS | Sort.CHOICES:
            return []
        case Sort.YES_NO:
            return False
    return shape.default if shape.sort is Sort.CHOICE else ""


def blanks(shapes: Iterable[Shape]) -> Values:
    """The values of an empty form."""
    return {shape.name: blank(shape) for shape in shapes}


def one_kind_of_line_break(text: str) -> str:
    """Browsers post CRLF; values are compared with LF."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


# Pasted text may hold line breaks of other programs, and signs that are no text at all.
_LINE_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_NO_TEXT = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")


def only_text(typed: str) -> str:
    """What was typed or pasted, without the characters that a document cannot hold and nobody sees."""
    return _NO_TEXT.sub("", _LINE_BREAKS.sub("\n", typed))


# ---- From what was posted ----


class _Node:
    """Posted values as a tree: the parts of their names between the hyphens."""

    def __init__(self) -> None:
        self.values: list[str] = []
        self.below: dict[str, _Node] = {}

    def under(self, name: str) -> _Node:
        return self.below.get(name) or _Node()


def read(shapes: Iterable[Shape], posted: MultiDict[str, str], before: Values, names: Names | None = None) -> Values:
    """The values of these fields as posted; what was not in the form keeps the value it had before.

    Names that no field has are ignored. Raises TooMuch for more than a person can have typed.
    """
    tree = _tree(posted)
    names = names or AsTyped()
    return {
        shape.name: _read(shape, tree.below[shape.name], before.get(shape.name), names)
        if shape.name in tree.below
        else before.get(shape.name, blank(shape))
        for shape in shapes
    }


def _tree(posted: MultiDict[str, str]) -> _Node:
    root = _Node()
    count = length = 0
    for name, values in posted.lists():
        count += len(values)
        length += sum(map(len, values))
        if count > MOST_FIELDS or length > LONGEST_TEXT:
            raise TooMuch("Formuläret är för stort för att sparas på en gång. Ta bort rader eller korta texten.")
        node = root
        for part in name[:300].split("-", 12):
            node = node.below.setdefault(part, _Node())
        node.values.extend(values)
    return root


def _read(shape: Shape, node: _Node, before: Any, names: Names) -> Any:
    match shape.sort:
        case Sort.GROUP:
            earlier = before if isinstance(before, dict) else {}
            return {
                part.name: _read(part, node.below[part.name], earlier.get(part.name), names)
                if part.name in node.below
                else earlier.get(part.name, blank(part))
                for part in shape.parts
            }
        case Sort.ROWS:
            return _read_rows(shape, node, names)
        case Sort.CHOICES:
            known = {word for word, _ in shape.choices}
            return list(dict.fromkeys(value for value in node.values if value in known))
        case Sort.YES_NO:
            return "ja" in node.values
    return _read_text(shape, node.values[-1] if node.values else "", names)


def _read_text(shape: Shape, typed: str, names: Names) -> str:
    text = only_text(typed)
    match shape.sort:
        case Sort.LONG | Sort.MARKDOWN:
            return text.strip("\n").rstrip()
        case Sort.ORGANISATION:
            return names.organisation_slug(" ".join(text.split()))
        case Sort.REFERENCE:
            return names.reference_slug(shape.refers_to, " ".join(text.split()))
    return " ".join(text.split())


def _read_rows(shape: Shape, node: _Node, names: Names) -> list[Any]:
    """The rows in the order of their numbers; several values of one name (check boxes) are a row each."""
    numbers = sorted((int(key), key) for key in node.below if key.isascii() and key.isdigit() and len(key) <= 4)
    several = list(dict.fromkeys(value for value in node.values if value))
    if len(numbers) + len(several) > MOST_ROWS:
        raise TooMuch(f"”{shape.label}” kan ha högst {MOST_ROWS} rader.")
    rows: list[Any] = [_read_text(shape.each, value, names) for value in several if shape.each.sort is not Sort.GROUP]
    for _, key in numbers:
        row = _read(shape.each, node.below[key], None, names)
        was = node.below[key].under(WAS).values
        if isinstance(row, dict) and was and was[-1].isascii() and was[-1].isdigit() and len(was[-1]) <= 4:
            row[WAS] = was[-1]
        rows.append(row)
    return rows


def posted(shapes: Iterable[Shape], values: Values, skipped: frozenset[str] = frozenset()) -> Iterator[tuple[str, str]]:
    """The names and texts that a browser would post for these values, without the fields named in ``skipped``."""
    for shape in shapes:
        yield from _posted(shape, shape.name, values.get(shape.name, blank(shape)), skipped)


def _posted(shape: Shape, name: str, value: Any, skipped: frozenset[str]) -> Iterator[tuple[str, str]]:
    if name in skipped:
        return
    match shape.sort:
        case Sort.GROUP:
            if WAS in value:
                yield f"{name}-{WAS}", value[WAS]
            for part in shape.parts:
                yield from _posted(part, f"{name}-{part.name}", value.get(part.name, blank(part)), skipped)
        case Sort.ROWS:
            yield name, ""
            for number, row in enumerate(value):
                yield from _posted(shape.each, f"{name}-{number}", row, skipped)
        case Sort.CHOICES:
            yield name, ""
            yield from ((name, word) for word in value)
        case Sort.YES_NO:
            yield name, "ja" if value else ""
        case _:
            yield name, value


# ---- To a file ----


def is_empty(shape: Shape, value: Any) -> bool:
    """Whether nothing was filled in. A choice that always has a word does not count, as nobody had to choose it."""
    match shape.sort:
        case Sort.GROUP:
            return all(is_empty(part, value.get(part.name, "")) for part in shape.parts)
        case Sort.ROWS:
            return all(is_empty(shape.each, row) for row in value)
        case Sort.CHOICE:
            return shape.required or not value
    return not value


def plain(shape: Shape, value: Any, before: Any = None) -> Any:
    """The value as a file says it, or None where there is nothing to say.

    ``before`` is the model's value in the file that is changed: keys in it that no form shows are carried over.
    """
    match shape.sort:
        case Sort.GROUP:
            return _plain_group(shape, value, before)
        case Sort.ROWS:
            earlier = before if isinstance(before, list) else []
            return [_plain_row(shape.each, row, earlier) for row in value] or None
        case Sort.YES_NO:
            return True if value else None
    return value or None


def _plain_row(shape: Shape, row: Any, earlier: Sequence[Any]) -> Any:
    place = int(row.get(WAS) or -1) if isinstance(row, dict) else -1
    before = earlier[place] if 0 <= place < len(earlier) else None
    return plain(shape, row, before) or ({} if shape.sort is Sort.GROUP else "")


def _plain_group(shape: Shape, value: Mapping[str, Any], before: Any) -> dict[str, Any] | None:
    unknown = _not_shown(shape, before) if isinstance(before, BaseModel) else {}
    if is_empty(shape, value):
        return unknown or None
    known = {
        part.name: plain(part, value.get(part.name, blank(part)), getattr(before, part.name, None))
        for part in shape.parts
    }
    filled = {name: one for name, one in known.items() if one is not None}
    return {**filled, **unknown}


def _not_shown(shape: Shape, before: BaseModel) -> dict[str, Any]:
    """What a group says in the file that is changed and no form shows: keys that nobody knows, and fields kept out."""
    shown = {part.name for part in shape.parts}
    own = before.model_dump(mode="json", include=before.model_fields_set - shown)
    return {name: value for name, value in own.items() if value not in (None, "", [])}


def same(shape: Shape, one: Any, other: Any) -> bool:
    """Whether two form values say the same, whatever place their rows had in the file."""
    return bool(_without_places(one) == _without_places(other))


def _without_places(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_places(one) for name, one in value.items() if name != WAS}
    if isinstance(value, list):
        return [_without_places(one) for one in value]
    return value
