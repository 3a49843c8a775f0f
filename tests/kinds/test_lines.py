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
    file = house.home / "improvement_cycles/mote/measures/i-tid.csv"
    file.write_text("\n".join(VALUES.splitlines()[:5]), encoding="utf-8")
    house.look()
    assert (
        "låsta vid de första 8 mätpunkterna (Innan vi prövade något.), men det finns bara 4." in anyone.get(PAGE).text
    )
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
        ("begin", {"begins": "snart", "note": "Ny rutin."}, "”snart” är inget datum. Skriv"),
        ("begin", {"note": "Ny rutin."}, "Datum saknas"),
        ("begin", {"begins": " ", "note": "Ny rutin."}, "Datum saknas"),
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


# ---- A point that does not count ----


def exclude(somebody: Browser, day: str = "2026-05-01", why: str = "Systemet låg nere.") -> TestResponse:
    return press(somebody, "exclude", excluded=day, excluded_note=why)


def test_a_point_is_excluded_with_a_reason_and_counted_again(house: House, editor: Browser, anyone: Browser) -> None:
    write(house, VALUES)
    assert '<option value="2026-05-01">2026-05-01: 32\xa0dagar</option>' in editor.get(PAGE).text
    assert exclude(editor).status_code == 303
    for address in (PAGE, PROJECT, f"{PAGE}/diagram.svg", f"{PAGE}/diagram.csv"):
        assert "Systemet låg nere" in anyone.get(address).text, address
    assert 'class="excluded"' in anyone.get(PAGE).text
    assert "Mätpunkter bredvid linjen: 7." in anyone.get(PAGE).text
    assert '<option value="2026-05-01">' not in editor.get(PAGE).text
    assert "Undantog 2026-05-01 för ”I tid”: Systemet låg nere" in editor.get(f"{PROJECT}/historik").text
    assert "2026-05-01" in (house.home / "improvement_cycles/mote/measures/i-tid.csv").read_text(), "its value stays"
    assert press(editor, "include 2026-05-01").status_code == 303
    assert "excluded" not in said(house)
    assert "Systemet låg nere" not in anyone.get(PAGE).text
    assert "Räknar 2026-05-01 igen för ”I tid”" in editor.get(f"{PROJECT}/historik").text


@pytest.mark.parametrize(
    ("button", "fields", "reason"),
    [
        ("exclude", {"excluded": "2026-05-01"}, "Skriv varför."),
        ("exclude", {"excluded": "2026-05-01", "excluded_note": "   "}, "Skriv varför."),
        ("exclude", {"excluded_note": "Systemet låg nere."}, "Välj vilken mätpunkt"),
        ("exclude", {"excluded": "2020-05-01", "excluded_note": "x"}, "finns inte längre"),
        ("exclude", {"excluded": "2026-03-01", "excluded_note": "x"}, "redan undantagen"),
        ("exclude", {"excluded": "2026-05-01", "excluded_note": "ring 19121212-1212"}, "personnummer"),
        ("include 2026-05-01", {}, "räknas redan"),
        ("include igår", {}, "räknas redan"),
    ],
)
def test_what_cannot_be_excluded_is_explained_and_nothing_typed_is_lost(
    house: House, editor: Browser, button: str, fields: dict[str, str], reason: str
) -> None:
    write(house, VALUES, excluded=[{"day": "2026-03-01", "note": "Semester."}])
    before = said(house)
    answer = press(editor, button, **fields)
    assert answer.status_code == 422
    assert reason in answer.text
    if (note := fields.get("excluded_note", "").strip()) and "19121212" not in note:
        assert f'value="{note}"' in answer.text
    if fields.get("excluded") == "2026-05-01":
        assert '<option value="2026-05-01" selected>' in answer.text
    assert said(house) == before


def test_a_small_group_is_not_offered_to_be_excluded(house: House, editor: Browser) -> None:
    rows = "".join(f"2026-{month:02}-01;{6 + month % 2};{20 + month};\n" for month in range(1, 12))
    write(house, f"date;numerator;denominator;note\n{rows}2026-12-01;3;4;Två av tre kom inte\n", chart="p")
    assert '<option value="2026-11-01">' in editor.get(PAGE).text
    assert '<option value="2026-12-01">' not in editor.get(PAGE).text
    assert exclude(editor, "2026-12-01").status_code == 422


def test_of_a_value_that_is_taken_away_the_exclusion_is_told(house: House, editor: Browser, anyone: Browser) -> None:
    write(house, VALUES, excluded=[{"day": "2025-03-01", "note": "Semester."}])
    assert "2025-03-01: Semester. (inget värde visas den dagen)" in editor.get(PAGE).text
    assert "Semester" not in anyone.get(PAGE).text


def test_excluding_asks_for_a_sign_in_and_refuses_others(house: House, anyone: Browser, reader: Browser) -> None:
    write(house, VALUES)
    assert exclude(anyone).status_code == 401
    assert exclude(reader).status_code == 403
    assert "Undanta" not in reader.get(PAGE).text
    assert "excluded" not in said(house)
