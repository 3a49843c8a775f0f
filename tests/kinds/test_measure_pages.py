"""A measure's page: what everybody sees of its values, and who is led to change them."""

from __future__ import annotations

import re

from tests.cast import Browser
from tests.house import House
from tests.kinds.filling_in import PAGE, PROJECT, TWELVE, VALUES, fields_of, send, write


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
    house.write("cycles", "mote/01-annas", title="Kort remiss", status="doing", started="2026-03-10")
    rows = rows.replace("\n", ";;\n").replace("2026-01-01;7;21;", "2026-01-01;7;21;Semestertider")
    last = "2026-12-01;3;4;Tre av Svea"
    write(house, f"date;numerator;denominator;note;cycle\n{rows}{last};01-annas\n", chart="p")
    for somebody in (anyone, reader, editor):
        for address in (PROJECT, PAGE, f"{PAGE}/diagram.csv", f"{PAGE}/diagram.svg"):
            text = somebody.get(address).text
            assert "visas inte" in text.lower() or address.endswith("svg")
            assert not re.search(r"75(,0)?\s?%|;3;4;|>3</td><td>4<|Svea", text), address
            assert ("Semestertider" in text) == (address != f"{PAGE}/diagram.svg"), "notes of others are there"
            assert "01-annas" not in text or address == PROJECT, "nor what it was part of"
    assert last in editor.get(f"{PAGE}/varden.csv").text
    assert "Svea" in editor.get(VALUES).text
    assert reader.get(f"{PAGE}/varden.csv").status_code == 403
    assert "3;4" not in anyone.get("/sok?q=mote").text
    assert "Svea" not in anyone.get("/api/v1/search?q=mote").text
    assert "Snabbare möte" not in anyone.get("/sok?q=svea").text


def test_a_definition_that_its_values_do_not_fit_is_explained(house: House, anyone: Browser) -> None:
    write(house, "date;value\n2026-08-03;12\n", chart="p")
    assert "Diagrammet går inte att rita. " in anyone.get(PAGE).text
    assert "täljare och nämnare" in anyone.get(PROJECT).text


def test_a_measure_that_is_not_there_does_not_exist(house: House, editor: Browser) -> None:
    write(house)
    for address in ("annat", "annat/varden", "annat/diagram.svg", "..", "%2e%2e%2fproject"):
        assert editor.get(f"{PROJECT}/matt/{address}").status_code == 404


def test_only_those_who_may_change_it_are_led_to_change_it(house: House, anyone: Browser, editor: Browser) -> None:
    write(house, TWELVE.replace("\t", ";"))
    assert f'href="{VALUES}"' in editor.get(PAGE).text
    page = anyone.get(PAGE).text
    assert f"{VALUES}" not in page
    assert "/linjer" not in page


def test_the_measures_of_what_one_may_not_see_do_not_exist(house: House, anyone: Browser, reader: Browser) -> None:
    write(house, "date;value\n2024-01-01;5\n")
    path = house.home / "improvement_cycles/mote/project.md"
    path.write_text(path.read_text().replace("publication: published", "publication: draft"))
    house.look()
    for somebody in (anyone, reader):
        for address in (PAGE, VALUES, f"{PAGE}/diagram.svg", f"{PAGE}/diagram.csv", f"{PAGE}/varden.csv"):
            assert somebody.get(address).status_code == 404


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
    excluded = [{"day": "2026-05-01", "note": "Semester."}]
    write(house, freeze="10", freeze_note="Före.", phases=phases, excluded=excluded, slug="i-tid")
    form = fields_of(editor.get(f"{PROJECT}/andra?steg=2"), "skriv")
    form |= {"measures-0-name": "Nytt namn", "measures-0-type": "process", "measures-0-better": "up"}
    answer = editor.post(f"{PROJECT}/andra", data={**form, "_do": "save"})
    assert answer.status_code == 303, answer.text
    text = (house.home / "improvement_cycles/mote/project.md").read_text()
    assert "Nytt namn" in text
    for kept in (
        "slug: i-tid",
        "freeze: ",
        "freeze_note: Före.",
        "begins: ",
        "note: Ny rutin.",
        "day: ",
        "note: Semester.",
    ):
        assert kept in text
