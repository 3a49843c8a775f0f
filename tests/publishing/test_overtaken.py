"""Somebody edits a file outside in the very moment of a save: the lock does not keep them away, so it is looked at."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.history.tables import Sort, State
from app.library.shelf import Library, Staged
from app.publishing import Archive, FileChange, Refused, StaleVersion
from tests.publishing.desk import PRACTICE, Desk, text_of


class BusyLibrary(Library):
    """A library where somebody else edits right after the new texts were written beside their files."""

    meanwhile: Callable[[], object]

    def stage(self, path: str, content: str | bytes) -> Staged:
        staged = super().stage(path, content)
        self.meanwhile()
        return staged


def busy(desk: Desk, meanwhile: Callable[[], object]) -> None:
    """From now on ``meanwhile`` happens in the middle of every save."""
    desk.library = BusyLibrary(desk.home, list(desk.library.kinds.values()))
    desk.library.meanwhile = meanwhile
    desk.archive = Archive(desk.settings, desk.library, desk.databases, desk.index)


def test_an_edit_does_not_run_over_it(desk: Desk) -> None:
    document = desk.create("samtal")
    busy(desk, lambda: desk.put("samtal", text_of("samtal", "Utifrån.\n")))

    with pytest.raises(StaleVersion) as stale:
        desk.edit(document, text_of("samtal", "Min.\n"))

    assert stale.value.conflicts[0].theirs == text_of("samtal", "Utifrån.\n")
    assert desk.read("samtal").body == "Utifrån.\n"
    assert desk.history(document.id)[0].sort == Sort.OUTSIDE
    desk.assert_in_step()


def test_a_change_set_is_taken_back_whole(desk: Desk) -> None:
    one, two = desk.create("ett"), desk.create("tva")
    busy(desk, lambda: desk.put("tva", text_of("tva", "Utifrån.\n")))

    with pytest.raises(StaleVersion):
        desk.change(
            FileChange(one.path, text_of("ett", "Min.\n"), one.version),
            FileChange(two.path, text_of("tva", "Min.\n"), two.version),
            FileChange(PRACTICE.format("ny"), text_of("ny"), None),
        )

    assert [desk.read(slug).body for slug in ("ett", "tva")] == ["Text.\n", "Utifrån.\n"]
    assert not desk.file("ny").exists()
    assert State.FAILED in desk.states()
    desk.assert_in_step()


def test_a_removal_does_not_remove_it(desk: Desk) -> None:
    one, two = desk.create("ett"), desk.create("tva")
    busy(desk, lambda: desk.put("tva", text_of("tva", "Utifrån.\n")))

    with pytest.raises(StaleVersion):
        desk.change(
            FileChange(one.path, text_of("ett", "Min.\n"), one.version), FileChange(two.path, None, two.version)
        )

    assert [desk.read(slug).body for slug in ("ett", "tva")] == ["Text.\n", "Utifrån.\n"]
    desk.assert_in_step()


def test_an_event_happens_to_what_is_there_then(desk: Desk) -> None:
    document = desk.create("besok")
    texts = iter([text_of("besok", "Utifrån.\n")])
    busy(desk, lambda: [desk.put("besok", text) for text in texts])

    desk.happen(document.path, lambda document: document.text + "- Anna\n")

    assert desk.read("besok").body == "Utifrån.\n- Anna\n"
    desk.assert_in_step()


def test_an_event_that_is_overtaken_while_it_is_worked_out_happens_too(desk: Desk) -> None:
    path = desk.create("besok").path
    texts = iter([text_of("besok", "Utifrån.\n")])

    desk.happen(
        path, lambda document: document.text + "- Anna\n" + str([desk.put("besok", text) for text in texts])[:0]
    )

    assert desk.read("besok").body == "Utifrån.\n- Anna\n"


def test_a_file_that_never_rests_is_left_alone(desk: Desk) -> None:
    document = desk.create("besok")
    numbers = iter(range(1000))
    busy(desk, lambda: desk.put("besok", text_of("besok", f"Utifrån, {next(numbers)}.\n")))

    with pytest.raises(Refused, match="utanför Lärnät"):
        desk.happen(document.path, lambda document: document.text + "- Anna\n")

    assert "Anna" not in desk.read("besok").body
    desk.archive.reconcile()
    desk.assert_in_step()
