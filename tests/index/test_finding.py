"""What is found, in which order, and that nothing people can type breaks it."""

from __future__ import annotations

import math
import random
import time
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.index import Query
from app.index.catalogue import Group, _choices
from app.index.measured import (
    BACKGROUND,
    GRAMS,
    IN_TITLE,
    K1,
    MOST_REQUIRED,
    PART,
    TOO_COMMON_FOR_GRAMS,
    WORTH_SHOWING,
    B,
)
from app.index.postings import grams
from app.index.terms import Searched, Terms, fact_words, in_title, terms_of
from app.language.analysis import analysed
from app.language.lexicon import lexicon
from app.language.words import words
from app.library.document import Document
from app.library.visibility import ANYONE, Viewer, may_see
from app.library.vocabulary import Publication
from tests.index.conftest import Desk
from tests.index.worlds import WORDS, documents, viewers, write_something


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


# ---- Against an independent scorer ----


def naive(desk: Desk, query: str, viewer: Viewer) -> list[tuple[str, float]]:
    """The ranking written down plainly, over the files themselves and without any index."""
    everything = documents(desk)
    seen = [one for one in everything if may_see(viewer, one.front_matter)]
    terms = {one.path: naive_terms(desk, one, everything) for one in seen}
    scores = dict.fromkeys(terms, 0.0)
    held: dict[str, list[bool]] = {path: [] for path in terms}
    for word, times in Counter(words(query)).items():
        whole, parts = analysed(word)
        for wanted, worth in {whole: 1.0, **dict.fromkeys(parts, PART)}.items():
            weights = {path: one.weights[wanted] for path, one in terms.items() if wanted in one.weights}
            background = lexicon().background(wanted)
            naive_gain(scores, terms, weights, times * worth, background)
            for path, one in terms.items():
                if in_title(wanted) in one.weights:
                    scores[path] += IN_TITLE * times * worth * naive_rarity(terms, len(weights), background)
        for gram in grams(word) if lexicon().background(whole) <= TOO_COMMON_FOR_GRAMS else ():
            weights = {
                path: sum(weight for form, weight in one.forms.items() if gram in f"_{form}_")
                for path, one in terms.items()
            }
            naive_gain(scores, terms, {path: weight for path, weight in weights.items() if weight}, times * GRAMS, 0.0)
        for path, one in terms.items():
            held[path].append(whole in one.weights or (bool(parts) and all(part in one.weights for part in parts)))
    listed = {one.path for one in seen if one.front_matter.publication is not Publication.ARCHIVED}
    if len(set(words(query))) > MOST_REQUIRED:
        best = max((scores[path] for path in listed), default=0.0)
        found = {path for path in listed if scores[path] > best * WORTH_SHOWING}
    else:
        found = {path for path in listed if all(held[path])} or {path for path in listed if any(held[path])}
    return sorted(((path, scores[path]) for path in found), key=lambda one: -one[1])


def naive_gain(
    scores: dict[str, float], terms: dict[str, Terms], weights: dict[str, float], worth: float, background: float
) -> None:
    """BM25 of one word, added to the scores of those that hold it."""
    average = sum(one.length for one in terms.values()) / len(terms)
    rarity = naive_rarity(terms, len(weights), background)
    for path, weight in weights.items():
        scores[path] += worth * rarity * weight * (K1 + 1) / (weight + K1 * (1 - B + B * terms[path].length / average))


def naive_rarity(terms: dict[str, Terms], holders: float, background: float) -> float:
    """The inverse document frequency, with documents of ordinary Swedish beside ours."""
    average = sum(one.length for one in terms.values()) / len(terms)
    smooth = BACKGROUND if background else 0.0
    holders += smooth * (1 - math.exp(-background * average))
    return math.log(1 + (len(terms) + smooth - holders + 0.5) / (holders + 0.5))


def naive_terms(desk: Desk, one: Document, everything: list[Document]) -> Terms:
    """The terms of a document as the index makes them, from the file."""
    from app.index.deriving import FileState, derive
    from app.library.fields import RefersTo, values
    from app.library.organisations import load_organisations
    from app.library.visibility import as_open_as, keys_of

    derived = derive(one, FileState(0, 0, ""), load_organisations(desk.settings.home))
    named = {
        (marker.kind, str(value.value))
        for value in values(one.front_matter)
        for marker in value.markers
        if isinstance(marker, RefersTo)
    }
    titles = [
        other.title
        for other in everything
        if (other.kind.name, other.slug) in named and as_open_as(keys_of(other.front_matter), keys_of(one.front_matter))
    ]
    return terms_of(
        Searched(
            title=one.title,
            kind_words=f"{one.kind.one} {one.kind.many}",
            summary=one.front_matter.summary,
            headings=derived.headings,
            facts=fact_words(derived.facts),
            body=derived.plain,
            references=titles,
        )
    )


def test_order_and_scores_equal_a_plain_bm25_through_changes_and_deletions(desk: Desk) -> None:
    chance = random.Random(3)
    for number in range(60):
        document = write_something(desk, chance, slugs=15)
        if chance.random() < 0.1:
            (desk.library.home / document.path).unlink()
            desk.refresh([], gone=[document.path])
        else:
            desk.refresh([document])
        if number % 9 == 0:
            desk.index.index_words()
        if number % 12 == 11:
            for viewer in viewers()[:3]:
                query = " ".join(chance.sample(WORDS, chance.randrange(1, 4)))
                results = desk.find(query, viewer)
                hits, expected = results.hits, naive(desk, query, viewer)
                if results.corrected:
                    continue  # no document holds a word of it; what it was taken for has tests of its own
                assert [hit.score for hit in hits] == pytest.approx([score for _, score in expected], rel=1e-5)
                assert {hit.card.id for hit in hits} == {desk.library.read(path).id for path, _ in expected}


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


def test_words_are_one_choice_through_a_third_that_shares_a_value_with_each() -> None:
    groups = [Group("a", "word", {"1"}), Group("b", "word", {"2"}), Group("c", "word", {"3"})]
    assert _choices(groups) == ((0,), (1,), (2,))
    assert _choices([*groups, Group("d", "word", {"1", "3"})]) == ((1,), (0, 2, 3))


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
