from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.kinds.networks import Network, part_of
from app.library.fields import Quantity
from tests.cast import Browser
from tests.house import House
from tests.seeing import see

PAGE = "/natverk/plan"


def write(house: House, **more: Any) -> None:
    house.write("practices", "missbruk", title="Utredningar i missbruksvården")
    house.write(
        "networks",
        "plan",
        **{
            "title": "FoU-planen",
            "full_name": "Stadens forsknings- och utvecklingsplan",
            "sort": "research_plan",
            "members": [{"organisation": "lysekil", "note": "Den enda som namnges."}],
            "member_count": 27,
            "ends": "2021",
            "funding": [{"amount": "högst 85 000", "per": "year", "years": "tre", "total": "högst 255 000"}],
            "grant_frame": "cirka 2,5 miljoner",
            "grants": [
                {"what": "Missbruk", "amount": "1 150 000", "recipients": ["solna"], "practice": "missbruk"},
                {"what": "Föräldrar", "amount": "380 000"},
                {"what": "Resa", "amount": "framgår inte"},
            ],
            "priorities": [{"year": "2013", "area": "hemloshet", "what": "Hemlöshet bland EU-medborgare."}],
            "publications": [{"title": "Planen", "url": "https://example.org/plan.pdf"}],
            **more,
        },
    )
    house.look()


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    [
        ("1 530 000", "cirka 2,5 miljoner", "1,53 av cirka 2,5 miljoner"),
        ("cirka 1 miljon", "9,1 miljoner", "cirka 1 av 9,1 miljoner"),
        ("40 000", "90 000", "40\u00a0000 av 90\u00a0000"),
        ("1 234 567", "2 miljoner", "1\u00a0234\u00a0567 av 2 miljoner"),
    ],
)
def test_two_sums_are_said_in_the_same_unit(part: str, whole: str, words: str) -> None:
    first, second = Quantity.parse(part), Quantity.parse(whole)
    assert isinstance(first, Quantity)
    assert isinstance(second, Quantity)
    assert part_of(first, second) == words


def test_a_network_adds_up_what_is_stated_and_says_what_is_not(house: House, anyone: Browser) -> None:
    write(house)
    page = see(anyone.get(PAGE))
    assert "1,53 av cirka 2,5 miljoner kronor specificerat" in page.words
    assert "För 1 av 3 framgår inte summan." in page.words
    assert page.leads_to("/arbetssatt/missbruk")
    assert page.leads_to("/organisationer/solna")


def test_a_network_without_any_stated_grant_has_no_sum() -> None:
    found = Network.model_validate(
        {
            "id": "00000000-0000-0000-0000-000000000000",
            "title": "N",
            "owner": "skl",
            "grants": [{"what": "Resa"}, {"what": "Bok", "amount": "framgår inte"}],
        }
    )
    assert found.grants_stated == ""
    assert found.grants_not_stated == 2


def test_a_network_shows_its_members_money_and_time(house: House, anyone: Browser) -> None:
    write(house)
    page = see(anyone.get(PAGE))
    assert "27 kommuner varav 1 namngiven" in page.words
    assert "Högst 85 000 kronor per år I 3 år, sammanlagt högst 255 000 kronor" in page.words
    assert "Startdatum framgår inte Till 2021" in page.words
    assert "Hemlöshet 2013 Hemlöshet bland EU-medborgare." in page.words
    assert page.links["Planen"] == "https://example.org/plan.pdf"


def test_a_member_leads_to_its_page_and_back(house: House, anyone: Browser) -> None:
    write(house)
    assert see(anyone.get(PAGE)).links["Lysekil"] == "/organisationer/lysekil"
    member = see(anyone.get("/organisationer/lysekil"))
    assert "Nätverk FoU-planen" in member.words
    assert member.leads_to(PAGE)


def test_what_belongs_to_the_network_is_listed_on_its_page(house: House, anyone: Browser) -> None:
    write(house)
    house.write("practices", "larande", title="Lärande organisation", networks=["plan"])
    house.look()
    assert see(anyone.get(PAGE)).leads_to("/arbetssatt/larande")
    assert see(anyone.get("/arbetssatt/larande")).leads_to(PAGE)


# ---- What goes on ----


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests' day: whatever the clock says, it is 22 November 2026 on the page."""
    for place in ("app.kinds.networks.today", "app.web.text.today"):
        monkeypatch.setattr(place, lambda: date(2026, 11, 22))


def own(**more: Any) -> dict[str, Any]:
    return {"networks": ["plan"], **more}


def test_what_is_ahead_stands_in_its_order_with_what_is_to_be_done(today: None, house: House, anyone: Browser) -> None:
    write(house, priorities=[{"year": "2027", "area": "hemloshet", "what": "Bostad först."}], ends="2028-06")
    decided = [{"what": "Boka tolk", "by": "2026-12-18"}, {"what": "Klart", "by": "2026-12-01", "done": True}]
    house.write("meetings", "forra", **own(title="Förra träffen", status="held", date="2026-11-12", decisions=decided))
    house.write("meetings", "nasta", **own(title="Nästa träff", status="planned", date="2027-01-21", time="10.00"))
    house.write("meetings", "installd", **own(title="Inställd träff", status="cancelled", date="2027-02-01"))
    sessions = [{"date": "2026-11-01"}, {"date": "2027-03-09"}]
    house.write("studyvisits", "besok", **own(title="Besöket", status="open", place="Nygatan", sessions=sessions))
    house.look()
    page = see(anyone.get(PAGE))
    ahead = page.words.partition("Det här kommer")[2].partition("Fakta")[0]
    told = [
        "Senast 18 december 2026 Boka tolk Förra träffen",
        "2027 Prioriterat: hemlöshet. Bostad först.",
        "21 januari 2027 Nästa träff Nätverksträff 10.00",
        "9 mars 2027 Besöket Studiebesök Nygatan",
        "juni 2028 Nätverket avslutas",
    ]
    places = [ahead.find(words) for words in told]
    assert -1 not in places, ahead
    assert places == sorted(places)
    assert "november 2026" not in ahead
    assert "Inställd träff" not in ahead
    assert page.links["Boka tolk"] == "/natverkstraffar/forra"


def test_what_is_far_ahead_is_folded(today: None, house: House, anyone: Browser) -> None:
    write(house)
    for number in range(1, 9):
        house.write("meetings", f"traff-{number}", **own(status="planned", date=f"2027-0{number}-01"))
    house.look()
    page = see(anyone.get(PAGE))
    assert "Visa 4 till" in page.words or "Visa 3 till" in page.words
    assert page.leads_to("/natverkstraffar/traff-8")


def test_the_works_that_go_on_show_their_cycle_their_status_and_when_they_last_moved(
    today: None, house: House, anyone: Browser
) -> None:
    write(house)
    since = [{"date": "2026-08-03", "status": "testing"}]
    more = own(title="Snabbare möte", status="testing", progress="2.5", status_history=since)
    house.write("projects", "mote", **more)
    house.write("projects", "klart", **own(title="Det som är klart", status="completed"))
    house.write("cycles", "mote/01-forsta", title="Första", status="decided")
    house.write("cycles", "mote/02-andra", title="Andra", status="studying", started="2026-10-05", ended="2026-11-21")
    house.look()
    answer = anyone.get(PAGE)
    page = see(answer)
    going_on = page.words.partition("Pågår")[2].partition("Fakta")[0]
    assert "Snabbare möte Cykel 2: Andra Södertälje kommun ▶ Provar Framsteg 2,5 Senast i går" in going_on
    assert "Det som är klart" not in going_on
    assert page.links["Alla 2 utvecklingsarbeten"] == "/utvecklingsarbeten?natverk=plan"
    assert 'aria-label="Planera och Genomföra är klara, Studera pågår"' in answer.text


def test_a_network_shows_what_it_has_learnt_and_its_former_meetings_once(
    today: None, house: House, anyone: Browser
) -> None:
    write(house)
    house.write("meetings", "snar", **own(title="Snar träff", status="planned", date="2027-01-21"))
    house.write("meetings", "forra", **own(title="Förra träffen", status="held", date="2026-11-12"))
    house.write("learnings", "kvall", **own(title="Inte på kvällen", worked="did_not_work"))
    house.look()
    page = see(anyone.get(PAGE))
    assert "Det här har nätverket lärt sig Inte på kvällen ✕ Fungerade inte" in page.words
    assert "Nätverksträffar Förra träffen ✓ Genomförd" in page.words
    assert page.words.count("Snar träff") == page.words.count("Inte på kvällen") == 1


def test_a_network_of_many_pages_leads_to_all_of_them(house: House, anyone: Browser) -> None:
    write(house)
    for number in range(1, 8):
        house.write("meetings", f"traff-{number}", **own(status="held", date=f"2026-0{number}-01"))
        house.write("learnings", f"lardom-{number}", **own(date=f"2026-0{number}-01"))
        house.write("practices", f"satt-{number}", **own())
    house.look()
    page = see(anyone.get(PAGE))
    assert page.links["Alla 7 nätverksträffar"] == page.links["Nätverksträffar 7"] == "/natverkstraffar?natverk=plan"
    assert page.links["Alla 7 lärdomar"] == page.links["Lärdomar 7"] == "/lardomar?natverk=plan"
    assert page.links["Alla 7 arbetssätt"] == page.links["Arbetssätt 7"] == "/arbetssatt?natverk=plan"
    assert not page.leads_to("/natverkstraffar/traff-1")
    assert page.leads_to("/natverkstraffar/traff-7")
    assert see(anyone.get("/lardomar?natverk=plan")).leads_to("/lardomar/lardom-1")


def test_those_who_take_part_are_asked_to_write(
    house: House, editor: Browser, reader: Browser, outsider: Browser, anyone: Browser
) -> None:
    write(house, owner="sodertalje", members=[{"organisation": "solna"}])
    for browser in (editor, reader):
        page = see(browser.get(PAGE))
        assert "Inget är på gång här än" in page.words
        form = browser.get(page.links["Planera en träff"], follow_redirects=True)
        assert '<input type="checkbox" id="f-networks" name="networks" value="plan" checked>' in form.text
        assert {"Starta ett utvecklingsarbete", "Skriv en lärdom"} <= page.links.keys()
    for browser in (outsider, anyone):
        page = see(browser.get(PAGE))
        assert "Planera en träff" not in page.links
        assert "Inget är på gång" not in page.words


def test_a_network_hides_what_the_reader_may_not_see_in_counts_too(
    today: None, house: House, anyone: Browser, editor: Browser, reader: Browser
) -> None:
    write(house, members=[{"organisation": "solna"}])
    secret: dict[str, dict[str, Any]] = {
        "meetings": {"status": "planned", "date": "2027-01-21"},
        "learnings": {"practices": []},
        "practices": {},
        "studyvisits": {"status": "open", "sessions": [{"date": "2027-01-21"}]},
        "projects": {"status": "testing"},
    }
    for kind, more in secret.items():
        house.write(kind, "utkast", **own(title=f"Hemligt utkast {kind}", publication="draft", **more))
        more = {**more, "practices": ["missbruk"]} if kind == "learnings" else more
        house.write(kind, "inre", **own(title=f"För nätverket {kind}", visibility="network", **more))
    house.look()
    hidden = see(anyone.get(PAGE)).words
    assert "Hemligt utkast" not in hidden
    assert "För nätverket" not in hidden
    assert not {"Arbetssätt 1", "Lärdomar 1"} & see(anyone.get(PAGE)).links.keys()
    member = see(reader.get(PAGE))
    assert "Hemligt utkast" not in member.words
    assert member.links["Arbetssätt 1"] == "/arbetssatt?natverk=plan"
    owner = see(editor.get(PAGE))
    for kind in ("meetings", "learnings", "practices", "studyvisits", "projects"):
        assert f"För nätverket {kind}" in member.words
        assert f"Hemligt utkast {kind}" in owner.words
    assert "Arbetssätt 2" in owner.links


def test_members_that_have_left_are_told_apart(today: None, house: House, anyone: Browser) -> None:
    members = [
        {"organisation": "lysekil", "since": "2024-05"},
        {"organisation": "solna", "since": "2024-05", "until": "2026-10-31"},
        {"organisation": "habo", "until": "2027"},
    ]
    write(house, members=members)
    page = see(anyone.get(PAGE))
    assert "Medlemmar Lysekil från maj 2024 Håbo till 2027 Har varit med Solna från maj 2024, till 31" in page.words


def test_a_network_that_was_moved_still_has_what_names_its_former_address(house: House, anyone: Browser) -> None:
    write(house, former_slugs=["gamla-planen"])
    house.write("practices", "larande", title="Lärande organisation", networks=["gamla-planen"])
    house.look()
    for number in range(6):
        house.write("practices", f"p-{number}", networks=["plan"])
    house.look()
    page = see(anyone.get(PAGE))
    assert see(anyone.get(page.links["Alla 7 arbetssätt"])).leads_to("/arbetssatt/larande")


def test_those_who_take_part_are_led_to_what_stands_still_in_the_network(
    house: House, editor: Browser, outsider: Browser
) -> None:
    write(house)
    assert see(editor.get(PAGE)).links["Läget i nätverket"] == "/laget?natverk=plan"
    assert "Läget i nätverket" not in see(outsider.get(PAGE)).links
