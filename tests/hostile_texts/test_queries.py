"""No query is answered with an error of ours, on the page or in JSON.

Some by default; LARNAT_HOSTILE_QUERIES=10000 asks as many. ``benchmarks.hostile_queries`` measures what they cost.
"""

from __future__ import annotations

import os

from flask import Flask

from benchmarks.hostile_queries import Asked, queries
from tests.house import House

QUERIES = int(os.environ.get("LARNAT_HOSTILE_QUERIES", "150"))


def test_no_query_makes_an_error(house: House, app: Flask) -> None:
    for number in range(3):
        house.write("practices", f"sida-{number}", "Om det och försörjningsstöd, barn och en kommun.", areas=["aldre"])
    house.look()
    asked = Asked(app)
    asked.ask_all(queries(QUERIES))
    assert asked.wrong == []
    assert len(asked.costs) >= QUERIES * 0.9
