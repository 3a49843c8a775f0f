"""New documents and changed ones, through the pages: steps, working copies, errors, rows, previews."""

from __future__ import annotations

from flask import Flask

from app.accounts import belonging, people
from app.accounts.tables import OrganisationRole
from tests.cast import EDITOR, Browser
from tests.editing.writing import NOT_SAVED, errors_on, fields_of, fill_in, get, leads_to, made, open_form
from tests.house import House

HTMX = {"HX-Request": "true"}


# ---- A new document ----


def test_a_new_document_is_saved_from_its_first_page(app: Flask, editor: Browser) -> None:
    page = open_form(editor, "/arbetssatt/nytt")
    answer = fill_in(
        editor, page, title="Kartläggning på begriplig svenska", summary="Kort.", areas=["forsorjningsstod"]
    )
    assert leads_to(answer, "/arbetssatt/kartlaggning-pa-begriplig-svenska")
    saved = get(app, "practices", made(answer))
    assert saved.front_matter.owner == "sodertalje"
    assert str(saved.front_matter.publication) == "draft"
    assert saved.text.startswith("---\nid: ")
    assert "Sparat" in editor.get(answer.location).text


def test_a_new_document_asks_for_access_and_for_an_organisation(anyone: Browser) -> None:
    assert anyone.get("/arbetssatt/nytt").status_code == 401
    assert anyone.post("/arbetssatt/nytt", data={"title": "x"}).status_code == 401


def test_nobody_writes_for_an_organisation_that_is_not_theirs(app: Flask, outsider: Browser) -> None:
    page = open_form(outsider, "/arbetssatt/nytt")
    answer = fill_in(outsider, page, title="Fräckt", owner="sodertalje")
    assert answer.status_code == 422
    assert errors_on(answer) == ["Du kan bara välja en organisation som du själv är medlem i."]
    assert not list(app.extensions["library"].files())


def test_a_form_sent_twice_makes_one_document(app: Flask, editor: Browser) -> None:
    page = open_form(editor, "/arbetssatt/nytt")
    first = fill_in(editor, page, title="En gång")
    again = fill_in(editor, page, title="En gång")
    assert first.location == again.location
    assert len(list(app.extensions["library"].files())) == 1


def test_going_back_and_saving_again_changes_the_document_that_was_made(app: Flask, editor: Browser) -> None:
    page = open_form(editor, "/arbetssatt/nytt")
    first = fill_in(editor, page, title="Först", summary="Kort.")
    again = fill_in(editor, page, title="Först", summary="Längre.")
    assert again.location == first.location
    assert get(app, "practices", made(first)).front_matter.summary == "Längre."
    assert len(list(app.extensions["library"].files())) == 1


def test_whoever_has_left_changes_nothing_by_sending_their_new_form_again(
    app: Flask, house: House, editor: Browser
) -> None:
    page = open_form(editor, "/arbetssatt/nytt")
    slug = made(fill_in(editor, page, title="Först", summary="Kort."))
    path = house.home / f"content/practices/{slug}.md"
    path.write_text(path.read_text("utf-8").replace("publication: draft", "publication: published"), "utf-8")
    house.look()
    with app.extensions["databases"].kept() as session:
        person = people.find(session, EDITOR.email)
        assert person
        belonging.set_role(session, person, "sodertalje", None)
        belonging.set_role(session, person, "solna", OrganisationRole.MEMBER)
    for button in ("save", "keep", "add areas"):
        assert fill_in(editor, page, button, title="Först", summary="Längre.").status_code == 403, button
    assert get(app, "practices", slug).front_matter.summary == "Kort."


def test_the_address_of_a_new_form_leads_back_to_what_it_has_made(app: Flask, house: House, editor: Browser) -> None:
    house.write("practices", "kartan", title="Kartan", areas=["arbetsmarknad"])
    house.look()
    page = open_form(editor, "/studiebesok/nytt?fran=arbetssatt/kartan")
    address = page.request.full_path
    again = fields_of(editor.get(address))
    assert again["_token"] == fields_of(page)["_token"], "who reloads it has the same form"
    assert again["practices-0"] == "kartan"
    first = fill_in(editor, page, title="Ett besök")
    house.look()
    assert editor.get(address).location == f"{first.location}/andra"
    assert fields_of(open_form(editor, address))["title"] == "Ett besök"


def test_a_cycle_lies_in_its_project_and_gets_the_next_number(app: Flask, house: House, editor: Browser) -> None:
    house.write("projects", "remissen", areas=["arbetsmarknad"], invented=True)
    house.write("cycles", "remissen/01-forsta")
    house.look()
    assert "Remissen" in editor.get("/cykler/nytt").text
    page = open_form(editor, "/cykler/nytt?project=remissen")
    answer = fill_in(editor, page, title="Andra försöket", prediction__text="Vi tror att det går.")
    assert leads_to(answer, "/cykler/remissen/02-andra-forsoket")
    front = get(app, "cycles", made(answer)).front_matter
    assert front.areas == ["arbetsmarknad"]
    assert front.invented is True
    assert front.prediction.text == "Vi tror att det går."  # type: ignore[attr-defined]


def test_nobody_adds_a_cycle_to_somebody_elses_project(house: House, outsider: Browser) -> None:
    house.write("projects", "remissen")
    house.look()
    assert outsider.get("/cykler/nytt?project=remissen").status_code == 403
    assert outsider.post("/cykler/nytt", data={"title": "x", "_parent": "remissen"}).status_code == 403
    assert outsider.post("/cykler/nytt", data={"title": "x", "_parent": "finns-inte"}).status_code == 404


def test_a_new_document_is_filled_in_from_where_one_comes(house: House, editor: Browser) -> None:
    house.write("practices", "kartan", areas=["hemloshet"])
    house.look()
    fields = fields_of(open_form(editor, "/utvecklingsarbeten/nytt?practices=kartan&steg=3"))
    assert fields.getlist("practices") == ["", "kartan"]
    fields = fields_of(open_form(editor, "/utvecklingsarbeten/nytt?fran=arbetssatt/kartan&steg=6"))
    assert fields.getlist("areas") == ["", "hemloshet"]


# ---- Steps and working copies ----


def test_every_step_keeps_what_was_typed_and_leads_on(editor: Browser) -> None:
    page = open_form(editor, "/arbetssatt/nytt")
    answer = fill_in(editor, page, "next", title="I steg", summary="Första steget.")
    assert answer.status_code == 303
    second = open_form(editor, answer.location)
    assert "Steg 2 av 5" in second.text
    third = fill_in(editor, second, "next", h_sa_gor_vi="Vi sitter ner tillsammans.")
    saved = fill_in(editor, open_form(editor, third.location))
    assert leads_to(saved, "/arbetssatt/i-steg")
    shown = editor.get(saved.location).text
    assert "Vi sitter ner tillsammans." in shown
    assert "Första steget." in shown


def test_moving_between_steps_keeps_what_was_typed(editor: Browser, house: House) -> None:
    house.write("practices", "kartan")
    house.look()
    page = open_form(editor, "/arbetssatt/kartan/andra")
    answer = fill_in(editor, page, "step 4", unit="Mottagningen")
    assert answer.location == "/arbetssatt/kartan/andra?steg=4"
    assert fields_of(open_form(editor, "/arbetssatt/kartan/andra"))["unit"] == "Mottagningen"


def test_a_working_copy_is_offered_again_and_can_be_thrown_away(app: Flask, house: House, editor: Browser) -> None:
    house.write("practices", "kartan", unit="Gamla enheten")
    house.look()
    page = open_form(editor, "/arbetssatt/kartan/andra")
    kept = fill_in(editor, page, url="/arbetssatt/kartan/andra/utkast", unit="Nya enheten")
    assert "Det du har skrivit är undanlagt kl." in kept.text
    again = open_form(editor, "/arbetssatt/kartan/andra")
    assert NOT_SAVED in again.text
    assert fields_of(again)["unit"] == "Nya enheten"
    fill_in(editor, again, "discard")
    assert fields_of(open_form(editor, "/arbetssatt/kartan/andra"))["unit"] == "Gamla enheten"
    assert get(app, "practices", "kartan").front_matter.unit == "Gamla enheten"  # type: ignore[attr-defined]


def test_a_working_copy_is_only_its_writers(house: House, editor: Browser, colleague: Browser) -> None:
    house.write("practices", "kartan")
    house.look()
    fill_in(editor, open_form(editor, "/arbetssatt/kartan/andra"), "keep", unit="Hemligt")
    assert "Hemligt" not in open_form(colleague, "/arbetssatt/kartan/andra").text


def test_a_new_document_that_was_begun_is_offered_again(editor: Browser, colleague: Browser) -> None:
    page = open_form(editor, "/arbetssatt/nytt")
    fill_in(editor, page, url="/arbetssatt/nytt/utkast", title="Halvfärdig")
    again = open_form(editor, "/arbetssatt/nytt")
    assert "Fortsätt på ”Halvfärdig”" in again.text
    assert fields_of(again, "skriv")["title"] == ""
    token = fields_of(page, "skriv")["_token"]
    gone_on_with = open_form(editor, f"/arbetssatt/nytt?utkast={token}")
    assert fields_of(gone_on_with, "skriv")["title"] == "Halvfärdig"
    assert "Halvfärdig" not in colleague.get(f"/arbetssatt/nytt?utkast={token}").text


def test_saving_ends_the_working_copy(editor: Browser) -> None:
    page = open_form(editor, "/arbetssatt/nytt")
    fill_in(editor, page, url="/arbetssatt/nytt/utkast", title="Klar")
    saved = fill_in(editor, page, title="Klar")
    assert "Fortsätt på" not in open_form(editor, "/arbetssatt/nytt").text
    assert NOT_SAVED not in open_form(editor, f"{saved.location}/andra").text


def test_typing_without_access_keeps_nothing(house: House, anyone: Browser, outsider: Browser) -> None:
    house.write("practices", "kartan")
    house.look()
    for path in ("/arbetssatt/kartan/andra/utkast", "/arbetssatt/kartan/andra"):
        assert anyone.post(path, data={"unit": "x"}).status_code == 401
        assert outsider.post(path, data={"unit": "x"}).status_code == 403


# ---- Changing a document ----


def test_a_change_touches_only_what_was_changed_in_the_file(app: Flask, house: House, editor: Browser) -> None:
    path = house.write("practices", "kartan", "## Så gör vi\n\nSom förut.\n\n## Eget\n\nOrört.\n", unit="Gamla")
    text = path.read_text().replace("unit: Gamla", "unit: Gamla # en kommentar\nokand: ja, precis")
    path.write_text(text)
    house.look()
    page = open_form(editor, "/arbetssatt/kartan/andra")
    answer = fill_in(editor, page, summary="Ny sammanfattning.")
    assert answer.status_code == 303
    new = path.read_text()
    assert "summary: Ny sammanfattning." in new
    assert new.replace("summary: Ny sammanfattning.\n", "") == text


def test_text_under_headings_the_form_does_not_know_is_kept_and_can_be_changed(
    app: Flask, house: House, editor: Browser
) -> None:
    body = "Inledning.\n\n## Så gör vi\n\nSom förut.\n\n## Eget\n\nEgen text.\n"
    house.write("practices", "kartan", body)
    house.look()
    page = open_form(editor, "/arbetssatt/kartan/andra?steg=2")
    assert fields_of(page)["h_ovrigt_"] == "Inledning.\n\n## Eget\n\nEgen text."
    fill_in(editor, page, h_varfor="Därför.", h_ovrigt_="Ny inledning.\n\n## Annat\n\nAnnan text.")
    saved = get(app, "practices", "kartan").body
    assert "Egen text" not in saved
    for words in ("Ny inledning.", "## Varför\n\nDärför.", "## Så gör vi\n\nSom förut.", "## Annat\n\nAnnan text."):
        assert words in saved


def test_a_heading_typed_into_a_box_stays_in_that_box(house: House, editor: Browser) -> None:
    house.write("practices", "kartan", "## Så gör vi\n\nText.\n")
    house.look()
    page = open_form(editor, "/arbetssatt/kartan/andra?steg=2")
    fill_in(editor, page, h_sa_gor_vi="Text.\n\n## Varför\n\nMer text.")
    fields = fields_of(open_form(editor, "/arbetssatt/kartan/andra?steg=2"))
    assert fields["h_sa_gor_vi"] == "Text.\n\n### Varför\n\nMer text."
    assert fields["h_varfor"] == ""


def test_a_change_asks_for_access_and_refuses_others(house: House, anyone: Browser, outsider: Browser) -> None:
    house.write("practices", "kartan")
    house.write("practices", "hemlig", publication="draft")
    house.look()
    assert anyone.get("/arbetssatt/kartan/andra").status_code == 401
    assert outsider.get("/arbetssatt/kartan/andra").status_code == 403
    assert outsider.get("/arbetssatt/hemlig/andra").status_code == 404
    assert outsider.post("/arbetssatt/hemlig/andra", data={"title": "x"}).status_code == 404


def test_a_draft_is_saved_and_published_with_one_button(app: Flask, house: House, editor: Browser) -> None:
    house.write("practices", "kartan", publication="draft")
    house.look()
    page = open_form(editor, "/arbetssatt/kartan/andra")
    fill_in(editor, page, "publish sure")
    assert str(get(app, "practices", "kartan").front_matter.publication) == "published"
    assert "Spara och publicera" not in open_form(editor, "/arbetssatt/kartan/andra").text


def test_saving_nothing_makes_no_revision(house: House, editor: Browser) -> None:
    house.write("practices", "kartan")
    house.look()
    before = editor.get("/arbetssatt/kartan/historik").text.count("<tr>")
    answer = fill_in(editor, open_form(editor, "/arbetssatt/kartan/andra"))
    assert answer.status_code == 303
    assert editor.get("/arbetssatt/kartan/historik").text.count("<tr>") == before


# ---- What is wrong ----


def test_what_is_wrong_stands_in_a_summary_that_leads_to_the_fields(editor: Browser) -> None:
    page = open_form(editor, "/arbetssatt/nytt")
    answer = fill_in(editor, page, title="", summary="Finns kvar.")
    assert answer.status_code == 422
    assert "En sak behöver rättas" in answer.text
    assert 'href="#f-title"' in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert "Finns kvar." in answer.text


def test_a_mistake_on_another_step_leads_there(house: House, editor: Browser) -> None:
    house.write("studyvisits", "besoket")
    house.look()
    page = open_form(editor, "/studiebesok/besoket/andra?steg=2")
    added = fill_in(editor, page, "add sessions")
    wrong = fill_in(editor, added, "step 1", sessions__0__date="fjortonde smultron")
    answer = fill_in(editor, open_form(editor, wrong.location))
    assert answer.status_code == 422
    assert "Steg 2 av 6" in answer.text
    assert 'href="#f-sessions-0-date"' in answer.text
    assert "fjortonde smultron" in answer.text


def test_a_step_with_a_mistake_is_not_left_behind(editor: Browser, house: House) -> None:
    house.write("practices", "kartan")
    house.look()
    page = open_form(editor, "/arbetssatt/kartan/andra?steg=5")
    answer = fill_in(editor, page, review_by="i sommar")
    assert answer.status_code == 422
    assert any("datum som" in line for line in errors_on(answer))


def test_an_organisation_is_named_in_words_and_a_misspelt_one_gets_a_suggestion(
    app: Flask, house: House, editor: Browser
) -> None:
    house.write("studyvisits", "besoket", host="sodertalje")
    house.look()
    name = app.extensions["organisations"].get("sodertalje").name
    page = open_form(editor, "/studiebesok/besoket/andra")
    assert fields_of(page)["host"] == name
    wrong = fill_in(editor, page, host="Södertelje")
    assert wrong.status_code == 422
    assert f"Menade du {name}" in errors_on(wrong)[0]
    assert fill_in(editor, wrong, host="Solna stad").status_code in (303, 422)
    assert fill_in(editor, page, host="solna").status_code == 303
    assert get(app, "studyvisits", "besoket").front_matter.host == "solna"  # type: ignore[attr-defined]


def test_a_link_that_leads_nowhere_is_stopped_with_a_suggestion(house: House, editor: Browser) -> None:
    house.write("practices", "kartan")
    house.write("practices", "remiss-pa-en-sida")
    house.look()
    page = open_form(editor, "/arbetssatt/kartan/andra?steg=2")
    wrong = fill_in(editor, page, h_varfor="Se [[arbetssatt/remis-pa-en-sida]].")
    assert wrong.status_code == 422
    assert errors_on(wrong) == [
        "Länken på rad 1 leder ingenstans: ”arbetssatt/remis-pa-en-sida”. Menade du [[arbetssatt/remiss-pa-en-sida]]?"
    ]
    assert 'href="#f-h_varfor"' in wrong.text
    assert fill_in(editor, wrong, h_varfor="Se [[arbetssatt/remiss-pa-en-sida]].").status_code == 303


def test_nobody_learns_of_a_draft_by_linking_to_it(house: House, outsider: Browser) -> None:
    house.write("practices", "hemlig-plan", publication="draft")
    house.write("practices", "egen", owner="habo")
    house.look()
    page = open_form(outsider, "/arbetssatt/egen/andra?steg=2")
    wrong = fill_in(outsider, page, h_varfor="Se [[arbetssatt/hemlig-pla]] och [[arbetssatt/hemlig-plan]].")
    assert wrong.status_code == 422
    assert "Menade du" not in wrong.text


def test_an_old_mistake_elsewhere_does_not_stop_a_change(house: House, editor: Browser) -> None:
    house.write("practices", "kartan", "## Varför\n\nSe [[arbetssatt/borttagen]].\n", networks=["finns-inte"])
    house.look()
    page = open_form(editor, "/arbetssatt/kartan/andra")
    assert fill_in(editor, page, unit="Mottagningen").status_code == 303


def test_a_hostile_form_is_answered_with_a_page(house: House, editor: Browser) -> None:
    house.write("practices", "kartan")
    house.look()
    path = "/arbetssatt/kartan/andra"
    assert editor.post(path, data={f"x{number}": "" for number in range(6_000)}).status_code == 413
    assert editor.post(path, data={"title": "a\x00b", "_version": "x"}).status_code in (409, 422)
    assert editor.post(path, data={"_do": "remove ../../x", "_step": "-1"}).status_code == 200
    assert editor.post(path, data={"_do": "step 99999999999999999999"}).status_code == 303
    assert editor.post(path, data={"_do": "preview ../x"}, headers=HTMX).status_code == 404


# ---- Rows and previews ----


def test_rows_are_added_without_javascript_and_come_back_with_what_was_typed(house: House, editor: Browser) -> None:
    house.write("studyvisits", "besoket")
    house.look()
    page = open_form(editor, "/studiebesok/besoket/andra?steg=2")
    page = fill_in(editor, page, "add sessions")
    page = fill_in(editor, page, "add sessions-0-guests", sessions__0__date="3 februari")
    assert (
        'name="sessions-0-guests-0-organisation" value="" list="organisationer" autocomplete="off" autofocus'
        in page.text
    )
    saved = fill_in(editor, page, sessions__0__guests__0__organisation="solna")
    assert saved.status_code == 303
    assert "Solna" in editor.get(saved.location).text


def test_with_htmx_only_the_list_is_answered(house: House, editor: Browser) -> None:
    house.write("studyvisits", "besoket")
    house.look()
    fields = fields_of(open_form(editor, "/studiebesok/besoket/andra?steg=2"))
    answer = editor.post("/studiebesok/besoket/andra", data={**fields, "_do": "add sessions"}, headers=HTMX)
    assert answer.text.strip().startswith("<fieldset")
    assert "<html" not in answer.text
    assert 'name="sessions-0-date"' in answer.text


def test_text_is_previewed_with_and_without_htmx(house: House, editor: Browser) -> None:
    house.write("practices", "kartan")
    house.look()
    page = open_form(editor, "/arbetssatt/kartan/andra?steg=2")
    fields = fields_of(page)
    fields["h_varfor"] = "Det är **viktigt**. <script>alert(1)</script>"
    fields["_do"] = "preview h_varfor"
    whole = editor.post("/arbetssatt/kartan/andra", data=fields)
    part = editor.post("/arbetssatt/kartan/andra", data=fields, headers=HTMX)
    for answer in (whole, part):
        assert "<strong>viktigt</strong>" in answer.text
        assert "<script>alert" not in answer.text
    assert "<html" in whole.text
    assert "<html" not in part.text


# ---- An expired sign-in ----


def test_a_form_sent_after_the_sign_in_expired_is_kept_when_one_signs_in(
    house: House, editor: Browser, anyone: Browser
) -> None:
    house.write("practices", "kartan")
    house.look()
    fields = fields_of(open_form(editor, "/arbetssatt/kartan/andra"))
    fields["unit"] = "Skrivet medan jag loggades ut"
    refused = anyone.post("/arbetssatt/kartan/andra", data=fields)
    assert refused.status_code == 401
    carried = fields_of(refused)
    carried["email"], carried["password"] = "editor@sodertalje.test", "en lång mening att minnas"
    signed_in = anyone.post("/logga-in", data=carried)
    assert signed_in.status_code == 303
    assert fields_of(open_form(anyone, signed_in.location))["unit"] == "Skrivet medan jag loggades ut"


def test_somebody_else_who_signs_in_cannot_keep_a_form_they_may_not_use(house: House, anyone: Browser) -> None:
    house.write("practices", "kartan")
    house.look()
    refused = anyone.post("/arbetssatt/kartan/andra", data={"unit": "x y", "_version": "z"})
    carried = fields_of(refused)
    carried["email"], carried["password"] = "utanfor@habo.test", "en lång mening att minnas"
    answer = anyone.post("/logga-in", data=carried)
    assert answer.status_code == 200
    assert anyone.get("/arbetssatt/kartan/andra").status_code == 403
