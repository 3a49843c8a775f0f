"""What is ahead is told from the rows as the file tells it, in order, and only to those whom it concerns."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from flask import Flask

from app.index import Pick
from app.index.cards import FROM_THE_START
from app.library.visibility import ANYONE
from app.publishing import current
from app.reading.told import coming, last_activity, told_by
from app.web.text import in_sweden
from tests.house import House

TODAY = date(2026, 11, 22)


def write(house: House) -> None:
    guests = [{"organisation": "solna"}, {"organisation": "habo", "status": "declined"}]
    house.write(
        "studyvisits",
        "besok",
        title="Besöket",
        status="open",
        place="Nygatan 23",
        sessions=[
            {"date": "2026-11-21", "guests": [{"organisation": "lysekil"}]},
            {"date": "2027-03", "time": "13.00", "guests": guests},
            {"date": "3 februari"},
        ],
    )
    house.write("studyvisits", "installt", status="cancelled", sessions=[{"date": "2027-01-01"}])
    house.write(
        "meetings",
        "traff",
        title="Träffen",
        owner="sundbyberg",
        status="planned",
        date="2027-01-21",
        invited=["solna"],
        decisions=[
            {"what": "Boka tolk", "role": "Teamledaren", "organisation": "habo", "by": "2026-12-18"},
            {"what": "Skriv ned", "by": "2026-12-19", "done": True},
        ],
    )
    house.write("projects", "mote", title="Mötet", status="testing", aim={"what": "X", "by": "2026-12-31"})
    house.look()


def told(app: Flask, concerning: list[str] | None = None) -> list[tuple[str, str, str, tuple[str, ...], bool]]:
    with app.app_context():
        cards = current.index.pick(ANYONE, Pick(limit=100)).cards
        found = coming(cards, TODAY, concerning)
    return [(one.card.slug, one.ahead.when.words, one.ahead.what, one.ahead.details, one.ahead.to_do) for one in found]


def test_what_is_ahead_comes_in_its_order_and_what_is_over_or_called_off_does_not(app: Flask, house: House) -> None:
    write(house)
    assert told(app) == [
        ("traff", "18 december 2026", "Boka tolk", ("Teamledaren",), True),
        ("mote", "31 december 2026", "Målet ska vara nått", (), True),
        ("traff", "21 januari 2027", "", (), False),
        ("besok", "mars 2027", "", ("13.00", "Nygatan 23"), False),
    ]


def test_what_is_ahead_for_an_organisation_is_what_it_has_a_part_in(app: Flask, house: House) -> None:
    write(house)
    assert [slug for slug, *_ in told(app, ["solna"])] == ["traff", "besok"]
    assert [what for _, _, what, *_ in told(app, ["habo"])] == ["Boka tolk"]
    assert told(app, ["lysekil"]) == []


def test_a_card_tells_what_its_file_tells(app: Flask, house: House) -> None:
    house.write("projects", "mote")
    house.write("cycles", "mote/01-x", status="studying", started="2026-10-05")
    house.look()
    with app.app_context():
        [card] = current.index.pick(ANYONE, Pick(("cycles",))).cards
        assert told_by(card).phases == ("done", "done", "now", "todo")
        assert told_by(card).next_step.button == "Fortsätt till Studera"
        assert told_by(card) is told_by(card), "read once for each version"


def test_the_last_activity_of_a_project_is_also_that_of_its_cycles_and_never_a_day_to_come(
    app: Flask, house: House
) -> None:
    since = [{"date": "2026-08-03", "status": "testing"}]
    house.write("projects", "mote", status="testing", status_history=since)
    house.write("cycles", "mote/01-x", status="decided", started="2026-09-01", decided="2026-10-05")
    house.write("cycles", "mote/02-y", status="planned", planned="2026-11-30")
    house.look()
    with app.app_context():
        cards = current.index.pick(ANYONE, Pick(order="slug")).cards
        assert [card.slug for card in cards] == ["mote", "mote/01-x", "mote/02-y"]
        assert last_activity(cards, TODAY) == date(2026, 10, 5)
        assert last_activity(cards[:1], TODAY) == date(2026, 8, 3)


def test_where_no_day_is_told_the_last_change_of_the_page_is_what_is_known(app: Flask, house: House) -> None:
    house.write("projects", "mote", status="testing")
    house.look()
    with app.app_context():
        [card] = current.index.pick(ANYONE, Pick()).cards
        assert last_activity([replace(card, changed_by="Eva")], TODAY) == in_sweden(card.changed_at).date()
        assert last_activity([replace(card, changed_by=FROM_THE_START)], TODAY) is None
