"""How long things stand, what is usual, and what is late: tables, with every date given."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from app.library.fields import PartialDate
from app.library.pace import (
    Due,
    Pace,
    Stay,
    Usual,
    earliest_day,
    is_late,
    last_moved,
    latest_day,
    stands_still,
    swedish_day,
    usual_time,
)

TODAY = date(2026, 11, 22)


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


@pytest.mark.parametrize(
    ("written", "earliest", "latest"),
    [
        ("2026-11-21", "2026-11-21", "2026-11-21"),
        ("2026-11", "2026-11-01", "2026-11-30"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2026", "2026-01-01", "2026-12-31"),
        ("mars 2019", "2019-03-01", "2019-03-31"),
        ("onsdag 3 februari 2010", "2010-02-03", "2010-02-03"),
        ("3 februari", "", ""),
        ("framgår inte", "", ""),
        ("början av mars 2019", "2019-03-01", "2019-03-31"),
        ("slutet av 2019", "2019-01-01", "2019-12-31"),
        ("cirka 2019-03-05", "", "2019-12-31"),
        ("omkring 2019", "", "2020-12-31"),
        ("cirka 9999", "", "9999-12-31"),
        ("före 2019-03", "", "2019-03-31"),
        ("till mars 2019", "", "2019-03-31"),
        ("efter mars 2019", "2019-03-01", ""),
        ("från mars 2019", "2019-03-01", "2019-03-31"),
        ("0000", "", ""),
    ],
)
def test_a_part_of_a_date_counts_from_its_first_day_to_its_last(written: str, earliest: str, latest: str) -> None:
    when = PartialDate.parse(written)
    assert (earliest_day(when), latest_day(when)) == (day(earliest), day(latest))


def test_a_date_that_nobody_wrote_is_no_day() -> None:
    assert (earliest_day(None), latest_day(None)) == (None, None)


@pytest.mark.parametrize(
    ("by", "late"),
    [("", False), ("2026-11-21", True), ("2026-11-22", False), ("2026-11-23", False), ("2019-01-01", True)],
)
def test_what_is_due_today_is_not_late(by: str, late: bool) -> None:
    assert is_late(day(by), TODAY) is late


@pytest.mark.parametrize(
    ("since", "stepped", "changed", "moved"),
    [
        ("2026-01-01", "", "", "2026-01-01"),
        ("2026-01-01", "2026-05-01", "", "2026-05-01"),
        ("2026-05-01", "2026-01-01", "", "2026-05-01"),
        # A page that is mended does not take its matter further.
        ("2026-01-01", "", "2026-11-01", "2026-01-01"),
        # Where the file does not say since when, the last change is what is known.
        ("", "", "2026-11-01", "2026-11-01"),
        ("", "2026-06-01", "2026-03-01", "2026-06-01"),
        ("", "2026-06-01", "", "2026-06-01"),
        ("", "", "", ""),
    ],
)
def test_the_last_move_is_what_the_file_says_or_else_the_last_change(
    since: str, stepped: str, changed: str, moved: str
) -> None:
    assert last_moved(day(since), day(stepped), day(changed)) == day(moved)


@pytest.mark.parametrize(
    ("moved", "usual", "still"),
    [
        ("2026-11-01", 10, True),  # 21 days ago
        ("2026-11-02", 10, False),  # 20: twice the usual, not more
        ("2026-11-22", 10, False),
        ("2027-01-01", 10, False),
        ("2010-01-01", 0, False),  # nothing is usual: it may last
        ("2010-01-01", -1, False),  # it is over
        ("", 10, False),  # nobody knows
    ],
)
def test_what_has_not_moved_for_more_than_twice_the_usual_stands_still(moved: str, usual: int, still: bool) -> None:
    assert stands_still(day(moved), usual, TODAY) is still


@pytest.mark.parametrize(
    ("stays", "expected", "usual"),
    [
        ([], 28, Usual(28)),
        ([40] * 7, 28, Usual(28)),
        ([40] * 8, 28, Usual(40, 8)),
        ([10, 10, 10, 10, 21, 50, 50, 400, 50], 28, Usual(21, 9)),
        ([10, 10, 10, 10, 15, 50, 50, 400], 28, Usual(13, 8)),  # 12.5, rounded so that nobody is late for half a day
        ([0] * 20, 28, Usual(7, 20)),
        ([40] * 20, 0, Usual(0)),
    ],
)
def test_the_usual_time_is_the_median_of_enough_finished_stays(stays: list[int], expected: int, usual: Usual) -> None:
    assert usual_time(stays, expected) == usual


@pytest.mark.parametrize(
    ("since", "until", "days"),
    [
        ("2026-10-01", "2026-10-15", 14),
        ("2026-10-01", "2026-10-01", 0),
        ("2026-10-15", "2026-10-01", None),
        ("2026-10", "2026-10-15", None),
        ("2026-10-01", "cirka 2026-10-15", None),
        ("framgår inte", "2026-10-15", None),
    ],
)
def test_a_stay_has_a_length_where_both_its_days_are_known(since: str, until: str, days: int | None) -> None:
    assert Stay("doing", PartialDate.parse(since), PartialDate.parse(until)).days == days


def test_the_present_stay_is_the_one_that_has_not_ended() -> None:
    began, ended = PartialDate.parse("2026-10-01"), PartialDate.parse("2026-10-05")
    assert Pace([Stay("planned", began, ended), Stay("doing", ended)]).since == ended
    assert Pace([Stay("planned", began, ended), Stay("paused", None)]).since is None
    assert Pace(due=[Due("Något", began)]).since is None


def test_a_day_is_the_one_of_swedish_calendars() -> None:
    assert swedish_day(datetime(2026, 7, 1, 22, 30, tzinfo=UTC)) == date(2026, 7, 2)
    assert swedish_day(datetime(2026, 12, 1, 22, 30, tzinfo=UTC)) == date(2026, 12, 1)
