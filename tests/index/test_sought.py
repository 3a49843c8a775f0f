"""What people type is read as they mean it, and phrases and exclusions hold what they promise."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.index import Query
from app.index.sought import MOST_WORDS, Sought, read
from app.language.words import words
from app.library.visibility import ANYONE
from tests.index.conftest import Desk


def plain(text: str) -> Sought:
    return Sought(tuple(text.split()))


@pytest.mark.parametrize(
    ("typed", "sought"),
    [
        ("Hemlösa barn", plain("hemlösa barn")),
        ('stöd "ett första möte" nu', Sought(("stöd", "nu"), (("ett", "första", "möte"),))),
        ("”ett möte” “två möten” »tre möten« „fyra“", Sought((), tuple(map(tuple, map(str.split, [
            "ett möte", "två möten", "tre möten", "fyra"
        ]))))),
        ("stöd -barn", Sought(("stöd",), (), ("barn",))),
        ("stöd \u2212barn", Sought(("stöd",), (), ("barn",))),
        ('stöd -"ett möte"', Sought(("stöd",), (), (), (("ett", "möte"),))),
        ("-rinkeby-kista", Sought((), (), (), (("rinkeby", "kista"),))),
        ("-85 000 kr", Sought(("kr",), (), ("85000",))),
        ("stöd -barn -barn", Sought(("stöd",), (), ("barn",))),
        ("rinkeby-kista", plain("rinkeby kista")),
        ("individ- och familjeomsorg", plain("individ och familjeomsorg")),
        ("stöd - barn", plain("stöd barn")),
        ("stöd --barn", plain("stöd barn")),
        ("2007–08", plain("2007 08")),
        ('"obalanserad fras', plain("obalanserad fras")),
        ('"en" två"', Sought(("två",), (("en",),))),
        ('"" -"" - "!"', Sought()),
        ("barn OR NOT (unga AND äldre)", plain("barn or not unga and äldre")),
        ("title:barn~2 [a TO b]* ^4", plain("title barn 2 a to b 4")),
        ("85 000 kr", plain("85000 kr")),
    ],
)  # fmt: skip
def test_what_is_typed_is_read_as_it_is_meant(typed: str, sought: Sought) -> None:
    assert read(typed) == sought


@pytest.mark.parametrize(
    ("typed", "beginning"),
    [
        ("stöd kartl", "kartl"),
        ("kartl ", ""),
        ("kartl.", ""),
        ("k", ""),
        ('stöd "kartl', "kartl"),
        ('stöd "kartl"', ""),
        ("stöd -kartl", ""),
        ("-kartl stöd", "stöd"),
        ("", ""),
    ],
)
def test_the_last_word_is_a_beginning_while_somebody_types(typed: str, beginning: str) -> None:
    assert read(typed, unfinished=True).beginning == beginning
    assert read(typed).beginning == ""


@given(st.text(st.sampled_from('ab åä1 -"”»,.\n'), max_size=60))
@example("ord " * 100)
def test_no_word_is_lost_or_made_up(typed: str) -> None:
    sought = read(typed)
    found = [*sought.words, *sought.excluded, *(w for p in (*sought.phrases, *sought.excluded_phrases) for w in p)]
    assert len(found) <= MOST_WORDS
    assert set("".join(found)) <= set("".join(words(typed)))


@given(st.text(st.sampled_from('ab åä1 -"'), max_size=60))
def test_what_is_sought_can_be_typed_again(typed: str) -> None:
    sought = read(typed)
    assert read(str(sought)) == sought


# ---- In an index ----


@pytest.fixture(params=["fresh", "indexed", "merged"])
def world(desk: Desk, request: pytest.FixtureRequest) -> Desk:
    """Some documents that are not in the words yet, that are, or that are in segments which have been merged."""
    desk.write("practices", "mote", "Vi bokar ett första möte på samma dag.", summary="Boken om barnen")
    desk.write("practices", "moten", "Första mötet blev ett möte för alla.", costs=[{"amount": "13,3 Mkr"}])
    desk.write("practices", "bok", "En barnbok, barnomsorg och första\nmöte.", title="Böcker")
    desk.write("practices", "annat", "Något helt annat.", title="Ett första")
    if request.param != "fresh":
        desk.index.index_words()
    if request.param == "merged":
        for number in range(12):
            desk.write("practices", f"utfyllnad-{number}", "Utfyllnad.", title="Utfyllnad")
            desk.index.index_words()
    return desk


HELD = (
    ('"första möte"', "mote bok"),
    ('"FÖRSTA MÖTE"', "mote bok"),
    ('"möte första"', ""),
    ('"ett första möte"', "mote"),
    ('"ett första"', "mote annat"),
    ('"möte"', "mote moten bok"),
    ('"mötet"', "moten"),
    ('"möten"', ""),
    ('"ett första möte på samma dag"', "mote"),
    ('"ett första vi"', ""),
    ('"13,3 miljoner"', "moten"),
    ('"första möte" barn', "mote bok"),
    ('"första möte" -barn', "bok"),
    ('"första möte" kvastskaft', ""),
    ('möte -"första möte"', "moten"),
    ("möte -barn", "moten bok"),
    ("möte -bok", "moten"),
    ("möte -boken", "moten"),
    ("möte -barnbok", "mote moten"),
    ("möte -kvastskaft", "mote moten bok"),
    ("-möten -utfyllnad", "annat"),
    ("möte -möte", ""),
)


def test_phrases_are_held_as_written_and_exclusions_in_all_forms(world: Desk) -> None:
    assert {typed: set(world.slugs(typed)) for typed, _ in HELD} == {typed: set(slugs.split()) for typed, slugs in HELD}


def test_a_phrase_does_not_run_from_one_text_into_the_next(desk: Desk) -> None:
    desk.write("practices", "mote", "Något helt annat.", title="Mote", summary="Boken om barnen")
    assert desk.slugs('"boken om"') == ["mote"]
    assert desk.slugs('"mote boken"') == [], "from the title into the summary"


def test_an_exclusion_alone_shows_the_rest_with_the_newest_first(desk: Desk) -> None:
    for slug in ("ett", "tva", "tre"):
        desk.write("practices", slug, "Kvastskaft." if slug == "tva" else "Barn.")
    everything = desk.index.find(Query("", sort="changed"), ANYONE)
    rest = desk.index.find(Query("-kvastskaft"), ANYONE)
    assert [hit.card.slug for hit in rest.hits] == [hit.card.slug for hit in everything.hits if hit.card.slug != "tva"]
    assert rest.total == 2


def test_nothing_hidden_is_told_by_a_phrase_or_an_exclusion(desk: Desk) -> None:
    desk.write("practices", "hemlig", "Ett kvastskaft av trä.", publication="draft")
    desk.write("practices", "synlig", "Text.")
    assert desk.find('"kvastskaft av trä"').total == 0
    assert desk.slugs("text -kvastskaft") == ["synlig"]


def test_a_correction_keeps_phrases_and_exclusions(desk: Desk) -> None:
    desk.write("practices", "sida", "Ett kartläggningsverktyg för alla.")
    found = desk.find('kartlegningsverktyg "för alla" -barn -"en fras"')
    assert [hit.card.slug for hit in found.hits] == ["sida"]
    assert found.corrected == 'kartläggningsverktyg "för alla" -barn -"en fras"'
    assert desk.find('"kartlegningsverktyg"').total == 0, "what is quoted is not corrected"


def test_the_last_word_finds_what_it_begins_while_somebody_types(desk: Desk) -> None:
    desk.write("practices", "verktyg", "Ett kartläggningsverktyg.")
    desk.write("practices", "annat", "Ett samtal.")

    def typing(words: str) -> list[str]:
        return [hit.card.slug for hit in desk.index.find(Query(words, beginning=True), ANYONE).hits]

    assert typing("kartl") == typing("ett kartl") == ["verktyg"]
    assert typing("kartlegningsverktyg") == ["verktyg"], "what begins nothing is misspelt"
    assert desk.slugs("kartl") == []


def test_addresses_are_no_words_and_what_is_written_of_a_link_is(desk: Desk) -> None:
    desk.write("practices", "a", "Se [[snabbare-forsta-mote]], [[Kvällsöppet möte]] och [[langre-vag|vägen dit]].\n")
    for _ in ("at once", "in order"):
        assert [hit.card.slug for hit in desk.index.find(Query("kvällsöppet vägen"), ANYONE).hits] == ["a"]
        for typed in ("forsta", "snabbare", '"snabbare forsta"', "langre"):
            assert desk.index.find(Query(typed), ANYONE).hits == [], typed
        assert desk.index.suggest("forst", ANYONE, 5) == []
        while desk.index.index_words():
            pass


def test_few_hits_by_a_fault_that_a_page_has_as_well_offer_the_word_that_more_pages_have(desk: Desk) -> None:
    for slug in ("ett", "tva", "tre"):
        desk.write("practices", slug, "Vi prövade kvällstider för tolkar.\n")
    desk.write("practices", "fel", "Här står kvälstider och tolka.\n")

    def meant(words: str) -> str:
        return desk.index.find(Query(words), ANYONE).meant

    assert [hit.card.slug for hit in desk.index.find(Query("kvälstider"), ANYONE).hits] == ["fel"]
    assert meant("kvälstider -barn") == "kvällstider -barn"
    assert meant("kvällstider") == "", "spelt right"
    assert meant("tolka") == "", "a word of its own"
    assert meant('"kvälstider"') == "", "meant as it is spelt"
    assert meant("kvälstiderna") == "", "nothing is found, so it is corrected"
