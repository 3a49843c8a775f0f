"""What somebody lays in the folder of a page by hand, and what comes back with a backup: never followed, never run."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import unicodedata
import urllib.parse
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.publishing.looking import YOUNG_NS
from tests.hostile_files.conftest import TEXT
from tests.hostile_files.under_watch import PAGE, Sender
from tests.house import make_home
from tests.library import hostile
from tests.serving import Site, environment, served, wait_for

FOLDER = "content/practices/samtal.files"
SECRET = "hemligheten"

FILES: dict[str, bytes] = {
    "bra.png": hostile.picture(),
    "plats.jpg": hostile.talkative("JPEG"),
    "sida.png": hostile.HTML,
    "skript.png": hostile.SVG,
    "dubbel.png": hostile.png_and_html(),
    "skript.gif": hostile.gif_and_script(),
    "stor.png": hostile.large_png(),
    "sida.pdf": hostile.POLYGLOT_PDF,
    "aktiv.pdf": hostile.ACTIVE_PDF,
    "tom.pdf": b"",
    "bomb.docx": hostile.zip_bomb(),
    "makro.docx": hostile.hidden_macros(),
    "skript.txt": b"alert(1)",
}
NO_NAMES: tuple[bytes, ...] = (
    *(b"sida.html", b"skript.svg", b"skript.js", b"makro.docm", b"x.md", b".htaccess", b".dold.png", b"CON.png"),
    *(b"con.png", b"Bra.png", b"slut.png.", b"slut.png ", b"-rf.png", b"rad\nny.png", b"\xff\xfe.png", b"..\\x.png"),
    *("日本.png".encode(), "🙂.png".encode(), "rtl\u202egnp.png".encode(), b"a" * 250 + b".png", b"%2e%2e.png"),
    *(unicodedata.normalize(form, "å.png").encode() for form in ("NFC", "NFD")),
)
ODD = ("lank.txt", "noll.png", "ror.png", "uttag.png", "mapp.png", "utat.txt")


def lay_there(home: Path, outside: Path) -> None:
    """Put everything into the folder of a page. What is no plain file hangs whoever opens it carelessly."""
    folder = home / FOLDER
    folder.mkdir()
    for name, content in FILES.items():
        (folder / name).write_bytes(content)
    for raw in NO_NAMES:
        (folder / os.fsdecode(raw)).write_bytes(hostile.HTML)
    (outside / "hemlig.txt").write_text(SECRET)
    (folder / "lank.txt").symlink_to(outside / "hemlig.txt")
    (folder / "utat.txt").symlink_to("../../../var/demo-secret-key")
    (folder / "noll.png").symlink_to("/dev/zero")
    os.mkfifo(folder / "ror.png")
    (folder / "mapp.png").mkdir()
    (folder / "slinga").symlink_to(folder)
    _lay_socket(folder / "uttag.png")
    (home / "content/practices/lankad.files").symlink_to(outside)
    (home / "content/practices/lankad.md").write_text(TEXT.format(title="Länkad"), encoding="utf-8")


def _lay_socket(place: Path) -> None:
    """A path to a socket may not be longer than a hundred characters: it is bound from the folder itself."""
    with socket.socket(socket.AF_UNIX) as plug:
        opened = os.open(place.parent, os.O_RDONLY)
        try:
            plug.bind(f"/proc/self/fd/{opened}/{place.name}")
        finally:
            os.close(opened)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = make_home(tmp_path_factory.mktemp("laid"))
    (home / "content/practices/samtal.md").write_text(TEXT.format(title="Samtal"), encoding="utf-8")
    lay_there(home, tmp_path_factory.mktemp("outside"))
    return home


@pytest.fixture(scope="module")
def site(home: Path) -> Iterator[Site]:
    with served(home, home / "var" / "log", LARNAT_WORKERS="1", LARNAT_RECONCILE_SECONDS="0.5") as site:
        yield site


@pytest.fixture
def reader(site: Site) -> Sender:
    return Sender(site.port)


def run(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = (sys.executable, "-m", "app.cli", *words)
    return subprocess.run(command, env=environment(home, 1), capture_output=True, text=True, timeout=120, check=False)


def is_served_safely(reader: Sender) -> None:
    shown = reader.get(PAGE)
    assert shown.status == 200
    assert SECRET not in shown.text
    addresses = re.findall(rf'href="(/filer{PAGE}/[^"]+)"', shown.text)
    assert {address.rpartition("/")[2] for address in addresses} == set(FILES)
    for name, laid in FILES.items():
        status, headers, content = reader.fetch(f"/filer{PAGE}/{name}")
        assert headers["x-content-type-options"] == "nosniff"
        if name == "stor.png":
            assert status == 404
            assert "10 000 × 10 000 bildpunkter" in content.decode()
            continue
        assert (status, content) == (200, laid)
        assert headers["content-security-policy"].startswith("sandbox; default-src 'none'")
        assert "html" not in headers["content-type"]
        assert "svg" not in headers["content-type"]
        shown_in_pages = name in ("bra.png", "plats.jpg", "dubbel.png", "skript.gif")
        assert headers["content-disposition"].startswith("inline" if shown_in_pages else "attachment"), name
    for raw in (*NO_NAMES, *(odd.encode() for odd in ODD), b"slinga/bra.png", b"mapp.png/", b"../samtal.md"):
        status, _, content = reader.fetch(f"/filer{PAGE}/{urllib.parse.quote(raw)}")
        assert status in (404, 308), raw
        assert SECRET.encode() not in content
    assert reader.fetch("/filer/arbetssatt/lankad/hemlig.txt")[0] == 404


def test_it_is_not_followed_and_not_shown_as_anything_else(site: Site, reader: Sender) -> None:
    is_served_safely(reader)
    assert site.well()


def test_the_worker_looks_again_and_again_without_stopping_at_it(site: Site, home: Path, reader: Sender) -> None:
    before = site.children()
    time.sleep(YOUNG_NS / 1e9)
    (home / FOLDER / "ny.png").write_bytes(hostile.picture())
    wait_for(lambda: "Ny</a>" in reader.get(PAGE).text)
    (home / FOLDER / "ny.png").unlink()
    assert site.children() == before
    assert site.well()


def test_check_tells_of_each_in_one_line_that_shows_what_it_is(home: Path) -> None:
    checked = run(home, "check")
    told = {line.partition(": ")[0].removeprefix(f"{FOLDER}/"): line for line in checked.stdout.splitlines()}
    assert checked.returncode == 1
    for name, why in (
        ("sida.png", "innehållet är något annat än PNG-bild"),
        ("skript.png", "innehållet är något annat än PNG-bild"),
        ("stor.png", "10 000 × 10 000 bildpunkter"),
        ("tom.pdf", "Filen är tom"),
        ("bomb.docx", "orimligt mycket"),
        ("makro.docx", "makron"),
        ("sida.html", "en bilaga kan inte heta eller vara så"),
        ("lank.txt", "ingen vanlig fil"),
        ("noll.png", "ingen vanlig fil"),
        ("ror.png", "ingen vanlig fil"),
        ("uttag.png", "ingen vanlig fil"),
        ("mapp.png", "ingen vanlig fil"),
    ):
        assert why in told[name], name
    assert "Tips: " in checked.stdout
    assert "plats.jpg: bilden kan berätta var, när och av vem den togs" in checked.stdout
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f\u202e\ud800-\udfff]", checked.stdout), (
        "names are shown as they are read"
    )
    assert all(": " in line for line in checked.stdout.splitlines()), "a name with a line break is one line"


def test_it_is_in_the_export_as_files_and_nothing_of_what_it_points_at(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "allt.zip"
    assert run(home, "export", str(file)).returncode == 0
    with zipfile.ZipFile(file) as archive:
        names = archive.namelist()
        assert {name.rpartition("/")[2] for name in names if name.startswith(FOLDER)} == set(FILES)
        assert all(SECRET.encode() not in archive.read(name) for name in names)


def test_a_backup_brings_back_the_files_and_nothing_else(home: Path, tmp_path: Path) -> None:
    file, restored = tmp_path / "kopia.tar.gz", tmp_path / "hem"
    made = run(home, "backup", str(file))
    assert made.returncode == 0, made.stderr
    for odd in ODD:
        assert odd in made.stderr or odd == "mapp.png", "what is left out is told of"
    assert run(home, "restore", str(file), "--home", str(restored)).returncode == 0

    folder = restored / FOLDER
    assert {file.name: file.read_bytes() for file in folder.iterdir() if file.name in FILES} == FILES
    for there in restored.rglob("*"):
        assert not there.is_symlink()
        assert there.is_dir() or there.is_file()
    with served(restored, tmp_path / "log", LARNAT_WORKERS="1") as site:
        is_served_safely(Sender(site.port))


def test_a_device_is_nobodys_file(home: Path, reader: Sender) -> None:
    device = home / FOLDER / "enhet.png"
    try:
        os.mknod(device, 0o666 | 0o020000, os.makedev(1, 5))
    except PermissionError:
        pytest.skip("only an administrator can make a device")
    try:
        assert reader.fetch(f"/filer{PAGE}/enhet.png")[0] == 404
        assert reader.get(PAGE).status == 200
        assert "enhet.png: det här är ingen vanlig fil" in run(home, "check").stdout
    finally:
        device.unlink()
