"""Counting for Prometheus: what several processes count is one sum, also when some of them are gone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.config import CHECKOUT
from app.watching import counts
from app.watching.counts import FOLDER_VARIABLE

COUNTING = """
from app.watching import counts
from app.watching.counts import Outcome
counts.begin()
counts.searched(0)
counts.searched(3)
counts.saving(Outcome.CONFLICT)
counts.answered("/sok", "GET", 200, 0.02)
counts.answered("/sok", "GET", 503, 4.0)
"""


def count_in_a_process(folder: Path) -> int:
    """Let a process count, and end; returns its number."""
    process = subprocess.Popen(
        [sys.executable, "-c", COUNTING], cwd=CHECKOUT, env={**os.environ, FOLDER_VARIABLE: str(folder)}
    )
    assert process.wait(60) == 0
    return process.pid


def told(folder: Path) -> dict[str, float]:
    """Every number, by its name and labels."""
    return {
        " ".join([sample.name, *(f"{name}={value}" for name, value in sorted(sample.labels.items()))]): sample.value
        for metric in counts.gather(folder)
        for sample in metric.samples
    }


def test_the_counts_of_all_processes_are_added_and_those_of_the_dead_do_not_pile_up(tmp_path: Path) -> None:
    folder = tmp_path / "counts"
    with counts.kept_in(folder):
        for turn in range(1, 4):
            process = count_in_a_process(folder)
            living = told(folder)
            counts.add_up(folder, process)
            assert told(folder) == living
            assert living["larnat_searches_total"] == 2 * turn
            assert living["larnat_searches_without_hits_total"] == turn
            assert living["larnat_saves_total outcome=conflict"] == turn
            assert living["larnat_saves_total outcome=saved"] == 0
            assert living["larnat_requests_total method=GET route=/sok status=5xx"] == turn
            assert living["larnat_request_seconds_bucket le=0.025 route=/sok"] == turn
            assert living["larnat_request_seconds_count route=/sok"] == 2 * turn
            assert sorted(file.name for file in folder.glob("*.db")) == ["counter_gone.db", "histogram_gone.db"]
    assert not folder.exists()


def test_only_its_owner_can_read_the_folder_and_what_was_there_is_gone(tmp_path: Path) -> None:
    folder = tmp_path / "counts"
    folder.mkdir()
    (folder / "counter_1.db").write_bytes(b"of an earlier run")
    with counts.kept_in(folder):
        assert folder.stat().st_mode & 0o777 == 0o700
        assert list(folder.iterdir()) == []


def test_a_link_that_somebody_else_has_put_there_is_not_followed(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "precious").write_text("kept")
    (tmp_path / "counts").symlink_to(elsewhere)
    with pytest.raises(FileExistsError), counts.kept_in(tmp_path / "counts"):
        pass
    assert (elsewhere / "precious").read_text() == "kept"


def test_where_nobody_asks_nothing_is_counted_and_prometheus_is_not_loaded() -> None:
    code = (
        "import sys; from app.watching import counts; counts.searched(0); counts.answered('/', 'GET', 200, 0.1);"
        " assert 'prometheus_client' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], cwd=CHECKOUT, check=True)
