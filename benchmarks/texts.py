"""Generated Swedish: real-looking words, used as often as words are (Zipf), in documents of several kinds."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml

SEED = 20
WORDS = 30_000
WORDS_IN_A_TEXT = 300
_COMMON, _ROOTS = (Path(__file__).with_name("words.txt")).read_text(encoding="utf-8").split("\n\n")
COMMON, ROOTS = (part.partition("\n")[2].split() for part in (_COMMON, _ROOTS))
# Compounds of words that are common by themselves, and how large a part of all words they are.
COMPOUNDS, COMPOUNDS_OF_ALL = 300_000, 0.06
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-ZÅÄÖ])")
_LETTERS = re.compile(r"[^\W\d_]+")
ENDINGS = ("", "en", "et", "er", "erna", "ar", "arna", "s", "ets", "ens", "ernas")
OWNERS = ("sodertalje", "sodertalje", "solna", "sundbyberg", "habo", "lysekil", "timra", "gavle", "karlstad")
AREAS = ("forsorjningsstod", "arbetsmarknad", "hemloshet", "aldre", "placerade-barn", "missbruk-och-beroende")
GROUPS = ("forsorjningsstod", "unga-vuxna", "barnfamiljer", "barn", "medarbetare", "hemlosa")


class Writer:
    """Writes the same documents every time."""

    def __init__(self) -> None:
        self.chance = random.Random(SEED)
        frequencies = self._vocabulary()
        self.words = list(frequencies)
        self._weights = list(accumulate(frequencies.values()))

    def _vocabulary(self) -> dict[str, float]:
        """The words, the commonest first, and how often each is used."""
        return {word: 1 / (rank + 2.7) for rank, word in enumerate(self._made_of_roots())}

    def _made_of_roots(self) -> list[str]:
        """Common words first, then inflected words and compounds, the plain ones more often than the long ones."""
        plain = [root + ending for root in ROOTS for ending in ENDINGS]
        self.chance.shuffle(plain)
        compounds: dict[str, None] = {}
        while len(compounds) < WORDS - len(plain) - len(COMMON):
            first, second = self.chance.sample(ROOTS, 2)
            third = self.chance.choice(ROOTS) if len(compounds) > 15_000 else ""
            compounds[f"{first}s{second}{third}{self.chance.choice(ENDINGS)}"] = None
        return [*COMMON, *plain, *compounds]

    def text(self, length: int) -> list[str]:
        return self.chance.choices(self.words, cum_weights=self._weights, k=length)

    def prose(self, length: int) -> str:
        """Paragraphs and headings of about so many words."""
        words = self.text(length)
        parts, at = [], 0
        while at < len(words):
            sentence = words[at : at + self.chance.randrange(7, 18)]
            at += len(sentence)
            parts.append(" ".join(sentence).capitalize() + ".")
        paragraphs = [" ".join(parts[start : start + 4]) for start in range(0, len(parts), 4)]
        return "".join(
            f"## {self.title()}\n\n{paragraph}\n\n" if number % 2 == 0 else f"{paragraph}\n\n"
            for number, paragraph in enumerate(paragraphs)
        )

    def title(self) -> str:
        return " ".join([self.chance.choice(self.words[60:2000]), *self.text(3)]).capitalize()

    def front_matter(self, number: int) -> dict[str, Any]:
        """What every document says of itself."""
        return {
            "id": str(UUID(int=self.chance.getrandbits(128))),
            "title": f"{self.title()} {number}",
            "summary": " ".join(self.text(15)).capitalize() + ".",
            "owner": self.chance.choice(OWNERS),
            "publication": "published" if self.chance.random() < 0.95 else "draft",
            "networks": ["knut"] if self.chance.random() < 0.3 else [],
            "areas": self.chance.sample(AREAS, 2),
            "target_groups": self.chance.sample(GROUPS, 2),
        }


class SwedishWriter(Writer):
    """Writes with the words of Swedish as often as they are used (wordfreq), and with compounds that no list has."""

    def _vocabulary(self) -> dict[str, float]:
        from wordfreq import get_frequency_dict

        known = {word: part for word, part in get_frequency_dict("sv", "large").items() if word.isalpha()}
        parts = [word for word, part in known.items() if 4 <= len(word) <= 10 and part > 1e-5]
        compounds: dict[str, None] = {}
        while len(compounds) < COMPOUNDS:
            first, second = self.chance.sample(parts, 2)
            compounds[f"{first}{self.chance.choice(('s', ''))}{second}"] = None
        ranks = {word: 1 / (rank + 100) for rank, word in enumerate(compounds)}
        share = sum(known.values()) * COMPOUNDS_OF_ALL / sum(ranks.values())
        return dict(
            sorted((known | {word: part * share for word, part in ranks.items()}).items(), key=lambda one: -one[1])
        )


class PassageWriter(Writer):
    """Writes what it reads in a folder of texts (.txt and .md): one passage after the other, from the start again."""

    def __init__(self, folder: Path) -> None:
        files = sorted(file for file in folder.rglob("*") if file.suffix in (".txt", ".md"))
        texts = (file.read_text(encoding="utf-8", errors="replace") for file in files)
        self._sentences = [one for text in texts for one in _SENTENCE.split(" ".join(text.split())) if one]
        if not self._sentences:
            raise SystemExit(f"{folder} has no text in files that end with .txt or .md")
        self._at = 0
        super().__init__()

    def _vocabulary(self) -> dict[str, float]:
        return dict(Counter(word for one in self._sentences for word in _LETTERS.findall(one.lower())).most_common())

    def prose(self, length: int) -> str:
        parts: list[str] = []
        while sum(len(part.split()) for part in parts) < length:
            parts.append(self._sentences[self._at % len(self._sentences)])
            self._at += 1
        return "\n\n".join(" ".join(parts[start : start + 4]) for start in range(0, len(parts), 4)) + "\n"


def write_documents(home: Path, count: int, writer: Writer | None = None) -> list[str]:
    """Write the documents into a home folder; gives the addresses of those that anyone may read."""
    writer = writer or Writer()
    network = writer.front_matter(0) | {"title": "KNUT", "publication": "published", "networks": []}
    _write(
        home / "content/networks/knut.md",
        network | {"members": [{"organisation": "solna"}]},
        "## Om nätverket\n\nText.\n",
    )
    addresses = []
    for number, (path, address, more) in enumerate(_places(writer, count - 1), 1):
        front_matter = writer.front_matter(number) | more
        _write(home / path, front_matter, writer.prose(WORDS_IN_A_TEXT - 40))
        if front_matter["publication"] == "published":
            addresses.append(address)
    return addresses


def _places(writer: Writer, count: int) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Where each document lies, its address, and what its kind has of its own."""
    chance, practices, project = writer.chance, 1, "arbete-0"
    more: dict[str, Any]
    for number in range(1, count + 1):
        sort = chance.random()
        seen = [f"metod-{chance.randrange(practices)}"] if practices > 1 else []
        if sort < 0.5 or number < 10:
            costs = [{"amount": f"{chance.randrange(1, 90)},{chance.randrange(1, 10)} miljoner", "per": "year"}]
            yield f"content/practices/metod-{practices}.md", f"/arbetssatt/metod-{practices}", {"costs": costs}
            practices += 1
        elif sort < 0.75:
            guests = [{"organisation": one, "status": "attended"} for one in chance.sample(OWNERS[1:], 3)]
            session = {"date": f"20{chance.randrange(10, 25)}-0{chance.randrange(1, 10)}-15", "guests": guests}
            more = {"host": chance.choice(OWNERS), "status": "held", "practices": seen, "sessions": [session]}
            yield f"content/studyvisits/besok-{number}.md", f"/studiebesok/besok-{number}", more
        elif sort < 0.85 or number < 40:
            project = f"arbete-{number}"
            more = {"status": "testing", "practices": seen, "aim": {"what": writer.title(), "goal": "80"}}
            more["status_history"] = [{"date": _day(number), "status": "testing"}]
            yield f"improvement_cycles/{project}/project.md", f"/utvecklingsarbeten/{project}", more
        else:
            slug = f"{project}/{number % 90 + 10}-prov-{number}"
            more = {"question": " ".join(writer.text(8)), "practices": seen, "prediction": {"by": _day(number + 30)}}
            more |= _phase(number)
            yield f"improvement_cycles/{slug}.md", f"/cykler/{slug}", more


def _phase(number: int) -> dict[str, Any]:
    """Where a cycle is, with the dates of the phases that it has come to."""
    order = ("planned", "started", "ended", "decided")
    come = number % 4
    dates = {name: _day(number + 10 * place) for place, name in enumerate(order[: come + 1])}
    return {"status": ("planned", "doing", "studying", "decided")[come], **dates} | (
        {"decision": "adapt"} if come == 3 else {}
    )


def _day(number: int) -> str:
    """A day of the years before the one in which the benchmark was written."""
    return (date(2023, 1, 1) + timedelta(days=number % 1000)).isoformat()


def _write(file: Path, front_matter: dict[str, Any], body: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    head = yaml.dump(front_matter, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False)
    file.write_text(f"---\n{head}---\n\n{body}", encoding="utf-8")
