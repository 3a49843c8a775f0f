"""Seats of a visit as pure functions: what is refused, what is counted, and that nothing is ever oversold."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kinds.studyvisits import StudyVisit, seats
from app.library.vocabulary import GuestStatus, VisitStatus
from app.publishing import Refused

TODAY = date(2026, 11, 21)
PLACE = "1 2026-12-08 13.00"
CONFIRMED, WAITING, REQUESTED = GuestStatus.CONFIRMED, GuestStatus.WAITING, GuestStatus.REQUESTED
DECLINED, ATTENDED = GuestStatus.DECLINED, GuestStatus.ATTENDED


def visit(*guests: dict[str, Any], status: str = "open", **session: Any) -> StudyVisit:
    """A visit in Södertälje with one session of ten seats, unless something else is said."""
    one = {"date": "2026-12-08", "time": "13.00", "seats": 10, "guests": list(guests), **session}
    return StudyVisit.model_validate(
        {
            "id": "063ce221-da95-42b6-a174-cd5386a98bf7",
            "title": "Besök",
            "owner": "sodertalje",
            "host": "sodertalje",
            "status": status,
            "sessions": [{key: value for key, value in one.items() if value is not None}],
        }
    )


def guest(organisation: str, status: str = "requested", people: Any = 3, **more: Any) -> dict[str, Any]:
    return {"organisation": organisation, "status": status, "people": people, **more}


def after(visit: StudyVisit, values: Any) -> StudyVisit:
    return visit.model_copy(update=dict(values))


def ask(visit: StudyVisit, organisation: str = "karlstad", people: int = 3, *, waiting: bool = False) -> StudyVisit:
    return after(visit, seats.asked(visit, PLACE, organisation, people, TODAY, waiting=waiting))


def answer(visit: StudyVisit, organisation: str, before: GuestStatus, to: GuestStatus) -> StudyVisit:
    return after(visit, seats.answered(visit, PLACE, organisation, before, to))


def standing(visit: StudyVisit) -> dict[str, tuple[str, str]]:
    return {g.organisation: (g.status.value, g.people.raw if g.people else "") for g in visit.guests}


# ---- Asking ----


def test_who_asks_becomes_a_guest_who_has_asked() -> None:
    assert standing(ask(visit())) == {"karlstad": ("requested", "3")}


def test_nobody_asks_twice_for_the_same_session() -> None:
    for status in ("requested", "waiting", "confirmed", "attended"):
        with pytest.raises(Refused, match="redan anmälda"):
            ask(visit(guest("karlstad", status)))


def test_who_did_not_come_can_ask_again_in_the_same_row() -> None:
    before = visit(guest("karlstad", "declined", 8, took_home="Något.", unit="Enheten"))
    again = ask(before, people=2)
    assert standing(again) == {"karlstad": ("requested", "2")}
    assert (again.guests[0].took_home, again.guests[0].unit) == ("Något.", "Enheten")


@pytest.mark.parametrize("status", [status for status in VisitStatus if status is not VisitStatus.OPEN])
def test_only_an_open_visit_takes_requests(status: VisitStatus) -> None:
    with pytest.raises(Refused, match=status.swedish):
        ask(visit(status=status.value))


def test_the_host_needs_no_seats_and_a_day_that_has_passed_gives_none() -> None:
    with pytest.raises(Refused, match="värdar"):
        ask(visit(), "sodertalje")
    passed = visit(date="2026-11-20")
    with pytest.raises(Refused, match="redan varit"):
        seats.asked(passed, "1 2026-11-20 13.00", "karlstad", 1, TODAY)


def test_seats_that_are_asked_for_are_kept_like_those_that_are_confirmed() -> None:
    full = visit(guest("habo", "confirmed", 4), guest("gavle", "requested", 4), guest("lund", "waiting", 9))
    with pytest.raises(seats.NoRoom, match="2 platser kvar, och ni är 3"):
        ask(full)
    assert standing(ask(full, people=2))["karlstad"] == ("requested", "2")
    assert standing(ask(full, waiting=True))["karlstad"] == ("waiting", "3")


@pytest.mark.parametrize(
    ("number", "left"), [(None, None), ("framgår inte", None), ("cirka 10", None), ("minst 10", None), ("högst 10", 7)]
)
def test_only_a_number_of_seats_that_is_certain_says_no(number: Any, left: int | None) -> None:
    one = visit(guest("habo"), seats=number)
    assert seats.seats_left(one.sessions[0]) == left
    if left is None:
        assert standing(ask(one, people=400))["karlstad"] == ("requested", "400")


def test_a_guest_without_a_number_takes_a_seat_and_a_stated_total_counts() -> None:
    assert seats.seats_left(visit(guest("habo", people=None)).sessions[0]) == 9
    assert seats.seats_left(visit(guest("habo", "confirmed", 2), people=6).sessions[0]) == 4


def test_a_session_is_found_by_its_day_also_when_it_has_got_another_number() -> None:
    one = visit().sessions[0]
    earlier = one.model_copy(update={"time": "9.00"})
    both = visit().model_copy(update={"sessions": [earlier, one]})
    assert seats.find_session(both, PLACE) == 1
    with pytest.raises(Refused, match="har ändrats"):
        seats.find_session(both, "1 2027-01-01 13.00")


# ---- Answering ----


def test_the_host_confirms_notes_who_was_there_and_says_no() -> None:
    asked = ask(visit())
    confirmed = answer(asked, "karlstad", REQUESTED, CONFIRMED)
    assert standing(confirmed) == {"karlstad": ("confirmed", "3")}
    assert standing(answer(confirmed, "karlstad", CONFIRMED, ATTENDED)) == {"karlstad": ("attended", "3")}
    assert standing(answer(confirmed, "karlstad", CONFIRMED, DECLINED)) == {"karlstad": ("declined", "3")}
    assert standing(answer(asked, "karlstad", REQUESTED, WAITING)) == {"karlstad": ("waiting", "3")}


def test_an_answer_to_what_no_longer_is_so_is_refused() -> None:
    gone = visit(guest("karlstad", "declined"))
    with pytest.raises(Refused, match="nu ”kommer inte”"):
        answer(gone, "karlstad", REQUESTED, CONFIRMED)
    with pytest.raises(Refused, match="kan inte bli"):
        answer(gone, "karlstad", DECLINED, CONFIRMED)
    with pytest.raises(Refused, match="finns inte längre"):
        answer(visit(), "karlstad", REQUESTED, CONFIRMED)
    with pytest.raises(Refused, match="inställt"):
        answer(visit(guest("karlstad"), status="cancelled"), "karlstad", REQUESTED, CONFIRMED)


def test_who_waits_gets_only_seats_that_nobody_has_asked_for() -> None:
    one = visit(guest("habo", "confirmed", 5), guest("gavle", "requested", 3), guest("karlstad", "waiting", 3))
    with pytest.raises(Refused, match="2 platser kvar, och gästen är 3"):
        answer(one, "karlstad", WAITING, CONFIRMED)
    without = answer(one, "gavle", REQUESTED, DECLINED)
    assert standing(answer(without, "karlstad", WAITING, CONFIRMED))["karlstad"] == ("confirmed", "3")


def test_two_units_of_one_organisation_are_answered_one_by_one() -> None:
    one = visit(guest("karlstad", unit="Enhet A"), guest("karlstad", unit="Enhet B"))
    answered = answer(one, "karlstad Enhet B", REQUESTED, CONFIRMED)
    assert [g.status for g in answered.guests] == [REQUESTED, CONFIRMED]


@pytest.mark.parametrize(("stated", "later"), [(6, "9"), ("cirka 6", "cirka 9"), (None, "")])
def test_a_stated_number_of_people_follows_those_who_come_and_go(stated: Any, later: str) -> None:
    one = visit(guest("habo", "confirmed", 6), guest("karlstad"), seats=20, people=stated)
    confirmed = answer(one, "karlstad", REQUESTED, CONFIRMED)
    people = confirmed.sessions[0].people
    assert (people.raw if people else "") == later
    back = after(confirmed, seats.withdrawn(confirmed, PLACE, "karlstad"))
    assert back.sessions[0].people == one.sessions[0].people


# ---- Withdrawing and telling ----


def test_who_withdraws_stays_in_the_list_as_one_who_does_not_come() -> None:
    one = ask(visit())
    withdrawn = after(one, seats.withdrawn(one, PLACE, "karlstad"))
    assert standing(withdrawn) == {"karlstad": ("declined", "3")}
    assert seats.seats_left(withdrawn.sessions[0]) == 10
    with pytest.raises(Refused, match="redan avanmälda"):
        seats.withdrawn(withdrawn, PLACE, "karlstad")
    with pytest.raises(Refused, match="att ni deltog"):
        seats.withdrawn(visit(guest("karlstad", "attended")), PLACE, "karlstad")


def tell(one: StudyVisit, text: str = "En fråga.", before: str | None = None, today: date = TODAY) -> StudyVisit:
    mark = seats.mark_of(one.guests[0]) if before is None else before
    return after(one, seats.told(one, PLACE, "karlstad", text, mark, today))


def test_a_guest_that_was_there_tells_what_it_took_home() -> None:
    assert tell(visit(guest("karlstad", "attended"))).guests[0].took_home == "En fråga."
    confirmed = visit(guest("karlstad", "confirmed"))
    assert tell(confirmed, today=date(2026, 12, 8)).guests[0].took_home == "En fråga."
    for early in (confirmed, visit(guest("karlstad")), visit(guest("karlstad", "declined"))):
        with pytest.raises(Refused, match="när ni har varit"):
            tell(early)


def test_what_a_colleague_wrote_meanwhile_is_not_written_over() -> None:
    one = visit(guest("karlstad", "attended"))
    mark = seats.mark_of(one.guests[0])
    with pytest.raises(Refused, match="Någon hos er har skrivit"):
        tell(tell(one, "Kollegans."), "Min.", mark)
    with pytest.raises(Refused, match="för lång"):
        tell(one, "x" * 5_001)


# ---- Whatever the order ----

PEOPLE = st.integers(1, 6)
ORGANISATIONS = st.sampled_from(["habo", "gavle", "karlstad", "lund"])
Step = Callable[[StudyVisit], Any]


def _answer_as_it_stands(organisation: str, to: GuestStatus) -> Step:
    def step(one: StudyVisit) -> Any:
        before = next((g.status for g in one.guests if g.organisation == organisation), REQUESTED)
        return seats.answered(one, PLACE, organisation, before, to)

    return step


STEPS: st.SearchStrategy[Step] = st.one_of(
    st.builds(
        lambda organisation, people, waiting: (
            lambda one: seats.asked(one, PLACE, organisation, people, TODAY, waiting=waiting)
        ),
        ORGANISATIONS,
        PEOPLE,
        st.booleans(),
    ),
    st.builds(_answer_as_it_stands, ORGANISATIONS, st.sampled_from(GuestStatus)),
    st.builds(lambda organisation: lambda one: seats.withdrawn(one, PLACE, organisation), ORGANISATIONS),
)


@given(st.integers(0, 12), st.none() | st.integers(0, 4), st.lists(STEPS, max_size=25))
def test_seats_are_never_oversold_whatever_the_order(number: int, stated: int | None, steps: list[Step]) -> None:
    one = visit(seats=number, people=stated if stated is None or stated <= number else 0)
    for step in steps:
        try:
            one = after(one, step(one))
        except Refused:
            continue
        session = one.sessions[0]
        assert seats.taken(session) <= number
        assert sum(seats.people_of(g) for g in session.guests if g.status in (REQUESTED, *seats.COMING)) <= number
        assert len({g.organisation for g in session.guests}) == len(session.guests)
