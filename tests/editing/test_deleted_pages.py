"""Coming to the address of a page that somebody has deleted."""

from __future__ import annotations

from tests.cast import Browser
from tests.editing.writing import fields_of
from tests.house import House

PAGE = "/arbetssatt/kartan"


def deleted(house: House, who: Browser) -> None:
    house.write("practices", "kartan", title="Kartan")
    house.look()
    question = who.get(f"{PAGE}/ta-bort")
    assert who.post(f"{PAGE}/ta-bort", data=fields_of(question)).status_code == 303


def test_a_colleague_reads_who_deleted_the_page_and_undoes_it(
    house: House, editor: Browser, colleague: Browser
) -> None:
    deleted(house, colleague)
    page = editor.get(PAGE)
    assert page.status_code == 404
    assert "Sidan togs bort" in page.text
    assert "av Kim Kollega" in page.text
    assert "/papperskorg" in page.text
    assert "Content-Security-Policy" in page.headers
    action = page.text.partition('action="/papperskorg/')[2].partition('"')[0]
    assert editor.post(f"/papperskorg/{action}").status_code == 303
    assert editor.get(PAGE).status_code == 200


def test_to_others_a_deleted_page_does_not_exist(
    house: House, colleague: Browser, outsider: Browser, anyone: Browser
) -> None:
    deleted(house, colleague)
    for browser in (outsider, anyone):
        page, unknown = browser.get(PAGE), browser.get("/arbetssatt/borta")
        assert page.status_code == 404
        assert "Sidan finns inte" in page.text
        assert "Kim Kollega" not in page.text
        assert len(page.text) == len(unknown.text.replace("borta", "kartan"))


def test_a_page_that_was_never_there_does_not_exist_for_members_either(house: House, editor: Browser) -> None:
    house.look()
    assert "Sidan finns inte" in editor.get("/arbetssatt/aldrig").text
