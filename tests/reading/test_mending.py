"""Files that have to be mended are shown to those who can mend them, and hidden from nobody who asks for the page."""

from __future__ import annotations

import logging

import pytest

from tests.cast import Browser
from tests.house import House
from tests.seeing import see

LAST_GOOD = "/problem/content/practices/trasig.md"


@pytest.fixture
def broken(house: House) -> House:
    """A practice of Södertälje's that could be read once, and no longer can."""
    path = house.write("practices", "trasig", "Så gjorde vi förut.\n")
    house.write("practices", "hel")
    house.look()
    path.write_text(path.read_text(encoding="utf-8").replace("---\n\n", "areas: [hemlig-uppgift]\n---\n\n"))
    house.look()
    return house


def test_the_owners_read_what_is_wrong_and_what_it_said_before(broken: House, editor: Browser, admin: Browser) -> None:
    for member in (editor, admin):
        answer = member.get("/arbetssatt/trasig")
        assert answer.status_code == 503
        assert "hemlig-uppgift" in answer.text
        assert f'href="{LAST_GOOD}"' in answer.text
        said = member.get(LAST_GOOD).text
        assert "Så gjorde vi förut." in said
        assert "hemlig-uppgift" not in said


def test_others_read_that_it_is_being_mended_and_nothing_of_it(broken: House, anyone: Browser, reader: Browser) -> None:
    for other in (anyone, reader):
        answer = other.get("/arbetssatt/trasig")
        assert answer.status_code == 503
        assert "Kom tillbaka senare" in answer.text
        assert "hemlig-uppgift" not in answer.text
        assert other.get(LAST_GOOD).status_code == 404


def test_the_form_of_a_broken_file_leads_to_the_same_page(broken: House, editor: Browser) -> None:
    for page in ("andra", "historik"):
        answer = editor.get(f"/arbetssatt/trasig/{page}")
        assert answer.status_code == 503
        assert "hemlig-uppgift" in answer.text


def test_the_list_is_everybodys_own_and_all_of_it_for_administrators(
    broken: House, editor: Browser, admin: Browser, reader: Browser, anyone: Browser
) -> None:
    for member in (editor, admin):
        said = member.get("/problem").text
        assert "content/practices/trasig.md" in said
        assert "Upptäckt" in said
        assert f'href="{LAST_GOOD}"' in said
        assert 'href="/problem"' in member.get("/").text
        assert 'href="/problem"' in member.get("/mitt-konto").text
    assert "trasig" not in reader.get("/problem").text
    assert 'href="/problem"' not in reader.get("/").text
    assert 'href="/problem"' not in anyone.get("/").text
    assert anyone.get("/problem").status_code != 200


def test_a_mended_file_leaves_the_list(broken: House, editor: Browser) -> None:
    broken.write("practices", "trasig")
    broken.look()
    assert editor.get("/arbetssatt/trasig").status_code == 200
    assert "trasig" not in editor.get("/problem").text
    assert 'href="/problem"' not in editor.get("/").text


def test_healthz_counts_the_files_and_stays_as_it_was(broken: House, anyone: Browser) -> None:
    answer = anyone.get("/healthz").json
    assert answer is not None
    assert answer["problems"] == {"ok": True, "files": 1}


def test_it_is_written_in_the_log_once_that_a_file_is_broken(house: House, caplog: pytest.LogCaptureFixture) -> None:
    house.write("practices", "trasig").write_text("---\ntitle: [\n---\n")
    with caplog.at_level(logging.WARNING):
        house.look()
        house.look()
    assert sum("has to be mended" in record.getMessage() for record in caplog.records) == 1
    assert "trasig" not in caplog.text


def test_a_copy_that_kept_the_id_shows_what_to_do_and_not_the_pages_history(
    house: House, editor: Browser, anyone: Browser
) -> None:
    path = house.write("practices", "aldre", "Texten.\n")
    house.look()
    path.with_name("kopia.md").write_bytes(path.read_bytes())
    house.look()
    for page in ("", "/andra", "/historik"):
        answer = editor.get(f"/arbetssatt/kopia{page}")
        assert answer.status_code == 503, page
        assert "samma id som content/practices/aldre.md" in answer.text
        assert "ta bort raden ”id:”" in answer.text
    assert "Texten." not in anyone.get("/arbetssatt/kopia").text
    assert anyone.get("/arbetssatt/aldre").status_code == 200
    assert editor.get("/arbetssatt/aldre/historik").status_code == 200


# ---- Organisations that no register knows ----


@pytest.fixture
def misspelt(house: House) -> House:
    """A visit of Södertälje's with a guest that no register knows."""
    guests = [{"organisation": "eskilstna"}, {"organisation": "solna"}]
    house.write("studyvisits", "besok", title="Besöket", sessions=[{"guests": guests}])
    house.look()
    return house


def test_an_unknown_organisation_is_shown_as_unknown_and_leads_nowhere(misspelt: House, anyone: Browser) -> None:
    page = see(anyone.get("/studiebesok/besok"))
    assert "okänd organisation (eskilstna)" in page.words
    assert not page.leads_to("/organisationer/eskilstna")
    assert page.leads_to("/organisationer/solna")


def test_an_unknown_owner_is_shown_as_unknown_in_lists(house: House, anyone: Browser) -> None:
    house.write("practices", "a", title="Alfa", owner="sodertlje")
    house.look()
    assert "okänd organisation (sodertlje)" in see(anyone.get("/arbetssatt")).words
    assert "okänd organisation (sodertlje)" in see(anyone.get("/arbetssatt/a")).words


def test_those_who_may_mend_it_read_where_an_unknown_name_stands_and_who_was_meant(
    misspelt: House, editor: Browser, admin: Browser, reader: Browser
) -> None:
    for browser in (editor, admin):
        page = see(browser.get("/problem"))
        assert "”eskilstna” Menade du Eskilstuna? Besöket Gäst vid studiebesöket" in page.words
        assert page.links["Eskilstuna"] == "/organisationer/eskilstuna"
        assert page.links["Besöket"] == "/studiebesok/besok"
        assert page.links["Ändra Besöket"] == "/studiebesok/besok/andra"
    assert "organisations.yaml" in see(admin.get("/problem")).words
    assert "organisations.yaml" not in see(editor.get("/problem")).words
    assert "eskilstna" not in reader.get("/problem").text


def test_a_name_that_was_mended_leaves_the_list(misspelt: House, editor: Browser) -> None:
    misspelt.write("studyvisits", "besok", sessions=[{"guests": [{"organisation": "eskilstuna"}]}])
    misspelt.look()
    assert "Organisationer som Lärnät inte känner" not in see(editor.get("/problem")).words


def test_broken_words_of_the_search_are_told_to_those_who_may_change_them(
    house: House, admin: Browser, editor: Browser
) -> None:
    file = house.home / "content/vocabulary.yaml"
    file.write_text("synonyms:\n  - [AME, arbetsmarknadsenhet]\n", encoding="utf-8")
    house.look()
    assert "vocabulary.yaml" not in admin.get("/problem").text
    file.write_text("synonyms:\n  - AME\n", encoding="utf-8")
    said = admin.get("/problem").text
    assert "content/vocabulary.yaml" in said
    assert "Rad 2:" in said
    assert "vocabulary.yaml" not in editor.get("/problem").text
