"""What a file says that cannot be: the page is shown, and those who can mend it are told."""

from __future__ import annotations

from typing import Any

import pytest
from click.testing import CliRunner

from app.cli import larnat
from app.config import Settings
from tests.cast import Browser
from tests.editing.writing import errors_on, fill_in, open_form
from tests.house import House
from tests.seeing import see

CYCLE = ("cycles", "mote/01-remiss", {"started": "2026-10-05", "ended": "2026-09-25"}, "Slutade genomföras")
PROJECT = ("projects", "mote", {"starts": "2026-10", "ends": "2025"}, "Pågår till")
NETWORK = ("networks", "knut", {"starts": "2026", "ends": "1 mars 2025"}, "Pågår till")
ALL = pytest.mark.parametrize(
    ("kind", "slug", "dates", "field"), [CYCLE, PROJECT, NETWORK], ids=["cycle", "project", "network"]
)


def write(house: House, kind: str, slug: str, dates: dict[str, Any]) -> str:
    """Write it, and what it lies in. Returns where it is shown."""
    if kind == "cycles":
        house.write("projects", "mote", title="Snabbare möte")
    house.write(kind, slug, title="Bakvänt", **dates)
    house.look()
    return f"/{house.app.extensions['library'].kinds[kind].url}/{slug}"


@ALL
def test_a_file_whose_end_lies_before_its_start_is_read_and_told_of(
    house: House, settings: Settings, editor: Browser, kind: str, slug: str, dates: dict[str, Any], field: str
) -> None:
    address = write(house, kind, slug, dates)
    assert editor.get(address).status_code == 200
    told = see(editor.get("/problem"))
    assert f"Bakvänt {field}: " in told.words
    assert told.links["Ändra Bakvänt"] == f"{address}/andra"
    checked = CliRunner().invoke(larnat, ["check"], obj=settings)
    assert checked.exit_code == 1
    assert f"{field} (" in checked.output
    assert "Ändra ett av datumen" in checked.output


@ALL
def test_days_that_can_be_are_not_told_of(
    house: House, settings: Settings, editor: Browser, kind: str, slug: str, dates: dict[str, Any], field: str
) -> None:
    first, last = dates
    for end in ("2026-10", "efter 2024", "framgår inte"):
        write(house, kind, slug, {first: "2026-10-05", last: end})
        assert field not in see(editor.get("/problem")).words
    assert "Ändra ett av datumen" not in CliRunner().invoke(larnat, ["check"], obj=settings).output


def test_only_those_who_can_mend_it_are_told(house: House, outsider: Browser) -> None:
    write(house, "projects", "mote", {"starts": "2026", "ends": "2025", "publication": "draft"})
    assert "Bakvänt" not in see(outsider.get("/problem")).words


def test_the_form_of_a_project_asks_for_days_that_can_be(house: House, editor: Browser) -> None:
    address = write(house, "projects", "mote", {})
    answer = fill_in(editor, open_form(editor, f"{address}/andra?steg=5"), starts="2026-10-05", ends="2026-09-01")
    assert answer.status_code == 422
    assert errors_on(answer) == ["Det kan inte sluta innan det börjar. Ändra ett av datumen."]
    assert fill_in(editor, answer, ends="2026-12-01").status_code == 303


def test_who_changes_something_else_is_not_stopped(house: House, editor: Browser) -> None:
    address = write(house, "projects", "mote", {"starts": "2026", "ends": "2025"})
    assert fill_in(editor, open_form(editor, f"{address}/andra"), summary="Kort.").status_code == 303
