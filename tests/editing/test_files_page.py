"""The page of a document's files: what can be done there, by whom, and what hostile files come to."""

from __future__ import annotations

import html
import io
import re
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import TestResponse, encode_multipart

from app.library.document import Attachment
from tests.cast import Browser
from tests.editing.writing import fields_in, get, made
from tests.house import House
from tests.library import hostile

PAGE = "/arbetssatt/samtal/filer"
SHOWN = "/arbetssatt/samtal"


@pytest.fixture(autouse=True)
def document(house: House) -> None:
    house.write("practices", "samtal")
    house.look()


def send(browser: Browser, *files: tuple[str, bytes], do: str = "add", page: str = PAGE, **fields: str) -> TestResponse:
    posted: MultiDict[str, object] = MultiDict([("_do", do), *fields.items()])
    for name, content in files:
        posted.add(fields.get("into", "_files"), FileStorage(io.BytesIO(content), name))
    # As bytes: a large form would otherwise leave a temporary file open on the browser's side.
    boundary, content = encode_multipart(posted)
    return browser.post(page, data=content, content_type=f"multipart/form-data; boundary={boundary}")


def press(browser: Browser, do: str, *files: tuple[str, bytes], into: str = "_files", **typed: str) -> TestResponse:
    """Press a button of the page as it is now, with what stands in its fields."""
    text = browser.get(PAGE).text
    forms = re.findall(r"<form method=\"post\".*?</form>", text.partition("<main")[2], re.DOTALL)
    fields = {}
    for form in forms:
        if f'value="{html.escape(do)}"' in form:
            fields = {name: values[-1] for name, values in fields_in(f"<main>{form}</main>").items()}
    assert fields, f"no button {do}"
    return send(browser, *files, do=do, **{**fields, **typed, "into": into})


def names(house: House, slug: str = "samtal") -> list[str]:
    return sorted(file.name for file in folder(house, slug).glob("*"))


def folder(house: House, slug: str = "samtal") -> Path:
    return house.home / "content/practices" / f"{slug}.files"


def said(app: Flask, slug: str = "samtal") -> list[Attachment]:
    return get(app, "practices", slug).front_matter.attachments


def reasons(answer: TestResponse) -> str:
    assert answer.status_code == 422, answer.text
    return html.unescape(answer.text.partition('role="alert"')[2].partition("</div>")[0])


# ---- What one can do ----


def test_files_are_added_and_shown_with_name_type_and_size(house: House, app: Flask, editor: Browser) -> None:
    answer = send(editor, ("Kartläggning 2013.pdf", hostile.PDF), ("Foto på rummet.jpg", hostile.told_on_picture()))

    assert answer.status_code == 303
    assert names(house) == ["foto-pa-rummet.jpg", "kartlaggning-2013.pdf"]
    assert [(one.file, one.title) for one in said(app)] == [
        ("kartlaggning-2013.pdf", "Kartläggning 2013"),
        ("foto-pa-rummet.jpg", "Foto på rummet"),
    ]
    page = editor.get(SHOWN).text
    assert ">Kartläggning 2013</a>" in page
    assert "PDF, 1 kB" in page
    assert "Bilden behöver en beskrivning" in editor.get(PAGE).text


def test_what_a_picture_shows_is_asked_for_and_stands_in_the_text(house: House, app: Flask, editor: Browser) -> None:
    send(editor, ("rum.png", hostile.picture()))
    file = house.home / "content/practices/samtal.md"
    file.write_text(file.read_text() + "\n![](rum.png)\n")
    house.look()

    answer = press(editor, "describe", **{"alt-rum.png": "  Ett rum med\ntvå stolar ", "title-rum.png": "Rummet"})

    assert answer.status_code == 303
    assert [(one.title, one.alt) for one in said(app)] == [("Rummet", "Ett rum med två stolar")]
    assert 'alt="Ett rum med två stolar"' in editor.get(SHOWN).text


def test_a_file_is_removed_and_taken_back_with_what_was_said_of_it(house: House, app: Flask, editor: Browser) -> None:
    send(editor, ("Kartläggning.pdf", hostile.PDF))
    assert press(editor, "remove kartlaggning.pdf").status_code == 303
    assert names(house) == []
    assert said(app) == []

    assert press(editor, "restore kartlaggning.pdf").status_code == 303

    assert (folder(house) / "kartlaggning.pdf").read_bytes() == hostile.PDF
    assert [one.title for one in said(app)] == ["Kartläggning"]
    history = editor.get("/arbetssatt/samtal/historik").text
    for words in ("Lade till Kartläggning", "Tog bort kartlaggning.pdf", "Tog tillbaka kartlaggning.pdf"):
        assert words in history


def test_a_file_is_replaced_by_one_of_the_same_type_only(house: House, editor: Browser) -> None:
    send(editor, ("fil.pdf", hostile.PDF))
    newer = hostile.PDF + b"\nnyare"

    refused = press(editor, "replace fil.pdf", ("ny.docx", hostile.docx()), into="new-fil.pdf")
    assert "av samma slag" in reasons(refused)
    assert press(editor, "replace fil.pdf", ("ny.pdf", newer), into="new-fil.pdf").status_code == 303

    assert (folder(house) / "fil.pdf").read_bytes() == newer


def test_what_somebody_else_has_replaced_is_not_replaced_or_removed_unseen(
    house: House, editor: Browser, colleague: Browser
) -> None:
    send(editor, ("fil.pdf", hostile.PDF))
    seen = re.findall(r'name="version-fil.pdf" value="(\w+)"', editor.get(PAGE).text)[0]
    press(colleague, "replace fil.pdf", ("ny.pdf", hostile.PDF + b"deras"), into="new-fil.pdf")

    for do in ("remove fil.pdf", "replace fil.pdf"):
        answer = send(
            editor, ("min.pdf", hostile.PDF + b"min"), do=do, **{"version-fil.pdf": seen, "into": "new-fil.pdf"}
        )
        assert "Någon har bytt ut filen fil.pdf" in reasons(answer)
    assert (folder(house) / "fil.pdf").read_bytes().endswith(b"deras")


def test_adding_is_never_in_the_way_of_somebody_else_who_adds_the_same(
    house: House, editor: Browser, colleague: Browser
) -> None:
    send(editor, ("bild.png", hostile.picture()))
    send(colleague, ("bild.png", hostile.picture(size=(50, 50))))
    assert names(house) == ["bild-2.png", "bild.png"]


def test_a_form_that_is_sent_twice_adds_once(house: House, editor: Browser) -> None:
    token = fields_in(editor.get(PAGE).text)["_token"][0]
    for _ in range(2):
        assert send(editor, ("fil.pdf", hostile.PDF), _token=token).status_code == 303
    assert names(house) == ["fil.pdf"]
    send(editor, ("annan.pdf", hostile.PDF), _token=token)
    assert names(house) == ["annan.pdf", "fil.pdf"]


def test_files_go_with_their_page_when_it_moves_is_removed_and_comes_back(house: House, editor: Browser) -> None:
    send(editor, ("fil.pdf", hostile.PDF))
    form = {name: values[0] for name, values in fields_in(editor.get(f"{SHOWN}/flytta").text).items()}
    slug = made(editor.post(f"{SHOWN}/flytta", data={**form, "address": "nytt namn"}))
    assert names(house, slug) == ["fil.pdf"]
    assert not folder(house).exists()
    assert editor.get("/filer/arbetssatt/samtal/fil.pdf", follow_redirects=True).data == hostile.PDF

    form = {name: values[0] for name, values in fields_in(editor.get(f"/arbetssatt/{slug}/ta-bort").text).items()}
    editor.post(f"/arbetssatt/{slug}/ta-bort", data=form)
    assert not folder(house, slug).exists()
    assert editor.get(f"/filer/arbetssatt/{slug}/fil.pdf").status_code == 404

    undo = re.findall(r'action="(/papperskorg/\d+/angra)"', editor.get("/papperskorg").text)
    assert len(undo) == 1
    editor.post(undo[0])
    assert editor.get(f"/filer/arbetssatt/{slug}/fil.pdf").data == hostile.PDF


def test_an_earlier_text_comes_back_with_what_is_said_of_the_files_now(
    house: House, app: Flask, editor: Browser
) -> None:
    send(editor, ("Fil (ett).pdf", hostile.PDF))
    number = max(re.findall(r"/historik/(\d+)", editor.get(f"{SHOWN}/historik").text), key=int)
    send(editor, ("Ö (två).pdf", hostile.PDF))
    version = get(app, "practices", "samtal").version
    editor.post(f"{SHOWN}/historik/{number}/aterstall", data={"_version": version})
    assert [one.title for one in said(app)] == ["Fil (ett)", "Ö (två)"]


# ---- Who ----


def test_the_files_of_a_page_are_changed_by_its_owners_only(
    house: House, anyone: Browser, outsider: Browser, editor: Browser
) -> None:
    assert anyone.get(PAGE).status_code == 401
    assert outsider.get(PAGE).status_code == 403
    assert send(anyone, ("fil.pdf", hostile.PDF)).status_code == 401
    assert send(outsider, ("fil.pdf", hostile.PDF)).status_code == 403
    assert names(house) == []
    assert "Lägg till bilder och filer" not in outsider.get(SHOWN).text
    house.write("practices", "hemlig", publication="draft")
    house.look()
    assert outsider.get("/arbetssatt/hemlig/filer").status_code == 404
    assert send(outsider, ("fil.pdf", hostile.PDF), page="/arbetssatt/hemlig/filer").status_code == 404
    assert editor.post(PAGE, data={"_do": "add"}, token=False).status_code == 400


# ---- Hostile files ----


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("bild.svg", hostile.SVG, "”bild.svg”: SVG-bilder kan innehålla program"),
        ("bild.png", hostile.HTML, "Webbsidor kan innehålla program"),
        ("stor.png", hostile.large_png(), "10 000 × 10 000 bildpunkter"),
        ("rapport.docx", hostile.zip_bomb(), "orimligt mycket"),
        ("program.exe", b"MZ", ".exe tas inte emot"),
        ("stor.txt", b"a" * 10_500_000, "Filen är 10,5 MB. Den får vara högst 10 MB."),
        ("..\\..\\x.html\0.svg", hostile.SVG, "SVG-bilder"),
    ],
    ids=["svg", "html as png", "pixels", "zip bomb", "exe", "too large", "name"],
)
def test_a_hostile_file_is_refused_with_a_reason_and_keeps_none_of_the_others_out(
    house: House, editor: Browser, name: str, content: bytes, why: str
) -> None:
    answer = send(editor, (name, content), ("bra.pdf", hostile.PDF))
    assert why in reasons(answer)
    assert "Lade till bra." in html.unescape(answer.text)
    assert names(house) == ["bra.pdf"]


def test_a_polyglot_pdf_is_kept_and_never_shown_in_a_page(house: House, editor: Browser) -> None:
    send(editor, ("rapport.pdf", hostile.POLYGLOT_PDF))
    answer = editor.get("/filer/arbetssatt/samtal/rapport.pdf")
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert "sandbox" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "original",
    [
        "å" * 300 + ".pdf",
        "..\\..\\fil.pdf",
        "../../fil.pdf",
        "fil\u202efdp.pdf",
        "CON.pdf",
        "<b>fil</b>.pdf",
        "a;b.pdf",
    ],
)
def test_whatever_a_file_is_called_it_lies_beside_its_page_under_a_plain_name(
    house: House, editor: Browser, original: str
) -> None:
    assert send(editor, (original, hostile.PDF)).status_code == 303
    (name,) = names(house)
    assert re.fullmatch(r"[a-z0-9-]{1,80}\.pdf", name)
    assert "<b>" not in editor.get(SHOWN).text


def test_a_thousand_files_at_once_are_refused(house: House, editor: Browser) -> None:
    answer = send(editor, *((f"fil-{number}.pdf", hostile.PDF) for number in range(1000)))
    assert "Du har valt 1000 filer. Högst 50 går bra på en gång." in reasons(answer)
    assert names(house) == []


def test_a_page_has_fifty_files_at_most(house: House, editor: Browser) -> None:
    assert send(editor, *((f"fil-{number}.pdf", hostile.PDF) for number in range(50))).status_code == 303
    answer = send(editor, ("en-till.pdf", hostile.PDF))
    assert "högst 50 filer. Här finns redan 50." in reasons(answer)
    assert len(names(house)) == 50


def test_the_files_of_a_page_are_so_large_together_at_most(house: House, editor: Browser) -> None:
    folder(house).mkdir()
    for number in range(10):
        with (folder(house) / f"fil-{number}.pdf").open("wb") as file:
            file.truncate(9_999_999)
    answer = send(editor, ("en-till.pdf", hostile.PDF))
    assert "högst 100 MB tillsammans" in reasons(answer)


def test_more_than_may_be_sent_at_once_is_refused_before_it_is_read(editor: Browser) -> None:
    answer = send(editor, *((f"fil-{number}.txt", b"a" * 9_900_000) for number in range(6)))
    assert answer.status_code == 413
    assert "Det du skickar är 59,4 MB, och högst 50 MB går bra på en gång." in answer.text
    elsewhere = send(editor, ("fil.txt", b"a" * 9_000_000), page="/mitt-konto/losenord")
    assert elsewhere.status_code == 413, "other pages take no files"


def test_nothing_chosen_is_told_as_such(editor: Browser) -> None:
    assert "Välj minst en fil först." in reasons(send(editor, ("", b"")))


@pytest.mark.parametrize(
    "do", ["remove ../samtal.md", "remove ingen.pdf", "replace x", "restore x", "describe", "add", "okant"]
)
def test_a_button_that_is_not_there_does_nothing(house: House, editor: Browser, do: str) -> None:
    before = (house.home / "content/practices/samtal.md").read_bytes()
    send(editor, do=do)
    assert (house.home / "content/practices/samtal.md").read_bytes() == before


def test_what_was_typed_of_files_is_cut_to_what_fits(app: Flask, editor: Browser) -> None:
    send(editor, ("rum.png", hostile.picture()))
    press(editor, "describe", **{"alt-rum.png": "x" * 5000, "title-rum.png": "y" * 5000})
    assert [(len(one.title), len(one.alt)) for one in said(app)] == [(150, 300)]
