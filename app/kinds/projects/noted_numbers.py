"""A personal number among values that were filled in: which row it is in, in the words of what somebody sees."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from app.kinds.projects.table import written
from app.library.guard import numbers_in_file
from app.measuring.points import Point

IN_A_NOTE = "Anteckningen för {on} ser ut att innehålla ett personnummer. Ta bort det."
IN_A_ROW = "Raden för {on} ser ut att innehålla ett personnummer. Ta bort det."


def rows_with_numbers(points: Sequence[Point], pairs: bool, document_id: str, declared: Collection[str]) -> list[str]:
    """What is said of each row that has a number which nobody has declared to be none."""
    return list(
        dict.fromkeys(
            _told(point, document_id, declared) for point in points if _has(point, pairs, document_id, declared)
        )
    )


def _told(point: Point, document_id: str, declared: Collection[str]) -> str:
    noted = numbers_in_file("note.txt", point.note.encode(), document_id, declared)
    return (IN_A_NOTE if noted else IN_A_ROW).format(on=point.on.isoformat())


def _has(point: Point, pairs: bool, document_id: str, declared: Collection[str]) -> bool:
    return bool(numbers_in_file("row.csv", written([point], pairs) or b"", document_id, declared))
