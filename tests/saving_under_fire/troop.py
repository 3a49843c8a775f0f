"""Eight clients on five shared documents, under fire. Run by test_killed.py in its own process.

Each client is a forked process that edits, books, moves and reads as people do, and writes down what was acknowledged,
in a file of its own, before it goes on. One more process does what ``larnat work`` does. The parent kills them, one by
one and all at once, and puts new ones in their places.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.config import Settings
from app.library.document import Document
from app.publishing import FileChange, Refused, StaleVersion
from tests.publishing.desk import PRACTICE, Desk, some_token

CLIENTS = 8
DOCUMENTS = [f"dokument-{number}" for number in range(5)]
BOOKED = "- bokad: "
SAID = "Sagt av "
SHORTEST_ANSWER = 80  # bytes
MOST_SECONDS = 240


@dataclass
class Client:
    """One who edits and books, and remembers what was acknowledged."""

    desk: Desk
    log: int
    dice: random.Random

    def act(self) -> None:
        slug = self.dice.choice(DOCUMENTS)
        self.dice.choice([self.edit, self.edit, self.book, self.book, self.edit_two, self.edit_stale])(slug)

    def edit(self, slug: str) -> None:
        self._save([self.desk.read(slug)])

    def edit_two(self, slug: str) -> None:
        other = self.dice.choice([one for one in DOCUMENTS if one != slug])
        self._save([self.desk.read(slug), self.desk.read(other)])

    def edit_stale(self, slug: str) -> None:
        """Read, let others save, and save: the answer must be that it is stale."""
        document = self.desk.read(slug)
        if not self._is_booked(slug):
            return
        try:
            self._save([document])
            self._note("unnoticed", document.path, document.version)
        except StaleVersion:
            self._note("refused", document.path, document.version)

    def book(self, slug: str) -> None:
        self._is_booked(slug)

    def _is_booked(self, slug: str) -> bool:
        token = some_token()

        def booked(document: Document) -> str:
            if self.dice.random() < 0.1:
                raise Refused("Inga platser kvar.")
            return document.text + f"{BOOKED}{token}\n"

        try:
            self.desk.happen(PRACTICE.format(slug), booked, token)
        except Refused:
            return False
        self._note("booked", PRACTICE.format(slug), token)
        return True

    def _save(self, documents: list[Document]) -> None:
        token = some_token()
        changes = [FileChange(one.path, said(one.text, token), one.version) for one in documents]
        try:
            saved = self.desk.change(*changes, token=token)
        except StaleVersion:
            if len(documents) == 1 and documents[0].version == self.desk.library.read(documents[0].path).version:
                self._note("wrongly refused", documents[0].path, documents[0].version)
            raise
        if self.dice.random() < 0.2:
            # The answer was lost: the same form once more.
            assert self.desk.change(*changes, token=token).repeated
        for path, version in saved.versions.items():
            self._note("saved", path, version)

    def _note(self, *words: str) -> None:
        os.write(self.log, (json.dumps(words) + "\n").encode())


def said(text: str, token: str) -> str:
    """The text with a new paragraph in the place of the last one, and all bookings as they were."""
    lines = [line for line in text.splitlines(keepends=True) if not line.startswith(SAID)]
    first_booking = next((number for number, line in enumerate(lines) if line.startswith(BOOKED)), len(lines))
    lines.insert(first_booking, f"{SAID}{token}.\n")
    return "".join(lines)


def be_a_client(desk: Desk, seed: int) -> None:
    log = os.open(desk.home / "var" / f"acknowledged-{seed}.jsonl", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    client = Client(desk, log, random.Random(seed))
    while True:
        try:
            client.act()
        except StaleVersion:
            continue


def be_the_worker(desk: Desk, _seed: int) -> None:
    while True:
        desk.archive.reconcile()
        desk.index.index_words()
        time.sleep(0.05)


def start(desk: Desk, role: Callable[[Desk, int], None], seed: int) -> int:
    child = os.fork()
    if child == 0:
        role(desk, seed)
        os._exit(1)
    return child


def wait_for_saves(desk: Desk, count: int) -> None:
    """Wait until so many more answers have been written down, however slow the machine is."""
    before = size_of_logs(desk)
    deadline = time.monotonic() + MOST_SECONDS
    while size_of_logs(desk) < before + count * SHORTEST_ANSWER:
        assert time.monotonic() < deadline, "the clients have come to a stop"
        time.sleep(0.02)


def size_of_logs(desk: Desk) -> int:
    return sum(file.stat().st_size for file in (desk.home / "var").glob("acknowledged-*.jsonl"))


def fire(desk: Desk, kills: int, saves_between: int) -> None:
    """Let everybody work, and kill: now one, now the worker, now all."""
    desk.databases.close()  # no connection may cross the forks
    dice = random.Random(2)
    roles: dict[int, Callable[[Desk, int], None]] = dict.fromkeys(range(CLIENTS), be_a_client)
    roles[CLIENTS] = be_the_worker
    running = {seed: start(desk, role, seed) for seed, role in roles.items()}
    for number in range(kills):
        wait_for_saves(desk, saves_between)
        time.sleep(dice.random() / 20)
        victims = list(running) if number % 4 == 3 else [CLIENTS if number % 4 == 1 else dice.randrange(CLIENTS)]
        for seed in victims:
            os.kill(running[seed], signal.SIGKILL)
        for seed in victims:
            _, status = os.waitpid(running[seed], 0)
            assert os.WIFSIGNALED(status), "a client came to an end by itself"
            running[seed] = start(desk, roles[seed], seed)
    wait_for_saves(desk, saves_between)
    for child in running.values():
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


if __name__ == "__main__":
    fire(Desk(Settings.for_tests(Path(sys.argv[1]))), kills=int(sys.argv[2]), saves_between=int(sys.argv[3]))
