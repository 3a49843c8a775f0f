"""Facets that follow from several fields: the years in which something happens, and what knowledge there is of it."""

from __future__ import annotations

from typing import Any

import pytest

from app.index import Query
from app.library.visibility import ANYONE
from tests.index.conftest import Desk


def choices(desk: Desk, name: str, **chosen: list[str]) -> list[tuple[str, str, int]]:
    """The choices of a facet, in order."""
    facets = desk.index.find(Query("", chosen), ANYONE).facets
    return [(one.value, one.label, one.count) for facet in facets if facet.name == name for one in facet.choices]


@pytest.mark.parametrize(
    ("kind", "front", "years"),
    [
        ("cycles", {"started": "2024-11-03", "ended": "februari 2026"}, ["2026", "2025", "2024"]),
        ("cycles", {"started": "2026"}, ["2026"]),
        ("cycles", {"started": "3 februari"}, []),
        ("cycles", {"started": "1950", "ended": "2020"}, ["2020", "1950"]),
        ("practices", {"sources": [{"title": "Källan", "published": "2013"}]}, []),
        ("practices", {"review_by": "2027-01-01"}, []),
    ],
)
def test_the_years_are_those_in_which_it_happens(
    desk: Desk, kind: str, front: dict[str, Any], years: list[str]
) -> None:
    if kind == "cycles":
        desk.write("projects", "arbete")
    desk.write(kind, "arbete/01-cykel" if kind == "cycles" else "sida", **front)
    assert [value for value, _, _ in choices(desk, "ar")] == years


def test_the_newest_year_stands_first_and_counts_respect_the_other_choices(desk: Desk) -> None:
    desk.write("projects", "arbete", areas=["aldre"])
    for number, year in enumerate(("2024", "2024", "2026")):
        desk.write("cycles", f"arbete/0{number}-a", started=year, areas=["aldre"] if number else [])
    assert choices(desk, "ar") == [("2026", "2026", 1), ("2024", "2024", 2)]
    assert choices(desk, "ar", omrade=["aldre"]) == [("2026", "2026", 1), ("2024", "2024", 1)]
    assert choices(desk, "ar", ar=["2026"]) == [("2026", "2026", 1), ("2024", "2024", 2)]
    assert len(desk.slugs("", ar=["2024", "2026"], omrade=["aldre"])) == 2


def test_a_way_of_working_is_found_by_what_is_known_of_it(desk: Desk) -> None:
    desk.write("practices", "a", evidence={"research": "En studie.", "clients": "De är nöjda."})
    desk.write("practices", "b", evidence={"research": "Två studier.", "clients": "Framgår inte."})
    desk.write("practices", "c")
    assert choices(desk, "kunskap") == [("research", "Forskning", 2), ("clients", "Klienternas röst", 1)]
    assert desk.slugs("", kunskap=["clients"]) == ["a"]


def test_a_network_that_has_moved_is_one_choice_by_its_name_also_where_pages_have_its_old_address(desk: Desk) -> None:
    desk.write("networks", "nytt", title="Nätverket", former_slugs=["gammalt"])
    desk.write("practices", "a", networks=["gammalt"])
    desk.write("practices", "b", networks=["nytt"])
    ((value, label, count),) = choices(desk, "natverk")
    assert (label, count) == ("Nätverket", 2)
    assert desk.slugs("", natverk=[value]) == desk.slugs("", natverk=["nytt"]) == desk.slugs("", natverk=["gammalt"])
    assert [(one.text, one.pages) for one in desk.index.suggest("nätv", ANYONE, 8) if one.kind == "place"] == [
        ("Nätverket", 2)
    ]


def test_a_moved_network_that_one_may_not_see_has_no_name_and_brings_nothing_together(desk: Desk) -> None:
    desk.write("networks", "nytt", title="Hemliga", former_slugs=["gammalt"], publication="draft", owner="habo")
    desk.write("practices", "a", networks=["gammalt"])
    desk.write("practices", "b", networks=["nytt"])
    assert choices(desk, "natverk") == [("gammalt", "gammalt", 1), ("nytt", "nytt", 1)]
    desk.write("networks", "annat", title="Synliga", former_slugs=["gammalt"])
    assert choices(desk, "natverk") == [("nytt", "nytt", 1), ("gammalt", "Synliga", 1)]
