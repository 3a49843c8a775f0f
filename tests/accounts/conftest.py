from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlmodel import Session

from app.config import Settings
from app.database import Databases


@pytest.fixture
def databases(settings: Settings) -> Iterator[Databases]:
    databases = Databases(settings)
    yield databases
    databases.close()


@pytest.fixture
def session(databases: Databases) -> Iterator[Session]:
    """A session on the kept database, with the cast in it, that may write."""
    with databases.kept() as session:
        yield session
