"""What a line says, and what a file holds: with every date given."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest

from app.index import Card, Standing
from app.library.pace import Usual
from app.state.spreadsheet import HEADINGS, harmless, spreadsheet
from app.state.telling import Line, days_in_words, days_since, line_of

TODAY = date(2026, 11, 22)


def card(**values: Any) -> Card:
    known: dict[str, Any] = {
        **dict.fromkeys(("number", "revision", "openers"), 1),
        **dict.fromkeys(("id", "kind", "slug", "summary", "owner", "visibility", "when", "when_key", "version"), ""),
        "kind_word": "PGSA-cykel",
        "title": "Tolk från början",
        "url": "/cykler/a/01-tolk",
        "owner_name": "Solna stad",
        "publication": "published",
        "status": "genomförs",
        "status_value": "doing",
        "changed_at": datetime(2026, 11, 1, 9, 0, tzinfo=UTC),
        "changed_by": "Eva Editor",
        "invented": False,
        "written_facts": "{}",
        "written_pace": "{}",
    }
    return Card(**{**known, **values})


def pace(due: Sequence[tuple[date, str, str]] = (), **more: Any) -> str:
    """What a row says of a pace."""
    return json.dumps({"due": [(by.toordinal(), words, what, "") for by, words, what in due], **more})


def line(since: date | None = None, moved: date | None = None, usual: Usual | None = None, **values: Any) -> Line:
    return line_of(Standing(card(**values), "Kortare väntan", since, moved, usual), TODAY)


@pytest.mark.parametrize(
    ("since", "words"),
    [
        ("2026-11-22", "0 dagar"),
        ("2026-11-21", "1 dag"),
        ("2020-01-01", "2\u00a0517 dagar"),
        ("2026-11-23", "framgår inte"),
    ],
)
def test_days_are_counted_up_to_today_and_not_ahead_of_it(since: str, words: str) -> None:
    told = line(since=date.fromisoformat(since), written_pace=pace(since="då", exact=True))
    assert told.in_phase_words == words
    assert days_since(None, TODAY) is None
    assert days_in_words(1) == "1 dag"


def test_a_part_of_a_date_says_at_least_how_long() -> None:
    told = line(since=date(2026, 10, 31), written_pace=pace(since="oktober 2026"))
    assert (told.since, told.in_phase_words) == ("oktober 2026", "minst 22 dagar")


def test_a_date_that_cannot_be_placed_in_time_says_nothing() -> None:
    told = line(since=None, written_pace=pace(since="3 februari"))
    assert (told.since, told.in_phase, told.in_phase_words) == ("", None, "framgår inte")


def test_a_step_after_it_came_into_its_phase_is_told_of_itself() -> None:
    written = pace(since="1 januari 2026", exact=True)
    began, stepped = date(2026, 1, 1), date(2026, 6, 1)
    assert line(began, began, written_pace=written).stepped is None
    assert line(began, stepped, written_pace=written).stepped == stepped
    assert line(None, stepped).stepped is None, "the last change of a page is no step"


def test_what_has_no_usual_time_says_none() -> None:
    assert line(usual=Usual(0)).usual is None
    assert line(usual=Usual(28)).usual == Usual(28)


def test_only_what_is_late_is_told_with_how_late() -> None:
    due = [(date(2026, 5, 31), "maj 2026", "Målet nått"), (TODAY, "i dag", "Arbetet avslutat")]
    told = line(written_pace=pace(due=due))
    assert [(one.what, one.by, one.days) for one in told.late] == [("Målet nått", "maj 2026", 175)]


def test_a_page_that_was_here_from_the_start_does_not_say_when_it_was_changed() -> None:
    assert (line().changed, line().unchanged) == (date(2026, 11, 1), 21)
    told = line(changed_by="Fanns från början")
    assert (told.changed, told.unchanged) == (None, None)


# ---- The file ----


def rows(*lines: Line) -> list[dict[str, str]]:
    content = spreadsheet(lines, "https://larnat.example/")
    assert content.startswith(b"\xef\xbb\xbfSida;"), "Excel takes a file without the mark for an old encoding"
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+46", "'+46"),
        ("-5", "'-5"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1+1", "'=1+1"),
        ("\r\n=1+1", "'=1+1"),
        (" \u00a0=1", "'=1"),
        ("＝1+1", "'＝1+1"),
        ("Två\nrader", "Två rader"),
        ("a=b; c", "a=b; c"),
        ("", ""),
    ],
)
def test_no_text_becomes_a_formula(typed: str, written: str) -> None:
    assert harmless(typed) == written
    [row] = rows(line(title=typed or "x", owner_name=typed, status=typed))
    assert (row["Organisation"], row["Läge"]) == (written, written)


def test_the_file_tells_what_the_screen_tells_and_no_person() -> None:
    written = pace(since="1 januari 2026", exact=True, due=[(date(2026, 5, 27), "27 maj 2026", "Förutsägelsen prövad")])
    told = line(date(2026, 1, 1), date(2026, 1, 1), Usual(28), written_pace=written, title="Ring; fråga ”hur”")
    content = spreadsheet([told], "https://larnat.example/")
    assert "Eva" not in content.decode()
    [row] = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";")
    assert row == dict(
        zip(
            HEADINGS,
            [
                *("Ring; fråga ”hur”", "Kortare väntan", "PGSA-cykel", "genomförs", "publicerad", "Solna stad"),
                *("1 januari 2026", "325", "28", "2026-01-01", "325"),
                *("Förutsägelsen prövad", "27 maj 2026", "179", "2026-11-01", ""),
                "https://larnat.example/cykler/a/01-tolk",
            ],
            strict=True,
        )
    )


def test_what_is_not_known_is_empty_in_the_file() -> None:
    [row] = rows(line(changed_by="Fanns från början", invented=True, publication="draft", status="", status_value=""))
    assert row["Senast ändrad"] == "fanns från början"
    assert (row["Dagar i läget"], row["I läget sedan"], row["Senast"], row["Dagar försenat"]) == ("", "", "", "")
    assert (row["Publicering"], row["Påhittade uppgifter"]) == ("utkast", "ja")
