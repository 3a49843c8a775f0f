"""Everything one may read can be taken along, and nothing else."""

from __future__ import annotations

import io
import json
import stat
import threading
import zipfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from app.cli import larnat
from app.keeping import pages
from app.library.shelf import version_of
from tests.cast import Browser
from tests.editing.writing import open_form
from tests.house import House

TITLE = "Öppen metod"


@pytest.fixture
def library(house: House) -> House:
    """An open practice with a picture that builds on a secret one, a draft, a page for the network, an archived one."""
    house.write("networks", "knut", members=[{"organisation": "solna"}])
    house.write("practices", "oppen", "Se [[hemlig]].\n", title=TITLE, networks=["knut"])
    house.write("practices", "hemlig", title="Hemlig metod", publication="draft")
    house.write(
        "practices", "natets", title="Nätets metod", visibility="network", networks=["knut"], owner="sundbyberg"
    )
    house.write("practices", "gammal", title="Gammal metod", publication="archived")
    house.write("studyvisits", "besok", practices=["hemlig", "oppen", "hemlig"], title="Besöket")
    folder = house.home / "content/practices/oppen.files"
    folder.mkdir()
    (folder / "bild.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    (house.home / "content/practices/hemlig.files").mkdir()
    (house.home / "content/practices/hemlig.files/bild.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"hemlig")
    (house.home / "content/practices/trasig.md").write_text("---\ntitle: [\n---\n")
    house.look()
    return house


def files_in(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def exported(house: House, file: Path, *words: str) -> bytes:
    done = CliRunner().invoke(larnat, ["export", str(file), *words], obj=house.app.extensions["settings"])
    assert done.exit_code == 0, done.output
    return file.read_bytes()


def by_slug(content: bytes) -> dict[str, dict[str, Any]]:
    whole = json.loads(content)
    assert whole["count"] == len(whole["documents"])
    return {one["slug"]: one for one in whole["documents"]}


def test_everything_is_the_files_as_they_are(library: House, tmp_path: Path) -> None:
    found = files_in(exported(library, tmp_path / "allt.zip"))
    found.pop("LÄS MIG.txt")
    assert found == {
        path: (library.home / path).read_bytes()
        for path in (
            *(f"content/practices/{slug}.md" for slug in ("oppen", "hemlig", "natets", "gammal")),
            "content/practices/oppen.files/bild.png",
            "content/practices/hemlig.files/bild.png",
            "content/studyvisits/besok.md",
            "content/networks/knut.md",
        )
    }
    assert stat.S_IMODE((tmp_path / "allt.zip").stat().st_mode) == 0o600


def test_what_everybody_may_read_names_nothing_that_is_hidden(library: House, tmp_path: Path) -> None:
    found = files_in(exported(library, tmp_path / "offentligt.zip", "--as-public"))
    names = {Path(name).name for name in found}
    assert {"oppen.md", "gammal.md", "besok.md", "knut.md", "bild.png"} <= names
    assert not {"hemlig.md", "natets.md", "trasig.md"} & names
    assert "content/practices/hemlig.files/bild.png" not in found
    visit = found["content/studyvisits/besok.md"].decode()
    assert "hemlig" not in visit
    assert "- oppen" in visit
    assert found["content/practices/oppen.md"] == (library.home / "content/practices/oppen.md").read_bytes()


def test_json_has_the_fields_the_body_and_what_is_referred_to(library: House, tmp_path: Path) -> None:
    found = by_slug(exported(library, tmp_path / "allt.json", "--format", "json"))
    assert set(found) == {"oppen", "hemlig", "natets", "gammal", "besok", "knut"}
    visit = found["besok"]
    assert (visit["kind"], visit["url"]) == ("studyvisits", "/studiebesok/besok")
    assert visit["front_matter"]["practices"] == ["hemlig", "oppen", "hemlig"]
    assert [one["title"] for one in visit["relations"]] == ["Hemlig metod", TITLE, "Hemlig metod"]
    assert visit["version"] == version_of((library.home / visit["path"]).read_bytes())
    assert found["oppen"]["body"].strip() == "Se [[hemlig]]."
    assert found["oppen"]["attachments"] == [{"name": "bild.png", "size": 108}]


def test_json_for_everybody_names_nothing_that_is_hidden(library: House, tmp_path: Path) -> None:
    content = exported(library, tmp_path / "offentligt.json", "--format", "json", "--as-public")
    found = by_slug(content)
    assert set(found) == {"oppen", "gammal", "besok", "knut"}
    assert found["besok"]["front_matter"]["practices"] == ["oppen"]
    assert [one["slug"] for one in found["besok"]["relations"]] == ["oppen"]
    assert b"Hemlig metod" not in content


def test_values_go_along_and_those_of_small_groups_only_to_who_writes_the_project(
    library: House, tmp_path: Path, editor: Browser, reader: Browser
) -> None:
    rows = b"2026-08-03;2;4;Sjuk;01-kort\r\n2026-08-10;3;9;Halva laget;\r\n"
    content = b"date;numerator;denominator;note;cycle\r\n" + rows
    library.write("projects", "mote", measures=[{"name": "I tid", "chart": "p"}])
    path = "improvement_cycles/mote/measures/i-tid.csv"
    (library.home / path).parent.mkdir()
    (library.home / path).write_bytes(content)
    library.look()

    assert files_in(exported(library, tmp_path / "allt.zip"))[path] == content
    assert files_in(editor.get("/hamta/markdown").data)[path] == content
    open_to_all = exported(library, tmp_path / "alla.zip", "--as-public")
    for found in (files_in(open_to_all)[path], files_in(reader.get("/hamta/markdown").data)[path]):
        assert found.endswith(b"2026-08-03;;;;\r\n2026-08-10;3;9;Halva laget;\r\n")
    told = by_slug(reader.get("/hamta/json").data)["mote"]["measures"]["i-tid.csv"]
    assert told.splitlines()[1:] == ["2026-08-03;;;;", "2026-08-10;3;9;Halva laget;"]


def test_why_a_small_group_is_not_counted_is_told_to_who_writes_the_project(
    library: House, tmp_path: Path, editor: Browser, reader: Browser
) -> None:
    excluded = [{"day": "2026-08-03", "note": "Anna var sjuk."}, {"day": "2026-08-10", "note": "Strömavbrott."}]
    library.write("projects", "mote", measures=[{"name": "I tid", "chart": "p", "excluded": excluded}])
    table = library.home / "improvement_cycles/mote/measures/i-tid.csv"
    table.parent.mkdir()
    table.write_bytes(b"date;numerator;denominator;note;cycle\r\n2026-08-03;2;4;;\r\n2026-08-10;3;9;;\r\n")
    library.look()
    library.app.extensions["index"].index_words()

    path = "improvement_cycles/mote/project.md"
    assert b"Anna var sjuk." in files_in(editor.get("/hamta/markdown").data)[path]
    assert b"Anna var sjuk." in files_in(exported(library, tmp_path / "allt.zip"))[path]
    project = "/utvecklingsarbeten/mote"
    places = ("", "/matt/i-tid", "/matt/i-tid/diagram.svg", "/matt/i-tid/diagram.csv", ".json", "/sammanfattning")
    told = [
        files_in(exported(library, tmp_path / "alla.zip", "--as-public"))[path].decode(),
        files_in(reader.get("/hamta/markdown").data)[path].decode(),
        reader.get("/hamta/json").text,
        *(open_form(reader, f"{project}{place}").text for place in places),
    ]
    assert [one for one in told if "Anna var sjuk." in one] == []
    assert len([one for one in told if "Strömavbrott." in one]) > 3, "of a group that is shown it is told"
    assert "mote" not in reader.get("/sok?q=%22Anna+var+sjuk%22").text.partition("<main")[2]


def test_a_file_that_is_there_is_not_written_over(library: House, tmp_path: Path) -> None:
    (tmp_path / "viktig.txt").write_text("Viktigt.")
    done = CliRunner().invoke(larnat, ["export", str(tmp_path / "viktig.txt")], obj=library.app.extensions["settings"])
    assert done.exit_code == 1
    assert (tmp_path / "viktig.txt").read_text() == "Viktigt."


def test_a_member_fetches_what_they_may_see(library: House, reader: Browser) -> None:
    assert "/hamta/markdown" in reader.get("/hamta").text
    answer = reader.get("/hamta/markdown")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/zip"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="larnat-')
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "content/practices/natets.md" in files_in(answer.data)
    assert "content/practices/hemlig.md" not in files_in(answer.data)
    assert set(by_slug(reader.get("/hamta/json").data)) == {"oppen", "natets", "gammal", "besok", "knut"}


def test_another_member_does_not_get_the_networks_pages(library: House, outsider: Browser) -> None:
    assert set(by_slug(outsider.get("/hamta/json").data)) == {"oppen", "gammal", "besok", "knut"}


@pytest.mark.parametrize("address", ["/hamta", "/hamta/markdown", "/hamta/json"])
def test_fetching_asks_for_a_sign_in(library: House, anyone: Browser, address: str) -> None:
    assert anyone.get(address).status_code == 401


def test_another_form_does_not_exist(library: House, reader: Browser) -> None:
    assert reader.get("/hamta/docx").status_code == 404


def test_one_fetches_at_a_time_and_the_next_when_the_first_is_done(library: House, reader: Browser) -> None:
    held: threading.Lock = pages._going_on
    with held:
        answer = reader.get("/hamta/markdown")
        assert answer.status_code == 503
        assert "Retry-After" in answer.headers
    assert reader.get("/hamta/markdown").status_code == 200
    assert reader.get("/hamta/markdown").status_code == 200


def test_the_account_page_leads_there(library: House, reader: Browser) -> None:
    assert 'href="/hamta"' in reader.get("/mitt-konto").text


def test_a_file_with_a_personal_number_is_not_taken_along(library: House, tmp_path: Path, editor: Browser) -> None:
    (library.home / "content/practices/oppen.files/lista.csv").write_text("A;880320-1238\n")
    library.write("practices", "numrerad", "Klienten 880320-1238.\n")
    library.look()
    for content in (exported(library, tmp_path / "allt.zip"), editor.get("/hamta/markdown").data):
        files = files_in(content)
        assert "content/practices/oppen.files/bild.png" in files
        assert "content/practices/oppen.files/lista.csv" not in files
        assert "content/practices/numrerad.md" not in files
        assert not any(b"880320-1238" in content for content in files.values())
    assert [one["name"] for one in by_slug(editor.get("/hamta/json").data)["oppen"]["attachments"]] == ["bild.png"]
