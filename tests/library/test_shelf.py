"""Documents are files: read anew, never through a link, never from outside the home folder, never half written."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from app.library.document import BrokenDocument, NotFound
from app.library.shelf import LARGEST_FILE, Library, version_of
from tests.library.kinds import VISIT, library_in, write

PATH = "content/visits/a/visit.md"


@pytest.fixture
def library(tmp_path: Path) -> Library:
    write(tmp_path, PATH, VISIT)
    return library_in(tmp_path)


def fault(asked: Callable[[], object]) -> str:
    with pytest.raises(BrokenDocument) as caught:
        asked()
    return str(caught.value)


# ---- Reading ----


def test_a_document_is_what_its_file_says(library: Library) -> None:
    document = library.get("visits", "a")
    assert (document.slug, document.path, document.title, document.text) == ("a", PATH, "Besök i Södertälje", VISIT)
    assert document.version == version_of(VISIT) == version_of(VISIT.encode())


def test_a_document_is_read_anew_every_time(library: Library) -> None:
    library.get("visits", "a")
    write(library.home, PATH, VISIT.replace("Södertälje", "Solna"))
    assert library.get("visits", "a").title == "Besök i Solna"


def test_the_slug_of_a_child_holds_its_parents(library: Library) -> None:
    write(library.home, "content/visits/a/01-forsta.md", "---\ntitle: Första\nowner: solna\n---\n")
    assert library.get("notes", "a/01-forsta").title == "Första"


def test_a_document_keeps_its_text_to_the_letter_and_its_version(library: Library) -> None:
    text = "\ufeff" + VISIT.replace("\n", "\r\n")
    write(library.home, PATH, text)
    document = library.get("visits", "a")
    assert (document.text, document.version) == (text, version_of(text))
    assert document.body == "## Vad ni får se\n\nMottagningen.\n"


@pytest.mark.parametrize(
    "slug",
    [
        "b",
        "",
        ".",
        "..",
        "../a",
        "a/../a",
        "/etc/passwd",
        "a/visit.md",
        "A",
        "å",
        "a\0",
        "a\n",
        "a" * 300,
        "a/",
        "%2e%2e",
    ],
)
def test_a_slug_that_is_none_is_not_found(library: Library, slug: str) -> None:
    with pytest.raises(NotFound):
        library.get("visits", slug)


def test_a_kind_that_is_none_is_not_found(library: Library) -> None:
    with pytest.raises(NotFound):
        library.get("people", "a")


@pytest.mark.parametrize(
    "path", ["../x.md", "content/visits/../../x.md", "/etc/passwd", "content//visits/a/visit.md", "a\\b"]
)
def test_a_path_that_leads_out_is_refused(library: Library, path: str) -> None:
    assert "leder ut" in fault(lambda: library.load(path))
    assert "leder ut" in fault(lambda: library.stage(path, "x"))
    assert "leder ut" in fault(lambda: library.remove(path))
    with pytest.raises(NotFound):
        library.read(path)


def test_no_file_is_none(library: Library) -> None:
    assert library.load("content/visits/b/visit.md") is None
    assert library.load("content/nothing/here.md") is None
    assert library.load(f"{PATH}/inside-a-file.md") is None


def test_a_file_that_is_a_link_is_refused(library: Library, tmp_path_factory: pytest.TempPathFactory) -> None:
    secret = tmp_path_factory.mktemp("outside") / "secret.md"
    secret.write_text(VISIT)
    (library.home / "content/visits/b").mkdir()
    (library.home / "content/visits/b/visit.md").symlink_to(secret)
    assert "symbolisk länk" in fault(lambda: library.get("visits", "b"))
    assert [one.path for one in library.strays()] == ["content/visits/b/visit.md"]
    assert [file.path for file in library.files()] == [PATH]


@pytest.mark.parametrize("link", ["content", "content/visits", "content/visits/b"])
def test_a_folder_that_is_a_link_is_refused(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, link: str
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    write(outside, "content/visits/b/visit.md", VISIT)
    (tmp_path / link).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / link).symlink_to(outside / link)
    library = library_in(tmp_path)
    assert "symbolisk länk" in fault(lambda: library.get("visits", "b"))
    assert "symbolisk länk" in fault(lambda: library.stage("content/visits/b/visit.md", VISIT))
    assert "symbolisk länk" in fault(lambda: library.remove("content/visits/b/visit.md"))
    assert list(library.files()) == []


def test_the_home_folder_itself_may_be_a_link(library: Library, tmp_path_factory: pytest.TempPathFactory) -> None:
    home = tmp_path_factory.mktemp("other") / "home"
    home.symlink_to(library.home)
    assert library_in(home).get("visits", "a").slug == "a"


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
def test_what_is_no_plain_file_is_refused_without_waiting(library: Library, make: Callable[[Path], None]) -> None:
    (library.home / "content/visits/b").mkdir()
    make(library.home / "content/visits/b/visit.md")
    assert "ingen vanlig fil" in fault(lambda: library.get("visits", "b"))


def test_a_file_of_20_mb_is_refused_by_its_size(library: Library) -> None:
    with (library.home / PATH).open("r+b") as file:
        file.truncate(20_000_000)  # takes no room on the disk, and would take much in memory
    assert "filen är för stor: 20,0 MB. Den får vara högst 1 MB" in fault(lambda: library.get("visits", "a"))


def test_a_text_that_is_too_long_is_refused_before_it_is_saved(library: Library) -> None:
    assert "för lång" in fault(lambda: library.parse(PATH, VISIT + "å" * (LARGEST_FILE // 2)))


def test_bytes_that_are_not_utf_8_are_told_with_their_line(library: Library) -> None:
    write(library.home, PATH, VISIT.encode().replace("Södertälje".encode(), b"S\xf6dert\xe4lje"))
    assert fault(lambda: library.get("visits", "a")) == f"{PATH}, rad 3: filen är inte sparad som UTF-8. Spara den så"


def test_a_file_with_nul_is_told_with_its_line(library: Library) -> None:
    write(library.home, PATH, VISIT.replace("Mottagningen", "Mottag\0ningen"))
    assert "rad 15: tecknet U+0000 är inte text" in fault(lambda: library.get("visits", "a"))


def test_a_file_that_may_not_be_read_is_told(library: Library) -> None:
    (library.home / PATH).chmod(0)
    before = os.geteuid()
    if before == 0:
        os.seteuid(65534)  # the superuser may read everything
    try:
        assert "får inte läsas" in fault(lambda: library.get("visits", "a"))
    finally:
        os.seteuid(before)


def test_a_broken_document_leaves_the_others_standing(library: Library) -> None:
    write(library.home, "content/visits/b/visit.md", "ingen front matter")
    assert fault(lambda: library.get("visits", "b"))
    assert library.get("visits", "a").title


def test_a_text_is_judged_as_if_it_stood_in_the_file(library: Library) -> None:
    assert library.parse("content/visits/ny/visit.md", VISIT).slug == "ny"
    assert "här kan inget dokument ligga" in fault(lambda: library.parse("content/ny.md", VISIT))
    assert "U+D800" in fault(lambda: library.parse(PATH, VISIT + "\ud800"))


# ---- The folders ----


def test_every_document_is_listed_and_nothing_else(library: Library) -> None:
    for path in (
        "a/01-forsta.md",
        "a/.hidden.md",
        ".git/visit.md",
        "a/visit.files/x.md",
        "a/.tmp-1",
        "a/measures/x.csv",
    ):
        write(library.home, f"content/visits/{path}", VISIT)
    found = {file.path: file for file in library.files()}
    assert sorted(found) == ["content/visits/a/01-forsta.md", PATH]
    state = (library.home / PATH).stat()
    assert (found[PATH].mtime_ns, found[PATH].size) == (state.st_mtime_ns, state.st_size)


def test_misnamed_files_are_told(library: Library) -> None:
    for path in (
        "README.md",
        "a/README.md",
        "Besök.md",
        "a/1-kort.md",
        "a/djupt/01-ner.md",
        "a/VISIT.MD",
        "a/bild.png",
    ):
        write(library.home, f"content/visits/{path}", "x")
    assert sorted(problem.path.removeprefix("content/visits/") for problem in library.strays()) == [
        "Besök.md",
        "a/1-kort.md",
        "a/VISIT.MD",
        "a/djupt/01-ner.md",
    ]


def test_a_library_without_folders_is_empty(tmp_path: Path) -> None:
    library = library_in(tmp_path)
    assert (list(library.files()), list(library.strays()), library.sweep()) == ([], [], 0)


# ---- Writing ----


def test_a_staged_text_is_not_there_until_it_is_put_in_place(library: Library) -> None:
    staged = library.stage(PATH, "ny text")
    assert library.get("visits", "a").text == VISIT
    assert len(list(library.files())) == 1
    staged.replace()
    assert library.load(PATH) == b"ny text"
    assert [name.name for name in (library.home / "content/visits/a").iterdir()] == ["visit.md"]


def test_folders_are_made_for_a_new_document_and_removed_with_it(library: Library) -> None:
    library.stage("content/visits/ny/visit.md", VISIT).replace()
    assert library.get("visits", "ny").title
    library.remove("content/visits/ny/visit.md")
    assert not (library.home / "content/visits/ny").exists()
    library.remove(PATH)
    assert (library.home / "content/visits").is_dir()


def test_a_folder_that_holds_something_else_stays(library: Library) -> None:
    write(library.home, "content/visits/a/measures/x.csv", "1")
    library.remove(PATH)
    assert (library.home / "content/visits/a/measures/x.csv").exists()


def test_removing_what_is_gone_is_no_error(library: Library) -> None:
    library.remove(PATH)
    library.remove(PATH)
    library.remove("content/visits/never/visit.md")


def test_a_discarded_text_leaves_nothing_behind(library: Library) -> None:
    staged = library.stage("content/visits/ny/visit.md", VISIT)
    staged.discard()
    staged.discard()
    assert not (library.home / "content/visits/ny").exists()


def test_a_replaced_file_keeps_its_permissions(library: Library) -> None:
    (library.home / PATH).chmod(0o664)
    library.stage(PATH, "x").replace()
    assert (library.home / PATH).stat().st_mode & 0o777 == 0o664


def test_a_text_that_a_killed_process_staged_can_be_taken_up(library: Library) -> None:
    code = (
        "import os, signal, pathlib\n"
        "from tests.library.kinds import library_in\n"
        f"staged = library_in(pathlib.Path({str(library.home)!r})).stage({PATH!r}, 'ny text')\n"
        "print(staged.name, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL
    assert library.get("visits", "a").text == VISIT
    staged = library.staged(PATH, done.stdout.strip())
    assert staged is not None
    staged.replace()
    assert library.load(PATH) == b"ny text"
    assert library.staged(PATH, done.stdout.strip()) is None


@pytest.mark.parametrize("name", ["visit.md", "../.tmp-1", ".tmp-saknas"])
def test_only_what_was_staged_can_be_taken_up(library: Library, name: str) -> None:
    assert library.staged(PATH, name) is None


def test_leftovers_are_swept(library: Library) -> None:
    library.stage(PATH, "x")
    library.stage("content/visits/ny/visit.md", "x")
    write(library.home, "content/visits/a/visit.files/.tmp-1", "x")
    write(library.home, "content/.tmp-2", "x")
    assert library.sweep() == 4
    assert library.sweep() == 0
    assert library.load(PATH) is not None


def test_a_full_disk_leaves_the_old_file_and_nothing_else(library: Library) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, before[1]))
    try:
        with pytest.raises(OSError, match=r"[Ff]ile too large"):
            library.stage(PATH, "x" * 2_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert library.get("visits", "a").text == VISIT
    assert [name.name for name in (library.home / "content/visits/a").iterdir()] == ["visit.md"]
