"""What stands in the folders is not trusted: each fault is explained, and the rest of the site is unharmed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.library.document import Problem
from tests.cast import Browser
from tests.house import House

HEAD = "---\nid: 11111111-1111-4111-8111-111111111111\ntitle: Ett fel\nowner: sodertalje\npublication: published\n"


def _bomb() -> bytes:
    levels = [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]" for n in range(1, 9)]
    return (HEAD + "l0: &l0 [a, a]\n" + "\n".join(levels) + "\n---\n").encode()


FAULTS: dict[str, tuple[bytes, str]] = {
    "broken YAML": ((HEAD + "areas: [forsorjningsstod\n---\nText\n").encode(), "rad"),
    "a wrong type": ((HEAD + "areas: forsorjningsstod\n---\nText\n").encode(), "rad 6"),
    "an unknown word": ((HEAD + "areas: [rymdfart]\n---\nText\n").encode(), "försörjningsstöd"),
    "a date that is none": ((HEAD + "review_by: i morgon\n---\nText\n").encode(), "rad 6"),
    "no title": (HEAD.replace("title: Ett fel\n", "").encode() + b"---\n", "title"),
    "invalid UTF-8": (HEAD.encode() + b"---\nG\xe4vle\n", "UTF-8"),
    "NUL": (HEAD.encode() + b"---\nText\x00\n", "U+0000"),
    "20 MB": (HEAD.encode() + b"---\n" + b"text " * 4_000_000, "stor"),
    "a bomb": (_bomb(), "rad"),
    "a tag": ((HEAD + "unit: !!python/object/apply:os.system [ls]\n---\n").encode(), "rad 6"),
    "no front matter": (b"Bara text\n", "---"),
    "an empty file": (b"", "---"),
}


def problems(house: House) -> list[Problem]:
    with house.app.app_context():
        found: list[Problem] = house.app.extensions["index"].problems()
    return found


def assert_the_rest_is_unharmed(anyone: Browser) -> None:
    for path in ("/", "/arbetssatt", "/arbetssatt/helt-riktigt", "/sok?q=helt", "/studiebesok", "/natverk"):
        assert anyone.get(path).status_code == 200, path
    assert "Helt riktigt" in anyone.get("/arbetssatt").text
    assert anyone.get("/api/v1/search?q=helt").json["total"] == 1  # type: ignore[index]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_file_is_explained_and_the_rest_is_unharmed(house: House, anyone: Browser, fault: str) -> None:
    content, expected = FAULTS[fault]
    house.write("practices", "helt-riktigt")
    (house.home / "content/practices/fel.md").write_bytes(content)
    house.look()
    messages = [str(problem) for problem in problems(house) if problem.path == "content/practices/fel.md"]
    assert messages, "the fault is not reported"
    assert expected in " ".join(messages)
    assert anyone.get("/arbetssatt/fel").status_code in (404, 503)
    assert "Traceback" not in anyone.get("/arbetssatt/fel").text
    assert_the_rest_is_unharmed(anyone)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_page_that_is_broken_outside_comes_back_when_it_is_mended(house: House, anyone: Browser, fault: str) -> None:
    path = house.write("practices", "fel", title="En bra sida")
    house.look()
    good = path.read_bytes()
    path.write_bytes(FAULTS[fault][0])
    house.look()
    path.write_bytes(good)
    house.look()
    assert "En bra sida" in anyone.get("/arbetssatt/fel").text
    assert not problems(house)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("a mark of byte order", lambda text: b"\xef\xbb\xbf" + text),
        ("Windows' line endings", lambda text: text.replace(b"\n", b"\r\n")),
        ("both", lambda text: b"\xef\xbb\xbf" + text.replace(b"\n", b"\r\n")),
    ],
)
def test_files_from_windows_are_read(
    house: House, anyone: Browser, name: str, change: Callable[[bytes], bytes]
) -> None:
    path = house.write("practices", "fran-windows", "Första stycket.\n\nAndra stycket.\n")
    path.write_bytes(change(path.read_bytes()))
    house.look()
    assert not problems(house)
    assert "Andra stycket" in anyone.get("/arbetssatt/fran-windows").text


def test_links_out_of_the_folder_are_not_followed(house: House, anyone: Browser, tmp_path: Path) -> None:
    house.write("practices", "helt-riktigt")
    secret = tmp_path / "hemligt.md"
    secret.write_text(HEAD + "---\nhemligheten\n")
    (house.home / "content/practices/lank.md").symlink_to(secret)
    (house.home / "improvement_cycles/lank").symlink_to(tmp_path)
    (tmp_path / "project.md").write_text(HEAD + "---\nhemligheten\n")
    house.look()
    for path in ("/arbetssatt/lank", "/utvecklingsarbeten/lank", "/sok?q=hemligheten"):
        assert "hemligheten</" not in anyone.get(path).text
        assert anyone.get("/arbetssatt/lank").status_code in (404, 503)
    assert anyone.get("/api/v1/search?q=hemligheten").json["total"] == 0  # type: ignore[index]
    assert_the_rest_is_unharmed(anyone)


@pytest.mark.parametrize(
    "slug",
    ["../../etc/passwd", "..%2f..%2fetc%2fpasswd", "%2e%2e/hemligt", "a\x00b", "A", "a" * 500, "a/b/c", "con.md", "å"],
)
def test_an_address_that_is_no_slug_is_not_found(anyone: Browser, slug: str) -> None:
    for place in ("arbetssatt", "cykler", "natverk", "organisationer"):
        assert anyone.get(f"/{place}/{slug}").status_code in (301, 308, 404), (place, slug)
