"""Municipalities and regions are built in; the rest is a file whose faults are told and do no harm."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from app.library.fields import SLUG
from app.library.organisations import PATH, Organisations, OrganisationSort, load_organisations
from app.library.vocabulary import Country
from tests.library.kinds import write


@pytest.fixture(scope="module")
def built_in(tmp_path_factory: pytest.TempPathFactory) -> Organisations:
    return load_organisations(tmp_path_factory.mktemp("empty"))


def loaded(home: Path, text: str) -> Organisations:
    write(home, PATH, text)
    return load_organisations(home)


def faults(home: Path, text: str) -> list[str]:
    return [str(problem).removeprefix(f"{PATH}, ") for problem in loaded(home, text).problems]


# ---- Built in ----


def test_there_are_290_municipalities_and_21_regions(built_in: Organisations) -> None:
    sorts = Counter(organisation.sort for organisation in built_in.all())
    assert sorts == {OrganisationSort.MUNICIPALITY: 290, OrganisationSort.REGION: 21}


def test_codes_slugs_and_names_are_each_their_own(built_in: Organisations) -> None:
    for part in ("slug", "code", "name"):
        assert len({getattr(organisation, part) for organisation in built_in.all()}) == 311
    assert all(re.fullmatch(SLUG, organisation.slug) for organisation in built_in.all())
    codes = [one.code for one in built_in.all() if one.sort is OrganisationSort.MUNICIPALITY]
    assert all(re.fullmatch(r"\d{4}", code) for code in codes)
    assert len({code[:2] for code in codes}) == 21


@pytest.mark.parametrize(
    ("slug", "short", "name", "code", "county"),
    [
        ("sodertalje", "Södertälje", "Södertälje kommun", "0181", "Stockholms län"),
        ("upplands-vasby", "Upplands Väsby", "Upplands Väsby kommun", "0114", "Stockholms län"),
        ("malung-salen", "Malung-Sälen", "Malung-Sälens kommun", "2023", "Dalarnas län"),
        ("stockholm", "Stockholm", "Stockholms stad", "0180", "Stockholms län"),
        ("sundbyberg", "Sundbyberg", "Sundbybergs stad", "0183", "Stockholms län"),
        ("lysekil", "Lysekil", "Lysekils kommun", "1484", "Västra Götalands län"),
        ("falun", "Falun", "Falu kommun", "2080", "Dalarnas län"),
        ("kalmar", "Kalmar", "Kalmar kommun", "0880", "Kalmar län"),
        ("habo", "Håbo", "Håbo kommun", "0305", "Uppsala län"),
        ("habo-jonkopings-lan", "Habo", "Habo kommun", "0643", "Jönköpings län"),
        (
            "region-vastra-gotaland",
            "Västra Götalandsregionen",
            "Västra Götalandsregionen",
            "14",
            "Västra Götalands län",
        ),
    ],
)
def test_an_organisation_has_its_names(
    built_in: Organisations, slug: str, short: str, name: str, code: str, county: str
) -> None:
    found = built_in.get(slug)
    assert found is not None
    assert (found.short, found.name, found.code, found.county) == (short, name, code, county)


def test_organisations_are_sorted_as_swedish_sorts(built_in: Organisations) -> None:
    names = [organisation.short for organisation in built_in.all()]
    assert names[0] == "Ale"
    assert names[-1] == "Övertorneå"
    assert names.index("Vänersborg") < names.index("Åmål") < names.index("Örebro")


# ---- Searching ----


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("söder", "Söderhamn"),
        ("sodertalje", "Södertälje"),
        ("södertälje kommun", "Södertälje"),
        ("håbo", "Håbo"),
        ("habo", "Habo"),
        ("väsby", "Upplands Väsby"),
        ("0181", "Södertälje"),
        ("STOCKHOLM", "Stockholm"),
        ("region skåne", "Region Skåne"),
    ],
)
def test_a_search_finds_the_one_that_is_meant_first(built_in: Organisations, words: str, first: str) -> None:
    assert built_in.search(words)[0].short == first


@pytest.mark.parametrize("words", ["", "  ", "?!", "finnsinte"])
def test_a_search_for_nothing_finds_nothing(built_in: Organisations, words: str) -> None:
    assert built_in.search(words) == []


# ---- The file ----


def test_the_file_adds_organisations(tmp_path: Path) -> None:
    text = "skl:\n  name: Sveriges Kommuner och Landsting\n  short: SKL\n  sort: national\n"
    organisations = loaded(tmp_path, f"{text}x:\n  name: X\n  country: rumanien\n")
    skl, abroad = organisations.get("skl"), organisations.get("x")
    assert skl is not None
    assert abroad is not None
    assert (str(skl), skl.sort.swedish, skl.country, abroad.country) == (
        "SKL",
        "nationell organisation",
        Country.SWEDEN,
        Country.ROMANIA,
    )
    assert len(organisations) == 313


def test_a_part_of_a_part_is_within_the_whole(tmp_path: Path) -> None:
    text = "skarpnack: {name: Skarpnäck, parent: stockholm}\nenskede: {name: Enskede, parent: skarpnack}\n"
    organisations = loaded(tmp_path, text)
    assert organisations.within("stockholm") == {"skarpnack", "enskede"}
    assert organisations.within("skarpnack") == {"enskede"}
    assert organisations.within("solna") == frozenset()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: {name: A}\nB b: {name: B}\n", "rad 2: ”B b” kan inte vara adressord"),
        ("a: {name: A}\nsolna: {name: B}\n", "rad 2: ”solna” finns redan"),
        ("a: {name: A}\nb:\n  short: B\n", "rad 2: b: Namn (name) saknas"),
        (
            "a: {name: A}\nb:\n  name: B\n  sort: klubb\n",
            "rad 4: b: Sort (sort) kan inte vara ”klubb”. Skriv ett av: municipality",
        ),
        ("a: {name: A}\nb:\n  name: B\n  stad: C\n", "rad 4: b: stad"),
        ("a: {name: A}\nb:\n", "rad 2: b: Namn (name) saknas"),
        ("a: {name: A}\nb: text\n", "rad 2: b ska vara en grupp"),
        ("a: {name: A}\nb:\n  name: B\n  parent: ingen\n", "rad 4: b: det finns ingen organisation ”ingen”"),
        ("a: {name: A}\nb: {name: B, parent: c}\nc: {name: C, parent: b}\n", "rad 2: ”b” är del av sig själv"),
        ("a: {name: A}\nb: {name: B, parent: b}\n", "rad 2: ”b” är del av sig själv"),
    ],
)
def test_a_fault_is_told_and_the_rest_stands(tmp_path: Path, text: str, words: str) -> None:
    assert words in faults(tmp_path, text)[0]
    organisations = load_organisations(tmp_path)
    assert organisations.get("a") is not None
    assert organisations.get("b") is None
    assert all(organisation.country for organisation in organisations)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"a: b: c", "kolon"),
        (b"- a", "nyckel: värde"),
        (b"a: \xff", "UTF-8"),
        (b"a: \0", "U+0000"),
        (b"a: &x 1", "&"),
        (b"x" * 1_000_001, "för stor"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_and_the_municipalities_stand(
    tmp_path: Path, content: bytes, words: str
) -> None:
    write(tmp_path, PATH, content)
    organisations = load_organisations(tmp_path)
    assert words in str(organisations.problems[0])
    assert len(organisations) == 311


def test_a_file_that_is_a_link_is_told(tmp_path: Path) -> None:
    write(tmp_path, "other.yaml", "a: {name: A}")
    (tmp_path / "content").mkdir()
    (tmp_path / PATH).symlink_to(tmp_path / "other.yaml")
    assert "symbolisk länk" in str(load_organisations(tmp_path).problems[0])


# ---- What no register knows ----


def test_a_name_that_no_register_knows_is_said_to_be_unknown(built_in: Organisations) -> None:
    assert built_in.name_of("sodertalje") == "Södertälje kommun"
    assert built_in.name_of("sodertlje") == "okänd organisation (sodertlje)"


@pytest.mark.parametrize(
    ("written", "meant"), [("sodertlje", "sodertalje"), ("Södertälje", "sodertalje"), ("solna-stad", "solna")]
)
def test_what_was_probably_meant_is_guessed(built_in: Organisations, written: str, meant: str) -> None:
    assert built_in.near(written)[0].slug == meant


def test_what_is_like_nothing_is_not_guessed(built_in: Organisations) -> None:
    assert built_in.near("xyzzy-qqq") == []
