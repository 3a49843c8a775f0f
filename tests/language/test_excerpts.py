"""Excerpts show why a text was found."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.language.analysis import term
from app.language.excerpts import LENGTH, Piece, excerpt, mark
from app.language.words import printed, words


def terms(text: str) -> list[str]:
    """The terms of a text's words."""
    return [term(word) for word in words(text)]


def written(pieces: list[Piece]) -> str:
    return "".join(f"[{piece.text}]" if piece.marked else piece.text for piece in pieces)


def test_inflected_forms_are_marked() -> None:
    text = "Kommunerna ville se studiebesöken i kommunen."
    assert written(mark(text, terms("kommun studiebesök"))) == "[Kommunerna] ville se [studiebesöken] i [kommunen]."


def test_compounds_with_a_word_are_marked_and_words_that_only_begin_alike_are_not() -> None:
    text = "Kartläggningsverktyget, verktygen och verket. Böckerna och bokningen."
    marked = "Kartläggningsverktyget, [verktygen] och verket. [Böckerna] och bokningen."
    assert (
        written(mark(text, terms("verktyg bok"))).replace("[Kartläggningsverktyget]", "Kartläggningsverktyget")
        == marked
    )
    assert "[Kartläggningsverktyget]" in written(mark(text, terms("verktyg")))


def test_the_sentence_with_most_of_the_words_is_chosen() -> None:
    text = "Först något om hemlöshet. Sedan annat. Arbetet mot hemlöshet i Rumänien beskrivs här. Till sist Rumänien."
    assert written(excerpt([text], terms("hemlöshet rumänien"), 60)) == (
        "Arbetet mot [hemlöshet] i [Rumänien] beskrivs här."
    )


def test_words_from_different_places_are_both_shown() -> None:
    texts = ["En lång inledning om hemlöshet. Den fortsätter.", "Kostnad: 13,3 miljoner"]
    assert written(excerpt(texts, terms("hemlöshet 13,3"))) == (
        "En lång inledning om [hemlöshet]. … Kostnad: [13,3] miljoner"
    )


def test_a_sentence_that_only_repeats_the_title_is_left_out() -> None:
    text = "Extra personal.\nFler anställda ger extra tid."
    assert written(excerpt([text], terms("extra"), known="Extra personal")) == "Fler anställda ger [extra] tid."


def test_a_long_sentence_is_cut_around_the_word() -> None:
    text = "ord " * 200 + "nålen " + "ord " * 200
    shown = written(excerpt([text], terms("nålen")))
    assert "[nålen]" in shown
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert len(shown) < LENGTH + 20


def test_without_a_hit_it_is_the_beginning() -> None:
    assert written(excerpt(["", "Det här är början.\nOch det här fortsättningen."], ["annat"])) == (
        "Det här är början. Och det här fortsättningen."
    )
    assert excerpt(["", " "], ["annat"]) == []


def test_a_decimal_point_is_found_by_a_comma() -> None:
    assert written(mark("Det kostade 13.3 miljoner.", terms("13,3"))) == "Det kostade [13.3] miljoner."


@given(st.lists(st.text(), max_size=3), st.lists(st.text(min_size=1, max_size=8), max_size=4))
def test_any_text_can_be_excerpted(texts: list[str], words: list[str]) -> None:
    wanted = [stem for word in words for stem in terms(word)]
    shown = excerpt(texts, wanted)
    assert sum(len(piece.text) for piece in shown) <= 3 * LENGTH + 50


@given(st.text(), st.lists(st.text(min_size=1, max_size=8), max_size=4))
def test_marking_changes_no_letter(text: str, words: list[str]) -> None:
    wanted = [stem for word in words for stem in terms(word)]
    assert "".join(piece.text for piece in mark(text, wanted)) == printed(text)


def test_a_phrase_is_marked_as_one_and_its_words_elsewhere_are_not() -> None:
    text = "Ett första möte. Möten var många, och det första är viktigast: ”Första\nmöte” kallas det."
    pieces = mark(text, (), [("första", "möte")])
    assert written(pieces) == (
        "Ett [första möte]. Möten var många, och det första är viktigast: ”[Första\nmöte]” kallas det."
    )
    found = excerpt([text], terms("viktig"), phrases=[("första", "möte")])
    assert "[första möte]" in written(found)
    assert "[viktigast]" in written(found)
    assert "[Möten]" not in written(found)


def test_a_phrase_is_no_pattern() -> None:
    assert written(mark("a.b och axb, (c", (), [("a.b",), ("(c",)])) == "[a.b] och axb, [(c]"
