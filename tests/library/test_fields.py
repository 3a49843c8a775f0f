"""Dates and sums are understood as far as their source goes, and kept as they were written."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.library.fields import PartialDate, Quantity, RefersTo, number_words, values
from app.library.vocabulary import GuestStatus
from tests.library.kinds import Guest, Visit


@pytest.mark.parametrize(
    ("text", "parts", "words"),
    [
        ("2013-06-25", (2013, 6, 25), "25 juni 2013"),
        ("2013-06", (2013, 6, None), "juni 2013"),
        ("2013", (2013, None, None), "2013"),
        ("3 februari", (None, 2, 3), "3 februari, år framgår inte"),
        ("onsdagen den 3 februari", (None, 2, 3), "onsdag 3 februari, år framgår inte"),
        ("Mars 2019", (2019, 3, None), "mars 2019"),
        ("början av mars", (None, 3, None), "början av mars, år framgår inte"),
        ("29 februari", (None, 2, 29), "29 februari, år framgår inte"),
        ("framgår inte", (None, None, None), "framgår inte"),
        ("  ", (None, None, None), "framgår inte"),
    ],
)
def test_a_date_is_understood_as_far_as_it_goes(
    text: str, parts: tuple[int | None, int | None, int | None], words: str
) -> None:
    found = PartialDate.parse(text)
    assert (found.year, found.month, found.day) == parts
    assert str(found) == words


@pytest.mark.parametrize("text", ["2013-02-30", "30 februari", "32 mars", "igår", "25/6 2013", "2013-6-25"])
def test_what_is_no_date_says_how_one_is_written(text: str) -> None:
    with pytest.raises(ValueError, match="Skriv ett datum som 2013-06-25"):
        PartialDate.parse(text)


def test_only_a_date_that_is_wholly_known_is_a_day() -> None:
    assert PartialDate.parse("2013-06-25").exact == date(2013, 6, 25)
    assert PartialDate.parse("cirka 2013-06-25").exact is None
    assert PartialDate.parse("juni 2013").exact is None


def test_dates_sort_by_what_is_known() -> None:
    texts = ["mars 2019", "2013", "3 februari", "2013-06-25", "2019-03-02"]
    assert sorted(texts, key=lambda text: PartialDate.parse(text).sort_key) == [
        *("3 februari", "2013", "2013-06-25", "mars 2019", "2019-03-02")
    ]


@pytest.mark.parametrize(
    ("text", "number", "words"),
    [
        ("25", 25, "25"),
        ("85 000", 85_000, "85\u00a0000"),
        ("85\u00a0000 kr", 85_000, "85\u00a0000"),
        ("13,3 miljoner", 13_300_000, "13,3 miljoner"),
        ("13,3 mkr", 13_300_000, "13,3 miljoner"),
        ("1 150 000kr", 1_150_000, "1\u00a0150\u00a0000"),
        ("cirka 2,5 miljoner kronor", 2_500_000, "cirka 2,5 miljoner"),
        ("högst 85 000", 85_000, "högst 85\u00a0000"),
        ("max 255000", 255_000, "högst 255\u00a0000"),
        ("ett femtiotal", 50, "cirka 50"),
        ("nio", 9, "9"),
        ("12,5 procent", 12.5, "12,5"),
        ("1 miljon", 1_000_000, "1 miljon"),
        ("framgår inte", None, "framgår inte"),
    ],
)
def test_a_quantity_is_understood_with_its_qualifier(text: str, number: float | None, words: str) -> None:
    found = Quantity.parse(text)
    assert (found.number, found.words, found.raw) == (number, words, " ".join(text.split()))


@pytest.mark.parametrize("text", ["många", "1.234", "85,000", "-5", "1 2", "cirka", "5 hundar"])
def test_what_is_no_quantity_says_how_one_is_written(text: str) -> None:
    with pytest.raises(ValueError, match="Skriv"):
        Quantity.parse(text)


@given(st.integers(0, 10**12))
def test_any_number_reads_back_as_it_is_shown(number: int) -> None:
    assert Quantity.parse(number_words(number)).number == number


def test_every_value_of_a_front_matter_is_found_with_its_place() -> None:
    front = Visit.model_validate(
        {
            "id": "9f0e7c5e-1111-4222-8333-444455556666",
            "title": "T",
            "owner": "solna",
            "networks": ["knut"],
            "days": [{"date": "mars", "guests": [Guest(organisation="karlstad", status=GuestStatus.ATTENDED)]}],
        }
    )
    found = {value.path: value for value in values(front)}
    assert found[("days", 0, "guests", 0, "status")].value is GuestStatus.ATTENDED
    assert ("days", 0, "guests", 0, "people") not in found
    assert any(isinstance(marker, RefersTo) for marker in found[("networks", 0)].markers)
