"""What pages pick out of all documents is what the rule lets their viewers see, and the totals are as many."""

from __future__ import annotations

import random
from datetime import date

import pytest

from app.index import Pick
from app.library.document import Document
from app.library.fields import Facet, NamesOrganisation, values
from app.library.visibility import Viewer, may_see
from app.library.vocabulary import Publication
from tests.index.conftest import Desk
from tests.index.worlds import OWNERS, documents, viewers, write_networks, write_something

TODAY = date(2026, 11, 22)


@pytest.fixture
def world(desk: Desk) -> Desk:
    chance = random.Random(11)
    write_networks(desk)
    for _ in range(50):
        desk.refresh([write_something(desk, chance)])
    return desk


def listed(desk: Desk, viewer: Viewer) -> list[Document]:
    return [
        one
        for one in documents(desk)
        if may_see(viewer, one.front_matter) and one.front_matter.publication is not Publication.ARCHIVED
    ]


def naming(document: Document, organisation: str) -> bool:
    return any(
        isinstance(marker, NamesOrganisation) and value.value == organisation
        for value in values(document.front_matter)
        for marker in value.markers
    )


def in_facet(document: Document, name: str, wanted: str) -> bool:
    return any(
        isinstance(marker, Facet) and marker.name == name and str(value.value) == wanted
        for value in values(document.front_matter)
        for marker in value.markers
    )


def test_what_is_picked_equals_the_rule_for_everybody(world: Desk) -> None:
    for viewer in viewers():
        seen = listed(world, viewer)
        everything = world.index.pick(viewer, Pick(limit=1000))
        assert {card.id for card in everything.cards} == {one.id for one in seen}
        drafts = world.index.pick(viewer, Pick(drafts=True, limit=1000))
        unpublished = (Publication.DRAFT, Publication.IN_REVIEW)
        assert {card.id for card in drafts.cards} == {
            one.id for one in seen if one.front_matter.publication in unpublished
        }
        assert drafts.total + world.index.pick(viewer, Pick(drafts=False)).total == everything.total
        practices = world.index.pick(viewer, Pick(("practices",), {"natverk": ["knut"]}, limit=1000))
        expected = {one.id for one in seen if one.kind.name == "practices" and "knut" in one.front_matter.networks}
        assert ({card.id for card in practices.cards}, practices.total) == (expected, len(expected))


def test_either_of_several_values_is_enough(world: Desk) -> None:
    for viewer in viewers():
        found = world.index.pick(viewer, Pick(either={"natverk": ["knut"], "kommun": ["habo"]}, limit=1000))
        assert {card.id for card in found.cards} == {
            one.id
            for one in listed(world, viewer)
            if "knut" in one.front_matter.networks or in_facet(one, "kommun", "habo")
        }


def test_the_parts_of_an_organisation_are_told_once_and_only_to_those_who_may_see_them(world: Desk) -> None:
    world.write("projects", "stod", owner="solna", supported_by=["habo"], steering_group=[])
    world.write("projects", "hemligt", owner="solna", supported_by=["habo"], publication="draft")
    for viewer in viewers():
        seen = listed(world, viewer)
        for organisation in OWNERS:
            named = world.index.pick(viewer, Pick(naming=[organisation], limit=1000))
            assert {card.id for card in named.cards} == {one.id for one in seen if naming(one, organisation)}
            parts = world.index.parts_of(organisation, "kommun", viewer, limit=1000)
            assert {card.id for part in parts for card in part.cards} == {
                one.id for one in seen if naming(one, organisation) and not in_facet(one, "kommun", organisation)
            }
            assert all(part.total == len(part.cards) for part in parts)


def test_the_first_are_given_and_all_are_counted(desk: Desk) -> None:
    for number in range(5):
        desk.write("practices", f"p-{number}", networks=["knut"])
        desk.write("projects", f"u-{number}", owner="solna", supported_by=["habo"])
    picked = desk.index.pick(viewers()[0], Pick(("practices",), limit=2))
    assert ([card.slug for card in picked.cards], picked.total) == (["p-4", "p-3"], 5)
    [part] = desk.index.parts_of("habo", "kommun", viewers()[0], limit=2)
    assert (part.label, len(part.cards), part.total) == ("Stöttar utvecklingsarbetet", 2, 5)


def test_what_has_something_ahead_is_told_from_what_is_over(desk: Desk) -> None:
    desk.write("studyvisits", "varit", status="held", sessions=[{"date": "2026-11-21"}])
    desk.write("studyvisits", "i-dag", status="open", sessions=[{"date": "2026-11-22"}])
    desk.write("studyvisits", "snart", status="open", sessions=[{"date": "2027-03"}, {"date": "framgår inte"}])
    desk.write("meetings", "beslutade", status="held", date="2026-01-01", decisions=[{"what": "X", "by": "2027-01-01"}])
    desk.write("meetings", "klar", status="held", date="2026-01-01", decisions=[{"what": "X", "done": True}])
    found = desk.index.pick(viewers()[0], Pick(ahead=TODAY, order="when")).cards
    # Notes are due of the visit that was yesterday.
    assert [card.slug for card in found] == ["snart", "i-dag", "varit", "beslutade"]
