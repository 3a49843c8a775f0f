"""Random small worlds: documents that name each other, owners, networks, and viewers of every sort."""

from __future__ import annotations

import random
from typing import Any

from app.library.document import Document
from app.library.visibility import ANYONE, Viewer
from tests.index.conftest import Desk

OWNERS = ("sodertalje", "solna", "sundbyberg", "habo", "skarholmen")
NETWORKS = ("knut", "must", "finns-inte")
WORDS = [
    *(
        "hemlöshet",
        "kommun",
        "kommunen",
        "kommunernas",
        "studiebesök",
        "besöket",
        "försörjningsstöd",
        "arbete",
        "arbetar",
    ),
    *(
        "klienter",
        "klienten",
        "handläggare",
        "samtal",
        "samtalet",
        "metod",
        "metoder",
        "barn",
        "barnen",
        "familj",
        "prov",
    ),
    *("provade", "mål", "målet", "resultat", "13,3", "miljoner", "2013", "tre"),
]
AREAS = ("forsorjningsstod", "hemloshet", "aldre")


class Nearly(float):
    """A score. Two are equal where they differ by less than the API shows: what words gain is summed in short floats,
    in the order in which a segment happens to list them.
    """

    def __eq__(self, other: object) -> bool:
        return isinstance(other, float) and abs(float(self) - float(other)) < 1e-4

    def __hash__(self) -> int:
        return 0


def viewers() -> list[Viewer]:
    """Nobody, an administrator, and members with and without networks."""
    members = [
        Viewer("p", "Någon", {owner: "member"}, frozenset(networks))
        for owner in OWNERS
        for networks in ((), ("knut",), ("knut", "must"))
    ]
    return [ANYONE, Viewer("admin", "Alva", {}, frozenset(), admin=True), *members]


def write_something(desk: Desk, chance: random.Random, slugs: int = 12) -> Document:
    """Write a random document over one of a few slugs."""
    kind = chance.choice(("practices", "studyvisits", "projects"))
    slug = f"sida-{chance.randrange(slugs)}"
    front: dict[str, Any] = {
        "title": " ".join(chance.choices(WORDS, k=3)),
        "summary": " ".join(chance.choices(WORDS, k=5)) if chance.random() < 0.7 else "",
        "owner": chance.choice(OWNERS),
        "publication": chance.choice(("draft", "in_review", "published", "published", "published", "archived")),
        "visibility": chance.choice(("public", "public", "network", "organisation")),
        "networks": chance.sample(NETWORKS, chance.randrange(3)),
        "areas": chance.sample(AREAS, chance.randrange(3)),
    }
    if kind != "practices":
        front["practices"] = [f"sida-{chance.randrange(slugs)}"]
    if kind == "studyvisits":
        front["host"] = chance.choice(OWNERS)
        front["status"] = chance.choice(("proposed", "open", "held"))
    link = f"Se [[arbetssatt/sida-{chance.randrange(slugs)}]].\n" if chance.random() < 0.4 else ""
    body = (
        f"# {chance.choice(WORDS)}\n\n"
        + ". ".join(" ".join(chance.choices(WORDS, k=8)) for _ in range(4))
        + f".\n\n{link}"
    )
    return desk.put(kind, slug, body, **front)


def write_networks(desk: Desk) -> None:
    """The networks that documents name; one of them is a draft that few may see."""
    desk.write("networks", "knut", title="Nätverket KNUT", owner="sundbyberg", members=[{"organisation": "solna"}])
    desk.write("networks", "must", title="Hemliga MUST", owner="habo", publication="draft")


def documents(desk: Desk) -> list[Document]:
    """Every document, from its file."""
    return [desk.library.read(file.path) for file in desk.library.files()]
