"""Generations take each other's place whole, and only what nobody reads is removed."""

from __future__ import annotations

import threading

import pytest

from app.index import IndexNotReady, Query
from app.library.visibility import ANYONE
from tests.index.conftest import Desk


def test_before_the_first_build_there_is_nothing_to_answer_from(bare: Desk) -> None:
    assert bare.index.generations.current() is None
    with pytest.raises(IndexNotReady):
        bare.index.cards("practices", ANYONE)


def test_a_failed_build_leaves_the_living_generation_and_no_files(desk: Desk) -> None:
    desk.write("practices", "kvar")
    living = desk.index.generations.current()

    def fail() -> None:
        with desk.index.generations.building() as number:
            desk.index.build(number, [], 0, desk.revision)
            raise RuntimeError("the power went")

    with pytest.raises(RuntimeError, match="the power went"):
        fail()
    assert desk.index.generations.current() == living
    assert [file.name for file in desk.settings.derived_folder.glob("*.db")] == [f"{living}.db"]
    assert [folder.name for folder in desk.settings.index_folder.iterdir() if folder.is_dir()] == [str(living)]
    assert desk.slugs("kvar") == ["kvar"]


def test_a_number_is_never_used_twice(desk: Desk) -> None:
    first = desk.index.generations.current()
    desk.settings.derived_folder.joinpath(f"{first}.db").unlink()
    with desk.index.generations.building() as number:
        assert number != first


def test_old_generations_go_only_after_a_while(desk: Desk) -> None:
    first = desk.index.generations.current() or 0
    desk.rebuild()
    assert desk.index.generations.remove_old() == []
    assert desk.index.generations.derived_file(first).exists()
    assert desk.index.generations.remove_old(grace_seconds=0) == [first]
    assert not desk.index.generations.derived_file(first).exists()
    assert not desk.index.generations.index_folder(first).exists()


def test_what_a_killed_build_left_is_removed_but_not_a_build_that_goes_on(desk: Desk) -> None:
    left = desk.index.generations.derived_file(99)
    left.touch()
    with desk.index.generations.building():
        desk.index.generations.remove_old(grace_seconds=0)
        assert left.exists()
    desk.index.generations.remove_old(grace_seconds=0)
    assert not left.exists()


def test_two_builds_wait_for_each_other(desk: Desk) -> None:
    numbers: list[int] = []

    def build() -> None:
        with desk.index.generations.building() as number:
            numbers.append(number)
            desk.index.build(number, [], 0, 0)
            desk.index.generations.switch(number)

    threads = [threading.Thread(target=build) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(numbers)) == 3


def test_another_process_sees_the_switch_at_its_next_question(desk: Desk) -> None:
    other = desk.again()
    assert other.find(Query("nyskrivet"), ANYONE).total == 0
    desk.put("practices", "nyskrivet")
    desk.rebuild()
    assert other.find(Query("nyskrivet"), ANYONE).total == 1


@pytest.mark.parametrize("damage", ["missing", "garbage", "foreign"])
def test_damaged_rows_are_never_trusted(desk: Desk, damage: str) -> None:
    file = desk.index.generations.derived_file(desk.index.generations.current() or 0)
    desk.databases.close()
    for part in (file, file.with_name(file.name + "-wal"), file.with_name(file.name + "-shm")):
        part.unlink(missing_ok=True)
    if damage == "garbage":
        file.write_bytes(b"this is no database, whatever it says" * 200)
    elif damage == "foreign":
        file.touch()
    with pytest.raises(IndexNotReady):
        desk.again().find(Query("x"), ANYONE)
    with pytest.raises(IndexNotReady):
        desk.again().rows_applied()
    desk.rebuild()
    assert desk.find("x").total == 0


@pytest.mark.parametrize("damage", ["missing", "no note", "another's", "garbage", "torn"])
def test_damaged_words_are_never_trusted(desk: Desk, damage: str) -> None:
    desk.put("practices", "ett")
    desk.rebuild()
    folder = desk.index.generations.index_folder(desk.index.generations.current() or 0)
    if damage == "missing":
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()
    elif damage == "no note":
        (folder / "larnat.json").unlink()
    elif damage == "another's":
        note = (folder / "larnat.json").read_text(encoding="utf-8")
        (folder / "larnat.json").write_text(note.replace('"token": "', '"token": "x'), encoding="utf-8")
    else:
        for file in folder.glob("*.toc" if damage == "garbage" else "*.seg"):
            file.write_bytes(b"\x00" * 100)
    with pytest.raises(IndexNotReady):
        desk.again().find(Query("ett"), ANYONE)
    assert desk.again().cards("practices", ANYONE).total == 1  # lists need no words
    desk.rebuild()
    assert desk.slugs("ett") == ["ett"]


def test_rows_of_another_version_of_the_program_are_not_read(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.index.tables._code", lambda: "other code")
    with pytest.raises(IndexNotReady):
        desk.again().rows_applied()
