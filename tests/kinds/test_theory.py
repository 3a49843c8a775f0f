"""The driver diagram on a project's page and in its form, and how it is kept."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask
from pydantic import ValidationError

from app.kinds.projects import Project
from app.kinds.projects.theory import kept
from app.library.document import Document
from app.publishing import Refused
from tests.cast import Browser
from tests.editing.writing import errors_on, fields_of, fill_in, open_form
from tests.house import House
from tests.kinds.pressing import followed, press, sent, told
from tests.seeing import see

ID = "063ce221-da95-42b6-a174-cd5386a98bf7"
PAGE, FORM = "/utvecklingsarbeten/mote", "/utvecklingsarbeten/mote/andra?steg=3"
DRIVERS: list[dict[str, Any]] = [
    {
        "text": "Rätt underlag",
        "secondary": [
            {
                "text": "Kort remiss",
                "ideas": [
                    {"text": "En sida", "cycles": ["mote/01-sida", "mote/02-hemlig"]},
                    {"text": "Två sidor", "strength": "weak", "also": [{"to": "Lediga tider syns"}]},
                ],
            }
        ],
    },
    {"text": "Tiden bokas", "strength": "weak", "secondary": [{"text": "Lediga tider syns"}]},
]


@pytest.fixture
def written(house: House) -> House:
    aim = {"what": "Möte i tid", "goal": "80", "unit": "procent"}
    house.write("projects", "mote", title="Snabbare möte", aim=aim, drivers=DRIVERS)
    house.write(
        "cycles", "mote/01-sida", title="Sidan", status="decided", decision="adapt", decision_reason="För lång."
    )
    house.write("cycles", "mote/02-hemlig", title="Hemligt", status="doing", publication="draft")
    house.look()
    return house


def get(app: Flask) -> Document:
    document: Document = app.extensions["library"].read("improvement_cycles/mote/project.md")
    return document


@pytest.mark.parametrize("said", [{"idea": "två sidor"}, {"title": "Två sidor"}])
def test_a_cycle_that_names_an_idea_tells_what_became_of_it(
    written: House, anyone: Browser, said: dict[str, str]
) -> None:
    assert "Två sidor (påverkar svagt) Påverkar också ”Lediga tider syns”. Inte prövad" in see(anyone.get(PAGE)).words
    written.write("cycles", "mote/03-tva", **{"title": "Sista provet", "status": "studying", **said})
    written.look()
    page = see(anyone.get(PAGE))
    assert "Inte prövad" not in page.words
    title = said.get("title", "Sista provet")
    assert page.links[f"3. {title}"] == "/cykler/mote/03-tva"


def test_an_idea_that_a_cycle_names_is_not_taken_from_one_that_it_is_only_called_after(
    written: House, anyone: Browser
) -> None:
    written.write("cycles", "mote/03-tva", title="Två sidor", idea="En sida")
    written.look()
    assert "Inte prövad" in see(anyone.get(PAGE)).words


def test_from_an_idea_a_cycle_is_planned_that_tries_it(
    written: House, app: Flask, editor: Browser, anyone: Browser
) -> None:
    assert "Prova ”Två sidor”" not in see(anyone.get(PAGE)).links
    links = see(editor.get(PAGE)).links
    assert "Prova ”En sida”" not in links, "it is tried already"
    form = open_form(editor, links["Prova ”Två sidor”"])
    assert (fields_of(form)["title"], fields_of(form)["idea"]) == ("Två sidor", "Två sidor")
    fill_in(editor, form, title="En annan rubrik", prediction__text="Vi tror det.")
    written.look()
    page = see(editor.get(PAGE))
    assert "Inte prövad" not in page.words
    assert "Provar idén Två sidor" in see(editor.get(page.links["3. En annan rubrik"])).words


def test_the_form_of_a_cycle_offers_the_ideas_of_its_project(written: House, editor: Browser) -> None:
    form = open_form(editor, "/cykler/nytt?project=mote").text
    offered = form.partition('<select id="f-idea"')[2].partition("</select>")[0]
    assert [one in offered for one in ("En sida", "Två sidor")] == [True, True]
    written.write("projects", "utan", title="Utan diagram")
    written.look()
    assert "f-idea" not in open_form(editor, "/cykler/nytt?project=utan").text


def test_the_form_of_a_cycle_tells_nothing_of_a_project_that_its_writer_may_not_see(
    written: House, editor: Browser
) -> None:
    form = "/cykler/mote/01-sida/andra?steg=1"
    assert "f-idea" in open_form(editor, form).text
    written.write("projects", "mote", title="Snabbare möte", drivers=DRIVERS, owner="habo", visibility="organisation")
    written.look()
    hidden = open_form(editor, form).text
    assert "f-idea" not in hidden
    assert "Två sidor" not in hidden


def test_the_diagram_is_drawn_and_told_as_a_list_with_cycles_and_decisions(written: House, anyone: Browser) -> None:
    page = anyone.get(PAGE)
    words = see(page).words
    assert 'class="drivers"' in page.text
    assert "Mål: Möte i tid: till 80 procent." in words
    assert "En sida ↻ Anpassa 1. Sidan" in words
    assert "Två sidor (påverkar svagt) Påverkar också ”Lediga tider syns”. Inte prövad" in words
    assert 'href="/cykler/mote/01-sida"' in page.text


def test_a_cycle_that_one_may_not_see_leaves_no_trace_in_the_diagram(
    written: House, anyone: Browser, editor: Browser
) -> None:
    assert "Hemligt" not in anyone.get(PAGE).text
    assert "▶ Genomförs 1. Sidan, 2. Hemligt" in see(editor.get(PAGE)).words


def test_a_project_without_a_diagram_invites_its_members_to_draw_one(
    house: House, anyone: Browser, editor: Browser
) -> None:
    house.write("projects", "mote")
    house.look()
    assert "påverkansdiagram" not in anyone.get(PAGE).text
    assert "Rita ett påverkansdiagram" in see(editor.get(PAGE)).words


def test_the_diagram_is_edited_as_a_nested_list_by_plain_buttons(app: Flask, written: House, editor: Browser) -> None:
    page = fill_in(editor, open_form(editor, FORM), "add drivers-1-secondary-0-ideas")
    page = fill_in(editor, page, "up drivers-1", **{"drivers-1-secondary-0-ideas-0-text": "Boka direkt"})
    assert fields_of(page)["drivers-0-text"] == "Tiden bokas"
    fill_in(editor, page)
    drivers = get(app).front_matter.drivers  # type: ignore[attr-defined]
    assert [one.text for one in drivers] == ["Tiden bokas", "Rätt underlag"]
    assert [idea.text for idea in drivers[0].secondary[0].ideas] == ["Boka direkt"]
    assert sorted(drivers[1].secondary[0].ideas[0].cycles) == ["mote/01-sida", "mote/02-hemlig"]


def test_rows_are_folded_but_the_one_that_is_new_or_wrong(written: House, editor: Browser) -> None:
    page = open_form(editor, FORM)
    assert '<details class="box folded">' in page.text
    assert '<details class="box folded" open>' not in page.text
    again = fill_in(editor, page, "add drivers-0-secondary-0-ideas")
    # The new row, and the two in which it stands.
    assert again.text.count('<details class="box folded" open>') == 3


def test_a_line_to_nothing_is_an_error_with_the_name_in_it(app: Flask, written: House, editor: Browser) -> None:
    answer = fill_in(editor, open_form(editor, FORM), **{"drivers-1-secondary-0-text": "Tiderna syns"})
    assert answer.status_code == 422
    (error,) = errors_on(answer)
    assert error.startswith("Påverkansdiagram: det finns ingen faktor i kolumnen före som heter ”Lediga tider syns”.")
    assert fields_of(answer)["drivers-1-secondary-0-text"] == "Tiderna syns"
    assert "Tiderna syns" not in get(app).text


def test_a_diagram_that_nobody_could_take_in_is_refused() -> None:
    many = [{"text": f"Idé {number}"} for number in range(200)]
    drivers = [{"text": "Ett", "secondary": [{"text": "Två", "ideas": many}]}]
    with pytest.raises(ValidationError, match="har 202 rutor"):
        Project.model_validate({"id": ID, "title": "Möte", "owner": "sodertalje", "drivers": drivers})
    kept_then = [{"date": "2026-11-21", "drivers": drivers}]
    with pytest.raises(ValidationError, match="har 202 rutor"):
        Project.model_validate({"id": ID, "title": "Möte", "owner": "sodertalje", "driver_snapshots": kept_then})


# ---- Kept diagrams ----


def test_a_kept_diagram_has_its_day_and_no_cycles() -> None:
    project = Project.model_validate({"id": ID, "title": "Möte", "owner": "sodertalje", "drivers": DRIVERS})
    one = kept(project, "Före provet", date(2026, 11, 21))["driver_snapshots"]
    assert [(str(then.date), then.note) for then in one] == [("21 november 2026", "Före provet")]
    assert one[0].drivers[0].secondary[0].ideas[0].cycles == []
    assert project.drivers[0].secondary[0].ideas[0].cycles != []


def test_nothing_is_kept_twice_and_nothing_of_nothing() -> None:
    project = Project.model_validate({"id": ID, "title": "Möte", "owner": "sodertalje", "drivers": DRIVERS})
    again = project.model_copy(update=dict(kept(project, "", date(2026, 11, 21))))
    with pytest.raises(Refused, match="redan sparat"):
        kept(again, "", date(2026, 11, 22))
    with pytest.raises(Refused, match="Rita det först"):
        kept(project.model_copy(update={"drivers": []}), "", date(2026, 11, 22))


def test_what_has_been_thought_anew_is_told_beside_what_was_kept(app: Flask, written: House, editor: Browser) -> None:
    page = followed(editor, press(editor, PAGE, "Spara diagrammet", note="Före provet"))
    assert "Före provet Inget har ändrats sedan dess." in see(page).words
    assert "Sparat: " not in see(page).words
    assert "Påverkansdiagrammet är sparat." in see(page).words
    assert told(app, get(app)) == [("Påverkansdiagrammet sparat: Före provet", "sodertalje")]
    assert press(editor, PAGE, "Spara diagrammet").status_code == 422
    fill_in(editor, open_form(editor, FORM), **{"drivers-0-secondary-0-ideas-0-text": "En enda sida"})
    words = see(editor.get(PAGE)).words
    assert "1 ändring sedan dess Omskriven idé: ”En sida” blev ”En enda sida”." in words


def test_keeping_a_diagram_asks_for_a_sign_in_and_refuses_others(
    app: Flask, written: House, editor: Browser, outsider: Browser, anyone: Browser
) -> None:
    address, fields = sent(editor.get(PAGE), "Spara diagrammet")
    assert outsider.post(address, data=fields).status_code == 403
    assert anyone.post(address, data=fields).status_code == 401
    assert "driver_snapshots" not in get(app).text
