"""What is remembered between questions: bounded, and never taken from one viewer for another."""

from __future__ import annotations

import random
from dataclasses import dataclass

import pytest

from app.index import Query
from app.index.remembered import Remembered
from tests.index.conftest import Desk
from tests.index.worlds import Nearly, viewers, write_networks, write_something

WORDS = ("kommun", "hemlöshet klient", "kom", "13,3", "kommunn", '"en klient"', "hemlösa klienter i kommunen")


@dataclass(frozen=True)
class Block:
    """Something of a size."""

    nbytes: int = 1000


def test_what_was_asked_for_the_longest_ago_is_forgotten_first() -> None:
    made: list[str] = []
    remembered: Remembered[Block] = Remembered(3 * 1400)

    def ask(name: str) -> Block:
        def make() -> Block:
            made.append(name)
            return Block()

        return remembered.get(name, make)

    for name in ("a", "b", "c", "a", "d", "a", "c", "b"):
        ask(name)
    assert made == ["a", "b", "c", "d", "b"]


def test_one_thing_that_is_too_large_is_kept_alone() -> None:
    remembered: Remembered[Block] = Remembered(10)
    first = remembered.get("a", lambda: Block(10_000))
    assert remembered.get("a", Block) is first
    remembered.get("b", Block)
    assert remembered.get("a", Block) is not first


@pytest.fixture
def world(desk: Desk) -> Desk:
    chance = random.Random(7)
    write_networks(desk)
    for number in range(40):
        desk.refresh([write_something(desk, chance)])
        if number == 20:
            desk.index.index_words()
    return desk


def test_words_count_for_each_viewer_as_if_nobody_else_had_asked(world: Desk) -> None:
    others = {viewer.keys: viewer for viewer in viewers()}.values()
    order = [(words, viewer) for words in WORDS for viewer in others]
    alone = {}
    for viewer in others:
        index = world.again()  # of which nobody else asks anything
        for words in WORDS:
            alone[words, viewer.keys] = [
                (hit.card.id, Nearly(hit.score)) for hit in index.find(Query(words), viewer).hits
            ]
    random.Random(3).shuffle(order)
    assert len({tuple(found) for found in alone.values()}) > len(WORDS), "else they all see the same"
    for words, viewer in order:
        found = [(hit.card.id, Nearly(hit.score)) for hit in world.index.find(Query(words), viewer).hits]
        assert found == alone[words, viewer.keys]
