"""Letters about cycles that stand still: for who has asked, once a week, of what they may see when it is written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlmodel import Session, select

from app import create_app
from app.accounts import belonging, people, reminder_letter, reminders
from app.accounts.signing_in import viewer_of
from app.accounts.tables import OneTimeLink, OrganisationRole, Person, Reminder
from app.config import Settings
from app.database import Databases, now
from app.index import IndexNotReady
from app.mail import delivering, outbox
from app.mail.delivering import Deliveries
from app.mail.message import Message, composed
from app.mail.outbox import Letter
from app.mail.server import Unreachable, hand_over
from app.web.text import today
from app.work.worker import Worker
from tests.cast import COLLEAGUE, EDITOR, OUTSIDER, READER, Browser, Role, browser
from tests.house import House
from tests.kinds.pressing import buttons_on, followed, press
from tests.mail.post_office import PostOffice, opened, sending
from tests.seeing import see

PAGE, STOP = "/mitt-konto", "/paminnelser/sluta"
ASK, END = "Påminn mig", "Sluta påminna mig"
WEEK = timedelta(days=7)
A_MOMENT = timedelta(minutes=1)
SECRET = "Det som står i cykeln är inget för ett brev."


def days_ago(days: int) -> str:
    return (today() - timedelta(days=days)).isoformat()


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with opened() as office:
        yield office


@pytest.fixture
def app(settings: Settings, office: PostOffice) -> Iterator[Flask]:
    """A house that sends letters."""
    app = create_app(sending(settings, office.port))
    yield app
    app.extensions["databases"].close()


@pytest.fixture
def house(app: Flask, settings: Settings) -> House:
    """A house with a cycle of Södertälje's that has stood still for long, and one that moves."""
    house = House(app, settings.home)
    house.write("projects", "mote", title="Snabbare möte")
    still(house, "mote/01-remiss", title="Remiss")
    still(house, "mote/02-rorlig", title="Rörlig", started=days_ago(1))
    house.look()
    return house


def still(house: House, slug: str, **more: Any) -> None:
    said = {"status": "doing", "started": days_ago(300), "prediction": {"text": SECRET}, "question": SECRET}
    house.write("cycles", slug, f"## Vad vi gjorde\n\n{SECRET}\n", **{**said, **more})


def ask(app: Flask, role: Role = EDITOR) -> None:
    client = browser(app, role)
    followed(client, press(client, PAGE, ASK))


def person(session: Session, role: Role = EDITOR) -> Person:
    found = people.find(session, role.email)
    assert found
    return found


def look(app: Flask, at: datetime | None = None) -> int:
    """What the worker does every hour."""
    with app.extensions["databases"].kept() as session:
        return reminders.put_due(session, app.extensions["settings"], at or now())


def deliver(app: Flask) -> None:
    parts = app.extensions
    Deliveries(parts["settings"], parts["databases"], parts["write_letter"]).deliver()


def waiting(app: Flask) -> list[Letter]:
    with app.extensions["databases"].kept_for_reading() as session:
        return list(outbox.listed(session))


def let_time_pass(app: Flask, by: timedelta) -> None:
    with app.extensions["databases"].kept() as session:
        for reminder in session.exec(select(Reminder)):
            for name in ("looked_at", "ended_at"):
                if getattr(reminder, name):
                    setattr(reminder, name, getattr(reminder, name) - by)


def week_after_week(app: Flask, weeks: int = 1) -> None:
    """The worker looks and sends, and a week passes."""
    for _ in range(weeks):
        look(app)
        deliver(app)
        let_time_pass(app, WEEK)


def link_in(text: str) -> str:
    found = re.search(r"https://larnat\.test(/paminnelser/sluta\?kod=[\w-]+)", text)
    assert found, text
    return found[1]


# ---- Asking for them ----


def test_nobody_is_reminded_who_has_not_asked(house: House, office: PostOffice, editor: Browser) -> None:
    assert ASK in buttons_on(editor.get(PAGE))
    week_after_week(house.app)
    assert office.received == []


def test_one_asks_on_ones_account_and_ends_it_there(house: House, editor: Browser, office: PostOffice) -> None:
    page = followed(editor, press(editor, PAGE, ASK))
    assert "Du får ett brev när någon av era cykler har stått stilla länge" in see(page).words
    look(house.app)
    page = followed(editor, press(editor, page, END))
    assert "Du får inga fler påminnelser." in see(page).words
    assert ASK in buttons_on(page)
    deliver(house.app)
    assert office.received == [], "not even the one that waited"


def test_only_who_is_signed_in_asks_and_only_where_letters_are_sent(
    house: House, anyone: Browser, settings: Settings
) -> None:
    assert anyone.post(f"{PAGE}/paminnelser", data={"vill": "ja"}).status_code == 401
    silent = create_app(settings)
    client = browser(silent, EDITOR)
    page = client.get(PAGE)
    assert ASK not in buttons_on(page)
    assert "Den här webbplatsen skickar inga brev, så du kan inte få påminnelser" in page.text
    assert client.post(f"{PAGE}/paminnelser", data={"vill": "ja"}).status_code == 404
    silent.extensions["databases"].close()


def test_nobody_is_asked_about_the_letter_box_of_a_demo_account(house: House, editor: Browser) -> None:
    with house.app.extensions["databases"].kept() as session:
        one = person(session)
        one.demo = True
        settings: Settings = house.app.extensions["settings"]
        assert not reminders.may_be_asked_for(one, settings)
        one.demo = False
        assert reminders.may_be_asked_for(one, settings)
        assert not reminders.may_be_asked_for(one, replace(settings, smtp_host=""))


# ---- The letter ----


def test_the_letter_names_what_stands_still_and_nothing_else(house: House, office: PostOffice) -> None:
    still(house, "mote/03-samtal", title="Samtal   i\ttid", started=days_ago(400))
    house.look()
    ask(house.app)
    week_after_week(house.app)
    [mail], [text] = office.received, office.texts
    assert mail["To"] == EDITOR.email
    assert mail["Subject"] == "2 cykler i Lärnät står stilla"
    titles = (
        "Samtal i tid\nhttps://larnat.test/cykler/mote/03-samtal\n\nRemiss\nhttps://larnat.test/cykler/mote/01-remiss"
    )
    assert titles in text
    assert "Rörlig" not in text
    assert "inget för ett brev" not in text
    assert EDITOR.name not in text
    assert "https://larnat.test/laget" in text
    assert mail["List-Unsubscribe"] == f"<https://larnat.test{link_in(text)}>"


def test_the_address_in_the_head_is_sent_in_one_piece(settings: Settings) -> None:
    stop = f"https://larnat.kommunen-med-ett-langt-namn.se{STOP}?kod={'a_-B' * 11}"
    mail = composed(Message("eva@solna.test", "En cykel", "Hej!\n", stop), sending(settings, 25))
    assert f"List-Unsubscribe: <{stop}>\r\n".encode() in mail.as_bytes()


def test_a_long_letter_names_the_first_and_counts_the_rest(house: House, office: PostOffice) -> None:
    for number in range(3, 25):
        still(house, f"mote/{number:02}-en", title=f"Cykeln {number}", started=days_ago(200))
    house.look()
    ask(house.app)
    week_after_week(house.app)
    assert "… och 3 till." in office.texts[0]
    assert office.texts[0].count("/cykler/") == reminder_letter.MOST


def test_no_letter_is_sent_when_nothing_stands_still(house: House, office: PostOffice) -> None:
    still(house, "mote/01-remiss", title="Remiss", status="decided", decision="adopt", decision_reason="Det gick.")
    house.look()
    ask(house.app)
    week_after_week(house.app, 2)
    assert office.received == []
    assert waiting(house.app) == []


def test_at_most_one_letter_a_week_is_sent(house: House, office: PostOffice) -> None:
    ask(house.app)
    at = now()
    assert look(house.app, at) == 1
    deliver(house.app)
    assert look(house.app, at + WEEK - A_MOMENT) == 0
    assert look(house.app, at + WEEK) == 1
    deliver(house.app)
    assert len(office.received) == 2


def test_who_ends_and_asks_again_gets_no_two_letters_in_a_week(
    house: House, editor: Browser, office: PostOffice
) -> None:
    for _ in range(3):
        followed(editor, press(editor, PAGE, ASK))
        look(house.app)
        deliver(house.app)
        followed(editor, press(editor, PAGE, END))
    assert len(office.received) == 1
    let_time_pass(house.app, WEEK)
    with house.app.extensions["databases"].kept() as session:
        reminders.forget_ended(session)
        assert session.exec(select(Reminder)).all() == []


def test_who_has_ended_lately_is_remembered_for_as_long_as_letters_are_apart(house: House) -> None:
    with house.app.extensions["databases"].kept() as session:
        one = person(session).id
        reminders.ask_for(session, one)
        session.flush()
        reminders.end(session, one)
        session.flush()
        reminders.forget_ended(session)
        assert session.get(Reminder, one)


# ---- Whose cycles, and who may see them ----


def everybody_reads(role: Role, house: House) -> list[str]:
    app = house.app
    with app.app_context(), app.extensions["databases"].kept_for_reading() as session:
        viewer = viewer_of(session, person(session, role))
        found = reminder_letter.standing_still(app.extensions["index"], app.extensions["library"], viewer)
        return [card.title for card in found]


def test_the_cycles_of_ones_organisation_of_its_projects_and_of_its_teams_are_ones_own(house: House) -> None:
    house.write(
        "projects", "laget", title="Med i laget", owner="habo", team=[{"role": "Coach", "organisation": "solna"}]
    )
    still(house, "laget/01-prov", title="Lagets prov", owner="habo")
    still(house, "mote/05-solna", title="Solnas i Södertäljes", owner="solna")
    house.look()
    assert everybody_reads(EDITOR, house) == ["Remiss", "Solnas i Södertäljes"]
    assert sorted(everybody_reads(READER, house)) == ["Lagets prov", "Solnas i Södertäljes"]
    assert everybody_reads(OUTSIDER, house) == ["Lagets prov"]


def test_what_one_may_not_see_is_in_no_letter(house: House) -> None:
    house.write(
        "projects", "laget", title="Med i laget", owner="habo", team=[{"role": "Coach", "organisation": "solna"}]
    )
    still(house, "laget/01-hemligt", title="Hemligt", owner="habo", visibility="organisation")
    still(house, "laget/02-utkast", title="Utkast", owner="habo", publication="draft")
    house.look()
    assert everybody_reads(READER, house) == []
    assert sorted(everybody_reads(OUTSIDER, house)) == ["Hemligt", "Utkast"]


def _leaves(session: Session, _house: House) -> None:
    belonging.set_role(session, person(session), "sodertalje", None)


def _is_closed(session: Session, _house: House) -> None:
    person(session).active = False


@pytest.mark.parametrize("happens", [_leaves, _is_closed])
def test_rights_are_those_of_the_moment_when_it_is_written(
    house: House, office: PostOffice, happens: Callable[[Session, House], None]
) -> None:
    ask(house.app)
    look(house.app)
    with house.app.extensions["databases"].kept() as session:
        happens(session, house)
    deliver(house.app)
    assert office.received == []
    assert waiting(house.app) == []


def test_a_cycle_that_has_moved_since_is_in_no_letter(house: House, office: PostOffice) -> None:
    ask(house.app)
    look(house.app)
    still(house, "mote/01-remiss", title="Remiss", status="paused")
    house.look()
    deliver(house.app)
    assert office.received == []


def test_who_comes_to_an_organisation_reads_of_its_cycles_from_then_on(house: House, office: PostOffice) -> None:
    ask(house.app, OUTSIDER)
    week_after_week(house.app)
    assert office.received == []
    with house.app.extensions["databases"].kept() as session:
        belonging.set_role(session, person(session, OUTSIDER), "sodertalje", OrganisationRole.MEMBER)
    week_after_week(house.app)
    assert [mail["To"] for mail in office.received] == [OUTSIDER.email]


# ---- Never twice ----


class Killed(BaseException):
    """The process is no more."""


def test_a_letter_is_not_sent_again_after_a_crash(
    house: House, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(house.app)
    look(house.app)
    kept = hand_over

    def and_then_killed(*given: Any) -> None:
        kept(*given)
        raise Killed

    monkeypatch.setattr(delivering, "hand_over", and_then_killed)
    with pytest.raises(Killed):
        deliver(house.app)
    monkeypatch.undo()
    with house.app.extensions["databases"].kept() as session:
        for letter in outbox.listed(session):
            letter.next_at = now()
            session.add(letter)
    look(house.app)
    deliver(house.app)
    assert len(office.received) == 1
    assert waiting(house.app) == []


def test_one_that_the_server_does_not_take_for_now_waits(house: House, office: PostOffice) -> None:
    ask(house.app)
    look(house.app)
    office.answer = "452 4.3.1 try later"
    deliver(house.app)
    [letter] = waiting(house.app)
    assert (letter.state, letter.tries) == ("waiting", 1)
    assert "svar 452" in letter.error
    office.answer = ""
    with house.app.extensions["databases"].kept() as session:
        letter.next_at = now()
        session.merge(letter)
    deliver(house.app)
    assert len(office.received) == 1
    assert waiting(house.app) == []


def test_one_of_which_nobody_knows_whether_it_was_taken_is_not_sent_again(
    house: House, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(house.app)
    look(house.app)

    def cut_off(*_given: Any) -> None:
        raise Unreachable("servern bröt förbindelsen")

    monkeypatch.setattr(delivering, "hand_over", cut_off)
    deliver(house.app)
    monkeypatch.undo()
    assert waiting(house.app) == []
    let_time_pass(house.app, WEEK)
    week_after_week(house.app)
    assert len(office.received) == 1


def test_to_look_and_to_put_the_letter_is_one_deed(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    ask(house.app)
    databases: Databases = house.app.extensions["databases"]
    put = outbox.put

    def and_then_killed(*given: Any) -> bool:
        put(*given)
        raise Killed

    monkeypatch.setattr(outbox, "put", and_then_killed)
    with pytest.raises(Killed), databases.kept() as session:
        reminders.put_due(session, house.app.extensions["settings"], now())
    monkeypatch.undo()
    assert waiting(house.app) == []
    assert look(house.app) == 1


def test_where_far_too_many_letters_wait_it_is_looked_again_later(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(house.app)
    monkeypatch.setattr(outbox, "MOST_WAITING", 0)
    assert look(house.app) == 0
    monkeypatch.undo()
    assert look(house.app) == 1


def test_while_the_index_is_built_the_letter_waits(
    house: House, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(house.app)
    look(house.app)

    def not_ready(*_given: Any) -> Any:
        raise IndexNotReady

    monkeypatch.setattr(house.app.extensions["index"], "state", not_ready)
    deliver(house.app)
    [letter] = waiting(house.app)
    assert letter.state == "waiting"
    assert letter.error == reminder_letter.NOT_READY
    assert office.received == []


def test_the_worker_looks_by_itself(house: House) -> None:
    ask(house.app)
    parts = house.app.extensions
    worker = Worker(parts["settings"], parts["databases"], parts["index"], parts["archive"])
    worker.turn()
    assert [letter.sort for letter in waiting(house.app)] == ["reminder"]


# ---- Ending them from the letter ----


@pytest.fixture
def way(house: House, office: PostOffice) -> str:
    """The way out that stands in Eva's letter."""
    ask(house.app)
    week_after_week(house.app)
    return link_in(office.texts[0])


def test_opening_the_link_ends_nothing_and_its_button_does(
    house: House, way: str, anyone: Browser, office: PostOffice
) -> None:
    for _ in range(2):
        page = anyone.get(way)
        assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    week_after_week(house.app)
    assert len(office.received) == 2, "a mail filter that opens the link has ended nothing"
    done = press(anyone, page, END)
    assert done.status_code == 200
    assert "Du får inga fler påminnelser" in see(done).words
    week_after_week(house.app, 2)
    assert len(office.received) == 2
    for link in (way, link_in(office.texts[1])):
        assert anyone.get(link).status_code == 410
    assert press(anyone, page, END).status_code == 410
    assert ASK in buttons_on(browser(house.app, EDITOR).get(PAGE))


def test_the_link_ends_the_reminders_of_whom_it_was_written_to(house: House, way: str) -> None:
    ask(house.app, COLLEAGUE)
    kim = browser(house.app, COLLEAGUE)
    assert press(kim, way, END).status_code == 200
    with house.app.extensions["databases"].kept_for_reading() as session:
        assert not reminders.wanted(session, person(session).id)
        assert reminders.wanted(session, person(session, COLLEAGUE).id)


def test_a_word_that_was_never_given_ends_nothing(house: House, way: str, anyone: Browser) -> None:
    assert way
    assert anyone.get(f"{STOP}?kod=ingen").status_code == 410
    assert anyone.post(STOP, data={"kod": "ingen"}).status_code == 410
    assert anyone.post(STOP).status_code == 410
    with house.app.extensions["databases"].kept_for_reading() as session:
        assert reminders.wanted(session, person(session).id)


def test_the_database_has_only_a_digest_of_the_link(house: House, way: str) -> None:
    word = way.partition("kod=")[2]
    with house.app.extensions["databases"].kept_for_reading() as session:
        assert len(session.exec(select(OneTimeLink)).all()) == 1
    settings: Settings = house.app.extensions["settings"]
    content = b"".join(file.read_bytes() for file in settings.kept_file.parent.glob("kept.db*"))
    assert word.encode() not in content
