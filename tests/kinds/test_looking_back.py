"""Looking back on a cycle: what the project's values say of its prediction, and the ten points on its page."""

from __future__ import annotations

import pytest

from tests.cast import Browser
from tests.editing.writing import fields_of, open_form
from tests.house import House
from tests.seeing import see

PAGE = "/cykler/mote/01-boka"
MEASURE = {"name": "Första möte i tid", "slug": "i-tid", "unit": "procent"}
TABLE = "date;value;note;cycle\n2026-09-28;40;;\n2026-10-05;62;;\n2026-10-12;70;;\n2026-10-19;69;;\n"
TEXTS = "".join(
    f"## {title}\n\nText.\n\n"
    for title in ("Förändringen", "Dataplan", "Vad vi gjorde", "Vad vi såg", "Vad vi lärde oss", "Nästa steg")
)


@pytest.fixture
def cycle(house: House) -> dict[str, object]:
    house.write("projects", "mote", title="Snabbare möte", measures=[MEASURE])
    tables = house.home / "improvement_cycles/mote/measures"
    tables.mkdir()
    (tables / "i-tid.csv").write_text(TABLE, encoding="utf-8")
    return {
        "title": "Boka",
        "status": "studying",
        "scale": "one_person",
        "started": "2026-10-05",
        "ended": "2026-10-23",
        "prediction": {
            "text": "Vi tror att fler kommer i tid.",
            "measure": "första möte i tid",
            "direction": "at_least",
            "value": "60",
            "by": "2026-10-23",
        },
    }


def write(house: House, cycle: dict[str, object], body: str = "Text.\n", **more: object) -> None:
    house.write("cycles", "mote/01-boka", body, **{**cycle, **more})
    house.look()


def test_the_values_say_how_the_prediction_held_and_the_form_is_prefilled_with_it(
    house: House, cycle: dict[str, object], editor: Browser
) -> None:
    write(house, cycle)
    page = see(editor.get(PAGE))
    assert "Värdena säger Stämde. Ni trodde minst 60. Medianen för de 3 värdena" in page.words
    study = page.links["Fortsätt till Studera"]
    form = fields_of(open_form(editor, study), "skriv")
    assert form["outcome"] == "confirmed"
    saved = editor.post(PAGE + "/andra", data={**form.to_dict(), "_do": "save"})
    assert saved.status_code == 303
    assert "Förutsägelsen Stämde" in see(editor.get(PAGE)).words


def test_a_form_is_not_prefilled_where_somebody_has_answered_or_what_is_locked(
    house: House, cycle: dict[str, object], editor: Browser
) -> None:
    write(house, cycle, outcome="refuted")
    assert "outcome" not in see(editor.get(PAGE)).links["Fortsätt till Studera"]
    form = fields_of(open_form(editor, f"{PAGE}/andra?steg=3&outcome=confirmed"), "skriv")
    assert form["outcome"] == "refuted"
    asked = open_form(editor, f"{PAGE}/andra?steg=1&prediction-text=Annat&additions-0-text=Fel&question=Hur?")
    fields = fields_of(asked, "skriv")
    assert fields["question"] == "Hur?"
    assert "Annat" not in asked.text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"value": ""}, "Förutsägelsen har inget tal att jämföra med."),
        ({"direction": ""}, "minst, högst eller ungefär"),
        ({"by": "2026-10-01"}, "Det finns inga värden"),
    ],
)
def test_what_cannot_be_judged_says_why_and_suggests_nothing(
    house: House, cycle: dict[str, object], editor: Browser, change: dict[str, str], said: str
) -> None:
    prediction = {name: text for name, text in {**cycle["prediction"], **change}.items() if text}  # type: ignore[dict-item]
    write(house, cycle, prediction=prediction)
    page = see(editor.get(PAGE))
    assert said in page.words
    assert "outcome" not in page.links["Fortsätt till Studera"]


def test_a_prediction_of_something_that_nobody_measures_says_nothing_of_values(
    house: House, cycle: dict[str, object], anyone: Browser
) -> None:
    write(house, cycle, prediction={"text": "Vi tror det.", "measure": "Nöjdhet", "value": "4"})
    assert "Värdena säger" not in see(anyone.get(PAGE)).words


def test_the_page_tells_the_points_with_their_reasons_where_the_team_tells_of_it(
    house: House, cycle: dict[str, object], anyone: Browser
) -> None:
    write(house, cycle)
    words = see(anyone.get(PAGE)).words
    assert "Så följer cykeln metoden hittills: 2 av 10" in words
    assert "jämförs inte med andras" in words
    assert "Dataplan och data: 0 av 1 Skriv en dataplan" in words
    assert "Mätning över tid: 1 av 1 Det finns värden från 3 dagar" in words
    house.write("cycles", "mote/02-plan", title="Plan", prediction={"text": "Vi tror det."})
    write(house, cycle, sources=[{"title": "En nyhet"}])
    assert "Så följer cykeln metoden" not in see(anyone.get(PAGE)).words, "a source says what it says"
    assert "Så följer cykeln metoden" not in see(anyone.get("/cykler/mote/02-plan")).words


def test_an_abandoned_cycle_with_learning_has_ten_points(
    house: House, cycle: dict[str, object], anyone: Browser
) -> None:
    more = {
        "status": "decided",
        "decided": "2026-10-26",
        "outcome": "refuted",
        "decision": "abandon",
        "decision_reason": "Det blev inte bättre.",
        "locked": {"since": "2026-10-02"},
    }
    write(house, cycle, TEXTS, **more)
    assert "Så följer cykeln metoden: 10 av 10" in see(anyone.get(PAGE)).words


def test_cycles_that_build_on_each_other_are_one_ramp(house: House, cycle: dict[str, object], anyone: Browser) -> None:
    write(house, cycle)
    assert "Fler cykler i rad: 0 av 1" in see(anyone.get(PAGE)).words
    house.write("cycles", "mote/02-fler", title="Fler", scale="one_case", follows="mote/01-boka")
    house.look()
    words = see(anyone.get(PAGE)).words
    assert "Fler cykler i rad: 1 av 1 Cykeln hör ihop med 1 till." in words
    assert "Från litet till stort: 0 av 1" in words
