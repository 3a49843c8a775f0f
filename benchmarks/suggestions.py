"""``make bench-suggest``: what a suggestion costs among 100,000 documents (N chooses), in memory, without the pages.

The documents are rows of an index that is put together in memory: 300,000 different words, used as often as words are
(Zipf), 80 a document; titles of five words; a twentieth of the documents is hidden from who asks.
"""

from __future__ import annotations

import os
import random
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from app import load_kinds
from app.config import CHECKOUT
from app.index.arrays import FacetArrays, Group, Mask, Numbers
from app.index.catalogue import Catalogue, Entry
from app.index.deriving import ORGANISATION
from app.index.postings import Postings, Table, arrays_of
from app.index.ranking import FreshDocuments, Ranker
from app.index.scoring import Scorer
from app.index.similar import MOST_TERMS, Profile, most_alike
from app.index.suggesting import Suggester
from app.index.titles import Titles
from app.library.organisations import load_organisations
from app.library.visibility import ANYONE, ANYONE_KEY
from benchmarks.texts import COMMON, ENDINGS, ROOTS

DOCUMENTS = int(os.environ.get("N", "100000"))
WORDS, WORDS_EACH, IN_TITLES = 300_000, 80, 5
QUESTIONS, SEED = 60, 4


@dataclass(frozen=True)
class Segment:
    """All documents, as the index has them beside a segment of its own."""

    numbers: Numbers
    lengths: np.ndarray
    alive: Mask
    terms: Table
    forms: Table
    spots: object


def vocabulary(chance: random.Random) -> list[str]:
    """Many different words, the commonest first."""
    found = dict.fromkeys([*COMMON, *(root + ending for root in ROOTS for ending in ENDINGS)])
    while len(found) < WORDS:
        parts = chance.choices(ROOTS, k=chance.choice((2, 2, 3)))
        found["s".join(parts) + chance.choice(ENDINGS)] = None
    return list(found)


def table(words: Sequence[str], chosen: np.ndarray) -> Table:
    """Who holds which words. ``chosen`` are the words of each document, by their numbers."""
    documents = np.repeat(np.arange(len(chosen), dtype=np.int64), chosen.shape[1])
    pairs = np.unique(chosen.astype(np.int64).ravel() * len(chosen) + documents)
    numbers, places = pairs // len(chosen), (pairs % len(chosen)).astype(np.int32)
    starts = np.searchsorted(numbers, np.arange(len(words) + 1))
    lists = (
        (words[at].encode(), places[starts[at] : starts[at + 1]])
        for at in sorted(range(len(words)), key=lambda at: words[at].encode())
    )
    held = ((key, Postings(found, np.ones(len(found), np.float32))) for key, found in lists if len(found))
    return Table(arrays_of(held, with_grams=True), len(chosen))


def house(chance: random.Random) -> tuple[Catalogue, Ranker, list[str]]:
    """A catalogue and the ranker of its words."""
    words = vocabulary(chance)
    draw = np.random.default_rng(SEED)
    weights = 1 / (np.arange(len(words)) + 2.7)
    chosen = draw.choice(len(words), (DOCUMENTS, WORDS_EACH), p=weights / weights.sum())
    titles = draw.integers(60, 20_000, (DOCUMENTS, IN_TITLES))
    entries = tuple(
        Entry(
            at, "practices", f"sida-{at}", title := " ".join(words[one] for one in row), title, "", "", 1, "published"
        )
        for at, row in enumerate(titles.tolist())
    )
    places = [one.name for one in load_organisations(CHECKOUT).all()][:300]
    groups = tuple(Group(name, ORGANISATION, name) for name in places)
    owned = FacetArrays(
        np.arange(DOCUMENTS, dtype=np.int32),
        draw.integers(0, len(groups), DOCUMENTS).astype(np.int32),
        groups,
        {name: (number,) for number, name in enumerate(places)},
        {},
    )
    seen = draw.random(DOCUMENTS) > 0.05
    none = np.zeros(DOCUMENTS, np.bool_)
    catalogue = Catalogue(
        1,
        entries,
        ~none,
        np.where(seen, 1, 2).astype(np.int32),
        none,
        none,
        position_of=np.arange(DOCUMENTS, dtype=np.int32),
        facets={"kommun": owned},
        keys={1: frozenset((ANYONE_KEY,)), 2: frozenset(("org:x",))},
    )
    forms = table(words, chosen)
    fresh = FreshDocuments([])
    lengths = np.full(DOCUMENTS, WORDS_EACH, np.float32)
    segment = Segment(np.arange(DOCUMENTS, dtype=np.int32), lengths, ~none, forms, forms, fresh.spots)
    return catalogue, Ranker(catalogue, [segment], fresh), words  # type: ignore[list-item]


def questions(words: Sequence[str], chance: random.Random) -> dict[str, list[str]]:
    """What people have typed so far, of every sort."""
    known = [word for word in words[60:30_000] if len(word) > 9]
    picked = [chance.choice(known) for _ in range(QUESTIONS)]

    def swapped(word: str) -> str:
        at = chance.randrange(2, len(word) - 2)
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]

    return {
        "one letter": list("abdefghiklmnoprstuv"),
        "two letters": [word[:2] for word in picked],
        "four letters": [word[:4] for word in picked],
        "seven letters": [word[:7] for word in picked],
        "a word and two letters": [f"{chance.choice(words[60:500])} {word[:2]}" for word in picked],
        "two beginnings": [f"{chance.choice(known)[:4]} {word[:3]}" for word in picked],
        "a misspelt word": [swapped(word) for word in picked],
        "a misspelt beginning": [swapped(word)[:-2] for word in picked],
        "nothing like it": ["xq" + word[::-1] for word in picked],
        "a municipality": ["sto", "söder", "sodert", "gäv", "malm", "vasteras"],
    }


def like(catalogue: Catalogue, ranker: Ranker, own: int, profile: Profile) -> list[int]:
    """What is most like a page."""
    scorer = Scorer(ranker, catalogue.may_see(ANYONE))
    return most_alike(catalogue, scorer, own, profile, catalogue.listed(ANYONE), 3)


def cpu_ms(ask: Callable[[], object]) -> float:
    began = time.thread_time()
    ask()
    return (time.thread_time() - began) * 1000


def spread(taken: Sequence[float]) -> str:
    ordered = sorted(taken)
    return f"{statistics.median(ordered):8.2f}{ordered[int(len(ordered) * 0.95)]:8.2f}{ordered[-1]:8.2f}"


def measured() -> Iterator[str]:
    chance = random.Random(SEED)
    catalogue, ranker, words = house(chance)
    kinds = {kind.name: kind for kind in load_kinds()}
    titles = Titles()
    yield f"{DOCUMENTS} documents, {WORDS} words{'':<12}     p50     p95    most   CPU ms"

    def follow() -> None:
        nonlocal titles
        titles = Titles(catalogue.entries)

    yield f"{'all titles, beside the requests':<40}{cpu_ms(follow):8.0f}"
    suggester = Suggester(catalogue, titles, ranker, ANYONE, kinds)
    for name, asked in questions(words, chance).items():
        suggester.suggest(asked[0], 8)
        yield f"{name:<40}{spread([cpu_ms(partial(suggester.suggest, typed, 8)) for typed in asked])}"
    taken: dict[str, list[float]] = {"the first time": [], "again": []}
    for own in range(QUESTIONS):
        profile = Profile(tuple((chance.choice(words[100:5_000]), 1.0) for _ in range(MOST_TERMS)))
        for found in taken.values():
            found.append(cpu_ms(partial(like, catalogue, ranker, own, profile)))
    for name, found in taken.items():
        yield f"{'what is like a page, ' + name:<40}{spread(found)}"


if __name__ == "__main__":
    for line in measured():
        print(line, flush=True)
