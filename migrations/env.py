"""Runs the migrations of the kept database. Which file it is comes from the caller (app.database.upgrade)."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from sqlmodel.sql.sqltypes import AutoString

import app.accounts.tables
import app.accounts.tries
import app.audit.tables
import app.contacts.tables
import app.feedback.reports
import app.history.tables
import app.keeping.tables
import app.looked_for.tables
import app.mail.outbox  # noqa: F401
from app.database import Instant, Kept, engine_for_migrations


def in_plain_words(sort: str, thing: Any, _context: Any) -> str | Literal[False]:
    """Types of our own are written as what they are in SQLite, so that an old migration never depends on new code."""
    if sort == "type" and isinstance(thing, Instant):
        return "sa.DateTime()"
    if sort == "type" and isinstance(thing, AutoString):
        return "sa.String()"
    return False


# One transaction round everything, begun before the present version is read: of two processes that migrate at once the
# second waits and finds it done, and one that is killed leaves nothing half made.
engine = engine_for_migrations(context.config)
try:
    with engine.begin() as connection:
        context.configure(
            connection=connection,
            target_metadata=Kept.metadata,
            render_as_batch=True,
            render_item=in_plain_words,
            transactional_ddl=True,
        )
        with context.begin_transaction():
            context.run_migrations()
finally:
    engine.dispose()
