"""The chain: each row's digest covers the row and the digest before it, so that a row changed or taken out shows.

Whoever may write in the database file can make a whole chain anew. So its end is told elsewhere as well (in the log
every day, by ``larnat audit verify``, and in every backup): a chain without an end that was told is another one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, func, insert, text
from sqlmodel import Session, col, select

from app.audit.deeds import Deed
from app.audit.tables import KEPT_FOR, AuditRow
from app.database import now

BEGINNING = "0" * 64
COVERED = (
    *("number", "at", "deed", "outcome", "by", "by_person", "person", "document", "organisation", "network"),
    *("thing", "was", "became", "times", "origin"),
)
# The database's clock shows whole seconds.
SPARE = timedelta(minutes=1)
# So many rows are read at once.
AT_ONCE = 2000
# Made once: to put a query together costs more than to run it.
_TABLE: Any = AuditRow.__table__  # type: ignore[attr-defined]
_LAST = select(_TABLE.c.number, _TABLE.c.digest).order_by(_TABLE.c.number.desc()).limit(1)
_ADD = insert(AuditRow)


@dataclass(frozen=True)
class End:
    """A row and its digest: what has to be known elsewhere to see that everything up to it is unchanged."""

    number: int
    digest: str

    def __str__(self) -> str:
        return f"{self.number}:{self.digest}"

    @classmethod
    def read(cls, told: str) -> End:
        """Raises ValueError for what is no end of a chain."""
        number, _, digest = told.strip().partition(":")
        if len(digest) != len(BEGINNING) or set(digest) - set("0123456789abcdef"):
            raise ValueError(told)
        return cls(int(number), digest)


@dataclass(frozen=True)
class Verified:
    """What was found: how many rows there are, where they end, and what is wrong with them."""

    rows: int
    end: End
    faults: tuple[str, ...] = ()


def digest_of(before: str, row: Mapping[str, Any]) -> str:
    """The digest of a row that comes after the one with the digest ``before``."""
    told = [before, *(row[name].isoformat() if name == "at" else row[name] for name in COVERED)]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def add(session: Session, row: Mapping[str, Any]) -> None:
    """Add a row to the end. The session must be one that writes: then nobody else can add at the same time."""
    connection = session.connection()
    last = connection.execute(_LAST).first()
    number, before = (last[0] + 1, last[1]) if last else (1, BEGINNING)
    made = {**row, "number": number, "at": now()}
    connection.execute(_ADD, {**made, "digest": digest_of(before, made)})


def end_of(session: Session) -> End:
    """Where the chain ends now."""
    last = session.connection().execute(_LAST).first()
    return End(last[0], last[1]) if last else End(0, BEGINNING)


def verify(session: Session, told: End | None = None) -> Verified:
    """Go through the whole chain; with ``told`` also see whether it holds an end that was told before."""
    end, rows = _forgotten_until(session), 0
    faults: list[str] = []
    if told and told.number == end.number and told.digest != end.digest:
        faults.append(_other(told))
    for row in _all(session):
        rows += 1
        if row["number"] != end.number + 1:
            faults.append(f"raderna {end.number + 1}–{row['number'] - 1} saknas")
        elif digest_of(end.digest, row) != row["digest"]:
            faults.append(f"rad {row['number']} eller raden före är ändrad")
        end = End(row["number"], row["digest"])
        if told and told.number == end.number and told.digest != end.digest:
            faults.append(_other(told))
    given = session.connection().execute(text("SELECT seq FROM sqlite_sequence WHERE name = 'audit_row'")).scalar() or 0
    if max(given, told.number if told else 0) > end.number:
        faults.append(f"raderna efter {end.number} saknas")
    return Verified(rows, end, tuple(faults))


def forget_old(session: Session) -> int:
    """Remove the rows that are past their time, and tell in the chain where it begins from now on. Returns how many."""
    limit = now() - KEPT_FOR - SPARE
    first_kept = session.exec(select(func.min(AuditRow.number)).where(col(AuditRow.at) >= limit)).one()
    old = select(_TABLE.c.number, _TABLE.c.digest).order_by(_TABLE.c.number.desc()).limit(1)
    if first_kept is not None:
        old = old.where(_TABLE.c.number < first_kept)
    last = session.connection().execute(old).first()
    if last is None:
        return 0
    gone = End(last[0], last[1])
    add(session, row_of(Deed.AUDIT_FORGOTTEN, "worker", became=str(gone)))
    return session.connection().execute(delete(AuditRow).where(col(AuditRow.number) <= gone.number)).rowcount


def row_of(deed: Deed, by: str, **said: Any) -> dict[str, Any]:
    """A row as it is added, with what is not said left empty."""
    empty: dict[str, Any] = dict.fromkeys(COVERED, "")
    return {**empty, "times": 1, "deed": deed.value, "outcome": deed.outcome.value, "by": by, **said}


def _forgotten_until(session: Session) -> End:
    """The last row that was removed when its time was out, as the chain itself tells."""
    newest = select(AuditRow.became).where(AuditRow.deed == Deed.AUDIT_FORGOTTEN.value)
    told = session.exec(newest.order_by(col(AuditRow.number).desc()).limit(1)).first()
    try:
        return End.read(told) if told else End(0, BEGINNING)
    except ValueError:
        return End(0, BEGINNING)


def _all(session: Session) -> Iterator[Mapping[str, Any]]:
    after = 0
    while True:
        part = select(_TABLE).where(_TABLE.c.number > after).order_by(_TABLE.c.number).limit(AT_ONCE)
        rows = [dict(row) for row in session.connection().execute(part).mappings()]
        yield from rows
        if len(rows) < AT_ONCE:
            return
        after = rows[-1]["number"]


def _other(told: End) -> str:
    return f"rad {told.number} är inte densamma som förut"
