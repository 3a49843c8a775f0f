"""Earlier versions of a measure's table: who may see them, what differs, and back to one of them."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from app.kinds.projects.table_changes import changes
from app.measuring.points import Point
from tests.cast import Browser
from tests.editing.writing import fill_in, open_form
from tests.house import House
from tests.kinds.filling_in import FILE, PAGE, PROJECT, VALUES, opened, send, stored, write
from tests.kinds.pressing import followed, press
from tests.seeing import see

HISTORY, COMPARE = f"{VALUES}/historik", f"{VALUES}/jamfor"
BACK = "Gå tillbaka till den här versionen"
FIRST = {"2026-01-01": (Decimal(1),), "2026-02-01": (Decimal(2),)}


def numbers(somebody: Browser) -> list[int]:
    """The versions that can be read, the newest first."""
    return [int(number) for number in re.findall(r'jamfor\?till=(\d+)"', somebody.get(HISTORY).text)]


@pytest.fixture
def filled(house: House, editor: Browser) -> House:
    """A table of two days, of which one was changed then and one taken away, and one was added."""
    write(house)
    send(editor, pasted="2026-01-01\t1\n2026-02-01\t2\n")
    send(editor, opened(editor) | {"value-0": "10", "on-1": "", "value-1": "", "on-2": "2026-03-01", "value-2": "3"})
    assert list(stored(house)) == ["2026-01-01", "2026-03-01"]
    editor.get(PAGE)  # where it is said that it is saved
    return house


def day(number: int, value: int) -> Point:
    return Point(date(2026, 1, number), Decimal(value))


def test_tables_differ_by_days() -> None:
    found = changes([day(3, 3), day(1, 1), day(2, 2)], [day(1, 1), day(3, 4), day(4, 4), day(4, 5)])
    assert [(one.on.day, one.sort) for one in found] == [(2, "borttagen"), (3, "ändrad"), (4, "ny")]
    assert [len(one.after) for one in found] == [0, 1, 2]
    assert changes([day(1, 1)], [day(1, 1)]) == []


def test_the_history_of_a_table_tells_who_changed_what_and_of_nothing_else(filled: House, editor: Browser) -> None:
    assert see(editor.get(PAGE)).links["Se alla ändringar av värdena"] == HISTORY
    followed(editor, press(editor, PROJECT, "Spara framsteget", progress="1.0"))
    page = see(editor.get(HISTORY))
    assert "Eva Editor" in page.words
    assert "Mätvärden för ”I tid”, 1 nytt datum, 1 ändrat värde, 1 borttaget datum" in page.words
    assert "Framsteg 1,0" not in page.words
    assert len(numbers(editor)) == 2


def test_what_was_changed_is_told_day_by_day(filled: House, editor: Browser) -> None:
    page = see(editor.get(COMPARE))
    assert "3 datum skiljer" in page.words
    assert "2026-01-01 Ändrad 1 10" in page.words
    assert "2026-02-01 Borttagen 2 –" in page.words
    assert "2026-03-01 Ny – 3" in page.words
    newest, oldest = numbers(editor)
    assert see(editor.get(f"{COMPARE}?fran={newest}&till={oldest}")).words == page.words
    first = see(editor.get(f"{COMPARE}?till={oldest}"))
    assert (1, "Tabellen då") in first.headings, "there is nothing before it"
    assert not {heading for _, heading in first.headings if heading.startswith(("A:", "B:"))}
    assert "Hela tabellen (2 datum)" in first.words
    assert "Datum Värde 2026-01-01 1 2026-02-01 2" in first.words


def test_a_value_that_was_given_to_a_cycle_is_told_of_as_well(filled: House, editor: Browser) -> None:
    filled.write("cycles", "mote/01-kort")
    filled.look()
    send(editor, opened(editor) | {"cycle-0": "01-kort"})
    assert "2026-01-01 Ändrad 10 10 i cykeln 01-kort" in see(editor.get(COMPARE)).words


def test_a_table_goes_back_to_what_it_was_and_nothing_is_lost(filled: House, editor: Browser) -> None:
    answer = press(editor, COMPARE, BACK)
    assert (answer.status_code, answer.location) == (303, PAGE)
    assert "Värdena är återställda till som de var" in see(editor.get(PAGE)).words
    assert stored(filled) == FIRST
    assert len(numbers(editor)) == 3
    assert "Mätvärdena för ”I tid” som de var" in see(editor.get(f"{PROJECT}/historik")).words
    newest, before, _ = numbers(editor)
    press(editor, f"{COMPARE}?fran={before}&till={newest}", BACK)
    assert list(stored(filled)) == ["2026-01-01", "2026-03-01"]


def test_a_table_that_was_emptied_comes_back(filled: House, editor: Browser) -> None:
    send(editor, {"rows": "0", "pairs": "no", "_version": opened(editor)["_version"], "_empty": "ja"})
    assert not (filled.home / FILE).exists()
    assert "Tog bort alla värden" in see(editor.get(HISTORY)).words
    press(editor, COMPARE, BACK)
    assert stored(filled) == FIRST


def test_rows_that_somebody_has_added_since_are_not_overwritten_without_a_word(
    filled: House, editor: Browser, colleague: Browser
) -> None:
    page = editor.get(COMPARE)
    send(colleague, opened(colleague) | {"on-2": "2026-04-01", "value-2": "4"})
    newer = stored(filled)
    answer = press(editor, page, BACK)
    assert answer.status_code == 409
    assert "Någon har ändrat värdena sedan du öppnade sidan." in see(answer).words
    assert "2026-04-01 Ny – 4" in see(answer).words
    assert stored(filled) == newer
    assert press(editor, answer, BACK).status_code == 303
    assert stored(filled) == FIRST


def test_a_button_pressed_twice_does_one_thing(filled: House, editor: Browser) -> None:
    page = editor.get(COMPARE)
    for _ in range(2):
        assert press(editor, page, BACK).status_code == 303
    assert stored(filled) == FIRST
    assert len(numbers(editor)) == 3


def test_a_table_that_somebody_outside_put_a_personal_number_in_is_mended_first(filled: House, editor: Browser) -> None:
    page = editor.get(COMPARE)
    (filled.home / FILE).write_text("date;value;note;cycle\n2026-01-01;5;811228-9874;\n", encoding="utf-8")
    filled.look()
    answer = editor.get(COMPARE)
    assert BACK not in answer.text
    assert "811228" not in answer.text + editor.get(HISTORY).text
    assert press(editor, page, BACK).status_code == 303
    assert "måste rättas först" in editor.get(HISTORY).text
    assert "811228" in (filled.home / FILE).read_text()


def test_the_history_follows_a_project_that_gets_another_address(filled: House, editor: Browser) -> None:
    before = len(numbers(editor))
    answer = fill_in(editor, open_form(editor, f"{PROJECT}/flytta"), address="moten")
    assert answer.status_code == 303
    moved = editor.get(f"{answer.location}/matt/i-tid/varden/historik")
    assert len(re.findall(r'jamfor\?till=(\d+)"', moved.text)) == before


def test_versions_are_for_those_who_write_the_project(
    filled: House, editor: Browser, anyone: Browser, outsider: Browser
) -> None:
    oldest = numbers(editor)[-1]
    for address in (HISTORY, COMPARE):
        assert [somebody.get(address).status_code for somebody in (editor, anyone, outsider)] == [200, 401, 403]
    back = f"{HISTORY}/{oldest}/aterstall"
    assert [somebody.post(back).status_code for somebody in (anyone, outsider)] == [401, 403]
    assert "Se alla ändringar av värdena" not in see(anyone.get(PAGE)).links


@pytest.mark.parametrize("number", [0, 99999])
def test_what_is_no_version_of_the_table_does_not_exist(filled: House, editor: Browser, number: int) -> None:
    assert editor.post(f"{HISTORY}/{number}/aterstall").status_code == 404
    assert editor.get(f"{COMPARE}?fran={number}").status_code == 404
    assert editor.get(HISTORY.replace("i-tid", "finns-inte")).status_code == 404


def test_a_version_of_another_table_is_none_of_this_one(house: House, editor: Browser) -> None:
    house.write("projects", "mote", measures=[{"name": "I tid"}, {"name": "Andra"}])
    house.look()
    send(editor, pasted="2026-01-01\t1\n")
    number = numbers(editor)[0]
    assert editor.get(f"{COMPARE.replace('i-tid', 'andra')}?till={number}").status_code == 404
    assert editor.post(f"{HISTORY.replace('i-tid', 'andra')}/{number}/aterstall").status_code == 404


def test_a_measure_without_values_has_no_history_yet(house: House, editor: Browser) -> None:
    write(house)
    assert "Inget är ändrat än." in see(editor.get(HISTORY)).words
    assert editor.get(COMPARE).status_code == 404
