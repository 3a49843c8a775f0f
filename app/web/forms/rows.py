"""Rows of a list in a form: added, removed and moved by plain buttons, and dropped where nothing was filled in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from app.web.forms.shapes import Shape, Sort
from app.web.forms.values import MOST_ROWS, TooMuch, Values, blank, is_empty


def without_empty_rows(shapes: Iterable[Shape], values: Values) -> Values:
    """The values with the rows that were added but never filled in taken away, also inside other rows."""
    return {
        **values,
        **{shape.name: _without_empty(shape, values[shape.name]) for shape in shapes if shape.name in values},
    }


def _without_empty(shape: Shape, value: Any) -> Any:
    if shape.sort is Sort.GROUP:
        return without_empty_rows(shape.parts, value)
    if shape.sort is not Sort.ROWS:
        return value
    filled = (row for row in value if not is_empty(shape.each, row))
    return [_without_empty(shape.each, row) for row in filled]


def change_rows(shapes: Sequence[Shape], values: Values, verb: str, name: str) -> None:
    """Does ``add sessions-0-guests``, ``remove sessions-2``, ``up sessions-2`` or ``down sessions-2`` to the values.

    A name that leads nowhere changes nothing. Raises TooMuch where there are too many rows already.
    """
    path = name.split("-")
    row = None if verb == "add" else path.pop()
    found = _rows_at(shapes, values, path)
    if not found:
        return
    shape, rows = found
    if row is None:
        _add_row(shape, rows)
    elif row.isascii() and row.isdigit() and int(row[:5]) < len(rows):
        _move_row(rows, int(row), verb)


def _rows_at(shapes: Sequence[Shape], values: Any, path: Sequence[str]) -> tuple[Shape, list[Any]] | None:
    shape = next((shape for shape in shapes if path and shape.name == path[0]), None)
    if not shape:
        return None
    value, rest = values.get(shape.name), path[1:]
    if shape.sort is Sort.GROUP:
        return _rows_at(shape.parts, value, rest)
    if shape.sort is not Sort.ROWS or not isinstance(value, list):
        return None
    if not rest:
        return shape, value
    if not (rest[0].isascii() and rest[0].isdigit() and int(rest[0][:5]) < len(value)):
        return None
    return _rows_at(shape.each.parts, value[int(rest[0])], rest[1:])


def _add_row(shape: Shape, rows: list[Any]) -> None:
    if len(rows) >= MOST_ROWS:
        raise TooMuch(f"”{shape.label}” kan ha högst {MOST_ROWS} rader.")
    rows.append(blank(shape.each))


def _move_row(rows: list[Any], number: int, verb: str) -> None:
    match verb:
        case "remove":
            rows.pop(number)
        case "up" if number > 0:
            rows[number - 1], rows[number] = rows[number], rows[number - 1]
        case "down" if number + 1 < len(rows):
            rows[number + 1], rows[number] = rows[number], rows[number + 1]
