"""What was typed and not saved is kept for the one who typed it."""

from __future__ import annotations

from app.history import working_copies
from tests.publishing.desk import Desk

TYPED = {"title": "Intagssamtal", "sessions": [{"date": "3 februari", "seats": "12"}], "body": "Å ä ö\r\n"}


def test_what_was_typed_comes_back_as_it_was(desk: Desk) -> None:
    with desk.databases.kept() as session:
        working_copies.keep(session, "anna", "practices:ny:1", None, {"title": "Först"})
    with desk.databases.kept() as session:
        working_copies.keep(session, "anna", "practices:ny:1", "abc", TYPED)

    with desk.databases.kept_for_reading() as session:
        copy = working_copies.find(session, "anna", "practices:ny:1")
    assert copy is not None
    assert (copy.fields, copy.base_version) == (TYPED, "abc")
    assert copy.at.tzinfo is not None


def test_a_working_copy_is_its_owners_alone(desk: Desk) -> None:
    with desk.databases.kept() as session:
        working_copies.keep(session, "anna", "nyckel", None, TYPED)
        assert working_copies.find(session, "bo", "nyckel") is None
        assert working_copies.of(session, "bo") == []


def test_the_newest_working_copy_is_first(desk: Desk) -> None:
    for key in ("ett", "tva", "ett"):
        with desk.databases.kept() as session:
            working_copies.keep(session, "anna", key, None, TYPED)

    with desk.databases.kept_for_reading() as session:
        assert [copy.key for copy in working_copies.of(session, "anna")] == ["ett", "tva"]


def test_a_saved_working_copy_is_forgotten(desk: Desk) -> None:
    with desk.databases.kept() as session:
        working_copies.keep(session, "anna", "ett", None, TYPED)
        working_copies.drop(session, "anna", "ett")
        assert working_copies.find(session, "anna", "ett") is None


def test_a_working_copy_survives_a_restart(desk: Desk) -> None:
    with desk.databases.kept() as session:
        working_copies.keep(session, "anna", "ett", None, TYPED)
    desk.databases.close()

    again = Desk(desk.settings)
    with again.databases.kept_for_reading() as session:
        assert working_copies.find(session, "anna", "ett") is not None
    again.databases.close()
