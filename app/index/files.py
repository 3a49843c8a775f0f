"""What the rows know of the files themselves: their state when they were read, and what has to be mended in them."""

from __future__ import annotations

import json
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, func, select

from app.index import tables as t
from app.library.document import Problem


class Known(NamedTuple):
    """A file as the rows know it."""

    mtime_ns: int
    size: int
    version: str


def known(connection: Connection) -> dict[str, Known]:
    """Every file that the rows know, also those that could not be read."""
    found: dict[str, Known] = {}
    for table in (t.document, t.broken):
        columns = (table.c[name] for name in ("path", "mtime_ns", "size", "version"))
        found |= {row[0]: Known(*row[1:]) for row in connection.execute(select(*columns))}
    return found


_BROKEN = (
    select(*(t.problem.c[name] for name in ("path", "message", "line", "field")))
    .join(t.broken, t.broken.c.path == t.problem.c.path)
    .where(t.broken.c.path == bindparam("path"), t.broken.c.version == bindparam("version"))
    .order_by(t.problem.c.number)
)


def broken(connection: Connection, path: str, version: str) -> list[Problem]:
    """What is wrong with one version of a file."""
    rows = connection.execute(_BROKEN, {"path": path, "version": version})
    return [Problem(path, message, line, tuple(json.loads(field))) for path, message, line, field in rows]


def problems(connection: Connection) -> list[Problem]:
    """What has to be mended, by path."""
    columns = (t.problem.c[name] for name in ("path", "message", "line", "field"))
    rows = connection.execute(select(*columns).order_by(t.problem.c.path, t.problem.c.number))
    found = [Problem(path, message, line, tuple(json.loads(field))) for path, message, line, field in rows]
    return found + _same_ids(connection)


def _same_ids(connection: Connection) -> list[Problem]:
    """Files that carry the id of another file: a copy whose id was not changed."""
    twice = select(t.document.c.id).group_by(t.document.c.id).having(func.count() > 1)
    rows = connection.execute(
        select(t.document.c.id, t.document.c.path).where(t.document.c.id.in_(twice)).order_by(t.document.c.number)
    )
    first: dict[str, str] = {}
    found = []
    for document_id, path in rows:
        if document_id in first:
            found.append(
                Problem(path, f"har samma id som {first[document_id]}. Ta bort raden id, så får sidan ett eget")
            )
        first.setdefault(document_id, path)
    return found
