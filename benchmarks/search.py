"""``make bench-search``: the search beside tantivy, SQLite FTS5 and stock Whoosh, on the same documents and questions.

``N`` says how many documents (10,000), ``TEXTS`` a folder of texts to make them from, ``KEEP`` a folder in which what
was built is kept for the next time (``REBUILD=0`` takes it as it is), and ``WITHOUT`` which rivals to leave out. All
are asked in turn in one process, and what is measured is its CPU time; the first time that a question is asked is told
apart from all later ones.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from app import load_kinds
from app.config import CHECKOUT, Settings
from app.database import Databases
from app.index import Index, Query
from app.language.words import words
from app.library.organisations import load_organisations
from app.library.shelf import Library
from app.library.visibility import ANYONE
from benchmarks.house import House
from benchmarks.misspelling import Misspeller
from benchmarks.rivals import Ask, Text, opened
from benchmarks.scores import TOP
from benchmarks.serving import served_lines
from benchmarks.texts import PassageWriter, SwedishWriter, write_documents

QUERIES, REPEATED, SLOW_REPEATED = 40, 6, 2
SLOW = ("whoosh",)
RIVALS = ("tantivy", "fts5", "whoosh")
SORTS = ("rare", "common", "or", "and", "filter", "facets", "prefix", "phrase", "misspelt")
ALONE, FACETS, SHOWN = "ours, words alone", "ours, with facets", "ours, with snippets"
OURS = (ALONE, FACETS, SHOWN)

Engine = Callable[[Ask], object]


@dataclass
class Taken:
    """The CPU ms of one engine for one sort of question: the first time each is asked, and later."""

    cold: list[float] = field(default_factory=list)
    warm: list[float] = field(default_factory=list)

    def figures(self) -> tuple[float, ...]:
        """Warm p50 and p95, cold p50 and p95."""
        return tuple(float(np.percentile(one, part)) for one in (self.warm, self.cold) for part in (50, 95))


def main() -> None:
    size = int(os.environ.get("N", "10000"))
    keep = os.environ.get("KEEP", "")
    with tempfile.TemporaryDirectory(prefix="larnat-search-") as folder:
        place = Path(keep or folder).resolve()
        home, texts = built(place, size)
        rivals = [name for name in RIVALS if name not in os.environ.get("WITHOUT", "").split(",")]
        for line in measured(home, place, texts, rivals):
            print(line, flush=True)
        for line in served_lines(House(home), [one.words for one in questions(texts)["and"][:QUERIES]]):
            print(line, flush=True)


# ---- The documents ----


def built(place: Path, size: int) -> tuple[Path, list[Text]]:
    """The house of a folder, made if it is not there, and its documents as the rivals get them."""
    home = place / "home"
    if not (home / "var/generation").exists():
        shutil.rmtree(home, ignore_errors=True)
        for name in ("search_index", "var", "content", "improvement_cycles"):
            (home / name).mkdir(parents=True)
        shutil.copy(CHECKOUT / "content/organisations.yaml", home / "content")
        shutil.copy(CHECKOUT / "content/vocabulary.yaml", home / "content")
        folder = os.environ.get("TEXTS", "")
        write_documents(home, size, PassageWriter(Path(folder)) if folder else SwedishWriter())
        House(home).run("prepare")
    if os.environ.get("REBUILD", "1") != "0":
        wall, cpu = House(home).run("rebuild")
        print(f"rebuild: {wall:.1f} s, {cpu:.1f} CPU s, {size / wall:.0f} documents a second")
    return home, list(texts_of(home))


def texts_of(home: Path) -> Iterator[Text]:
    """Every document that anybody may read, with the values that are counted."""
    for file in sorted([*home.glob("content/*/*.md"), *home.glob("improvement_cycles/**/*.md")]):
        front, _, body = file.read_text(encoding="utf-8")[4:].partition("\n---\n")
        if "publication: published" not in front:
            continue
        title, owner, summary = (_line(front, name) for name in ("title", "owner", "summary"))
        facets = {"owner": owner, "sort": file.parent.name, "area": _first(front, "areas")}
        facets |= {"target": _first(front, "target_groups"), "year": str(len(title) % 10)}
        yield Text(title, f"{title}\n{summary}\n{body}", facets)


def _line(front: str, name: str) -> str:
    found = re.search(rf"^{name}: (.*)$", front, re.MULTILINE)
    return found[1] if found else ""


def _first(front: str, name: str) -> str:
    found = re.search(rf"^{name}:\n- (.*)$", front, re.MULTILINE)
    return found[1] if found else ""


# ---- The questions ----


def questions(texts: Sequence[Text]) -> dict[str, list[Ask]]:
    """Of each sort twice as many as are asked of one engine: a question is new to a process only once."""
    chance = random.Random(3)
    split = [words(one.text) for one in texts[:: max(1, len(texts) // 20_000)]]
    spread = Counter(word for found in split for word in set(found) if len(word) > 2 and word.isalpha())
    ranked = [word for word, _ in spread.most_common()]
    common, ordinary = ranked[60:400], ranked[200:4000]
    rare = [word for word, number in spread.items() if 2 <= number <= 5 and len(word) > 5]
    misspeller = Misspeller(frozenset())
    count = 2 * QUERIES

    def joined(number: int) -> list[str]:
        return [" ".join(chance.sample(ordinary[:800], number)) for _ in range(count)]

    def phrases() -> Iterator[str]:
        while True:
            found = chance.choice(split)
            at = chance.randrange(len(found) - 1)
            if all(len(word) > 3 and word.isalpha() for word in found[at : at + 2]):
                yield " ".join(found[at : at + 2])

    endless = phrases()
    asked = {
        "rare": chance.sample(rare, count),
        "common": chance.sample(common, count),
        "or": joined(3),
        "and": joined(2),
        "filter": chance.sample(common, count),
        "facets": chance.sample(common, count),
        "prefix": [word[:4] for word in chance.sample([one for one in ordinary if len(one) > 5], count)],
        "phrase": [next(endless) for _ in range(count)],
        "misspelt": [
            misspeller.variants(word)["an edit"] for word in chance.sample([w for w in ordinary if len(w) > 6], count)
        ],
    }
    areas = sorted({one.facets["area"] for one in texts} - {""})
    return {sort: [Ask(sort, one, chance.choice(areas)) for one in found] for sort, found in asked.items()}


def as_query(ask: Ask) -> Query:
    """What is asked as our own query."""
    chosen = {"omrade": [ask.area]} if ask.sort == "filter" else {}
    text = f'"{ask.words}"' if ask.sort == "phrase" else ask.words
    return Query(text, chosen, TOP, beginning=ask.sort == "prefix")


# ---- Measuring ----


def measured(home: Path, place: Path, texts: Sequence[Text], names: Sequence[str]) -> Iterator[str]:
    """The tables: CPU ms by sort of question, what ours is of each rival's, and what building and keeping takes."""
    asked = questions(texts)
    rivals = {name: opened(name, place, texts) for name in names}
    settings = Settings(home=home, mode="demo", secret_key="")
    databases = Databases(settings)
    index, other = (Index(settings, databases, Library(home, load_kinds()), load_organisations(home)) for _ in "ab")
    index.find(Query("bibliotek"), ANYONE)
    with other.at_once():
        other.found(Query("bibliotek"), ANYONE)

        def counted(ask: Ask) -> object:
            found = index.found(as_query(ask), ANYONE)
            return found.titles(TOP), found.filtered.counts(index.facets)

        every: dict[str, Engine] = {
            ALONE: lambda ask: other.found(as_query(ask), ANYONE).titles(TOP),
            FACETS: counted,
            SHOWN: lambda ask: index.find(as_query(ask), ANYONE),
            **{name: rival.find for name, rival in rivals.items()},
        }
        taken = {sort: ask_all(every, asked[sort]) for sort in SORTS}
    yield from _table(taken, list(every))
    yield from _ratios(taken, names)
    first = [ms for sort in ("rare", "common") for ms in taken[sort][ALONE].cold]
    yield f"\nfirst read of a word: p50 {statistics.median(first):.2f}, p95 {np.percentile(first, 95):.2f} CPU ms"
    yield f"{'size on the disk, ours':<28}{_megabytes(home / 'search_index'):8.0f} MB words"
    yield f"{'':<28}{_megabytes(home / 'var/derived'):8.0f} MB rows"
    for name, rival in rivals.items():
        yield f"{name:<28}{rival.size:8.0f} MB, built in {rival.built:.0f} CPU s"
    databases.close()


def ask_all(every: dict[str, Engine], asked: Sequence[Ask]) -> dict[str, Taken]:
    """Ask all engines each question in turn: the first time, and then some times over.

    Our facets are asked other questions the first time, so that their words are new, too.
    """
    taken = {name: Taken() for name in every}
    shared, own = asked[:QUERIES], asked[QUERIES:]
    for ask, ours in zip(shared, own, strict=True):
        for name, find in every.items():
            if name != SHOWN:
                taken[name].cold.append(_ms(find, ours if name == FACETS else ask))
        taken[SHOWN].cold.append(_ms(every[SHOWN], ask))
        _ms(every[FACETS], ask)
    names = list(every)
    for turn in range(REPEATED):
        # Who comes after whom changes, because each finds the processor's caches as the one before has left them.
        order = names[turn % len(names) :] + names[: turn % len(names)]
        for ask in shared:
            for name in order:
                if name not in SLOW or turn < SLOW_REPEATED:
                    taken[name].warm.append(_ms(every[name], ask))
    return taken


def _ms(find: Engine, ask: Ask) -> float:
    began = time.process_time_ns()
    found = find(ask)
    taken = (time.process_time_ns() - began) / 1e6
    return taken if found is not None else float("nan")


def _table(taken: dict[str, dict[str, Taken]], names: Sequence[str]) -> Iterator[str]:
    yield f"\n{'CPU ms':<12}{'':<22}{'warm p50':>10}{'p95':>9}{'cold p50':>10}{'p95':>9}"
    for sort, by_name in taken.items():
        for name in names:
            figures = by_name[name].figures()
            if not np.isnan(figures[0]):
                warm, warm_most, cold, cold_most = figures
                yield f"{sort:<12}{name:<22}{warm:>10.2f}{warm_most:>9.2f}{cold:>10.2f}{cold_most:>9.2f}"
        yield ""


def _ratios(taken: dict[str, dict[str, Taken]], names: Sequence[str]) -> Iterator[str]:
    """Warm medians: the words alone by what each rival takes."""
    yield f"{'ours / theirs':<12}" + "".join(f"{name:>10}" for name in names) + f"{'with facets, CPU ms':>24}"
    for sort, by_name in taken.items():
        own = by_name[ALONE].figures()[0]
        shares = [own / by_name[name].figures()[0] for name in names]
        row = "".join(f"{share:>10.2f}" if not np.isnan(share) else f"{'–':>10}" for share in shares)
        yield f"{sort:<12}{row}{by_name[FACETS].figures()[0]:>24.2f}"


def _megabytes(folder: Path) -> float:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 2**20


if __name__ == "__main__":
    main()
