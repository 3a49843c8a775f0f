"""The list of organisations, and the page of one: what it does, tells and takes part in, or how it begins."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.library.organisations import load_organisations
from tests.cast import Browser
from tests.house import House
from tests.seeing import see

PAGE = "/organisationer/solna"


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests' day: whatever the clock says, it is 22 November 2026 on the page."""
    monkeypatch.setattr("app.overview.organisations.today", lambda: date(2026, 11, 22))


# ---- The list ----


def test_the_list_has_those_that_something_tells_of_by_county_and_sort(
    house: House, anyone: Browser, editor: Browser
) -> None:
    house.write("practices", "a", owner="lysekil")
    house.write("practices", "b", owner="sodertalje", publication="draft")
    house.write("projects", "c", owner="lysekil", supported_by=["region-skane"])
    house.look()
    page = see(anyone.get("/organisationer"))
    assert page.links["Lysekil 2 sidor"] == "/organisationer/lysekil"
    assert page.links["Region Skåne 1 sida"] == "/organisationer/region-skane"
    assert (3, "Västra Götalands län") in page.headings
    assert (2, "Regioner") in page.headings
    assert "Södertälje" not in page.words
    assert "Södertälje 1 sida" in see(editor.get("/organisationer")).links


@pytest.mark.parametrize("typed", ["Solna", "solna stad", " SOLNA "])
def test_a_name_that_is_one_organisations_leads_there(typed: str, house: House, anyone: Browser) -> None:
    house.look()
    answer = anyone.get("/organisationer", query_string={"q": typed})
    assert (answer.status_code, answer.location) == (303, PAGE)


def test_a_name_that_may_be_several_lets_one_choose(house: House, anyone: Browser) -> None:
    house.look()
    page = see(anyone.get("/organisationer?q=söder"))
    assert "Menar du någon av de här?" in page.words
    assert {"Södertälje 0 sidor", "Söderhamn 0 sidor"} <= page.links.keys()


def test_a_name_that_nobody_has_is_said_kindly_and_kept_in_the_box(house: House, anyone: Browser) -> None:
    house.look()
    answer = anyone.get("/organisationer?q=%3Cxyzzy%3E")
    assert "Lärnät känner ingen ”<xyzzy>”." in see(answer).words
    assert 'value="&lt;xyzzy&gt;"' in answer.text


# ---- One organisation ----


def test_an_organisation_shows_what_it_is_and_what_it_tells(house: House, anyone: Browser) -> None:
    house.write("practices", "a", title="Alfa", owner="lysekil", contact="Enhetschefen på IFO")
    house.write("learnings", "b", title="Beta", owner="lysekil", worked="did_not_work", contact="Enhetschefen på IFO")
    house.write("networks", "knut", title="KNUT", members=[{"organisation": "lysekil", "since": "2024-05"}])
    house.look()
    page = see(anyone.get("/organisationer/lysekil"))
    assert page.headings[0] == (1, "Lysekils kommun")
    assert "Kommunkod 1484" in page.words
    assert "Län Västra Götalands län" in page.words
    assert "Arbetssätt Alfa" in page.words
    assert "Lärdomar Beta ✕ Fungerade inte" in page.words
    assert "Nätverk KNUT Medlem från maj 2024" in page.words
    assert page.leads_to("/natverk/knut")
    assert page.words.count("Enhetschefen på IFO") == 1, "each way to ask stands once"


def test_what_it_does_now_has_status_and_last_activity(house: House, anyone: Browser) -> None:
    since = [{"date": "2026-08-03", "status": "testing"}]
    more: dict[str, Any] = {"status": "testing", "progress": "2.5", "status_history": since}
    house.write("projects", "mote", title="Snabbare möte", owner="solna", **more)
    house.write("cycles", "mote/01-x", title="Boka direkt", owner="solna", status="doing", started="2026-10-05")
    house.look()
    told = see(anyone.get(PAGE)).words
    assert "Snabbare möte Cykel 1: Boka direkt Solna stad ▶ Provar Framsteg 2,5 Senast 5 oktober 2026" in told


def test_what_is_ahead_is_what_it_has_a_part_in(house: House, anyone: Browser) -> None:
    sessions = [{"date": "2027-03-09", "guests": [{"organisation": "solna", "status": "confirmed"}]}]
    house.write("studyvisits", "resa", title="Resan", status="open", sessions=sessions)
    house.write(
        "studyvisits", "hos-oss", title="Hos oss", host="solna", status="open", sessions=[{"date": "2027-04-01"}]
    )
    house.write("studyvisits", "andras", title="Andras", host="habo", status="open", sessions=[{"date": "2027-05-01"}])
    decided = [{"what": "Boka tolk", "organisation": "solna", "by": "2026-12-18"}]
    decided += [{"what": "Något annat", "organisation": "habo", "by": "2026-12-19"}]
    house.write("meetings", "traff", title="Träffen", status="held", date="2026-11-12", decisions=decided)
    house.write("meetings", "nasta", title="Nästa träff", status="planned", date="2027-01-21", invited=["solna"])
    house.look()
    page = see(anyone.get(PAGE))
    ahead = page.words.partition("Det här kommer")[2].partition("Fakta")[0]
    places = [ahead.find(words) for words in ("Boka tolk", "Nästa träff", "Resan", "Hos oss")]
    assert -1 not in places, ahead
    assert places == sorted(places)
    assert "Något annat" not in ahead
    assert "Andras" not in ahead
    assert "Tar emot Hos oss" in page.words
    assert "Besöker andra Resan ✓ Bekräftad" in page.words


def test_other_parts_that_it_plays_are_told_once(house: House, anyone: Browser) -> None:
    house.write("projects", "stod", title="Med stöd", supported_by=["solna"])
    house.write("practices", "egen", title="Egen", owner="solna")
    house.look()
    page = see(anyone.get(PAGE))
    assert "Har också en del i Stöttar utvecklingsarbetet Med stöd" in page.words
    assert page.words.count("Egen") == 1


def test_a_network_that_it_has_left_stands_last(house: House, anyone: Browser) -> None:
    house.write("networks", "a", title="Alfa", members=[{"organisation": "solna", "until": "2025-12-31"}])
    house.write("networks", "b", title="Beta", members=[{"organisation": "solna"}])
    house.look()
    told = see(anyone.get(PAGE)).words
    assert told.index("Beta Medlem") < told.index("Alfa Har varit med till 31 december 2025")


def test_many_pages_are_shown_in_part_and_all_of_them_are_a_click_away(house: House, anyone: Browser) -> None:
    for number in range(7):
        house.write("practices", f"p-{number}", owner="solna")
    house.look()
    page = see(anyone.get(PAGE))
    assert page.links["Alla 7 arbetssätt"] == page.links["Arbetssätt 7"] == "/arbetssatt?kommun=solna"
    assert sum(address.startswith("/arbetssatt/p-") for address in page.links.values()) == 5


def test_an_organisation_hides_what_the_reader_may_not_see_in_counts_too(
    house: House, anyone: Browser, reader: Browser
) -> None:
    secret: dict[str, dict[str, Any]] = {
        "practices": {"contact": "Hemlig roll"},
        "learnings": {"practices": []},
        "projects": {"status": "testing"},
        "meetings": {"status": "planned", "date": "2027-01-21", "invited": ["solna"]},
        "studyvisits": {"host": "solna", "status": "open", "sessions": [{"date": "2027-01-21"}]},
    }
    for kind, more in secret.items():
        house.write(kind, "hemlig", title=f"Hemlig {kind}", owner="solna", publication="draft", **more)
    house.write("projects", "stod", title="Hemligt stöd", owner="solna", supported_by=["habo"], publication="draft")
    house.look()
    for path in (PAGE, "/organisationer/habo"):
        hidden = see(anyone.get(path))
        assert "Hemlig" not in hidden.words
        assert "har inte berättat något än" in hidden.words
    member = see(reader.get(PAGE)).words
    for kind in ("practices", "learnings", "projects", "meetings", "studyvisits"):
        assert f"Hemlig {kind}" in member
    assert "Hemligt stöd" in see(reader.get("/organisationer/habo")).words


# ---- Where nothing is told ----


def test_an_organisation_of_which_nothing_is_told_says_so_and_who_is_near(house: House, anyone: Browser) -> None:
    house.write("practices", "a", owner="sodertalje")
    house.write("practices", "b", owner="lysekil")
    house.look()
    page = see(anyone.get(PAGE))
    assert "Solna har inte berättat något än" in page.words
    assert page.links["Logga in"] == "/logga-in?next=/organisationer/solna"
    assert page.links["Södertälje"] == "/organisationer/sodertalje"
    assert "Lysekil" not in page.links
    assert "Skriv ett arbetssätt" not in page.links


def test_its_members_read_how_to_begin(house: House, reader: Browser, outsider: Browser) -> None:
    house.look()
    page = see(reader.get(PAGE))
    assert "Ni har inte berättat något än" in page.words
    assert reader.get(page.links["Skriv ett arbetssätt"], follow_redirects=True).status_code == 200
    assert "Skriv ett arbetssätt" not in see(outsider.get(PAGE)).links


def test_members_of_one_that_only_others_tell_of_read_how_to_begin_as_well(
    house: House, reader: Browser, anyone: Browser
) -> None:
    house.write("networks", "knut", title="KNUT", members=[{"organisation": "solna"}])
    house.look()
    page = see(reader.get(PAGE))
    assert "Ni har inte skrivit något eget än" in page.words
    assert "Skriv ett arbetssätt" in page.links
    assert "Solna har inte skrivit något eget än" in see(anyone.get(PAGE)).words


@pytest.mark.parametrize("slug", ["finns-inte", "..", "Solna"])
def test_an_organisation_that_does_not_exist_is_not_found(slug: str, house: House, anyone: Browser) -> None:
    assert anyone.get(f"/organisationer/{slug}").status_code == 404


def test_parts_and_wholes_lead_to_each_other_and_the_whole_tells_of_its_parts(house: House, anyone: Browser) -> None:
    (house.home / "content/organisations.yaml").write_text(
        "skarpnack:\n  name: Skarpnäck\n  sort: district\n  parent: stockholm\n", encoding="utf-8"
    )
    organisations = load_organisations(house.home)
    house.app.extensions["organisations"] = organisations
    # The index knows them from its start.
    house.app.extensions["index"]._organisations = organisations
    house.write("practices", "a", title="Skarpnäcks", owner="skarpnack")
    house.look()
    assert see(anyone.get("/organisationer/skarpnack")).links["Stockholm"] == "/organisationer/stockholm"
    whole = see(anyone.get("/organisationer/stockholm"))
    assert whole.links["Skarpnäck"] == "/organisationer/skarpnack"
    assert whole.leads_to("/arbetssatt/a")
