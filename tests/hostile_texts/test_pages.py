"""Hostile texts in every field of every kind, in names and in what is asked for: every page has only words."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable
from itertools import cycle
from urllib.parse import quote, urlencode

import pytest
from werkzeug.test import TestResponse

from app.state.spreadsheet import FORMULA
from tests.cast import Browser
from tests.editing.writing import fields_of
from tests.hostile_texts.conftest import Filled
from tests.hostile_texts.judging import faults_in, leads_out
from tests.hostile_texts.texts import FILED, TEXTS

# What is of each document, beside its own page.
BESIDE = (
    "historik",
    "historik/1",
    "filer",
    "flytta",
    "ta-bort",
    "jamfor",
    "laget",
    "framsteg",
    "paverkan",
    "ta-over-matt",
    "sammanfattning",
    "beslut",
    "tog-med-hem",
)


def seen(browser: Browser, addresses: Iterable[str], statuses: tuple[int, ...] = (200,)) -> list[str]:
    """What is wrong with the pages at some addresses."""
    found = []
    for address in addresses:
        answer = browser.get(address)
        assert answer.status_code in statuses, f"{answer.status_code} {address}"
        found += [f"{address}: {fault}" for fault in judged(answer)]
    return found


def judged(answer: TestResponse) -> list[str]:
    """What is wrong with one answer, by its type; and whether it leads out of the site."""
    location = answer.headers.get("Location", "")
    if location and leads_out(location):
        return [f"leads to {location}"]
    return faults_in(answer.text) if answer.mimetype == "text/html" else []


def test_every_text_stands_in_the_title_the_summary_and_the_text_of_a_page(filled: Filled) -> None:
    assert len(filled.written.alone) > 500
    assert seen(filled.anyone, (page for _, page in filled.written.alone)) == []


def test_every_field_of_every_kind_shows_them_as_words(filled: Filled) -> None:
    assert seen(filled.editor, filled.written.all_pages) == []


def test_what_belongs_to_a_page_shows_them_as_words(filled: Filled) -> None:
    pages = [page for pages in filled.written.pages.values() for page in pages[:3]]
    assert seen(filled.editor, (f"{page}/{part}" for page in pages for part in BESIDE), (200, 303, 404)) == []


def test_forms_show_them_in_their_boxes_and_nowhere_else(filled: Filled) -> None:
    pages = [page for pages in filled.written.pages.values() for page in pages]
    assert (
        seen(filled.editor, (f"{page}/andra?steg={step}" for page in pages for step in (1, 2, 3, 4, 5)), (200, 404))
        == []
    )


def test_names_and_descriptions_of_files_are_words(filled: Filled) -> None:
    pages = filled.written.with_files
    assert seen(filled.editor, [*pages, *(f"{page}/filer" for page in pages)]) == []
    assert seen(filled.editor, (f"{page}/andra?steg=2" for page in pages)) == []
    for page in pages:
        number = re.findall(r"bild-(\d+)\.png", filled.editor.get(page).text)[0]
        answer = filled.editor.get(f"/filer{page}/bild-{number}.png")
        assert "\n" not in answer.headers["Content-Disposition"]
        assert answer.headers["Content-Disposition"].isascii()


LISTS = (
    "/",
    "/arbetssatt",
    "/studiebesok",
    "/utvecklingsarbeten",
    "/cykler",
    "/lardomar",
    "/natverk",
    "/natverkstraffar",
)


def test_lists_overviews_and_the_state_show_them_as_words(filled: Filled) -> None:
    pages = [f"/arbetssatt?sida={number}" for number in range(1, 12)] + [
        f"/laget?sida={number}" for number in (1, 2, 3)
    ]
    others = [
        "/organisationer",
        "/organisationer/sodertalje",
        "/personer",
        "/problem",
        "/papperskorg",
        "/mitt-konto",
        "/hamta",
    ]
    for browser in (filled.editor, filled.admin):
        assert seen(browser, [*LISTS, *pages, *others], (200, 403)) == []


def test_names_of_organisations_and_people_are_words(filled: Filled) -> None:
    assert len(filled.organisations) > 500
    assert seen(filled.anyone, filled.organisations[::5]) == []
    assert seen(filled.admin, ["/personer/organisation/sodertalje", "/personer?q=ond", "/personer"]) == []
    shown = filled.admin.get("/personer/organisation/sodertalje").text
    members = re.findall(r'href="(/personer/organisation/sodertalje/[^"/]+)"', shown)
    assert len(members) > 300
    assert seen(filled.admin, members[::40]) == []


# ---- What is asked for ----


def asked_for(*names: str, text: str) -> str:
    """A question with a text under some names, as a browser writes it in an address."""
    return urlencode(dict.fromkeys(names, text.encode("utf-8", "replace")))


def test_words_that_are_searched_for_stay_words(filled: Filled) -> None:
    for text in TEXTS:
        answer = filled.anyone.get(f"/sok?{asked_for('q', text=text.written)}")
        assert answer.status_code == 200, text
        assert judged(answer) == [], text


def test_words_that_are_searched_for_stay_words_live_as_a_choice_and_as_json(filled: Filled) -> None:
    for text in TEXTS[::6]:
        live = {"HX-Request": "true", "HX-Trigger": text.on_one_line.encode("ascii", "replace").decode()}
        assert judged(filled.anyone.get(f"/sok?{asked_for('q', text=text.written)}", headers=live)) == [], text
        assert judged(filled.anyone.get(f"/sok?{asked_for('kommun', 'omrade', text=text.written)}")) == [], text
        api = filled.anyone.get(f"/api/v1/search?{asked_for('q', text=text.written)}")
        assert api.mimetype == "application/json"
        for hit in json.loads(api.text)["hits"]:
            assert not re.search(r"<(?!/?mark>)", hit["snippet"]), text


def test_words_that_pages_and_people_are_looked_for_by_stay_words(filled: Filled) -> None:
    for text in TEXTS[::9]:
        asked = asked_for("q", text=text.written)
        for address in ("/sidor-att-lanka", "/arbetssatt", "/organisationer"):
            assert judged(filled.editor.get(f"{address}?{asked}")) == [], text
        assert judged(filled.admin.get(f"/personer?{asked}")) == [], text


def test_addresses_that_lead_nowhere_say_so_in_words(filled: Filled) -> None:
    for text in TEXTS[::2]:
        tail = quote(text.written.encode("utf-8", "replace"), safe="")
        for address in (
            f"/{tail}",
            f"/arbetssatt/{tail}",
            f"/filer/arbetssatt/alla-1/{tail}",
            f"/organisationer/{tail}",
        ):
            answer = filled.anyone.get(address)
            assert answer.status_code in (303, 308, 400, 404), address
            assert judged(answer) == [], text


@pytest.mark.parametrize("name", ["next", "sida", "galler", "fel", "steg", "sortera", "lage", "omrade", "fran", "till"])
def test_whatever_an_address_says_of_a_page_is_words(filled: Filled, name: str) -> None:
    for text in TEXTS[::40]:
        asked = asked_for(name, text=text.written)
        for address in ("/logga-in", "/rapportera", "/sok", "/laget", "/arbetssatt/alla-1/jamfor"):
            assert judged(filled.editor.get(f"{address}?{asked}")) == [], text
        assert judged(filled.anyone.get(f"/logga-in?{asked}")) == [], text


# ---- What is sent ----

WITH_FORMS = ("arbetssatt", "studiebesok", "utvecklingsarbeten", "lardomar", "natverk", "natverkstraffar")


def test_a_form_that_is_refused_or_previewed_comes_back_with_words(filled: Filled) -> None:
    """Every box gets the next text, until each text has been in a box."""
    texts = (text.written for text in FILED)
    steps = cycle((url, step) for url in WITH_FORMS for step in (1, 2, 3, 4, 5))
    for text in texts:
        url, step = next(steps)
        form = filled.editor.get(f"/{url}/nytt?steg={step}", follow_redirects=True)
        if form.status_code != 200:
            continue
        fields = fields_of(form, "skriv")
        for name in [name for name in fields if not name.startswith("_") and name != "csrf_token"]:
            fields[name] = next(texts, text)
        for do in ("preview", "save"):
            fields["_do"] = do
            answer = filled.editor.post(f"/{url}/nytt?steg={step}", data=fields)
            assert answer.status_code in (200, 303, 422), answer.text
            assert judged(answer) == [], (url, step, do)


def test_reports_and_answers_to_them_are_words(filled: Filled) -> None:
    for number, text in enumerate(FILED[::12]):
        told = {"subject": "fault", "text": text.written, "page": text.on_one_line, "email": text.on_one_line[:80]}
        answer = filled.anyone.post("/rapportera", data=told, environ_overrides={"REMOTE_ADDR": f"192.0.2.{number}"})
        assert judged(answer) == [], text
        told = {"subject": "fault", "text": text.written, "page": "/", "email": ""}
        assert (
            judged(filled.anyone.post("/rapportera", data=told, environ_overrides={"REMOTE_ADDR": f"192.0.2.{number}"}))
            == []
        )
    waiting = re.findall(r'href="(/rapporter/\d+)"', filled.admin.get("/rapporter").text)
    assert waiting
    assert seen(filled.admin, ["/rapporter", *waiting]) == []
    for address in waiting:
        fields = fields_of(filled.admin.get(address))
        fields["note"] = FILED[0].written
        assert judged(filled.admin.post(address, data=fields)) == []
    assert seen(filled.admin, ["/rapporter?lage=atgardade", *waiting]) == []


# ---- What is no page ----


def test_tables_for_excel_have_no_formula_and_one_line_for_each_page(filled: Filled) -> None:
    answer = filled.admin.get("/laget.csv")
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")), delimiter=";"))
    assert len({len(row) for row in rows}) == 1
    assert not [cell for row in rows for cell in row if cell.startswith(tuple(FORMULA))]


def test_what_is_no_page_says_what_it_is(filled: Filled) -> None:
    for address, mimetype in (
        ("/api/v1/search?q=script", "application/json"),
        ("/laget.csv", "text/csv"),
        ("/sitemap.xml", "application/xml"),
        ("/sitemap-1.xml", "application/xml"),
        ("/robots.txt", "text/plain"),
        ("/healthz", "application/json"),
    ):
        answer = filled.admin.get(address)
        assert answer.mimetype == mimetype, address
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
