from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlmodel import Session, col, select

from app.audit import AuditRow
from app.config import Settings
from app.database import Databases

Told = Callable[[], list[AuditRow]]


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


@pytest.fixture
def told(app: Flask) -> Told:
    """What has been told since the last time that was asked."""
    databases = app.extensions["databases"]
    seen = 0

    def since() -> list[AuditRow]:
        nonlocal seen
        app.extensions["audit"].flush()
        with databases.kept_for_reading() as session:
            rows = session.exec(select(AuditRow).where(col(AuditRow.number) > seen).order_by(col(AuditRow.number)))
            found = list(rows)
        seen = max([seen, *(row.number or 0 for row in found)])
        return found

    since()
    return since
