"""From a problem to a first small test: one page, ten fields, and two drafts."""

from __future__ import annotations

import pytest
from flask import Flask

from app.library.document import Document
from app.library.vocabulary import CycleStatus, Publication, Scale
from app.starting import beginning
from tests.cast import Browser
from tests.editing.writing import errors_on, fields_of, fill_in, open_form
from tests.house import House
from tests.kinds.pressing import followed, press
from tests.seeing import see

PAGE = "/borja-prova"
TOLD = {
    "problem": "Det tar veckor.",
    "what": "Fler får ett möte i tid",
    "start": "44 procent",
    "goal": "80 procent",
    "by": "2026-12-31",
    "test": "Boka direkt",
    "change": "En handläggare bokar i samtalet.",
    "prediction": "Vi tror att fler kommer, därför att de slipper vänta på brev.",
}


def made(app: Flask) -> tuple[Document, Document]:
    """The project and the cycle that there are."""
    library = app.extensions["library"]
    paths = sorted(file.path for file in library.files() if file.path.startswith("improvement_cycles/"))
    cycle, project = (library.read(path) for path in paths)
    return project, cycle


def test_one_page_of_ten_fields_makes_a_project_and_its_first_cycle(app: Flask, editor: Browser) -> None:
    assert len(beginning.all_shapes()) == 10
    answer = fill_in(editor, open_form(editor, PAGE), **TOLD)
    project, cycle = made(app)
    assert answer.location == f"/cykler/{cycle.slug}"
    assert cycle.slug.startswith(f"{project.slug}/01-boka-direkt")
    front = project.front_matter
    assert front.title == "Fler får ett möte i tid"
    assert front.aim.sentence == "Fler får ett möte i tid: från 44 procent till 80 procent, senast 31 december 2026"  # type: ignore[attr-defined]
    assert "## Problemet\n\nDet tar veckor." in project.text
    tried = cycle.front_matter
    assert (tried.title, tried.scale, tried.status) == ("Boka direkt", Scale.ONE_CASE, CycleStatus.PLANNED)  # type: ignore[attr-defined]
    assert tried.prediction.text == TOLD["prediction"]  # type: ignore[attr-defined]
    assert "## Förändringen\n\nEn handläggare bokar i samtalet." in cycle.text
    assert {front.publication, tried.publication} == {Publication.DRAFT}
    assert {front.owner, tried.owner} == {"sodertalje"}


def test_the_cycle_can_be_begun_at_once(app: Flask, editor: Browser) -> None:
    page = followed(editor, fill_in(editor, open_form(editor, PAGE), **TOLD))
    assert "Nu är det bara att prova" in see(page).words
    press(editor, page, "Börja genomföra")
    assert made(app)[1].front_matter.status == CycleStatus.DOING  # type: ignore[attr-defined]


def test_what_is_missing_is_asked_for_and_nothing_typed_is_lost(app: Flask, editor: Browser) -> None:
    answer = fill_in(editor, open_form(editor, PAGE), **{**TOLD, "prediction": "", "by": "snart"})
    assert answer.status_code == 422
    assert [error.split(":")[0] for error in errors_on(answer)] == [
        "”Till när?”",
        "”Vad tror ni ska hända, och varför?” behöver fyllas i.",
    ]
    kept = fields_of(answer)
    assert {name: kept[name] for name in TOLD} == {**TOLD, "prediction": "", "by": "snart"}
    assert not list(app.extensions["library"].files())


def test_a_personal_number_is_not_saved(app: Flask, editor: Browser) -> None:
    answer = fill_in(editor, open_form(editor, PAGE), **{**TOLD, "change": "Klienten 880320-1238 bokas."})
    assert answer.status_code == 422
    message = "I ”Hur gör ni?” står något som ser ut som ett personnummer (••••••-••••). Ta bort det."
    assert errors_on(answer) == [message]
    assert 'href="#f-change"' in answer.text
    assert 'aria-invalid="true"' in answer.text.partition('id="f-change"')[2].partition(">")[0]
    assert see(answer).words.count(message) == 2, "above the form and at its field"
    assert fields_of(answer)["change"] == "Klienten 880320-1238 bokas."
    assert not list(app.extensions["library"].files())


def test_it_begins_from_a_practice_with_its_subject(app: Flask, house: House, editor: Browser) -> None:
    house.write("practices", "kartan", title="Kartan", areas=["arbetsmarknad"])
    house.look()
    page = open_form(editor, f"{PAGE}?fran=arbetssatt/kartan")
    assert "Det bygger på Kartan." in see(page).words
    fill_in(editor, page, **TOLD)
    for document in made(app):
        assert document.front_matter.practices == ["kartan"]  # type: ignore[attr-defined]
        assert [str(area) for area in document.front_matter.areas] == ["arbetsmarknad"]


def test_a_practice_that_one_may_not_see_begins_nothing(house: House, outsider: Browser) -> None:
    house.write("practices", "kartan", title="Kartan", publication="draft")
    house.look()
    hidden = open_form(outsider, f"{PAGE}?fran=arbetssatt/kartan").text
    none = open_form(outsider, f"{PAGE}?fran=arbetssatt/kartan2").text
    assert "bygger på" not in hidden + none


def test_the_address_of_the_form_leads_back_to_what_it_has_made(app: Flask, house: House, editor: Browser) -> None:
    page = open_form(editor, PAGE)
    address = page.request.full_path
    assert fields_of(editor.get(address))["_token"] == fields_of(page)["_token"], "who reloads it has the same form"
    fill_in(editor, page, **TOLD)
    house.look()
    project, cycle = made(app)
    back = editor.get(address)
    assert back.status_code == 200
    assert "redan sparat" in see(back).words
    links = see(back).links
    assert links[project.title] == f"/utvecklingsarbeten/{project.slug}"
    assert links[cycle.title] == f"/cykler/{cycle.slug}"
    other = open_form(editor, links["Börja prova något annat"])
    assert fields_of(other)["_token"] != fields_of(page)["_token"]


def test_a_form_sent_twice_makes_one_project(app: Flask, house: House, editor: Browser) -> None:
    page = open_form(editor, PAGE)
    told = {**TOLD, "problem": "Det tar veckor.\r\n\r\n## Därför\r\n\r\nBrev är långsamma. "}
    first = fill_in(editor, page, **told)
    house.look()
    assert fill_in(editor, page, **told).location == first.location
    assert len(list(app.extensions["library"].files())) == 2
    assert "halvskriv" not in editor.get("/mitt-konto").text.lower()


def test_what_was_changed_in_a_form_that_is_saved_is_half_written_in_what_it_made(
    app: Flask, house: House, editor: Browser
) -> None:
    page = open_form(editor, PAGE)
    fill_in(editor, page, **TOLD)
    house.look()
    changed = {**TOLD, "problem": "Det tar månader.", "prediction": "Vi tror att alla kommer."}
    again = followed(editor, fill_in(editor, page, **changed))
    assert "Det du ändrade efteråt är undanlagt, men inte sparat än." in see(again).words
    assert len(list(app.extensions["library"].files())) == 2
    project, cycle = made(app)
    assert "Det tar veckor." in project.text, "nothing is saved before somebody has seen it"
    of_project, of_cycle = (
        open_form(editor, see(again).links[f"Se dina ändringar och spara: {one.title}"]) for one in (project, cycle)
    )
    assert fields_of(of_project)["h_problemet"] == "Det tar månader."
    assert fields_of(of_cycle)["prediction-text"] == "Vi tror att alla kommer."
    fill_in(editor, of_project)
    fill_in(editor, of_cycle)
    project, cycle = made(app)
    assert "Det tar månader." in project.text
    assert cycle.front_matter.prediction.text == "Vi tror att alla kommer."  # type: ignore[attr-defined]


def test_what_is_half_written_already_stays_beside_what_a_saved_form_says_now(
    app: Flask, house: House, editor: Browser
) -> None:
    page = open_form(editor, PAGE)
    fill_in(editor, page, **TOLD)
    house.look()
    project, _ = made(app)
    edit = f"/utvecklingsarbeten/{project.slug}/andra"
    fill_in(editor, open_form(editor, edit), "keep", h_problemet="Skrivet i arbetet.")
    for _ in range(2):
        fill_in(editor, page, **{**TOLD, "problem": "Skrivet i formuläret."})
    form = open_form(editor, edit)
    assert fields_of(form)["h_problemet"] == "Skrivet i arbetet."
    both = open_form(editor, see(form).links["Se båda och välj"])
    assert "Skrivet i arbetet." in both.text
    assert "Skrivet i formuläret." in both.text


def test_a_form_whose_project_is_gone_makes_another_one(app: Flask, house: House, editor: Browser) -> None:
    page = open_form(editor, PAGE)
    fill_in(editor, page, **TOLD)
    house.look()
    for one in made(app):
        (house.home / one.path).unlink()
    house.look()
    assert fields_of(open_form(editor, page.request.full_path))["what"] == ""
    for _ in range(2):
        assert fill_in(editor, page, **TOLD).status_code == 303
        house.look()
    assert len(list(app.extensions["library"].files())) == 2


def test_somebody_elses_form_leads_to_nothing_of_theirs(house: House, editor: Browser, outsider: Browser) -> None:
    page = open_form(editor, PAGE)
    fill_in(editor, page, **TOLD)
    house.look()
    assert TOLD["what"] not in open_form(outsider, page.request.full_path).text


def test_the_owner_is_asked_for_where_there_are_several_and_is_one_of_ones_own(app: Flask, editor: Browser) -> None:
    page = open_form(editor, PAGE)
    assert 'name="owner"' not in page.text
    assert fill_in(editor, page, **TOLD, owner="habo").status_code == 422
    assert not list(app.extensions["library"].files())


@pytest.mark.parametrize("source", ["../../etc", "arbetssatt/", "x" * 5000, "<script>"])
def test_a_strange_beginning_is_no_error(editor: Browser, source: str) -> None:
    assert editor.get(PAGE, query_string={"fran": source}, follow_redirects=True).status_code == 200
