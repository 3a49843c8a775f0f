"""What was removed can be brought back for thirty days."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import col, update

from app.database import now
from app.history import deletions, text_at
from app.history.tables import Revision, Sort
from app.publishing import FileChange, Refused, SlugTaken
from tests.publishing.desk import ANNA, BO, Desk, id_of, text_of


def removed(desk: Desk, organisation: str = "sodertalje") -> list[str]:
    with desk.databases.kept_for_reading() as session:
        return [entry.title for entry in deletions(session, [organisation])]


def test_a_removed_document_is_gone_and_listed_for_its_owner(desk: Desk) -> None:
    document = desk.create("samtal")

    saved = desk.remove(document)

    assert not desk.file("samtal").exists()
    assert desk.rows() == {}
    assert removed(desk) == ["samtal"]
    assert removed(desk, "solna") == []
    with desk.databases.kept_for_reading() as session:
        assert text_at(session, saved.number, document.id) is None
    desk.assert_in_step()


def test_a_deletion_can_be_undone_and_history_goes_on(desk: Desk) -> None:
    document = desk.create("samtal")
    number = desk.remove(document).number

    desk.archive.undo_deletion(number, BO)

    assert desk.file("samtal").read_text() == document.text
    assert [entry.sort for entry in desk.history(document.id)] == [Sort.UNDO, Sort.DELETE, Sort.EDIT]
    assert removed(desk) == []
    assert desk.rows() == {"samtal": "samtal"}
    desk.assert_in_step()


def test_undoing_twice_is_a_success_whoever_asks(desk: Desk) -> None:
    number = desk.remove(desk.create("samtal")).number
    desk.archive.undo_deletion(number, ANNA)

    assert desk.archive.undo_deletion(number, BO).repeated


def test_one_of_several_removed_documents_can_be_brought_back(desk: Desk) -> None:
    number = desk.remove(desk.create("ett"), desk.create("tva")).number

    desk.archive.undo_deletion(number, ANNA, id_of("tva"))
    assert removed(desk) == ["ett"]

    desk.archive.undo_deletion(number, ANNA)
    assert sorted(desk.rows()) == ["ett", "tva"]


def test_undoing_is_refused_where_another_document_has_the_place(desk: Desk) -> None:
    number = desk.remove(desk.create("samtal")).number
    desk.put("samtal", text_of("en annan"))
    desk.archive.reconcile()

    with pytest.raises(SlugTaken):
        desk.archive.undo_deletion(number, ANNA)


def test_a_removed_document_leaves_its_address_to_others(desk: Desk) -> None:
    desk.remove(desk.create("samtal"))

    desk.change(FileChange("content/practices/samtal.md", text_of("en annan"), None))

    assert desk.read("samtal").title == "en annan"


def test_after_thirty_days_a_deletion_stays(desk: Desk) -> None:
    number = desk.remove(desk.create("samtal")).number
    with desk.databases.kept() as session:
        long_ago = now() - timedelta(days=31)
        session.exec(update(Revision).where(col(Revision.number) == number).values(at=long_ago))

    assert removed(desk) == []
    with pytest.raises(Refused, match="30 dagar"):
        desk.archive.undo_deletion(number, ANNA)


def test_what_was_removed_outside_can_be_brought_back_too(desk: Desk) -> None:
    document = desk.create("samtal")
    desk.file("samtal").unlink()
    desk.archive.reconcile()
    assert removed(desk) == ["samtal"]

    desk.archive.undo_deletion(desk.history(document.id)[0].number, ANNA)

    assert desk.read("samtal").text == document.text


def test_an_edit_is_no_deletion(desk: Desk) -> None:
    saved = desk.edit(desk.create("samtal"), text_of("samtal", "Ny.\n"))

    with pytest.raises(Refused):
        desk.archive.undo_deletion(saved.number, ANNA)
