"""Whether the search for traces finds what somebody wrote, and only that."""

from __future__ import annotations

import sqlite3
import zlib
from contextlib import closing
from pathlib import Path

import pytest

from tests.traces import traces

WORD = "880320"


@pytest.mark.parametrize(
    "content",
    [
        b"Klienten 880320-1238 ringde",
        b"198803201238",
        b"880320%201238",
        b"a880320b",
        "Klienten 880320".encode("utf-16-le"),
        zlib.compress(b"Klienten 880320"),
        b"\0\xff880320",
    ],
)
def test_what_was_written_is_found(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "file").write_bytes(content)
    assert traces(tmp_path, [WORD]) == [str(tmp_path / "file")]


def test_what_was_written_is_found_in_a_row(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "kept.db")) as database, database:
        database.execute("CREATE TABLE search (words)")
        database.execute("INSERT INTO search VALUES (?)", [zlib.compress(b"Klienten 880320")])
    assert traces(tmp_path, [WORD]) == [f"{tmp_path / 'kept.db'}: search"]


@pytest.mark.parametrize(
    "content",
    [
        b"2026-11-22 10:37:34.880320",
        b"00a9f4880320bc17d2e3",
        b"person 3f2a8803-20c1-4b5e-9d7a-880320a1b2c3",
        b"1763840123.4880320",
        b"1763880320123456789",
    ],
)
def test_digits_of_a_clock_or_a_digest_are_nobodys(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "file").write_bytes(content)
    assert traces(tmp_path, [WORD]) == []
