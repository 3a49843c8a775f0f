"""Invitations: made, sent again, taken back, accepted. Whether the address has an account is never looked up here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.accounts import belonging, links
from app.accounts.circles import Circle
from app.accounts.links import Purpose
from app.accounts.tables import Invitation, Membership, OrganisationRole, Person
from app.audit import Deed, note
from app.database import now
from app.mail import outbox

LASTS = timedelta(days=14)
# One that has expired can be sent again for so long.
KEPT_WHEN_EXPIRED = timedelta(days=30)
# The letter of an invitation, in the outbox.
LETTER = "invitation"


def invite(
    session: Session, circle: Circle, email: str, role: OrganisationRole, by: str | None, letter: bool
) -> Invitation:
    """Invite an address, or once more with another role. With ``letter`` it is told so."""
    found = session.exec(_to(circle).where(Invitation.email == email)).one_or_none()
    invitation = found or Invitation(email=email, role=role, title=circle.name, expires_at=now())
    invitation.organisation, invitation.network = ("", circle.key) if circle.is_network else (circle.key, "")
    invitation.role, invitation.title, invitation.by_person = role, circle.name, by
    session.add(invitation)
    session.flush()
    _send(session, invitation, letter)
    _note(session, Deed.INVITED, invitation)
    return invitation


def send(session: Session, invitation: Invitation, letter: bool) -> None:
    """Let the invitation last anew, with a new link: those that were sent before are dead."""
    _send(session, invitation, letter)
    _note(session, Deed.INVITED_AGAIN, invitation)


def _send(session: Session, invitation: Invitation, letter: bool) -> None:
    invitation.at, invitation.expires_at = now(), now() + LASTS
    session.add(invitation)
    links.end(session, Purpose.INVITATION, str(invitation.number))
    outbox.withdraw(session, LETTER, str(invitation.number))
    if letter:
        outbox.put(session, LETTER, str(invitation.number), invitation.email)


def way_to_accept(session: Session, invitation: Invitation) -> str:
    """Path and query of a link with which the invitation is accepted."""
    lasts = invitation.expires_at - now()
    return f"/inbjudan?kod={links.make(session, Purpose.INVITATION, str(invitation.number), lasts)}"


def opened_by(session: Session, word: str) -> Invitation | None:
    """The invitation that a link opens."""
    number = links.subject_of(session, Purpose.INVITATION, word)
    return session.get(Invitation, int(number)) if number else None


def accept(session: Session, invitation: Invitation, person: Person) -> None:
    """Let the person belong to what they are invited to. Who is more there already stays so."""
    if invitation.network:
        belonging.set_coordinator(session, person, invitation.network, coordinates=True)
    elif belonging.roles_of(session, person).get(invitation.organisation) != OrganisationRole.COORDINATOR:
        belonging.set_role(session, person, invitation.organisation, OrganisationRole(invitation.role))
    _note(session, Deed.INVITATION_ACCEPTED, invitation, person)
    _remove(session, invitation)


def withdraw(session: Session, invitation: Invitation) -> None:
    """Take an invitation back: its links are dead, and a letter that waits is not sent."""
    _note(session, Deed.INVITATION_WITHDRAWN, invitation)
    _remove(session, invitation)


def _note(session: Session, deed: Deed, invitation: Invitation, accepted_by: Person | None = None) -> None:
    """Tell of an invitation by its number: the address is that of somebody who may not have heard of us yet."""
    note(
        session,
        deed,
        accepted_by.id if accepted_by else None,
        person=accepted_by.id if accepted_by else "",
        organisation=invitation.organisation,
        network=invitation.network,
        thing=str(invitation.number),
        became=invitation.role,
    )


def _remove(session: Session, invitation: Invitation) -> None:
    links.end(session, Purpose.INVITATION, str(invitation.number))
    outbox.withdraw(session, LETTER, str(invitation.number))
    session.delete(invitation)


def listed(session: Session, circle: Circle) -> Sequence[Invitation]:
    """Those who are invited and have not answered, by address."""
    return session.exec(_to(circle).order_by(col(Invitation.email))).all()


def everywhere(session: Session) -> Sequence[Invitation]:
    """Every invitation that nobody has answered, the latest first."""
    return session.exec(select(Invitation).order_by(col(Invitation.at).desc())).all()


def is_member(session: Session, circle: Circle, email: str) -> bool:
    """Whether somebody with the address is in the organisation already, as its coordinators can see in their list."""
    present = (
        select(Membership.number)
        .join(Person)
        .where(Membership.organisation == circle.key, col(Membership.until).is_(None), Person.email == email)
    )
    return session.exec(present).first() is not None


def forget_expired(session: Session) -> None:
    """Remove the invitations that expired long ago."""
    long_ago = now() - KEPT_WHEN_EXPIRED
    session.connection().execute(delete(Invitation).where(col(Invitation.expires_at) < long_ago))


def forget_person(session: Session, person: Person) -> None:
    """Remove the invitations to a person's address, and those that the person has made."""
    about = (col(Invitation.email) == person.email) | (col(Invitation.by_person) == person.id)
    for invitation in session.exec(select(Invitation).where(about)).all():
        withdraw(session, invitation)


def _to(circle: Circle) -> SelectOfScalar[Invitation]:
    column = Invitation.network if circle.is_network else Invitation.organisation
    return select(Invitation).where(column == circle.key)
