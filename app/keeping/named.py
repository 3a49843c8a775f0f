"""When named people go by themselves: with their page when it has been gone for so long, and when their time is out."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, func, select

from app import contacts
from app.contacts import NamedPerson
from app.database import now
from app.history.revisions import UNDOABLE
from app.history.tables import Head, Revision, RevisionFile
from app.keeping.tables import Erasure


def forget_old(session: Session) -> int:
    """Forget those whose page nobody can bring back any longer, or whom nobody has confirmed; returns how many."""
    present = select(Head.document_id)
    lost = select(NamedPerson.document_id).where(col(NamedPerson.document_id).not_in(present)).distinct()
    gone = contacts.forget_of(session, [one for one in session.exec(lost) if _is_gone_for_good(session, one)])
    leave_nothing(session, "tiden är ute" if gone else "")
    return gone


def leave_nothing(session: Session, reason: str) -> None:
    """Let the worker sweep out what is left between the rows, where somebody's words have just been taken away."""
    if reason:
        session.add(Erasure(sort="named", reason=reason))


def _is_gone_for_good(session: Session, document_id: str) -> bool:
    last = select(func.max(Revision.at)).join(RevisionFile).where(RevisionFile.document_id == document_id)
    at: datetime | None = session.exec(last).one()
    return at is None or at < now() - UNDOABLE
