"""A house full of hostile texts, made once for the tests that only look at it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from app.config import Settings
from tests.cast import ADMIN, EDITOR, Browser, browser
from tests.hostile_texts.written import Written, write_everywhere, write_organisations
from tests.house import make_home


@dataclass
class Filled:
    """The house, what was written in it, and people who look at it."""

    app: Flask
    written: Written
    organisations: list[str]
    editor: Browser
    admin: Browser
    anyone: Browser


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, peopled: Path) -> Iterator[Filled]:
    settings = Settings.for_tests(make_home(tmp_path_factory.mktemp("hostile")))
    shutil.copy(peopled, settings.kept_file)
    organisations = write_organisations(settings.home)
    app = create_app(settings)
    written = write_everywhere(app)
    yield Filled(app, written, organisations, browser(app, EDITOR), browser(app, ADMIN), browser(app))
    app.extensions["databases"].close()
