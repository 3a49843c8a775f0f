"""Suggestions: what begins so, the best first, and never anything that only hidden documents have."""

from __future__ import annotations

import random
import time
from pathlib import Path
from typing import Any

import pytest

from app import load_kinds
from app.config import Settings
from app.database import Databases
from app.index import Index, Suggestion, titles
from app.library.organisations import load_organisations
from app.library.shelf import Library
from app.library.visibility import ANYONE, Viewer, may_see
from tests.house import make_home
from tests.index.conftest import Desk
from tests.index.worlds import documents, viewers, write_networks, write_something
from tests.serving import PATIENCE_SECONDS

MEMBER = Viewer("p", "Någon", {"sodertalje": "member"})
HIDDEN: list[dict[str, Any]] = [
    {"publication": "draft"},
    {"publication": "in_review"},
    {"visibility": "organisation"},
    {"visibility": "network", "networks": ["knut"]},
]


def suggested(desk: Desk, typed: str, viewer: Viewer = ANYONE, limit: int = 8) -> list[tuple[str, str]]:
    """The kinds and texts of the suggestions."""
    return [(one.kind, one.text) for one in desk.index.suggest(typed, viewer, limit)]


def texts(found: list[tuple[str, str]], kind: str) -> list[str]:
    return [text for one, text in found if one == kind]


# ---- What is suggested ----


def test_a_page_is_suggested_by_the_beginning_of_any_word_of_its_title(desk: Desk) -> None:
    desk.write("practices", "a", title="Boka första mötet")
    desk.write("practices", "b", title="Mötesbokning på nätet")
    for typed in ("möt", "mot", "MÖT", "mö"):
        assert texts(suggested(desk, typed), "title") == ["Mötesbokning på nätet", "Boka första mötet"], typed
    assert texts(suggested(desk, "boka möt"), "title") == ["Boka första mötet"]
    assert desk.index.suggest("mötesb", ANYONE, 8)[-1] == Suggestion(
        "title", "Mötesbokning på nätet", ("practices", "b"), "arbetssätt"
    )


def test_a_mark_that_is_typed_is_meant_and_one_that_is_not_may_be(desk: Desk) -> None:
    desk.write("practices", "a", "Forskning. Försök. Forskare.\n")
    assert texts(suggested(desk, "fors"), "word") == ["forskare", "forskning", "försök"]
    assert texts(suggested(desk, "förs"), "word") == ["försök"]


def test_words_come_with_the_commonest_first_and_one_form_of_each(desk: Desk) -> None:
    desk.write("practices", "a", "Hemlöshet och hembesök. Hembesöket.\n")
    desk.write("practices", "b", "Hembesök i hemmet.\n")
    desk.write("practices", "c", "Hembesök hos hemtjänsten.\n")
    assert texts(suggested(desk, "hemb"), "word") == ["hembesök"]
    assert texts(suggested(desk, "hem"), "word")[:1] == ["hembesök"]
    assert texts(suggested(desk, "hemlöshet"), "word") == [], "what is typed already helps nobody"
    assert texts(suggested(desk, "oc"), "word") == [], "nobody looks for what is everywhere"


def test_a_word_is_suggested_only_where_the_words_before_it_stand(desk: Desk) -> None:
    desk.write("practices", "a", "Hemlöshet och studiebesök.\n")
    desk.write("practices", "b", "Missbruk och studiecirkel.\n")
    assert texts(suggested(desk, "hemlöshet stu"), "word") == ["hemlöshet studiebesök"]
    assert texts(suggested(desk, "hemlöshet "), "word") == []


def test_several_words_that_are_only_begun_are_completed_together(desk: Desk) -> None:
    desk.write("practices", "a", "Om ekonomiskt bistånd. Ekonomin och biståndsbeslut.\n")
    desk.write("practices", "b", "Ekonomiskt bistånd är ett stöd.\n")
    desk.write("practices", "c", "Ekonomi, ekonomi, ekonomi.\n")
    assert texts(suggested(desk, "ek bis"), "word")[0] == "ekonomiskt bistånd"
    assert suggested(desk, "ek x") == []


def test_words_get_their_marks_and_the_form_that_follows_the_word_before(desk: Desk) -> None:
    desk.write("practices", "forsta-motet", "Boka första mötet. Ett möte kan bli möten.\n", title="Bokning")
    desk.write("learnings", "lardom", practices=["forsta-motet"], title="Annat")
    assert texts(suggested(desk, "forsta mot"), "word")[0] == "första mötet"
    assert texts(suggested(desk, "forsta"), "word") == ["första"]


def test_an_address_of_a_page_is_no_word_but_a_word_without_marks_is(desk: Desk) -> None:
    desk.write("practices", "a", "Vi prövar nytt, och prova gärna. Forsta mote.\n")
    desk.write("practices", "b", "Första möte. Pröva.\n")
    assert texts(suggested(desk, "mot"), "word") == ["möte"]
    assert set(texts(suggested(desk, "prov"), "word")) >= {"prova"}


def test_many_titles_are_read_beside_the_requests(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(titles, "MOST_AT_ONCE", 1)
    for number in range(3):
        desk.write("practices", f"sida-{number}", title=f"Gammal {number}")
    until = time.monotonic() + PATIENCE_SECONDS
    while len(texts(suggested(desk, "gamm"), "title")) < 3:
        assert time.monotonic() < until
        time.sleep(0.01)
    desk.write("practices", "ny", title="Gammal och ny")
    assert len(texts(suggested(desk, "gamm"), "title")) == 4, "a newer one is added at once"


def test_places_and_networks_are_suggested_with_how_many_pages_they_have(desk: Desk) -> None:
    desk.write("networks", "knut", title="KNUT", owner="sundbyberg")
    desk.write("practices", "a", owner="sodertalje", networks=["knut"])
    desk.write("practices", "b", owner="sodertalje", networks=["finns-inte"])
    places = [one for one in desk.index.suggest("sodert", ANYONE, 8) if one.kind == "place"]
    assert places == [Suggestion("place", "Södertälje kommun", ("kommun", "sodertalje"), pages=2)]
    assert [(one.address, one.pages) for one in desk.index.suggest("kn", ANYONE, 8) if one.kind == "place"] == [
        (("natverk", "knut"), 1)
    ]
    assert ("place", "Stockholms län") in suggested(desk, "stockholms l")
    assert suggested(desk, "finns") == [], "a network that has no page has no name"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("hemlöhset", "hemlöshet"),
        ("hemlöhs", "hemlöshet"),
        ("hömlöshet", "hemlöshet"),
        ("forsorgningsstod", "försörjningsstöd"),
        ("forsorgningsst", "försörjningsstöd"),
        ("hemlöhset försörgningsstöd", "hemlöshet försörjningsstöd"),
    ],
)
def test_a_misspelt_beginning_is_suggested_as_it_is_spelt(desk: Desk, typed: str, meant: str) -> None:
    desk.write("practices", "a", "Om hemlöshet och försörjningsstöd.\n", title="Annat")
    assert suggested(desk, typed) == [("spelling", meant)]


def test_there_is_never_more_than_was_asked_for(desk: Desk) -> None:
    desk.write("networks", "stad", title="Stad i samverkan", owner="stockholm")
    for number in range(9):
        desk.write("practices", f"a{number}", "Stadig stadsdel.\n", title=f"Stad {number}", networks=["stad"])
    for limit in range(9):
        found = suggested(desk, "sta", limit=limit)
        assert len(found) == limit
        assert len(set(found)) == limit


@pytest.mark.parametrize("typed", ["", " ", "?!", "å" * 201, "a b c d e f g h i", "\x00", "%00", "*", "\ud800", "😀"])
def test_what_is_no_beginning_gets_nothing(desk: Desk, typed: str) -> None:
    desk.write("practices", "a", "Allt möjligt a b c d e f g h i.\n")
    assert suggested(desk, typed) == []


# ---- Changes ----


def test_a_change_is_suggested_at_once_and_what_it_replaced_no_more(desk: Desk) -> None:
    for number in range(3):
        desk.write("practices", f"sida-{number}", title=f"Gammal {number}")
    assert len(texts(suggested(desk, "gamm"), "title")) == 3
    desk.write("practices", "sida-1", title="Nyskriven")
    assert texts(suggested(desk, "nysk"), "title") == ["Nyskriven"]
    assert texts(suggested(desk, "gamm"), "title") == ["Gammal 0", "Gammal 2"]
    desk.remove("practices", "sida-2")
    desk.index.index_words()
    assert texts(suggested(desk, "gamm"), "title") == ["Gammal 0"]
    desk.rebuild()
    assert texts(suggested(desk, "nysk"), "title") == ["Nyskriven"]


# ---- Who may see it ----


@pytest.mark.parametrize("hidden", HIDDEN, ids=lambda one: "-".join(map(str, one.values())))
@pytest.mark.parametrize("indexed", [True, False], ids=["indexed", "fresh"])
def test_nothing_is_suggested_that_only_a_hidden_page_has(desk: Desk, hidden: dict[str, Any], indexed: bool) -> None:
    desk.write("networks", "knut", title="Zinknätet", owner="habo", **HIDDEN[0])
    # Others see what Södertälje wrote, but for this page.
    desk.write("practices", "oppen", "Ord.\n", title="Öppen", owner="solna")
    front = {"title": "Zebrarubrik", "summary": "Zonterapi", "owner": "sodertalje", **hidden}
    desk.write("practices", "dold", "Zigenarmusik och zucchini.\n", **front)
    if indexed:
        desk.index.index_words()
    assert ("title", "Zebrarubrik") in suggested(desk, "zeb", MEMBER)
    assert ("word", "zucchini") in suggested(desk, "zuc", MEMBER)
    assert ("place", "Södertälje kommun") in suggested(desk, "söder", MEMBER)
    assert suggested(desk, "zucchinni", MEMBER) == [("spelling", "zucchini")]
    for typed in ("z", "ze", "zeb", "zebrarubrik", "zon", "zuc", "zucchinni", "zebrarubbrik", "zink", "söder", "ord z"):
        assert suggested(desk, typed) == [], typed


def test_what_is_archived_is_not_suggested(desk: Desk) -> None:
    desk.write("practices", "gammal", "Zucchini.\n", title="Zebrarubrik", publication="archived")
    assert suggested(desk, "z", MEMBER) == suggested(desk, "zuc", MEMBER) == suggested(desk, "söder", MEMBER) == []


def test_a_network_that_one_may_not_see_has_no_name_though_open_pages_belong_to_it(desk: Desk) -> None:
    desk.write("networks", "must", title="Hemliga MUST", owner="habo", publication="draft")
    desk.write("practices", "a", networks=["must"], owner="solna")
    assert suggested(desk, "hem") == suggested(desk, "must") == []
    assert ("place", "Hemliga MUST") in suggested(desk, "hem", Viewer("h", "H", {"habo": "member"}))


def beginnings_of(desk: Desk) -> list[str]:
    """Beginnings of every word there is, whoever may see it, and some that are misspelt."""
    found = {word for one in documents(desk) for word in f"{one.title} {one.body}".lower().split() if word.isalpha()}
    wrong = {word[:2] + word[3:] for word in found if len(word) > 6}
    return sorted({word[:length] for word in found for length in (2, 4, 7)} | wrong | {"sö", "sol", "hemliga", "kn"})


def test_suggestions_are_those_of_a_house_without_what_is_hidden(desk: Desk, tmp_path: Path) -> None:
    chance = random.Random(11)
    write_networks(desk)
    for _ in range(40):
        desk.refresh([write_something(desk, chance, slugs=30)])
    desk.index.index_words()
    for viewer in (ANYONE, MEMBER, *viewers()[-2:]):
        other = _house_with(desk, tmp_path / f"{len(viewer.keys)}-{viewer.name}-{'-'.join(viewer.roles)}", viewer)
        for typed in beginnings_of(desk):
            assert desk.index.suggest(typed, viewer, 8) == other.index.suggest(typed, viewer, 8), (viewer, typed)
        for opened in (other.databases, *other.others):
            opened.close()


def _house_with(desk: Desk, home: Path, viewer: Viewer) -> Desk:
    """Another house, with only the documents that somebody may see."""
    settings = Settings.for_tests(make_home(home))
    organisations = desk.settings.home / "content" / "organisations.yaml"
    (home / "content" / "organisations.yaml").write_bytes(organisations.read_bytes())
    library = Library(home, load_kinds())
    databases = Databases(settings)
    other = Desk(settings, databases, library, Index(settings, databases, library, load_organisations(home)))
    other.rebuild()
    for document in documents(desk):
        if may_see(viewer, document.front_matter):
            text = (desk.library.home / document.path).read_text(encoding="utf-8")
            other.put_text(document.kind.name, document.slug, text)
    other.rebuild()
    return other
