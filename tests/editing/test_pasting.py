"""What the scripts ask while one writes: pasted HTML as Markdown, and pages to link to."""

from __future__ import annotations

import pytest
from flask import Flask

from app.accounts import passwords
from app.accounts.people import create_person
from app.library.pasted import LARGEST
from tests.cast import PASSWORD, Browser, Role, browser
from tests.editing.writing import open_form
from tests.house import House

PASTE, PAGES = "/klistra-in", "/sidor-att-lanka"
WORD = "<p class=MsoNormal><b>Fet</b> text<o:p></o:p><img src='file:///C:/bild.png'></p>"


@pytest.fixture
def reads_only(app: Flask) -> Browser:
    """Somebody with an account and no organisation to write for."""
    role = Role("laser@larnat.test", "Lova Läser")
    with app.extensions["databases"].kept() as session:
        create_person(session, email=role.email, name=role.name, password_hash=passwords.hash_of(PASSWORD))
    return browser(app, role)


def test_pasted_html_is_answered_as_markdown_with_how_many_pictures_were_left_out(editor: Browser) -> None:
    answer = editor.post(PASTE, data=WORD.encode(), content_type="text/html; charset=utf-8")
    assert answer.status_code == 200
    assert answer.json == {"text": "**Fet** text", "pictures": 1}


def test_pasting_asks_for_a_sign_in_a_token_and_somebody_who_writes(
    anyone: Browser, editor: Browser, reads_only: Browser
) -> None:
    assert anyone.post(PASTE, data=WORD).status_code == 401
    assert reads_only.post(PASTE, data=WORD).status_code == 403
    assert editor.post(PASTE, data=WORD, token=False).status_code == 400
    assert editor.get(PASTE).status_code in (404, 405)


def test_what_is_too_large_or_no_text_is_refused_or_left_to_the_plain_text(editor: Browser) -> None:
    assert editor.post(PASTE, data=b"x" * (LARGEST + 1)).status_code == 413
    for bytes_of_something in (b"\xff\xfe\x00<p>x", b"", b"<p>" + b"<div>" * 5_000):
        answer = editor.post(PASTE, data=bytes_of_something, content_type="text/html")
        assert answer.status_code == 200


def test_a_link_to_a_page_here_becomes_a_link_of_ours_if_one_may_see_it(
    house: House, editor: Browser, outsider: Browser
) -> None:
    house.write("practices", "kartan")
    house.write("practices", "hemlig", publication="draft")
    house.look()
    html = "<a href='http://localhost/arbetssatt/kartan#varfor'>Kartan</a> <a href='http://localhost/arbetssatt/hemlig'>H</a>"
    assert editor.post(PASTE, data=html).json["text"] == "[[arbetssatt/kartan|Kartan]] [[arbetssatt/hemlig|H]]"  # type: ignore[index]
    theirs = outsider.post(PASTE, data=html).json["text"]  # type: ignore[index]
    assert theirs == "[[arbetssatt/kartan|Kartan]] [H](http://localhost/arbetssatt/hemlig)"


def test_pages_to_link_to_are_found_by_words_of_their_titles(house: House, editor: Browser) -> None:
    house.write("practices", "kartan", title="Kartläggning med barn")
    house.write("networks", "knut", title="KNUT")
    house.write("projects", "remissen", title="Remissen")
    house.write("cycles", "remissen/01-forsta", title="Första kartläggningen")
    house.look()
    found = editor.get(f"{PAGES}?q=KARTL").text
    assert found.index('data-link="arbetssatt/kartan"') < found.index('data-link="cykler/remissen/01-forsta"')
    assert 'data-told="2 sidor"' in found
    assert 'data-link="arbetssatt/kartan"' in editor.get(f"{PAGES}?q=barn+kart").text
    assert 'data-link="arbetssatt/kartan"' in editor.get(f"{PAGES}?q=kartlegning").text
    assert "Ingen sida heter så" in editor.get(f"{PAGES}?q=zzzz").text
    assert 'data-link="natverk/knut"' in editor.get(PAGES).text


def test_nobody_finds_pages_that_they_may_not_see(
    house: House, outsider: Browser, anyone: Browser, reads_only: Browser
) -> None:
    house.write("practices", "hemlig", title="Hemlig plan", publication="draft")
    house.look()
    for question in ("?q=hemlig", "?q=hemlig+plam", ""):
        assert "arbetssatt/hemlig" not in outsider.get(PAGES + question).text
    assert anyone.get(f"{PAGES}?q=hemlig").status_code == 401
    assert reads_only.get(f"{PAGES}?q=hemlig").status_code == 403


def test_a_text_box_has_its_marks_and_the_form_the_dialog_for_pages(editor: Browser) -> None:
    form = open_form(editor, "/arbetssatt/nytt?steg=2").text
    assert '<markdown-toolbar for="f-h_varfor" aria-label="Formatera texten: Varför">' in form
    assert 'id="valj-sida"' in form
    plain = open_form(editor, "/arbetssatt/nytt?steg=5").text
    assert "<markdown-toolbar" not in plain
    assert 'id="valj-sida"' not in plain
