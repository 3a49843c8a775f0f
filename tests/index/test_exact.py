"""The index finds what the exact engine finds, in the same order: random queries in a random world that changes.

Some queries by default; LARNAT_EXACT_QUERIES=500 (or more) and LARNAT_EXACT_SEED ask as many and others.
"""

from __future__ import annotations

import os
import random
from datetime import UTC, datetime, timedelta

import pytest

from app.index import Query, Results
from app.language.synonyms import Synonyms
from app.library.document import Document
from app.library.organisations import load_organisations
from app.library.visibility import Viewer
from tests.index.conftest import Desk
from tests.index.exact import ExactEngine
from tests.index.worlds import AREAS, NETWORKS, OWNERS, WORDS, documents, viewers, write_networks, write_something

QUERIES = int(os.environ.get("LARNAT_EXACT_QUERIES", "500"))
SEED = int(os.environ.get("LARNAT_EXACT_SEED", "5"))
TOP = 10
PAGES = 60
QUERIES_AFTER_A_CHANGE = 5
ROWS = (("klient", "brukare"), ("barn", "minderårig", "unga människor"), ("ekonomiskt stöd", "försörjningsstöd"))
ASKING = ("hur", "tre")
# Words that no document holds, or only as a part, parted or misspelt.
OTHERS = (
    *("brukare", "ekonomiskt", "stöd", "hur", "komunen", "handlegare", "studie", "besök", "kvastskaft", "av"),
    *("unga", "människor", "barnfamilj", "metodd", "samtalen", "resultatet", "17", "forsorjningsstod"),
)  # fmt: skip


class Twin:
    """The index and the exact engine, told the same."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        vocabulary = desk.settings.home / "content" / "vocabulary.yaml"
        rows = "\n".join(f"  - [{', '.join(row)}]" for row in ROWS)
        vocabulary.write_text(f"synonyms:\n{rows}\nquery_words: [{', '.join(ASKING)}]\n", encoding="utf-8")
        organisations = load_organisations(desk.settings.home)
        self.exact = ExactEngine(organisations, desk.index.facets, Synonyms.of(ROWS, ASKING))
        self.changes = 0

    def change(self, changed: list[Document], gone: list[str]) -> None:
        self.changes += 1
        at = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(seconds=self.changes // 3)
        for engine in (self.desk.index, self.exact):
            engine.refresh(changed, [], gone, self.changes, at=at)

    def change_something(self, chance: random.Random) -> None:
        """Write a document or, now and then, remove one; and let the index put its words in order, or not yet."""
        document = write_something(self.desk, chance, slugs=PAGES)
        if chance.random() < 0.3:
            (self.desk.library.home / document.path).unlink()
            self.change([], [document.path])
        else:
            self.change([document], [])
        if chance.random() < 0.2:
            self.desk.index.index_words()

    def answers(self, query: Query, viewer: Viewer) -> tuple[Results, Results]:
        return self.desk.index.find(query, viewer), self.exact.find(query, viewer)


@pytest.fixture
def twin(desk: Desk) -> Twin:
    chance = random.Random(SEED)
    twin = Twin(desk)
    write_networks(desk)
    twin.exact.refresh(documents(desk), [], [], 0)
    for _ in range(2 * PAGES):
        write_something(desk, chance, slugs=PAGES)
    twin.change(documents(desk), [])
    return twin


def random_query(chance: random.Random, texts: list[str]) -> Query:
    """Words, phrases (most of them such as some document holds), exclusions and choices."""
    pieces = chance.choices((*WORDS, *OTHERS), k=chance.choice((0, 1, 1, 2, 2, 3, 5)))
    if chance.random() < 0.3:
        words = chance.choice(texts).split()
        start, size = chance.randrange(max(1, len(words) - 3)), chance.randint(1, 3)
        pieces.append(f'"{" ".join(words[start : start + size])}"')
    if chance.random() < 0.3:
        pieces.append(f"-{chance.choice((*WORDS, *OTHERS))}")
    if chance.random() < 0.1:
        pieces.append(f'-"{" ".join(chance.choices(WORDS, k=2))}"')
    chance.shuffle(pieces)
    beginning = chance.random() < 0.25
    if beginning and chance.random() < 0.7:
        word = chance.choice(WORDS)
        pieces.append(word[: chance.randint(2, len(word))])
    chosen: dict[str, list[str]] = {}
    for name, values in (
        ("omrade", AREAS),
        ("typ", ("practices", "studyvisits")),
        ("natverk", NETWORKS),
        ("kommun", OWNERS),
    ):
        if chance.random() < 0.15:
            chosen[name] = chance.sample(values, chance.randint(1, 2))
    sort = chance.choice(("relevance",) * 7 + ("changed", "title", "when"))
    return Query(" ".join(pieces), chosen, TOP, 0, sort, chance.random() < 0.3, beginning)  # fmt: skip


def told(results: Results) -> dict[str, object]:
    """What is to be equal: the top ten in order, and every count."""
    return {
        "top": [(hit.card.id, hit.card.number) for hit in results.hits],
        "total": results.total,
        "archived": results.archived,
        "relaxed": results.relaxed,
        "corrected": results.corrected,
        "facets": {
            facet.name: sorted((choice.value, choice.count, choice.chosen) for choice in facet.choices)
            for facet in results.facets
        },
    }


def test_the_top_ten_and_all_counts_equal_those_of_the_exact_engine(twin: Twin) -> None:
    chance = random.Random(SEED)
    everybody = viewers()
    met: set[str] = set()
    for number in range(QUERIES):
        if number % QUERIES_AFTER_A_CHANGE == 0:
            twin.change_something(chance)
            texts = [one.body.replace("#", "") for one in documents(twin.desk)]
        query, viewer = random_query(chance, texts), chance.choice(everybody)
        ours, exact = twin.answers(query, viewer)
        assert told(ours) == told(exact), f"{query} for {viewer}"
        scores = [hit.score for hit in ours.hits], [hit.score for hit in exact.hits]
        assert scores[0] == pytest.approx(scores[1], rel=1e-5, abs=1e-5), f"{query} for {viewer}"
        met |= kinds_of_answer(query, ours)
    assert met >= KINDS, "the queries try everything"


KINDS = {
    "words",
    "phrases",
    "exclusions",
    "beginnings",
    "choices",
    "relaxed",
    "corrected",
    "archived",
    "nothing",
    "many",
}


def kinds_of_answer(query: Query, results: Results) -> set[str]:
    """What a query and its answer are an example of; only those that find something say that they do."""
    found = {
        "words": bool(query.sought.words),
        "phrases": bool(query.sought.phrases),
        "exclusions": bool(query.sought.excluded or query.sought.excluded_phrases),
        "beginnings": bool(query.sought.beginning),
        "choices": bool(query.chosen),
        "relaxed": results.relaxed,
        "corrected": bool(results.corrected),
        "archived": query.archived and results.archived > 0,
        "many": results.total > TOP,
    }
    return {name for name, met in found.items() if met} if results.total else {"nothing"}
