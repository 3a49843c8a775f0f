"""/api/v1/suggest: what somebody who types may mean."""

from __future__ import annotations

import logging

import pytest

from tests.cast import Browser
from tests.house import House


def test_suggestions_come_in_json_with_where_they_lead(house: House, anyone: Browser) -> None:
    house.write("networks", "knut", title="Hem i KNUT", owner="sundbyberg")
    house.write("practices", "metod", "Om hemtjänst.", title="Hem & hjälp", networks=["knut"])
    house.look()
    answer = anyone.get("/api/v1/suggest?q=hem").get_json()
    assert set(answer) == {"query", "took_ms", "suggestions"}
    assert answer["query"] == "hem"
    assert answer["took_ms"] > 0
    assert answer["suggestions"] == [
        {"kind": "place", "text": "Hem i KNUT", "url": "/sok?natverk=knut", "about": "nätverkets 1 sida"},
        {"kind": "word", "text": "hemtjänst", "url": "/sok?q=hemtj%C3%A4nst", "about": ""},
        {"kind": "title", "text": "Hem i KNUT", "url": "/natverk/knut", "about": "nätverk"},
        {"kind": "title", "text": "Hem & hjälp", "url": "/arbetssatt/metod", "about": "arbetssätt"},
    ]
    for one in answer["suggestions"]:
        assert anyone.get(one["url"]).status_code == 200
    assert len(anyone.get("/api/v1/suggest?q=hem&limit=2").get_json()["suggestions"]) == 2
    assert anyone.get("/api/v1/suggest").get_json()["suggestions"] == []


def test_an_organisation_has_a_page_and_a_county_is_searched(house: House, anyone: Browser) -> None:
    house.write("practices", "metod")
    house.look()
    found = anyone.get("/api/v1/suggest?q=söder").get_json()["suggestions"]
    assert found[0]["url"] == "/organisationer/sodertalje"
    found = anyone.get("/api/v1/suggest?q=stockholms").get_json()["suggestions"]
    assert "/sok?lan=01" in [one["url"] for one in found]
    assert "/arbetssatt/metod" in anyone.get("/sok?lan=01").text


def test_how_a_word_is_spelt_is_suggested(house: House, anyone: Browser) -> None:
    house.write("practices", "metod", "Om kartläggningsverktyg.")
    house.look()
    assert anyone.get("/api/v1/suggest?q=kartlegningsverk").get_json()["suggestions"] == [
        {
            "kind": "spelling",
            "text": "kartläggningsverktyg",
            "url": "/sok?q=kartl%C3%A4ggningsverktyg",
            "about": "",
        }
    ]


def test_what_one_may_not_see_is_not_suggested(
    house: House, anyone: Browser, editor: Browser, outsider: Browser, reader: Browser
) -> None:
    house.write("practices", "utkast", "kvastskaft", title="Kvastar", publication="draft")
    house.write("practices", "egen", "kvastskaft", title="Kvastar inne", visibility="organisation")
    house.look()
    assert len(editor.get("/api/v1/suggest?q=kvast").get_json()["suggestions"]) == 4
    for other in (anyone, outsider, reader):
        for typed in ("kvast", "kvastskaft", "kvastskafft", "söder"):
            assert other.get("/api/v1/suggest", query_string={"q": typed}).get_json()["suggestions"] == []


def test_a_wrong_limit_is_told(house: House, anyone: Browser) -> None:
    house.look()
    for limit in ("0", "21", "x", "", "²"):
        answer = anyone.get(f"/api/v1/suggest?q=x&limit={limit}")
        assert answer.status_code == 400, limit
        assert "heltal från 1 till 20" in answer.get_json()["message"]


def test_no_words_break_it(house: House, anyone: Browser) -> None:
    house.write("practices", "metod")
    house.look()
    for words in ("a" * 5000, "%00", "%1b[2J", '"', "' OR 1=1 --", "*:*", "😀", "%ed%a0%80", "-", "(", "a b" * 500):
        assert anyone.get(f"/api/v1/suggest?q={words}").status_code == 200, words


def test_no_personal_number_is_asked_for_and_nothing_typed_is_logged(
    house: House, anyone: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    house.write("practices", "metod")
    house.look()
    with caplog.at_level(logging.DEBUG):
        answer = anyone.get("/api/v1/suggest?q=kvastskaft+19811218-9876")
        assert answer.status_code == 400
        assert "9876" not in answer.text
        anyone.get("/api/v1/suggest?q=kvastskaft")
    assert "kvastskaft" not in caplog.text
    assert "9876" not in caplog.text


def test_while_the_index_is_missing_other_programs_are_asked_to_wait(house: House, anyone: Browser) -> None:
    house.write("practices", "metod")
    house.look()
    index = house.app.extensions["index"]
    folder = index.generations.index_folder(index.generations.current())
    folder.rename(folder.with_name("undan"))
    assert anyone.get("/api/v1/suggest?q=text").status_code == 503
