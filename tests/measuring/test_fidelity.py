"""The ten points: each rule has a cycle that gains and one that misses it, and what it says then."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.measuring.fidelity import MOST, Link, Score, Told, score

FULL = Told(
    phases=(True, True, True, True),
    started=date(2026, 10, 5),
    ended=date(2026, 11, 6),
    decided=date(2026, 11, 9),
    predicted=True,
    locked=date(2026, 10, 5),
    countable=True,
    judged=True,
    data_plan=True,
    own_values=5,
    chosen=True,
    reason=True,
    ramp=(Link(0), Link(3)),
    ramp_days=5,
)


def rule(found: Score, words: str) -> tuple[int, str]:
    return next((one.points, one.why) for one in found.rules if one.words == words)


def test_a_cycle_that_has_everything_has_ten_and_nothing_left_to_do() -> None:
    assert score(FULL).points == MOST == sum(one.most for one in score(FULL).rules)
    assert score(FULL).missing == ()


def test_a_cycle_that_was_abandoned_with_a_reason_has_ten_without_another_after_it() -> None:
    alone = replace(FULL, ramp=(Link(0),))
    assert score(alone).points == 9
    assert score(replace(alone, abandoned=True)).points == MOST
    assert score(replace(alone, abandoned=True, reason=False)).points == 8


def test_a_cycle_of_which_nothing_is_told_has_none_and_is_told_what_to_do() -> None:
    empty = score(Told())
    assert empty.points == 0
    assert len(empty.missing) == len(empty.rules) == 9
    assert all(one.why.endswith(".") for one in empty.missing)


@pytest.mark.parametrize(
    ("words", "less", "points", "said"),
    [
        ("Alla fyra steg", {"phases": (True, True, False, False)}, 0, "Skriv något i Studera och Agera."),
        ("I rätt ordning", {"decided": None}, 0, "Ange dagarna"),
        ("I rätt ordning", {"ended": date(2026, 11, 10)}, 0, "innan ni hade genomfört"),
        ("Förutsägelse före genomförandet", {"predicted": False}, 0, "innan ni börjar genomföra"),
        ("Förutsägelse före genomförandet", {"locked": None}, 0, "Det framgår inte"),
        ("Förutsägelse före genomförandet", {"locked": date(2026, 10, 6)}, 0, "efter att ni hade börjat"),
        ("Förutsägelse före genomförandet", {"countable": False}, 1, "Knyt den till ett mått"),
        ("Förutsägelsen är bedömd", {"judged": False}, 0, "hur det blev mot förutsägelsen"),
        ("Dataplan och data", {"data_plan": False}, 0, "Skriv en dataplan"),
        ("Dataplan och data", {"own_values": 0}, 0, "Fyll i värden"),
        ("Beslut med skäl", {"chosen": False}, 0, "Välj i Agera"),
        ("Beslut med skäl", {"reason": False}, 0, "skriv varför"),
        ("Fler cykler i rad", {"ramp": (Link(0),)}, 0, "Gör en cykel till"),
        ("Från litet till stort", {"ramp": (Link(None), Link(3))}, 0, "Säg hur stort"),
        ("Från litet till stort", {"ramp": (Link(4), Link(4))}, 0, "Börja med ett team eller mindre"),
        ("Från litet till stort", {"ramp": (Link(3), Link(0))}, 0, "provade mindre"),
        ("Mätning över tid", {"ramp_days": 2}, 0, "minst tre gånger"),
    ],
)
def test_each_rule_is_missed_alone_and_says_what_would_give_it(
    words: str, less: dict[str, Any], points: int, said: str
) -> None:
    found = score(replace(FULL, **less))
    gained, most = rule(score(FULL), words)[0], MOST
    got, why = rule(found, words)
    assert got == points < gained
    assert said in why
    assert found.points == most - (gained - points), "and no other rule is"


def test_a_test_may_shrink_where_the_one_before_it_was_to_be_adapted() -> None:
    adapted = replace(FULL, ramp=(Link(3, adapted=True), Link(0), Link(None), Link(3)))
    assert rule(score(adapted), "Från litet till stort")[0] == 1
