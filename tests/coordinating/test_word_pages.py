"""/ordlista: coordinators change the words of the search, see first what it finds, and lose nothing that they wrote."""

from __future__ import annotations

import re
from html import unescape

import pytest
from sqlmodel import select
from werkzeug.test import TestResponse

from app.accounts.access import may_edit_vocabulary
from app.audit import Deed
from app.audit.tables import AuditRow
from app.library.visibility import ANYONE, Viewer
from app.library.word_lists import PATH, Row, read_word_lists
from tests.cast import Browser
from tests.coordinating.conftest import WORDS
from tests.house import House
from tests.seeing import see

ROW, ASKING = "/ordlista/rad", "/ordlista/fragor"


def rows(house: House) -> tuple[Row, ...]:
    return read_word_lists((house.home / PATH).read_bytes()).rows


def send(who: Browser, *row: str, was: Row = (), do: str = "save", seen: str = "", to_try: str = "") -> TestResponse:
    data = {"was": "\n".join(was), "row": "\n".join(row), "_do": do, "seen": seen, "try": to_try}
    return who.post(ROW, data=data)


def typed(answer: TestResponse) -> str:
    """What stands in the box."""
    found = re.search(r'<textarea id="(?:uttryck|frageord)"[^>]*>\n(.*?)</textarea>', answer.text, re.DOTALL)
    assert found
    return unescape(found[1])


def address_of(who: Browser, word: str) -> str:
    """Where the row is changed that has a word."""
    page = who.get("/ordlista").text
    found = re.search(rf'href="(/ordlista/rad\?rad=\w+)">Ändra<span class="vh"> raden [^<]*{word}', page)
    assert found
    return found[1]


def test_the_question_who_may(library: House) -> None:
    assert may_edit_vocabulary(Viewer("p", "Kaj", coordinates=frozenset(("knut",))))
    assert may_edit_vocabulary(Viewer("p", "Alva", admin=True))
    assert not may_edit_vocabulary(Viewer("p", "Hedda", {"solna": "coordinator"}, frozenset(("knut",))))
    assert not may_edit_vocabulary(ANYONE)


def test_anybody_reads_the_words_and_only_those_who_may_are_offered_to_change_them(
    library: House, anyone: Browser, coordinator: Browser
) -> None:
    assert "arbetsmarknadsenhet" in anyone.get("/ordlista").text
    assert "/ordlista/rad" not in anyone.get("/ordlista").text
    assert "/ordlista/rad" in coordinator.get("/ordlista").text


@pytest.mark.parametrize("address", [ROW, ASKING])
def test_it_asks_for_a_sign_in_and_refuses_others(
    library: House, anyone: Browser, editor: Browser, address: str
) -> None:
    for who, status in ((anyone, 401), (editor, 403)):
        assert who.get(address).status_code == status
        assert who.post(address, data={"row": "a\nb", "words": "x", "_do": "save"}).status_code == status
    assert (library.home / PATH).read_text(encoding="utf-8") == WORDS


def test_a_new_row_is_saved_and_used_by_the_next_search(library: House, coordinator: Browser, anyone: Browser) -> None:
    assert "Besök i hemmet" not in anyone.get("/sok?q=uppsökande").text
    answer = send(coordinator, "hembesök", "uppsökande")
    assert (answer.status_code, answer.location) == (303, "/ordlista")
    assert rows(library)[-1] == ("hembesök", "uppsökande")
    assert "Besök i hemmet" in anyone.get("/sok?q=uppsökande").text
    page = see(coordinator.get("/ordlista"))
    assert "Sparat: Lade till ”hembesök, uppsökande”" in page.words
    assert "Kaj Koordinator" in page.words


def test_a_row_is_changed_and_the_rest_of_the_file_stays(library: House, coordinator: Browser) -> None:
    assert typed(coordinator.get(address_of(coordinator, "AME"))) == "AME\narbetsmarknadsenhet"
    was = ("AME", "arbetsmarknadsenhet")
    assert send(coordinator, *was, "arbetsmarknadscenter", was=was).status_code == 303
    expected = WORDS.replace("arbetsmarknadsenhet]", "arbetsmarknadsenhet, arbetsmarknadscenter]")
    assert (library.home / PATH).read_text(encoding="utf-8") == expected


def test_a_row_is_taken_away_once_that_is_confirmed(library: House, coordinator: Browser) -> None:
    was = ("klient", "brukare")
    asked = send(coordinator, *was, was=was, do="remove")
    assert asked.status_code == 200
    assert "Ta bort raden?" in asked.text
    assert was in rows(library)
    assert send(coordinator, *was, was=was, do="remove now").status_code == 303
    assert was not in rows(library)


def test_the_preview_shows_what_each_word_finds_before_and_after_and_saves_nothing(
    library: House, coordinator: Browser
) -> None:
    answer = send(coordinator, "hembesök", "uppsökande", do="preview", to_try="uppsökande arbete")
    page = see(answer)
    assert answer.status_code == 200
    assert "uppsökande Före: 0 träffar Efter: 1 träff" in page.words
    assert "Besök i hemmet Ny" in page.words
    assert "Oförändrat för: hembesök" in page.words
    assert typed(answer) == "hembesök\nuppsökande"
    assert (library.home / PATH).read_text(encoding="utf-8") == WORDS


def test_the_preview_counts_only_what_the_viewer_may_see(library: House, coordinator: Browser, admin: Browser) -> None:
    seen = see(send(coordinator, "kvastskaft", "sopborste", do="preview")).words
    assert "Dolt" not in seen
    assert "sopborste" in seen.partition("Samma träffar som förut")[2]
    assert "Dolt" in see(send(admin, "kvastskaft", "sopborste", do="preview")).words


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ((), "minst två"),
        (("ensam",), "minst två"),
        (("skola", "barn"), "för vanligt"),
        (("skola", "Skola"), "två gånger"),
        (("kund", "brukare"), "står redan i raden ”klient, brukare”"),
        (("skola", "!!"), "inga bokstäver"),
        (("skola", "sko\x07la"), "U+0007"),
        (("skola", "880320-1238"), "personnummer"),
        (tuple(f"uttryck{n}" for n in range(13)), "högst 12"),
        (tuple(f"uttryck{n}" for n in range(5000)), "högst 12"),
    ],
)
@pytest.mark.parametrize("do", ["save", "preview"])
def test_what_cannot_be_saved_is_said_and_stays_in_the_box(
    library: House, coordinator: Browser, row: Row, why: str, do: str
) -> None:
    answer = send(coordinator, *row, do=do)
    assert answer.status_code == 422
    assert why in see(answer).words
    assert typed(answer) == "\n".join(row)
    assert (library.home / PATH).read_text(encoding="utf-8") == WORDS


def test_a_number_that_is_stopped_is_told_in_the_audit_log_and_not_quoted(library: House, coordinator: Browser) -> None:
    send(coordinator, "klient", "880320-1238")
    library.app.extensions["audit"].flush()
    with library.app.extensions["databases"].kept_for_reading() as session:
        assert [row.deed for row in session.exec(select(AuditRow))].count(Deed.NUMBER_IN_FORM) == 1


def test_what_deserves_a_second_look_is_saved_when_it_has_been_looked_at(library: House, coordinator: Browser) -> None:
    first = send(coordinator, "tolk", "tolken")
    assert first.status_code == 422
    assert "samma ord för sökningen" in see(first).words
    seen = re.search(r'name="seen" value="([^"]+)"', first.text)
    assert seen
    assert send(coordinator, "tolk", "språkstöd", "tolkar", seen=seen[1]).status_code == 422
    assert send(coordinator, "tolk", "tolken", seen=seen[1]).status_code == 303


def test_a_row_that_makes_a_search_much_wider_deserves_a_second_look(library: House, coordinator: Browser) -> None:
    for number in range(25):
        library.write("practices", f"vanlig-{number}", "Samverkan överallt.\n")
    library.look()
    answer = send(coordinator, "samverkan", "spindelnät")
    assert answer.status_code == 422
    assert "”spindelnät” går från 0 till 25 träffar" in see(answer).words
    assert "samverkan" not in str(rows(library))


def test_two_who_change_different_rows_do_not_get_in_each_others_way(
    library: House, coordinator: Browser, admin: Browser
) -> None:
    assert send(admin, "klient", "brukare", "stödsökande", was=("klient", "brukare")).status_code == 303
    was = ("AME", "arbetsmarknadsenhet")
    assert send(coordinator, *was, "jobbcenter", was=was).status_code == 303
    assert rows(library) == ((*was, "jobbcenter"), ("klient", "brukare", "stödsökande"))


def test_who_meant_a_row_that_somebody_else_has_changed_sees_both_and_may_decide(
    library: House, coordinator: Browser, admin: Browser
) -> None:
    was = ("klient", "brukare")
    assert send(admin, *was, "stödsökande", was=was).status_code == 303
    answer = send(coordinator, *was, "hjälpsökande", was=was)
    assert answer.status_code == 409
    assert "klient = brukare = stödsökande" in see(answer).words
    assert typed(answer) == "klient\nbrukare\nhjälpsökande"
    assert rows(library)[-1] == (*was, "stödsökande")
    again = send(coordinator, *was, "stödsökande", "hjälpsökande", was=(*was, "stödsökande"))
    assert again.status_code == 303
    assert rows(library)[-1] == (*was, "stödsökande", "hjälpsökande")


def test_a_row_that_somebody_else_has_removed_can_be_saved_as_a_new_one(
    library: House, coordinator: Browser, admin: Browser
) -> None:
    was = ("klient", "brukare")
    send(admin, *was, was=was, do="remove now")
    answer = send(coordinator, *was, "kund", was=was)
    assert answer.status_code == 409
    assert "Raden är borttagen" in answer.text
    assert send(coordinator, *was, "kund").status_code == 303


def test_the_same_form_sent_twice_is_one_row(library: House, coordinator: Browser) -> None:
    for _ in range(2):
        assert send(coordinator, "skola", "lärosäte").status_code == 303
    assert rows(library).count(("skola", "lärosäte")) == 1


def test_a_word_that_somebody_added_elsewhere_meanwhile_is_noticed(
    library: House, coordinator: Browser, admin: Browser
) -> None:
    send(admin, "skola", "lärosäte")
    answer = send(coordinator, "lärosäte", "högskola")
    assert answer.status_code == 422
    assert "står redan i raden ”skola, lärosäte”" in see(answer).words


def test_query_words_of_two_people_come_together(library: House, coordinator: Browser, admin: Browser) -> None:
    data = {"was": "hur vad", "_do": "save"}
    assert admin.post(ASKING, data={**data, "words": "hur vad när"}).status_code == 303
    assert coordinator.post(ASKING, data={**data, "words": "hur, varför"}).status_code == 303
    assert read_word_lists((library.home / PATH).read_bytes()).query_words == ("hur", "när", "varför")


def test_faulty_query_words_stay_in_the_box(library: House, coordinator: Browser) -> None:
    answer = coordinator.post(ASKING, data={"was": "hur vad", "words": "hur vad hur ?", "_do": "save"})
    assert answer.status_code == 422
    assert "”hur” står två gånger" in see(answer).words
    assert typed(answer) == "hur vad hur ?"


def test_query_words_are_tried_with_a_search_of_ones_own(library: House, coordinator: Browser) -> None:
    data = {"was": "hur vad", "words": "hur vad xyz", "try": "hembesök xyz", "_do": "preview"}
    answer = coordinator.post(ASKING, data=data)
    assert answer.status_code == 200
    assert "hembesök xyz" in see(answer).words
    assert (library.home / PATH).read_text(encoding="utf-8") == WORDS


def test_a_broken_file_is_told_and_nothing_typed_is_lost(library: House, coordinator: Browser, anyone: Browser) -> None:
    coordinator.get("/ordlista")
    (library.home / PATH).write_text("synonyms:\n  - AME\n", encoding="utf-8")
    page = see(coordinator.get("/ordlista"))
    assert "Rad 2:" in page.words
    assert "arbetsmarknadsenhet" in page.words
    assert "Rad 2:" not in anyone.get("/ordlista").text
    answer = send(coordinator, "skola", "lärosäte")
    assert answer.status_code == 422
    assert "går inte att läsa" in see(answer).words
    assert typed(answer) == "skola\nlärosäte"


def test_a_row_is_found_by_any_of_its_words(library: House, anyone: Browser) -> None:
    page = see(anyone.get("/ordlista?q=bruk")).words
    assert "klient" in page
    assert "AME" not in page


def test_an_old_address_of_a_row_leads_back_to_the_list(library: House, coordinator: Browser) -> None:
    address = address_of(coordinator, "AME")
    send(coordinator, "AME", "jobbcenter", was=("AME", "arbetsmarknadsenhet"))
    answer = coordinator.get(address)
    assert (answer.status_code, answer.location) == (303, "/ordlista")


def test_what_is_written_when_the_sign_in_has_ended_is_carried_along(library: House, anyone: Browser) -> None:
    answer = send(anyone, "skola", "lärosäte")
    assert answer.status_code == 401
    assert "lärosäte" in answer.text
