from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from app.accounts import access
from app.library.visibility import ANYONE, Viewer
from app.library.vocabulary import Publication, Visibility


@dataclass
class Page:
    owner: str = "sodertalje"
    networks: list[str] = field(default_factory=list)
    publication: Publication = Publication.PUBLISHED
    visibility: Visibility = Visibility.PUBLIC


EDITOR = Viewer("1", "Eva", {"sodertalje": "member"})
READER = Viewer("2", "Lo", {"solna": "member"}, frozenset({"knut"}))
COORDINATOR = Viewer("3", "Kaj", {"sundbyberg": "coordinator"}, frozenset({"knut"}), coordinates=frozenset({"knut"}))
OUTSIDER = Viewer("4", "Ulla", {"habo": "member"})
ADMIN = Viewer("5", "Alva", admin=True)
EVERYBODY = (ANYONE, EDITOR, READER, COORDINATOR, OUTSIDER, ADMIN)


def who_may(question: object, *args: object) -> set[str]:
    assert callable(question)
    return {viewer.name for viewer in EVERYBODY if question(viewer, *args)}


@pytest.mark.parametrize(
    "question", [access.may_edit, access.may_delete, access.may_see_history], ids=lambda question: question.__name__
)
@pytest.mark.parametrize("publication", Publication)
def test_only_the_owners_members_write_and_look_back(question: object, publication: Publication) -> None:
    assert who_may(question, Page(publication=publication, networks=["knut"])) == {"Eva", "Alva"}


def test_members_create_for_their_own_organisation() -> None:
    assert who_may(access.may_create, "sodertalje") == {"Eva", "Alva"}
    assert who_may(access.may_undo, "sundbyberg") == {"Kaj", "Alva"}
    assert who_may(access.may_create, "") == {"Alva"}


def test_whoever_is_in_an_organisation_may_write_somewhere() -> None:
    assert who_may(access.may_write_somewhere) == {"Eva", "Lo", "Kaj", "Ulla", "Alva"}


def test_a_page_is_only_given_to_an_organisation_one_writes_for() -> None:
    both = Viewer("6", "Bo", {"sodertalje": "member", "solna": "member"})
    assert access.may_give(both, Page(), "solna")
    assert not access.may_give(EDITOR, Page(), "solna")
    assert not access.may_give(READER, Page(), "solna")


@pytest.mark.parametrize(
    ("visibility", "publication", "askers"),
    [
        (Visibility.PUBLIC, Publication.PUBLISHED, {"Eva", "Lo", "Kaj", "Ulla"}),
        (Visibility.NETWORK, Publication.PUBLISHED, {"Eva", "Lo", "Kaj"}),
        (Visibility.ORGANISATION, Publication.PUBLISHED, {"Eva"}),
        (Visibility.PUBLIC, Publication.DRAFT, {"Eva"}),
    ],
)
def test_whoever_may_read_of_a_visit_and_is_in_an_organisation_may_ask_to_come(
    visibility: Visibility, publication: Publication, askers: set[str]
) -> None:
    page = Page(visibility=visibility, publication=publication, networks=["knut"])
    assert who_may(access.may_ask_for_seats, page) == askers


def test_only_its_own_members_speak_for_an_organisation() -> None:
    assert who_may(access.may_speak_for, "habo") == {"Ulla", "Alva"}
    assert who_may(access.may_speak_for, "karlstad") == {"Alva"}
    assert who_may(access.may_speak_for, "") == {"Alva"}


@pytest.mark.parametrize(
    ("host", "answering"),
    [("", {"Eva", "Alva"}), ("sodertalje", {"Eva", "Alva"}), ("solna", {"Eva", "Lo", "Alva"})],
)
def test_the_owner_and_the_host_of_a_visit_answer_its_guests(host: str, answering: set[str]) -> None:
    assert who_may(access.may_welcome, Page(), host) == answering


def test_what_is_wrong_in_files_is_for_administrators() -> None:
    assert who_may(access.may_see_problems) == {"Alva"}


@pytest.mark.parametrize(
    ("visibility", "publication", "readers"),
    [
        (Visibility.PUBLIC, Publication.PUBLISHED, {"", "Eva", "Lo", "Kaj", "Ulla", "Alva"}),
        (Visibility.PUBLIC, Publication.ARCHIVED, {"", "Eva", "Lo", "Kaj", "Ulla", "Alva"}),
        (Visibility.NETWORK, Publication.PUBLISHED, {"Eva", "Lo", "Kaj", "Alva"}),
        (Visibility.ORGANISATION, Publication.PUBLISHED, {"Eva", "Alva"}),
        (Visibility.PUBLIC, Publication.DRAFT, {"Eva", "Alva"}),
        (Visibility.NETWORK, Publication.IN_REVIEW, {"Eva", "Alva"}),
    ],
)
def test_reading_is_as_open_as_the_page_says(
    visibility: Visibility, publication: Publication, readers: set[str]
) -> None:
    page = Page(visibility=visibility, publication=publication, networks=["knut"])
    assert who_may(access.may_see, page) == readers


# ---- People: asked of a viewer of every sort, with everybody who may and nobody else ----

HEAD = Viewer("7", "Hilda", {"sodertalje": "coordinator", "solna": "coordinator"})


@pytest.mark.parametrize(
    ("question", "args", "those_who_may"),
    [
        (access.may_run, (), {"Alva"}),
        (access.may_handle_reports, (), {"Alva"}),
        (access.may_use_account, (), {"Eva", "Lo", "Kaj", "Ulla", "Alva", "Hilda"}),
        (access.may_take_along, (), {"Eva", "Lo", "Kaj", "Ulla", "Alva", "Hilda"}),
        (access.may_look_after_people, (), {"Kaj", "Hilda", "Alva"}),
        (access.may_see_members, ("sodertalje",), {"Hilda", "Alva"}),
        (access.may_see_members, ("sundbyberg",), {"Kaj", "Alva"}),
        (access.may_see_members, ("habo",), {"Alva"}),
        (access.may_see_members, ("",), {"Alva"}),
        (access.may_invite, ("sodertalje",), {"Hilda", "Alva"}),
        (access.may_invite, ("habo",), {"Alva"}),
        (access.may_set_role, ("solna",), {"Hilda", "Alva"}),
        (access.may_set_role, ("sundbyberg",), {"Kaj", "Alva"}),
        (access.may_end_membership, ("solna",), {"Hilda", "Alva"}),
        (access.may_end_membership, ("sundbyberg",), {"Kaj", "Alva"}),
        (access.may_leave, ("sodertalje",), {"Eva", "Hilda"}),
        (access.may_leave, ("sundbyberg",), {"Kaj"}),
        (access.may_leave, ("karlstad",), set()),
        (access.may_move, ("sodertalje", "solna"), {"Hilda", "Alva"}),
        (access.may_move, ("sodertalje", "sundbyberg"), {"Alva"}),
        (access.may_move, ("sundbyberg", "sodertalje"), {"Alva"}),
        (access.may_coordinate, ("knut",), {"Kaj", "Alva"}),
        (access.may_coordinate, ("delta",), {"Alva"}),
        (access.may_appoint, ("knut", "sodertalje"), {"Kaj", "Hilda", "Alva"}),
        (access.may_appoint, ("knut", ""), {"Kaj", "Alva"}),
        (access.may_appoint, ("delta", "habo"), {"Alva"}),
        (access.may_end_sign_ins, (), {"Eva", "Lo", "Kaj", "Ulla", "Alva", "Hilda"}),
        (access.may_close_account, ("1",), {"Alva"}),
        (access.may_close_account, ("5",), set()),
        (access.may_end_account, ("1",), {"Eva", "Alva"}),
        (access.may_end_account, ("5",), {"Alva"}),
        (access.may_end_account, ("",), {"Alva"}),
    ],
    ids=str,
)
def test_people_are_looked_after_by_their_coordinators(
    question: object, args: tuple[str, ...], those_who_may: set[str]
) -> None:
    assert callable(question)
    assert {viewer.name for viewer in (*EVERYBODY, HEAD) if question(viewer, *args)} == those_who_may


@pytest.mark.parametrize(
    ("page", "those_who_may"),
    [
        (Page(), {"Eva", "Alva"}),
        (Page(networks=["knut"]), {"Eva", "Lo", "Kaj", "Alva"}),
        (Page(networks=["delta"]), {"Eva", "Alva"}),
        (Page(networks=["knut"], visibility=Visibility.ORGANISATION), {"Eva", "Alva"}),
        (Page(networks=["knut"], publication=Publication.DRAFT), {"Eva", "Alva"}),
    ],
)
def test_who_is_named_is_for_who_writes_the_page_and_its_networks(page: Page, those_who_may: set[str]) -> None:
    assert who_may(access.may_see_named_people, page) == those_who_may
    assert not access.may_see_named_people(Viewer(networks=frozenset({"knut"})), page)


def test_whoever_writes_or_coordinates_sees_how_things_stand() -> None:
    assert who_may(access.may_see_state) == {"Eva", "Lo", "Kaj", "Ulla", "Alva"}
    assert access.may_see_state(Viewer("8", "Nina", coordinates=frozenset({"knut"})))
    assert access.may_look_after_people(Viewer("8", "Nina", coordinates=frozenset({"knut"})))


def test_the_coordinator_of_a_network_reads_what_its_members_read_and_writes_no_more() -> None:
    alone = Viewer("8", "Nina", networks=frozenset({"knut"}), coordinates=frozenset({"knut"}))
    shared = Page(visibility=Visibility.NETWORK, networks=["knut"])
    assert access.may_see(alone, shared)
    assert not access.may_see(alone, Page(visibility=Visibility.NETWORK, networks=["delta"]))
    assert not access.may_see(alone, Page(visibility=Visibility.ORGANISATION, networks=["knut"]))
    assert not access.may_edit(alone, shared)
    assert not access.may_write_somewhere(alone)
