"""``content/vocabulary.yaml``: rows of expressions that mean the same, and words that only ask. Reading and rewriting.

The file is edited where it stands: a row that changes is written anew, every other line stays to the letter, comments
among them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.library.document import BrokenDocument, Problem
from app.library.front_matter import BOM, check_characters
from app.library.guard import HasNumbers, numbers_in
from app.library.shelf import decoded, default_id
from app.library.yaml_editing import Editor
from app.library.yaml_nodes import Node, read_nodes
from app.library.yaml_writing import scalar

PATH = "content/vocabulary.yaml"
# What history knows the file by. It is no document, and has no page of its own.
IDENTITY = default_id(PATH)
LARGEST_FILE = 256 * 1024
SYNONYMS, QUERY_WORDS = "synonyms", "query_words"
WIDTH = 120

Row = tuple[str, ...]

_IN_A_LIST = re.compile(r"[,\[\]{}]")
_WHAT = {SYNONYMS: "en lista med rader som ”- [ord, annat ord]”", QUERY_WORDS: "en lista som ”[hur, vad]”"}


@dataclass(frozen=True)
class WordLists:
    """What the file says: rows of expressions with the same meaning, the line of each, and the words that only ask."""

    rows: tuple[Row, ...] = ()
    lines: tuple[int, ...] = ()
    query_words: Row = ()
    line_of_query_words: int = 0


def read_word_lists(content: bytes) -> WordLists:
    """What the bytes of the file say. Raises BrokenDocument with lines and reasons; HasNumbers for personal numbers."""
    text = decoded(PATH, content)
    check_characters(PATH, text)
    if numbers := numbers_in(PATH, text, IDENTITY, ()):
        raise HasNumbers(PATH, numbers)
    if len(content) > LARGEST_FILE:
        raise BrokenDocument(PATH, [Problem(PATH, f"filen är för stor: högst {LARGEST_FILE // 1000} kB")])
    entries = read_nodes(PATH, text.removeprefix(BOM)).entries or {}
    problems = [
        Problem(PATH, f"”{name[:50]}” hör inte hit. Här får bara stå {SYNONYMS} och {QUERY_WORDS}", key.line + 1)
        for name, (key, _) in entries.items()
        if name not in _WHAT
    ]
    rows = _list(entries, SYNONYMS, problems)
    asking = entries[QUERY_WORDS][0].line + 1 if QUERY_WORDS in entries else 0
    lists = WordLists(
        tuple(tuple(_texts(row, SYNONYMS, problems)) for row in rows),
        tuple(row.line + 1 for row in rows),
        tuple(word for node in _list(entries, QUERY_WORDS, problems) for word in _texts(node, QUERY_WORDS, problems)),
        asking,
    )
    if problems:
        raise BrokenDocument(PATH, problems)
    return lists


def _list(entries: dict[str, tuple[Node, Node]], name: str, problems: list[Problem]) -> list[Node]:
    if name not in entries:
        return []
    key, node = entries[name]
    if node.children is not None:
        return node.children
    if node.value is not None or node.entries is not None:
        problems.append(Problem(PATH, f"{name} ska vara {_WHAT[name]}", key.line + 1))
    return []


def _texts(node: Node, name: str, problems: list[Problem]) -> Iterable[str]:
    """The texts of a row, or one word of the words that ask."""
    found = node.children if name == SYNONYMS and node.children is not None else [node]
    if (name == SYNONYMS and node.children is None) or any(one.value is None for one in found):
        problems.append(Problem(PATH, f"raden går inte att förstå: {name} ska vara {_WHAT[name]}", node.line + 1))
        return []
    return [one.value or "" for one in found]


# ---- Rewriting ----


def with_row(text: str, was: Row, row: Row) -> str:
    """The file's text with a row in the place of the one that says ``was``; without either, a row more or a row less.

    Raises BrokenDocument where the text cannot be read, LookupError where no row says ``was``.
    """
    rows = list(read_word_lists(text.encode()).rows)
    place = rows.index(was) if was in rows else None
    if was and place is None:
        raise LookupError("no row says that")
    wanted = [*rows, row] if place is None else [*rows[:place], *([row] if row else []), *rows[place + 1 :]]
    text = text.removeprefix(BOM)
    new = _rows_edited(text, place, row)
    return new if _says(new, SYNONYMS, wanted) else _anew(text, wanted, None)


def with_query_words(text: str, words: Sequence[str]) -> str:
    """The file's text with other words that only ask. Raises BrokenDocument where the text cannot be read."""
    read_word_lists(text.encode())
    text = text.removeprefix(BOM)
    entries = read_nodes(PATH, text).entries or {}
    newline = _newline(text)
    if QUERY_WORDS in entries and entries[QUERY_WORDS][1].flow:
        node = entries[QUERY_WORDS][1]
        new = text[: node.start] + _wrapped(words, newline) + text[node.end :]
    elif QUERY_WORDS in entries:
        return _anew(text, None, words)
    else:
        new = f"{_ended(text, newline)}{QUERY_WORDS}: {_wrapped(words, newline)}{newline}"
    return new if _says(new, QUERY_WORDS, list(words)) else _anew(text, None, words)


def _rows_edited(text: str, place: int | None, row: Row) -> str:
    """The text with one row replaced, removed or added; an odd layout gives something that says otherwise."""
    entries = read_nodes(PATH, text).entries or {}
    newline = _newline(text)
    node = entries[SYNONYMS][1] if SYNONYMS in entries else None
    if node is None:
        return f"{_ended(text, newline)}{SYNONYMS}:{newline}  - {_flow(row)}{newline}"
    if not node.children or node.flow:
        return ""
    editor = Editor(text)
    if place is not None and row:
        child = node.children[place]
        return text[: child.start] + _flow(row) + text[editor.core_end(child) :]
    if place is not None:
        dash, end = _dash(editor, node.children[place]), editor.end_of(node.children[place])
        after = text[end:]
        return text[: editor.line_start(dash)] + after.removeprefix("\r\n" if after.startswith("\r\n") else "\n")
    last = node.children[-1]
    dash, end = _dash(editor, last), editor.end_of(last)
    indent = text[editor.line_start(dash) : dash]
    return f"{text[:end]}{newline}{indent}- {_flow(row)}{text[end:]}"


def _dash(editor: Editor, node: Node) -> int:
    try:
        return editor.dash_before(node)
    except ValueError:
        return node.start


def _says(text: str, name: str, wanted: Sequence[Row | str]) -> bool:
    """Whether a text that was edited in place says what it was to say."""
    try:
        lists = read_word_lists(text.encode())
    except BrokenDocument:
        return False
    return list(lists.rows if name == SYNONYMS else lists.query_words) == list(wanted)


def _anew(text: str, rows: Sequence[Row] | None, words: Sequence[str] | None) -> str:
    """The whole file written anew, for layouts in which it cannot be edited; the lines that only remark come first."""
    lists = read_word_lists(text.encode())
    newline = _newline(text)
    remarks = [line for line in text.splitlines() if line.lstrip().startswith("#")]
    rows, words = lists.rows if rows is None else rows, lists.query_words if words is None else words
    lines = [*remarks, f"{SYNONYMS}:", *(f"  - {_flow(row)}" for row in rows), ""]
    return newline.join([*lines, f"{QUERY_WORDS}: {_wrapped(words, newline)}", ""])


def _flow(row: Iterable[str]) -> str:
    return f"[{', '.join(map(_scalar, row))}]"


def _wrapped(words: Iterable[str], newline: str) -> str:
    """A list of words on as many lines as it needs."""
    lines, line = [], "["
    for word in words:
        piece = f"{_scalar(word)}, "
        if len(line) + len(piece) > WIDTH - len(QUERY_WORDS):
            lines.append(line.rstrip())
            line = "  "
        line += piece
    return newline.join([*lines, line.rstrip(", ") + "]"])


def _scalar(text: str) -> str:
    written = scalar(text)
    return json.dumps(text, ensure_ascii=False) if written == text and _IN_A_LIST.search(text) else written


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _ended(text: str, newline: str) -> str:
    """The text with its last line ended."""
    return text if not text or text.endswith("\n") else text + newline
