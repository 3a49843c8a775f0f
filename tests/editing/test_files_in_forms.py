"""Files in a form: kept with what is typed, saved with it, and lost no more than it."""

from __future__ import annotations

import html
import io
import re

import pytest
from flask import Flask
from sqlmodel import select
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import TestResponse, encode_multipart

from app.editing.addresses import free_slugs
from app.editing.drafts import id_from
from app.history.tables import WaitingFile
from app.library.visibility import Viewer
from tests.cast import EDITOR, PASSWORD, Browser
from tests.editing.writing import errors_on, fields_in, get, leads_to, made, open_form
from tests.house import House
from tests.library import hostile

NEW = "/arbetssatt/nytt?steg=2"
EDIT = "/arbetssatt/samtal/andra?steg=2"
PICTURE = hostile.picture()
ALT = {"_alt-rum.png": "Ett rum"}


@pytest.fixture
def document(house: House) -> None:
    house.write("practices", "samtal", "## Varför\n\nText.\n")
    house.look()


def post(browser: Browser, url: str, fields: dict[str, list[str]], *files: tuple[str, bytes]) -> TestResponse:
    posted: MultiDict[str, object] = MultiDict((name, value) for name, values in fields.items() for value in values)
    for name, content in files:
        posted.add("_files", FileStorage(io.BytesIO(content), name))
    boundary, content = encode_multipart(posted)
    return browser.post(url, data=content, content_type=f"multipart/form-data; boundary={boundary}")


def press(browser: Browser, page: TestResponse, do: str, *files: tuple[str, bytes], **typed: str) -> TestResponse:
    """Press a button of the form on a page, with files chosen and some fields typed anew."""
    fields = {**fields_in(page.text), **{name: [value] for name, value in typed.items()}, "_do": [do]}
    action = html.unescape(re.findall(r'<form id="skriv"[^>]* action="([^"]+)"', page.text)[0])
    return post(browser, action, fields, *files)


def upload(browser: Browser, page: TestResponse, *files: tuple[str, bytes], alt: str = "Ett rum") -> TestResponse:
    """What the script does when a picture is pasted."""
    url = html.unescape(re.findall(r'data-upload="([^"]+)"', page.text)[0])
    return post(browser, url, {"_token": fields_in(page.text)["_token"], "_alt": [alt]}, *files)


def waiting(app: Flask) -> list[str]:
    with app.extensions["databases"].kept_for_reading() as session:
        return sorted(session.exec(select(WaitingFile.name)).all())


def shown(answer: TestResponse) -> str:
    return html.unescape(answer.text)


# ---- A new document ----


def test_a_picture_pasted_into_a_new_form_is_saved_with_it_in_one_revision(
    house: House, app: Flask, editor: Browser
) -> None:
    page = open_form(editor, NEW)
    answer = upload(editor, page, ("rum.png", PICTURE))
    assert answer.status_code == 200
    assert 'data-insert="![Ett rum](rum.png)"' in answer.text

    saved = press(editor, page, "save", title="Ett nytt sätt", h_varfor="Så här:\n\n![Ett rum](rum.png)")

    assert leads_to(saved, "/arbetssatt/ett-nytt-satt")
    slug = made(saved)
    assert (house.home / f"content/practices/{slug}.files/rum.png").is_file()
    document = get(app, "practices", slug)
    assert [(one.file, one.alt) for one in document.front_matter.attachments] == [("rum.png", "Ett rum")]
    assert f'src="/filer/arbetssatt/{slug}/rum.png" alt="Ett rum"' in editor.get(saved.location).text
    history = editor.get(f"/arbetssatt/{slug}/historik").text
    assert history.count("/historik/") == 1
    assert "Lade till filen rum.png" in history
    assert waiting(app) == []


def test_without_a_script_files_are_added_with_a_button_and_described_in_the_form(
    house: House, app: Flask, editor: Browser
) -> None:
    page = open_form(editor, NEW)
    with_files = press(editor, page, "attach", ("rum.png", PICTURE), ("mall.docx", hostile.docx()), h_varfor="Text")
    assert with_files.status_code == 200
    assert "![](rum.png)" in with_files.text
    assert "[mall](mall.docx)" in with_files.text
    assert "Text</textarea>" in with_files.text

    refused = press(editor, with_files, "save", title="Ett nytt sätt")
    assert refused.status_code == 422
    assert "Skriv vad bilden rum.png visar." in errors_on(refused)
    assert 'href="#_alt-rum.png"' in refused.text

    saved = press(editor, refused, "save", **ALT)
    assert [one.alt for one in get(app, "practices", made(saved)).front_matter.attachments] == ["Ett rum", ""]


def test_files_that_are_chosen_come_along_whatever_button_is_pressed(app: Flask, editor: Browser) -> None:
    page = open_form(editor, NEW)
    press(editor, page, "next", ("mall.docx", hostile.docx()), title="Ett nytt sätt")
    assert waiting(app) == ["mall.docx"]


def test_a_form_that_is_left_and_opened_again_has_its_files(app: Flask, editor: Browser) -> None:
    page = open_form(editor, NEW)
    press(editor, page, "attach", ("mall.docx", hostile.docx()))
    again = open_form(editor, "/arbetssatt/nytt")
    link = re.findall(r'href="([^"]*utkast=[^"]*)"', again.text)
    assert len(link) == 1
    assert "mall.docx" in open_form(editor, html.unescape(link[0]) + "&steg=2").text


def test_a_form_that_is_sent_twice_makes_one_document_with_its_files(house: House, editor: Browser) -> None:
    page = open_form(editor, NEW)
    upload(editor, page, ("rum.png", PICTURE))
    first = press(editor, page, "save", title="Ett nytt sätt", h_varfor="![Ett rum](rum.png)")
    second = press(editor, page, "save", title="Ett nytt sätt", h_varfor="![Ett rum](rum.png)")
    assert made(first) == made(second)
    assert len(list((house.home / "content/practices").glob("*.md"))) == 1
    assert len(list((house.home / f"content/practices/{made(first)}.files").iterdir())) == 1


def test_a_new_document_does_not_take_files_that_lie_at_its_address(house: House, app: Flask, editor: Browser) -> None:
    page = open_form(editor, NEW)
    with app.app_context():
        document_id = id_from(fields_in(page.text)["_token"][0])
        first, second, *_ = free_slugs(
            app.extensions["library"].kinds["practices"], "Ett nytt sätt", document_id, Viewer("", "")
        )
    folder = house.home / f"content/practices/{first}.files"
    folder.mkdir()
    (folder / "annans.pdf").write_bytes(hostile.PDF)
    answer = press(editor, page, "save", title="Ett nytt sätt")
    assert made(answer) == second


# ---- A document that is there ----


def test_a_picture_goes_with_the_change_of_the_text_and_not_before(
    house: House, app: Flask, document: None, editor: Browser, anyone: Browser
) -> None:
    page = open_form(editor, EDIT)
    upload(editor, page, ("rum.png", PICTURE))
    assert anyone.get("/filer/arbetssatt/samtal/rum.png").status_code == 404

    saved = press(editor, page, "save", h_varfor="![](rum.png)")

    assert saved.status_code == 303
    assert anyone.get("/filer/arbetssatt/samtal/rum.png").status_code == 200
    assert 'alt="Ett rum"' in anyone.get("/arbetssatt/samtal").text


def test_a_file_is_saved_also_where_the_text_is_as_it_was(house: House, document: None, editor: Browser) -> None:
    press(editor, open_form(editor, EDIT), "save", ("mall.docx", hostile.docx()))
    assert (house.home / "content/practices/samtal.files/mall.docx").is_file()


def test_a_file_is_taken_out_of_the_form_again(app: Flask, document: None, editor: Browser) -> None:
    page = press(editor, open_form(editor, EDIT), "attach", ("mall.docx", hostile.docx()), ("rum.png", PICTURE))
    page = press(editor, page, "detach rum.png")
    assert waiting(app) == ["mall.docx"]
    press(editor, page, "discard")
    assert waiting(app) == []


def test_a_preview_shows_the_picture_that_waits_to_its_author_only(
    document: None, editor: Browser, colleague: Browser, outsider: Browser
) -> None:
    page = open_form(editor, EDIT)
    upload(editor, page, ("rum.png", PICTURE))
    preview = press(editor, page, "preview h_varfor", h_varfor="![](rum.png)")
    (address,) = re.findall(r'<img src="([^"]+)" alt="Ett rum"', preview.text)
    answer = editor.get(address)
    assert answer.mimetype == "image/png"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert colleague.get(address).status_code == 404
    assert outsider.get(address).status_code == 403


def test_a_picture_that_is_not_there_is_told_of_when_one_saves(document: None, editor: Browser) -> None:
    answer = press(editor, open_form(editor, EDIT), "save", h_varfor="![En bild](saknas.png)")
    assert "Det finns ingen fil som heter ”saknas.png” bland sidans bilder och filer." in errors_on(answer)


def test_two_who_attach_files_of_the_same_name_both_get_theirs(
    house: House, document: None, editor: Browser, colleague: Browser
) -> None:
    page = open_form(editor, EDIT)
    upload(editor, page, ("rum.png", PICTURE))
    other = open_form(colleague, "/arbetssatt/samtal/filer")
    fields = {**fields_in(other.text), "_do": ["add"]}
    post(colleague, "/arbetssatt/samtal/filer", fields, ("rum.png", hostile.picture(size=(50, 50))))

    conflict = press(editor, page, "save", h_varfor="![Ett rum](rum.png)")
    merged = post(editor, "/arbetssatt/samtal/andra", {**fields_in(conflict.text), "_do": ["save"]})

    assert merged.status_code == 303, shown(merged)
    text = (house.home / "content/practices/samtal.md").read_text()
    assert "![Ett rum](rum-2.png)" in text
    assert text.count("file: ") == 2
    assert len(list((house.home / "content/practices/samtal.files").iterdir())) == 2


def test_the_files_of_a_form_go_on_in_a_new_one_where_the_page_was_removed(
    house: House, app: Flask, document: None, editor: Browser, colleague: Browser
) -> None:
    page = open_form(editor, EDIT)
    upload(editor, page, ("rum.png", PICTURE))
    removal = {name: values[0] for name, values in fields_in(colleague.get("/arbetssatt/samtal/ta-bort").text).items()}
    colleague.post("/arbetssatt/samtal/ta-bort", data=removal)
    gone = press(editor, page, "save", h_varfor="![](rum.png)")
    assert gone.status_code == 409
    (link,) = re.findall(r'href="([^"]*utkast=[^"]*)"', gone.text)
    form = open_form(editor, html.unescape(link))
    saved = press(editor, form, "save", title="Ett nytt samtal")
    assert leads_to(saved, "/arbetssatt/ett-nytt-samtal"), shown(saved)
    assert (house.home / f"content/practices/{made(saved)}.files/rum.png").is_file()


# ---- Who, and how much ----


def test_files_are_kept_for_those_who_may_write_only(
    app: Flask, document: None, anyone: Browser, outsider: Browser, editor: Browser
) -> None:
    url = "/arbetssatt/samtal/andra/filer"
    token = {"_token": ["a" * 32]}
    assert post(anyone, url, token, ("rum.png", PICTURE)).status_code == 401
    assert post(outsider, url, token, ("rum.png", PICTURE)).status_code == 403
    assert post(anyone, "/arbetssatt/nytt/filer", token, ("rum.png", PICTURE)).status_code == 401
    assert post(editor, "/arbetssatt/nytt/filer", {"_token": ["../x"]}, ("rum.png", PICTURE)).status_code == 400
    assert editor.post(url, data={}, token=False).status_code == 400
    assert waiting(app) == []


def test_who_was_signed_out_keeps_the_text_and_is_told_which_files_to_choose_again(
    app: Flask, document: None, editor: Browser
) -> None:
    page = open_form(editor, EDIT)
    editor.post("/logga-ut")
    asked = press(
        editor, page, "save", ("Mall för samtal.docx", hostile.docx()), ("a<b>.pdf", b"x"), h_varfor="Min text"
    )
    assert asked.status_code == 401
    typed = {**fields_in(asked.text), "email": [EDITOR.email], "password": [PASSWORD]}
    answer = editor.post("/logga-in", data=typed)
    form = editor.get(answer.location)
    assert "Min text</textarea>" in form.text
    assert "filerna följde inte med: Mall för samtal.docx, a<b>.pdf. Välj dem igen." in shown(form)
    assert "a<b>.pdf" not in form.text
    assert waiting(app) == []


def test_what_a_picture_shows_is_one_line_whatever_is_sent(app: Flask, document: None, editor: Browser) -> None:
    page = open_form(editor, EDIT)
    answer = upload(editor, page, ("rum.png", PICTURE), alt="Ett\0 rum\r\n[med](x) \x1bstolar]")
    assert "![Ett rum (med)(x) stolar)](rum.png)" in shown(answer)
    saved = press(editor, page, "save", h_varfor="![](rum.png)")
    assert saved.status_code == 303
    assert get(app, "practices", "samtal").front_matter.attachments[0].alt == "Ett rum [med](x) stolar]"


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("bild.svg", hostile.SVG, "SVG-bilder kan innehålla program"),
        ("bild.png", hostile.HTML, "Webbsidor kan innehålla program"),
        ("stor.png", hostile.large_png(), "10 000 × 10 000"),
        ("bomb.docx", hostile.zip_bomb(), "orimligt mycket"),
    ],
)
def test_a_hostile_file_is_refused_with_a_reason_and_the_text_is_kept(
    app: Flask, document: None, editor: Browser, name: str, content: bytes, why: str
) -> None:
    page = open_form(editor, EDIT)
    answer = upload(editor, page, (name, content))
    assert answer.status_code == 422
    assert why in shown(answer)
    by_button = press(editor, page, "save", (name, content), h_varfor="Min text")
    assert by_button.status_code == 422
    assert why in shown(by_button)
    assert "Min text</textarea>" in by_button.text
    assert waiting(app) == []


def test_the_same_picture_sent_twice_waits_once(app: Flask, document: None, editor: Browser) -> None:
    page = open_form(editor, EDIT)
    for _ in range(2):
        upload(editor, page, ("rum.png", PICTURE))
    assert waiting(app) == ["rum.png"]


def test_a_form_has_as_many_files_as_a_page_may_have(app: Flask, document: None, editor: Browser) -> None:
    page = open_form(editor, EDIT)
    upload(editor, page, *((f"fil-{number}.txt", f"{number}".encode()) for number in range(50)))
    answer = upload(editor, page, ("en-till.txt", b"en till"))
    assert "högst 50 filer" in shown(answer)
    assert len(waiting(app)) == 50


def test_what_waits_in_somebodys_forms_has_a_limit(app: Flask, document: None, editor: Browser) -> None:
    for number in range(2):
        page = open_form(editor, NEW)
        for part in range(5 if number else 9):
            upload(editor, page, (f"fil-{number}-{part}.txt", f"{number}{part}".encode() + b"a" * 9_900_000))
    answer = upload(editor, page, ("en-till.txt", b"a" * 9_900_000))
    assert "Du har filer för 99 MB i formulär som inte är sparade." in shown(answer)
    assert len(waiting(app)) == 10
