"""A house with a page of every kind in every state, and everybody in it, made once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.access.everybody import READY, Everybody, opened, prepare


@pytest.fixture(scope="session")
def everybody(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Everybody]:
    """Everybody who could come to a house; what they ask for changes nothing in it."""
    if READY:
        yield READY[0]
        return
    home = tmp_path_factory.mktemp("everybody") / "home"
    prepare(home)
    found = opened(home)
    yield found
    found.app.extensions["databases"].close()
