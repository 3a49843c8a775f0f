"""The addresses of new pages: words and a mark, which tell nothing of what one may not see."""

from __future__ import annotations

import re

import pytest
from flask import Flask, g

from app.accounts import people
from app.editing import saving
from app.editing.addresses import free_slugs
from app.editing.drafts import Draft, id_from, new_token
from app.library.personal_data import find
from app.library.slugs import LONGEST
from app.library.visibility import Viewer
from app.web import forms
from app.web.forms import form_for
from tests.cast import EDITOR, Browser
from tests.editing.writing import MARK, fields_of, fill_in, leads_to, made, open_form
from tests.house import House


def test_pages_with_the_same_title_get_addresses_of_their_own(editor: Browser) -> None:
    answers = [fill_in(editor, open_form(editor, "/arbetssatt/nytt"), title="Samma") for _ in range(3)]
    assert all(leads_to(answer, "/arbetssatt/samma") for answer in answers)
    assert len({answer.location for answer in answers}) == 3


@pytest.mark.parametrize("beside", ["hidden", "hidden and moved", "hidden and deleted", "nothing"])
def test_a_new_page_is_answered_alike_beside_a_hidden_one_and_beside_nothing(
    house: House, editor: Browser, outsider: Browser, beside: str
) -> None:
    if beside != "nothing":
        house.write("practices", "hemlig-plan", owner="habo", publication="draft", title="Hemlig plan")
        house.look()
    if "moved" in beside:
        fill_in(outsider, open_form(outsider, "/arbetssatt/hemlig-plan/flytta"), address="annan")
    if "deleted" in beside:
        fill_in(outsider, open_form(outsider, "/arbetssatt/hemlig-plan/ta-bort"))
    page = open_form(editor, "/arbetssatt/nytt")
    answer = fill_in(editor, page, title="Hemlig plan")
    assert leads_to(answer, "/arbetssatt/hemlig-plan")
    shown = editor.get(answer.location)
    assert (shown.status_code, "Sparat som utkast." in shown.text) == (200, True)


def test_a_mark_that_is_taken_gives_another_of_the_same_shape(app: Flask, house: House, editor: Browser) -> None:
    page = open_form(editor, "/arbetssatt/nytt")
    with app.app_context():
        kind = app.extensions["library"].kinds["practices"]
        ours = free_slugs(kind, "Hemlig plan", id_from(fields_of(page)["_token"]), Viewer("", ""))
        first, second = next(ours), next(ours)
    house.write("practices", first, owner="habo", publication="draft")
    house.look()
    answer = fill_in(editor, page, title="Hemlig plan")
    assert made(answer) == second
    assert leads_to(answer, "/arbetssatt/hemlig-plan")


def test_a_mark_is_neither_digits_nor_a_word_and_is_known_only_here(app: Flask) -> None:
    kind, person = app.extensions["library"].kinds["practices"], Viewer("", "")
    with app.app_context():
        slugs = [next(free_slugs(kind, "Samma", str(number), person)) for number in range(200)]
        app.config["SECRET_KEY"] = "another house's key"
        elsewhere = [next(free_slugs(kind, "Samma", str(number), person)) for number in range(200)]
    assert all(re.fullmatch(f"samma{MARK}", slug) for slug in slugs)
    assert len(set(slugs)) > 150
    assert sum(one == other for one, other in zip(slugs, elsewhere, strict=True)) < 20


@pytest.mark.parametrize("title", ["850709", "19850709", "1985-07-09", "12", "1234"])
def test_a_title_of_digits_makes_no_personal_number_of_an_address(editor: Browser, title: str) -> None:
    answer = fill_in(editor, open_form(editor, "/arbetssatt/nytt"), title=title)
    assert leads_to(answer, f"/arbetssatt/{title}")
    assert not find(made(answer))


@pytest.mark.parametrize("title", ["Samtal " * 14, "S" * 99])
def test_a_long_title_gives_an_address_that_is_cut_before_its_mark(editor: Browser, title: str) -> None:
    answer = fill_in(editor, open_form(editor, "/arbetssatt/nytt"), title=title.strip())
    assert len(made(answer)) <= LONGEST
    assert re.fullmatch(f"(samtal-)*(samtal|s+){MARK}", made(answer))


def test_a_title_that_is_a_word_of_the_addresses_does_not_hide_a_page(editor: Browser) -> None:
    answer = fill_in(editor, open_form(editor, "/arbetssatt/nytt"), title="Nytt")
    assert leads_to(answer, "/arbetssatt/nytt")
    assert "Nytt" in editor.get(answer.location).text


def test_a_double_click_that_two_processes_answer_at_once_makes_one_document(app: Flask) -> None:
    kind = app.extensions["library"].kinds["practices"]
    with app.extensions["databases"].kept_for_reading() as session:
        person = people.find(session, EDITOR.email)
    assert person
    with app.test_request_context():
        g.viewer = Viewer(person.id, EDITOR.name, EDITOR.roles)
        values = forms.blanks(form_for(kind).shapes) | {"title": "En gång", "owner": "sodertalje"}
        token = new_token()
        # Neither has seen that the other has made anything.
        slugs = [saving.publish(Draft(kind, g.viewer, dict(values), token)) for _ in range(2)]
    assert slugs[0] == slugs[1]
    assert len(list(app.extensions["library"].files())) == 1
