"""Filling in a measure's values with whatever people have them in."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import pytest

from app.kinds.projects import table
from app.measuring.points import Point
from tests.cast import Browser
from tests.house import House
from tests.kinds.filling_in import FILE, PAGE, PROJECT, TWELVE, VALUES, fields_of, opened, send, stored, write


def test_twelve_points_are_pasted_from_a_spreadsheet(house: House, editor: Browser) -> None:
    write(house)
    answer = send(editor, pasted=TWELVE)
    assert (answer.status_code, answer.location) == (303, PAGE)
    assert len(stored(house)) == 12
    assert "Sparat: Mätvärden för ”I tid”, 12 nya datum." in editor.get(PAGE).text
    assert "slug: i-tid" in (house.home / "improvement_cycles/mote/project.md").read_text()
    assert "Mätvärden för ”I tid”, 12 nya datum" in editor.get(f"{PROJECT}/historik").text


def test_columns_may_be_called_as_the_measure_calls_them(house: House, editor: Browser) -> None:
    write(house, chart="p", numerator="Möten i tid", denominator="Alla möten")
    rows = "\n".join(f"2026-0{month}-01\t10\t{month}" for month in range(1, 4))
    answer = send(editor, pasted=f"Månad\tAlla möten\tmöten i tid\n{rows}")
    assert answer.status_code == 303, answer.text
    assert stored(house)["2026-02-01"] == (2, 10)


def test_each_box_is_called_as_the_measure_calls_it(house: House, editor: Browser) -> None:
    write(house, chart="p", numerator="Möten i tid", denominator="Alla möten")
    page = editor.get(VALUES).text
    assert 'for="above-0">Möten i tid<span class="vh">, rad 1</span>' in page
    assert 'for="below-0">Alla möten<span class="vh">, rad 1</span>' in page


def test_unknown_headings_are_refused_with_what_to_do(house: House, editor: Browser) -> None:
    write(house, chart="p", numerator="Möten i tid", denominator="Alla möten")
    answer = send(editor, pasted="Vecka\tBra\tAntal\n2026-01-01\t1\t10")
    assert answer.status_code == 422
    assert "Ta bort raden med rubriker" in answer.text
    assert "Bra\tAntal" in answer.text


def test_rows_are_typed_with_swedish_days_and_numbers(house: House, editor: Browser) -> None:
    write(house)
    typed = {"on-0": "5 mars 2024", "value-0": "1 234,5", "on-1": "2024-V20", "value-1": "", "on-2": "12/4 2024"}
    assert send(editor, **typed, **{"value-2": "7", "note-2": "Semester."}).status_code == 303
    assert stored(house) == {"2024-03-05": (Decimal("1234.5"),), "2024-04-12": (Decimal(7),), "2024-05-13": (None,)}
    assert [row["value-1"] for row in [opened(editor)]] == ["7"]
    assert opened(editor)["note-1"] == "Semester."


@pytest.mark.parametrize("name", ["v.csv", "v.xlsx"])
def test_a_file_is_sent(house: House, editor: Browser, name: str) -> None:
    write(house)
    assert send(editor, _file=(io.BytesIO(_file_of(name)), name)).status_code == 303
    assert stored(house) == {"2024-01-01": (Decimal("1.5"),), "2024-02-01": (Decimal(2000),)}


def _file_of(name: str) -> bytes:
    if name.endswith(".csv"):
        return "Datum;Värde\r\n2024-01-01;1,5\r\n2024-02-01;2 000\r\n".encode("cp1252")
    import openpyxl

    book = openpyxl.Workbook()
    for row in (("Datum", "Värde"), (date(2024, 1, 1), 1.5), (date(2024, 2, 1), 2000)):
        book.active.append(row)
    into = io.BytesIO()
    book.save(into)
    return into.getvalue()


def test_a_number_that_may_be_two_is_asked_about_and_the_answer_holds(house: House, editor: Browser) -> None:
    write(house)
    answer = send(editor, pasted="datum\tvärde\n2024-01-01\t1,234\n")
    assert answer.status_code == 422
    assert "kan betyda 1,234 (decimaler) eller 1 234 (tusental)" in answer.text
    assert 'name="mark"' in answer.text
    assert not (house.home / FILE).exists()
    for mark, number in (("comma", "1.234"), ("point", "1234")):
        send(editor, pasted="datum\tvärde\n2024-01-01\t1,234\n", mark=mark)
        assert stored(house) == {"2024-01-01": (Decimal(number),)}
        (house.home / FILE).unlink()
        house.look()


def test_bad_rows_are_explained_with_their_lines_and_the_good_ones_kept_on_request(
    house: House, editor: Browser
) -> None:
    write(house)
    pasted = "datum\tvärde\n2024-01-01\t1\n2024-13-01\t2\n2024-03-01\ttolv\n"
    answer = send(editor, pasted=pasted)
    assert answer.status_code == 422
    assert "Rad 3, datum: ”2024-13-01”" in answer.text
    assert "Rad 4, värde: ”tolv” är inget tal" in answer.text
    assert "2024-03-01\ttolv" in answer.text, "nothing that was pasted is lost"
    assert not (house.home / FILE).exists()
    assert send(editor, pasted=pasted, _do="keep").status_code == 303
    assert stored(house) == {"2024-01-01": (Decimal(1),)}
    page = editor.get(PAGE).text
    assert "Av det du lade till är 1 rad sparade. 2 rader gick inte att läsa och är inte med." in page


@pytest.mark.parametrize("pasted", [True, False], ids=["pasted", "typed"])
def test_two_values_of_a_day_are_saved_only_when_somebody_says_that_both_hold(
    house: House, editor: Browser, pasted: bool
) -> None:
    write(house, "date;value\n2024-01-01;5\n2024-02-01;1\n2024-02-01;2\n")
    added = {"on-3": "2024-03-01", "value-3": "36", "on-4": "2024-03-01", "value-4": "39"}
    form = {**opened(editor), **({"pasted": "2024-03-01\t36\n2024-03-01\t39\n"} if pasted else added)}
    for said in ("", "2024-01-01 2024-02-01"):
        answer = send(editor, form, _several=said)
        assert answer.status_code == 422
        assert "2024-03-01 har flera olika värden: 36 och 39." in answer.text
        assert "2024-02-01 har flera" not in answer.text, "that stood so in the table"
        assert "2024-03-01\t39" in answer.text or not pasted
        assert len(table.read((house.home / FILE).read_bytes()).points) == 3
    assert send(editor, form, _several="2024-03-01").status_code == 303
    points = table.read((house.home / FILE).read_bytes()).points
    assert [point.value for point in points] == [5, 1, 2, 36, 39]
    assert send(editor, opened(editor) | {"value-0": "6"}).status_code == 303, "it is not asked about again"


def test_a_sent_file_with_two_values_of_a_day_comes_back_as_text(house: House, editor: Browser) -> None:
    write(house)
    content = b"date;value\n2024-03-01;36\n2024-03-01;39\n"
    answer = send(editor, _file=(io.BytesIO(content), "v.csv"))
    assert answer.status_code == 422
    again = fields_of(answer)
    assert again["pasted"].split() == content.decode().split()
    assert send(editor, again, _several="2024-03-01").status_code == 303
    assert len(table.read((house.home / FILE).read_bytes()).points) == 2


def test_a_bad_row_of_the_table_is_told_at_the_row_and_everything_stays(house: House, editor: Browser) -> None:
    write(house, "date;value\n2024-01-01;5\n")
    answer = send(editor, **{"on-1": "i går", "value-1": "3", "pasted": "2024-02-01\t8\n"})
    assert answer.status_code == 422
    assert "i går" in answer.text
    assert 'aria-describedby="fel-1"' in answer.text
    assert "2024-02-01\t8" in answer.text
    assert stored(house) == {"2024-01-01": (Decimal(5),)}


def test_a_sent_file_with_bad_rows_comes_back_as_text_to_mend(house: House, editor: Browser) -> None:
    write(house)
    content = b"datum;v\xe4rde\r\n2024-01-01;x\r\n2024-02-01;8\r\n"
    answer = send(editor, _file=(io.BytesIO(content), "v.csv"))
    assert answer.status_code == 422
    assert "2024-01-01;x" in answer.text
    assert send(editor, pasted="datum;värde\n2024-01-01;9\n2024-02-01;8\n").status_code == 303
    assert stored(house) == {"2024-01-01": (Decimal(9),), "2024-02-01": (Decimal(8),)}


def test_more_rows_without_a_script(house: House, editor: Browser) -> None:
    write(house)
    answer = send(editor, _do="more", **{"on-0": "2024-01-01", "value-0": "x"})
    assert answer.status_code == 200
    assert 'value="x"' in answer.text
    assert 'name="on-9"' in answer.text
    assert not (house.home / FILE).exists()


def test_points_are_tied_to_a_cycle(house: House, editor: Browser) -> None:
    house.write("cycles", "mote/01-kort", title="Kort remiss", status="doing", started="2024-01-01")
    write(house)
    assert "Kort remiss" in editor.get(VALUES).text
    send(editor, **{"on-0": "2024-01-01", "value-0": "4", "cycle-0": "01-kort"})
    assert (house.home / FILE).read_text("utf-8-sig") == "date;value;note;cycle\n2024-01-01;4;;01-kort\n"


def test_filling_in_asks_for_a_sign_in_and_refuses_others(house: House, anyone: Browser, reader: Browser) -> None:
    write(house)
    assert anyone.get(VALUES).status_code == 401
    assert send(anyone, {}, pasted="2024-01-01\t5").status_code == 401
    assert reader.get(VALUES).status_code == 403
    assert send(reader, {}, pasted="2024-01-01\t5").status_code == 403
    assert not (house.home / FILE).exists()


def test_points_read_as_they_were_typed() -> None:
    assert table.read(b"date;value\n2024-01-01;5\n").points == (Point(date(2024, 1, 1), Decimal(5)),)
