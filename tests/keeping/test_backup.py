"""A backup holds everything of one moment, or is not there; nobody has to wait for it."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from app.keeping.backup import backup
from app.keeping.manifest import Manifest
from app.keeping.restore import restore
from app.keeping.snapshot import SNAPSHOTS, NotPossible
from tests.keeping.copies import backed_up, hashes, tables, unpacked
from tests.publishing.desk import Desk, text_of


def test_everything_comes_back_as_it_was(full: Desk, tmp_path: Path) -> None:
    before = tables(full.settings.kept_file)
    made = backup(full.settings, full.archive, tmp_path / "kopia.tar.gz")
    restore(made.file, tmp_path / "ny")
    assert hashes(tmp_path / "ny") == hashes(full.home)
    assert "content/practices/forsta.files/en bild på köket.png" in hashes(tmp_path / "ny")
    assert "content/organisations.yaml" in hashes(tmp_path / "ny")
    assert tables(tmp_path / "ny/var/kept.db") == before
    assert made.manifest.revision == 6
    assert not made.left_out


def test_what_was_put_back_goes_on_where_it_was(full: Desk, tmp_path: Path) -> None:
    restore(backed_up(full, tmp_path / "kopia.tar.gz"), tmp_path / "ny")
    again = Desk(type(full.settings).for_tests(tmp_path / "ny"))
    again.archive.make_ready()
    assert again.rows() == full.rows()
    again.assert_in_step()
    assert again.states() == full.states()
    document = again.read("forsta")
    assert [entry.number for entry in again.history(document.id)] == [3, 2, 1]
    assert again.edit(document, text_of("forsta", "Efter återställningen.\n")).number == 7
    again.databases.close()


def test_the_manifest_tells_every_files_checksum(full: Desk, tmp_path: Path) -> None:
    members = unpacked(backed_up(full, tmp_path / "kopia.tar.gz"))
    assert members[-1][0].name == "manifest.json"
    manifest = Manifest.read(members[-1][1])
    told = {path: checksum.sha256 for path, checksum in manifest.files.items() if path != "var/kept.db"}
    assert told == hashes(full.home)
    assert {one.name for one, _ in members} == {*told, "var/kept.db", "manifest.json"}


def test_only_its_owner_may_read_a_backup_and_nothing_is_left_beside_it(full: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "kopior"
    folder.mkdir()
    file = backed_up(full, folder)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(folder.iterdir()) == [file]
    assert file.name.startswith("larnat-2")
    assert not list(full.settings.var.glob(f"{SNAPSHOTS}*"))


def test_saves_go_on_meanwhile_and_the_backup_stays_of_one_moment(full: Desk, tmp_path: Path) -> None:
    before, rows = hashes(full.home), tables(full.settings.kept_file)
    saved: list[int] = []

    def save_now(done: int, total: int) -> None:
        if not saved:
            # Would wait for ever if the library lock were held.
            saved.append(full.edit(full.read("forsta"), text_of("forsta", "Mitt i kopieringen.\n")).number)
            full.remove(full.read("andra"))

    made = backup(full.settings, full.archive, tmp_path / "kopia.tar.gz", save_now)
    assert saved == [7]
    assert made.manifest.revision == 6
    restore(made.file, tmp_path / "ny")
    assert hashes(tmp_path / "ny") == before
    assert tables(tmp_path / "ny/var/kept.db") == rows


def test_the_database_is_of_the_moment_also_when_it_is_copied_later(full: Desk, tmp_path: Path) -> None:
    from app.keeping.snapshot import snapshot

    before = tables(full.settings.kept_file)

    def save_now(done: int, total: int) -> None:
        if full.states() == ["done"] * 6:
            full.edit(full.read("forsta"), text_of("forsta", "Mitt i databasens kopiering.\n"))

    for number in range(200):
        (full.home / f"content/practices/andra.files{number}.txt").write_text("x")
    with snapshot(full.settings, full.archive, save_now) as taken:
        assert tables(taken.folder / "var/kept.db") == before
    assert len(full.states()) == 7


def test_a_change_made_outside_is_in_the_files_and_in_history(full: Desk, tmp_path: Path) -> None:
    full.put("andra", text_of("andra", "Ändrad i en editor.\n"))
    made = backup(full.settings, full.archive, tmp_path / "kopia.tar.gz")
    assert made.manifest.revision == 7
    restore(made.file, tmp_path / "ny")
    assert hashes(tmp_path / "ny") == hashes(full.home)


def test_what_is_no_file_of_ours_is_left_out_and_told(full: Desk, tmp_path: Path) -> None:
    practices = full.home / "content/practices"
    (practices / "lank.md").symlink_to("/etc/passwd")
    (practices / ".tmp-halvt").write_text("halvt")
    (practices / "bak\\streck.txt").write_text("x")
    os.mkfifo(practices / "ror")
    made = backup(full.settings, full.archive, tmp_path / "kopia.tar.gz")
    assert len(made.left_out) == 3
    assert not {"lank.md", ".tmp-halvt", "ror"} & {Path(path).name for path in made.manifest.files}


def test_very_long_names_come_back(full: Desk, tmp_path: Path) -> None:
    name = "content/practices/forsta.files/" + "å" * 120 + ".txt"
    (full.home / name).write_text("x")
    restore(backed_up(full, tmp_path / "kopia.tar.gz"), tmp_path / "ny")
    assert name in hashes(tmp_path / "ny")


@pytest.mark.parametrize(
    "place",
    ["content/kopia.tar.gz", "improvement_cycles/kopia", "search_index/x", "content/practices", "var/derived/x"],
)
def test_a_backup_is_not_put_into_what_it_copies(full: Desk, place: str) -> None:
    (full.home / "var/derived").mkdir(exist_ok=True)
    with pytest.raises(NotPossible, match="får inte ligga"):
        backed_up(full, full.home / place)


def test_a_backup_is_not_put_into_the_content_through_a_link(full: Desk, tmp_path: Path) -> None:
    (tmp_path / "kopior").symlink_to(full.home / "content")
    with pytest.raises(NotPossible, match="får inte ligga"):
        backed_up(full, tmp_path / "kopior/kopia.tar.gz")


def test_a_file_that_is_there_is_not_written_over(full: Desk, tmp_path: Path) -> None:
    (tmp_path / "viktig.txt").write_text("Viktigt.")
    with pytest.raises(NotPossible, match="finns redan"):
        backed_up(full, tmp_path / "viktig.txt")
    with pytest.raises(NotPossible, match="finns inte"):
        backed_up(full, tmp_path / "ingenstans/kopia.tar.gz")


def test_a_backup_that_fails_leaves_nothing(full: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "kopior"
    folder.mkdir()

    def fail(done: int, total: int) -> None:
        if done > total // 2:
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        backup(full.settings, full.archive, folder / "kopia.tar.gz", fail)
    assert list(folder.iterdir()) == []
    assert not list(full.settings.var.glob(f"{SNAPSHOTS}*"))


def test_what_a_killed_backup_left_is_removed_by_the_next(full: Desk, tmp_path: Path) -> None:
    left = full.settings.var / f"{SNAPSHOTS}dead/content"
    left.mkdir(parents=True)
    (left / "x.md").write_text("x")
    backed_up(full, tmp_path / "kopia.tar.gz")
    assert not list(full.settings.var.glob(f"{SNAPSHOTS}*"))


def test_two_backups_at_once_do_not_disturb_each_other(full: Desk, tmp_path: Path) -> None:
    second: list[str] = []

    def another(done: int, total: int) -> None:
        if not second:
            with pytest.raises(NotPossible, match="pågår") as refused:
                backed_up(full, tmp_path / "andra.tar.gz")
            second.append(str(refused.value))

    made = backup(full.settings, full.archive, tmp_path / "kopia.tar.gz", another)
    assert second
    assert not (tmp_path / "andra.tar.gz").exists()
    restore(made.file, tmp_path / "ny")


def test_files_that_can_have_no_second_name_are_copied(
    full: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    restore(backed_up(full, tmp_path / "kopia.tar.gz"), tmp_path / "ny")
    assert hashes(tmp_path / "ny") == hashes(full.home)


def test_a_house_without_a_database_has_nothing_to_back_up(desk: Desk, tmp_path: Path) -> None:
    desk.databases.close()
    desk.settings.kept_file.unlink()
    with pytest.raises(NotPossible, match="prepare"):
        backed_up(desk, tmp_path / "kopia.tar.gz")
