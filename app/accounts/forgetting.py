"""What accounts keep for a time only. The worker calls this every hour."""

from __future__ import annotations

import time

from sqlmodel import Session

from app.accounts import sign_ins, tries
from app.accounts.sign_ins import Lifetime
from app.config import Settings


def forget_ended(session: Session, settings: Settings) -> None:
    """Remove the sign-ins that have ended and the tries that count no longer."""
    sign_ins.forget_ended(session, Lifetime.of(settings))
    tries.forget_old(session, time.time())
