"""The index can be rebuilt, or thrown away, while people work: no error, and never an old answer afterwards."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.house import make_home
from tests.serving import PATIENCE_SECONDS, Person, Site, environment, served, wait_for

PRACTICE = (
    "---\nid: {id}\ntitle: Sida {number}\nsummary: Allra första texten.\nowner: sodertalje\n"
    "publication: published\n---\n\n"
    "## Varför\n\nSida nummer {number} handlar om försörjningsstöd.\n"
)
PAGES = 12
FIELD = "summary"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = make_home(tmp_path / "home")
    for number in range(PAGES):
        text = PRACTICE.format(id=uuid.uuid5(uuid.NAMESPACE_URL, f"page {number}"), number=number)
        (home / f"content/practices/sida-{number}.md").write_text(text, encoding="utf-8")
    return home


@pytest.fixture
def site(home: Path, tmp_path: Path) -> Iterator[Site]:
    with served(home, tmp_path / "serve.log", LARNAT_WORKERS="2") as site:
        yield site


@dataclass
class Crowd:
    """Four people who read, search and save until they are told to stop."""

    site: Site
    faults: list[str] = field(default_factory=list)
    saved: dict[int, str] = field(default_factory=dict)
    rounds: list[int] = field(default_factory=lambda: [0, 0, 0, 0])
    stop: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Crowd:
        jobs: list[Callable[[int], None]] = [self.read, self.search, self.save, self.save]
        self.threads = [threading.Thread(target=self._go, args=(job, n)) for n, job in enumerate(jobs)]
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        for thread in self.threads:
            thread.join(PATIENCE_SECONDS)

    def _go(self, job: Callable[[int], None], who: int) -> None:
        try:
            job(who)
        except Exception as error:  # reported by the test, in the thread that can fail
            self.faults.append(f"{job.__name__}: {error!r}")

    def read(self, who: int) -> None:
        person = Person(self.site.port)
        while not self.stop.is_set():
            for path in ("/arbetssatt", f"/arbetssatt/sida-{self.rounds[who] % PAGES}", "/"):
                self._expect(200, person.get(path).status, path)
            self.rounds[who] += 1

    def search(self, who: int) -> None:
        person = Person(self.site.port)
        while not self.stop.is_set():
            answer = person.get("/api/v1/search?q=försörjningsstöd&limit=50")
            self._expect(200, answer.status, "the search")
            found = json.loads(answer.text)["total"] if answer.status == 200 else PAGES
            self._expect(PAGES, found, "hits")
            self.rounds[who] += 1

    def save(self, who: int) -> None:
        person = Person(self.site.port)
        person.sign_in("sodertalje@demo.example" if who == 2 else "kollega@demo.example")
        while not self.stop.is_set():
            number = (self.rounds[who] * 2 + who) % PAGES  # each has pages of their own, so that no save is stale
            word = f"ord{who}x{self.rounds[who]}"
            answer = person.change(f"/arbetssatt/sida-{number}", 1, **{FIELD: word})
            self._expect((200, f"/arbetssatt/sida-{number}"), (answer.status, _path(answer.url)), "a save")
            self.saved[number] = word
            self.rounds[who] += 1

    def _expect(self, expected: object, seen: object, what: str) -> None:
        if expected != seen:
            self.faults.append(f"{what}: {seen} instead of {expected}")


def _path(url: str) -> str:
    return "/" + url.split("/", 3)[3].partition("?")[0].partition("#")[0]


def rebuild(site: Site, home: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "app.cli", "rebuild"], env=environment(home, site.port), capture_output=True
    )
    assert done.returncode == 0, done.stderr.decode()


def found(person: Person, word: str) -> list[str]:
    answer = person.get(f"/api/v1/search?q={word}")
    return [hit["url"] for hit in json.loads(answer.text)["hits"]] if answer.status == 200 else ["not yet"]


def assert_nothing_is_old(crowd: Crowd) -> None:
    """Every page's last saved word is found at once, and no earlier one."""
    person = Person(crowd.site.port)
    for number, word in crowd.saved.items():
        wait_for(lambda number=number, word=word: found(person, word) == [f"/arbetssatt/sida-{number}"])  # type: ignore[misc]
        assert word in person.get(f"/arbetssatt/sida-{number}").text
    last = set(crowd.saved.values())
    earlier = [f"ord{who}x{turn}" for who in (2, 3) for turn in range(crowd.rounds[who])]
    assert [word for word in earlier if word not in last and found(person, word)] == []


def test_a_rebuild_while_four_people_work_disturbs_none_of_them(site: Site, home: Path) -> None:
    with Crowd(site) as crowd:
        for _ in range(3):
            rebuild(site, home)
            time.sleep(0.5)
        wait_for(lambda: min(crowd.rounds) >= 3 or bool(crowd.faults))
    assert crowd.faults == []
    assert_nothing_is_old(crowd)


def test_derived_folders_that_are_emptied_come_back_with_the_same_answers(site: Site, home: Path) -> None:
    person = Person(site.port)
    asked = ("/api/v1/search?q=försörjningsstöd&limit=50", "/api/v1/search?q=nummer+7")
    before = [sorted(hit["id"] for hit in json.loads(person.get(path).text)["hits"]) for path in asked]
    for folder in (home / "search_index", home / "var/derived"):
        for entry in list(folder.iterdir()):
            # The site, which has noticed, may be faster.
            shutil.rmtree(entry, ignore_errors=True) if entry.is_dir() else entry.unlink(missing_ok=True)

    def answers() -> list[list[str]] | None:
        got = [person.get(path) for path in asked]
        if any(answer.status != 200 for answer in got) or not site.well():
            return None
        return [sorted(hit["id"] for hit in json.loads(answer.text)["hits"]) for answer in got]

    wait_for(lambda: any((home / "search_index").iterdir()) and answers() == before)
    assert person.get("/arbetssatt/sida-7").status == 200
    assert "Sida 11" in person.get("/arbetssatt").text
