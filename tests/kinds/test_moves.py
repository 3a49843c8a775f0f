"""Statuses and progress as events: pure functions first, then the box "Läget" on the pages."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask

from app.editing import events
from app.kinds import cycles, projects
from app.kinds.cycles import Cycle
from app.kinds.projects import Project
from app.library.document import Document
from app.library.vocabulary import CycleStatus, Decision, Progress, ProjectStatus
from app.publishing import Refused
from tests.cast import Browser
from tests.house import House
from tests.kinds.pressing import buttons_on, followed, press, sent, told
from tests.seeing import see

TODAY = date(2026, 11, 21)
ID = "063ce221-da95-42b6-a174-cd5386a98bf7"
PROJECT, CYCLE, VISIT = "/utvecklingsarbeten/snabbare", "/cykler/snabbare/01-boka", "/studiebesok/kom-och-se"


def cycle(**more: Any) -> Cycle:
    return Cycle.model_validate({"id": ID, "title": "Boka", "owner": "sodertalje", **more})


def project(**more: Any) -> Project:
    return Project.model_validate({"id": ID, "title": "Snabbare", "owner": "sodertalje", **more})


def get(app: Flask, kind: str, slug: str) -> Document:
    document: Document = app.extensions["library"].get(kind, slug)
    return document


# ---- Cycles ----


@pytest.mark.parametrize(
    ("to", "field"),
    [(CycleStatus.DOING, "started"), (CycleStatus.STUDYING, "ended"), (CycleStatus.DECIDED, "decided")],
)
def test_a_cycle_gets_the_date_of_its_phase_unless_it_has_one(to: CycleStatus, field: str) -> None:
    ready = cycle(
        status="doing", started="2026-11-01", prediction={"text": "Fler."}, decision="adopt", decision_reason="J"
    )
    ready.started = None
    values = cycles.moved(ready, to, "", TODAY)
    assert {name: str(value) for name, value in values.items()} == {"status": to.value, field: "21 november 2026"}
    dated = ready.model_copy(update={field: cycle(started="mars 2019").started})
    assert cycles.moved(dated, to, "", TODAY) == {"status": to}


def test_nothing_is_tried_before_it_is_written_what_the_team_believes() -> None:
    for to in (CycleStatus.DOING, CycleStatus.STUDYING):
        with pytest.raises(events.Unfinished, match="vad ni tror ska hända"):
            cycles.moved(cycle(), to, "", TODAY)
    with pytest.raises(events.Unfinished):
        cycles.moved(cycle(status="paused"), CycleStatus.DOING, "", TODAY)
    assert cycles.moved(cycle(), CycleStatus.PAUSED, "", TODAY) == {"status": CycleStatus.PAUSED}


def test_a_cycle_from_a_source_that_tells_no_prediction_can_be_studied_again() -> None:
    decided = cycle(status="decided", ended="2013")
    assert cycles.moved(decided, CycleStatus.STUDYING, "", TODAY) == {"status": CycleStatus.STUDYING}


def test_a_cycle_is_not_decided_without_a_decision() -> None:
    with pytest.raises(events.Unfinished, match="behålla, anpassa, utöka eller avsluta"):
        cycles.moved(cycle(status="studying"), CycleStatus.DECIDED, "", TODAY)


def test_what_comes_next_is_a_status_or_what_has_to_be_written_before_it() -> None:
    assert [
        (found.to.value, found.field) if (found := cycles.onward(one)) else None
        for one in (
            cycle(),
            cycle(prediction={"text": "Fler."}),
            cycle(status="doing"),
            cycle(status="studying"),
            cycle(status="studying", decision=Decision.ADAPT),
            cycle(status="studying", decision=Decision.ADAPT, decision_reason="Det gick."),
            cycle(status="paused", started="2026"),
            cycle(status="paused"),
            cycle(status="decided"),
        )
    ] == [
        ("doing", "prediction-text"),
        ("doing", ""),
        ("studying", ""),
        ("decided", "decision"),
        ("decided", "decision_reason"),
        ("decided", ""),
        ("doing", ""),
        ("planned", ""),
        None,
    ]


# ---- Projects ----


def test_a_project_remembers_its_statuses_with_date_and_reason() -> None:
    values = projects.moved(project(), ProjectStatus.TESTING, "Första provet.", TODAY)
    change = values["status_history"][-1]
    assert (values["status"], str(change.date), change.status, change.note) == (
        ProjectStatus.TESTING,
        "21 november 2026",
        ProjectStatus.TESTING,
        "Första provet.",
    )


def test_progress_is_dated_and_moves_only_from_where_it_was_seen() -> None:
    before = project(progress="1.0", progress_history=[{"date": "2026-11-09", "progress": "1.0"}])
    values = projects.advanced(before, Progress.P10, Progress.P15, "", TODAY)
    assert [change.progress.value for change in values["progress_history"]] == ["1.0", "1.5"]
    with pytest.raises(Refused, match="sedan du öppnade sidan"):
        projects.advanced(before, None, Progress.P15, "", TODAY)
    with pytest.raises(Refused, match="redan"):
        projects.advanced(before, Progress.P10, Progress.P10, "", TODAY)


# ---- On the pages ----


@pytest.fixture(autouse=True)
def written(house: House) -> None:
    house.write("studyvisits", "kom-och-se", status="proposed")
    house.write("projects", "snabbare", status="planning", progress="1.0")
    house.write("cycles", "snabbare/01-boka", status="planned")
    house.look()


PAGES = [
    ("studyvisits", "kom-och-se", VISIT, "Öppna för anmälan", "open"),
    ("projects", "snabbare", PROJECT, "Börja prova", "testing"),
]


@pytest.mark.parametrize(("kind", "slug", "page", "button", "status"), PAGES)
def test_the_natural_next_status_is_one_click(
    app: Flask, editor: Browser, kind: str, slug: str, page: str, button: str, status: str
) -> None:
    before = get(app, kind, slug).status
    answer = followed(editor, press(editor, page, button))
    now = get(app, kind, slug)
    assert now.status == status
    words = f"Läget gick från ”{before.swedish}” till ”{now.status.swedish}”"
    assert f"Sparat: {words}." in see(answer).words
    assert told(app, now) == [(words, "sodertalje")]
    assert words in see(editor.get(f"{page}/historik")).words


@pytest.mark.parametrize(("kind", "slug", "page", "button", "status"), PAGES)
def test_moving_a_status_asks_for_a_sign_in_and_refuses_others(
    app: Flask,
    editor: Browser,
    outsider: Browser,
    anyone: Browser,
    kind: str,
    slug: str,
    page: str,
    button: str,
    status: str,
) -> None:
    address, fields = sent(editor.get(page), button)
    assert not {button, "Ändra läget", "Spara framsteget"} & set(buttons_on(outsider.get(page)))
    assert outsider.post(address, data=fields).status_code == 403
    assert anyone.post(address, data=fields).status_code == 401
    assert get(app, kind, slug).status != status


def test_another_status_is_chosen_in_the_list_with_a_reason(app: Flask, editor: Browser) -> None:
    page = followed(editor, press(editor, PROJECT, "Ändra läget", other="stopped", note=" Ingen  tid. "))
    assert "Stoppat Ingen tid." in see(page).words
    document = get(app, "projects", "snabbare")
    assert told(app, document) == [("Läget gick från ”planeras” till ”stoppat”: Ingen tid", "sodertalje")]
    assert f"  - date: {events.today()}\n    status: stopped\n    note: Ingen tid.\n" in document.text


@pytest.mark.parametrize("other", ["", "xyzzy"])
def test_a_list_in_which_nothing_is_chosen_says_so(app: Flask, editor: Browser, other: str) -> None:
    answer = press(editor, PROJECT, "Ändra läget", other=other, note="Därför.")
    assert answer.status_code == 422
    assert "Välj i listan först." in see(answer).words
    assert 'value="Därför."' in answer.text
    assert get(app, "projects", "snabbare").status == "planning"


def test_two_who_press_the_same_button_move_a_status_once(app: Flask, editor: Browser, colleague: Browser) -> None:
    mine, theirs = editor.get(PROJECT), colleague.get(PROJECT)
    press(colleague, theirs, "Börja prova")
    answer = press(editor, mine, "Börja prova")
    assert answer.status_code == 422
    assert "Läget har ändrats till ”provar” sedan du öppnade sidan." in see(answer).words
    assert len(told(app, get(app, "projects", "snabbare"))) == 1


def test_a_double_click_moves_a_status_once(app: Flask, editor: Browser) -> None:
    page = editor.get(PROJECT)
    answers = [press(editor, page, "Börja prova").status_code for _ in range(2)]
    assert answers == [303, 303]
    assert len(told(app, get(app, "projects", "snabbare"))) == 1


def test_a_button_pressed_again_much_later_does_not_pretend_to_have_done_it(
    app: Flask, editor: Browser, colleague: Browser
) -> None:
    page = editor.get(PROJECT)
    press(editor, page, "Börja prova")
    press(colleague, PROJECT, "Ändra läget", other="stopped")
    answer = followed(editor, press(editor, page, "Börja prova"))
    assert "Det var redan sparat" in see(answer).words
    assert "Sidan har ändrats sedan dess" in see(answer).words
    assert get(app, "projects", "snabbare").status == "stopped"


def test_progress_is_moved_with_a_word_on_what_shows_it(app: Flask, editor: Browser) -> None:
    page = followed(editor, press(editor, PROJECT, "Spara framsteget", progress="1.5", note="Planen är klar"))
    assert "1,5 – vi planerar första provet Planen är klar" in see(page).words
    document = get(app, "projects", "snabbare")
    assert told(app, document) == [("Framsteg 1,5 – vi planerar första provet: Planen är klar", "sodertalje")]
    assert press(editor, PROJECT, "Spara framsteget").status_code == 422


def test_moving_progress_asks_for_a_sign_in_and_refuses_others(
    app: Flask, editor: Browser, outsider: Browser, anyone: Browser
) -> None:
    address, fields = sent(editor.get(PROJECT), "Spara framsteget", progress="5.0")
    assert outsider.post(address, data=fields).status_code == 403
    assert anyone.post(address, data=fields).status_code == 401
    assert "5.0" not in get(app, "projects", "snabbare").text


def test_a_cycle_without_a_prediction_leads_to_where_it_is_written(app: Flask, editor: Browser) -> None:
    where = f"{CYCLE}/andra?steg=1#f-prediction-text"
    page = editor.get(CYCLE)
    assert see(page).links["Skriv vad ni tror ska hända"] == where
    answer = press(editor, page, "Ändra läget", other="doing")
    assert answer.status_code == 422
    assert "Innan ni börjar genomföra behöver ni skriva vad ni tror ska hända." in see(answer).words
    assert answer.text.count(f'href="{where}"') == 2
    assert 'id="f-prediction-text"' in editor.get(where).text
    assert get(app, "cycles", "snabbare/01-boka").status == "planned"


def test_a_cycle_goes_through_its_phases_and_is_decided_by_a_decision(
    house: House, app: Flask, editor: Browser, outsider: Browser, anyone: Browser
) -> None:
    house.write("cycles", "snabbare/01-boka", status="planned", prediction={"text": "Fler kommer."})
    house.look()
    address, fields = sent(editor.get(CYCLE), "Börja genomföra")
    assert outsider.post(address, data=fields).status_code == 403
    assert anyone.post(address, data=fields).status_code == 401
    followed(editor, press(editor, CYCLE, "Börja genomföra"))
    page = followed(editor, press(editor, CYCLE, "Börja studera"))
    assert see(page).links["Bestäm i Agera"] == f"{CYCLE}/andra?steg=4#f-decision"
    assert 'id="f-decision"' in editor.get(f"{CYCLE}/andra?steg=4").text
    answer = press(editor, CYCLE, "Ändra läget", other="decided")
    assert "Cykeln är beslutad när ni har valt" in see(answer).words
    today = events.today()
    text = get(app, "cycles", "snabbare/01-boka").text
    assert "status: studying\n" in text
    assert f"started: {today}\n" in text
    assert f"ended: {today}\n" in text
