"""A new password by e-mail: for who has the letter, once and for a time, and nobody learns who has an account."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, update
from sqlmodel import select

from app import create_app
from app.accounts import people
from app.accounts.letters import NEW_PASSWORD
from app.accounts.resetting import MOST_FROM_ONE, MOST_TO_ONE
from app.accounts.tables import OneTimeLink
from app.config import Settings
from app.database import now
from app.mail import outbox
from app.mail.delivering import Deliveries
from app.mail.outbox import Letter
from tests.cast import COLLEAGUE, EDITOR, Browser, browser
from tests.mail.post_office import PostOffice, opened, sending

NEW = "ett helt nytt lösenord"
NOBODY = "ingen@solna.test"


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with opened() as office:
        yield office


@pytest.fixture
def app(settings: Settings, office: PostOffice) -> Iterator[Flask]:
    """A house that sends letters."""
    app = create_app(replace(sending(settings, office.port), contact_email="hjalp@kommunen.test"))
    app.extensions["archive"].reconcile()
    yield app
    app.extensions["databases"].close()


def deliver(app: Flask) -> None:
    parts = app.extensions
    Deliveries(parts["settings"], parts["databases"], parts["write_letter"]).deliver()


def ask(client: Browser, email: str = EDITOR.email, **more: Any) -> int:
    return client.post("/glomt-losenord", data={"email": email}, **more).status_code


def link_in(text: str) -> str:
    found = re.search(r"https://larnat\.test(/nytt-losenord\?kod=[\w-]+)", text)
    assert found, text
    return found[1]


@pytest.fixture
def link(app: Flask, office: PostOffice, anyone: Browser) -> str:
    """The way that Eva has got by e-mail."""
    ask(anyone)
    deliver(app)
    return link_in(office.texts[0])


def choose(client: Browser, link: str, new: str = NEW, again: str | None = None) -> Any:
    word = link.partition("kod=")[2]
    return client.post("/nytt-losenord", data={"kod": word, "new_password": new, "new_password_again": again or new})


def test_who_has_lost_the_password_chooses_a_new_one_by_letter(
    app: Flask, office: PostOffice, editor: Browser, link: str
) -> None:
    letter = office.received[0]
    assert letter["To"] == EDITOR.email
    assert EDITOR.name in office.texts[0]
    assert "hjalp@kommunen.test" in office.texts[0]
    mine = browser(app)
    page = mine.get(link)
    assert EDITOR.email in page.text
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-store"
    answer = choose(mine, link)
    assert (answer.status_code, answer.location) == (303, "/logga-in")
    assert editor.get("/mitt-konto").status_code == 401, "whoever was signed in is not any longer"
    assert browser(app).sign_in(EDITOR).status_code == 422
    assert mine.sign_in(EDITOR, NEW).status_code == 303


def test_the_person_is_told_that_the_password_was_changed(
    app: Flask, office: PostOffice, link: str, colleague: Browser
) -> None:
    choose(browser(app), link)
    fields = {"password": "en lång mening att minnas", "new_password": NEW, "new_password_again": NEW}
    assert colleague.post("/mitt-konto/losenord", data=fields).status_code == 303
    deliver(app)
    told = [(mail["To"], mail["Subject"]) for mail in office.received[1:]]
    assert told == [(role.email, "Ditt lösenord i Lärnät är bytt") for role in (EDITOR, COLLEAGUE)]
    assert NEW not in "".join(office.texts)


# ---- Nobody learns who has an account ----


@pytest.fixture
def asked(app: Flask) -> Iterator[list[str]]:
    """What the kept database is asked, without what it is asked about."""
    statements: list[str] = []
    engine = app.extensions["databases"].kept_engine

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


def test_the_same_is_done_and_answered_whether_there_is_an_account_or_not(app: Flask, asked: list[str]) -> None:
    seen = []
    for email in (EDITOR.email, NOBODY):
        asked.clear()
        client = browser(app)
        answer = client.post("/glomt-losenord", data={"email": email})
        page = client.get(answer.location).text
        seen.append((answer.status_code, answer.location, page, list(asked)))
    assert seen[0] == seen[1]
    assert not any(re.search(r"(FROM|JOIN) person\b", statement) for statement in seen[0][3]), (
        "who has an account is not even looked up"
    )


def test_nobody_gets_a_letter_where_there_is_no_open_account(app: Flask, office: PostOffice, anyone: Browser) -> None:
    with app.extensions["databases"].kept() as session:
        person = people.find(session, COLLEAGUE.email)
        assert person
        people.set_active(session, person, active=False)
        people.ensure_demo_accounts(session)
    for email in (NOBODY, COLLEAGUE.email, "sodertalje@demo.example"):
        assert ask(anyone, email) == 303
    deliver(app)
    assert office.received == []
    with app.extensions["databases"].kept_for_reading() as session:
        assert list(outbox.listed(session)) == []
        assert session.exec(select(OneTimeLink)).all() == []


# ---- Once, and for a time ----


def test_a_link_works_once_and_so_do_all_that_were_sent(
    app: Flask, office: PostOffice, anyone: Browser, link: str
) -> None:
    ask(anyone)
    deliver(app)
    other = link_in(office.texts[1])
    assert other != link
    assert browser(app).get(link).status_code == 200, "to open it does not use it up"
    assert choose(browser(app), link).status_code == 303
    for used in (link, other):
        assert browser(app).get(used).status_code == 410
        assert choose(browser(app), used, "ännu ett annat lösenord").status_code == 410
    assert browser(app).sign_in(EDITOR, NEW).status_code == 303


def test_a_link_expires(app: Flask, link: str) -> None:
    with app.extensions["databases"].kept() as session:
        expires = session.exec(select(OneTimeLink.expires_at)).one()
        assert timedelta(0) < expires - now() <= NEW_PASSWORD
        session.connection().execute(update(OneTimeLink).values(expires_at=now()))
    assert browser(app).get(link).status_code == 410
    assert choose(browser(app), link).status_code == 410


def test_a_link_is_dead_when_the_account_is_closed(app: Flask, link: str) -> None:
    with app.extensions["databases"].kept() as session:
        person = people.find(session, EDITOR.email)
        assert person
        people.set_active(session, person, active=False)
    assert browser(app).get(link).status_code == 410
    assert choose(browser(app), link).status_code == 410


@pytest.mark.parametrize("word", ["", "x", "x" * 7_000, "%00", "å"])
def test_a_made_up_link_opens_nothing(app: Flask, word: str) -> None:
    assert browser(app).get(f"/nytt-losenord?kod={word}").status_code == 410
    assert choose(browser(app), f"?kod={word}").status_code == 410


def test_the_word_in_the_link_is_nowhere_on_the_disk(app: Flask, link: str) -> None:
    app.extensions["databases"].close()
    word = link.partition("kod=")[2].encode()
    files = [file for file in app.extensions["settings"].var.rglob("*") if file.is_file()]
    assert files
    assert [file for file in files if word in file.read_bytes()] == []


# ---- What can go wrong ----


@pytest.mark.parametrize(
    ("new", "again", "words"),
    [("kort", None, "minst"), (NEW, f"{NEW}x", "inte lika"), ("Eva Editor i Södertälje", None, "lätt att gissa")],
)
def test_an_unfit_password_is_explained_and_the_link_still_works(
    app: Flask, link: str, new: str, again: str | None, words: str
) -> None:
    answer = choose(browser(app), link, new, again)
    assert answer.status_code == 422
    assert words in answer.text
    assert new not in answer.text
    assert choose(browser(app), link).status_code == 303


@pytest.mark.parametrize("email", ["", "anna", "a b@c.se", "anna@solna.test\nBcc: bo@habo.test", "x" * 300 + "@b.se"])
def test_what_is_no_address_is_said_and_no_letter_is_put(app: Flask, anyone: Browser, email: str) -> None:
    assert ask(anyone, email) == 422
    with app.extensions["databases"].kept_for_reading() as session:
        assert session.exec(select(Letter)).all() == []


def test_nobodys_letter_box_is_filled_and_who_asks_for_very_many_waits(
    app: Flask, office: PostOffice, anyone: Browser
) -> None:
    for _ in range(MOST_TO_ONE + 2):
        assert ask(anyone) == 303, "nobody is told, or they would learn that somebody else has asked"
        deliver(app)
    assert len(office.received) == MOST_TO_ONE
    statuses = [ask(anyone, f"{number}@solna.test") for number in range(MOST_FROM_ONE)]
    assert statuses[-1] == 429
    assert ask(anyone, environ_base={"REMOTE_ADDR": "198.51.100.1"}) == 303


def test_without_a_server_one_is_told_whom_to_ask_and_nothing_is_put(settings: Settings) -> None:
    app = create_app(replace(settings, contact_email="hjalp@kommunen.test"))
    client = browser(app)
    assert "hjalp@kommunen.test" in client.get("/glomt-losenord").text
    assert ask(client) == 200
    with app.extensions["databases"].kept_for_reading() as session:
        assert session.exec(select(Letter)).all() == []
    app.extensions["databases"].close()


@pytest.mark.parametrize("path", ["/glomt-losenord", "/nytt-losenord"])
def test_a_form_without_its_token_is_refused(app: Flask, anyone: Browser, path: str) -> None:
    assert anyone.post(path, data={"email": EDITOR.email, "kod": "x"}, token=False).status_code == 400


def test_a_link_lets_its_owner_in_however_many_have_guessed(app: Flask, link: str) -> None:
    settings = app.extensions["settings"]
    for number in range(settings.sign_in_tries * 10):
        data = {"email": EDITOR.email, "password": "fel"}
        browser(app).post("/logga-in", data=data, environ_base={"REMOTE_ADDR": f"10.0.{number}.1"})
    assert browser(app).sign_in(EDITOR).status_code == 429
    mine = browser(app)
    assert choose(mine, link).status_code == 303
    assert mine.sign_in(EDITOR, NEW).status_code == 303
