"""The table of how long what is kept says something of everything, and what it says is done."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from app.about.personal import kept_of_people
from app.accounts import belonging, links, people, reminders
from app.accounts.invitations import KEPT_WHEN_EXPIRED
from app.accounts.tables import Coordination, Invitation, Membership, OneTimeLink, Person, Reminder, SignIn
from app.accounts.tries import LONGEST_WINDOW_SECONDS, SignInTry
from app.audit import AuditRow
from app.audit.tables import KEPT_FOR
from app.config import CHECKOUT, Settings
from app.database import Databases, Kept, now
from app.feedback.reports import KEPT_WHEN_DONE, Report
from app.history.tables import WaitingFile, WorkingCopy
from app.history.waiting_files import KEPT_UNSAVED
from app.keeping import how_long
from app.keeping.how_long import COPIES, COPIES_BEFORE, JOBS, carry_out, lines, told
from app.keeping.whole_files import only_one
from app.mail.outbox import GIVE_UP, KEPT_WHEN_FAILED, Letter
from tests.cast import EDITOR

A_LITTLE = timedelta(hours=2)


@pytest.fixture
def databases(settings: Settings) -> Iterator[Databases]:
    databases = Databases(settings)
    yield databases
    databases.close()


def put(session: Session, *rows: Any) -> None:
    for row in rows:
        session.add(row)
    session.flush()


def person_id(session: Session) -> str:
    found = people.find(session, EDITOR.email)
    assert found
    return found.id


def copy(person: str, key: str, at: datetime) -> WorkingCopy:
    return WorkingCopy(person=person, key=key, fields={"values": {"title": "Kvast"}}, at=at)


def file(person: str, key: str, at: datetime) -> WaitingFile:
    return WaitingFile(person=person, key=key, name="a.txt", title="a", alt="", digest="x", size=1, content=b"a", at=at)


# ---- The table ----


def test_every_kept_table_has_a_line_and_no_line_names_another(settings: Settings) -> None:
    named = [table for line in lines(settings) for table in line.tables]
    assert sorted(named) == sorted(Kept.metadata.tables), "a table without a line in app/keeping/how_long.py"
    with pytest.raises(LookupError):
        told("ingen_tabell", settings)


def test_every_job_of_the_clock_is_told_of_and_none_is_missing(settings: Settings) -> None:
    assert {line.job for line in lines(settings)} == {"", COPIES, *JOBS}
    assert all(line.what and line.how_long and line.why for line in lines(settings))


def test_the_page_on_personal_data_says_what_the_table_says(settings: Settings) -> None:
    for one in kept_of_people(settings):
        assert one.how_long, one.title
        for table in one.tables:
            assert told(table, settings) in one.how_long, table


def test_the_documentation_says_what_the_table_says() -> None:
    paper = (CHECKOUT / "docs" / "keeping.md").read_text(encoding="utf-8")
    shown = paper.partition("<!-- app/keeping/how_long.py -->\n")[2].partition("\n\n")[0]
    usual = Settings.for_tests(CHECKOUT)
    assert shown == how_long.as_markdown(usual), "write it anew: app.keeping.how_long.as_markdown"


def test_what_the_settings_say_is_told_with_them(settings: Settings) -> None:
    assert "på 9 timmar, och högst 3 dagar" in told("sign_in", replace(settings, session_hours=9, session_days=3))


# ---- What it says is done: older rows go, younger stay ----


def test_memberships_that_ended_long_ago_go_and_present_ones_stay(databases: Databases, settings: Settings) -> None:
    limit = now() - belonging.KEPT_WHEN_ENDED
    with databases.kept() as session:
        me = person_id(session)
        for table, of in ((Membership, "organisation"), (Coordination, "network")):
            for name, until in (("gammal", limit - A_LITTLE), ("ung", limit + A_LITTLE), ("nu", None)):
                said = {"person_id": me, "since": limit - timedelta(days=900), "until": until, of: name}
                put(session, table.model_validate(said))
    assert carry_out(databases, settings)["belonging"] == 2
    with databases.kept_for_reading() as session:
        organisations = set(session.exec(select(Membership.organisation).where(Membership.person_id == me)))
        assert organisations == {"ung", "nu", "sodertalje"}
        assert set(session.exec(select(Coordination.network))) == {"ung", "nu"}


def test_forms_that_nobody_has_touched_for_long_go_with_their_files(databases: Databases, settings: Settings) -> None:
    limit = now() - KEPT_UNSAVED
    old, young = limit - A_LITTLE, limit + A_LITTLE
    with databases.kept() as session:
        me = person_id(session)
        put(session, copy(me, "a", old), file(me, "a", old), copy(me, "b", young), file(me, "b", young))
        put(session, file(me, "ensam", old), file(me, "ensam-ung", young))
        # Gone on with, whether by typing or by a file: both stay.
        put(session, copy(me, "c", young), file(me, "c", old), copy(me, "d", old), file(me, "d", young))
        put(session, copy(me, "e~0123456789abcdef", young), file(me, "e", old))
        put(session, copy("nagon-annan", "c", old), file("nagon-annan", "b", old))
    assert carry_out(databases, settings)["unsaved"] == 5
    with databases.kept_for_reading() as session:
        texts = set(session.exec(select(WorkingCopy.person, WorkingCopy.key)))
        files = set(session.exec(select(WaitingFile.person, WaitingFile.key)))
    assert texts == {(me, "b"), (me, "c"), (me, "d"), (me, "e~0123456789abcdef")}
    assert files == {(me, "b"), (me, "c"), (me, "d"), (me, "e"), (me, "ensam-ung")}


def test_reports_go_so_long_after_they_were_done(databases: Databases, settings: Settings) -> None:
    limit = now() - KEPT_WHEN_DONE
    with databases.kept() as session:
        for token, done_at in (("gammal", limit - A_LITTLE), ("ung", limit + A_LITTLE), ("vantar", None)):
            put(session, Report(token=token, subject="fault", text="x", done_at=done_at, at=limit - timedelta(days=9)))
    assert carry_out(databases, settings)["reports"] == 1
    with databases.kept_for_reading() as session:
        assert set(session.exec(select(Report.token))) == {"ung", "vantar"}


def test_what_accounts_keep_for_a_time_goes_when_it_is_out(databases: Databases, settings: Settings) -> None:
    at, idle = now(), timedelta(hours=settings.session_hours)
    with databases.kept() as session:
        me = person_id(session)
        for name, more in (("gammal", A_LITTLE), ("ung", -A_LITTLE)):
            put(session, SignIn(digest=name, person_id=me, begun_at=at - idle - more, used_at=at - idle - more))
            put(session, OneTimeLink(digest=name, purpose=links.Purpose.PASSWORD, subject=me, expires_at=at - more))
            put(session, Person(id=name, email=f"{name}@solna.test", name=name))
            put(session, Reminder(person_id=name, ended_at=at - reminders.APART - more))
            expired = at - KEPT_WHEN_EXPIRED - more
            put(session, Invitation(email=name, organisation=name, role="member", title="x", expires_at=expired))
            tried = time.time() - LONGEST_WINDOW_SECONDS - more.total_seconds()
            put(session, SignInTry(counted_for=name, at=tried))
            put(
                session,
                Letter(sort="s", about=name, to_email=name, state="failed", put_at=at - KEPT_WHEN_FAILED - more),
            )
        put(session, Letter(sort="s", about="vantat", to_email="vantat", put_at=at - GIVE_UP - A_LITTLE))
    carry_out(databases, settings)
    with databases.kept_for_reading() as session:
        for column in (SignIn.digest, OneTimeLink.digest, Reminder.person_id, Invitation.email, SignInTry.counted_for):
            assert session.exec(select(column)).all() == ["ung"], column
        letters = dict(session.exec(select(Letter.about, Letter.state)).all())
    assert letters == {"ung": "failed", "vantat": "failed"}, "one that waited too long is given up, and then kept"


def test_the_audit_log_loses_what_is_past_its_time(databases: Databases, settings: Settings) -> None:
    past = (now() - KEPT_FOR - timedelta(days=1)).replace(tzinfo=None).isoformat(" ")
    with databases.kept() as session:
        connection = session.connection()
        never = connection.exec_driver_sql(
            "SELECT sql FROM sqlite_master WHERE name = 'audit_row_never_changed'"
        ).scalar_one()
        connection.exec_driver_sql("DROP TRIGGER audit_row_never_changed")
        connection.exec_driver_sql("UPDATE audit_row SET at = ? WHERE number <= 3", (past,))
        connection.exec_driver_sql(never)
    carry_out(databases, settings)
    with databases.kept_for_reading() as session:
        assert min(row.number or 0 for row in session.exec(select(AuditRow))) == 4


def test_the_copy_before_an_upgrade_goes_after_a_month(databases: Databases, settings: Settings) -> None:
    files = [settings.var / f"kept-before-{number}.db" for number in ("0001", "0002")]
    for number, one in enumerate(files):
        one.write_bytes(b"")
        at = time.time() - COPIES_BEFORE.total_seconds() + (-1 if number == 0 else 1) * A_LITTLE.total_seconds()
        os.utime(one, (at, at))
    assert carry_out(databases, settings)[COPIES] == 1
    assert [one.exists() for one in files] == [False, True]


def test_what_a_killed_backup_has_left_goes_but_not_what_one_works_with(
    databases: Databases, settings: Settings
) -> None:
    left = settings.var / "snapshot-0"
    left.mkdir()
    with only_one(settings.var / "backup.lock", RuntimeError()):
        carry_out(databases, settings)
        assert left.exists()
    carry_out(databases, settings)
    assert not left.exists()


def test_nothing_to_remove_is_nothing_to_tell(
    databases: Databases, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "app.keeping"):
        assert set(carry_out(databases, settings).values()) == {0}
        with databases.kept() as session:
            put(session, SignInTry(counted_for="x", at=0.0))
        carry_out(databases, settings)
    said = [record for record in caplog.records if record.name.startswith("app.keeping")]
    assert [(record.doing, record.rows) for record in said] == [("accounts", 1)]  # type: ignore[attr-defined]
