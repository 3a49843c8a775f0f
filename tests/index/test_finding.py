"""What is found, in which order, and that nothing people can type breaks it."""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.index import Choice, Query
from app.index.arrays import Group, choices
from app.library.visibility import ANYONE, Viewer
from tests.index.conftest import Desk


def test_a_save_is_found_at_once_and_after_it_is_indexed(desk: Desk) -> None:
    desk.write("practices", "sida", "Ordet kvastskaft står här.")
    assert desk.slugs("kvastskaft") == ["sida"]
    desk.index.index_words()
    assert desk.slugs("kvastskaft") == ["sida"]
    assert desk.index.words_applied() == desk.index.rows_applied() == desk.revision


def test_an_older_text_is_not_found_even_before_the_newer_is_indexed(desk: Desk) -> None:
    desk.write("practices", "sida", "Ordet kvastskaft står här.")
    desk.index.index_words()
    desk.write("practices", "sida", "Ordet borsthuvud står här.")
    for _ in range(2):
        assert desk.slugs("kvastskaft") == []
        assert desk.slugs("borsthuvud") == ["sida"]
        desk.index.index_words()


def test_a_removed_document_is_not_found_even_before_it_leaves_the_words(desk: Desk) -> None:
    desk.write("practices", "sida")
    desk.write("practices", "kvar")
    desk.index.index_words()
    desk.remove("practices", "sida")
    for _ in range(2):
        assert desk.slugs("text") == ["kvar"]
        desk.index.index_words()
    assert not desk.index.words_are_behind()


def test_another_process_finds_what_the_worker_indexed(desk: Desk) -> None:
    other = desk.again()
    desk.write("practices", "sida", "kvastskaft")
    assert other.find(Query("kvastskaft"), ANYONE).total == 1
    desk.index.index_words()
    for number in range(12):  # enough commits for Whoosh to merge segments and remove files
        desk.write("practices", f"sida-{number}", "kvastskaft")
        desk.index.index_words()
        assert other.find(Query("kvastskaft"), ANYONE).total == number + 2


def test_a_long_line_is_indexed_in_batches(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.index.index.BATCH", 3)
    for number in range(10):
        desk.write("practices", f"sida-{number}", "kvastskaft")
    assert desk.index.index_words() == 10
    assert desk.find("kvastskaft").total == 10
    assert desk.index.words_applied() == desk.revision


def test_all_words_are_wanted_and_some_if_that_gives_nothing(desk: Desk) -> None:
    desk.write("practices", "bada", "hemlöshet och Rumänien")
    desk.write("practices", "ena", "hemlöshet")
    assert desk.slugs("hemlöshet rumänien") == ["bada"]
    assert not desk.find("hemlöshet rumänien").relaxed
    assert desk.slugs("rumänien kvastskaft") == ["bada"]
    assert desk.find("rumänien kvastskaft").relaxed
    assert desk.slugs("kvastskaft borsthuvud") == []
    assert not desk.find("kvastskaft borsthuvud").relaxed


def test_a_word_in_the_title_counts_more_than_in_the_text(desk: Desk) -> None:
    desk.write("practices", "text", "Hemlöshet nämns här.", title="Något annat")
    desk.write("practices", "rubrik", "Här nämns annat.", title="Om hemlöshet")
    assert desk.slugs("hemlösheten") == ["rubrik", "text"]


@pytest.mark.parametrize(
    "query",
    ["13,3 miljoner", "13 300 000", "3 februari", "Södertälje", "Skärholmen", "Stockholm", "Åsa hembesök", "hemlöshet"],
)
def test_front_matter_is_found_by_its_words(desk: Desk, query: str) -> None:
    desk.write("practices", "annan", owner="habo")
    desk.write(
        "studyvisits",
        "besok",
        host="skarholmen",
        practices=["metod"],
        areas=["hemloshet"],
        sessions=[{"date": "3 februari", "guests": [{"organisation": "sodertalje"}]}],
    )
    desk.write(
        "practices",
        "metod",
        title="Hembesök",
        owner="sodertalje",
        costs=[{"amount": "13,3 Mkr"}],
        contact="Åsa",
        areas=["hemloshet"],
    )
    found = desk.slugs(query)
    assert found
    assert "annan" not in found


def test_a_snippet_shows_a_fact_with_its_name(desk: Desk) -> None:
    desk.write("practices", "sida", costs=[{"amount": "13,3 Mkr"}])
    snippet = desk.find("13,3 miljoner").hits[0].snippet
    assert snippet == "Kostnad: <mark>13,3</mark> <mark>miljoner</mark>"


def test_nothing_that_people_wrote_becomes_html(desk: Desk) -> None:
    desk.write(
        "practices", "sida", "Kod `<script>alert(1)</script>` här.", title="<b>Kod</b>", summary="<i>Kod</i> & annat"
    )
    for query in ("kod", ""):
        hit = desk.find(query).hits[0]
        assert "<script" not in hit.snippet
        assert "<b>" not in hit.title
        assert "<i>" not in hit.snippet
    assert "<mark>Kod</mark>" in desk.find("kod").hits[0].title


# ---- Facets ----


def test_a_choice_that_only_hidden_documents_have_is_called_as_one_that_none_has(desk: Desk) -> None:
    desk.write("practices", "synlig", areas=["hemloshet"])
    desk.write("practices", "hemlig", areas=["aldre"], publication="draft")
    (facet,) = [facet for facet in desk.find("", omrade=["aldre"]).facets if facet.name == "omrade"]
    assert [choice.label for choice in facet.chosen] == ["aldre"]


def test_values_in_one_facet_mean_or_and_facets_mean_and(desk: Desk) -> None:
    desk.write("practices", "a", areas=["aldre"], target_groups=["barn"])
    desk.write("practices", "b", areas=["hemloshet"], target_groups=["barn"])
    desk.write("practices", "c", areas=["hemloshet"], target_groups=["medarbetare"])
    assert set(desk.slugs("", omrade=["aldre", "hemloshet"])) == {"a", "b", "c"}
    assert set(desk.slugs("", omrade=["hemloshet"], malgrupp=["barn"])) == {"b"}
    counts = {
        facet.name: {choice.value: (choice.count, choice.chosen) for choice in facet.choices}
        for facet in desk.find("", omrade=["aldre"], malgrupp=["barn"]).facets
    }
    assert counts["omrade"] == {"aldre": (1, True), "hemloshet": (1, False)}, "without its own choice"
    assert counts["malgrupp"] == {"barn": (1, True)}
    assert counts["typ"] == {"practices": (1, False)}


def test_a_choice_that_nothing_has_finds_nothing_and_can_be_taken_back(desk: Desk) -> None:
    desk.write("practices", "a")
    results = desk.find("", kommun=["finns-inte"])
    assert results.total == 0
    kommun = next(facet for facet in results.facets if facet.name == "kommun")
    assert ("finns-inte", 0, True) in [(choice.value, choice.count, choice.chosen) for choice in kommun.choices]


def test_a_district_counts_for_its_city_and_county(desk: Desk) -> None:
    desk.write("practices", "a", owner="skarholmen")
    assert desk.slugs("", kommun=["skarholmen"]) == desk.slugs("", kommun=["stockholm"]) == ["a"]
    assert desk.slugs("", lan=["01"]) == ["a"]
    labels = {facet.name: [choice.label for choice in facet.choices] for facet in desk.find("").facets}
    assert labels["lan"] == ["Stockholms län"]
    assert "Skärholmens stadsdelsförvaltning" in labels["kommun"]


def test_words_that_the_screen_shows_alike_are_one_choice(desk: Desk) -> None:
    desk.write("projects", "arbete", status="planning")
    desk.write("cycles", "arbete/01-prov", status="planned")
    status = next(facet for facet in desk.find("").facets if facet.name == "status")
    assert [(choice.label, choice.count) for choice in status.choices] == [("planeras", 2)]
    for value in ("planning", "planned"):
        results = desk.find("", status=[value])
        assert results.total == 2
        chosen = next(facet for facet in results.facets if facet.name == "status").chosen
        assert [choice.value for choice in chosen] == [value], "the address keeps the word it has"


def test_one_value_with_two_words_on_the_screen_is_one_choice(desk: Desk) -> None:
    desk.write("studyvisits", "besok", status="held")
    desk.write("meetings", "traff", status="held")
    desk.write("meetings", "senare", status="planned")
    desk.write("projects", "arbete", status="planning")
    status = next(facet for facet in desk.find("").facets if facet.name == "status")
    words = [(choice.value, choice.label, choice.count) for choice in status.choices]
    assert words == [("held", "genomförd / genomfört", 2), ("planned", "planeras", 2)]
    assert desk.slugs("", status=["held"]) == ["traff", "besok"]
    taken = next(facet for facet in desk.find("", status=["held"]).facets if facet.name == "status").chosen
    assert [(choice.value, choice.count) for choice in taken] == [("held", 2)]
    # Where only one of them is listed, its own word is said.
    visits = desk.index.cards("studyvisits", ANYONE)
    assert [choice.label for facet in visits.facets if facet.name == "status" for choice in facet.choices] == [
        "genomfört"
    ]


def test_words_are_one_choice_through_a_third_that_shares_a_value_or_a_word_with_each() -> None:
    groups = {1: Group("a", "word", "1"), 2: Group("b", "word", "2"), 3: Group("c", "word", "3")}
    assert choices(groups, {}) == [[1], [2], [3]]
    assert choices({**groups, 4: Group("a", "word", "3")}, {}) == [[2], [1, 3, 4]]
    # What refers to documents or organisations is told apart by its value alone.
    assert len(choices({1: Group("a", "organisation", "1"), 2: Group("a", "organisation", "2")}, {})) == 2
    network = {1: Group("a", "networks", "gammalt"), 2: Group("b", "networks", "nytt")}
    assert choices(network, dict.fromkeys(network, "nytt")) == [[1, 2]]


def test_nothing_hidden_names_a_choice_or_brings_two_together(desk: Desk) -> None:
    owner = Viewer("o", "Olga", {"sodertalje": "member"})
    desk.write("projects", "arbete", status="planning")
    desk.write("cycles", "arbete/01-forst", status="planned", publication="draft")
    assert {choice.value: choice.count for choice in statuses(desk, ANYONE)} == {"planning": 1}
    assert {choice.value: choice.count for choice in statuses(desk, owner)} == {"planned": 2}
    assert desk.find("", ANYONE, status=["planned"]).total == 0
    assert [(one.value, one.label) for one in statuses(desk, ANYONE, status=["planned"]) if one.chosen] == [
        ("planned",) * 2
    ]
    assert desk.find("", owner, status=["planned"]).total == 2
    assert desk.find("", owner, status=["planning"]).total == 2


def statuses(desk: Desk, viewer: Viewer, **chosen: list[str]) -> list[Choice]:
    return next(list(facet.choices) for facet in desk.find("", viewer, **chosen).facets if facet.name == "status")


def test_the_order_can_be_the_newest_first(desk: Desk) -> None:
    for slug in ("aldst", "mellan", "nyast"):
        desk.write("practices", slug, "kommun")
        time.sleep(1.0 if slug != "nyast" else 0)
    found = desk.index.find(Query("kommun", sort="changed"), ANYONE)
    assert [hit.card.slug for hit in found.hits] == ["nyast", "mellan", "aldst"]


# ---- Hostile queries ----

HOSTILE = (
    "a" * 100_000,
    "ord " * 25_000,
    "\x00\x01\x1b[2J",
    '"obalanserad',
    "title:* AND (NOT",
    "' OR 1=1 --",
    "*" * 1000,
    "\u202eomvänd",
    "😀👩‍👩‍👧",
    "%00%ff ../../etc/passwd",
    "(?P<a>.*)+$",
    "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 ǅ İ ß",
    "\ud800",
)


@pytest.mark.parametrize("query", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_queries_are_answered(desk: Desk, query: str) -> None:
    desk.write("practices", "sida", "Ett ord.")
    desk.index.index_words()
    began = time.process_time()
    desk.find(query, kommun=[query[:50]])
    assert time.process_time() - began < 1


@given(
    st.text(), st.dictionaries(st.sampled_from(["typ", "kommun", "natverk", "annat"]), st.lists(st.text(), max_size=3))
)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_query_is_answered(desk: Desk, query: str, chosen: dict[str, list[str]]) -> None:
    results = desk.index.find(Query(query, chosen), ANYONE)
    assert results.total >= len(results.hits) == 0


def test_a_snippet_says_the_title_of_what_is_linked_to_as_the_page_does(desk: Desk) -> None:
    desk.write("practices", "forsta-motet", title="Det första mötet")
    desk.write("practices", "dolt-arbete", title="Hemligheten", publication="draft")
    desk.write("practices", "a", "Kartläggning som i [[forsta-motet]] och [[arbetssatt/dolt-arbete]].\n")
    (hit,) = desk.index.find(Query("kartläggning"), ANYONE).hits
    assert str(hit.snippet) == "<mark>Kartläggning</mark> som i Det första mötet och dolt arbete."
