"""What a line of the list says of a document: how long, since when, what should have been done. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.index import Card, Standing
from app.library.fields import NOT_STATED
from app.library.pace import Usual, swedish_day
from app.web.text import count


@dataclass(frozen=True)
class LateThing:
    """Something that should have been done: what, by when in words, and how many days ago that was."""

    what: str
    by: str
    days: int


@dataclass(frozen=True)
class Line:
    """A document in the list. Days are None where they are not known.

    ``since`` says in words since when it is where it is, ``exact`` whether that is a day and not a part of a date;
    ``in_phase`` are the days since then, ``still`` the days since it last moved, on ``moved``.
    """

    card: Card
    part_of: str
    since: str
    exact: bool
    in_phase: int | None
    moved: date | None
    still: int | None
    usual: Usual | None
    late: Sequence[LateThing]
    changed: date | None
    unchanged: int | None
    # The day on which it came where it is, where the file says which.
    came: date | None = None

    @property
    def in_phase_words(self) -> str:
        """How long it has been where it is: "112 dagar", "minst 22 dagar", "framgår inte"."""
        if self.in_phase is None:
            return NOT_STATED
        words = days_in_words(self.in_phase)
        return words if self.exact else f"minst {words}"

    @property
    def stepped(self) -> date | None:
        """When it last took a step after it came where it is."""
        return self.moved if self.since and self.still != self.in_phase else None


def line_of(standing: Standing, today: date) -> Line:
    """What is told of a document at a day."""
    card = standing.card
    changed = None if card.was_here else swedish_day(card.changed_at)
    return Line(
        card=card,
        part_of=standing.part_of,
        since=card.since if standing.since else "",
        exact=card.since_a_day,
        in_phase=days_since(standing.since, today),
        moved=standing.moved,
        still=days_since(standing.moved, today),
        usual=standing.usual if standing.usual and standing.usual.days else None,
        late=[LateThing(one.what, one.words, (today - one.by).days) for one in card.late(today)],
        changed=changed,
        unchanged=days_since(changed, today),
        came=standing.since if card.since_a_day else None,
    )


def days_since(since: date | None, today: date) -> int | None:
    """How many days ago a day was; None where it is not known or still to come."""
    return (today - since).days if since and since <= today else None


def days_in_words(days: int) -> str:
    """ "1 dag", "1 240 dagar"."""
    return count(days, "dag", "dagar")
