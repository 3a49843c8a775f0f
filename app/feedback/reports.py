"""The kept table of reports: what somebody has told of the site, and what has been done about it.

Who wrote is not kept, not even for those who are signed in; only what they wrote, and how they want to be answered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar

from sqlalchemy import delete
from sqlmodel import Field, Session, col, func, select

from app.accounts.tries import Limit, Tries
from app.audit import Deed
from app.audit import note as _tell
from app.database import Instant, Kept, now
from app.library.vocabulary import Words

# What is done is removed after so long. The page on personal data says so.
KEPT_WHEN_DONE = timedelta(days=180)
# In a quarter of an hour: from one address, behind which there may be a whole office, and from everywhere.
MOST_FROM_ONE, MOST_FROM_ALL = 10, 200
PAGE = 20


class Subject(Words):
    """What a report is about."""

    FAULT = "fault", "Något fungerar inte"
    BARRIER = "barrier", "Något är svårt eller omöjligt att använda för mig"
    FORMAT = "format", "Jag behöver något här i en form som jag kan använda"
    OTHER = "other", "Något annat"


class State(Words):
    """How far a report has come."""

    NEW = "new", "ny"
    DONE = "done", "åtgärdad"


SUBJECTS = {one.value: one for one in Subject}
STATES = {one.value: one for one in State}


class Report(Kept, table=True):
    """One report. ``token`` is its form's mark and opens its receipt; ``note`` is for administrators."""

    __table_args__: ClassVar[Any] = ({"sqlite_autoincrement": True},)  # a number is never given twice

    number: int | None = Field(default=None, primary_key=True)
    token: str = Field(unique=True)
    at: datetime = Field(default_factory=now, sa_type=Instant)
    subject: str
    text: str
    # The path of a page of this site, or empty.
    page: str = ""
    # Browser and aid, in the sender's words.
    tools: str = ""
    email_or_phone: str = ""
    state: str = State.NEW
    note: str = ""
    done_at: datetime | None = Field(default=None, sa_type=Instant)

    @property
    def seen(self) -> tuple[str, str]:
        """What an administrator may change, as it is now."""
        return self.state, self.note


@dataclass(frozen=True)
class Told:
    """What somebody has written in the form."""

    subject: str
    text: str
    page: str = ""
    tools: str = ""
    email_or_phone: str = ""


class Overtaken(Exception):
    """Somebody else has answered the report since it was opened."""


def file(session: Session, told: Told, token: str, address: str, tries: Tries) -> Report:
    """Keep a report; the same form sent twice is one. Raises TooManyTries where too many come from the address."""
    present = by_token(session, token)
    if present is not None:
        return present
    limits = {("report from", address): Limit(MOST_FROM_ONE), ("report", "anybody"): Limit(MOST_FROM_ALL)}
    tries.count(session, limits)
    report = Report(token=token, **asdict(told))
    session.add(report)
    session.flush()
    return report


def by_token(session: Session, token: str) -> Report | None:
    """The report that was sent with a form's mark."""
    return session.exec(select(Report).where(Report.token == token)).one_or_none()


def waiting(session: Session) -> int:
    """How many reports nobody has answered."""
    return session.exec(select(func.count()).select_from(Report).where(Report.state == State.NEW)).one()


def listed(session: Session, state: State, page: int) -> tuple[Sequence[Report], int]:
    """One page of the reports that have come so far, the newest first, and how many pages there are."""
    chosen = select(Report).where(Report.state == state)
    total = session.exec(select(func.count()).select_from(chosen.subquery())).one()
    newest_first = chosen.order_by(col(Report.number).desc()).offset((page - 1) * PAGE).limit(PAGE)
    return session.exec(newest_first).all(), max(1, -(-total // PAGE))


def answer(session: Session, number: int, state: State, note: str, seen: tuple[str, str]) -> Report | None:
    """Set how far a report has come, and the note; None where it is gone. Raises Overtaken if it is not as ``seen``."""
    report = session.get(Report, number)
    if report is None:
        return None
    if report.seen not in (seen, (state, note)):
        raise Overtaken
    if state != report.state:
        report.done_at = now() if state is State.DONE else None
    _tell(session, Deed.REPORT_ANSWERED, thing=str(number), was=report.state, became=str(state))
    report.state, report.note = state, note
    session.add(report)
    return report


def remove_old(session: Session) -> int:
    """Remove what was done long ago; returns how many."""
    long_done = col(Report.done_at) < now() - KEPT_WHEN_DONE
    return session.connection().execute(delete(Report).where(long_done)).rowcount
