"""Learnings: what they rest on, shown from both sides, and asked for before others may read them."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from app.library.document import BrokenDocument
from tests.cast import Browser
from tests.editing.writing import errors_on, fields_of, fill_in, get, made, open_form
from tests.house import House
from tests.seeing import see

PAGE = "/lardomar/kvallstider"
BODY = """## Vad det handlar om

Många kom inte.

## Vad vi provade

Öppet på kvällen.

## Vad som hände

Ingen kom.

## Råd till andra

Fråga först.
"""


def write(house: House, **more: Any) -> None:
    house.write("practices", "boka", title="Boka direkt")
    house.write("studyvisits", "besok", title="Besök i Solna")
    house.write("projects", "mote", title="Snabbare möte")
    house.write("cycles", "mote/01-kvall", title="Öppet på kvällen", status="decided")
    house.write(
        "learnings",
        "kvallstider",
        BODY,
        **{
            "title": "Kvällstider var inte svaret",
            "worked": "did_not_work",
            "date": "2026-10-26",
            "organisations": ["solna"],
            "cycles": ["mote/01-kvall"],
            "studyvisits": ["besok"],
            "practices": ["boka"],
            **more,
        },
    )
    house.look()


def test_a_learning_tells_what_was_tried_what_happened_and_what_it_rests_on(house: House, anyone: Browser) -> None:
    write(house)
    page = see(anyone.get(PAGE))
    assert page.headings[0] == (1, "Kvällstider var inte svaret")
    assert "Vad vi provade Öppet på kvällen. Vad som hände ✕ Fungerade inte Ingen kom." in page.words
    assert "Råd till andra Fråga först." in page.words
    assert "Inget skrivet än om: för vem det gäller, det vi inte vet." in page.words
    assert page.links["Öppet på kvällen"] == "/cykler/mote/01-kvall"
    assert page.links["Besök i Solna"] == "/studiebesok/besok"
    assert page.links["Boka direkt"] == "/arbetssatt/boka"
    assert page.links["Solna"] == "/organisationer/solna"
    assert "Hänger ihop med" not in page.words, "what it rests on is not listed once more"


@pytest.mark.parametrize("rests_on", ["/arbetssatt/boka", "/studiebesok/besok", "/cykler/mote/01-kvall"])
def test_what_a_learning_rests_on_leads_to_it(house: House, anyone: Browser, rests_on: str) -> None:
    write(house)
    page = see(anyone.get(rests_on))
    assert (3, "Lärdomar") in page.headings
    assert "Kvällstider var inte svaret ✕ Fungerade inte" in page.words
    assert page.leads_to(PAGE)


def test_an_organisation_leads_to_what_it_has_learnt(house: House, anyone: Browser) -> None:
    write(house)
    for slug in ("solna", "sodertalje"):
        organisation = see(anyone.get(f"/organisationer/{slug}"))
        assert (2, "Lärdomar") in organisation.headings
        assert organisation.leads_to(PAGE)


def test_failures_can_be_chosen_in_the_list_and_are_found_by_search(house: House, anyone: Browser) -> None:
    write(house)
    house.write("learnings", "annat", title="Det gick bra", worked="worked", date="2026-11-01")
    house.look()
    listed = see(anyone.get("/lardomar"))
    assert listed.links["Fungerade inte 1"] == "/lardomar?utfall=did_not_work"
    assert listed.words.index("Det gick bra") < listed.words.index("Kvällstider var"), "the newest first"
    assert "Det gick bra" not in see(anyone.get("/lardomar?utfall=did_not_work")).links
    for words in ("kvällstid", "fungerade inte", "lärdom kväll", "öppen kväll"):
        assert see(anyone.get(f"/sok?q={words}")).leads_to(PAGE), words


def test_a_card_says_its_date_alone(house: House, anyone: Browser) -> None:
    write(house)
    assert "Södertälje kommun 26 oktober 2026" in see(anyone.get("/lardomar")).words


def test_a_learning_does_not_tell_of_a_page_that_the_reader_may_not_see(house: House, anyone: Browser) -> None:
    write(house)
    house.write("practices", "boka", title="Hemlig rubrik", publication="draft")
    house.look()
    assert "Hemlig rubrik" not in anyone.get(PAGE).text


# ---- Something to rest on before it is published ----


WANTED = "Välj minst en cykel, ett studiebesök eller ett arbetssätt"


@pytest.mark.parametrize("publication", ["published", "in_review"])
def test_a_file_that_others_may_read_and_that_rests_on_nothing_is_a_problem(house: House, publication: str) -> None:
    house.write("learnings", "tom", publication=publication, practices=[])
    library = house.app.extensions["library"]
    with pytest.raises(BrokenDocument) as broken:
        library.get("learnings", "tom")
    (problem,) = broken.value.problems
    assert WANTED in problem.message
    assert problem.message.startswith("PGSA-cykler (cycles): ")
    assert problem.field == ("cycles",)
    line = library.load("content/learnings/tom.md").decode().splitlines()[problem.line - 1]
    assert line == f"publication: {publication}", "without the field, the line that asks for it"


@pytest.mark.parametrize("publication", ["draft", "archived"])
def test_a_draft_and_what_is_archived_may_lack_it(house: House, publication: str) -> None:
    house.write("learnings", "tom", publication=publication, practices=[])
    assert get(house.app, "learnings", "tom").title == "Tom"


@pytest.mark.parametrize("cited", [{"cycles": ["a/01-b"]}, {"studyvisits": ["b"]}, {"practices": ["c"]}])
def test_one_page_to_rest_on_is_enough(house: House, cited: dict[str, Any]) -> None:
    house.write("learnings", "full", **{"practices": [], **cited})
    assert get(house.app, "learnings", "full").title == "Full"


def test_an_edit_from_outside_that_takes_it_away_is_a_problem_and_harms_no_other(
    app: Flask, house: House, anyone: Browser
) -> None:
    write(house)
    house.write("learnings", "annan", title="En annan")
    house.look()
    house.write("learnings", "kvallstider", practices=[])
    house.look()
    assert [WANTED in problem.message for problem in app.extensions["index"].problems()] == [True]
    assert see(anyone.get("/lardomar")).leads_to("/lardomar/annan")
    assert anyone.get(PAGE).status_code == 503


def test_the_form_says_at_the_field_what_is_missing_and_keeps_everything(
    app: Flask, house: House, editor: Browser
) -> None:
    house.write("practices", "boka", title="Boka direkt")
    house.look()
    page = open_form(editor, "/lardomar/nytt")
    wrong = fill_in(editor, page, "publish sure", title="Inte på kvällen", worked="did_not_work")
    assert wrong.status_code == 422
    assert errors_on(wrong) == [
        f"PGSA-cykler: en lärdom som andra ska läsa behöver något att vila på. {WANTED}, eller låt den vara ett utkast."
    ]
    assert "Steg 3 av 6" in wrong.text
    assert 'href="#f-cycles"' in wrong.text
    saved = fill_in(editor, wrong, "publish sure", practices="boka")
    assert saved.status_code == 303
    (path,) = (file.path for file in app.extensions["library"].files() if "/inte-pa-kvallen-" in file.path)
    front: Any = app.extensions["library"].read(path).front_matter
    assert (str(front.publication), str(front.worked), front.practices) == ("published", "did_not_work", ["boka"])


def test_a_draft_is_saved_without_it_and_says_what_it_needs(app: Flask, house: House, editor: Browser) -> None:
    house.look()
    page = open_form(editor, "/lardomar/nytt")
    saved = fill_in(editor, page, title="Halvfärdig")
    assert saved.status_code == 303
    shown = see(editor.get(saved.location))
    assert "Inget är valt än." in shown.words
    assert shown.links["Välj vad den vilar på"] == f"{saved.location}/andra?steg=3"
    again = open_form(editor, f"{saved.location}/andra")
    assert fill_in(editor, again, "publish sure").status_code == 422
    assert str(get(app, "learnings", made(saved)).front_matter.publication) == "draft"


def test_the_last_page_it_rests_on_cannot_be_taken_from_a_published_one(
    app: Flask, house: House, editor: Browser
) -> None:
    write(house, cycles=[], studyvisits=[])
    page = open_form(editor, f"{PAGE}/andra?steg=3")
    assert fill_in(editor, page, practices="").status_code == 422
    assert get(app, "learnings", "kvallstider").front_matter.practices == ["boka"]  # type: ignore[attr-defined]


def test_one_may_only_write_learnings_for_ones_own(house: House, anyone: Browser, outsider: Browser) -> None:
    write(house)
    assert anyone.get(f"{PAGE}/andra").status_code == 401
    assert outsider.get(f"{PAGE}/andra").status_code == 403


# ---- Picking ----


def many(house: House) -> None:
    """So many cycles that they are not all shown as boxes to tick, in two projects that use the same words."""
    for project, title in (("mote", "Snabbare möte"), ("tolk", "Tolk direkt")):
        house.write("projects", project, title=title)
        for number in range(1, 6):
            house.write("cycles", f"{project}/{number:02}-prov", title=f"Prov {number}")
    house.look()


def test_a_cycle_is_picked_by_its_title_and_its_projects(app: Flask, house: House, editor: Browser) -> None:
    many(house)
    page = open_form(editor, "/lardomar/nytt?steg=3")
    assert '<option value="Prov 2 – Tolk direkt"></option>' in page.text
    added = fill_in(editor, page, "add cycles", title="Vald")
    saved = fill_in(editor, added, "publish sure", title="Vald", cycles__0="Prov 2 – Tolk direkt")
    assert saved.status_code == 303, saved.text
    assert get(app, "learnings", made(saved)).front_matter.cycles == ["tolk/02-prov"]  # type: ignore[attr-defined]
    shown = open_form(editor, f"{saved.location}/andra?steg=3")
    assert fields_of(shown)["cycles-0"] == "Prov 2 – Tolk direkt"


@pytest.mark.parametrize("typed", ["prov 2 – tolk direkt", "tolk/02-prov", "Prov 2 (tolk/02-prov)"])
def test_a_cycle_may_be_typed_in_other_ways(app: Flask, house: House, editor: Browser, typed: str) -> None:
    many(house)
    added = fill_in(editor, open_form(editor, "/lardomar/nytt?steg=3"), "add cycles", title="Vald")
    saved = fill_in(editor, added, "publish sure", title="Vald", cycles__0=typed)
    assert get(app, "learnings", made(saved)).front_matter.cycles == ["tolk/02-prov"]  # type: ignore[attr-defined]


def test_a_title_that_two_cycles_have_is_asked_about(house: House, editor: Browser) -> None:
    many(house)
    added = fill_in(editor, open_form(editor, "/lardomar/nytt?steg=3"), "add cycles", title="Vald")
    wrong = fill_in(editor, added, "publish sure", title="Vald", cycles__0="Prov 2")
    assert wrong.status_code == 422
    assert "Prov 2 – Snabbare möte" in errors_on(wrong)[0]
    assert "Prov 2 – Tolk direkt" in errors_on(wrong)[0]


def test_two_pages_of_the_same_name_are_told_apart_by_their_addresses(
    app: Flask, house: House, editor: Browser
) -> None:
    for number in range(9):
        house.write("practices", f"sida-{number}", title="Samma namn" if number < 2 else f"Sida {number}")
    house.look()
    added = fill_in(editor, open_form(editor, "/lardomar/nytt?steg=3"), "add practices", title="Vald")
    assert '<option value="Samma namn (sida-1)"></option>' in added.text
    assert '<option value="Sida 2"></option>' in added.text
    saved = fill_in(editor, added, "publish sure", title="Vald", practices__0="Samma namn (sida-1)")
    assert get(app, "learnings", made(saved)).front_matter.practices == ["sida-1"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("page", "field", "slug"),
    [("/arbetssatt/boka", "practices", "boka"), ("/studiebesok/besok", "studyvisits", "besok")],
)
def test_a_page_offers_to_write_what_was_learnt_of_it(
    house: House, editor: Browser, anyone: Browser, page: str, field: str, slug: str
) -> None:
    write(house)
    assert "Skriv en lärdom" not in see(anyone.get(page)).links
    form = open_form(editor, see(editor.get(page)).links["Skriv en lärdom"] + "&steg=3")
    assert fields_of(form).getlist(field) == ["", slug]


def test_a_cycle_that_has_been_tried_offers_to_write_what_was_learnt(house: House, editor: Browser) -> None:
    write(house)
    house.write("cycles", "mote/02-ny", status="planned")
    house.look()
    assert "Skriv en lärdom" not in see(editor.get("/cykler/mote/02-ny")).links
    form = open_form(editor, see(editor.get("/cykler/mote/01-kvall")).links["Skriv en lärdom"] + "&steg=3")
    assert fields_of(form).getlist("cycles") == ["", "mote/01-kvall"]
