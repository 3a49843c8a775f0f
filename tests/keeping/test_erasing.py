"""What is erased is gone from every byte that is kept, and history still tells that something was changed."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlmodel import select

from app.cli import larnat
from app.database import Databases, Kept
from app.history import text_of, working_copies
from app.history.tables import RevisionFile, Text
from app.keeping.erasing import NAMING, Eraser
from app.keeping.snapshot import NotPossible
from app.keeping.tables import Erasure
from app.library.shelf import version_of
from app.publishing import Author
from tests.cast import EDITOR, Browser, browser
from tests.house import House
from tests.publishing.desk import PRACTICE, Desk
from tests.publishing.desk import text_of as practice

SECRET = "Åke Östlund"


def eraser_of(desk: Desk) -> Eraser:
    return Eraser(desk.settings, desk.databases, desk.archive)


def kept_bytes(settings_file: Path) -> bytes:
    files = [settings_file.with_name(settings_file.name + end) for end in ("", "-wal")]
    return b"".join(file.read_bytes() for file in files if file.exists())


def test_words_are_gone_from_every_text_and_the_rest_can_be_read(desk: Desk) -> None:
    document = desk.create("sida", f"Före. {SECRET} efter.\n")
    desk.edit(document, practice("sida", f"Före. {unicodedata.normalize('NFD', SECRET)} efter.\n"))
    desk.edit(desk.read("sida"), practice("sida", "Ingen nämns.\n"))
    with desk.databases.kept() as session:
        working_copies.keep(session, "anna", "nyckel", document.version, {"body": [f"Om {SECRET}"], "n": "1"})
    erased = eraser_of(desk).text(SECRET, "begäran", really=True)
    assert (erased.texts, erased.drafts) == (2, 1)
    entries = desk.history(document.id)
    assert [entry.has_text for entry in entries] == [True] * 3
    with desk.databases.kept_for_reading() as session:
        texts = [text_of(session, entry.version or "") or "" for entry in entries]
        assert ["[raderat]" in text for text in texts] == [False, True, True]
        assert "Före. [raderat] efter." in texts[2]
        draft = working_copies.find(session, "anna", "nyckel")
        assert draft is not None
        assert draft.fields == {"body": ["Om [raderat]"], "n": "1"}
        assert draft.base_version == entries[2].version
        for version in session.exec(select(Text.version)):
            assert version == version_of((text_of(session, version) or "").encode())
        named = {one for file in session.exec(select(RevisionFile)) for one in (file.version, file.base_version) if one}
        assert named <= set(session.exec(select(Text.version)))
        assert [(one.sort, one.reason, one.texts) for one in session.exec(select(Erasure))] == [("text", "begäran", 2)]
    assert document.version.encode() not in kept_bytes(desk.settings.kept_file), "a checksum helps whoever guesses"
    desk.assert_in_step()


def test_no_byte_of_what_was_erased_is_left(desk: Desk) -> None:
    document = desk.create("sida", "Text.\n")
    for number in range(20):
        document = desk.read("sida")
        desk.edit(document, practice("sida", f"Text {number}.\n"), author=Author("hilda", "Hemliga Hilda", "solna"))
    assert b"Hemliga Hilda" in kept_bytes(desk.settings.kept_file)
    eraser_of(desk).text("Hemliga Hilda", "", really=True)
    assert b"Hemliga Hilda" not in kept_bytes(desk.settings.kept_file)
    assert {entry.author_name for entry in desk.history(document.id)[:20]} == {"[raderat]"}


def test_words_that_stand_in_a_present_file_are_not_erased(desk: Desk) -> None:
    desk.create("sida", f"Om {SECRET}.\n")
    with pytest.raises(NotPossible, match=PRACTICE.format("sida")):
        eraser_of(desk).text(SECRET, "", really=True)
    with pytest.raises(NotPossible, match="minst"):
        eraser_of(desk).text("å ", "", really=True)
    assert desk.read("sida").body.strip() == f"Om {SECRET}."
    with desk.databases.kept_for_reading() as session:
        assert session.exec(select(Erasure)).all() == []


def test_asking_first_changes_nothing(desk: Desk) -> None:
    document = desk.create("sida", f"Om {SECRET}.\n")
    desk.edit(document, practice("sida", "Utan.\n"))
    assert eraser_of(desk).text(SECRET, "", really=False).texts == 1
    with desk.databases.kept_for_reading() as session:
        assert SECRET in (text_of(session, document.version) or "")
        assert session.exec(select(Erasure)).all() == []


def test_what_was_erased_can_still_be_gone_back_to(desk: Desk) -> None:
    document = desk.create("sida", f"Om {SECRET}.\n")
    desk.edit(document, practice("sida", "Utan.\n"))
    removed = desk.remove(desk.read("sida"))
    eraser_of(desk).text(SECRET, "", really=True)
    from tests.publishing.desk import ANNA

    desk.archive.undo_deletion(removed.number, ANNA)
    assert desk.read("sida").body.strip() == "Utan."
    desk.assert_in_step()


@pytest.fixture
def written(app: Flask, house: House, editor: Browser) -> House:
    """A page that Eva has changed, and a draft of hers."""
    from app.publishing import Author, Change, FileChange

    house.write("practices", "sida")
    house.look()
    with app.app_context():
        extensions = app.extensions
        document = extensions["library"].get("practices", "sida")
        with extensions["databases"].kept() as session:
            from app.accounts import people

            eva = people.find(session, EDITOR.email)
            assert eva is not None
            working_copies.keep(session, eva.id, "nyckel", None, {"title": "Utkast"})
        author = Author(eva.id, eva.name, "sodertalje")
        change = FileChange(document.path, document.text.replace("Text.", "Ny text."), document.version)
        extensions["archive"].publish(Change([change], author, "Ändrade", "mark"))
    return house


def run(app: Flask, *words: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(larnat, ["erase", *words], obj=app.extensions["settings"], input=typed)


def test_a_person_is_gone_and_the_texts_stay_with_role_and_organisation(written: House, editor: Browser) -> None:
    settings = written.app.extensions["settings"]
    done = run(written.app, "person", EDITOR.email, "--yes", "--reason", "slutat")
    assert done.exit_code == 0, done.output
    assert "Äldre säkerhetskopior har det kvar" in done.output
    written.app.extensions["databases"].close()
    content = kept_bytes(settings.kept_file)
    assert EDITOR.name.encode() not in content
    assert EDITOR.email.encode() not in content
    databases = Databases(settings)
    with written.app.app_context():
        document = written.app.extensions["library"].get("practices", "sida")
    from app.history import last_change

    with databases.kept_for_reading() as session:
        change = last_change(session, document.id)
        assert change is not None
        assert (change.author_name, change.author_organisation) == ("Medlem i Södertälje", "sodertalje")
        assert change.author_person is None
        assert change.has_text
        assert session.exec(select(Erasure.reason)).one() == "slutat"
    assert document.body.strip() == "Ny text."
    databases.close()
    generation = written.app.extensions["index"].generations
    assert EDITOR.name.encode() not in generation.derived_file(generation.living()).read_bytes()


def test_an_erased_person_is_signed_out_and_cannot_sign_in(written: House, editor: Browser) -> None:
    assert editor.get("/mitt-konto").status_code == 200
    assert run(written.app, "person", EDITOR.email, "--yes").exit_code == 0
    assert editor.get("/mitt-konto").status_code == 401
    with pytest.raises(AssertionError):
        browser(written.app, EDITOR)


def test_a_report_forgets_the_address_and_the_words(written: House, anyone: Browser) -> None:
    from tests.feedback.reporting import kept, send

    send(
        anyone,
        text=f"{SECRET} når ni på {EDITOR.email}.",
        tools=f"x{EDITOR.email}",
        email_or_phone="EDITOR@Sodertalje.TEST",
    )
    done = run(written.app, "person", EDITOR.email, "--yes")
    assert "1 rapporter" in done.output
    assert run(written.app, "text", "--yes", typed=f"{SECRET}\n").exit_code == 0
    written.app.extensions["databases"].close()
    [report] = kept(written.app)
    assert report.text == "[raderat] når ni på [raderat]."
    assert (report.tools, report.email_or_phone) == (f"x{EDITOR.email}", "[raderat]")
    content = kept_bytes(written.app.extensions["settings"].kept_file)
    assert SECRET.encode() not in content
    assert b"EDITOR@Sodertalje" not in content


def test_nothing_is_erased_without_a_yes(written: House) -> None:
    assert run(written.app, "person", EDITOR.email, typed="n\n").exit_code == 1
    assert EDITOR.name.encode() in kept_bytes(written.app.extensions["settings"].kept_file)
    missing = run(written.app, "person", "ingen@larnat.test", "--yes")
    assert missing.exit_code == 1
    assert "Det finns inget konto" in missing.output


def test_words_come_from_standard_in(written: House) -> None:
    done = run(written.app, "text", "--yes", typed="Ny text.\n")
    assert done.exit_code == 1
    assert "Ändra där först" in done.output
    done = run(written.app, "text", "--yes", typed="Text.\n")
    assert done.exit_code == 0
    assert "1 tidigare texter" in done.output


def test_every_column_that_names_a_person_is_known_here() -> None:
    import app.history.tables
    import app.keeping.tables  # noqa: F401

    likely = ("person", "email", "name", "author", "user")
    found = {
        table.name: names
        for table in Kept.metadata.sorted_tables
        if (names := {column.name for column in table.columns if any(word in column.name for word in likely)})
    }
    found["person"].add("id")
    found["revision"].discard("author_organisation")
    assert found == NAMING
