"""Events: never a conflict, never twice, and refused without a trace."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.history.tables import Sort, State
from app.library.document import BrokenDocument, Document, NotFound
from app.publishing import Refused
from tests.publishing.desk import PRACTICE, Desk, some_token, text_of


def booking(name: str, seats: int = 100) -> Callable[[Document], str]:
    """Somebody asks for a seat."""

    def change(document: Document) -> str:
        if document.body.count("- ") >= seats:
            raise Refused("Inga platser kvar.")
        return document.text + f"- {name}\n"

    return change


def test_an_event_is_applied_to_the_newest_text_also_if_it_was_changed_outside(desk: Desk) -> None:
    document = desk.create("besok")
    desk.put("besok", text_of("besok", "Utifrån.\n"))

    desk.happen(document.path, booking("Anna"))

    assert desk.read("besok").body == "Utifrån.\n- Anna\n"
    assert [entry.sort for entry in desk.history(document.id)] == [Sort.EVENT, Sort.OUTSIDE, Sort.EDIT]
    desk.assert_in_step()


def test_events_at_the_same_time_are_all_there(desk: Desk) -> None:
    document = desk.create("besok", "")

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda name: desk.happen(document.path, booking(f"Gäst {name}")), range(24)))

    guests = desk.read("besok").body.split("\n")
    assert sorted(filter(None, guests)) == sorted(f"- Gäst {name}" for name in range(24))


def test_an_event_that_is_refused_leaves_no_trace(desk: Desk) -> None:
    document = desk.create("besok", "")
    desk.happen(document.path, booking("Anna", seats=1))

    with pytest.raises(Refused, match="Inga platser kvar"):
        desk.happen(document.path, booking("Bo", seats=1))

    assert desk.read("besok").body == "- Anna\n"
    assert desk.states() == [State.DONE, State.DONE]


def test_an_event_with_the_same_token_happens_once(desk: Desk) -> None:
    document = desk.create("besok", "")
    token = some_token()

    first = desk.happen(document.path, booking("Anna"), token)
    second = desk.happen(document.path, booking("Anna"), token)

    assert (second.number, second.repeated) == (first.number, True)
    assert desk.read("besok").body == "- Anna\n"


def test_another_event_from_the_same_form_happens_too(desk: Desk) -> None:
    document = desk.create("besok", "")
    token = some_token()

    desk.happen(document.path, booking("Anna"), token, summary="Bokade 1 plats")
    desk.happen(document.path, booking("Bo"), token, summary="Bokade 2 platser")

    assert desk.read("besok").body == "- Anna\n- Bo\n"


def test_an_event_that_would_break_the_document_is_not_made(desk: Desk) -> None:
    document = desk.create("besok")

    with pytest.raises(BrokenDocument):
        desk.happen(document.path, lambda document: document.text.replace("title:", "titel:"))

    assert desk.file("besok").read_text() == document.text


def test_an_event_on_a_page_that_is_gone_says_so(desk: Desk) -> None:
    with pytest.raises(NotFound):
        desk.happen(PRACTICE.format("finns-inte"), booking("Anna"))
