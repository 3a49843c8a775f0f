"""Reading ``matrix.txt``: which request, by whom, is answered how."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).with_name("matrix.txt")
ROLES = ("nobody", "member", "mate", "outsider", "head", "other", "network", "admin", "ended", "closed", "both")
STATES = ("public", "network", "organisation", "draft", "review", "archived", "bin")
# Where a column is not tried: the administrator may speak for anybody, which other lines try.
NOT_TRIED = "-"


@dataclass(frozen=True)
class Line:
    """One request: a method and an address with names in braces, the status for who is let in, what is sent."""

    method: str
    address: str
    status: int
    sent: str

    @property
    def is_about_a_page(self) -> bool:
        return any(f"{{{name}}}" in self.address for name in ("slug", "former", "path", "network"))


@dataclass(frozen=True)
class Table:
    """Lines that are answered alike: by state ("" where they are about no page) and role, a cell."""

    title: str
    lines: tuple[Line, ...]
    cells: dict[str, dict[str, str]]


def tables() -> list[Table]:
    """Everything in the file. Raises ValueError where a table is not whole."""
    return list(_tables(FILE.read_text("utf-8")))


def _tables(text: str) -> Iterator[Table]:
    for part in text.split("\n== ")[1:]:
        title, *rows = [row for row in part.splitlines() if row.strip() and not row.startswith("#")]
        lines = tuple(_line(row) for row in rows if row.startswith(("GET ", "POST ")))
        heading, *filled = rows[len(lines) :]
        if tuple(heading.split()) != ROLES:
            raise ValueError(f"the columns of ”{title}” are not those of everybody: {heading}")
        yield Table(title, lines, dict(_row(title, row) for row in filled))


def _line(row: str) -> Line:
    method, address, status, *sent = row.split()
    return Line(method, address, int(status), sent[0] if sent else "")


def _row(title: str, row: str) -> tuple[str, dict[str, str]]:
    words = row.split()
    state = words.pop(0) if len(words) == len(ROLES) + 1 else ""
    if len(words) != len(ROLES) or state not in ("", *STATES):
        raise ValueError(f"a row of ”{title}” has {len(words)} cells: {row}")
    return state, dict(zip(ROLES, words, strict=True))
