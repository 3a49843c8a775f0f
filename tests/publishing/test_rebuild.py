"""Everything derived can be thrown away and made anew, while people go on reading and saving."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from app.config import CHECKOUT
from app.database import upgrade
from tests.publishing.desk import PRACTICE, Desk, text_of

KILLED_REBUILD = """
import os, signal, sys
from pathlib import Path
from app.config import Settings
from tests.publishing.desk import Desk

def progress(done, total):
    if done == min(int(sys.argv[2]), total):
        os.kill(os.getpid(), signal.SIGKILL)

Desk(Settings.for_tests(Path(sys.argv[1]))).archive.rebuild(progress)
"""


@contextmanager
def at_the_same_time(*works: Callable[[], None]) -> Iterator[None]:
    """Repeat some work in threads of its own for as long as the block lasts; what it raises is raised at the end."""
    over = threading.Event()
    errors: list[BaseException] = []

    def repeat(work: Callable[[], None]) -> None:
        try:
            while not over.is_set():
                work()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=repeat, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join()
    assert errors == []


def delete_everything_derived(desk: Desk) -> None:
    desk.databases.close()
    for folder in (desk.settings.derived_folder, desk.settings.index_folder):
        shutil.rmtree(folder)


def test_the_same_answers_come_back_when_everything_derived_is_deleted(desk: Desk) -> None:
    document = desk.create("ett")
    desk.edit(document, text_of("ett", "Ny.\n").replace("title: ett", "title: Nytt namn"))
    desk.create("tva")
    before = desk.rows()
    delete_everything_derived(desk)

    desk.archive.make_ready()

    assert desk.rows() == before
    assert desk.index.rows_applied() == 3
    desk.assert_in_step()


def test_rows_that_are_missing_are_made_when_the_files_are_looked_at(desk: Desk) -> None:
    desk.create("ett")
    delete_everything_derived(desk)

    desk.archive.reconcile()

    assert desk.rows() == {"ett": "ett"}


def test_saves_and_readings_during_a_rebuild_never_fail_and_never_go_back_in_time(desk: Desk) -> None:
    for number in range(30):
        desk.create(f"annan-{number}")
    desk.create("samtal")
    seen: list[int] = []
    saved = [0]

    def save() -> None:
        number = saved[0] + 1
        desk.edit(desk.read("samtal"), text_of("samtal").replace("title: samtal", f"title: {number}"))
        saved[0] = number

    def look() -> None:
        known = saved[0]
        title = desk.rows()["samtal"]
        seen.append(0 if title == "samtal" else int(title))
        assert seen[-1] >= known, "an old answer"

    save()
    with at_the_same_time(save, look):
        first = desk.archive.rebuild()
        second = desk.archive.rebuild()

    assert second > first
    assert seen == sorted(seen)
    assert desk.rows()["samtal"] == str(saved[0])
    assert desk.index.generations.current() == second
    desk.assert_in_step()


def test_of_two_rebuilds_at_once_the_second_waits(desk: Desk) -> None:
    desk.create("ett")
    made: list[int] = []
    threads = [threading.Thread(target=lambda: made.append(desk.archive.rebuild())) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(made)) == 2
    assert desk.rows() == {"ett": "ett"}
    assert desk.index.generations.current() == max(made)


@pytest.mark.parametrize("after", [1, 1_000_000], ids=["at the first document", "at the last document"])
def test_a_rebuild_that_is_killed_leaves_the_living_generation_as_it_is(desk: Desk, after: int) -> None:
    desk.create("ett")
    desk.create("tva")
    living = desk.index.generations.current()
    desk.databases.close()

    killed = subprocess.run(
        [sys.executable, "-c", KILLED_REBUILD, str(desk.home), str(after)], cwd=CHECKOUT, check=False
    )

    assert killed.returncode == -signal.SIGKILL
    assert desk.index.generations.current() == living
    assert sorted(desk.rows()) == ["ett", "tva"]
    desk.archive.rebuild()
    assert sorted(desk.rows()) == ["ett", "tva"]


@pytest.mark.parametrize("after", [1, 3], ids=["in the rows", "in the words"])
def test_a_rebuild_that_fails_does_not_spoil_the_next_one_of_the_same_process(desk: Desk, after: int) -> None:
    """The next one gets the same number: it must not write into files that are no more."""
    desk.create("ett")
    desk.create("tva")

    def fail(done: int, _total: int) -> None:
        if done == after:
            raise OSError("the disk is full")

    with pytest.raises(OSError, match="the disk is full"):
        desk.archive.rebuild(fail)
    number = desk.archive.rebuild()

    assert desk.index.generations.derived_file(number).exists()
    assert sorted(desk.rows()) == ["ett", "tva"]
    desk.assert_in_step()


def test_what_was_changed_outside_is_in_history_before_it_is_in_the_rows(desk: Desk) -> None:
    document = desk.create("ett")
    desk.put("ett", text_of("ett", "Utifrån.\n"))

    desk.archive.rebuild()

    assert desk.history(document.id)[0].summary == "Ändrad utanför Lärnät"
    assert desk.index.rows_applied() == 2


def test_rows_that_belong_to_another_history_are_made_anew(desk: Desk) -> None:
    """Somebody has put back the kept database of an older day, or begun with a new one."""
    for slug in ("ett", "tva", "tre"):
        desk.create(slug)
    desk.databases.close()
    for file in desk.settings.var.glob("kept.db*"):
        file.unlink()
    desk.file("tre").unlink()
    again = Desk(desk.settings)
    upgrade(desk.settings)
    again.archive.make_ready()

    assert sorted(again.rows()) == ["ett", "tva"]
    again.databases.close()


def test_thousands_of_outside_changes_are_brought_up_piece_by_piece(desk: Desk) -> None:
    for number in range(450):
        desk.put(f"ny-{number}", text_of(f"ny-{number}"))
    document = desk.create("samtal")

    assert desk.archive.reconcile().added == 450

    assert len(desk.rows()) == 451
    desk.edit(document, text_of("samtal").replace("title: samtal", "title: Nytt namn"))
    assert desk.rows()["samtal"] == "Nytt namn"
    assert (desk.home / PRACTICE.format("ny-449")).exists()
    desk.assert_in_step()
