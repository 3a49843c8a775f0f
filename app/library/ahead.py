"""What is ahead: what happens on a day, and what is to be done by one, as a document's typed fields tell it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.library.fields import PartialDate
from app.library.pace import earliest_day, latest_day


@dataclass(frozen=True)
class Ahead:
    """Something that happens, or with ``to_do`` is to be done by then.

    ``what`` says it where the document's title does not; ``details`` are such as the hour and the place; ``concerns``
    are the slugs of the organisations that have a part in it.
    """

    when: PartialDate
    what: str = ""
    details: tuple[str, ...] = ()
    concerns: frozenset[str] = frozenset()
    to_do: bool = False

    def is_ahead(self, today: date) -> bool:
        """Whether it is not over. Of what has no year nobody can tell."""
        last = latest_day(self.when)
        return last is not None and last >= today

    @property
    def sort_key(self) -> tuple[date, str]:
        """Sorts by the first day that it may mean."""
        return earliest_day(self.when) or latest_day(self.when) or date.max, self.what


def details(*parts: str) -> tuple[str, ...]:
    """Those that say something."""
    return tuple(part for part in parts if part)
