"""Both engines keep the contract: the index, and the exact one that it is compared with."""

from __future__ import annotations

import pytest

from app.index import Engine
from app.library.organisations import load_organisations
from tests.index.conftest import Desk
from tests.index.contract import Contract
from tests.index.exact import ExactEngine


class TestTheIndex(Contract):
    @pytest.fixture
    def engine(self, desk: Desk) -> Engine:
        return desk.index


class TestTheExactEngine(Contract):
    @pytest.fixture
    def engine(self, bare: Desk) -> Engine:
        return exact_engine(bare)

    @pytest.fixture
    def desk(self, bare: Desk) -> Desk:
        return bare


def exact_engine(desk: Desk) -> ExactEngine:
    return ExactEngine(load_organisations(desk.settings.home), desk.index.facets)
