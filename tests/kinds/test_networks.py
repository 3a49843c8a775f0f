from __future__ import annotations

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
    assert (2, "Medlem i nätverket") in member.headings
    assert member.leads_to(PAGE)


def test_what_belongs_to_the_network_is_listed_on_its_page(house: House, anyone: Browser) -> None:
    write(house)
    house.write("practices", "larande", title="Lärande organisation", networks=["plan"])
    house.look()
    assert see(anyone.get(PAGE)).leads_to("/arbetssatt/larande")
    assert see(anyone.get("/arbetssatt/larande")).leads_to(PAGE)


def test_a_network_shows_when_it_meets_and_what_it_has_learnt_once(house: House, anyone: Browser) -> None:
    write(house)
    for slug, status, date in (
        ("sen", "planned", "2027-03-01"),
        ("snar", "planned", "2027-01-21"),
        ("forra", "held", "2026-11-12"),
        ("installd", "cancelled", "2026-10-01"),
    ):
        house.write("meetings", slug, title=f"Träffen {slug}", status=status, date=date, networks=["plan"])
    house.write("learnings", "kvall", title="Inte på kvällen", worked="did_not_work", networks=["plan"])
    house.look()
    page = see(anyone.get(PAGE))
    coming, _, before = page.words.partition("Tidigare")
    assert coming.index("Träffen snar") < coming.index("Träffen sen")
    assert before.index("Träffen forra ✓ Genomförd") < before.index("Träffen installd ✕ Inställd")
    assert "Det här har nätverket lärt sig Inte på kvällen ✕ Fungerade inte" in page.words
    assert page.words.count("Träffen snar") == page.words.count("Inte på kvällen") == 1
    assert "Planera en träff" not in page.links


def test_a_network_of_many_meetings_and_learnings_leads_to_all_of_them(
    house: House, editor: Browser, anyone: Browser
) -> None:
    write(house)
    for number in range(6):
        house.write("meetings", f"traff-{number}", status="held", date=f"2026-0{number + 1}-01", networks=["plan"])
        house.write("learnings", f"lardom-{number}", date=f"2026-0{number + 1}-01", networks=["plan"])
    house.look()
    page = see(anyone.get(PAGE))
    assert page.links["Alla 6 träffar"] == "/natverkstraffar?natverk=plan"
    assert page.links["Alla 6 lärdomar"] == "/lardomar?natverk=plan"
    assert not page.leads_to("/natverkstraffar/traff-0")
    assert page.leads_to("/natverkstraffar/traff-5")
    assert see(anyone.get("/lardomar?natverk=plan")).leads_to("/lardomar/lardom-0")
    form = editor.get(see(editor.get(PAGE)).links["Planera en träff"])
    assert '<input type="checkbox" id="f-networks" name="networks" value="plan" checked>' in form.text


def test_a_network_hides_what_the_reader_may_not_see(house: House, anyone: Browser, editor: Browser) -> None:
    write(house)
    house.write("meetings", "hemlig", title="Hemlig träff", networks=["plan"], publication="draft")
    house.write("learnings", "hemlig", title="Hemlig lärdom", networks=["plan"], publication="draft", practices=[])
    house.look()
    assert "Hemlig" not in see(anyone.get(PAGE)).words
    assert {"Hemlig träff", "Hemlig lärdom"} <= set(see(editor.get(PAGE)).links)
