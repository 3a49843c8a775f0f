"""Files changed without Lärnät: history, lists and pages follow, and one broken file harms nobody else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.history import text_at
from app.history.tables import Sort
from app.publishing import StaleVersion
from tests.publishing.desk import PRACTICE, Desk, id_of, text_of


def problems(desk: Desk) -> str:
    return "\n".join(str(problem) for problem in desk.archive.reconcile().problems)


def test_the_first_start_writes_everything_down_as_one_revision(desk: Desk) -> None:
    for slug in ("ett", "tva", "tre"):
        desk.put(slug, text_of(slug))

    found = desk.archive.reconcile()

    assert (found.added, found.total) == (3, 3)
    assert len(desk.states()) == 1
    (entry,) = desk.history(id_of("ett"))
    assert (entry.sort, entry.summary) == (Sort.OUTSIDE, "Fanns när Lärnät startade")
    assert sorted(desk.rows()) == ["ett", "tre", "tva"]
    desk.assert_in_step()


def test_an_outside_edit_is_a_revision_and_in_the_rows(desk: Desk) -> None:
    document = desk.create("samtal")
    desk.put("samtal", text_of("samtal", "Utifrån.\n").replace("title: samtal", "title: Nytt namn"))

    assert desk.archive.reconcile().changed == 1

    entry = desk.history(document.id)[0]
    assert (entry.sort, entry.summary) == (Sort.OUTSIDE, "Ändrad utanför Lärnät")
    with desk.databases.kept_for_reading() as session:
        assert text_at(session, entry.number, document.id) == desk.file("samtal").read_text()
    assert desk.rows() == {"samtal": "Nytt namn"}
    desk.assert_in_step()


def test_an_edit_of_the_same_length_in_the_same_moment_is_seen(desk: Desk) -> None:
    desk.create("samtal", "Aaaa.\n")
    before = desk.file("samtal").stat()
    desk.put("samtal", text_of("samtal", "Bbbb.\n"))
    os.utime(desk.file("samtal"), ns=(before.st_atime_ns, before.st_mtime_ns))

    assert desk.archive.reconcile().changed == 1


def test_a_file_that_was_only_touched_is_no_revision(desk: Desk) -> None:
    desk.create("samtal")
    os.utime(desk.file("samtal"), ns=(1, 1))

    assert desk.archive.reconcile().total == 0
    assert len(desk.states()) == 1


def test_a_thorough_look_finds_an_edit_that_hides_its_time(desk: Desk) -> None:
    desk.create("samtal", "Aaaa.\n")
    os.utime(desk.file("samtal"), ns=(1, 1))
    desk.archive.reconcile()
    desk.put("samtal", text_of("samtal", "Bbbb.\n"))
    os.utime(desk.file("samtal"), ns=(1, 1))

    assert desk.archive.reconcile().total == 0
    assert desk.archive.reconcile(thorough=True).changed == 1


def test_a_file_removed_outside_is_gone_and_in_history(desk: Desk) -> None:
    document = desk.create("samtal")
    desk.file("samtal").unlink()

    assert desk.archive.reconcile().removed == 1

    assert desk.history(document.id)[0].removed
    assert desk.rows() == {}
    desk.assert_in_step()


def test_a_file_moved_outside_keeps_its_history(desk: Desk) -> None:
    document = desk.create("gammal")
    desk.file("gammal").rename(desk.file("ny"))

    found = desk.archive.reconcile()

    assert (found.moved, found.total) == (1, 1)
    moved, first = desk.history(document.id)
    assert (moved.path, moved.former_path, first.path) == (PRACTICE.format("ny"), document.path, document.path)
    assert desk.rows() == {"ny": "gammal"}
    desk.assert_in_step()


def test_a_file_moved_and_edited_at_once_keeps_its_history(desk: Desk) -> None:
    document = desk.create("gammal")
    desk.file("gammal").unlink()
    desk.put("ny", text_of("gammal", "Ny text.\n"))

    assert desk.archive.reconcile().moved == 1
    assert len(desk.history(document.id)) == 2


def test_two_files_that_change_places_keep_their_histories(desk: Desk) -> None:
    one, two = desk.create("ett"), desk.create("tva")
    desk.put("ett", two.text)
    desk.put("tva", one.text)

    desk.archive.reconcile()

    assert desk.history(one.id)[0].path == two.path
    assert desk.history(two.id)[0].path == one.path
    desk.assert_in_step()


def test_a_file_without_an_id_keeps_its_history_when_it_moves(desk: Desk) -> None:
    desk.put("gammal", text_of("samtal", id=""))
    desk.archive.reconcile()
    desk.file("gammal").rename(desk.file("ny"))

    assert desk.archive.reconcile().moved == 1

    assert [entry.path for entry in desk.history(desk.read("ny").id)] == [
        PRACTICE.format("ny"),
        PRACTICE.format("gammal"),
    ]


def test_a_file_that_gets_another_id_keeps_its_history(desk: Desk) -> None:
    desk.put("samtal", text_of("samtal", id=""))
    desk.archive.reconcile()
    desk.put("samtal", text_of("samtal"))
    desk.archive.reconcile()

    assert len(desk.history(id_of("samtal"))) == 2


def test_of_a_file_and_its_copy_the_older_keeps_the_id(desk: Desk) -> None:
    document = desk.create("aldre")
    desk.put("a-kopia", document.text)

    told = problems(desk)

    assert "content/practices/a-kopia.md" in told
    assert document.path in told
    assert desk.rows() == {"aldre": "aldre"}
    assert {entry.path for entry in desk.history(document.id)} == {document.path}
    assert "a-kopia" in problems(desk), "it is told again until it is mended"
    desk.assert_in_step()


def test_a_copy_that_gets_an_id_of_its_own_is_a_document(desk: Desk) -> None:
    document = desk.create("aldre")
    desk.put("kopia", document.text)
    desk.archive.reconcile()

    desk.put("kopia", text_of("kopia", id=""))
    assert not problems(desk)

    assert desk.rows() == {"aldre": "aldre", "kopia": "kopia"}


def test_a_copy_takes_over_when_the_older_file_goes(desk: Desk) -> None:
    document = desk.create("aldre")
    desk.put("kopia", document.text)
    desk.archive.reconcile()

    desk.file("aldre").unlink()
    assert not problems(desk)

    assert desk.rows() == {"kopia": "aldre"}
    assert desk.history(document.id)[0].path == PRACTICE.format("kopia")
    desk.assert_in_step()


def test_a_copy_made_before_the_first_start_is_told_of(desk: Desk) -> None:
    desk.put("a-ny", text_of("samma"))
    desk.put("b-gammal", text_of("samma"))
    os.utime(desk.file("b-gammal"), ns=(1, 1))

    assert "content/practices/a-ny.md" in problems(desk)
    assert desk.rows() == {"b-gammal": "samma"}


def test_a_rebuild_judges_a_copy_as_a_look_does(desk: Desk) -> None:
    desk.put("kopia", desk.create("aldre").text)
    desk.archive.reconcile()

    desk.archive.rebuild()

    assert desk.rows() == {"aldre": "aldre"}


def test_a_file_without_id_in_the_place_of_one_that_moved_is_told_of(desk: Desk) -> None:
    """The id that its place gives it went with the document that lay there first."""
    desk.put("gammal", text_of("samtal", id=""))
    desk.archive.reconcile()
    first = desk.read("gammal")
    desk.file("gammal").unlink()
    desk.put("ny", text_of("samtal", id=first.id))
    desk.archive.reconcile()

    desk.put("gammal", text_of("annan", id=""))

    assert "gammal.md" in problems(desk)
    assert desk.rows() == {"ny": "samtal"}
    desk.assert_in_step()


def test_a_broken_file_is_told_of_and_the_rest_is_unharmed(desk: Desk) -> None:
    document = desk.create("samtal")
    desk.create("annan")
    desk.put("samtal", document.text.replace("title: samtal", "title: [samtal"))

    told = problems(desk)

    assert "content/practices/samtal.md, rad 4" in told
    assert desk.rows() == {"annan": "annan"}
    desk.assert_in_step()


def test_a_broken_file_that_is_mended_is_the_same_document(desk: Desk) -> None:
    document = desk.create("samtal")
    desk.put("samtal", "trasig")
    desk.archive.reconcile()

    desk.put("samtal", text_of("samtal", "Lagad.\n"))
    assert not problems(desk)

    assert [entry.sort for entry in desk.history(document.id)] == [Sort.OUTSIDE, Sort.OUTSIDE, Sort.EDIT]
    assert desk.rows() == {"samtal": "samtal"}
    desk.assert_in_step()


def test_files_that_cannot_be_read_at_all_are_told_of(desk: Desk, tmp_path: Path) -> None:
    desk.create("samtal")
    (tmp_path / "utanfor.md").write_text(text_of("utanför"))
    desk.file("lank").symlink_to(tmp_path / "utanfor.md")
    desk.file("stor").write_bytes(b"x" * 20_000_000)
    desk.file("latin").write_bytes(text_of("latin", "räksmörgås").encode("latin-1"))

    told = problems(desk)

    for slug in ("lank", "stor", "latin"):
        assert f"content/practices/{slug}.md" in told
    assert desk.rows() == {"samtal": "samtal"}
    desk.assert_in_step()


def test_a_save_over_a_file_that_was_broken_outside_is_refused_and_loses_neither(desk: Desk) -> None:
    document = desk.create("samtal")
    desk.put("samtal", "trasig")

    with pytest.raises(StaleVersion) as stale:
        desk.edit(document, text_of("samtal", "Min.\n"))

    assert stale.value.conflicts[0].theirs == "trasig"


def test_outside_edits_while_the_house_was_closed_are_found(desk: Desk) -> None:
    document = desk.create("samtal")
    desk.databases.close()
    desk.put("samtal", text_of("samtal", "Utifrån.\n"))
    desk.put("ny", text_of("ny"))

    again = Desk(desk.settings)
    again.archive.make_ready()

    assert again.history(document.id)[0].sort == Sort.OUTSIDE
    assert sorted(again.rows()) == ["ny", "samtal"]
    again.databases.close()
