"""What a page with nothing on it says: an invitation to those who may write, a plain line to others."""

from __future__ import annotations

import re

import pytest

from tests.cast import Browser
from tests.house import House
from tests.seeing import see

EMPTY = "Inget mer är skrivet än."


@pytest.mark.parametrize(
    ("kind", "address", "count", "heading"),
    [
        ("projects", "/utvecklingsarbeten/tomt", 5, "Problemet"),
        ("studyvisits", "/studiebesok/tomt", 3, "Vad ni får se"),
        ("networks", "/natverk/tomt", 3, "Om nätverket"),
    ],
)
def test_an_empty_page_invites_those_who_may_write_it(
    kind: str, address: str, count: int, heading: str, house: House, editor: Browser, anyone: Browser
) -> None:
    house.write(kind, "tomt", body="")
    house.look()
    page = see(editor.get(address))
    assert f"{count} rubriker väntar på någon som vet" in page.words
    assert re.fullmatch(rf"{address}/andra\?steg=\d#f-\S+", page.links[heading])
    stranger = see(anyone.get(address))
    assert "väntar på någon som vet" not in stranger.words
    assert EMPTY in stranger.words


def test_a_page_with_text_invites_to_what_is_left_and_says_nothing_to_others(
    house: House, editor: Browser, anyone: Browser
) -> None:
    house.write("projects", "mote", body="## Problemet\n\nDet tar tid.\n")
    house.look()
    page = see(editor.get("/utvecklingsarbeten/mote"))
    assert "4 rubriker väntar på någon som vet" in page.words
    assert "Problemet" not in page.links
    assert EMPTY not in see(anyone.get("/utvecklingsarbeten/mote")).words


def test_a_cycle_invites_to_the_headings_of_the_phases_that_have_begun(
    house: House, editor: Browser, anyone: Browser
) -> None:
    house.write("projects", "mote")
    house.write("cycles", "mote/01-x", body="", status="doing")
    house.look()
    page = see(editor.get("/cykler/mote/01-x"))
    assert page.links["Oväntat"].startswith("/cykler/mote/01-x/andra?steg=2#f-")
    assert "Dataplan" in page.links
    assert "Vad vi såg" not in page.links
    assert "Väntar på någon som vet" not in see(anyone.get("/cykler/mote/01-x")).words


@pytest.mark.parametrize(
    ("kind", "path"), [("practices", "arbetssatt"), ("studyvisits", "studiebesok"), ("projects", "utvecklingsarbeten")]
)
def test_areas_and_target_groups_lead_to_the_lists_they_filter(
    kind: str, path: str, house: House, anyone: Browser
) -> None:
    house.write(kind, "a", areas=["hemloshet"], target_groups=["unga-vuxna"])
    house.look()
    page = see(anyone.get(f"/{path}/a"))
    assert page.links["Hemlöshet"] == f"/{path}?omrade=hemloshet"
    assert page.links["Unga vuxna"] == f"/{path}?malgrupp=unga-vuxna"
    assert "1 " in see(anyone.get(page.links["Hemlöshet"])).words


@pytest.mark.parametrize(
    ("starts", "status", "words"),
    [
        ("2020-05-18", "idea", "Började: 18 maj 2020"),
        ("2999-05", "testing", "Börjar: maj 2999"),
        ("18 maj", "testing", "Började: 18 maj"),
        ("18 maj", "planning", "Börjar: 18 maj"),
    ],
)
def test_a_project_began_or_begins_by_its_date(
    starts: str, status: str, words: str, house: House, anyone: Browser
) -> None:
    house.write("projects", "a", starts=starts, status=status)
    house.look()
    assert words in see(anyone.get("/utvecklingsarbeten/a")).words


@pytest.mark.parametrize(("status", "times"), [("confirmed", 0), ("held", 1)])
def test_what_guests_took_home_is_asked_for_after_the_visit_and_missed_once(
    status: str, times: int, house: House, anyone: Browser
) -> None:
    guests = [{"organisation": slug, "status": "confirmed"} for slug in ("gavle", "habo", "solna")]
    house.write("studyvisits", "a", status=status, sessions=[{"guests": guests}])
    house.look()
    page = see(anyone.get("/studiebesok/a"))
    assert ((2, "Vad gästerna tog med sig hem") in page.headings) == bool(times)
    assert page.words.partition("Vad gästerna tog med sig hem")[2].count("Inget skrivet än") == times
