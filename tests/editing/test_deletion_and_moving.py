"""Deleting and taking it back, and a new address while the old one goes on leading there."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.cast import Browser
from tests.editing.writing import fields_of, fill_in, get, leads_to, made, open_form
from tests.house import House


@pytest.fixture
def kartan(house: House) -> None:
    house.write("practices", "kartan")
    house.write("projects", "remissen", practices=["kartan"])
    house.write("cycles", "remissen/01-forsta")
    house.write("cycles", "remissen/02-andra", follows="remissen/01-forsta")
    house.write("practices", "lankar", "Se [[arbetssatt/kartan]].\n")
    house.write("practices", "hemlig", "Se [[arbetssatt/kartan]].\n", owner="habo", publication="draft")
    house.look()


def paths(app: Flask) -> list[str]:
    return sorted(file.path for file in app.extensions["library"].files())


@pytest.mark.usefixtures("kartan")
def test_before_a_page_is_deleted_one_sees_what_leads_to_it(editor: Browser) -> None:
    page = open_form(editor, "/arbetssatt/kartan/ta-bort")
    assert "Remissen" in page.text
    assert "Lankar" in page.text
    assert "Hemlig" not in page.text


@pytest.mark.usefixtures("kartan")
def test_a_deleted_page_is_gone_and_comes_back(app: Flask, editor: Browser) -> None:
    before = paths(app)
    answer = fill_in(editor, open_form(editor, "/arbetssatt/kartan/ta-bort"))
    assert answer.location == "/arbetssatt"
    after = open_form(editor, "/arbetssatt")
    assert "”Kartan” är borttagen." in after.text
    assert editor.get("/arbetssatt/kartan").status_code == 404
    undone = fill_in(editor, after)
    assert undone.location == "/arbetssatt/kartan"
    assert editor.get("/arbetssatt/kartan").status_code == 200
    assert paths(app) == before


@pytest.mark.usefixtures("kartan")
def test_a_project_goes_and_comes_back_with_its_cycles(app: Flask, editor: Browser, colleague: Browser) -> None:
    before = paths(app)
    page = open_form(editor, "/utvecklingsarbeten/remissen/ta-bort")
    assert "2 sidor till tas bort" in page.text
    fill_in(editor, page)
    assert not any("improvement_cycles" in path for path in paths(app))
    listed = open_form(colleague, "/papperskorg")
    assert "Remissen" in listed.text
    assert fill_in(colleague, listed).location == "/utvecklingsarbeten/remissen"
    assert paths(app) == before


def test_what_others_own_in_its_folder_stays_and_a_draft_of_theirs_is_not_told_of(
    app: Flask, house: House, editor: Browser, outsider: Browser
) -> None:
    house.write("projects", "remissen")
    house.write("cycles", "remissen/01-egen")
    house.write("cycles", "remissen/02-andras", owner="habo", title="Andras")
    house.write("cycles", "remissen/03-hemlig", owner="habo", title="Hemlig", publication="draft")
    house.look()
    assert "2 sidor som ligger under flyttas" in open_form(editor, "/utvecklingsarbeten/remissen/flytta").text
    page = open_form(editor, "/utvecklingsarbeten/remissen/ta-bort")
    assert "1 sida till tas bort" in page.text
    assert "1 sida blir kvar" in page.text
    assert "Andras" in page.text
    assert "Hemlig" not in page.text
    assert fill_in(editor, page).status_code == 303
    assert [path.rpartition("/")[2] for path in paths(app)] == ["02-andras.md", "03-hemlig.md"]
    assert outsider.get("/cykler/remissen/03-hemlig").status_code == 200
    assert editor.get("/cykler/remissen/02-andras").status_code == 200


@pytest.mark.usefixtures("kartan")
def test_deleting_asks_for_access_and_refuses_others(anyone: Browser, outsider: Browser) -> None:
    for path in ("/arbetssatt/kartan/ta-bort", "/arbetssatt/kartan/flytta"):
        assert anyone.get(path).status_code == 401
        assert anyone.post(path, data={"_version": "x"}).status_code == 401
        assert outsider.get(path).status_code == 403
        assert outsider.post(path, data={"_version": "x"}).status_code == 403


@pytest.mark.usefixtures("kartan")
def test_the_bin_is_the_organisations_own(editor: Browser, outsider: Browser, anyone: Browser, admin: Browser) -> None:
    fill_in(editor, open_form(editor, "/arbetssatt/kartan/ta-bort"))
    action = open_form(editor, "/papperskorg").text.partition('action="/papperskorg/')[2].partition('"')[0]
    assert "Kartan" in open_form(admin, "/papperskorg").text
    assert "Kartan" not in open_form(outsider, "/papperskorg").text
    assert anyone.get("/papperskorg").status_code == 401
    assert anyone.post(f"/papperskorg/{action}").status_code == 401
    never_was = outsider.post("/papperskorg/99999/angra")
    answer = outsider.post(f"/papperskorg/{action}")
    assert (answer.status_code, answer.location) == (never_was.status_code, never_was.location)
    assert editor.get("/arbetssatt/kartan").status_code == 404


@pytest.mark.usefixtures("kartan")
def test_undoing_twice_or_something_that_never_was_says_so(editor: Browser) -> None:
    answer = editor.post("/papperskorg/99999/angra")
    assert answer.location == "/papperskorg"
    assert "Det går inte att ångra" in editor.get("/papperskorg").text


@pytest.mark.usefixtures("kartan")
def test_a_page_that_somebody_has_changed_is_not_deleted_unseen(editor: Browser, colleague: Browser) -> None:
    page = open_form(editor, "/arbetssatt/kartan/ta-bort")
    fill_in(colleague, open_form(colleague, "/arbetssatt/kartan/andra"), unit="Ny")
    answer = fill_in(editor, page)
    assert answer.status_code == 409
    assert "Vill du fortfarande ta bort den?" in answer.text
    assert editor.get("/arbetssatt/kartan").status_code == 200
    assert fill_in(editor, answer).status_code == 303


@pytest.mark.usefixtures("kartan")
def test_a_new_address_works_and_the_old_one_leads_there(app: Flask, editor: Browser, anyone: Browser) -> None:
    answer = fill_in(editor, open_form(editor, "/arbetssatt/kartan/flytta"), address="Kartläggning tillsammans")
    assert leads_to(answer, "/arbetssatt/kartlaggning-tillsammans")
    old = anyone.get("/arbetssatt/kartan")
    assert old.status_code == 301
    assert old.location == answer.location
    assert get(app, "practices", made(answer)).front_matter.former_slugs == ["kartan"]
    assert "2" in editor.get(f"{answer.location}/historik").text


@pytest.mark.usefixtures("kartan")
def test_a_project_moves_with_its_cycles_in_one_change(app: Flask, editor: Browser, anyone: Browser) -> None:
    page = open_form(editor, "/utvecklingsarbeten/remissen/flytta")
    assert "2 sidor som ligger under flyttas också" in page.text
    answer = fill_in(editor, page, address="ny-remiss")
    assert leads_to(answer, "/utvecklingsarbeten/ny-remiss")
    slug = made(answer)
    assert [path for path in paths(app) if "improvement_cycles" in path] == [
        f"improvement_cycles/{slug}/01-forsta.md",
        f"improvement_cycles/{slug}/02-andra.md",
        f"improvement_cycles/{slug}/project.md",
    ]
    assert anyone.get("/cykler/remissen/02-andra").location == f"/cykler/{slug}/02-andra"


@pytest.mark.usefixtures("kartan")
def test_a_cycle_keeps_its_project_and_its_number(app: Flask, editor: Browser) -> None:
    answer = fill_in(editor, open_form(editor, "/cykler/remissen/02-andra/flytta"), address="en bättre")
    assert leads_to(answer, "/cykler/remissen/02-en-battre")


@pytest.mark.usefixtures("kartan")
@pytest.mark.parametrize("address", ["!!!", ""])
def test_an_address_without_a_letter_is_refused(editor: Browser, address: str) -> None:
    answer = fill_in(editor, open_form(editor, "/arbetssatt/kartan/flytta"), address=address)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text


@pytest.mark.usefixtures("kartan")
@pytest.mark.parametrize("address", ["lankar", "hemlig", "annans-forra", "fri", "nytt"])
def test_a_move_to_words_that_a_page_has_tells_nothing_of_it(
    house: House, editor: Browser, outsider: Browser, address: str
) -> None:
    house.write("practices", "annans-forra", owner="habo", publication="draft")
    house.look()
    fill_in(outsider, open_form(outsider, "/arbetssatt/annans-forra/flytta"), address="annans-nya")
    answer = fill_in(editor, open_form(editor, "/arbetssatt/kartan/flytta"), address=address)
    assert leads_to(answer, f"/arbetssatt/{address}")
    assert "Sidan har fått en ny adress." in editor.get(answer.location).text


@pytest.mark.usefixtures("kartan")
def test_a_former_address_is_given_to_no_other_page(editor: Browser) -> None:
    away = fill_in(editor, open_form(editor, "/arbetssatt/kartan/flytta"), address="annan")
    new = fill_in(editor, open_form(editor, "/arbetssatt/nytt"), title="Kartan")
    other = fill_in(editor, open_form(editor, "/arbetssatt/lankar/flytta"), address="kartan")
    assert leads_to(new, "/arbetssatt/kartan")
    assert leads_to(other, "/arbetssatt/kartan")
    assert new.location != other.location
    assert editor.get("/arbetssatt/kartan").location == away.location


@pytest.mark.usefixtures("kartan")
def test_a_page_moves_back_to_any_address_that_it_had(app: Flask, editor: Browser) -> None:
    first = fill_in(editor, open_form(editor, "/arbetssatt/kartan/flytta"), address="annan")
    back = fill_in(editor, open_form(editor, f"{first.location}/flytta"), address="kartan")
    assert back.location == "/arbetssatt/kartan"
    assert get(app, "practices", "kartan").front_matter.former_slugs == [made(first)]
    again = fill_in(editor, open_form(editor, "/arbetssatt/kartan/flytta"), address="annan")
    assert again.location == first.location
    third = fill_in(editor, open_form(editor, f"{first.location}/flytta"), address="tredje")
    whole = fill_in(editor, open_form(editor, f"{third.location}/flytta"), address=made(first))
    assert whole.location == first.location, "the mark may be written too"


@pytest.mark.usefixtures("kartan")
def test_a_move_that_is_sent_twice_is_made_once(app: Flask, editor: Browser) -> None:
    page = open_form(editor, "/utvecklingsarbeten/remissen/flytta")
    first = fill_in(editor, page, address="ny-remiss")
    again = fill_in(editor, page, address="ny-remiss")
    assert again.location == first.location
    assert get(app, "projects", made(first)).front_matter.former_slugs == ["remissen"]


@pytest.mark.usefixtures("kartan")
def test_the_words_of_an_address_stand_in_the_field_without_the_mark(editor: Browser) -> None:
    moved = fill_in(editor, open_form(editor, "/cykler/remissen/02-andra/flytta"), address="en bättre")
    page = open_form(editor, f"{moved.location}/flytta")
    assert fields_of(page)["address"] == "en-battre"
    assert fill_in(editor, page).location == moved.location
