"""The overview as a file that a Swedish Excel opens: the same rows as the page, and no person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.library.fields import PartialDate
from app.library.vocabulary import Publication
from app.overview.works import Work
from app.state.telling import Line
from app.web.spreadsheet import lines as written

HEADINGS = (
    *("Utvecklingsarbete", "Organisation", "Läge", "Publicering", "Står stilla"),
    *("Framsteg", "Framsteg ändrat", "Senaste aktivitet", "Dagar sedan dess"),
    *("Antal cykler", "Senaste cykeln", "Cykelns fas", "I fasen sedan", "Dagar i fasen", "Cykeln står stilla"),
    *("Cykler med poäng", "Median för hur cyklerna följer metoden, av 10"),
    *("Resultatmått", "Vad måttet visar", "Påhittade uppgifter", "Adress"),
)
PUBLICATION = {one.value: one.swedish for one in Publication}


def spreadsheet(works: Iterable[Work], site: str) -> bytes:
    """The rows as a file. ``site`` is where the addresses begin."""
    return b"".join(written([HEADINGS, *(_cells(work, site) for work in works)]))


def _cells(work: Work, site: str) -> Sequence[str | int]:
    card, cycle = work.line.card, work.cycle
    return (
        *(card.title, card.owner_name, card.status, PUBLICATION[card.publication], _yes(work.still)),
        work.progress_words[0],
        _sortable(work.progress_on),
        work.happened.isoformat() if work.happened else "",
        _days(work.idle),
        work.cycles,
        *((cycle.card.title, cycle.card.status, _since(cycle), _days(cycle.in_phase)) if cycle else ("", "", "", "")),
        _yes(work.cycle_still),
        *(work.scored, work.points),
        *((work.shape.name, work.shape.finding) if work.shape else ("", "")),
        _yes(card.invented),
        site.rstrip("/") + card.url,
    )


def _sortable(on: PartialDate | None) -> str:
    """A day so that it sorts; where only a part of it is known, that in words."""
    return on.exact.isoformat() if on and on.exact else str(on or "")


def _since(line: Line) -> str:
    return line.came.isoformat() if line.came else line.since


def _yes(said: bool) -> str:
    return "ja" if said else ""


def _days(days: int | None) -> str | int:
    return "" if days is None else days
