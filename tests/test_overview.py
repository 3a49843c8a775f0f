from __future__ import annotations

import pytest

from tests.cast import Browser
from tests.house import House
from tests.seeing import see


def test_the_start_page_counts_what_there_is_and_leads_to_it(house: House, anyone: Browser) -> None:
    house.write("practices", "a", title="Alfa", areas=["hemloshet"], target_groups=["unga-vuxna"])
    house.write("practices", "b", title="Beta", areas=["hemloshet", "aldre"], invented=True)
    house.look()
    page = see(anyone.get("/"))
    assert page.links["Hemlöshet 2 arbetssätt"] == "/arbetssatt?omrade=hemloshet"
    assert page.links["Unga vuxna 1 arbetssätt"] == "/arbetssatt?malgrupp=unga-vuxna"
    assert list(page.links).index("Hemlöshet 2 arbetssätt") < list(page.links).index("Äldre 1 arbetssätt")
    assert "2 arbetssätt" in see(anyone.get("/arbetssatt?omrade=hemloshet")).words
    assert page.leads_to("/arbetssatt/a")
    assert "Påhittade uppgifter" in page.words
    assert "Era cykler" not in page.words


def test_the_new_is_shared_between_organisations_and_projects_and_the_invented_comes_last(
    house: House, anyone: Browser
) -> None:
    house.write("projects", "mote", title="Snabbare möte", owner="solna", invented=True)
    for number in range(1, 6):
        house.write("cycles", f"mote/0{number}-x", title=f"Cykel {number}", owner="solna", invented=True)
    for number in range(1, 4):
        house.write("practices", f"s-{number}", title=f"Södertäljes {number}")
    house.write("practices", "habo", title="Håbos", owner="habo")
    house.look()
    page = see(anyone.get("/"))
    newest = page.words.partition("Nytt i nätverket")[2]
    titles = [words for words in page.links if words.startswith(("Cykel", "Snabbare", "Södertäljes", "Håbos"))]
    assert len(titles) == 6
    # Two of each and Håbo's only one; then the rest, so that no place is left empty, the real ones first there too.
    assert sum(title.startswith("Södertäljes") for title in titles) == 3
    assert sum(title.startswith(("Cykel", "Snabbare")) for title in titles) == 2
    assert max(newest.index(title) for title in titles[:3]) < min(newest.index(title) for title in titles[3:5])
    assert all(title.startswith(("Södertäljes", "Håbos")) for title in titles[:3])


def test_the_header_leads_in_and_those_who_may_write_are_led_to_it(
    house: House, editor: Browser, anyone: Browser
) -> None:
    house.look()
    heads = [browser.get("/arbetssatt").text.partition("<main")[0] for browser in (anyone, editor)]
    assert 'href="/logga-in?next=' in heads[0]
    assert 'href="/mitt-konto"' in heads[1]
    stranger, member = see(anyone.get("/")), see(editor.get("/"))
    assert "Skriv ett arbetssätt" not in stranger.links
    assert member.links["Skriv ett arbetssätt"] == "/arbetssatt/nytt"
    assert member.links["Starta ett utvecklingsarbete"] == "/utvecklingsarbeten/nytt"
    assert member.links["Föreslå ett studiebesök"] == "/studiebesok/nytt"


def test_the_start_page_of_an_empty_house_works(house: House, anyone: Browser) -> None:
    house.look()
    page = see(anyone.get("/"))
    assert page.status == 200
    assert "Här finns inget än." in page.words


def test_drafts_are_neither_new_nor_counted_for_strangers(house: House, anyone: Browser, editor: Browser) -> None:
    house.write("practices", "a", title="Hemligt", areas=["hemloshet"], publication="draft")
    house.look()
    page = see(anyone.get("/"))
    assert "Hemligt" not in page.words
    assert "Hemlöshet" not in page.words
    assert "Hemlöshet 1 arbetssätt" in see(editor.get("/")).links


def test_a_member_sees_the_cycles_that_wait_with_their_next_step(
    house: House, editor: Browser, outsider: Browser
) -> None:
    house.write("projects", "mote", title="Snabbare möte")
    house.write("cycles", "mote/01-klar", title="Klar cykel", status="decided")
    house.write("cycles", "mote/02-pagar", title="Cykel som pågår", status="studying", publication="draft")
    house.write("cycles", "mote/03-annans", title="Någon annans", status="doing", owner="solna")
    house.look()
    answer = editor.get("/")
    page = see(answer)
    assert "Cykel som pågår Nästa steg: skriv vad ni såg och lärde er. Snabbare möte Cykel 2 Utkast" in page.words
    assert page.links["Fortsätt till Studera: Cykel som pågår"] == "/cykler/mote/02-pagar/andra?steg=3"
    own = page.words.partition("Nytt i nätverket")[0]
    assert "Klar cykel" not in own
    assert "Någon annans" not in own
    assert 'aria-label="Planera och Genomföra är klara, Studera pågår"' in answer.text
    assert "Ingen cykel väntar på er." in see(outsider.get("/")).words


def test_a_broken_cycle_does_not_break_the_start_page(house: House, editor: Browser) -> None:
    house.write("projects", "mote")
    path = house.write("cycles", "mote/01-x", title="Trasig", status="doing")
    house.look()
    path.write_text("---\ntitle: [\n---\n", encoding="utf-8")
    page = see(editor.get("/"))
    assert page.status == 200
    assert "Trasig" not in page.words.partition("Nytt i nätverket")[0]


def test_an_organisation_shows_what_it_is_and_its_parts_in_what_is_told(house: House, anyone: Browser) -> None:
    house.write("practices", "a", title="Alfa", owner="lysekil")
    house.write("networks", "knut", title="KNUT", members=[{"organisation": "lysekil"}])
    house.look()
    page = see(anyone.get("/organisationer/lysekil"))
    assert page.headings[0] == (1, "Lysekils kommun")
    assert "Kommunkod 1484" in page.words
    assert "Län Västra Götalands län" in page.words
    assert (2, "Medlem i nätverket") in page.headings
    assert (2, "Skrivet av") in page.headings
    assert page.leads_to("/arbetssatt/a")
    assert page.leads_to("/natverk/knut")


def test_an_organisation_of_which_nothing_is_told_says_so(house: House, anyone: Browser) -> None:
    house.look()
    assert "Det finns inget om Solna i Lärnät än." in see(anyone.get("/organisationer/solna")).words


@pytest.mark.parametrize("slug", ["finns-inte", "..", "Solna"])
def test_an_organisation_that_does_not_exist_is_not_found(slug: str, house: House, anyone: Browser) -> None:
    assert anyone.get(f"/organisationer/{slug}").status_code == 404


def test_parts_and_wholes_lead_to_each_other(house: House, anyone: Browser) -> None:
    (house.home / "content/organisations.yaml").write_text(
        "skarpnack:\n  name: Skarpnäck\n  sort: district\n  parent: stockholm\n", encoding="utf-8"
    )
    from app.library.organisations import load_organisations

    house.app.extensions["organisations"] = load_organisations(house.home)
    house.look()
    assert see(anyone.get("/organisationer/skarpnack")).links["Stockholm"] == "/organisationer/stockholm"
    assert see(anyone.get("/organisationer/stockholm")).links["Skarpnäck"] == "/organisationer/skarpnack"


def test_the_list_of_organisations_has_those_that_something_tells_of(
    house: House, anyone: Browser, editor: Browser
) -> None:
    house.write("practices", "a", owner="lysekil")
    house.write("practices", "b", owner="sodertalje", publication="draft")
    house.look()
    page = see(anyone.get("/organisationer"))
    assert page.links["Lysekil 1 sida"] == "/organisationer/lysekil"
    assert "Södertälje" not in page.words
    assert "Södertälje 1 sida" in see(editor.get("/organisationer")).links
