"""Taking over the definition of a measure from another project of the network."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.test import TestResponse

from app.kinds.projects import Project
from app.library.front_matter import read
from tests.cast import Browser
from tests.house import House
from tests.kinds.test_shared_measures import network, project

PAGE = "/utvecklingsarbeten/egen"
TAKE = f"{PAGE}/ta-over-matt"
FULL = {
    "type": "process",
    "definition": "Möten i tid.",
    "numerator": "I tid",
    "denominator": "Alla",
    "better": "down",
    "how_often": "Varje vecka",
    "smallest": 7,
    "baseline": "40",
    "target": "80",
    "freeze": 8,
    "freeze_note": "Före.",
    "phases": [{"begins": "2026-06-01", "note": "Ny."}],
    "excluded": [{"day": "2026-05-01", "note": "Semester."}],
    "source": "Systemet",
    "collected_by": "En handläggare",
    "slug": "i-tid",
}


def own(house: House, **more: Any) -> None:
    """The editor's own project in the network, and another's with a measure."""
    house.write("projects", "egen", title="Vårt arbete", owner="sodertalje", **{"networks": ["nat"], **more})
    project(house, "andra", "lysekil", measure=FULL)
    network(house)


def take(somebody: Browser, value: str = "andra/i-tid", **more: str) -> TestResponse:
    return somebody.post(TAKE, data={"measure": value, **more})


def said(house: House) -> Project:
    path = "improvement_cycles/egen/project.md"
    return Project.model_validate(read(path, (house.home / path).read_text(encoding="utf-8")).values)


def test_what_is_counted_and_how_is_taken_over_and_the_rest_is_ones_own(house: House, editor: Browser) -> None:
    own(house)
    assert '<option value="andra/i-tid">I tid (procent), Lysekil</option>' in editor.get(PAGE).text
    assert take(editor).status_code == 303
    assert "Sparat: Tog över måttet ”I tid” från Lysekil." in editor.get(PAGE).text
    taken = said(house).measures[0].model_dump(mode="json", exclude_defaults=True)
    assert taken == {
        "name": "I tid",
        "unit": "procent",
        "chart": "p",
        **{name: FULL[name] for name in ("type", "definition", "numerator", "denominator", "better", "how_often")},
        "smallest": 7,
    }
    assert "andra/i-tid" not in editor.get(PAGE).text, "it is offered no longer"
    assert "Tog över måttet ”I tid” från Lysekil" in editor.get(f"{PAGE}/historik").text
    assert "Definitionerna skiljer sig" not in editor.get("/natverk/nat/matt/i-tid-procent-p-processmatt").text


def test_two_definitions_of_the_same_measure_are_both_offered_with_their_places(house: House, editor: Browser) -> None:
    project(house, "b", "habo", measure={"definition": "Annat."})
    project(house, "c", "solna")
    project(house, "d", "lysekil")
    house.write("projects", "egen", title="Vårt arbete", owner="sodertalje", networks=["nat"])
    network(house)
    text = editor.get(PAGE).text
    assert '<option value="b/i-tid">I tid (procent), Håbo</option>' in text
    assert '<option value="d/i-tid">I tid (procent), Lysekil, Solna</option>' in text


@pytest.mark.parametrize("value", ["", "andra/annat", "egen/i-tid", "../x"])
def test_what_is_not_offered_is_refused(house: House, editor: Browser, value: str) -> None:
    own(house)
    answer = take(editor, value)
    assert answer.status_code == 422
    assert "Välj vilket mått ni vill ta över." in answer.text
    assert not said(house).measures


def test_a_measure_that_is_there_already_is_refused(house: House, editor: Browser) -> None:
    own(house, measures=[{"name": "i tid", "unit": "Procent", "chart": "p", "type": "process"}])
    assert "andra/i-tid" not in editor.get(PAGE).text
    answer = take(editor)
    assert answer.status_code == 422
    assert "Ni har redan ett sådant mått." in answer.text


def test_a_double_click_takes_it_over_once(house: House, editor: Browser) -> None:
    own(house)
    for _ in range(2):
        assert take(editor, _token="0" * 32).status_code == 303
    assert len(said(house).measures) == 1


@pytest.mark.parametrize(
    "hidden", [{"publication": "draft"}, {"visibility": "organisation"}, {"networks": []}], ids=str
)
def test_only_what_one_may_see_in_ones_networks_is_offered(
    house: House, editor: Browser, hidden: dict[str, Any]
) -> None:
    own(house)
    project(house, "hemlig", "lysekil", measure={"name": "Hemligt mått"}, **hidden)
    house.look()
    assert "Hemligt" not in editor.get(PAGE).text
    assert take(editor, "hemlig/hemligt-matt").status_code == 422


def test_taking_over_asks_for_a_sign_in_and_refuses_others(house: House, anyone: Browser, reader: Browser) -> None:
    own(house)
    assert take(anyone).status_code == 401
    assert take(reader).status_code == 403
    assert "ta-over-matt" not in reader.get(PAGE).text
    assert not said(house).measures
