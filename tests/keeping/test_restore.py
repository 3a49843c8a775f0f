"""A backup that is not whole, or not ours, is refused before anything is written."""

from __future__ import annotations

import gzip
import random
import shutil
import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path

import pytest

from app.keeping.manifest import Damaged
from app.keeping.restore import STAGING, check, restore
from app.keeping.snapshot import NotPossible
from tests.keeping.copies import Members, altered, backed_up, flipped, hashes, member, packed, plain_tar, unpacked
from tests.publishing.desk import Desk

DATABASE = "var/kept.db"


@pytest.fixture
def copy(full: Desk, tmp_path: Path) -> Path:
    return backed_up(full, tmp_path / "kopia.tar.gz")


def refused(file: Path, why: str = ".") -> None:
    """It is refused, and the folder is as empty as it was; one that was not there is not made."""
    there, missing = file.parent / "tom", file.parent / "saknas"
    there.mkdir(exist_ok=True)
    for home in (there, missing):
        with pytest.raises(Damaged, match=why):
            restore(file, home)
    assert list(there.iterdir()) == []
    assert not missing.exists()
    with pytest.raises(Damaged):
        check(file)


def test_a_backup_cut_off_anywhere_is_refused(copy: Path, tmp_path: Path) -> None:
    content = copy.read_bytes()
    for length in sorted({0, 1, 10, 17, len(content) - 1, len(content) - 8, *range(40, len(content), 1500)}):
        file = tmp_path / "avbruten.tar.gz"
        file.write_bytes(content[:length])
        refused(file)


def test_a_flipped_bit_anywhere_is_refused_or_changes_nothing(copy: Path, full: Desk, tmp_path: Path) -> None:
    size = copy.stat().st_size
    chance = random.Random(3)
    for position in sorted({*range(12), *range(size - 8, size), *chance.sample(range(size), 60)}):
        file = flipped(copy, tmp_path / "vand.tar.gz", position)
        home = tmp_path / f"hem-{position}"
        try:
            restore(file, home)
        except Damaged:
            assert not home.exists()
        else:
            # Nothing depends on the time in gzip's header and on the bits that fill up the last byte of what is packed,
            # and now and then the packed bytes mean the same with another bit. What comes out is what went in.
            assert hashes(home) == hashes(full.home)


def test_a_change_that_gzip_cannot_see_is_seen_by_the_checksums(copy: Path, tmp_path: Path) -> None:
    def change(members: Members) -> Members:
        return [
            (one, content.replace(b"Tredje", b"Fjarde") if one.name.endswith(".md") else content)
            for one, content in members
        ]

    refused(altered(copy, tmp_path / "andrad.tar.gz", change), "forsta.md har ändrats")


@pytest.mark.parametrize(
    "name",
    [
        "../utanfor.md",
        "/etc/larnat.md",
        "content/../../utanfor.md",
        "content/./x.md",
        "content//x.md",
        "content/x\\..\\y.md",
        "content/x\ny.md",
        "content",
        "var/library.lock",
        "var/demo-secret-key",
        "annat/x.md",
        "content/" + "x" * 300 + ".md",
    ],
)
def test_a_name_that_leads_elsewhere_is_refused(copy: Path, tmp_path: Path, name: str) -> None:
    def add(members: Members) -> Members:
        return [member(name), *members]

    refused(altered(copy, tmp_path / "ond.tar.gz", add), "får inte finnas|får ligga|för långt")
    refused(altered(copy, tmp_path / "ond-med-lista.tar.gz", add, honest=[name]))


@pytest.mark.parametrize(
    "sort", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE, tarfile.XHDTYPE]
)
def test_what_is_no_plain_file_is_refused(copy: Path, tmp_path: Path, sort: bytes) -> None:
    def add(members: Members) -> Members:
        found, _ = member("content/practices/ny.md", b"", sort)
        found.linkname = "/etc/passwd"
        return [(found, b""), *members]

    refused(altered(copy, tmp_path / "ond.tar.gz", add), "inte är en vanlig fil")


def test_a_file_too_many_or_too_few_is_refused(copy: Path, tmp_path: Path) -> None:
    refused(
        altered(copy, tmp_path / "en-till.tar.gz", lambda m: [member("content/x.md"), *m]), "innehållsförteckningen"
    )
    refused(altered(copy, tmp_path / "en-mindre.tar.gz", lambda m: m[1:]), "saknas")
    refused(altered(copy, tmp_path / "dubbel.tar.gz", lambda m: [m[0], *m]), "får inte finnas")
    refused(altered(copy, tmp_path / "efterat.tar.gz", lambda m: [*m, member("content/x.md")]), "efter")
    refused(
        packed([one for one in unpacked(copy) if one[0].name != "manifest.json"], tmp_path / "utan.tar.gz"), "saknas"
    )


def test_what_stands_after_the_end_is_refused(copy: Path, tmp_path: Path) -> None:
    file = tmp_path / "mer.tar.gz"
    file.write_bytes(copy.read_bytes() + b"mer")
    refused(file)
    file.write_bytes(copy.read_bytes() + gzip.compress(b"mer"))
    refused(file, "efter slutet")
    file.write_bytes(gzip.compress(plain_tar(copy)[:-512] + b"x" * 512))
    refused(file, "efter slutet")


def test_other_files_are_refused_for_what_they_are(tmp_path: Path) -> None:
    for content in (b"", b"text", b"PK\x03\x04" + bytes(100), gzip.compress(b"text"), gzip.compress(bytes(10240))):
        file = tmp_path / "annat"
        file.write_bytes(content)
        refused(file)


def test_a_bomb_is_refused_for_its_size(copy: Path, tmp_path: Path) -> None:
    found = tarfile.TarInfo("content/practices/stor.md")
    found.size = 1 << 50
    file = tmp_path / "bomb.tar.gz"
    file.write_bytes(gzip.compress(found.tobuf(tarfile.GNU_FORMAT) + bytes(1_000_000)))
    refused(file, "får plats")
    found = tarfile.TarInfo("././@LongLink")
    found.type, found.size = tarfile.GNUTYPE_LONGNAME, 1 << 40
    file.write_bytes(gzip.compress(found.tobuf(tarfile.GNU_FORMAT) + bytes(1_000_000)))
    refused(file, "för långt")


def test_a_manifest_that_cannot_be_understood_is_refused(copy: Path, tmp_path: Path) -> None:
    members = unpacked(copy)[:-1]
    for text in (
        b"",
        b"[]",
        b"{}",
        b"[" * 100_000,
        b'{"format": 99}',
        b"\xff\xfe",
        unpacked(copy)[-1][1].replace(b'"size": ', b'"size": -'),
    ):
        refused(packed([*members, member("manifest.json", text)], tmp_path / "manifest.tar.gz"))


def with_database(copy: Path, target: Path, content: bytes) -> Path:
    def change(members: Members) -> Members:
        return [(one, content if one.name == DATABASE else old) for one, old in members]

    return altered(copy, target, change, honest=[DATABASE])


def database_in(copy: Path) -> bytes:
    return next(content for one, content in unpacked(copy) if one.name == DATABASE)


def test_a_database_that_is_not_sound_is_refused(copy: Path, tmp_path: Path) -> None:
    sound = database_in(copy)
    page = len(sound) // 2 // 4096 * 4096
    refused(with_database(copy, tmp_path / "a.tar.gz", b"text"), "skadad")
    refused(with_database(copy, tmp_path / "b.tar.gz", sound[:page]), "skadad")
    torn = sound[:4096] + b"\xa5" * 8192 + sound[12288:]
    refused(with_database(copy, tmp_path / "c.tar.gz", torn), "skadad")
    refused(altered(copy, tmp_path / "d.tar.gz", lambda m: [one for one in m if one[0].name != DATABASE]), "saknas")


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("UPDATE alembic_version SET version_num = '9999'", "samma tid"),
        ("DELETE FROM revision WHERE number = 6", "samma tid|hänger inte ihop"),
        ("DROP TABLE revision", "skadad|hänger inte ihop"),
        ("DELETE FROM alembic_version", "skadad"),
    ],
)
def test_a_database_of_something_else_is_refused(copy: Path, tmp_path: Path, statement: str, why: str) -> None:
    file = tmp_path / "kept.db"
    file.write_bytes(database_in(copy))
    with closing(sqlite3.connect(file)) as database:
        database.execute(statement)
        database.commit()
    refused(with_database(copy, tmp_path / "a.tar.gz", file.read_bytes()), why)


def test_a_backup_of_a_newer_program_is_refused(copy: Path, full: Desk, tmp_path: Path) -> None:
    with closing(sqlite3.connect(full.settings.kept_file)) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
        database.commit()
    refused(backed_up(full, tmp_path / "nyare.tar.gz"), "nyare Lärnät")


@pytest.mark.parametrize("name", ["x.txt", ".dold", "content/practices/x.md", "var/kept.db"])
def test_a_folder_with_anything_in_it_is_refused(copy: Path, tmp_path: Path, name: str) -> None:
    home = tmp_path / "hem"
    (home / name).parent.mkdir(parents=True)
    (home / name).write_text("x")
    with pytest.raises(NotPossible, match="inte tom"):
        restore(copy, home)
    assert [file for file in home.rglob("*") if file.is_file()] == [home / name]


def test_a_folder_with_a_link_in_it_is_refused(copy: Path, tmp_path: Path) -> None:
    (tmp_path / "hem").mkdir()
    (tmp_path / "hem/content").symlink_to(tmp_path)
    with pytest.raises(NotPossible, match="inte tom"):
        restore(copy, tmp_path / "hem")


def test_a_place_that_cannot_be_a_folder_is_refused(copy: Path, tmp_path: Path) -> None:
    (tmp_path / "fil").write_text("x")
    for home in (tmp_path / "fil", tmp_path / "finns/inte"):
        with pytest.raises(NotPossible, match="ingen mapp"):
            restore(copy, home)


def test_empty_folders_and_what_a_killed_restore_left_are_no_hindrance(copy: Path, full: Desk, tmp_path: Path) -> None:
    home = tmp_path / "hem"
    (home / "content/practices").mkdir(parents=True)
    (home / "var").mkdir()
    (home / "var/demo-secret-key").write_text("x" * 64)
    (home / STAGING / "content").mkdir(parents=True)
    (home / STAGING / "content/halv.md").write_text("halv")
    restore(copy, home)
    assert hashes(home) == hashes(full.home)
    assert not (home / STAGING).exists()


def test_a_restore_that_fails_in_the_middle_leaves_the_folder_empty(copy: Path, tmp_path: Path) -> None:
    def fail(done: int, total: int) -> None:
        if done > total * 0.9:
            raise OSError(28, "No space left on device")

    (tmp_path / "hem").mkdir()
    with pytest.raises(OSError, match="No space"):
        restore(copy, tmp_path / "hem", fail)
    assert list((tmp_path / "hem").iterdir()) == []


def test_a_backup_that_changes_while_it_is_read_is_refused(copy: Path, full: Desk, tmp_path: Path) -> None:
    other = altered(
        copy,
        tmp_path / "annan.tar.gz",
        lambda m: [(one, b"annan" if one.name.endswith("andra.md") else content) for one, content in m],
        honest=["content/practices/andra.md"],
    )
    swapped = False

    def swap(done: int, total: int) -> None:
        nonlocal swapped
        if not swapped and done >= total / 2:
            swapped = True
            shutil.copyfile(other, copy)  # into the very file that is open

    home = tmp_path / "hem"
    home.mkdir()
    with pytest.raises(Damaged, match="ändrats"):
        restore(copy, home, swap)
    assert list(home.iterdir()) == []


def test_checking_a_backup_tells_what_it_holds_and_writes_nothing(copy: Path, full: Desk) -> None:
    manifest = check(copy)
    assert manifest.revision == 6
    assert manifest.documents == len(hashes(full.home))
