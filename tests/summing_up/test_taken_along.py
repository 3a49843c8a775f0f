"""``larnat export`` takes along all that a project is made of; and no table names a cycle that is hidden."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from app.cli import larnat
from tests.cast import Browser
from tests.house import House
from tests.summing_up.projects import FOLDER, GUESS, PROJECT, SECRET, write

CHART = f"{PROJECT}/matt/i-tid/diagram.csv"


def exported(house: House, file: Path, *words: str) -> dict[str, dict[str, Any]]:
    """The documents of an export, by their slugs."""
    chosen = ["export", str(file), "--format", "json", *words]
    done = CliRunner().invoke(larnat, chosen, obj=house.app.extensions["settings"])
    assert done.exit_code == 0, done.output
    return {one["slug"]: one for one in json.loads(file.read_bytes())["documents"]}


def test_an_export_has_all_that_a_project_is_made_of(house: House, tmp_path: Path) -> None:
    write(house)
    path = house.home / f"{FOLDER}/01-kort.md"
    path.write_text(path.read_text(encoding="utf-8").replace("sex av tio", "nio av tio"), encoding="utf-8")
    house.look()
    found = exported(house, tmp_path / "allt.json")
    project, cycle = found["mote"]["front_matter"], found["mote/01-kort"]["front_matter"]
    for name in (
        "aim",
        "team",
        "drivers",
        "driver_snapshots",
        "status_history",
        "progress_history",
        "measures",
        "sources",
    ):
        assert project[name], name
    assert project["driver_snapshots"][0]["drivers"][0]["text"] == "Rätt papper"
    assert "2026-01-12;1;3;Helg.;" in found["mote"]["measures"]["i-tid.csv"], "everything is for who runs the site"
    assert cycle["prediction"]["text"] == GUESS["text"], "what was locked, whatever the file says"
    assert cycle["locked"]["mark"]
    assert (cycle["decision"], cycle["decision_reason"]) == ("adapt", "Det räckte inte.")
    assert "Det gick." in found["mote/01-kort"]["body"]


def test_what_everybody_may_have_names_no_hidden_cycle_and_no_small_group(house: House, tmp_path: Path) -> None:
    write(house)
    found = exported(house, tmp_path / "offentligt.json", "--as-public")
    table = found["mote"]["measures"]["i-tid.csv"]
    assert "2026-01-12;;;;" in table
    assert "2026-01-19;12;20;;01-kort" in table
    assert "2026-01-26;14;20;;\r\n" in table
    assert SECRET not in json.dumps(found, ensure_ascii=False)
    assert "02-hemlig" not in json.dumps(found)


@pytest.mark.parametrize(("who", "named"), [("editor", True), ("reader", False), ("anyone", False)])
def test_the_table_of_a_chart_names_only_cycles_that_may_be_seen(
    house: House, request: pytest.FixtureRequest, who: str, named: bool
) -> None:
    write(house)
    somebody: Browser = request.getfixturevalue(who)
    text = somebody.get(CHART).text
    assert "01-kort" in text
    assert ("02-hemlig" in text) is named
