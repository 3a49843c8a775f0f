"""People who use the site, as the load tool plays them: they read, search, think, and some of them write."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from itertools import count
from urllib.parse import urlencode

from locust import FastHttpUser, between, task

from benchmarks.house import EMAIL, PASSWORD
from benchmarks.visitor import form_in

# Chosen by whoever begins the load, before anybody is there.
ADDRESSES: list[str] = []
OWN: list[str] = []
WORDS: list[str] = []
LISTS = ("/arbetssatt", "/studiebesok", "/utvecklingsarbeten", "/cykler", "/natverk", "/organisationer")
AREAS = ("forsorjningsstod", "arbetsmarknad", "hemloshet", "aldre", "placerade-barn", "missbruk-och-beroende")
MOST_MEMBERS = 50
ASSETS = re.compile(r'(?:href|src)="(/static/[^"]+)"')
_readers, _members = count(), count()
# Who has come, and is no longer busy with coming.
ARRIVED: list[Person] = []


def who_reads_what(addresses: Sequence[str], own: Sequence[str], words: Sequence[str]) -> None:
    """Say what there is to read, to change and to search for."""
    for known, given in ((ADDRESSES, addresses), (OWN, own), (WORDS, words)):
        known[:] = given


class Person(FastHttpUser):  # type: ignore[misc]
    """Somebody with a browser. Who reads a page needs a while before the next."""

    abstract = True
    wait_time = between(3, 8)
    connection_timeout = network_timeout = 60.0

    def open(self, address: str, name: str, expect: int = 200) -> str:
        """A page; the load tool counts anything but the expected status as an error."""
        with self.client.get(address, name=name, catch_response=True, allow_redirects=False) as answer:
            self._judge(answer, expect)
            return answer.text or ""

    @staticmethod
    def _judge(answer: object, expect: int) -> None:
        status = getattr(answer, "status_code", 0)
        if status == expect:
            answer.success()  # type: ignore[attr-defined]
        else:
            answer.failure(f"{status} in place of {expect}")  # type: ignore[attr-defined]


class Reader(Person):
    """Reads and searches, and is not signed in."""

    def on_start(self) -> None:
        self.chance = random.Random(next(_readers))
        page = self.open("/", "start")
        for asset in set(ASSETS.findall(page)):
            self.open(asset, "static files")
        ARRIVED.append(self)

    @task(8)
    def read(self) -> None:
        self.open(self.chance.choice(ADDRESSES), "a page")

    @task(5)
    def search(self) -> None:
        words = " ".join(self.chance.sample(WORDS, self.chance.choice((1, 1, 2))))
        self.open(f"/sok?q={words}", "a search")

    @task(2)
    def narrow_down(self) -> None:
        self.open(f"/sok?q={self.chance.choice(WORDS)}&omrade={self.chance.choice(AREAS)}", "a search with a choice")

    @task(3)
    def list_pages(self) -> None:
        self.open(self.chance.choice(LISTS), "a list")

    @task(1)
    def list_further(self) -> None:
        self.open(f"/arbetssatt?sida={self.chance.randrange(1, 20)}", "a list")

    @task(1)
    def begin_again(self) -> None:
        self.open("/", "start")


class Member(Person):
    """Signs in, and changes pages that nobody else of them changes, again and again."""

    def on_start(self) -> None:
        self.number = next(_members)
        self.chance = random.Random(1000 + self.number)
        fields = [
            one for one in form_in(self.open("/logga-in", "the sign-in"), "") if one[0] not in ("email", "password")
        ]
        self.send("/logga-in", [*fields, ("email", EMAIL), ("password", PASSWORD)], "signing in")
        ARRIVED.append(self)

    @task
    def save(self) -> None:
        address = self.chance.choice(OWN[self.number :: MOST_MEMBERS])
        fields = form_in(self.open(f"{address}/andra", "a form"), "skriv")
        words = f"Ändrad av {self.number} med {self.chance.choice(WORDS)}."
        changed = [(name, words if name == "summary" else value) for name, value in fields]
        self.wait()
        self.send(f"{address}/andra", [*changed, ("_do", "save")], "a save")
        self.open(address, "a page")

    def send(self, address: str, fields: list[tuple[str, str]], name: str) -> None:
        headers = {"Origin": self.host or "", "Content-Type": "application/x-www-form-urlencoded"}
        with self.client.post(
            address, data=urlencode(fields), name=name, headers=headers, catch_response=True, allow_redirects=False
        ) as answer:
            self._judge(answer, 303)
