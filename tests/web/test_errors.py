"""Every error is told in plain Swedish, with a way on, the right status and nothing of what is inside."""

from __future__ import annotations

import re
import sqlite3

import pytest
from flask import Flask, abort, request

from app.accounts.rules import open_to_anyone
from app.index import IndexNotReady
from tests.cast import Browser
from tests.house import House
from tests.seeing import see


@pytest.fixture
def failing(app: Flask) -> Flask:
    """An app with an address that fails in every way."""

    @app.get("/fel/<int:status>")
    @open_to_anyone("a test's own view, which only fails")
    def fail(status: int) -> str:
        if status == 1:
            raise IndexNotReady
        if status == 2:
            raise RuntimeError("a secret detail")
        if status == 3:
            full = sqlite3.OperationalError("database or disk is full: /a/secret/place")
            full.sqlite_errorcode = sqlite3.SQLITE_FULL
            raise full
        if status == 4:
            status = int(request.form["a field that nobody sent"])
        abort(status)

    return app


@pytest.mark.parametrize("status", [400, 403, 404, 405, 409, 410, 413, 415, 418, 429, 500, 501, 503])
def test_every_error_has_a_page_in_plain_words_with_a_way_on(failing: Flask, anyone: Browser, status: int) -> None:
    answer = anyone.get(f"/fel/{status}")
    assert answer.status_code == status
    assert '<html lang="sv">' in answer.text
    page = see(answer)
    assert page.links["Till startsidan"] == "/"
    assert page.links["Rapportera felet"] == f"/rapportera?sida=/fel/{status}&galler=fault"
    assert not re.search(r"\b(the|server|request|not)\b", page.words), page.words


@pytest.mark.parametrize(
    ("address", "guess"),
    [
        ("/arbetssatt/extra-personal-for-alla", "extra personal for alla"),
        ("/sidor/%C3%A5terbes%C3%B6k.html", "återbesök"),
        ("/a/b/", ""),
        ("/2024/123456", ""),
        ("/x/%22%3E%3Cscript%3Ealert(1)", "script alert 1"),
        ("/" + "abc-" * 100, ("abc " * 100)[:80]),
    ],
)
def test_an_address_that_leads_nowhere_offers_a_search_for_its_end(anyone: Browser, address: str, guess: str) -> None:
    answer = anyone.get(address)
    assert answer.status_code == 404
    assert f'id="fel-q" name="q" value="{guess}"' in answer.text
    assert "<script>alert" not in answer.text


def test_htmx_gets_a_notice_and_not_a_page(failing: Flask, anyone: Browser) -> None:
    answer = anyone.get("/fel/409", headers={"HX-Request": "true"})
    assert "<html" not in answer.text
    assert 'role="alert"' in answer.text
    assert "HX-Request" in answer.headers["Vary"]


def test_a_boosted_link_gets_the_whole_page(failing: Flask, anyone: Browser) -> None:
    headers = {"HX-Request": "true", "HX-Boosted": "true"}
    assert "<html" in anyone.get("/fel/404", headers=headers).text


def test_the_api_answers_in_json(anyone: Browser) -> None:
    answer = anyone.get("/api/v1/finns-inte")
    assert answer.status_code == 404
    assert answer.json
    assert answer.json["error"] == "Sidan finns inte"


def test_a_register_that_is_being_built_asks_for_a_moment(failing: Flask, anyone: Browser) -> None:
    answer = anyone.get("/fel/1")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "2"
    assert "bygger om" in answer.text


def test_a_fault_of_ours_is_admitted_without_details(failing: Flask, anyone: Browser) -> None:
    failing.testing = False
    answer = anyone.get("/fel/2")
    assert answer.status_code == 500
    assert "Något gick fel hos oss" in answer.text
    assert "secret detail" not in answer.text
    number = answer.headers["X-Request-ID"]
    assert f"Felets nummer är {number}." in see(answer).words
    assert see(answer).leads_to(f"/rapportera?sida=/fel/2&galler=fault&fel={number}")


@pytest.mark.parametrize("path", ["/mitt-konto", "/", "/finns-inte", "/arbetssatt/nytt", "/rapporter", "/sok?q=a"])
def test_where_the_databases_are_gone_there_still_is_a_page(app: Flask, admin: Browser, path: str) -> None:
    app.testing = False
    settings = app.extensions["settings"]
    settings.kept_file.rename(settings.kept_file.with_suffix(".away"))
    settings.derived_folder.rename(settings.derived_folder.with_name("away"))
    app.extensions["databases"].close()
    answer = admin.get(path)
    assert answer.status_code == 500
    assert see(answer).headings == [(1, "Något gick fel hos oss")]
    assert '<html lang="sv">' in answer.text


def test_where_the_index_is_gone_as_well_the_form_for_reports_still_opens(app: Flask, anyone: Browser) -> None:
    app.testing = False
    settings = app.extensions["settings"]
    settings.kept_file.rename(settings.kept_file.with_suffix(".away"))
    settings.derived_folder.rename(settings.derived_folder.with_name("away"))
    app.extensions["databases"].close()
    assert anyone.get("/rapportera").status_code == 200
    assert anyone.get("/tillganglighet").status_code == 200
    assert anyone.get("/").status_code == 503


def test_where_not_even_the_page_of_an_error_can_be_made_something_is_said(failing: Flask, anyone: Browser) -> None:
    failing.testing = False
    failing.jinja_env.globals["footer"] = None
    answer = anyone.get("/fel/2")
    assert answer.status_code == 500
    assert "Försök igen om en stund" in answer.text
    assert 'href="/"' in answer.text
    assert "secret" not in answer.text


def test_a_full_disk_is_told_as_what_it_is(failing: Flask, anyone: Browser) -> None:
    failing.testing = False
    answer = anyone.get("/fel/3")
    assert answer.status_code == 507
    assert "Det är fullt på disken" in answer.text
    assert "secret" not in answer.text


def test_words_of_the_libraries_do_not_come_through(failing: Flask, anyone: Browser) -> None:
    answer = anyone.get("/fel/4")
    assert answer.status_code == 400
    assert "Gå tillbaka och försök igen." in see(answer).words
    wrong = anyone.post("/sok")
    assert wrong.status_code == 405
    assert "GET" in wrong.headers["Allow"]
    assert "Gå till den från menyn" in see(wrong).words


def test_only_administrators_read_what_is_wrong_in_a_broken_file(
    house: House, anyone: Browser, outsider: Browser, admin: Browser
) -> None:
    path = house.write("practices", "trasig")
    path.write_text("---\ntitle: [hemlig\n---\n", encoding="utf-8")
    for client in (anyone, outsider):
        answer = client.get("/arbetssatt/trasig")
        assert answer.status_code in (404, 503)
        assert "hemlig" not in answer.text
    assert "rad" in admin.get("/arbetssatt/trasig").text
