"""Every address × everybody × every state of a page, compared with a table written by hand."""

from __future__ import annotations

import pytest

from tests.access.everybody import Everybody
from tests.access.table import STATES, tables
from tests.access.trying import faults_in, routes_of

TABLES = tables()


@pytest.mark.parametrize("number", range(len(TABLES)), ids=[table.title for table in TABLES])
def test_everybody_gets_what_the_table_says(everybody: Everybody, number: int) -> None:
    faults = list(faults_in(everybody, TABLES[number]))
    assert not faults, "\n".join(faults)


def test_every_address_is_in_the_table(everybody: Everybody) -> None:
    listed = {route for table in TABLES for line in table.lines for route in routes_of(everybody, line)}
    there = {
        (rule.endpoint, method)
        for rule in everybody.app.url_map.iter_rules()
        for method in (rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"}
    }
    assert there - listed == set(), "an address without a line in tests/access/matrix.txt"


def test_every_table_about_a_page_has_every_state(everybody: Everybody) -> None:
    for table in TABLES:
        about = {line.is_about_a_page for line in table.lines}
        assert len(about) == 1, table.title
        expected = set(STATES) if about == {True} else {""}
        assert set(table.cells) <= expected, table.title
        assert (
            len(table.cells) == len(expected) or table.title == "The same for an organisation of which one is no member"
        )
