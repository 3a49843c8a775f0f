"""A document in a list says how far it has come, whose it is and when it was last changed, whatever the list."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.web.text import day, today
from tests.cast import Browser
from tests.house import House
from tests.seeing import see

# A document of every kind that has something to say of how far it has come, and what the screen calls that.
SAID = {
    "practices": ({}, "Publicerad"),
    "studyvisits": ({"status": "held"}, "✓ Genomfört"),
    "projects": ({"status": "testing"}, "▶ Provar"),
    "cycles": ({"status": "paused"}, "‖ Pausad"),
    "learnings": ({"worked": "did_not_work"}, "✕ Fungerade inte"),
    "networks": ({}, "Publicerad"),
    "meetings": ({"status": "cancelled"}, "✕ Inställd"),
}


@pytest.mark.parametrize("kind", SAID)
def test_every_list_says_status_owner_and_last_change(house: House, anyone: Browser, kind: str) -> None:
    house.write("practices", "metod", title="Metod")
    house.look()
    front, status = SAID[kind]
    slug = "arbete/01-sida" if kind == "cycles" else "sida"
    house.write(kind, slug, "Se [[arbetssatt/metod]].\n", title="Sidan", owner="lysekil", **front)
    house.look()
    url = house.app.extensions["library"].kinds[kind].url
    line = f"{status} Lysekils kommun Ändrad {day(today())}"
    for address in (f"/{url}", "/sok?q=sidan", "/arbetssatt/metod"):
        words = see(anyone.get(address)).words
        assert line in words.partition("Sidan")[2], address


def test_a_page_that_was_here_from_the_start_says_no_day_and_a_draft_that_it_is_one(
    house: House, anyone: Browser, editor: Browser
) -> None:
    house.write("practices", "forst", title="Fanns här")
    house.look()
    house.write("practices", "utkast", title="Halvskriven", publication="draft")
    house.write("practices", "granskas", title="Läses nu", publication="in_review")
    house.write("practices", "gammal", title="Undanlagd", publication="archived")
    house.look()
    words = see(editor.get("/arbetssatt?arkiverade=ja")).words
    assert "Fanns här Publicerad Södertälje kommun" in words
    assert "Fanns här Publicerad Södertälje kommun Ändrad" not in words
    assert "Halvskriven Utkast Södertälje kommun Ändrad" in words
    assert "Läses nu Granskas Södertälje kommun Ändrad" in words
    assert "Undanlagd Arkiverad Södertälje kommun Ändrad" in words


def test_readers_are_told_in_lists_that_a_practice_has_not_been_looked_over(house: House, anyone: Browser) -> None:
    house.write("practices", "sen", title="Sen", review_by=today() - timedelta(1))
    house.write("practices", "i-tid", title="Tidig", review_by=today())
    house.write("cycles", "a/01-sen", title="Försenad", prediction={"by": "2019"})
    house.look()
    words = see(anyone.get("/arbetssatt")).words
    assert "Sen Publicerad Behöver ses över Södertälje kommun" in words
    assert "Tidig Publicerad Södertälje kommun" in words
    cycles = see(anyone.get("/cykler")).words
    assert "Försenad ○ Planeras Södertälje kommun" in cycles, "what concerns only those who do it is for their page"
