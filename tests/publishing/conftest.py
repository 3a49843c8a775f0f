"""A fresh desk for every test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.config import Settings
from app.database import upgrade
from tests.house import make_home
from tests.publishing.desk import Desk


@pytest.fixture(scope="session")
def empty_kept_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A kept database fresh from the migrations, made once."""
    settings = Settings.for_tests(make_home(tmp_path_factory.mktemp("empty")))
    upgrade(settings)
    return settings.kept_file


@pytest.fixture
def desk(tmp_path: Path, empty_kept_file: Path) -> Iterator[Desk]:
    settings = Settings.for_tests(make_home(tmp_path / "home"))
    shutil.copy(empty_kept_file, settings.kept_file)
    desk = Desk(settings)
    desk.archive.make_ready()
    yield desk
    desk.databases.close()
