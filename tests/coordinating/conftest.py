"""A house with a network that is coordinated by KNUT's coordinator, a few pages, and words for the search."""

from __future__ import annotations

import pytest

from app.accounts import belonging, people
from tests.cast import COORDINATOR
from tests.house import House

WORDS = """\
# Våra ord.
synonyms:
  - [AME, arbetsmarknadsenhet]
  - [klient, brukare]
query_words: [hur, vad]
"""


@pytest.fixture
def library(house: House) -> House:
    """Södertälje and Sundbyberg are in KNUT, which Sundbyberg owns and Kaj coordinates. Solna is in none."""
    (house.home / "content/vocabulary.yaml").write_text(WORDS, encoding="utf-8")
    members = [{"organisation": "sodertalje"}, {"organisation": "sundbyberg"}]
    house.write("networks", "knut", title="KNUT", owner="sundbyberg", members=members)
    house.write("networks", "annat", title="Annat nätverk", owner="solna", members=[{"organisation": "solna"}])
    house.write("practices", "hembesok", "Vi gör hembesök hos alla.\n", title="Besök i hemmet")
    house.write("practices", "center", "Ett arbetsmarknadscenter i huset.\n", title="Samlat stöd")
    house.write("practices", "dolt", "Ordet kvastskaft i en hemlighet.\n", title="Dolt", publication="draft")
    house.look()
    appoint(house, COORDINATOR.email, "knut")
    return house


def appoint(house: House, email: str, network: str) -> None:
    """Let somebody coordinate a network."""
    app = house.app
    network_id = app.extensions["library"].get("networks", network).id
    with app.app_context(), app.extensions["databases"].kept() as session:
        person = people.find(session, email)
        assert person is not None
        belonging.set_coordinator(session, person, network_id, True)
