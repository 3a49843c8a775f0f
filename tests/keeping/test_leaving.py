"""Who ends their account is gone at once and from every byte that is kept; what they wrote stays."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlmodel import select, update

from app import create_app
from app.accounts import belonging, people
from app.accounts.proving import NOT_YOURS, SIGN_IN_ANEW
from app.accounts.tables import OrganisationRole, Person, SignIn
from app.config import Settings
from app.database import now
from app.history import last_change, working_copies
from app.history.tables import WorkingCopy
from app.keeping.erasing import Eraser
from app.keeping.leaving_pages import TICK_FIRST
from app.keeping.tables import Erasure
from app.mail import outbox
from app.mail.delivering import Deliveries
from app.publishing import Author, Change, FileChange
from tests.cast import ADMIN, COLLEAGUE, COORDINATOR, EDITOR, PASSWORD, Browser, Role, browser
from tests.house import House
from tests.mail.post_office import PostOffice, opened, sending

OWN = "/mitt-konto/avsluta"


@pytest.fixture
def written(app: Flask, house: House) -> House:
    """A page that Eva has changed, and something half written of hers."""
    house.write("practices", "sida")
    house.look()
    write_as(app, EDITOR, "sodertalje")
    with app.extensions["databases"].kept() as session:
        working_copies.keep(session, person(app, EDITOR).id, "practices:ny:1", None, {"values": {"title": "Halvt"}})
    return house


def write_as(app: Flask, role: Role, organisation: str) -> None:
    with app.app_context():
        document = app.extensions["library"].get("practices", "sida")
        author = Author(person(app, role).id, role.name, organisation)
        change = FileChange(document.path, document.text.replace("Text.", "Text, och mer."), document.version)
        app.extensions["archive"].publish(Change([change], author, "Ändrade", role.email))


def person(app: Flask, role: Role) -> Person:
    with app.extensions["databases"].kept_for_reading() as session:
        found = people.find(session, role.email)
        assert found is not None
        return found


def has_account(app: Flask, role: Role) -> bool:
    with app.extensions["databases"].kept_for_reading() as session:
        return people.find(session, role.email) is not None


def end(client: Browser, path: str = OWN, **more: str) -> tuple[int, str]:
    answer = client.post(path, data={"password": PASSWORD, **more})
    return answer.status_code, answer.text


def eraser_of(app: Flask) -> Eraser:
    return Eraser(app.extensions["settings"], app.extensions["databases"], app.extensions["archive"])


def files_with(home: Path, *words: str) -> list[str]:
    codings = [words.encode() for words in words]
    files = [file for file in home.rglob("*") if file.is_file()]
    return [file.name for file in files if any(coding in file.read_bytes() for coding in codings)]


def leave_between_the_rows(file: Path, words: str) -> None:
    """What a database that is not told otherwise leaves where a row was."""
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA secure_delete=OFF")
        database.execute("CREATE TABLE gone (words TEXT)")
        database.execute("INSERT INTO gone VALUES (?)", (words,))
        database.commit()
        database.execute("DROP TABLE gone")
        database.commit()
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert words.encode() in file.read_bytes()


def test_the_page_says_what_goes_and_what_stays(written: House, editor: Browser) -> None:
    text = editor.get(OWN).text
    assert "Det här försvinner" in text
    assert "(1 text)" in text
    assert "i 1 ändring" in text
    assert "Säkerhetskopior, tills de tas bort" in text
    assert "utan samordnare" not in text
    assert OWN in editor.get("/mitt-konto").text


def test_pages_on_which_the_name_stands_are_named_to_those_who_may_read_them(house: House, editor: Browser) -> None:
    house.write("practices", "sida", f"Fråga {EDITOR.name}.\n", title="Sidan med namnet")
    house.write("practices", "hemlig", f"Fråga {EDITOR.name}.\n", owner="solna", publication="draft", title="Hemligt")
    house.look()
    text = editor.get(OWN).text
    assert "Sidan med namnet" in text
    assert "Hemligt" not in text


def test_whoever_ends_their_account_is_gone_at_once_and_what_they_wrote_stays(written: House, editor: Browser) -> None:
    app = written.app
    elsewhere = browser(app, EDITOR)
    assert EDITOR.name in browser(app, COLLEAGUE).get("/arbetssatt/sida").text
    answer = editor.post(OWN, data={"password": PASSWORD})
    assert (answer.status_code, answer.location) == (303, "/konto-avslutat")
    assert "Kontot är avslutat" in editor.get("/konto-avslutat").text
    for client in (editor, elsewhere):
        assert client.get("/mitt-konto").status_code == 401
    assert not has_account(app, EDITOR)
    page = browser(app, COLLEAGUE).get("/arbetssatt/sida").text
    assert EDITOR.name not in page
    assert "Medlem i Södertälje" in page
    with app.app_context():
        document = app.extensions["library"].get("practices", "sida")
    with app.extensions["databases"].kept_for_reading() as session:
        change = last_change(session, document.id)
        assert change is not None
        assert (change.author_name, change.author_organisation) == ("Medlem i Södertälje", "sodertalje")
        assert session.exec(select(WorkingCopy)).all() == []
        assert session.exec(select(Erasure.reason)).one() == "personen själv"
    assert document.body.strip() == "Text, och mer."


def test_who_ends_their_account_while_the_index_is_rebuilt_is_not_named_by_the_new_one(
    written: House, editor: Browser
) -> None:
    app = written.app

    def end_it(done: int, total: int) -> None:
        if done == total:
            assert end(editor)[0] == 303

    app.extensions["archive"].rebuild(end_it)
    page = browser(app, COLLEAGUE).get("/arbetssatt/sida").text
    assert EDITOR.name not in page
    assert "Medlem i Södertälje" in page


def test_no_byte_of_name_or_address_is_left_when_the_worker_has_swept(written: House, editor: Browser) -> None:
    app = written.app
    settings = app.extensions["settings"]
    assert files_with(settings.home, EDITOR.name, EDITOR.email)
    (settings.var / "kept-before-0001.db").write_bytes(EDITOR.email.encode())
    of_a_killed_backup = settings.var / "snapshot-0/var/kept.db"
    of_a_killed_backup.parent.mkdir(parents=True)
    of_a_killed_backup.write_bytes(EDITOR.email.encode())
    leave_between_the_rows(settings.kept_file, EDITOR.email)
    assert end(editor)[0] == 303
    assert files_with(settings.home, EDITOR.name, EDITOR.email), "it can only be swept out"
    assert eraser_of(app).sweep()
    app.extensions["databases"].close()
    assert files_with(settings.home, EDITOR.name, EDITOR.email, EDITOR.email.upper()) == []
    assert files_with(settings.home, COLLEAGUE.email) != []
    assert not eraser_of(app).sweep(), "it is swept once"


def test_while_a_sweep_waits_for_somebody_who_reads_others_can_write(written: House, editor: Browser) -> None:
    """A backup, for instance, reads for as long as it copies."""
    file = written.app.extensions["settings"].kept_file
    assert end(editor)[0] == 303
    swept: list[bool] = []
    sweeping = threading.Thread(target=lambda: swept.append(eraser_of(written.app).sweep()))
    with closing(sqlite3.connect(file, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM revision").fetchone()
        sweeping.start()
        for _ in range(10):
            with closing(sqlite3.connect(file, timeout=10)) as writer:
                writer.execute("UPDATE erasure SET reason = reason || '.'")
                writer.commit()
            sweeping.join(0.1)
        assert sweeping.is_alive()
    sweeping.join()
    assert swept == [True]


def test_the_password_is_asked_for(written: House, editor: Browser) -> None:
    status, text = end(editor, password="fel lösenord som är långt")
    assert status == 422
    assert NOT_YOURS in text
    assert has_account(written.app, EDITOR)
    assert editor.get("/mitt-konto").status_code == 200


def test_wrong_passwords_are_slowed_down(written: House, editor: Browser) -> None:
    answers = [end(editor, password=f"fel lösenord nummer {number}")[0] for number in range(12)]
    assert answers[-1] == 429
    assert has_account(written.app, EDITOR)


def test_who_has_no_password_here_signs_in_anew_first(written: House, editor: Browser) -> None:
    with written.app.extensions["databases"].kept() as session:
        session.get_one(Person, person(written.app, EDITOR).id).password_hash = ""
        session.exec(update(SignIn).values(begun_at=now() - timedelta(minutes=11)))
    assert 'type="password"' not in editor.get(OWN).text
    status, text = end(editor)
    assert (status, SIGN_IN_ANEW in text) == (422, True)
    with written.app.extensions["databases"].kept() as session:
        session.exec(update(SignIn).values(begun_at=now() - timedelta(minutes=9)))
    assert end(editor)[0] == 303
    assert not has_account(written.app, EDITOR)


def test_it_asks_for_a_sign_in_and_refuses_others(app: Flask, anyone: Browser, editor: Browser) -> None:
    path = f"/personer/konto/{person(app, COLLEAGUE).id}/glom"
    for address in (OWN, path):
        assert anyone.get(address).status_code == 401
        assert anyone.post(address).status_code == 401
    assert editor.get(path).status_code == 403
    assert end(editor, path)[0] == 403
    assert editor.get("/personer/konto/ingen/glom").status_code == 403, "as for somebody who has an account"
    assert has_account(app, COLLEAGUE)


def test_the_last_coordinator_is_told_what_to_do_first(app: Flask, coordinator: Browser) -> None:
    text = coordinator.get(OWN).text
    assert "Det här blir utan samordnare" in text
    assert "<li>Sundbyberg</li>" in text
    status, text = end(coordinator)
    assert (status, TICK_FIRST in text) == (422, True)
    assert has_account(app, COORDINATOR)
    assert end(coordinator, known="ja")[0] == 303
    assert not has_account(app, COORDINATOR)


def test_one_of_several_coordinators_is_not(app: Flask, coordinator: Browser) -> None:
    with app.extensions["databases"].kept() as session:
        colleague = people.find(session, COLLEAGUE.email)
        assert colleague is not None
        belonging.set_role(session, colleague, "sundbyberg", OrganisationRole.COORDINATOR)
    assert "utan samordnare" not in coordinator.get(OWN).text
    assert end(coordinator)[0] == 303


def test_the_last_administrator_cannot(app: Flask, admin: Browser) -> None:
    assert "Gör någon annan till administratör först" in admin.get(OWN).text
    status, text = end(admin)
    assert (status, "enda administratörskontot" in text) == (409, True)
    assert has_account(app, ADMIN)
    with app.extensions["databases"].kept() as session:
        session.get_one(Person, person(app, COLLEAGUE).id).admin = True
    assert end(admin)[0] == 303


def test_an_administrator_forgets_a_person_who_asks_for_it(written: House, admin: Browser) -> None:
    path = f"/personer/konto/{person(written.app, EDITOR).id}/glom"
    assert path in admin.get(path.removesuffix("/glom")).text
    text = admin.get(path).text
    assert f"Glöm {EDITOR.name}" in text
    assert end(admin, path, password="fel lösenord som är långt")[0] == 422
    assert has_account(written.app, EDITOR)
    assert end(admin, path)[0] == 303
    assert not has_account(written.app, EDITOR)
    assert admin.get("/mitt-konto").status_code == 200
    assert admin.get(path).status_code == 404


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with opened() as office:
        yield office


def test_a_last_letter_tells_of_it_and_then_the_address_is_gone(settings: Settings, office: PostOffice) -> None:
    app = create_app(replace(sending(settings, office.port), contact_email="hjalp@kommunen.test"))
    app.extensions["archive"].reconcile()
    assert end(browser(app, EDITOR))[0] == 303
    assert not eraser_of(app).sweep(), "the letter has the address"
    parts = app.extensions
    Deliveries(parts["settings"], parts["databases"], parts["write_letter"]).deliver()
    [letter] = office.received
    assert letter["To"] == EDITOR.email
    assert "Ditt konto i Lärnät är avslutat" in office.texts[0]
    assert EDITOR.name not in office.texts[0]
    assert eraser_of(app).sweep()
    parts["databases"].close()
    assert files_with(settings.home, EDITOR.name, EDITOR.email) == []


def test_a_last_letter_that_cannot_be_sent_is_not_kept(settings: Settings, office: PostOffice) -> None:
    app = create_app(sending(settings, office.port))
    app.extensions["archive"].reconcile()
    assert end(browser(app, EDITOR))[0] == 303
    with app.extensions["databases"].kept() as session:
        session.exec(update(outbox.Letter).values(put_at=now() - outbox.GIVE_UP - timedelta(minutes=1)))
        outbox.give_up_old(session)
        assert outbox.listed(session) == []
    assert eraser_of(app).sweep()
    app.extensions["databases"].close()
