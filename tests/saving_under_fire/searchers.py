"""Four who search while one saves and removes, one rebuilds and the worker is killed. Run by test_searching.py.

Whoever saves writes down what is about to be changed and what has been acknowledged, and when. Whoever searches looks
for words as they are now, and for words that were replaced or removed; a second after it has been acknowledged, the
one has to be found and the other not. Every process opens the index for itself, as web workers do.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from app.config import Settings
from app.index import Query
from app.library.visibility import ANYONE
from app.publishing import FileChange
from tests.publishing.desk import PRACTICE, Desk, text_of

SEARCHERS = 4
PAGES = [f"sida-{number}" for number in range(12)]
GRACE_SECONDS = 1.0
MOST_SECONDS = 240
FEWEST = {"searches": 100, "saves": 10, "rebuilds": 1, "kills": 4}


@dataclass
class Told:
    """What has been changed, and when that was acknowledged, as it stands in the saver's notes."""

    file: Path
    read: int = 0
    now: dict[str, tuple[str, float]] = field(default_factory=dict)
    gone: dict[str, float] = field(default_factory=dict)
    changing: set[str] = field(default_factory=set)

    def follow(self) -> None:
        with self.file.open("rb") as stream:
            stream.seek(self.read)
            found = stream.read()
        whole = found[: found.rfind(b"\n") + 1]
        self.read += len(whole)
        for line in whole.splitlines():
            what, page, word, moment = json.loads(line)
            if what == "changing":
                self.changing.add(page)
                continue
            self.changing.discard(page)
            if page in self.now:
                self.gone[self.now.pop(page)[0]] = moment
            if word:
                self.now[page] = word, moment

    def settled(self, page: str) -> tuple[str, float] | None:
        """The word of a page that nobody is changing."""
        return None if page in self.changing else self.now.get(page)


@dataclass
class Searcher:
    desk: Desk
    told: Told
    dice: random.Random
    searches: int = 0
    slowest: float = 0.0
    faults: list[str] = field(default_factory=list)

    def search(self, words: str) -> list[str]:
        began = time.monotonic()
        try:
            hits = self.desk.index.find(Query(words, limit=50), ANYONE).hits
        except Exception as error:
            self.faults.append(f"{words}: {error!r}")
            return []
        self.searches += 1
        self.slowest = max(self.slowest, time.monotonic() - began)
        return [hit.card.slug for hit in hits]

    def look_for_what_is_there(self) -> None:
        self.told.follow()
        page = self.dice.choice(list(self.told.now) or PAGES)
        before, asked = self.told.settled(page), time.monotonic()
        if before is None:
            return
        word, moment = before
        found = self.search(self.dice.choice((word, f'"ordet {word}"', f"gemensamt {word} -kvastskaft")))
        self.told.follow()
        if found != [page] and self.told.settled(page) == before and asked > moment + GRACE_SECONDS:
            self.faults.append(f"{word} of {page} was {asked - moment:.2f} s old, and {found} was found")

    def look_for_what_is_gone(self) -> None:
        self.told.follow()
        asked = time.monotonic()
        old = [word for word, moment in self.told.gone.items() if asked > moment + GRACE_SECONDS]
        if old:
            word = self.dice.choice(old)
            if found := self.search(word):
                self.faults.append(f"{word} was gone {asked - self.told.gone[word]:.2f} s ago, and {found} was found")

    def look_for_all(self) -> None:
        self.told.follow()
        before = {page: self.told.settled(page) for page in self.told.now}
        asked = time.monotonic()
        found = self.search("gemensamt")
        self.told.follow()
        for page, settled in before.items():
            if (
                settled
                and asked > settled[1] + GRACE_SECONDS
                and self.told.settled(page) == settled
                and page not in found
            ):
                self.faults.append(f"{page} is missing among {found}")


def be_a_searcher(desk: Desk, seed: int) -> dict[str, object]:
    searcher = Searcher(desk, Told(notes(desk)), random.Random(seed))
    while not stopped(desk):
        searcher.dice.choice((searcher.look_for_what_is_there, searcher.look_for_what_is_gone, searcher.look_for_all))()
        count(desk, f"searches-{seed}", searcher.searches)
    return {"faults": searcher.faults, "searches": searcher.searches, "slowest": searcher.slowest}


def be_the_saver(desk: Desk, seed: int) -> dict[str, object]:
    dice, saves = random.Random(seed), 0
    log = os.open(notes(desk), os.O_WRONLY | os.O_APPEND)

    def note(what: str, page: str, word: str) -> None:
        os.write(log, (json.dumps([what, page, word, time.monotonic()]) + "\n").encode())

    pages = list(PAGES)  # a page that was removed leaves its place to one with another address
    while not stopped(desk):
        place, word = dice.randrange(len(pages)), f"ord{saves}x"
        page = pages[place]
        before = desk.read(page) if desk.file(page).exists() else None
        text: str | None = text_of(page, f"Ett gemensamt ord, och här står ordet {word} bara.\n")
        if before and dice.random() < 0.25:
            pages[place], text, word = f"{PAGES[place]}-{saves}", None, ""
        path = PRACTICE.format(page)
        note("changing", page, word)
        desk.change(FileChange(path, text, before.version if before else None))
        note("changed", page, word)
        saves += 1
        count(desk, "saves", saves)
        time.sleep(dice.random() / 10)
    return {"saves": saves}


def be_the_rebuilder(desk: Desk, _seed: int) -> dict[str, object]:
    rebuilds = 0
    while not stopped(desk):
        desk.archive.rebuild()
        rebuilds += 1
        count(desk, "rebuilds", rebuilds)
        time.sleep(0.5)
    return {"rebuilds": rebuilds}


def be_the_worker(desk: Desk, _seed: int) -> dict[str, object]:
    while True:
        desk.archive.reconcile()
        desk.index.index_words()
        desk.index.remove_old()
        time.sleep(0.02)


def notes(desk: Desk) -> Path:
    return desk.home / "var" / "notes.jsonl"


def count(desk: Desk, what: str, number: int) -> None:
    (desk.home / "var" / f"count-{what}").write_text(str(number))


def counted(desk: Desk, what: str) -> int:
    files = (desk.home / "var").glob(f"count-{what}*")
    return sum(int(file.read_text() or 0) for file in files)


def stopped(desk: Desk) -> bool:
    return (desk.home / "var" / "stop").exists()


Role = Callable[[Desk, int], dict[str, object]]


def start(desk: Desk, role: Role, seed: int) -> int:
    child = os.fork()
    if child == 0:
        try:
            told = role(desk, seed)
        except BaseException as error:
            told = {"faults": [f"{role.__name__}: {error!r}"]}
            (desk.home / "var" / "stop").touch()
        (desk.home / "var" / f"told-{seed}.json").write_text(json.dumps(told))
        os._exit(0)
    return child


def fire(desk: Desk, seconds: float) -> dict[str, object]:
    """Let everybody work for some seconds, and until enough has happened; kill the worker again and again."""
    notes(desk).touch()
    desk.databases.close()  # no connection may cross the forks
    roles: list[Role] = [be_a_searcher] * SEARCHERS + [be_the_saver, be_the_rebuilder]
    running = [start(desk, role, seed) for seed, role in enumerate(roles)]
    dice, kills, began = random.Random(4), 0, time.monotonic()

    def enough() -> bool:
        happened = {what: counted(desk, what) for what in FEWEST if what != "kills"} | {"kills": kills}
        return time.monotonic() > began + seconds and all(happened[what] >= least for what, least in FEWEST.items())

    while not stopped(desk) and not enough() and time.monotonic() < began + MOST_SECONDS:
        worker = start(desk, be_the_worker, len(roles))
        time.sleep(0.05 + dice.random() / 2)
        os.kill(worker, signal.SIGKILL)
        _, status = os.waitpid(worker, 0)
        assert os.WIFSIGNALED(status), "the worker came to an end by itself"
        kills += 1
    (desk.home / "var" / "stop").touch()
    for child in running:
        os.waitpid(child, 0)
    told = [json.loads((desk.home / "var" / f"told-{seed}.json").read_text()) for seed in range(len(roles))]
    return {
        "seconds": round(time.monotonic() - began, 1),
        "kills": kills,
        "searches": sum(one.get("searches", 0) for one in told),
        "saves": sum(one.get("saves", 0) for one in told),
        "rebuilds": sum(one.get("rebuilds", 0) for one in told),
        "slowest": max(one.get("slowest", 0.0) for one in told),
        "faults": [fault for one in told for fault in one.get("faults", ())],
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(fire(Desk(Settings.for_tests(Path(sys.argv[1]))), float(sys.argv[2]))))
