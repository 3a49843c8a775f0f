from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.config import Settings
from app.database import Databases


@pytest.fixture
def databases(settings: Settings) -> Iterator[Databases]:
    databases = Databases(settings)
    yield databases
    databases.close()
