"""A full disk: the old file stays whole, the person is told, and nothing is finished later."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.config import Settings
from tests.house import make_home
from tests.publishing.desk import Desk
from tests.saving_under_fire.test_killed import run


def test_no_file_may_grow_and_what_is_told_is_true(desk: Desk) -> None:
    desk.databases.close()

    refused, saved = map(int, run("on_a_full_disk", str(desk.home), "limit").split())

    assert refused >= 3
    assert saved >= 4


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of two megabytes."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = shutil.which("mount")
    if mount is None:
        pytest.skip("a small disk cannot be mounted: there is no mount command")
    made = subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip("a small disk cannot be mounted: mounting is not allowed here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_the_disk_is_full_and_what_is_told_is_true(small_disk: Path, empty_kept_file: Path) -> None:
    settings = Settings.for_tests(make_home(small_disk / "home"))
    shutil.copy(empty_kept_file, settings.kept_file)

    refused, saved = map(int, run("on_a_full_disk", str(settings.home), "fill").split())

    assert refused >= 3
    assert saved >= 4
