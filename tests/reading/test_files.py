"""The files of documents: who gets them, and what the browser is told so that nothing in them runs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cast import Browser
from tests.house import House
from tests.library import hostile

URL = "/filer/arbetssatt/samtal/{}"
PICTURE = hostile.picture("PNG")


def attach(house: House, name: str, content: bytes = PICTURE, slug: str = "samtal") -> Path:
    file = house.home / "content/practices" / f"{slug}.files" / name
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(content)
    return file


def without_tokens(text: str) -> str:
    return re.sub(r'(content|value)="[\w.-]{60,}"', "", text)


def test_a_picture_stands_in_the_text_and_in_the_list(house: House, anyone: Browser) -> None:
    attach(house, "rum-2.png")
    said = [{"file": "rum-2.png", "title": "Rummet", "alt": "Ett rum med två stolar"}]
    house.write("practices", "samtal", "Så ser det ut: ![](rum-2.png)\n", attachments=said)
    attach(house, "checklista.pdf", hostile.PDF)
    house.look()

    page = anyone.get("/arbetssatt/samtal").text

    assert '<img src="/filer/arbetssatt/samtal/rum-2.png" alt="Ett rum med två stolar" loading="lazy">' in page
    assert ">Rummet</a>" in page
    assert "PNG-bild, 1 kB" in page
    assert '<a href="/filer/arbetssatt/samtal/checklista.pdf" download>Checklista</a>' in page
    assert anyone.get(URL.format("rum-2.png")).data == PICTURE


def test_a_file_is_found_by_what_it_is_called_and_the_hit_says_so(house: House, anyone: Browser) -> None:
    house.write("practices", "samtal", attachments=[{"file": "x1.pdf", "title": "Kvartersmodellens blankett"}])
    attach(house, "x1.pdf", hostile.PDF)
    house.write("practices", "annan")
    attach(house, "vaxelvis-boende.png", slug="annan")
    house.look()

    hits = anyone.get("/api/v1/search?q=kvartersmodellens+blanketter").get_json()
    assert [hit["url"] for hit in hits["hits"]] == ["/arbetssatt/samtal"]
    assert "Bilaga: <mark>Kvartersmodellens</mark> <mark>blankett</mark> (PDF)" in hits["hits"][0]["snippet"]
    found = anyone.get("/api/v1/search?q=vaxelvis").get_json()["hits"]
    assert [hit["url"] for hit in found] == ["/arbetssatt/annan"]


def test_a_file_that_is_removed_outside_is_found_no_longer(house: House, anyone: Browser) -> None:
    house.write("practices", "samtal")
    file = attach(house, "egendomlig.pdf", hostile.PDF)
    house.look()
    assert anyone.get("/api/v1/search?q=egendomlig").get_json()["total"] == 1
    file.unlink()
    house.look()
    assert anyone.get("/api/v1/search?q=egendomlig").get_json()["total"] == 0


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_what_one_may_not_see_is_as_if_it_were_not_there(
    house: House, anyone: Browser, outsider: Browser, editor: Browser, method: str
) -> None:
    house.write("practices", "samtal", publication="draft")
    attach(house, "bild.png")
    house.write("practices", "annan", visibility="organisation")
    attach(house, "bild.png", slug="annan")
    house.look()

    for address in (URL.format("bild.png"), "/filer/arbetssatt/annan/bild.png"):
        for browser in (anyone, outsider):
            answer = browser.open(address, method=method)
            nothing = browser.open(address.replace("bild.png", "nada.png"), method=method)
            assert (answer.status_code, nothing.status_code) == (404, 404)
            assert without_tokens(answer.text) == without_tokens(nothing.text.replace("nada", "bild"))
        assert editor.open(address, method=method).status_code == 200


def test_a_browser_is_told_not_to_guess_or_run_anything(house: House, anyone: Browser) -> None:
    house.write("practices", "samtal", attachments=[{"file": "fil.pdf", "title": 'Års"rapport\n2013: å/ä'}])
    attach(house, "fil.pdf", hostile.POLYGLOT_PDF)
    attach(house, "bild.png")
    house.look()

    pdf, picture = anyone.get(URL.format("fil.pdf")), anyone.get(URL.format("bild.png"))

    for answer in (pdf, picture):
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert answer.headers["Cache-Control"] == "private, no-cache"
    assert pdf.mimetype == "application/pdf"
    assert pdf.headers["Content-Disposition"] == (
        "attachment; filename=\"fil.pdf\"; filename*=UTF-8''%C3%85rsrapport2013%20%C3%A5%C3%A4.pdf"
    )
    assert picture.mimetype == "image/png"
    assert picture.headers["Content-Disposition"].startswith("inline;")


def test_what_somebody_laid_there_as_a_picture_and_is_none_is_only_saved(house: House, anyone: Browser) -> None:
    house.write("practices", "samtal")
    attach(house, "bild.png", hostile.HTML)
    house.look()

    answer = anyone.get(URL.format("bild.png"))

    assert answer.mimetype == "image/png"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_file_is_sent_once_and_in_the_parts_that_are_asked_for(house: House, anyone: Browser) -> None:
    house.write("practices", "samtal")
    attach(house, "fil.txt", b"0123456789")
    house.look()

    whole = anyone.get(URL.format("fil.txt"))
    tag = whole.headers["ETag"]
    again = anyone.get(URL.format("fil.txt"), headers={"If-None-Match": tag})
    part = anyone.get(URL.format("fil.txt"), headers={"Range": "bytes=2-4"})
    beyond = anyone.get(URL.format("fil.txt"), headers={"Range": "bytes=20-"})

    assert (again.status_code, again.data) == (304, b"")
    assert (part.status_code, part.data, part.headers["Content-Range"]) == (206, b"234", "bytes 2-4/10")
    assert beyond.status_code == 416
    attach(house, "fil.txt", b"01234567890")
    assert anyone.get(URL.format("fil.txt"), headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/filer/arbetssatt/samtal/..%2fannan.files%2fbild.png",
        "/filer/arbetssatt/samtal/..%5cbild.png",
        "/filer/arbetssatt/samtal/bild.png%00",
        "/filer/arbetssatt/../samtal/bild.png",
        "/filer/arbetssatt/samtal/lank.png",
        "/filer/arbetssatt/samtal/sida.html",
        "/filer/arbetssatt/samtal/.tmp-x",
        "/filer/okant/samtal/bild.png",
        "/filer/arbetssatt/trasig/bild.png",
        "/filer/arbetssatt/ingen/bild.png",
    ],
)
def test_nothing_else_is_reached_by_the_address_of_a_file(
    house: House, anyone: Browser, tmp_path: Path, address: str
) -> None:
    house.write("practices", "samtal")
    attach(house, "sida.html", hostile.HTML)
    attach(house, ".tmp-x")
    (tmp_path / "hemlig.png").write_bytes(PICTURE)
    (house.home / "content/practices/samtal.files/lank.png").symlink_to(tmp_path / "hemlig.png")
    house.write("practices", "trasig").write_text("---\ntitle: [\n---\n")
    attach(house, "bild.png", slug="trasig")
    attach(house, "bild.png", slug="ingen")
    house.look()

    assert anyone.get(address).status_code == 404


def test_the_address_of_a_removed_file_says_so_and_leads_on_to_its_page(
    house: House, anyone: Browser, editor: Browser
) -> None:
    house.write("practices", "samtal", title="Samtalet")
    house.look()
    answer = anyone.get(URL.format("borta.pdf"))
    assert answer.status_code == 404
    assert "Det finns ingen fil som heter <code>borta.pdf</code>" in answer.text
    assert '<a href="/arbetssatt/samtal">Till sidan ”Samtalet”</a>' in answer.text
    assert "/arbetssatt/samtal/filer" not in answer.text
    assert '<a href="/arbetssatt/samtal/filer">Sidans bilder och filer</a>' in editor.get(URL.format("borta.pdf")).text


def test_a_picture_that_could_stop_a_browser_is_not_sent(house: House, anyone: Browser) -> None:
    house.write("practices", "samtal", "![Stor](stor.png)\n")
    attach(house, "stor.png", hostile.large_png())
    house.look()
    answer = anyone.get(URL.format("stor.png"))
    assert answer.status_code == 404
    assert "10 000 × 10 000 bildpunkter" in answer.text
    assert anyone.get("/arbetssatt/samtal").status_code == 200


def test_the_former_address_of_a_document_leads_to_its_files(house: House, anyone: Browser) -> None:
    house.write("practices", "samtal", former_slugs=["gammal"])
    attach(house, "bild.png")
    house.look()

    answer = anyone.get("/filer/arbetssatt/gammal/bild.png")

    assert (answer.status_code, answer.location) == (301, URL.format("bild.png"))


def test_the_files_of_a_cycle_and_of_its_project_have_addresses_of_their_own(house: House, anyone: Browser) -> None:
    house.write("projects", "projekt")
    house.write("cycles", "projekt/01-ett")
    for folder in ("projekt/project.files", "projekt/01-ett.files"):
        (house.home / "improvement_cycles" / folder).mkdir()
        (house.home / "improvement_cycles" / folder / "bild.png").write_bytes(PICTURE)
    house.look()

    project, cycle = "/filer/utvecklingsarbeten/projekt/bild.png", "/filer/cykler/projekt/01-ett/bild.png"
    assert anyone.get(project).status_code == 200
    assert anyone.get(cycle).status_code == 200
    assert project in anyone.get("/utvecklingsarbeten/projekt").text
    assert cycle in anyone.get("/cykler/projekt/01-ett").text
