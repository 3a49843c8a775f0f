"""When named people go by themselves: with their page when it has been gone for so long, and when their time is out."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, func, select

from app import contacts
from app.contacts import NamedPerson
from app.database import now
from app.history.revisions import UNDOABLE
from app.history.tables import Head, Revision, RevisionFile


def forget_old(session: Session) -> int:
    """Forget those whose page nobody can bring back any longer, or whom nobody has confirmed; returns how many."""
    present = select(Head.document_id)
    lost = select(NamedPerson.document_id).where(col(NamedPerson.document_id).not_in(present)).distinct()
    return contacts.forget_of(session, [one for one in session.exec(lost) if _is_gone_for_good(session, one)])


def _is_gone_for_good(session: Session, document_id: str) -> bool:
    last = select(func.max(Revision.at)).join(RevisionFile).where(RevisionFile.document_id == document_id)
    at: datetime | None = session.exec(last).one()
    return at is None or at < now() - UNDOABLE
