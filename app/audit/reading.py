"""Reading the audit log: some of it, the newest first, or all of it in its order."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlmodel import Session, col

from app.audit.chain import COVERED
from app.audit.deeds import Deed, Sort
from app.audit.tables import AuditRow

PAGE = 50
# So many rows are read at once where all of them are.
AT_ONCE = 1000
COLUMNS = (*COVERED, "digest")
_TABLE: Any = AuditRow.__table__  # type: ignore[attr-defined]

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Asked:
    """Which rows: from a moment until another, of some deeds, by or about some ids. None: whichever."""

    since: datetime | None = None
    until: datetime | None = None
    deeds: frozenset[str] | None = None
    actor: str = ""
    persons: frozenset[str] | None = None
    about: frozenset[str] | None = None
    origin: str = ""

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        """The same for the database."""
        if self.since is not None:
            yield col(AuditRow.at) >= self.since
        if self.until is not None:
            yield col(AuditRow.at) < self.until
        if self.deeds is not None:
            yield col(AuditRow.deed).in_(self.deeds)
        if self.actor:
            yield col(AuditRow.by) == self.actor
        if self.persons is not None:
            yield or_(col(AuditRow.by_person).in_(self.persons), col(AuditRow.person).in_(self.persons))
        if self.about is not None:
            columns = (AuditRow.document, AuditRow.organisation, AuditRow.network, AuditRow.was, AuditRow.became)
            yield or_(*(col(column).in_(self.about) for column in columns))
        if self.origin:
            yield col(AuditRow.origin) == self.origin


def deeds_of(word: str) -> frozenset[str] | None:
    """The deeds that a word of the list stands for: one, or all of a sort. Raises LookupError for any other."""
    if not word:
        return None
    named = {one.value: frozenset((one.value,)) for one in Deed}
    named |= {sort.value: frozenset(one.value for one in Deed if one.sort is sort) for sort in Sort}
    return named[word]


def page_of(session: Session, asked: Asked, number: int) -> tuple[Sequence[Row], int, int]:
    """One page of rows, the newest first; how many rows there are, and how many pages."""
    counted = select(func.count()).select_from(_TABLE).where(*asked.conditions())
    total = session.connection().execute(counted).scalar_one()
    newest_first = _chosen(asked).order_by(_TABLE.c.number.desc()).offset((number - 1) * PAGE).limit(PAGE)
    rows = [dict(row) for row in session.connection().execute(newest_first).mappings()]
    return rows, total, max(1, -(-total // PAGE))


def in_order(session: Session, asked: Asked) -> Iterator[Row]:
    """Every row, the oldest first; a part at a time, so that a long log fills no memory."""
    after = 0
    while True:
        part = _chosen(asked).where(_TABLE.c.number > after).order_by(_TABLE.c.number).limit(AT_ONCE)
        rows = [dict(row) for row in session.connection().execute(part).mappings()]
        yield from rows
        if len(rows) < AT_ONCE:
            return
        after = rows[-1]["number"]


def as_json(row: Row) -> bytes:
    """A row on a line of its own, with all that its digest covers, so that the chain can be checked elsewhere."""
    said = {name: row[name].isoformat() if name == "at" else row[name] for name in COLUMNS}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _chosen(asked: Asked) -> Select[Any]:
    return select(_TABLE).where(*asked.conditions())
