"""Reminders of cycles that stand still: who has asked for them, and when it is time to look. Kept."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import Session, col, select

from app.accounts import links
from app.accounts.links import Purpose
from app.accounts.tables import Person, Reminder
from app.config import Settings
from app.database import now
from app.mail import outbox

# So far apart are the letters to one person, whatever they ask for in between.
APART = timedelta(days=7)
# The name of such a letter in the outbox.
LETTER = "reminder"
# How long the link in a letter, with which one wants no more of them, opens anything.
LINK_LASTS = timedelta(days=90)


def may_be_asked_for(person: Person, settings: Settings) -> bool:
    """Whether a person can get such letters: nobody reads the letter box of a demo account."""
    return settings.sends_letters and not person.demo


def wanted(session: Session, person_id: str) -> bool:
    """Whether a person has asked for reminders."""
    reminder = session.get(Reminder, person_id)
    return reminder is not None and reminder.ended_at is None


def ask_for(session: Session, person_id: str) -> None:
    """Let a person be reminded from now on."""
    reminder = session.get(Reminder, person_id) or Reminder(person_id=person_id)
    if reminder.ended_at is not None:
        reminder.since, reminder.ended_at = now(), None
    session.add(reminder)


def end(session: Session, person_id: str) -> None:
    """Remind a person no longer: no letter that waits is sent, and no link in an earlier one opens anything."""
    reminder = session.get(Reminder, person_id)
    if reminder is not None and reminder.ended_at is None:
        reminder.ended_at = now()
        session.add(reminder)
    outbox.withdraw(session, LETTER, person_id)
    links.end(session, Purpose.NO_REMINDERS, person_id)


def put_due(session: Session, settings: Settings, at: datetime) -> int:
    """Let a letter be written to everybody for whom it is time to look. Returns how many.

    That it was looked is noted in the same transaction: cut off, either both were done or none.
    """
    if not settings.sends_letters:
        return 0
    due = (col(Reminder.looked_at).is_(None)) | (col(Reminder.looked_at) <= at - APART)
    asked = select(Reminder, Person).join(Person).where(due, col(Reminder.ended_at).is_(None), col(Person.active))
    put = 0
    for reminder, person in session.exec(asked.order_by(Reminder.person_id)).all():
        if not outbox.put(session, LETTER, person.id, person.email):
            break
        reminder.looked_at = at
        session.add(reminder)
        put += 1
    return put


def forget_ended(session: Session) -> None:
    """Remove those that were ended so long ago that another letter may be sent at once."""
    gone = delete(Reminder).where(col(Reminder.ended_at) <= now() - APART)
    session.connection().execute(gone)
