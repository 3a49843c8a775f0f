"""Lists, counts, relations, hits and snippets show exactly what the rule lets a viewer see."""

from __future__ import annotations

import random

import pytest

from app.index import Pick, Query
from app.library.document import Document
from app.library.fields import Facet, RefersTo, values
from app.library.visibility import Viewer, may_see
from app.library.vocabulary import Publication
from tests.index.conftest import Desk
from tests.index.worlds import documents, viewers, write_networks, write_something


@pytest.fixture
def world(desk: Desk) -> Desk:
    chance = random.Random(7)
    write_networks(desk)
    for number in range(60):
        desk.refresh([write_something(desk, chance)])
        if number == 30:
            desk.index.index_words()  # some are in the words, others are fresh
    return desk


def is_archived(document: Document) -> bool:
    return document.front_matter.publication is Publication.ARCHIVED


def test_lists_and_totals_equal_the_rule(world: Desk) -> None:
    for viewer in viewers():
        for kind in world.library.kinds:
            of_kind = [one for one in documents(world) if one.kind.name == kind and may_see(viewer, one.front_matter)]
            present = {one.slug for one in of_kind if not is_archived(one)}
            listing = world.index.cards(kind, viewer)
            assert {card.slug for card in listing.cards} == present
            assert (listing.total, listing.archived) == (len(present), len(of_kind) - len(present))
            everything = world.index.cards(kind, viewer, archived=True)
            assert {card.slug for card in everything.cards} == {one.slug for one in of_kind}
            assert everything.archived == listing.archived
            assert {slug for slug, _ in world.index.titles(kind, viewer, 1000)} == present
        assert world.index.pick(viewer, Pick()).total == world.find("", viewer).total


def test_hits_equal_the_rule(world: Desk) -> None:
    for viewer in viewers():
        seen = [one for one in documents(world) if may_see(viewer, one.front_matter)]
        visible = {one.id for one in seen if not is_archived(one)}
        for words in ("kommun", "hemlöshet klient", "13,3", ""):
            results = world.index.find(Query(words, limit=1000), viewer)
            assert {hit.card.id for hit in results.hits} <= visible
            assert results.total == len(results.hits)
            more = world.index.find(Query(words, limit=1000, archived=True), viewer)
            if not results.relaxed and not more.relaxed:
                assert more.total == results.total + results.archived
            assert more.total >= results.total
        results = world.index.find(Query("", limit=1000), viewer)
        assert {hit.card.id for hit in results.hits} == visible
        assert results.archived == len(seen) - len(visible)
        more = world.index.find(Query("", limit=1000, archived=True), viewer)
        assert {hit.card.id for hit in more.hits} == {one.id for one in seen}


def test_facet_counts_equal_the_rule(world: Desk) -> None:
    for viewer in viewers():
        visible = [one for one in documents(world) if may_see(viewer, one.front_matter) and not is_archived(one)]
        counts = {
            facet.name: {choice.value: choice.count for choice in facet.choices}
            for facet in world.find("", viewer).facets
        }
        for name in ("omrade", "natverk", "status"):
            expected: dict[str, int] = {}
            for one in visible:
                found = {
                    str(value.value)
                    for value in values(one.front_matter)
                    if any(isinstance(marker, Facet) and marker.name == name for marker in value.markers)
                }
                for value in found:
                    expected[value] = expected.get(value, 0) + 1
            assert counts.get(name, {}) == expected, name


def test_the_title_of_a_network_is_told_only_to_those_who_may_see_it(world: Desk) -> None:
    for viewer in viewers():
        shown = {choice.label for facet in world.find("", viewer).facets for choice in facet.choices}
        allowed = may_see(viewer, world.library.get("networks", "must").front_matter)
        assert ("Hemliga MUST" in shown) <= allowed


def test_relations_and_mentions_equal_the_rule(world: Desk) -> None:
    everything = documents(world)
    for viewer in viewers():
        for one in everything:
            named = {
                (marker.kind, str(value.value))
                for value in values(one.front_matter)
                for marker in value.markers
                if isinstance(marker, RefersTo)
            }
            naming = {
                (other.kind.name, other.slug)
                for other in everything
                for value in values(other.front_matter)
                for marker in value.markers
                if isinstance(marker, RefersTo) and (marker.kind, value.value) == (one.kind.name, one.slug)
            }
            allowed = {(other.kind.name, other.slug) for other in everything if may_see(viewer, other.front_matter)}
            groups = world.index.related(one, viewer)
            assert {(c.kind, c.slug) for g in groups if g.direction == "to" for c in g.cards} == named & allowed
            assert {(c.kind, c.slug) for g in groups if g.direction == "from" for c in g.cards} == naming & allowed
            mentions = {
                (other.kind.name, other.slug)
                for other in everything
                if one.kind.name == "practices" and f"[[arbetssatt/{one.slug}]]" in other.body and other.id != one.id
            }
            assert {(c.kind, c.slug) for c in world.index.mentioned_by(one, viewer)} == mentions & allowed


def test_words_of_a_hidden_document_find_nothing(desk: Desk) -> None:
    desk.write("practices", "hemlig", "Ordet kvastskaft står här.", publication="draft")
    desk.write("studyvisits", "synlig", practices=["hemlig"])
    for indexed in (False, True):
        if indexed:
            desk.index.index_words()
        assert desk.slugs("kvastskaft") == []
        assert desk.slugs("hemlig") == [], "the title of a draft must not be found through one who names it"
        assert desk.find("kvastskaft").relaxed is False


def test_a_reference_to_what_everybody_may_see_is_searched(desk: Desk) -> None:
    desk.write("practices", "kvast", title="Kvastifonen")
    desk.write("studyvisits", "synlig", practices=["kvast"])
    assert desk.slugs("kvastifonen") == ["kvast", "synlig"]
    desk.index.index_words()
    assert desk.slugs("kvastifonen") == ["kvast", "synlig"]
    desk.write("practices", "kvast", title="Borstifonen")
    desk.index.index_words()
    assert desk.slugs("kvastifonen") == []
    assert desk.slugs("borstifonen") == ["kvast", "synlig"]


def test_a_reference_to_what_everybody_may_see_is_searched_on_a_page_for_a_network_as_well(desk: Desk) -> None:
    member = Viewer("m", "Mia", {"solna": "member"}, frozenset({"knut"}))
    desk.write("practices", "kvast", title="Kvastifonen")
    desk.write("studyvisits", "delad", practices=["kvast"], networks=["knut"], visibility="network")
    desk.index.index_words()
    assert [hit.card.slug for hit in desk.find("kvastifonen", member).hits] == ["kvast", "delad"]
    assert desk.slugs("kvastifonen") == ["kvast"]
