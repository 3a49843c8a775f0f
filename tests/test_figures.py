"""What the five press texts state, and in which field the shipped content has it.

Each row is one statement of a source. It is looked up in the committed content; where a page has been deleted there is
nothing to compare, and outside a repository there is no telling what was shipped, so those rows are skipped.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app import load_kinds
from app.library.document import Document, NotFound
from app.library.fields import PartialDate, Quantity
from app.library.shelf import Library
from tests.shipped import as_written, committed_content, found_at

KNUT = "content/networks/knut.md"
KNOWLEDGE = "content/networks/kunskapsbaserad-och-jamlik-socialtjanst.md"
PLAN = "content/networks/stockholms-fou-plan.md"
BREAK = "content/networks/bryt-langvarigt-forsorjningsstod.md"
EXTRA_STAFF = "content/practices/extra-personal-for-forsorjningsstod.md"
TO_SODERTALJE = "content/studyvisits/forsorjningsstod-i-sodertalje.md"
TO_BUCHAREST = "content/studyvisits/uppsokarenheten-till-bukarest.md"
LYSEKIL = "improvement_cycles/bryt-langvarigt-forsorjningsstod-i-lysekil/project.md"
REFERRAL = "improvement_cycles/bryt-langvarigt-forsorjningsstod-i-lysekil/01-andrad-remiss-till-ame.md"
MAPPING = "improvement_cycles/bryt-langvarigt-forsorjningsstod-i-lysekil/02-kartlaggning-med-brukaren.md"
IN_STOCKHOLM = "content/meetings/bryt-langvarigt-forsorjningsstod-i-stockholm.md"
BOTH_UNITS = "content/learnings/bada-enheterna-behover-vara-med.md"
MORE_STAFF = "content/learnings/mer-personal-i-stallet-for-nedskarningar.md"
NOT_STATED = "framgår inte"

STATED: list[tuple[str, str, object]] = [
    # Nio miljoner till socialt utvecklingsprojekt
    (KNUT, "funding.0.amount", "9,1 miljoner"),
    (KNUT, "length", "20 månader"),
    (KNUT, "member_count", "fem"),
    (
        KNUT,
        "members.*.organisation",
        {"sundbyberg", "nynashamn", "jarfalla", "solna", "sodertalje", "ersta-skondal-hogskola"},
    ),
    (KNUT, "full_name", "Kommunalt Nätverk för Utveckling"),
    (KNUT, "vision", "Fler blir självförsörjande när vi blir bättre"),
    (KNUT, "principle", "Rätt insats, till rätt person, i rätt tid, till rätt kostnad och av rätt aktör"),
    (KNUT, "builds_on_since", "2006"),
    (KNUT, "basis", "Budgetpropositionen 2007/08"),
    (KNUT, "publications.*.title", {"Boken om KNUT"}),
    (KNUT, "starts", NOT_STATED),
    (KNUT, "sources.0.date", NOT_STATED),
    # Timrå om Kunskapsbaserad och jämlik socialtjänst
    (KNOWLEDGE, "member_count", "26"),
    (KNOWLEDGE, "led_by", {"skl"}),
    (KNOWLEDGE, "length", "tre år"),
    (KNOWLEDGE, "members.0.organisation", "timra"),
    (KNOWLEDGE, "members.0.people", "nio"),
    (KNOWLEDGE, "funding.0.amount", "högst 85 000"),
    (KNOWLEDGE, "funding.0.per", "year"),
    (KNOWLEDGE, "funding.0.years", "tre"),
    (KNOWLEDGE, "funding.0.total", "högst 255 000"),
    (KNOWLEDGE, "funding.0.paid_by", "timra"),
    # Alliansen i stadshuset: Satsning på lokala utvecklingsarbeten
    (PLAN, "sources.0.date", "2013-06-25"),
    (PLAN, "grant_frame", "cirka 2,5 miljoner"),
    (PLAN, "grants_decided_by", "Socialnämnden i Stockholms stad"),
    (PLAN, "district_count", "14"),
    (PLAN, "priorities.*.area", {"missbruk-och-beroende", "placerade-barn", "hemloshet"}),
    (PLAN, "grants.0.amount", "1 150 000"),
    (
        PLAN,
        "grants.0.recipients",
        {
            "hagersten-liljeholmen",
            "rinkeby-kista",
            "spanga-tensta",
            "skarpnack",
            "skarholmen",
            "enheten-for-hemlosa",
        },
    ),
    (PLAN, "grants.0.partners", {"stockholms-universitet"}),
    (PLAN, "grants.1.amount", "380 000"),
    (PLAN, "grants.1.recipients", {"rinkeby-kista", "skarholmen", "sodermalm"}),
    (PLAN, "grants.2.amount", NOT_STATED),
    (PLAN, "grants.2.recipients", {"uppsokarenheten"}),
    (PLAN, "grants.2.visit", "uppsokarenheten-till-bukarest"),
    (TO_BUCHAREST, "country", "rumanien"),
    (TO_BUCHAREST, "host", ""),
    (TO_BUCHAREST, "sessions.0.date", NOT_STATED),
    (TO_BUCHAREST, "sessions.0.guests.*.organisation", {"uppsokarenheten"}),
    (TO_BUCHAREST, "target_groups", {"eu-medborgare", "hemlosa"}),
    # Försörjningsstöd delar med sig av sitt goda arbete
    (EXTRA_STAFF, "costs.0.amount", "13,3 miljoner"),
    (EXTRA_STAFF, "costs.0.per", "year"),
    (EXTRA_STAFF, "costs.0.years", "tre"),
    (TO_SODERTALJE, "host", "sodertalje"),
    (TO_SODERTALJE, "place", "Försörjningsstöd, Nygatan 23, Södertälje"),
    (TO_SODERTALJE, "people", "ett femtiotal"),
    (TO_SODERTALJE, "sessions.0.date", "onsdagen den 3 februari"),
    (TO_SODERTALJE, "sessions.0.time", "13.00"),
    (TO_SODERTALJE, "sessions.0.people", "25"),
    (TO_SODERTALJE, "sessions.0.guests.*.organisation", {"eskilstuna", "karlstad", "borlange"}),
    (TO_SODERTALJE, "sessions.1.date", NOT_STATED),
    (TO_SODERTALJE, "sessions.1.guests.*.organisation", {"habo", "gavle", "nynashamn"}),
    # Nätverksträff för utvecklingsprojekt
    (BREAK, "full_name", "Bryt långvarigt försörjningsstöd och utveckla verksamhetsområdet"),
    (BREAK, "member_count", "27"),
    (BREAK, "led_by", {"skl"}),
    (BREAK, "ends", "2021"),
    (IN_STOCKHOLM, "date", "början av mars"),
    (IN_STOCKHOLM, "place", "Stockholm"),
    (IN_STOCKHOLM, "networks", {"bryt-langvarigt-forsorjningsstod"}),
    (IN_STOCKHOLM, "came.*.organisation", {"lysekil"}),
    (IN_STOCKHOLM, "came.0.people", NOT_STATED),
    (IN_STOCKHOLM, "agenda", set()),
    (IN_STOCKHOLM, "decisions", set()),
    (BOTH_UNITS, "worked", "unclear"),
    (MORE_STAFF, "worked", "unclear"),
    (MORE_STAFF, "studyvisits", {"forsorjningsstod-i-sodertalje"}),
    (LYSEKIL, "owner", "lysekil"),
    (LYSEKIL, "ends", "2021"),
    (LYSEKIL, "steering_group.*.people", {"3", "2"}),
    (LYSEKIL, "supported_by", {"skl", "fyrbodal"}),
    (LYSEKIL, "networks", {"bryt-langvarigt-forsorjningsstod"}),
    (REFERRAL, "status", "decided"),
    (REFERRAL, "prediction.text", ""),
    (REFERRAL, "decision", None),
    (MAPPING, "status", "planned"),
    (MAPPING, "prediction.text", ""),
]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    home = tmp_path_factory.mktemp("figures")
    if not committed_content(home):
        pytest.skip("not in a repository: what was shipped cannot be told from what was edited")
    return Library(home, load_kinds())


@pytest.mark.parametrize(("path", "field", "stated"), STATED, ids=[f"{Path(row[0]).stem}-{row[1]}" for row in STATED])
def test_what_a_source_states_stands_in_its_field(library: Library, path: str, field: str, stated: object) -> None:
    written = as_written(found_at(_read(library, path).front_matter, field))
    assert (set(written) if isinstance(written, list) else written) == stated


def test_the_sums_stated_for_stockholm_add_up_to_a_part_of_the_frame(library: Library) -> None:
    network: Any = _read(library, PLAN).front_matter
    stated = [grant.amount.number for grant in network.grants if grant.amount and grant.amount.number is not None]
    assert (sum(stated), network.grant_frame.number) == (1_530_000, 2_500_000)


def test_three_years_of_the_highest_yearly_cost_make_the_highest_total(library: Library) -> None:
    funding: Any = found_at(_read(library, KNOWLEDGE).front_matter, "funding.0")
    assert funding.amount.number * funding.years.number == funding.total.number
    assert {funding.amount.qualifier, funding.total.qualifier} == {"at_most"}


def test_a_day_without_a_year_is_kept_as_that(library: Library) -> None:
    date = found_at(_read(library, TO_SODERTALJE).front_matter, "sessions.0.date")
    assert isinstance(date, PartialDate)
    assert (date.year, date.month, date.day, date.weekday) == (None, 2, 3, "onsdag")


def test_about_fifty_is_understood_as_a_number(library: Library) -> None:
    people = found_at(_read(library, TO_SODERTALJE).front_matter, "people")
    assert isinstance(people, Quantity)
    assert (people.number, people.qualifier) == (50, "about")


def _read(library: Library, path: str) -> Document:
    try:
        return library.read(path)
    except NotFound:
        pytest.skip(f"{path} has been deleted")
