"""How things move: since when they stand where they stand, how long that usually is, and by when something is due.

Pure. Dates are known as far as sources tell them; a part of a date counts at its latest possible day, so that nobody
is called late who may not be. Nothing here reads the clock: whoever asks gives the day.
"""

from __future__ import annotations

import math
import statistics
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from app.library.fields import PartialDate

SWEDEN = ZoneInfo("Europe/Stockholm")

# What has not moved for more than so many times the usual stands still.
TIMES_THE_USUAL = 2
# So many finished stays in a phase tell what is usual there; fewer would let one slow team decide it for all.
ENOUGH_STAYS = 8
# What usually takes less than a week is not looked for sooner.
SHORTEST_USUAL = 7

BACKWARDS = "Det kan inte sluta innan det börjar. Ändra ett av datumen."
_ABOUT = ("cirka", "omkring")


@dataclass(frozen=True)
class Stay:
    """A time in a phase, as the file tells it. ``phase`` is the status's value; ``until`` is None while it lasts."""

    phase: str
    since: PartialDate | None
    until: PartialDate | None = None

    @property
    def days(self) -> int | None:
        """How long it was, where both its days are known exactly."""
        since, until = (one.exact if one else None for one in (self.since, self.until))
        return (until - since).days if since and until and since <= until else None


@dataclass(frozen=True)
class Due:
    """Something that should have been done by a date, and is not: ``what`` is the result, "Anteckningarna skrivna".

    ``mark`` is what readers are told in lists when the date has passed; "" where it concerns only those who do it.
    """

    what: str
    by: PartialDate
    mark: str = ""


@dataclass(frozen=True)
class Pace:
    """What a document tells of its own pace: its stays in phases, what has happened within them, and what is due.

    The stay without an end is the present one. ``steps`` are days when it moved on without leaving its phase.
    """

    stays: Sequence[Stay] = ()
    steps: Sequence[PartialDate] = ()
    due: Sequence[Due] = ()

    @property
    def since(self) -> PartialDate | None:
        """Since when it stands in its present phase; None where the file does not say."""
        return next((stay.since for stay in self.stays if stay.until is None), None)


@dataclass(frozen=True)
class Usual:
    """How many days a phase usually takes. ``stays`` is how many finished stays say so; 0 means that nobody knows yet,
    and the days are those that the kind expects."""

    days: int
    stays: int = 0


def latest_day(when: PartialDate | None) -> date | None:
    """The last day that a date may mean; None where that is not known, as for "3 februari" without a year."""
    if when is None or not when.year or when.when == "efter":
        return None
    year, month = when.year, when.month
    if when.when in _ABOUT:
        year, month = (year, 12) if month else (min(year + 1, date.max.year), 12)
        return date(year, month, 31)
    if month is None:
        return date(year, 12, 31)
    return date(year, month, when.day or monthrange(year, month)[1])


def earliest_day(when: PartialDate | None) -> date | None:
    """The first day that a date may mean; None where that is not known."""
    if when is None or not when.year or when.when in ("före", "till", *_ABOUT):
        return None
    return date(when.year, when.month or 1, when.day or 1)


def ends_before_it_starts(start: PartialDate | None, end: PartialDate | None) -> bool:
    """Whether no day that the dates may mean makes a time of them."""
    first, last = earliest_day(start), latest_day(end)
    return first is not None and last is not None and last < first


def is_late(by: date | None, today: date) -> bool:
    """Whether something that is due by a day should have been done before today."""
    return by is not None and by < today


def last_moved(since: date | None, stepped: date | None, changed: date | None) -> date | None:
    """The last day on which something is known to have moved: it came into its phase, or took a step within it.

    Where the file does not say since when it is in its phase, the last change of the page is what is known; None where
    not even that is.
    """
    known = [day for day in (since, stepped) if day] if since else [day for day in (stepped, changed) if day]
    return max(known, default=None)


def stands_still(moved: date | None, usual: int, today: date) -> bool:
    """Whether it has not moved for more than twice the usual; a phase where nothing is usual (0) never stands still."""
    return moved is not None and usual > 0 and (today - moved).days > TIMES_THE_USUAL * usual


def usual_time(stays: Sequence[int], expected: int) -> Usual:
    """What is usual in a phase: the median of its finished stays in days, or what is expected where they are few."""
    if expected <= 0 or len(stays) < ENOUGH_STAYS:
        return Usual(expected)
    return Usual(max(SHORTEST_USUAL, math.ceil(statistics.median(stays))), len(stays))


def swedish_day(moment: datetime) -> date:
    """The day of a moment by Swedish calendars."""
    return moment.astimezone(SWEDEN).date()
