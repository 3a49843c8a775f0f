"""A house of generated documents, served as in production, and what is asked of it."""

from __future__ import annotations

import json
import os
import random
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote_plus

from benchmarks.processes import cpu_ms, memory_mb, web_memory
from benchmarks.visitor import Visitor, form_in

LARNAT = (sys.executable, "-m", "app.cli")
WORKERS = 2
EMAIL, PASSWORD = "sodertalje@demo.example", "prova lärnät lokalt"
START_SECONDS = 120


class House:
    """A home folder, and the commands that are run on it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        with socket.socket() as one:
            one.bind(("127.0.0.1", 0))
            self.port: int = one.getsockname()[1]
        given = {name: value for name, value in os.environ.items() if not name.startswith("LARNAT_")}
        self.environment = given | {"LARNAT_HOME": str(home), "PORT": str(self.port), "LARNAT_WORKERS": str(WORKERS)}

    def run(self, *words: str) -> tuple[float, float]:
        """Run a command to its end; gives the seconds it took, and of CPU."""
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        done = subprocess.run([*LARNAT, *words], env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-2000:]
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return time.perf_counter() - began, cpu

    @contextmanager
    def serving(self) -> Iterator[Served]:
        """The house as ``larnat serve`` serves it."""
        with (self.home / "serve.log").open("w") as log:
            process = subprocess.Popen([*LARNAT, "serve"], env=self.environment, stdout=log, stderr=log)
            try:
                yield Served(self, process.pid)
            finally:
                process.send_signal(signal.SIGTERM)
                process.wait(60)


class Served:
    """A house that answers."""

    def __init__(self, house: House, process: int) -> None:
        self._house = house
        self._process = process
        self._wait_until_well()

    def _wait_until_well(self) -> None:
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            try:
                if json.loads(Visitor(self._house.port).get("/healthz"))["status"] == "ok":
                    return
            except (OSError, AssertionError):
                pass
            time.sleep(0.2)
        raise AssertionError((self._house.home / "serve.log").read_text()[-2000:])

    @property
    def port(self) -> int:
        return self._house.port

    @property
    def process(self) -> int:
        """The supervisor, below which all others are."""
        return self._process

    def visitor(self) -> Visitor:
        return Visitor(self.port)

    def cpu_per_request(self, ask: Callable[[Visitor, str], object], addresses: Sequence[str]) -> float:
        """CPU ms of all processes for each request."""
        visitor = self.visitor()
        before = cpu_ms(self._process)
        for address in addresses:
            ask(visitor, address)
        return (cpu_ms(self._process) - before) / len(addresses)

    def idle_ms(self, seconds: float = 5.0) -> float:
        """CPU ms per second while nobody asks for anything."""
        before = cpu_ms(self._process)
        time.sleep(seconds)
        return (cpu_ms(self._process) - before) / seconds

    def cpu_seconds(self) -> float:
        """The CPU time of all its processes until now."""
        return cpu_ms(self._process) / 1000

    def memory_mb(self) -> dict[str, float]:
        return memory_mb(self._process)

    def web_memory(self) -> dict[str, tuple[float, float]]:
        """PSS and RSS in MB of each process that answers requests."""
        return web_memory(self._process)

    def view_ms(self, addresses: Sequence[str], count: int) -> tuple[float, float]:
        """CPU ms of a document's page, over different documents: seen for the first time, and seen before."""
        chosen = random.Random(1).sample(list(addresses), min(count, len(addresses)))
        for address in chosen[:30]:
            self.visitor().get(address)
        first = self.cpu_per_request(Visitor.get, chosen[30:])
        for _ in range(2 * WORKERS):
            self.cpu_per_request(Visitor.get, chosen)
        return first, self.cpu_per_request(Visitor.get, chosen)

    def search_ms(self, queries: Sequence[str]) -> tuple[float, float]:
        """CPU ms of a page of hits: when its words are searched for the first time, and when they have been before."""
        addresses = [f"/sok?q={quote_plus(words)}" for words in queries]
        first = self.cpu_per_request(Visitor.get, addresses)
        for _ in range(2 * WORKERS):
            self.cpu_per_request(Visitor.get, addresses)
        return first, self.cpu_per_request(Visitor.get, addresses)

    def state_ms(self, addresses: Sequence[str]) -> dict[str, tuple[float, float]]:
        """CPU ms of what a member asks of the state of things: the first time after a save, and after that."""
        member = self.visitor()
        member.sign_in(EMAIL, PASSWORD)
        found = {}
        for address in addresses:
            # Two workers: each has its own memory of what follows from all documents.
            first = self._cpu_ms(member, [address])
            for _ in range(4 * WORKERS):
                member.get(address)
            found[address] = first, self._cpu_ms(member, [address] * 20)
        return found

    def _cpu_ms(self, visitor: Visitor, addresses: Sequence[str]) -> float:
        before = cpu_ms(self._process)
        for address in addresses:
            visitor.get(address)
        return (cpu_ms(self._process) - before) / len(addresses)

    def save_ms(self, addresses: Sequence[str]) -> tuple[float, list[float]]:
        """CPU ms of a save (an edit through the form), and for each save the ms until another reader finds it."""
        member, reader = self.visitor(), self.visitor()
        member.sign_in(EMAIL, PASSWORD)
        forms = {address: form_in(member.get(f"{address}/andra"), "skriv") for address in addresses}
        words = {address: f"nyskrivetord{number}x" for number, address in enumerate(addresses)}
        time.sleep(1)
        before = cpu_ms(self._process)
        for address, fields in forms.items():
            changed = [(name, f"Med {words[address]}." if name == "summary" else value) for name, value in fields]
            status, _, page = member.post(f"{address}/andra", [*changed, ("_do", "save")])
            assert status == 303, f"saving {address} answered {status}: {page[-1500:]}"
        cpu = (cpu_ms(self._process) - before) / len(forms)
        last = {address: f"sistaordet{number}y" for number, address in enumerate(addresses[:15])}
        return cpu, [self.found_ms(member, reader, address, word) for address, word in last.items()]

    @staticmethod
    def found_ms(member: Visitor, reader: Visitor, address: str, word: str) -> float:
        """The ms from when a save with a new word has been answered until a reader finds the page by that word."""
        fields = form_in(member.get(f"{address}/andra"), "skriv")
        changed = [(name, f"Med {word}." if name == "summary" else value) for name, value in fields]
        status, _, _ = member.post(f"{address}/andra", [*changed, ("_do", "save")])
        assert status == 303
        saved = time.perf_counter()
        while not json.loads(reader.get(f"/api/v1/search?q={word}"))["total"]:
            assert time.perf_counter() - saved < 10, f"{word} is not found"
            time.sleep(0.005)
        return (time.perf_counter() - saved) * 1000
