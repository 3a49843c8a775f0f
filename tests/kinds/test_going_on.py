"""What follows of a cycle: the next one, begun with its plan, and a learning that cites it."""

from __future__ import annotations

from flask import Flask

from tests.cast import Browser
from tests.editing.writing import fields_of, fill_in, get, made, open_form
from tests.house import House
from tests.kinds.pressing import press
from tests.seeing import see

PAGE = "/cykler/mote/01-boka"
BODY = (
    "## Förändringen\n\nBoka direkt.\n\n## Vem gör vad, när och var\n\nTvå handläggare.\n\n"
    "## Dataplan\n\nVi räknar.\n\n"
    "## Vad vi gjorde\n\nVi bokade.\n\n## Vad vi såg\n\nFler kom.\n\n## Vad vi lärde oss\n\nDet går.\n"
)


def write(house: House, **more: object) -> None:
    house.write("projects", "mote", title="Snabbare möte")
    decided = {"status": "decided", "started": "2026-10-05", "decided": "2026-11-09", "scale": "one_person"}
    said = {"question": "Hinner vi?", "prediction": {"text": "Vi tror det."}, "decision_reason": "Det gick."}
    house.write("cycles", "mote/01-boka", BODY, **{"title": "Boka", **decided, **said, **more})
    house.look()


def test_an_adapted_cycle_begins_with_the_plan_of_the_one_before_it(house: House, app: Flask, editor: Browser) -> None:
    write(house, decision="adapt", practices=[])
    way = see(editor.get(PAGE)).links["Planera den anpassade cykeln"]
    form = open_form(editor, way)
    fields = fields_of(form, "skriv")
    assert (fields["question"], fields["scale"]) == ("Hinner vi?", "one_person")
    assert fields["h_forandringen"] == "Boka direkt."
    assert fields["h_vem_gor_vad_nar_och_var"] == "Två handläggare."
    assert fields["h_dataplan"] == "Vi räknar."
    assert fields["prediction-text"] == "", "what is predicted is its own"
    assert "Vi bokade." not in form.text
    slug = made(fill_in(editor, form, title="Boka om", prediction__text="Vi tror att det går fortare."))
    assert slug.startswith("mote/02-")
    after = get(app, "cycles", slug).front_matter
    assert after.follows == "mote/01-boka"  # type: ignore[attr-defined]
    assert "Planera den anpassade cykeln" not in see(editor.get(PAGE)).links, "there is one now"


def test_the_form_of_the_next_cycle_tells_what_was_decided_of_the_one_before_it(house: House, editor: Browser) -> None:
    prediction = {"text": "Vi tror det.", "measure": "I tid", "value": "60"}
    write(house, decision="adapt", decision_reason="Det **gick**.", prediction=prediction)
    path = house.home / "improvement_cycles/mote/01-boka.md"
    path.write_text(path.read_text(encoding="utf-8") + "\n## Nästa steg\n\nProva med tolk.\n", encoding="utf-8")
    house.look()
    form = open_form(editor, see(editor.get(PAGE)).links["Planera den anpassade cykeln"])
    page = see(form)
    assert "Bygger på Boka Beslut Anpassa Varför? Det gick. Nästa steg Prova med tolk." in page.words
    assert page.links["Boka"] == PAGE
    fields = fields_of(form, "skriv")
    assert (fields["prediction-measure"], fields["prediction-text"], fields["prediction-value"]) == ("I tid", "", "")
    again = fill_in(editor, form, title="")
    assert again.status_code == 422
    assert "Prova med tolk." in see(again).words, "also where something was wrong"
    slug = made(fill_in(editor, again, title="Boka om"))
    assert "Prova med tolk." not in see(editor.get(f"/cykler/{slug}/andra")).words


def test_what_one_may_not_see_is_told_nothing_of_in_the_next_form(house: House, reader: Browser) -> None:
    write(house, decision="adapt", decision_reason="Hemligt skäl.", publication="draft")
    house.write("projects", "eget", title="Eget", owner="solna")
    house.look()
    pages = [
        open_form(reader, f"/cykler/nytt?project=eget&follows=mote/{slug}").text
        for slug in ("01-boka", "09-finns-inte", "..")
    ]
    assert all("Bygger på" not in page.partition('<form id="skriv"')[0] for page in pages)
    assert "Hemligt skäl." not in pages[0]


def test_a_cycle_that_is_to_be_expanded_is_followed_by_one_a_step_larger(house: House, editor: Browser) -> None:
    write(house, decision="expand")
    way = see(editor.get(PAGE)).links["Planera den utökade cykeln"]
    assert fields_of(open_form(editor, way), "skriv")["scale"] == "one_team"
    write(house, decision="expand", scale="everyone")
    assert fields_of(open_form(editor, way), "skriv")["scale"] == "everyone"


def test_what_was_kept_or_abandoned_leads_to_an_empty_plan(house: House, editor: Browser) -> None:
    write(house, decision="abandon")
    way = see(editor.get(PAGE)).links["Planera nästa cykel"]
    fields = fields_of(open_form(editor, way), "skriv")
    assert fields["question"] == ""


def test_a_cycle_that_one_may_not_read_gives_nothing_to_the_next(house: House, reader: Browser) -> None:
    write(house, decision="adapt", publication="draft")
    house.write("projects", "eget", title="Eget", owner="solna")
    house.look()
    form = open_form(reader, "/cykler/nytt?project=eget&fran=cykler/mote/01-boka")
    assert "Boka direkt." not in form.text
    assert "mote/01-boka" not in form.text


def test_a_learning_from_a_cycle_cites_it_and_begins_with_what_was_tried_and_seen(
    house: House, editor: Browser
) -> None:
    write(house, decision="abandon")
    way = see(editor.get(PAGE)).links["Skriv en lärdom"]
    first = fields_of(open_form(editor, way), "skriv")
    assert first["worked"] == "did_not_work"
    assert first["date"] == "2026-11-09"
    assert first["h_vad_det_handlar_om"] == "Hinner vi?"
    assert first["h_vad_vi_provade"] == "Boka direkt.\n\nVi bokade."
    assert first["h_vad_som_hande"] == "Fler kom.\n\nDet går."
    assert "mote/01-boka" in first.getlist("cycles") + first.getlist("cycles-0")


def test_a_decision_needs_a_reason(house: House, editor: Browser) -> None:
    write(house, status="studying", decision="adopt", decision_reason="")
    page = see(editor.get(PAGE))
    assert page.links["Skriv varför i Agera"] == f"{PAGE}/andra?steg=4#f-decision_reason"
    answer = press(editor, PAGE, "Ändra läget", other="decided")
    assert answer.status_code == 422
    assert "Skriv varför ni bestämde så." in answer.text
