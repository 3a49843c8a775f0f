"""``larnat mail``: whether letters can be sent, from the command line."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from click.testing import CliRunner, Result

from app.cli import larnat
from app.config import Settings
from app.database import Databases
from app.mail import outbox
from app.mail.outbox import GIVE_UP, Letter
from tests.mail.post_office import opened, sending
from tests.serving import free_port


def run(settings: Settings, *words: str) -> Result:
    return CliRunner().invoke(larnat, ["mail", *words], obj=settings)


def test_a_letter_is_sent_to_see_whether_it_works(settings: Settings) -> None:
    with opened() as office:
        done = run(sending(settings, office.port), "test", "anna@solna.test")
        assert (done.exit_code, done.output) == (0, "Servern tog emot brevet till anna@solna.test.\n")
        assert office.received[0]["To"] == "anna@solna.test"
        refused = run(sending(settings, office.port), "test", "finns-inte@solna.test")
        assert (refused.exit_code, "svar 550" in refused.stderr) == (1, True)
        unfit = run(sending(settings, office.port), "test", "anna@solna.test\nBcc: bo@habo.test")
        assert (unfit.exit_code, len(office.received)) == (1, 1)


def test_why_a_letter_cannot_be_sent_is_told(settings: Settings) -> None:
    away = run(sending(settings, free_port()), "test", "anna@solna.test")
    assert (away.exit_code, "servern går inte att nå" in away.stderr) == (1, True)
    without = run(settings, "test", "anna@solna.test")
    assert (without.exit_code, "LARNAT_SMTP_HOST är inte satt" in without.stderr) == (1, True)


def test_the_letters_that_are_not_sent_are_listed(settings: Settings) -> None:
    databases = Databases(settings)
    with databases.kept() as session:
        outbox.put(session, "invitation", "1", "anna@solna.test")
        old = Letter(sort="invitation", about="2", to_email="bo@habo.test", tries=9, error="servern svarar inte")
        old.put_at -= GIVE_UP + timedelta(minutes=1)
        session.add(old)
        session.flush()
        outbox.give_up_old(session)
    databases.close()
    listed = run(replace(settings), "list").stdout
    assert "anna@solna.test  väntar, 0 försök\n" in listed
    assert "bo@habo.test  skickas inte, 9 försök: servern svarar inte\n" in listed
