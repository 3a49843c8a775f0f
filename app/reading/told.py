"""What a card's document tells of itself, without its file: the front matter as the rows have it.

Rows keep the fields that only one kind has, so that lists can show a cycle's phase or a visit's next session. What
every document has (areas, networks, sources) is not among them: for that one reads the document.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from app.index import Card
from app.library.ahead import Ahead
from app.library.document import FrontMatter
from app.library.pace import Pace, latest_day
from app.publishing import current
from app.web.text import in_sweden


def told_by(card: Card) -> Any:
    """The front matter of a card's document. It is read once for each version."""
    model = current.library.kinds[card.kind].front_matter
    return _front(model, card.id, card.title, card.owner, card.written_facts)


@lru_cache(maxsize=2000)
def _front(model: type[FrontMatter], document_id: str, title: str, owner: str, facts: str) -> FrontMatter:
    return model.model_validate({**json.loads(facts), "id": document_id, "title": title, "owner": owner})


def last_activity(cards: Iterable[Card], today: date) -> date | None:
    """The last day on which something is known to have happened in some documents, such as a project and its cycles.

    A day to come is none. Where their fields tell no day, the last change of a page is what is known.
    """
    everything = list(cards)
    told = (day for card in everything for day in _days(told_by(card).pace()) if day <= today)
    changed = (in_sweden(card.changed_at).date() for card in everything if not card.was_here)
    return max(told, default=None) or max(changed, default=None)


def _days(pace: Pace) -> Iterator[date]:
    for when in (*pace.steps, *(one for stay in pace.stays for one in (stay.since, stay.until))):
        if day := latest_day(when):
            yield day


@dataclass(frozen=True)
class Coming:
    """Something ahead, and the document that tells of it."""

    card: Card
    ahead: Ahead

    @property
    def day(self) -> str:
        """The day of the month, where the date is exact; else empty."""
        when = self.ahead.when
        return str(when.day) if when.exact else ""

    @property
    def rest(self) -> str:
        """The date without that: "januari 2027"; as far as it is known "mars 2027", "början av mars 2027", "2027"."""
        when = self.ahead.when
        return replace(when, day=None, weekday="").words if when.exact else when.words


def coming(cards: Iterable[Card], today: date, concerning: Iterable[str] | None = None) -> list[Coming]:
    """What the documents say is ahead, the first first; of some organisations only what concerns one of them."""
    wanted = None if concerning is None else frozenset(concerning)
    found = [
        Coming(card, ahead)
        for card in cards
        for ahead in told_by(card).ahead()
        if ahead.is_ahead(today) and (wanted is None or not wanted.isdisjoint(ahead.concerns))
    ]
    return sorted(found, key=lambda one: (one.ahead.sort_key, one.card.title))
