"""Coordinators invite by e-mail; the link works once; nobody learns whether an address has an account."""

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
from app.accounts import belonging, invitations, people
from app.accounts.circle_pages import MOST_INVITED
from app.accounts.tables import Invitation, OneTimeLink, OrganisationRole, Person
from app.config import Settings
from app.database import now
from app.mail.delivering import Deliveries
from app.mail.outbox import Letter
from tests.cast import ADMIN, CAST, COLLEAGUE, COORDINATOR, EDITOR, PASSWORD, Browser, Role, browser
from tests.house import House
from tests.mail.post_office import PostOffice, opened, sending

KNUT = "00000000-0000-4000-8000-00000000000a"
HERE = "/personer/organisation/sundbyberg"
NETWORK = "/personer/natverk/knut"
ELSEWHERE = "/personer/organisation/solna"
NEW = Role("ny@sundbyberg.test", "Nina Ny", {"sundbyberg": "member"})
CHOSEN = "blåbär häst trumma regn"


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with opened() as office:
        yield office


@pytest.fixture
def app(settings: Settings, office: PostOffice) -> Iterator[Flask]:
    """A house that sends letters."""
    app = create_app(sending(settings, office.port))
    app.extensions["archive"].reconcile()
    yield app
    app.extensions["databases"].close()


@pytest.fixture
def network(app: Flask, house: House) -> House:
    """The network KNUT, Södertälje's, which Kaj coordinates."""
    house.write("networks", "knut", id=KNUT, title="KNUT", members=[{"organisation": "solna"}])
    house.look()
    with app.extensions["databases"].kept() as session:
        belonging.set_coordinator(session, find(session, COORDINATOR.email), KNUT, coordinates=True)
    return house


def find(session: Any, email: str) -> Person:
    person = people.find(session, email)
    assert person
    return person


def deliver(app: Flask) -> None:
    parts = app.extensions
    Deliveries(parts["settings"], parts["databases"], parts["write_letter"]).deliver()


def invite(client: Browser, email: str = NEW.email, role: str = "member", at: str = HERE) -> Any:
    return client.post(f"{at}/bjud-in", data={"email": email, "role": role})


def link_in(text: str) -> str:
    found = re.search(r"https://larnat\.test(/inbjudan\?kod=[\w-]+)", text)
    assert found, text
    return found[1]


@pytest.fixture
def link(app: Flask, office: PostOffice, coordinator: Browser) -> str:
    """What Nina has got by e-mail: she is invited to Sundbyberg."""
    assert invite(coordinator).status_code == 303
    deliver(app)
    return link_in(office.texts[0])


def accept(client: Browser, link: str, **fields: str) -> Any:
    word = link.partition("kod=")[2]
    made = {"name": NEW.name, "title": "Handläggare", "new_password": CHOSEN, "new_password_again": CHOSEN}
    return client.post("/inbjudan", data={"kod": word, **made, **fields})


def roles_of(app: Flask, email: str) -> dict[str, str]:
    with app.extensions["databases"].kept_for_reading() as session:
        return belonging.roles_of(session, find(session, email))


def waiting(app: Flask) -> list[Invitation]:
    with app.extensions["databases"].kept_for_reading() as session:
        return list(invitations.everywhere(session))


# ---- To say yes ----


def test_the_letter_says_who_invites_to_what_and_for_how_long(office: PostOffice, link: str) -> None:
    assert office.received[0]["To"] == NEW.email
    assert office.received[0]["Subject"] == "Inbjudan till Lärnät: Sundbybergs stad"
    assert f"{COORDINATOR.name} bjuder in dig" in office.texts[0]
    assert "medlem i Sundbybergs stad" in office.texts[0]
    assert "till och med" in office.texts[0]


def test_who_is_invited_makes_an_account_and_is_in(app: Flask, link: str) -> None:
    invited = browser(app)
    page = invited.get(link)
    assert COORDINATOR.name in page.text
    assert NEW.email in page.text
    assert page.headers["Referrer-Policy"] == "no-referrer"
    answer = accept(invited, link)
    assert (answer.status_code, answer.location) == (303, "/mitt-konto")
    shown = invited.get("/mitt-konto").text
    assert "Du är nu medlem i Sundbybergs stad." in shown
    assert "Nina Ny" in shown
    assert roles_of(app, NEW.email) == {"sundbyberg": "member"}
    assert browser(app).sign_in(NEW, CHOSEN).status_code == 303
    assert waiting(app) == []


def test_who_has_an_account_signs_in_and_says_yes(app: Flask, office: PostOffice, coordinator: Browser) -> None:
    invite(coordinator, EDITOR.email, "coordinator")
    deliver(app)
    link, invited = link_in(office.texts[0]), browser(app)
    page = invited.get(link).text
    assert "Det finns redan ett konto" in page
    assert 'name="new_password"' not in page
    way = re.search(r'class="btn" href="(/logga-in\?next=[^"]+)"', page)
    assert way
    goes_to = re.search(r'name="next" value="([^"]+)"', invited.get(way[1].replace("&amp;", "&")).text)
    assert goes_to
    data = {"email": EDITOR.email, "password": PASSWORD, "next": goes_to[1]}
    assert invited.post("/logga-in", data=data).location == link
    assert "Tacka ja som Eva Editor" in invited.get(link).text
    assert accept(invited, link).status_code == 303
    assert roles_of(app, EDITOR.email) == {"sodertalje": "member", "sundbyberg": "coordinator"}


def test_who_has_an_account_with_another_address_says_yes_with_that(app: Flask, reader: Browser, link: str) -> None:
    assert accept(reader, link).status_code == 303
    assert roles_of(app, "lasare@solna.test") == {"solna": "member", "sundbyberg": "member"}
    with app.extensions["databases"].kept_for_reading() as session:
        assert people.find(session, NEW.email) is None


def test_who_is_more_already_stays_so(app: Flask, office: PostOffice, admin: Browser, coordinator: Browser) -> None:
    assert invite(admin, "annan@sundbyberg.test").status_code == 303
    deliver(app)
    assert accept(coordinator, link_in(office.texts[0])).status_code == 303
    assert roles_of(app, COORDINATOR.email) == {"sundbyberg": "coordinator"}


def test_a_coordinator_of_a_network_invites_another(
    app: Flask, office: PostOffice, network: House, coordinator: Browser
) -> None:
    # What is asked for is not what one can be there: only coordinators are invited to a network.
    assert invite(coordinator, "ny@habo.test", "member", NETWORK).status_code == 303
    deliver(app)
    assert "samordnare för nätverket KNUT" in office.texts[0]
    invited = browser(app)
    assert accept(invited, link_in(office.texts[0])).status_code == 303
    assert invited.get(NETWORK).status_code == 200
    assert invited.get("/natverk/knut/andra").status_code == 403


# ---- Once, for a time, and only while it stands ----


def test_a_link_works_once(app: Flask, link: str) -> None:
    assert browser(app).get(link).status_code == 200
    assert accept(browser(app), link).status_code == 303
    assert browser(app).get(link).status_code == 410
    assert accept(browser(app, COLLEAGUE), link).status_code == 410
    assert roles_of(app, COLLEAGUE.email) == {"sodertalje": "member"}


def test_an_invitation_expires_and_can_be_sent_again(
    app: Flask, office: PostOffice, coordinator: Browser, link: str
) -> None:
    number = waiting(app)[0].number
    with app.extensions["databases"].kept() as session:
        session.connection().execute(update(Invitation).values(expires_at=now() - timedelta(seconds=1)))
        session.connection().execute(update(OneTimeLink).values(expires_at=now() - timedelta(seconds=1)))
    assert accept(browser(app), link).status_code == 410
    assert "Har gått ut" in coordinator.get(HERE).text
    assert coordinator.post(f"{HERE}/inbjudan/{number}/igen").status_code == 303
    deliver(app)
    assert accept(browser(app), link).status_code == 410
    assert accept(browser(app), link_in(office.texts[1])).status_code == 303


def test_an_invitation_that_is_taken_back_opens_nothing_and_is_not_sent(
    app: Flask, office: PostOffice, coordinator: Browser, link: str
) -> None:
    assert coordinator.post(f"{HERE}/inbjudan/{waiting(app)[0].number}/ta-tillbaka").status_code == 303
    assert accept(browser(app), link).status_code == 410
    invite(coordinator, "annan@sundbyberg.test")
    coordinator.post(f"{HERE}/inbjudan/{waiting(app)[0].number}/ta-tillbaka")
    deliver(app)
    assert len(office.received) == 1
    assert waiting(app) == []


@pytest.mark.parametrize("how", ["role ended", "only member", "closed", "erased"])
def test_an_invitation_is_worth_no_more_than_who_made_it(app: Flask, link: str, how: str) -> None:
    with app.extensions["databases"].kept() as session:
        person = find(session, COORDINATOR.email)
        if how == "role ended":
            belonging.set_role(session, person, "sundbyberg", None)
        elif how == "only member":
            belonging.set_role(session, person, "sundbyberg", OrganisationRole.MEMBER)
        elif how == "closed":
            people.set_active(session, person, active=False)
        else:
            invitations.forget_person(session, person)
    assert browser(app).get(link).status_code == 410
    assert accept(browser(app), link).status_code == 410


def test_a_network_that_is_gone_invites_nobody(
    app: Flask, office: PostOffice, network: House, coordinator: Browser
) -> None:
    invite(coordinator, "ny@habo.test", at=NETWORK)
    deliver(app)
    (network.home / "content/networks/knut.md").unlink()
    network.look()
    assert accept(browser(app), link_in(office.texts[0])).status_code == 410


@pytest.mark.parametrize("word", ["", "x", "x" * 7_000, "å"])
def test_a_made_up_link_opens_nothing(app: Flask, word: str) -> None:
    assert browser(app).get(f"/inbjudan?kod={word}").status_code == 410
    assert accept(browser(app), f"?kod={word}").status_code == 410


def test_a_link_for_one_thing_opens_no_other(app: Flask, link: str) -> None:
    assert browser(app).get(link.replace("/inbjudan", "/nytt-losenord")).status_code == 410


def test_an_invitation_that_nobody_answers_is_forgotten(app: Flask, coordinator: Browser) -> None:
    invite(coordinator)
    with app.extensions["databases"].kept() as session:
        session.connection().execute(update(Invitation).values(expires_at=now() - invitations.KEPT_WHEN_EXPIRED))
        invitations.forget_expired(session)
    assert waiting(app) == []


# ---- Nobody learns whether an address has an account ----


def test_the_same_is_done_and_answered_whether_there_is_an_account_or_not(app: Flask, coordinator: Browser) -> None:
    statements: list[str] = []
    engine = app.extensions["databases"].kept_engine

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    seen = []
    for email in (EDITOR.email, "finns@inte.test"):
        statements.clear()
        answer = invite(coordinator, email)
        page = coordinator.get(answer.location).text
        row = re.findall(r"<h3>[^<]*</h3>.*?</li>", page, re.DOTALL)
        ours = next(text for text in row if email in text)
        blank = re.sub(r'value="[^"]+"|/inbjudan/\d+/', "", ours.replace(email, "…"))
        seen.append((answer.status_code, list(statements), blank))
        number = next(one.number for one in waiting(app) if one.email == email)
        coordinator.post(f"{HERE}/inbjudan/{number}/ta-tillbaka")
    event.remove(engine, "before_cursor_execute", note)
    assert seen[0] == seen[1]


def test_who_is_in_the_list_already_is_not_invited_again(coordinator: Browser, app: Flask) -> None:
    answer = invite(coordinator, COORDINATOR.email.upper())
    assert answer.status_code == 409
    assert "är redan med i Sundbybergs stad" in answer.text
    assert waiting(app) == []


# ---- What can go wrong ----


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": " "}, "Namnet saknas"),
        ({"name": "x" * 101}, "högst 100 tecken"),
        ({"new_password": "kort", "new_password_again": "kort"}, "minst"),
        ({"new_password_again": "något annat"}, "inte lika"),
        ({"new_password": "Nina Ny i Sundbyberg", "new_password_again": "Nina Ny i Sundbyberg"}, "lätt att gissa"),
    ],
)
def test_what_cannot_be_an_account_is_explained_and_nothing_typed_is_lost(
    app: Flask, link: str, fields: dict[str, str], words: str
) -> None:
    answer = accept(browser(app), link, **fields)
    assert answer.status_code == 422
    assert words in answer.text
    assert "Handläggare" in answer.text
    assert CHOSEN not in answer.text
    assert accept(browser(app), link).status_code == 303


def test_a_name_is_one_line_and_shown_as_text(app: Flask, link: str) -> None:
    invited = browser(app)
    accept(invited, link, name="<b>Nina</b>\n\u202eNy")
    assert "&lt;b&gt;Nina&lt;/b&gt; Ny" in invited.get("/mitt-konto").text


def test_an_account_that_somebody_made_meanwhile_is_not_taken_over(app: Flask, link: str) -> None:
    with app.extensions["databases"].kept() as session:
        people.create_person(session, email=NEW.email, name="Först", password_hash="a hash")
    answer = accept(browser(app), link)
    assert answer.status_code == 409
    assert "Det finns redan ett konto" in answer.text
    with app.extensions["databases"].kept_for_reading() as session:
        assert find(session, NEW.email).name == "Först"


def test_who_has_a_closed_account_is_told_whom_to_ask(app: Flask, office: PostOffice, coordinator: Browser) -> None:
    with app.extensions["databases"].kept() as session:
        people.set_active(session, find(session, EDITOR.email), active=False)
    invite(coordinator, EDITOR.email)
    deliver(app)
    link = link_in(office.texts[0])
    assert "Kontot är stängt" in browser(app).get(link).text
    assert accept(browser(app), link).status_code == 409
    assert browser(app).sign_in(EDITOR).status_code == 422


@pytest.mark.parametrize("email", ["", "anna", "a@b.test\nBcc: c@d.test", "a b@c.se"])
def test_what_is_no_address_is_said(app: Flask, coordinator: Browser, email: str) -> None:
    assert invite(coordinator, email).status_code == 422
    assert waiting(app) == []


def test_a_role_that_there_is_not_is_refused(app: Flask, coordinator: Browser) -> None:
    assert invite(coordinator, role="admin").status_code == 422
    assert waiting(app) == []


def test_nobody_sends_invitations_without_end(app: Flask, coordinator: Browser) -> None:
    from app.accounts.tries import LONGEST_WINDOW_SECONDS, Limit, Tries

    with app.extensions["databases"].kept() as session:
        me = find(session, COORDINATOR.email).id
        limit = Limit(MOST_INVITED, LONGEST_WINDOW_SECONDS)
        for _ in range(MOST_INVITED - 1):
            Tries.of(app.extensions["settings"]).count(session, {("invited by", me): limit})
    assert invite(coordinator).status_code == 303
    assert invite(coordinator, "en@till.test").status_code == 429


def test_invited_twice_it_is_one_invitation_with_the_later_role(app: Flask, coordinator: Browser) -> None:
    invite(coordinator)
    invite(coordinator, NEW.email.upper(), "coordinator")
    assert [(one.email, one.role) for one in waiting(app)] == [(NEW.email, "coordinator")]
    with app.extensions["databases"].kept_for_reading() as session:
        assert len(session.exec(select(Letter)).all()) == 1


def test_why_a_letter_has_not_arrived_is_told_in_the_list(app: Flask, coordinator: Browser) -> None:
    invite(coordinator, "finns-inte@solna.test")
    assert "Brevet väntar på att skickas" in coordinator.get(HERE).text
    deliver(app)
    shown = coordinator.get(HERE).text
    assert "Brevet kom inte fram" in shown
    assert "svar 550" in shown


# ---- Without a server that takes letters ----


@pytest.fixture
def silent(settings: Settings) -> Iterator[Flask]:
    app = create_app(replace(settings, contact_email="hjalp@kommunen.test"))
    app.extensions["archive"].reconcile()
    yield app
    app.extensions["databases"].close()


def test_without_letters_an_administrator_sees_the_link_and_nobody_else(silent: Flask) -> None:
    coordinator, admin = browser(silent, COORDINATOR), browser(silent, ADMIN)
    invite(coordinator)
    number = waiting(silent)[0].number
    assert "Visa länken" not in coordinator.get(HERE).text
    assert coordinator.post(f"{HERE}/inbjudan/{number}/lank").status_code == 403
    assert "Visa länken" in admin.get(HERE).text
    shown = admin.post(f"{HERE}/inbjudan/{number}/lank")
    assert shown.headers["Cache-Control"] == "no-store"
    link = re.search(r"http://localhost(/inbjudan\?kod=[\w-]+)", shown.text)
    assert link
    assert accept(browser(silent), link[1]).status_code == 303
    with silent.extensions["databases"].kept_for_reading() as session:
        assert session.exec(select(Letter)).all() == []


def test_where_letters_are_sent_nobody_sees_a_link(app: Flask, coordinator: Browser, admin: Browser) -> None:
    invite(coordinator)
    assert "Visa länken" not in admin.get(HERE).text
    assert admin.post(f"{HERE}/inbjudan/{waiting(app)[0].number}/lank").status_code == 404


@pytest.mark.parametrize("role", CAST, ids=lambda role: role.name.split()[0])
def test_only_who_may_invites(app: Flask, network: House, role: Role) -> None:
    client = browser(app, role)
    expected = {HERE: (COORDINATOR, ADMIN), NETWORK: (COORDINATOR, ADMIN), ELSEWHERE: (ADMIN,)}
    for at, allowed in expected.items():
        assert client.get(at).status_code == (200 if role in allowed else 403)
        assert invite(client, f"ny-{role.email}", at=at).status_code == (303 if role in allowed else 403)


def test_inviting_asks_for_a_sign_in(anyone: Browser) -> None:
    assert anyone.get(HERE).status_code == 401
    assert invite(anyone).status_code == 401
