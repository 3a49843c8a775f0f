"""Values that are filled in are not lost: by two people, by a form sent twice, or in a file that nobody can read."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest

from tests.cast import Browser
from tests.house import House
from tests.kinds.filling_in import FILE, PAGE, PROJECT, TWELVE, VALUES, fields_of, opened, send, stored, write
from tests.kinds.pressing import press
from tests.seeing import see

# ---- Two people ----


def test_two_who_add_different_rows_both_get_them(house: House, editor: Browser, colleague: Browser) -> None:
    write(house, "date;value\n2024-01-01;5\n")
    mine, theirs = opened(editor), opened(colleague)
    assert send(colleague, theirs, **{"on-1": "2024-02-01", "value-1": "6"}).status_code == 303
    assert send(editor, mine, **{"on-1": "2024-03-01", "value-1": "7"}).status_code == 303
    assert list(stored(house)) == ["2024-01-01", "2024-02-01", "2024-03-01"]


@pytest.mark.parametrize(("pick", "value"), [("mine", 7), ("theirs", 6)])
def test_the_same_day_with_different_values_is_asked_about(
    house: House, editor: Browser, colleague: Browser, pick: str, value: int
) -> None:
    write(house, "date;value\n2024-01-01;5\n")
    mine = opened(editor)
    send(colleague, **{"value-0": "6"})
    answer = send(editor, mine, **{"value-0": "7", "on-1": "2024-02-01", "value-1": "8"})
    assert answer.status_code == 409
    assert stored(house) == {"2024-01-01": (Decimal(6),)}
    form = fields_of(answer)
    again = send(editor, form)
    assert again.status_code == 409, "without a choice it is asked again"
    assert send(editor, form, **{"pick-0": pick}).status_code == 303
    assert stored(house) == {"2024-01-01": (Decimal(value),), "2024-02-01": (Decimal(8),)}


def test_what_is_pasted_over_another_value_is_asked_about_and_the_same_is_left_alone(
    house: House, editor: Browser
) -> None:
    write(house, "date;value;note\n2024-01-01;5;Min anteckning.\n2024-02-01;6;\n")
    answer = send(editor, pasted="2024-01-01\t5\n2024-02-01\t9\n2024-03-01\t7\n")
    assert answer.status_code == 409
    assert "Ett datum har två olika värden" in answer.text
    assert "Det nya: 9" in answer.text
    assert "Det som står där: 6" in answer.text
    assert send(editor, pasted="2024-01-01\t5\n2024-03-01\t7\n").status_code == 303
    assert "Min anteckning." in (house.home / FILE).read_text()
    assert len(stored(house)) == 3


def test_a_form_sent_twice_counts_once(house: House, editor: Browser) -> None:
    write(house)
    form = opened(editor)
    told = []
    for _ in range(2):
        assert send(editor, form, pasted=TWELVE).status_code == 303
        told.append(editor.get(f"{PROJECT}/historik").text.count(f"{PROJECT}/historik/"))
    assert told[0] == told[1]


# ---- What is not to be lost ----


def test_a_table_that_is_emptied_is_removed_only_on_request(house: House, editor: Browser) -> None:
    write(house, "date;value\n2024-01-01;5\n")
    blank = {**opened(editor), "on-0": "", "value-0": ""}
    answer = send(editor, blank)
    assert answer.status_code == 422
    assert "Vill du ha tillbaka dem, välj Kasta det halvskrivna" in answer.text
    assert stored(house)
    assert press(editor, answer, "Kasta det halvskrivna").location == PAGE
    assert opened(editor)["value-0"] == "5"
    assert send(editor, blank, _empty="ja").status_code == 303
    assert not (house.home / FILE).exists()


def test_a_post_without_the_table_changes_nothing_in_it(house: House, editor: Browser) -> None:
    write(house, "date;value\n2024-01-01;5\n")
    form = {name: value for name, value in opened(editor).items() if name[0] == "_" or name == "pairs"}
    assert send(editor, form, pasted="2024-02-01\t6").status_code == 303
    assert len(stored(house)) == 2


def test_what_somebody_wrote_in_the_file_and_nobody_can_read_is_shown_to_be_mended(
    house: House, editor: Browser, anyone: Browser
) -> None:
    write(house, "date;value\n2024-01-01;5\n2024-02-01;sex\n")
    assert "En rad i filen med värden går inte att läsa och är inte med." in anyone.get(PAGE).text
    assert "2024-02-01;sex" in editor.get(VALUES).text
    assert "”sex” är inget tal" in editor.get(VALUES).text
    mended = "date;value\n2024-01-01;5\n2024-02-01;6\n"
    assert send(editor, pasted=mended).status_code == 303
    assert list(stored(house)) == ["2024-01-01", "2024-02-01"]


def test_a_file_with_a_personal_number_is_shown_to_nobody(house: House, editor: Browser, anyone: Browser) -> None:
    write(house, "date;value;note\n2024-01-01;5;ring 19121212-1212\n")
    for somebody, address in ((anyone, PAGE), (anyone, PROJECT), (editor, VALUES), (editor, f"{PAGE}/varden.csv")):
        shown = somebody.get(address).text
        assert [half for half in ("19121212", "1212-1212") if half in shown] == []
    assert send(editor, pasted="2024-02-01\t6").status_code == 422


def test_a_personal_number_is_not_saved(house: House, editor: Browser) -> None:
    write(house)
    answer = send(editor, **{"on-0": "2024-01-01", "value-0": "5", "note-0": "ring 19121212-1212"})
    assert answer.status_code == 422
    assert "Anteckningen för 2024-01-01 ser ut att innehålla ett personnummer. Ta bort det." in answer.text
    assert "i-tid.csv" not in see(answer).words, "nobody who types has a file"
    assert not (house.home / FILE).exists()
    file = io.BytesIO(b"date;value;note\n2024-01-01;5;ring 19121212-1212\n")
    answer = send(editor, _file=(file, "v.csv"))
    assert answer.status_code == 422
    assert "Ta bort det ur filen, och lägg till den på nytt." in answer.text
    assert not (house.home / FILE).exists()


def test_others_columns_than_the_tables_are_refused(house: House, editor: Browser) -> None:
    write(house, "date;numerator;denominator\n2024-01-01;5;9\n")
    answer = send(editor, pasted="datum\tvärde\n2024-02-01\t6\n")
    assert answer.status_code == 422
    assert "Måttet fylls i med täljare och nämnare" in answer.text
    assert "Ändra måttet, eller ta med både täljare och nämnare." in answer.text
    assert list(stored(house)) == ["2024-01-01"]


def test_a_new_table_is_of_the_columns_that_are_pasted(house: House, editor: Browser) -> None:
    write(house)
    assert send(editor, pasted="datum\ttäljare\tnämnare\n2024-02-01\t6\t9\n").status_code == 303
    assert stored(house) == {"2024-02-01": (Decimal(6), Decimal(9))}
