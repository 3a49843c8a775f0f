"""Tries are counted, pauses grow, and what is kept of them tells nobody what was tried."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from app.accounts.tries import (
    LONGEST_PAUSE_SECONDS,
    LONGEST_WINDOW_SECONDS,
    WINDOW_SECONDS,
    Limit,
    SignInTry,
    TooManyTries,
    Tries,
)
from app.database import Databases

SECRET = "known to every test"
THREE = {("thing", "a"): Limit(3)}


def tried(databases: Databases, at: float = 0.0, which: str = "a", limit: Limit | None = None) -> bool:
    """Whether a try at that second is let through."""
    try:
        with databases.kept() as session:
            Tries(SECRET, now=lambda: at).count(session, {("thing", which): limit or Limit(3)})
    except TooManyTries:
        return False
    return True


def test_after_so_many_tries_there_is_a_pause_for_this_and_nothing_else(databases: Databases) -> None:
    assert [tried(databases, at) for at in (0.0, 1.0, 2.0, 3.0)] == [True, True, True, False]
    assert tried(databases, 3.0, which="b")


def test_one_is_told_when_the_next_try_is_allowed_and_then_it_is(databases: Databases) -> None:
    for at in (5.0, 6.0, 7.0):
        tried(databases, at)
    with pytest.raises(TooManyTries) as limit, databases.kept() as session:
        Tries(SECRET, now=lambda: 10.0).count(session, THREE)
    assert limit.value.until == 5.0 + WINDOW_SECONDS
    assert not tried(databases, limit.value.until - 0.1)
    assert tried(databases, limit.value.until + 0.1)


@given(made=st.lists(st.integers(0, 900), max_size=40).map(sorted), most=st.integers(1, 10))
def test_pauses_double_until_they_are_a_quarter_of_an_hour(made: list[int], most: int) -> None:
    limit = Limit(most, WINDOW_SECONDS, 10.0)
    waits = [limit.next_at(made[:number]) - made[number - 1] for number in range(most, len(made) + 1)]
    assert all(later == min(LONGEST_PAUSE_SECONDS, 2 * one) for one, later in pairwise(waits))
    assert limit.next_at(made[: most - 1]) == 0.0
    if waits:
        assert waits[0] == pytest.approx(10.0)


def test_a_refused_try_is_not_counted_so_that_nobody_holds_the_door_shut(databases: Databases) -> None:
    slow = Limit(1, WINDOW_SECONDS, 10.0)
    assert tried(databases, 0.0, limit=slow)
    assert not any(tried(databases, float(at), limit=slow) for at in range(1, 10))
    assert tried(databases, 10.0, limit=slow)


def test_what_counts_no_longer_is_forgotten(databases: Databases) -> None:
    tried(databases, 0.0)
    tried(databases, LONGEST_WINDOW_SECONDS + 1, which="b")
    with databases.kept_for_reading() as session:
        assert len(session.exec(select(SignInTry)).all()) == 1


def test_what_is_counted_cannot_be_read_or_worked_out_without_the_secret(databases: Databases) -> None:
    tried(databases, which="anna@solna.test")
    with databases.kept() as session:
        Tries("another secret", now=lambda: 0.0).count(session, {("thing", "anna@solna.test"): Limit(3)})
    with databases.kept_for_reading() as session:
        kept = session.exec(select(SignInTry.counted_for)).all()
    assert len(set(kept)) == 2
    assert not any("anna" in digest for digest in kept)


def test_the_latest_is_taken_back_and_all_are_forgotten(databases: Databases) -> None:
    tries = Tries(SECRET, now=lambda: 3.0)
    for at in (0.0, 1.0, 2.0):
        tried(databases, at)
    with databases.kept() as session:
        tries.take_back(session, ("thing", "a"))
    assert tried(databases, 3.0)
    assert not tried(databases, 3.0)
    with databases.kept() as session:
        tries.forget(session, ("thing", "a"), ("thing", "b"))
    assert tried(databases, 4.0)
