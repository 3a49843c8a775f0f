"""What may become of a prediction: pure functions, without files or pages."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import yaml

from app import load_kinds
from app.library.document import Document
from app.library.locking import Lock, keeps_to, lock_in, locked_part, mark_of, problem_in, sealed
from app.library.personal_data import find
from app.library.shelf import Library

TODAY = date(2026, 11, 22)
PATH = "improvement_cycles/mote/01-remiss.md"
GUESS = {"text": "Vi tror att det går fortare.", "direction": "at_least", "value": "60"}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return Library(tmp_path_factory.mktemp("hem"), load_kinds())


def cycle(library: Library, **front: Any) -> Document:
    values = {"id": "063ce221-da95-42b6-a174-cd5386a98bf7", "title": "Remiss", "owner": "sodertalje", **front}
    return library.parse(PATH, f"---\n{yaml.safe_dump(values, allow_unicode=True)}---\n\nText.\n")


def mark(library: Library, **prediction: Any) -> str:
    part = locked_part(cycle(library, prediction=prediction))
    assert part is not None
    return mark_of(part)


def test_a_mark_is_of_the_words_and_not_of_how_the_file_writes_them(library: Library) -> None:
    assert mark(library, **GUESS) == mark(library, **{**GUESS, "direction": "minst", "text": f"{GUESS['text']}  \r\n"})
    assert mark(library, **GUESS) == mark(library, **GUESS, measure="")
    for name, other in {"text": "Annat.", "direction": "at_most", "value": "61", "by": "2026-12-01"}.items():
        assert mark(library, **{**GUESS, name: other}) != mark(library, **GUESS), name


def test_a_mark_has_no_digits_that_could_be_taken_for_a_number(library: Library) -> None:
    marks = [mark(library, text=f"Gissning {number}") for number in range(50)]
    assert all(one.isalpha() and len(one) == 24 for one in marks)
    assert not find(" ".join(marks))


@pytest.mark.parametrize(
    ("said", "locked"),
    [
        ({"status": "planned"}, False),
        ({"status": "paused"}, False),
        ({"status": "doing"}, True),
        ({"status": "studying"}, True),
        ({"status": "decided"}, True),
        ({"status": "paused", "started": "2026-11-01"}, True),
        ({"status": "planned", "started": "framgår inte"}, True),
        ({"status": "planned", "ended": "2026"}, True),
        ({"status": "planned", "locked": {"since": "2026-11-01"}}, True),
    ],
)
def test_a_prediction_is_locked_as_soon_as_do_has_begun(library: Library, said: dict[str, Any], locked: bool) -> None:
    assert (lock_in(cycle(library, prediction=GUESS, **said)) is not None) == locked


def test_a_file_that_says_nothing_of_when_it_was_locked_is_locked_at_first_sight(library: Library) -> None:
    lock = lock_in(cycle(library, prediction=GUESS, status="doing", started="2026-11-01"))
    assert lock == Lock(mark(library, **GUESS), "framgår inte")


def test_who_comes_under_way_is_locked_today_with_what_they_predicted_then(library: Library) -> None:
    planned, doing = (cycle(library, prediction=GUESS, status=status) for status in ("planned", "doing"))
    assert sealed(None, planned, planned, TODAY) == {}
    assert sealed(None, planned, doing, TODAY) == {"locked": {"since": "2026-11-22", "mark": mark(library, **GUESS)}}
    assert sealed(None, None, doing, TODAY)["locked"]["since"] == "2026-11-22"


def test_what_is_locked_is_said_as_it_was_whatever_a_text_says_of_it(library: Library) -> None:
    lock = Lock(mark(library, **GUESS), "2026-10-05")
    for told in (None, {"since": "2020-01-01", "mark": lock.mark}, {"since": "2026-10-05", "mark": "x"}):
        back = cycle(library, prediction=GUESS, status="planned", locked=told)
        assert sealed(lock, back, back, TODAY)["locked"] == {"since": "2026-10-05", "mark": lock.mark}
    said = cycle(library, prediction=GUESS, status="planned", locked={"since": "2026-10-05", "mark": lock.mark})
    assert sealed(lock, said, said, TODAY) == {}


def test_only_the_locked_words_may_take_the_place_of_the_locked_words(library: Library) -> None:
    lock = Lock(mark(library, **GUESS), "2026-10-05")
    as_locked = cycle(library, prediction=GUESS, status="doing")
    changed = cycle(library, prediction={**GUESS, "value": "40"}, status="doing")
    without = cycle(library, status="planned")
    assert keeps_to(lock, as_locked, as_locked)
    assert not keeps_to(lock, as_locked, changed)
    assert not keeps_to(lock, as_locked, without)
    assert not keeps_to(lock, None, changed)
    # What an edit outside has changed may be put back, and left alone; it may not be changed once more.
    assert keeps_to(lock, changed, as_locked)
    assert keeps_to(lock, changed, cycle(library, prediction={**GUESS, "value": "40"}, status="decided"))
    assert not keeps_to(lock, changed, without)


def test_additions_are_dated_when_they_are_written_and_anew_when_they_are_changed(library: Library) -> None:
    old = {"date": "2026-10-07", "text": "Vi räknade fel."}
    lock = Lock(mark(library), "2026-10-05")
    told = {"since": lock.since, "mark": lock.mark}
    before = cycle(library, status="doing", locked=told, additions=[old])
    both = cycle(library, status="doing", locked=told, additions=[old, {"text": "Nytt."}])
    assert sealed(lock, before, both, TODAY) == {"additions": [old, {"date": "2026-11-22", "text": "Nytt."}]}
    changed = cycle(library, status="doing", locked=told, additions=[{**old, "text": "Vi räknade rätt."}])
    assert sealed(lock, before, changed, TODAY)["additions"][0]["date"] == "2026-11-22"
    backdated = cycle(library, status="doing", locked=told, additions=[old, {"date": "2026-10-01", "text": "Förut."}])
    assert sealed(lock, before, backdated, TODAY)["additions"][1]["date"] == "2026-11-22"
    assert sealed(lock, both, before, TODAY) == {}


def test_a_file_that_differs_from_its_own_mark_or_from_what_is_remembered_has_to_be_mended(library: Library) -> None:
    own = {"since": "2026-10-05", "mark": mark(library, **GUESS)}
    assert problem_in(cycle(library, prediction=GUESS, status="doing", locked=own)) is None
    changed = cycle(library, prediction={**GUESS, "value": "40"}, status="doing", locked=own)
    found = problem_in(changed)
    assert found
    assert found.line == changed.lines[("prediction",)]
    assert "låst 5 oktober 2026" in found.message
    both = {"since": "2026-10-05", "mark": mark(library, **{**GUESS, "value": "40"})}
    forged = cycle(library, prediction={**GUESS, "value": "40"}, status="doing", locked=both)
    assert problem_in(forged) is None
    assert problem_in(forged, Lock(own["mark"], own["since"]))
    assert problem_in(cycle(library, prediction=GUESS)) is None
