from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from app.config import Settings
from tests.accounts.oidc.issuers import Liar, issuer_at, liar
from tests.accounts.oidc.ways import End, forget_everybody_new
from tests.house import make_home


@pytest.fixture(scope="module")
def lying() -> Iterator[Liar]:
    with liar() as issuer:
        yield issuer


@pytest.fixture(scope="module")
def gate(lying: Liar, peopled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A site that takes the word of an issuer that may lie, and of another one."""
    settings = Settings.for_tests(make_home(tmp_path_factory.mktemp("gate") / "home"))
    shutil.copy(peopled, settings.kept_file)
    other = issuer_at(f"{lying.address}/other", key="annan", name="En annan")
    app = create_app(replace(settings, issuers=(issuer_at(lying.address, userinfo=False), other)))
    app.extensions["archive"].reconcile()
    yield app
    app.extensions["databases"].close()


@pytest.fixture
def end(gate: Flask, lying: Liar) -> Iterator[End]:
    """Both ends of the way: the site and the issuer, which has forgotten what it said before."""
    lying.begin()
    end = End(gate, lying)
    end.forget_what_is_remembered()
    yield end
    forget_everybody_new(gate)
