"""What is like a document: by the words most its own, of what the viewer may see, and nothing that belongs to it."""

from __future__ import annotations

from typing import Any

import pytest

from app.library.visibility import ANYONE, Viewer
from tests.index.conftest import Desk

MEMBER = Viewer("p", "Någon", {"sodertalje": "member"})
HOMES = "Hemlöshet och vräkningar. Bostad först i träningslägenhet.\n"
DEBTS = "Skuldsanering och budgetrådgivning. Kronofogden och hyresskulder.\n"


def similar(desk: Desk, kind: str, slug: str, viewer: Viewer = ANYONE) -> list[str]:
    document = desk.library.get(kind, slug)
    return [card.slug for card in desk.index.similar(document, viewer, 3)]


@pytest.fixture
def pages(desk: Desk) -> Desk:
    desk.write("practices", "bostad", HOMES, title="Bostad först")
    desk.write("practices", "skulder", DEBTS, title="Skuldrådgivning")
    desk.write("practices", "budget", DEBTS, title="Budgetrådgivning för skuldsatta")
    return desk


def test_what_shares_most_of_its_own_words_is_like_it_and_nothing_else_is(pages: Desk) -> None:
    assert similar(pages, "practices", "skulder") == ["budget"]
    assert similar(pages, "practices", "budget") == ["skulder"]
    assert similar(pages, "practices", "bostad") == []


def test_an_empty_page_is_like_nothing(pages: Desk) -> None:
    pages.write("practices", "tom", "", title="Och")
    assert similar(pages, "practices", "tom") == []


def test_what_changes_is_like_something_else_at_once(pages: Desk) -> None:
    pages.index.index_words()
    pages.write("practices", "budget", HOMES, title="Bostad först i skogen")
    assert similar(pages, "practices", "skulder") == []
    assert similar(pages, "practices", "budget") == ["bostad"]
    pages.remove("practices", "bostad")
    assert similar(pages, "practices", "budget") == []


@pytest.mark.parametrize(
    "hidden",
    [
        {"publication": "draft"},
        {"publication": "in_review"},
        {"visibility": "organisation"},
        {"visibility": "network", "networks": ["knut"]},
        {"publication": "archived"},
    ],
    ids=lambda one: "-".join(map(str, one.values())),
)
def test_what_one_may_not_see_is_not_shown_and_moves_nothing(pages: Desk, hidden: dict[str, Any]) -> None:
    before = similar(pages, "practices", "skulder")
    for number in range(6):
        pages.write("practices", f"dold-{number}", DEBTS, title="Skuldrådgivning", **hidden)
    pages.index.index_words()
    assert similar(pages, "practices", "skulder") == before
    assert bool(set(similar(pages, "practices", "skulder", MEMBER)) - {"budget"}) == (
        hidden != {"publication": "archived"}
    )


def test_a_page_that_the_viewer_may_not_see_is_like_nothing(pages: Desk) -> None:
    pages.write("practices", "skulder", DEBTS, title="Skuldrådgivning", publication="draft")
    assert similar(pages, "practices", "skulder", MEMBER) == ["budget"]
    assert similar(pages, "practices", "skulder") == []


def test_what_belongs_to_it_or_links_to_it_is_not_said_to_be_like_it(desk: Desk) -> None:
    desk.write("practices", "skulder", DEBTS, title="Skuldrådgivning")
    desk.write("projects", "arbete", DEBTS, title="Skuldrådgivning", practices=["skulder"])
    desk.write("cycles", "arbete/01-a", DEBTS, title="Skuldrådgivning")
    desk.write("cycles", "arbete/02-b", DEBTS, title="Skuldrådgivning", practices=["skulder"])
    desk.write("practices", "lankar", f"Se [[arbetssatt/skulder]].\n\n{DEBTS}", title="Skuldrådgivning")
    assert similar(desk, "practices", "skulder") == ["arbete/01-a"]
    assert similar(desk, "projects", "arbete") == ["lankar"]
    assert set(similar(desk, "cycles", "arbete/01-a")) == {"skulder", "lankar"}


def test_while_the_words_are_gone_or_far_behind_nothing_is_shown(pages: Desk) -> None:
    pages.index.index_words()
    for number in range(11):
        pages.put("practices", f"ny-{number}", DEBTS, title="Skuldrådgivning")
    pages.refresh([pages.library.get("practices", f"ny-{number}") for number in range(11)])
    assert similar(pages, "practices", "skulder") == []
    pages.index.index_words()
    assert len(similar(pages, "practices", "skulder")) == 3
    generation = pages.index.generations
    folder = generation.index_folder(generation.living())
    folder.rename(folder.with_name("undan"))
    assert similar(pages, "practices", "skulder") == []
