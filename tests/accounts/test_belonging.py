"""Who belongs where, and since when."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from app.accounts import belonging, people
from app.accounts.tables import Coordination, Membership, OrganisationRole, Person
from app.database import now
from tests.cast import COORDINATOR, EDITOR, OUTSIDER, READER, Browser, Role, browser
from tests.house import House

KNUT = "00000000-0000-4000-8000-00000000000a"


def person_of(session: Session, role: Role) -> Person:
    person = people.find(session, role.email)
    assert person
    return person


def test_a_role_is_given_changed_and_taken_away(session: Session) -> None:
    person = person_of(session, READER)
    belonging.set_role(session, person, "solna", OrganisationRole.COORDINATOR)
    belonging.set_role(session, person, "habo", OrganisationRole.MEMBER)
    assert belonging.roles_of(session, person) == {"solna": "coordinator", "habo": "member"}
    belonging.set_role(session, person, "solna", None)
    belonging.set_role(session, person, "tranas", None)
    assert belonging.roles_of(session, person) == {"habo": "member"}


def test_one_can_see_when_somebody_belonged_and_came_back(session: Session) -> None:
    person = person_of(session, READER)
    belonging.set_role(session, person, "solna", None)
    belonging.set_role(session, person, "solna", OrganisationRole.COORDINATOR)
    present, past = belonging.memberships_of(session, person)
    assert (present.role, present.until) == ("coordinator", None)
    assert past.role == "member"
    assert past.since is not None
    assert past.until is not None
    assert past.since <= past.until <= now()
    assert present.since is not None
    assert now() - present.since < timedelta(minutes=1)


def test_nobody_belongs_twice_to_the_same_organisation(session: Session) -> None:
    person = person_of(session, READER)
    session.add(Membership(person_id=person.id, organisation="solna"))
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()


def test_who_is_moved_keeps_the_role_and_what_was_more(session: Session) -> None:
    coordinator, member = person_of(session, COORDINATOR), person_of(session, EDITOR)
    belonging.move(session, coordinator, "sundbyberg", "solna")
    assert belonging.roles_of(session, coordinator) == {"solna": "coordinator"}
    belonging.set_role(session, member, "solna", OrganisationRole.COORDINATOR)
    belonging.move(session, member, "sodertalje", "solna")
    assert belonging.roles_of(session, member) == {"solna": "coordinator"}
    with pytest.raises(ValueError, match="längre"):
        belonging.move(session, member, "sodertalje", "habo")


def test_the_members_of_an_organisation_are_those_of_today(session: Session) -> None:
    member = person_of(session, READER)
    belonging.set_role(session, member, "sodertalje", OrganisationRole.MEMBER)
    belonging.set_role(session, person_of(session, EDITOR), "sodertalje", None)
    names = [person.name for _, person in belonging.members_of(session, "sodertalje")]
    assert names == ["Kim Kollega", READER.name]


def test_a_network_has_coordinators_for_a_time(session: Session) -> None:
    person = person_of(session, COORDINATOR)
    for _ in range(2):
        belonging.set_coordinator(session, person, KNUT, coordinates=True)
    assert belonging.coordinated_by(session, person) == [KNUT]
    assert [found.name for _, found in belonging.coordinators_of(session, KNUT)] == [COORDINATOR.name]
    belonging.set_coordinator(session, person, KNUT, coordinates=False)
    assert belonging.coordinated_by(session, person) == []
    session.add_all(Coordination(person_id=person.id, network=KNUT) for _ in range(2))
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()


# ---- What it opens ----


def coordinate(app: Flask, role: Role, coordinates: bool = True) -> None:
    with app.extensions["databases"].kept() as session:
        belonging.set_coordinator(session, person_of(session, role), KNUT, coordinates)


@pytest.fixture
def shared(house: House) -> House:
    """A page that is for the network KNUT, of which Solna is a member."""
    house.write("networks", "knut", id=KNUT, members=[{"organisation": "solna"}])
    house.write("practices", "delad", visibility="network", networks=["knut"])
    house.look()
    return house


def test_the_coordinator_of_a_network_reads_what_the_network_reads(app: Flask, shared: House) -> None:
    outsider = browser(app, OUTSIDER)
    assert outsider.get("/arbetssatt/delad").status_code == 404
    coordinate(app, OUTSIDER)
    assert outsider.get("/arbetssatt/delad").status_code == 200
    assert "Delad" in outsider.get("/arbetssatt").text
    assert outsider.get("/arbetssatt/delad/andra").status_code == 403
    coordinate(app, OUTSIDER, coordinates=False)
    assert outsider.get("/arbetssatt/delad").status_code == 404


def test_a_network_that_moves_keeps_its_coordinator(app: Flask, shared: House) -> None:
    coordinate(app, OUTSIDER)
    (shared.home / "content/networks/knut.md").unlink()
    shared.write("networks", "natverket-knut", id=KNUT)
    shared.write("practices", "delad", visibility="network", networks=["natverket-knut"])
    shared.look()
    assert browser(app, OUTSIDER).get("/arbetssatt/delad").status_code == 200


def test_another_network_at_an_old_address_opens_nothing(app: Flask, shared: House) -> None:
    coordinate(app, OUTSIDER)
    shared.write("networks", "knut", id=KNUT.replace("a", "b"))
    shared.look()
    assert browser(app, OUTSIDER).get("/arbetssatt/delad").status_code == 404


def test_a_network_that_is_not_published_opens_nothing(app: Flask, shared: House) -> None:
    coordinate(app, OUTSIDER)
    shared.write("networks", "knut", id=KNUT, publication="draft")
    shared.look()
    assert browser(app, OUTSIDER).get("/arbetssatt/delad").status_code == 404


def test_who_leaves_an_organisation_loses_its_pages_at_once_and_what_they_wrote_stays(
    app: Flask, house: House, editor: Browser
) -> None:
    house.write("practices", "egen", publication="draft")
    house.look()
    form = editor.get("/arbetssatt/egen/andra").text
    assert form
    with app.extensions["databases"].kept() as session:
        belonging.set_role(session, person_of(session, EDITOR), "sodertalje", None)
    assert editor.get("/arbetssatt/egen").status_code == 404
    assert browser(app, READER).get("/arbetssatt/egen").status_code == 404
