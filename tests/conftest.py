"""A house in a temporary folder, with real files, real SQLite, a real index, and the cast."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from time import sleep
from zoneinfo import ZoneInfo

import hypothesis
import pytest
from argon2 import PasswordHasher
from flask import Flask

from app import create_app
from app.accounts import passwords
from app.accounts.people import create_person
from app.config import Settings
from app.database import Databases, upgrade
from tests.cast import ADMIN, CAST, COLLEAGUE, COORDINATOR, EDITOR, OUTSIDER, PASSWORD, READER, Browser, browser
from tests.house import House, make_home
from tests.remembering import remember

SWEDEN = ZoneInfo("Europe/Stockholm")

# Hypothesis measures time by the clock, which says nothing on a machine that others use too. Its examples are the same
# in every run, so that a change fails for what is in it; `pytest --hypothesis-profile=search` looks among new ones.
_UNHURRIED = hypothesis.settings(deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.register_profile("search", _UNHURRIED)
hypothesis.settings.register_profile("larnat", _UNHURRIED, derandomize=True)
hypothesis.settings.load_profile("larnat")

# Real argon2id, at a cost that hundreds of sign-ins can bear.
passwords.HASHER = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)

remember()


# A test takes less than this, but for those that ask nobody what day it is.
A_WHILE = timedelta(seconds=20)


def pytest_collection_finish() -> None:
    """Let Python look for what nobody holds seldomer, and never among what was there before the first test.

    By itself it goes through every module that is loaded for each app or two that a test leaves behind.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 5, 5)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """Begin no test just before midnight, here or in UTC: its "today" would be of two days."""
    for zone in (UTC, SWEDEN):
        moment = datetime.now(zone)
        left = datetime.combine(moment.date() + timedelta(days=1), time(), zone) - moment
        if left < A_WHILE:
            sleep(left.total_seconds() + 0.1)


@pytest.fixture(scope="session")
def peopled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A kept database with the cast in it, made once and copied into every house."""
    settings = Settings.for_tests(make_home(tmp_path_factory.mktemp("peopled")))
    upgrade(settings)
    databases = Databases(settings)
    with databases.kept() as session:
        known = passwords.hash_of(PASSWORD)
        for role in CAST:
            create_person(
                session, email=role.email, name=role.name, password_hash=known, admin=role.admin, roles=role.roles
            )
    databases.close()
    return settings.kept_file


@pytest.fixture(scope="session")
def derived(peopled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder with what is derived from no document at all, made once and copied into the house of every app."""
    settings = Settings.for_tests(make_home(tmp_path_factory.mktemp("derived")))
    shutil.copy(peopled, settings.kept_file)
    app = create_app(settings)
    app.extensions["archive"].reconcile()
    app.extensions["databases"].close()
    settings.kept_file.unlink()
    return settings.home


@pytest.fixture
def settings(tmp_path: Path, peopled: Path) -> Settings:
    """The settings of a house where the cast has accounts and no document has been written."""
    settings = Settings.for_tests(make_home(tmp_path / "home"))
    shutil.copy(peopled, settings.kept_file)
    return settings


@pytest.fixture
def app(settings: Settings, derived: Path) -> Iterator[Flask]:
    shutil.copytree(derived, settings.home, dirs_exist_ok=True)
    app = create_app(settings)
    app.extensions["archive"].reconcile()
    yield app
    app.extensions["databases"].close()


@pytest.fixture
def house(app: Flask, settings: Settings) -> House:
    return House(app, settings.home)


@pytest.fixture
def anyone(app: Flask) -> Browser:
    """Somebody who is not signed in."""
    return browser(app)


@pytest.fixture
def editor(app: Flask) -> Browser:
    """A member in Södertälje."""
    return browser(app, EDITOR)


@pytest.fixture
def colleague(app: Flask) -> Browser:
    """Another member in Södertälje."""
    return browser(app, COLLEAGUE)


@pytest.fixture
def reader(app: Flask) -> Browser:
    """A member in Solna, which is in KNUT where a test says so."""
    return browser(app, READER)


@pytest.fixture
def coordinator(app: Flask) -> Browser:
    """KNUT's coordinator, in Sundbyberg."""
    return browser(app, COORDINATOR)


@pytest.fixture
def outsider(app: Flask) -> Browser:
    """A member in Håbo, which is in no network."""
    return browser(app, OUTSIDER)


@pytest.fixture
def admin(app: Flask) -> Browser:
    return browser(app, ADMIN)
