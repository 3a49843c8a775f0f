"""What each kind tells of its own pace: since when it stands in its phase, and what is due."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app import load_kinds
from app.library.document import FrontMatter, Kind
from app.library.pace import Pace

KINDS: dict[str, Kind] = {kind.name: kind for kind in load_kinds()}


def front(kind: str, **values: Any) -> FrontMatter:
    needed = {"id": "00000000-0000-4000-8000-000000000000", "title": "Sida", "owner": "sodertalje"}
    return KINDS[kind].front_matter.model_validate({**needed, **values})


def stays(pace: Pace) -> list[tuple[str, str, str]]:
    return [
        (str(one.phase), one.since.raw if one.since else "", one.until.raw if one.until else "") for one in pace.stays
    ]


def due(pace: Pace) -> list[tuple[str, str]]:
    return [(one.what, one.by.raw) for one in pace.due]


# ---- Cycles ----

DATES = {"planned": "2026-08-01", "started": "2026-08-10", "ended": "2026-08-20", "decided": "2026-08-31"}


@pytest.mark.parametrize(
    ("status", "dates", "expected"),
    [
        ("planned", {}, [("planned", "", "")]),
        ("planned", {"planned": "2026-08-01"}, [("planned", "2026-08-01", "")]),
        # A date that is ahead of the status tells nothing.
        ("planned", DATES, [("planned", "2026-08-01", "")]),
        ("doing", DATES, [("planned", "2026-08-01", "2026-08-10"), ("doing", "2026-08-10", "")]),
        ("doing", {"started": "2026-08-10"}, [("planned", "", "2026-08-10"), ("doing", "2026-08-10", "")]),
        ("studying", {"started": "2026-08-10"}, [("planned", "", "2026-08-10"), ("studying", "", "")]),
        ("paused", {"started": "2026-08-10"}, [("planned", "", "2026-08-10"), ("paused", "", "")]),
        (
            "decided",
            DATES,
            [
                ("planned", "2026-08-01", "2026-08-10"),
                ("doing", "2026-08-10", "2026-08-20"),
                ("studying", "2026-08-20", "2026-08-31"),
                ("decided", "2026-08-31", ""),
            ],
        ),
    ],
)
def test_a_cycle_stands_in_its_phase_since_the_date_that_began_it(
    status: str, dates: dict[str, str], expected: list[tuple[str, str, str]]
) -> None:
    assert stays(front("cycles", status=status, **dates).pace()) == expected


@pytest.mark.parametrize(
    ("status", "waits"), [("planned", True), ("doing", True), ("studying", True), ("decided", False), ("paused", False)]
)
def test_a_prediction_is_due_until_the_cycle_is_decided_or_paused(status: str, waits: bool) -> None:
    expected = [("Förutsägelsen prövad", "2026-08-28")] if waits else []
    assert due(front("cycles", status=status, prediction={"by": "2026-08-28"}).pace()) == expected
    assert due(front("cycles", status=status).pace()) == []


# ---- Projects ----


def history(*changes: tuple[str, str]) -> list[dict[str, str]]:
    return [{"date": when, "status": status} for when, status in changes]


@pytest.mark.parametrize(
    ("status", "changes", "expected"),
    [
        ("testing", history(), [("testing", "", "")]),
        (
            "testing",
            history(("2026-01-01", "idea"), ("2026-02-01", "testing")),
            [("idea", "2026-01-01", "2026-02-01"), ("testing", "2026-02-01", "")],
        ),
        # Said once more it is the same stay.
        ("testing", history(("2026-02-01", "testing"), ("2026-03-01", "testing")), [("testing", "2026-02-01", "")]),
        # Taken up again it is a new one.
        (
            "testing",
            history(("2026-01-01", "testing"), ("2026-02-01", "planning"), ("2026-03-01", "testing")),
            [
                ("testing", "2026-01-01", "2026-02-01"),
                ("planning", "2026-02-01", "2026-03-01"),
                ("testing", "2026-03-01", ""),
            ],
        ),
        # A history that ends in another status does not tell since when it has this one.
        ("testing", history(("2026-01-01", "idea")), [("testing", "", "")]),
        ("testing", history(("framgår inte", "testing")), [("testing", "framgår inte", "")]),
    ],
)
def test_a_project_stands_in_its_status_since_its_history_says_so(
    status: str, changes: list[dict[str, str]], expected: list[tuple[str, str, str]]
) -> None:
    assert stays(front("projects", status=status, status_history=changes).pace()) == expected


def test_a_step_on_the_progress_scale_shows_that_a_project_moves() -> None:
    steps = [{"date": "2026-01-01", "progress": "1.0"}, {"date": "mars 2026", "progress": "2.0"}]
    assert [one.raw for one in front("projects", progress_history=steps).pace().steps] == ["2026-01-01", "mars 2026"]


@pytest.mark.parametrize(
    ("status", "progress", "expected"),
    [
        ("testing", "2.0", ["Målet nått", "Arbetet avslutat"]),
        ("sustaining", "4.5", ["Målet nått", "Arbetet avslutat"]),
        ("sustaining", "5.0", ["Arbetet avslutat"]),
        ("completed", "4.0", []),
        ("stopped", "1.0", []),
    ],
)
def test_the_aim_and_the_end_of_a_project_are_due_until_it_is_over(
    status: str, progress: str, expected: list[str]
) -> None:
    told = front("projects", status=status, progress=progress, aim={"by": "2026-06-30"}, ends="2026").pace()
    assert [what for what, _ in due(told)] == expected
    assert due(front("projects", status=status, progress=progress).pace()) == []


# ---- The others ----


def test_a_practice_is_due_to_be_looked_over_and_readers_are_told() -> None:
    [one] = front("practices", review_by=date(2026, 5, 1)).pace().due
    assert (one.what, one.by.exact, one.mark) == ("Sidan sedd över", date(2026, 5, 1), "Behöver ses över")
    assert due(front("practices").pace()) == []


@pytest.mark.parametrize(
    ("status", "dates", "expected"),
    [
        ("proposed", ["2026-02-03"], [("Besöket genomfört", "2026-02-03")]),
        ("open", ["2026-02-03", "2026-02-17"], [("Besöket genomfört", "2026-02-17")]),
        ("confirmed", ["mars 2026"], [("Besöket genomfört", "2026-03-31")]),
        ("confirmed", ["2026-02-03", "3 februari"], []),
        ("confirmed", ["2026-02-03", None], []),
        ("confirmed", [], []),
        ("held", ["2026-02-03"], [("Anteckningarna skrivna", "2026-03-03")]),
        ("held", ["3 februari"], []),
        ("written_up", ["2026-02-03"], []),
        ("followed_up", ["2026-02-03"], []),
        ("cancelled", ["2026-02-03"], []),
    ],
)
def test_a_visit_is_due_after_its_last_session_and_its_notes_four_weeks_later(
    status: str, dates: list[str | None], expected: list[tuple[str, str]]
) -> None:
    sessions = [{"date": when} if when else {} for when in dates]
    assert due(front("studyvisits", status=status, sessions=sessions).pace()) == expected


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("planned", [("Träffen genomförd", "2026-11-01"), ("Beslut 2: Boka lokal", "2026-12-01")]),
        ("held", [("Beslut 2: Boka lokal", "2026-12-01")]),
        ("cancelled", []),
    ],
)
def test_a_meeting_and_what_it_decided_are_due_by_their_dates(status: str, expected: list[tuple[str, str]]) -> None:
    decisions = [
        {"what": "Skicka ut", "by": "2026-10-01", "done": True},
        {"what": "Boka lokal", "by": "2026-12-01"},
        {"what": "Utan datum"},
    ]
    assert due(front("meetings", status=status, date="2026-11-01", decisions=decisions).pace()) == expected


def test_what_has_no_phases_and_no_dates_tells_nothing() -> None:
    assert front("networks", ends="2019").pace() == Pace()
    assert front("learnings", date="2019").pace() == Pace()


def test_only_phases_of_a_kind_have_a_usual_time_and_what_is_over_has_none() -> None:
    named = {kind.name: {str(status): days for status, days in kind.usual_days.items()} for kind in KINDS.values()}
    assert {name for name, days in named.items() if days} == {"projects", "cycles"}
    assert named["cycles"]["paused"] == 0
    for kind, status in (("cycles", "decided"), ("projects", "completed"), ("projects", "stopped")):
        assert status not in named[kind]
