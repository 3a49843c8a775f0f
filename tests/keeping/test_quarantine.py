"""A file that somebody has put a personal number into does not go into a backup; what stood there before does."""

from __future__ import annotations

from pathlib import Path

from app.keeping.backup import backup
from app.keeping.restore import restore
from tests.keeping.copies import unpacked
from tests.publishing.desk import PRACTICE, Desk, text_of

NUMBER = "880320-1238"
FILES = "content/practices/forsta.files"


def test_the_last_text_without_a_number_goes_in_its_place(full: Desk, tmp_path: Path) -> None:
    full.archive.take_in()
    good = full.file("forsta").read_bytes()
    full.put("forsta", text_of("forsta", f"Klienten {NUMBER} ringde.\n"))
    full.put("ny", text_of("ny", f"Om {NUMBER}.\n"))
    full.put("trasig", "---\ntitle: [\n---\n")
    (full.home / FILES / "brev.txt").write_text(f"Till {NUMBER}")
    made = backup(full.settings, full.archive, tmp_path / "kopia.tar.gz")
    members = {member.name: content for member, content in unpacked(made.file)}
    assert not [name for name, content in members.items() if NUMBER.encode() in content]
    assert members[PRACTICE.format("forsta")] == good
    assert PRACTICE.format("ny") not in members
    assert f"{FILES}/brev.txt" not in members
    assert PRACTICE.format("trasig") in members, "what is broken in another way is kept as it is"
    told = "\n".join(made.left_out)
    assert f"{PRACTICE.format('forsta')} ser ut att innehålla ett personnummer; det som stod där innan är med" in told
    assert f"{PRACTICE.format('ny')} ser ut att innehålla ett personnummer; inget stod där innan" in told
    assert "trasig" not in told
    assert NUMBER in full.file("forsta").read_text(), "the file itself is somebody's to mend"


def test_a_restored_house_has_the_page_as_it_was(full: Desk, tmp_path: Path) -> None:
    full.put("forsta", text_of("forsta", f"Klienten {NUMBER} ringde.\n"))
    made = backup(full.settings, full.archive, tmp_path / "kopia.tar.gz")
    restore(made.file, tmp_path / "ny")
    again = Desk(type(full.settings).for_tests(tmp_path / "ny"))
    again.archive.make_ready()
    assert again.read("forsta").body.strip() == "Tredje texten, med å ä ö."
    again.assert_in_step()
