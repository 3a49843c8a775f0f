"""``make load``: 200 people who read and search, and 10 who save, all at once, on a real site of 2,000 pages.

``PEOPLE``, ``SAVING``, ``SECONDS`` and ``N`` choose other numbers. It tells the requests with their times, errors, and
the memory of all processes while it goes on, and ends with an error where there was one.
"""

from __future__ import annotations

from locust.env import Environment  # first: it makes waiting a matter of gevent's

import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import gevent

from benchmarks.house import House, Served
from benchmarks.people import ARRIVED, Member, Reader, who_reads_what
from benchmarks.processes import busy_seconds
from benchmarks.texts import Writer, write_documents

PEOPLE, SAVING, SECONDS, DOCUMENTS = (
    int(os.environ.get(name, default))
    for name, default in (("PEOPLE", "200"), ("SAVING", "10"), ("SECONDS", "60"), ("N", "2000"))
)
# So many come in a second, until all are there. What is measured begins when caches hold what is read again and again.
ARRIVALS = 10
SETTLE_SECONDS = 60.0
SAMPLE_SECONDS = 3.0


@dataclass
class Memory:
    """What the processes used while it went on: seconds since the beginning, and megabytes by what they are."""

    samples: list[tuple[float, dict[str, float]]] = field(default_factory=list)

    def watch(self, served: Served) -> None:
        """Look again and again, until the greenlet is killed."""
        began = time.monotonic()
        while True:
            self.samples.append((time.monotonic() - began, served.memory_mb()))
            gevent.sleep(SAMPLE_SECONDS)

    def slope(self, name: str) -> float:
        """How much more it is each minute, in MB: least squares over the later two thirds, when caches have filled."""
        later = [(at, used.get(name, 0.0)) for at, used in self.samples[len(self.samples) // 3 :]]
        middle = sum(at for at, _ in later) / len(later)
        mean = sum(used for _, used in later) / len(later)
        spread = sum((at - middle) ** 2 for at, _ in later)
        return 60 * sum((at - middle) * (used - mean) for at, used in later) / spread if spread else 0.0

    def lines(self) -> Iterator[str]:
        names = sorted(self.samples[-1][1])
        for name in names:
            first, last = self.samples[0][1].get(name, 0.0), self.samples[-1][1][name]
            most = max(used.get(name, 0.0) for _, used in self.samples)
            yield f"{name:<24}{first:10.1f}{last:10.1f}{most:10.1f}{self.slope(name):+10.1f}"
        total = [(at, {"": sum(used.values())}) for at, used in self.samples]
        all_of_it = Memory(total)
        yield f"{'all':<24}{total[0][1]['']:10.1f}{total[-1][1]['']:10.1f}{'':10}{all_of_it.slope(''):+10.1f}"


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="larnat-load-") as folder:
        home = Path(folder)
        _filled(home)
        house = House(home)
        house.run("prepare")
        with house.serving() as served:
            return load(house, served)


def _filled(home: Path) -> None:
    """Generated pages, and who reads which of them."""
    for name in ("search_index", "var", "content", "improvement_cycles"):
        (home / name).mkdir()
    addresses = write_documents(home, DOCUMENTS)
    own = [
        f"/arbetssatt/{file.stem}"
        for file in sorted((home / "content/practices").glob("*.md"))
        if "owner: sodertalje\n" in file.read_text(encoding="utf-8")
    ]
    words = Writer().words
    # Words as people choose them: not the commonest, and now and then one that nobody has written.
    chosen = random.Random(4).sample(words[40:3000], 400) + random.Random(5).sample(words[3000:], 100)
    who_reads_what(addresses, own, chosen)


def load(house: House, served: Served) -> int:
    """Let everybody come, wait, and tell how it went. Gives the exit code."""
    Reader.fixed_count, Member.fixed_count = PEOPLE, SAVING
    environment = Environment(user_classes=[Reader, Member], host=f"http://127.0.0.1:{house.port}")
    runner = environment.create_local_runner()
    runner.start(PEOPLE + SAVING, spawn_rate=ARRIVALS)
    while len(ARRIVED) < PEOPLE + SAVING:
        gevent.sleep(0.5)
    gevent.sleep(SETTLE_SECONDS)
    environment.stats.reset_all()
    memory = Memory()
    watching = gevent.spawn(memory.watch, served)
    with _measured(served) as used:
        gevent.sleep(SECONDS)
    watching.kill()
    runner.quit()
    for line in _told(environment, memory, used):
        print(line)
    return 1 if environment.stats.total.num_failures or environment.stats.errors else 0


@contextmanager
def _measured(served: Served) -> Iterator[dict[str, float]]:
    """The CPU, in cores, that the site, this tool and everybody else on the machine used in the block."""
    used: dict[str, float] = {}
    began, busy, site, own = time.monotonic(), busy_seconds(), served.cpu_seconds(), time.process_time()
    yield used
    seconds = time.monotonic() - began
    used["the site"] = (served.cpu_seconds() - site) / seconds
    used["this tool"] = (time.process_time() - own) / seconds
    used["others on the machine"] = (busy_seconds() - busy) / seconds - sum(used.values())


def _told(environment: Any, memory: Memory, used: dict[str, float]) -> Iterator[str]:
    yield f"\n{PEOPLE} people reading and searching, {SAVING} saving, {SECONDS} s, {DOCUMENTS} pages\n"
    yield f"{'ms':<24}{'requests':>10}{'errors':>10}{'p50':>8}{'p95':>8}{'p99':>8}{'most':>8}"
    total = environment.stats.total
    for entry in [*sorted(environment.stats.entries.values(), key=lambda one: one.name), total]:
        parts = (entry.get_response_time_percentile(part) for part in (0.5, 0.95, 0.99))
        times = "".join(f"{part or 0:8.0f}" for part in parts)
        name = "all" if entry is total else entry.name
        yield f"{name:<24}{entry.num_requests:10}{entry.num_failures:10}{times}{entry.max_response_time or 0:8.0f}"
    yield f"\n{total.num_requests / SECONDS:.1f} requests a second"
    for error in environment.stats.errors.values():
        yield f"  error: {error.name}: {error.error} ({error.occurrences})"
    yield "\nCPU, in cores: " + ", ".join(f"{name} {cores:.2f}" for name, cores in used.items())
    yield f"\n{'MB (PSS)':<24}{'first':>10}{'last':>10}{'most':>10}{'a minute':>10}"
    yield from memory.lines()


if __name__ == "__main__":
    sys.exit(main())
