"""The letters of accounts: what they say, in plain Swedish, and the links in them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta
from enum import StrEnum

from sqlmodel import Session

from app.accounts import invitations, links, people, reminder_letter, reminders
from app.accounts.links import Purpose
from app.accounts.oidc.identities import may_use_password
from app.accounts.tables import Invitation, OrganisationRole, Person
from app.audit import Deed, note
from app.config import Settings
from app.database import now
from app.mail import outbox
from app.mail.message import Message
from app.mail.outbox import Letter
from app.web.text import day

# How long a link for a new password opens anything.
NEW_PASSWORD = timedelta(hours=1)
WAY_TO_NEW_PASSWORD = "/nytt-losenord"  # noqa: S105 -- an address

_WAY = """Hej {name}!

Någon, förmodligen du, vill välja ett nytt lösenord för ditt konto i Lärnät. Gör det här:

{link}

Länken fungerar en gång, och i en timme. Är det inte du som har bett om den behöver du inte göra
något: lösenordet är detsamma som förut, och ingen annan har fått länken.

{sign_off}
"""
_ELSEWHERE = """Hej {name}!

Någon, förmodligen du, vill välja ett nytt lösenord för ditt konto i Lärnät. Men du loggar in på ett
annat sätt, med ett konto som du har hos någon annan, och behöver inget lösenord här:

{link}

Är det inte du som har bett om det behöver du inte göra något.

{sign_off}
"""
_CHANGED = """Hej {name}!

Lösenordet till ditt konto i Lärnät är bytt, och du är utloggad på alla andra ställen.

Är det inte du som har gjort det? Välj genast ett nytt lösenord här, och säg till oss:

{link}

{sign_off}
"""
_INVITATION = """Hej!

{who} bjuder in dig till Lärnät, kommunernas gemensamma minne för bättre socialt arbete.
Där blir du {role} {place}.

Tacka ja här:

{link}

Länken fungerar en gång, till och med {last_day}. Du väljer själv namn och lösenord, eller loggar in
om du redan har ett konto. Vill du inte vara med behöver du inte göra något.

{sign_off}
"""
_ENDED = """Hej!

Ditt konto i Lärnät är avslutat. Namn, e-postadress, inloggningar och det du inte hade sparat är
borta. Det du har skrivit på sidorna är kvar, med roll och organisation i stället för ditt namn.
I säkerhetskopior finns uppgifterna kvar tills kopiorna tas bort.

Är det inte du som har bett om det? Hör av dig till oss. Det här är det sista brevet från Lärnät.

{sign_off}
"""


class Sort(StrEnum):
    """Which letter it is."""

    NEW_PASSWORD = "new-password"  # noqa: S105 -- a sort of letter
    PASSWORD_CHANGED = "password-changed"  # noqa: S105 -- a sort of letter
    INVITATION = invitations.LETTER
    ACCOUNT_ENDED = outbox.LAST_LETTER
    REMINDER = reminders.LETTER


# What they are called in the list of those that are not sent.
TITLES = {
    Sort.NEW_PASSWORD.value: "Länk för nytt lösenord",
    Sort.PASSWORD_CHANGED.value: "Besked om bytt lösenord",
    Sort.INVITATION.value: "Inbjudan",
    Sort.ACCOUNT_ENDED.value: "Besked om avslutat konto",
    Sort.REMINDER.value: "Påminnelse om cykler som står stilla",
}


def ask_for_new_password(session: Session, email: str) -> None:
    """Let whoever has the address get a link, if there is an account. Whether there is, the worker finds out."""
    outbox.put(session, Sort.NEW_PASSWORD, email, email)


def tell_of_new_password(session: Session, person: Person, settings: Settings) -> None:
    """Let a person know that somebody has changed their password."""
    if settings.sends_letters:
        outbox.put(session, Sort.PASSWORD_CHANGED, person.id, person.email)


def tell_of_ended_account(session: Session, about: str, email: str, settings: Settings) -> None:
    """Let somebody know that their account is no more. The letter is all that still has their address."""
    if settings.sends_letters:
        outbox.put(session, Sort.ACCOUNT_ENDED, about, email)


def ended_accounts_are_told_of(session: Session) -> bool:
    """Whether such a letter waits to be sent."""
    return bool(outbox.about(session, Sort.ACCOUNT_ENDED))


def writer(
    settings: Settings, within: Callable[[], AbstractContextManager[object]] = nullcontext
) -> Callable[[Session, Letter], Message | None]:
    """What writes the letters of a house. It raises KeyError for a sort that it does not know.

    ``within`` opens the application, for a letter that tells of what is in its library.
    """

    def reminder(session: Session, letter: Letter, settings: Settings) -> Message | None:
        with within():
            return reminder_letter.write(session, letter, settings, sign_off(settings))

    written = {
        Sort.NEW_PASSWORD: _new_password,
        Sort.PASSWORD_CHANGED: _password_changed,
        Sort.INVITATION: _invitation,
        Sort.ACCOUNT_ENDED: _account_ended,
        Sort.REMINDER: reminder,
    }
    return lambda session, letter: written[Sort(letter.sort)](session, letter, settings)


def _new_password(session: Session, letter: Letter, settings: Settings) -> Message | None:
    person = people.find(session, letter.about)
    if person is None or not people.may_sign_in(person, settings):
        return None
    if not may_use_password(session, person, settings):
        return _message(person, "Så loggar du in i Lärnät", _ELSEWHERE, "/logga-in", settings)
    return _message(person, "Nytt lösenord i Lärnät", _WAY, way_to_new_password(session, person), settings)


def way_to_new_password(session: Session, person: Person) -> str:
    """Path and query of a link with which the person chooses a new password."""
    note(session, Deed.PASSWORD_LINK_MADE, person=person.id)
    return f"{WAY_TO_NEW_PASSWORD}?kod={links.make(session, Purpose.PASSWORD, person.id, NEW_PASSWORD)}"


def _password_changed(session: Session, letter: Letter, settings: Settings) -> Message | None:
    person = session.get(Person, letter.about)
    if person is None:
        return None
    return _message(person, "Ditt lösenord i Lärnät är bytt", _CHANGED, "/glomt-losenord", settings)


def _invitation(session: Session, letter: Letter, settings: Settings) -> Message | None:
    invitation = session.get(Invitation, int(letter.about))
    inviter = session.get(Person, invitation.by_person) if invitation and invitation.by_person else None
    if invitation is None or invitation.expires_at <= now() or (inviter is not None and not inviter.active):
        return None
    text = _INVITATION.format(
        who=inviter.name if inviter else settings.operator or "Den som sköter Lärnät",
        role=OrganisationRole(invitation.role).swedish,
        place=f"för nätverket {invitation.title}" if invitation.network else f"i {invitation.title}",
        link=settings.public_address + invitations.way_to_accept(session, invitation),
        last_day=day(invitation.expires_at),
        sign_off=sign_off(settings),
    )
    return Message(invitation.email, f"Inbjudan till Lärnät: {invitation.title}", text)


def _account_ended(_session: Session, letter: Letter, settings: Settings) -> Message | None:
    return Message(letter.to_email, "Ditt konto i Lärnät är avslutat", _ENDED.format(sign_off=sign_off(settings)))


def _message(person: Person, subject: str, text: str, way: str, settings: Settings) -> Message:
    link = settings.public_address + way
    return Message(person.email, subject, text.format(name=person.name, link=link, sign_off=sign_off(settings)))


def sign_off(settings: Settings) -> str:
    """How every letter ends: who sends it, where, and whom to ask."""
    ways = [way for way in (settings.contact_email, settings.contact_phone) if way]
    lines = [f"Lärnät, {settings.public_address}", settings.operator, f"Frågor: {' eller '.join(ways)}" if ways else ""]
    return "\n".join(line for line in lines if line)
