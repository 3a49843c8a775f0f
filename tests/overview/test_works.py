"""/laget/utvecklingsarbeten: the projects that a coordinator may read, what each row says, and the same as a file."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest

from app.accounts.access import may_oversee
from app.library.visibility import ANYONE, Viewer
from app.web.text import day, today
from tests.cast import Browser
from tests.house import House
from tests.seeing import Sight, see

PAGE = "/laget/utvecklingsarbeten"
MEASURES = [
    {"name": "Remisser", "type": "process", "slug": "remisser"},
    {"name": "Möten i tid", "type": "outcome", "slug": "i-tid", "unit": "procent"},
]
TABLE = "date;value;note;cycle\n2026-01-05;40;;\n2026-01-12;62;;\n2026-01-19;70;;\n2026-01-26;69;;\n"
PLAN = "## Förändringen\n\nText.\n\n## Dataplan\n\nText.\n"


def ago(days: int) -> str:
    return (today() - timedelta(days=days)).isoformat()


def predicted(**more: Any) -> dict[str, Any]:
    return {"prediction": {"text": "Fler kommer i tid.", "measure": "Möten i tid"}, "scale": "one_person", **more}


@pytest.fixture
def network(house: House) -> House:
    """KNUT with projects of Solna, Sundbyberg and Habo, at different points; some of it is hidden from some."""
    members = [{"organisation": "solna"}, {"organisation": "sundbyberg"}]
    house.write("networks", "knut", title="KNUT", owner="sundbyberg", members=members)
    knut: dict[str, Any] = {"networks": ["knut"]}
    house.write(
        "projects",
        "mote",
        title="Snabbare möte",
        owner="solna",
        status="testing",
        status_history=[{"date": ago(60), "status": "testing"}],
        progress="2.5",
        progress_history=[{"date": ago(90), "progress": "1.5"}, {"date": ago(50), "progress": "2.5"}],
        measures=MEASURES,
        **knut,
    )
    tables = house.home / "improvement_cycles/mote/measures"
    tables.mkdir()
    (tables / "i-tid.csv").write_text(TABLE, encoding="utf-8")
    both = {"owner": "solna", **knut}
    house.write(
        "cycles",
        "mote/01-a",
        PLAN,
        title="Alfa",
        status="decided",
        started=ago(90),
        ended=ago(80),
        decided=ago(75),
        outcome="partly",
        decision="adapt",
        decision_reason="Det blev bättre.",
        **predicted(),
        **both,
    )
    later = {"status": "doing", "started": ago(70), "follows": "mote/01-a"}
    house.write("cycles", "mote/02-b", PLAN, title="Beta", **later, **predicted(), **both)
    house.write("cycles", "mote/03-c", title="Hemlig cykel", owner="solna", publication="draft", **predicted(**later))
    house.write("projects", "remiss", title="Ny remiss", owner="sundbyberg", status="idea", progress="0.5", **knut)
    house.write("projects", "natverkets", title="Bara nätverket", owner="solna", visibility="network", **knut)
    house.write("projects", "utkast", title="Solnas utkast", owner="solna", publication="draft", **knut)
    house.write("projects", "habos", title="Håbos eget", owner="habo", status="completed", progress="5.0")
    house.write("projects", "arkiv", title="Arkiverat", owner="sundbyberg", publication="archived", **knut)
    house.look()
    return house


def titles(page: Sight) -> list[str]:
    """The projects of the table, in its order."""
    return [
        words for words, url in page.links.items() if url.startswith("/utvecklingsarbeten/") and "/matt/" not in url
    ]


def rows_of(browser: Browser, address: str) -> list[dict[str, str]]:
    answer = browser.get(address)
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline=""), delimiter=";"))


def row_of(browser: Browser, title: str) -> dict[str, str]:
    return next(row for row in rows_of(browser, f"{PAGE}.csv?urval=alla") if row["Utvecklingsarbete"] == title)


# ---- Who may look ----


def test_only_who_coordinates_may_look() -> None:
    assert may_oversee(Viewer("p", "Kaj", {"sundbyberg": "coordinator"}))
    assert may_oversee(Viewer("p", "Ulrika", coordinates=frozenset(("knut",))))
    assert may_oversee(Viewer("p", "Alva", admin=True))
    assert not may_oversee(Viewer("p", "Eva", {"sodertalje": "member"}))
    assert not may_oversee(ANYONE)


@pytest.mark.parametrize("address", [PAGE, f"{PAGE}.csv"])
def test_others_are_asked_to_sign_in_or_refused(network: House, anyone: Browser, reader: Browser, address: str) -> None:
    assert anyone.get(address).status_code == 401
    assert reader.get(address).status_code == 403
    assert PAGE not in reader.get("/laget").text


def test_the_state_and_the_start_page_lead_there(network: House, coordinator: Browser) -> None:
    assert see(coordinator.get("/laget")).links["Utvecklingsarbetena i överblick"] == PAGE
    assert see(coordinator.get("/")).links["Utvecklingsarbetena i överblick"] == PAGE


def test_what_one_may_not_read_is_neither_listed_nor_counted_nor_in_the_file(
    network: House, coordinator: Browser, admin: Browser
) -> None:
    page = see(coordinator.get(f"{PAGE}?urval=alla"))
    assert titles(page) == ["Bara nätverket", "Håbos eget", "Ny remiss", "Snabbare möte"]
    assert "4 utvecklingsarbeten" in page.words
    assert "Solna stad (2)" in page.words
    assert "Solnas utkast" not in page.words
    assert "Hemlig cykel" not in page.words
    assert [row["Utvecklingsarbete"] for row in rows_of(coordinator, f"{PAGE}.csv?urval=alla")] == titles(page)
    everything = see(admin.get(f"{PAGE}?urval=alla"))
    assert "Solnas utkast" in titles(everything)
    assert "Solna stad (3)" in everything.words


def test_a_hidden_cycle_is_neither_the_latest_nor_among_the_scored(
    network: House, coordinator: Browser, admin: Browser
) -> None:
    row, whole = row_of(coordinator, "Snabbare möte"), row_of(admin, "Snabbare möte")
    assert (row["Antal cykler"], row["Senaste cykeln"], row["Cykler med poäng"]) == ("2", "Beta", "2")
    assert (whole["Antal cykler"], whole["Senaste cykeln"], whole["Cykler med poäng"]) == ("3", "Hemlig cykel", "3")


def test_a_coordinator_begins_with_their_own(network: House, coordinator: Browser) -> None:
    page = see(coordinator.get(PAGE))
    assert titles(page) == ["Bara nätverket", "Ny remiss", "Snabbare möte"]
    assert page.links["Visa allt du får läsa (4)"] == f"{PAGE}?urval=alla"


# ---- What a row says ----


def test_a_row_says_how_far_since_when_and_what_the_measure_shows(network: House, coordinator: Browser) -> None:
    page = see(coordinator.get(PAGE))
    words = page.words
    assert "Framsteg: 2,5 vi provar och lär ändrat" in words
    assert "2: Beta ▶ Genomförs Står stilla i fasen 70 dagar" in words
    assert page.links["Möten i tid"] == "/utvecklingsarbeten/mote/matt/i-tid"
    assert "För få mätpunkter för att säga om något har förändrats" in words
    assert "Ingen cykel än" in words
    assert coordinator.get(PAGE).text.count('class="spark"') == 1


def test_days_and_standing_still_are_those_of_the_state(network: House, coordinator: Browser) -> None:
    row = row_of(coordinator, "Snabbare möte")
    state = {one["Sida"]: one for one in rows_of(coordinator, "/laget.csv?visa=pagar&urval=alla")}
    assert row["Dagar i fasen"] == state["Beta"]["Dagar i läget"] == "70"
    assert row["Framsteg ändrat"] == ago(50)
    assert row["I fasen sedan"] == ago(70)
    assert row["Senaste aktivitet"] == state["Snabbare möte"]["Senaste kända steg eller ändring"] == ago(50)
    still = {one["Sida"] for one in rows_of(coordinator, "/laget.csv?visa=stilla&urval=alla")}
    assert still == {"Beta"}
    assert (row["Står stilla"], row["Cykeln står stilla"]) == ("", "ja")


def test_the_median_is_that_of_the_points_on_the_cycles_pages(network: House, coordinator: Browser) -> None:
    points = [see(coordinator.get(f"/cykler/mote/{slug}")).words for slug in ("01-a", "02-b")]
    found = sorted(int(words.partition("Så följer cykeln metoden")[2].split(":")[1].split()[0]) for words in points)
    row = row_of(coordinator, "Snabbare möte")
    assert row["Median för hur cyklerna följer metoden, av 10"] == f"{sum(found) / 2:g}".replace(".", ",")
    assert found[0] != found[1], "or the middle would be either"
    assert "av 10 median av 2 cykler" in see(coordinator.get(PAGE)).words


def test_what_happened_today_happened_today(network: House, coordinator: Browser) -> None:
    history = [{"date": ago(0), "status": "testing"}]
    network.write("projects", "nytt", title="Nytt", owner="sundbyberg", status="testing", status_history=history)
    network.look()
    assert f"Senaste aktivitet: {day(today())} i dag" in see(coordinator.get(PAGE)).words


def test_a_date_of_which_only_a_part_is_known_stands_in_the_file_as_it_is(network: House, coordinator: Browser) -> None:
    progress: dict[str, Any] = {"progress": "1.0", "progress_history": [{"date": "mars 2026", "progress": "1.0"}]}
    network.write("projects", "delvis", title="Delvis", owner="sundbyberg", **progress)
    network.look()
    assert row_of(coordinator, "Delvis")["Framsteg ändrat"] == "mars 2026"


def test_a_cycle_that_is_retold_from_a_source_has_no_points_here_either(network: House, coordinator: Browser) -> None:
    source = [{"title": "En artikel"}]
    network.write("cycles", "mote/02-b", PLAN, title="Beta", owner="solna", status="doing", sources=source)
    network.look()
    assert row_of(coordinator, "Snabbare möte")["Cykler med poäng"] == "1"


def test_new_values_are_shown_when_they_are_saved(network: House, coordinator: Browser) -> None:
    before = coordinator.get(PAGE).text
    table = network.home / "improvement_cycles/mote/measures/i-tid.csv"
    table.write_text(TABLE + "2026-02-02;71;;\n", encoding="utf-8")
    network.look()
    assert "bara 4." in before
    after = coordinator.get(PAGE).text
    assert 'class="spark"' in after
    assert after != before


def test_small_groups_are_neither_drawn_nor_told(network: House, coordinator: Browser) -> None:
    table = network.home / "improvement_cycles/mote/measures/i-tid.csv"
    table.write_text("date;numerator;denominator;note;cycle\n2026-01-05;1;4;;\n2026-01-12;2;3;;\n", encoding="utf-8")
    network.look()
    answer = coordinator.get(PAGE)
    assert "Inga mätvärden kan visas" in see(answer).words
    assert 'class="spark"' not in answer.text


def test_a_table_with_a_personal_number_leaves_nothing_in_the_rows(network: House, coordinator: Browser) -> None:
    table = network.home / "improvement_cycles/mote/measures/i-tid.csv"
    table.write_text(TABLE.replace("40;;", "40;19121212-1212;"), encoding="utf-8")
    network.look()
    assert row_of(coordinator, "Snabbare möte")["Resultatmått"] == ""


def test_a_day_to_come_is_no_activity(network: House, coordinator: Browser) -> None:
    history = [{"date": ago(20), "status": "planning"}, {"date": ago(-9), "status": "testing"}]
    network.write("projects", "framtid", title="Framtid", owner="sundbyberg", status="testing", status_history=history)
    network.look()
    row = row_of(coordinator, "Framtid")
    assert (row["Senaste aktivitet"], row["Dagar sedan dess"]) == (ago(20), "20")
    last, planned = day(today() - timedelta(days=20)), day(today() + timedelta(days=9))
    assert f"Senaste aktivitet: {last} 20 dagar sedan Planerat {planned}" in see(coordinator.get(PAGE)).words


def test_what_a_cycle_did_before_a_day_to_come_is_the_last_activity(network: House, coordinator: Browser) -> None:
    both = {"owner": "sundbyberg", "status": "doing"}
    network.write("projects", "framtid", title="Framtid", owner="sundbyberg")
    network.write("cycles", "framtid/01-a", title="Ett", started=ago(12), **both)
    network.write("cycles", "framtid/02-b", title="Två", started=ago(-9), **both)
    network.look()
    assert row_of(coordinator, "Framtid")["Senaste aktivitet"] == ago(12)


def test_the_order_by_activity_counts_what_has_happened_and_no_day_to_come(
    network: House, coordinator: Browser
) -> None:
    history = [{"date": ago(150), "status": "planning"}, {"date": ago(-9), "status": "testing"}]
    network.write("projects", "framtid", title="Framtid", owner="sundbyberg", status="testing", status_history=history)
    network.look()
    assert titles(see(coordinator.get(f"{PAGE}?urval=alla&ordning=aktivitet")))[0] == "Framtid"
    assert rows_of(coordinator, f"{PAGE}.csv?urval=alla&ordning=aktivitet")[0]["Utvecklingsarbete"] == "Framtid"


# ---- Choosing, ordering, paging ----


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ("kommun=sundbyberg", ["Ny remiss"]),
        ("natverk=knut", ["Bara nätverket", "Ny remiss", "Snabbare möte"]),
        ("status=completed", ["Håbos eget"]),
        ("fas=doing", ["Snabbare möte"]),
        ("fas=ingen", ["Bara nätverket", "Håbos eget", "Ny remiss"]),
        ("stilla=ja", ["Snabbare möte"]),
        ("fran=2.5", ["Håbos eget", "Snabbare möte"]),
        ("fran=0.5&till=2.0", ["Ny remiss"]),
        ("fran=5.0&till=0.5", []),
        ("natverk=knut&kommun=solna&fas=doing&till=2.5", ["Snabbare möte"]),
    ],
)
def test_choices_narrow_the_table_and_the_file_alike(
    network: House, coordinator: Browser, chosen: str, expected: list[str]
) -> None:
    page = see(coordinator.get(f"{PAGE}?urval=alla&{chosen}"))
    assert titles(page) == expected
    assert [row["Utvecklingsarbete"] for row in rows_of(coordinator, f"{PAGE}.csv?urval=alla&{chosen}")] == expected
    assert page.links["Ta bort alla val"] == f"{PAGE}?urval=alla"


def test_choices_are_counted_beside_the_others(network: House, coordinator: Browser) -> None:
    words = see(coordinator.get(f"{PAGE}?urval=alla&kommun=solna")).words
    assert "Genomförs (1)" in words
    assert "Ingen cykel än (1)" in words
    assert "Sundbybergs stad (1)" in words


def test_the_orders_put_first_who_waits(network: House, coordinator: Browser) -> None:
    network.write(
        "projects", "gammal", title="Äldst", status="idea", status_history=[{"date": ago(200), "status": "idea"}]
    )
    network.write("cycles", "gammal/01-x", title="Ny cykel", status="doing", started=ago(300))
    network.look()
    by_activity = titles(see(coordinator.get(f"{PAGE}?urval=alla&ordning=aktivitet")))
    assert by_activity[:2] == ["Äldst", "Snabbare möte"]
    by_phase = titles(see(coordinator.get(f"{PAGE}?urval=alla&ordning=fas")))
    assert by_phase[:2] == ["Äldst", "Snabbare möte"]


def test_nothing_can_be_ordered_by_points_progress_or_organisation(network: House, coordinator: Browser) -> None:
    plain = titles(see(coordinator.get(PAGE)))
    for order in ("metoden", "median", "framsteg", "organisation", "kommun"):
        page = see(coordinator.get(f"{PAGE}?ordning={order}"))
        assert titles(page) == plain
    orders = [url for url in see(coordinator.get(PAGE)).links.values() if "ordning=" in url]
    assert orders == [f"{PAGE}?ordning=aktivitet", f"{PAGE}?ordning=fas"]


def test_nothing_chosen_wrongly_breaks_the_page(network: House, coordinator: Browser) -> None:
    wrong = "natverk=%00&kommun=finns-inte&status=x&fas=y&stilla=kanske&fran=9&till=a&ordning=z&sida=-3&visa=q&urval=1"
    page = see(coordinator.get(f"{PAGE}?{wrong}"))
    assert page.status == 200
    assert "Inget utvecklingsarbete stämmer med allt du har valt." in page.words
    assert coordinator.get(f"{PAGE}?sida=99999999999999999999").status_code == 200
    assert coordinator.get(f"{PAGE}.csv?{wrong}").status_code == 200


def test_who_has_no_project_is_told_so(house: House, coordinator: Browser) -> None:
    house.look()
    assert "Inget utvecklingsarbete har börjat än." in see(coordinator.get(PAGE)).words


def test_a_long_list_has_pages_and_the_file_has_them_all(network: House, coordinator: Browser) -> None:
    for number in range(51):
        network.write("projects", f"fler-{number}", title=f"Arbete {number:02}", owner="sundbyberg")
    network.look()
    first, second = (see(coordinator.get(f"{PAGE}?sida={number}")) for number in (1, 2))
    assert (len(titles(first)), len(titles(second))) == (50, 4)
    assert titles(see(coordinator.get(f"{PAGE}?sida=9"))) == titles(second), "there is no page further on"
    assert first.links["Visa alla på en sida"] == f"{PAGE}?visa=alla"
    assert len(titles(see(coordinator.get(f"{PAGE}?visa=alla")))) == 54
    assert len(rows_of(coordinator, f"{PAGE}.csv")) == 54


def test_the_file_has_no_formulas(network: House, coordinator: Browser) -> None:
    network.write("projects", "formel", title="=HYPERLINK(1)", owner="sundbyberg")
    network.look()
    answer = coordinator.get(f"{PAGE}.csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    disposition = answer.headers["Content-Disposition"]
    assert disposition == f'attachment; filename="utvecklingsarbeten-{today().isoformat()}.csv"'
    assert "'=HYPERLINK(1)" in answer.data.decode("utf-8-sig")
