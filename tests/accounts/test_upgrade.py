"""A kept database from before is brought up to date: people, where they belong and their passwords are still there."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from flask import Flask

from app import create_app
from app.accounts import belonging, passwords, people
from app.config import Settings
from app.database import Databases, migration_config, upgrade
from tests.cast import PASSWORD, Role, browser
from tests.house import make_home

BEFORE = "0003"
ANNA = Role("anna@solna.test", "Anna", {"solna": "coordinator", "habo": "member"})


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A house as it was before people had sign-ins and memberships with a beginning and an end."""
    settings = Settings.for_tests(make_home(tmp_path))
    command.upgrade(migration_config(settings.kept_file), BEFORE)
    with closing(sqlite3.connect(settings.kept_file)) as kept:
        kept.execute(
            "INSERT INTO person VALUES (?, ?, ?, 'Socialsekreterare', ?, 1, 0, 0, 'stamp', '2026-01-02 03:04:05')",
            ("anna", ANNA.email, ANNA.name, passwords.hash_of(PASSWORD)),
        )
        for organisation, role in ANNA.roles.items():
            kept.execute("INSERT INTO membership VALUES ('anna', ?, ?)", (organisation, role))
        kept.execute("INSERT INTO working_copy VALUES ('anna', 'nyckel', NULL, '{}', '2026-01-02 03:04:05')")
        kept.commit()
    return settings


def test_people_and_their_roles_survive_an_upgrade(settings: Settings) -> None:
    upgrade(settings)
    databases = Databases(settings)
    with databases.kept_for_reading() as session:
        person = people.find(session, ANNA.email)
        assert person
        assert (person.id, person.name, person.title, person.active) == ("anna", "Anna", "Socialsekreterare", True)
        assert belonging.roles_of(session, person) == ANNA.roles
        # Nobody noted it then, so nobody claims to know it now.
        assert [one.since for one in belonging.memberships_of(session, person)] == [None, None]
    databases.close()


def test_who_had_a_password_signs_in_with_it_after_an_upgrade(settings: Settings) -> None:
    upgrade(settings)
    app: Flask = create_app(settings)
    app.extensions["archive"].reconcile()
    page = browser(app, ANNA).get("/mitt-konto").text
    assert "Solna stad, samordnare" in page
    assert "Håbo kommun, medlem" in page
    app.extensions["databases"].close()


def test_an_upgrade_can_be_taken_back_and_made_again(settings: Settings) -> None:
    upgrade(settings)
    command.downgrade(migration_config(settings.kept_file), BEFORE)
    with closing(sqlite3.connect(settings.kept_file)) as kept:
        assert dict(kept.execute("SELECT organisation, role FROM membership")) == ANNA.roles
    upgrade(settings)
    databases = Databases(settings)
    with databases.kept_for_reading() as session:
        person = people.find(session, ANNA.email)
        assert person
        assert belonging.roles_of(session, person) == ANNA.roles
    databases.close()
