"""Cycles put together: who builds on whom, whose the values are, and what is kept of each between saves."""

from __future__ import annotations

import json
from datetime import date

import pytest

from app.measuring.fidelity import Rule, Score
from app.measuring.medians import FEWEST_CYCLES, together
from app.measuring.ramps import Cycles, Days, Tried, as_plain, from_plain

FIRST, SECOND, THIRD, BESIDE = (Tried(f"mote/0{n}-x", f"mote/0{n - 1}-x" if n in (2, 3) else "") for n in (1, 2, 3, 4))


def test_what_a_cycle_tells_comes_back_from_json_as_it_was() -> None:
    tried = Tried(
        "mote/01-x",
        begun=True,
        phases=(True, False, True, False),
        started=date(2026, 3, 2),
        locked=date(2026, 3, 1),
        scale=0,
        reason=True,
    )
    assert from_plain(json.loads(json.dumps(as_plain(tried)))) == tried
    assert as_plain(Tried("mote/01-x")) == {"slug": "mote/01-x"}


@pytest.mark.parametrize("one", [FIRST, SECOND, THIRD])
def test_a_ramp_is_whatever_builds_on_each_other(one: Tried) -> None:
    assert Cycles([FIRST, SECOND, THIRD, BESIDE], Days({})).ramp(one) == [FIRST, SECOND, THIRD]


def test_a_ramp_with_branches_has_its_own_way_first() -> None:
    branch = Tried("mote/05-x", "mote/01-x")
    assert Cycles([FIRST, SECOND, THIRD, branch], Days({})).ramp(branch) == [FIRST, branch, SECOND, THIRD]


def test_cycles_that_build_on_each_other_in_a_ring_end() -> None:
    ring = [Tried("a/01-x", "a/02-x"), Tried("a/02-x", "a/01-x")]
    assert sorted(one.slug for one in Cycles(ring, Days({})).ramp(ring[0])) == ["a/01-x", "a/02-x"]


def test_values_belong_to_the_cycle_that_they_name_or_that_was_done_then() -> None:
    def day(number: int) -> int:
        return date(2026, 3, number).toordinal()

    days = Days({"": [day(1), day(5), day(5), day(20)], "01-x": [day(2), day(6)]})
    done = Tried("mote/01-x", started=date(2026, 3, 4), ended=date(2026, 3, 10))
    assert days.own(done) == 4, "two on the fifth, the sixth once, and the second by its name"
    assert days.own(Tried("mote/02-x", started=date(2026, 3, 6))) == 2, "what goes on has no last day"
    assert days.own(Tried("mote/03-x")) == 0
    assert days.while_going_on([done, Tried("mote/02-x", started=date(2026, 3, 6))]) == 3
    assert days.own(Tried("mote/01-x", started=date(2026, 3, 10), ended=date(2026, 3, 4))) == 2, "only by name"


def test_only_what_has_begun_and_is_told_by_the_team_is_scored() -> None:
    begun = [Tried("a/01-x"), Tried("a/02-x", begun=True), Tried("a/03-x", begun=True, sourced=True)]
    assert len(Cycles(begun, Days({})).scores()) == 1


# ---- Medians ----


def scored(points: int, prediction: int = 0) -> Score:
    return Score((Rule("Alla fyra steg", points, "", 9), Rule("Förutsägelse", prediction, "", 2)))


def test_medians_are_told_with_how_many_and_what_is_most_often_missing_first() -> None:
    told = together([[scored(9), scored(4, 1)], [], [scored(6, 2), scored(6), scored(5, 1)]])
    assert told is not None
    assert (told.median, told.cycles, told.projects) == (6, 5, 2)
    prediction, steps = told.parts
    assert (prediction.words, prediction.having, prediction.fully) == ("Förutsägelse", 3, 1)
    assert (steps.having, steps.fully) == (5, 1)


def test_nothing_is_told_of_too_few_cycles_or_of_one_project() -> None:
    few = [scored(5)] * (FEWEST_CYCLES - 1)
    assert together([few[:2], few[2:]]) is None
    assert together([[*few, scored(5), scored(5)]]) is None
    assert together([few, [scored(5)]]) is not None
    assert together([]) is None
