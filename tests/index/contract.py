"""What any engine of search promises. To hold another one to it: a class of its own with an ``engine`` fixture.

The engine is told of documents as publishing tells it, and asked as pages ask. Every promise holds at once after the
engine has been told, and still after it has been given time to put things in order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.index import Engine, Query, Results
from app.library.visibility import ANYONE, Viewer
from tests.index.conftest import Desk

MEMBER = Viewer("m", "Mia", {"sodertalje": "member"}, frozenset())
OUTSIDER = Viewer("o", "Olle", {"habo": "member"}, frozenset())
BEGAN = datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass
class Told:
    """An engine and the desk whose documents it is told of; each is changed a minute after the last."""

    desk: Desk
    engine: Engine
    changes: int = field(default=0)

    def write(self, kind: str, slug: str, body: str = "Text.\n", **front_matter: Any) -> None:
        self._refresh([self.desk.put(kind, slug, body, **front_matter)], [])

    def remove(self, kind: str, slug: str) -> None:
        self._refresh([], [self.desk.library.kinds[kind].path_of(slug)])

    def _refresh(self, changed: list[Any], gone: list[str]) -> None:
        self.changes += 1
        self.engine.refresh(changed, [], gone, self.changes, at=BEGAN + timedelta(minutes=self.changes))

    def find(self, words: str = "", viewer: Viewer = ANYONE, **more: Any) -> Results:
        return self.engine.find(Query(words, **{"limit": 50, **more}), viewer)

    def slugs(self, words: str = "", viewer: Viewer = ANYONE, **more: Any) -> list[str]:
        return [hit.card.slug for hit in self.find(words, viewer, **more).hits]

    def at_once_and_later(self) -> Iterator[None]:
        yield
        self.engine.index_words()
        yield


class Contract:
    @pytest.fixture
    def engine(self, desk: Desk) -> Engine:
        raise NotImplementedError

    @pytest.fixture
    def told(self, desk: Desk, engine: Engine) -> Told:
        return Told(desk, engine)

    def test_what_is_saved_changed_and_removed_is_found_as_it_is_now(self, told: Told) -> None:
        told.write("practices", "sida", "Ordet kvastskaft står här.")
        for _ in told.at_once_and_later():
            assert told.slugs("kvastskaft") == ["sida"]
        told.write("practices", "sida", "Ordet borsthuvud står här.")
        for _ in told.at_once_and_later():
            assert told.slugs("kvastskaft") == []
            assert told.slugs("borsthuvud") == ["sida"]
        told.remove("practices", "sida")
        for _ in told.at_once_and_later():
            assert told.slugs("borsthuvud") == told.slugs() == []

    def test_words_are_found_in_all_forms_and_in_compounds(self, told: Told) -> None:
        told.write("practices", "sida", "Vi planerade arbetsmarknadsinsatserna.")
        for _ in told.at_once_and_later():
            for words in ("arbetsmarknadsinsats", "insats", "arbetsmarknaden", "arbetsmarknads insats"):
                assert told.slugs(words) == ["sida"], words

    def test_all_of_two_words_are_required_or_any_where_no_page_has_both(self, told: Told) -> None:
        told.write("practices", "bada", "hemlöshet och Rumänien")
        told.write("practices", "ena", "hemlöshet")
        for _ in told.at_once_and_later():
            both = told.find("hemlöshet rumänien")
            assert ([hit.card.slug for hit in both.hits], both.total, both.relaxed) == (["bada"], 1, False)
            some = told.find("rumänien kvastskaft")
            assert ([hit.card.slug for hit in some.hits], some.total, some.relaxed) == (["bada"], 1, True)
            none = told.find("kvastskaft borsthuvud")
            assert (none.hits, none.total, none.relaxed) == ([], 0, False)

    def test_a_compound_that_no_page_has_is_looked_for_by_its_parts(self, told: Told) -> None:
        told.write("practices", "bruk", "Missbruk och missbrukare")
        told.write("practices", "drog", "En narkotisk drog")
        for _ in told.at_once_and_later():
            some = told.find("drogmissbruk")
            assert ({hit.card.slug for hit in some.hits}, some.relaxed) == ({"bruk", "drog"}, False)
            assert told.slugs("drogmissbruk narkotiska") == ["drog"]
        told.write("practices", "hela", "Drogmissbruket i vår stad")
        for _ in told.at_once_and_later():
            assert told.slugs("drogmissbruk") == ["hela"]

    def test_a_phrase_is_held_as_written_and_an_exclusion_in_all_forms(self, told: Told) -> None:
        told.write("practices", "mote", "Vi bokar ett första möte för barnen.")
        told.write("practices", "moten", "Första mötet blev ett möte för alla, i barnomsorgen.")
        for _ in told.at_once_and_later():
            assert told.slugs('"första möte"') == ["mote"]
            assert told.slugs('möte -"första möte"') == ["moten"]
            assert told.slugs('"möte första"') == told.slugs('"möten"') == []
            assert told.slugs("möte -barn") == ["moten"]
            assert told.slugs("-barn") == ["moten"]
            assert told.slugs("möte -möten") == []

    def test_a_beginning_finds_the_words_that_begin_so(self, told: Told) -> None:
        told.write("practices", "sida", "Ett kartläggningsverktyg.")
        for _ in told.at_once_and_later():
            assert told.slugs("ett kartl", beginning=True) == ["sida"]
            assert told.slugs("kartl") == []

    def test_a_misspelt_word_is_corrected_by_what_the_viewer_may_see(self, told: Told) -> None:
        told.write("practices", "sida", "Ett kartläggningsverktyg.")
        told.write("practices", "hemlig", "Ett samordningsuppdrag.", publication="draft")
        for _ in told.at_once_and_later():
            found = told.find("kartlegningsverktyg -barn")
            assert ([hit.card.slug for hit in found.hits], found.corrected) == (
                ["sida"],
                "kartläggningsverktyg -barn",
            )
            assert told.find("samordningsupdrag", MEMBER).corrected == "samordningsuppdrag"
            assert told.find("samordningsupdrag").corrected == ""
            assert told.find("kartläggningsverktyg").corrected == ""

    def test_a_misspelt_compound_is_corrected_though_its_parts_are_held_and_one_spelt_right_is_not(
        self, told: Told
    ) -> None:
        told.write("practices", "hela", "Ett försörjningsstöd på arbetsmarknaden. Personalstyrkan.")
        told.write("practices", "delar", "Ett stöd för den som söker arbete, med personal och förslag på en marknad.")
        for _ in told.at_once_and_later():
            for typed in ("försörjingsstöd", "försörjnigsstöd", "försörjningstöd", "förssörjningsstöd"):
                found = told.find(typed)
                assert (found.corrected, found.hits[0].card.slug) == ("försörjningsstöd", "hela"), typed
            assert told.find("arbetmarknaden").corrected == "arbetsmarknaden"
            for typed in ("personalstöd", "arbetsstöd", "marknadsförslag", "stödarbete"):
                assert told.find(typed).corrected == "", typed

    def test_a_word_in_the_title_counts_more_and_of_equals_the_last_comes_first(self, told: Told) -> None:
        told.write("practices", "text", "Hemlöshet nämns här.", title="Något annat")
        told.write("practices", "rubrik", "Här nämns annat.", title="Om hemlöshet")
        told.write("practices", "lika", "Här nämns annat.", title="Om hemlöshet")
        for _ in told.at_once_and_later():
            assert told.slugs("hemlösheten") == ["lika", "rubrik", "text"]
            scores = [hit.score for hit in told.find("hemlösheten").hits]
            assert scores == sorted(scores, reverse=True)
            assert scores[0] > scores[2] > 0

    def test_orders_and_pages(self, told: Told) -> None:
        for slug, title in (("a", "Ärt"), ("b", "Apa"), ("c", "Zebra")):
            told.write("practices", slug, title=title)
        told.write("practices", "a", title="Ärt")
        for _ in told.at_once_and_later():
            assert told.slugs("text", sort="changed") == told.slugs() == ["a", "c", "b"]
            assert told.slugs("text", sort="title") == ["b", "c", "a"]
            pages = [told.find("text", sort="title", limit=2, offset=offset) for offset in (0, 2, 4)]
            assert [[hit.card.slug for hit in page.hits] for page in pages] == [["b", "c"], ["a"], []]
            assert {page.total for page in pages} == {3}
            ranked = [told.find("text", limit=1, offset=offset).hits[0].card.slug for offset in range(3)]
            assert ranked == told.slugs("text")

    def test_only_what_a_viewer_may_see_is_found_counted_or_moves_anything(self, told: Told) -> None:
        told.write("practices", "oppen", "Om hemlöshet.", areas=["hemloshet"])
        alone = told.find("hemlöshet").hits[0].score
        for number in range(3):
            told.write("practices", f"hemlig-{number}", "Om hemlöshet, hemlöshet.", publication="draft")
        for _ in told.at_once_and_later():
            for viewer in (ANYONE, OUTSIDER):
                found = told.find("hemlöshet", viewer)
                assert [hit.card.slug for hit in found.hits] == ["oppen"]
                assert found.hits[0].score == pytest.approx(alone)
                assert counts(found)["typ"] == {"practices": 1}
            assert told.find("hemlöshet", MEMBER).total == 4

    def test_what_is_archived_is_found_where_it_is_asked_for_and_counted_always(self, told: Told) -> None:
        told.write("practices", "nu", "Om hemlöshet.")
        told.write("practices", "forr", "Om hemlöshet.", publication="archived")
        for _ in told.at_once_and_later():
            found = told.find("hemlöshet")
            assert ([hit.card.slug for hit in found.hits], found.archived) == (["nu"], 1)
            everything = told.find("hemlöshet", archived=True)
            assert (everything.total, everything.archived) == (2, 1)

    def test_choices_in_a_facet_mean_or_and_across_facets_and_and_each_is_counted_without_itself(
        self, told: Told
    ) -> None:
        told.write("practices", "a", areas=["aldre"], target_groups=["barn"])
        told.write("practices", "b", areas=["hemloshet"], target_groups=["barn"])
        told.write("practices", "c", areas=["hemloshet"], target_groups=["medarbetare"])
        for _ in told.at_once_and_later():
            assert set(told.slugs(chosen={"omrade": ["aldre", "hemloshet"]})) == {"a", "b", "c"}
            assert told.slugs("text", chosen={"omrade": ["hemloshet"], "malgrupp": ["barn"]}) == ["b"]
            found = told.find("text", chosen={"omrade": ["aldre"], "malgrupp": ["barn"]})
            assert counts(found)["omrade"] == {"aldre": 1, "hemloshet": 1}
            assert counts(found)["malgrupp"] == {"barn": 1}
            nothing = told.find("text", chosen={"omrade": ["finns-inte"]})
            assert nothing.total == 0
            assert counts(nothing)["omrade"]["finns-inte"] == 0, "what is chosen can be taken back"

    def test_no_words_find_everything_and_signs_alone_nothing(self, told: Told) -> None:
        told.write("practices", "a")
        for _ in told.at_once_and_later():
            assert told.slugs("") == told.slugs("  ") == ["a"]
            assert told.slugs('"" ?!') == []

    def test_titles_and_snippets_are_html_with_nothing_in_it_but_marks(self, told: Told) -> None:
        told.write("practices", "a", title="<b>Kod</b>", summary="<i>Kod</i> & annat")
        for _ in told.at_once_and_later():
            hit = told.find("kod").hits[0]
            assert hit.title == "&lt;b&gt;<mark>Kod</mark>&lt;/b&gt;"
            assert hit.snippet == "&lt;i&gt;<mark>Kod</mark>&lt;/i&gt; &amp; annat"


def counts(results: Results) -> dict[str, dict[str, int]]:
    """How many documents each choice has, by facet and value."""
    return {facet.name: {choice.value: choice.count for choice in facet.choices} for facet in results.facets}
