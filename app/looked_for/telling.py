"""What is told of what people look for: words after three uses, and how many of those found nothing. No more of hits.

How many hits somebody had depends on what they may see: only whether there were any is told to others.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, case, func, select
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


_TIMES = func.sum(LookedFor.times)
_IN_VAIN = func.sum(case((col(LookedFor.hits) == 0, LookedFor.times), else_=0))
_MONTH = func.strftime("%Y-%m", LookedFor.day)


def lines(session: Session, scope: Scope, in_vain: bool, limit: int, offset: int = 0) -> tuple[list[Line], int, int]:
    """The words that were searched for often enough, how many there are in all, and how many others there are.

    With ``in_vain`` only those that found nothing at least once, the most often first.
    """
    grouped = _of(scope, LookedFor.words, _TIMES, _IN_VAIN, func.max(_MONTH)).group_by(col(LookedFor.words))
    grouped = grouped.having(_IN_VAIN > 0) if in_vain else grouped
    often = grouped.having(_TIMES >= SHOWN_AFTER)
    ordered = often.order_by((_IN_VAIN if in_vain else _TIMES).desc(), _TIMES.desc(), col(LookedFor.words))
    connection = session.connection()
    rows = connection.execute(ordered.limit(limit).offset(offset))
    found = [Line(row[0], row[1], row[2], row[3]) for row in rows]
    every, shown = (
        connection.execute(select(func.count()).select_from(one.subquery())).scalar_one() for one in (grouped, often)
    )
    return found, shown, every - shown


def months(session: Session, scope: Scope) -> list[Month]:
    """How many searches there were in each month, the latest first."""
    grouped = _of(scope, _MONTH, _TIMES, _IN_VAIN).group_by(_MONTH).order_by(_MONTH.desc())
    return [Month(row[0], row[1], row[2]) for row in session.connection().execute(grouped)]


def organisations(session: Session) -> set[str]:
    """Those whose members have searched, "" among them for nobody's."""
    return set(session.connection().execute(select(LookedFor.organisation).distinct()).scalars())  # type: ignore[call-overload]


def _of(scope: Scope, *columns: Any) -> Select[Any]:
    found = select(*columns).where(col(LookedFor.day).between(scope.first, scope.last))
    if scope.organisations is not None:
        found = found.where(col(LookedFor.organisation).in_(sorted(scope.organisations)))
    return found
