"""Somebody looks at everything that shows something, and sees what the model says: no more, and no less."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import quote

from werkzeug.test import TestResponse

from tests.sequences.marks import marks_in, misspelt
from tests.sequences.told import Page, Someone, counted
from tests.sequences.world import ORGANISATIONS, World

# What is another word for every answer: the marks of forms, and how long a question took.
CHANCE = re.compile(
    r"""[0-9a-f]{32}|(?<="made_at": ")[^"]+|(?<="took_ms":)[\d.]+"""
    r"""|(?<=name="_token" value=")[^"]+|(?<=name="_tab" value=")[^"]+"""
    r"""|I[\w-]{30,}\.[\w-]{6}\.[\w-]{20,}|\d+(?:,\d+)?(?= ms\b)"""
)
# Below a page's address; what is answered where there is no such page is answered where there is a hidden one.
BELOW = ("", "/andra", "/andra?steg=2", "/filer", "/flytta", "/ta-bort", "/historik", "/historik/1", "/jamfor")
# What else there is of a page, for whoever may see it.
BESIDE = {"projects": ("/sammanfattning", ".json")}
EVENTS = ("laget", "framsteg", "paverkan", "ta-over-matt", "platser", "svar", "tog-med-hem", "avanmalan", "beslut")
SEARCHES = ("/api/v1/search?limit=100&q=", "/sok?q=", "/sok?ordning=andrad&q=", "/sidor-att-lanka?q=")
SUGGESTIONS = "/api/v1/suggest?limit=20&q="
BEGINNINGS = ("rub", "rubrikken", "rubriken+h", "so", "stock", "su")
NOWHERE = "wyyyyyz"
# Of a form that nobody has saved.
MARK = "0123456789abcdef" * 2


@dataclass
class Look:
    """Somebody at one of the processes, with what they may meet there."""

    world: World
    who: Someone
    worker: int
    chance: random.Random
    allowed: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.allowed = self.world.told.marks_for(self.who)
        self.client = self.world.browser(self.who, self.worker)
        self._nowhere_at: dict[str, TestResponse] = {}

    def everything(self) -> None:
        """All that is about many pages, every page by itself and what is below it, and words and numbers."""
        for address in addresses_of_many(self.world):
            self.get(address)
        self.pages(below=4)
        self.search(4)
        self.counts()

    def about(self) -> None:
        """A third of that, another one every time."""
        addresses = addresses_of_many(self.world)
        for address in self.chance.sample(addresses, len(addresses) // 3):
            self.get(address)
        self.pages(below=1)
        self.search(1)
        self.counts()

    # ---- One answer ----

    def get(self, address: str) -> TestResponse:
        """What is answered, once it is certain that nothing hidden stands in it."""
        return self.nothing_hidden_in(self.client.get(address), address)

    def nothing_hidden_in(self, answer: TestResponse, asked: str) -> TestResponse:
        told = marks_in(words_of(answer)) - marks_in(asked)
        assert told <= self.allowed, (
            f"{self.who.email or 'nobody'} met {sorted(told - self.allowed)} at {asked}: "
            f"{[place(self.world, mark) for mark in sorted(told - self.allowed)]}"
        )
        assert answer.status_code < 500, (asked, answer.status_code, answer.text[-400:])
        return answer

    # ---- Pages by themselves ----

    def pages(self, below: int) -> None:
        told = self.world.told
        looked_below = {page.id for page in self.chance.sample(told.pages, min(below, len(told.pages)))}
        for page in told.pages:
            if told.sees(self.who, page):
                self._seen(page, page.id in looked_below)
            else:
                self._hidden(page, page.id in looked_below)

    def _seen(self, page: Page, below: bool) -> None:
        address = address_of(self.world, page)
        shown = self.get(address)
        assert shown.status_code == 200, (self.who.email, address, shown.status_code)
        assert {page.title, *page.searched[-1:]} <= marks_in(shown.text), (self.who.email, address)
        for name, says in page.files.items():
            got = self.get(f"/filer{address}/{name}")
            assert got.status_code == 200, (self.who.email, name)
            assert marks_in(says) <= marks_in(words_of(got)), (self.who.email, name)
        for former in page.former:
            if not any((one.kind, one.slug) == (page.kind, former) for one in self.world.told.standing()):
                assert self.client.get(address_of(self.world, page, former)).location == address
        for way in BESIDE.get(page.kind, ()) if below else ():
            assert self.get(address + way).status_code == 200, (self.who.email, address + way)
        may_write = self.world.told.writes_for(self.who, page)
        for way in BELOW[1:] if below else ():
            answer = self.get(address + way)
            refused = answer.status_code == (403 if self.who.email and self.who.open else 401)
            assert refused != may_write or answer.status_code == 404, (self.who.email, address + way, may_write)

    def _hidden(self, page: Page, below: bool) -> None:
        """Every address of it is answered as if there were none, also those that it had."""
        may_undo = page.gone and self.world.told.writes_for(self.who, page)
        for slug in (page.slug, *page.former):
            if may_undo or any((one.kind, one.slug) == (page.kind, slug) for one in self.world.told.seen(self.who)):
                continue
            if slug in {former for one in self.world.told.seen(self.who, page.kind) for former in one.former}:
                continue
            nothing = re.sub(r"w[a-z]{5}[wz]", NOWHERE, slug)
            address, nowhere = address_of(self.world, page, slug), address_of(self.world, page, nothing)
            ways = [*BELOW, *(f"/{event}" for event in EVENTS)] if below else BELOW[:1]
            for way in ways:
                self._same(self.get(address + way), self._answer_nowhere(nowhere + way), slug, nothing)
            for way in ways[1:] if below else ():
                posts = [self.client.post(one + way, data={"_version": "x"}) for one in (address, nowhere)]
                self._same(posts[0], posts[1], slug, nothing)
            for name in page.files if below else ():
                files = [self.get(f"/filer{one}/{name}") for one in (address, nowhere)]
                self._same(files[0], files[1], slug, nothing)

    def _answer_nowhere(self, address: str) -> TestResponse:
        if address not in self._nowhere_at:
            self._nowhere_at[address] = self.get(address)
        return self._nowhere_at[address]

    def _same(self, one: TestResponse, other: TestResponse, *words: str) -> None:
        """Whether two answers say the same, but for the words that were asked with."""
        # The page of what is not there looks for the words of its address.
        also = [part for word in words for part in re.split(r"[/ -]", word) if len(part) > 2]
        said = [
            without_chance(
                words_of(each), each.headers["X-Request-ID"], *words, *also, *(quote(one, "") for one in words)
            )
            for each in (one, other)
        ]
        assert one.status_code == other.status_code, (self.who.email, one.request.url, one.status_code)
        assert said[0] == said[1], (self.who.email, one.request.url, first_difference(*said))

    # ---- Words and numbers ----

    def search(self, most: int) -> None:
        """What may be seen is found by its words, and words that are hidden find nothing hidden."""
        told = self.world.told
        seen = [page for page in told.seen(self.who) if page.searched]
        for page in self.chance.sample(seen, min(most, len(seen))):
            word = self.chance.choice(page.searched)
            found = self.get(f"/api/v1/search?q={word}&arkiverade=ja").get_json()
            assert page.id in {hit["id"] for hit in found["hits"]}, (self.who.email, page.kind, page.slug, word)
            assert word in self.get(f"/sok?q={word}&arkiverade=ja").text
            self.get(SUGGESTIONS + word[:-1])
        hidden = sorted({mark for page in told.pages for mark in page.present | page.past} - self.allowed)
        for word in self.chance.sample(hidden, min(most, len(hidden))):
            search, typed = self.chance.choice(SEARCHES), self.chance.choice(ways_to_type(word))
            self.get(search + typed)
            self.get(SUGGESTIONS + typed)
        for typed in BEGINNINGS:
            self.get(SUGGESTIONS + typed)

    def counts(self) -> None:
        told = self.world.told
        for more, pages in (("", told.listed(self.who)), ("&arkiverade=ja", told.seen(self.who))):
            found = self.get(f"/api/v1/search?limit=100{more}").get_json()
            assert {hit["id"] for hit in found["hits"]} == {page.id for page in pages}, self.who.email
            assert found["total"] == len(pages)
            assert found["archived"] == len(told.seen(self.who)) - len(told.listed(self.who))
            facets = {name: {one["value"]: one["count"] for one in each} for name, each in found["facets"].items()}
            assert facets.get("typ", {}) == counted(pages)
            for name, values in (("natverk", "networks"), ("omrade", "areas")):
                expected: dict[str, int] = {}
                for page in pages:
                    for value in dict.fromkeys(getattr(page, values)):
                        expected[value] = expected.get(value, 0) + 1
                assert facets.get(name, {}) == expected, (self.who.email, name)
        for kind, url in url_of(self.world).items():
            listed = self.get(f"/{url}").text
            for page in told.listed(self.who, kind)[:15]:
                assert page.title in listed, (self.who.email, kind, page.slug)


def addresses_of_many(world: World) -> list[str]:
    """Every address at which more than one page may show."""
    kinds = list(url_of(world).values())
    networks = [page.slug for page in world.told.standing("networks")]
    projects = [page.slug for page in world.told.standing("projects")]
    return [
        *("/", "/?nytt=allt", "/om", "/sitemap.xml", "/organisationer", "/personer", "/mitt-konto", "/papperskorg"),
        *("/ordlista", "/problem", "/hamta/json", "/hamta/markdown", "/sidor-att-lanka", "/sidor-att-lanka?q=rubriken"),
        *("/laget", "/laget?urval=alla", "/laget?visa=utkast&urval=alla", "/laget?visa=pagar&urval=alla&kommun=solna"),
        *(f"/laget.csv?urval=alla&visa={aspect}" for aspect in ("stilla", "forsenat", "utkast", "pagar")),
        *("/laget/utvecklingsarbeten?urval=alla", "/laget/utvecklingsarbeten.csv?urval=alla"),
        *("/sok", "/sok?arkiverade=ja&omrade=missbruk-och-beroende", "/sok?q=rubriken", "/sok?q=handlar+rubriken"),
        *(f"/sok?natverk={slug}" for slug in networks),
        *(f"/organisationer/{one}?arkiverade=ja" for one in ORGANISATIONS),
        *(f"/personer/organisation/{one}" for one in ORGANISATIONS[:2]),
        *(f"/personer/natverk/{slug}" for slug in networks),
        *(f"/{kind}?arkiverade=ja&ordning=andrad" for kind in kinds),
        *(f"/{kind}?kommun=solna" for kind in kinds),
        *(f"/{kind}/nytt?utkast={MARK}" for kind in kinds),
        *(f"/{kind}/nytt?steg=2&utkast={MARK}" for kind in kinds),
        *(f"/cykler/nytt?project={slug}&utkast={MARK}" for slug in projects),
        *(f"/rapportera?sida=/{kind}" for kind in kinds[:1]),
    ]


def ways_to_type(word: str) -> tuple[str, ...]:
    """A word as people type it: whole, half, wrong, and beside another."""
    return word, word[:5], misspelt(word), f"rubriken+{word}"


def url_of(world: World) -> dict[str, str]:
    return {kind.name: kind.url for kind in world.workers[0].extensions["library"].kinds.values()}


def address_of(world: World, page: Page, slug: str = "") -> str:
    return f"/{url_of(world)[page.kind]}/{slug or page.slug}"


def words_of(answer: TestResponse) -> str:
    """Everything that an answer says, in its headers as well and in what it has packed."""
    said = [f"{name}: {value}" for name, value in answer.headers if name not in ("Set-Cookie", "Content-Length")]
    if answer.mimetype == "application/zip":
        with zipfile.ZipFile(io.BytesIO(answer.data)) as packed:
            said += [f"{name}\n{packed.read(name).decode(errors='replace')}" for name in packed.namelist()]
    else:
        said.append(answer.data.decode(errors="replace"))
    return "\n".join(said)


def without_chance(said: str, *words: str) -> str:
    """An answer without what is another at every time, and without some words."""
    for word in sorted(words, key=len, reverse=True):
        said = said.replace(word, "…")
    return CHANCE.sub("…", said)


def first_difference(one: str, other: str) -> tuple[str, str]:
    at = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return one[max(0, at - 120) : at + 120], other[max(0, at - 120) : at + 120]


def place(world: World, mark: str) -> str:
    """Which page has a mark, and how open it is."""
    found: Iterable[Page] = (page for page in world.told.pages if mark in page.present | page.past)
    return ", ".join(
        f"{page.kind}/{page.slug} ({page.owner}, {page.publication}, {page.visibility}, {page.networks},"
        f" {'now' if mark in page.present else 'before'}{', gone' if page.gone else ''})"
        for page in found
    )
