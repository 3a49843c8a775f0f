"""/sokningar: coordinators see what is looked for in vain by their own, and make it a gap in the network's plan."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, timedelta

import pytest

from app.accounts.access import may_note_gap, may_see_searches
from app.history import revisions_of
from app.library.visibility import ANYONE, Viewer
from app.looked_for import KEPT_FOR
from app.web.text import today
from tests.cast import Browser
from tests.coordinating.conftest import appoint
from tests.coordinating.looking import tally_of
from tests.house import House
from tests.seeing import see

GAP = "/natverk/knut/kunskapslucka"


def search(
    house: House, words: str, organisation: str = "", times: int = 3, hits: int = 0, day: date | None = None
) -> None:
    for _ in range(times):
        tally_of(house).count(day or today(), words, organisation, hits)


@pytest.fixture
def sought(library: House) -> House:
    """Searches by those who are in KNUT, by Solna in another network, by Håbo in none, and by nobody in particular."""
    search(library, "skuldsanering", "sodertalje", hits=0)
    search(library, "hembesök", "sundbyberg", hits=1)
    search(library, "solnas sak", "solna")
    search(library, "håbos sak", "habo")
    search(library, "öppen sak")
    search(library, "två gånger", "sodertalje", times=2)
    search(library, "förra året", "sodertalje", day=today() - KEPT_FOR - timedelta(days=1))
    return library


def words_on(who: Browser, address: str = "/sokningar") -> set[str]:
    page = who.get(address).text
    return set(re.findall(r'<th scope="row"><a href="/sok\?q=[^"]*">([^<]+)</a>', page))


def test_the_questions_who_may(library: House) -> None:
    kaj = Viewer("p", "Kaj", coordinates=frozenset(("knut",)))
    assert may_see_searches(kaj)
    assert may_see_searches(Viewer("p", "Alva", admin=True))
    assert not may_see_searches(Viewer("p", "Hedda", {"solna": "coordinator"}, frozenset(("knut",))))
    assert not may_see_searches(ANYONE)
    front = library.app.extensions["library"].get("networks", "knut").front_matter
    assert may_note_gap(kaj, front, "knut")
    assert may_note_gap(Viewer("p", "Sara", {"sundbyberg": "member"}), front, "knut")
    assert not may_note_gap(Viewer("p", "Eva", {"sodertalje": "member"}, frozenset(("knut",))), front, "knut")
    assert not may_note_gap(Viewer("p", "Ulla", coordinates=frozenset(("annat",))), front, "knut")


@pytest.mark.parametrize("address", ["/sokningar", "/sokningar.csv"])
def test_it_asks_for_a_sign_in_and_refuses_others(
    sought: House, anyone: Browser, editor: Browser, address: str
) -> None:
    assert anyone.get(address).status_code == 401
    assert editor.get(address).status_code == 403


def test_a_coordinator_sees_what_their_own_and_nobody_in_particular_look_for_in_vain(
    sought: House, coordinator: Browser, admin: Browser
) -> None:
    assert words_on(coordinator) == {"skuldsanering", "öppen sak"}
    assert words_on(coordinator, "/sokningar?visa=alla") == {"skuldsanering", "öppen sak", "hembesök"}
    everything = {"skuldsanering", "öppen sak", "hembesök", "solnas sak", "håbos sak"}
    assert words_on(admin, "/sokningar?visa=alla") == everything


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ("natverk=knut", {"skuldsanering", "hembesök"}),
        ("natverk=utan-inloggning", {"öppen sak"}),
        ("natverk=annat", {"skuldsanering", "hembesök", "öppen sak"}),
        ("natverk=finns-inte", {"skuldsanering", "hembesök", "öppen sak"}),
        (f"manad={date(2000, 1, 1):%Y-%m}", {"skuldsanering", "hembesök", "öppen sak"}),
        (f"natverk=knut&manad={today():%Y-%m}", {"skuldsanering", "hembesök"}),
    ],
)
def test_choices_in_the_address_never_show_another_networks_searches(
    sought: House, coordinator: Browser, chosen: str, expected: set[str]
) -> None:
    assert words_on(coordinator, f"/sokningar?visa=alla&{chosen}") == expected


def test_each_network_sees_its_own_and_an_administrator_chooses(
    sought: House, outsider: Browser, admin: Browser
) -> None:
    appoint(sought, "utanfor@habo.test", "annat")
    assert words_on(outsider, "/sokningar?natverk=annat") == {"solnas sak"}
    assert words_on(admin, "/sokningar?natverk=annat") == {"solnas sak"}


def test_a_gap_is_offered_to_the_networks_that_somebody_coordinates(
    sought: House, coordinator: Browser, admin: Browser
) -> None:
    def offered(who: Browser) -> set[str]:
        return set(re.findall(r'href="/natverk/([^"?]+)\?lucka=skuldsanering', who.get("/sokningar").text))

    assert offered(coordinator) == {"knut"}
    assert offered(admin) == {"knut", "annat"}


def test_what_was_searched_for_fewer_than_three_times_is_only_a_number(sought: House, coordinator: Browser) -> None:
    page = see(coordinator.get("/sokningar"))
    assert "två gånger" not in page.words
    assert "1 sökning till visas inte" in page.words.lower()
    search(sought, "två gånger", "sundbyberg", times=1)
    assert "två gånger" in words_on(coordinator)
    assert "två gånger" not in words_on(coordinator, "/sokningar?natverk=utan-inloggning")


def test_three_uses_in_different_networks_are_not_three_in_one(sought: House, coordinator: Browser) -> None:
    search(sought, "delad sak", "sodertalje", times=2)
    search(sought, "delad sak", "solna", times=2)
    assert "delad sak" not in words_on(coordinator)


def test_a_search_that_found_hidden_pages_tells_no_number_of_hits(sought: House, coordinator: Browser) -> None:
    search(sought, "kvastskaft", "sodertalje", times=7, hits=987)
    page, file = coordinator.get("/sokningar?visa=alla"), coordinator.get("/sokningar.csv?visa=alla")
    for said in (see(page).words, file.text):
        assert "kvastskaft" in said
        assert "987" not in said


def test_nobody_is_named(library: House, editor: Browser, coordinator: Browser) -> None:
    for _ in range(3):
        editor.get("/sok?q=zzyzxq")
    assert words_on(coordinator) == {"zzyzxq"}
    said = coordinator.get("/sokningar?visa=alla").text + coordinator.get("/sokningar.csv?visa=alla").text
    assert "Eva Editor" not in said


def test_the_months_have_how_many_searches_there_were(sought: House, coordinator: Browser) -> None:
    page = see(coordinator.get("/sokningar?natverk=knut")).words.lower()
    assert "8 5" in page.partition("månad för månad")[2]


def test_only_months_since_the_first_search_can_be_chosen(library: House, coordinator: Browser) -> None:
    def offered() -> list[str]:
        return re.findall(r'<option value="(\d{4}-\d\d)"', coordinator.get("/sokningar").text)

    assert offered() == [f"{today():%Y-%m}"]
    before = today().replace(day=1) - timedelta(days=40)
    search(library, "skuldsanering", "sodertalje", day=before)
    assert offered()[0] == f"{today():%Y-%m}"
    assert (offered()[-1], len(offered())) == (f"{before:%Y-%m}", 3)


def test_the_file_has_what_the_page_has_and_no_formula(sought: House, coordinator: Browser) -> None:
    search(sought, "=1+2", "sodertalje")
    answer = coordinator.get("/sokningar.csv?natverk=knut&visa=alla")
    assert answer.mimetype == "text/csv"
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff")), delimiter=";"))
    assert {row["Sökning"] for row in rows} == {"skuldsanering", "hembesök", "'=1+2"}
    assert {(row["Gånger"], row["Utan träff"]) for row in rows if row["Sökning"] == "hembesök"} == {("3", "0")}


def test_hostile_words_are_text_and_nothing_else(sought: House, coordinator: Browser) -> None:
    search(sought, "<script>alert(1)</script>", "sodertalje")
    search(sought, "' OR 1=1; DROP TABLE person; --", "sodertalje")
    said = coordinator.get("/sokningar").text
    assert "<script>alert" not in said
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in said
    assert "drop table person" in said


def test_pages_of_a_long_list(library: House, coordinator: Browser) -> None:
    for number in range(55):
        search(library, f"ord{number}", "sodertalje")
    assert len(words_on(coordinator)) == 50
    assert len(words_on(coordinator, "/sokningar?sida=2")) == 5


def test_the_way_there_is_on_the_page_of_how_things_stand(
    library: House, coordinator: Browser, editor: Browser
) -> None:
    assert 'href="/sokningar"' in coordinator.get("/laget").text
    assert 'href="/sokningar"' not in editor.get("/laget").text


# ---- A search becomes a gap ----


def test_a_search_becomes_a_gap_of_the_network_with_a_revision(sought: House, coordinator: Browser) -> None:
    listed = coordinator.get("/sokningar").text
    found = re.search(r'href="(/natverk/knut\?lucka=skuldsanering&amp;traff=nej)#ny-lucka"', listed)
    assert found
    form = coordinator.get(found[1].replace("&amp;", "&")).text
    assert 'value="skuldsanering"' in form
    assert 'value="Söktes utan träff"' in form
    answer = coordinator.post(GAP, data={"what": "Vad hjälper mot skulder?", "why": "Söktes utan träff"})
    assert (answer.status_code, answer.location) == (303, "/natverk/knut")
    page = see(coordinator.get("/natverk/knut"))
    assert "Vad hjälper mot skulder?" in page.words
    document = sought.app.extensions["library"].get("networks", "knut")
    assert [(gap.what, gap.why) for gap in document.front_matter.gaps] == [
        ("Vad hjälper mot skulder?", "Söktes utan träff")
    ]
    with sought.app.extensions["databases"].kept_for_reading() as session:
        last = revisions_of(session, document.id)[0]
    assert (last.author_name, last.summary) == ("Kaj Koordinator", "Ny kunskapslucka: Vad hjälper mot skulder?")


def test_a_gap_asks_for_a_sign_in_and_refuses_others(sought: House, anyone: Browser, editor: Browser) -> None:
    assert anyone.post(GAP, data={"what": "Något"}).status_code == 401
    assert editor.post(GAP, data={"what": "Något"}).status_code == 403
    assert "ny-lucka" not in editor.get("/natverk/knut").text
    assert "kunskapsluck" not in editor.get("/natverk/knut").text.lower()


@pytest.mark.parametrize(
    ("what", "why"),
    [
        ("", "Skriv vad ni inte vet"),
        ("SKULDER?", "står redan bland kunskapsluckorna"),
        ("Klienten 880320-1238", "personnummer"),
    ],
)
def test_a_gap_that_cannot_be_noted_is_said_and_stays_in_the_form(
    sought: House, coordinator: Browser, what: str, why: str
) -> None:
    coordinator.post(GAP, data={"what": "Skulder?"})
    answer = coordinator.post(GAP, data={"what": what, "why": "Hörde det"})
    assert answer.status_code == 422
    assert why in see(answer).words
    assert f'value="{what}"' in answer.text
    assert 'value="Hörde det"' in answer.text


def test_the_same_gap_sent_twice_is_one(sought: House, coordinator: Browser) -> None:
    form = {"what": "Skulder?", "_token": "0123456789abcdef0123456789abcdef"}
    for _ in range(2):
        assert coordinator.post(GAP, data=form).status_code == 303
    assert len(sought.app.extensions["library"].get("networks", "knut").front_matter.gaps) == 1


def test_gaps_are_written_in_the_networks_own_form_as_well(sought: House, admin: Browser) -> None:
    admin.post(GAP, data={"what": "Skulder?"})
    assert "Kunskapsluckor" in admin.get("/natverk/knut/andra?steg=4").text
