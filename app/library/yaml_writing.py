"""Plain values as YAML that people like to read: block style, wide lines, Swedish letters as they are."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any

from pydantic import BaseModel

from app.library.yaml_nodes import NULLS

# Words that other readers of YAML take for something else than text: null, yes and no, 12:30 (a number of minutes),
# 0o17.
_TAKEN = re.compile(
    r"(?i:y|yes|n|no|true|false|on|off|null|=|<<)|[-+]?\.(?i:inf|nan)"
    r"|[-+]?0[0-9xob_][0-9a-fA-F_]*|[-+\d][\d_,:]*[_:][\d_,:.]*"
)
_PLAIN = re.compile(r"[^\W_][^\n\r]*", re.UNICODE)
_UNPLAIN = re.compile(r":(?:\s|$)|\s#|\s$|[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_RAW_IN_JSON = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_LITERAL = re.compile(r"\S[^\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]*\S\n?")
_BLANKS_AT_END = re.compile(r"[ \t](?:\n|$)")


def plain(value: Any) -> Any:
    """A front-matter value as text, booleans, lists and dictionaries; dates and sums as they were written."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, BaseModel):
        return plain(dict(value))
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, str):
        return str(value)
    if hasattr(value, "raw"):
        return str(value.raw)
    if isinstance(value, Iterable):
        return [plain(inner) for inner in value]
    return str(value)


def filled(value: Any) -> Any:
    """A plain value without what says nothing: None, "", and groups and lists of nothing else.

    None if nothing is left.
    """
    if isinstance(value, dict):
        kept = {key: left for key, inner in value.items() if (left := filled(inner)) is not None}
        return kept or None
    if isinstance(value, list):
        return [left for inner in value if (left := filled(inner)) is not None] or None
    if isinstance(value, str):
        text = value.replace("\r\n", "\n").replace("\r", "\n")
        return text if text.strip() else None
    return value


def scalar(value: str | bool, indent: int = 0) -> str:
    """One value. A text of several lines becomes a literal block whose lines stand ``indent`` steps in."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if "\n" in value and _LITERAL.fullmatch(value) and not _BLANKS_AT_END.search(value):
        lines = (f"{' ' * indent}{line}" if line else "" for line in value.removesuffix("\n").split("\n"))
        return "\n".join(("|" if value.endswith("\n") else "|-", *lines))
    if _PLAIN.fullmatch(value) and not _UNPLAIN.search(value) and not _TAKEN.fullmatch(value) and value not in NULLS:
        return value
    return _RAW_IN_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(value, ensure_ascii=False))


def entry(key: str, value: Any, indent: int) -> str:
    """``key: value`` for a mapping whose keys stand ``indent`` steps in.

    The first line is not indented, nor the end broken.
    """
    name = scalar(key) if "\n" not in key else json.dumps(key)
    if isinstance(value, dict | list):
        return f"{name}:\n{' ' * (indent + 2)}{block(value, indent + 2)}"
    return f"{name}: {scalar(value, indent + 2)}"


def element(value: Any, indent: int) -> str:
    """``- value`` for a list whose dashes stand ``indent`` steps in."""
    return f"- {block(value, indent + 2)}"


def block(value: Any, indent: int) -> str:
    """A filled value whose lines, from the second on, stand ``indent`` steps in."""
    between = "\n" + " " * indent
    if isinstance(value, dict):
        return between.join(entry(key, inner, indent) for key, inner in value.items())
    if isinstance(value, list):
        return between.join(element(inner, indent) for inner in value)
    return scalar(value, indent)
