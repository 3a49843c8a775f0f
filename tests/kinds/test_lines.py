"""A baseline that is locked and phases that begin, decided beside the chart: each with a reason."""

from __future__ import annotations

import pytest
from werkzeug.test import TestResponse

from tests.cast import Browser
from tests.house import House
from tests.kinds.filling_in import PAGE, PROJECT, TWELVE, write

LINES = f"{PAGE}/linjer"
VALUES = "date;value\n" + TWELVE.replace("\t", ";")


def press(somebody: Browser, button: str, **fields: str) -> TestResponse:
    return somebody.post(LINES, data={"_do": button, **fields})


def said(house: House) -> str:
    return (house.home / "improvement_cycles/mote/project.md").read_text(encoding="utf-8")


def test_lines_are_locked_with_a_reason_and_unlocked_again(house: House, editor: Browser, anyone: Browser) -> None:
    write(house, VALUES)
    assert press(editor, "freeze", freeze="8", freeze_note="Innan vi prövade något.").status_code == 303
    assert "Linjerna bygger på de första 8 mätpunkterna (Innan vi prövade något.)." in anyone.get(PAGE).text
    assert "Låste linjerna för ”I tid”" in editor.get(f"{PROJECT}/historik").text
    assert press(editor, "thaw").status_code == 303
    assert "freeze" not in said(house)


def test_a_new_phase_has_a_reason_and_lines_of_its_own(house: House, editor: Browser, anyone: Browser) -> None:
    write(house, VALUES)
    assert press(editor, "begin", begins="1 juni 2026", note="Ny rutin.").status_code == 303
    assert "ny fas, Ny rutin." in anyone.get(PAGE).text
    assert "2026-06-01: Ny rutin." in editor.get(PAGE).text
    assert press(editor, "end 2026-06-01").status_code == 303
    assert "phases" not in said(house)


@pytest.mark.parametrize(
    ("button", "fields", "reason"),
    [
        ("freeze", {"freeze": "8"}, "Skriv varför."),
        ("freeze", {"freeze": "1", "freeze_note": "x"}, "minst 2"),
        ("freeze", {"freeze": "13", "freeze_note": "x"}, "högst så många som finns (12)"),
        ("freeze", {"freeze": "åtta", "freeze_note": "x"}, "minst 2"),
        ("begin", {"begins": "2026-06-01"}, "Skriv varför."),
        ("begin", {"begins": "snart", "note": "Ny rutin."}, "är inget datum"),
        ("begin", {"note": "Ny rutin."}, "Datum saknas"),
        ("begin", {"begins": "2026-03-01", "note": "Igen."}, "redan en fas"),
        ("", {}, "en av knapparna"),
    ],
)
def test_what_cannot_be_decided_is_explained_and_nothing_typed_is_lost(
    house: House, editor: Browser, button: str, fields: dict[str, str], reason: str
) -> None:
    write(house, VALUES, phases=[{"begins": "2026-03-01", "note": "Förr."}])
    before = said(house)
    answer = press(editor, button, **fields)
    assert answer.status_code == 422
    assert reason in answer.text
    assert all(f'value="{value}"' in answer.text for value in fields.values())
    assert said(house) == before


def test_deciding_about_lines_asks_for_a_sign_in_and_refuses_others(
    house: House, anyone: Browser, reader: Browser
) -> None:
    write(house, VALUES)
    assert press(anyone, "freeze", freeze="8", freeze_note="x").status_code == 401
    assert press(reader, "freeze", freeze="8", freeze_note="x").status_code == 403
    assert "Lås linjerna" not in reader.get(PAGE).text
    assert "freeze" not in said(house)
