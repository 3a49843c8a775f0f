"""/laget for everybody who may look, and nothing of it for others: the list, its counts, its choices and the file."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from typing import Any

import pytest

from app.accounts import belonging, people
from app.accounts.access import may_see_state
from app.library.visibility import ANYONE, Viewer
from app.state import counts
from app.web.text import today
from tests.cast import Browser
from tests.house import House
from tests.seeing import Sight, see

ASPECTS = ("stilla", "forsenat", "utkast", "pagar")


def ago(days: int) -> str:
    return (today() - timedelta(days=days)).isoformat()


@pytest.fixture
def network(house: House) -> House:
    """KNUT with Solna, Södertälje and Sundbyberg; cycles, drafts and a practice, some of them hidden from some."""
    members = [{"organisation": "solna"}, {"organisation": "sodertalje"}, {"organisation": "sundbyberg"}]
    house.write("networks", "knut", title="KNUT", owner="sundbyberg", members=members)
    in_knut: dict[str, Any] = {"networks": ["knut"], "areas": ["arbetsmarknad"]}
    house.write("practices", "gammal", title="Gammalt sätt", review_by=today() - timedelta(3), **in_knut)
    # What is here when Lärnät first looks has no known change; what comes later has.
    house.look()
    old = {"status": "doing", "started": ago(100)}
    house.write("projects", "mote", title="Snabbare möte", status="testing", owner="sodertalje", networks=["knut"])
    house.write("cycles", "mote/01-a", title="Alfa", **old, **in_knut, prediction={"by": ago(10)})
    house.write("cycles", "mote/02-b", title="Beta", owner="solna", **{**old, "started": ago(80)}, networks=["knut"])
    house.write("cycles", "mote/03-c", title="Nyss", status="doing", started=ago(5), **in_knut)
    house.write("cycles", "mote/04-d", title="Hemligheten", **old, owner="solna", publication="draft", **in_knut)
    house.write("cycles", "mote/05-e", title="Nätverkets", **old, owner="solna", visibility="network", **in_knut)
    house.write("cycles", "mote/06-f", title="Håbos", **old, owner="habo")
    house.look()
    return house


def titles(page: Sight) -> list[str]:
    """The pages in the list, in its order."""
    return [
        words
        for words, address in page.links.items()
        if re.match(r"/(cykler|utvecklingsarbeten|arbetssatt)/\w", address)
    ]


def count_of(page: Sight, tab: str) -> int:
    return next(int(found[1]) for words in page.links if (found := re.fullmatch(rf"{tab} (\d+) sid(?:a|or)", words)))


def rows_of(browser: Browser, address: str) -> list[dict[str, str]]:
    answer = browser.get(address)
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline=""), delimiter=";"))


# ---- Who may look ----


@pytest.mark.parametrize("address", ["/laget", "/laget?visa=utkast", "/laget.csv", "/laget.csv?visa=utkast"])
def test_whoever_is_not_signed_in_is_asked_to(network: House, anyone: Browser, address: str) -> None:
    answer = anyone.get(address)
    assert answer.status_code == 401
    assert "Logga in" in answer.text
    assert "Alfa" not in answer.text
    assert 'href="/laget"' not in anyone.get("/").text


def test_a_role_somewhere_lets_one_look() -> None:
    assert may_see_state(Viewer("p", "Eva", {"sodertalje": "member"}))
    assert may_see_state(Viewer("p", "Kaj", {"sundbyberg": "coordinator"}))
    assert may_see_state(Viewer("p", "Alva", admin=True))
    assert may_see_state(Viewer("p", "Ulrika", coordinates=frozenset(("knut",))))
    assert not may_see_state(Viewer("p", "Ny"))
    assert not may_see_state(ANYONE)


def test_somebody_without_a_role_is_refused(network: House, outsider: Browser) -> None:
    with network.app.extensions["databases"].kept() as session:
        person = people.find(session, "utanfor@habo.test")
        assert person
        belonging.set_role(session, person, "habo", None)
    assert outsider.get("/laget").status_code == 403
    assert outsider.get("/laget.csv").status_code == 403
    assert 'href="/laget"' not in outsider.get("/").text


def test_who_coordinates_a_network_without_an_organisation_sees_the_network(network: House, outsider: Browser) -> None:
    with network.app.extensions["databases"].kept() as session:
        person = people.find(session, "utanfor@habo.test")
        assert person
        belonging.set_role(session, person, "habo", None)
        knut = network.app.extensions["library"].get("networks", "knut").id
        belonging.set_coordinator(session, person, knut, True)
    page = see(outsider.get("/laget"))
    assert "Visar det som hör till era nätverk (KNUT)." in page.words
    assert titles(page) == ["Alfa", "Nätverkets", "Beta"]


def test_the_menu_leads_there(network: House, coordinator: Browser) -> None:
    assert 'href="/laget"' in coordinator.get("/").text.partition("<main")[0]


# ---- What one sees ----


def test_a_coordinator_sees_what_stands_still_in_the_network_and_why(network: House, coordinator: Browser) -> None:
    page = see(coordinator.get("/laget"))
    assert page.status == 200
    assert titles(page) == ["Alfa", "Nätverkets", "Beta"]
    assert (
        "Alfa PGSA-cykel i Snabbare möte Södertälje kommun ▶ Genomförs Har stått stilla: 100 dagar Sedan" in page.words
    )
    assert "Vanligt är cirka 28 dagar" in page.words
    assert "Visar det som hör till era nätverk (KNUT) eller er organisation." in page.words
    assert page.links["Visa allt du får läsa (4)"] == "/laget?urval=alla"
    assert (count_of(page, "Står stilla"), count_of(page, "Försenat"), count_of(page, "Utkast")) == (3, 2, 0)
    # The project, which moves when its cycles do, and the four cycles that may be seen.
    assert count_of(page, "Pågår") == 5


def test_hidden_pages_are_neither_listed_nor_counted_nor_in_the_file(
    network: House, outsider: Browser, reader: Browser, admin: Browser
) -> None:
    """An outsider sees what is public, a member of KNUT also what is for the network, Solna its drafts, and so on."""
    expected = {
        outsider: {"Alfa", "Beta", "Håbos"},
        reader: {"Alfa", "Beta", "Håbos", "Nätverkets", "Hemligheten"},
        admin: {"Alfa", "Beta", "Håbos", "Nätverkets", "Hemligheten"},
    }
    for browser, names in expected.items():
        for aspect in ASPECTS:
            answer = browser.get(f"/laget?urval=alla&visa={aspect}")
            page, rows = see(answer), rows_of(browser, f"/laget.csv?urval=alla&visa={aspect}")
            for hidden in {"Hemligheten", "Nätverkets"} - names:
                assert hidden not in answer.text
            assert [row["Sida"] for row in rows] == titles(page)
        still = see(browser.get("/laget?urval=alla"))
        assert set(titles(still)) == names
        assert count_of(still, "Står stilla") == len(names)
        assert count_of(still, "Utkast") == ("Hemligheten" in names)
        [solna] = [words for words in still.links if words.startswith("Solna stad")] or ["Solna stad 0"]
        assert solna == f"Solna stad {len(names & {'Beta', 'Nätverkets', 'Hemligheten'})}"


def test_an_outsider_begins_with_their_own(network: House, outsider: Browser) -> None:
    page = see(outsider.get("/laget"))
    assert titles(page) == ["Håbos"]
    assert "Visar det som hör till er organisation." in page.words
    assert page.links["Visa allt du får läsa (3)"] == "/laget?urval=alla"
    late = see(outsider.get("/laget?visa=forsenat"))
    assert "Inget är försenat." in late.words
    assert late.links["Visa allt du får läsa"] == "/laget?visa=forsenat&urval=alla"


def test_an_administrator_who_belongs_nowhere_begins_with_everything(network: House, admin: Browser) -> None:
    page = see(admin.get("/laget"))
    assert set(titles(page)) == {"Alfa", "Beta", "Håbos", "Nätverkets", "Hemligheten"}
    assert "Visar" not in page.words


def test_what_is_late_says_what_and_since_when(network: House, coordinator: Browser) -> None:
    page = see(coordinator.get("/laget?visa=forsenat"))
    assert titles(page) == ["Alfa", "Gammalt sätt"]
    assert "Skulle ha varit klart: Förutsägelsen prövad Senast" in page.words
    assert "10 dagar sedan" in page.words
    assert "Publicerad Skulle ha varit klart: Sidan sedd över" in page.words
    assert page.words.count("Senast ändrad: fanns från början") == 1


def test_drafts_are_told_to_their_owners_with_their_last_change(network: House, reader: Browser) -> None:
    page = see(reader.get("/laget?visa=utkast"))
    assert titles(page) == ["Hemligheten"]
    assert "Utkast ▶ Genomförs Senast ändrad:" in page.words


def test_what_goes_on_tells_what_nobody_knows(network: House, coordinator: Browser) -> None:
    page = see(coordinator.get("/laget?visa=pagar"))
    assert titles(page) == ["Alfa", "Nätverkets", "Beta", "Nyss", "Snabbare möte"]
    assert "Snabbare möte Utvecklingsarbete Södertälje kommun ▶ Provar I läget sedan: framgår inte" in page.words
    assert "Ingen ändring sedan" in page.words, "the last change is what is known of the project"


# ---- Choosing, ordering, paging ----


def test_choices_narrow_the_list_its_counts_and_the_file_alike(network: House, coordinator: Browser) -> None:
    page = see(coordinator.get("/laget?kommun=solna"))
    assert titles(page) == ["Nätverkets", "Beta"]
    assert (count_of(page, "Står stilla"), count_of(page, "Försenat"), count_of(page, "Pågår")) == (2, 0, 2)
    assert page.links["Försenat 0 sidor"] == "/laget?kommun=solna&visa=forsenat"
    assert page.links["✓ Vald, ta bort: Solna stad 2"] == "/laget"
    assert page.links["Arbetsmarknad 1"] == "/laget?kommun=solna&omrade=arbetsmarknad"
    assert page.links["Hämta listan som fil"] == "/laget.csv?kommun=solna"
    assert [row["Sida"] for row in rows_of(coordinator, "/laget.csv?kommun=solna")] == ["Nätverkets", "Beta"]
    both = see(coordinator.get("/laget?kommun=solna&omrade=arbetsmarknad&status=doing&typ=cycles&natverk=knut"))
    assert titles(both) == ["Nätverkets"]
    assert both.links["Ta bort alla val"] == "/laget"


def test_municipalities_stand_by_name_and_never_by_how_much_stands_still(network: House, coordinator: Browser) -> None:
    for number in range(3):
        network.write(
            "cycles", f"mote/1{number}-x", owner="upplands-vasby", status="doing", started=ago(99), networks=["knut"]
        )
    network.look()
    page = see(coordinator.get("/laget"))
    places = [words for words in page.links if re.search(r"(stad|kommun) \d+$", words)]
    assert places == ["Solna stad 2", "Södertälje kommun 1", "Upplands Väsby kommun 3"]


def test_the_orders_are_addresses(network: House, coordinator: Browser) -> None:
    by_title = see(coordinator.get("/laget?ordning=rubrik"))
    assert titles(by_title) == ["Alfa", "Beta", "Nätverkets"]
    assert by_title.links["stått längst"] == "/laget"
    assert by_title.links["senast ändrade"] == "/laget?ordning=andrad"
    assert [row["Sida"] for row in rows_of(coordinator, "/laget.csv?ordning=rubrik")] == ["Alfa", "Beta", "Nätverkets"]


def test_nothing_chosen_wrongly_breaks_the_page(network: House, coordinator: Browser) -> None:
    wrong = (
        "visa=x&ordning=y&sida=-3&natverk=&kommun=finns-inte&typ=%00&status=%F0%9F%98%80&_external=1&_scheme=javascript"
    )
    page = see(coordinator.get(f"/laget?{wrong}"))
    assert page.status == 200
    assert "Inget stämmer med allt du har valt." in page.words
    assert all(address.startswith(("/", "#")) for address in page.links.values())
    assert coordinator.get("/laget?sida=99999999999999999999").status_code == 200
    assert coordinator.get("/laget.csv?" + wrong).status_code == 200


def test_a_long_list_has_pages_and_the_file_has_them_all(network: House, coordinator: Browser) -> None:
    for number in range(30):
        slug = f"mote/{number + 20}-x"
        network.write(
            "cycles", slug, title=f"Cykel {number}", status="doing", started=ago(200 + number), networks=["knut"]
        )
    network.look()
    first, second = (see(coordinator.get(f"/laget?sida={number}")) for number in (1, 2))
    assert (len(titles(first)), len(titles(second))) == (25, 8)
    assert titles(first)[0] == "Cykel 29"
    assert titles(see(coordinator.get("/laget?sida=9"))) == titles(second), "there is no page further on"
    assert len(rows_of(coordinator, "/laget.csv?sida=2")) == 33


def test_htmx_is_given_only_what_changes(network: House, coordinator: Browser) -> None:
    answer = coordinator.get("/laget?kommun=solna", headers={"HX-Request": "true"})
    assert "<main" not in answer.text
    assert '<div id="besked" hx-swap-oob="innerHTML">Står stilla: 2 sidor</div>' in answer.text
    assert "Nätverkets" in answer.text


# ---- The file, and the counts of the start page ----


def test_the_file_opens_in_a_swedish_excel_and_has_no_formulas(network: House, coordinator: Browser) -> None:
    network.write("cycles", "mote/09-x", title="=HYPERLINK(1)", status="doing", started=ago(300), networks=["knut"])
    network.look()
    answer = coordinator.get("/laget.csv?natverk=knut")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    disposition = answer.headers["Content-Disposition"]
    assert disposition == f'attachment; filename="laget-stilla-{today().isoformat()}.csv"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.data.startswith(b"\xef\xbb\xbf")
    first = rows_of(coordinator, "/laget.csv?natverk=knut")[0]
    assert first["Sida"] == "'=HYPERLINK(1)"
    assert first["Adress"] == "http://localhost/cykler/mote/09-x"
    assert (first["Dagar i läget"], first["Vanligt antal dagar"]) == ("300", "28")


def test_the_start_page_can_tell_how_much_there_is_of_ones_own(network: House) -> None:
    index = network.app.extensions["index"]
    with network.app.test_request_context():
        reader = Viewer("p", "Lo", {"solna": "member"}, index.networks_of(["solna"], today()))
        assert counts(ANYONE) is None
        assert counts(Viewer("p", "Ny")) is None
        found = counts(reader)
        assert found is not None
        assert (found.still, found.late, found.drafts) == (4, 2, 1)
        everything = counts(Viewer("p", "Alva", admin=True))
        assert everything is not None
        assert (everything.still, everything.drafts) == (5, 1)
