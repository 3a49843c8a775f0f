"""Files beside documents come back from a backup, and so does what can still be undone with them."""

from __future__ import annotations

from pathlib import Path

from app.history.attached import removed_from
from app.history.revisions import content_of
from app.keeping.restore import restore
from app.library.shelf import version_of
from app.publishing import FileChange
from tests.keeping.copies import backed_up
from tests.publishing.desk import ANNA, PRACTICE, Desk

PICTURE, FILE = bytes(range(256)) * 300, b"%PDF-1.7"


def place(slug: str, name: str) -> str:
    return PRACTICE.format(slug).removesuffix(".md") + f".files/{name}"


def test_files_their_history_and_their_undo_come_back(desk: Desk, tmp_path: Path) -> None:
    kept, gone = desk.create("kvar"), desk.create("borta")
    for slug in ("kvar", "borta"):
        desk.change(FileChange(place(slug, "bild.png"), None, None, PICTURE))
    desk.change(FileChange(place("kvar", "fil.pdf"), None, None, FILE))
    desk.change(FileChange(place("kvar", "fil.pdf"), None, version_of(FILE)))
    deletion = desk.remove(gone)

    restore(backed_up(desk, tmp_path / "kopia.tar.gz"), tmp_path / "ny")
    again = Desk(type(desk.settings).for_tests(tmp_path / "ny"))
    again.archive.make_ready()

    assert (again.home / place("kvar", "bild.png")).read_bytes() == PICTURE
    with again.databases.kept_for_reading() as session:
        (removed,) = removed_from(session, [kept.id], present=["bild.png"])
        assert content_of(session, removed.version) == FILE
    again.archive.undo_deletion(deletion.number, ANNA)
    assert (again.home / place("borta", "bild.png")).read_bytes() == PICTURE
    again.assert_in_step()
    again.databases.close()
