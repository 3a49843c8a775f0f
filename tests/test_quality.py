"""The bench of quality measures what it says, and misspells the same way every time."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.misspelling import Misspeller
from benchmarks.scores import interval, ndcg, recall, reciprocal_rank

KNOWN = frozenset(["försörjning", "stöd", "arbete", "marknad", "enheten", "kartläggning", "verktyg"])
QUERIES = ("Hur söker jag försörjningsstöd?", "kartläggningsverktyg för äldre", "vad gäller", "X")


def test_the_measures_are_what_their_names_say() -> None:
    hits = ["b", "a", "d", "c"]
    assert ndcg(hits, {"b"}) == 1
    assert ndcg(hits, {"a"}) == pytest.approx(0.6309, abs=1e-4)
    assert ndcg(hits, {"b", "d"}) == pytest.approx((1 + 0.5) / (1 + 0.6309), abs=1e-4)
    assert ndcg([*"qwertyuiopa"], {"a"}) == recall([*"qwertyuiopa"], {"a"}) == 0, "only ten count"
    assert recall(hits, {"a", "x"}) == 0.5
    assert reciprocal_rank(hits, {"d"}) == pytest.approx(1 / 3)
    assert reciprocal_rank([], {"d"}) == 0


def test_an_interval_holds_its_mean_and_narrows_with_more_queries() -> None:
    few, many = (interval(np.resize(np.array([0.0, 1.0]), size)) for size in (20, 2000))
    for one in (few, many):
        assert one.low < one.mean == 0.5 < one.high
    assert many.high - many.low < few.high - few.low


def test_a_query_is_misspelt_in_five_ways_and_the_same_every_time() -> None:
    for query in QUERIES[:2]:
        made = Misspeller(KNOWN).variants(query)
        assert len(made) == 5
        assert query not in made.values()
        assert made == Misspeller(KNOWN).variants(query)
        assert made != Misspeller(KNOWN, seed=8).variants(query)


def test_faults_are_the_ones_that_people_make() -> None:
    made = Misspeller(KNOWN).variants(QUERIES[0])
    assert made["without å, ä and ö"] == "Hur soker jag forsorjningsstod?"
    assert made["a word parted"] == "Hur söker jag försörjnings stöd?"
    assert made["by ear"].split()[-1] != "försörjningsstöd?" or made["by ear"].split()[1] != "söker"


def test_what_cannot_be_misspelt_is_left_alone() -> None:
    assert set(Misspeller(KNOWN).variants("X 85 000").values()) == {"X 85 000"}
