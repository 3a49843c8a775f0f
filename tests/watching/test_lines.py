"""What a line in the log says, and what it does not."""

from __future__ import annotations

import json
import logging
import sqlite3
import sys
from pathlib import Path
from typing import Any

import pytest

from app.config import Settings
from app.watching.lines import AsJson, AsText, request_number

SECRET = "Hemlige Hansson"


def written(message: str, *args: Any, name: str = "app.some.room", error: bool = False, **more: Any) -> dict[str, Any]:
    """A line as JSON; its text, which says the same, is looked through as well."""
    information = sys.exc_info() if error else None
    record = logging.LogRecord(name, logging.WARNING, "some/room.py", 12, message, args, information, "look")
    record.__dict__.update(more)
    assert SECRET not in AsText("web").format(record)
    line: dict[str, Any] = json.loads(AsJson("web").format(record))
    assert SECRET not in json.dumps(line, ensure_ascii=False)
    return line


def raised(error: Exception) -> dict[str, Any]:
    try:
        raise error
    except Exception:
        return written("something failed", error=True)


def test_a_line_says_when_where_and_what() -> None:
    line = written("saved", revision=12, files=2)
    assert line["time"].endswith("Z")
    assert (line["level"], line["process"], line["message"]) == ("warning", "web", "saved")
    assert (line["revision"], line["files"]) == (12, 2)


def test_it_carries_the_number_of_the_request_that_it_is_about() -> None:
    before = request_number.set("K7QF2M9X")
    try:
        assert written("saved")["request"] == "K7QF2M9X"
    finally:
        request_number.reset(before)
    assert "request" not in written("saved")


def test_numbers_are_put_into_a_message_and_words_are_not() -> None:
    assert written("failed, %d in a row, at %s", 3, SECRET)["message"] == "failed, 3 in a row, at …"
    assert written("%(count)d of %(whose)s", {"count": 2, "whose": SECRET})["message"] == "2 of …"
    assert written("cannot %d", SECRET)["message"] == "cannot %d"


def test_a_message_that_a_library_has_put_together_is_not_shown() -> None:
    line = written(f"Invalid request from {SECRET}", name="gunicorn.error")
    assert line["message"] == "(room.look)"
    assert written("Worker (pid:%s) was sent %s!", 12, "SIGKILL", name="gunicorn.error")["message"].startswith(
        "Worker (pid:12)"
    )


def test_what_nobody_has_named_as_a_field_is_not_told() -> None:
    assert SECRET not in str(written("saved", title=SECRET, who=SECRET))


@pytest.mark.parametrize(
    "error", [ValueError(SECRET), KeyError(SECRET), FileNotFoundError(2, SECRET, SECRET), RuntimeError(SECRET)]
)
def test_an_error_is_told_by_its_type_and_place_and_not_by_its_message(error: Exception) -> None:
    told = raised(error)["error"][0]
    assert told["type"].startswith(type(error).__name__)
    assert any("test_lines.py" in frame and "raised" in frame for frame in told["where"])


def test_an_error_of_the_system_has_its_code() -> None:
    assert raised(FileNotFoundError(2, "No such file", SECRET))["error"][0]["type"] == "FileNotFoundError ENOENT"


def test_an_error_that_names_only_parts_of_the_program_keeps_its_message() -> None:
    assert raised(AttributeError("'Query' object has no attribute 'word'"))["error"][0]["type"].endswith("'word'")


def test_an_error_of_the_database_says_what_is_missing_and_not_what_was_asked() -> None:
    with sqlite3.connect(":memory:") as database:
        try:
            database.execute("SELECT * FROM missing WHERE name = ?", (SECRET,))
        except sqlite3.Error:
            line = written("something failed", error=True)
    database.close()
    assert line["error"][0]["type"] == "OperationalError SQLITE_ERROR: no such table: missing"


def test_what_led_to_an_error_is_told_as_well() -> None:
    try:
        try:
            raise KeyError(SECRET)
        except KeyError as first:
            raise ValueError(SECRET) from first
    except ValueError:
        line = written("something failed", error=True)
    assert [told["type"] for told in line["error"]] == ["ValueError", "KeyError"]


def test_a_demo_is_read_on_a_terminal_and_production_by_programs(tmp_path: Path) -> None:
    def settings(mode: Any, log_format: Any) -> Settings:
        return Settings(home=tmp_path, mode=mode, secret_key="", log_format=log_format)

    assert not settings("demo", "auto").json_lines
    assert settings("production", "auto").json_lines
    assert settings("demo", "json").json_lines
    assert not settings("production", "text").json_lines
