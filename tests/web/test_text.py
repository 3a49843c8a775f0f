from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from app.library.fields import PartialDate, Quantity
from app.library.vocabulary import Publication
from app.web import text


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (date(2013, 6, 25), "25 juni 2013"),
        (datetime(2013, 6, 25, 22, 30, tzinfo=UTC), "26 juni 2013"),
        (PartialDate.parse("3 februari"), "3 februari, år framgår inte"),
        (None, "framgår inte"),
    ],
)
def test_dates_are_written_as_swedes_do(value: object, words: str) -> None:
    assert text.day(value) == words  # type: ignore[arg-type]


def test_moments_are_by_swedish_clocks() -> None:
    assert text.moment(datetime(2026, 1, 5, 8, 5, tzinfo=UTC)) == "5 januari 2026 kl. 09.05"
    assert text.moment(datetime(2026, 7, 5, 8, 5)) == "5 juli 2026 kl. 10.05"  # noqa: DTZ001


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "0 träffar"),
        (1, "1 träff"),
        (1150, "1\u00a0150 träffar"),
        (None, "framgår inte"),
        (Quantity.parse("cirka 50"), "cirka 50 träffar"),
        (Quantity.parse("en"), "1 träff"),
    ],
)
def test_numbers_agree_with_their_nouns(number: float | Quantity | None, words: str) -> None:
    assert text.count(number, "träff", "träffar") == words


def test_words_of_closed_lists_are_shown_in_swedish() -> None:
    assert text.swedish(Publication.IN_REVIEW) == "granskas"
    assert text.swedish("fritt") == "fritt"
    assert text.swedish(None) == ""
    assert text.capital("KNUT-nätverket är") == "KNUT-nätverket är"
    assert text.capital("ärende") == "Ärende"
