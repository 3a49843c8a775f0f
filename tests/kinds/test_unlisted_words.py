"""A word that a closed list has not: pages of cycles and projects show it, and it is told of where it is mended."""

from __future__ import annotations

import pickle
from typing import Any

import pytest
from click.testing import CliRunner

from app.cli import larnat
from app.config import Settings
from app.library.document import BrokenDocument
from app.library.fields import LONGEST_UNLISTED, values
from app.library.vocabulary import CycleStatus, Decision, Direction, Publication, Scale, Words
from tests.cast import Browser
from tests.editing.writing import fields_of, fill_in, get, open_form
from tests.house import House
from tests.seeing import see

CYCLE, PROJECT = "/cykler/mote/01-remiss", "/utvecklingsarbeten/mote"
WORD = "skumtomte"
GUESS = {"text": "Vi tror att det går.", "measure": "I tid", "value": "6"}
DRIVERS = [{"text": "Underlag", "secondary": [{"text": "Remissen", "ideas": [{"text": "Mall", "strength": WORD}]}]}]
# Every choice in a cycle and a project, and the word that it has not.
OF_CYCLES: tuple[dict[str, Any], ...] = (
    {"status": WORD},
    {"status": WORD, "started": "2026-10-05"},
    {"status": WORD, "ended": "2026-10-12"},
    {"status": WORD, "decided": "2026-10-19"},
    {"prediction": {**GUESS, "direction": WORD}, "status": "doing", "started": "2026-10-05"},
    {"scale": WORD, "status": "studying", "started": "2026-10-05"},
    {"as_planned": WORD},
    {"outcome": WORD, "status": "studying", "started": "2026-10-05"},
    {"decision": WORD, "status": "decided", "started": "2026-10-05", "decision_reason": "Så blev det."},
)
OF_PROJECTS: tuple[dict[str, Any], ...] = (
    {"status": WORD},
    {"status_history": [{"date": "2026-09-01", "status": WORD}]},
    {"progress": WORD},
    {"progress_history": [{"date": "2026-09-01", "progress": WORD}]},
    *({"measures": [{"name": "I tid", "slug": "i-tid", key: WORD}]} for key in ("type", "better", "chart")),
    {"drivers": DRIVERS},
)


def write(house: House, cycle: dict[str, Any] | None = None, project: dict[str, Any] | None = None) -> None:
    measures = [{"name": "I tid", "slug": "i-tid"}]
    house.write("projects", "mote", **{"title": "Snabbare möte", "measures": measures, **(project or {})})
    tables = house.home / "improvement_cycles/mote/measures"
    tables.mkdir(exist_ok=True)
    (tables / "i-tid.csv").write_text("date;value\n2026-10-06;4\n2026-10-07;7\n", encoding="utf-8")
    house.write("cycles", "mote/01-remiss", **{"title": "Remiss", "prediction": GUESS, **(cycle or {})})
    house.look()


def unlisted_in(house: House, kind: str, slug: str) -> list[str]:
    front = get(house.app, kind, slug).front_matter
    return [str(one.value) for one in values(front) if isinstance(one.value, Words) and not one.value.is_listed]


def checked(settings: Settings) -> str:
    answer = CliRunner().invoke(larnat, ["check"], obj=settings)
    assert (answer.exit_code == 1) == (WORD in answer.output), answer.output
    return answer.output


def test_a_cycle_with_an_unknown_word_is_shown_and_told_of(house: House, editor: Browser, settings: Settings) -> None:
    for said in OF_CYCLES:
        write(house, cycle=said)
        assert unlisted_in(house, "cycles", "mote/01-remiss") == [WORD], said
        for page in (CYCLE, PROJECT):
            assert editor.get(page).status_code == 200, (page, said)
    write(house, cycle={name: value for said in OF_CYCLES for name, value in said.items()})
    _is_told_of(editor, checked(settings), "Remiss", f"{CYCLE}/andra", 5)


def test_a_project_with_an_unknown_word_is_shown_and_told_of(house: House, editor: Browser, settings: Settings) -> None:
    for said in OF_PROJECTS:
        write(house, project=said)
        assert unlisted_in(house, "projects", "mote") == [WORD], said
        for page in (PROJECT, f"{PROJECT}/matt/i-tid", CYCLE):
            assert editor.get(page).status_code == 200, (page, said)
    write(house, project={name: value for said in OF_PROJECTS for name, value in said.items()})
    _is_told_of(editor, checked(settings), "Snabbare möte", f"{PROJECT}/andra", 6)


def _is_told_of(editor: Browser, checked: str, title: str, mended: str, times: int) -> None:
    told = see(editor.get("/problem"))
    assert told.words.count(f": ”{WORD}”") == times
    assert told.links[f"Ändra {title}"] == mended
    assert checked.count(f"kan inte vara ”{WORD}”. Skriv ett av: ") == times
    for page in ("/cykler", "/utvecklingsarbeten", "/laget?visa=pagar", "/"):
        assert editor.get(page).status_code == 200, page


def test_only_those_who_can_mend_it_are_told_of_it(house: House, outsider: Browser, anyone: Browser) -> None:
    write(house, cycle={"scale": WORD, "publication": "draft"})
    told = see(outsider.get("/problem")).words
    assert WORD not in told
    assert "Remiss" not in told
    assert anyone.get("/problem").status_code == 401


def test_a_form_keeps_the_word_until_another_is_chosen(house: House, editor: Browser) -> None:
    write(house, cycle={"scale": WORD, "prediction": {**GUESS, "direction": WORD}})
    form = open_form(editor, f"{CYCLE}/andra")
    assert f"{WORD} (finns inte i listan)" in form.text
    assert fields_of(form, "skriv")["scale"] == WORD
    assert fill_in(editor, form, do="save", question="Hinner vi?", prediction__value="7").status_code == 303
    cycle: Any = get(house.app, "cycles", "mote/01-remiss").front_matter
    assert (cycle.question, cycle.scale, cycle.prediction.direction) == ("Hinner vi?", WORD, WORD)
    chosen = fill_in(editor, open_form(editor, f"{CYCLE}/andra"), do="save", scale="one_team", prediction__direction="")
    assert chosen.status_code == 303
    assert unlisted_in(house, "cycles", "mote/01-remiss") == []
    assert WORD not in see(editor.get("/problem")).words


def test_no_form_brings_in_a_word_that_is_not_in_the_list(house: House, editor: Browser) -> None:
    write(house)
    form = open_form(editor, f"{CYCLE}/andra")
    answer = fill_in(editor, form, do="save", scale="påhittat", question="Hinner vi?")
    assert answer.status_code == 422
    assert "”påhittat” finns inte i listan." in see(answer).words
    assert fields_of(answer, "skriv")["question"] == "Hinner vi?"
    assert unlisted_in(house, "cycles", "mote/01-remiss") == []


def test_an_unknown_status_locks_nothing_by_itself(house: House) -> None:
    write(house, cycle={"status": WORD})
    assert not get(house.app, "cycles", "mote/01-remiss").front_matter.under_way
    write(house, cycle={"status": WORD, "started": "2026-10-05"})
    assert get(house.app, "cycles", "mote/01-remiss").front_matter.under_way


def test_an_unknown_direction_is_part_of_what_is_locked(house: House, editor: Browser) -> None:
    write(house, cycle={"prediction": {**GUESS, "direction": WORD}, "status": "doing", "started": "2026-10-05"})
    file = house.home / "improvement_cycles/mote/01-remiss.md"
    file.write_text(file.read_text(encoding="utf-8").replace(f"direction: {WORD}", "direction: at_least"))
    house.look()
    words = see(editor.get(CYCLE)).words
    assert "Förutsägelsen i filen är inte den som låstes" in words
    assert WORD in words


def test_what_decides_who_may_read_is_never_read_leniently(house: House, anyone: Browser) -> None:
    for key in ("publication", "visibility"):
        write(house, cycle={key: WORD})
        with pytest.raises(BrokenDocument):
            get(house.app, "cycles", "mote/01-remiss")
        assert anyone.get(CYCLE).status_code in (404, 503)


@pytest.mark.parametrize("said", ["", "   ", ["one_team"], {"a": 1}, "x" * (LONGEST_UNLISTED + 1)])
def test_what_is_no_word_is_a_fault_still(house: House, said: Any) -> None:
    write(house, cycle={"scale": said})
    with pytest.raises(BrokenDocument):
        get(house.app, "cycles", "mote/01-remiss")


def test_an_unlisted_word_is_none_of_the_members_and_travels() -> None:
    word = Scale.unlisted("ett kvarter")
    assert (str(word), word.swedish, word.is_listed) == ("ett kvarter", "ett kvarter", False)
    assert word not in list(Scale)
    assert "ett kvarter" not in Scale._value2member_map_
    for one in (word, Scale.ONE_TEAM, Publication.DRAFT):
        again = pickle.loads(pickle.dumps(one))
        assert (type(again), again, again.is_listed) == (type(one), one, one.is_listed)
    assert pickle.loads(pickle.dumps(Scale.ONE_TEAM)) is Scale.ONE_TEAM
    assert [one.is_listed for one in (CycleStatus.DOING, Decision.ADAPT, Direction.ABOUT)] == [True] * 3
