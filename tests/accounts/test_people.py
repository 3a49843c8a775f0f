from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import Session

from app.accounts import belonging, demo, people
from app.accounts.tables import Person


def make(session: Session, **different: Any) -> Person:
    made = {"email": "ny@solna.test", "name": "Ny", "password_hash": "a hash", **different}
    return people.create_person(session, **made)


def test_an_address_is_the_same_in_capitals(session: Session) -> None:
    person = make(session, email=" Ny@Solna.TEST ")
    assert person.email == "ny@solna.test"
    assert people.find(session, "NY@solna.test") is person
    with pytest.raises(people.EmailTaken):
        make(session)


@pytest.mark.parametrize("wrong", [{"email": "ny"}, {"email": "a b@c.se"}, {"email": "a@b"}, {"name": " "}], ids=str)
def test_what_cannot_be_an_account_is_explained(session: Session, wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"[.]$"):
        make(session, **wrong)


def test_the_demo_accounts_are_made_once(session: Session) -> None:
    people.ensure_demo_accounts(session)
    people.ensure_demo_accounts(session)
    made = [person for person in people.everyone(session) if person.demo]
    assert len(made) == len(demo.ACCOUNTS)
    coordinating = [person.email for person in made if belonging.coordinated_by(session, person)]
    assert coordinating == ["knut@demo.example"]
