"""What every app of a run would work out again: the code of its templates, and how its addresses are written.

A run of the tests makes thousands of apps from the same sources. Nothing of what an app knows is kept here, only what
follows from the text of a template and from a rule; both are what the parts are remembered by.
"""

from __future__ import annotations

from collections.abc import Callable
from types import CodeType
from typing import Any, ClassVar

from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
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


def remember() -> None:
    """Let every app that is made from now on share what follows from its sources."""
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": Templates()}
    Flask.url_rule_class = KnownRule
