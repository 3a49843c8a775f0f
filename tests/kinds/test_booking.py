"""Asking for seats, being answered, withdrawing and telling, through the page of a visit."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from flask import Flask

from app.editing import events
from app.kinds.studyvisits import StudyVisit
from app.library.document import Document
from app.library.fields import MONTHS
from tests.cast import COORDINATOR, OUTSIDER, READER, Browser, Role, browser
from tests.house import House
from tests.kinds.pressing import buttons_on, followed, forms_on, press, sent, told
from tests.seeing import see

PAGE = "/studiebesok/kom-och-se"
SOON = events.today() + timedelta(days=20)
WHEN = f"den {SOON.day} {MONTHS[SOON.month - 1]}"
PAST = events.today() - timedelta(days=20)
THEN = f"den {PAST.day} {MONTHS[PAST.month - 1]}"


@pytest.fixture(autouse=True)
def visit(house: House) -> None:
    write(house)


def write(house: House, guests: list[dict[str, Any]] | None = None, **more: Any) -> None:
    """A visit in Södertälje with one session of ten seats."""
    session = {"date": SOON.isoformat(), "time": "13.00", "seats": 10, "guests": guests or []}
    house.write("studyvisits", "kom-och-se", **{"status": "open", "sessions": [session], **more})
    house.look()


def document(app: Flask) -> Document:
    found: Document = app.extensions["library"].get("studyvisits", "kom-och-se")
    return found


def guests(app: Flask) -> dict[str, str]:
    front = document(app).front_matter
    assert isinstance(front, StudyVisit)
    return {guest.organisation: f"{guest.status} {guest.people or ''}".strip() for guest in front.guests}


def ask(who: Browser, people: str = "3", **typed: str) -> Any:
    return press(who, PAGE, "Be om plats", people=people, **typed)


# ---- Asking ----


def test_a_member_of_any_organisation_asks_for_seats(app: Flask, outsider: Browser, editor: Browser) -> None:
    page = followed(outsider, ask(outsider))
    assert f"Sparat: Håbo bad om 3 platser {WHEN}." in see(page).words
    assert "10 platser, 7 kvar" in see(page).words
    assert guests(app) == {"habo": "requested 3"}
    assert told(app, document(app)) == [(f"Håbo bad om 3 platser {WHEN}", "habo")]
    assert f"Håbo bad om 3 platser {WHEN}" in see(editor.get(f"{PAGE}/historik")).words


def test_asking_for_seats_asks_for_a_sign_in_and_sends_the_form_again_after_it(
    app: Flask, anyone: Browser, outsider: Browser
) -> None:
    assert "Logga in för att be om plats" in see(anyone.get(PAGE)).links
    address, fields = sent(outsider.get(PAGE), "Be om plats", people="3")
    answer = anyone.post(address, data=fields)
    assert answer.status_code == 401
    assert guests(app) == {}
    form = next(form for form in forms_on(answer) if "password" in form.fields)
    again = anyone.post(
        form.action, data={**form.fields, "email": OUTSIDER.email, "password": "en lång mening att minnas"}
    )
    anyone.post(address, data={k: v for k, v in forms_on(again)[0].fields.items() if k != "csrf_token"})
    assert guests(app) == {"habo": "requested 3"}


def test_nobody_asks_in_the_name_of_another_organisation(app: Flask, outsider: Browser, admin: Browser) -> None:
    address, fields = sent(outsider.get(PAGE), "Be om plats", people="3", organisation="solna")
    assert outsider.post(address, data=fields).status_code == 403
    assert "Be om plats" not in buttons_on(admin.get(PAGE))
    assert guests(app) == {}


def test_a_visit_that_one_may_not_read_of_cannot_be_asked_for(house: House, outsider: Browser) -> None:
    write(house, visibility="organisation")
    assert outsider.post(f"{PAGE}/platser", data={"organisation": "habo"}).status_code == 404


def test_a_form_without_our_own_token_is_not_carried_out(app: Flask, outsider: Browser) -> None:
    address, fields = sent(outsider.get(PAGE), "Be om plats", people="3")
    assert outsider.post(address, data=fields, token=False).status_code == 400
    assert guests(app) == {}


def test_a_double_click_asks_once(app: Flask, outsider: Browser) -> None:
    page = outsider.get(PAGE)
    first, second = (press(outsider, page, "Be om plats", people="3") for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert "Sparat: Håbo bad om 3 platser" in see(followed(outsider, second)).words
    assert guests(app) == {"habo": "requested 3"}
    assert len(told(app, document(app))) == 1


def test_who_is_there_already_is_told_so_on_the_page(app: Flask, outsider: Browser) -> None:
    ask(outsider)
    answer = ask(outsider, "4")
    assert answer.status_code == 422
    assert "Ni är redan anmälda till det tillfället" in see(answer).words
    assert 'value="4"' in answer.text
    assert "<title>Fel: " in " ".join(answer.text.split())
    assert guests(app) == {"habo": "requested 3"}


@pytest.mark.parametrize("people", ["", "noll", "0", "-1", "1000", "2,5"])
def test_the_number_of_people_has_to_be_a_number(app: Flask, outsider: Browser, people: str) -> None:
    answer = ask(outsider, people)
    assert answer.status_code == 422
    assert "Skriv hur många ni är med siffror" in see(answer).words
    assert guests(app) == {}


def test_a_visit_that_has_closed_meanwhile_refuses(house: House, app: Flask, outsider: Browser) -> None:
    page = outsider.get(PAGE)
    write(house, status="confirmed")
    answer = press(outsider, page, "Be om plats", people="3")
    assert answer.status_code == 422
    assert "Besöket är inte öppet för anmälan: det är bekräftat." in see(answer).words
    assert "Be om plats" not in see(outsider.get(PAGE)).words
    assert guests(app) == {}


def test_where_seats_do_not_suffice_one_can_wait_for_them(house: House, app: Flask, outsider: Browser) -> None:
    write(house, [{"organisation": "gavle", "people": 8}])
    answer = ask(outsider)
    assert answer.status_code == 422
    assert "Det är 2 platser kvar, och ni är 3." in see(answer).words
    page = followed(outsider, press(outsider, answer, "Ställ oss på väntelistan"))
    assert f"Sparat: Håbo väntar på 3 platser {WHEN}." in see(page).words
    assert guests(app) == {"gavle": "requested 8", "habo": "waiting 3"}


def test_the_waiting_list_is_offered_at_once_where_everything_is_taken(house: House, outsider: Browser) -> None:
    assert "Ställ oss på väntelistan" not in buttons_on(outsider.get(PAGE))
    write(house, [{"organisation": "gavle", "people": 10}])
    assert "Ställ oss på väntelistan" in buttons_on(outsider.get(PAGE))


def test_of_several_sessions_one_is_chosen_and_those_that_have_been_are_not_offered(
    house: House, app: Flask, outsider: Browser
) -> None:
    sessions = [{"date": day.isoformat(), "seats": 5} for day in (PAST, SOON, SOON + timedelta(days=1))]
    write(house, sessions=sessions)
    page = outsider.get(PAGE)
    assert page.text.count('type="radio" name="session"') == 2
    assert "Välj vilket tillfälle" in see(press(outsider, page, "Be om plats", people="2")).words
    press(outsider, page, "Be om plats", people="2", session=f"2 {SOON.isoformat()}")
    front = document(app).front_matter
    assert isinstance(front, StudyVisit)
    assert [len(session.guests) for session in front.sessions] == [0, 1, 0]


def test_only_the_lines_of_what_happened_are_new_in_the_file(house: House, app: Flask, outsider: Browser) -> None:
    path = house.home / "content/studyvisits/kom-och-se.md"
    before = f"""---
id: 063ce221-da95-42b6-a174-cd5386a98bf7
title:   "Kom och se"   # en anmärkning
owner: sodertalje
publication: published
status: open
egen_nyckel: [1,  2]
sessions:
  # Höstens enda
  - date: {SOON.isoformat()}
    seats: 10
    lunch: ja
    guests:
      - organisation: gavle
        status: requested
        people: 4
contact: 'Teamledaren'
---

Text med  två blanksteg.
"""
    path.write_text(before, encoding="utf-8")
    house.look()
    ask(outsider)
    new = "      - organisation: habo\n        status: requested\n        people: 3\n"
    assert path.read_text(encoding="utf-8").replace(new, "") == before
    assert guests(app)["habo"] == "requested 3"


def test_two_who_book_the_last_seat_at_the_same_time_get_one_yes_and_one_no(house: House, app: Flask) -> None:
    """With as many seats as one of them needs, whoever comes first."""
    for _ in range(5):
        write(house, [{"organisation": "gavle", "status": "confirmed", "people": 9}])
        people: tuple[Role, ...] = (READER, OUTSIDER, COORDINATOR)
        browsers = [browser(app, role) for role in people]
        pages = [one.get(PAGE) for one in browsers]
        start = Barrier(len(people))

        def book(number: int, pages: list[Any] = pages, browsers: list[Browser] = browsers, start: Any = start) -> int:
            address, fields = sent(pages[number], "Be om plats", people="1")
            start.wait()
            return browsers[number].post(address, data=fields).status_code

        with ThreadPoolExecutor(len(people)) as threads:
            answers = list(threads.map(book, range(len(people))))
        assert sorted(answers) == [303, 422, 422]
        assert len(guests(app)) == 2
        assert told(app, document(app))[0][1] == next(iter(people[answers.index(303)].roles))


# ---- Answering ----


def test_the_owners_members_answer_the_guests(app: Flask, editor: Browser, outsider: Browser) -> None:
    ask(outsider)
    page = followed(editor, press(editor, PAGE, f"Bekräfta Håbo {WHEN}"))
    assert f"Sparat: Håbo är bekräftad {WHEN}." in see(page).words
    assert guests(app) == {"habo": "confirmed 3"}
    assert told(app, document(app))[0] == (f"Håbo är bekräftad {WHEN}", "sodertalje")
    followed(editor, press(editor, PAGE, f"Deltog Håbo {WHEN}"))
    assert guests(app) == {"habo": "attended 3"}
    followed(editor, press(editor, PAGE, f"Ångra ”deltog” Håbo {WHEN}"))
    assert guests(app) == {"habo": "confirmed 3"}


def test_the_hosts_members_answer_too_where_somebody_else_owns_the_visit(
    house: House, app: Flask, reader: Browser
) -> None:
    write(house, [{"organisation": "habo", "people": 3}], host="solna")
    followed(reader, press(reader, PAGE, f"Ställ på väntelistan Håbo {WHEN}"))
    assert guests(app) == {"habo": "waiting 3"}
    assert told(app, document(app)) == [(f"Håbo står på väntelistan {WHEN}", "solna")]


def test_answering_asks_for_a_sign_in_and_refuses_others(
    house: House, app: Flask, editor: Browser, outsider: Browser, anyone: Browser
) -> None:
    write(house, [{"organisation": "habo", "people": 3}])
    address, fields = sent(editor.get(PAGE), f"Bekräfta Håbo {WHEN}")
    assert not [words for words in buttons_on(outsider.get(PAGE)) if words.startswith("Bekräfta")]
    assert outsider.post(address, data=fields).status_code == 403
    assert anyone.post(address, data=fields).status_code == 401
    assert guests(app) == {"habo": "requested 3"}


def test_an_answer_to_somebody_who_has_withdrawn_meanwhile_is_refused(
    house: House, app: Flask, editor: Browser, outsider: Browser
) -> None:
    write(house, [{"organisation": "habo", "people": 3}])
    page = editor.get(PAGE)
    press(outsider, PAGE, f"Avanmäl oss (Håbo {WHEN})")
    answer = press(editor, page, f"Bekräfta Håbo {WHEN}")
    assert answer.status_code == 422
    assert "Det gick inte att svara gästen Anmälan har ändrats" in see(answer).words
    assert guests(app) == {"habo": "declined 3"}


# ---- Withdrawing ----


def test_a_guest_withdraws_and_leaves_its_seats_to_others(house: House, app: Flask, outsider: Browser) -> None:
    write(house, [{"organisation": "habo", "status": "confirmed", "people": 10}])
    page = followed(outsider, press(outsider, PAGE, f"Avanmäl oss (Håbo {WHEN})"))
    assert f"Sparat: Håbo avanmälde sig {WHEN}." in see(page).words
    assert "Håbo ✕ Kommer inte" in see(page).words
    assert "10 platser, 10 kvar" in see(page).words
    assert guests(app) == {"habo": "declined 10"}


def test_only_the_guests_own_members_withdraw_it(
    house: House, app: Flask, outsider: Browser, reader: Browser, anyone: Browser
) -> None:
    write(house, [{"organisation": "habo", "people": 3}])
    address, fields = sent(outsider.get(PAGE), f"Avanmäl oss (Håbo {WHEN})")
    assert not [words for words in buttons_on(reader.get(PAGE)) if words.startswith("Avanmäl")]
    assert reader.post(address, data=fields).status_code == 403
    assert anyone.post(address, data=fields).status_code == 401
    assert guests(app) == {"habo": "requested 3"}


# ---- Telling ----

SAVE = f"Spara vad Håbo tog med sig hem {THEN}"


def write_one_that_has_been(house: House, status: str = "attended") -> None:
    guest = {"organisation": "habo", "status": status, "people": 3}
    write(house, status="held", sessions=[{"date": PAST.isoformat(), "guests": [guest]}])


def test_a_guest_writes_what_it_took_home_on_a_page_that_others_own(
    house: House, app: Flask, outsider: Browser, anyone: Browser
) -> None:
    write_one_that_has_been(house)
    page = followed(outsider, press(outsider, PAGE, SAVE, took_home="Vi provar **en** sak.\r\n\r\nSedan ser vi."))
    assert f"Sparat: Håbo skrev vad de tog med sig hem {THEN}." in see(page).words
    assert "Håbo Deltog Vi provar en sak. Sedan ser vi." in see(anyone.get(PAGE)).words
    assert told(app, document(app)) == [(f"Håbo skrev vad de tog med sig hem {THEN}", "habo")]


def test_telling_asks_for_a_sign_in_and_refuses_others(
    house: House, app: Flask, outsider: Browser, reader: Browser, anyone: Browser
) -> None:
    write_one_that_has_been(house)
    address, fields = sent(outsider.get(PAGE), SAVE, took_home="En text.")
    assert reader.post(address, data=fields).status_code == 403
    assert anyone.post(address, data=fields).status_code == 401
    assert "En text" not in document(app).text
    assert "tog ni med er hem?" not in see(reader.get(PAGE)).words


def test_what_two_colleagues_write_at_once_is_kept_for_both(house: House, app: Flask, outsider: Browser) -> None:
    write_one_that_has_been(house)
    mine, theirs = outsider.get(PAGE), outsider.get(PAGE)
    press(outsider, theirs, SAVE, took_home="Kollegans ord.")
    answer = press(outsider, mine, SAVE, took_home="Mina ord.")
    assert answer.status_code == 422
    assert "Någon hos er har skrivit sedan du öppnade sidan." in see(answer).words
    assert "Kollegans ord." in see(answer).words
    assert "Mina ord.</textarea>" in answer.text
    followed(outsider, press(outsider, answer, SAVE, took_home="Kollegans ord. Mina ord."))
    assert "Kollegans ord. Mina ord." in document(app).text


def test_a_text_that_is_sent_again_after_going_back_is_saved_as_the_new_one(
    house: House, app: Flask, outsider: Browser
) -> None:
    write_one_that_has_been(house)
    page = outsider.get(PAGE)
    press(outsider, page, SAVE, took_home="Först.")
    answer = press(outsider, page, SAVE, took_home="Först, och sedan mer.")
    assert answer.status_code == 422
    assert "Först, och sedan mer.</textarea>" in answer.text
    followed(outsider, press(outsider, answer, SAVE))
    assert "Först, och sedan mer." in document(app).text


# ---- Addresses ----


def test_an_event_finds_a_visit_that_has_got_another_address(house: House, app: Flask, outsider: Browser) -> None:
    page = outsider.get(PAGE)
    (house.home / "content/studyvisits/kom-och-se.md").unlink()
    house.write(
        "studyvisits",
        "nytt-namn",
        status="open",
        former_slugs=["kom-och-se"],
        sessions=[{"date": SOON.isoformat(), "time": "13.00", "seats": 10}],
    )
    house.look()
    answer = press(outsider, page, "Be om plats", people="3")
    assert answer.headers["Location"] == "/studiebesok/nytt-namn"
    assert "Sparat" in followed(outsider, answer).text


def test_whoever_reloads_the_address_of_a_form_comes_to_the_page(anyone: Browser) -> None:
    for address in ("platser", "svar", "avanmalan", "tog-med-hem", "laget"):
        answer = anyone.get(f"{PAGE}/{address}")
        assert (answer.status_code, answer.headers["Location"]) == (303, PAGE)
    assert anyone.get("/studiebesok/finns-inte/platser").status_code == 404
    assert anyone.post("/studiebesok/finns-inte/platser").status_code == 404
