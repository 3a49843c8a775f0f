"""A measure's pages: looking at it, and filling in its values with whatever people have them in."""

from __future__ import annotations

import io
import re
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

import pytest
from werkzeug.test import TestResponse

from app.kinds.projects import table
from app.measuring.points import Number, Point
from tests.cast import Browser
from tests.house import House

PROJECT = "/utvecklingsarbeten/mote"
PAGE = f"{PROJECT}/matt/i-tid"
VALUES = f"{PAGE}/varden"
FILE = "improvement_cycles/mote/measures/i-tid.csv"


def write(house: House, content: str = "", **more: Any) -> None:
    """A project with one measure and perhaps its table."""
    house.write("projects", "mote", title="Snabbare möte", measures=[{"name": "I tid", "unit": "dagar", **more}])
    if content:
        file = house.home / FILE
        file.parent.mkdir(exist_ok=True)
        file.write_text(content, encoding="utf-8")
    house.look()


def stored(house: House) -> dict[str, tuple[Number | None, ...]]:
    """The figures in the file by their days."""
    content = (house.home / FILE).read_bytes()
    return {
        point.on.isoformat(): (point.value,) if point.denominator is None else (point.numerator, point.denominator)
        for point in table.read(content).points
    }


class Form(HTMLParser):
    """The fields of the form with an id, as a browser would send them."""

    def __init__(self, text: str, form: str) -> None:
        super().__init__()
        self.wanted, self.inside, self.area = form, False, ""
        self.fields: dict[str, str] = {}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = said.get("id") == self.wanted
        if not self.inside or "name" not in said:
            return
        if tag == "input" and (said.get("type") not in ("radio", "checkbox", "file") or "checked" in said):
            self.fields[said["name"]] = said.get("value", "")
        if tag == "textarea":
            self.area = said["name"]
            self.fields[self.area] = ""

    def handle_endtag(self, tag: str) -> None:
        self.area = "" if tag == "textarea" else self.area

    def handle_data(self, data: str) -> None:
        if self.area:
            self.fields[self.area] += data.removeprefix("\n")


def fields_of(answer: TestResponse, form: str = "varden") -> dict[str, str]:
    found = Form(answer.text, form).fields
    found.pop("csrf_token", "")
    return found


def opened(somebody: Browser) -> dict[str, str]:
    """The fields of the form as somebody gets it."""
    return fields_of(somebody.get(VALUES))


def send(somebody: Browser, opened_form: dict[str, str] | None = None, /, **fields: Any) -> TestResponse:
    """Fill in the form and press Save."""
    form = opened_form if opened_form is not None else opened(somebody)
    return somebody.post(VALUES, data={**form, "_do": "save", **fields}, content_type="multipart/form-data")


TWELVE = "".join(f"2026-{month:02}-01\t{30 + month % 3}\n" for month in range(1, 13))


# ---- Looking ----


def test_a_measure_without_values_says_so_and_who_may_is_led_to_fill_them_in(
    house: House, anyone: Browser, editor: Browser
) -> None:
    write(house, definition="Dagar från ansökan.", source="Systemet", collected_by="Handläggare")
    assert "Inga värden är ifyllda än." in anyone.get(PAGE).text
    assert "Källa: Systemet" in anyone.get(PAGE).text
    assert VALUES not in anyone.get(PAGE).text
    assert VALUES in editor.get(PAGE).text
    assert anyone.get(f"{PAGE}/diagram.csv").status_code == 404


def test_the_chart_is_on_the_measures_page_and_on_the_projects(house: House, anyone: Browser) -> None:
    write(house, "date;value\n" + TWELVE.replace("\t", ";"), target="25", better="down")
    for address in (PAGE, PROJECT):
        text = anyone.get(address).text
        assert '<svg xmlns="http://www.w3.org/2000/svg" class="plot"' in text
        assert "Visa alla värden som tabell" in text
    assert "Målet är 25\xa0dagar" in anyone.get(PAGE).text
    picture = anyone.get(f"{PAGE}/diagram.svg")
    assert (picture.mimetype, picture.text.count("<svg")) == ("image/svg+xml", 2)
    assert "attachment" in picture.headers["Content-Disposition"]
    assert anyone.get(f"{PAGE}/diagram.csv").data.count(b"2026-") == 12


def test_cycles_are_marked_where_they_began_and_only_those_that_one_may_see(
    house: House, anyone: Browser, editor: Browser
) -> None:
    house.write("cycles", "mote/01-kort", title="Kort remiss", status="doing", started="2026-03-10")
    house.write(
        "cycles", "mote/02-hemlig", title="Hemligt prov", status="doing", started="2026-05-10", publication="draft"
    )
    write(house, "date;value\n" + TWELVE.replace("\t", ";"))
    assert "Cykeln ”Kort remiss” börjar" in anyone.get(PAGE).text
    assert "Hemligt prov" not in anyone.get(PAGE).text
    assert "Hemligt prov" not in anyone.get(f"{PAGE}/diagram.svg").text
    assert "Cykeln ”Hemligt prov” börjar" in editor.get(PAGE).text


def test_small_groups_are_shown_to_nobody_but_those_who_write(
    house: House, anyone: Browser, reader: Browser, editor: Browser
) -> None:
    rows = "".join(f"2026-{month:02}-01;{6 + month % 2};{20 + month}\n" for month in range(1, 12))
    write(house, f"date;numerator;denominator\n{rows}2026-12-01;3;4\n", chart="p")
    for somebody in (anyone, reader, editor):
        for address in (PROJECT, PAGE, f"{PAGE}/diagram.csv", f"{PAGE}/diagram.svg"):
            text = somebody.get(address).text
            assert "visas inte" in text.lower() or address.endswith("svg")
            assert not re.search(r"75(,0)?\s?%|;3;4;|>3</td><td>4<", text), address
    assert "3;4" in editor.get(f"{PAGE}/varden.csv").text
    assert reader.get(f"{PAGE}/varden.csv").status_code == 403
    assert "3;4" not in anyone.get("/sok?q=mote").text


def test_a_definition_that_its_values_do_not_fit_is_explained(house: House, anyone: Browser) -> None:
    write(house, "date;value\n2026-08-03;12\n", chart="p")
    assert "Diagrammet går inte att rita. " in anyone.get(PAGE).text
    assert "täljare och nämnare" in anyone.get(PROJECT).text


def test_a_measure_that_is_not_there_does_not_exist(house: House, editor: Browser) -> None:
    write(house)
    for address in ("annat", "annat/varden", "annat/diagram.svg", "..", "%2e%2e%2fproject"):
        assert editor.get(f"{PROJECT}/matt/{address}").status_code == 404


# ---- Filling in ----


def test_only_those_who_may_change_it_are_led_to_change_it(house: House, anyone: Browser, editor: Browser) -> None:
    write(house, TWELVE.replace("\t", ";"))
    assert f'href="{VALUES}"' in editor.get(PAGE).text
    page = anyone.get(PAGE).text
    assert f"{VALUES}" not in page
    assert "/linjer" not in page


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


def test_a_measure_keeps_its_values_when_it_gets_another_name(house: House, editor: Browser) -> None:
    write(house)
    send(editor, pasted=TWELVE)
    path = house.home / "improvement_cycles/mote/project.md"
    path.write_text(path.read_text().replace("name: I tid", "name: Möten i tid"))
    house.look()
    assert "Möten i tid" in editor.get(PAGE).text
    assert editor.get(PAGE).text.count("2026") > 12


def test_the_projects_form_leaves_alone_what_it_does_not_show(house: House, editor: Browser) -> None:
    phases = [{"begins": "2026-06-01", "note": "Ny rutin."}]
    write(house, freeze="10", freeze_note="Före.", phases=phases, slug="i-tid")
    form = fields_of(editor.get(f"{PROJECT}/andra?steg=2"), "skriv")
    form |= {"measures-0-name": "Nytt namn", "measures-0-type": "process", "measures-0-better": "up"}
    answer = editor.post(f"{PROJECT}/andra", data={**form, "_do": "save"})
    assert answer.status_code == 303, answer.text
    text = (house.home / "improvement_cycles/mote/project.md").read_text()
    assert "Nytt namn" in text
    for kept in ("slug: i-tid", "freeze: ", "freeze_note: Före.", "begins: ", "note: Ny rutin."):
        assert kept in text


# ---- What is not to be lost ----


def test_a_table_that_is_emptied_is_removed_only_on_request(house: House, editor: Browser) -> None:
    write(house, "date;value\n2024-01-01;5\n")
    blank = {**opened(editor), "on-0": "", "value-0": ""}
    assert send(editor, blank).status_code == 422
    assert stored(house)
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
        assert "1212" not in somebody.get(address).text
    assert send(editor, pasted="2024-02-01\t6").status_code == 422


def test_a_personal_number_is_not_saved(house: House, editor: Browser) -> None:
    write(house)
    answer = send(editor, **{"on-0": "2024-01-01", "value-0": "5", "note-0": "ring 19121212-1212"})
    assert answer.status_code == 422
    assert "ser ut att innehålla ett personnummer" in answer.text
    assert not (house.home / FILE).exists()


def test_others_columns_than_the_tables_are_refused(house: House, editor: Browser) -> None:
    write(house, "date;numerator;denominator\n2024-01-01;5;9\n")
    answer = send(editor, pasted="datum\tvärde\n2024-02-01\t6\n")
    assert answer.status_code == 422
    assert "Måttet fylls i med täljare och nämnare" in answer.text
    assert list(stored(house)) == ["2024-01-01"]


def test_a_new_table_is_of_the_columns_that_are_pasted(house: House, editor: Browser) -> None:
    write(house)
    assert send(editor, pasted="datum\ttäljare\tnämnare\n2024-02-01\t6\t9\n").status_code == 303
    assert stored(house) == {"2024-02-01": (Decimal(6), Decimal(9))}


# ---- Who may ----


def test_filling_in_asks_for_a_sign_in_and_refuses_others(house: House, anyone: Browser, reader: Browser) -> None:
    write(house)
    assert anyone.get(VALUES).status_code == 401
    assert send(anyone, {}, pasted="2024-01-01\t5").status_code == 401
    assert reader.get(VALUES).status_code == 403
    assert send(reader, {}, pasted="2024-01-01\t5").status_code == 403
    assert not (house.home / FILE).exists()


def test_the_measures_of_what_one_may_not_see_do_not_exist(house: House, anyone: Browser, reader: Browser) -> None:
    write(house, "date;value\n2024-01-01;5\n")
    path = house.home / "improvement_cycles/mote/project.md"
    path.write_text(path.read_text().replace("publication: published", "publication: draft"))
    house.look()
    for somebody in (anyone, reader):
        for address in (PAGE, VALUES, f"{PAGE}/diagram.svg", f"{PAGE}/diagram.csv", f"{PAGE}/varden.csv"):
            assert somebody.get(address).status_code == 404


def test_points_read_as_they_were_typed() -> None:
    assert table.read(b"date;value\n2024-01-01;5\n").points == (Point(date(2024, 1, 1), Decimal(5)),)
