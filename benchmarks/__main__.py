"""``make bench``: measure and print."""

from __future__ import annotations

import os
import random
import re
import shutil
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from app import load_kinds
from app.config import CHECKOUT, Settings
from app.database import Databases
from app.index import Index, Query
from app.language.words import words
from app.library import personal_data
from app.library.organisations import load_organisations
from app.library.shelf import Library
from app.library.visibility import ANYONE
from benchmarks.charts import chart_ms, false_alarms
from benchmarks.fts5 import Fts5
from benchmarks.house import House
from benchmarks.texts import Writer, write_documents

SIZES = tuple(int(size) for size in os.environ.get("N", "2000,10000").split(","))
VIEWS, SAVES, QUERIES = 300, 40, 40
# The state of things, worst case: everything that one may read.
STATE = tuple(f"/laget{more}&urval=alla" for more in ("?visa=stilla", "?visa=forsenat", ".csv?visa=forsenat"))


@dataclass(frozen=True)
class Line:
    """One measure: ours, where there is one the same search without its page, and the peer's counterpart."""

    what: str
    ours: float
    unit: str
    bare: float | None = None
    peer: float | None = None

    def __str__(self) -> str:
        ratio = f"{self.ours / self.peer:8.1f}" if self.peer else " " * 8
        bare_ratio = f"{self.bare / self.peer:8.2f}" if self.peer and self.bare is not None else " " * 8
        bare, peer = (f"{value:10.2f}" if value is not None else " " * 10 for value in (self.bare, self.peer))
        return f"{self.what:<44}{self.ours:10.2f} {self.unit:<8}{bare}{peer}{ratio}{bare_ratio}"


HEADER = f"{'':<44}{'Lärnät':>10} {'':<8}{'bare':>10}{'FTS5':>10}{'ratio':>8}{'bare':>8}"


def main() -> None:
    print(HEADER)
    for what, text in guarded_texts().items():
        print(Line(f"guard, 2,500 words, {what}", guard_ms(text), "CPU ms"))
    for what, taken in chart_ms().items():
        print(Line(what, taken, "CPU ms"))
    for n in (12, 24, 36):
        for rule, alarms in false_alarms(n).items():
            print(Line(f"false alarms, {n} points, {rule}", alarms, "of 100"))
    for size in SIZES:
        with tempfile.TemporaryDirectory(prefix="larnat-bench-") as folder:
            home = Path(folder)
            for name in ("search_index", "var", "content", "improvement_cycles"):
                (home / name).mkdir()
            shutil.copy(CHECKOUT / "content/organisations.yaml", home / "content")
            addresses = write_documents(home, size)
            print(f"\n{size} documents\n{HEADER}")
            for line in measure(House(home), addresses):
                print(line, flush=True)


def measure(house: House, addresses: Sequence[str]) -> Iterator[Line]:
    """Everything that is measured of one house."""
    texts = list(texts_of(house.home))
    queries = choose_queries(texts)
    peer = Fts5(house.home / "fts5.db", texts)
    wall, cpu = house.run("prepare")
    yield Line("first start, all files new (s)", wall, "s")
    yield Line("  the same in CPU (s)", cpu, "CPU s")
    wall, cpu = house.run("rebuild")
    yield Line("rebuild (s)", wall, "s")
    yield Line("  the same in CPU (s)", cpu, "CPU s", peer=peer.build_seconds)
    bare = bare_search(house.home, queries)
    with house.serving() as served:
        first, warm = served.view_ms(addresses, VIEWS)
        yield Line("view", warm, "CPU ms")
        yield Line("  pages that nobody has seen before", first, "CPU ms")
        for name, asked in queries.items():
            first, warm = served.search_ms(asked)
            yield Line(f"search, {name}", warm, "CPU ms", bare[name], peer.query_ms(asked))
            yield Line("  its words for the first time", first, "CPU ms")
        for address, (first, warm) in served.state_ms(STATE).items():
            yield Line(address, warm, "CPU ms")
            yield Line("  when it is asked for the first time", first, "CPU ms")
        own = [address for address in addresses if _is_ours(house.home, address)]
        save, found = served.save_ms(random.Random(2).sample(own, SAVES))
        yield Line("save", save, "CPU ms", peer=peer.save_ms(SAVES))
        yield Line("saved until found by another reader, median", statistics.median(found), "ms")
        yield Line("  the slowest", max(found), "ms")
        memory = served.memory_mb()
        yield Line("memory, all processes (PSS)", sum(memory.values()), "MB")
        for name, used in sorted(memory.items()):
            yield Line(f"  {name}", used, "MB")
        yield Line("idle, for each second", served.idle_ms(), "CPU ms")


def guarded_texts() -> dict[str, str]:
    """2,500 words without a personal number: ordinary prose, and a text of days, times, amounts and telephones."""
    writer = Writer()
    digits = ("2026-03-14", "kl. 08.30–16.00", "070-123 45 67", "1 234 567 kr", "556036-0793", "20260314", "12,5 %")
    full = [word if number % 4 else writer.chance.choice(digits) for number, word in enumerate(writer.text(2_500))]
    return {"prose": writer.prose(2_500), "every fourth a figure": " ".join(full)}


def guard_ms(text: str) -> float:
    """CPU ms that the guard needs for a text, the median of twenty times."""
    taken = []
    for _ in range(20):
        began = time.process_time()
        personal_data.find(text)
        taken.append((time.process_time() - began) * 1000)
    return statistics.median(taken)


def texts_of(home: Path) -> Iterator[tuple[str, str, str]]:
    """Path, title and the rest of every document, as text for the peer."""
    for file in sorted([*home.glob("content/*/*.md"), *home.glob("improvement_cycles/**/*.md")]):
        text = file.read_text(encoding="utf-8")
        title = re.search(r"^title: (.*)$", text, re.MULTILINE)
        yield str(file.relative_to(home)), title[1] if title else "", text.partition("\n---\n")[2]


def choose_queries(texts: Sequence[tuple[str, str, str]]) -> dict[str, list[str]]:
    """Queries that differ: rare words, common ones, and two ordinary words together."""
    chance = random.Random(3)
    spread = Counter(word for _, title, body in texts for word in set(words(f"{title} {body}")) if len(word) > 1)
    ranked = [word for word, _ in spread.most_common()]
    ordinary = ranked[20:400]
    return {
        "a rare word": chance.sample([word for word, number in spread.items() if 2 <= number <= 5], QUERIES),
        "a common word": ranked[:QUERIES],
        "two words": [" ".join(chance.sample(ordinary, 2)) for _ in range(QUERIES)],
    }


def bare_search(home: Path, queries: dict[str, list[str]]) -> dict[str, float]:
    """CPU ms of the same searches in this process: hits, snippets, rights and facets, but no page and no server."""
    settings = Settings(home=home, mode="demo", secret_key="")
    databases = Databases(settings)
    index = Index(settings, databases, Library(home, load_kinds()), load_organisations(home))
    found = {}
    for name, asked in queries.items():
        for _ in range(2):
            began = time.process_time()
            for one in asked:
                index.find(Query(one, limit=10), ANYONE)
            found[name] = (time.process_time() - began) * 1000 / len(asked)
    databases.close()
    return found


def _is_ours(home: Path, address: str) -> bool:
    """Whether the demo account may change it. Practices are enough."""
    kind, _, slug = address.strip("/").partition("/")
    return kind == "arbetssatt" and "owner: sodertalje" in (home / f"content/practices/{slug}.md").read_text()


if __name__ == "__main__":
    main()
