"""Letters reach a real server: over TLS and STARTTLS, with a password, and after it has been away."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import update
from sqlmodel import Session

from app.config import Settings, SmtpTls
from app.database import Databases, now
from app.mail import outbox
from app.mail.delivering import Deliveries
from app.mail.message import Message
from app.mail.outbox import GIVE_UP, KEPT_WHEN_FAILED, MOST_WAITING, Letter, State
from tests.mail.post_office import PASSWORD, authority, opened, sending
from tests.serving import free_port

BODY = "Hej!\n\nDu är inbjuden till Lärnät: https://larnat.test/inbjudan?kod=" + "x" * 90 + "\n"


def written(_session: Session, letter: Letter) -> Message | None:
    """What a letter says; nobody wants one about "nothing", and one about "fault" cannot be written."""
    if letter.about == "fault":
        raise ZeroDivisionError
    return None if letter.about == "nothing" else Message(letter.to_email, "Välkommen till Södertälje", BODY)


@pytest.fixture
def put(databases: Databases) -> Callable[..., bool]:
    def put(to: str = "anna@solna.test", about: str = "1") -> bool:
        with databases.kept() as session:
            return outbox.put(session, "invitation", about, to)

    return put


def left(databases: Databases) -> list[Letter]:
    with databases.kept_for_reading() as session:
        return list(outbox.listed(session))


def let_time_pass(databases: Databases, by: timedelta) -> None:
    with databases.kept() as session:
        for letter in outbox.listed(session):
            values = {"put_at": letter.put_at - by, "next_at": letter.next_at - by}
            session.connection().execute(update(Letter).where(Letter.number == letter.number).values(values))  # type: ignore[arg-type]


def deliver(settings: Settings, databases: Databases) -> None:
    Deliveries(settings, databases, written).deliver()


def test_a_letter_arrives_whole_and_is_then_forgotten(
    settings: Settings, databases: Databases, put: Callable[..., bool]
) -> None:
    put()
    with opened() as office:
        deliver(replace(sending(settings, office.port), contact_email="hjalp@kommunen.test"), databases)
        deliver(sending(settings, office.port), databases)
    assert office.texts == [BODY]
    mail, envelope = office.received[0], office.envelopes[0]
    assert mail["Subject"] == "Välkommen till Södertälje"
    assert mail["From"] == "Lärnät <larnat@kommunen.test>"
    assert (mail["To"], mail["Reply-To"]) == ("anna@solna.test", "hjalp@kommunen.test")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"].endswith("@kommunen.test>")
    assert mail.get_content_type() == "text/plain"
    assert "List-Unsubscribe" not in mail
    assert (envelope.mail_from, envelope.rcpt_tos) == ("larnat@kommunen.test", ["anna@solna.test"])
    content = envelope.original_content or b""
    assert content.isascii()
    assert max(len(line) for line in content.splitlines()) <= 78
    assert left(databases) == []


# The test's server does not count a connection that is encrypted from its beginning.
@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS:UserWarning")
@pytest.mark.parametrize("tls", ["starttls", "tls"])
@pytest.mark.parametrize("password", ["", PASSWORD], ids=["open", "with password"])
def test_a_letter_goes_over_an_encrypted_connection(
    settings: Settings,
    databases: Databases,
    put: Callable[..., bool],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    tls: SmtpTls,
    password: str,
) -> None:
    put()
    signer = authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(signer.file))
    with opened(tls=tls, signed_by=signer, password=password) as office:
        deliver(sending(settings, office.port, tls, password), databases)
    assert office.texts == [BODY]
    assert left(databases) == []


@pytest.mark.parametrize("tls", ["starttls", "tls"])
@pytest.mark.parametrize("wrong", ["unknown signer", "another name"])
def test_no_letter_goes_to_a_server_that_only_says_who_it_is(
    settings: Settings,
    databases: Databases,
    put: Callable[..., bool],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    tls: SmtpTls,
    wrong: str,
) -> None:
    put()
    signer = authority(tmp_path, "localhost" if wrong == "unknown signer" else "mail.kommunen.test")
    if wrong == "another name":
        monkeypatch.setenv("SSL_CERT_FILE", str(signer.file))
    with opened(tls=tls, signed_by=signer) as office:
        deliver(sending(settings, office.port, tls), databases)
    assert office.received == []
    assert [letter.error for letter in left(databases)] == ["serverns certifikat går inte att lita på"]


def test_a_server_that_cannot_encrypt_gets_no_letter_and_no_password(
    settings: Settings, databases: Databases, put: Callable[..., bool]
) -> None:
    put()
    with opened() as office:
        deliver(sending(settings, office.port, "starttls", PASSWORD), databases)
    assert office.received == []
    assert "kan inte det som inställningarna begär" in left(databases)[0].error


def test_a_wrong_password_is_told_and_nothing_is_lost(
    settings: Settings,
    databases: Databases,
    put: Callable[..., bool],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    put()
    signer = authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(signer.file))
    with opened(tls="starttls", signed_by=signer, password=PASSWORD) as office:
        with caplog.at_level(logging.WARNING):
            deliver(sending(settings, office.port, "starttls", "quite wrong"), databases)
        assert left(databases)[0].error == "servern godtar inte användaren eller lösenordet (svar 535)"
        assert "quite wrong" not in caplog.text
        assert "anna@solna.test" not in caplog.text
        deliver(sending(settings, office.port, "starttls", PASSWORD), databases)
    assert office.texts == [BODY]


def test_letters_wait_while_the_server_is_away_and_go_when_it_is_back(
    settings: Settings, databases: Databases, put: Callable[..., bool]
) -> None:
    port = free_port()
    deliveries = Deliveries(sending(settings, port), databases, written)
    put("anna@solna.test", "1")
    put("bo@habo.test", "2")
    for _ in range(3):
        deliveries.look()
        if deliveries._thread:
            deliveries._thread.join()
    assert {letter.error for letter in left(databases)} == {"servern går inte att nå"}
    assert {letter.tries for letter in left(databases)} == {0}, "a server that is away costs no letter a try"
    with opened(port) as office:
        deliveries.look()
        assert office.received == [], "it is asked again only after a while"
        deliveries._not_before = deliveries._look_at = 0.0
        deliveries.look()
        assert deliveries._thread
        deliveries._thread.join()
    assert sorted(mail["To"] for mail in office.received) == ["anna@solna.test", "bo@habo.test"]
    assert left(databases) == []
    deliveries.end()


def test_a_server_that_hangs_up_in_the_middle_gets_the_letter_later(
    settings: Settings, databases: Databases, put: Callable[..., bool]
) -> None:
    put()
    with opened() as office:
        office.answer = "421 4.3.0 going away"
        deliver(sending(settings, office.port), databases)
        assert left(databases)[0].state == State.WAITING
        office.answer = ""
        deliver(sending(settings, office.port), databases)
        assert office.received == [], "not at once"
        let_time_pass(databases, timedelta(minutes=2))
        deliver(sending(settings, office.port), databases)
    assert office.texts == [BODY]


def test_an_address_that_is_no_more_is_not_tried_again_and_the_others_get_theirs(
    settings: Settings, databases: Databases, put: Callable[..., bool]
) -> None:
    put("finns-inte@solna.test", "1")
    put("full@solna.test", "2")
    put("anna@solna.test", "3")
    with opened() as office:
        deliver(sending(settings, office.port), databases)
        assert [mail["To"] for mail in office.received] == ["anna@solna.test"]
        assert {letter.to_email: (letter.state, letter.error[-9:]) for letter in left(databases)} == {
            "finns-inte@solna.test": ("failed", "(svar 550)"[-9:]),
            "full@solna.test": ("waiting", "(svar 452)"[-9:]),
        }
        for _ in range(3):
            let_time_pass(databases, timedelta(hours=2))
            deliver(sending(settings, office.port), databases)
    assert office.tries == 1 + 4 + 1


def test_pauses_between_tries_grow_until_they_are_an_hour(
    settings: Settings, databases: Databases, put: Callable[..., bool]
) -> None:
    put("full@solna.test")
    pauses = []
    with opened() as office:
        for _ in range(8):
            deliver(sending(settings, office.port), databases)
            pause = left(databases)[0].next_at - now()
            pauses.append(round(pause.total_seconds() / 60))
            let_time_pass(databases, pause + timedelta(seconds=1))
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60]


def test_after_two_days_nobody_waits_for_a_letter_and_after_a_month_it_is_forgotten(
    settings: Settings, databases: Databases, put: Callable[..., bool]
) -> None:
    put()
    deliver(sending(settings, free_port()), databases)
    with databases.kept_for_reading() as session:
        assert not outbox.is_late(session)
    let_time_pass(databases, GIVE_UP)
    with databases.kept_for_reading() as session:
        assert outbox.is_late(session)
    with opened() as office:
        deliver(sending(settings, office.port), databases)
    assert office.received == []
    assert [letter.state for letter in left(databases)] == [State.FAILED]
    let_time_pass(databases, KEPT_WHEN_FAILED)
    with databases.kept() as session:
        outbox.give_up_old(session)
    assert left(databases) == []


def test_healthz_asks_for_attention_when_a_letter_has_waited_long(
    app: Flask, databases: Databases, put: Callable[..., bool]
) -> None:
    app.extensions["settings"].heartbeat_file.touch()
    put()
    assert app.test_client().get("/healthz").get_json()["letters"] == {"ok": True}
    let_time_pass(databases, timedelta(hours=1, minutes=1))
    answer = app.test_client().get("/healthz")
    assert (answer.status_code, answer.get_json()["status"]) == (200, "attention")


def test_a_letter_that_is_not_wanted_or_cannot_be_written_holds_up_no_other(
    settings: Settings, databases: Databases, put: Callable[..., bool]
) -> None:
    for about in ("nothing", "fault", "1"):
        put(about=about)
    put("inte en adress", about="2")
    with opened() as office:
        deliver(sending(settings, office.port), databases)
    assert office.texts == [BODY]
    assert {letter.about: letter.state for letter in left(databases)} == {"fault": "failed", "2": "failed"}


def test_asked_for_twice_it_is_one_letter_and_the_outbox_has_a_bottom(
    databases: Databases, put: Callable[..., bool]
) -> None:
    assert put()
    assert put()
    assert len(left(databases)) == 1
    with databases.kept() as session:
        session.add_all(Letter(sort="x", about=str(number), to_email="a@b.test") for number in range(MOST_WAITING - 1))
    assert not put(about="2")


def test_without_a_server_nothing_is_tried(settings: Settings, databases: Databases, put: Callable[..., bool]) -> None:
    put()
    deliveries = Deliveries(settings, databases, written)
    deliveries.look()
    deliveries.end()
    assert deliveries._thread is None


def test_who_is_told_to_stop_begins_no_further_letter(
    settings: Settings, databases: Databases, put: Callable[..., bool]
) -> None:
    put()
    with opened() as office:
        deliveries = Deliveries(sending(settings, office.port), databases, written)
        deliveries.end()
        deliveries.deliver()
    assert office.received == []
