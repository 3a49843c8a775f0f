"""Families, orders and usual times after saves: what a process renews is what another one reads from the start."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pytest

from app.index import Aspect, Family, FamilyQuery, Index, Query, StateQuery
from app.library.document import Document
from app.library.visibility import ANYONE, Viewer
from tests.index.conftest import Desk
from tests.index.worlds import NETWORKS, OWNERS, viewers, write_networks

TODAY = date(2026, 11, 22)
PROJECTS, CYCLES, SAVES = 12, 2, 80


def seen_in(index: Index, viewer: Viewer) -> list[object]:
    """All that an overview asks for, without the places in arrays."""
    found = index.families(viewer, FamilyQuery("projects", facets={"natverk": "Nätverk", "status": "Läge"}))
    families = [_without_places(family) for family in found.fitting]
    orders = [
        [hit.card.number for hit in index.find(Query("", sort=sort, limit=500), viewer).hits]
        for sort in ("title", "slug", "changed", "when")
    ]
    state = index.state(viewer, StateQuery(Aspect.STILL, TODAY))
    return [families, found.facets, orders, state.usual, [one.card.slug for one in state.standing]]


def _without_places(family: Family) -> object:
    members = [member._replace(position=0) for member in (family.above, *family.below)]
    return members, family.latest and family.latest.slug, family.token


def test_what_saves_renew_is_what_is_read_from_the_start(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    # So that what is usual changes with many of the saves.
    monkeypatch.setattr("app.library.pace.ENOUGH_STAYS", 2)
    write_networks(desk)
    chance, written = random.Random(6), dict[tuple[str, str], Document]()
    looking = [ANYONE, *random.Random(1).sample(viewers(), 4)]
    for save in range(SAVES):
        if written and chance.random() < 0.1:
            desk.remove(*chance.choice(list(written)))
            written = {key: one for key, one in written.items() if (desk.library.home / one.path).exists()}
        else:
            changed = [_something(desk, chance) for _ in range(chance.choice((1, 1, 2, 5)))]
            written |= {(one.kind.name, one.slug): one for one in changed}
            desk.refresh(list({one.path: one for one in changed}.values()))
        # Not after each: what is known may have to be carried over several saves.
        if save % 3 == 0:
            seen_in(desk.index, chance.choice(looking))
        if save % 10 == 9:
            other = desk.again()
            for viewer in looking:
                assert seen_in(desk.index, viewer) == seen_in(other, viewer), (save, viewer)


def _something(desk: Desk, chance: random.Random) -> Document:
    """A random project or cycle over one of a few addresses: how it stands, since when, and who may see it."""
    began = TODAY - timedelta(chance.randrange(20, 400))
    front: dict[str, Any] = {
        "title": chance.choice(("Ärendet", "Mötet", "Remissen", "Åkern")),
        "owner": chance.choice(OWNERS),
        "publication": chance.choice(("draft", "published", "published", "published", "archived")),
        "visibility": chance.choice(("public", "public", "network", "organisation")),
        "networks": chance.sample(NETWORKS, chance.randrange(3)),
        "invented": chance.random() < 0.2,
    }
    slug = f"arbete-{chance.randrange(PROJECTS)}"
    if chance.random() < 0.4:
        days = sorted(began + timedelta(chance.randrange(200)) for _ in range(3))
        history = [
            {"date": day.isoformat(), "status": status}
            for day, status in zip(days, ("idea", "planning", "testing"), strict=True)
        ]
        return desk.put("projects", slug, **front, status="testing", status_history=history)
    steps = ("started", "ended", "decided")[: chance.randrange(4)]
    dates = {name: (began + timedelta(20 * place)).isoformat() for place, name in enumerate(steps)}
    status = ("planned", "doing", "studying", "decided")[len(dates)]
    told = {"outcome": "partly", "decision": "adapt", "decision_reason": "Bra."} if status == "decided" else {}
    return desk.put(
        "cycles", f"{slug}/0{chance.randrange(1, 1 + CYCLES)}-prov", **front, **dates, **told, status=status
    )
