"""No way into the library leads around the guard, and nothing of what it stops is left anywhere."""

from __future__ import annotations

import logging
import pickle

import pytest

from app.history import text_of as text_in_history
from app.history.attached import held_back
from app.history.revisions import pack
from app.history.tables import Text
from app.library.attachments import path_in
from app.library.guard import HasNumbers, NumberProblem
from app.library.personal_data import mark_of, stops
from app.library.shelf import CALLED_BY_A_NUMBER
from app.publishing import FileChange, Next, Refused
from tests.library.written_files import paragraph, word
from tests.publishing.desk import ANNA, PRACTICE, Desk, id_of, text_of
from tests.traces import traces

NUMBER = "880320-1238"
DIGITS = ("880320-1238", "8803201238", "880320")
WITH = f"Klienten {NUMBER} ringde.\n"


def mark(document_id: str, text: str = NUMBER) -> str:
    return mark_of(text, stops(text)[0], document_id)


def declared(title: str, body: str = WITH) -> str:
    return text_of(title, body, extra=f"not_personal_numbers: [{mark(id_of(title))}]\n")


def left(desk: Desk) -> list[str]:
    desk.databases.close()
    return traces(desk.home, DIGITS)


# ---- Saving ----


def test_a_new_page_with_a_number_is_not_saved(desk: Desk) -> None:
    with pytest.raises(HasNumbers) as stopped:
        desk.create("samtal", WITH)
    (problem,) = stopped.value.problems
    assert isinstance(problem, NumberProblem)
    assert (problem.line, problem.masked) == (8, "••••••-••••")
    assert NUMBER not in str(stopped.value)
    assert desk.states() == []
    assert left(desk) == []


def test_an_edit_that_brings_a_number_changes_nothing(desk: Desk) -> None:
    document = desk.create("samtal")
    for text in (text_of("samtal", WITH), text_of("samtal", extra=f"summary: Om {NUMBER}\n"), f"trasig {NUMBER}"):
        with pytest.raises(HasNumbers):
            desk.edit(document, text)
    assert desk.read("samtal") == document
    assert len(desk.states()) == 1
    assert left(desk) == []


def test_an_event_that_brings_a_number_is_refused_in_words(desk: Desk) -> None:
    document = desk.create("samtal")
    with pytest.raises(Refused, match="personnummer"):
        desk.happen(document.path, lambda newest: newest.text + WITH)
    assert left(desk) == []


def test_the_words_about_a_change_are_looked_at(desk: Desk) -> None:
    document = desk.create("samtal")
    with pytest.raises(Refused, match="Det du skrev om ändringen"):
        desk.change(FileChange(document.path, text_of("samtal", "Ny.\n"), document.version), summary=f"För {NUMBER}")
    with pytest.raises(Refused, match="Det du skrev om ändringen"):
        desk.happen(document.path, lambda newest: newest.text + "Nytt.\n", summary=f"För {NUMBER}")
    assert left(desk) == []


def test_a_file_with_a_number_is_not_attached(desk: Desk) -> None:
    document = desk.create("samtal")
    content = word(paragraph(f"Klienten {NUMBER}"))
    file = FileChange(path_in(document.path, "brev.docx"), None, None, content)
    with pytest.raises(Refused, match=r"brev\.docx ser ut att innehålla ett personnummer \(rad 1: ••••••-••••\)"):
        desk.change(file)
    with pytest.raises(Refused, match="personnummer"):
        desk.happen(document.path, lambda newest: Next(newest.text, [file]))
    assert not desk.library.attached(document.path)
    assert left(desk) == []


def test_an_earlier_text_with_a_number_does_not_come_back(desk: Desk) -> None:
    document = desk.create("samtal")
    with pytest.raises(HasNumbers):
        desk.change(FileChange(document.path, text_of("samtal", WITH), document.version), sort="restore")


def test_nothing_is_called_by_a_number(desk: Desk) -> None:
    path = PRACTICE.format(f"samtal-{NUMBER}")
    with pytest.raises(Exception, match="här kan inget dokument ligga"):
        desk.change(FileChange(path, text_of("samtal"), None))
    with pytest.raises(ValueError, match="not the name of an attachment"):
        path_in("content/practices/samtal.md", f"brev-{NUMBER}.pdf")


def test_what_is_wrong_with_a_file_gets_to_other_processes_and_back(desk: Desk) -> None:
    with pytest.raises(HasNumbers) as stopped:
        desk.create("samtal", WITH)
    again = pickle.loads(pickle.dumps(stopped.value))
    assert (type(again), again.path, again.problems) == (HasNumbers, stopped.value.path, stopped.value.problems)


# ---- Declared to be none ----


def test_what_is_declared_to_be_no_number_is_saved_and_stays(desk: Desk) -> None:
    desk.change(FileChange(PRACTICE.format("samtal"), declared("samtal"), None))
    document = desk.read("samtal")
    desk.edit(document, document.text + "Mer.\n")
    with pytest.raises(HasNumbers):
        desk.edit(desk.read("samtal"), desk.read("samtal").text + "Och 19900101-0017.\n")
    with pytest.raises(HasNumbers):  # the mark is of this document only
        desk.change(FileChange(PRACTICE.format("annat"), declared("samtal").replace(id_of("samtal"), id_of("b")), None))
    desk.archive.reconcile(thorough=True)
    assert desk.rows() == {"samtal": "samtal"}


def test_the_same_digits_are_declared_however_they_are_written(desk: Desk) -> None:
    text = declared("samtal", "880320-1238, 198803201238, 19880320–1238 och **880320**\\-1238.\n")
    desk.change(FileChange(PRACTICE.format("samtal"), text, None))


def test_what_was_declared_holds_for_files_as_well(desk: Desk) -> None:
    desk.change(FileChange(PRACTICE.format("samtal"), declared("samtal", "Text.\n"), None))
    document = desk.read("samtal")
    content = word(paragraph(NUMBER))
    desk.change(FileChange(path_in(document.path, "brev.docx"), None, None, content))
    assert [one.name for one in desk.library.attached(document.path)] == ["brev.docx"]


# ---- Outside edits ----


def test_an_outside_edit_with_a_number_is_quarantined(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    document = desk.create("samtal")
    good = document.version
    desk.put("samtal", text_of("samtal", WITH))
    with caplog.at_level(logging.DEBUG):
        found = desk.archive.reconcile()
    assert [str(problem) for problem in found.problems] == [
        "content/practices/samtal.md, rad 8: här står något som ser ut som ett personnummer (••••••-••••). Ta bort det"
    ]
    with pytest.raises(HasNumbers):
        desk.read("samtal")
    assert desk.rows() == {}
    assert [problem.message for problem in desk.index.problems()] == [problem.message for problem in found.problems]
    newest, first = desk.history(document.id)
    with desk.databases.kept_for_reading() as session:
        assert text_in_history(session, newest.version or "") is None
        assert text_in_history(session, good)
    assert first.version == good
    desk.databases.close()
    assert traces(desk.home, DIGITS, besides=[desk.file("samtal")]) == []
    assert not any(one in caplog.text for one in DIGITS)


def test_an_outside_edit_is_as_good_as_any_when_the_number_is_gone(desk: Desk) -> None:
    document = desk.create("samtal")
    desk.put("samtal", text_of("samtal", WITH))
    desk.archive.reconcile()
    desk.put("samtal", text_of("samtal", "Utan.\n"))
    assert desk.archive.reconcile().problems == ()
    assert desk.rows() == {"samtal": "samtal"}
    assert desk.history(document.id)[0].version == desk.read("samtal").version
    desk.assert_in_step()


def test_a_file_that_was_there_from_the_start_is_quarantined_as_well(desk: Desk) -> None:
    desk.put("samtal", text_of("samtal", WITH))
    desk.put("annat", text_of("annat"))
    desk.archive.rebuild()
    assert desk.rows() == {"annat": "annat"}
    desk.databases.close()
    assert traces(desk.home, DIGITS, besides=[desk.file("samtal")]) == []


def test_a_broken_file_with_a_number_is_not_written_down_either(desk: Desk) -> None:
    desk.put("samtal", f"---\ntitle: [\n---\n\n{WITH}")
    desk.archive.reconcile()
    desk.databases.close()
    assert traces(desk.home, DIGITS, besides=[desk.file("samtal")]) == []


def test_a_file_that_is_called_by_a_number_is_told_of_without_it(desk: Desk) -> None:
    desk.put(f"samtal-{NUMBER}", text_of("samtal"))
    found = desk.archive.reconcile()
    assert [(problem.path, problem.message) for problem in found.problems] == [
        ("content/practices/samtal-••••••-••••.md", CALLED_BY_A_NUMBER)
    ]
    with pytest.raises(LookupError) as nowhere:
        desk.read(f"samtal-{NUMBER}")
    assert NUMBER not in str(nowhere.value)
    assert left(desk) == []


def test_a_file_laid_beside_a_page_is_held_back_while_it_holds_a_number(desk: Desk) -> None:
    document = desk.create("samtal")
    path = path_in(document.path, "brev.docx")
    file = desk.home / path
    file.parent.mkdir()
    file.write_bytes(word(paragraph(NUMBER)))
    found = desk.archive.reconcile()
    assert [problem.path for problem in found.problems] == [path]
    assert "personnummer (rad 1: ••••••-••••)" in found.problems[0].message
    with desk.databases.kept_for_reading() as session:
        assert held_back(session) == {path}
    desk.databases.close()
    assert traces(desk.home, DIGITS, besides=[file]) == []

    file.write_bytes(word(paragraph("Inget")))
    assert desk.archive.reconcile().problems == ()
    with desk.databases.kept_for_reading() as session:
        assert held_back(session) == set()
    desk.assert_in_step()


def test_a_file_is_shown_when_its_number_is_declared_to_be_none(desk: Desk) -> None:
    document = desk.create("samtal")
    path = path_in(document.path, "brev.docx")
    (desk.home / path).parent.mkdir()
    (desk.home / path).write_bytes(word(paragraph(NUMBER)))
    desk.archive.reconcile()
    desk.edit(document, declared("samtal", "Text.\n"))
    assert desk.archive.reconcile().problems == ()
    with desk.databases.kept_for_reading() as session:
        assert held_back(session) == set()
    desk.assert_in_step()


def test_a_deletion_is_not_undone_where_a_number_would_come_back(desk: Desk) -> None:
    document = desk.create("samtal")
    number = desk.remove(document).number
    with desk.databases.kept() as session:  # as history may be from before there was a guard
        session.get_one(Text, document.version).packed = pack(text_of("samtal", WITH).encode())
    with pytest.raises(Refused, match=r"ser ut att innehålla ett personnummer \(••••••-••••\)"):
        desk.archive.undo_deletion(number, ANNA)
    assert desk.rows() == {}
