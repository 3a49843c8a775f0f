"""Personal numbers are found however they are written, and what only looks like them is left alone."""

from __future__ import annotations

import random
import re
from datetime import date
from itertools import pairwise

import personnummer.personnummer as swedish_library
import pytest
import stdnum.se.personnummer as international_library
from hypothesis import given
from hypothesis import strategies as st

from app.library.personal_data import Kind, Level, covered, find, stops
from app.library.personal_data.numbers import has_right_check_digit, kind_of
from tests.library.personal_numbers import (
    FRAMES,
    OTHERS,
    STOPPED,
    WARNED,
    number,
    running_text,
    with_check_digit,
)

# Made up for these tests; the Tax Agency lends the last one out for such.
BORN, LAST = "19880320", "1238"
TEN = "8803201238"
TEST_NUMBER = "189001019802"
TODAY = date(2026, 1, 1)


def levels(text: str) -> list[str]:
    return [one.level.value for one in find(text, TODAY)]


# ---- Notations ----


@pytest.mark.parametrize("notation", STOPPED)
def test_a_number_stops_however_it_is_parted(notation: str) -> None:
    assert levels(STOPPED[notation](BORN, LAST)) == ["stop"]


@pytest.mark.parametrize("notation", WARNED)
def test_what_may_be_a_number_warns(notation: str) -> None:
    assert levels(WARNED[notation](BORN, LAST)) == ["warn"]


@pytest.mark.parametrize(
    "text",
    [
        "880320-\r\n    1238",
        "Klienten, 880320\n1238, flyttade",
        "1988/03/20-9876",
        "88.03.20-9876",
        "1988 03 20 1238",
        "19 88 03 20 1238",
        "1988 0320 1238",
        "19 880320-1238",
        "880320-12 38",
        "880320-123 8",
        "880320--1238",
        "880320 -1238",
        "1 9 8 8 0 3 2 0 - 1 2 3 8",
        "8803**20-12**38",
        "~~880320~~-1238",
        "`880320`-1238",
        "[880320](https://exempel.example/1)-1238",
        "880320[^1]-1238",
        "880320<wbr>1238",
        "880320<!-- not --> -1238",
        "880320&nbsp;1238",
        "880320&ndash;1238",
        "880320&#x2d;1238",
        "880320%2B1238",
        "?q=%20880320-1238",
        "?q=%2520880320-1238",
        "%C2%A0880320%C2%AD1238",
        '"880320\\u002d1238"',
        "\\xa0880320-1238",
        "８８０３２０－１２３８",
        "٨٨٠٣٢٠-١٢٣٨",
        "𝟖𝟖𝟎𝟑𝟐𝟎-𝟏𝟐𝟑𝟖",
        "8\ufe0f\u20e38\ufe0f\u20e30320-1238",
        "\u202e880320\u202c-1238",
        "880320\u00ad\u20101238",
        "880320 1238 år 2019",
        "12 880320-1238",
        "2024-880320-1238",
        "880320-1238-2",
        "880320-1238.pdf",
        "880320-1238<sup>1</sup>",
        "880320-1238\u00b2",
        "880320-1238_2",
        "x880320-1238x",
        "3300-880320-1238",
    ],
)
def test_a_number_in_a_text_of_signs_stops(text: str) -> None:
    assert levels(text) == ["stop"]


def test_several_numbers_after_each_other_are_all_found() -> None:
    for between in (" ", ", ", "/", " och ", "\n", "; ", "**", "|"):
        for one in ("880320-1238", "880320 1238", "198803201238", "19880320–1238"):
            assert levels(between.join([one] * 3)) == ["stop"] * 3, (between, one)


@pytest.mark.parametrize(
    "text", ["pnr:8803201238", "SE880320123801", "19880320;1238", '"19880320","1238"', "880320.1238"]
)
def test_ten_digits_without_a_sign_between_them_warn(text: str) -> None:
    assert levels(text) == ["warn"]


@pytest.mark.parametrize(
    "text",
    [
        "880320-XXXX",
        "880320-xxxx",
        "19880320-\\*\\*\\*\\*",
        "880320–12XX",
        "880320XXXX",
        "880320-T123",
        "1988-03-20-XXXX",
    ],
)
def test_a_number_with_hidden_digits_warns(text: str) -> None:
    expected = [] if "T" in text else [(Kind.MASKED, Level.WARN)]
    assert [(one.kind, one.level) for one in find(text, TODAY)] == expected


# ---- What is none ----


@pytest.mark.parametrize(
    "text",
    [
        "880320-1237",
        "880230-1238",
        "881320-1238",
        "20880320-1238",
        "17880320-1238",
        "880320-0006",
        "9880320-1238",
        "880320-12381",
        "978-8803201238",
        "59.8803201238",
        "+8803201238",
        "8803201238,50 kr",
        "8803201238-5",
        "| 880320 | 1238 |",
        "200103;1204;3051",
        "556036-0793",
        "16556036-0793",
        "SE45 1988 0320 1238 9825 7466",
        "1988 0320 1238 4567",
        "08 12 30 56 78",
        "19880320-1238-4abc-8def-0123456789ab",
        "0123456789ab198803201238abcd",
        "2024-03-20–2024-04-01",
        "2024-03-20 0900-1600",
        "20240320143012",
        "20240320T1430",
        "SFS 2001:453",
        "",
    ],
)
def test_what_is_no_number_is_left_alone(text: str) -> None:
    assert not levels(text)


def test_a_time_or_a_year_behind_a_date_never_stops() -> None:
    for clock in range(24 * 60):
        assert not stops(f"2024-03-20 {clock // 60:02}{clock % 60:02}")
    for year in range(1900, 2100):
        assert not stops(f"2024-03-20 {year}"), year
        assert not stops(f"2024-03-20–{year}"), year


# ---- What is told of it ----


def test_a_finding_tells_the_line_and_the_place_but_never_the_number() -> None:
    text = "Rad ett\nKlienten **880320**\\-1238 ringde\n\n200380-1236 och 8803201238"
    found = find(text, TODAY)
    assert [(one.line, one.kind, one.level) for one in found] == [
        (2, Kind.PERSONNUMMER, Level.STOP),
        (4, Kind.SAMORDNINGSNUMMER, Level.STOP),
        (4, Kind.PERSONNUMMER, Level.WARN),
    ]
    assert text[found[0].start : found[0].end] == "880320**\\-1238"
    assert [one.masked for one in found] == ["••••••-••••", "••••••-••••", "••••••••••"]
    assert covered(text, found) == "Rad ett\nKlienten **••••••-•••• ringde\n\n••••••-•••• och ••••••••••"


@given(st.text(alphabet="0123456789 -–+\n*_&;<>%[]()\u00ad\u200bx.,|", max_size=60))
def test_no_text_makes_the_search_fail_or_tell_a_digit_of_it(text: str) -> None:
    found = find(text)
    assert all(one.start < one.end for one in found)
    assert all(first.end <= second.start for first, second in pairwise(found))
    assert not any(re.search(r"\d", one.masked) for one in found)
    assert not stops(covered(text, found))


@given(st.text(max_size=80), st.text(max_size=80))
def test_a_number_is_found_whatever_stands_around_it(before: str, after: str) -> None:
    if before[-1:].isdecimal() or after[:1].isdecimal():
        return
    text = f"{before} 19880320-1238 {after}"
    place = len(before) + 1
    assert any(one.start <= place < one.end for one in stops(text))


# ---- Checked against others ----


def test_valid_numbers_are_those_that_others_call_valid() -> None:
    chance = random.Random(4)
    for _ in range(4_000):
        day = f"{chance.randrange(1900, 2026)}{chance.randrange(1, 14):02}{chance.randrange(1, 33):02}"
        day = day[:6] + f"{int(day[6:]) + 60:02}" if chance.random() < 0.3 else day
        ten = with_check_digit(f"{day[2:]}{chance.randrange(1000):03}")
        ten = ten if chance.random() < 0.7 else f"{ten[:9]}{chance.randrange(10)}"
        ours = kind_of(ten, day[:2], TODAY)
        # It takes an interim number for none, which we do not look for either.
        assert (ours is not None) == swedish_library.valid(f"{day}{ten[6:]}"), (day, ten)
        if ours is not Kind.SAMORDNINGSNUMMER and ten[6:9] != "000":
            assert (ours is not None) == international_library.is_valid(f"{day}-{ten[6:]}"), (day, ten)


def test_the_test_numbers_of_the_tax_agency_are_numbers() -> None:
    assert levels(TEST_NUMBER) == ["stop"]


def test_a_number_of_a_day_that_has_not_been_is_none() -> None:
    ten = with_check_digit("260115123")
    assert kind_of(ten, "20", date(2026, 1, 14)) is None
    assert kind_of(ten, "20", date(2026, 1, 15)) is Kind.PERSONNUMMER
    assert kind_of(ten, "", date(2026, 1, 14)) is Kind.PERSONNUMMER  # a hundred years ago


def test_a_leap_day_is_one_in_the_century_that_has_it() -> None:
    ten = with_check_digit("000229123")
    assert kind_of(ten, "20", TODAY)
    assert not kind_of(ten, "19", TODAY)
    assert kind_of(ten, "", TODAY)


def test_a_samordningsnummer_may_leave_the_month_and_the_day_open() -> None:
    assert kind_of(with_check_digit("880060123"), "19", TODAY) is Kind.SAMORDNINGSNUMMER
    assert kind_of(with_check_digit("880000123"), "19", TODAY) is None


def test_the_check_digit_is_right_for_one_ending_of_ten() -> None:
    assert sum(has_right_check_digit(f"880320123{last}") for last in range(10)) == 1


# ---- Many ----


def test_twenty_thousand_numbers_in_running_text_are_stopped_or_warned_of() -> None:
    chance = random.Random(20_000)
    notations = [*((one, Level.STOP) for one in STOPPED.values()), *((one, Level.WARN) for one in WARNED.values())]
    assert len(notations) >= 12
    for turn in range(20_000):
        write, level = notations[turn % len(notations)]
        text = running_text(chance, write(*number(chance)))
        assert level in {one.level for one in find(text, TODAY)}, (text, level)


def test_twenty_thousand_other_numbers_in_running_text_stop_nothing() -> None:
    chance = random.Random(20_001)
    made = list(OTHERS.values())
    for turn in range(20_000):
        text = running_text(chance, made[turn % len(made)](chance), FRAMES)
        assert not stops(text), text


@pytest.mark.parametrize(
    "piece",
    [
        "1 ",
        "1",
        "1<",
        "1&",
        "1](",
        "1%25",
        "1\u200b",
        "<1",
        "- 1",
        "8803201",
        "880320-1238 ",
        "12 | ",
        "1\n> ",
        "*1",
        "%20",
    ],
)
def test_the_time_grows_with_the_text_and_not_with_its_square(piece: str) -> None:
    # Ten times a long page: it would take minutes if it did.
    find(piece * (150_000 // len(piece)))
