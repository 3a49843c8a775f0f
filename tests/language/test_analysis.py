"""Words meet whichever way they are inflected, put together, parted or spelt."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.language import lexicon as lexicon_module
from app.language.analysis import analysed, term
from app.language.compounds import LONGEST_COMPOUND, MOST_PARTS, SHORTEST_PART, parts_of
from app.language.folding import fold
from app.language.lexicon import Lexicon, lexicon, stem, table
from app.language.spelling import close, heard, is_word
from app.language.synonyms import Synonyms
from app.language.words import words

SWEDISH = st.text(alphabet="abcdefghijklmnopqrstuvwxyzåäöé", min_size=1, max_size=45)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("studiebesök", "studiebesöken"),
        ("kommun", "kommunernas"),
        ("klient", "klienterna"),
        ("handläggare", "handläggaren"),
        ("hemlöshet", "hemlösheten"),
        ("bok", "böckerna"),
        ("gå", "gick"),
        ("förälder", "föräldrarnas"),
    ],
)
def test_inflected_forms_meet(one: str, other: str) -> None:
    assert term(one) == term(other)


@pytest.mark.parametrize(
    ("compound", "parts"),
    [
        ("arbetsmarknadsinsats", "arbete marknad insats"),
        ("arbetsmarknadsinsatserna", "arbete marknad insats"),
        ("försörjningsstöd", "försörjning stöd"),
        ("kartläggningsverktyg", "kartläggning verktyg"),
        ("hälsoundersökning", "hälsa undersökning"),
        ("barnfamiljerna", "barn familj"),
        ("föreningsverksamheten", "förening verksamhet"),
        ("fotbollsligan", "fotboll liga"),
        ("handläggare", ""),
        ("kommun", ""),
        ("personen", ""),
        ("verksamheterna", ""),
        ("förändringarna", ""),
        ("nedskärningar", ""),
        ("planerades", ""),
        ("för", ""),
    ],
)
def test_compounds_are_taken_apart_and_other_words_are_not(compound: str, parts: str) -> None:
    assert [part.term for part in parts_of(compound)] == [term(part) for part in parts.split()]


def test_suffixes_and_particles_are_no_parts_wherever_they_stand() -> None:
    no_words = {"ing", "ning", "het", "skap", "ande", "else", "era", "ned", "upp", "ut"}
    for word in (
        "försörjingsstöd",
        "neduppskärning",
        "samverkaningsplan",
        "öppethetsstöd",
        "kunskapandeverktyg",
        "utskapstid",
    ):
        written = {part.written.removesuffix("s") for part in parts_of(word)}
        assert not written & no_words, (word, written)


@given(SWEDISH)
def test_the_parts_of_a_compound_are_the_whole_word(word: str) -> None:
    parts = parts_of(word)
    assert not parts or "".join(part.written for part in parts) == word
    assert not parts or 2 <= len(parts) <= MOST_PARTS
    assert all(len(part.written) >= SHORTEST_PART for part in parts)
    assert not parts or len(word) <= LONGEST_COMPOUND


@given(st.text(max_size=80))
def test_anything_has_a_term_and_none_of_its_parts_is_the_same_again(text: str) -> None:
    for word in words(text):
        whole, parts = analysed(word)
        assert whole
        assert whole == term(word)
        assert whole not in parts
        assert len(set(parts)) == len(parts)


def test_a_table_says_what_was_put_into_it() -> None:
    known = Lexicon(table({"bok": 0.25, "boken": 0.125, "böcker": 0.5}, {"böcker": "bok", "boken": "bok"}))
    assert (known.frequency("bok"), known.frequency("böcker"), known.frequency("nät")) == (0.25, 0.5, 0.0)
    assert known.irregular("böcker") == "bok"
    assert known.irregular("boken") is None, "its own stem is right"
    assert known.background("bok") == 0.875
    assert known.background("finns inte") == 0.0


@given(st.dictionaries(SWEDISH, st.floats(2**-30, 2**-7, width=32), max_size=30), st.lists(SWEDISH, max_size=10))
def test_any_table_finds_its_own_words_and_no_others(frequencies: dict[str, float], others: list[str]) -> None:
    known = Lexicon(table(frequencies, {}))
    for word in (*frequencies, *others):
        assert known.frequency(word) == frequencies.get(word, 0.0)
        assert known.irregular(word) is None


def test_a_damaged_table_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    content = table({"bok": 0.25}, {})
    with pytest.raises(ValueError, match="cut off"):
        Lexicon(content[:-1])
    monkeypatch.setattr(lexicon_module, "_stamp", lambda: b"another".ljust(48, b"\0"))
    with pytest.raises(ValueError, match="something else"):
        Lexicon(content)


def test_the_table_of_this_installation_knows_swedish() -> None:
    assert len(lexicon()) > 300_000
    assert lexicon().frequency("kommun") > lexicon().frequency("arbetsmarknadsenhet")
    assert stem("besöken") == stem("besöket") == "besök"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("forsorjningsstod", "försörjningsstöd"),
        ("försörjningstöd", "försörjningsstöd"),
        ("kartlägningsverktyg", "kartläggningsverktyg"),
        ("hemlöshett", "hemlöshet"),
        ("stjukdom", "sjukdom"),
        ("timra", "timrå"),
    ],
)
def test_what_was_meant_is_the_first_that_is_close(typed: str, meant: str) -> None:
    known = ["försörjningsstöd", "kartläggningsverktyg", "hemlöshet", "sjukdom", "timrå", "hemlös", "försörjning"]
    assert next(close(typed, known)) == meant


def test_a_word_that_swedish_knows_is_not_doubted() -> None:
    assert is_word("hemlöshet")
    assert not is_word("hemlöshett")
    assert list(close("hunden", ["munden", "hundar"])) == []
    assert list(close("lan", ["lån"])) == [], "too short to be sure of"


def test_what_swedish_has_now_and_then_is_doubted_for_one_fault_and_not_for_two() -> None:
    assert not is_word("utbuktning")
    assert list(close("utbuktning", ["utrustning"])) == []
    assert list(close("utbuktning", ["utbukning"])) == ["utbukning"]
    assert is_word("oidentifierat"), "rare itself, and a form of a word that is not"


@given(SWEDISH, st.lists(SWEDISH, max_size=12))
def test_what_is_close_is_one_of_the_words_given(word: str, known: list[str]) -> None:
    assert set(close(word, known)) <= set(known) - {word}


@given(SWEDISH)
def test_folding_and_hearing_are_done_once(word: str) -> None:
    assert fold(fold(word)) == fold(word)
    assert fold(word).isascii()
    assert heard("stjärna") == heard("sjärna")


def test_other_words_for_the_same_thing_are_found_in_both_directions_and_inflected() -> None:
    synonyms = Synonyms.of([["försörjningsstöd", "ekonomiskt bistånd"], ["AME", "arbetsmarknadsenhet"]], ["Hur"])
    asked = [term(word) for word in words("det ekonomiska biståndet på AME")]
    others = {(span.start, span.stop): other for span, other in synonyms.others(asked)}
    assert others == {(1, 3): ((term("försörjningsstöd"),),), (4, 5): ((term("arbetsmarknadsenhet"),),)}
    assert synonyms.asking == {"hur"}


def test_an_ordinal_is_no_form_of_its_number() -> None:
    assert term("första") == term("förste") != term("ett")
    assert term("femte") != term("fem")


def test_several_threads_stem_at_once() -> None:
    forms = ["arbetsmarknadsinsatserna", "besöken", "kartläggningarna", "handläggarens", "böckerna", "frågorna"] * 200
    expected = [stem(form) for form in forms]
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as threads:
            found = list(threads.map(lambda _: [stem(form) for form in forms], range(8)))
    finally:
        sys.setswitchinterval(before)
    assert all(one == expected for one in found)
