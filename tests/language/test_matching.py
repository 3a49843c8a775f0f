"""The words of a text that answer a question are found without a look at every word, and none is passed by."""

from __future__ import annotations

from itertools import cycle

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.config import CHECKOUT
from app.language.analysis import analysed, term
from app.language.matching import Matcher, matcher
from app.language.words import places_of, printed, words


def spelt(text: str, *wanted: str) -> list[str]:
    """The words of a text that answer some words."""
    return [place.word for place in matcher([term(word) for word in wanted]).places(printed(text))]


def test_forms_that_begin_otherwise_are_found_too() -> None:
    assert spelt("Böckerna i bokhyllan och barnböckerna, ej bokning.", "bok") == [
        "böckerna",
        "bokhyllan",
        "barnböckerna",
    ]
    assert spelt("Hon gick dit. De äldsta har gått.", "gå", "gammal") == ["gick", "äldsta", "gått"]


def test_numbers_are_found_however_they_are_written() -> None:
    assert spelt("85 000 kronor, 85000 kronor och 13.3 miljoner; 850 00", "85000") == ["85000", "85000"]
    assert spelt("Det är 13.3 miljoner, 13,3 miljoner och 133.", "13,3") == ["13,3", "13,3"]
    assert spelt("Det kostar 85 000kr, 12kr eller en krona.", "krona") == ["kr", "krona"]


def test_places_are_where_the_words_stand() -> None:
    text = printed("STUDIEBESÖK i Södertälje; studiebesöket.")
    places = matcher([term("studiebesök")]).places(text)
    assert [text[place.start : place.end] for place in places] == ["STUDIEBESÖK", "studiebesöket"]


TEXTS = [file.read_text(encoding="utf-8") for file in sorted(CHECKOUT.glob("content/*/*.md"))]


@pytest.mark.parametrize("number", range(4))
def test_no_word_of_the_library_is_passed_by(number: int) -> None:
    """Each word is looked for in a few of the texts; four tests together take every fourth word."""
    texts = [printed(text) for text in TEXTS]
    known = sorted({word for text in texts for word in words(text)})[number * 4 :: 16]
    for word, text in zip(known, cycle(texts), strict=False):
        whole, parts = analysed(word)
        found = Matcher(frozenset((whole, *parts)))
        assert found.places(text) == list(places_of(text, found.holds)), word


LETTERS = st.text(alphabet="abkoåäör İıß12 .,-_\u00ad\u00a0éÅ", max_size=60)


@given(LETTERS, st.lists(LETTERS, max_size=3))
@example("İsbok ISBOK İbok", ["bok"])
@example("12kr 85 000kr p.g.a. pga 1,5", ["kr", "pga", "1,5"])
def test_no_word_of_any_text_is_passed_by(text: str, wanted: list[str]) -> None:
    terms = frozenset(one for typed in wanted for word in words(typed) for one in (analysed(word).whole,))
    text = printed(text)
    found = Matcher(terms)
    assert found.places(text) == list(places_of(text, found.holds))
