"""Files beside documents: saved, moved, removed and brought back with them, and as safely."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from app.history.attached import removed_from
from app.history.revisions import content_of
from app.history.tables import Sort, State
from app.library.document import BrokenDocument, Document
from app.library.shelf import version_of
from app.publishing import FileChange, Refused, SlugTaken, StaleVersion
from app.publishing.changes import Next
from app.publishing.looking import in_small_parts
from tests.publishing.desk import ANNA, PRACTICE, Desk, id_of, some_token, text_of

# Not UTF-8, and with everything that text could trip over.
BYTES = bytes(range(256)) * 40
OTHER = b"\xff\xd8 en annan"


def place(slug: str, name: str) -> str:
    return PRACTICE.format(slug).removesuffix(".md") + f".files/{name}"


def attached(slug: str, name: str = "bild.png", content: bytes = BYTES, replaces: str | None = None) -> FileChange:
    return FileChange(place(slug, name), None, replaces, content)


def with_file(desk: Desk, slug: str = "samtal", name: str = "bild.png") -> Document:
    desk.change(FileChange(PRACTICE.format(slug), text_of(slug), None), attached(slug, name))
    return desk.read(slug)


def outside(desk: Desk, slug: str, name: str, content: bytes = BYTES) -> Path:
    file = desk.home / place(slug, name)
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(content)
    return file


def names(desk: Desk, slug: str) -> list[str]:
    return [one.name for one in desk.library.attached(PRACTICE.format(slug))]


def told(desk: Desk, document_id: str) -> list[tuple[str, ...]]:
    """What each revision of a document did with its attachments, the newest first."""
    return [tuple(one.words for one in entry.attached) for entry in desk.history(document_id)]


def move(desk: Desk, document: Document, slug: str) -> None:
    text = text_of(document.slug, extra=f"former_slugs:\n- {document.slug}\n", id=document.id)
    desk.change(FileChange(PRACTICE.format(slug), text, None), FileChange(document.path, None, document.version))


# ---- With a save ----


def test_a_document_and_its_files_are_saved_together(desk: Desk) -> None:
    document = with_file(desk)

    assert (desk.home / place("samtal", "bild.png")).read_bytes() == BYTES
    (entry,) = desk.history(document.id)
    assert [one.words for one in entry.attached] == ["Lade till filen bild.png"]
    with desk.databases.kept_for_reading() as session:
        assert content_of(session, version_of(BYTES)) == BYTES
    desk.assert_in_step()


def test_a_change_set_with_one_stale_file_attaches_nothing(desk: Desk) -> None:
    document = desk.create("samtal")
    desk.edit(document, text_of("samtal", "Deras.\n"))

    with pytest.raises(StaleVersion):
        desk.change(FileChange(document.path, text_of("samtal", "Min.\n"), document.version), attached("samtal"))

    assert names(desk, "samtal") == []
    assert not (desk.home / place("samtal", "bild.png")).parent.exists()


def test_a_file_can_be_attached_without_a_change_of_the_text(desk: Desk) -> None:
    document = desk.create("samtal")
    desk.change(attached("samtal"), summary="Lade till en bild")

    newest, first = desk.history(document.id)
    assert (newest.summary, newest.version, newest.has_text) == ("Lade till en bild", document.version, True)
    assert [one.name for one in newest.attached] == ["bild.png"]
    assert not first.attached
    assert desk.index.rows_applied() == newest.number
    desk.assert_in_step()


def test_an_event_attaches_a_file_and_says_so_in_the_text_whatever_others_write(desk: Desk) -> None:
    document = desk.create("samtal")
    desk.edit(document, text_of("samtal", "Deras.\n"))
    token = some_token()

    for _ in range(2):
        desk.happen(document.path, lambda newest: Next(newest.text + "Med bild.\n", [attached("samtal")]), token)

    assert desk.read("samtal").body == "Deras.\nMed bild.\n"
    assert names(desk, "samtal") == ["bild.png"]
    assert len(desk.history(document.id)) == 3
    desk.assert_in_step()


def test_a_file_is_replaced_only_by_someone_who_has_seen_it(desk: Desk) -> None:
    document = with_file(desk)
    desk.change(attached("samtal", content=OTHER, replaces=version_of(BYTES)))

    with pytest.raises(StaleVersion):
        desk.change(attached("samtal", content=b"min", replaces=version_of(BYTES)))
    with pytest.raises(SlugTaken):
        desk.change(attached("samtal", content=b"min"))

    assert (desk.home / place("samtal", "bild.png")).read_bytes() == OTHER
    assert told(desk, document.id) == [("Bytte ut filen bild.png",), ("Lade till filen bild.png",)]


def test_a_removed_file_can_be_brought_back(desk: Desk) -> None:
    document = with_file(desk)
    desk.change(FileChange(place("samtal", "bild.png"), None, version_of(BYTES)))
    assert names(desk, "samtal") == []
    assert not (desk.home / place("samtal", "bild.png")).parent.exists(), "an empty folder is not left behind"

    with desk.databases.kept_for_reading() as session:
        (gone,) = removed_from(session, [document.id], present=[])
        content = content_of(session, gone.version)
    desk.change(attached("samtal", gone.name, content or b""))

    assert names(desk, "samtal") == ["bild.png"]
    with desk.databases.kept_for_reading() as session:
        assert removed_from(session, [document.id], present=["bild.png"]) == []
    desk.assert_in_step()


def test_a_file_is_not_attached_to_what_is_not_there(desk: Desk) -> None:
    with pytest.raises(StaleVersion):
        desk.change(attached("samtal"))
    document = desk.create("samtal")
    with pytest.raises(StaleVersion):
        desk.change(FileChange(document.path, None, document.version), attached("samtal"))
    assert desk.file("samtal").exists()


@pytest.mark.parametrize(
    "path",
    [
        place("samtal", "sida.html"),
        place("samtal", "bild.svg"),
        place("samtal", "Bild.png"),
        place("samtal", "inne/bild.png"),
        place("samtal", "../bild.png"),
        place("samtal", "..\\bild.png"),
        place("samtal", "bild.png\0"),
        place("samtal", "annan.md"),
        "content/practices/bild.png",
        "content/okand/samtal.files/bild.png",
        "var/kept.files/bild.png",
        PRACTICE.format("samtal"),
    ],
)
def test_bytes_are_written_nowhere_but_beside_a_document(desk: Desk, path: str) -> None:
    desk.create("samtal")
    with pytest.raises(BrokenDocument):
        desk.change(FileChange(path, None, None, BYTES))


# ---- With their document ----


def test_a_document_that_moves_takes_its_files_along(desk: Desk) -> None:
    document = with_file(desk)
    move(desk, document, "ny")

    assert names(desk, "ny") == ["bild.png"]
    assert not (desk.home / place("samtal", "bild.png")).parent.exists()
    assert told(desk, document.id) == [(), ("Lade till filen bild.png",)]
    desk.change(FileChange(place("ny", "bild.png"), None, version_of(BYTES)))
    assert told(desk, document.id)[0] == ("Tog bort filen bild.png",)
    desk.assert_in_step()


def test_a_document_that_goes_takes_its_files_along_and_brings_them_back(desk: Desk) -> None:
    document = with_file(desk)
    token = some_token()
    change = FileChange(document.path, None, document.version)
    saved = desk.change(change, sort=Sort.DELETE, token=token)
    assert desk.change(change, sort=Sort.DELETE, token=token).repeated
    assert not (desk.home / place("samtal", "bild.png")).parent.exists()

    desk.archive.undo_deletion(saved.number, ANNA, document.id)

    assert (desk.home / place("samtal", "bild.png")).read_bytes() == BYTES
    assert desk.rows() == {"samtal": "samtal"}
    with pytest.raises(Refused):
        desk.archive.undo_deletion(saved.number + 1, ANNA)
    desk.assert_in_step()


def test_what_somebody_laid_in_the_place_of_a_removed_file_stays_when_the_document_comes_back(desk: Desk) -> None:
    document = with_file(desk)
    saved = desk.remove(document)
    outside(desk, "samtal", "bild.png", OTHER)

    desk.archive.undo_deletion(saved.number, ANNA)
    desk.archive.reconcile()

    assert (desk.home / place("samtal", "bild.png")).read_bytes() == OTHER
    desk.assert_in_step()


def test_a_file_that_came_a_moment_ago_goes_along_as_well(desk: Desk) -> None:
    """Somebody lays it there outside, and nobody has looked since."""
    document = desk.create("samtal")
    outside(desk, "samtal", "ny.png")
    saved = desk.remove(document)
    assert not (desk.home / place("samtal", "ny.png")).exists()

    desk.archive.undo_deletion(saved.number, ANNA)

    assert names(desk, "samtal") == ["ny.png"]
    desk.assert_in_step()


# ---- Outside ----


def test_files_that_come_change_and_go_outside_are_part_of_the_documents_history(desk: Desk) -> None:
    document = desk.create("samtal")
    file = outside(desk, "samtal", "bild.png")
    assert desk.archive.reconcile().attached == 1
    desk.assert_in_step()
    file.write_bytes(OTHER)
    assert desk.archive.reconcile().attached == 1
    file.unlink()
    assert desk.archive.reconcile().attached == 1

    assert told(desk, document.id) == [
        ("Tog bort filen bild.png",),
        ("Bytte ut filen bild.png",),
        ("Lade till filen bild.png",),
        (),
    ]
    assert {entry.sort for entry in desk.history(document.id)} == {Sort.OUTSIDE, Sort.EDIT}
    with desk.databases.kept_for_reading() as session:
        assert [one.name for one in removed_from(session, [document.id], [])] == ["bild.png"]
    desk.assert_in_step()


def test_a_document_moved_outside_with_its_folder_keeps_the_history_of_its_files(desk: Desk) -> None:
    document = with_file(desk)
    desk.file("samtal").rename(desk.file("ny"))
    (desk.home / place("samtal", "bild.png")).parent.rename((desk.home / place("ny", "bild.png")).parent)

    found = desk.archive.reconcile()

    assert (found.moved, found.attached) == (1, 1)
    assert told(desk, document.id) == [(), ("Lade till filen bild.png",)]
    desk.assert_in_step()


def test_a_document_moved_outside_without_its_folder_has_lost_its_files_and_is_told_of(desk: Desk) -> None:
    document = with_file(desk)
    desk.file("samtal").rename(desk.file("ny"))

    found = desk.archive.reconcile()

    assert told(desk, document.id)[0] == ("Tog bort filen bild.png",)
    assert any("hör inte till någon sida" in problem.message for problem in found.problems)
    outside(desk, "ny", "bild.png")
    desk.archive.reconcile()
    assert told(desk, document.id)[0] == ("Lade till filen bild.png",)
    desk.assert_in_step()


def test_a_file_copied_to_where_its_document_has_gone_is_the_same_file(desk: Desk) -> None:
    """Both at once, before anybody has looked: the one left behind must not hold the name."""
    document = with_file(desk)
    desk.file("samtal").rename(desk.file("ny"))
    outside(desk, "ny", "bild.png", OTHER)

    desk.archive.reconcile()

    assert names(desk, "ny") == ["bild.png"]
    assert desk.history(document.id)[0].path == PRACTICE.format("ny")
    desk.assert_in_step()


def test_a_document_that_gets_another_id_outside_keeps_the_history_of_its_files(desk: Desk) -> None:
    with_file(desk)
    desk.put("samtal", text_of("samtal", id=id_of("annan")))
    desk.archive.reconcile()
    outside(desk, "samtal", "bild.png", OTHER)
    desk.archive.reconcile()

    assert told(desk, id_of("annan")) == [("Bytte ut filen bild.png",), (), ("Lade till filen bild.png",)]
    desk.assert_in_step()


def test_what_belongs_to_nothing_or_is_no_attachment_is_told_of_and_left_alone(desk: Desk, tmp_path: Path) -> None:
    desk.create("samtal")
    outside(desk, "ingen", "bild.png")
    outside(desk, "samtal", "Odugligt Namn.PNG")
    outside(desk, "samtal", "sida.html")
    (desk.home / place("samtal", "mapp.png")).mkdir()
    (tmp_path / "hemlig.png").write_bytes(b"hemlig")
    (desk.home / place("samtal", "lank.png")).symlink_to(tmp_path / "hemlig.png")
    with outside(desk, "samtal", "stor.pdf").open("wb") as large:
        large.truncate(60_000_000)

    found = desk.archive.reconcile()

    problems = {problem.path.rpartition("/")[2] for problem in found.problems}
    assert {"bild.png", "Odugligt Namn.PNG", "sida.html", "mapp.png", "lank.png", "stor.pdf"} <= problems
    assert desk.states() == [State.DONE]
    assert found.attached == 0


def test_a_linked_folder_of_files_is_not_followed(desk: Desk, tmp_path: Path) -> None:
    desk.create("samtal")
    (tmp_path / "annan").mkdir()
    (tmp_path / "annan" / "bild.png").write_bytes(BYTES)
    (desk.home / place("samtal", "x")).parent.symlink_to(tmp_path / "annan")

    desk.archive.reconcile()

    assert names(desk, "samtal") == []
    assert desk.states() == [State.DONE]


def test_files_that_were_there_before_the_first_start_are_taken_in(desk: Desk) -> None:
    desk.put("samtal", text_of("samtal"))
    outside(desk, "samtal", "bild.png")

    desk.archive.reconcile()

    assert told(desk, id_of("samtal"))[0] == ("Lade till filen bild.png",)
    desk.assert_in_step()


def test_a_file_that_was_only_touched_is_not_read_again_the_next_time(desk: Desk) -> None:
    with_file(desk)
    os.utime(desk.home / place("samtal", "bild.png"), ns=(10**18, 10**18))
    before = desk.states()

    desk.archive.reconcile()

    assert desk.states() == before


def test_many_large_files_are_taken_in_a_few_at_a_time(desk: Desk) -> None:
    desk.create("samtal")
    for number in range(12):
        with outside(desk, "samtal", f"fil-{number}.pdf").open("wb") as file:
            file.truncate(9_000_000)
    paths = [place("samtal", f"fil-{number}.pdf") for number in range(12)]
    assert [len(part) for part in in_small_parts(desk.library, paths)] == [5, 5, 2]


def test_an_edit_of_a_document_whose_files_changed_outside_notes_both(desk: Desk) -> None:
    document = with_file(desk)
    outside(desk, "samtal", "bild.png", OTHER)

    with pytest.raises(StaleVersion):
        desk.change(attached("samtal", content=b"min", replaces=version_of(BYTES)))

    assert told(desk, document.id)[0] == ("Bytte ut filen bild.png",)
    desk.edit(replace(document), text_of("samtal", "Ny.\n"))
    desk.assert_in_step()
