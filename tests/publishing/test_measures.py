"""The tables of what is measured: saved, moved, removed and brought back with their project, and as safely."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.history.attached import removed_from
from app.history.tables import Sort
from app.library.attachments import measure_path
from app.library.document import BrokenDocument, Document
from app.library.shelf import version_of
from app.publishing import FileChange, Refused
from app.publishing.changes import Next
from tests.publishing.desk import ANNA, Desk, id_of, text_of

PROJECT = "improvement_cycles/{}/project.md"
TABLE = "improvement_cycles/{}/measures/i-tid.csv"
VALUES = b"\xef\xbb\xbfdate;value;note;cycle\r\n2026-08-03;12;;\r\n"
MORE = VALUES + b"2026-08-10;14;;\r\n"


def with_table(desk: Desk, slug: str = "mote", content: bytes = VALUES) -> Document:
    text = text_of(slug, extra="measures:\n- name: I tid\n")
    desk.change(FileChange(PROJECT.format(slug), text, None), FileChange(TABLE.format(slug), None, None, content))
    return desk.library.read(PROJECT.format(slug))


def on_disk(desk: Desk, slug: str = "mote") -> Path:
    return desk.home / TABLE.format(slug)


def told(desk: Desk, document: Document) -> list[str]:
    return [change.words for entry in desk.history(document.id) for change in entry.attached]


def test_a_table_lies_beside_its_project_and_belongs_to_it(desk: Desk) -> None:
    document = with_table(desk)

    assert on_disk(desk).read_bytes() == VALUES
    assert desk.library.document_path_of(TABLE.format("mote")) == document.path
    assert [one.name for one in desk.library.measured(document.path)] == ["i-tid.csv"]
    assert desk.library.attached(document.path) == [], "it is no attachment, and not listed as one"
    assert told(desk, document) == ["Ändrade mätvärdena i i-tid.csv"]
    assert list(desk.library.strays()) == []


def test_values_are_added_to_the_newest_table_and_the_text_is_left_alone(desk: Desk) -> None:
    document = with_table(desk)

    def add(newest: Document) -> Next:
        content = desk.library.load(TABLE.format("mote"))
        assert content is not None
        return Next(newest.text, [FileChange(TABLE.format("mote"), None, version_of(content), MORE)])

    desk.happen(document.path, add)
    assert on_disk(desk).read_bytes() == MORE
    assert desk.library.read(document.path).version == document.version
    assert len(desk.history(document.id)) == 2


def test_a_table_goes_where_its_project_goes_and_keeps_its_history(desk: Desk) -> None:
    document = with_table(desk)
    text = text_of("mote", extra="former_slugs:\n- mote\nmeasures:\n- name: I tid\n")
    desk.change(FileChange(PROJECT.format("ny"), text, None), FileChange(document.path, None, document.version))

    assert on_disk(desk, "ny").read_bytes() == VALUES
    assert not on_disk(desk).parent.parent.exists()
    assert desk.library.read(PROJECT.format("ny")).id == document.id
    assert told(desk, document) == ["Ändrade mätvärdena i i-tid.csv"], "to move is no change of the values"


def test_a_deleted_project_takes_its_tables_along_and_brings_them_back(desk: Desk) -> None:
    document = with_table(desk)
    number = desk.remove(document).number
    assert not on_disk(desk).exists()

    desk.archive.undo_deletion(number, ANNA)
    assert on_disk(desk).read_bytes() == VALUES


def test_a_table_and_an_attachment_of_the_same_name_are_two_files(desk: Desk) -> None:
    document = with_table(desk)
    beside = "improvement_cycles/mote/project.files/i-tid.csv"
    desk.change(FileChange(beside, None, None, b"a;b\r\n"))
    desk.change(FileChange(beside, None, version_of(b"a;b\r\n"), b"c;d\r\n"))

    assert on_disk(desk).read_bytes() == VALUES
    assert (desk.home / beside).read_bytes() == b"c;d\r\n"
    assert told(desk, document)[0] == "Bytte ut filen i-tid.csv"


def test_a_removed_table_is_not_offered_among_the_attachments(desk: Desk) -> None:
    document = with_table(desk)
    desk.change(FileChange(TABLE.format("mote"), None, version_of(VALUES), None))

    with desk.databases.kept_for_reading() as session:
        assert removed_from(session, [document.id], []) == []
    assert told(desk, document)[0] == "Tog bort mätvärdena i i-tid.csv"


def test_what_is_changed_outside_becomes_history(desk: Desk) -> None:
    document = with_table(desk)
    on_disk(desk).write_bytes(MORE)
    desk.archive.reconcile(thorough=True)

    newest = desk.history(document.id)[0]
    assert (newest.sort, [one.words for one in newest.attached]) == (
        Sort.OUTSIDE,
        ["Ändrade mätvärdena i i-tid.csv"],
    )


def test_no_personal_number_gets_into_a_table(desk: Desk) -> None:
    with pytest.raises(Refused, match="personnummer"):
        with_table(desk, content=VALUES + b"2026-08-10;14;ring 19121212-1212;\r\n")
    assert not on_disk(desk).exists()


@pytest.mark.parametrize("name", ["I tid", "../x", "con", "a.b", "", "19121212-1212", "x/y"])
def test_what_no_file_is_called_is_no_measure(name: str) -> None:
    with pytest.raises(ValueError, match="no measure"):
        measure_path(PROJECT.format("mote"), name)


@pytest.mark.parametrize(
    "path",
    [
        "content/practices/measures/x.csv",
        "improvement_cycles/mote/measures/x.xlsx",
        "improvement_cycles/mote/measures/djupt/x.csv",
        "improvement_cycles/measures/x.csv",
    ],
)
def test_no_table_lies_elsewhere_or_is_of_another_type(desk: Desk, path: str) -> None:
    with_table(desk)
    assert desk.library.document_path_of(path) is None
    with pytest.raises(BrokenDocument):
        desk.change(FileChange(path, None, None, VALUES))


def test_a_table_without_a_project_is_a_stray(desk: Desk) -> None:
    on_disk(desk).parent.mkdir(parents=True)
    on_disk(desk).write_bytes(VALUES)
    (problem,) = desk.library.strays()
    assert problem.message == "filen hör inte till någon sida: improvement_cycles/mote/project.md finns inte"


def test_a_project_may_be_called_as_the_folder_is(desk: Desk) -> None:
    document = with_table(desk, "measures")
    assert document.id == id_of("measures")
    assert on_disk(desk, "measures").read_bytes() == VALUES
