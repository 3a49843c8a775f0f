"""Relations are computed from the files and walked in both directions."""

from __future__ import annotations

from datetime import date

import pytest

from app.index import Pick, RelatedGroup
from app.library.markdown import render
from app.library.visibility import ANYONE, Viewer
from tests.index.conftest import Desk

TODAY = date(2026, 11, 22)


def walked(groups: list[RelatedGroup]) -> dict[tuple[str, str], list[str]]:
    return {(group.label, group.direction): [card.slug for card in group.cards] for group in groups}


def test_a_visit_leads_to_its_practice_and_back(desk: Desk) -> None:
    practice = desk.write("practices", "metod")
    visit = desk.write("studyvisits", "besok", practices=["metod"])
    assert walked(desk.index.related(visit, ANYONE)) == {("Arbetssätt att titta på", "to"): ["metod"]}
    assert walked(desk.index.related(practice, ANYONE)) == {("Studiebesök som tittade på det", "from"): ["besok"]}


def test_a_cycle_leads_to_its_project_and_the_project_to_its_cycles_in_order(desk: Desk) -> None:
    project = desk.write("projects", "arbete")
    desk.write("cycles", "arbete/02-igen", title="A senare", follows="arbete/01-forst")
    cycle = desk.write("cycles", "arbete/01-forst", title="B tidigare")
    assert walked(desk.index.related(project, ANYONE)) == {
        ("PGSA-cykler", "from"): ["arbete/01-forst", "arbete/02-igen"],
    }
    assert walked(desk.index.related(cycle, ANYONE)) == {
        ("Del av", "to"): ["arbete"],
        ("Nästa cykel", "from"): ["arbete/02-igen"],
    }
    assert [card.slug for card in desk.index.children("cycles", "arbete", ANYONE)] == [
        "arbete/01-forst",
        "arbete/02-igen",
    ]
    assert desk.index.children("cycles", "annat", ANYONE) == []


def test_what_refers_to_a_document_comes_by_its_kind_whatever_was_written_first(desk: Desk) -> None:
    practice = desk.write("practices", "metod")
    desk.write("meetings", "hemlig", practices=["metod"], publication="draft")
    desk.write("studyvisits", "besok", practices=["metod"])
    desk.write("meetings", "traff", practices=["metod"])
    labels = [group.label for group in desk.index.related(practice, ANYONE)]
    assert labels == ["Studiebesök som tittade på det", "Nätverksträffar där det togs upp"]


def test_a_reference_to_nothing_gives_no_card(desk: Desk) -> None:
    visit = desk.write("studyvisits", "besok", practices=["finns-inte"])
    assert desk.index.related(visit, ANYONE) == []


def test_a_moved_document_is_reached_by_its_former_slug(desk: Desk) -> None:
    visit = desk.write("studyvisits", "besok", "Se [[gammalt]].", practices=["gammalt"])
    practice = desk.write("practices", "nytt", former_slugs=["gammalt"])
    assert desk.index.former("practices", "gammalt") == "nytt"
    assert desk.index.former("practices", "annat") is None
    assert desk.index.former("projects", "gammalt") is None
    assert walked(desk.index.related(visit, ANYONE)) == {("Arbetssätt att titta på", "to"): ["nytt"]}
    assert walked(desk.index.related(practice, ANYONE)) == {("Studiebesök som tittade på det", "from"): ["besok"]}
    assert [card.slug for card in desk.index.mentioned_by(practice, ANYONE)] == ["besok"]
    card = desk.index.target("", "gammalt", ANYONE)
    assert card is not None
    assert card.url == "/arbetssatt/nytt"


def test_links_in_texts_are_known_from_both_ends(desk: Desk) -> None:
    practice = desk.write("practices", "metod")
    desk.write("projects", "ett", "Läs [[metod]].")
    desk.write("projects", "tva", "Läs [om metoden](/arbetssatt/metod).")
    desk.write("studyvisits", "tre", sessions=[{"note": "Läs [[arbetssatt/metod]]."}])
    desk.write("projects", "fyra", "Läs [[utvecklingsarbeten/metod]].")
    assert [card.slug for card in desk.index.mentioned_by(practice, ANYONE)] == ["ett", "tre", "tva"]
    found = desk.index.targets([("", "metod"), ("arbetssatt", "metod"), ("natverk", "metod"), ("", "inte")], ANYONE)
    assert {link: card.slug for link, card in found.items()} == {
        ("", "metod"): "metod",
        ("arbetssatt", "metod"): "metod",
    }


def test_a_link_without_a_kind_leads_to_the_first_kind_that_has_the_slug(desk: Desk) -> None:
    practice = desk.write("practices", "samma")
    network = desk.write("networks", "samma")
    desk.write("projects", "ett", "Läs [[samma]].")
    assert [card.slug for card in desk.index.mentioned_by(practice, ANYONE)] == ["ett"]
    assert desk.index.mentioned_by(network, ANYONE) == []


def test_a_link_without_a_kind_is_not_led_astray_by_a_page_that_one_may_not_see(desk: Desk) -> None:
    practice = desk.write("practices", "samma", owner="habo", publication="draft")
    network = desk.write("networks", "samma")
    desk.write("projects", "ett", "Läs [[samma]].")
    owners = Viewer("p", "Eva", {"habo": "member"})
    for viewer, shown, mentioned in ((ANYONE, "networks", ["ett"]), (owners, "practices", [])):
        card = desk.index.target("", "samma", viewer)
        assert card is not None
        assert card.kind == shown
        assert [one.slug for one in desk.index.mentioned_by(network, viewer)] == mentioned
    assert [one.slug for one in desk.index.mentioned_by(practice, owners)] == ["ett"]


def test_an_organisation_leads_to_everything_it_has_a_part_in(desk: Desk) -> None:
    desk.write("networks", "knut", owner="sundbyberg", members=[{"organisation": "solna"}])
    desk.write(
        "studyvisits",
        "besok",
        host="solna",
        sessions=[{"guests": [{"organisation": "habo"}, {"organisation": "solna"}]}],
    )
    named = desk.index.pick(ANYONE, Pick(naming=["solna"], order="slug")).cards
    assert [card.slug for card in named] == ["besok", "knut"]
    assert desk.index.organisations(ANYONE) == {"habo": 1, "solna": 2, "sodertalje": 1, "sundbyberg": 1}


def test_networks_of_an_organisation_are_those_it_is_a_member_of(desk: Desk) -> None:
    desk.write("networks", "knut", owner="sundbyberg", members=[{"organisation": "solna"}])
    desk.write("networks", "must", owner="habo", funding=[{"amount": "10", "paid_by": "solna"}])
    assert desk.index.networks_of(["solna", "lund"], TODAY) == {"knut"}
    assert desk.index.networks_of(["habo"], TODAY) == {"must"}, "the owner belongs to its own network"
    assert desk.index.networks_of([], TODAY) == frozenset()


@pytest.mark.parametrize(
    ("member", "belongs"),
    [
        ({}, True),
        ({"until": "framgår inte"}, True),
        ({"until": "2026-11-21"}, False),
        ({"until": "2026-11-22"}, True),
        ({"until": "2026-11"}, True),
        ({"until": "2025"}, False),
        ({"until": "3 februari"}, True),
        ({"since": "2026-11-23"}, False),
        ({"since": "2026-11-22"}, True),
        ({"since": "2026"}, True),
        ({"since": "2027", "until": "2029"}, False),
        ({"since": "2013", "until": "2029"}, True),
    ],
)
def test_an_organisation_belongs_to_a_network_while_it_is_a_member(
    desk: Desk, member: dict[str, str], belongs: bool
) -> None:
    desk.write("networks", "knut", owner="sundbyberg", members=[{"organisation": "solna", **member}])
    assert desk.index.networks_of(["solna"], TODAY) == ({"knut"} if belongs else frozenset())


def test_a_member_that_left_and_came_back_belongs(desk: Desk) -> None:
    members = [{"organisation": "solna", "until": "2019"}, {"organisation": "solna", "since": "2024"}]
    desk.write("networks", "knut", owner="sundbyberg", members=members)
    assert desk.index.networks_of(["solna"], TODAY) == {"knut"}


@pytest.mark.parametrize(
    ("publication", "gives"), [("draft", False), ("in_review", False), ("published", True), ("archived", True)]
)
def test_a_network_gives_rights_when_it_has_been_published_also_when_it_is_archived(
    desk: Desk, publication: str, gives: bool
) -> None:
    desk.write("networks", "knut", owner="sundbyberg", publication=publication, members=[{"organisation": "solna"}])
    assert desk.index.networks_of(["solna", "sundbyberg"], TODAY) == ({"knut"} if gives else frozenset())


def test_everything_that_names_a_document_is_known_before_it_is_removed(desk: Desk) -> None:
    desk.write("practices", "metod")
    desk.write("studyvisits", "hemligt", practices=["metod"], publication="draft")
    desk.write("projects", "ett", "Läs [[metod]].")
    assert {card.slug for card in desk.index.referring_to("practices", "metod")} == {"hemligt", "ett"}


def test_a_card_says_when_in_words(desk: Desk) -> None:
    desk.write("projects", "slutar", ends="2021")
    desk.write("projects", "bada", starts="2019-03", ends="2021")
    desk.write("studyvisits", "besok", sessions=[{"date": "onsdagen den 3 februari"}])
    desk.write("practices", "inget", sources=[{"title": "Något", "date": "2013"}])
    when = {slug: card.when for kind, slug in (("projects", "slutar"), ("projects", "bada"), ("studyvisits", "besok"),
            ("practices", "inget")) if (card := desk.index.card(kind, slug, ANYONE))}  # fmt: skip
    assert when == {"slutar": "Pågår till 2021", "bada": "mars 2019 – 2021", "besok": "onsdag 3 februari", "inget": ""}


def test_a_rendered_section_comes_from_the_rows(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.write("practices", "sida", "Ingress.\n\n## Rubrik\n\nSe [[annan]].\n\n### Under\n\nMer.\n")
    text = "Se [[annan]].\n\n### Under\n\nMer."
    expected = render(text)
    assert [link.slug for link in expected.links] == ["annan"]
    other = desk.again()
    with monkeypatch.context() as patched:
        patched.delattr("app.index.index.render")
        assert other.rendered(text) == expected
    assert other.rendered("Ny *text*.") == render("Ny *text*.")
