"""A person gets everything that is kept of them, and nothing of anybody else."""

from __future__ import annotations

import io
import json
import time
import zipfile
from typing import Any

import pytest
from flask import Flask
from sqlmodel import func, select

from app import contacts
from app.accounts import belonging, invitations, links, people, reminders
from app.accounts.circles import Circle
from app.accounts.letters import Sort
from app.accounts.links import Purpose
from app.accounts.oidc import identities
from app.accounts.proving import NOT_YOURS
from app.accounts.sign_ins import Lifetime
from app.accounts.tables import (
    Coordination,
    Identity,
    Invitation,
    Membership,
    OneTimeLink,
    OrganisationRole,
    Person,
    Reminder,
    SignIn,
)
from app.audit import AuditRow
from app.contacts import NamedPerson, Told
from app.database import Kept
from app.feedback.reports import Report
from app.history import waiting_files, working_copies
from app.history.tables import Revision, RevisionFile, State, WaitingFile, WorkingCopy
from app.history.waiting_files import Waiting
from app.keeping.kept_of_one import DEEDS, LEFT_OUT, NOT_TOLD, OUTCOMES, TOLD
from app.mail import outbox
from app.mail.outbox import Letter
from app.publishing import Author, Change, FileChange
from app.web.text import today
from tests.accounts.oidc.issuers import issuer_at
from tests.cast import COLLEAGUE, EDITOR, PASSWORD, READER, Browser, Role
from tests.feedback.reporting import send
from tests.house import House

ADDRESS = "/mitt-konto/uppgifter"
HALF_WRITTEN = "Det halvskrivna om kvastskaft"
WAITING = b"En fil som ligger och venter"
KNUT = "11111111-1111-4111-8111-111111111111"
MINE, NOT_MINE = "Det Eva skrev om borsthuvud.", "Det Kim skrev om sopskyffel."


def person(app: Flask, role: Role) -> Person:
    with app.extensions["databases"].kept_for_reading() as session:
        found = people.find(session, role.email)
        assert found is not None
        return found


def save(app: Flask, role: Role, slug: str, text: str) -> None:
    with app.app_context():
        document = app.extensions["library"].get("practices", slug)
        author = Author(person(app, role).id, role.name, "sodertalje")
        changed = document.text.replace(document.body.strip(), text)
        change = Change([FileChange(document.path, changed, document.version)], author, f"Ändrade {slug}", f"{slug}-1")
        app.extensions["archive"].publish(change)


@pytest.fixture
def lived_in(app: Flask, house: House, editor: Browser) -> Flask:
    """A house in which Eva and others have left something in every kept table."""
    for slug in ("sida", "kims", "flyttad"):
        house.write("practices", slug)
    house.write("networks", "knut", id=KNUT)
    house.look()
    save(app, EDITOR, "sida", MINE)
    save(app, COLLEAGUE, "kims", NOT_MINE)
    save(app, EDITOR, "flyttad", "Det som flyttade till Solna.")
    house.write("practices", "flyttad", owner="solna", publication="draft")
    house.look()
    eva, kim = person(app, EDITOR), person(app, COLLEAGUE)
    solna = Circle("organisation", "solna", "solna", "Solna")
    with app.extensions["databases"].kept() as session:
        for one in (eva, kim):
            fields = {"values": {"title": HALF_WRITTEN + one.name, "owner": "sodertalje"}, "note": "En rad"}
            working_copies.keep(session, one.id, "practices:ny:1", None, fields)
            file = Waiting("rum.txt", "Rummet", "Ett rum", "0" * 64, 0)
            waiting_files.keep(session, one.id, "practices:ny:1", file, WAITING + one.name.encode())
            outbox.put(session, Sort.PASSWORD_CHANGED, one.id, one.email)
            reminders.ask_for(session, one.id)
            links.make(session, Purpose.PASSWORD, one.id, Lifetime.of(app.extensions["settings"]).idle)
            belonging.set_coordinator(session, one, KNUT, coordinates=True)
            identities.add(session, issuer_at("https://login.example"), one.name, one)
            told = Told("participant", f"Den som heter {one.name}", "Handläggare", "Exempelkommunen", one.email, "08-1")
            contacts.add(session, KNUT, told)
            invitations.invite(session, solna, one.email, OrganisationRole.MEMBER, kim.id, letter=False)
        invitations.invite(session, solna, READER.email, OrganisationRole.COORDINATOR, eva.id, letter=False)
    send(editor, text="Kvasten fattas.", email_or_phone=EDITOR.email)
    send(editor, text="Skyffeln fattas.", email_or_phone=COLLEAGUE.email)
    return app


def fetched(client: Browser) -> dict[str, bytes]:
    answer = client.post(ADDRESS, data={"password": PASSWORD})
    assert answer.status_code == 200, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_every_kept_table_is_told_of_or_left_out_for_a_reason() -> None:
    import app.history.tables
    import app.keeping.tables  # noqa: F401

    tables = {table.name: {column.name for column in table.columns} for table in Kept.metadata.sorted_tables}
    assert not TOLD.keys() & LEFT_OUT.keys()
    assert tables.keys() <= TOLD.keys() | LEFT_OUT.keys()
    assert NOT_TOLD.keys() == TOLD.keys()
    assert all(columns.keys() <= tables[name] for name, columns in NOT_TOLD.items())
    assert all(reason for columns in NOT_TOLD.values() for reason in columns.values())


def test_every_column_is_in_the_archive(lived_in: Flask, editor: Browser) -> None:
    files = fetched(editor)
    told = json.loads(files["uppgifter.json"])
    everything = b"\n".join(files.values()).decode()
    eva = person(lived_in, EDITOR)
    mine = ("person_id", "person", "author_person", "email_or_phone", "to_email", "subject", "email", "id")
    seen = set()
    with lived_in.extensions["databases"].kept_for_reading() as session:
        for table in Kept.metadata.sorted_tables:
            if table.name not in TOLD or table.name in ("revision_file", "text"):
                continue
            whose = next(name for name in mine if name in table.c)
            for row in session.connection().execute(table.select()).mappings():
                if row[whose] not in (eva.id, eva.email):
                    continue
                seen.add(table.name)
                for name, value in row.items():
                    if name in NOT_TOLD[table.name] or value in (None, "", True, False):
                        continue
                    for word in words_of(table.name, name, value):
                        assert word in everything, (table.name, name, word)
    assert seen == TOLD.keys() - {"revision_file", "text"}
    assert set(told) == {part for parts in TOLD.values() for part in parts}
    assert all(told[part] for part in told), "every part has something in it here"


@pytest.mark.usefixtures("colleague")
def test_every_part_has_as_many_rows_as_are_kept_of_oneself(lived_in: Flask, editor: Browser) -> None:
    told = json.loads(fetched(editor)["uppgifter.json"])
    eva = person(lived_in, EDITOR)
    whose = {
        "memberships": (Membership, Membership.person_id == eva.id),
        "coordinations": (Coordination, Coordination.person_id == eva.id),
        "sign_ins": (SignIn, SignIn.person_id == eva.id),
        "identities": (Identity, Identity.person_id == eva.id),
        "reminders": (Reminder, Reminder.person_id == eva.id),
        "links": (OneTimeLink, OneTimeLink.subject == eva.id),
        "invitations_to_you": (Invitation, Invitation.email == eva.email),
        "invitations_by_you": (Invitation, Invitation.by_person == eva.id),
        "letters": (Letter, Letter.to_email == eva.email),
        "half_written": (WorkingCopy, WorkingCopy.person == eva.id),
        "waiting_files": (WaitingFile, WaitingFile.person == eva.id),
        "changes": (Revision, Revision.author_person == eva.id),
        "named": (NamedPerson, NamedPerson.email == eva.email),
        "reports": (Report, Report.email_or_phone == eva.email),
    }
    with lived_in.extensions["databases"].kept_for_reading() as session:
        kept = {
            part: session.connection().execute(select(func.count()).select_from(table).where(mine)).scalar_one()
            for part, (table, mine) in whose.items()
        }
        others = {
            part: session.connection().execute(select(func.count()).select_from(table)).scalar_one()
            for part, (table, _) in whose.items()
        }
        log = session.exec(select(AuditRow)).all()
    assert {part: len(told[part]) for part in whose} == kept
    assert all(others[part] > kept[part] > 0 for part in whose), "others have some as well"
    by_eva = [row for row in log if row.by_person == eva.id]
    about_eva = [row for row in log if row.person == eva.id and row not in by_eva]
    assert [one["by_you"] for one in told["audit"]].count(True) == len(by_eva)
    assert [one["by_you"] for one in told["audit"]].count(False) == len(about_eva) > 0
    assert len(log) > len(by_eva) + len(about_eva)


def test_a_change_that_came_to_nothing_is_not_told_of(lived_in: Flask, editor: Browser) -> None:
    eva = person(lived_in, EDITOR)
    with lived_in.extensions["databases"].kept() as session:
        session.add(Revision(sort="edit", state=State.FAILED, summary="Blev inget", author_person=eva.id))
    assert "Blev inget" not in fetched(editor)["uppgifter.json"].decode()


def words_of(table: str, column: str, value: Any) -> list[str]:
    match table, column:
        case "letter", "sort":
            return ["Besked om bytt lösenord"]
        case "working_copy", "fields":
            return [HALF_WRITTEN + EDITOR.name, "En rad"]
        case "waiting_file", "content":
            return [value.decode()]
        case "audit_row", "deed":
            return [DEEDS[value]]
        case "named_person", "part":
            return ["deltagare"]
        case "audit_row", "outcome":
            return [OUTCOMES[value]]
        case "audit_row" | "coordination", "network":
            return ["Knut"]
    return [str(value)]


def test_the_texts_that_one_wrote_are_there_and_only_those_that_one_may_read(lived_in: Flask, editor: Browser) -> None:
    files = fetched(editor)
    texts = {name: content.decode() for name, content in files.items() if name.startswith("texter/")}
    assert [MINE in text for text in texts.values()] == [True]
    changes = json.loads(files["uppgifter.json"])["changes"]
    assert {page for change in changes for page in change["pages"]} == {"Sida", "Flyttad"}
    with lived_in.extensions["databases"].kept_for_reading() as session:
        mine = select(RevisionFile.version).join(Revision).where(Revision.author_person == person(lived_in, EDITOR).id)
        assert {file["version"] for change in changes for file in change["files"]} == set(session.exec(mine))


def test_nothing_of_anybody_else_and_no_secret_is_in_it(lived_in: Flask, editor: Browser) -> None:
    everything = b"\n".join(fetched(editor).values()).decode()
    kim, eva = person(lived_in, COLLEAGUE), person(lived_in, EDITOR)
    for words in (kim.name, kim.email, kim.id, READER.email, NOT_MINE, "Skyffeln fattas", "Det som flyttade"):
        assert words not in everything
    assert str(eva.password_hash) not in everything
    with lived_in.extensions["databases"].kept_for_reading() as session:
        for name in ("sign_in.digest", "one_time_link.digest", "report.token", "audit_row.digest"):
            for value in session.connection().exec_driver_sql(f"SELECT {name} FROM {name.partition('.')[0]}").scalars():
                assert value not in everything
        assert len(session.exec(select(Invitation)).all()) == 3
        assert len(session.exec(select(Coordination)).all()) == 2


def test_people_can_read_it(lived_in: Flask, editor: Browser) -> None:
    files = fetched(editor)
    read_me = files["LÄSMIG.txt"].decode()
    assert "Det här är inte med:" in read_me
    assert all(reason in read_me for reason in LEFT_OUT.values())
    page = files["uppgifter.html"].decode()
    assert "<h2>Ändringar som du har gjort</h2>" in page
    assert "<dt>Roll</dt><dd>medlem</dd>" in page
    assert EDITOR.email in page
    assert "<script" not in page
    assert "http" not in page.replace("https://", "http") or "src=" not in page
    assert f"Rubrik:\n{HALF_WRITTEN}" in files["halvskrivet/1.txt"].decode()


def test_what_somebody_is_called_does_nothing_in_the_page(lived_in: Flask, editor: Browser) -> None:
    with lived_in.extensions["databases"].kept() as session:
        session.get_one(Person, person(lived_in, EDITOR).id).title = "<script>alert(1)</script>"
    assert "&lt;script&gt;" in fetched(editor)["uppgifter.html"].decode()


def test_the_password_is_asked_for(app: Flask, editor: Browser) -> None:
    assert "Ditt lösenord" in editor.get(ADDRESS).text
    answer = editor.post(ADDRESS, data={"password": "ett annat långt lösenord"})
    assert (answer.status_code, NOT_YOURS in answer.text) == (422, True)
    assert answer.mimetype == "text/html"


def test_it_asks_for_a_sign_in(anyone: Browser) -> None:
    assert anyone.get(ADDRESS).status_code == 401
    assert anyone.post(ADDRESS, data={"password": PASSWORD}).status_code == 401


def test_who_has_left_nothing_gets_an_archive_all_the_same(app: Flask, reader: Browser) -> None:
    told = json.loads(fetched(reader)["uppgifter.json"])
    assert told["account"]["email"] == READER.email
    assert told["changes"] == []
    assert reader.post(ADDRESS, data={"password": PASSWORD}).status_code == 200, "the way is free again"


@pytest.mark.parametrize("zone", ["XXX-14", "XXX+12"])
def test_a_file_is_named_after_the_swedish_day_wherever_the_machine_has_its_clock(
    app: Flask, editor: Browser, monkeypatch: pytest.MonkeyPatch, zone: str
) -> None:
    """At any moment it is another day than in Sweden in at least one of the zones."""
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        own, shown = editor.post(ADDRESS, data={"password": PASSWORD}), editor.get("/hamta/json")
    finally:
        monkeypatch.undo()
        time.tzset()
    assert own.headers["Content-Disposition"] == f'attachment; filename="larnat-mina-uppgifter-{today()}.zip"'
    assert shown.headers["Content-Disposition"] == f'attachment; filename="larnat-{today()}.json"'
