"""The text of a document's file: front matter between two lines of ``---``, then the Markdown body."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from pydantic import BaseModel

from app.library.document import BrokenDocument, Problem
from app.library.yaml_editing import Editor, default, inside, says
from app.library.yaml_nodes import Node, Place, read_nodes
from app.library.yaml_writing import entry, filled, plain

LARGEST_FILE = 1_000_000
BOM = "\ufeff"

_OPENING = re.compile(r"\ufeff?---[ \t]*(?:\r\n|\n)")
_CLOSING = re.compile(r"^---[ \t]*(?:\r\n|\n|\Z)", re.MULTILINE)
_BLANK_LINES = re.compile(r"(?:[ \t]*(?:\r\n|\n|\r))*")
# Everything that is neither text, tab nor line break: NUL, terminal codes, half characters, marks of byte order.
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_HIDDEN_LINE_BREAK = re.compile("[\u2028\u2029]|\r(?!\n)")


@dataclass(frozen=True)
class FrontMatterText:
    """What a file says before any model has looked at it.

    ``values`` holds dictionaries, lists, strings and None. ``lines`` says on which line of the file each value stands;
    the body begins on line ``lines[()]``. ``body`` has ``\\n`` as line break whatever the file has, and no blank lines
    first.
    """

    values: dict[str, Any]
    lines: Mapping[Place, int]
    body: str


@dataclass(frozen=True)
class _Parts:
    """A file's text in its three parts; together they are the text."""

    opening: str
    yaml: str
    closing: str
    rest: str

    @property
    def newline(self) -> str:
        return "\r\n" if self.opening.endswith("\r\n") else "\n"


def read(path: str, text: str) -> FrontMatterText:
    """The front matter and the body of a file's text. Raises BrokenDocument, which says what is wrong and where."""
    check_characters(path, text)
    parts = _take_apart(path, text)
    if hidden := _HIDDEN_LINE_BREAK.search(parts.yaml):
        line = parts.yaml.count("\n", 0, hidden.start()) + 2
        raise BrokenDocument(path, [Problem(path, "det finns en osynlig radbrytning i raden. Skriv om raden", line)])
    root = read_nodes(path, parts.yaml, first_line=2)
    lines = dict(root.places(first_line=2))
    blank = _blank_lines(parts.rest)
    lines[()] = 2 + (parts.yaml + parts.closing + blank).count("\n")
    return FrontMatterText(cast(dict[str, Any], root.plain), lines, with_plain_newlines(parts.rest[len(blank) :]))


def compose(values: Mapping[str, Any], body: str) -> str:
    """The text of a new file. What says nothing (None, empty text, empty lists) is left out."""
    lines = [entry(key, value, 0) + "\n" for key, value in (filled(plain(values)) or {}).items()]
    text = with_plain_newlines(body).strip("\n")
    return f"---\n{''.join(lines)}---\n" + (f"\n{text}\n" if text.strip() else "")


def rewrite(text: str, values: Mapping[str, Any], body: str | None = None, model: type[BaseModel] | None = None) -> str:
    """The text of a file with new values for some keys, and perhaps a new body; all other characters stay as they are.

    A key that ``values`` lacks is left alone. None, empty text and empty lists take a key away, but an empty key that
    is there already stays. Inside a group the new value is the whole truth, except that with the document's ``model``
    (the kind's ``front_matter``) keys unknown to it survive, and defaults that nobody wrote are not written out. New
    keys come last, in the model's order. Raises BrokenDocument if the text cannot be read.
    """
    path = ""
    parts = _take_apart(path, text)
    root = read_nodes(path, parts.yaml, first_line=2)
    wanted = plain(values)
    if model is not None:
        order = {name: number for number, name in enumerate(model.model_fields)}
        wanted = dict(sorted(wanted.items(), key=lambda pair: order.get(pair[0], len(order))))
    yaml = parts.yaml
    if not _all_said(cast(dict[str, Any], root.plain), wanted, model):
        yaml = _edited(parts, root, wanted, model)
    return parts.opening + yaml + parts.closing + _new_rest(parts, body)


def check_characters(path: str, text: str) -> None:
    """Raises BrokenDocument where a text holds characters that are not text."""
    if found := _NOT_TEXT.search(text):
        line = text.count("\n", 0, found.start()) + 1
        name = f"U+{ord(found[0]):04X}"
        raise BrokenDocument(
            path, [Problem(path, f"tecknet {name} är inte text. Ta bort det och spara filen som UTF-8", line)]
        )


def with_plain_newlines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _take_apart(path: str, text: str) -> _Parts:
    opening = _OPENING.match(text)
    if not opening:
        message = "filen ska börja med front matter: en rad med bara tre streck, ---, sedan rader som ”nyckel: värde”"
        raise BrokenDocument(path, [Problem(path, message, 1)])
    closing = _CLOSING.search(text, opening.end())
    if not closing:
        message = "front matter tar aldrig slut. Skriv en rad med bara tre streck, ---, före brödtexten"
        raise BrokenDocument(path, [Problem(path, message, 1)])
    return _Parts(opening[0], text[opening.end() : closing.start()], closing[0], text[closing.end() :])


def _blank_lines(text: str) -> str:
    found = _BLANK_LINES.match(text)
    return found[0] if found else ""


def _all_said(old: Mapping[str, Any], wanted: Mapping[str, Any], model: type[BaseModel] | None) -> bool:
    return all(
        says(old.get(key) if filled(old.get(key)) is not None else default(model, key), value, inside(model, key))
        or (filled(old.get(key)) is None and filled(value) is None)
        for key, value in wanted.items()
    )


def _edited(parts: _Parts, root: Node, wanted: dict[str, Any], model: type[BaseModel] | None) -> str:
    """The front matter with new values, edited in place; where that reads wrong (an odd layout), written anew."""
    old = cast(dict[str, Any], root.plain)
    try:
        yaml = _edited_in_place(parts, root, wanted, model)
        new = cast(dict[str, Any], read_nodes("", yaml).plain)
        others_kept = all(new.get(key) == value for key, value in old.items() if key not in wanted)
        if others_kept and _all_said(new, wanted, model):
            return yaml
    except (BrokenDocument, ValueError):
        pass
    merged = filled({**old, **wanted}) or {}
    return "".join(entry(key, value, 0) + "\n" for key, value in merged.items()).replace("\n", parts.newline)


def _edited_in_place(parts: _Parts, root: Node, wanted: dict[str, Any], model: type[BaseModel] | None) -> str:
    if root.flow or any(key.column for key, _ in (root.entries or {}).values()):
        raise ValueError("not one key per line")
    editor = Editor(parts.yaml)
    text = editor.mapping(root, wanted, model, keep_absent=True)
    if not root.entries:
        return parts.yaml + f"{text}\n".replace("\n", parts.newline)
    start, end = editor.first_of(root), editor.end_of(root)
    if not text:
        return parts.yaml[:start] + parts.yaml[end:].lstrip("\r\n")
    # Only lines that were written now have a bare line feed in a file with CRLF.
    if parts.newline == "\r\n":
        text = re.sub(r"(?<!\r)\n", "\r\n", text)
    return parts.yaml[:start] + text + parts.yaml[end:]


def _new_rest(parts: _Parts, body: str | None) -> str:
    if body is None:
        return parts.rest
    new = with_plain_newlines(body).strip("\n")
    blank = _blank_lines(parts.rest)
    if new == with_plain_newlines(parts.rest[len(blank) :]).strip("\n"):
        return parts.rest
    if not new.strip():
        return ""
    return (blank or parts.newline) + f"{new}\n".replace("\n", parts.newline)
