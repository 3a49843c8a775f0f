"""Why a hit was found: the document's words that answer each word of the question."""

from __future__ import annotations

import pytest

from tests.index.conftest import Desk

WORDBOOK = "synonyms:\n  - [försörjningsstöd, ekonomiskt bistånd, socialbidrag]\n"


@pytest.fixture
def told(desk: Desk) -> Desk:
    (desk.settings.home / "content" / "vocabulary.yaml").write_text(WORDBOOK, encoding="utf-8")
    desk.write("practices", "a", "Ekonomiskt bistånd. Arbetsmarknadsinsatser för hemlösa. Barnen kom.\n", title="Sida")
    return desk


@pytest.mark.parametrize(
    ("typed", "forms", "other", "parts"),
    [
        ("barn", ("barnen",), (), ()),
        ("insats", ("arbetsmarknadsinsatser",), (), ()),
        ("socialbidrag", (), ("ekonomiskt", "bistånd"), ()),
        ("hemlös", ("hemlösa",), (), ()),
        ("arbetsmarknadsinsattser", ("arbetsmarknadsinsatser",), (), ()),
        ('"barnen kom"', ("barnen",), (), ()),
    ],
)
def test_a_word_is_found_by_its_forms_by_compounds_and_by_other_words(
    told: Desk, typed: str, forms: tuple[str, ...], other: tuple[str, ...], parts: tuple[str, ...]
) -> None:
    why = told.find(typed).hits[0].why[0]
    assert (why.forms, why.other, why.parts) == (forms, other, parts)
    assert why.met


def test_a_compound_that_is_typed_is_found_by_its_parts(desk: Desk) -> None:
    desk.write("practices", "a", "En insats på en arbetsmarknad.\n", title="Sida")
    why = desk.find("arbetsmarknadsinsats").hits[0].why[0]
    assert (why.forms, set(why.parts)) == ((), {"insats", "arbetsmarknad"})


def test_a_word_that_the_document_lacks_is_told(told: Desk) -> None:
    why = {one.typed: one.met for one in told.find("barn kvastskaft").hits[0].why}
    assert why == {"barn": True, "kvastskaft": False}


def test_without_words_there_are_no_reasons(told: Desk) -> None:
    assert told.find("").hits[0].why == ()


def test_a_phrase_in_the_title_of_what_a_page_names_is_told_so(desk: Desk) -> None:
    desk.write("practices", "mal", "Metoden.\n", title="Ett första möte")
    desk.write("learnings", "av", "Ett möte först.\n", title="Lärt av metoden", practices=["mal"])
    desk.write("learnings", "egen", "Ett första möte.\n", title="Lärt av flera", practices=["mal"])
    why = {hit.card.slug: [(one.typed, one.named) for one in hit.why] for hit in desk.find('"första möte"').hits}
    assert why["av"] == [("första möte", "Ett första möte")]
    assert why["egen"] == why["mal"] == [("första", ""), ("möte", "")]


def test_a_snippet_marks_a_phrase_and_not_its_words_elsewhere(desk: Desk) -> None:
    desk.write("practices", "mal", "Många möten, och ett första möte. Det första är viktigt.\n", title="Om möten")
    hit = desk.find('"första möte" viktig').hits[0]
    assert "<mark>första möte</mark>" in hit.snippet
    assert "<mark>viktigt</mark>" in hit.snippet
    assert "<mark>möten</mark>" not in hit.snippet + hit.title
    assert [(one.typed, one.forms) for one in hit.why] == [
        ("viktig", ("viktigt",)),
        ("första", ("första",)),
        ("möte", ("möte",)),
    ]
