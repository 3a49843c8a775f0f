"""Where people belong: their roles in organisations, and the networks they coordinate. Kept, with when it was so.

What has ended stays, so that one can see who belonged to an organisation when somebody wrote for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete
from sqlmodel import Session, col, select

from app.accounts.tables import Coordination, Membership, OrganisationRole, Person
from app.audit import Deed, note
from app.database import now

# After that nobody asks any longer who could read and write what.
KEPT_WHEN_ENDED = timedelta(days=730)


def set_role(session: Session, person: Person, organisation: str, role: OrganisationRole | None) -> None:
    """Give the person a role in an organisation, change it, or end it (None)."""
    before = _set_role(session, person, organisation, role)
    became = role.value if role else ""
    if became != before:
        changed = Deed.ROLE_CHANGED if role else Deed.MEMBERSHIP_ENDED
        deed = changed if before else Deed.MEMBERSHIP_BEGAN
        note(session, deed, person=person.id, organisation=organisation, was=before, became=became)


def _set_role(session: Session, person: Person, organisation: str, role: OrganisationRole | None) -> str:
    """Returns the role that the person had there; "" for none."""
    membership = _present(session, person, organisation)
    before = membership.role if membership else ""
    if role is None:
        if membership:
            membership.until = now()
            session.add(membership)
        return before
    membership = membership or Membership(person_id=person.id, organisation=organisation)
    membership.role = role.value
    session.add(membership)
    return before


def move(session: Session, person: Person, source: str, target: str) -> None:
    """Let the person leave one organisation for another, with the role that they had, unless they have more there.

    Raises ValueError, in Swedish, for somebody who does not belong to the first.
    """
    left = _present(session, person, source)
    if left is None:
        raise ValueError("Personen är inte med i organisationen längre.")
    role = OrganisationRole(left.role)
    there = roles_of(session, person).get(target)
    _set_role(session, person, source, None)
    if there != OrganisationRole.COORDINATOR:
        _set_role(session, person, target, role)
    note(session, Deed.MOVED, person=person.id, organisation=target, was=source, became=target)


def roles_of(session: Session, person: Person) -> dict[str, str]:
    """The person's present role in each organisation, by the organisation's slug."""
    found = session.exec(select(Membership).where(Membership.person_id == person.id, col(Membership.until).is_(None)))
    return {membership.organisation: membership.role for membership in found}


def memberships_of(session: Session, person: Person) -> Sequence[Membership]:
    """Every membership that the person has or had, the present ones first, then the latest."""
    mine = select(Membership).where(Membership.person_id == person.id)
    return session.exec(mine.order_by(col(Membership.until).desc().nulls_first(), col(Membership.organisation))).all()


def members_of(session: Session, organisation: str) -> Sequence[tuple[Membership, Person]]:
    """Those who belong to an organisation now, by name."""
    present = (
        select(Membership, Person)
        .join(Person)
        .where(Membership.organisation == organisation, col(Membership.until).is_(None))
    )
    return session.exec(present.order_by(col(Person.name))).all()


def set_coordinator(session: Session, person: Person, network: str, coordinates: bool) -> None:
    """Let the person coordinate a network, named by its document's id, or no longer."""
    found = session.exec(
        select(Coordination).where(
            Coordination.person_id == person.id, Coordination.network == network, col(Coordination.until).is_(None)
        )
    ).one_or_none()
    if coordinates and found is None:
        session.add(Coordination(person_id=person.id, network=network))
        note(session, Deed.COORDINATOR_APPOINTED, person=person.id, network=network)
    elif not coordinates and found is not None:
        found.until = now()
        session.add(found)
        note(session, Deed.COORDINATOR_ENDED, person=person.id, network=network)


def coordinated_by(session: Session, person: Person) -> list[str]:
    """The ids of the networks that the person coordinates now."""
    mine = select(Coordination.network).where(Coordination.person_id == person.id, col(Coordination.until).is_(None))
    return list(session.exec(mine.order_by(col(Coordination.since))))


def coordinators_of(session: Session, network: str) -> Sequence[tuple[Coordination, Person]]:
    """Those who coordinate a network now, by name."""
    present = (
        select(Coordination, Person)
        .join(Person)
        .where(Coordination.network == network, col(Coordination.until).is_(None))
    )
    return session.exec(present.order_by(col(Person.name))).all()


def forget_ended(session: Session) -> None:
    """Remove the memberships and coordinations that ended long ago."""
    long_ago = now() - KEPT_WHEN_ENDED
    for table in (Membership, Coordination):
        session.connection().execute(delete(table).where(col(table.until) < long_ago))


def _present(session: Session, person: Person, organisation: str) -> Membership | None:
    return session.exec(
        select(Membership).where(
            Membership.person_id == person.id,
            Membership.organisation == organisation,
            col(Membership.until).is_(None),
        )
    ).one_or_none()
