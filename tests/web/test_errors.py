from __future__ import annotations

import pytest
from flask import Flask, abort

from app.index import IndexNotReady
from tests.cast import Browser
from tests.house import House


@pytest.fixture
def failing(app: Flask) -> Flask:
    """An app with an address that fails in every way."""

    @app.get("/fel/<int:status>")
    def fail(status: int) -> str:
        if status == 1:
            raise IndexNotReady
        if status == 2:
            raise RuntimeError("a secret detail")
        abort(status)

    return app


@pytest.mark.parametrize("status", [400, 403, 404, 409, 413, 429, 500, 503])
def test_every_error_has_a_page_in_plain_words(failing: Flask, anyone: Browser, status: int) -> None:
    answer = anyone.get(f"/fel/{status}")
    assert answer.status_code == status
    assert '<html lang="sv">' in answer.text
    assert "Till startsidan" in answer.text


def test_an_address_that_leads_nowhere_offers_a_search(anyone: Browser) -> None:
    answer = anyone.get("/finns/inte")
    assert answer.status_code == 404
    assert 'id="fel-q"' in answer.text


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


def test_a_fault_in_the_databases_still_gets_a_page(app: Flask, editor: Browser) -> None:
    app.testing = False
    app.extensions["settings"].kept_file.rename(app.extensions["settings"].kept_file.with_suffix(".away"))
    app.extensions["databases"].close()
    answer = editor.get("/mitt-konto")
    assert answer.status_code == 500
    assert "Något gick fel hos oss" in answer.text


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
