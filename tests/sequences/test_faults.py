"""What keeps hidden pages hidden is taken away, one thing at a time; whoever looks at everything then meets something.

So that ``test_sequences.py`` could not pass by looking at too little: in a small house with a page of every sort, every
one of these faults is seen by somebody.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app.accounts import access, rules
from app.editing import deletion
from app.index import catalogue, finding, scoring, state
from app.index.index import Index
from app.index.remembered import Remembered
from app.keeping import export
from app.library import visibility
from app.library.vocabulary import Visibility
from app.reading import files, pages
from tests.sequences.looking import MARK, Look
from tests.sequences.marks import misspelt
from tests.sequences.twin import Twins, twins_of
from tests.sequences.world import World, opened

Patch = pytest.MonkeyPatch
KINDS = ("practices", "projects", "cycles", "studyvisits", "learnings", "meetings")


@dataclass
class Watch:
    """Somebody who looks in the house, and in its twin."""

    look: Look
    twins: Twins


@pytest.fixture(scope="module")
def world(peopled_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Networks, and of every kind a public page, one for the network, one for its organisation, and a draft."""
    home = tmp_path_factory.mktemp("furnished") / "home"
    shutil.copytree(peopled_home, home)
    world, chance = opened(home, 1), random.Random(5)
    said: dict[str, Any] = {"owner": "habo", "publication": "published", "visibility": "public"}
    network = world.write("networks", chance, **said, members=[{"organisation": "solna"}])
    closed = world.write("networks", chance, **{**said, "visibility": "organisation"}, members=[])
    world.write("practices", chance, **said, networks=[closed.slug])
    for openness in ("public", "network", "organisation", "draft"):
        for kind in KINDS:
            how = {"publication": "draft"} if openness == "draft" else {"visibility": openness}
            world.write(kind, chance, **{**said, "owner": "sodertalje", "networks": [network.slug], **how})
    gone = world.write("practices", chance, **said)
    (world.home / world.kind("practices").path_of(gone.slug)).unlink()
    world.look(chance)
    yield world
    world.close()


@pytest.fixture(scope="module")
def watches(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Watch]]:
    with ExitStack() as stack:
        found = {}
        for email in (NOBODY, STRANGER, READER):
            who = world.people.get(email, world.nobody)
            twins = stack.enter_context(twins_of(world, who, tmp_path_factory.mktemp("twin") / "home"))
            found[email] = Watch(Look(world, who, 0, random.Random(1)), twins)
        yield found


_ADMIN = visibility.Viewer(admin=True)


def lists_show_everything(patch: Patch) -> None:
    patch.setattr(catalogue.Catalogue, "listed", lambda self, viewer, archived=False: self.alive)


def the_first_who_asks_decides_for_all(patch: Patch) -> None:
    seen = catalogue.Catalogue.may_see
    patch.setattr(catalogue.Catalogue, "may_see", lambda self, viewer: seen(self, visibility.Viewer(admin=True)))
    # What was remembered for somebody before the fault was made is no help.
    patch.setattr(catalogue.Catalogue, "remembered", lambda self, name, make: make())
    patch.setattr(Remembered, "get", lambda self, key, make: make())


def cards_are_not_asked_for(patch: Patch) -> None:
    patch.setattr(catalogue.Catalogue, "shows", lambda self, number, viewer: True)


def facets_count_everything(patch: Patch) -> None:
    patch.setattr(finding.Filter, "counts", _counts_of_all)


def _counts_of_all(self: Any, labels: Any) -> Any:
    found = finding.Filter.__new__(finding.Filter)
    found.__dict__ |= {**self.__dict__, "_seen": self._catalogue.alive, "mask": self._catalogue.alive}
    return _COUNTS(found, labels)


_COUNTS = finding.Filter.counts


def hidden_networks_are_called_by_their_titles(patch: Patch) -> None:
    patch.setattr(catalogue.Catalogue, "visible", lambda self, kind, slug, viewer: self.entry(kind, slug))


def the_sitemap_has_everything(patch: Patch) -> None:
    patch.setattr(Index, "addresses", lambda self, viewer, found=Index.addresses: found(self, _ADMIN))


def the_organisations_are_counted_for_all(patch: Patch) -> None:
    patch.setattr(Index, "organisations", lambda self, viewer, found=Index.organisations: found(self, _ADMIN))


def a_page_lists_all_its_children(patch: Patch) -> None:
    patch.setattr(Index, "children", lambda self, kind, up, viewer, found=Index.children: found(self, kind, up, _ADMIN))
    patch.setattr(pages, "may_see", lambda viewer, document: True)


def forms_suggest_everything(patch: Patch) -> None:
    patch.setattr(Index, "titles", lambda self, kind, viewer, most, found=Index.titles: found(self, kind, _ADMIN, most))


def what_is_late_is_told_of_everything(patch: Patch) -> None:
    seen = state.state

    def told(reading: Any, viewer: Any, query: Any, kinds: Any) -> Any:
        return seen(reading, _ADMIN, query, kinds)

    patch.setattr("app.index.index.state", told)


def pages_are_for_everybody(patch: Patch) -> None:
    keys = visibility.keys_of
    patch.setattr(visibility, "keys_of", lambda document: keys(document) | {visibility.ANYONE_KEY})


def everything_is_taken_along(patch: Patch) -> None:
    patch.setattr(export, "may_see", lambda viewer, document: True)


def files_are_for_everybody(patch: Patch) -> None:
    patch.setattr(files, "ask_to_see", lambda document: rules.note(access.may_see))


def words_are_looked_for_in_everything(patch: Patch) -> None:
    patch.setattr(finding, "Scorer", lambda ranker, seen: scoring.Scorer(ranker, ranker.indexed))


def the_bin_is_everybodys(patch: Patch) -> None:
    patch.setattr(deletion, "_deleted", lambda looking, found=deletion._deleted: found(_ADMIN))


def what_is_for_a_network_is_for_everybody(patch: Patch) -> None:
    keys = visibility.keys_of
    patch.setattr(
        "app.library.visibility.keys_of",
        lambda document: keys(document) | ({"anyone"} if document.visibility is Visibility.NETWORK else set()),
    )


def who_is_in_a_network_is_remembered(patch: Patch) -> None:
    patch.setattr(Index, "networks_of", lambda self, roles, on, found=Index.networks_of: found(self, ["solna"], on))


NOBODY, STRANGER, READER = "", "fri@larnat.test", "lasare@solna.test"
# What is taken away, who then meets something, and where; "" is every page by itself, and what is below it.
FAULTS: tuple[tuple[Callable[[Patch], None], str, str], ...] = (
    (lists_show_everything, NOBODY, "/arbetssatt"),
    (lists_show_everything, STRANGER, "/"),
    (the_first_who_asks_decides_for_all, NOBODY, "/sok?q=rubriken"),
    (cards_are_not_asked_for, NOBODY, ""),
    (facets_count_everything, STRANGER, "/sok"),
    (hidden_networks_are_called_by_their_titles, STRANGER, "/sok"),
    (the_sitemap_has_everything, NOBODY, "/sitemap.xml"),
    (the_organisations_are_counted_for_all, NOBODY, "/organisationer"),
    (a_page_lists_all_its_children, READER, ""),
    (forms_suggest_everything, READER, f"/lardomar/nytt?steg=3&utkast={MARK}"),
    (what_is_late_is_told_of_everything, READER, "/laget?visa=utkast&urval=alla"),
    (what_is_late_is_told_of_everything, READER, "/laget.csv?visa=utkast&urval=alla"),
    (pages_are_for_everybody, NOBODY, ""),
    (everything_is_taken_along, READER, "/hamta/json"),
    (everything_is_taken_along, STRANGER, "/hamta/markdown"),
    (files_are_for_everybody, NOBODY, ""),
    (the_bin_is_everybodys, READER, "/papperskorg"),
    (what_is_for_a_network_is_for_everybody, STRANGER, ""),
    (who_is_in_a_network_is_remembered, STRANGER, "/arbetssatt"),
    (words_are_looked_for_in_everything, READER, "/api/v1/search?q=rubriken"),
    (words_are_looked_for_in_everything, NOBODY, "/sok?q={hidden}"),
)


def looks_at(watch: Watch, address: str) -> None:
    if "{" in address:
        # A hidden word with a letter wrong: what was meant is not told.
        told, who = watch.look.world.told, watch.look.who
        hidden = next(page for page in told.standing() if not told.sees(who, page) and page.searched)
        address = address.format(hidden=misspelt(hidden.title))
    if address:
        watch.look.get(address)
        watch.twins.say_the_same_at(address)
    else:
        watch.look.pages(below=len(watch.look.world.told.pages))


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize("email", [NOBODY, STRANGER, READER], ids=("nobody", "stranger", "reader"))
def test_without_a_fault_nobody_meets_anything(watches: dict[str, Watch], email: str) -> None:
    watches[email].look.everything()
    for address in {address for _, who, address in FAULTS if who == email}:
        looks_at(watches[email], address)


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize(("fault", "email", "address"), FAULTS)
def test_a_fault_is_met(
    watches: dict[str, Watch], monkeypatch: Patch, fault: Callable[[Patch], None], email: str, address: str
) -> None:
    with monkeypatch.context() as patch:
        fault(patch)
        with pytest.raises(AssertionError):
            looks_at(watches[email], address)
