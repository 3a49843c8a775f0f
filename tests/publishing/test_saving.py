"""Edits: what is saved is in the file, in history and in the rows; what is refused has changed nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from app.history import text_at, text_before
from app.history.tables import Sort, State
from app.library.document import BrokenDocument
from app.library.shelf import version_of
from app.publishing import FileChange, NotSaved, Saved, SlugTaken, StaleVersion
from tests.publishing.desk import ANNA, BO, PRACTICE, Desk, id_of, some_token, text_of


def test_a_save_is_in_the_file_in_history_and_in_the_rows(desk: Desk) -> None:
    document = desk.create("intagssamtal")

    saved = desk.edit(document, text_of("intagssamtal", "Ny text.\n"), author=BO)

    assert desk.file("intagssamtal").read_text() == text_of("intagssamtal", "Ny text.\n")
    assert saved.versions == {document.path: version_of(text_of("intagssamtal", "Ny text.\n"))}
    newest, first = desk.history(document.id)
    assert (newest.number, newest.author_name, newest.author_organisation) == (saved.number, BO.name, BO.organisation)
    assert first.author_name == ANNA.name
    with desk.databases.kept_for_reading() as session:
        assert text_at(session, newest.number, document.id) == text_of("intagssamtal", "Ny text.\n")
        assert text_before(session, newest.number, document.id) == document.text
    assert desk.rows() == {"intagssamtal": "intagssamtal"}
    assert desk.index.rows_applied() == saved.number
    desk.assert_in_step()


def test_a_save_over_someone_elses_is_refused_with_all_three_texts(desk: Desk) -> None:
    document = desk.create("samtal", "Från början.\n")
    desk.edit(document, text_of("samtal", "Deras.\n"))

    with pytest.raises(StaleVersion) as stale:
        desk.edit(document, text_of("samtal", "Min.\n"))

    (conflict,) = stale.value.conflicts
    assert conflict.path == document.path
    assert conflict.base == text_of("samtal", "Från början.\n")
    assert conflict.theirs == text_of("samtal", "Deras.\n")
    assert conflict.mine == text_of("samtal", "Min.\n")
    assert desk.read("samtal").body == "Deras.\n"
    assert desk.states() == [State.DONE, State.DONE]


def test_a_save_over_a_change_made_outside_is_refused_and_history_has_that_change(desk: Desk) -> None:
    document = desk.create("samtal")
    desk.put("samtal", text_of("samtal", "Utifrån.\n"))

    with pytest.raises(StaleVersion) as stale:
        desk.edit(document, text_of("samtal", "Min.\n"))

    assert stale.value.conflicts[0].theirs == text_of("samtal", "Utifrån.\n")
    assert desk.history(document.id)[0].sort == Sort.OUTSIDE
    assert desk.read("samtal").body == "Utifrån.\n"


def test_a_save_over_a_removed_file_is_refused(desk: Desk) -> None:
    document = desk.create("samtal")
    desk.file("samtal").unlink()

    with pytest.raises(StaleVersion) as stale:
        desk.edit(document, text_of("samtal", "Min.\n"))

    assert stale.value.conflicts[0].theirs is None
    assert desk.history(document.id)[0].removed


def test_what_another_removed_can_be_saved_anew_on_purpose(desk: Desk) -> None:
    document = desk.create("samtal")
    desk.remove(document)

    desk.change(FileChange(document.path, text_of("samtal", "Min.\n"), None), sort=Sort.RESTORE)

    assert desk.read("samtal").body == "Min.\n"
    assert len(desk.history(document.id)) == 3


def test_a_new_document_does_not_take_the_place_of_another(desk: Desk) -> None:
    desk.create("samtal")

    with pytest.raises(SlugTaken):
        desk.change(FileChange(PRACTICE.format("samtal"), text_of("ny"), None))

    assert desk.read("samtal").title == "samtal"


def test_a_former_address_is_given_to_no_other(desk: Desk) -> None:
    document = desk.create("gammal")
    moved = text_of("gammal", extra="former_slugs:\n- gammal\n")
    new_path = PRACTICE.format("ny")
    desk.change(FileChange(new_path, moved, None), FileChange(document.path, None, document.version))

    with pytest.raises(SlugTaken):
        desk.change(FileChange(document.path, text_of("en annan"), None))

    moved_back = desk.read("ny")
    desk.change(FileChange(document.path, text_of("gammal"), None), FileChange(new_path, None, moved_back.version))
    assert desk.read("gammal").id == document.id


def test_a_moved_document_keeps_its_history(desk: Desk) -> None:
    document = desk.create("gammal")
    moved = text_of("gammal", extra="former_slugs:\n- gammal\n")

    saved = desk.change(
        FileChange(PRACTICE.format("ny"), moved, None), FileChange(document.path, None, document.version)
    )
    desk.edit(desk.read("ny"), moved + "Mer.\n")

    entries = desk.history(document.id)
    assert [entry.path for entry in entries] == [PRACTICE.format("ny"), PRACTICE.format("ny"), document.path]
    assert entries[1].former_path == document.path
    assert entries[1].number == saved.number
    assert desk.rows() == {"ny": "gammal"}
    assert not desk.file("gammal").exists()
    desk.assert_in_step()


def test_a_change_set_with_one_stale_file_changes_none(desk: Desk) -> None:
    one, two = desk.create("ett"), desk.create("tva")
    desk.edit(two, text_of("tva", "Deras.\n"))

    with pytest.raises(StaleVersion) as stale:
        desk.change(
            FileChange(one.path, text_of("ett", "Min.\n"), one.version),
            FileChange(two.path, text_of("tva", "Min.\n"), two.version),
        )

    assert [conflict.path for conflict in stale.value.conflicts] == [two.path]
    assert desk.read("ett").body == "Text.\n"


@pytest.mark.parametrize(
    "text",
    [
        text_of("samtal", id=id_of("någon annan")),
        text_of("samtal").replace("title: samtal", "title: [samtal"),
        text_of("samtal").replace("owner: sodertalje\n", ""),
        text_of("samtal", "\0"),
        text_of("samtal", "\ud800"),
        text_of("samtal", "x" * 2_000_000),
        "",
    ],
    ids=["another id", "no YAML", "no owner", "NUL", "half a character", "too long", "nothing"],
)
def test_a_text_that_is_no_document_is_refused_before_anything_is_written(desk: Desk, text: str) -> None:
    document = desk.create("samtal")

    with pytest.raises(BrokenDocument) as broken:
        desk.edit(document, text)

    assert broken.value.problems
    assert desk.file("samtal").read_text() == document.text
    assert desk.states() == [State.DONE]
    assert not desk.temporary_files()


@pytest.mark.parametrize(
    "path",
    [
        "content/practices/../../utanfor.md",
        "/etc/passwd.md",
        "content/practices/Stor Bokstav.md",
        "content/okand/samtal.md",
        "var/kept.db",
    ],
)
@pytest.mark.parametrize("text", [text_of("samtal"), None])
def test_a_path_where_no_document_may_lie_is_refused(desk: Desk, path: str, text: str | None) -> None:
    with pytest.raises(BrokenDocument):
        desk.change(FileChange(path, text, None))


def test_a_new_document_does_not_take_anothers_id(desk: Desk) -> None:
    desk.create("ett")

    with pytest.raises(BrokenDocument):
        desk.change(FileChange(PRACTICE.format("tva"), text_of("tva", id=id_of("ett")), None))


def test_a_new_document_does_not_take_the_id_of_one_that_is_gone(desk: Desk) -> None:
    desk.remove(desk.create("ett"))

    with pytest.raises(BrokenDocument):
        desk.change(FileChange(PRACTICE.format("tva"), text_of("tva", id=id_of("ett")), None))


def test_two_new_documents_with_the_same_id_are_refused(desk: Desk) -> None:
    with pytest.raises(BrokenDocument):
        desk.change(*(FileChange(PRACTICE.format(slug), text_of("samma"), None) for slug in ("ett", "tva")))


def test_a_save_that_changes_nothing_makes_no_revision(desk: Desk) -> None:
    document = desk.create("samtal")

    saved = desk.edit(document, document.text)

    assert saved.versions == {document.path: document.version}
    assert len(desk.states()) == 1


def test_a_retry_after_a_lost_answer_is_a_success(desk: Desk) -> None:
    document = desk.create("samtal")
    token = some_token()
    first = desk.edit(document, text_of("samtal", "Ny.\n"), token=token)
    desk.edit(desk.read("samtal"), text_of("samtal", "Ännu nyare.\n"))

    second = desk.edit(document, text_of("samtal", "Ny.\n"), token=token)

    assert second == Saved(first.number, first.versions, repeated=True)
    assert desk.read("samtal").body == "Ännu nyare.\n"


def test_a_retry_of_a_new_document_does_not_collide_with_itself(desk: Desk) -> None:
    token = some_token()
    change = FileChange(PRACTICE.format("samtal"), text_of("samtal"), None)
    desk.change(change, token=token)

    assert desk.change(change, token=token).repeated


def test_another_text_from_the_same_form_is_another_edit(desk: Desk) -> None:
    """Somebody goes back in the browser, types on and sends the same form again."""
    document = desk.create("samtal")
    token = some_token()
    desk.edit(document, text_of("samtal", "Första.\n"), token=token)

    with pytest.raises(StaleVersion):
        desk.edit(document, text_of("samtal", "Andra.\n"), token=token)

    desk.edit(desk.read("samtal"), text_of("samtal", "Andra.\n"), token=token)
    assert desk.read("samtal").body == "Andra.\n"


def test_somebody_elses_token_is_nobodys_success(desk: Desk) -> None:
    document = desk.create("samtal")
    token = some_token()
    desk.edit(document, text_of("samtal", "Ny.\n"), author=ANNA, token=token)

    with pytest.raises(StaleVersion):
        desk.edit(document, text_of("samtal", "Ny.\n"), author=BO, token=token)


def test_of_many_saves_from_the_same_version_exactly_one_is_made(desk: Desk) -> None:
    document = desk.create("samtal")

    def save(number: int) -> int | None:
        try:
            desk.edit(document, text_of("samtal", f"Nummer {number}.\n"))
        except StaleVersion:
            return None
        return number

    with ThreadPoolExecutor(8) as threads:
        made = [number for number in threads.map(save, range(16)) if number is not None]

    assert len(made) == 1
    assert desk.read("samtal").body == f"Nummer {made[0]}.\n"
    desk.assert_in_step()


def test_line_endings_comments_and_unknown_keys_are_saved_as_they_are(desk: Desk) -> None:
    text = text_of("samtal", extra="# en kommentar\negen_nyckel: [1, 2]\n").replace("\n", "\r\n")
    path = PRACTICE.format("samtal")

    desk.change(FileChange(path, text, None))

    assert (desk.home / path).read_bytes() == text.encode()


def test_the_file_keeps_its_rights(desk: Desk) -> None:
    document = desk.create("samtal")
    desk.file("samtal").chmod(0o640)

    desk.edit(document, text_of("samtal", "Ny.\n"))

    assert desk.file("samtal").stat().st_mode & 0o777 == 0o640


def test_a_save_succeeds_without_rows_and_they_follow_later(desk: Desk) -> None:
    document = desk.create("samtal")
    for file in desk.settings.derived_folder.iterdir():
        file.unlink()
    desk.databases.close()

    desk.edit(document, text_of("samtal", "Ny.\n").replace("title: samtal", "title: Nytt namn"))

    assert desk.read("samtal").title == "Nytt namn"
    desk.archive.catch_up()
    assert desk.rows() == {"samtal": "Nytt namn"}


def test_every_refusal_can_be_caught_as_one(desk: Desk) -> None:
    document = desk.create("samtal")

    with pytest.raises(NotSaved):
        desk.change(FileChange(document.path, text_of("samtal", "Ny.\n"), "0" * 64))
