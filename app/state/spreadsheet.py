"""The list as a file that a Swedish Excel opens: semicolons, a mark of UTF-8, and no cell that could be a formula."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.library.vocabulary import Publication
from app.state.telling import Line
from app.web.spreadsheet import FORMULA, harmless
from app.web.spreadsheet import lines as written

__all__ = ["FORMULA", "HEADINGS", "harmless", "spreadsheet"]

HEADINGS = (
    *("Sida", "Del av", "Sort", "Läge", "Publicering", "Organisation"),
    *("I läget sedan", "Dagar i läget", "Vanligt antal dagar", "Senaste kända steg eller ändring", "Dagar sedan dess"),
    *("Skulle ha varit klart", "Senast", "Dagar försenat", "Senast ändrad", "Påhittade uppgifter", "Adress"),
)
UNCHANGED = "fanns från början"
PUBLICATION = {one.value: one.swedish for one in Publication}


def spreadsheet(lines: Iterable[Line], site: str) -> bytes:
    """The lines as a file. ``site`` is where the addresses begin. No person is named in it."""
    return b"".join(written([HEADINGS, *(_cells(line, site) for line in lines)]))


def _cells(line: Line, site: str) -> Sequence[str | int]:
    card = line.card
    return (
        *(card.title, line.part_of, card.kind_word, card.status, PUBLICATION[card.publication], card.owner_name),
        line.since,
        _days(line.in_phase),
        _days(line.usual.days if line.usual else None),
        line.moved.isoformat() if line.moved else "",
        _days(line.still),
        " / ".join(one.what for one in line.late),
        line.late[0].by if line.late else "",
        _days(line.late[0].days if line.late else None),
        line.changed.isoformat() if line.changed else UNCHANGED,
        "ja" if card.invented else "",
        site.rstrip("/") + card.url,
    )


def _days(days: int | None) -> str | int:
    return "" if days is None else days
