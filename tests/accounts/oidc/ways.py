"""Going to an issuer that may lie, and coming back, with a test client; and what has come of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlmodel import Session, col, delete, select
from werkzeug.test import TestResponse

from app.accounts import belonging, people, sign_ins
from app.accounts.oidc.asking import Reach, Reaches
from app.accounts.tables import Departure, Identity, Membership, Person, SignIn
from app.accounts.tries import SignInTry
from app.config import Issuer
from tests.accounts.oidc.issuers import Liar, asked_in, way_in
from tests.cast import Browser, browser

BACK = "/logga-in/hos/kommunen/svar"


@dataclass
class End:
    app: Flask
    liar: Liar

    def browser(self) -> Browser:
        return browser(self.app)

    @property
    def reaches(self) -> Reaches:
        found: Reaches = self.app.extensions["issuers"]
        return found

    @property
    def reach(self) -> Reach:
        return self.reaches["kommunen"]

    def is_told(self, **different: Any) -> None:
        """Let the settings of the issuer be others for this test."""
        self.reach.issuer = self.reach.issuer.model_copy(update=different)

    def forget_what_is_remembered(self) -> None:
        """Let the site know nothing of the issuer, as when it has just begun."""
        fresh = Reaches(self.app.extensions["settings"])
        self.app.extensions["issuers"] = fresh

    def leave(self, client: Browser, **typed: Any) -> dict[str, str]:
        """Press the button; gives what the issuer is asked."""
        answer = client.post("/logga-in/hos/kommunen", data=typed)
        assert answer.status_code == 200, answer.text
        asked = asked_in(way_in(answer.text))
        self.liar.nonce = asked["nonce"]
        return asked

    def come_back(self, client: Browser, asked: dict[str, str], **answer: str) -> TestResponse:
        """What the site answers when the browser brings the issuer's answer."""
        told = {"code": "a code", "state": asked["state"], **answer}
        return client.get(BACK, query_string={name: value for name, value in told.items() if value})

    def sign_in(self, client: Browser, **typed: Any) -> TestResponse:
        return self.come_back(client, self.leave(client, **typed))

    def database(self) -> Session:
        session: Session = Session(self.app.extensions["databases"].kept_engine, expire_on_commit=False)
        return session

    def person(self, email: str = "anna@sodertalje.test") -> Person | None:
        with self.database() as session:
            return people.find(session, email)

    def roles(self, email: str = "anna@sodertalje.test") -> dict[str, str] | None:
        with self.database() as session:
            person = people.find(session, email)
            return belonging.roles_of(session, person) if person else None

    def nobody_came_in(self, client: Browser) -> bool:
        """Whether nobody is signed in, and nobody has got an account or an identity."""
        with self.database() as session:
            known = [session.exec(select(table)).first() for table in (Identity, SignIn)]
        return known == [None, None] and self.person() is None and client.get("/mitt-konto").status_code == 401


def forget_everybody_new(app: Flask) -> None:
    """Let nobody have been here: what tests that share a site leave behind for the next one."""
    with app.extensions["databases"].kept() as session:
        for identity in session.exec(select(Identity)).all():
            session.delete(identity)
        for table in (SignIn, Departure, SignInTry):
            session.connection().execute(delete(table))
        new = session.exec(select(Person).where(col(Person.password_hash).is_(None))).all()
        for person in new:
            session.connection().execute(delete(Membership).where(col(Membership.person_id) == person.id))
            session.delete(person)


def issuer_of(end: End) -> Issuer:
    return end.reach.issuer


__all__ = ["BACK", "End", "forget_everybody_new", "sign_ins"]
