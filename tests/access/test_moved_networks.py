"""A network that gets another address: the pages that name it by the old one go on being its members' to read."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from flask import Flask

from app.accounts import belonging, people
from tests.cast import OUTSIDER, Browser
from tests.editing.writing import fields_of, fill_in, made, open_form
from tests.house import House

PAGE = "/arbetssatt/delat"


@pytest.fixture
def shared(house: House) -> House:
    """A network of Solna's, and a page of Södertälje's that its members may read."""
    house.write("networks", "knut", title="Tillsammans", members=[{"organisation": "solna"}])
    house.write("practices", "delat", "Kvastskaftsmetoden.\n", title="Delat", visibility="network", networks=["knut"])
    house.look()
    return house


def move_inside(house: House, editor: Browser) -> str:
    return made(fill_in(editor, open_form(editor, "/natverk/knut/flytta"), address="knuten"))


def move_outside(house: House, editor: Browser) -> str:
    path = house.home / "content/networks/knut.md"
    path.rename(path.with_name("knuten.md"))
    house.look()
    return "knuten"


Move = Callable[[House, Browser], str]


def sees(somebody: Browser) -> tuple[bool, bool, bool]:
    """Whether somebody gets the page, finds it, and meets it in the list."""
    found = somebody.get("/sok?q=kvastskaftsmetoden").text
    return (somebody.get(PAGE).status_code == 200, PAGE in found, PAGE in somebody.get("/arbetssatt").text)


@pytest.mark.parametrize("move", [move_inside, move_outside])
def test_its_members_go_on_reading_what_names_its_old_address(
    shared: House, editor: Browser, reader: Browser, outsider: Browser, anyone: Browser, move: Move
) -> None:
    before = [sees(somebody) for somebody in (reader, outsider, anyone)]
    slug = move(shared, editor)
    shared.look()
    assert before == [(True, True, True), (False, False, False), (False, False, False)]
    assert [sees(somebody) for somebody in (reader, outsider, anyone)] == before
    assert "Medlemmar i Tillsammans får läsa" in reader.get(PAGE).text
    assert PAGE in reader.get(f"/natverk/{slug}").text
    assert PAGE not in outsider.get(f"/natverk/{slug}").text


def test_its_coordinator_goes_on_reading_and_who_is_no_member_any_longer_does_not(
    app: Flask, shared: House, editor: Browser, reader: Browser, outsider: Browser
) -> None:
    slug = move_inside(shared, editor)
    network = app.extensions["library"].get("networks", slug)
    with app.extensions["databases"].kept() as session:
        person = people.find(session, OUTSIDER.email)
        assert person
        belonging.set_coordinator(session, person, network.id, coordinates=True)
    assert sees(outsider) == (True, True, True)
    assert outsider.get(f"/personer/natverk/{slug}").status_code == 200
    text = network.text.replace("- organisation: solna", "- organisation: habo")
    (shared.home / network.path).write_text(text, encoding="utf-8")
    shared.look()
    assert sees(reader) == (False, False, False)


def test_another_network_with_the_old_address_has_the_pages_that_name_it(
    shared: House, editor: Browser, reader: Browser, outsider: Browser
) -> None:
    move_inside(shared, editor)
    shared.write("networks", "knut", title="Annat", id=str(uuid.uuid4()), members=[{"organisation": "habo"}])
    shared.look()
    assert sees(reader) == (False, False, False)
    assert sees(outsider) == (True, True, True)


def test_of_two_networks_that_had_an_address_only_the_one_it_leads_to_opens_the_page(
    shared: House, editor: Browser, reader: Browser, outsider: Browser
) -> None:
    move_inside(shared, editor)
    shared.write("networks", "senare", former_slugs=["knut"], members=[{"organisation": "habo"}])
    shared.look()
    leads_to = reader.get("/natverk/knut").location
    assert leads_to.startswith("/natverk/knuten-")
    assert [sees(somebody)[0] for somebody in (reader, outsider)] == [True, False]


def test_the_form_calls_it_by_its_name_and_changes_nothing_of_itself(shared: House, editor: Browser) -> None:
    move_inside(shared, editor)
    form = open_form(editor, f"{PAGE}/andra?steg=4")
    assert "Tillsammans (knut)" in form.text
    assert fields_of(form).getlist("networks") == ["", "knut"]
    assert fill_in(editor, form).status_code == 303
    assert "- knut\n" in (shared.home / "content/practices/delat.md").read_text(encoding="utf-8")
