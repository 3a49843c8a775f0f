"""What is archived can be read by whoever has the address, and is found by whoever asks for it."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from app.cli import larnat
from tests.cast import Browser
from tests.house import House


@pytest.fixture
def two(house: House) -> House:
    """A practice of today and one that is archived; a visit that looked at both; a draft that is nobody else's."""
    house.write("practices", "dagens", "Kvastskaft.", title="Dagens metod", areas=["hemloshet"])
    house.write(
        "practices", "gardagens", "Kvastskaft.", title="Gårdagens metod", areas=["hemloshet"], publication="archived"
    )
    house.write(
        "practices", "hemlig", "Kvastskaft.", title="Hemlig metod", publication="archived", visibility="organisation"
    )
    house.write("studyvisits", "besok", practices=["dagens", "gardagens"])
    house.look()
    return house


def test_it_is_read_by_its_address_and_says_what_it_is(two: House, anyone: Browser) -> None:
    page = anyone.get("/arbetssatt/gardagens")
    assert page.status_code == 200
    assert "<strong>Arkiverad:</strong>" in page.text


def test_it_keeps_its_place_in_the_chain_of_evidence(two: House, anyone: Browser) -> None:
    assert "Gårdagens metod" in anyone.get("/studiebesok/besok").text


def test_lists_leave_it_out_until_somebody_asks(two: House, anyone: Browser) -> None:
    page = anyone.get("/arbetssatt").text
    assert "Dagens metod" in page
    assert "Gårdagens metod" not in page
    assert "1 arbetssätt" in page
    assert "Visa även arkiverade (1)" in page
    more = anyone.get("/arbetssatt?arkiverade=ja").text
    assert "Gårdagens metod" in more
    assert "2 arbetssätt" in more
    assert "Dölj arkiverade" in more
    assert "Hemlig metod" not in more


def test_a_list_with_nothing_archived_says_nothing_of_it(two: House, anyone: Browser) -> None:
    assert "arkiverade" not in anyone.get("/studiebesok").text


def test_choices_and_orders_keep_what_was_asked_for(two: House, anyone: Browser) -> None:
    page = anyone.get("/arbetssatt?arkiverade=ja&omrade=hemloshet").text
    assert "Gårdagens metod" in page
    assert 'href="/arbetssatt?arkiverade=ja&amp;omrade=hemloshet&amp;ordning=andrad"' in page
    assert 'href="/arbetssatt?omrade=hemloshet"' in page, "the way back takes only the archived away"


def test_the_start_page_and_counts_leave_it_out(two: House, anyone: Browser) -> None:
    page = anyone.get("/").text
    assert "Gårdagens metod" not in page
    assert "Dagens metod" in page


def test_search_leaves_it_out_until_somebody_asks(two: House, anyone: Browser) -> None:
    page = anyone.get("/sok?q=kvastskaft").text
    assert "Dagens metod" in page
    assert "Gårdagens metod" not in page
    assert "Visa även arkiverade (1)" in page
    more = anyone.get("/sok?q=kvastskaft&arkiverade=ja").text
    assert "Gårdagens metod" in more
    assert '<input type="hidden" name="arkiverade" value="ja" form="sokform">' in more
    assert "Hemlig metod" not in more


def test_where_only_archived_ones_have_the_words_the_way_to_them_is_shown(two: House, anyone: Browser) -> None:
    page = anyone.get("/sok?q=gårdagens").text
    assert "Visa även arkiverade (1)" in page


def test_the_api_and_the_command_line_do_as_the_page(two: House, anyone: Browser) -> None:
    answer = anyone.get("/api/v1/search?q=kvastskaft").get_json()
    assert (answer["total"], answer["archived"]) == (1, 1)
    answer = anyone.get("/api/v1/search?q=kvastskaft&arkiverade=ja").get_json()
    assert {hit["publication"] for hit in answer["hits"]} == {"published", "archived"}
    settings = two.app.extensions["settings"]
    found = CliRunner().invoke(larnat, ["search", "kvastskaft"], obj=settings)
    assert "1 träff, och 1 arkiverade" in found.output
    found = CliRunner().invoke(larnat, ["search", "kvastskaft", "--archived", "--json"], obj=settings)
    assert json.loads(found.output)["total"] == 2


def test_an_organisations_page_leaves_it_out_until_somebody_asks(two: House, anyone: Browser) -> None:
    page = anyone.get("/organisationer/sodertalje").text
    assert "Dagens metod" in page
    assert "Gårdagens metod" not in page
    assert "Visa även arkiverade (1)" in page
    assert "Gårdagens metod" in anyone.get("/organisationer/sodertalje?arkiverade=ja").text


def test_members_see_their_own_archived_ones_counted(two: House, editor: Browser) -> None:
    assert "Visa även arkiverade (2)" in editor.get("/arbetssatt").text


def test_a_document_leaves_the_lists_when_it_is_archived_and_comes_back(two: House, anyone: Browser) -> None:
    two.write("practices", "dagens", "Kvastskaft.", title="Dagens metod", publication="archived")
    two.look()
    assert "Dagens metod" not in anyone.get("/arbetssatt").text
    two.write("practices", "dagens", "Kvastskaft.", title="Dagens metod")
    two.look()
    assert "Dagens metod" in anyone.get("/arbetssatt").text


def test_a_form_does_not_suggest_it(two: House, editor: Browser) -> None:
    from app.library.visibility import Viewer

    with two.app.app_context():
        titles = two.app.extensions["index"].titles("practices", Viewer("e", "Eva", {"sodertalje": "member"}), 100)
    assert titles == [("dagens", "Dagens metod")]
