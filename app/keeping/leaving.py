"""What it means that somebody's account ends: what goes, what stays, and what they should do first."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select

from app.accounts import belonging
from app.accounts.tables import OrganisationRole, Person
from app.history.tables import Revision, WorkingCopy
from app.keeping.erasing import is_last_admin
from app.library.document import BrokenDocument, Document, NotFound
from app.library.shelf import Library
from app.library.visibility import Viewer, may_see


@dataclass(frozen=True)
class Leaving:
    """What an account leaves behind.

    ``alone_in`` are the organisations (their slugs) and ``alone_for`` the networks (their documents' ids) that nobody
    else coordinates.
    """

    person: Person
    is_last_admin: bool
    alone_in: tuple[str, ...]
    alone_for: tuple[str, ...]
    revisions: int
    half_written: int

    @property
    def is_missed(self) -> bool:
        """Whether something would stand without a coordinator."""
        return bool(self.alone_in or self.alone_for)


def leaving(session: Session, person: Person) -> Leaving:
    """What the person would leave behind now."""
    coordinated = [
        slug for slug, role in belonging.roles_of(session, person).items() if role == OrganisationRole.COORDINATOR
    ]
    return Leaving(
        person,
        is_last_admin(session, person),
        tuple(slug for slug in sorted(coordinated) if not _has_another(session, person, slug)),
        tuple(one for one in belonging.coordinated_by(session, person) if not _has_another_for(session, person, one)),
        _count(session, col(Revision.author_person) == person.id),
        _count(session, col(WorkingCopy.person) == person.id),
    )


def pages_among(library: Library, paths: Collection[str], viewer: Viewer) -> list[Document]:
    """The documents at some paths that the viewer may read, by title."""
    found = []
    for path in paths:
        try:
            document = library.read(path)
        except (BrokenDocument, NotFound, ValueError):
            continue
        if may_see(viewer, document.front_matter):
            found.append(document)
    return sorted(found, key=lambda document: document.title)


def _has_another(session: Session, person: Person, organisation: str) -> bool:
    return any(
        membership.role == OrganisationRole.COORDINATOR and one.id != person.id and one.active
        for membership, one in belonging.members_of(session, organisation)
    )


def _has_another_for(session: Session, person: Person, network: str) -> bool:
    return any(one.id != person.id and one.active for _, one in belonging.coordinators_of(session, network))


def _count(session: Session, wanted: ColumnElement[bool]) -> int:
    return session.exec(select(func.count()).where(wanted)).one()
