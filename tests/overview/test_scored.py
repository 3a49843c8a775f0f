"""The points in the overview are those of the cycle's page, also where a file says otherwise than what is locked."""

from __future__ import annotations

from typing import Any

from tests.cast import Browser
from tests.house import House
from tests.overview.test_works import PAGE, row_of
from tests.seeing import see

MEDIAN = "Median för hur cyklerna följer metoden, av 10"
BEGUN: dict[str, Any] = {"owner": "sundbyberg", "status": "doing", "started": "2026-03-02"}
BEFORE = {"since": "2026-03-01"}


def points_on(browser: Browser) -> str:
    words = see(browser.get("/cykler/mote/01-x")).words
    return words.partition("Så följer cykeln metoden")[2].split(":")[1].split()[0]


def write(house: House, **more: Any) -> None:
    house.write("cycles", "mote/01-x", **{**BEGUN, "locked": BEFORE, **more})
    house.look()


def test_a_prediction_changed_outside_gives_the_points_of_what_is_locked(house: House, coordinator: Browser) -> None:
    house.write("projects", "mote", title="Snabbare möte", owner="sundbyberg")
    write(house, prediction={"text": "Fler kommer i tid."})
    assert row_of(coordinator, "Snabbare möte")[MEDIAN] == points_on(coordinator) == "1"
    write(house, prediction={"text": "Fler kommer i tid.", "measure": "Möten", "value": "60"})
    assert row_of(coordinator, "Snabbare möte")[MEDIAN] == points_on(coordinator) == "1"


def test_a_day_of_the_lock_changed_outside_changes_no_points(house: House, coordinator: Browser) -> None:
    house.write("projects", "mote", title="Snabbare möte", owner="sundbyberg")
    write(house, prediction={"text": "Fler kommer i tid."}, locked={"since": "2026-03-09"})
    assert row_of(coordinator, "Snabbare möte")[MEDIAN] == points_on(coordinator) == "0"
    write(house, prediction={"text": "Fler kommer i tid."}, locked={"since": "2026-02-01"})
    assert row_of(coordinator, "Snabbare möte")[MEDIAN] == points_on(coordinator) == "0"


def test_a_cycle_that_has_not_begun_has_no_points(house: House, coordinator: Browser) -> None:
    house.write("projects", "mote", title="Snabbare möte", owner="sundbyberg")
    house.write("cycles", "mote/01-x", owner="sundbyberg", prediction={"text": "Fler kommer i tid."})
    house.look()
    assert row_of(coordinator, "Snabbare möte")["Cykler med poäng"] == "0"
    assert "Följer metoden: ingen bedömd" in see(coordinator.get(PAGE)).words
