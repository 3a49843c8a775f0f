"""What is told of what people look for: words after three uses, and how many of those found nothing. No more of hits.

How many hits somebody had depends on what they may see: only whether there were any is told to others.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, case, func, select, true
from sqlmodel import Session, col

from app.looked_for.tables import LookedFor

SHOWN_AFTER = 3


@dataclass(frozen=True)
class Scope:
    """Whose searches, and from which day to which. In ``organisations`` "" is nobody's; None is everybody's."""

    first: date
    last: date
    organisations: Collection[str] | None = None


@dataclass(frozen=True)
class Line:
    """Some words: how often they were searched for, how often nothing was found, and the month of the last time."""

    words: str
    times: int
    in_vain: int
    month: str


@dataclass(frozen=True)
class Month:
    """A month ("2026-11"): how many searches there were, and how many that found nothing."""

    month: str
    times: int
    in_vain: int


_TIMES = func.sum(LookedFor.times).label("times")
_IN_VAIN = func.sum(case((col(LookedFor.hits) == 0, LookedFor.times), else_=0)).label("in_vain")
_LAST = func.max(LookedFor.day).label("last")


def lines(session: Session, scope: Scope, in_vain: bool, limit: int, offset: int = 0) -> tuple[list[Line], int, int]:
    """The words that were searched for often enough, how many there are in all, and how many others there are.

    With ``in_vain`` only those that found nothing at least once, the most often first.
    """
    grouped = _of(scope, col(LookedFor.words).label("words"), _TIMES, _IN_VAIN, _LAST).group_by(col(LookedFor.words))
    # The searches are added up once, and then both counted and put in order.
    added = (grouped.having(_IN_VAIN > 0) if in_vain else grouped).cte("added")
    often = added.c.times >= SHOWN_AFTER
    counts = select(func.count(), func.coalesce(func.sum(case((often, 1), else_=0)), 0)).select_from(added).subquery()
    page = select(added).where(often).order_by(*_order(added.c, in_vain)).limit(limit).offset(offset).subquery()
    both = select(counts, page).join_from(counts, page, true(), isouter=True).order_by(*_order(page.c, in_vain))
    rows = session.connection().execute(both).all()
    every, total = rows[0][:2]
    found = [Line(words, times, vain, f"{last:%Y-%m}") for _, _, words, times, vain, last in rows if words is not None]
    return found, total, every - total


def _order(columns: Any, in_vain: bool) -> tuple[Any, ...]:
    return ((columns.in_vain if in_vain else columns.times).desc(), columns.times.desc(), columns.words)


def months(session: Session, scope: Scope) -> list[Month]:
    """How many searches there were in each month, the latest first."""
    by_day = _of(scope, col(LookedFor.day), _TIMES, _IN_VAIN).group_by(col(LookedFor.day))
    found: dict[str, tuple[int, int]] = {}
    for day, times, in_vain in session.connection().execute(by_day):
        before = found.get(month := f"{day:%Y-%m}", (0, 0))
        found[month] = before[0] + times, before[1] + in_vain
    return [Month(month, *found[month]) for month in sorted(found, reverse=True)]


def first_month(session: Session) -> str:
    """The first month of which there are searches; "" if there are none at all."""
    first: date | None = session.connection().execute(select(func.min(LookedFor.day))).scalar_one()
    return f"{first:%Y-%m}" if first else ""


def organisations(session: Session) -> set[str]:
    """Those whose members have searched, "" among them for nobody's."""
    return set(session.connection().execute(select(LookedFor.organisation).distinct()).scalars())  # type: ignore[call-overload]


def _of(scope: Scope, *columns: Any) -> Select[Any]:
    found = select(*columns).where(col(LookedFor.day).between(scope.first, scope.last))
    if scope.organisations is not None:
        found = found.where(col(LookedFor.organisation).in_(sorted(scope.organisations)))
    return found
