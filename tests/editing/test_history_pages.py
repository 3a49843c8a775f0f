"""Earlier versions: who may read them, what differs, and back to one of them."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from tests.cast import Browser
from tests.editing.writing import fields_of, fill_in, get, made, open_form
from tests.house import House

HISTORY = "/arbetssatt/kartan/historik"


@pytest.fixture
def kartan(house: House, editor: Browser) -> None:
    house.write("practices", "kartan", "## Varför\n\nFör att vi vill veta.\n", unit="Enheten")
    house.look()
    page = open_form(editor, "/arbetssatt/kartan/andra?steg=2")
    fill_in(editor, page, h_varfor="För att vi vill förstå.", _note="Rätt ord")


def numbers(browser: Browser, address: str = HISTORY) -> list[int]:
    found = re.findall(r"/historik/(\d+)\"", browser.get(address).text)
    return [int(number) for number in found]


@pytest.mark.usefixtures("kartan")
def test_history_tells_who_changed_what(editor: Browser) -> None:
    page = open_form(editor, HISTORY)
    assert "Eva Editor" in page.text
    assert "Rätt ord" in page.text
    assert "Gäller nu" in page.text
    assert len(numbers(editor)) == 2


@pytest.mark.usefixtures("kartan")
def test_history_names_the_fields_where_nobody_has_said_what_was_changed(editor: Browser) -> None:
    fill_in(editor, open_form(editor, "/arbetssatt/kartan/andra?steg=5"), visibility="organisation")
    assert "Ändrade ”Vem får läsa”" in open_form(editor, HISTORY).text
    texts = {"h_varfor": "Ett.", "h_material": "Två.", "h_var": "Tre.", "h_sa_gor_vi": "Fyra."}
    fill_in(editor, open_form(editor, "/arbetssatt/kartan/andra?steg=2"), **texts)
    assert "Ändrade ”Varför”, ”Material” och 2 fält till" in open_form(editor, HISTORY).text


@pytest.mark.usefixtures("kartan")
def test_history_asks_for_access_and_refuses_others(anyone: Browser, outsider: Browser, editor: Browser) -> None:
    first = numbers(editor)[-1]
    for path in (HISTORY, f"{HISTORY}/{first}", "/arbetssatt/kartan/jamfor"):
        assert editor.get(path).status_code == 200
        assert anyone.get(path).status_code == 401
        assert outsider.get(path).status_code == 403
    assert anyone.post(f"{HISTORY}/{first}/aterstall", data={"_version": "x"}).status_code == 401
    assert outsider.post(f"{HISTORY}/{first}/aterstall", data={"_version": "x"}).status_code == 403


@pytest.mark.usefixtures("kartan")
def test_two_versions_are_compared_word_by_word(editor: Browser) -> None:
    new, old = numbers(editor)
    for address in (f"?fran={old}&till={new}", f"?fran={new}&till={old}", ""):
        page = open_form(editor, f"/arbetssatt/kartan/jamfor{address}")
        assert "<del>veta</del>" in page.text
        assert "<ins>förstå</ins>" in page.text
    assert "Versionerna är lika" in open_form(editor, f"/arbetssatt/kartan/jamfor?fran={new}&till={new}").text
    assert editor.get("/arbetssatt/kartan/jamfor?fran=99999").status_code == 404


@pytest.mark.usefixtures("kartan")
def test_an_earlier_version_is_shown_as_it_was(editor: Browser) -> None:
    page = open_form(editor, f"{HISTORY}/{numbers(editor)[-1]}")
    assert "För att vi vill veta." in page.text
    assert "Enheten" in page.text
    assert editor.get(f"{HISTORY}/99999").status_code == 404


@pytest.mark.usefixtures("kartan")
def test_a_version_of_another_document_is_not_shown(house: House, editor: Browser, outsider: Browser) -> None:
    house.write("practices", "egen", owner="habo")
    house.look()
    for number in numbers(editor):
        assert outsider.get(f"/arbetssatt/egen/historik/{number}").status_code == 404


@pytest.mark.usefixtures("kartan")
def test_going_back_is_a_change_of_its_own(app: Flask, editor: Browser) -> None:
    page = open_form(editor, f"{HISTORY}/{numbers(editor)[-1]}")
    answer = fill_in(editor, page)
    assert answer.status_code == 303
    assert "vill veta" in get(app, "practices", "kartan").body
    assert len(numbers(editor)) == 3
    assert "Tillbaka till version" in open_form(editor, HISTORY).text


@pytest.mark.usefixtures("kartan")
def test_going_back_over_someone_elses_change_is_refused(app: Flask, editor: Browser, colleague: Browser) -> None:
    page = open_form(editor, f"{HISTORY}/{numbers(editor)[-1]}")
    fill_in(colleague, open_form(colleague, "/arbetssatt/kartan/andra"), unit="Nya enheten")
    answer = fill_in(editor, page)
    assert answer.location == HISTORY
    assert "Någon har ändrat sidan" in editor.get(HISTORY).text
    assert "vill förstå" in get(app, "practices", "kartan").body


@pytest.mark.usefixtures("kartan")
def test_going_back_keeps_the_addresses_the_page_has_had(app: Flask, editor: Browser) -> None:
    slug = made(fill_in(editor, open_form(editor, "/arbetssatt/kartan/flytta"), address="kartlaggning"))
    page = open_form(editor, f"/arbetssatt/{slug}/historik")
    first = min(int(number) for number in re.findall(r"/historik/(\d+)\"", page.text))
    fill_in(editor, open_form(editor, f"/arbetssatt/{slug}/historik/{first}"))
    saved = get(app, "practices", slug)
    assert "vill veta" in saved.body
    assert saved.front_matter.former_slugs == ["kartan"]


def test_nobody_gives_a_page_away_by_going_back_to_when_others_owned_it(
    app: Flask, house: House, editor: Browser, outsider: Browser, admin: Browser
) -> None:
    house.write("practices", "given", "Först.\n", owner="habo")
    house.look()
    page = open_form(admin, "/arbetssatt/given/andra?steg=1")
    assert fill_in(admin, page, owner="sodertalje", summary="Nu").status_code == 303
    assert get(app, "practices", "given").front_matter.owner == "sodertalje"
    (first, second), address = sorted(numbers(editor, "/arbetssatt/given/historik")), "/arbetssatt/given/historik"
    for shown in (f"{address}/{first}", f"/arbetssatt/given/jamfor?fran={first}&till={second}"):
        page = open_form(editor, shown)
        assert "Då ägdes sidan av Håbo kommun." in page.text
        assert "Gå tillbaka till den här versionen" not in page.text
        assert "Gå tillbaka till den här versionen" in open_form(admin, shown).text
    fields = {"_version": get(app, "practices", "given").version}
    assert editor.post(f"{address}/{first}/aterstall", data=fields).status_code == 403
    assert outsider.post(f"{address}/{first}/aterstall", data=fields).status_code == 403
    assert get(app, "practices", "given").front_matter.owner == "sodertalje"
    assert admin.post(f"{address}/{first}/aterstall", data=fields).status_code == 303
    assert get(app, "practices", "given").front_matter.owner == "habo"


def test_a_document_with_one_version_has_nothing_to_compare(house: House, editor: Browser) -> None:
    house.write("practices", "ny")
    house.look()
    page = open_form(editor, "/arbetssatt/ny/historik")
    assert "Jämför A med B" not in page.text
    assert "Versionerna är lika" in open_form(editor, "/arbetssatt/ny/jamfor").text
    assert not fields_of(page)
