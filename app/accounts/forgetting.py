"""What accounts keep for a time only. The worker calls this every hour."""

from __future__ import annotations

import time

from sqlmodel import Session

from app.accounts import invitations, links, reminders, sign_ins, tries
from app.accounts.oidc import departures
from app.accounts.sign_ins import Lifetime
from app.config import Settings
from app.mail import outbox


def forget_ended(session: Session, settings: Settings) -> None:
    """Remove sign-ins, departures, links, invitations and reminders that have ended, tries that count no longer, and
    letters that nobody waits for.
    """
    sign_ins.forget_ended(session, Lifetime.of(settings))
    departures.forget_expired(session)
    links.forget_expired(session)
    invitations.forget_expired(session)
    reminders.forget_ended(session)
    tries.forget_old(session, time.time())
    outbox.give_up_old(session)
