"""Passwords where somebody else signs people in: not for those people, and where it is said for nobody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlmodel import select

from app import create_app
from app.accounts import invitations, letters, links, people
from app.accounts.circles import ORGANISATION, Circle
from app.accounts.letters import Sort
from app.accounts.links import Purpose
from app.accounts.oidc import identities
from app.accounts.tables import Identity, OrganisationRole
from app.config import Settings
from app.mail import outbox
from app.mail.outbox import Letter
from tests.accounts.oidc.issuers import asked_in, issuer_at, way_in
from tests.accounts.oidc.ways import End
from tests.cast import COLLEAGUE, EDITOR, PASSWORD, READER, Browser, browser

ISSUER = issuer_at("https://login.example")
NEW = "ett alldeles nytt lösenord"


@pytest.fixture
def governed(settings: Settings) -> Iterator[Flask]:
    """A house in which Eva signs in at an issuer, since just now."""
    app = create_app(replace(settings, issuers=(ISSUER,)))
    app.extensions["archive"].reconcile()
    yield app
    app.extensions["databases"].close()


def look_after(app: Flask) -> str:
    """Let the issuer look after Eva; gives her id."""
    with app.extensions["databases"].kept() as session:
        eva = people.find(session, EDITOR.email)
        assert eva
        identities.add(session, ISSUER, "eva", eva)
        return eva.id


def test_a_password_that_somebody_had_does_not_let_them_in_any_longer(governed: Flask) -> None:
    assert browser(governed).sign_in(EDITOR).status_code == 303
    look_after(governed)
    stranger = browser(governed)
    answer = stranger.sign_in(EDITOR)
    assert answer.status_code == 422
    # The same words as for a wrong password: nobody learns who signs in elsewhere.
    assert "E-postadressen eller lösenordet stämmer inte." in answer.text
    assert browser(governed).sign_in(COLLEAGUE).status_code == 303


def test_no_link_gives_them_a_new_one(governed: Flask) -> None:
    with governed.extensions["databases"].kept() as session:
        eva = people.find(session, EDITOR.email)
        assert eva
        word = links.make(session, Purpose.PASSWORD, eva.id, letters.NEW_PASSWORD)
    stranger = browser(governed)
    assert stranger.get("/nytt-losenord", query_string={"kod": word}).status_code == 200
    look_after(governed)
    assert stranger.get("/nytt-losenord", query_string={"kod": word}).status_code == 410
    typed = {"kod": word, "new_password": NEW, "new_password_again": NEW}
    assert stranger.post("/nytt-losenord", data=typed).status_code == 410


def test_their_letter_tells_them_how_they_sign_in(governed: Flask) -> None:
    write = letters.writer(governed.extensions["settings"])
    asked = Letter(sort=Sort.NEW_PASSWORD, about=EDITOR.email, to_email=EDITOR.email)
    with governed.extensions["databases"].kept() as session:
        before = write(session, asked)
    look_after(governed)
    with governed.extensions["databases"].kept() as session:
        after = write(session, asked)
    assert before
    assert after
    assert "nytt-losenord" in before.body
    assert "nytt-losenord" not in after.body
    assert "loggar in på ett\nannat sätt" in after.body


def test_their_account_page_says_how_they_sign_in_and_asks_for_no_password(governed: Flask) -> None:
    eva = browser(governed, EDITOR)
    page = eva.get("/mitt-konto").text
    assert "Koppla ihop med Exempelkommunen" in page
    assert "Byt lösenord" in page
    look_after(governed)
    page = eva.get("/mitt-konto").text
    assert "Med Exempelkommunen, sedan" in page
    assert "Koppla ihop" not in page
    assert "Byt lösenord" not in page
    typed = {"password": PASSWORD, "new_password": NEW, "new_password_again": NEW}
    answer = eva.post("/mitt-konto/losenord", data=typed)
    assert (answer.status_code, "har inget lösenord här" in answer.text) == (422, True)


def test_where_passwords_are_off_nobody_uses_one(settings: Settings) -> None:
    app = create_app(replace(settings, issuers=(ISSUER,), passwords=False))
    app.extensions["archive"].reconcile()
    stranger = browser(app)
    page = stranger.get("/logga-in").text
    assert "Logga in med Exempelkommunen" in page
    assert "Lösenord" not in page
    assert stranger.sign_in(EDITOR).status_code == 422
    assert "Här finns inga lösenord" in stranger.get("/glomt-losenord").text
    assert "Här finns inga lösenord" in stranger.post("/glomt-losenord", data={"email": EDITOR.email}).text
    with app.extensions["databases"].kept() as session:
        assert not outbox.about(session, Sort.NEW_PASSWORD)
        circle = Circle(ORGANISATION, "solna", "solna", "Solna")
        made = invitations.invite(session, circle, "ny@solna.test", OrganisationRole.MEMBER, None, letter=False)
        way = invitations.way_to_accept(session, made)
    invited = stranger.get(way).text
    assert "Logga in och tacka ja" in invited
    assert "new_password" not in invited
    typed = {"kod": way.partition("=")[2], "name": "Ny", "new_password": NEW, "new_password_again": NEW}
    assert stranger.post("/inbjudan", data=typed).status_code == 422
    with app.extensions["databases"].kept_for_reading() as session:
        assert people.find(session, "ny@solna.test") is None
    app.extensions["databases"].close()


# ---- Connecting an account ----


def connect(end: End, client: Browser, password: str = PASSWORD) -> str | None:
    """Press the button on the account page, go there and come back; where one ends up, or None where it is refused."""
    answer = client.post("/mitt-konto/koppla/kommunen", data={"password": password})
    if answer.status_code != 200:
        return None
    asked = asked_in(way_in(answer.text))
    end.liar.nonce = asked["nonce"]
    return end.come_back(client, asked).location


def test_somebody_connects_their_account_and_signs_in_with_it_afterwards(end: End) -> None:
    end.liar.claims |= {"sub": "lo", "email": "lo@annan.test"}
    assert end.sign_in(end.browser()).status_code == 422
    lo = browser(end.app, READER)
    assert "Koppla ihop med Exempelkommunen" in lo.get("/mitt-konto").text
    assert connect(end, lo) == "/mitt-konto"
    assert "Nu loggar du in med Exempelkommunen." in lo.get("/mitt-konto").text
    again = end.browser()
    assert end.sign_in(again).status_code == 303
    assert READER.email in again.get("/mitt-konto").text


def test_connecting_asks_for_a_sign_in_and_once_more_for_the_password(end: End) -> None:
    assert end.browser().post("/mitt-konto/koppla/kommunen").status_code == 401
    lo = browser(end.app, READER)
    assert connect(end, lo, password="inte det lösenordet") is None
    assert "Inget är ihopkopplat" in lo.get("/mitt-konto").text
    assert lo.post("/mitt-konto/koppla/okand").status_code == 404


def test_somebody_elses_sign_in_is_not_connected_and_nobody_elses_account_is(end: End) -> None:
    end.sign_in(end.browser())
    lo, eva = browser(end.app, READER), browser(end.app, EDITOR)
    assert connect(end, lo) == "/mitt-konto"
    assert "hör till ett annat konto" in lo.get("/mitt-konto").text
    # Somebody else has signed in in the same browser meanwhile.
    end.liar.claims |= {"sub": "eva"}
    asked = asked_in(way_in(eva.post("/mitt-konto/koppla/kommunen", data={"password": PASSWORD}).text))
    end.liar.nonce = asked["nonce"]
    with eva.session_transaction() as session:
        word = session["departures"]
    eva.sign_in(COLLEAGUE)
    with eva.session_transaction() as session:
        session["departures"] = word
    assert end.come_back(eva, asked).location == "/mitt-konto"
    with end.database() as database:
        assert [identity.person_id for identity in database.exec(select(Identity)).all()] == [end.person().id]  # type: ignore[union-attr]
