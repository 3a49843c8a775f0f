"""Words: the same whichever way a text is written."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from app.language.words import LONGEST_WORD, normal, places, places_of, printed, words


def test_words_are_lower_case_runs_of_letters_and_digits() -> None:
    assert words("Hej, VÄRLDEN! (KNUT:s 5 kap. 1 §) a_b") == ["hej", "världen", "knut", "s", "5", "kap", "1", "a", "b"]


def test_a_decimal_number_is_one_word_however_it_is_written() -> None:
    assert words("13,3 miljoner") == words("13.3 Miljoner") == ["13,3", "miljoner"]
    assert words("kl. 13.00, den 3.") == ["kl", "13,00", "den", "3"]


def test_thousands_are_one_word_with_or_without_spaces() -> None:
    assert words("1 150 000kr") == words("1\u00a0150\u00a0000 kr") == words("1150000 kr") == ["1150000", "kr"]
    assert words("2013 200 1234 567") == ["2013", "200", "1234", "567"]


def test_soft_hyphens_and_invisible_spaces_do_not_part_a_word() -> None:
    assert words("för\u00adsörj\u200bnings\u00adstöd") == ["försörjningsstöd"]


def test_composed_and_decomposed_letters_are_the_same() -> None:
    assert words(unicodedata.normalize("NFD", "åtgärd på ön")) == words("åtgärd på ön")


def test_places_point_at_the_words_as_they_are_printed() -> None:
    text = printed("Be\u00adsöken i Habo.")
    found = [(text[start:end], word) for start, end, word in places(text)]
    assert found == [("Besöken", "besöken"), ("i", "i"), ("Habo", "habo")]


@given(st.text())
def test_any_text_gives_words_that_are_words_already(text: str) -> None:
    for word in words(text):
        assert word
        assert len(word) <= LONGEST_WORD
        assert normal(word) == word or len(word) == LONGEST_WORD


@given(st.text())
def test_the_words_of_the_places_are_the_words_of_the_text(text: str) -> None:
    assert [found for _, _, found in places(printed(text))] == words(text)


@given(
    st.text(st.sampled_from("abdeörstBESÖK 0123.,-_\u00a0\nİßǅ😀"), max_size=60),
    st.lists(st.text(st.sampled_from("abdeörst013,."), min_size=1, max_size=6), max_size=4),
)
def test_picking_out_words_is_the_same_as_looking_at_every_word(text: str, wanted: list[str]) -> None:
    text = printed(text)
    some = {*(word for one in wanted for word in words(one)), *words(text)[::3]}
    assert list(places_of(text, some.__contains__)) == [place for place in places(text) if place.word in some]
