"""A home folder in which everybody has an account, made once."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.accounts import passwords
from app.accounts.people import create_person
from app.config import Settings
from app.database import Databases, upgrade
from tests.cast import PASSWORD
from tests.house import make_home
from tests.sequences.world import EVERYBODY


@pytest.fixture(scope="session")
def peopled_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home where nobody has written anything."""
    settings = Settings.for_tests(make_home(tmp_path_factory.mktemp("access") / "home"))
    upgrade(settings)
    databases = Databases(settings)
    known = passwords.hash_of(PASSWORD)
    with databases.kept() as session:
        for role in EVERYBODY:
            create_person(
                session, email=role.email, name=role.name, password_hash=known, admin=role.admin, roles=role.roles
            )
    databases.close()
    return settings.home


@pytest.fixture
def quiet() -> Iterator[None]:
    """Without the thousands of lines in the log that nobody would read."""
    logging.disable(logging.INFO)
    yield
    logging.disable(logging.NOTSET)
