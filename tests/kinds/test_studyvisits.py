from __future__ import annotations

from typing import Any

from tests.cast import Browser
from tests.editing.writing import fields_of, fill_in, get, open_form
from tests.house import House
from tests.kinds.pressing import followed
from tests.seeing import see

PAGE = "/studiebesok/forsorjningsstod"


def write(house: House, **more: Any) -> None:
    house.write("practices", "extra-personal", title="Extra personal")
    house.write(
        "studyvisits",
        "forsorjningsstod",
        **{
            "title": "Besök hos Försörjningsstöd",
            "status": "confirmed",
            "host": "sodertalje",
            "place": "Nygatan 23",
            "purpose": "Se hur **enheten** arbetar.",
            "people": "ett femtiotal",
            "practices": ["extra-personal"],
            "sessions": [
                {
                    "date": "onsdagen den 3 februari",
                    "time": "13.00",
                    "people": 25,
                    "guests": [{"organisation": "borlange", "status": "confirmed"}],
                },
                {"date": "framgår inte", "guests": [{"organisation": "gavle", "took_home": "En fråga."}]},
            ],
            "programme": [{"time": "13.00", "what": "Besöket börjar."}],
            "questions": [{"question": "Hur gör ni?", "asked_by": "Gästerna"}],
            "sources": [{"title": "Pressmeddelande"}],
            **more,
        },
    )
    house.look()


def test_a_visit_shows_when_who_and_what_is_not_known(house: House, anyone: Browser) -> None:
    write(house)
    page = see(anyone.get(PAGE))
    assert "Onsdag 3 februari kl. 13.00 År framgår inte av källan 25 personer kommer." in page.words
    assert "Tillfälle 2 Datum framgår inte" in page.words
    assert "Borlänge ✓ Bekräftad" in page.words
    assert "Gävle ? Har bett att få komma" in page.words
    assert "Besökare sammanlagt cirka 10" not in page.words
    assert "Besökare sammanlagt cirka 50 personer" in page.words
    assert "Antal platser framgår inte" in page.words


def test_each_guest_has_a_line_for_what_it_took_home(house: House, anyone: Browser) -> None:
    write(house)
    page = see(anyone.get(PAGE))
    assert "Borlänge Bekräftad Framgår inte av källan" in page.words
    assert "Gävle Har bett att få komma En fråga." in page.words


def test_what_one_took_home_oneself_can_be_tried(house: House, anyone: Browser, editor: Browser) -> None:
    guests = [
        {"organisation": "sodertalje", "took_home": "Boka mötet direkt."},
        {"organisation": "gavle", "took_home": "En fråga."},
    ]
    house.write("studyvisits", "besoket", areas=["arbetsmarknad"], sessions=[{"date": "2026-02-03", "guests": guests}])
    house.look()
    assert "Prova det här själva" not in anyone.get("/studiebesok/besoket").text
    page = editor.get("/studiebesok/besoket")
    assert page.text.count("Prova det här själva") == 1
    form = open_form(editor, see(page).links["Prova det här själva"])
    assert "Det bygger på" in see(form).words
    assert fields_of(form)["test"] == "Boka mötet direkt."
    told = {"problem": "Det tar veckor.", "what": "Fler får ett möte", "prediction": "Vi tror att fler kommer."}
    cycle = see(followed(editor, fill_in(editor, form, **told)))
    assert cycle.headings[0] == (1, "Boka mötet direkt.")
    address = cycle.links["Fler får ett möte"]
    assert see(editor.get(address)).leads_to("/studiebesok/besoket")
    assert "arbetsmarknad" in get(house.app, "projects", address.rpartition("/")[2]).text


def test_something_long_that_was_taken_home_is_how_it_is_done(house: House, editor: Browser) -> None:
    long = "Handläggaren bokar tiden medan den sökande sitter kvar, och skriver den på en lapp. " * 3
    guests = [{"organisation": "sodertalje", "took_home": long}]
    house.write("studyvisits", "besoket", sessions=[{"date": "2026-02-03", "guests": guests}])
    house.look()
    form = open_form(editor, see(editor.get("/studiebesok/besoket")).links["Prova det här själva"])
    assert fields_of(form)["test"] == ""
    assert fields_of(form)["change"] == long.strip()


def test_one_click_leads_from_a_visit_to_the_practice_and_to_each_guest_and_back(house: House, anyone: Browser) -> None:
    write(house)
    page = see(anyone.get(PAGE))
    assert page.links["Extra personal"] == "/arbetssatt/extra-personal"
    assert page.leads_to("/organisationer/borlange")
    assert page.leads_to("/organisationer/gavle")
    practice = see(anyone.get("/arbetssatt/extra-personal"))
    assert "Studiebesök som tittade på det Besök hos Försörjningsstöd" in practice.words
    assert practice.leads_to(PAGE)
    guest = see(anyone.get("/organisationer/borlange"))
    assert (3, "Besöker andra") in guest.headings
    assert guest.leads_to(PAGE)
    host = see(anyone.get("/organisationer/sodertalje"))
    assert (3, "Tar emot") in host.headings


def test_a_visit_of_which_little_is_known_says_so(house: House, anyone: Browser) -> None:
    house.write("studyvisits", "okant", host="")
    house.look()
    page = see(anyone.get("/studiebesok/okant"))
    assert "Värd Inget skrivet än" in page.words
    assert "Tillfällen Inget skrivet än" in page.words
    assert "Be om ett eget besök" not in page.words


def test_a_visit_abroad_names_its_country(house: House, anyone: Browser) -> None:
    write(house, place="Bukarest", country="rumanien")
    assert "Plats Bukarest, Rumänien" in see(anyone.get(PAGE)).words


def test_questions_and_programme_are_shown(house: House, anyone: Browser) -> None:
    write(house)
    page = see(anyone.get(PAGE))
    assert (3, "Hur gör ni?") in page.headings
    assert "Gästerna Svaret framgår inte" in page.words
    assert "13.00 Besöket börjar." in page.words
