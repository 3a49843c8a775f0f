"""Who may read what."""

from __future__ import annotations

import pytest

from app.library.visibility import ANYONE, Viewer, as_open_as, genitive, keys_of, may_see, readers_in_words
from app.library.vocabulary import Publication, Visibility
from tests.library.kinds import Note

OWNER = Viewer("1", roles={"sodertalje": "member"})
NETWORK = Viewer("2", roles={"solna": "member"}, networks=frozenset({"knut"}))
OTHER = Viewer("3", roles={"gavle": "coordinator"})
ADMIN = Viewer("4", admin=True)


def note(publication: str, visibility: str) -> Note:
    return Note.model_validate(
        {
            "id": "9f0e7c5e-1111-4222-8333-444455556666",
            "title": "T",
            "owner": "sodertalje",
            "networks": ["knut"],
            "publication": publication,
            "visibility": visibility,
        }
    )


@pytest.mark.parametrize(
    ("publication", "visibility", "readers"),
    [
        ("published", "public", [ANYONE, OWNER, NETWORK, OTHER, ADMIN]),
        ("archived", "public", [ANYONE, OWNER, NETWORK, OTHER, ADMIN]),
        ("published", "network", [OWNER, NETWORK, ADMIN]),
        ("published", "organisation", [OWNER, ADMIN]),
        ("draft", "public", [OWNER, ADMIN]),
        ("in_review", "network", [OWNER, ADMIN]),
    ],
)
def test_only_those_it_is_meant_for_may_see_it(publication: str, visibility: str, readers: list[Viewer]) -> None:
    document = note(publication, visibility)
    assert [viewer for viewer in (ANYONE, OWNER, NETWORK, OTHER, ADMIN) if may_see(viewer, document)] == readers


def test_the_keys_say_the_same_as_the_rule() -> None:
    assert keys_of(note("published", "network")) == {"admin", "org:sodertalje", "net:knut"}


def test_a_page_is_as_open_as_another_if_nobody_reads_only_the_other() -> None:
    public, network, organisation = (keys_of(note("published", one)) for one in ("public", "network", "organisation"))
    assert as_open_as(public, network)
    assert as_open_as(network, organisation)
    assert as_open_as(network, network)
    assert not as_open_as(network, public)
    assert not as_open_as(organisation, network)


@pytest.mark.parametrize("publication", Publication)
@pytest.mark.parametrize("visibility", Visibility)
@pytest.mark.parametrize("networks", [[], ["knut"], ["knut", "delta"]])
def test_the_words_say_what_the_keys_open(
    publication: Publication, visibility: Visibility, networks: list[str]
) -> None:
    document = note(str(publication), str(visibility))
    document.networks = networks
    keys = keys_of(document)
    words = readers_in_words(publication, visibility, "Södertälje", networks)
    if "anyone" in keys:
        assert words == "Alla"
    elif named := [slug for slug in networks if f"net:{slug}" in keys]:
        assert words == f"Medlemmar i {' och '.join(named)}"
    else:
        assert words == "Bara Södertäljes medlemmar"


def test_names_are_listed_and_owned_as_in_swedish() -> None:
    words = readers_in_words(Publication.PUBLISHED, Visibility.NETWORK, "Västerås", ["KNUT", "Delta", "Alfa"])
    assert words == "Medlemmar i KNUT, Delta och Alfa"
    assert [genitive(name) for name in ("Håbo", "Västerås", "SKR", "Region Gävleborg")] == [
        "Håbos",
        "Västerås",
        "SKR:s",
        "Region Gävleborgs",
    ]
