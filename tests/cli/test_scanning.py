"""``larnat scan`` finds numbers in whatever lies in a folder, and says where without telling them."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli import larnat, scanning
from app.config import Settings
from tests.library.written_files import excel, paragraph, pdf, word

NUMBER = "880320-1238"


def run(settings: Settings, *words: str) -> Result:
    return CliRunner().invoke(larnat, ["scan", *words], obj=settings)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "att-titta-i"
    (made / "inre").mkdir(parents=True)
    (made / "sida.md").write_text(f"---\ntitle: Hej\n---\n\nKlienten {NUMBER} ringde.\n", encoding="utf-8")
    (made / "tabell.csv").write_bytes("år;nummer\n2024;19880320–1238\n".encode("cp1252"))
    (made / "inre" / "bok.xlsx").write_bytes(excel({3: [f'<c t="str"><v>{NUMBER}</v></c>']}, name="Kostnader"))
    (made / "inre" / "brev.DOCX").write_bytes(word(paragraph("Inget") + paragraph(NUMBER)))
    (made / "inre" / "rapport.pdf").write_bytes(pdf("Inget", "19880320-1238"))
    (made / "inre" / f"samtal-{NUMBER}.png").write_bytes(b"\x89PNG")
    (made / "inre" / "anteckning").write_text("8803201238 eller 880320-XXXX", encoding="utf-8")
    (made / "inre" / "tom.txt").touch()
    return made


def test_everything_is_listed_with_its_file_line_kind_and_level(settings: Settings, folder: Path) -> None:
    result = run(settings, str(folder), "--json")
    listed = json.loads(result.stdout)
    found = {
        (one["file"].removeprefix(f"{folder}/"), one["place"], one["line"], one["level"], one["kind"]) for one in listed
    }
    assert found == {
        ("inre/anteckning", "", 1, "warn", "personnummer"),
        ("inre/anteckning", "", 1, "warn", "maskerat personnummer"),
        ("inre/bok.xlsx", "bladet Kostnader", 3, "stop", "personnummer"),
        ("inre/brev.DOCX", "", 2, "stop", "personnummer"),
        ("inre/rapport.pdf", "sida 2", 1, "stop", "personnummer"),
        ("inre/samtal-••••••-••••.png", "namnet", 0, "stop", "personnummer"),
        ("sida.md", "", 5, "stop", "personnummer"),
        ("tabell.csv", "", 2, "stop", "personnummer"),
    }
    assert result.exit_code == 1
    assert "1238" not in result.output


def test_people_read_a_line_for_each(settings: Settings, folder: Path) -> None:
    result = run(settings, str(folder))
    assert f"{folder}/sida.md, rad 5: personnummer, ••••••-••••" in result.stdout.splitlines()
    assert f"{folder}/inre/bok.xlsx, bladet Kostnader, rad 3: personnummer, ••••••-••••" in result.stdout.splitlines()
    assert f"{folder}/inre/anteckning, rad 1: kan vara personnummer, ••••••••••" in result.stdout.splitlines()
    assert "8 filer lästa: 6 personnummer, 2 att titta närmare på." in result.stderr


def test_a_folder_without_numbers_ends_well(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "ett.md").write_text("Den 2024-03-20 kl 14.30, tfn 08-123 45 67, 8803201238.", encoding="utf-8")
    result = run(settings, str(tmp_path / "ett.md"), "--json")
    assert [one["level"] for one in json.loads(result.stdout)] == ["warn"]
    assert result.exit_code == 0
    assert json.loads(run(settings, str(tmp_path / "ett.md"), "--json").stdout)


def test_what_is_no_plain_file_is_left_and_told_of(settings: Settings, tmp_path: Path) -> None:
    outside = tmp_path / "utanfor.txt"
    outside.write_text(NUMBER, encoding="utf-8")
    folder = tmp_path / "mapp"
    folder.mkdir()
    (folder / "lank.txt").symlink_to(outside)
    (folder / "runt").symlink_to(folder)
    os.mkfifo(folder / "ror.txt")
    (folder / "last.pdf").write_bytes(pdf("Inget", password="hemligt"))
    result = run(settings, str(folder))
    assert (result.exit_code, result.stdout) == (0, "")
    assert f"Ej läst: {folder}/lank.txt är ingen vanlig fil" in result.stderr
    assert f"Ej läst: {folder}/ror.txt är ingen vanlig fil" in result.stderr
    assert f"Ej läst: {folder}/last.pdf är låst med lösenord" in result.stderr


def test_a_large_text_is_read_to_its_end_with_the_right_lines(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanning, "PIECE", 1000)
    lines = [f"rad {number}" for number in range(1, 5001)]
    lines[1233] = f"rad {NUMBER}"
    lines[4999] = f"rad {NUMBER}"
    (tmp_path / "lang.csv").write_text("\n".join(lines), encoding="utf-8")
    listed = json.loads(run(settings, str(tmp_path / "lang.csv"), "--json").stdout)
    assert [one["line"] for one in listed] == [1234, 5000]


def test_a_very_large_file_that_is_no_text_is_told_of(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanning, "LARGEST", 1000)
    (tmp_path / "stor.pdf").write_bytes(pdf("Inget") + b"\0" * 2000)
    result = run(settings, str(tmp_path))
    assert "stor.pdf är för stor" in result.stderr


def test_a_path_that_is_not_there_is_said_in_swedish(settings: Settings) -> None:
    result = run(settings, "finns-inte")
    assert result.exit_code == 2
    assert "finns-inte finns inte" in result.stderr
