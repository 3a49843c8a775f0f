"""Named people stand in no file, are shown to those who may see them, and can be taken away for good."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlmodel import col, select, update
from werkzeug.test import TestResponse

from app import contacts
from app.audit import AuditRow, Deed
from app.cli import larnat
from app.contacts import KEPT_FOR, NamedPerson, Told
from app.database import now
from app.history.revisions import UNDOABLE
from app.history.tables import Revision
from app.keeping import named
from app.keeping.erasing import Eraser
from app.keeping.kept_of_one import HIDDEN_PAGE
from tests.cast import EDITOR, PASSWORD, Browser, browser
from tests.editing.writing import fill_in, leads_to, open_form
from tests.house import House

PAGE, PEOPLE = "/arbetssatt/kartan", "/arbetssatt/kartan/deltagare"
NAME, EMAIL, PHONE = "Nora Namngiven", "nora@solna.test", "08-123 45 67"
BOX = "Deltagare och kontakter</h2>"
SEARCH = "/personer/namngivna"


@pytest.fixture(autouse=True)
def kartan(house: House) -> None:
    """A page that anybody may read, of KNUT, of which Solna is a member and Håbo is not."""
    house.write("networks", "knut", title="KNUT", members=[{"organisation": "solna"}])
    house.write("practices", "kartan", networks=["knut"])
    house.look()


def add(client: Browser, page: str = PEOPLE, **more: str) -> TestResponse:
    told = {"part": "contact", "name": NAME, "title": "Teamledare", "organisation": "Solna stad", "email": EMAIL}
    return client.post(page, data={"_do": "add", **told, "phone": PHONE, **more})


def everybody(app: Flask) -> list[NamedPerson]:
    with app.extensions["databases"].kept_for_reading() as session:
        return list(session.exec(select(NamedPerson)))


def number_of(app: Flask) -> int:
    [one] = everybody(app)
    return one.number or 0


def do(client: Browser, verb: str, number: int, **typed: str) -> TestResponse:
    return client.post(PEOPLE, data={"_do": f"{verb} {number}", **typed})


def without_tokens(answer: TestResponse) -> str:
    return re.sub(r'(csrf[-_]token"[^>]*?(?:content|value)=)"[^"]*"', r"\1", answer.text)


def files_with(folder: Path, *words: str) -> set[str]:
    files = (file for file in folder.rglob("*") if file.is_file())
    return {file.name for file in files if any(word.encode() in file.read_bytes() for word in words)}


def test_somebody_is_named_and_stands_on_the_page(editor: Browser) -> None:
    answer = add(editor)
    assert (answer.status_code, answer.location) == (303, PEOPLE)
    for address in (PAGE, PEOPLE):
        text = editor.get(address).text
        assert all(words in text for words in (NAME, "Teamledare, Solna stad", EMAIL, PHONE))
    assert "Tas bort" in editor.get(PEOPLE).text


def test_members_of_its_networks_see_the_names_and_nobody_else_does(
    app: Flask, editor: Browser, reader: Browser, outsider: Browser, admin: Browser, anyone: Browser
) -> None:
    before = {client: without_tokens(client.get(PAGE)) for client in (outsider, anyone)}
    add(editor)
    for client in (editor, reader, admin):
        assert NAME in client.get(PAGE).text
    for client in (outsider, anyone):
        assert without_tokens(client.get(PAGE)) == before[client], "not even that there is anybody"
    with app.extensions["databases"].kept() as session:
        contacts.add(session, "another", Told("contact", "Någon Annan"))
    assert "Någon Annan" not in editor.get(PAGE).text


def test_a_page_without_networks_shows_its_names_to_those_who_write_it(
    house: House, editor: Browser, reader: Browser
) -> None:
    house.write("practices", "ensam")
    house.look()
    assert add(editor, "/arbetssatt/ensam/deltagare").status_code == 303
    assert NAME in editor.get("/arbetssatt/ensam").text
    assert NAME not in reader.get("/arbetssatt/ensam").text


def test_looking_after_them_asks_for_a_sign_in_and_refuses_others(
    app: Flask, editor: Browser, reader: Browser, anyone: Browser
) -> None:
    add(editor)
    for client, status in ((anyone, 401), (reader, 403)):
        assert client.get(PEOPLE).status_code == status
        assert add(client, name="Någon Annan").status_code == status
        assert do(client, "remove", number_of(app)).status_code == status
    assert len(everybody(app)) == 1


def test_names_are_in_no_file_no_history_no_search_and_nothing_that_is_taken_along(
    app: Flask, editor: Browser, admin: Browser, settings: object
) -> None:
    home = app.extensions["settings"].home
    add(editor)
    app.extensions["index"].index_words()
    app.extensions["databases"].close()
    assert files_with(home, NAME, EMAIL, PHONE) <= {"kept.db", "kept.db-wal"}
    with app.extensions["databases"].kept_for_reading() as session:
        assert session.exec(select(Revision).where(Revision.author_person.is_not(None))).all() == []  # type: ignore[union-attr]
    assert "kartan" not in admin.get("/sok", query_string={"q": "Namngiven"}).text
    assert NAME.encode() not in admin.get("/hamta/json").data
    with zipfile.ZipFile(io.BytesIO(admin.get("/hamta/markdown").data)) as archive:
        assert not any(NAME.encode() in archive.read(name) for name in archive.namelist())


def test_what_is_wrong_is_said_and_what_was_typed_is_there(app: Flask, editor: Browser) -> None:
    for typed, words in (
        ({"name": " "}, "Skriv namnet."),
        ({"email": "nora"}, "ingen e-postadress"),
        ({"phone": "ring"}, "inga siffror"),
        ({"title": "x" * 101}, "högst 100 tecken"),
        ({"part": "klient"}, "Välj kontakt eller deltagare."),
    ):
        answer = add(editor, **typed)
        assert answer.status_code == 422
        assert words in answer.text
        assert 'value="Solna stad"' in answer.text
    assert everybody(app) == []


def test_a_personal_number_does_not_get_in(app: Flask, editor: Browser) -> None:
    number = "19" + "121212-1212"
    for field in ("name", "title", "organisation", "phone"):
        answer = add(editor, **{field: f"{NAME} {number}"})
        assert answer.status_code == 422
        assert "personnummer" in answer.text
    app.extensions["databases"].close()
    assert files_with(app.extensions["settings"].home, number) == set()


def test_the_same_person_is_not_named_twice(app: Flask, editor: Browser) -> None:
    add(editor)
    add(editor)
    assert len(everybody(app)) == 1
    add(editor, part="participant")
    assert len(everybody(app)) == 2


def test_somebody_is_changed_and_confirmed_and_taken_away(app: Flask, editor: Browser) -> None:
    add(editor)
    number = number_of(app)
    assert f'value="{NAME}"' in editor.get(PEOPLE, query_string={"andra": number}).text
    told = {"part": "participant", "name": "Nora Nyttnamn", "email": ""}
    assert do(editor, "change", number, **{**told, "name": ""}).status_code == 422
    assert do(editor, "change", number, **told).status_code == 303
    [row] = everybody(app)
    assert (row.name, row.part, row.email, row.title) == ("Nora Nyttnamn", "participant", "", "")
    with app.extensions["databases"].kept() as session:
        session.exec(update(NamedPerson).values(confirmed_at=now() - timedelta(days=700)))
    assert do(editor, "confirm", number).status_code == 303
    assert everybody(app)[0].confirmed_at > now() - timedelta(minutes=5)
    assert do(editor, "remove", number).status_code == 303
    assert everybody(app) == []
    assert do(editor, "remove", number).status_code == 303, "twice does no harm"
    assert do(editor, "change", number, **told).status_code == 303
    assert everybody(app) == []


def test_nobody_is_reached_through_another_page(app: Flask, house: House, editor: Browser, outsider: Browser) -> None:
    add(editor)
    house.write("practices", "habos", owner="habo")
    house.look()
    for verb in ("remove", "confirm", "change"):
        data = {"_do": f"{verb} {number_of(app)}", "part": "contact", "name": "Ulla Utanför"}
        assert outsider.post("/arbetssatt/habos/deltagare", data=data).status_code == 303
    assert everybody(app)[0].name == NAME


def test_they_follow_their_page_when_it_is_moved(app: Flask, house: House, editor: Browser) -> None:
    add(editor)
    page = editor.get(f"{PAGE}/flytta")
    fields = dict(re.findall(r'name="(_[a-z]+|csrf_token)" value="([^"]*)"', page.text))
    answer = editor.post(f"{PAGE}/flytta", data={**fields, "address": "ny-karta"})
    assert leads_to(answer, "/arbetssatt/ny-karta"), answer.text
    assert NAME in editor.get(answer.location).text


def test_they_are_forgotten_when_their_time_is_out_or_their_page_is_gone_for_good(
    app: Flask, house: House, editor: Browser
) -> None:
    add(editor)
    add(editor, name="Olle Obekräftad")
    databases = app.extensions["databases"]
    with databases.kept() as session:
        late = col(NamedPerson.name) == "Olle Obekräftad"
        session.exec(update(NamedPerson).where(late).values(confirmed_at=now() - KEPT_FOR - timedelta(days=1)))
        assert named.forget_old(session) == 1
    assert [one.name for one in everybody(app)] == [NAME]
    (app.extensions["settings"].home / "content/practices/kartan.md").unlink()
    house.look()
    with databases.kept() as session:
        assert named.forget_old(session) == 0, "the page can be brought back"
        session.exec(update(Revision).values(at=now() - UNDOABLE - timedelta(days=1)))
        assert named.forget_old(session) == 1


def test_the_form_leads_there_and_loses_nothing(editor: Browser) -> None:
    form = open_form(editor, f"{PAGE}/andra")
    assert "Namnge personer" in form.text
    answer = fill_in(editor, form, "people", summary="Halvt skrivet")
    assert (answer.status_code, answer.location) == (303, PEOPLE)
    assert "Halvt skrivet" in open_form(editor, f"{PAGE}/andra").text


def test_a_coordinator_finds_and_removes_somebody_from_the_pages_that_they_look_after(
    app: Flask, house: House, editor: Browser, coordinator: Browser, admin: Browser, anyone: Browser
) -> None:
    house.write("practices", "sundbybergs", owner="sundbyberg")
    house.look()
    add(editor)
    add(coordinator, "/arbetssatt/sundbybergs/deltagare")
    assert editor.get(SEARCH).status_code == 403
    assert editor.post(SEARCH, data={"q": NAME}).status_code == 403
    assert anyone.get(SEARCH).status_code == 401
    assert anyone.post(SEARCH, data={"q": NAME}).status_code == 401
    text = coordinator.get(SEARCH, query_string={"q": f" {NAME.upper()} "}).text
    assert "sundbybergs" in text
    assert "kartan" not in text
    assert "Ingen heter så" in coordinator.get(SEARCH, query_string={"q": "Nora"}).text
    assert coordinator.post(SEARCH, data={"q": EMAIL}).status_code == 303
    assert len(everybody(app)) == 1
    assert admin.post(SEARCH, data={"q": NAME}).status_code == 303
    assert everybody(app) == []


@pytest.mark.parametrize("way", ["remove", "change", "forgotten"])
def test_the_worker_sweeps_out_what_is_left_of_whom_a_page_names_no_longer(
    app: Flask, editor: Browser, way: str
) -> None:
    add(editor)
    parts, number = app.extensions, number_of(app)
    eraser = Eraser(parts["settings"], parts["databases"], parts["archive"])
    assert not eraser.sweep(), "nobody has been taken away"
    if way == "forgotten":
        with parts["databases"].kept() as session:
            session.exec(update(NamedPerson).values(confirmed_at=now() - KEPT_FOR - timedelta(days=1)))
            named.forget_old(session)
    else:
        do(editor, way, number, part="contact", name="Olle Ny")
    assert eraser.sweep()
    assert files_with(parts["settings"].home, NAME, EMAIL, PHONE) == set()
    assert not eraser.sweep(), "once is enough"
    do(editor, "remove", number + 1)
    assert not eraser.sweep(), "nobody with that number was there"


def test_a_number_in_what_is_said_of_somebody_is_stopped_and_told_of(app: Flask, editor: Browser) -> None:
    assert add(editor, title="880320" + "-1238").status_code == 422
    assert add(editor, email="ingen adress").status_code == 422
    with app.extensions["databases"].kept_for_reading() as session:
        told = session.exec(select(AuditRow).where(AuditRow.deed == Deed.NUMBER_IN_FORM)).all()
    assert [row.times for row in told] == [1]
    assert everybody(app) == []


def test_a_command_erases_somebody_everywhere_to_the_last_byte(app: Flask, editor: Browser) -> None:
    add(editor)
    add(editor, part="participant")
    settings = app.extensions["settings"]
    app.extensions["databases"].close()

    def run(*words: str) -> str:
        done = CliRunner().invoke(larnat, ["erase", "named", *words], obj=settings)
        return f"{done.exit_code} {done.output}"

    assert run("Nora", "--yes").startswith("1 ")
    assert "2 ställen" in run(NAME, "--yes")
    assert files_with(settings.home, NAME, EMAIL, PHONE) == set()


def test_who_ends_their_account_is_named_nowhere(app: Flask, editor: Browser) -> None:
    add(editor, name="Eva  editor", email="", phone="")
    add(editor, name="Tjänstebrevlådan", email=EDITOR.email)
    add(editor)
    assert browser(app, EDITOR).post("/mitt-konto/avsluta", data={"password": PASSWORD}).status_code == 303
    assert [one.name for one in everybody(app)] == [NAME]


def test_erased_words_are_taken_out_of_them_too(app: Flask, editor: Browser) -> None:
    add(editor)
    parts = app.extensions
    Eraser(parts["settings"], parts["databases"], parts["archive"]).text("Namngiven", "", really=True)
    assert everybody(app)[0].name == "Nora [raderat]"


def test_a_person_gets_the_pages_on_which_their_address_stands(app: Flask, editor: Browser) -> None:
    add(editor, name="Eva E", email=EDITOR.email.upper())
    add(editor)
    answer = editor.post("/mitt-konto/uppgifter", data={"password": PASSWORD})
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        [row] = json.loads(archive.read("uppgifter.json"))["named"]
    assert (row["name"], row["page"], row["part"]) == ("Eva E", "Kartan", "kontakt")


def test_a_person_is_told_that_a_hidden_page_names_them_and_not_what_it_is_called(
    app: Flask, house: House, editor: Browser, outsider: Browser
) -> None:
    house.write("practices", "dold", title="Kvastskaftsplanen", owner="habo", publication="draft")
    house.look()
    add(outsider, "/arbetssatt/dold/deltagare", name="Eva E", email=EDITOR.email)
    answer = editor.post("/mitt-konto/uppgifter", data={"password": PASSWORD})
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        told = archive.read("uppgifter.json").decode()
    assert json.loads(told)["named"][0]["page"] == HIDDEN_PAGE
    assert "Kvastskaftsplanen" not in told


def test_who_writes_how_a_person_is_reached_is_told_where_it_belongs_and_not_stopped(editor: Browser) -> None:
    told = "en e-postadress som ser ut att vara en persons och ett mobilnummer"
    form = open_form(editor, f"{PAGE}/andra")
    answer = fill_in(editor, form, "save", summary="Fråga nora.namngiven@solna.test, 070" + "-123 45 67.")
    assert answer.status_code == 303
    assert f"Sidan har {told}" in editor.get(answer.location).text
    answer = fill_in(editor, open_form(editor, f"{PAGE}/andra"), "save", summary="Fråga enheten@solna.test.")
    assert "Sidan har en e-postadress" not in editor.get(answer.location).text


def test_files_in_which_a_person_can_be_reached_get_a_hint(app: Flask, house: House) -> None:
    house.write("practices", "kartan", contact="nora.namngiven@solna.test")
    done = CliRunner().invoke(larnat, ["check"], obj=app.extensions["settings"])
    assert re.search(r"Tips: content/practices/kartan\.md, rad 6: här står en e-postadress som ser ut att", done.output)
    assert "nora.namngiven" not in done.output
    assert done.exit_code == 0, "a hint, and no fault"
