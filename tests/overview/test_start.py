"""The start page: ways in, what is new, and what a coordinator should look at."""

from __future__ import annotations

from tests.cast import Browser
from tests.house import House
from tests.seeing import see

# ---- Ways in ----


def test_the_start_page_counts_what_there_is_and_leads_to_it(house: House, anyone: Browser) -> None:
    house.write("practices", "a", title="Alfa", areas=["hemloshet"], target_groups=["unga-vuxna"])
    house.write("learnings", "b", title="Beta", areas=["hemloshet", "aldre"], invented=True)
    house.look()
    page = see(anyone.get("/"))
    assert page.links["Hemlöshet 2 sidor"] == "/sok?omrade=hemloshet"
    assert page.links["Unga vuxna 1 sida"] == "/sok?malgrupp=unga-vuxna"
    assert list(page.links).index("Hemlöshet 2 sidor") < list(page.links).index("Äldre 1 sida")
    found = see(anyone.get("/sok?omrade=hemloshet"))
    assert found.leads_to("/arbetssatt/a")
    assert found.leads_to("/lardomar/b")
    assert page.leads_to("/arbetssatt/a")
    assert "Påhittade uppgifter" in page.words
    assert "Era cykler" not in page.words


def test_a_few_organisations_are_named_and_many_are_found_by_their_counties(house: House, anyone: Browser) -> None:
    house.write("practices", "a", owner="lysekil")
    house.write("practices", "b", owner="solna")
    house.look()
    page = see(anyone.get("/"))
    assert page.links["Lysekil 1 sida"] == "/organisationer/lysekil"
    assert list(page.links).index("Lysekil 1 sida") < list(page.links).index("Solna 1 sida")
    for slug in ("habo", "gavle", "timra", "karlstad", "borlange", "eskilstuna", "nynashamn", "jarfalla", "ale", "kil"):
        house.write("practices", f"i-{slug}", owner=slug)
    house.write("practices", "c", owner="sundbyberg")
    house.look()
    page = see(anyone.get("/"))
    assert "Lysekil 1 sida" not in page.links
    assert page.links["Stockholms län 4 sidor"] == "/organisationer#lan-01"
    assert page.links["Alla 13 kommuner och andra"] == "/organisationer"
    assert 'id="lan-01"' in anyone.get("/organisationer").text


def test_a_municipality_is_reached_by_typing_its_name(house: House, anyone: Browser) -> None:
    house.look()
    assert '<form action="/organisationer">' in anyone.get("/").text
    answer = anyone.get("/organisationer?q=södert%C3%A4lje")
    assert (answer.status_code, answer.location) == (303, "/organisationer/sodertalje")


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
    assert member.links["Skriv en lärdom"] == "/lardomar/nytt"
    assert member.links["Föreslå ett studiebesök"] == "/studiebesok/nytt"


def test_the_start_page_of_an_empty_house_works(house: House, anyone: Browser, editor: Browser) -> None:
    house.look()
    for browser in (anyone, editor):
        page = see(browser.get("/"))
        assert page.status == 200
        assert "Här finns inget än." in page.words
        assert "Hitta ett arbetssätt" in page.links


# ---- What is new ----


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
    newest = page.words.partition("Nytt i Lärnät")[2]
    titles = [words for words in page.links if words.startswith(("Cykel", "Snabbare", "Södertäljes", "Håbos"))]
    assert len(titles) == 6
    # Two of each and Håbo's only one; then the rest, so that no place is left empty, the real ones first there too.
    assert sum(title.startswith("Södertäljes") for title in titles) == 3
    assert sum(title.startswith(("Cykel", "Snabbare")) for title in titles) == 2
    assert max(newest.index(title) for title in titles[:3]) < min(newest.index(title) for title in titles[3:5])
    assert all(title.startswith(("Södertäljes", "Håbos")) for title in titles[:3])


def write_networks(house: House) -> None:
    """KNUT with Solna and Södertälje, and what is new there and elsewhere."""
    house.write("networks", "knut", title="KNUT", owner="sundbyberg", members=[{"organisation": "solna"}])
    house.write("practices", "i-knut", title="Nytt i KNUT", owner="stockholm", networks=["knut"])
    house.write("practices", "solnas", title="Solnas nya", owner="solna")
    house.write("practices", "habos", title="Håbos nya", owner="habo")
    house.write(
        "practices", "stangt", title="Bara för KNUT", owner="stockholm", networks=["knut"], visibility="network"
    )
    house.write("practices", "utkast", title="Solnas utkast", owner="solna", publication="draft")
    house.look()


def news(browser: Browser, path: str = "/") -> str:
    return see(browser.get(path)).words.partition("Nytt i ")[2].partition("Kommuner och andra")[0]


def test_a_member_sees_what_is_new_in_the_networks_that_one_belongs_to(house: House, reader: Browser) -> None:
    write_networks(house)
    shown = news(reader)
    assert shown.startswith("era nätverk KNUT Allt nytt")
    for title in ("Nytt i KNUT", "Solnas nya", "Bara för KNUT"):
        assert title in shown
    assert "Håbos nya" not in shown
    assert see(reader.get("/")).links["Se fler som är nya"] == "/sok?ordning=andrad&natverk=knut"


def test_everything_new_is_one_click_away_and_so_is_the_way_back(house: House, reader: Browser) -> None:
    write_networks(house)
    address = see(reader.get("/")).links["Allt nytt"]
    assert address == "/?nytt=allt#nytt"
    shown = news(reader, address)
    assert shown.startswith("Lärnät Bara era nätverk")
    assert "Håbos nya" in shown
    assert see(reader.get(address)).links["Bara era nätverk"] == "/#nytt"


def test_who_is_in_no_network_sees_everything_new_that_one_may_see(
    house: House, outsider: Browser, anyone: Browser
) -> None:
    write_networks(house)
    for browser in (outsider, anyone):
        shown = news(browser)
        assert shown.startswith("Lärnät ")
        assert "Håbos nya" in shown
        assert "Bara för KNUT" not in shown
        assert "Allt nytt" not in shown


def test_drafts_are_not_new_also_for_those_who_may_see_them(house: House, reader: Browser) -> None:
    write_networks(house)
    assert "Solnas utkast" not in news(reader)
    assert "Solnas utkast" not in news(reader, "/?nytt=allt")
    assert "Solnas utkast" in see(reader.get("/")).words


def test_drafts_are_not_counted_for_strangers(house: House, anyone: Browser, editor: Browser) -> None:
    house.write("practices", "a", title="Hemligt", areas=["hemloshet"], publication="draft")
    house.look()
    page = see(anyone.get("/"))
    assert "Hemligt" not in page.words
    assert "Hemlöshet" not in page.words
    assert "Södertälje" not in page.words
    assert {"Hemlöshet 1 sida", "Södertälje 1 sida"} <= see(editor.get("/")).links.keys()


# ---- For coordinators ----


def test_a_coordinator_sees_how_much_stands_still_and_is_led_there(
    house: House, coordinator: Browser, editor: Browser, anyone: Browser
) -> None:
    house.write("networks", "knut", owner="sundbyberg", members=[{"organisation": "solna"}])
    since = [{"date": "2020-01-01", "status": "testing"}]
    house.write("projects", "mote", owner="solna", networks=["knut"], status="testing", status_history=since)
    house.look()
    page = see(coordinator.get("/"))
    assert page.links["Står stilla 1"] == "/laget?visa=stilla"
    assert page.links["Försenat 0"] == "/laget?visa=forsenat"
    assert "Mote" in see(coordinator.get("/laget?visa=stilla")).words
    for browser in (editor, anyone):
        assert "Läget i era nätverk" not in see(browser.get("/")).words


def test_a_coordinator_for_whom_nothing_stands_still_is_told_so(house: House, coordinator: Browser) -> None:
    house.look()
    assert "Inget står stilla, och inget är försenat." in see(coordinator.get("/")).words
