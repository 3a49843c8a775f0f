"""JSON that people can read: what Python itself writes in Python as soon as it is indented, and ten times as slowly."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any


def indented(plain: Any, depth: int = 1) -> str:
    """What ``json.dumps`` writes of plain structures, one step further in for each, and with every letter as it is."""
    if not isinstance(plain, dict | list | tuple):
        return _encoder(0).encode(plain)
    nested = [isinstance(one, dict | list | tuple) for one in (plain.values() if isinstance(plain, dict) else plain)]
    if not any(nested):
        written = _encoder(depth).encode(plain)
        return f"{written[0]}\n{' ' * depth}{written[1:-1]}\n{' ' * (depth - 1)}{written[-1]}" if plain else written
    if isinstance(plain, dict):
        lines = [f"{_encoder(0).encode(key)}: {indented(one, depth + 1)}" for key, one in plain.items()]
    else:
        lines = [indented(one, depth + 1) for one in plain]
    first, last = "{}" if isinstance(plain, dict) else "[]"
    between = f"\n{' ' * depth}"
    return f"{first}{between}{f',{between}'.join(lines)}\n{' ' * (depth - 1)}{last}"


@lru_cache(maxsize=32)
def _encoder(depth: int) -> json.JSONEncoder:
    """One that writes what holds only texts and numbers: each on its line, so far in."""
    return json.JSONEncoder(ensure_ascii=False, separators=(f",\n{' ' * depth}", ": "))
