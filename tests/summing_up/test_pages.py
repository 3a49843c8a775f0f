"""The page of a whole project, and its JSON: what is on them, for whom, and what never is."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

from tests.cast import Browser
from tests.house import House
from tests.seeing import see
from tests.summing_up.projects import FOLDER, GUESS, JSON, PAGE, PROJECT, SECRET, TABLE, write


def told(somebody: Browser) -> dict[str, Any]:
    """The JSON as somebody gets it."""
    answer = somebody.get(JSON)
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    found: dict[str, Any] = json.loads(answer.data)
    return found


# ---- The page ----


def test_a_project_stands_on_one_page_that_its_own_page_leads_to(house: House, anyone: Browser) -> None:
    write(house)
    assert see(anyone.get(PROJECT)).links["Skriv ut eller spara som PDF"] == PAGE
    page = see(anyone.get(PAGE))
    for words in (
        "Mål: Möte i tid: från 44 till 80 procent.",
        "Problemet Det tar tid.",
        "Socialsekreterare 3 personer",
        "1 december 2025 0,5 – vi har en idé En idé.",
        "1 december 2025 Planeras Vi började.",
        "I tid resultatmått, högre är bättre",
        "Cykel 1 Ett team ↻ Anpassa",
        "Vi trodde Vi tror att sex av tio kommer. I tid: minst 60",
        "Förutsägelsen: stämde delvis",
        "Tolv av tjugo.",
        "Vi lärde oss Det gick.",
        "Beslut ↻ Anpassa 21 januari 2026 Det räckte inte.",
        "Lärdomar som bygger på arbetet Kort är bra",
    ):
        assert words in page.words, words
    assert [level for level, _ in page.headings][:2] == [1, 2]
    assert "http://localhost/utvecklingsarbeten/mote Hämtad" in page.words
    assert [one for one, times in Counter(page.ids).items() if times > 1] == []


def test_a_project_that_has_hardly_begun_stands_on_a_page_as_well(house: House, anyone: Browser) -> None:
    house.write("projects", "mote", "", title="Nytt")
    house.look()
    words = see(anyone.get(PAGE)).words
    assert "Ingen cykel är publicerad än." in words
    assert "Inget är beslutat än, och ingen lärdom är skriven." in words


def test_a_decision_that_others_have_nothing_to_take_from_is_a_decision_all_the_same(
    house: House, anyone: Browser
) -> None:
    house.write("projects", "mote", "", title="Nytt")
    decided = {"status": "decided", "decision": "adapt", "decided": "2026-11-22", "decision_reason": "Det räckte inte."}
    house.write("cycles", "mote/01-kort", title="Kort remiss", **decided)
    house.look()
    words = see(anyone.get(PAGE)).words
    assert "Ingen lärdom är skriven än." in words
    assert "Inget är beslutat" not in words


def test_a_page_with_drafts_on_it_says_so_to_those_who_may_print_them(
    house: House, editor: Browser, anyone: Browser
) -> None:
    write(house)
    warning = "En del av det här är utkast."
    assert warning in see(editor.get(PAGE)).words
    assert SECRET in see(editor.get(PAGE)).words
    assert warning not in see(anyone.get(PAGE)).words


# ---- Who may have it ----


@pytest.mark.parametrize("address", [PAGE, JSON])
def test_what_one_may_not_see_is_answered_as_what_does_not_exist(
    house: House, editor: Browser, reader: Browser, anyone: Browser, address: str
) -> None:
    write(house, publication="draft")
    assert editor.get(address).status_code == 200
    for somebody in (reader, anyone):
        assert somebody.get(address).status_code == 404
    there, nowhere = (anyone.get(one).text for one in (address, address.replace("mote", "mata")))
    assert there.replace("mote", "mata") == nowhere


@pytest.mark.parametrize("slug", ["finns-inte", "..", "mote/01-kort", "%00", "A b", "x" * 300, "mote.json", "-"])
def test_bad_slugs_are_no_projects(house: House, anyone: Browser, slug: str) -> None:
    write(house)
    for address in (f"/utvecklingsarbeten/{slug}/sammanfattning", f"/utvecklingsarbeten/{slug}.json"):
        assert anyone.get(address).status_code == 404, address


def test_a_former_address_leads_to_the_project(house: House, anyone: Browser) -> None:
    write(house, former_slugs=["forr"])
    for ending in ("/sammanfattning", ".json"):
        answer = anyone.get(f"/utvecklingsarbeten/forr{ending}")
        assert (answer.status_code, answer.location) == (301, PROJECT)


def test_what_the_viewer_may_not_see_is_named_nowhere(house: House, reader: Browser, anyone: Browser) -> None:
    write(house)
    for somebody in (reader, anyone):
        for address in (PAGE, JSON):
            text = somebody.get(address).text
            assert SECRET not in text
            assert "02-hemlig" not in text
        assert "kvast" not in somebody.get(JSON).text
        assert told(somebody)["project"]["practices"] == ["remiss"]
        assert "Se … och [[arbetssatt/remiss|remissen]]." in told(somebody)["project"]["text"][0]["markdown"]


def test_those_who_may_see_it_get_it(house: House, editor: Browser) -> None:
    write(house)
    found = told(editor)
    assert [one["title"] for one in found["cycles"]] == ["Kort remiss", SECRET]
    assert found["ramps"] == [["mote/01-kort", "mote/02-hemlig"]]
    assert found["measures"][0]["values"][3]["cycle"] == "mote/02-hemlig"


# ---- The JSON ----


def test_the_json_has_everything_of_the_project_in_the_first_format(house: House, anyone: Browser) -> None:
    write(house)
    found = told(anyone)
    project, measure, cycle = found["project"], found["measures"][0], found["cycles"][0]
    assert (found["format"], found["program"]) == (1, "larnat")
    assert project["url"] == "http://localhost/utvecklingsarbeten/mote"
    assert project["aim_sentence"] == "Möte i tid: från 44 till 80 procent"
    assert project["status_history"] == [{"date": "2025-12-01", "status": "planning", "note": "Vi började."}]
    assert project["progress_history"] == [{"date": "2025-12-01", "progress": "0.5", "note": "En idé."}]
    assert project["sources"][0]["title"] == "En text"
    idea = project["driver_diagram"]["nodes"][3]
    assert (idea["text"], idea["became"], idea["cycles"]) == ("Boka direkt", "adapt", ["mote/01-kort"])
    (snapshot,) = project["driver_snapshots"]
    assert (snapshot["date"], snapshot["nodes"][1]["text"]) == ("2025-12-01", "Rätt papper")
    assert "”Rätt papper” blev ”Rätt underlag”" in " ".join(snapshot["changed_since"])
    assert measure["definition"]["name"] == "I tid"
    assert measure["chart"]["sentence"]
    assert {"centre", "lower", "upper", "signals"} <= set(measure["chart"]["points"][0])
    assert cycle["decision_reason"] == "Det räckte inte."
    assert cycle["text"][1] == {"heading": "Vad vi såg", "markdown": "Tolv av tjugo."}
    assert cycle["fidelity"]["most"] == 10
    assert sum(one["points"] for one in cycle["fidelity"]["rules"]) == cycle["fidelity"]["points"]
    assert all(one["why"] for one in cycle["fidelity"]["rules"])
    assert [one["title"] for one in found["learnings"]] == ["Kort är bra"]


def test_nothing_is_scored_that_a_source_tells(house: House, anyone: Browser) -> None:
    write(house)
    assert told(anyone)["cycles"][0]["fidelity"]
    path = house.home / f"{FOLDER}/01-kort.md"
    text = path.read_text(encoding="utf-8").replace("title: Kort", "sources:\n- title: Nyhet\ntitle: Kort", 1)
    path.write_text(text, encoding="utf-8")
    house.look()
    assert told(anyone)["cycles"][0]["fidelity"] is None


@pytest.mark.parametrize("who", ["editor", "admin", "anyone"])
def test_small_groups_are_in_the_json_for_nobody(house: House, request: pytest.FixtureRequest, who: str) -> None:
    write(house)
    values = told(request.getfixturevalue(who))["measures"][0]["values"]
    assert [(one["date"], one["numerator"], one["denominator"], one["suppressed"]) for one in values] == [
        ("2026-01-05", "10", "20", False),
        ("2026-01-12", None, None, True),
        ("2026-01-19", "12", "20", False),
        ("2026-01-26", "14", "20", False),
    ]
    assert "Helg." not in str(values), "what is written beside a small group may tell who is in it"
    assert values[2]["cycle"] == "mote/01-kort"


def test_numbers_are_told_to_the_last_decimal(house: House, anyone: Browser) -> None:
    write(house, measures=[{"name": "I tid", "slug": "i-tid"}])
    exact = ["0,1", "1234567890123,123456", "-3", "", "1,2340"]
    rows = "\n".join(f"2026-02-{day:02};{value};;" for day, value in enumerate(exact, 1))
    (house.home / TABLE).write_text(f"date;value;note;cycle\n{rows}\n", encoding="utf-8")
    house.look()
    values = [one["value"] for one in told(anyone)["measures"][0]["values"]]
    assert values == ["0.1", "1234567890123.123456", "-3", None, "1.2340"]


def test_a_table_with_a_personal_number_in_it_is_told_of_without_what_is_in_it(house: House, anyone: Browser) -> None:
    write(house)
    (house.home / TABLE).write_text("date;value;note;cycle\n2026-02-01;5;811228-9874;\n", encoding="utf-8")
    house.look()
    measure = told(anyone)["measures"][0]
    assert (measure["held_back"], measure["values"], measure["chart"]) == (True, [], None)


def test_the_locked_prediction_is_told_whatever_the_file_says(house: House, anyone: Browser) -> None:
    write(house)
    before = told(anyone)["cycles"][0]["prediction"]
    assert before["said"]["text"] == GUESS["text"]
    assert (before["locked"], before["file_differs"]) == (True, False)
    path = house.home / f"{FOLDER}/01-kort.md"
    text = path.read_text(encoding="utf-8").replace("sex av tio", "nio av tio").replace("'60'", "'90'")
    path.write_text(text, encoding="utf-8")
    house.look()
    after = told(anyone)["cycles"][0]["prediction"]
    assert (after["said"], after["file_differs"]) == (before["said"], True)
    assert "sex av tio" in see(anyone.get(PAGE)).words
    for address in (PAGE, JSON):
        assert "nio av tio" not in anyone.get(address).text


def test_nobody_is_named_in_what_is_given_away(house: House, editor: Browser) -> None:
    """Who is named on a page stands there alone (decision 23), and who has written is not told."""
    write(house)
    told_of = {"part": "contact", "name": "Nora Namngiven", "title": "Teamledare"}
    assert editor.post(f"{PROJECT}/deltagare", data={"_do": "add", **told_of}).status_code == 303
    assert "Nora Namngiven" in editor.get(PROJECT).text
    for address in (PAGE, JSON):
        text = editor.get(address).text
        assert "Nora Namngiven" not in text
        assert "Eva Editor" not in text.replace("Logga ut Eva Editor", "")
