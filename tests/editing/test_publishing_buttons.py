"""Whether a page is published and who reads it then: the buttons of a draft's form say so, and so does the answer."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from tests.cast import Browser
from tests.editing.writing import fields_of, fill_in, get, made, open_form
from tests.house import House

KARTAN = "/arbetssatt/kartan/andra?steg=5"


def beside(html: str, button: str) -> str:
    """What stands beside a button: who can read the page then."""
    found = re.search(rf'id="lasare-{button}"[^>]*>(.*?)</p>', html)
    return found[1] if found else ""


def told(browser: Browser, location: str) -> str:
    """What the page after a save says of it."""
    found = re.search(r'role="status">\s*<div>(.*?)</div>', browser.get(location).text, re.DOTALL)
    return found[1] if found else ""


def test_saving_a_draft_publishes_by_the_button_alone(app: Flask, editor: Browser) -> None:
    page = open_form(editor, "/arbetssatt/nytt?steg=5")
    assert "publication" not in fields_of(page)
    saved = fill_in(editor, page, title="Ny", publication="published")
    slug = made(saved)
    assert str(get(app, "practices", slug).front_matter.publication) == "draft"
    assert told(editor, saved.location) == "Sparat som utkast. Bara Södertäljes medlemmar ser sidan."
    page = open_form(editor, f"/arbetssatt/{slug}/andra?steg=5")
    fill_in(editor, page, review_by="2027-01-15", publication="published")
    assert str(get(app, "practices", slug).front_matter.publication) == "draft"
    page = open_form(editor, f"/arbetssatt/{slug}/andra?steg=5")
    assert "publication" not in fields_of(page)
    published = fill_in(editor, page, "publish sure", publication="draft")
    assert str(get(app, "practices", slug).front_matter.publication) == "published"
    assert told(editor, published.location) == "Publicerat. Alla kan läsa."


@pytest.mark.parametrize("step", range(1, 6))
def test_every_step_says_who_can_read_after_each_button(house: House, editor: Browser, step: int) -> None:
    house.write("networks", "knut", title="KNUT")
    house.write("practices", "kartan", publication="draft", visibility="network", networks=["knut"])
    house.look()
    html = open_form(editor, f"/arbetssatt/kartan/andra?steg={step}").text
    assert "Spara som utkast</button>" in html
    assert beside(html, "spara") == "Bara Södertäljes medlemmar kan läsa."
    assert beside(html, "publicera") == "Medlemmar i KNUT kan läsa."
    assert ("Ändra vem som får läsa" in html) == (step < 5)
    assert ("Bara du ser det du skriver." in html) == (step < 5)


def test_the_words_beside_the_buttons_follow_what_is_chosen(house: House, editor: Browser) -> None:
    house.write("networks", "knut", title="KNUT")
    house.write("practices", "kartan", publication="draft", networks=["knut"])
    house.look()
    fields = fields_of(open_form(editor, KARTAN))
    assert fields["visibility"] == "public"
    for choice, words in (("network", "Medlemmar i KNUT"), ("organisation", "Bara Södertäljes medlemmar")):
        answer = editor.post("/arbetssatt/kartan/andra/utkast", data={**fields, "visibility": choice})
        assert beside(answer.text, "publicera") == f"{words} kan läsa."
    assert 'hx-swap-oob="true"' in answer.text


def test_the_choices_say_what_they_mean_for_this_page(house: House, editor: Browser) -> None:
    house.write("networks", "knut", title="KNUT")
    house.write("practices", "kartan", publication="draft", networks=["knut"])
    house.write("practices", "ensam", publication="draft")
    house.look()
    html = open_form(editor, KARTAN).text
    for words in ("Alla, också den som inte har loggat in", "Medlemmar i KNUT<", "Bara Södertäljes medlemmar<"):
        assert words in html
    alone = open_form(editor, "/arbetssatt/ensam/andra?steg=5")
    assert "Medlemmar i sidans nätverk (inget är valt än)" in alone.text
    answer = editor.post("/arbetssatt/ensam/andra/utkast", data={**fields_of(alone), "visibility": "network"})
    assert beside(answer.text, "publicera") == "Bara Södertäljes medlemmar kan läsa."


def test_a_publication_that_is_stopped_changes_nothing_of_what_the_other_button_says(editor: Browser) -> None:
    stopped = fill_in(editor, open_form(editor, "/arbetssatt/nytt"), "publish", title="", summary="Kort.")
    assert stopped.status_code == 422
    assert beside(stopped.text, "spara") == "Bara Södertäljes medlemmar kan läsa."
    assert beside(stopped.text, "publicera") == "Alla kan läsa."


def test_a_published_page_is_saved_by_one_button_that_says_who_reads_it(house: House, editor: Browser) -> None:
    house.write("practices", "kartan")
    house.look()
    page = open_form(editor, "/arbetssatt/kartan/andra")
    assert "Spara som utkast" not in page.text
    assert beside(page.text, "spara") == "Alla kan läsa."
    assert beside(page.text, "publicera") == ""
    assert told(editor, fill_in(editor, page, unit="Enheten").location) == "Sparat. Alla kan läsa."


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        ("archived", "Arkiverat. Sidan går att läsa, men finns inte i listor och sökningar."),
        ("draft", "Sparat som utkast. Bara Södertäljes medlemmar ser sidan."),
    ],
)
def test_a_published_page_is_withdrawn_or_archived_by_a_field_that_says_what_that_means(
    app: Flask, house: House, editor: Browser, choice: str, words: str
) -> None:
    house.write("practices", "kartan")
    house.look()
    page = open_form(editor, KARTAN)
    assert "Utkast: bara Södertäljes medlemmar ser sidan" in page.text
    assert "Arkiverad: sidan går att läsa" in page.text
    assert "Granskas" not in page.text
    assert told(editor, fill_in(editor, page, publication=choice).location) == words
    assert str(get(app, "practices", "kartan").front_matter.publication) == choice


def test_a_page_that_is_reviewed_may_stay_so(app: Flask, house: House, editor: Browser) -> None:
    house.write("practices", "kartan", publication="in_review")
    house.look()
    page = open_form(editor, KARTAN)
    assert "Granskas" in page.text
    fill_in(editor, page, review_by="2027-01-15")
    assert str(get(app, "practices", "kartan").front_matter.publication) == "in_review"


def test_a_word_that_no_choice_has_is_told_beside_its_field(house: House, editor: Browser) -> None:
    house.write("practices", "kartan")
    house.look()
    answer = fill_in(editor, open_form(editor, KARTAN), visibility="grannarna", publication="halv")
    assert answer.status_code == 422


def test_whoever_publishes_is_asked_whether_anybody_can_be_recognised(
    app: Flask, house: House, editor: Browser
) -> None:
    house.write("practices", "kartan", publication="draft", title="Kartan")
    house.look()
    page = open_form(editor, KARTAN)
    asked = fill_in(editor, page, "publish", summary="Samtal i köket.")
    assert asked.status_code == 200
    assert "Går det att känna igen någon klient i texten?" in asked.text
    assert str(get(app, "practices", "kartan").front_matter.publication) == "draft"
    assert fields_of(asked, "skriv")["_version"] == fields_of(page, "skriv")["_version"]
    saved = fill_in(editor, asked, "publish sure", summary="Samtal i köket.")
    assert saved.status_code == 303
    assert str(get(app, "practices", "kartan").front_matter.publication) == "published"


@pytest.mark.parametrize(
    ("before", "after", "asked"),
    [
        ("organisation", "network", True),
        ("organisation", "public", True),
        ("network", "public", True),
        ("public", "organisation", False),
        ("public", "network", False),
        ("network", "organisation", False),
        ("public", "public", False),
    ],
)
def test_whoever_opens_a_published_page_to_more_people_is_asked_the_same(
    app: Flask, house: House, editor: Browser, before: str, after: str, asked: bool
) -> None:
    house.write("practices", "kartan", visibility=before, networks=["knut"])
    house.look()
    page = open_form(editor, KARTAN)
    answer = fill_in(editor, page, "save", visibility=after, summary="Samtal i köket.")
    assert answer.status_code == (200 if asked else 303)
    if asked:
        assert "Går det att känna igen någon klient i texten?" in answer.text
        assert "Nej, spara" in answer.text
        assert str(get(app, "practices", "kartan").front_matter.visibility) == before
        assert fill_in(editor, answer, "save sure").status_code == 303
    assert str(get(app, "practices", "kartan").front_matter.visibility) == after


def test_nobody_is_asked_before_what_is_wrong_is_put_right(editor: Browser) -> None:
    answer = fill_in(editor, open_form(editor, "/arbetssatt/nytt"), "publish", title="")
    assert answer.status_code == 422
    assert "känna igen" not in answer.text.partition('id="skriv"')[0]


def test_every_step_with_texts_reminds_of_the_client(editor: Browser) -> None:
    reminder = "Skriv så att ingen klient går att känna igen"
    assert reminder in open_form(editor, "/arbetssatt/nytt?steg=2").text
    assert reminder not in open_form(editor, "/arbetssatt/nytt?steg=5").text
