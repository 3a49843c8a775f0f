"""What every app of a run would work out again: the code of its templates, how its addresses are written, and the SQL
of its questions.

A run of the tests makes thousands of apps from the same sources. Nothing of what an app knows is kept here, only what
follows from the text of a template, from a rule and from a statement; they are what the parts are remembered by.
"""

from __future__ import annotations

from collections.abc import Callable
from types import CodeType
from typing import Any, ClassVar

from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Connection, Engine, event
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule


class Templates(BytecodeCache):
    """The code of templates, by their text and by what decides how it is read."""

    def __init__(self) -> None:
        self.codes: dict[tuple[Any, ...], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self.codes.get(_key(bucket))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self.codes[_key(bucket)] = bucket.code


def _key(bucket: Bucket) -> tuple[Any, ...]:
    environment = bucket.environment
    return (
        bucket.key,
        bucket.checksum,
        environment.trim_blocks,
        environment.lstrip_blocks,
        *environment.filters,
        *environment.tests,
        *environment.extensions,
    )


class KnownRule(Rule):
    """A rule whose way to write an address is made once for every app that has the rule."""

    builders: ClassVar[dict[tuple[Any, ...], Callable[..., tuple[str, str]]]] = {}

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        key = (self.rule, tuple(self._trace), repr(self.defaults), append_unknown)
        if key not in self.builders:
            self.builders[key] = super()._compile_builder(append_unknown)
        return self.builders[key]


class KnownDialect(SQLiteDialect_pysqlite):
    """SQLite as it is everywhere: what was written for one database can be asked of another."""

    supports_statement_cache = True

    def __eq__(self, other: object) -> bool:
        return isinstance(other, KnownDialect)

    def __hash__(self) -> int:
        return hash(KnownDialect)


# SQLAlchemy keeps the SQL of a statement for one database by itself; here for all of them.
STATEMENTS: LRUCache[Any, Any] = LRUCache(2000)


def _share_statements(connection: Connection) -> None:
    connection.execution_options(compiled_cache=STATEMENTS)


def remember() -> None:
    """Let every app that is made from now on share what follows from its sources."""
    registry.register("sqlite", __name__, "KnownDialect")
    event.listen(Engine, "engine_connect", _share_statements)
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": Templates()}
    Flask.url_rule_class = KnownRule
