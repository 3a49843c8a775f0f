"""The search page, its JSON and its command."""

from __future__ import annotations

import json
import re
from urllib.parse import quote_plus

import pytest
from click.testing import CliRunner
from flask import Flask

from app.config import Settings
from app.search.command import search
from tests.cast import Browser
from tests.house import House
from tests.shipped import committed_content

FOUND = re.compile(r'<h3><a href="([^"]+)">')


@pytest.fixture
def kept(settings: Settings) -> Settings:
    """A home with the documents of the repository, as they were committed."""
    if not committed_content(settings.home):
        pytest.skip("there is no repository to take the content from")
    return settings


def hits(reader: Browser, words: str, more: str = "") -> list[str]:
    """The addresses of the hits, in order."""
    answer = reader.get(f"/sok?q={quote_plus(words)}{more}")
    assert answer.status_code == 200
    return FOUND.findall(answer.text)


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("studiebesök försörjningsstöd", "/studiebesok/"),
        ("hemlöshet Rumänien", "/studiebesok/"),
        ("13,3 miljoner", "/"),
        ("kartläggningsverktyg", "/"),
        ("självförsörjande KNUT", "/natverk/knut"),
        ("tredelade föräldraskapet", "/"),
        ("Boken om KNUT", "/natverk/knut"),
    ],
)
def test_what_the_sources_tell_is_found(kept: Settings, app: Flask, anyone: Browser, words: str, first: str) -> None:
    found = hits(anyone, words)
    assert found
    assert found[0].startswith(first)


def test_a_hit_says_what_it_is_whose_and_where_the_words_stand(house: House, anyone: Browser) -> None:
    house.write("studyvisits", "besok", "Vi såg arbetet mot hemlösheten i Rumänien.", title="Ett besök", status="held")
    house.look()
    page = anyone.get("/sok?q=hemlöshet").text
    for part in (
        "<mark>hemlösheten</mark>",
        "Studiebesök",
        "Genomfört",
        "Södertälje kommun",
        "/studiebesok/besok",
        "1 träff",
    ):
        assert part in page


def test_choices_are_links_that_turn_on_and_off(house: House, anyone: Browser) -> None:
    house.write("practices", "metod", areas=["aldre"])
    house.write("projects", "arbete", areas=["hemloshet"])
    house.look()
    page = anyone.get("/sok?q=text").text
    assert 'href="/sok?q=text&amp;typ=practices"' in page
    assert hits(anyone, "text", "&typ=practices") == ["/arbetssatt/metod"]
    assert set(hits(anyone, "text", "&typ=practices&typ=projects")) == {
        "/arbetssatt/metod",
        "/utvecklingsarbeten/arbete",
    }
    chosen = anyone.get("/sok?q=text&typ=practices&sida=1").text
    assert 'href="/sok?q=text"' in chosen, "the choice can be taken back"
    assert '<input type="hidden" name="typ" value="practices" form="sokform">' in chosen, "new words keep the choice"


def test_hits_come_in_pages(house: House, anyone: Browser) -> None:
    for number in range(23):
        house.write("practices", f"sida-{number:02}")
    house.look()
    pages = [hits(anyone, "text", f"&sida={number}") for number in (1, 2, 3, 4)]
    assert [len(page) for page in pages] == [10, 10, 3, 0]
    assert len({address for page in pages for address in page}) == 23
    assert "Gå till första sidan" in anyone.get("/sok?q=text&sida=4").text
    for odd in ("0", "-1", "x", "99999999999999999999"):
        assert anyone.get(f"/sok?q=text&sida={odd}").status_code == 200


def test_htmx_gets_the_results_and_the_news_for_the_live_region(house: House, anyone: Browser) -> None:
    house.write("practices", "metod")
    house.look()
    answer = anyone.get("/sok?q=text", headers={"HX-Request": "true"})
    assert "HX-Request" in answer.headers["Vary"]
    assert "<html" not in answer.text
    assert '<div id="besked" hx-swap-oob="innerHTML">1 träff för text</div>' in answer.text
    assert 'id="sok"' not in answer.text, "the box that somebody types in is left alone"
    whole = anyone.get("/sok?q=text").text
    assert "hx-swap-oob" not in whole


def test_turning_a_page_moves_the_focus_to_the_count(house: House, anyone: Browser) -> None:
    for number in range(12):
        house.write("practices", f"sida-{number:02}")
    house.look()
    turned = anyone.get("/sok?q=text&sida=2", headers={"HX-Request": "true", "HX-Trigger": "sida-2"}).text
    assert '<h2 id="antal" tabindex="-1" data-focus>' in turned
    typed = anyone.get("/sok?q=text", headers={"HX-Request": "true", "HX-Trigger": "sokform"}).text
    assert "data-focus" not in typed


def test_without_words_everything_can_be_browsed(house: House, anyone: Browser) -> None:
    house.write("practices", "metod")
    house.write("practices", "utkast", publication="draft")
    house.look()
    page = anyone.get("/sok").text
    assert "1 sida" in page
    assert "/arbetssatt/metod" in page
    assert "utkast" not in page


def test_no_hits_help_on(house: House, anyone: Browser) -> None:
    house.write("practices", "metod")
    house.look()
    assert "Du kan pröva så här" in anyone.get("/sok?q=kvastskaft").text
    narrowed = anyone.get("/sok?q=text&kommun=habo").text
    assert "Visa 1 träff utan dina val" in narrowed
    assert "&lt;script&gt;" in anyone.get("/sok?q=<script>alert(1)</script>").text


def test_some_of_the_words_are_enough_if_no_page_has_all(house: House, anyone: Browser) -> None:
    house.write("practices", "metod", "Om hemlöshet.")
    house.look()
    page = anyone.get("/sok?q=hemlöshet+kvastskaft").text
    assert "Ingen sida har alla orden" in page
    assert "/arbetssatt/metod" in page


def test_a_misspelt_word_is_searched_for_as_it_is_spelt_and_the_page_says_so(house: House, anyone: Browser) -> None:
    house.write("practices", "metod", "Om kartläggningsverktyg.")
    house.look()
    page = anyone.get("/sok?q=kartlegningsverktyg").text
    assert 'href="/sok?q=kartl%C3%A4ggningsverktyg">kartläggningsverktyg</a>' in page
    assert "<mark>kartläggningsverktyg</mark>" in page
    answer = anyone.get("/api/v1/search?q=kartlegningsverktyg").get_json()
    assert (answer["total"], answer["corrected"]) == (1, "kartläggningsverktyg")
    live = anyone.get("/sok?q=kartlegningsverktyg", headers={"HX-Request": "true"}).text
    assert "1 träff för kartlegningsverktyg, stavat kartläggningsverktyg</div>" in live


def test_nothing_is_spelt_as_in_a_page_that_one_may_not_see(house: House, anyone: Browser, editor: Browser) -> None:
    house.write("practices", "metod", "Om kartläggningsverktyg.", publication="draft")
    house.look()
    assert editor.get("/api/v1/search?q=kartlegningsverktyg").get_json()["total"] == 1
    answer = anyone.get("/api/v1/search?q=kartlegningsverktyg").get_json()
    assert (answer["total"], answer["corrected"]) == (0, "")


def test_everybody_finds_what_they_may_read(
    house: House, app: Flask, anyone: Browser, editor: Browser, outsider: Browser
) -> None:
    house.write("practices", "utkast", "kvastskaft", publication="draft")
    house.look()
    assert hits(editor, "kvastskaft") == ["/arbetssatt/utkast"]
    for other in (anyone, outsider):
        assert hits(other, "kvastskaft") == []
        assert other.get("/api/v1/search?q=kvastskaft").get_json()["total"] == 0


def test_the_api_answers_in_json(house: House, anyone: Browser) -> None:
    house.write("practices", "metod", "Om hemlöshet & annat.", title="Metoden")
    house.write("projects", "arbete", "Om hemlöshet.")
    house.look()
    answer = anyone.get("/api/v1/search?q=hemlöshet&kind=practices&limit=1").get_json()
    assert set(answer) == {"query", "corrected", "meant", "total", "archived", "took_ms", "hits", "facets"}
    assert answer["took_ms"] > 0
    assert answer["corrected"] == ""
    assert answer["query"] == "hemlöshet"
    assert answer["total"] == 1
    hit = answer["hits"][0]
    assert set(hit) == {"id", "kind", "title", "url", "publication", "score", "snippet", "why"}
    assert hit["why"] == [{"word": "hemlöshet", "found": ["hemlöshet"]}]
    assert (hit["kind"], hit["title"], hit["url"]) == ("practices", "Metoden", "/arbetssatt/metod")
    assert hit["snippet"] == "Om <mark>hemlöshet</mark> &amp; annat."
    assert answer["facets"]["typ"] == [
        {"value": "practices", "label": "arbetssätt", "count": 1},
        {"value": "projects", "label": "utvecklingsarbete", "count": 1},
    ]


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=101", "limit=x", "limit=", "limit=-1", "limit=1e9", "limit=²", "kind=finns-inte", "kind="],
)
def test_the_api_says_clearly_what_is_wrong(app: Flask, anyone: Browser, query: str) -> None:
    answer = anyone.get(f"/api/v1/search?q=x&{query}")
    assert answer.status_code == 400
    assert query.partition("=")[0] in answer.get_json()["message"]


@pytest.mark.parametrize("words", ["a" * 3000, "%00", "%1b[2J", '"', "' OR 1=1 --", "*:*", "😀", "%ed%a0%80"])
def test_no_query_breaks_the_page(house: House, anyone: Browser, words: str) -> None:
    house.write("practices", "metod")
    house.look()
    for address in ("/sok", "/api/v1/search"):
        assert anyone.get(f"{address}?q={words}&kommun={words}", follow_redirects=True).status_code == 200


def test_what_is_too_long_to_be_meant_is_cut_in_the_address_as_well(house: House, anyone: Browser) -> None:
    house.write("practices", "metod")
    house.look()
    answer = anyone.get(f"/sok?typ=practices&q=text{'+text' * 1000}")
    assert answer.status_code == 302
    cut = answer.headers["Location"]
    assert cut.startswith("/sok?typ=practices&q=text+text")
    assert FOUND.findall(anyone.get(cut).text) == ["/arbetssatt/metod"]


def test_while_the_index_is_missing_the_page_asks_for_patience_and_comes_back(
    house: House, app: Flask, anyone: Browser, settings: Settings
) -> None:
    house.write("practices", "metod")
    house.look()
    index = app.extensions["index"]
    folder = index.generations.index_folder(index.generations.current())
    folder.rename(folder.with_name("undan"))
    answer = anyone.get("/sok?q=text")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert "bygger om sitt register" in answer.text
    assert anyone.get("/arbetssatt").status_code == 200, "lists need no words"
    app.extensions["archive"].rebuild()
    assert hits(anyone, "text") == ["/arbetssatt/metod"]


def test_the_command_answers_like_the_api(house: House, settings: Settings) -> None:
    house.write("practices", "metod", "Om hemlöshet.")
    house.write("projects", "arbete", "Om hemlöshet.")
    house.look()
    run = CliRunner().invoke
    answer = json.loads(run(search, ["hemlöshet", "--json", "--limit", "1", "--kind", "projects"], obj=settings).output)
    assert (answer["total"], answer["hits"][0]["url"]) == (1, "/utvecklingsarbeten/arbete")
    lines = run(search, ["hemlöshet"], obj=settings).output
    assert re.match(r"2 träffar \([\d\s]+(,\d)? ms\)\n\n", lines)
    assert 0 < lines.index("/arbetssatt/metod") < lines.index("Välj ut med --choose:\n  Typ (typ): ")
    assert "<mark>" not in lines
    assert run(search, ["x", "--kind", "fel"], obj=settings).exit_code == 2


def test_the_command_takes_phrases_exclusions_and_choices_and_tells_what_the_api_tells(
    house: House, settings: Settings, anyone: Browser
) -> None:
    house.write("practices", "metod", "Ett första möte om hemlöshet.", areas=["hemloshet"])
    house.write("practices", "annan", "Ett möte, det första med barn.", areas=["aldre"])
    house.look()

    def run(*words: str) -> str:
        return CliRunner().invoke(search, words, obj=settings).output

    assert "/arbetssatt/metod" in (phrase := run('"första möte"'))
    assert "/arbetssatt/annan" not in phrase
    without = run("möte", "-barn")
    assert without.startswith("1 träff (")
    assert "/arbetssatt/metod" in without
    assert "Ingen sida har alla orden." in run("kvastskaft", "möte")
    assert "/arbetssatt/annan" in run("möte", "--choose", "omrade=aldre")
    assert "/arbetssatt/metod" not in run("möte", "--choose", "omrade=aldre")
    assert CliRunner().invoke(search, ["möte", "--choose", "fel=1"], obj=settings).exit_code == 2
    as_json = json.loads(run("möte", "-barn", "--json", "--choose", "omrade=hemloshet"))
    answer = anyone.get("/api/v1/search?q=möte+-barn&omrade=hemloshet").get_json()
    assert {**as_json, "took_ms": 0} == {**answer, "took_ms": 0}
    assert as_json["took_ms"] > 0


def test_the_command_says_when_a_search_was_corrected_and_what_to_try_where_nothing_is_found(
    house: House, settings: Settings
) -> None:
    house.write("practices", "metod", "Ett första möte om kartläggningsverktyg.")
    house.look()

    def run(*words: str) -> str:
        return CliRunner().invoke(search, words, obj=settings).output

    assert "Det här hittas med: kartläggningsverktyg\n\nMetod" in run("kartlegningsverktyg")
    nothing = run('"möte första"', "-metod", "--choose", "omrade=aldre")
    assert nothing.startswith("Inga träffar (")
    assert all(f"Pröva utan {one}" in nothing for one in ("--choose", "citattecken", "det som har ett bindestreck"))
    assert "Menade du: kartläggningsverktyg\n" in run('"kartlegningsverktyg"')
    assert "Pröva färre ord" in run("kvastskaft")


def test_phrases_and_exclusions_are_in_force_and_the_page_says_so(house: House, anyone: Browser) -> None:
    house.write("practices", "metod", "Ett första möte med barn.")
    house.write("practices", "annan", "Ett möte är det första.")
    house.look()
    page = anyone.get('/sok?q="första+möte"').text
    assert FOUND.findall(page) == ["/arbetssatt/metod"]
    assert "Bara sidor där det står ”första möte”, precis så." in page
    page = anyone.get('/sok?q=möte+-barn+-"en+fras"').text
    assert FOUND.findall(page) == ["/arbetssatt/annan"]
    assert "Inga sidor med barn eller ”en fras”, i någon böjning." in page
    assert "Inga sidor med" not in anyone.get("/sok?q=möte").text
    nothing = anyone.get('/sok?q="möte+första"+-barn').text
    assert re.search(
        r'href="/sok\?q=m%C3%B6te\+f%C3%B6rsta\+-barn" [^>]+>Utan citattecken&nbsp;<span class="n">1<', nothing
    )
    assert "Utan -barn" not in nothing, "that alone finds nothing either"
    live = anyone.get('/sok?q="första+möte"+-barn&borjan=ja', headers={"HX-Request": "true"}).text
    assert re.search(r'href="/sok\?q=%22f%C3%B6rsta\+m%C3%B6te%22" [^>]+>Utan -barn&nbsp;<span class="n">1<', live)
    assert "Inga träffar för &#34;första möte&#34; -barn. 1 träff utan citattecken.</div>" in live
    assert anyone.get('/api/v1/search?q="första+möte"').get_json()["total"] == 1


def test_while_somebody_types_the_last_word_is_a_beginning_and_the_address_says_so(
    house: House, anyone: Browser
) -> None:
    for number in range(12):
        house.write("practices", f"sida-{number:02}", "Ett kartläggningsverktyg.")
    house.look()
    assert hits(anyone, "kartl") == []
    live = anyone.get("/sok?q=kartl&borjan=ja", headers={"HX-Request": "true"}).text
    assert len(FOUND.findall(live)) == 10
    assert 'href="/sok?q=kartl&amp;borjan=ja&amp;sida=2"' in live, "the next page shows the rest of the same hits"
    assert len(hits(anyone, "kartl", "&borjan=ja&sida=2")) == 2
    assert anyone.get("/api/v1/search?q=kartl&borjan=ja").get_json()["total"] == 12
    narrowed = anyone.get("/sok?q=kartl&borjan=ja&kommun=habo").text
    assert "Visa 12 träffar utan dina val" in narrowed
    assert 'href="/sok?q=kartl&amp;borjan=ja"' in narrowed


def test_a_hit_says_why_it_was_found_and_what_it_lacks(house: House, anyone: Browser) -> None:
    house.write("practices", "metod", "Om <b>hemlösa</b> & bostadslösa.")
    house.look()
    page = anyone.get("/sok?q=hemlös+<i>kvastskaft").text
    assert "Hittad på hemlösa." in page
    assert "Saknar <s>i</s>, <s>kvastskaft</s>." in page or "Saknar <s>kvastskaft</s>." in page
    assert "<i>kvastskaft" not in page


def test_a_corrected_search_offers_what_was_typed_exactly(house: House, anyone: Browser) -> None:
    house.write("practices", "metod", "Om kartläggningsverktyg.")
    house.look()
    page = anyone.get("/sok?q=metod+kartlegningsverktyg&typ=practices&borjan=ja").text
    exactly = "/sok?q=metod+%22kartlegningsverktyg%22&amp;typ=practices"
    assert f'href="{exactly}"' in page
    assert "Inga träffar" in anyone.get(exactly.replace("&amp;", "&")).text


def test_where_nothing_is_found_the_status_says_so_and_what_was_meant(house: House, anyone: Browser) -> None:
    house.write("practices", "metod", "Om kartläggningsverktyg.", areas=["hemloshet"])
    house.look()
    live = anyone.get("/sok?q=kartlaggningsverk", headers={"HX-Request": "true"}).text
    assert 'hx-swap-oob="innerHTML">Inga träffar för kartlaggningsverk.</div>' in live
    live = anyone.get('/sok?q="kartlegningsverktyg"', headers={"HX-Request": "true"}).text
    assert "Menade du kartläggningsverktyg?</div>" in live
    page = anyone.get('/sok?q="kartlegningsverktyg"').text
    assert 'href="/sok?q=kartl%C3%A4ggningsverktyg"' in page
    assert 'href="/sok?omrade=hemloshet">Hemlöshet' in page
    assert "Föreslå det som en kunskapslucka" in page


def test_few_hits_offer_what_finds_more_and_a_phrase_only_what_finds_something(house: House, anyone: Browser) -> None:
    for slug in ("ett", "tva", "tre"):
        house.write("practices", slug, "Ett första möte på kvällstider.")
    house.write("practices", "fel", "Om kvälstider.")
    house.look()
    page = anyone.get("/sok?q=kvälstider").text
    assert FOUND.findall(page) == ["/arbetssatt/fel"]
    assert '<a id="menade" href="/sok?q=kv%C3%A4llstider"' in page
    assert 'id="menade"' not in anyone.get("/sok?q=kvällstider").text
    assert 'id="menade"' not in anyone.get('/sok?q="möte+första"').text
    answer = anyone.get("/api/v1/search?q=kvälstider").get_json()
    assert (answer["total"], answer["corrected"], answer["meant"]) == (1, "", "kvällstider")
    live = anyone.get("/sok?q=kvälstider", headers={"HX-Request": "true"}).text
    assert "1 träff för kvälstider. Menade du kvällstider?</div>" in live


def test_each_choice_that_hides_something_can_be_taken_back_by_itself(house: House, anyone: Browser) -> None:
    house.write("practices", "metod", areas=["hemloshet"])
    house.write("learnings", "lardom", areas=["aldre"])
    house.look()
    page = anyone.get("/sok?q=text&typ=practices&omrade=aldre").text
    assert 'href="/sok?q=text&amp;typ=practices">' not in page
    assert re.search(r'href="/sok\?q=text&amp;omrade=aldre" [^>]+>Utan arbetssätt&nbsp;<span class="n">1', page)
    assert re.search(r'href="/sok\?q=text&amp;typ=practices" [^>]+>Utan äldre', page)
    assert "Visa 2 träffar utan dina val" in page


def test_a_hit_says_how_a_cycle_ended_and_whether_something_worked(house: House, anyone: Browser) -> None:
    house.write("projects", "arbete")
    house.write("cycles", "arbete/01-a", status="decided", decision="abandon")
    house.write("learnings", "lardom", worked="did_not_work")
    house.look()
    page = anyone.get("/sok?q=text").text
    assert re.search(r"Beslutad.*Avsluta", page, re.DOTALL)
    learning = page[page.index('href="/lardomar/lardom"') :].partition("</li>")[0]
    assert learning.count("Fungerade inte") == 1
