"""The search as it is served: a whole page through the web server, its memory, and how soon a save is found."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from urllib.parse import quote_plus

import numpy as np

from benchmarks.house import EMAIL, PASSWORD, House, Served
from benchmarks.visitor import Visitor

SEARCHING = 4
# Between two searches of one person: as somebody who types and looks.
PAUSE_SECONDS = 0.25
SAVES = 30


def served_lines(house: House, queries: Sequence[str]) -> Iterator[str]:
    """What is measured of a house that is served."""
    with house.serving() as served:
        first, warm = served.search_ms(queries)
        yield f"\nwhole page of hits, through the web server: {warm:.1f} CPU ms, the first time {first:.1f}"
        for name, (pss, rss) in served.web_memory().items():
            yield f"{name:<28}{pss:8.0f} MB PSS, {rss:.0f} MB RSS"
        found = list(saved_until_found(house, served, queries))
        p50, p95 = np.percentile(found, (50, 95))
        yield f"saved until found while {SEARCHING} search: p50 {p50:.0f}, p95 {p95:.0f} ms of {len(found)}"


def saved_until_found(house: House, served: Served, queries: Sequence[str]) -> Iterator[float]:
    """For each save the ms until another reader finds it, while people search."""
    files = sorted((house.home / "content/practices").glob("*.md"))[:2000]
    texts = {file.stem: file.read_text(encoding="utf-8") for file in files}
    wanted = ("owner: sodertalje", "publication: published")
    own = [f"/arbetssatt/{name}" for name, text in texts.items() if all(one in text for one in wanted)]
    member, reader = served.visitor(), served.visitor()
    member.sign_in(EMAIL, PASSWORD)
    with _searching(served, queries):
        # A word of letters that nobody has saved before, also not the last time in a house that was kept.
        mark = "".join(random.SystemRandom().choices("abcdefgh", k=12))
        for number, address in enumerate(random.Random(2).sample(own, min(SAVES, len(own)))):
            yield served.found_ms(member, reader, address, f"{mark}{chr(ord('k') + number // 10)}{number % 10}")


@contextmanager
def _searching(served: Served, queries: Sequence[str]) -> Iterator[None]:
    """People who search, each at a pace of their own, until the block ends."""
    done = threading.Event()

    def person(seed: int) -> None:
        chance, visitor = random.Random(seed), Visitor(served.port)
        while not done.wait(chance.uniform(0.5, 1.5) * PAUSE_SECONDS):
            visitor.get(f"/sok?q={quote_plus(chance.choice(queries))}")

    people = [threading.Thread(target=person, args=(seed,)) for seed in range(SEARCHING)]
    for one in people:
        one.start()
    try:
        yield
    finally:
        done.set()
        for one in people:
            one.join()
